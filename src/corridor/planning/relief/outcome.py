"""What a policy led to, scenario by scenario and place by place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.relief.evening import Evening, scenarios_last
from corridor.planning.relief.model import Floats, Ints, ReliefModel
from corridor.planning.relief.policies import Moves, Situation

_SHORT = 1e-6  # part of a day's need that may be missing without the day counting as one without


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What following a policy led to. B scenarios, T days, N nodes, C commodities.

    A day without is a day's need not handed out on its day: what is handed out later against
    the backlog takes none away.

    Attributes
    ----------
    name
        The policy's.
    cost
        Of each scenario, (B,): the sum of the five parts.
    movement, holding, deprivation, fairness, ending
        Parts of the cost, (B,).
    days_without
        Days' need not handed out on its day, (B, N, C); where people leave, a day counts by the share who
        are still there.
    person_days_without
        The same weighed by people and summed over places, (B, C).
    run_out_days
        Days on which not all of the day's need was handed out, (B, N, C).
    run_out_share
        Share of scenarios in which that was so, by day, (T, N, C), 0 to 1.
    moved_t
        Tonnes that left on any arc, (B,).
    refused_t
        Tonnes loaded ahead that did not leave, (B,).
    refused_loads
        Arcs and days on which something loaded ahead did not leave, (B,).
    gini
        Gini coefficient of days of cover over places, weighed by people, averaged over days, (B, C);
        0 is alike everywhere.
    stock_quantiles
        Evening stock below which it was in the shares of scenarios asked for, as a rule 10, 50 and
        90 %, (T, N, C, quantiles) units.
    cover_quantiles
        The same in days of mean need, (T, N, C, quantiles); infinite where nothing is needed.
    stock
        On the last evening, (B, N, C) units.
    cpu_s_per_decision
        Processor seconds the policy took for a scenario and day; NaN where no clock was given.
    """

    name: str
    movement: Floats
    holding: Floats
    deprivation: Floats
    fairness: Floats
    ending: Floats
    days_without: Floats
    person_days_without: Floats
    run_out_days: Ints
    run_out_share: Floats
    moved_t: Floats
    refused_t: Floats
    refused_loads: Ints
    gini: Floats
    stock_quantiles: Floats
    cover_quantiles: Floats
    stock: Floats
    cpu_s_per_decision: float

    @property
    def cost(self) -> Floats:
        """Of each scenario, (B,)."""
        total: Floats = (
            self.movement + self.holding + self.deprivation + self.fairness + self.ending
        )
        return total

    @property
    def ran_out(self) -> Floats:
        """Share of scenarios in which a place was short on any day, (N, C)."""
        share: Floats = (self.run_out_days > 0).mean(axis=0)
        return share

    @property
    def worst_place_days(self) -> Floats:
        """Days without at the place where they are most, (B, C)."""
        worst: Floats = self.days_without.max(axis=1)
        return worst


class Record:
    """Adds up evenings as they come."""

    __slots__ = (
        "_carried",
        "_gini",
        "_inverse_demand",
        "_levels",
        "_model",
        "_moved",
        "_parts",
        "_quantiles",
        "_refused",
        "_refused_loads",
        "_run_out",
        "_run_out_share",
        "_without",
    )

    def __init__(self, model: ReliefModel, count: int, levels: tuple[float, ...]) -> None:
        days, nodes, commodities = model.demand.shape
        self._model, self._levels = model, levels
        self._parts = np.zeros((4, count))
        self._without = scenarios_last((count, nodes, commodities))
        self._run_out = scenarios_last((count, nodes, commodities))
        self._run_out_share = np.zeros((days, nodes, commodities))
        self._moved, self._refused, self._refused_loads = np.zeros((3, count))
        self._gini = np.zeros((count, commodities))
        self._quantiles = np.zeros((days, nodes, commodities, len(levels)))
        self._carried = model.arcs.carries * model.t_per_unit
        demand = model.demand
        self._inverse_demand = np.divide(1.0, demand, out=np.zeros_like(demand), where=demand > 0)

    def add(self, now: Situation, moves: Moves, evening: Evening) -> None:
        """Take in one day."""
        model, day = self._model, now.day
        for place, part in enumerate(
            (evening.movement, evening.holding, evening.deprivation, evening.fairness)
        ):
            self._parts[place] += part
        missing = model.demand[day] - moves.served
        missing *= self._inverse_demand[day]
        np.maximum(missing, 0.0, out=missing)
        if model.staying is None:
            self._without += missing
        else:
            self._without += missing * model.staying[day][:, None]
        is_short = missing > _SHORT
        self._run_out += is_short
        self._run_out_share[day] = is_short.mean(axis=0)
        flat = moves.flows.transpose(1, 2, 0).reshape(self._carried.size, -1)
        self._moved += self._carried.ravel() @ flat
        if model.arcs.is_loaded_ahead.any():
            stayed = np.where(model.arcs.is_loaded_ahead[:, None], now.loaded - moves.flows, 0.0)
            stayed_t = stayed @ model.t_per_unit
            self._refused += stayed_t.sum(axis=1)
            self._refused_loads += (stayed_t > _SHORT).sum(axis=1)
        self._gini += _gini(evening.stock, model.need)
        if self._levels:
            self._quantiles[day] = np.moveaxis(
                np.quantile(evening.stock, self._levels, axis=0), 0, -1
            )

    def outcome(
        self, name: str, people: Floats, stock: Floats, ending: Floats, cpu_s: float
    ) -> Outcome:
        """Return all that was added up."""
        model, days = self._model, len(self._model.demand)
        need = model.need[None, :, :, None]
        movement, holding, deprivation, fairness = self._parts
        return Outcome(
            name=name,
            movement=movement,
            holding=holding,
            deprivation=deprivation,
            fairness=fairness,
            ending=ending,
            days_without=self._without,
            person_days_without=np.einsum("bnc,n->bc", self._without, people),
            run_out_days=self._run_out.astype(np.int64),
            run_out_share=self._run_out_share,
            moved_t=self._moved,
            refused_t=self._refused,
            refused_loads=self._refused_loads.astype(np.int64),
            gini=self._gini / days,
            stock_quantiles=self._quantiles,
            cover_quantiles=np.divide(
                self._quantiles,
                need,
                out=np.full_like(self._quantiles, np.inf),
                where=np.broadcast_to(need > 0, self._quantiles.shape),
            ),
            stock=stock,
            cpu_s_per_decision=cpu_s / (days * len(ending)),
        )


def _gini(stock: Floats, need: Floats) -> Floats | float:
    """Gini coefficient of stock / need over nodes with need, weighed by need, (B, C).

    Area between the Lorenz curve and the diagonal, twice (Gini 1912, in Lerman & Yitzhaki 1989).
    """
    places = np.flatnonzero(need.any(axis=1))
    if places.size < 2:
        return 0.0
    held, weight = stock[:, places], need[places]
    days = np.divide(held, weight, out=np.zeros_like(held), where=weight > 0)
    order = np.argsort(days, axis=1)
    share = np.take_along_axis(weight[None], order, axis=1) / np.maximum(weight.sum(axis=0), 1e-300)
    up_to = np.cumsum(np.take_along_axis(held, order, axis=1), axis=1)
    total = up_to[:, -1:]
    lorenz = np.divide(up_to, total, out=np.ones_like(up_to), where=total > 0)
    before = np.concatenate([np.zeros_like(total), lorenz[:, :-1]], axis=1)
    gini: Floats = 1.0 - (share * (lorenz + before)).sum(axis=1)
    return np.where(total[:, 0] > 0, gini, 0.0)
