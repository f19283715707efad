"""The go / no-go sheet: what a convoy's leader must hold in hand before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corridor.planning.convoys import Convoy, Load, passage_on
from corridor.planning.plan import Plan
from corridor.planning.problem import PassageOnDay, Problem
from corridor.values import FleetCode, PlaceCode, ReportId, RoadCode, named

NOTICE = "A notification is not a permission: only whoever grants the passage can grant it."


@dataclass(frozen=True, slots=True)
class Sheet:
    """One convoy of the first days on one page.

    Drivers and number plates stay outside: they are written on the printed sheet by hand.

    Attributes
    ----------
    convoy
        Code of the convoy in its plan.
    passage, road_status, escort, return_fuel
        A sentence each.
    return_fuel_l
        Litres all vehicles together need there and back, carried from the base; None where the
        fleet's fuel use is not stated.
    load_list
        One line a vehicle.
    missing
        What must be so before it may go, in clauses.
    verdict
        "may go once: ..." with all that is missing, or that nothing is; whether it goes is decided
        by a person.
    notice
        What nobody should mistake.
    basis
        The reports it rests on.
    """

    convoy: str
    day: date
    road: RoadCode
    start: PlaceCode
    end: PlaceCode
    fleet: FleetCode
    vehicles: int
    tonnes: float
    passage: str
    road_status: str
    escort: str
    return_fuel: str
    return_fuel_l: float | None
    load_list: tuple[str, ...]
    missing: tuple[str, ...]
    verdict: str
    notice: str
    basis: tuple[ReportId, ...]


def sheets(plan: Plan, problem: Problem) -> tuple[Sheet, ...]:
    """Write a sheet for every convoy of the days with whole vehicles, in the plan's order."""
    day = {when: index for index, when in enumerate(problem.days)}
    leg = {(leg.road, leg.start, leg.end): index for index, leg in enumerate(problem.legs)}
    return tuple(
        _sheet(convoy, problem, day[convoy.day], leg[convoy.road, convoy.start, convoy.end])
        for convoy in plan.convoys
        if not convoy.is_indicative
    )


def _sheet(convoy: Convoy, problem: Problem, day: int, leg: int) -> Sheet:
    passage = passage_on(problem, day, leg)
    fuel_l = _return_fuel_l(convoy, problem, leg)
    return Sheet(
        convoy=convoy.code,
        day=convoy.day,
        road=convoy.road,
        start=convoy.start,
        end=convoy.end,
        fleet=convoy.fleet,
        vehicles=round(convoy.vehicles),
        tonnes=round(convoy.tonnes, 6),
        passage=_say_passage(convoy, passage),
        road_status=_say_status(problem, day, leg),
        escort=_say_escort(passage),
        return_fuel=_say_fuel(convoy, fuel_l, problem, leg),
        return_fuel_l=fuel_l,
        load_list=tuple(
            f"{number}. {_say_load(load)}" for number, load in enumerate(convoy.vehicle_loads, 1)
        ),
        missing=convoy.missing,
        verdict=_verdict(convoy),
        notice=NOTICE,
        basis=convoy.basis,
    )


def _verdict(convoy: Convoy) -> str:
    if convoy.missing:
        return f"may go once: {'; '.join(convoy.missing)}"
    return "nothing is missing by what was reported; the convoy's leader decides on the day"


def _say_passage(convoy: Convoy, passage: PassageOnDay) -> str:
    party = named(convoy.granted_by) if convoy.granted_by else "whoever grants the passage"
    match passage.state:
        case "granted":
            words = f"{party} grants passage for this road, direction and day"
        case "conditions":
            set_out = passage.conditions or "the record does not say which"
            words = f"{party} grants passage on conditions: {set_out}"
        case "asked":
            words = f"The operation asked {party} for passage and has recorded no answer"
        case "no_answer":
            words = f"The operation asked {party} for passage; {party} has given no answer"
        case "none":
            words = f"The operation has recorded no passage request to {party} for this day"
        case "not_needed":
            words = "The operation's record of this road names nobody who grants passage"
        case _:
            words = f"{party} has {passage.state} the passage"
    if passage.vehicles is not None:
        words += f"; for at most {passage.vehicles} vehicles"
    if passage.cargo != "all":
        words += f"; for this cargo only: {passage.cargo}"
    return f"{words}."


def _say_status(problem: Problem, day: int, leg: int) -> str:
    road = problem.legs[leg]
    if road.status_age_h is None:
        words = f"No report that still holds says how {named(road.road)} is."
    else:
        words = (
            f"The reports that still hold call {named(road.road)} {road.status}; "
            f"the latest is {road.status_age_h:.0f} h old."
        )
    if day > 0:
        words += f" Nobody can know its status on {problem.days[day].isoformat()} yet."
    return words


def _say_escort(passage: PassageOnDay) -> str:
    if passage.escort is None:
        return "No report on this passage names an escort."
    armed = {True: "armed", False: "unarmed", None: "and does not say whether armed"}
    return f"The answer names {named(passage.escort)} as escort, {armed[passage.escort_armed]}."


def _return_fuel_l(convoy: Convoy, problem: Problem, leg: int) -> float | None:
    fleet = next(fleet for fleet in problem.fleets if fleet.fleet == convoy.fleet)
    if fleet.fuel_l_per_km is None:
        return None
    return round(2 * problem.legs[leg].distance_km * fleet.fuel_l_per_km * convoy.vehicles, 3)


def _say_fuel(convoy: Convoy, fuel_l: float | None, problem: Problem, leg: int) -> str:
    if fuel_l is None:
        return f"The carrier of {named(convoy.fleet)} has not stated its fuel use."
    each = fuel_l / convoy.vehicles
    fleets = [fleet.fleet for fleet in problem.fleets]
    number = fleets.index(convoy.fleet)
    if problem.back_fuel is not None and problem.back_fuel[leg, number] > 0:
        return (
            f"The vehicles carry {fuel_l / 2:,.0f} l from {named(convoy.start)} for the way there, and this plan "
            f"sets aside as much at {named(convoy.end)} for the way back: somebody there confirms it."
        )
    return (
        f"The vehicles carry {fuel_l:,.0f} l from {named(convoy.start)} for the way there and "
        f"back, {each:,.0f} l each: this plan counts on no fuel at {named(convoy.end)}."
    )


def _say_load(loads: tuple[Load, ...]) -> str:
    parts = [f"{named(load.commodity)} {_say_amount(load)}" for load in loads]
    return ", ".join(parts) or "empty"


def _say_amount(load: Load) -> str:
    amount = f"{load.amount:,.0f}" if load.amount >= 100 else f"{load.amount:,.1f}"
    told = f"{amount} {load.unit}"
    return told if load.unit == "t" else f"{told} ({load.tonnes:,.2f} t)"
