"""Goods: what they are, what people need, what is counted, moved, expected, and what carries it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from corridor.claims import Claim, Series, by_subject, denials_by_target, in_series, in_unit
from corridor.fields import Check, ordered, told
from corridor.report import Report
from corridor.units import Unit
from corridor.values import (
    CommodityCode,
    ConsignmentCode,
    Finding,
    FleetCode,
    PartyCode,
    PlaceCode,
    Quantity,
    ReportId,
    RoadCode,
    in_order_of_consequence,
    named,
)

CarrierClass = Literal["dry", "tanker", "reefer", "water", "passenger"]
Stage = Literal[
    "advised", "loaded", "dispatched", "held", "passed", "received", "distributed", "lost"
]
Measure = Literal["flow", "cumulative"]
# Place, goods, waybill, stage, and whether it adds to the place or takes from it.
MoveKey = tuple[PlaceCode, CommodityCode, ConsignmentCode, Stage, int]

# Stages that take stock out of the origin, bring it to the destination, or take it out there. What
# was lost counts as lost on the way as long as the waybill leaves room for that.
OUT_OF_ORIGIN: frozenset[Stage] = frozenset({"dispatched"})
INTO_DESTINATION: frozenset[Stage] = frozenset({"received"})
OUT_OF_DESTINATION: frozenset[Stage] = frozenset({"distributed", "lost"})


@dataclass(frozen=True, slots=True)
class Commodity:
    """A kind of goods: its unit, what a unit weighs and takes up, and what carries it."""

    commodity: CommodityCode = told("The operation's own code.", example="flour")
    name: str = told("The name shown.", example="Wheat flour")
    unit: Literal[
        "t", "kg", "l", "m3", "kits", "boxes", "packages", "sets", "items", "loaves", "meals"
    ] = told("The unit it is counted in.")
    carrier_class: CarrierClass = told(
        "What carries it. Fuel goes in tankers, never with food.", default="dry"
    )
    kg_per_unit: Decimal | None = told("Mass of one unit.", default=None, unit="kg", least=0)
    m3_per_unit: Decimal | None = told("Volume of one unit.", default=None, unit="m3", least=0)
    part_of: CommodityCode | None = told(
        "The wider group it belongs to: flour is part of food.", default=None
    )
    cargo: Literal["all", "food", "fuel", "medical"] = told(
        "What passages and road claims call it, where they are for some cargo only.", default="all"
    )
    urgency: Decimal = told(
        "Weight of a day without it, where a day without the general ration is 1.",
        default=Decimal(1),
        least=0,
    )
    daily_loss: Decimal = told(
        "Share of what is in store or on the way that spoils in a day, 0 to 0.9.",
        default=Decimal(0),
        least=0,
        most="0.9",
    )


@dataclass(frozen=True, slots=True)
class NeedRate:
    """What one person needs of something in a day, with where the figure comes from."""

    commodity: CommodityCode = told("What is needed.", example="flour")
    quantity: Quantity = told("How much per person and day.", example="0.4 kg")
    group: str = told(
        "The group it is for, as headcounts name it; empty means everyone.", default=""
    )
    place: PlaceCode | None = told("The place it holds for; empty means everywhere.", default=None)
    citation: str = told("Standard, survey or order that the figure comes from.", default="")


@dataclass(frozen=True, slots=True)
class StockCount:
    """What was counted in store at a place at an hour. A count is checked against the movements."""

    place: PlaceCode = told("Where it was counted.", example="north-town")
    commodity: CommodityCode = told("What was counted.", example="flour")
    quantity: Quantity = told("How much there was.", example="12.5 t")
    method: Literal["counted", "measured", "estimated", "told"] = told(
        "How it was found.", default="counted"
    )


@dataclass(frozen=True, slots=True)
class Consignment:
    """Goods on their way: advised, loaded, dispatched, held, passed, received, distributed or lost.

    Give the consignment's code (waybill number) whenever there is one: only coded consignments
    move stock, because two parties may announce one cargo.
    """

    commodity: CommodityCode = told("What it is.", example="flour")
    stage: Stage = told("What is said to have happened to it.")
    quantity: Quantity = told("How much.", example="18 t")
    destination: PlaceCode = told("Where it goes.", example="north-town")
    consignment: ConsignmentCode | None = told("Waybill or consignment number.", default=None)
    origin: PlaceCode | None = told("Where it comes from.", default=None)
    road: RoadCode | None = told("The road it takes.", default=None)
    consignor: PartyCode | None = told("Who sends it.", default=None)
    carrier: PartyCode | None = told("Who carries it.", default=None)
    custodian: PartyCode | None = told("Who keeps it on the way, where another does.", default=None)
    distributor: PartyCode | None = told("Who hands it out.", default=None)
    vehicles: Quantity | None = told(
        "On how many vehicles.", default=None, units=("vehicles", "trucks", "tankers")
    )
    measure: Measure = told("One movement, or a total since a moment.", default="flow")
    since: datetime | None = told("Start of a total.", default=None)
    reason: str = told("Why it is held or lost.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("measure", "consignment"),
            lambda measure, consignment: measure == "flow" or consignment is None,
            "a total has no consignment number; report each consignment by itself",
        ),
    )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Goods expected from outside: how much, where, and when they should arrive."""

    commodity: CommodityCode = told("What is expected.", example="flour")
    place: PlaceCode = told("The hub where it arrives.", example="hub")
    quantity: Quantity = told("How much.", example="60 t")
    expected_from: datetime = told("Earliest arrival.", example="2023-09-29T08:00:00+04:00")
    expected_until: datetime = told("Latest arrival.", example="2023-09-30T18:00:00+04:00")
    donor: PartyCode | None = told("Who gives it.", default=None)
    late_chance: Decimal | None = told(
        "Chance that it is not there on the latest day, and on each day after is still not there, "
        "0 to 0.95; empty where nobody judged it.",
        default=None,
        least=0,
        most="0.95",
    )

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("expected_from", "expected_until"),)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles of one kind, based at one place, that the operation can load."""

    fleet: FleetCode = told("The operation's own code.", example="hub-trucks")
    base: PlaceCode = told("Where they load and return to.", example="hub")
    carrier_class: CarrierClass = told("What they carry.")
    vehicle_class: int = told(
        "3 4WD, 4 light truck, 5 heavy truck, 6 truck and trailer.", least=3, most=6
    )
    vehicles: int = told("How many are ready.", unit="vehicles", least=0)
    payload_t: Decimal = told("Load of one vehicle.", unit="t", least=0)
    payload_m3: Decimal | None = told("Room on one vehicle.", default=None, unit="m3", least=0)
    carrier: PartyCode | None = told("Whose vehicles they are.", default=None)
    handling_h: Decimal = told(
        "Loading, unloading and rest per trip.", default=Decimal(4), unit="h", least=0
    )
    fuel_l_per_100km: Decimal | None = told(
        "Fuel used.", default=None, unit="l per 100 km", least=0
    )
    cost_per_km: Decimal | None = told(
        "Cost of a loaded kilometre.", default=None, unit="USD per km", least=0
    )
    fuel: CommodityCode | None = told(
        "The fuel it burns, where it does not carry fuel for the way back.", default=None
    )
    carries_return_fuel: bool = told(
        "Whether it carries fuel for the way back; if not, that comes from the stock where it unloads.",
        default=True,
    )
    stays_share: Decimal = told(
        "Share of trips after which a vehicle does not come back, 0 to 1.",
        default=Decimal(0),
        least=0,
        most=1,
    )

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("carries_return_fuel", "fuel", "fuel_l_per_100km"),
            lambda carries, fuel, used: carries or (fuel is not None and used is not None),
            "without fuel for the way back on board, the fuel and the litres per 100 km are needed",
        ),
    )


@dataclass(frozen=True, slots=True)
class StockSeries:
    """Counts and movements of one commodity at one place, in the commodity's unit."""

    counts: Series
    movements: Sequence[Movement]


