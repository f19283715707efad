"""Convoys verified one by one: what they carry, on what, and whether they may leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from math import isfinite

from corridor.planning.breach import Breach, Rule
from corridor.planning.convoys import Convoy, Load
from corridor.planning.problem import PassageOnDay, Problem

TOLERANCE = 1e-6
_HELD = ("delayed", "refused", "revoked")


def convoy_breaches(convoy: Convoy, problem: Problem) -> Iterator[Breach]:
    """Find every limit one convoy does not keep, the others left aside."""
    at = position(convoy, problem)
    if at is None:
        known = "a day, a leg, a fleet and commodities of the problem are needed"
        yield _breach("unknown", convoy, known)
        return
    day, leg, fleet = at
    if convoy.arrives != convoy.day + timedelta(days=int(problem.lead_days[leg])):
        yield _breach("day", convoy, f"arrives on {convoy.arrives}, not after the leg's lead")
    if not isfinite(convoy.vehicles) or convoy.vehicles <= 0:
        yield _breach("negative", convoy, f"vehicles: {convoy.vehicles}, more than 0 are needed")
    for load in (*convoy.loads, *(load for one in convoy.vehicle_loads for load in one)):
        if not (isfinite(load.amount) and load.amount >= 0):
            yield _breach("negative", convoy, f"{load.commodity}: {load.amount} is no load")
    yield from _vehicle_breaches(convoy, problem, day)
    yield from _load_breaches(convoy, problem, fleet)
    yield from _departure_breaches(convoy, problem, at)


def position(convoy: Convoy, problem: Problem) -> tuple[int, int, int] | None:
    """Day, leg and fleet index of a convoy; None where the problem lacks one, or a commodity."""
    legs = {(leg.road, leg.start, leg.end): index for index, leg in enumerate(problem.legs)}
    fleets = {fleet.fleet: index for index, fleet in enumerate(problem.fleets)}
    leg = legs.get((convoy.road, convoy.start, convoy.end))
    fleet = fleets.get(convoy.fleet)
    loads = (*convoy.loads, *(load for one in convoy.vehicle_loads for load in one))
    known = all(load.commodity in problem.commodities for load in loads)
    if leg is None or fleet is None or convoy.day not in problem.days or not known:
        return None
    return problem.days.index(convoy.day), leg, fleet


def _vehicle_breaches(convoy: Convoy, problem: Problem, day: int) -> Iterator[Breach]:
    is_early = day < problem.aims.whole_vehicle_days
    if convoy.is_indicative == is_early:
        yield _breach(
            "whole_vehicles", convoy, "an outlook and an order are mistaken for each other"
        )
    if not is_early:
        return
    if convoy.vehicles != round(convoy.vehicles):
        yield _breach("whole_vehicles", convoy, f"{convoy.vehicles} vehicles are not whole")
    if convoy.vehicles > problem.aims.convoy_vehicles:
        most = problem.aims.convoy_vehicles
        yield _breach("convoy_size", convoy, f"{convoy.vehicles:g} vehicles, {most} at most")
    if len(convoy.vehicle_loads) != convoy.vehicles:
        lists = len(convoy.vehicle_loads)
        yield _breach("load_list", convoy, f"{lists} load lists for {convoy.vehicles:g} vehicles")
    total = {load.commodity: 0.0 for load in convoy.loads}
    for load in (load for one in convoy.vehicle_loads for load in one):
        total[load.commodity] = total.get(load.commodity, 0.0) + load.amount
    said = {load.commodity: load.amount for load in convoy.loads}
    for commodity, amount in total.items():
        if not _close(amount, said.get(commodity, 0.0)):
            whole = said.get(commodity, 0.0)
            yield _breach(
                "load_list", convoy, f"{commodity}: lists give {amount}, the load {whole}"
            )


def _load_breaches(convoy: Convoy, problem: Problem, fleet: int) -> Iterator[Breach]:
    payload = dict(zip(problem.commodities, problem.payload[fleet].tolist(), strict=True))
    weight = dict(zip(problem.commodities, problem.t_per_unit.tolist(), strict=True))
    unit = dict(zip(problem.commodities, problem.units, strict=True))
    liquid = dict(zip(problem.commodities, problem.is_liquid.tolist(), strict=True))
    for load in (*convoy.loads, *(load for one in convoy.vehicle_loads for load in one)):
        if payload[load.commodity] <= 0:
            yield _breach("carried", convoy, f"{convoy.fleet} does not carry {load.commodity}")
        if liquid[load.commodity] and problem.fleets[fleet].carrier_class == "dry":
            yield _breach("fuel_apart", convoy, f"{load.commodity} is on dry vehicles")
        if load.unit != unit[load.commodity] or not _close(
            load.tonnes, load.amount * weight[load.commodity]
        ):
            yield _breach("totals", convoy, f"{load.commodity}: unit or tonnes do not fit")
    loaded: tuple[tuple[tuple[Load, ...], float], ...] = (
        (convoy.loads, convoy.vehicles),
        *((one, 1.0) for one in convoy.vehicle_loads),
    )
    for loads, vehicles in loaded:
        share = sum(x.amount / payload[x.commodity] for x in loads if payload[x.commodity] > 0)
        if share > vehicles + TOLERANCE * max(1.0, vehicles):
            yield _breach("payload", convoy, f"the load fills {share:g} of {vehicles:g} vehicles")
        if len({liquid[load.commodity] for load in loads if load.amount > 0}) > 1:
            yield _breach("fuel_apart", convoy, "liquids and dry goods are loaded together")


def _departure_breaches(
    convoy: Convoy, problem: Problem, at: tuple[int, int, int]
) -> Iterator[Breach]:
    day, leg, fleet = at
    passage = problem.passages.get((day, leg), PassageOnDay("not_needed"))
    if not problem.may_depart[day, leg]:
        reason = problem.why_not.get((day, leg), "no reason is recorded")
        yield _breach("departure", convoy, f"nothing leaves that day: {reason}")
    if not (problem.class_passes[day, leg, fleet] and isfinite(problem.trip_days[leg, fleet])):
        yield _breach("class", convoy, f"{convoy.fleet} does not pass or serve {convoy.road}")
    if passage.state in _HELD:
        yield _breach("passage", convoy, f"the passage is {passage.state}")
    if convoy.passage != passage.state:
        yield _breach(
            "passage", convoy, f"the plan says {convoy.passage}, the answer {passage.state}"
        )
    if passage.state not in ("granted", "not_needed") and not convoy.missing:
        yield _breach("passage", convoy, f"the passage is {passage.state}, and nothing is missing")
    cargo = dict(zip(problem.commodities, problem.cargo, strict=False))
    if day == 0 and problem.cargo_passes is not None:
        for load in convoy.loads:
            if not problem.cargo_passes[leg, problem.commodities.index(load.commodity)]:
                yield _breach("departure", convoy, f"{load.commodity}: not let through that day")
    for load in convoy.loads:
        if passage.cargo not in ("all", cargo.get(load.commodity, "")):
            yield _breach(
                "passage", convoy, f"{load.commodity}: the passage is for {passage.cargo} only"
            )


def _breach(rule: Rule, convoy: Convoy, text: str) -> Breach:
    return Breach(rule, convoy.code, convoy.day, text)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))
