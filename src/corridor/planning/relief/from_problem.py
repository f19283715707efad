"""How a problem and the chances of its roads become the model that policies reckon with.

Vehicles are parts here; a trip longer than a day counts its whole length on the day it leaves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.faults import refuse_faults
from corridor.planning.network import Network, network
from corridor.planning.problem import Floats, Problem
from corridor.planning.relief.model import (
    OPEN,
    Arcs,
    Bools,
    Chain,
    Ending,
    Ints,
    Limits,
    Losses,
    ReliefModel,
)

# Costs of a vehicle that decide between equals, as in the detailed program.
_TIE = 1e-4


def relief_model(problem: Problem) -> ReliefModel:
    """Return the model of a problem on roads that follow its chain.

    Holds, passages and a road that is unknown today stay as the problem has them; else the chain
    says what a leg takes.

    Raises
    ------
    PlanningError
        When the problem has faults, there is no chain, or one of other legs or days than the problem.
    """
    refuse_faults(problem)
    days, chain = len(problem.days), problem.chain
    if chain is None:
        raise PlanningError("problem: how its roads open and close is not known; give hazards")
    if problem.status_vehicles is None or problem.status_passes is None:
        raise PlanningError(
            "problem: what its legs take when open, restricted and closed is not known"
        )
    net = network(problem)
    if chain.status.shape[1] != len(problem.legs) or chain.transition.shape[0] != days - 1:
        raise PlanningError(
            f"chain: of {chain.status.shape[1]} legs and {chain.transition.shape[0] + 1} days, "
            f"the problem has {len(problem.legs)} legs and {days} days"
        )
    leg, fleet = vehicles_on(problem)
    carries = (problem.payload[fleet] > 0) & _useful(problem)[leg]
    carries = _fuelled(problem, net, leg, fleet, carries)
    persons = net.persons * problem.urgency
    return ReliefModel(
        t_per_unit=problem.t_per_unit,
        stock=problem.stock,
        backlog=np.zeros_like(problem.stock) if problem.backlog is None else problem.backlog,
        supply=np.concatenate([np.zeros((1, *problem.stock.shape)), problem.arrivals[:-1]]),
        demand=problem.demand,
        need=net.need,
        backlog_keep=problem.aims.backlog_keep,
        deprivation_breaks=np.array(problem.aims.deprivation_breaks_days, dtype=np.float64),
        deprivation_cost=persons[..., None] * np.array(problem.aims.deprivation_slopes),
        fairness_cost=problem.aims.fairness_weight
        * float(net.persons.max(axis=1, initial=0.0).sum()),
        fairness_share=_shares(problem, net),
        arcs=_arcs(problem, net, leg, fleet, carries),
        moves=_moves(problem, net, chain, leg, fleet, carries),
        stores=_stores(problem, net),
        leaves_from_morning=np.isin(np.arange(len(problem.places)), net.start)
        & np.isin(np.arange(len(problem.places)), net.end),
        hold_cost=np.zeros_like(problem.stock),
        spill_cost=_spill_cost(problem, net),
        fuel=-1,
        emergency_fuel_cost=np.full(len(problem.places), np.inf),
        ending=_ending(problem, net),
        chain=chain,
        losses=_losses(problem, net, leg, fleet, carries),
        kept=None if problem.daily_loss is None else problem.kept(),
        staying=problem.staying,
    )


def vehicles_on(problem: Problem) -> tuple[Ints, Ints]:
    """Return the leg and the fleet of each arc of the model, (A,) each."""
    serves = (problem.payload > 0).any(axis=1) & np.isfinite(problem.trip_days)
    leg, fleet = np.nonzero(serves)
    return leg, fleet


def opened(model: ReliefModel, problem: Problem, day: int, leg: int) -> ReliefModel:
    """Return the model with a leg open on a day, whatever the roads do."""
    assert problem.status_vehicles is not None
    assert problem.status_passes is not None
    takes = float(problem.status_vehicles[leg, OPEN])
    if problem.other_vehicles is not None:
        takes = max(takes - float(problem.other_vehicles[day, leg]), 0.0)
    arc_leg, arc_fleet = vehicles_on(problem)
    most = model.moves.most.copy()
    most[day, leg] = takes
    for arc in np.flatnonzero(arc_leg == leg):
        passes = problem.status_passes[leg, OPEN, arc_fleet[arc]]
        most[day, len(problem.legs) + arc] = takes if passes else 0.0
    return replace(model, moves=replace(model.moves, most=most))


def _useful(problem: Problem) -> Bools:
    """Whether goods can be at a leg's start and are of use beyond its end, were all roads open, (L, C)."""
    assert problem.status_vehicles is not None
    assert problem.status_passes is not None
    open_ = replace(
        problem,
        road_vehicles=np.broadcast_to(
            problem.status_vehicles.max(axis=1), problem.road_vehicles.shape
        ),
        may_depart=np.ones_like(problem.may_depart),
        class_passes=np.broadcast_to(problem.status_passes.any(axis=1), problem.class_passes.shape),
        passages={},
        cargo_passes=None,
        together=(),
        aims=replace(problem.aims, loads_ahead="no"),
    )
    return np.asarray(network(open_).allowed.any(axis=(0, 2)))


