"""What can move at all: the roads, vehicles and days a load may use, before any is chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.errors import PlanningError
from corridor.planning.problem import Bools, Floats, Problem

Ints = NDArray[np.int64]

# With these answers nothing leaves, whatever else is said of the road.
HELD = frozenset({"delayed", "refused", "revoked"})


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The movements a problem allows, and its needs in days and people.

    Axes as in `Problem`, and Y possible loads, X possible trips (a trip is any number of vehicles
    of one fleet on one leg on one day).

    Attributes
    ----------
    start, end
        Place index where a leg starts and ends, (L,).
    allowed
        Whether a load may go, (D, L, F, C).
    load_day, load_leg, load_fleet, load_commodity
        The possible loads, (Y,).
    load_trip
        The trip each load rides on, (Y,), an index into the trips.
    trip_day, trip_leg, trip_fleet
        The possible trips, (X,).
    limit
        Most vehicles on a leg and day, the passage's number included, (D, L).
    open_to
        Whether the passage for a leg and day lets a commodity through, (D, L, C).
    ready
        Vehicles on hand, (D, F).
    busy_days
        Days in a row on which a trip takes of its vehicle's time, (L, F).
    busy_share
        Part of each such day it takes, (L, F).
    need
        Need on a mean day, (P, C) units; the measure in which backlog is counted in days.
    persons
        People who lack the commodity when none comes, (P, C).
    has_partner
        Whether the roads that a leg's road must run with can carry a convoy too, (D, L).
    """

    start: Ints
    end: Ints
    allowed: Bools
    load_day: Ints
    load_leg: Ints
    load_fleet: Ints
    load_commodity: Ints
    load_trip: Ints
    trip_day: Ints
    trip_leg: Ints
    trip_fleet: Ints
    limit: Floats
    open_to: Bools
    ready: Floats
    busy_days: Ints
    busy_share: Floats
    need: Floats
    persons: Floats
    has_partner: Bools


def network(problem: Problem) -> Network:
    """Find the movements a problem allows.

    A vehicle that needs at most one day for a trip makes floor(1 / trip_days) trips a day; one that
    needs longer is away for ceil(trip_days) whole days, since vehicles leave in the morning.

    Raises
    ------
    PlanningError
        When there is no day to plan.
    """
    if len(problem.days) < 1 or problem.aims.horizon_days < 1:
        days = min(len(problem.days), problem.aims.horizon_days)
        raise PlanningError(f"horizon: a plan needs at least one day, not {days}")
    position = {code: index for index, code in enumerate(problem.places)}
    start = np.array([position[leg.start] for leg in problem.legs], dtype=np.int64)
    end = np.array([position[leg.end] for leg in problem.legs], dtype=np.int64)
    need = np.asarray(problem.demand.mean(axis=0), dtype=np.float64)
    limit, open_to = _passages(problem)
    ready = _ready(problem)
    allowed = (
        (problem.may_depart & (limit > 0))[:, :, None, None]
        & (problem.class_passes & np.isfinite(problem.trip_days) & (ready > 0)[:, None, :])[
            ..., None
        ]
        & (problem.payload > 0)
        & open_to[:, :, None, :]
    )
    allowed &= _useful(problem, need, start=start, end=end, usable=np.any(allowed, axis=(0, 2)))
    if problem.aims.loads_ahead != "no":
        # Nothing is loaded yet on the first morning.
        allowed[0] = False
    has_partner = _has_partner(problem, np.asarray(allowed.any(axis=(2, 3))))
    allowed &= has_partner[:, :, None, None]
    trips = allowed.any(axis=3)
    number = np.cumsum(trips.ravel()).reshape(trips.shape) - 1
    day, leg, fleet, commodity = np.nonzero(allowed)
    trip_day, trip_leg, trip_fleet = np.nonzero(trips)
    busy_days, busy_share = _turnaround(problem)
    return Network(
        start=start,
        end=end,
        allowed=allowed,
        load_day=day,
        load_leg=leg,
        load_fleet=fleet,
        load_commodity=commodity,
        load_trip=number[day, leg, fleet],
        trip_day=trip_day,
        trip_leg=trip_leg,
        trip_fleet=trip_fleet,
        limit=limit,
        open_to=open_to,
        ready=ready,
        busy_days=busy_days,
        busy_share=busy_share,
        need=need,
        persons=_persons(problem, need),
        has_partner=has_partner,
    )


