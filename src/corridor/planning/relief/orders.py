"""What a trained policy orders: whole vehicles today, and the convoys of the likeliest days ahead.

Each day is solved in full, vehicles counted whole on the first days, in the way of the policy (`ways.py`):
with the value that training gave to what is left in the evening, with a tree of days to come, or
towards what a rule says. Only the first day is an order on roads as they are; later days follow
the likeliest status of each road, and are decided anew when it is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from corridor.planning.limits import LEAST_LOAD
from corridor.planning.network import Network, network
from corridor.planning.policy import Trained
from corridor.planning.problem import Floats, Problem
from corridor.planning.relief.deciding import entering, moves_of
from corridor.planning.relief.evening import Arithmetic
from corridor.planning.relief.from_problem import vehicles_on
from corridor.planning.relief.model import Ints, Limits
from corridor.planning.relief.policies import Moves, Situation
from corridor.planning.relief.stage import Columns, balance_rows
from corridor.planning.road_chances import following, likeliest
from corridor.planning.solver import Arrays, search

# Of a day's cost with the value of its evening. With many vehicles to choose the last hundredths take most of
# the time and spare next to nothing; see docs/performance.md.
_GAP, _GAP_OF_MANY, _MANY = 1e-4, 3e-2, 300
# Of a vehicle, in days gone without at the dearest place: between equals, fewer vehicles go.
_TIE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Decisions in the problem's axes and units.

    Attributes
    ----------
    loads, vehicles
        By day of departure, (D, L, F, C) units and (D, L, F).
    served, spilled
        (D, P, C) units.
    is_within_gap
        Whether every search in whole vehicles reached its gap.
    """

    loads: Floats
    vehicles: Floats
    served: Floats
    spilled: Floats
    is_within_gap: bool


def orders(problem: Problem, trained: Trained, *, days: int | None = None) -> Orders:
    """Follow a trained policy along the likeliest days, all or the first few; whole vehicles first.

    Raises
    ------
    PlanningError
        When a day's program has no answer.
    """
    made = _Following(problem, trained)
    for day in range(len(problem.days) if days is None else min(days, len(problem.days))):
        made.decide(day)
    return Orders(made.loads, made.vehicles, made.served, made.spilled, made.is_within_gap)


