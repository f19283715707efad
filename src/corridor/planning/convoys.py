"""Convoys: which vehicles leave when, what each carries, and what is missing before they may go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from corridor.planning.flow import Flow
from corridor.planning.problem import PassageOnDay, PassageState, Problem
from corridor.values import (
    CommodityCode,
    FleetCode,
    PartyCode,
    PlaceCode,
    ReportId,
    RoadCode,
    named,
)


@dataclass(frozen=True, slots=True)
class Load:
    """An amount of one commodity on the road.

    Attributes
    ----------
    amount
        In `unit`.
    """

    commodity: CommodityCode
    amount: float
    unit: str
    tonnes: float


@dataclass(frozen=True, slots=True)
class Convoy:
    """Vehicles of one fleet that leave together on one road.

    Attributes
    ----------
    code
        Name of the convoy within its plan: day, road, end, fleet and a count.
    arrives
        Day on which the goods can be handed out.
    vehicles
        Whole on the first days; afterwards parts are an equivalent of capacity.
    loads
        What the convoy carries, one entry a commodity.
    vehicle_loads
        What each vehicle carries; empty where vehicles are not whole.
    passage
        Where the passage for this road, direction and day stands.
    granted_by
        Who grants it; None where none is needed.
    missing
        What must be so before it may go, each a clause that completes "it may go once ...".
    is_indicative
        Whether this is an outlook on a later day, which orders nothing.
    basis
        Reports the passage and the road status rest on.
    """

    code: str
    day: date
    arrives: date
    road: RoadCode
    start: PlaceCode
    end: PlaceCode
    fleet: FleetCode
    vehicles: float
    loads: tuple[Load, ...]
    vehicle_loads: tuple[tuple[Load, ...], ...]
    passage: PassageState
    granted_by: PartyCode | None
    missing: tuple[str, ...]
    is_indicative: bool
    basis: tuple[ReportId, ...] = ()

    @property
    def tonnes(self) -> float:
        """Tonnes on all vehicles together."""
        return sum(load.tonnes for load in self.loads)


def convoys(problem: Problem, flow: Flow) -> tuple[Convoy, ...]:
    """List the convoys of all days, by day, then as the problem orders legs and fleets.

    On the first days a leg and fleet with more vehicles than a convoy may have is split into
    convoys of nearly equal size.
    """
    found: list[Convoy] = []
    for day, leg, fleet in np.argwhere(flow.vehicles > 0).tolist():
        amounts: list[float] = flow.loads[day, leg, fleet].tolist()
        vehicles = float(flow.vehicles[day, leg, fleet])
        if day >= problem.aims.whole_vehicle_days:
            at = (day, leg, fleet, 1)
            found.append(_convoy(problem, at, vehicles, _loads(problem, amounts), ()))
            continue
        filled = _filled(amounts, problem.payload[fleet].tolist(), round(vehicles))
        for number, part in enumerate(_parts(filled, problem.aims.convoy_vehicles), 1):
            total = [round(sum(column), 9) for column in zip(*part, strict=True)]
            each = tuple(_loads(problem, vehicle) for vehicle in part)
            at = (day, leg, fleet, number)
            found.append(_convoy(problem, at, float(len(part)), _loads(problem, total), each))
    return tuple(found)


def passage_on(problem: Problem, day: int, leg: int) -> PassageOnDay:
    """Where the passage for a leg stands on a day; "not_needed" where the problem names none."""
    return problem.passages.get((day, leg), PassageOnDay("not_needed"))


def missing(problem: Problem, day: int, leg: int, fleet: int) -> tuple[str, ...]:
    """Name what must be so before a convoy may go: clauses that complete "it may go once ..."."""
    road, when = problem.legs[leg], problem.days[day]
    passage = passage_on(problem, day, leg)
    party = named(road.granted_by) if road.granted_by else "whoever grants the passage"
    clauses = []
    match passage.state:
        case "asked":
            clauses.append(f"{party} answers the passage request, and grants it")
        case "no_answer":
            clauses.append(f"{party}, who has given no answer, grants the passage")
        case "none":
            clauses.append(
                f"passage for {when.isoformat()} is asked of {party}, who then grants it"
            )
        case "conditions":
            words = passage.conditions or "the record does not say which"
            clauses.append(f"the conditions {party} sets are met: {words}")
        case "delayed" | "refused" | "revoked":
            clauses.append(f"{party}, who has {passage.state} the passage, grants it")
        case "granted" | "not_needed":
            pass
    clauses.extend(
        f"a convoy goes by {named(other if road.road == one else one)} on the same day"
        for one, other in problem.together
        if road.road in (one, other)
    )
    if passage.escort is not None:
        clauses.append(f"{named(passage.escort)} confirms the escort")
    if day > 0:
        clauses.append(f"somebody reports {named(road.road)} open on {when.isoformat()}")
    elif road.status_age_h is None or road.status in ("unknown", "unspecified"):
        clauses.append(f"somebody reports {named(road.road)} open")
    elif road.status_age_h > problem.aims.status_stale_h:
        clauses.append(
            f"the status of {named(road.road)}, {road.status_age_h:.0f} h old, is reported anew"
        )
    if problem.fleets[fleet].fuel_l_per_km is None:
        owner = named(problem.fleets[fleet].fleet)
        clauses.append(
            f"the carrier of {owner} states its fuel use, so that the way back is fuelled"
        )
    return tuple(clauses)


def _convoy(
    problem: Problem,
    at: tuple[int, int, int, int],
    vehicles: float,
    loads: tuple[Load, ...],
    vehicle_loads: tuple[tuple[Load, ...], ...],
) -> Convoy:
    day, leg, fleet, number = at
    road, when = problem.legs[leg], problem.days[day]
    passage = passage_on(problem, day, leg)
    code = problem.fleets[fleet].fleet
    return Convoy(
        code=f"{when.isoformat()}/{road.road}/{road.start}-{road.end}/{code}/{number}",
        day=when,
        arrives=when + timedelta(days=int(problem.lead_days[leg])),
        road=road.road,
        start=road.start,
        end=road.end,
        fleet=code,
        vehicles=vehicles,
        loads=loads,
        vehicle_loads=vehicle_loads,
        passage=passage.state,
        granted_by=road.granted_by,
        missing=missing(problem, day, leg, fleet),
        is_indicative=day >= problem.aims.whole_vehicle_days,
        basis=tuple(dict.fromkeys((*passage.basis, *road.basis))),
    )


def _loads(problem: Problem, amounts: list[float]) -> tuple[Load, ...]:
    return tuple(
        Load(code, amount, unit, round(amount * weight, 9))
        for code, amount, unit, weight in zip(
            problem.commodities,
            amounts,
            problem.units,
            problem.t_per_unit.tolist(),
            strict=True,
        )
        if amount > 0
    )


def _filled(amounts: list[float], payload: list[float], vehicles: int) -> list[list[float]]:
    """Put a load on vehicles, one vehicle filled after the other, one commodity after the other."""
    trucks = [[0.0] * len(amounts) for _ in range(vehicles)]
    truck, room = 0, 1.0
    for commodity, amount in enumerate(amounts):
        left = amount
        while left > 0:
            # The last vehicle takes what rounding left over; the load as a whole is known to fit.
            fits = room * payload[commodity]
            taken = left if left <= fits * (1 + 1e-9) or truck == vehicles - 1 else round(fits, 9)
            trucks[truck][commodity] = round(taken, 9)
            left = round(left - taken, 9)
            room -= taken / payload[commodity]
            if room < 1e-9 and truck < vehicles - 1:
                truck, room = truck + 1, 1.0
    return trucks


def _parts(trucks: list[list[float]], most: int) -> Iterator[list[list[float]]]:
    """Split vehicles into convoys of nearly equal size, none above the most."""
    count = -(-len(trucks) // most)
    for index in range(count):
        part = trucks[len(trucks) * index // count : len(trucks) * (index + 1) // count]
        yield part
