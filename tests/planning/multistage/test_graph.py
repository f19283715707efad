"""Graphs told stage by stage: the same as by one matrix, and small where that would be large."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.planning.multistage import (
    Iterations,
    PolicyGraph,
    TailMixture,
    Training,
    linear_graph,
    markov_graph,
    policy_bytes,
    sample_paths,
    train,
)
from corridor.planning.multistage import passes as passes_module
from corridor.planning.multistage.graph import Staged
from corridor.planning.multistage.outlook import Form
from corridor.planning.multistage.passes import Programs
from corridor.planning.multistage.values import Values
from planning.multistage import models
from planning.multistage.stages import Stage


def by_one_matrix(graph: PolicyGraph) -> PolicyGraph:
    matrix = np.zeros((len(graph.programs),) * 2)
    for row, children, chance in zip(matrix, graph.children, graph.chance, strict=True):
        row[children] = chance
    return replace(graph, transition=matrix)


def test_one_matrix_and_stage_by_stage_train_the_same_cuts() -> None:
    graph = models.two_corridors(True)
    first, second = (
        train(each, [Iterations(15)], seed=3).learnt for each in (graph, by_one_matrix(graph))
    )
    for one, other in zip(first.cuts, second.cuts, strict=True):
        assert np.array_equal(one.gradient, other.gradient)
        assert np.array_equal(one.intercept, other.intercept)


def test_a_road_that_cannot_be_in_some_state_has_that_child_left_out() -> None:
    made = Stage()
    made.state("x")
    program = made.build()
    chances = np.array([[0.5, 0.5, 0.0], [0.0, 0.4, 0.6], [0.0, 0.0, 0.0]])
    graph = markov_graph(
        [[program], [program] * 3, [program] * 3],
        [np.ones((1, 1)), np.array([[0.2, 0.3, 0.5]]), chances],
        initial=np.zeros(1),
        limit=0,
    )
    assert [list(children) for children in graph.children] == [
        [1, 2, 3],
        [4, 5],
        [5, 6],
        *[[]] * 4,
    ]
    assert [list(chance) for chance in graph.chance[:3]] == [
        [0.2, 0.3, 0.5],
        [0.5, 0.5],
        [0.4, 0.6],
    ]
    for one, other in zip(graph.children, by_one_matrix(graph).children, strict=True):
        assert np.array_equal(one, other)


def test_six_roads_over_twenty_days_are_no_large_graph() -> None:
    # 13,852 nodes: one matrix would take 1.5 GB.
    made = Stage()
    made.state("x", 0, 5)
    made.column("short", cost=1)
    made.row({"x": 1, "x<": -1, "short": -1}, equal=-3)
    program = made.build()
    road = np.array([[0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.1, 0.1, 0.8]])
    chances = np.ones((1, 1))
    for _ in range(6):
        chances = np.kron(chances, road)
    graph = markov_graph(
        [[program], *[[program] * 729] * 19],
        [np.ones((1, 1)), chances[:1], *[chances] * 18],
        initial=np.zeros(1),
        limit=0,
    )
    assert len(pickle.dumps(graph)) < 6e6
    assert sample_paths(graph, 3, seed=1).node.shape == (3, 20)
    graph.digest  # noqa: B018
    programs = Programs(Values(graph, "child"))
    assert all(programs.of(1) is programs.of(node) for node in (2, 500, 729))
    assert programs.of(730) is not programs.of(729)


@pytest.mark.parametrize(("form", "count"), [("child", 5), ("outcome", 5), ("single", 17)])
def test_markov_states_share_a_program_where_they_read_the_same_cuts(
    form: Form, count: int
) -> None:
    # Five days of four states; ends read nothing, so they share in every form.
    graph = models.two_corridors(False)
    assert len(graph.programs) == 20
    programs = Programs(Values(graph, form))
    assert len({id(programs.of(node)) for node in range(len(graph.programs))}) == count


def test_nodes_with_risk_rows_of_their_own_share_no_program() -> None:
    graph = models.two_corridors(False)
    graph = replace(graph, risk=(TailMixture(0.5, 0.5),) * len(graph.programs))
    programs = Programs(Values(graph, "outcome"))
    assert programs.of(1) is not programs.of(2)


def test_programs_made_anew_for_lack_of_room_reach_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passes_module, "_MOST", 2)
    graph = models.two_corridors(False)
    policy = train(graph, [Iterations(60)], seed=1, training=Training(form="single"))
    assert policy.bound == pytest.approx(16760.9446, rel=1e-4)


def test_the_number_of_tasks_decides_and_not_where_they_run_when_files_are_compared() -> None:
    graph = models.two_corridors(False)
    one, two = (
        policy_bytes(train(graph, [Iterations(6)], seed=2, training=Training(tasks=tasks)))
        for tasks in (1, 2)
    )
    assert one != two


def test_blocks_that_do_not_fit_are_refused() -> None:
    made = Stage()
    made.state("x")
    graph = linear_graph([made.build()] * 3, initial=np.zeros(1), limit=0)
    for blocks in ((np.ones((1, 1)),), (np.ones((1, 1)), np.full((2, 1), 1.0))):
        with pytest.raises(PlanningError, match="do not make 3 nodes"):
            replace(graph, transition=Staged(blocks))
    with pytest.raises(PlanningError, match=r"row of node 1: .*sum to 0\.7"):
        replace(graph, transition=Staged((np.ones((1, 1)), np.full((1, 1), 0.7))))
