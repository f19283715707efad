"""How good the forecasts were: what was said, how often it came, and whether a plain rate did better."""

from __future__ import annotations

from corridor.briefs.brief import Block, Column, Drawing, Sentence, Table, Text, Value, cell
from corridor.briefs.citing import CORRIDOR
from corridor.briefs.figures import reliability
from corridor.briefs.figures.reliability import Dot
from corridor.values import Estimate, say_number
from corridor.watch.measured import Watch

_ROWS = (
    Column("Chance given"),
    Column("Forecasts", is_number=True),
    Column("Said on average", is_number=True),
    Column("Came", is_number=True),
)


def scores(watch: Watch) -> tuple[Block, ...]:
    """Return how many forecasts were issued and scored, and how they did beside the 90-day rate."""
    found = watch.scores
    if not found.issued:
        said = (
            "has no forecast on record; `corridor watch --issue CLAIMANT` freezes those of a day, and they are "
            "scored when their days have passed."
        )
        return (Sentence(CORRIDOR, (said,)),)
    counted = Value(
        f"{found.passed:,} of {found.issued:,} forecasts",
        found.basis,
        "forecasts of one road, day and horizon, the first issued of each",
        is_marked=False,
    )
    untold = (
        f"; of {found.untold:,} of them nobody told what came, or claimants differ"
        if found.untold
        else ""
    )
    compared = found.comparison
    made: list[Block] = [
        Sentence(CORRIDOR, ("scores ", counted, f", those whose days have passed{untold}."))
    ]
    if compared.skill.is_known:
        is_worse = "did better" in compared.words
        parts: Text = (
            f"finds its forecasts of the roads: {compared.words}. Brier score ",
            _number(compared.brier),
            ", that of the 90-day rate ",
            _number(compared.reference_brier),
            "; log score ",
            _number(found.log_score),
            " and ",
            _number(found.reference_log_score),
            ".",
        )
        made.append(Sentence(CORRIDOR, parts, "ask" if is_worse else ""))
    else:
        made.append(
            Sentence(CORRIDOR, (f"compares its forecasts of the roads: {compared.words}.",))
        )
    held: Text = (
        (
            "finds that its 90 % intervals of counts held what came in ",
            _number(found.held),
            " of cases.",
        )
        if found.held.is_known
        else (f"checks its intervals of counts: {found.held.method}.",)
    )
    made.append(Sentence(CORRIDOR, held))
    return (*made, *_table(watch))


def _table(watch: Watch) -> tuple[Block, ...]:
    found = watch.scores
    if not found.rows:
        return ()
    method = "forecasts of a road by the chance given, and the share of them that came"
    rows = tuple(
        (
            cell(f"{row.low:.0%} to {row.high:.0%}"),
            cell(Value(f"{row.forecasts:,}", found.basis, method, is_marked=False)),
            cell(Value(f"{row.said:.0%}", found.basis, method, is_marked=False)),
            cell(Value(f"{row.came:.0%}", found.basis, method, is_marked=False)),
        )
        for row in found.rows
    )
    title = "Chance given to a road, and how often it could be used"
    dots = tuple(Dot(row.said, row.came, row.forecasts) for row in found.rows)
    says = "A dot for each range of chances, larger for more forecasts; on the line what was said is what came."
    table = Table("reliability", title, _ROWS, rows)
    return (
        Drawing(
            "reliability-plot", title, says, (reliability.draw(title, dots),), table, is_wide=False
        ),
    )


def _number(found: Estimate) -> Value:
    text = found.method if found.best is None else say_number(found.best)
    if found.low is not None and found.high is not None:
        text = f"{text} ({say_number(found.low)} to {say_number(found.high)})"
    return Value(
        text, found.basis, found.method, found.low, found.best, found.high, is_marked=False
    )
