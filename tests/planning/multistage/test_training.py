"""Training, files, executors and decisions."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.planning.multistage import (
    Forced,
    Gap,
    InSample,
    Iterations,
    PolicyGraph,
    Progress,
    TailMixture,
    Time,
    Training,
    decide,
    linear_graph,
    load_policy,
    markov_graph,
    policy_bytes,
    sample_paths,
    save_policy,
    simulate,
    train,
)
from corridor.planning.multistage.scaling import Spread, scaling
from planning.multistage import models, published
from planning.multistage.stages import Stage


def test_the_same_seed_gives_the_same_policy_to_the_byte() -> None:
    first, second = (
        policy_bytes(train(models.two_corridors(True), [Iterations(10)], seed=3)) for _ in range(2)
    )
    assert first == second


def test_processes_and_threads_give_the_same_policy_and_simulation_as_none() -> None:
    graph = models.two_corridors(True)
    how = Training(tasks=3, passes=2)
    paths = sample_paths(graph, 600, seed=8)
    alone = train(graph, [Iterations(5)], seed=3, training=how)
    expected = simulate(alone, paths)
    spawn = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=spawn) as processes:
        for executor in (threads, processes):
            policy = train(graph, [Iterations(5)], seed=3, training=how, executor=executor)
            assert policy_bytes(policy) == policy_bytes(alone)
            found = simulate(policy, paths, executor=executor)
            assert np.array_equal(found.stage_value, expected.stage_value)
            assert found.estimate.mean == expected.estimate.mean


def test_several_tasks_reach_the_known_answer() -> None:
    policy = train(
        models.two_corridors(False), [Iterations(30)], seed=1, training=Training(tasks=2, passes=2)
    )
    assert policy.bound == pytest.approx(16760.9446, abs=1e-4)


def test_a_policy_file_gives_the_policy_back(tmp_path: Path) -> None:
    graph = models.one_corridor(10)
    policy = train(graph, [Iterations(30)], seed=1)
    save_policy(policy, tmp_path / "policy.json")
    again = load_policy(tmp_path / "policy.json", graph)
    assert policy_bytes(again) == policy_bytes(policy)
    paths = sample_paths(graph, 50, seed=0)
    assert simulate(again, paths).estimate.mean == simulate(policy, paths).estimate.mean


def test_a_policy_file_of_another_problem_is_refused(tmp_path: Path) -> None:
    policy = train(models.one_corridor(10), [Iterations(2)], seed=1)
    save_policy(policy, tmp_path / "policy.json")
    with pytest.raises(PlanningError, match="belongs to the problem"):
        load_policy(tmp_path / "policy.json", models.one_corridor(9))
    (tmp_path / "policy.json").write_text("{}")
    with pytest.raises(PlanningError, match="its format is not"):
        load_policy(tmp_path / "policy.json", models.one_corridor(10))


def test_from_another_start_the_cuts_hold_and_the_bound_is_new(tmp_path: Path) -> None:
    graph = models.one_corridor(10)
    policy = train(graph, [Iterations(30)], seed=1)
    save_policy(policy, tmp_path / "policy.json")
    closed = replace(graph, root=np.roll(graph.root, 1))
    moved = load_policy(tmp_path / "policy.json", closed)
    fresh = train(closed, [Iterations(60)], seed=1)
    assert policy.bound < moved.bound <= fresh.bound * (1 + 1e-9)
    further = train(closed, [Iterations(30)], seed=1, start=moved)
    assert further.bounds[0] >= moved.bound - 1e-6
    assert further.bound == pytest.approx(fresh.bound, rel=1e-8)


def test_stopped_by_a_gap_it_says_what_it_saw() -> None:
    policy = train(
        models.two_corridors(False), [Gap(0.001, every=20, scenarios=100), Iterations(400)], seed=1
    )
    assert "standard error" in policy.stopped
    assert len(policy.bounds) < 400


def test_a_gap_is_not_asked_of_a_risk_averse_policy() -> None:
    graph = published.hydro_valley(inflows=True, prices=True, risk=TailMixture(0.5, 0.5))
    with pytest.raises(PlanningError, match="no bound"):
        train(graph, [Gap(0.01)], seed=1)


def test_stopped_by_time_it_says_so() -> None:
    ticks = iter(range(100))
    policy = train(
        models.one_corridor(10), [Time(clock=lambda: float(next(ticks)), until=4.0)], seed=1
    )
    assert policy.stopped.startswith("by time after 5 iterations")


def test_progress_is_reported_after_every_iteration() -> None:
    seen: list[Progress] = []
    policy = train(models.one_corridor(10), [Iterations(7)], seed=1, report=seen.append)
    assert [each.iteration for each in seen] == list(range(1, 8))
    assert seen[-1].bound == policy.bound


def test_forced_visits_of_closed_roads_reach_the_answer_sooner() -> None:
    gaps = [
        64766.1113
        - train(
            models.one_corridor(30), [Iterations(70)], seed=1, training=Training(sampling=sampling)
        ).bound
        for sampling in (Forced(0.5), InSample())
    ]
    assert gaps[0] < 0.01 * gaps[1]


def test_today_is_decided_in_whole_numbers_with_the_value_of_later() -> None:
    # Stock of lorry loads of 7; need of 10 tomorrow at a price of 5 when short.
    today, later = Stage(), Stage()
    today.state("stock")
    today.column("lorries", 0, 3, cost=4, whole=True)
    today.row({"stock": 1, "stock<": -1, "lorries": -7}, equal=0)
    later.state("stock")
    later.column("short", cost=5)
    later.column("used")
    later.row({"used": 1, "short": 1}, equal=10)
    later.row({"stock": 1, "stock<": -1, "used": 1}, equal=0)
    graph = linear_graph([today.build(), later.build()], initial=np.zeros(1), limit=0)
    policy = train(graph, [Iterations(10)], seed=0)
    assert policy.bound == pytest.approx(4 * 10 / 7)
    found = decide(policy, 0, graph.initial)
    assert found.columns[today.names["lorries"]] == pytest.approx(2)
    assert (found.stage_value, found.value) == (pytest.approx(8), pytest.approx(8))


def test_a_decision_is_what_the_simulation_does() -> None:
    graph = models.two_corridors(True)
    policy = train(graph, [Iterations(40)], seed=1)
    found = decide(policy, 0, graph.initial)
    done = simulate(policy, sample_paths(graph, 1, seed=0))
    assert found.stage_value == pytest.approx(done.stage_value[0, 0])
    assert found.value == pytest.approx(policy.bound)


def test_a_policy_does_not_depend_on_what_it_earns_when_maximising() -> None:
    policy = train(models.farmer(), [Iterations(20)], seed=0)
    acres = decide(policy, 0, np.zeros(3)).state
    assert acres == pytest.approx([170, 80, 250])


def stage(short: bool = True) -> Stage:
    made = Stage()
    made.state("x", 0, 5)
    if short:
        made.column("short", cost=1)
    made.row({"x": 1, "x<": -1, **({"short": -1} if short else {})}, equal=-3)
    return made


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: linear_graph([], initial=np.zeros(1), limit=0), "at least one stage"),
        (
            lambda: markov_graph(
                [[stage().build()], [stage().build()] * 2],
                [np.ones((1, 1)), np.array([[0.5, 0.4]])],
                initial=np.zeros(1),
                limit=0,
            ),
            "row of node 0: probabilities must be at least 0 and sum to one; these sum to 0.9",
        ),
        (
            lambda: linear_graph([stage().build((0.5, 0.6))], initial=np.zeros(1), limit=0),
            "node 0: noise: probabilities",
        ),
        (lambda: linear_graph([stage().build()], initial=np.zeros(2), limit=0), "needed is"),
        (lambda: replace(published.infinite_trivial(), discount=1.0), "a discount below one"),
        (lambda: linear_graph([stage().build()], initial=np.zeros(1), limit=-np.inf), "finite"),
        (lambda: TailMixture(0.0, 0.5), "tail must be above 0"),
        (lambda: Training(tasks=0), "at least 1"),
        (lambda: train(models.farmer(), [], seed=0), "at least one stopping rule"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_its_reason(
    make: Callable[[], object], text: str
) -> None:
    with pytest.raises(PlanningError, match=text):
        make()


def test_a_program_without_an_answer_names_its_node() -> None:
    graph: PolicyGraph = linear_graph([stage(False).build()], initial=np.zeros(1), limit=0)
    with pytest.raises(PlanningError, match=r"node 0, outcome 0: .*Infeasible.* make shortage"):
        train(graph, [Iterations(1)], seed=0)


def test_the_scaling_report_names_what_lies_far_apart() -> None:
    assert scaling(models.farmer()).remarks == ()
    made = stage()
    made.column("huge", cost=3e8)
    found = scaling(linear_graph([made.build()], initial=np.zeros(1), limit=0))
    assert found.costs == Spread(1.0, 3e8)
    assert found.remarks[0].startswith("costs: from 1 to 3e+08")


def test_a_limit_that_is_beaten_is_refused() -> None:
    graph = replace(published.newsvendor(), limit=np.full(5, -1.0))
    with pytest.raises(PlanningError, match=r"node 3 reaches .*, beyond its limit of -1"):
        train(graph, [Iterations(20)], seed=0)
