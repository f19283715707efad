"""One run told twice with the amounts of two goods exchanged: both stand, neither is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, tzinfo
from decimal import Decimal
from itertools import permutations
from typing import Any

from corridor.claims import said_when
from corridor.report import Report
from corridor.values import CommodityCode, Finding, PartyCode, named

Run = tuple[date, str, str]
_Crossing = tuple[PartyCode, PartyCode, CommodityCode, CommodityCode]
# A run told in more movements than this is not compared: it would take longer than anyone waits.
_MOST = 300


def exchanges(flows: Iterable[Report[Any]], zone: tzinfo) -> Iterator[Finding]:
    """Yield a finding for each two claimants who exchange two amounts of two goods of one run."""
    runs: dict[Run, list[Report[Any]]] = {}
    for report in flows:
        run = run_of(report, zone)
        if run is not None:
            runs.setdefault(run, []).append(report)
    for run, reports in runs.items():
        yield from exchanged_in(run, reports, zone)


def run_of(flow: Report[Any], zone: tzinfo) -> Run | None:
    """Return the run a movement belongs to: what happened on one day at one stage, in one unit.

    Waybills tell consignments apart, so only movements without one belong to a run.
    """
    said = flow.statement
    if said.consignment is not None:
        return None
    return (flow.begins.astimezone(zone).date(), said.stage, said.quantity.unit)


def exchanged_in(run: Run, reports: list[Report[Any]], zone: tzinfo) -> Iterator[Finding]:
    """Yield the exchanges of one run, or one finding where it has too many movements to compare."""
    if len(reports) > _MOST:
        yield _flood(run, reports)
        return
    told: dict[tuple[PartyCode, CommodityCode, Decimal], list[Report[Any]]] = {}
    by_amount: dict[Decimal, dict[tuple[PartyCode, CommodityCode], None]] = {}
    for report in reports:
        said = report.statement
        teller = (report.claimant, said.commodity)
        told.setdefault((*teller, said.quantity.stated), []).append(report)
        by_amount.setdefault(said.quantity.stated, {})[teller] = None
    crossed: dict[_Crossing, list[Decimal]] = {}
    for amount, tellers in by_amount.items():
        for (one, first), (other, second) in permutations(tellers, 2):
            if one != other and first < second:
                crossed.setdefault((one, other, first, second), []).append(amount)
    for (one, other, first, second), amounts in crossed.items():
        # The same crossing stands twice, once from each of the two claimants.
        back = sorted(crossed.get((other, one, first, second), ())) if one < other else []
        pair = next(((a, b) for a in sorted(amounts) for b in back if a != b), None)
        if pair is not None:
            a, b = pair
            yield _finding(
                [
                    *told[one, first, a],
                    *told[one, second, b],
                    *told[other, first, b],
                    *told[other, second, a],
                ],
                first,
                second,
                zone,
            )


def labelled(report: Report[Any], zone: tzinfo) -> tuple[str, str]:
    """Return who says when a consignment was where, and how much of what it was."""
    said = report.statement
    return (
        f"{named(report.claimant)}, {said_when(report, zone)}, {said.stage}",
        f"{said.quantity} {named(said.commodity)}",
    )


def _flood(run: Run, reports: list[Report[Any]]) -> Finding:
    day, stage, unit = run
    claimants = {report.claimant for report in reports}
    return Finding(
        "flood",
        "ask",
        stage,
        f"{len(reports)} movements in {unit} without a waybill, by {len(claimants)} claimants, are "
        f"told as {stage} on {day:%d %b %Y}: too many to look for amounts exchanged between goods.",
        basis=tuple(sorted(report.id for report in reports)),
    )


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
