"""What would change the days ahead: the policy followed again with one more of something.

Both runs see the same futures and use what was learnt before; every day of both is solved anew. The gain is a mean of
differences, with its standard error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from corridor.planning.network import network
from corridor.planning.policy import Policy, Trained
from corridor.planning.problem import Floats, Problem
from corridor.planning.relief.from_problem import opened, relief_model
from corridor.planning.relief.model import Ints, ReliefModel
from corridor.planning.relief.outcome import Outcome
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.scaling import in_units
from corridor.planning.relief.simulation import simulate
from corridor.values import CommodityCode, named

_TONNES, _PEOPLE = 20.0, 500.0
_EACH = 2


@dataclass(frozen=True, slots=True)
class Change:
    """What one change of the situation would spare.

    Attributes
    ----------
    text
        The change in words, as the subject of a sentence.
    person_days, person_days_error
        Person-days without that it spares over all commodities, and the standard error; below 0 where
        it adds some.
    cost, cost_error
        The same in the aims' cost.
    by_commodity
        Person-days spared of each commodity.
    """

    text: str
    person_days: float
    person_days_error: float
    cost: float
    cost_error: float
    by_commodity: tuple[tuple[CommodityCode, float], ...]


def changes(policy: Policy, *, futures: int = 200, seed: int = 2) -> tuple[Change, ...]:
    """Try one more vehicle, an earlier open day, more at a hub and fewer people; the most spared first.

    Of each kind at most two are tried: those with most need behind them.

    Raises
    ------
    PlanningError
        When a day's program has no answer.
    """
    trained, problem = policy.trained, policy.problem
    if trained is None:
        return ()
    paths = sample_paths(trained.model.chain, count=futures, seed=seed)
    before = _followed(trained, problem, paths)
    found = []
    for text, changed, model in _asked(problem):
        counted = in_units(model, trained.unit, trained.cost)
        after = _followed(replace(trained, model=counted), changed, paths)
        found.append(_compared(text, problem, trained.cost, before, after))
    return tuple(sorted(found, key=lambda change: (-change.person_days, change.text)))


def _followed(trained: Trained, problem: Problem, paths: Ints) -> Outcome:
    policy = trained.follow()
    return simulate(policy, trained.model, paths, people=problem.people, quantiles=())


def _compared(text: str, problem: Problem, price: float, before: Outcome, after: Outcome) -> Change:
    days = before.person_days_without - after.person_days_without
    cost = (before.cost - after.cost) * price
    total = days.sum(axis=1)
    return Change(
        text,
        round(float(total.mean()), 6),
        round(float(total.std(ddof=1) / np.sqrt(total.size)), 6),
        float(f"{cost.mean():.6g}"),
        float(f"{cost.std(ddof=1) / np.sqrt(cost.size):.6g}"),
        tuple(zip(problem.commodities, days.mean(axis=0).round(6).tolist(), strict=True)),
    )


def _asked(problem: Problem) -> list[tuple[str, Problem, ReliefModel]]:
    supposed = [*_more_vehicles(problem), *_more_stock(problem), *_fewer_people(problem)]
    return [
        *((text, changed, relief_model(changed)) for text, changed in supposed),
        *_earlier_open(problem),
    ]


def _more_vehicles(problem: Problem) -> list[tuple[str, Problem]]:
    ready = network(problem).ready
    serves = np.isfinite(problem.trip_days).any(axis=0)
    weight = ((problem.payload > 0) * problem.urgency).sum(axis=1) * serves
    found = []
    for fleet in _largest(weight, [each.fleet for each in problem.fleets]):
        more = ready.copy()
        more[:, fleet] += 1
        text = f"one more vehicle of {named(problem.fleets[fleet].fleet)}"
        found.append((text, replace(problem, vehicles_ready=more)))
    return found


def _earlier_open(problem: Problem) -> list[tuple[str, Problem, ReliefModel]]:
    """Each leg on the first day on which nothing leaves by it, as if open, its passage granted."""
    limit = network(problem).limit * problem.may_depart
    people = problem.people[[problem.places.index(leg.end) for leg in problem.legs]]
    shut = (limit <= 0).any(axis=0)
    found = []
    for leg in _largest(people * shut, [f"{each.road} {each.end}" for each in problem.legs]):
        day = int(np.flatnonzero(limit[:, leg] <= 0)[0])
        may = problem.may_depart.copy()
        may[day, leg] = True
        passages = {key: each for key, each in problem.passages.items() if key != (day, leg)}
        granted = replace(problem, may_depart=may, passages=passages)
        road = problem.legs[leg]
        text = (
            f"{named(road.road)} towards {named(road.end)} open on "
            f"{problem.days[day].isoformat()}, its passage granted"
        )
        found.append((text, granted, opened(relief_model(granted), granted, day, leg)))
    return found


def _more_stock(problem: Problem) -> list[tuple[str, Problem]]:
    """Twenty tonnes more at a hub, of the goods that last the fewest days."""
    need = problem.demand.sum(axis=(0, 1)) / len(problem.days)
    supply = problem.stock.sum(axis=0) + problem.arrivals.sum(axis=(0, 1))
    days = np.divide(supply, need, out=np.full(need.shape, np.inf), where=need > 0)
    score = np.where((need > 0) & (problem.t_per_unit > 0), problem.urgency / (1 + days), 0.0)
    hubs = np.flatnonzero(problem.is_hub)
    if not hubs.size:
        return []
    hub = int(hubs[problem.stock[hubs].sum(axis=1).argmax()])
    found = []
    for commodity in _largest(score, list(problem.commodities)):
        stock = problem.stock.copy()
        stock[hub, commodity] += _TONNES / problem.t_per_unit[commodity]
        text = (
            f"{_TONNES:g} t more {named(problem.commodities[commodity])} at "
            f"{named(problem.places[hub])}"
        )
        found.append((text, replace(problem, stock=stock)))
    return found


def _fewer_people(problem: Problem) -> list[tuple[str, Problem]]:
    found = []
    for place in _largest(problem.people, list(problem.places))[:1]:
        people = float(problem.people[place])
        if people <= _PEOPLE:
            continue
        demand, counted = problem.demand.copy(), problem.people.copy()
        demand[:, place] *= 1 - _PEOPLE / people
        counted[place] -= _PEOPLE
        text = f"{_PEOPLE:g} fewer people at {named(problem.places[place])}"
        found.append((text, replace(problem, demand=demand, people=counted)))
    return found


def _largest(score: Floats, names: list[str]) -> list[int]:
    ranked = sorted(
        (index for index, value in enumerate(score.tolist()) if value > 0),
        key=lambda index: (-score[index], names[index]),
    )
    return ranked[:_EACH]