@dataclass(frozen=True, slots=True)
class Movement:
    """Goods of a coded consignment: brought to a place (sign +1), taken from it (sign -1), or lost
    on the way to it (sign 0).
    """

    consignment: ConsignmentCode
    stage: Stage
    sign: int
    claims: Sequence[Claim]

    @property
    def at(self) -> datetime:
        """When it happened by its first claim."""
        return self.claims[0].report.as_of


@dataclass(frozen=True, slots=True)
class Supply:
    """What stands about goods at a moment.

    Attributes
    ----------
    received
        When each place last received each commodity, by the last report that it did.
    """

    commodities: Mapping[CommodityCode, Commodity]
    need_rates: tuple[Report[NeedRate], ...]
    stocks: Mapping[tuple[PlaceCode, CommodityCode], StockSeries]
    consignments: Sequence[Report[Consignment]]
    pipeline: Sequence[Report[Pipeline]]
    fleets: Mapping[FleetCode, Report[Fleet]]
    denials: Mapping[ReportId, Sequence[Report[Any]]]
    findings: tuple[Finding, ...]
    received: Mapping[tuple[PlaceCode, CommodityCode], datetime]


def fold(reports: Iterable[Report[Any]]) -> Supply:
    """Fold standing reports, in order of claims, into the register."""
    taken = tuple(reports)
    said = by_subject((r for r in taken if r.speech_act != "denied"), _kind)
    commodities = {r.statement.commodity: r.statement for r in said.get(Commodity, ())}
    consignments = said.get(Consignment, [])
    denials = denials_by_target(taken)
    findings: list[Finding] = []
    counts = by_subject(
        said.get(StockCount, ()), lambda r: (r.statement.place, r.statement.commodity)
    )
    movements = _movements(consignments, commodities, findings)
    rates = tuple(said.get(NeedRate, ()))
    findings.extend(rate_findings(rates, commodities))
    stocks: dict[tuple[PlaceCode, CommodityCode], StockSeries] = {}
    for subject in sorted({*counts, *movements}):
        claims, odd = claims_of(counts.get(subject, ()), commodities.get(subject[1]))
        findings.extend(odd)
        stocks[subject] = StockSeries(in_series(claims, denials), tuple(movements.get(subject, ())))
    return Supply(
        commodities,
        rates,
        stocks,
        tuple(consignments),
        tuple(said.get(Pipeline, ())),
        {r.statement.fleet: r for r in said.get(Fleet, ())},
        denials,
        in_order_of_consequence(findings),
        _received(consignments),
    )


