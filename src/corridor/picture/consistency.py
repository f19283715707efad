"""Series that do not fit: totals that fall, equal parts of unequal wholes, counts and movements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from corridor.claims import Claim, Series, said_when
from corridor.picture.people import whole_series
from corridor.picture.stocks import base_of, carried
from corridor.picture.view import PeopleLine, StockLine
from corridor.registers.general import Settings
from corridor.registers.people import People, Subject
from corridor.registers.supply import Supply
from corridor.values import Finding, named, say_number

_DAY = timedelta(days=1)
# A count may differ from what the movements leave by this share before anyone is asked.
_COUNT_TOLERANCE = Decimal("0.02")


def people_findings(
    people: People, lines: Iterable[PeopleLine], settings: Settings
) -> tuple[Finding, ...]:
    """Return what does not fit in the series about people."""
    found: list[Finding] = []
    for subject, claims in people.series.items():
        if subject.measure == "cumulative":
            found.extend(_falls(subject, claims, settings.time_zone))
    found.extend(_equal_parts(people, settings.time_zone))
    found.extend(_totals_against_flows(people, settings))
    found.extend(_differing(line, settings.time_zone) for line in lines if _differs(line))
    return tuple(found)


def stock_findings(
    supply: Supply, lines: Iterable[StockLine], settings: Settings
) -> tuple[Finding, ...]:
    """Return counts that do not agree with an earlier count and the movements between them."""
    found: list[Finding] = []
    needs = {(line.place, line.commodity): line.need_per_day.high for line in lines}
    for key, held in supply.stocks.items():
        by_claimant: dict[str, list[Claim]] = {}
        for claim in held.counts.claims:
            by_claimant.setdefault(claim.claimant, []).append(claim)
        for claims in by_claimant.values():
            for before, after in pairwise(claims):
                moves = [m for m in held.movements if m.at <= after.report.as_of]
                finding = _count_against(
                    key, before, after, moves, needs.get(key), settings.time_zone
                )
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


def _below(claim: Claim, other: Claim) -> bool:
    top, bottom = claim.quantity.highest, other.quantity.lowest
    return top is not None and bottom is not None and top < bottom


def _equal_parts(people: People, zone: tzinfo) -> Iterator[Finding]:
    """Find counts of one place and group with unequal totals and a part of the same number."""
    wholes: dict[tuple[Any, ...], list[Claim]] = {}
    for subject, claims in people.series.items():
        if subject.event == "headcount" and subject.is_whole:
            wholes.setdefault(_of_one_count(subject), []).extend(claims.claims)
    for subject, claims in people.series.items():
        if subject.event != "headcount" or subject.is_whole:
            continue
        totals = wholes.get(_of_one_count(subject), [])
        by_part: dict[Decimal, list[tuple[Claim, Claim]]] = {}
        for part in claims.claims:
            for total in totals:
                if part.quantity.best is not None and _counted_together(part, total):
                    by_part.setdefault(part.quantity.best, []).append((part, total))
        for number, pairs in by_part.items():
            if any(_apart(one, other) for (_, one), (_, other) in combinations(pairs, 2)):
                yield _equal_part(subject, number, pairs, zone)


def _of_one_count(subject: Subject) -> tuple[Any, ...]:
    return (subject.place, subject.group, subject.unit, subject.measure)


def _apart(a: Claim, b: Claim) -> bool:
    return _below(a, b) or _below(b, a)


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


def _counted_together(part: Claim, total: Claim) -> bool:
    return part.claimant == total.claimant and part.report.as_of == total.report.as_of


def _part_words(subject: Subject) -> str:
    if subject.max_age is not None and subject.max_age < 18 and subject.min_age is None:
        return "children"
    oldest = "any age" if subject.max_age is None else subject.max_age
    return f"people aged {subject.min_age or 0} to {oldest}"


def _totals_against_flows(people: People, settings: Settings) -> Iterator[Finding]:
    """Find totals that stand above everything the claimed daily flows allow by that hour.

    For every day the largest claimed flow counts, a day not over yet by the hours gone; the
    comparison is made only where the flows cover every day from the start of the total.
    """
    series = whole_series(people, ("arrival", "departure"))
    for subject, totals in series:
        if subject.measure != "cumulative":
            continue
        flows = [
            claim
            for other, found in series
            if other.measure == "flow" and _same_but_measure(subject, other)
            for claim in found.claims
        ]
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


def _same_but_measure(a: Subject, b: Subject) -> bool:
    return (a.event, a.place, a.group, a.unit, a.other_end, a.mode) == (
        b.event, b.place, b.group, b.unit, b.other_end, b.mode,
    )  # fmt: skip


def _allowed_by(
    claim: Claim, flows: Iterable[Claim], settings: Settings
) -> tuple[Decimal, tuple[Claim, ...]] | None:
    since = claim.report.statement.since
    if since is None:
        return None
    zone = settings.time_zone
    until = claim.report.as_of
    day = datetime.combine(since.astimezone(zone).date(), time(0), zone).astimezone(UTC)
    total, used = Decimal(0), []
    while day < until:
        end = day + _DAY
        best: tuple[Decimal, Claim] | None = None
        for flow in flows:
            high = flow.quantity.highest
            if (
                high is None
                or flow.report.begins > day
                or flow.report.as_of < end - timedelta(minutes=1)
            ):
                continue
            days = max(1, round((flow.report.as_of - flow.report.begins) / _DAY))
            # A flow over several days may all have come on one of them.
            share = high if days == 1 else high / days
            if best is None or share > best[0]:
                best = (share, flow)
        if best is None:
            return None
        gone = min(Decimal(1), Decimal((until - day) // timedelta(minutes=1)) / 1440)
        total += best[0] * gone
        used.append(best[1])
        day = end
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
    moves: list[Any],
    need: Decimal | None,
    zone: tzinfo,
) -> Finding | None:
    low, _, high, basis = carried(base_of(before), moves)
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
