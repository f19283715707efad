"""The measures of the watch: the rate since the declaration, clusters, self-excitation."""

from __future__ import annotations

from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import (
    Block,
    Cell,
    Column,
    Drawing,
    Sentence,
    Table,
    Text,
    Value,
    cell,
)
from corridor.briefs.citing import CORRIDOR
from corridor.briefs.editions import Edition
from corridor.briefs.figures import weeks as week_bars
from corridor.briefs.figures.weeks import Week
from corridor.briefs.watch_figures import cluster_drawing, rate_drawing
from corridor.values import Estimate, say_number
from corridor.watch.from_picture import ALL, WINDOW_DAYS, WITHOUT_UNVERIFIED
from corridor.watch.measured import Found, Watch
from corridor.watch.rate import RateSince

_RATES = (
    Column("Counted"),
    Column("Before", is_number=True),
    Column("Since", is_number=True),
    Column("Since over before", is_number=True),
    Column("Fell", is_number=True),
    Column("Fell by half", is_number=True),
    Column("Counts alone", is_number=True),
    Column("Not watched", is_number=True),
)
_WEEKS = (
    Column("Week from"),
    Column("Incidents reported", is_number=True),
    Column("Of these corroborated or better", is_number=True),
    Column("Days watched", is_number=True),
    Column("Reads as"),
)
_CLUSTERS = (
    Column("Days"),
    Column("Around"),
    Column("Within", is_number=True),
    Column("Incidents", is_number=True),
    Column("Expected", is_number=True),
    Column("Chance alone would give one as strong", is_number=True),
    Column("Who reported them"),
)
# Weeks drawn: the window before a declaration, and some after it.
_MOST_WEEKS = 18
# Clusters that chance gives more often are not shown, but for the strongest.
_STRONG, _MOST_CLUSTERS = 0.05, 5


def rate(edition: Edition, watch: Watch) -> tuple[Block, ...]:
    """Return the rate since the declaration beside the 90 days before, or why it is withheld."""
    made: list[Block] = []
    declared = watch.series.declared
    if declared is not None:
        zone = edition.picture.settings.time_zone
        basis = tuple(v.terms.id for v in declared.versions if v.terms)
        made.append(
            Sentence(
                CORRIDOR,
                (
                    f"counts from ceasefire {declared.ceasefire}, which by the earliest start given began on ",
                    Value(words.clock(declared.begins, zone), basis),
                    f"; the first whole day under it is {words.date_words(declared.first_day)}.",
                ),
            )
        )
    if watch.withheld:
        made.append(
            Sentence(
                CORRIDOR,
                (
                    "gives no verdict on the rate since the declaration: ",
                    _by(watch, watch.withheld, f"withheld where {watch.withheld}"),
                    ".",
                ),
                "ask",
            )
        )
    else:
        rows = tuple(_rate_row(watch, name, found) for name, found in watch.rates.items())
        remark = (
            (
                f"Each rate is counted by {watch.series.effort.unit.removeprefix('a ')}, against the "
                f"{WINDOW_DAYS} days before; in brackets the middle 90 %. Fell: the chance that it did. Counts "
                "alone: the ratio with effort left out. Not watched: incidents on days without effort, which "
                "enter no rate."
            ),
        )
        table = Table("rates", "Rate since the declaration", _RATES, rows, remark)
        made.append(rate_drawing(watch, watch.rates[ALL], table) if ALL in watch.rates else table)
    made += _changed(watch)
    return (*made, _weeks(watch))


def clusters(edition: Edition, watch: Watch) -> tuple[Block, ...]:
    """Return where it is worse than elsewhere just now, with who reported what lies there."""
    if not watch.clusters:
        said = watch.scanned.as_given.p.method
        return (Sentence(CORRIDOR, ("looks for clusters: ", _by(watch, said, said), ".")),)
    strong = [found for found in watch.clusters if (found.p.best or 1) <= _STRONG][:_MOST_CLUSTERS]
    shown = strong or list(watch.clusters[:1])
    rows = tuple(_cluster_row(edition, watch, found) for found in shown)
    weak = " Chance alone often gives one as strong as this: read it as none."
    remark = (
        (
            f"Circles up to {watch.choices.radius_km:g} km and windows up to {watch.choices.cluster_days} days "
            f"that end today.{'' if strong else weak} It needs no effort as long as effort did not change "
            "in one place alone."
        ),
    )
    table = Table("clusters", "Where it is worse than elsewhere", _CLUSTERS, rows, remark)
    return (cluster_drawing(edition, watch, shown, table), *_moved(watch))


def _moved(watch: Watch) -> tuple[Sentence, ...]:
    """Say how the strongest cluster fares when incidents known roughly are moved within their precision."""
    if not any(event.precision_km > 0 for event in watch.series.events):
        return ()
    found = watch.scanned
    parts: Text = (
        (
            "moves incidents whose place is known roughly within their precision; the strongest cluster is "
            "then found again in "
        ),
        _chance(watch, found.found_again),
        " of scans, and chance alone would give one as strong with ",
        _estimated(watch, found.p),
        ".",
    )
    return (Sentence(CORRIDOR, parts),)


def excitation(_: Edition, watch: Watch) -> tuple[Block, ...]:
    """Return whether one incident brings others, and the test that assumes less."""
    found, close = watch.self_excitation, watch.close_pairs
    pairs: Text = (_by(watch, close.ratio.method, close.ratio.method),)
    if close.pairs is not None:
        pairs = (
            _by(watch, f"{close.pairs:,} pairs", close.p.method, close.pairs),
            " are close in space and time; ",
            _estimated(watch, close.ratio),
            " times as many as by chance, p ",
            _estimated(watch, close.p),
        )
    return (
        Sentence(
            CORRIDOR,
            (
                "asks whether incidents bring others: ",
                _by(watch, found.in_words, found.branching.method),
                (
                    ". Each day is taken as watched alike, and a rate that drifts looks the same: read it as "
                    "an upper end."
                ),
            ),
        ),
        Sentence(CORRIDOR, ("checks this by a test that assumes less: ", *pairs, ".")),
    )


