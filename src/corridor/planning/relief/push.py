"""Rules of thumb: fill what is open and share by need, in all scenarios at once."""

from __future__ import annotations

import numpy as np

from corridor.planning.relief.evening import (
    left_waiting,
    limit_today,
    used,
    weights,
    widest_load,
)
from corridor.planning.relief.model import Floats, ReliefModel
from corridor.planning.relief.policies import Moves, Situation
from corridor.planning.relief.push_steps import Goods, Step, steps_of, tiers_of


def push_everything(model: ReliefModel) -> Push:
    """Fill roads and vehicles with all goods alike, in days of need."""
    return Push(model, "push everything", (_all(model),))


def push_most_urgent_first(model: ReliefModel) -> Push:
    """Fill roads and vehicles with the good whose lack costs most for a tonne; then with the next."""
    need_t = model.need.sum(axis=0) * model.t_per_unit
    lack = model.deprivation_cost[:, :, 0].sum(axis=0)
    urgency = np.divide(lack, need_t, out=np.zeros_like(lack), where=need_t > 0)
    first_to_last = np.argsort(-urgency, kind="stable").tolist()
    return Push(model, "push, most urgent first", tuple((good,) for good in first_to_last))


def serve_today(model: ReliefModel) -> Push:
    """Send and hand out what is owed today, and nothing ahead."""
    return Push(model, "serve today's need only", (_all(model),), goes_ahead=False)


def nothing_leaves(model: ReliefModel) -> Push:
    """Send nothing; hand out what is in place."""
    return Push(model, "no convoys", (), goes_ahead=False)


class Push:
    """A rule that fills arcs towards people, those nearest to them first.

    1. Arcs that lead further from the sources are in use; those between places alike are not.
    2. From the innermost to the outermost, arcs carry what is owed today behind them; fuel for that
       is bought on the spot, where it can be, when there is none.
    3. Then, if the rule goes ahead, what is left of roads, vehicles and stores is filled.
    4. What is there is handed out up to what is owed; what finds no room in a store is spilled.
    5. Arcs that are loaded ahead are loaded up to tomorrow's widest limits.

    In each step goods and places grow together in proportion to the need behind an arc, or one
    group of goods after the other. What comes to a place today leaves it tomorrow at the earliest.
    """

    __slots__ = ("_loading", "_model", "_steps", "_store_weight", "name")

    def __init__(
        self, model: ReliefModel, name: str, groups: tuple[Goods, ...], *, goes_ahead: bool = True
    ) -> None:
        self.name = name
        self._model = model
        self._store_weight = weights(model.stores, model.need.shape)
        self._steps: list[Step] = []
        all_sent = tuple(good for group in groups for good in group)
        for tier in tiers_of(model):
            self._steps += steps_of(model, tier, groups, only_owed=True)
            if model.fuel >= 0:
                self._steps += steps_of(model, tier, (all_sent,), only_owed=True, buys=True)
            if goes_ahead:
                self._steps += steps_of(model, tier, groups, only_owed=False)
        self._loading = [
            step
            for tier in tiers_of(model)
            for step in steps_of(model, tier, groups, only_owed=False, loads=True)
        ]

    def decide(self, situation: Situation) -> Moves:
        """Fill step by step, then hand out."""
        day = _Day(self._model, situation, self._store_weight)
        for step in self._steps:
            day.send(step)
        served, spilled = day.close()
        day.keep_loaded()
        for step in self._loading:
            day.load(step)
        return Moves(
            flows=_first(day.flows),
            loads=_first(day.loads),
            served=_first(served),
            spilled=_first(spilled),
            bought=day.bought.T,
        )


