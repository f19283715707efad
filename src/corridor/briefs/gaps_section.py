"""Needs against deliveries; and, in a whole brief, stocks and what is on its way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Heading, Table, Text, Value, cell
from corridor.briefs.citing import claim_cell, computed
from corridor.briefs.cover_section import cover, on_the_way
from corridor.briefs.editions import Edition
from corridor.claims import Claim, range_over
from corridor.picture import StockLine
from corridor.picture.overlaps import lies_within
from corridor.registers.supply import Consignment, Movement, kin
from corridor.values import Estimate, ReportId

_WEEK = 7
_GAP_COLUMNS = (
    Column("Goods"),
    Column("Need of 7 days", is_number=True),
    Column("Received, with a number", is_number=True),
    Column("Gap", is_number=True),
    Column("Said to have come, without a number; not added"),
)
_ARRIVED = frozenset({"received", "distributed"})


def gaps(edition: Edition) -> tuple[Block, ...]:
    """Return what this edition may say of gaps; nothing in a public one."""
    if not edition.has_gaps:
        return ()
    wanted = [line for line in edition.picture.stocks if line.need_per_day.is_known]
    blocks: list[Block] = []
    if wanted:
        blocks.append(_against_need(edition, wanted))
    if edition.is_whole:
        blocks.extend(cover(edition))
        blocks.extend(on_the_way(edition))
    return (Heading("Gaps"), *blocks) if blocks else ()


def _against_need(edition: Edition, lines: list[StockLine]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    place = ""
    for line in lines:
        if line.place != place:
            place = line.place
            rows.append((cell(edition.picture.name(place)),))
        week = _times(
            line.need_per_day,
            Decimal(_WEEK),
            line.unit,
            f"{line.need_per_day.method}, times {_WEEK}",
        )
        got = _received(edition, line)
        gap = None if got is None else _less(week, got)
        rows.append(
            (
                cell(edition.picture.name(line.commodity)),
                cell(computed(week)),
                cell(words.NO_REPORT if got is None else computed(got)),
                cell(computed(gap) if gap else "not computed"),
                cell(_unnumbered(edition, line)),
            )
        )
    return Table(
        "gaps",
        "Need of seven days against deliveries of the last seven days",
        _GAP_COLUMNS,
        tuple(rows),
        (
            "Corridor counts a consignment once, by its number. ",
            "Claims without a number stand by themselves: two parties may speak of one cargo.",
        ),
    )


def _unnumbered(edition: Edition, line: StockLine) -> Text:
    """List claims of the last seven days that such goods came there, each by itself."""
    picture = edition.picture
    since = picture.at - timedelta(days=_WEEK)
    said: list[str | Value] = []
    for report in edition.reports(Consignment):
        sent = report.statement
        if sent.consignment is not None or sent.stage not in _ARRIVED or report.as_of < since:
            continue
        is_there = lies_within(line.place, sent.destination, picture.geography) or lies_within(
            sent.destination, line.place, picture.geography
        )
        if is_there and kin(sent.commodity, line.commodity, picture.supply.commodities):
            total = ", in total" if sent.measure == "cumulative" else ""
            goods = f" {picture.name(sent.commodity)}{total}"
            said += ["\n" if said else "", *claim_cell(edition, report), goods]
    return tuple(part for part in said if part != "") or (words.NO_REPORT,)


def _received(edition: Edition, line: StockLine) -> Estimate | None:
    """Sum what numbered consignments brought in seven days; each once, over the claims about it."""
    picture = edition.picture
    held = picture.supply.stocks.get((line.place, line.commodity))
    since = picture.at - timedelta(days=_WEEK)
    brought = (
        [m for m in held.movements if m.stage == "received" and since <= m.at <= picture.at]
        if held
        else []
    )
    ranges = [
        range_over(admitted, "received") for m in brought if (admitted := _admitted(edition, m))
    ]
    if not ranges:
        return None
    basis: tuple[ReportId, ...] = tuple(sorted({name for found in ranges for name in found.basis}))
    return Estimate(
        _sum([found.low for found in ranges]),
        _sum([found.best for found in ranges]),
        _sum([found.high for found in ranges]),
        line.unit,
        "sum over numbered consignments received in the last 7 days, each once",
        basis,
    )


def _admitted(edition: Edition, movement: Movement) -> list[Claim]:
    return [claim for claim in movement.claims if edition.admits(claim.report)]


def _sum(ends: list[Decimal | None]) -> Decimal | None:
    known = [end for end in ends if end is not None]
    return sum(known, Decimal(0)) if len(known) == len(ends) else None


def _times(estimate: Estimate, by: Decimal, unit: str, method: str) -> Estimate:
    low, best, high = (
        None if end is None else end * by for end in (estimate.low, estimate.best, estimate.high)
    )
    return Estimate(low, best, high, unit, method, estimate.basis)


def _less(need: Estimate, got: Estimate) -> Estimate:
    def minus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
        return None if a is None or b is None else max(Decimal(0), a - b)

    return Estimate(
        minus(need.low, got.high),
        minus(need.best, got.best),
        minus(need.high, got.low),
        need.unit,
        "need of 7 days less what numbered consignments brought in the last 7 days",
        tuple(sorted({*need.basis, *got.basis})),
    )
