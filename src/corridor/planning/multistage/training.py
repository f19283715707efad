"""Train a policy by stochastic dual dynamic programming."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.multistage.estimate import Estimate
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.outlook import Form
from corridor.planning.multistage.passes import Learned, Programs, root_cost, train_once
from corridor.planning.multistage.policy import Policy, restored
from corridor.planning.multistage.sampling import Forced, Sampling, sample_paths
from corridor.planning.multistage.simulation import simulate
from corridor.planning.multistage.stopping import Progress, StoppingRule
from corridor.planning.multistage.tasks import Task, Teller, explore
from corridor.planning.multistage.values import Values


@dataclass(frozen=True, slots=True)
class Training:
    """How a policy is trained.

    Attributes
    ----------
    form
        How cuts are pooled (see `outlook`); None takes `child` where risk is the mean, else
        `single`.
    sampling
        Which futures forward passes visit; half by the graph's chances, half evenly, unless told.
    select_every
        Iterations between two selections of cuts, 0 for never.
    steps
        Most steps of one forward pass; binds only without a last stage.
    tasks, passes
        Parts of an iteration that do not know of each other, and passes in each. One task keeps
        its programs from one iteration to the next; several make theirs anew and may run on
        an executor: more passes make up for that. The result depends on these numbers and never
        on the executor.
    """

    form: Form | None = None
    sampling: Sampling = field(default_factory=lambda: Forced(0.5))
    select_every: int = 20
    steps: int = 200
    tasks: int = 1
    passes: int = 1

    def __post_init__(self) -> None:
        """Refuse a training without a pass.

        Raises
        ------
        PlanningError
            When tasks, passes or steps are below one.
        """
        if min(self.tasks, self.passes, self.steps) < 1:
            raise PlanningError("training: tasks, passes and steps must be at least 1")


def train(
    graph: PolicyGraph,
    stopping: Sequence[StoppingRule],
    *,
    seed: int,
    training: Training | None = None,
    executor: Executor | None = None,
    start: Policy | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Policy:
    """Train a policy until the first rule says stop (Pereira & Pinto 1991; Shapiro 2011).

    1. Draw a future, decide along it with the cuts so far.
    2. Go back along it; at every state that was left, solve all that may follow and cut.
    3. Solve the first node: the lower bound. Ask the rules.

    Parameters
    ----------
    stopping
        At least one rule.
    seed
        Of the forward passes. Stopped by iterations or gap, the same seed gives the same policy.
    executor
        Where the tasks of an iteration run, when there are several: threads, processes or a Dask
        cluster (`Client.get_executor(pure=False)`). Anything sent to it can be pickled.
    start
        A policy trained before on the same programs, chances and risk, wherever it started: its
        cuts are taken over.
    report
        Called after every iteration.

    Raises
    ------
    PlanningError
        When there is no rule, `start` belongs to another problem, or a program has no answer.
    """
    if not stopping:
        raise PlanningError("training: at least one stopping rule is needed")
    how = training or Training()
    form = how.form or ("child" if graph.is_risk_neutral else "single")
    values = Values(graph, form)
    if start is not None:
        if start.graph.digest != graph.digest or start.learnt.form != form:
            raise PlanningError("training: the policy to start from belongs to another problem")
        values = restored(graph, start.learnt, only_kept=False)
    programs = Programs(values)
    seeds = np.random.SeedSequence(seed)
    rng = np.random.default_rng(seeds)
    bounds: list[float] = []
    best = -np.inf
    solved = resolved = 0
    teller = None
    if executor is not None and how.tasks > 1:
        teller = Teller(executor, graph, values.learnt())

    def tried(scenarios: int, trial_seed: int) -> Estimate:
        paths = sample_paths(graph, scenarios, seed=trial_seed)
        return simulate(_policy(graph, values, bounds, "", (0, 0), seed), paths).estimate

    while True:
        if how.tasks == 1:
            for _ in range(how.passes):
                train_once(programs, how.sampling, rng, steps=how.steps)
        else:
            tasks = [
                Task(how.sampling, how.passes, how.steps, seed) for seed in seeds.spawn(how.tasks)
            ]
            if teller is None:
                known = values.learnt()
                explored = [explore(graph, known, task) for task in tasks]
            else:
                explored = teller.explore(tasks)
            for learned in explored:
                _take(values, learned)
                solved += learned.programs
                resolved += learned.resolved
        if how.select_every and (len(bounds) + 1) % how.select_every == 0:
            values.select()
        if teller is not None:
            teller.learn(values.learnt())
        # Selection may lower the program's value; every value there was is a bound all the same.
        best = max(best, root_cost(programs))
        bounds.append(graph.sign * best)
        progress = Progress(
            iteration=len(bounds),
            bound=bounds[-1],
            programs=solved + programs.count,
            cuts=sum(pool.count for pool in values.pools),
            is_risk_neutral=graph.is_risk_neutral,
            simulate=tried,
        )
        if report is not None:
            report(progress)
        for rule in stopping:
            stopped = rule.reason(progress)
            if stopped is not None:
                counts = (progress.programs, resolved + programs.resolved)
                return _policy(graph, values, bounds, stopped, counts, seed)


def _policy(
    graph: PolicyGraph,
    values: Values,
    bounds: list[float],
    stopped: str,
    counts: tuple[int, int],
    seed: int,
) -> Policy:
    return Policy(
        graph=graph,
        learnt=values.learnt(),
        bound=bounds[-1],
        bounds=np.array(bounds),
        stopped=stopped,
        programs=counts[0],
        resolved=counts[1],
        seed=seed,
    )


def _take(values: Values, learned: Learned) -> None:
    for find in learned.finds:
        values.add(find)
    for node, weight in learned.rows:
        values.add_row(node, weight)