class _Day:
    """A day as it fills up; scenarios stand last: (N, C, B) and (A, C, B)."""

    __slots__ = (
        "bought",
        "coming",
        "flows",
        "held",
        "loaded",
        "loads",
        "may_leave",
        "model",
        "now",
        "owed",
        "store_weight",
    )

    def __init__(self, model: ReliefModel, now: Situation, store_weight: Floats) -> None:
        self.model, self.now, self.store_weight = model, now, store_weight
        arcs, count = model.arcs, len(now.state)
        self.owed = _last(now.backlog) * model.backlog_keep
        self.owed += model.demand[now.day][..., None]
        self.may_leave = _last(now.stock).copy()
        self.held = self.may_leave + model.supply[now.day][..., None]
        self.coming = np.zeros_like(self.held)
        for arc in np.flatnonzero(arcs.lead_days):
            under_way = _last(now.moving[:, :, arc])
            comes = under_way[0]
            if model.kept is not None:
                comes = comes * (model.kept ** arcs.lead_days[arc])[:, None]
            self.held[arcs.end[arc]] += comes
            self.coming[arcs.end[arc]] += under_way[1:].sum(axis=0)
        today = ~model.leaves_from_morning
        self.may_leave[today] = self.held[today]
        self.flows = np.zeros((*arcs.carries.shape, count))
        self.loads = np.zeros_like(self.flows)
        self.loaded = _last(now.loaded)
        self.bought = np.zeros((len(model.need), count))

    def send(self, step: Step) -> None:
        """Fill a step's arcs, and let what comes today be held at their ends."""
        arcs, fuel = self.model.arcs, self.model.fuel
        amounts = step.filling.fill(self._room(step))
        for arc, good, amount in zip(step.arc, step.good, amounts, strict=True):
            start, end = arcs.start[arc], arcs.end[arc]
            self.flows[arc, good] += amount
            self.may_leave[start, good] -= amount
            self.held[start, good] -= amount
            arrives = self.coming if arcs.lead_days[arc] else self.held
            arrives[end, good] += amount
            if arcs.back is not None and arcs.back_fuel is not None:
                self.held[end, arcs.back_fuel[arc]] -= arcs.back[arc, good] * amount
            if fuel >= 0 and arcs.fuel[arc, good]:
                burnt = arcs.fuel[arc, good] * amount
                self.may_leave[start, fuel] -= burnt
                self.held[start, fuel] -= burnt
                # Steps that may not buy leave enough for what they burn.
                lacking = np.maximum(-self.may_leave[start, fuel], 0.0)
                self.bought[start] += lacking
                self.may_leave[start, fuel] += lacking
                self.held[start, fuel] += lacking

    def load(self, step: Step) -> None:
        """Fill a step's arcs with what stands there in the evening, to leave tomorrow."""
        most = widest_load(self.model, self.now.day)
        flat = self.loads.reshape(-1, self.loads.shape[2])
        room = [most[step.moves] - step.weight @ flat, self.held[step.start, step.start_good]]
        amounts = step.filling.fill(np.concatenate(room))
        for arc, good, amount in zip(step.arc, step.good, amounts, strict=True):
            self.loads[arc, good] += amount
            self.held[self.model.arcs.start[arc], good] -= amount

    def close(self) -> tuple[Floats, Floats]:
        """Hand out, and spill what finds no room, (N, C, B) each."""
        model, stores = self.model, self.model.stores
        served = np.minimum(self.held, self.owed)
        self.held -= served
        spilled = np.zeros_like(self.held)
        over = self._taken(self.held) - limit_today(stores, self.now)
        loose = self._loose()
        for row in np.flatnonzero((over > 0).any(axis=1)):
            here = stores.row == row
            node, good = stores.at[here], stores.commodity[here]
            share = np.maximum(over[row], 0.0) / np.maximum(self._taken(loose)[row], 1e-300)
            away = loose[node, good] * share
            away[np.isinf(model.spill_cost[node, good])] = 0.0
            spilled[node, good] += away
            self.held[node, good] -= away
        return served, spilled

    def keep_loaded(self) -> None:
        """Set aside, of what is still good in the evening, what waits on its vehicles."""
        if self.model.kept is not None:
            self.held *= self.model.kept[:, None]
        if self.model.arcs.waits is not None:
            self.loads += self._waiting()
            for arc in np.flatnonzero(self.model.arcs.waits):
                self.held[self.model.arcs.start[arc]] -= self.loads[arc]
            np.maximum(self.held, 0.0, out=self.held)

    def _waiting(self) -> Floats:
        """What waits on its vehicles of what is still good in the evening, (A, C, B)."""
        waiting = _last(left_waiting(self.model, self.now.loaded, _first(self.flows)))
        found: Floats = np.maximum(waiting, 0.0)
        return found

    def _loose(self) -> Floats:
        """What stands in stock and on no vehicle, (N, C, B)."""
        held: Floats = self.held
        if self.model.arcs.waits is None:
            return held
        loose, waiting = held.copy(), np.maximum(self.loaded - self.flows, 0.0)
        for arc in np.flatnonzero(self.model.arcs.waits):
            loose[self.model.arcs.start[arc]] -= waiting[arc]
        np.maximum(loose, 0.0, out=loose)
        return loose

    def _of_fleets(self) -> Floats:
        """What of fleets that lose vehicles is left to move, (H, B)."""
        losses = self.model.losses
        assert losses is not None
        moved = self.flows[losses.at, losses.commodity] * losses.used[:, None]
        left = losses.most[:, None] - np.eye(losses.most.size)[losses.row].T @ moved
        found: Floats = left if self.now.lost is None else left - self.now.lost.T
        return found

    def _taken(self, held: Floats) -> Floats:
        return used(self.store_weight, _first(held))

    def _room(self, step: Step) -> Floats:
        """What each limit of a step leaves, in the order of its rows, (G, B)."""
        parts = []
        if step.moves.size:
            flat = self.flows.reshape(-1, self.flows.shape[2])
            parts.append(limit_today(self.model.moves, self.now)[step.moves] - step.weight @ flat)
        parts.append(self.may_leave[step.start, step.start_good])
        if step.ahead.size:
            at = step.arc[step.ahead], step.good[step.ahead]
            parts.append(self.loaded[at] - self.flows[at])
        if step.end.size:
            lack = self.owed - self.held
            lack -= self.coming
            room = lack[step.end, step.end_good]
            np.maximum(lack, 0.0, out=lack)
            for place, (behind, good) in enumerate(zip(step.behind, step.end_good, strict=True)):
                room[place] += lack[behind, good].sum(axis=0)
                if self.model.leaves_from_morning[step.end[place]]:
                    # What comes there today is for tomorrow.
                    room[place] += self.model.need[behind, good].sum()
            parts.append(room)
        if step.stores.size:
            evening = np.maximum(self.held - self.owed, 0.0)
            evening += self.coming
            taken = self._taken(evening)[step.stores]
            parts.append(limit_today(self.model.stores, self.now)[step.stores] - taken)
        if step.back.size:
            parts.append(self.held[step.back, step.back_good])
        if step.fleets.size:
            parts.append(self._of_fleets()[step.fleets])
        return np.concatenate(parts)


def _all(model: ReliefModel) -> Goods:
    return tuple(range(len(model.t_per_unit)))


def _last(amounts: Floats) -> Floats:
    return amounts.transpose(*range(1, amounts.ndim), 0)


def _first(amounts: Floats) -> Floats:
    return amounts.transpose(-1, *range(amounts.ndim - 1))
