"""Series that do not fit: totals that fall, equal parts of unequal wholes, counts and movements."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import pairwise
from typing import Any

from corridor.claims import Claim, Series, said_when
from corridor.picture.stocks import Effect, base_of, carried, effects_of
from corridor.picture.view import PeopleLine, StockLine
from corridor.registers.general import Settings
from corridor.registers.people import People, Subject
from corridor.registers.supply import StockSeries, Supply
from corridor.shelter import parts_questions
from corridor.values import CommodityCode, Finding, PlaceCode, named, say_number

Family = tuple[str, PlaceCode, str, str, PlaceCode | None, str]

_DAY = timedelta(days=1)
# A count may differ from what the movements leave by this share before anyone is asked.
_COUNT_TOLERANCE = Decimal("0.02")


def people_findings(
    people: People, lines: Iterable[PeopleLine], settings: Settings
) -> tuple[Finding, ...]:
    """Return what does not fit in the series about people."""
    families: dict[Family, dict[Subject, Series]] = {}
    for subject, claims in people.series.items():
        families.setdefault(family_of(subject), {})[subject] = claims
    return (
        *(found for family in families.values() for found in family_findings(family, settings)),
        *(found for line in lines for found in differing(line, settings.time_zone)),
    )


def family_of(subject: Subject) -> Family:
    """Return what figures that are compared with each other have in common."""
    return (
        subject.event, subject.place, subject.group, subject.unit, subject.other_end, subject.mode,
    )  # fmt: skip


def family_findings(family: Mapping[Subject, Series], settings: Settings) -> tuple[Finding, ...]:
    """Return what does not fit in the series of one family."""
    zone = settings.time_zone
    return (
        *(
            found
            for subject, claims in family.items()
            if subject.measure == "cumulative"
            for found in _falls(subject, claims, zone)
        ),
        *_equal_parts(family, zone),
        *(
            found
            for subject, claims in family.items()
            if subject.measure != "flow"
            for found in _at_once(claims.claims, zone)
        ),
        *_totals_against_flows(family, settings),
        *parts_questions(family, zone),
    )


def differing(line: PeopleLine, zone: tzinfo) -> tuple[Finding, ...]:
    """Return the finding that people at a place are counted differently, where they are."""
    return (_differing(line, zone),) if _differs(line) else ()


def stock_findings(
    supply: Supply, lines: Iterable[StockLine], settings: Settings
) -> tuple[Finding, ...]:
    """Return counts that do not agree with an earlier count and the movements between them."""
    needs = {(line.place, line.commodity): line.need_per_day.high for line in lines}
    return tuple(
        finding
        for key, held in supply.stocks.items()
        for finding in count_findings(key, held, needs.get(key), settings.time_zone)
    )


def count_findings(
    key: tuple[PlaceCode, CommodityCode], held: StockSeries, need: Decimal | None, zone: tzinfo
) -> tuple[Finding, ...]:
    """Return the counts of one stock that do not agree with the count before."""
    found: list[Finding] = list(_at_once(held.counts.claims, zone))
    by_claimant: dict[str, list[Claim]] = {}
    for claim in held.counts.claims:
        by_claimant.setdefault(claim.claimant, []).append(claim)
    effects = effects_of(held.movements)
    moments = [effect.at for effect in effects]
    for claims in by_claimant.values():
        for before, after in pairwise(claims):
            start = bisect_right(moments, before.report.as_of)
            between = effects[start : bisect_right(moments, after.report.as_of)]
            finding = _count_against(key, before, after, between, need, zone)
            if finding:
                found.append(finding)
    return tuple(found)


def _falls(subject: Subject, claims: Series, zone: tzinfo) -> Iterator[Finding]:
    by_claimant: dict[str, list[Claim]] = {}
    for claim in claims.claims:
        by_claimant.setdefault(claim.claimant, []).append(claim)
    for claimant, series in by_claimant.items():
        highest: Claim | None = None
        for claim in series:
            if highest is not None and _below(claim, highest):
                yield Finding(
                    "total_falls",
                    "ask",
                    subject.place,
                    f"{named(claimant)} gives {_say(claim, zone)} and, for an earlier time, "
                    f"{_say(highest, zone)}; a total since one moment cannot fall.",
                    (_value(highest, zone), _value(claim, zone)),
                    tuple(sorted((highest.report.id, claim.report.id))),
                )
            if highest is None or not _below(claim, highest):
                highest = claim


def _at_once(claims: Iterable[Claim], zone: tzinfo) -> Iterator[Finding]:
    """Find two different figures that one claimant gave of one time and said at one time."""
    last: dict[str, Claim] = {}
    for after in claims:
        before = last.get(after.claimant)
        last[after.claimant] = after
        if before is None or before.quantity == after.quantity:
            continue
        if before.report.order[:2] == after.report.order[:2]:
            yield Finding(
                "two_figures_at_once",
                "ask",
                after.report.statement.place,
                f"{named(after.claimant)} gives {_say(before, zone)} and {_say(after, zone)} of one "
                "thing; which of them is meant is not known, and the second by its id is used.",
                _values((before, after), zone),
                tuple(sorted((before.report.id, after.report.id))),
            )


def _below(claim: Claim, other: Claim) -> bool:
    top, bottom = claim.quantity.highest, other.quantity.lowest
    return top is not None and bottom is not None and top < bottom


def _equal_parts(family: Mapping[Subject, Series], zone: tzinfo) -> Iterator[Finding]:
    """Find counts of one place and group with unequal totals and a part of the same number."""
    wholes: dict[tuple[Any, ...], list[Claim]] = {}
    for subject, claims in family.items():
        if subject.event == "headcount" and subject.is_whole:
            for claim in claims.claims:
                wholes.setdefault((subject.measure, *_count_of(claim)), []).append(claim)
    for subject, claims in family.items():
        if subject.event != "headcount" or subject.is_whole:
            continue
        by_part: dict[Decimal, list[tuple[Claim, Claim]]] = {}
        for part in claims.claims:
            if part.quantity.best is not None:
                for total in wholes.get((subject.measure, *_count_of(part)), ()):
                    by_part.setdefault(part.quantity.best, []).append((part, total))
        for number, pairs in by_part.items():
            if _exclude_each_other([total for _, total in pairs]):
                yield _equal_part(subject, number, pairs, zone)


def _count_of(claim: Claim) -> tuple[str, datetime]:
    """Return what a part and its total have in common: who counted, and when."""
    return (claim.claimant, claim.report.as_of)


def _exclude_each_other(claims: Iterable[Claim]) -> bool:
    """Tell whether of some claim the highest lies below the lowest of another."""
    quantities = [claim.quantity for claim in claims]
    tops = [q.highest for q in quantities if q.highest is not None]
    bottoms = [q.lowest for q in quantities if q.lowest is not None]
    return bool(tops and bottoms) and min(tops) < max(bottoms)


def _equal_part(
    subject: Subject, number: Decimal, pairs: list[tuple[Claim, Claim]], zone: tzinfo
) -> Finding:
    claims = sorted({c.report.id: c for pair in pairs for c in pair}.values(), key=_order)
    totals = ", ".join(dict.fromkeys(str(total.quantity) for _, total in pairs))
    return Finding(
        "equal_part_unequal_total",
        "ask",
        subject.place,
        f"Counts at {named(subject.place)} give the same {say_number(number)} "
        f"{_part_words(subject)} and different totals, {totals}; which of the figures is of "
        "another hour is not known.",
        tuple(_value(claim, zone) for claim in claims),
        tuple(sorted(claim.report.id for claim in claims)),
    )


def _order(claim: Claim) -> Any:
    return claim.report.order


def _part_words(subject: Subject) -> str:
    if subject.max_age is not None and subject.max_age < 18 and subject.min_age is None:
        return "children"
    oldest = "any age" if subject.max_age is None else subject.max_age
    return f"people aged {subject.min_age or 0} to {oldest}"


def _totals_against_flows(
    family: Mapping[Subject, Series], settings: Settings
) -> Iterator[Finding]:
    """Find totals that stand above everything the claimed daily flows allow by that hour.

    For every day the largest claimed flow counts, a day not over yet by the hours gone; the
    comparison is made only where the flows cover every day from the start of the total.
    """
    whole = sorted(
        ((s, c) for s, c in family.items() if s.is_whole and s.event in ("arrival", "departure")),
        key=lambda pair: pair[0].measure,
    )
    flows = _Flows(
        [claim for subject, found in whole if subject.measure == "flow" for claim in found.claims]
    )
    for subject, totals in whole:
        if subject.measure != "cumulative":
            continue
        for claim in totals.claims:
            allowed = _allowed_by(claim, flows, settings)
            least = claim.quantity.lowest
            if allowed is None or least is None or least <= allowed[0]:
                continue
            yield Finding(
                "total_above_flows",
                "act",
                subject.place,
                f"{named(claim.claimant)} gives {_say(claim, settings.time_zone)}; the largest "
                f"daily flows claimed allow {say_number(allowed[0])} by that hour, so the hour, "
                "the day or the figure is of something else.",
                _values((claim, *allowed[1]), settings.time_zone),
                tuple(sorted({claim.report.id, *(flow.report.id for flow in allowed[1])})),
            )


class _Flows:
    """The largest flow of each day, found once for all totals that ask for it."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._spans = [
            (claim.report.begins, claim.report.as_of, _a_day(claim, high), claim)
            for claim in claims
            if (high := claim.quantity.highest) is not None
        ]
        self._found: dict[datetime, tuple[Decimal, Claim] | None] = {}

    def largest(self, day: datetime) -> tuple[Decimal, Claim] | None:
        """Return the first of the largest flows that cover the day from this moment on."""
        if day not in self._found:
            end = day + _DAY - timedelta(minutes=1)
            there = [
                (share, claim)
                for begins, as_of, share, claim in self._spans
                if begins <= day and as_of >= end
            ]
            self._found[day] = max(there, key=lambda pair: pair[0], default=None)
        return self._found[day]