def _received(
    consignments: Iterable[Report[Consignment]],
) -> dict[tuple[PlaceCode, CommodityCode], datetime]:
    came = (r for r in consignments if r.statement.stage == "received")
    last = {(r.statement.destination, r.statement.commodity): r.as_of for r in came}
    return dict(sorted(last.items()))


def kin(a: CommodityCode, b: CommodityCode, commodities: Mapping[CommodityCode, Commodity]) -> bool:
    """Tell whether one commodity is the other or a part of it."""
    return a in _line(b, commodities) or b in _line(a, commodities)


def _line(
    commodity: CommodityCode, commodities: Mapping[CommodityCode, Commodity]
) -> tuple[CommodityCode, ...]:
    line: list[CommodityCode] = []
    step: CommodityCode | None = commodity
    while step is not None and step not in line:
        line.append(step)
        known = commodities.get(step)
        step = known.part_of if known else None
    return tuple(line)


def claims_of(
    reports: Iterable[Report[Any]], commodity: Commodity | None
) -> tuple[list[Claim], tuple[Finding, ...]]:
    """Return the claims of reports on one commodity in its unit, and those that do not convert."""
    claims: list[Claim] = []
    findings: list[Finding] = []
    unit = None if commodity is None else Unit(commodity.unit)
    for report in reports:
        quantity = report.statement.quantity
        if unit is not None and commodity is not None and quantity.unit != unit:
            quantity = in_unit(quantity, unit, kg_per_unit=commodity.kg_per_unit)
        if quantity is None:
            findings.append(_no_conversion(report, commodity))
        else:
            claims.append(Claim(report, quantity))
    return claims, tuple(findings)


