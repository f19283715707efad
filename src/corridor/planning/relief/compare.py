"""Policies side by side, on the same futures, in the world assumed and in worse ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.relief.model import Chain, Floats, Ints, ReliefModel
from corridor.planning.relief.outcome import Outcome
from corridor.planning.relief.policies import RoadPolicy
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.simulation import simulate

_TAIL = 0.95


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over scenarios.

    Attributes
    ----------
    value
        The mean.
    error
        Its standard error; infinite from one scenario.
    """

    value: float
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One policy. C commodities.

    Attributes
    ----------
    name
        The policy's.
    cost
        Of a scenario.
    against
        Cost less the cost of the policy compared with, scenario by scenario: its error is that of
        the difference on the same futures, mostly far below those of the two costs.
    deprivation
        Its mean.
    deprivation_tail
        The 95th percentile of deprivation over scenarios, and an error of it from its neighbours.
    person_days_without
        Person-days without each commodity, (C,).
    worst_place_days
        Days without at the place worst off, (C,).
    gini
        Of days of cover over places, (C,).
    moved_t
        Tonnes moved.
    refused_t
        Tonnes loaded ahead that could not pass.
    cpu_s_per_decision
        Processor seconds for a scenario and day; NaN without a clock.
    """

    name: str
    cost: Mean
    against: Mean
    deprivation: Mean
    deprivation_tail: Mean
    person_days_without: tuple[Mean, ...]
    worst_place_days: tuple[Mean, ...]
    gini: tuple[Mean, ...]
    moved_t: Mean
    refused_t: Mean
    cpu_s_per_decision: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Policies on the same futures.

    Attributes
    ----------
    against
        Name of the policy that differences are to.
    scenarios
        How many futures.
    lines
        One a policy, in the order given.
    """

    against: str
    scenarios: int
    lines: tuple[Line, ...]


def compare(
    policies: Sequence[RoadPolicy],
    model: ReliefModel,
    paths: Ints,
    *,
    people: Floats,
    against: str,
    clock: Callable[[], float] | None = None,
) -> Comparison:
    """Follow each policy through the same futures.

    Parameters
    ----------
    paths
        Joint state of the roads by scenario and day, (B, T).
    people
        At each node, (N,).
    against
        Name of the policy that the others' costs are compared with.
    clock
        Processor seconds, such as `time.process_time`.

    Raises
    ------
    PlanningError
        When no policy, or more than one, bears the name to compare with.
    """
    if [policy.name for policy in policies].count(against) != 1:
        raise PlanningError(f"comparison: one policy must be called '{against}'")
    outcomes = [
        simulate(policy, model, paths, people=people, quantiles=(), clock=clock)
        for policy in policies
    ]
    return compared(outcomes, against=against)


def compared(outcomes: Sequence[Outcome], *, against: str) -> Comparison:
    """Put outcomes on the same futures side by side."""
    beside = next(outcome.cost for outcome in outcomes if outcome.name == against)
    lines = tuple(_line(outcome, beside) for outcome in outcomes)
    return Comparison(against=against, scenarios=beside.size, lines=lines)


def worlds(
    chain: Chain, *, uncertain: Sequence[Chain], longer: Chain, count: int, seed: int
) -> Mapping[str, Ints]:
    """Draw futures of three worlds in which policies made for one chain are to be tried.

    Parameters
    ----------
    chain
        As estimated.
    uncertain
        Chains the same reports leave possible (draws from the posterior): futures are drawn from
        each in turn.
    longer
        With closures longer than assumed.
    count
        Futures of each world.
    """
    parts = np.array_split(np.arange(count), max(1, len(uncertain)))
    drawn = [
        sample_paths(each, count=part.size, seed=seed + 1 + number)
        for number, (each, part) in enumerate(zip(uncertain, parts, strict=False))
    ]
    found = {"as estimated": sample_paths(chain, count=count, seed=seed)}
    if drawn:
        found["as uncertain as it is"] = np.concatenate(drawn)
    found["longer closures"] = sample_paths(longer, count=count, seed=seed)
    return found


def _line(outcome: Outcome, beside: Floats) -> Line:
    return Line(
        name=outcome.name,
        cost=_mean(outcome.cost),
        against=_mean(outcome.cost - beside),
        deprivation=_mean(outcome.deprivation),
        deprivation_tail=_tail(outcome.deprivation),
        person_days_without=_means(outcome.person_days_without),
        worst_place_days=_means(outcome.worst_place_days),
        gini=_means(outcome.gini),
        moved_t=_mean(outcome.moved_t),
        refused_t=_mean(outcome.refused_t),
        cpu_s_per_decision=outcome.cpu_s_per_decision,
    )


def _mean(values: Floats) -> Mean:
    error = float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("inf")
    return Mean(float(values.mean()), error)


def _means(values: Floats) -> tuple[Mean, ...]:
    return tuple(_mean(column) for column in values.T)


def _tail(values: Floats) -> Mean:
    """A percentile, and half the way between the values one binomial deviation to either side."""
    off = np.sqrt(_TAIL * (1.0 - _TAIL) / values.size)
    low, at, high = np.quantile(values, [_TAIL - off, _TAIL, min(1.0, _TAIL + off)])
    return Mean(float(at), float(high - low) / 2.0)
