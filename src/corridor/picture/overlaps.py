"""Announcements that may speak of one cargo: flagged side by side, never added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta, tzinfo
from decimal import Decimal
from itertools import combinations
from typing import Any

from corridor.claims import in_unit, said_when
from corridor.registers.general import Settings
from corridor.registers.geography import Geography
from corridor.registers.supply import Commodity, Supply, kin
from corridor.report import Report
from corridor.units import Unit
from corridor.values import CommodityCode, Finding, PlaceCode, Quantity, ReportId, named

# Two figures may be one cargo when their ranges, widened by this share, meet.
_TOLERANCE = Decimal("0.25")


def overlaps(supply: Supply, geography: Geography, settings: Settings) -> tuple[Finding, ...]:
    """Return findings on announcements that may be one cargo.

    1. Only single movements that are not promises, and not two different waybills, are compared.
    2. Two of them may be one cargo when their goods are the same or one is part of the other,
       one's destination is or lies within the other's, their times lie within
       `double_count_days`, and their amounts, widened by a quarter, meet.
    3. What hangs together becomes one finding: by several claimants a likely double count, by one
       claimant an announcement carried several times.
    4. Two pairs of figures of one run with the amounts exchanged are a finding of their own.
    """
    flows = [
        report
        for report in supply.consignments
        if report.statement.measure == "flow" and report.speech_act != "promised"
    ]
    zone = settings.time_zone
    groups = _joined(flows, lambda a, b: _may_be_one(a, b, supply, geography, settings))
    return (*(_finding(group, zone) for group in groups), *_exchanged(flows, zone))


def lies_within(place: PlaceCode, other: PlaceCode, geography: Geography) -> bool:
    """Tell whether a place is another or lies within it, by the places' own declarations."""
    step: PlaceCode | None = place
    seen: set[PlaceCode] = set()
    while step is not None and step not in seen:
        if step == other:
            return True
        seen.add(step)
        known = geography.places.get(step)
        step = known.within if known else None
    return False


def _may_be_one(
    a: Report[Any], b: Report[Any], supply: Supply, geography: Geography, settings: Settings
) -> bool:
    one, two = a.statement, b.statement
    if one.consignment and two.consignment:
        return False
    if not kin(one.commodity, two.commodity, supply.commodities):
        return False
    if not (
        lies_within(one.destination, two.destination, geography)
        or lies_within(two.destination, one.destination, geography)
    ):
        return False
    apart = timedelta(days=float(settings.double_count_days))
    if a.begins > b.as_of + apart or b.begins > a.as_of + apart:
        return False
    if a.claimant == b.claimant and one.commodity != two.commodity:
        return False
    return _amounts_meet(
        one.quantity, two.quantity, [supply.commodities.get(said.commodity) for said in (one, two)]
    )


def _amounts_meet(a: Quantity, b: Quantity, commodities: Iterable[Commodity | None]) -> bool:
    for one, two in _in_one_unit(a, b, commodities):
        (low_a, high_a), (low_b, high_b) = _ends(one), _ends(two)
        wide = 1 + _TOLERANCE
        return low_a <= high_b * wide and low_b <= high_a * wide
    return False


def _in_one_unit(
    a: Quantity, b: Quantity, commodities: Iterable[Commodity | None]
) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield both figures in each unit that can hold them: one's own, or that of the goods."""
    direct = in_unit(b, a.unit)
    if direct is not None:
        yield a, direct
    for good in commodities:
        if good is not None:
            unit = Unit(good.unit)
            one = in_unit(a, unit, kg_per_unit=good.kg_per_unit)
            two = in_unit(b, unit, kg_per_unit=good.kg_per_unit)
            if one is not None and two is not None:
                yield one, two


def _ends(figure: Quantity) -> tuple[Decimal, Decimal]:
    low, high = figure.lowest, figure.highest
    return (figure.stated if low is None else low, figure.stated if high is None else high)


