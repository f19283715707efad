"""An invented, seeded operation of any size: a hub, roads that open and close, depots, and sites.

Each road leads from the hub to a depot of its own, and is open, restricted or closed. Sites are served from
two depots each, over links that are always open. Three goods, one of them liquid; trucks and tankers.
What people need, what the roads take and what vehicles carry grow together, so that operations of
different sizes are equally hard to supply.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from corridor.hazards import Hazards, JointChain, RoadHazard, joint
from corridor.planning.aims import Aims
from corridor.planning.problem import Leg, Problem, Vehicles
from corridor.planning.relief.merging import Merging, merged, places_inside
from corridor.planning.relief.model import Chain, ReliefModel
from corridor.planning.relief.stage import columns_of
from corridor.values import CommodityCode, FleetCode, PlaceCode, RoadCode

SEED, FIRST = 1, date(2029, 1, 1)
STEP = np.array([[0.88, 0.06, 0.06], [0.2, 0.7, 0.1], [0.14, 0.04, 0.82]])
SHOCK = 0.01
GOODS = ("food", "hygiene", "fuel")
# Tonnes a person and day.
RATE = np.array([0.0006, 0.0001, 0.0002])
IS_LIQUID = np.array([False, False, True])
TRUCK_T, VAN_T = 10.0, 4.0
# What an open road takes, and what vehicles carry, of the mean day's need.
ROAD_SHARE, FLEET_SHARE, RESTRICTED = 1.6, 1.5, 0.4


def roads_ahead(roads: int, days: int, *, most_states: int) -> JointChain:
    """Return the joint chain of roads that move apart but for shared shocks; all open today."""
    horizon = tuple(FIRST + timedelta(days=day) for day in range(days))
    first, step = np.array([1.0, 0.0, 0.0]), np.repeat(STEP[None], days - 1, axis=0)
    each = tuple(
        RoadHazard(
            road=RoadCode(f"road-{road}"),
            towards=PlaceCode(f"depot-{road}"),
            phases=("open", "restricted", "closed"),
            shown=np.arange(3),
            first=first,
            transition=step,
            first_samples=first[None],
            samples=step[None],
            is_decided=np.zeros(days, dtype=np.bool_),
            method="assumed",
            said="invented",
        )
        for road in range(roads)
    )
    known = Hazards(horizon, each, SHOCK, np.array([SHOCK]), "invented", SEED)
    return joint(known, most_states=most_states)


def problem(
    sites: int, days: int, roads: int, *, most_states: int = 16, seed: int = SEED
) -> tuple[Problem, float]:
    """Return the operation, and the share of chance that the joint states kept hold."""
    rng = np.random.default_rng(seed)
    depots = [f"depot-{number}" for number in range(roads)]
    places = ["hub", *depots, *(f"site-{number}" for number in range(sites))]
    first_site = 1 + roads
    people = np.zeros(len(places))
    people[first_site:] = rng.integers(500, 8000, sites)
    rate = np.where(people[:, None] > 0, RATE, 0.0)
    need = people[:, None] * rate
    total = need.sum(axis=0)
    legs = [_leg(f"road-{road}", "hub", depots[road], 80.0) for road in range(roads)]
    for site in range(sites):
        for number, depot in enumerate({site % roads, (site + 1) % roads}):
            km = float(rng.integers(10, 60))
            legs.append(_leg(f"link-{site}-{number}", depots[depot], f"site-{site}", km))
    fleets = _fleets(["hub", *depots], total)
    takes = np.full(len(legs), 10.0)
    takes[:roads] = np.ceil(ROAD_SHARE * total.sum() / roads / TRUCK_T)
    status = np.repeat(takes[:, None], 3, axis=1)
    status[:roads] *= np.array([1.0, RESTRICTED, 0.0])
    status = np.floor(status)
    stock = need * rng.uniform(0, 4, need.shape)
    stock[0] = total * days * 1.5
    stock[1:first_site] = 3 * total / roads
    made = roads_ahead(roads, days, most_states=most_states)
    shown = np.zeros((len(made.status), len(legs)), dtype=np.int64)
    shown[:, :roads] = made.status
    tanker = np.array([fleet.carrier_class == "tanker" for fleet in fleets])
    payload = np.array([fleet.payload_t for fleet in fleets])
    based = np.array([[leg.start == fleet.base for fleet in fleets] for leg in legs])
    shape = (days, len(legs))
    fields: dict[str, Any] = {
        "aims": Aims(horizon_days=days, whole_vehicle_days=1),
        "days": tuple(FIRST + timedelta(days=day) for day in range(days)),
        "places": tuple(PlaceCode(place) for place in places),
        "commodities": tuple(CommodityCode(good) for good in GOODS),
        "units": ("t",) * len(GOODS),
        "legs": tuple(legs),
        "fleets": fleets,
        "t_per_unit": np.ones(len(GOODS)),
        "stock": stock,
        "people": people,
        "demand": np.repeat(need[None], days, axis=0),
        "rate": rate,
        "arrivals": np.zeros((days, *need.shape)),
        "storage_t": np.full(len(places), np.inf),
        "tank_t": np.full(len(places), np.inf),
        "is_liquid": IS_LIQUID,
        "is_hub": people == 0,
        "urgency": np.ones(len(GOODS)),
        "road_vehicles": np.repeat(status[None, :, 0], days, axis=0),
        "may_depart": np.ones(shape, dtype=np.bool_),
        "why_not": {},
        "class_passes": np.ones((*shape, len(fleets)), dtype=np.bool_),
        "payload": np.where(tanker[:, None] == IS_LIQUID, payload[:, None], 0.0),
        "trip_days": np.where(
            based, np.where(np.arange(len(legs)) < roads, 1.0, 0.5)[:, None], np.inf
        ),
        "lead_days": np.zeros(len(legs), dtype=np.int64),
        "passages": {},
        "status_vehicles": status,
        "status_passes": np.ones((len(legs), 3, len(fleets)), dtype=np.bool_),
        "chain": Chain(shown, made.first, made.transition),
    }
    return Problem(**fields), made.kept


def merging_of(model: ReliefModel, *, in_full: bool = False) -> Merging:
    """Merge places as a plan does, or nothing."""
    if not in_full:
        return merged(model, places_inside(model))
    states = columns_of(model, is_last=False).state_in().size
    alone = np.arange(len(model.need)), np.arange(len(model.arcs.start))
    return Merging(model, *alone, np.eye(states))


def _leg(road: str, start: str, end: str, km: float) -> Leg:
    return Leg(RoadCode(road), PlaceCode(start), PlaceCode(end), km, None, "open", 3.0, ())


def _fleets(bases: list[str], total: np.ndarray) -> tuple[Vehicles, ...]:
    """Trucks and tankers at the hub, smaller ones at the depots, which make two trips a day."""
    found = []
    depots = len(bases) - 1
    for base in bases:
        size, share, trips = (TRUCK_T, 1, 1) if base == "hub" else (VAN_T, depots, 2)
        for kind, tonnes in (("dry", total[~IS_LIQUID].sum()), ("tanker", total[IS_LIQUID].sum())):
            number = int(np.ceil(FLEET_SHARE * tonnes / share / size / trips)) + 1
            name = FleetCode(f"{base}-{kind}")
            found.append(Vehicles(name, PlaceCode(base), kind, 5, number, size, 1.0, 0.3))
    return tuple(found)
