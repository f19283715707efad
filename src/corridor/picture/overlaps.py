"""Announcements that may speak of one cargo: flagged side by side, never added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta, tzinfo
from decimal import Decimal
from typing import Any

from corridor.claims import in_unit
from corridor.picture.exchanges import exchanges, labelled
from corridor.registers.general import Settings
from corridor.registers.geography import Geography
from corridor.registers.supply import Commodity, Supply, kin
from corridor.report import Report
from corridor.units import Unit
from corridor.values import CommodityCode, Finding, PlaceCode, Quantity, named

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
    """
    flows = [
        report
        for report in supply.consignments
        if report.statement.measure == "flow" and report.speech_act != "promised"
    ]
    zone = settings.time_zone
    apart = timedelta(days=float(settings.double_count_days))
    groups = _joined(flows, apart, lambda a, b: _may_be_one(a, b, supply, geography))
    return (*(_finding(group, zone) for group in groups), *exchanges(flows, zone))


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


def _may_be_one(a: Report[Any], b: Report[Any], supply: Supply, geography: Geography) -> bool:
    one, two = a.statement, b.statement
    if not kin(one.commodity, two.commodity, supply.commodities):
        return False
    if not (
        lies_within(one.destination, two.destination, geography)
        or lies_within(two.destination, one.destination, geography)
    ):
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


def _joined(
    reports: list[Report[Any]], apart: timedelta, same: Callable[[Report[Any], Report[Any]], bool]
) -> Iterator[list[Report[Any]]]:
    """Yield the groups of two or more that hang together by `same`, no more than `apart` in time.

    Two waybills are two consignments, so only pairs with at least one report without a waybill are
    looked at.
    """
    by_time = sorted(reports, key=lambda r: (r.begins, r.id))
    parent = list(range(len(by_time)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    open_plain: list[int] = []
    open_coded: list[int] = []
    for j, report in enumerate(by_time):
        is_plain = report.statement.consignment is None
        oldest = report.begins - apart
        open_plain = [i for i in open_plain if by_time[i].as_of >= oldest]
        if is_plain:
            open_coded = [i for i in open_coded if by_time[i].as_of >= oldest]
        for i in (*open_plain, *open_coded) if is_plain else open_plain:
            if root(i) != root(j) and same(by_time[i], report):
                parent[max(root(i), root(j))] = min(root(i), root(j))
        (open_plain if is_plain else open_coded).append(j)
    groups: dict[int, list[Report[Any]]] = {}
    for i, report in enumerate(by_time):
        groups.setdefault(root(i), []).append(report)
    return (group for _, group in sorted(groups.items()) if len(group) > 1)


def _finding(group: list[Report[Any]], zone: tzinfo) -> Finding:
    claimants = list(dict.fromkeys(report.claimant for report in group))
    basis = tuple(sorted(report.id for report in group))
    values = tuple(labelled(report, zone) for report in sorted(group, key=lambda r: r.id))
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