def _kind(report: Report[Any]) -> Any:
    return type(report.statement)


def rate_findings(
    rates: Iterable[Report[NeedRate]], commodities: Mapping[CommodityCode, Commodity]
) -> tuple[Finding, ...]:
    """Return a finding for each need rate that does not convert to its commodity's unit."""
    return tuple(
        finding
        for rate in rates
        for finding in claims_of((rate,), commodities.get(rate.statement.commodity))[1]
    )


def _no_conversion(report: Report[Any], commodity: Commodity | None) -> Finding:
    unit = commodity.unit if commodity else "its unit"
    return Finding(
        "unit_does_not_convert",
        "ask",
        str(report.statement.commodity),
        f"{named(report.claimant)} gives {report.statement.quantity} of "
        f"{named(report.statement.commodity)}; "
        f"that does not convert to {unit}, so it is shown and not counted.",
        basis=(report.id,),
    )


def move_of(report: Report[Consignment]) -> MoveKey | None:
    """Return which movement a consignment report speaks of; None where it moves no stock."""
    said = report.statement
    if said.consignment is None or said.measure != "flow" or report.speech_act == "promised":
        return None
    if said.stage in OUT_OF_ORIGIN and said.origin is not None:
        return (said.origin, said.commodity, said.consignment, said.stage, -1)
    if said.stage in INTO_DESTINATION:
        return (said.destination, said.commodity, said.consignment, said.stage, 1)
    if said.stage in OUT_OF_DESTINATION:
        return (said.destination, said.commodity, said.consignment, said.stage, -1)
    return None


def movement_of(
    move: MoveKey, reports: Iterable[Report[Consignment]], commodity: Commodity | None
) -> tuple[Movement | None, tuple[Finding, ...]]:
    """Return one movement with each claimant's latest claim; None where no claim converts."""
    claims, findings = claims_of(reports, commodity)
    _, _, consignment, stage, sign = move
    latest = in_series(claims).latest
    return (Movement(consignment, stage, sign, latest) if latest else None), findings


def left_of(moves: Iterable[Movement]) -> Decimal:
    """Return what of one waybill was sent at most and neither received nor lost at least."""
    left = Decimal(0)
    for move in moves:
        if move.stage in OUT_OF_ORIGIN:
            left += max(claim.quantity.stated for claim in move.claims)
        elif move.stage in INTO_DESTINATION or move.stage == "lost":
            left -= min(claim.quantity.lowest or Decimal(0) for claim in move.claims)
    return left


def lost_where(move: Movement, left: Decimal) -> Movement:
    """Tell a loss on the way from a loss in store: the first fits into what was not received."""
    if move.stage == "lost" and left >= 0:
        return dataclasses.replace(move, sign=0)
    return move


def _movements(
    consignments: Iterable[Report[Consignment]],
    commodities: Mapping[CommodityCode, Commodity],
    findings: list[Finding],
) -> dict[tuple[PlaceCode, CommodityCode], list[Movement]]:
    groups: dict[MoveKey, list[Report[Any]]] = {}
    for report in consignments:
        key = move_of(report)
        if key is not None:
            groups.setdefault(key, []).append(report)
    found: dict[MoveKey, Movement] = {}
    waybills: dict[tuple[ConsignmentCode, CommodityCode], list[Movement]] = {}
    for key, reports in groups.items():
        move, odd = movement_of(key, reports, commodities.get(key[1]))
        findings.extend(odd)
        if move is not None:
            found[key] = move
            waybills.setdefault((move.consignment, key[1]), []).append(move)
    left = {waybill: left_of(moves) for waybill, moves in waybills.items()}
    stocks: dict[tuple[PlaceCode, CommodityCode], list[Movement]] = {}
    for (place, commodity, consignment, _, _), move in found.items():
        there = lost_where(move, left[consignment, commodity])
        stocks.setdefault((place, commodity), []).append(there)
    return stocks