def _a_day(claim: Claim, high: Decimal) -> Decimal:
    """Return the most a flow allows for one day: one over several may all have come on one of them."""
    days = max(1, round((claim.report.as_of - claim.report.begins) / _DAY))
    return high if days == 1 else high / days


def _allowed_by(
    claim: Claim, flows: _Flows, settings: Settings
) -> tuple[Decimal, tuple[Claim, ...]] | None:
    since = claim.report.statement.since
    if since is None:
        return None
    zone = settings.time_zone
    until = claim.report.as_of
    day = datetime.combine(since.astimezone(zone).date(), time(0), zone).astimezone(UTC)
    total, used = Decimal(0), []
    while day < until:
        best = flows.largest(day)
        if best is None:
            return None
        gone = min(Decimal(1), Decimal((until - day) // timedelta(minutes=1)) / 1440)
        total += best[0] * gone
        used.append(best[1])
        day += _DAY
    return total.quantize(Decimal(1)), tuple(dict.fromkeys(used))


def _differs(line: PeopleLine) -> bool:
    low, high = line.counted.low, line.counted.high
    return (
        len(line.series.latest) > 1
        and low is not None
        and high is not None
        and high > low * Decimal("1.1")
    )


def _differing(line: PeopleLine, zone: tzinfo) -> Finding:
    return Finding(
        "headcounts_differ",
        "ask",
        line.place,
        f"{len(line.series.latest)} claimants count people at {named(line.place)} differently; "
        f"planning uses {'the adopted figure' if line.adopted else line.cautious_why}.",
        _values(line.series.latest, zone),
        tuple(sorted(claim.report.id for claim in line.series.latest)),
    )


def _count_against(
    key: tuple[str, str],
    before: Claim,
    after: Claim,
    effects: Iterable[Effect],
    need: Decimal | None,
    zone: tzinfo,
) -> Finding | None:
    low, _, high, basis = carried(base_of(before), effects)
    found = after.quantity.best
    if low is None or high is None or found is None:
        return None
    days = Decimal((after.report.as_of - before.report.as_of) // timedelta(minutes=1)) / 1440
    used = days * (need or Decimal(0))
    slack = max(high, found) * _COUNT_TOLERANCE
    place, commodity = key
    if high >= 0 and max(Decimal(0), low - used) - slack <= found <= high + slack:
        return None
    least = max(Decimal(0), low - used).quantize(Decimal("0.1"))
    return Finding(
        "count_against_movements",
        "ask",
        f"{place}/{commodity}",
        f"{named(after.claimant)} counts {after.quantity} of {named(commodity)} at {named(place)}; "
        "the count before, the movements reported and use at the need rate leave between "
        f"{say_number(least)} and {say_number(high)} {after.quantity.unit}.",
        _values((before, after), zone),
        tuple(sorted({*basis, after.report.id})),
    )


def _say(claim: Claim, zone: tzinfo) -> str:
    return f"{claim.quantity} ({said_when(claim.report, zone)})"


def _value(claim: Claim, zone: tzinfo) -> tuple[str, str]:
    return (f"{named(claim.claimant)}, {said_when(claim.report, zone)}", str(claim.quantity))


def _values(claims: Iterable[Claim], zone: tzinfo) -> tuple[tuple[str, str], ...]:
    return tuple(_value(claim, zone) for claim in claims)
