"""Small operations for tests: by hand, and drawn under a seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corridor.planning.relief.model import Arcs, Chain, Ending, Floats, Ints, Limits, ReliefModel
from corridor.planning.relief.roads import joint_statuses, joint_transition

NOTHING = np.zeros(0, dtype=np.int64)
NO_ENDING = Ending(NOTHING, NOTHING, NOTHING, np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))


def road(closes: float, opens: float) -> Floats:
    return np.array([[1.0 - closes, closes], [opens, 1.0 - opens]])


def open_and_closed(each: list[Floats], *, days: int) -> Chain:
    """Roads that are open on the first day, and open or closed after."""
    transition = joint_transition(each)
    return Chain(
        status=2 * joint_statuses(len(each), 2),
        first=np.eye(len(transition))[0],
        transition=np.repeat(transition[None], days - 1, axis=0),
    )


def limits(entries: list[tuple[int, list[tuple[int, int]]]], most: Floats) -> Limits:
    """Limits with weight one: for each its row and what it counts, and the most, (G, J or 1)."""
    flat = [(row, at, good) for row, counted in entries for at, good in counted]
    row, at, good = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    return Limits(row, at, good, np.ones(row.size), most[None])


def one_place(chain: Chain, *, cover_days: int, goods: int = 2) -> ReliefModel:
    """A store behind roads that let through all that fits when any is open; lost when not served."""
    days = len(chain.transition) + 1
    need = np.zeros((2, goods))
    need[1] = 1.0 + np.arange(goods)
    roads = chain.status.shape[1]
    arcs = np.arange(roads)
    supply = np.zeros_like(need)
    supply[0] = 100 * need[1]
    carried = [(arc, [(arc, good) for good in range(goods)]) for arc in range(roads)]
    return ReliefModel(
        t_per_unit=np.ones(goods),
        stock=cover_days * need,
        backlog=np.zeros_like(need),
        supply=np.repeat(supply[None], days, axis=0),
        demand=np.repeat(need[None], days, axis=0),
        need=need,
        backlog_keep=0.0,
        deprivation_breaks=np.zeros(0),
        deprivation_cost=10.0 * need[..., None],
        fairness_cost=0.0,
        fairness_share=np.zeros_like(need),
        arcs=Arcs(
            start=np.zeros_like(arcs),
            end=np.ones_like(arcs),
            carries=np.ones((roads, goods), dtype=np.bool_),
            cost=np.ones((roads, goods)),
            fuel=np.zeros((roads, goods)),
            lead_days=np.zeros_like(arcs),
            is_loaded_ahead=np.zeros(roads, dtype=np.bool_),
        ),
        moves=limits(carried, np.where(chain.status.T == 2, 0.0, 1000.0)),
        stores=limits(
            [(good, [(1, good)]) for good in range(goods)], cover_days * need[1][:, None]
        ),
        leaves_from_morning=np.zeros(2, dtype=np.bool_),
        hold_cost=np.zeros_like(need),
        spill_cost=np.where(need > 0, np.inf, 0.0),
        fuel=-1,
        emergency_fuel_cost=np.full(2, np.inf),
        ending=NO_ENDING,
        chain=chain,
    )


def drawn(
    seed: int, *, days: int = 4, lead: bool = True, ahead: bool = False, fuel: bool = True
) -> ReliefModel:
    """A hub, a depot and three places on two roads, one of them straight to the last place."""
    rng = np.random.default_rng(seed)
    nodes, goods = 5, 2
    start, end = np.array([0, 1, 1, 0, 2]), np.array([1, 2, 3, 4, 3])
    need = np.zeros((nodes, goods))
    need[2:] = rng.uniform(1.0, 5.0, (3, goods))
    total = need.sum(axis=0)
    demand = need * rng.uniform(0.5, 1.5, (days, nodes, goods))
    supply = np.zeros((days, nodes, goods))
    supply[:, 0] = total * rng.uniform(0.5, 1.5, (days, goods))
    stock = need * rng.uniform(0.0, 2.0, need.shape)
    stock[:2] = total * rng.uniform(0.0, 2.0, (2, goods))
    chain = open_and_closed(
        [road(*rng.uniform(0.1, 0.5, 2)), road(*rng.uniform(0.1, 0.5, 2))], days=days
    )
    widest = total.sum() * rng.uniform(0.5, 2.0, 4)
    by_state = np.repeat(widest[:, None], 4, axis=1)
    by_state[:2][chain.status.T == 2] = 0.0
    both = [0, 1]
    counted = [
        (0, [(0, good) for good in both]),
        (1, [(3, good) for good in both]),
        (2, [(arc, good) for arc in (1, 2) for good in both]),
        (3, [(4, good) for good in both]),
    ]
    stores = [(node, [(node, good) for good in both]) for node in range(nodes)]
    room = np.maximum(2.0 * stock.sum(axis=1), 6.0 * need.sum(axis=1)) + total.sum()
    burnt = np.zeros((5, goods))
    burnt[1:3] = rng.uniform(0.0, 0.2, (2, goods)) if fuel else 0.0
    emergency = np.full(nodes, np.inf)
    emergency[1] = 3.0 if seed % 2 else np.inf
    return ReliefModel(
        t_per_unit=rng.uniform(0.1, 1.0, goods),
        stock=stock,
        backlog=need * rng.uniform(0.0, 1.0, need.shape),
        supply=supply,
        demand=demand,
        need=need,
        backlog_keep=0.9,
        deprivation_breaks=np.array([1.0]),
        deprivation_cost=need[..., None] * np.array([2.0, 5.0]) * rng.uniform(0.5, 2.0, (goods, 1)),
        fairness_cost=rng.uniform(0.0, 2.0),
        fairness_share=np.where(need > 0, 0.5, 0.0),
        arcs=Arcs(
            start=start,
            end=end,
            carries=np.ones((5, goods), dtype=np.bool_),
            cost=rng.uniform(0.0, 0.2, (5, goods)),
            fuel=burnt,
            lead_days=np.array([0, 0, 0, int(rng.integers(0, 3)) if lead else 0, 0]),
            is_loaded_ahead=np.array([ahead, False, False, ahead, False]),
        ),
        moves=limits(counted, by_state),
        stores=limits(stores, room[:, None]),
        leaves_from_morning=np.arange(nodes) == 1,
        hold_cost=rng.uniform(0.0, 0.02, (nodes, goods)),
        spill_cost=np.where(np.arange(nodes)[:, None] == 0, 0.01, np.inf) * np.ones((1, goods)),
        fuel=1 if fuel else -1,
        emergency_fuel_cost=emergency,
        ending=Ending(
            row=np.repeat(np.arange(goods), 4),
            node=np.tile(np.arange(1, 5), goods),
            commodity=np.repeat(np.arange(goods), 4),
            weight=np.ones(4 * goods),
            sought=3.0 * total,
            width=np.full(goods, np.inf),
            cost=rng.uniform(0.5, 3.0, goods),
        ),
        chain=chain,
    )


def varied(model: ReliefModel, seed: int, *, spoils: bool = True) -> ReliefModel:
    """The same, for some seeds with goods that spoil, for some with loads that wait on their vehicles."""
    kept = np.random.default_rng(seed).uniform(0.6, 1.0, len(model.t_per_unit))
    waits = replace(model.arcs, waits=model.arcs.is_loaded_ahead.copy())
    return replace(
        model,
        kept=kept if spoils and seed % 3 else None,
        arcs=waits if seed % 2 and model.arcs.is_loaded_ahead.any() else model.arcs,
    )


def certain(model: ReliefModel) -> ReliefModel:
    """The same on roads that stay open."""
    states, days = len(model.chain.status), len(model.demand)
    stays = np.repeat(np.eye(states)[None], days - 1, axis=0)
    return replace(model, chain=replace(model.chain, transition=stays))


def relabelled(model: ReliefModel, order: Ints) -> ReliefModel:
    """The same with node `order[n]` standing in place n."""
    place = np.argsort(order)
    arcs, moved = model.arcs, {}
    for name in ("stock", "backlog", "need", "deprivation_cost", "fairness_share", "hold_cost"):
        moved[name] = getattr(model, name)[order]
    for name in ("spill_cost", "leaves_from_morning", "emergency_fuel_cost"):
        moved[name] = getattr(model, name)[order]
    return replace(
        model,
        **moved,
        supply=model.supply[:, order],
        demand=model.demand[:, order],
        arcs=replace(arcs, start=place[arcs.start], end=place[arcs.end]),
        stores=replace(model.stores, at=place[model.stores.at]),
        ending=replace(model.ending, node=place[model.ending.node]),
    )
