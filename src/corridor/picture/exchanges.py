"""One run told twice with the amounts of two goods exchanged: both stand, neither is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from decimal import Decimal
from itertools import combinations
from typing import Any

from corridor.claims import said_when
from corridor.report import Report
from corridor.values import CommodityCode, Finding, PartyCode, named

# By goods, then by amount: the reports of one claimant about one run.
_Amounts = dict[CommodityCode, dict[Decimal, list[Report[Any]]]]


def exchanges(flows: Iterable[Report[Any]], zone: tzinfo) -> Iterator[Finding]:
    """Yield a finding for each two claimants who exchange two amounts of two goods of one run.

    A run is what happened on one day at one stage, in one unit. Waybills tell consignments apart, so
    only movements without one are looked at.
    """
    runs: dict[tuple[Any, ...], dict[PartyCode, _Amounts]] = {}
    for report in flows:
        said = report.statement
        if said.consignment is None:
            run = (report.begins.astimezone(zone).date(), said.stage, said.quantity.unit)
            goods = runs.setdefault(run, {}).setdefault(report.claimant, {})
            goods.setdefault(said.commodity, {}).setdefault(said.quantity.stated, []).append(report)
    for by_claimant in runs.values():
        for one, other in combinations(by_claimant.values(), 2):
            for first, second in combinations(sorted(one.keys() & other.keys()), 2):
                told = _exchanged(one, other, first, second)
                if told:
                    yield _finding(told, first, second, zone)


def labelled(report: Report[Any], zone: tzinfo) -> tuple[str, str]:
    """Return who says when a consignment was where, and how much of what it was."""
    said = report.statement
    return (
        f"{named(report.claimant)}, {said_when(report, zone)}, {said.stage}",
        f"{said.quantity} {named(said.commodity)}",
    )


def _exchanged(
    one: _Amounts, other: _Amounts, first: CommodityCode, second: CommodityCode
) -> list[Report[Any]]:
    crosswise = sorted(one[first].keys() & other[second].keys())
    back = sorted(one[second].keys() & other[first].keys())
    pair = next(((a, b) for a in crosswise for b in back if a != b), None)
    if pair is None:
        return []
    a, b = pair
    return [*one[first][a], *one[second][b], *other[first][b], *other[second][a]]


def _finding(
    reports: list[Report[Any]], first: CommodityCode, second: CommodityCode, zone: tzinfo
) -> Finding:
    in_order = sorted(reports, key=lambda r: r.id)
    one, other = dict.fromkeys(report.claimant for report in in_order)
    return Finding(
        "figures_exchanged",
        "ask",
        first,
        f"{named(one)} and {named(other)} give the same two amounts of {named(first)} and "
        f"{named(second)} for one run the other way round; both stand, neither is corrected.",
        tuple(labelled(report, zone) for report in in_order),
        tuple(report.id for report in in_order),
    )
