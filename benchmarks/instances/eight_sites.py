"""The invented instance of eight towns and a camp, as a relief model; see eight-sites.md."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from corridor.planning.relief.model import Arcs, Chain, Ending, Floats, Ints, Limits, ReliefModel
from corridor.planning.relief.roads import joint_statuses, joint_transition, longer_closures

FOLDER = Path(__file__).parent
HUBS, DEPOT, SITES = (0, 1), 2, 9
FUEL = 1


def instance() -> dict[str, Any]:
    """The numbers as they were given."""
    return json.loads((FOLDER / "eight-sites.json").read_text(encoding="utf-8"))


def futures() -> Ints:
    """The 1,000 common futures: joint state of each day, (1000, 30)."""
    lines = (FOLDER / "eight-sites-futures.txt").read_text(encoding="ascii").split()
    return np.array([[int(digit) for digit in line] for line in lines])


def foresight_costs() -> Floats:
    """Optimal costs of the first 40 futures, known beforehand, in thousands of dollars, (40,)."""
    return np.array(instance()["perfect_foresight_cost_k_usd_first_40_futures"])


def model() -> ReliefModel:
    """Hubs are nodes 0 and 1, the depot 2, the sites 3 to 11; arcs: in, between hubs, out, ring."""
    raw = instance()
    cost = raw["cost_k_usd"]
    weight = np.array(raw["t_per_ration_unit"])
    demand = np.zeros((3 + SITES, 3))
    demand[3:] = raw["demand"]
    supply = np.zeros_like(demand)
    supply[:2] = raw["hub_supply"]
    stock = np.concatenate(
        [raw["start"]["hub"], [raw["start"]["depot"]], raw["start"]["site"]], axis=0
    )
    factor = np.array(raw["distance_factor"])
    slopes = np.array(raw["deprivation_slopes_usd_per_person_day"])
    per_person = np.array(raw["deprivation_weight"])[:, None] * slopes / 1000
    people = demand / raw["need_ration_units_per_person_day"]
    hold = np.array(
        [cost["hold_hub_per_t"]] * 2
        + [cost["hold_depot_per_t"]]
        + [cost["hold_site_per_t"]] * SITES
    )
    spill = np.full(demand.shape, np.inf)
    spill[:2] = cost["spill_per_t"] * weight
    emergency = np.full(len(demand), np.inf)
    emergency[DEPOT] = cost["emergency_fuel_per_t"] * weight[FUEL]
    per_t = np.concatenate(
        (
            cost["corridor_per_t"],
            [cost["transfer_per_t"]] * 2,
            0.02 * factor,
            [cost["ring_per_t"]] * SITES,
        )
    )
    fuel = np.zeros((4 + 2 * SITES, 3))
    fuel[4 : 4 + SITES] = np.outer(raw["fuel_t_per_t_delivered"], weight / weight[FUEL])
    site = 3 + np.arange(SITES)
    start = np.concatenate([[0, 1], [0, 1], np.full(SITES, DEPOT), site])
    end = np.concatenate([[DEPOT, DEPOT], [1, 0], site, np.roll(site, -1)])
    return ReliefModel(
        t_per_unit=weight,
        stock=stock,
        backlog=np.full(demand.shape, raw["start"]["backlog"]),
        supply=np.broadcast_to(supply, (30, *supply.shape)),
        demand=np.broadcast_to(demand, (30, *demand.shape)),
        need=demand,
        backlog_keep=raw["backlog_keep"],
        deprivation_breaks=np.array(raw["deprivation_breaks_days"]),
        deprivation_cost=people[:, :, None] * per_person,
        fairness_cost=0.0,
        fairness_share=np.zeros(demand.shape),
        arcs=Arcs(
            start=start,
            end=end,
            carries=np.ones((start.size, 3), dtype=np.bool_),
            cost=np.outer(per_t, weight),
            fuel=fuel,
            lead_days=np.zeros(start.size, dtype=np.int64),
            is_loaded_ahead=np.zeros(start.size, dtype=np.bool_),
        ),
        moves=_moves(raw, weight),
        stores=_stores(raw, weight),
        leaves_from_morning=np.arange(len(demand)) == DEPOT,
        hold_cost=np.outer(hold, weight),
        spill_cost=spill,
        fuel=FUEL,
        emergency_fuel_cost=emergency,
        ending=Ending(
            row=np.tile(np.arange(3), 1 + SITES),
            node=np.repeat(np.arange(DEPOT, 3 + SITES), 3),
            commodity=np.tile(np.arange(3), 1 + SITES),
            weight=np.ones(3 * (1 + SITES)),
            sought=np.array(raw["terminal_target"]),
            width=np.full(3, np.inf),
            cost=np.array(cost["terminal_per_ration_unit"]),
        ),
        chain=_chain(raw, np.array(raw["transition_joint"])),
    )


def with_longer_closures(known: ReliefModel, *, factor: float) -> ReliefModel:
    """The same on roads whose closures are `factor` times as long; the shared shock stays."""
    raw = instance()
    each = longer_closures([np.array(road) for road in raw["transition_each"]], factor)
    return replace(
        known, chain=_chain(raw, joint_transition(each, shared_shock=raw["shared_shock"]))
    )


def _chain(raw: dict[str, Any], transition: Floats) -> Chain:
    days, states = raw["horizon_days"], len(transition)
    return Chain(
        status=joint_statuses(2),
        first=np.eye(states)[raw["first_day_joint_state"]],
        transition=np.broadcast_to(transition, (days - 1, states, states)),
    )


def _moves(raw: dict[str, Any], weight: Floats) -> Limits:
    """Each corridor, its trucks, transfers, the fleet, each link, each part of the ring."""
    first_link, first_ring = 7, 7 + SITES
    entries = [(0, 0, 1.0), (1, 1, 1.0), (2, 0, 1.0), (2, 2, 0.5), (3, 1, 1.0), (3, 3, 0.5)]
    entries += [(4, 2, 1.0), (5, 3, 1.0)]
    entries += [(6, 4 + site, 1.0) for site in range(SITES)]
    entries += [(first_link + site, 4 + site, 1.0) for site in range(SITES)]
    entries += [(first_ring + site, 4 + SITES + site, 1.0) for site in range(SITES)]
    status = joint_statuses(2).T
    by_road = [
        np.array(raw[name])[[[0], [1]], status]
        for name in ("corridor_capacity_t", "truck_capacity_t")
    ]
    fixed = [raw["transfer_t_per_day"]] * 2 + [raw["fleet_t_per_day"]]
    fixed += raw["link_t_per_day"] + raw["ring_t_per_day"]
    most = np.concatenate([*by_road, np.repeat(np.array(fixed)[:, None], 9, axis=1)])
    return _limits(entries, weight, most)


def _stores(raw: dict[str, Any], weight: Floats) -> Limits:
    room = [*raw["hub_store_t"], raw["depot_store_t"], *raw["site_store_t"]]
    return _limits([(k, k, 1.0) for k in range(len(room))], weight, np.array(room)[:, None])


def _limits(entries: list[tuple[int, int, float]], weight: Floats, most: Floats) -> Limits:
    row, at, part = (np.repeat(np.array(each), weight.size) for each in zip(*entries, strict=True))
    return Limits(
        row=row,
        at=at,
        commodity=np.tile(np.arange(weight.size), len(entries)),
        weight=part * np.tile(weight, len(entries)),
        most=most[None],
    )