def _arcs(problem: Problem, net: Network, leg: Ints, fleet: Ints, carries: Bools) -> Arcs:
    payload = np.where(problem.payload > 0, problem.payload, np.inf)[fleet]
    per_km = np.array([fleet.cost_per_km for fleet in problem.fleets])
    km = np.array([leg.distance_km for leg in problem.legs])
    scale = max(1.0, float(net.persons.max(initial=0.0))) / 100
    trip = per_km[fleet] * km[leg] + _TIE * scale
    return Arcs(
        start=net.start[leg],
        end=net.end[leg],
        carries=carries,
        cost=trip[:, None] / payload,
        fuel=np.zeros(payload.shape),
        lead_days=problem.lead_days[leg],
        is_loaded_ahead=np.full(leg.size, problem.aims.loads_ahead != "no"),
        waits=np.ones(leg.size, dtype=np.bool_) if problem.aims.loads_ahead == "waits" else None,
        back=None
        if problem.back_fuel is None
        else problem.back_fuel[leg, fleet][:, None] / payload,
        # Where nothing is set aside any commodity will do.
        back_fuel=None if problem.burns is None else np.maximum(problem.burns[fleet], 0),
    )


def _fuelled(problem: Problem, net: Network, leg: Ints, fleet: Ints, carries: Bools) -> Bools:
    """What arcs carry, without those whose vehicles could never fuel for the way back at their end."""
    if problem.back_fuel is None or problem.burns is None:
        return carries
    found = carries.copy()
    for _ in range(leg.size + 1):
        held = (problem.stock > 0) | (problem.arrivals > 0).any(axis=0)
        np.logical_or.at(held, net.end[leg], found)
        dry = (problem.back_fuel[leg, fleet] > 0) & ~held[net.end[leg], problem.burns[fleet]]
        found[dry] = False
    return found


def _losses(
    problem: Problem, net: Network, leg: Ints, fleet: Ints, carries: Bools
) -> Losses | None:
    """Vehicles that do not come back, as parts; no more of a fleet than its trips take up."""
    if problem.stays is None or not problem.stays.any():
        return None
    fleets = np.flatnonzero(problem.stays > 0)
    number = np.searchsorted(fleets, fleet)
    arc, commodity = np.nonzero(carries & (problem.stays[fleet] > 0)[:, None])
    vehicles = 1 / problem.payload[fleet[arc], commodity]
    busy = (net.busy_share * net.busy_days)[leg[arc], fleet[arc]]
    return Losses(
        row=number[arc],
        at=arc,
        commodity=commodity,
        used=vehicles * busy,
        stays=vehicles * np.minimum(problem.stays[fleet[arc]], busy),
        most=net.ready.max(axis=0)[fleets],
    )


def _moves(
    problem: Problem, net: Network, chain: Chain, leg: Ints, fleet: Ints, carries: Bools
) -> Limits:
    """Vehicles on each leg, of each class on a leg, of each fleet, and goods a passage lets through."""
    days, states = len(problem.days), chain.status.shape[0]
    legs, fleets = len(problem.legs), len(problem.fleets)
    payload = np.where(problem.payload > 0, problem.payload, np.inf)
    arc, commodity = np.nonzero(carries)
    vehicles = 1 / payload[fleet[arc], commodity]
    busy = net.busy_share * net.busy_days
    road = _road_vehicles(problem, chain)
    by_class = np.where(_class_passes(problem, chain)[:, :, leg, fleet], road[:, :, leg], 0.0)
    by_fleet = np.broadcast_to(net.ready[:, None, :], (days, states, fleets))
    barred = ~net.open_to[:, leg[arc], commodity]
    shut = np.flatnonzero(barred.any(axis=0))
    most = np.where(barred[:, shut], 0.0, np.inf)[:, None, :]
    limits = np.concatenate(
        [road, by_class, by_fleet, np.broadcast_to(most, (days, states, shut.size))], axis=2
    )
    first = np.cumsum([0, legs, leg.size, fleets])
    return Limits(
        row=np.concatenate(
            [leg[arc], first[1] + arc, first[2] + fleet[arc], first[3] + np.arange(shut.size)]
        ).astype(np.int64),
        at=np.concatenate([arc, arc, arc, arc[shut]]),
        commodity=np.concatenate([commodity, commodity, commodity, commodity[shut]]),
        weight=np.concatenate(
            [vehicles, vehicles, vehicles * busy[leg[arc], fleet[arc]], np.ones(shut.size)]
        ),
        most=np.swapaxes(limits, 1, 2).copy(),
        most_loaded=limits.max(axis=(0, 1)) if problem.aims.loads_ahead == "waits" else None,
    )