def _joined(reports: list[Report[Any]], same: Any) -> Iterator[list[Report[Any]]]:
    """Yield the groups of two or more that hang together by `same`."""
    parent = list(range(len(reports)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in combinations(range(len(reports)), 2):
        if root(i) != root(j) and same(reports[i], reports[j]):
            parent[max(root(i), root(j))] = min(root(i), root(j))
    groups: dict[int, list[Report[Any]]] = {}
    for i, report in enumerate(reports):
        groups.setdefault(root(i), []).append(report)
    return (group for _, group in sorted(groups.items()) if len(group) > 1)


def _finding(group: list[Report[Any]], zone: tzinfo) -> Finding:
    claimants = list(dict.fromkeys(report.claimant for report in group))
    basis = tuple(sorted(report.id for report in group))
    values = tuple(_labelled(report, zone) for report in sorted(group, key=lambda r: r.id))
    subject = _widest(group)
    if len(claimants) > 1:
        return Finding(
            "likely_double_count",
            "act",
            subject,
            f"{len(group)} announcements by {len(claimants)} claimants may speak of the same cargo "
            f"of {named(subject)}; they stand side by side and are not added.",
            values,
            basis,
        )
    return Finding(
        "repeated_announcement",
        "note",
        subject,
        f"{named(claimants[0])} is carried {len(group)} times with what may be one announcement of "
        f"{named(subject)}; the figures are not added.",
        values,
        basis,
    )


def _widest(group: list[Report[Any]]) -> CommodityCode:
    codes: list[CommodityCode] = [report.statement.commodity for report in group]
    return min(codes, key=lambda code: (-codes.count(code), code))


def _labelled(report: Report[Any], zone: tzinfo) -> tuple[str, str]:
    said = report.statement
    return (
        f"{named(report.claimant)}, {said_when(report, zone)}, {said.stage}",
        f"{said.quantity} {named(said.commodity)}",
    )


def _exchanged(flows: Iterable[Report[Any]], zone: tzinfo) -> Iterator[Finding]:
    """Find one run told twice with the amounts of two goods exchanged."""
    runs: dict[tuple[Any, ...], list[Report[Any]]] = {}
    for report in flows:
        said = report.statement
        day = report.begins.astimezone(zone).date()
        runs.setdefault((day, said.stage), []).append(report)
    told: set[tuple[ReportId, ...]] = set()
    for reports in runs.values():
        for a, b in combinations(reports, 2):
            if not _two_goods_of_one(a, b):
                continue
            for c, d in combinations(reports, 2):
                if not _two_goods_of_one(c, d) or c.claimant == a.claimant or _unit(c) != _unit(a):
                    continue
                swapped = {x.statement.commodity: x.statement.quantity.stated for x in (c, d)}
                here = {x.statement.commodity: x.statement.quantity.stated for x in (a, b)}
                names = tuple(sorted(r.id for r in (a, b, c, d)))
                if (
                    set(here) == set(swapped)
                    and here != swapped
                    and sorted(here.values()) == sorted(swapped.values())
                    and names not in told
                ):
                    told.add(names)
                    yield _exchange((a, b, c, d), names, zone)


def _two_goods_of_one(a: Report[Any], b: Report[Any]) -> bool:
    return (
        a.claimant == b.claimant
        and a.statement.commodity != b.statement.commodity
        and _unit(a) == _unit(b)
    )


def _unit(report: Report[Any]) -> str:
    return str(report.statement.quantity.unit)


def _exchange(runs: tuple[Report[Any], ...], names: tuple[ReportId, ...], zone: tzinfo) -> Finding:
    values = tuple(_labelled(report, zone) for report in sorted(runs, key=lambda r: r.id))
    a, b, c, _ = runs
    goods = " and ".join(
        named(code) for code in sorted((a.statement.commodity, b.statement.commodity))
    )
    first, second = sorted(
        (a.claimant, c.claimant),
        key=lambda code: min(r.id for r in runs if r.claimant == code),
    )
    return Finding(
        "figures_exchanged",
        "ask",
        a.statement.commodity,
        f"{named(first)} and {named(second)} give the same two amounts of {goods} for one run the "
        "other way round; both stand, neither is corrected.",
        values,
        names,
    )
