"""Small problems for the tests: a hub, some places, trucks and tankers, and what a test changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from corridor.planning.aims import Aims
from corridor.planning.problem import Leg, PassageOnDay, Problem, Vehicles
from corridor.values import CommodityCode, FleetCode, PartyCode, PlaceCode, RoadCode

FIRST = date(2023, 9, 27)


def build(
    *,
    days: int = 4,
    hubs: int = 1,
    people: Sequence[float] = (1000.0,),
    rates: Sequence[float] = (0.01,),
    liquid: Sequence[bool] = (),
    aims: Aims | None = None,
    **changes: Any,
) -> Problem:
    """Build a problem: every hub reaches every place over a leg of its own, open every day.

    Places are the hubs H1.. and then P1.. with `people`; commodities are C1.. with a need of
    `rates` units (tonnes) per person and day. Each hub has ten trucks of 10 t, and ten tankers of
    10 t if anything is liquid; a trip takes a day, and goods come on the day they leave. Each hub
    holds what all people need for twice the horizon. `changes` replace fields of the problem,
    dictionary or array.
    """
    places = (*(f"H{i + 1}" for i in range(hubs)), *(f"P{i + 1}" for i in range(len(people))))
    n_places, n_commodities = len(places), len(rates)
    legs = tuple(
        Leg(
            RoadCode(f"R{h + 1}{p + 1}"),
            PlaceCode(f"H{h + 1}"),
            PlaceCode(f"P{p + 1}"),
            50.0 + 10 * p,
            PartyCode("B"),
            "open",
            3.0,
            (),
        )
        for h in range(hubs)
        for p in range(len(people))
    )
    kinds = ("dry", "tanker") if any(liquid) else ("dry",)
    fleets = tuple(
        Vehicles(FleetCode(f"{kind}-{h + 1}"), PlaceCode(f"H{h + 1}"), kind, 5, 10, 10.0, 1.0, 0.3)
        for h in range(hubs)
        for kind in kinds
    )
    wet = np.array(liquid or [False] * n_commodities, dtype=bool)
    in_tank = np.array([fleet.carrier_class == "tanker" for fleet in fleets])
    based = np.array([[leg.start == fleet.base for fleet in fleets] for leg in legs])
    counted = np.array([0.0] * hubs + list(people))
    is_hub = np.arange(n_places) < hubs
    rate = np.where(is_hub[:, None], 0.0, np.array(rates, dtype=float)[None, :])
    demand = np.broadcast_to(counted[:, None] * rate, (days, n_places, n_commodities)).copy()
    stock = np.where(is_hub[:, None], demand.sum(axis=(0, 1))[None, :] * 2, 0.0)
    shape = (days, len(legs))
    fields: dict[str, Any] = {
        "aims": aims or Aims(horizon_days=days),
        "days": tuple(FIRST + timedelta(days=d) for d in range(days)),
        "places": tuple(PlaceCode(place) for place in places),
        "commodities": tuple(CommodityCode(f"C{i + 1}") for i in range(n_commodities)),
        "units": ("t",) * n_commodities,
        "legs": legs,
        "fleets": fleets,
        "t_per_unit": np.ones(n_commodities),
        "stock": stock,
        "people": counted,
        "demand": demand,
        "rate": rate,
        "arrivals": np.zeros((days, n_places, n_commodities)),
        "storage_t": np.full(n_places, np.inf),
        "tank_t": np.full(n_places, np.inf),
        "is_liquid": wet,
        "is_hub": is_hub,
        "urgency": np.ones(n_commodities),
        "road_vehicles": np.full(shape, 20.0),
        "may_depart": np.ones(shape, dtype=bool),
        "why_not": {},
        "class_passes": np.ones((*shape, len(fleets)), dtype=bool),
        "payload": np.where(in_tank[:, None] == wet[None, :], 10.0, 0.0),
        "trip_days": np.where(based, 1.0, np.inf),
        "lead_days": np.zeros(len(legs), dtype=np.int64),
        "passages": {},
        "digest": "0" * 64,
    }
    return Problem(**{**fields, **changes})


def large(*, commodities: int = 8, seed: int = 0, days: int = 14) -> Problem:
    """Build a problem of the size of an operation: 2 hubs, 8 places, 4 fleets, 10 legs."""
    rng = np.random.default_rng(seed)
    liquid = tuple(i % 4 == 2 for i in range(commodities))
    rates = tuple(rng.uniform(0.05, 0.6, commodities) / 1000)
    people = tuple(np.round(rng.uniform(4000, 30000, 8)))
    base = build(days=days, hubs=2, people=people, rates=rates, liquid=liquid)
    n = (10, len(base.fleets))
    keep = [0, 1, 2, 3, 4, 11, 12, 13, 14, 15]
    road = np.where(np.arange(days)[:, None] == 0, rng.integers(0, 12, (1, 10)), 0)
    road = road + np.where(np.arange(days)[:, None] > 0, rng.integers(8, 30, (1, 10)) * 0.25, 0)
    trip = np.where(np.isfinite(base.trip_days[keep]), rng.choice([0.5, 1.0, 1.6, 2.0], n), np.inf)
    arrivals = np.zeros_like(base.demand)
    arrivals[3, :2] = base.stock[:2] * 0.2
    changes = {
        "legs": tuple(base.legs[i] for i in keep),
        "road_vehicles": road.astype(float),
        "may_depart": road > 0,
        "class_passes": rng.random((days, *n)) > 0.1,
        "trip_days": trip,
        "lead_days": rng.integers(0, 3, 10),
        "stock": base.stock * rng.uniform(0.1, 0.5, base.stock.shape)
        + (~base.is_hub[:, None]) * base.demand[0] * rng.uniform(0, 4, base.stock.shape),
        "urgency": np.round(rng.uniform(0.5, 3, commodities), 1),
        "storage_t": np.where(base.is_hub, np.inf, rng.uniform(100, 500, 10)),
        "tank_t": np.where(base.is_hub, 2000.0, rng.uniform(20, 100, 10)),
        "arrivals": arrivals,
    }
    return replace(base, **changes)


def several(seed: int) -> Problem:
    """Build a small problem with a bit of everything that may happen, the same for the same seed.

    Up to two hubs, three places and a road on from the first place, three commodities; leads, short
    and long trips, closed days, passages, stores, arrivals, vehicles away; in some of them goods that
    spoil, others on the roads, roads that run together, vehicles loaded the day before, that fuel where
    they unload, or that may not come back.
    """
    rng = np.random.default_rng(seed)
    days, hubs, n_places = int(rng.integers(1, 6)), int(rng.integers(1, 3)), int(rng.integers(1, 4))
    liquid = tuple(bool(wet) for wet in rng.random(int(rng.integers(1, 4))) < 0.3)
    base = build(
        days=days,
        hubs=hubs,
        people=tuple(rng.integers(0, 4000, n_places).astype(float)),
        rates=tuple(rng.uniform(0.001, 0.02, len(liquid))),
        liquid=liquid,
        aims=Aims(horizon_days=days, whole_vehicle_days=int(rng.integers(0, 4)), convoy_vehicles=3),
    )
    if n_places > 1:
        onward = Leg(
            RoadCode("on"), base.places[hubs], base.places[hubs + 1], 20.0, None, "open", 1.0, ()
        )
        porters = Vehicles(FleetCode("on"), onward.start, "dry", 4, 2, 5.0, 0.5, None)
        base = _joined(base, onward, porters)
    n_legs, n_fleets = base.trip_days.shape
    shape = (days, n_legs)
    states = (
        "granted",
        "conditions",
        "asked",
        "no_answer",
        "none",
        "delayed",
        "refused",
        "revoked",
    )
    passages = {
        (int(d), int(leg)): PassageOnDay(
            states[int(rng.integers(len(states)))],
            None if rng.random() < 0.5 else int(rng.integers(0, 6)),
            "all" if rng.random() < 0.7 else "food",
        )
        for d, leg in np.argwhere(rng.random(shape) < 0.3)
    }
    arrivals = np.where(
        rng.random(base.demand.shape) < 0.1, rng.uniform(0, 40, base.demand.shape), 0
    )
    trips = rng.choice([0.3, 0.5, 1.0, 1.5, 2.0, 3.0], (n_legs, n_fleets))
    room = rng.uniform(5, 80, (2, len(base.places)))
    whole = np.array([float(rng.integers(0, 5)) for _ in range(n_fleets)])
    return replace(
        base,
        stock=base.stock * rng.uniform(0, 1, base.stock.shape)
        + rng.uniform(0, 20, base.stock.shape),
        arrivals=arrivals * base.is_hub[None, :, None],
        demand=base.demand * rng.uniform(0.5, 1.5, base.demand.shape),
        urgency=rng.uniform(0.5, 3, len(liquid)),
        road_vehicles=rng.choice([0.0, 0.5, 2.0, 3.7, 8.0], shape),
        may_depart=rng.random(shape) < 0.85,
        class_passes=rng.random((*shape, n_fleets)) < 0.9,
        trip_days=np.where(np.isfinite(base.trip_days), trips, np.inf),
        lead_days=rng.integers(0, 3, n_legs),
        storage_t=np.where(rng.random(len(base.places)) < 0.5, np.inf, room[0]),
        tank_t=np.where(rng.random(len(base.places)) < 0.5, np.inf, room[1]),
        vehicles_ready=np.maximum(whole - (rng.random((days, n_fleets)) < 0.2), 0.0),
        cargo=tuple("fuel" if wet else "food" for wet in liquid),
        passages=passages,
        **_rules(base, rng),
    )


def _rules(base: Problem, rng: np.random.Generator) -> dict[str, Any]:
    """Draw what need not be declared: goods that spoil, others on the roads, roads that run together."""
    goods, legs = len(base.commodities), len(base.legs)
    others = rng.choice([0.0, 0.5, 2.0], (len(base.days), legs))
    pairs = tuple(
        (base.legs[a].road, base.legs[b].road)
        for a, b in rng.permutation(legs)[: legs // 2 * 2].reshape(-1, 2)
    )
    shape = base.trip_days.shape
    burns = rng.integers(0, goods, shape[1]) * rng.choice([0, 1], shape[1])
    needs_fuel, loses = rng.random(2) < 0.3
    loads = ("no", "returns", "waits")[int(rng.integers(0, 3))]
    return {
        "burns": burns if needs_fuel else None,
        "back_fuel": rng.choice([0.0, 0.2, 1.5], shape) if needs_fuel else None,
        "stays": rng.choice([0.0, 0.1, 0.6], shape[1]) if loses else None,
        "daily_loss": rng.uniform(0, 0.5, goods) if rng.random() < 0.3 else None,
        "other_vehicles": others if rng.random() < 0.3 else None,
        "together": pairs if rng.random() < 0.3 else (),
        "aims": replace(base.aims, loads_ahead=loads if rng.random() < 0.3 else "no"),
    }


def permuted(problem: Problem, seed: int) -> Problem:
    """Return the problem with its places, legs, fleets and commodities in another order."""
    rng = np.random.default_rng(seed)
    p, leg, f, c = (
        rng.permutation(len(axis))
        for axis in (problem.places, problem.legs, problem.fleets, problem.commodities)
    )
    position = np.argsort(leg)
    return replace(
        problem,
        places=tuple(problem.places[i] for i in p),
        legs=tuple(problem.legs[i] for i in leg),
        fleets=tuple(problem.fleets[i] for i in f),
        commodities=tuple(problem.commodities[i] for i in c),
        units=tuple(problem.units[i] for i in c),
        cargo=tuple(problem.cargo[i] for i in c),
        t_per_unit=problem.t_per_unit[c],
        urgency=problem.urgency[c],
        is_liquid=problem.is_liquid[c],
        stock=problem.stock[np.ix_(p, c)],
        rate=problem.rate[np.ix_(p, c)],
        demand=problem.demand[:, p][:, :, c],
        arrivals=problem.arrivals[:, p][:, :, c],
        people=problem.people[p],
        storage_t=problem.storage_t[p],
        tank_t=problem.tank_t[p],
        is_hub=problem.is_hub[p],
        road_vehicles=problem.road_vehicles[:, leg],
        may_depart=problem.may_depart[:, leg],
        class_passes=problem.class_passes[:, leg][:, :, f],
        payload=problem.payload[np.ix_(f, c)],
        trip_days=problem.trip_days[np.ix_(leg, f)],
        lead_days=problem.lead_days[leg],
        vehicles_ready=None if problem.vehicles_ready is None else problem.vehicles_ready[:, f],
        burns=None if problem.burns is None else np.argsort(c)[problem.burns[f]],
        back_fuel=None if problem.back_fuel is None else problem.back_fuel[np.ix_(leg, f)],
        stays=None if problem.stays is None else problem.stays[f],
        daily_loss=None if problem.daily_loss is None else problem.daily_loss[c],
        other_vehicles=None if problem.other_vehicles is None else problem.other_vehicles[:, leg],
        passages={(d, int(position[i])): value for (d, i), value in problem.passages.items()},
        why_not={(d, int(position[i])): value for (d, i), value in problem.why_not.items()},
    )


def trucks(problem: Problem, vehicles: int) -> Problem:
    """Return the problem with that many vehicles in every fleet."""
    fleets = tuple(replace(fleet, vehicles=vehicles) for fleet in problem.fleets)
    return replace(problem, fleets=fleets)


def _joined(problem: Problem, leg: Leg, fleet: Vehicles) -> Problem:
    """Add a leg that a new fleet of dry vehicles alone serves, in a day's trip without lead."""
    n_legs, n_fleets = problem.trip_days.shape
    trips = np.full((n_legs + 1, n_fleets + 1), np.inf)
    trips[:n_legs, :n_fleets] = problem.trip_days
    trips[n_legs, n_fleets] = 1.0
    days = len(problem.days)
    return replace(
        problem,
        legs=(*problem.legs, leg),
        fleets=(*problem.fleets, fleet),
        payload=np.vstack([problem.payload, np.where(problem.is_liquid, 0.0, fleet.payload_t)]),
        trip_days=trips,
        lead_days=np.append(problem.lead_days, 0),
        road_vehicles=np.full((days, n_legs + 1), 20.0),
        may_depart=np.ones((days, n_legs + 1), dtype=bool),
        class_passes=np.ones((days, n_legs + 1, n_fleets + 1), dtype=bool),
    )