def backlog_floor(problem: Problem, net: Network) -> Floats:
    """Backlog in days that no plan can prevent, (D, P, C); 0 where nothing is needed.

    All that could be in place by an evening - the place's own stock, and what the roads into it or
    the goods of all other places allow - is held against all need until then.
    """
    days = len(problem.days)
    best = np.where(net.allowed, problem.payload, 0.0).max(axis=2, initial=0.0)
    room = np.where(best > 0, net.limit[:, :, None], 0.0) * np.where(best > 0, best, 1.0)
    inflow = np.zeros_like(problem.demand)
    arrives = np.arange(days)[:, None] + problem.lead_days[None, :]
    at, leg = np.nonzero(arrives < days)
    np.add.at(inflow, (arrives[at, leg], net.end[leg]), room[at, leg])
    own = np.concatenate([problem.stock[None], problem.arrivals[:-1]]).cumsum(axis=0)
    others = own.sum(axis=1, keepdims=True) - own
    available = own + np.minimum(inflow.cumsum(axis=0), others)
    owed = np.zeros_like(problem.demand)
    carried = np.zeros_like(net.need)
    for index in range(days):
        carried = carried * problem.aims.backlog_keep + problem.demand[index]
        owed[index] = carried
    floor = np.maximum(owed - available, 0.0) / np.where(net.need > 0, net.need, np.inf)
    return np.asarray(floor, dtype=np.float64)


def left_by_others(problem: Problem, vehicles: Floats) -> Floats:
    """Return what others on the roads leave of the vehicles legs take, (D, L)."""
    if problem.other_vehicles is None:
        return vehicles.astype(np.float64)
    return np.maximum(vehicles - problem.other_vehicles, 0.0)


def _passages(problem: Problem) -> tuple[Floats, Bools]:
    """Vehicles a leg takes, (D, L), and the commodities that may pass it, (D, L, C)."""
    limit = left_by_others(problem, problem.road_vehicles)
    cargo = problem.cargo or ("",) * len(problem.commodities)
    open_to = np.ones((*limit.shape, len(problem.commodities)), dtype=np.bool_)
    if problem.cargo_passes is not None:
        open_to[0] = problem.cargo_passes
    for (day, leg), passage in problem.passages.items():
        if passage.state in HELD:
            limit[day, leg] = 0.0
        elif passage.vehicles is not None:
            limit[day, leg] = min(limit[day, leg], float(passage.vehicles))
        if passage.cargo != "all":
            open_to[day, leg] &= np.array([kind == passage.cargo for kind in cargo])
    return limit, open_to


def _has_partner(problem: Problem, runs: Bools) -> Bools:
    """Whether a leg's road has all it must run with, (D, L), where legs can run as told, (D, L)."""
    found = np.ones(runs.shape, dtype=np.bool_)
    pairs = problem.pairs()
    # A road that cannot run takes its partner with it, and that one its own.
    for _ in pairs:
        for one, other in pairs:
            able = runs & found
            both = np.asarray(able[:, one].any(axis=1) & able[:, other].any(axis=1))
            found[:, np.concatenate([one, other])] &= both[:, None]
    return found


def _ready(problem: Problem) -> Floats:
    if problem.vehicles_ready is not None:
        return problem.vehicles_ready
    counts = np.array([float(fleet.vehicles) for fleet in problem.fleets])
    return np.broadcast_to(counts, (len(problem.days), len(problem.fleets)))


def _turnaround(problem: Problem) -> tuple[Ints, Floats]:
    """Whole days a trip takes of a vehicle, and the part of each such day it takes."""
    days = np.where(np.isfinite(problem.trip_days), np.maximum(problem.trip_days, 1 / 48), 1.0)
    trips_a_day = np.maximum(np.floor(1 / days + 1e-9), 1.0)
    return np.ceil(days - 1e-9).astype(np.int64), 1 / trips_a_day


def _persons(problem: Problem, need: Floats) -> Floats:
    """People behind each need; where no headcount stands, as many as the need would serve."""
    people = np.broadcast_to(problem.people[:, None], need.shape)
    if problem.persons is not None:
        people = np.where(problem.persons > 0, problem.persons, people)
    served = need / np.where(problem.rate > 0, problem.rate, 1.0)
    return np.where(need > 0, np.where(people > 0, people, served), 0.0)


def _useful(problem: Problem, need: Floats, *, start: Ints, end: Ints, usable: Bools) -> Bools:
    """Whether goods can be at a leg's start and are of use beyond its end, (1, L, 1, C)."""
    held = (problem.stock > 0) | (problem.arrivals > 0).any(axis=0)
    wanted = need > 0
    if problem.back_fuel is not None:
        wanted |= problem.fuel_taken(np.ones(problem.trip_days.shape)) > 0
    for _ in problem.places:
        np.logical_or.at(held, end, held[start] & usable)
        np.logical_or.at(wanted, start, wanted[end] & usable)
    return np.asarray((held[start] & wanted[end])[None, :, None, :])