def _rate_row(watch: Watch, name: str, found: RateSince) -> tuple[Cell, ...]:
    left = _by(watch, f"{found.uncounted:,}", "incidents on days without effort", found.uncounted)
    if not found.ratio.is_known:
        few = _by(watch, found.ratio.method, found.ratio.method)
        return (
            cell(name),
            *(cell() for _ in range(2)),
            cell(few),
            *(cell() for _ in range(3)),
            cell(left),
        )
    return (
        cell(name),
        cell(_estimated(watch, found.before)),
        cell(_estimated(watch, found.since)),
        cell(_estimated(watch, found.ratio)),
        cell(_chance(watch, found.fell)),
        cell(_chance(watch, found.fell_by_half)),
        cell(_estimated(watch, found.ratio_of_counts)),
        cell(left),
    )


def _changed(watch: Watch) -> tuple[Sentence, ...]:
    if watch.changed is None:
        return ()
    head = "asks, as a second opinion, when the rate changed: "
    few = watch.changed.last_before.method
    last = watch.last_before
    if last is None:
        return (Sentence(CORRIDOR, (head, _by(watch, few, few), ".")),)
    return (
        Sentence(
            CORRIDOR,
            (
                head,
                "were there one change, the last day before it is likeliest ",
                _by(watch, words.date_words(last), few),
                "; that there was one rather than none has a chance of ",
                _chance(watch, watch.changed.was_change),
                ".",
            ),
        ),
    )


def _weeks(watch: Watch) -> Drawing:
    """Return incidents week by week up to today, and whether anybody watched."""
    weeks = weeks_of(watch)
    method = "incidents that count, by the day they began; weeks of seven days up to today"
    rows = tuple(
        (
            cell(words.short_date(week.first)),
            cell(_by(watch, f"{week.incidents:,}", method, week.incidents)),
            cell(_by(watch, f"{week.corroborated:,}", method, week.corroborated)),
            cell(_by(watch, f"{week.watched} of {week.days}", method, week.watched)),
            cell(_week_reads_as(week)),
        )
        for week in weeks
    )
    declared = watch.series.declared
    title = "Incidents by week, and days on which anybody watched"
    says = "A bar a week: pale what is reported, dark what is corroborated or better; hatched unwatched."
    drawn = week_bars.draw(title, weeks, declared.first_day if declared else None)
    return Drawing("weeks", title, says, (drawn,), Table("weeks-counted", title, _WEEKS, rows))


def weeks_of(watch: Watch) -> tuple[Week, ...]:
    """Count incidents and days watched by week, backwards from today."""
    series = watch.series
    last = len(series.days)
    starts = range(last - 7, -7, -7)[:_MOST_WEEKS]
    return tuple(
        Week(
            series.days[max(start, 0)],
            min(start + 7, last) - max(start, 0),
            int(series.counts[ALL][max(start, 0) : start + 7].sum()),
            int(series.counts[WITHOUT_UNVERIFIED][max(start, 0) : start + 7].sum()),
            int((series.effort.by_day[max(start, 0) : start + 7] > 0).sum()),
        )
        for start in reversed(starts)
    )


def _week_reads_as(week: Week) -> str:
    if week.watched == week.days:
        return "as counted"
    if not week.watched:
        return "unknown: nobody is said to have watched"
    return "at least; some days were not watched"


def _cluster_row(edition: Edition, watch: Watch, found: Found) -> tuple[Cell, ...]:
    basis = tuple(sorted({name for event in found.events for name in event.basis}))
    latitude, longitude = found.centre
    by = words.listed([edition.who(code) for code in edition.picture.in_order(found.reported_by)])
    number = len(found.events)
    expected = say_number(Decimal(f"{found.expected:.2f}"))
    return (
        cell(f"{words.short_date(found.first_day)} to {words.short_date(found.last_day)}"),
        cell(f"{latitude:.2f}, {longitude:.2f}"),
        cell(f"{found.radius_km:.1f} km"),
        cell(Value(f"{number:,}", basis, found.p.method, unit="incidents")),
        cell(_by(watch, expected, found.p.method)),
        cell(_estimated(watch, found.p)),
        cell(by or "nobody in particular"),
    )


def _by(watch: Watch, text: str, method: str, number: int | None = None) -> Value:
    amount = None if number is None else Decimal(number)
    return Value(text, watch.basis, method, amount, amount, amount, is_marked=False)


def _estimated(watch: Watch, found: Estimate) -> Value:
    """Return an estimate as best (low-high); in one that cannot be given, why."""
    text = found.method
    if found.best is not None:
        text = _number(found.best)
        ends = [_number(end) if end is not None else "?" for end in (found.low, found.high)]
        if ends != ["?", "?"]:
            text = f"{text} ({ends[0]} to {ends[1]})"
    return Value(text, watch.basis, found.method, found.low, found.best, found.high, found.unit)


def _chance(watch: Watch, found: Estimate) -> Value:
    text = found.method if found.best is None else words.share(float(found.best))
    return Value(text, watch.basis, found.method, found.low, found.best, found.high, "share")


def _number(value: Decimal) -> str:
    """Write a number with three digits that count."""
    return say_number(Decimal(f"{value:.3g}"))
