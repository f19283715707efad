"""What the registers hold that could count for what was promised; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from corridor.claims import in_unit, less
from corridor.picture.roads import RoadLine
from corridor.picture.view import Picture
from corridor.registers.ceasefire import Handover
from corridor.registers.dialogue import Deliverable
from corridor.registers.incidents import Incident
from corridor.registers.people import Arrival, Departure
from corridor.registers.supply import Commodity, Consignment
from corridor.report import Report
from corridor.units import UNITS, converts, factor
from corridor.values import (
    ClauseCode,
    CommodityCode,
    DeliverableCode,
    Estimate,
    PartyCode,
    PlaceCode,
    Quantity,
)

_Sent = Mapping[CommodityCode, Mapping[PlaceCode, Sequence[Report[Consignment]]]]

# Said of a wider place, goods may or may not have come to the one that was promised them.
_WIDE = ("region", "country")
_METHOD = (
    "promised less what this claimant reports as received or handed out under waybill numbers, each "
    "number once; reports without a number are listed and never added"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A consignment that could count for a deliverable.

    Attributes
    ----------
    quantity
        Its figure in the unit of the deliverable; None where the two do not convert.
    when
        Whether what it speaks of lies before or after the day due; "any" where none is named.
    is_wider
        Whether it speaks of a wider place than the deliverable does.
    """

    report: Report[Consignment]
    quantity: Quantity | None
    when: Literal["in_time", "after", "any"]
    is_wider: bool


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is open of a deliverable by the word of one claimant."""

    claimant: PartyCode
    received: Estimate
    open: Estimate


@dataclass(frozen=True, slots=True)
class Held:
    """What other registers hold of a deliverable, by whom reported.

    Attributes
    ----------
    goods
        Consignments that could count, in order of claims; of a waybill each claimant's reports.
    outstanding
        What is open by each claimant who reports receipts under waybill numbers; nothing is added
        across claimants, and nothing without a number.
    roads
        The lines of its road.
    people
        Reports of people handed over, of arrivals and departures there since.
    """

    deliverable: Report[Deliverable]
    goods: tuple[Candidate, ...]
    outstanding: tuple[Outstanding, ...]
    roads: tuple[RoadLine, ...]
    people: tuple[Report[Any], ...]

    @property
    def is_silent(self) -> bool:
        """Whether nothing recorded could count."""
        return not (self.goods or self.roads or self.people)


def against_registers(
    picture: Picture, deliverables: Iterable[Report[Deliverable]]
) -> Mapping[DeliverableCode, Held]:
    """Return what the registers of a picture hold that could count for each deliverable.

    1. Goods: consignments of the same goods, of goods that are part of them or that they are part of,
       to the same place or said of a wider one, about a time from `counts_from` on.
    2. Figures are put into the unit of the deliverable where units or the goods' own mass allow it.
    3. A road: what is said of it. People: handovers, arrivals and departures there.
    """
    asked = tuple(deliverables)
    sent_to = _index(picture) if any(r.statement.commodity for r in asked) else {}
    moved = _people(picture) if any(_of_people(r.statement) for r in asked) else ()
    return {r.statement.deliverable: _held(picture, r, sent_to, moved) for r in asked}


def breaches_of(picture: Picture) -> Mapping[ClauseCode, tuple[Report[Incident], ...]]:
    """Return who alleges or denies a breach of each clause, in order of claims."""
    found: dict[ClauseCode, list[Report[Incident]]] = {}
    for report in picture.reports.values():
        said = report.statement
        if isinstance(said, Incident) and said.axis == "breach" and said.clause is not None:
            found.setdefault(said.clause, []).append(report)
    return {
        clause: tuple(sorted(reports, key=lambda r: r.order)) for clause, reports in found.items()
    }


def _held(
    picture: Picture,
    report: Report[Deliverable],
    sent_to: _Sent,
    moved: Sequence[Report[Any]],
) -> Held:
    said = report.statement
    goods = tuple(_candidates(picture, report, sent_to))
    return Held(
        deliverable=report,
        goods=goods,
        outstanding=tuple(_outstanding(report, goods)),
        roads=tuple(line for line in picture.roads if line.road == said.road) if said.road else (),
        people=tuple(r for r in moved if _is_of(r, report)) if _of_people(said) else (),
    )


def _index(picture: Picture) -> _Sent:
    found: dict[CommodityCode, dict[PlaceCode, list[Report[Consignment]]]] = {}
    for report in picture.supply.consignments:
        if report.speech_act != "promised":
            said = report.statement
            found.setdefault(said.commodity, {}).setdefault(said.destination, []).append(report)
    return found


def _candidates(
    picture: Picture,
    report: Report[Deliverable],
    sent_to: _Sent,
) -> Iterator[Candidate]:
    said = report.statement
    if said.commodity is None:
        return
    places = picture.geography.places
    wide = {code for code, place in places.items() if place.type in _WIDE}
    start = said.counts_from or report.as_of
    found: list[Candidate] = []
    for goods in _family(said.commodity, picture.supply.commodities):
        sent, own = sent_to.get(goods, {}), picture.supply.commodities.get(goods)
        for place in sent if said.place is None else sent.keys() & {said.place, *wide}:
            for moved in sent[place]:
                if moved.as_of < start:
                    continue
                when: Literal["in_time", "after", "any"] = (
                    "any"
                    if said.due is None
                    else "in_time"
                    if moved.begins <= said.due
                    else "after"
                )
                quantity = _in_unit_of(said, moved.statement.quantity, own)
                is_wider = place in wide and said.place not in (None, place)
                found.append(Candidate(moved, quantity, when, is_wider))
    yield from sorted(found, key=lambda one: one.report.order)


def _family(
    goods: CommodityCode, commodities: Mapping[CommodityCode, Commodity]
) -> frozenset[CommodityCode]:
    """Return the goods, the wider groups they are part of, and what is part of them."""

    def wider(code: CommodityCode) -> Iterator[CommodityCode]:
        seen: set[CommodityCode] = set()
        above: CommodityCode | None = code
        while above is not None and above not in seen:
            seen.add(above)
            yield above
            known = commodities.get(above)
            above = known.part_of if known else None

    parts = {code for code in commodities if goods in wider(code)}
    return frozenset({*wider(goods), *parts, goods})


def _in_unit_of(said: Deliverable, quantity: Quantity, goods: Commodity | None) -> Quantity | None:
    """Return a figure in the unit of what was promised; None where that would be a guess."""
    if said.quantity is None:
        return quantity
    unit = said.quantity.unit
    if converts(quantity.unit, unit) or goods is None or not goods.kg_per_unit:
        return in_unit(quantity, unit)
    if UNITS[unit].dimension == "mass" and converts(quantity.unit, goods.unit):
        kg = factor(quantity.unit, goods.unit) * goods.kg_per_unit
        return quantity.scaled(kg * UNITS["kg"].factor / UNITS[unit].factor, unit)
    if converts(unit, goods.unit):
        return in_unit(quantity, unit, kg_per_unit=factor(unit, goods.unit) * goods.kg_per_unit)
    return None


def _outstanding(report: Report[Deliverable], goods: Iterable[Candidate]) -> Iterator[Outstanding]:
    promised = report.statement.quantity
    if promised is None:
        return
    receipts: dict[PartyCode, dict[str, Candidate]] = {}
    for one in goods:
        said = one.report.statement
        is_receipt = said.stage in ("received", "distributed") and said.measure == "flow"
        if is_receipt and said.consignment and one.quantity is not None and not one.is_wider:
            kept = receipts.setdefault(one.report.claimant, {}).get(said.consignment)
            # What was handed out was received before: a receipt of that number counts first.
            if (
                kept is None
                or kept.report.statement.stage != "received"
                or said.stage == "received"
            ):
                receipts[one.report.claimant][said.consignment] = one
    total = Estimate(
        promised.lowest, promised.best, promised.highest, promised.unit, "promised", (report.id,)
    )
    for claimant, by_number in receipts.items():
        taken = _total(tuple(by_number.values()), promised.unit)
        yield Outstanding(claimant, taken, less(total, taken, _METHOD))


def _total(taken: Sequence[Candidate], unit: str) -> Estimate:
    def over(ends: Iterable[Decimal | None]) -> Decimal | None:
        known = list(ends)
        return None if None in known else sum((e for e in known if e is not None), Decimal(0))

    figures = [one.quantity for one in taken if one.quantity is not None]
    return Estimate(
        over(q.lowest for q in figures),
        over(q.best for q in figures),
        over(q.highest for q in figures),
        unit,
        "received or handed out by this claimant's word, each waybill number once",
        tuple(sorted(one.report.id for one in taken)),
    )


def _of_people(said: Deliverable) -> bool:
    return said.commodity is None and said.quantity is not None and said.road is None


def _people(picture: Picture) -> tuple[Report[Any], ...]:
    found = (
        report
        for report in picture.reports.values()
        if isinstance(report.statement, (Handover, Arrival, Departure))
        and report.speech_act not in ("denied", "promised")
        and report.begins <= picture.at
    )
    return tuple(sorted(found, key=lambda report: report.order))


def _is_of(moved: Report[Any], report: Report[Deliverable]) -> bool:
    said, other = report.statement, moved.statement
    if said.quantity is None or other.quantity.unit != said.quantity.unit:
        return False
    place = other.place
    is_there = said.place is None or place is None or place == said.place
    return is_there and moved.as_of >= (said.counts_from or report.as_of)
