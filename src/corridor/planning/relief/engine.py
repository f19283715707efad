"""The engines that decide in any future of the roads: what training taught, or another way to decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from corridor.planning import multistage
from corridor.planning.multistage import ByCost, Iterations, PolicyGraph, Progress, Training
from corridor.planning.policy import TRIED_SEED, Policy, Rolling, Trained
from corridor.planning.problem import Problem
from corridor.planning.relief.from_problem import relief_model
from corridor.planning.relief.kept import read_kept
from corridor.planning.relief.merging import Merging, merged, places_inside
from corridor.planning.relief.model import ReliefModel
from corridor.planning.relief.orders import orders
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.scaling import day_cost, day_units, in_units
from corridor.planning.relief.simulation import simulate
from corridor.planning.relief.stage import columns_of, holds_stock, policy_graph
from corridor.planning.relief.trained import Learnt
from corridor.planning.relief.ways import Way

# Fewer cost up to a tenth more, out of sample, on the first days of a closure; see
# docs/performance.md.
ITERATIONS = 60


@dataclass(frozen=True, slots=True)
class Multistage:
    """A value for what is left in the evening, learnt from futures of the roads, and today in full.

    Attributes
    ----------
    iterations
        Of training: counted, not timed, so that a plan can be repeated.
    futures
        Futures on which the policy is tried to say what it is expected to cost.
    seed
        Of training.
    kept
        A file of what was learnt last, as `kept` writes it. Where it was learnt so, from the same
        problem, it is taken as it is: the result is the same.
    starts_from_kept
        Where it is of another problem, start from those of its cuts that still hold, with a twentieth of the
        iterations, and try the plan on a third of the futures: somebody waits for it. The result then
        depends on what was learnt before, and is named by its digest.
    report
        Called after every iteration of training.
    """

    iterations: int = ITERATIONS
    futures: int = 200
    seed: int = 1
    kept: bytes = field(default=b"", compare=False, repr=False)
    starts_from_kept: bool = False
    report: Callable[[Progress], None] | None = None

    def train(self, problem: Problem) -> Policy:
        """Learn the value of stock in place, then order by it.

        Raises
        ------
        PlanningError
            When there is no day to plan, no chances of the roads are given, or a program has no
            answer.
        """
        if not problem.commodities:
            # Nobody is known to need anything: there is nothing to learn.
            return Rolling().train(problem)
        counted = relief_model(problem)
        unit, price = day_units(counted), day_cost(counted)
        model = in_units(counted, unit, price)
        merging = _merging(model)
        learnt, how = self._learnt(policy_graph(merging.model))
        trained = Trained(model, merging, Learnt(learnt), unit, price, how)
        futures = max(2, self.futures // 3) if self.starts_from_kept else self.futures
        return _tried(problem, trained, futures, bound=learnt.bound)

    def _learnt(self, graph: PolicyGraph) -> tuple[multistage.Policy, str]:
        """Learn, or take what was learnt so before; and say how it was learnt."""
        how = f"{self.iterations} passes, seed {self.seed}"
        before = read_kept(self.kept, graph) if self.kept else None
        if before and before.learnt.is_same and before.how == how:
            return before.learnt.policy, how
        passes, start = self.iterations, None
        if self.starts_from_kept and before:
            passes, start = max(2, self.iterations // 20), before.learnt.policy
            how = f"{passes} passes, seed {self.seed}, from the policy {before.digest[:16]}"
        learnt = multistage.train(
            graph,
            [Iterations(passes)],
            seed=self.seed,
            training=Training(sampling=ByCost(0.5)),
            start=start,
            report=self.report,
        )
        return learnt, how


@dataclass(frozen=True, slots=True)
class Guided:
    """A rule, or a plan that looks some days ahead, asked anew each morning: nothing is learnt.

    Attributes
    ----------
    way
        How it decides.
    futures
        Futures on which it is tried to say what it is expected to cost.
    """

    way: Way
    futures: int = 60

    def train(self, problem: Problem) -> Policy:
        """Order by it, and try it on the futures that every engine is tried on.

        Raises
        ------
        PlanningError
            When there is no day to plan, no chances of the roads are given, or a program has no
            answer.
        """
        if not problem.commodities:
            return Rolling().train(problem)
        counted = relief_model(problem)
        unit, price = day_units(counted), day_cost(counted)
        model = in_units(counted, unit, price)
        trained = Trained(model, _merging(model), self.way, unit, price)
        return _tried(problem, trained, self.futures, bound=0.0)


def _tried(problem: Problem, trained: Trained, futures: int, *, bound: float) -> Policy:
    """Order for the days of a problem, and follow the same policy through futures of its roads."""
    made = orders(problem, trained)
    paths = sample_paths(trained.model.chain, count=futures, seed=TRIED_SEED)
    tried = simulate(trained.follow(), trained.model, paths, people=problem.people)
    cost = tried.cost * trained.cost
    mean, least = float(cost.mean()), bound * trained.cost
    return Policy(
        problem=problem,
        engine=trained.way.name,
        loads=made.loads,
        vehicles=made.vehicles,
        served=made.served,
        spilled=made.spilled,
        objective=mean,
        bound=min(least, mean),
        unavoidable=0.0,
        gap=max(0.0, mean - least) / max(mean, 1e-9),
        is_within_gap=made.is_within_gap,
        solver_s=0.0,
        trained=trained,
        standard_error=float(cost.std(ddof=1) / np.sqrt(cost.size)),
        futures=futures,
        tried=tried,
    )


def is_known(policy: Policy, problem: Problem) -> bool:
    """Whether what a policy learnt fits another problem: the same goods in the same places and ways."""
    if policy.trained is None or problem.chain is None:
        return False
    before, now = policy.trained.model, relief_model(problem)
    return all(
        np.array_equal(a, b)
        for a, b in (
            (holds_stock(before), holds_stock(now)),
            (before.need > 0, now.need > 0),
            (before.arcs.carries, now.arcs.carries),
            (before.chain.status, now.chain.status),
        )
    )


def reordered(policy: Policy, problem: Problem, *, days: int | None = None) -> Policy:
    """Return what a trained policy orders for another problem with the same places, goods and legs.

    Nothing is learnt anew: the value of what is left in the evening is the one known.

    Parameters
    ----------
    days
        Days to decide; nothing is moved or handed out on later ones. None decides all.

    Raises
    ------
    PlanningError
        When a day's program has no answer.
    """
    assert policy.trained is not None
    trained = policy.trained
    model = in_units(relief_model(problem), trained.unit, trained.cost)
    made = orders(problem, replace(trained, model=model), days=days)
    return replace(
        policy,
        problem=problem,
        loads=made.loads,
        vehicles=made.vehicles,
        served=made.served,
        spilled=made.spilled,
        is_within_gap=made.is_within_gap,
        trained=replace(trained, model=model),
        tried=None,
    )


def _merging(model: ReliefModel) -> Merging:
    """Merge the places that are joined whatever the roads do; where there are none, nothing."""
    group = places_inside(model)
    if np.unique(group).size < group.size:
        return merged(model, group)
    states = columns_of(model, is_last=False).state_in().size
    return Merging(model, group, np.arange(len(model.arcs.start)), np.eye(states))
