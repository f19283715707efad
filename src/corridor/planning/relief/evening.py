"""What a day's moves lead to: the one piece of arithmetic by which every policy is judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.relief.model import Floats, Limits, Losses, ReliefModel
from corridor.planning.relief.policies import Moves, Situation

_NEARLY = 1e-5  # units; what a linear program may be off by


@dataclass(frozen=True, slots=True, eq=False)
class Evening:
    """What stands where when a day is over, and what the day cost, in B scenarios.

    Attributes
    ----------
    stock, backlog
        (B, N, C) units.
    moving
        What comes tomorrow, in two days and so on, (B, L, A, C) units.
    lost
        What of fleets did not come back until today, (B, H); None where all do.
    movement, holding, deprivation, fairness
        Cost of the day, (B,): arcs, spilling and fuel bought; stock; backlog; the worst node.
    """

    stock: Floats
    backlog: Floats
    moving: Floats
    movement: Floats
    holding: Floats
    deprivation: Floats
    fairness: Floats
    lost: Floats | None = None


class Arithmetic:
    """Stock, backlog and costs of a model, a day at a time.

    Arrays come out with their scenarios next to each other in memory, so that what is done for
    one node and commodity in all scenarios runs over one stretch.
    """

    __slots__ = ("_fuel", "_inverse_need", "_move_weight", "_steps", "_store_weight", "model")

    def __init__(self, model: ReliefModel) -> None:
        self.model = model
        self._move_weight = weights(model.moves, model.arcs.carries.shape)
        self._store_weight = weights(model.stores, model.need.shape)
        self._inverse_need = np.divide(
            1.0, model.need, out=np.zeros_like(model.need), where=model.need > 0
        )
        # Convex: each further interval adds its rise in cost to all days gone without beyond it.
        self._steps = np.diff(model.deprivation_cost, axis=2)
        self._fuel = model.arcs.fuel if model.fuel >= 0 and model.arcs.fuel.any() else None

    def evening(self, now: Situation, moves: Moves) -> Evening:
        """Apply the moves of a day.

        Raises
        ------
        PlanningError
            When they break a limit of the model; the text names it, and by how much.
        """
        model = self.model
        burnt = self._burnt(now, moves)
        self._check_moves(now, moves, burnt)
        stock, moving = self._stock(now, moves, burnt)
        backlog = now.backlog * model.backlog_keep
        backlog += model.demand[now.day]
        backlog -= moves.served
        _expect("stock would fall below nothing", -stock)
        _expect("more is handed out than is needed", -backlog)
        np.maximum(stock, 0.0, out=stock)
        np.maximum(backlog, 0.0, out=backlog)
        self._check_evening(now, moves, stock)
        days = backlog * self._inverse_need
        return Evening(
            stock=stock,
            backlog=backlog,
            moving=moving,
            movement=self._movement(moves),
            holding=_summed(stock, model.hold_cost),
            deprivation=self._deprivation(days),
            fairness=self._fairness(days),
            lost=None if model.losses is None else self._lost(model.losses, now, moves),
        )

    def ending(self, stock: Floats) -> Floats:
        """Return what stock missing on the last evening costs, (B,)."""
        ending = self.model.ending
        cost = np.zeros(len(stock))
        for band in range(ending.sought.size):
            here = ending.row == band
            held = stock[:, ending.node[here], ending.commodity[here]] @ ending.weight[here]
            missing = np.clip(ending.sought[band] - held, 0.0, ending.width[band])
            cost += ending.cost[band] * missing
        return cost

    def _burnt(self, now: Situation, moves: Moves) -> Floats | None:
        """Fuel burnt at each node, (B, N), or None where no arc burns any."""
        if self._fuel is None:
            return None
        burnt = scenarios_last((len(now.state), self.model.need.shape[0]))
        for arc in np.flatnonzero(self._fuel.any(axis=1)):
            burnt[:, self.model.arcs.start[arc]] += moves.flows[:, arc] @ self._fuel[arc]
        return burnt

    def _stock(self, now: Situation, moves: Moves, burnt: Floats | None) -> tuple[Floats, Floats]:
        model, arcs = self.model, self.model.arcs
        left = np.zeros_like(now.stock)
        came = np.zeros_like(now.stock)
        moving = np.empty_like(now.moving)
        if now.moving.shape[1]:
            moving[:, :-1] = now.moving[:, 1:]
            moving[:, -1] = 0.0
        for arc, (start, end, lead) in enumerate(
            zip(arcs.start.tolist(), arcs.end.tolist(), arcs.lead_days.tolist(), strict=True)
        ):
            left[:, start] += moves.flows[:, arc]
            if lead:
                comes = now.moving[:, 0, arc]
                came[:, end] += comes if model.kept is None else comes * model.kept**lead
                moving[:, lead - 1, arc] += moves.flows[:, arc]
            else:
                came[:, end] += moves.flows[:, arc]
        if burnt is not None:
            left[:, :, model.fuel] += burnt
            left[:, :, model.fuel] -= moves.bought
        if arcs.back is not None and arcs.back_fuel is not None:
            for leaves in np.flatnonzero(arcs.back.any(axis=1)):
                aside = moves.flows[:, leaves] @ arcs.back[leaves]
                came[:, arcs.end[leaves], arcs.back_fuel[leaves]] -= aside
        waits = model.leaves_from_morning
        if waits.any():
            _expect("more leaves than stood there in the morning", (left - now.stock)[:, waits])
        stock = now.stock + model.supply[now.day]
        stock += came
        stock -= left
        stock -= moves.served
        stock -= moves.spilled
        if model.kept is not None:
            stock *= model.kept
        return stock, moving

    def _lost(self, losses: Losses, now: Situation, moves: Moves) -> Floats:
        """What of fleets did not come back until today, (B, H)."""
        moved = moves.flows[:, losses.at, losses.commodity]
        before = np.zeros((len(moved), losses.most.size)) if now.lost is None else now.lost
        fleets = np.eye(losses.most.size)[losses.row]
        _expect(
            "more vehicles move than came back",
            (moved * losses.used) @ fleets + before - losses.most,
        )
        found: Floats = before + np.maximum(moved * losses.stays, 0.0) @ fleets
        return found

    def _check_moves(self, now: Situation, moves: Moves, burnt: Floats | None) -> None:
        model, arcs = self.model, self.model.arcs
        _expect("what leaves cannot be less than nothing", -moves.flows)
        _expect("what is handed out cannot be less than nothing", -moves.served)
        if not arcs.carries.all():
            _expect("goods move where they may not", moves.flows[:, ~arcs.carries])
        if model.moves.row.size:
            _expect("a limit on what moves is passed", self._over(now, moves.flows))
        _expect("what is spilled cannot be less than nothing", -moves.spilled)
        kept = np.isinf(model.spill_cost)
        if kept.any():
            _expect("goods are spilled where none may be", moves.spilled[:, kept])
        if burnt is not None:
            _expect("fuel bought cannot be less than nothing", -moves.bought)
            _expect("more fuel is bought than is burnt", moves.bought - burnt)
            unsold = np.isinf(model.emergency_fuel_cost)
            _expect("fuel is bought where there is none", moves.bought[:, unsold])
        ahead = arcs.is_loaded_ahead
        if ahead.any():
            _expect("more leaves than was loaded", (moves.flows - now.loaded)[:, ahead])
            _expect("what is loaded cannot be less than nothing", -moves.loads)
        _expect("goods are loaded where none are", np.abs(moves.loads.compress(~ahead, axis=1)))

    def _check_evening(self, now: Situation, moves: Moves, stock: Floats) -> None:
        model = self.model
        if model.stores.row.size:
            most = limit_today(model.stores, now)
            _expect("a store is fuller than it can be", used(self._store_weight, stock) - most)
        if model.arcs.is_loaded_ahead.any():
            loaded = np.zeros_like(stock)
            for arc in np.flatnonzero(model.arcs.is_loaded_ahead):
                loaded[:, model.arcs.start[arc]] += moves.loads[:, arc]
            _expect("more is loaded than is in stock", loaded - stock)
            if model.arcs.waits is not None:
                waiting = left_waiting(model, now.loaded, moves.flows)
                _expect("what waits is unloaded", waiting - moves.loads)
            most = widest_load(model, now.day)
            _expect(
                "more is loaded than could ever leave", used(self._move_weight, moves.loads) - most
            )

    def _over(self, now: Situation, flows: Floats) -> Floats:
        over: Floats = used(self._move_weight, flows) - limit_today(self.model.moves, now)
        return over

    def _movement(self, moves: Moves) -> Floats:
        model = self.model
        cost = _summed(moves.flows, model.arcs.cost)
        spilling = np.where(np.isinf(model.spill_cost), 0.0, model.spill_cost)
        if spilling.any():
            cost += _summed(moves.spilled, spilling)
        if self._fuel is not None:
            price = model.emergency_fuel_cost
            cost += moves.bought @ np.where(np.isinf(price), 0.0, price)
        return cost

    def _deprivation(self, days: Floats) -> Floats:
        model = self.model
        cost = _summed(days, model.deprivation_cost[:, :, 0])
        for place, at in enumerate(model.deprivation_breaks):
            cost += _summed(np.maximum(days - at, 0.0), self._steps[:, :, place])
        return cost

    def _fairness(self, days: Floats) -> Floats:
        if not self.model.fairness_cost:
            return np.zeros(len(days))
        by_node = np.einsum("bnc,nc->bn", days, self.model.fairness_share)
        worst: Floats = self.model.fairness_cost * by_node.max(axis=1)
        return worst


def weights(limits: Limits, shape: tuple[int, int]) -> Floats:
    """Return limits as rows over (arc or node, commodity) laid out flat, (G, shape[0] x shape[1])."""
    dense = np.zeros((limits.most.shape[1], *shape))
    np.add.at(dense, (limits.row, limits.at, limits.commodity), limits.weight)
    return dense.reshape(len(dense), -1)


def used(weight: Floats, amounts: Floats) -> Floats:
    """Return how much of each limit is taken up, (G, B), by (B, arc or node, C) amounts."""
    flat = amounts.transpose(1, 2, 0).reshape(weight.shape[1], -1)
    taken: Floats = weight @ flat
    return taken


def limit_today(limits: Limits, now: Situation) -> Floats:
    """Return the limits of the day in each scenario, (G, B) or (G, 1)."""
    most: Floats = limits.most[now.day if limits.most.shape[0] > 1 else 0]
    return np.take(most, now.state, axis=1) if most.shape[1] > 1 else most


def left_waiting(model: ReliefModel, loaded: Floats, flows: Floats) -> Floats:
    """Return what was loaded, did not leave and stays loaded, (..., A, C)."""
    waits = model.arcs.waits
    if waits is None:
        return np.zeros_like(loaded)
    stays: Floats = np.where(waits[:, None], loaded - flows, 0.0)
    return stays if model.kept is None else stays * model.kept


def widest_load(model: ReliefModel, day: int) -> Floats:
    """Return the limits that loads for tomorrow keep, (G, 1): where loads may wait, the widest of all days."""
    if model.arcs.waits is not None:
        return model.moves.widest()[:, None]
    return widest_tomorrow(model.moves, day, len(model.demand))


def widest_tomorrow(limits: Limits, day: int, days: int) -> Floats:
    """Return the limits of the next day in the joint state where they are widest, (G, 1)."""
    tomorrow = min(day + 1, days - 1, len(limits.most) - 1)
    widest: Floats = limits.most[tomorrow].max(axis=1, keepdims=True)
    return widest


def scenarios_last(shape: tuple[int, ...]) -> Floats:
    """Return zeros of a shape (B, ...), the scenarios next to each other in memory."""
    return np.moveaxis(np.zeros((*shape[1:], shape[0])), -1, 0)


def _summed(amounts: Floats, price: Floats) -> Floats:
    """The sum over nodes (or arcs) and commodities of amounts at a price, (B,)."""
    total: Floats = price.ravel() @ amounts.transpose(1, 2, 0).reshape(price.size, -1)
    return total


def _expect(says: str, over: Floats) -> None:
    """Refuse what is over nothing by more than a program may be off."""
    most = over.max(initial=0.0)
    # A number that is none is not under the limit either.
    if not most <= _NEARLY:
        raise PlanningError(f"simulation: {says}, by {most:.3g} units")
