"""What is watched while programs are solved."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.planning.multistage import Iterations, Progress, Training, train
from corridor.planning.multistage.cuts import Pool
from corridor.planning.multistage.passes import Programs, root_cost
from corridor.planning.multistage.policy import restored
from corridor.planning.solver import Arrays, Standing
from planning.multistage import models

KNAPSACK = Arrays(
    cost=np.array([1.0, 3.0]),
    lower=np.zeros(2),
    upper=np.array([4.0, 9.0]),
    row_lower=np.array([6.0]),
    row_upper=np.array([np.inf]),
    start=np.array([0, 2]),
    index=np.array([0, 1]),
    value=np.ones(2),
)


class Undecided:
    """HiGHS, but some runs end undecided, as starts from an old basis now and then do."""

    def __init__(self, highs: object, runs: int) -> None:
        self.highs, self.runs, self.cleared = highs, runs, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.highs, name)

    def clearSolver(self) -> None:  # noqa: N802
        self.cleared += 1
        self.highs.clearSolver()

    def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802
        self.runs -= 1
        return highspy.HighsModelStatus.kUnknown if self.runs >= 0 else self.highs.getModelStatus()


def test_a_program_left_undecided_is_solved_again_from_nothing() -> None:
    standing = Standing(KNAPSACK)
    assert (standing.solve(), standing.resolved) == (pytest.approx(10.0), 0)
    standing._highs = undecided = Undecided(standing._highs, runs=1)
    assert standing.solve() == pytest.approx(10.0)
    assert (standing.resolved, undecided.cleared) == (1, 1)


def test_a_program_left_undecided_at_every_try_is_refused() -> None:
    standing = Standing(KNAPSACK)
    standing._highs = Undecided(standing._highs, runs=4)
    with pytest.raises(PlanningError, match="ended 4 times with"):
        standing.solve()


def test_programs_solved_again_are_counted_and_the_bound_stays() -> None:
    graph = models.one_corridor(10)
    policy = train(graph, [Iterations(20)], seed=1)
    programs = Programs(restored(graph, policy.learnt))
    first = programs.of(int(np.flatnonzero(graph.root)[0]))
    first._standing._highs = Undecided(first._standing._highs, runs=1)
    assert root_cost(programs) == pytest.approx(policy.bound)
    assert programs.resolved == 1


def test_what_is_no_number_is_refused_before_it_is_solved() -> None:
    standing = Standing(KNAPSACK)
    nothing, place = np.array([np.nan]), np.zeros(1, dtype=np.int32)
    with pytest.raises(PlanningError, match="column's bounds were refused"):
        standing.bound_columns(place, nothing, nothing)
    with pytest.raises(PlanningError, match="row's bounds were refused"):
        standing.bound_rows(place, nothing, nothing)
    # HiGHS would take a cut and a cost that are none, so pool and graph do not.
    for value, gradient in ((np.nan, np.ones(1)), (1.0, nothing), (np.inf, np.ones(1))):
        with pytest.raises(PlanningError, match="a cut that is no number"):
            Pool(1).add(value, gradient, np.zeros(1))
    graph = models.farmer()
    arrays = replace(
        graph.programs[0].arrays, cost=np.full_like(graph.programs[0].arrays.cost, np.nan)
    )
    with pytest.raises(PlanningError, match="node 0: cost holds a number that is not finite"):
        replace(graph, programs=(replace(graph.programs[0], arrays=arrays), *graph.programs[1:]))


def test_every_program_asks_for_one_thread() -> None:
    # HiGHS has one pool of threads to a process; a second number makes every run fail.
    option = Standing(KNAPSACK)._highs.getOptionValue("threads")
    assert option == (highspy.HighsStatus.kOk, 1)


@pytest.mark.parametrize("tasks", [1, 2])
def test_training_prints_nothing_and_reports_what_a_progress_bar_needs(
    tasks: int, capfd: pytest.CaptureFixture[str]
) -> None:
    seen: list[Progress] = []
    how = Training(tasks=tasks)
    policy = train(
        models.one_corridor(10), [Iterations(5)], seed=1, training=how, report=seen.append
    )
    assert capfd.readouterr() == ("", "")
    assert [each.iteration for each in seen] == [1, 2, 3, 4, 5]
    assert [each.bound for each in seen] == list(policy.bounds)
    assert all(np.diff([each.programs for each in seen]) > 0)