def _road_vehicles(problem: Problem, chain: Chain) -> Floats:
    """Vehicles each leg takes on each day in each joint state, (D, J, L)."""
    assert problem.status_vehicles is not None
    legs = np.arange(len(problem.legs))
    takes = problem.status_vehicles[legs, chain.status]
    found = np.where(problem.may_depart[:, None, :], takes, 0.0)
    if problem.other_vehicles is not None:
        found = np.maximum(found - problem.other_vehicles[:, None, :], 0.0)
    for (day, leg), passage in problem.passages.items():
        if passage.vehicles is not None:
            found[day, :, leg] = np.minimum(found[day, :, leg], float(passage.vehicles))
    return _with_partners(problem, found)


def _with_partners(problem: Problem, takes: Floats) -> Floats:
    """Shut the roads that must run with one that cannot.

    Vehicles being parts here, a road that can run at all can run with as little as is asked.
    """
    pairs = problem.pairs()
    for _ in pairs:
        for one, other in pairs:
            both = np.asarray(
                (takes[..., one] > 0).any(axis=-1) & (takes[..., other] > 0).any(axis=-1)
            )
            takes[..., np.concatenate([one, other])] *= both[..., None]
    return takes


def _class_passes(problem: Problem, chain: Chain) -> Bools:
    """Whether a fleet passes a leg on each day in each joint state, (D, J, L, F)."""
    assert problem.status_passes is not None
    legs = np.arange(len(problem.legs))
    passes = problem.status_passes[legs, chain.status]
    return np.broadcast_to(passes, (len(problem.days), *passes.shape))


def _stores(problem: Problem, net: Network) -> Limits:
    """Room for dry and for liquid goods; and no more at the end of the roads than is ever of use there.

    What a place can need in all the days and keep a worth for after them bounds its stock: more of it
    would lie there while others lack it.
    """
    kind = problem.is_liquid.astype(np.int64)
    room = np.stack([problem.storage_t, problem.tank_t], axis=-1)
    split = np.eye(2)[kind] * problem.t_per_unit[:, None]
    most = np.maximum(room, problem.stock @ split)
    node, commodity = np.nonzero(np.isfinite(room)[:, kind] & (problem.t_per_unit > 0))
    last = ~np.isin(np.arange(len(problem.places)), net.start)
    at, good = np.nonzero((net.need > 0) & last[:, None])
    cover = max(problem.aims.stock_value_days, default=0.0)
    use = problem.demand.sum(axis=0) + net.need * cover
    # Of what spoils, more must be there for as much to be of use.
    use = use / problem.kept() ** len(problem.days)
    if problem.back_fuel is not None:
        trips = problem.road_vehicles.max(axis=0, initial=0.0)
        if problem.status_vehicles is not None:
            trips = np.maximum(trips, problem.status_vehicles.max(axis=1))
        a_day = problem.fuel_taken(np.repeat(trips[:, None], len(problem.fleets), axis=1))
        use = use + a_day * (len(problem.days) + cover)
    there = problem.stock + problem.arrivals.sum(axis=0)
    return Limits(
        row=np.concatenate([node * 2 + kind[commodity], most.size + np.arange(at.size)]),
        at=np.concatenate([node, at]),
        commodity=np.concatenate([commodity, good]),
        weight=np.concatenate([problem.t_per_unit[commodity], np.ones(at.size)]),
        most=np.concatenate([most.ravel(), np.maximum(use, there)[at, good]])[None, :, None],
    )


def _ending(problem: Problem, net: Network) -> Ending:
    """Cover missing on the last evening, worth a step less in each further band of days.

    That is a step's worth of what is missing up to the end of each band.
    """
    node, commodity = np.nonzero(net.need > 0)
    bands = len(problem.aims.stock_value_days)
    worth = problem.aims.stock_value_share * problem.aims.deprivation_slopes[0]
    need = net.need[node, commodity]
    weight = net.persons[node, commodity] * problem.urgency[commodity]
    comes = problem.arrivals[-1][node, commodity]
    sought = need[:, None] * np.array(problem.aims.stock_value_days) - comes[:, None]
    return Ending(
        row=np.arange(node.size * bands),
        node=np.repeat(node, bands),
        commodity=np.repeat(commodity, bands),
        weight=np.ones(node.size * bands),
        sought=sought.ravel(),
        width=np.full(node.size * bands, np.inf),
        cost=np.repeat(weight * worth / bands / need, bands),
    )


def _spill_cost(problem: Problem, net: Network) -> Floats:
    """What a unit thrown away costs, (P, C): more than it is worth in place at the end.

    Goods from outside come whether there is room or not. What convoys bring is only thrown away where
    nothing else can be done, so that there is always an answer: at the dearest day gone without.
    """
    slopes = problem.aims.deprivation_slopes
    worth = problem.aims.stock_value_share * slopes[0]
    need = net.need.sum(axis=0)
    person_days = net.persons.sum(axis=0) / np.where(need > 0, need, np.inf) * problem.urgency
    comes = (problem.arrivals > 0).any(axis=0)
    found: Floats = np.where(comes, worth, slopes[-1]) * person_days + _TIE
    return found


def _shares(problem: Problem, net: Network) -> Floats:
    weight = np.where(net.need > 0, problem.urgency, 0.0)
    total = weight.sum(axis=1, keepdims=True)
    return np.asarray(weight / np.where(total > 0, total, np.inf))