class _Following:
    """The likeliest days, one after another."""

    def __init__(self, problem: Problem, trained: Trained) -> None:
        assert problem.chain is not None
        model = trained.model
        self._problem, self._trained, self._unit = problem, trained, trained.unit
        self._net: Network = network(problem)
        self._leg, self._fleet = vehicles_on(problem)
        # Vehicles are columns of their own here: their cost and their number stand on those.
        free = replace(model.arcs, cost=np.zeros_like(model.arcs.cost), back=None)
        losses = model.losses
        if losses is not None:
            losses = replace(losses, most=np.full(losses.most.shape, np.inf))
        self._model = replace(
            model, arcs=free, moves=_without_fleets(model.moves, problem), losses=losses
        )
        # What whole vehicles set aside is taken from stores after the arithmetic of goods.
        loose = replace(model.stores, most=np.full(model.stores.most.shape, np.inf))
        self._arithmetic = Arithmetic(
            self._model if model.arcs.back is None else replace(self._model, stores=loose)
        )
        self._lost: Floats | None = None
        self._beliefs = following(problem.chain, likeliest(problem.chain))
        arcs, lead = self._leg.size, int(model.arcs.lead_days.max(initial=0))
        commodities = len(problem.commodities)
        self._stock, self._backlog = model.stock.copy(), model.backlog.copy()
        self._moving = np.zeros((lead, arcs, commodities))
        self._loaded = np.zeros((arcs, commodities))
        shape = problem.demand.shape
        self.loads = np.zeros(self._net.allowed.shape)
        self.vehicles = np.zeros(self._net.allowed.shape[:3])
        self.served, self.spilled = np.zeros(shape), np.zeros(shape)
        self.is_within_gap = True

    def decide(self, number: int) -> None:
        problem, model = self._problem, self._model
        belief = self._beliefs[number]
        state = int(belief.argmax())
        situation = Situation(
            day=number,
            state=np.array([state]),
            stock=self._stock[None],
            backlog=self._backlog[None],
            moving=self._moving[None],
            loaded=self._loaded[None],
            lost=self._lost,
        )
        trained = self._trained
        columns, arrays = trained.way.program(
            trained.model, model, trained.merging, situation, self._ahead(number, belief)
        )
        low, high = arrays.lower.copy(), arrays.upper.copy()
        low[columns.state_in()] = high[columns.state_in()] = entering(columns, situation)[0]
        program = replace(arrays, lower=low, upper=high)
        found = search(
            self._in_vehicles(program, columns, number),
            gap=_GAP if self._leg.size < _MANY else _GAP_OF_MANY,
            nodes=problem.aims.mip_nodes,
        )
        self.is_within_gap &= found.is_within_gap
        vehicles = found.values[arrays.cost.size : arrays.cost.size + self._leg.size]
        moves = moves_of(model, columns, found.values[None, : arrays.cost.size], situation)
        self._record(number, situation, moves, vehicles)

    def _ahead(self, number: int, belief: Floats) -> Floats:
        """Chances of the joint states of the next day, (J,); none after the last."""
        assert self._problem.chain is not None
        if number + 1 == len(self._problem.days):
            return np.zeros(0)
        return np.asarray(belief @ self._problem.chain.transition[number])

    def _in_vehicles(self, program: Arrays, columns: Columns, number: int) -> Arrays:
        """A day's program with vehicles by leg and fleet as columns, whole on the first days."""
        problem, net, moved = self._problem, self._net, columns.moved
        whole = number < problem.aims.whole_vehicle_days
        size, arcs = program.cost.size, self._leg.size
        column = size + np.arange(arcs)
        payload = np.where(problem.payload > 0, problem.payload / self._unit, np.inf)[self._fleet]
        limit = np.floor(net.limit[number] + 1e-9) if whole else net.limit[number]
        passes = problem.class_passes[number, self._leg, self._fleet]
        most = np.where(passes & problem.may_depart[number, self._leg], limit[self._leg], 0.0)
        busy = net.busy_share[self._leg, self._fleet]
        ready = self._left(number)
        index: list[Ints] = []
        value: list[Floats] = []
        ends: list[int] = []
        upper: list[float] = []
        for arc in range(arcs):
            used = moved[arc] >= 0
            index.append(np.append(moved[arc, used], column[arc]))
            value.append(np.append(1 / payload[arc, used], -1.0))
            ends.append(int(used.sum()) + 1)
            upper.append(0.0)
        for number_of, sides, weights in (
            (self._leg, limit, np.ones(arcs)),
            (self._fleet, np.maximum(ready, 0.0), busy),
        ):
            for each in np.unique(number_of).tolist():
                here = number_of == each
                index.append(column[here])
                value.append(weights[here])
                ends.append(int(here.sum()))
                upper.append(float(sides[each]))
        program = self._fuelled(program, columns, column)
        km = np.array([leg.distance_km for leg in problem.legs])[self._leg]
        per_km = np.array([fleet.cost_per_km for fleet in problem.fleets])[self._fleet]
        pairs = problem.pairs() if whole else ()
        for pair, sides in enumerate(pairs):
            runs = np.array([size + arcs + pair])
            for legs in sides:
                here = np.isin(self._leg, legs)
                total = max(float(most[here].sum()), 0.0)
                index.append(np.append(column[here], runs))
                value.append(np.append(np.ones(int(here.sum())), -total))
                loads = [np.flatnonzero(row >= 0) for row in moved[here]]
                share = [
                    -1 / payload[a, c] for a, c in zip(np.flatnonzero(here), loads, strict=True)
                ]
                carried = [row[c] for row, c in zip(moved[here], loads, strict=True)]
                index.append(np.concatenate([*carried, runs]))
                value.append(np.concatenate([*share, [LEAST_LOAD]]))
                ends += [int(here.sum()) + 1, index[-1].size]
                upper += [0.0, 0.0]
        added = arcs + len(pairs)
        is_whole = np.zeros(size + added, dtype=np.bool_)
        is_whole[size:] = whole
        return replace(
            program,
            cost=np.concatenate(
                [program.cost, km * per_km / self._trained.cost + _TIE, np.zeros(len(pairs))]
            ),
            lower=np.concatenate([program.lower, np.zeros(added)]),
            upper=np.concatenate([program.upper, most, np.ones(len(pairs))]),
            row_lower=np.concatenate([program.row_lower, np.full(len(upper), -np.inf)]),
            row_upper=np.concatenate([program.row_upper, upper]),
            start=np.concatenate([program.start, program.start[-1] + np.cumsum(ends)]).astype(
                np.int64
            ),
            index=np.concatenate([program.index, *index]).astype(np.int64),
            value=np.concatenate([program.value, *value]),
            is_whole=is_whole,
        )

    def _fuelled(self, program: Arrays, columns: Columns, vehicles: Ints) -> Arrays:
        """Let each vehicle take its fuel for the way back out of the balance of stock where it goes."""
        problem = self._problem
        if problem.back_fuel is None or problem.burns is None:
            return program
        each = problem.back_fuel[self._leg, self._fleet]
        arcs = np.flatnonzero(each > 0)
        end, fuel = self._net.end[self._leg[arcs]], problem.burns[self._fleet[arcs]]
        row = balance_rows(columns)[end, fuel]
        # Vehicles that could never fuel there move nothing, and have no row.
        arcs, fuel, row = arcs[row >= 0], fuel[row >= 0], row[row >= 0]
        order = np.argsort(row, kind="stable")
        arcs, fuel, row = arcs[order], fuel[order], row[order]
        after = np.bincount(row, minlength=program.start.size - 1)
        return replace(
            program,
            start=program.start + np.concatenate([[0], np.cumsum(after)]),
            index=np.insert(program.index, program.start[row + 1], vehicles[arcs]),
            value=np.insert(program.value, program.start[row + 1], each[arcs] / self._unit[fuel]),
        )

    def _left(self, number: int) -> Floats:
        """Vehicles of each fleet that are neither on trips begun before nor stayed away, (F,)."""
        net, stays = self._net, self._problem.stays
        away, stayed = np.zeros((2, len(self._problem.fleets)))
        for before in range(number):
            still = net.busy_days > number - before
            away += (self.vehicles[before] * net.busy_share * still).sum(axis=0)
            if stays is not None:
                stayed += (self.vehicles[before] * stays * ~still).sum(axis=0)
        left = net.ready[number]
        if stays is not None:
            left = np.minimum(left, net.ready.max(axis=0) - stayed)
        return np.asarray(left - away)

    def _record(self, number: int, now: Situation, moves: Moves, vehicles: Floats) -> None:
        problem = self._problem
        evening = self._arithmetic.evening(now, moves)
        unit = self._unit
        self.loads[number, self._leg, self._fleet] = moves.flows[0] * unit
        self.vehicles[number, self._leg, self._fleet] = vehicles
        self.served[number] = moves.served[0] * unit
        aside = problem.fuel_taken(self.vehicles[number]) * problem.kept()
        if number:
            self.spilled[number - 1] += moves.spilled[0] * unit
        over = _without_room(problem, evening.stock[0] * unit - aside, problem.arrivals[number])
        self.spilled[number] += over
        stock = evening.stock[0] - (over + aside) / unit
        self._stock, self._backlog = np.maximum(stock, 0.0), evening.backlog[0]
        self._lost = evening.lost
        self._moving, self._loaded = evening.moving[0], moves.loads[0]


def _without_fleets(limits: Limits, problem: Problem) -> Limits:
    """Limits on moves without those of the fleets, which count vehicles day by day instead."""
    most = limits.most.copy()
    arcs = vehicles_on(problem)[0].size
    first = len(problem.legs) + arcs
    most[:, first : first + len(problem.fleets)] = np.inf
    return replace(limits, most=most)


def _without_room(problem: Problem, stock: Floats, arriving: Floats) -> Floats:
    """What of the goods that come in the evening finds no room, (P, C) units."""
    kind = problem.is_liquid.astype(np.int64)
    split = np.eye(2)[kind] * problem.t_per_unit[:, None]
    room = np.stack([problem.storage_t, problem.tank_t], axis=-1)
    room = np.maximum(room, problem.stock @ split)
    comes = arriving @ split
    over = np.clip(stock @ split + comes - room, 0.0, comes)
    share = np.divide(over, comes, out=np.zeros_like(over), where=comes > 0)
    return np.asarray(arriving * share[:, kind])
