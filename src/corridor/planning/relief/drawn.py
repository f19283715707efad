"""What claims leave open besides the roads: how many people there are, and when goods from outside come.

A plan counts the most people and, of goods that may be late, a late day. What follows from it is another
matter: the true number is one and the same on all days of a future, and is drawn once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corridor.planning.problem import Problem
from corridor.planning.relief.model import Floats, Ints, ReliefModel
from corridor.planning.relief.outcome import Outcome
from corridor.planning.relief.policies import Moves, RoadPolicy, Situation
from corridor.planning.relief.simulation import QUANTILES, simulate

# Variants of need and arrivals over which futures are spread.
VARIANTS = 8
# A place without anybody would need nothing, and have no column: a trace is left.
_TRACE = 1e-3

Follow = Callable[[ReliefModel], RoadPolicy]


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A model as it may turn out, and the people at its nodes, (N,)."""

    model: ReliefModel
    people: Floats


def variants(
    problem: Problem, model: ReliefModel, unit: Floats, seed: int, count: int = VARIANTS
) -> tuple[Variant, ...]:
    """Draw how many people there are and when late goods come; the model itself where nothing is open.

    People at each place lie anywhere between the lowest and the highest claim, all alike: no claimant
    is believed above another. The draws are stratified (a Latin hypercube: McKay, Beckman & Conover
    1979), so that their mean is the middle of the claims. Goods are one day later with their chance, and
    another with the same again.

    Parameters
    ----------
    unit
        The problem's units in one of the model's, (C,).
    """
    if not problem.is_open:
        return (Variant(model, problem.people),)
    rng = np.random.default_rng(seed)
    places = len(problem.places)
    strata = np.stack([rng.permutation(count) for _ in range(places)], axis=1)
    low = problem.people if problem.people_low is None else problem.people_low
    share = np.divide(low, problem.people, out=np.ones(places), where=problem.people > 0)
    share = share + (1 - share) * (strata + 0.5) / count
    return tuple(_variant(problem, model, unit, np.maximum(each, _TRACE), rng) for each in share)


def _variant(
    problem: Problem, model: ReliefModel, unit: Floats, share: Floats, rng: np.random.Generator
) -> Variant:
    by_place, supply = share[:, None], model.supply.copy()
    for goods in problem.late:
        late = int(rng.geometric(1 - goods.chance)) - 1 if goods.chance < 1 else len(supply)
        amount = goods.amount / unit[goods.commodity]
        # What comes on a day is in store the morning after.
        for day, sign in ((goods.counted, -1), (goods.latest + late, 1)):
            if day + 1 < len(supply):
                supply[day + 1, goods.place, goods.commodity] += sign * amount
    changed = replace(
        model,
        demand=model.demand * by_place,
        need=model.need * by_place,
        backlog=model.backlog * by_place,
        deprivation_cost=model.deprivation_cost * by_place[..., None],
        supply=np.maximum(supply, 0.0),
    )
    return Variant(changed, problem.people * share)


def simulate_open(
    follow: Follow,
    among: Sequence[Variant],
    paths: Ints,
    *,
    quantiles: tuple[float, ...] = QUANTILES,
    clock: Callable[[], float] | None = None,
) -> Outcome:
    """Follow a policy through futures that are spread over variants, as `simulate` does through one.

    Parameters
    ----------
    follow
        Makes the policy for a variant. It sees what is needed and what came by the day it decides on, and
        values what follows as it was taught to.
    paths
        Joint state of the roads by scenario and day, (B, T).

    Raises
    ------
    PlanningError
        As `simulate`.
    """
    if len(among) == 1:
        (one,) = among
        made = follow(one.model)
        return simulate(made, one.model, paths, people=one.people, quantiles=quantiles, clock=clock)
    outcomes, stocks = [], []
    for number, variant in enumerate(among):
        part = paths[number :: len(among)]
        if not len(part):
            continue
        noting = _Noting(follow(variant.model))
        found = simulate(
            noting, variant.model, part, people=variant.people, quantiles=(), clock=clock
        )
        outcomes.append(found)
        stocks.append(np.stack([*noting.stock[1:], found.stock]))
    order = np.argsort(
        np.concatenate([np.arange(len(paths))[n :: len(among)] for n in range(len(outcomes))]),
        kind="stable",
    )
    return _joined(outcomes, stocks, order, among[0].model.need, quantiles)


class _Noting:
    """A policy that notes the stock it is shown, each morning (B, N, C)."""

    __slots__ = ("_policy", "name", "stock")

    def __init__(self, policy: RoadPolicy) -> None:
        self._policy, self.name = policy, policy.name
        self.stock: list[Floats] = []

    def decide(self, situation: Situation) -> Moves:
        self.stock.append(np.array(situation.stock))
        return self._policy.decide(situation)


_BY_SCENARIO = (
    "movement", "holding", "deprivation", "fairness", "ending", "days_without", "person_days_without",
    "run_out_days", "moved_t", "refused_t", "refused_loads", "gini", "stock",
)  # fmt: skip


def _joined(
    outcomes: Sequence[Outcome],
    stocks: Sequence[Floats],
    order: Ints,
    need: Floats,
    quantiles: tuple[float, ...],
) -> Outcome:
    """Put outcomes of some of the scenarios each into one of all, in the order of their futures."""
    weight = np.array([len(each.ending) for each in outcomes], dtype=float)
    weight /= weight.sum()
    told = {
        name: np.concatenate([getattr(each, name) for each in outcomes])[order]
        for name in _BY_SCENARIO
    }
    days, nodes, commodities = outcomes[0].run_out_share.shape
    levels = np.zeros((days, nodes, commodities, len(quantiles)))
    if quantiles:
        stock = np.concatenate(stocks, axis=1)
        levels = np.moveaxis(np.quantile(stock, quantiles, axis=1), 0, -1)
    cover = np.full_like(levels, np.inf)
    np.divide(
        levels, need[..., None], out=cover, where=np.broadcast_to(need[..., None] > 0, levels.shape)
    )
    return Outcome(
        name=outcomes[0].name,
        run_out_share=sum(w * each.run_out_share for w, each in zip(weight, outcomes, strict=True)),
        stock_quantiles=levels,
        cover_quantiles=cover,
        cpu_s_per_decision=float(weight @ [each.cpu_s_per_decision for each in outcomes]),
        **told,
    )
