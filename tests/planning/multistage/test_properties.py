"""What holds whatever the program: bounds that bound, and the same answer by another road."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.errors import PlanningError
from corridor.planning.multistage import (
    Expectation,
    Iterations,
    PolicyGraph,
    RiskMeasure,
    TailMixture,
    Training,
    WorstCase,
    inner_bound,
    markov_graph,
    sample_paths,
    simulate,
    train,
)
from corridor.planning.multistage.graph import Sense
from corridor.planning.multistage.outlook import Form
from planning.multistage import models, published
from planning.multistage.extensive import optimum
from planning.multistage.stages import Stage


def stocks(seed: int, *, stages: int, states: int, outcomes: int) -> PolicyGraph:
    """Two goods from one limited lorry, need and price drawn; shortage is always possible."""
    rng = np.random.default_rng(seed)

    def stage() -> object:
        made = Stage()
        carried = {}
        for good in "ab":
            made.state(good, 0, float(rng.uniform(5, 15)), cost=float(rng.uniform(0, 1)))
            made.column("send " + good, cost=float(rng.uniform(1, 3)))
            made.column("short " + good, cost=float(rng.uniform(5, 30)))
            made.column("waste " + good)
            carried["send " + good] = 1.0
            terms = {good: 1, good + "<": -1, "send " + good: -1, "short " + good: -1}
            made.row({**terms, "waste " + good: 1}, equal=-3, name="need " + good)
        made.row(carried, upper=float(rng.uniform(0, 12)))
        weight = rng.uniform(0.2, 1, outcomes)
        return made.build(
            tuple(weight / weight.sum()),
            rows={
                "need " + good: [-float(v) for v in rng.uniform(0, 8, outcomes)] for good in "ab"
            },
            costs={"send a": [float(v) for v in rng.uniform(1, 4, outcomes)]},
        )

    chances = rng.uniform(0.1, 1, (stages, states, states))
    chances /= chances.sum(axis=2, keepdims=True)
    return markov_graph(
        [[stage() for _ in range(states)] for _ in range(stages)],
        [chances[0][:1], *chances[1:]],
        initial=rng.uniform(0, 5, 2),
        limit=0,
        discount=float(rng.uniform(0.8, 1)),
    )


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_with_one_future_the_bound_is_the_deterministic_optimum(seed: int) -> None:
    graph = stocks(seed, stages=6, states=1, outcomes=1)
    policy = train(graph, [Iterations(30)], seed=0)
    assert policy.bound == pytest.approx(optimum(graph), rel=1e-7)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["child", "outcome", "single"]))
def test_the_bound_reaches_and_never_passes_the_optimum_of_the_whole_tree(
    seed: int, form: Form
) -> None:
    graph = stocks(seed, stages=3, states=2, outcomes=2)
    policy = train(graph, [Iterations(60)], seed=0, training=Training(form=form))
    best = optimum(graph)
    assert policy.bound <= best + 1e-7 * abs(best)
    assert policy.bound == pytest.approx(best, rel=1e-3)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_the_lower_bound_never_falls_and_stays_below_what_the_policy_costs(seed: int) -> None:
    graph = stocks(seed, stages=4, states=2, outcomes=3)
    policy = train(graph, [Iterations(25)], seed=0, training=Training(select_every=2))
    assert (np.diff(policy.bounds) >= 0).all()
    found = simulate(policy, sample_paths(graph, 200, seed=1)).estimate
    assert policy.bound <= found.mean + 4 * found.standard_error + 1e-9


def test_the_upper_bound_of_a_maximum_never_rises() -> None:
    policy = train(models.farmer(), [Iterations(10)], seed=0)
    assert (np.diff(policy.bounds) <= 0).all()


def test_control_variates_shrink_the_error_and_keep_the_mean() -> None:
    graph = models.two_corridors(False)
    policy = train(graph, [Iterations(80)], seed=1)
    found = simulate(policy, sample_paths(graph, 500, seed=2)).estimate
    assert found.standard_error < 0.1 * found.plain_standard_error
    assert found.mean == pytest.approx(16760.9446, abs=4 * found.standard_error + 1e-3)
    assert found.plain_mean == pytest.approx(16760.9446, abs=4 * found.plain_standard_error)


def test_without_an_end_futures_end_by_chance_and_keep_the_mean() -> None:
    graph = published.infinite_hydro_thermal()
    policy = train(graph, [Iterations(60)], seed=1)
    found = simulate(policy, sample_paths(graph, 1000, seed=5)).estimate
    assert found.mean == pytest.approx(119.167, abs=4 * found.standard_error)


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(-50, 50)), min_size=1, max_size=6),
    st.sampled_from(
        [Expectation(), TailMixture(0.3, 0.5), TailMixture(0.1, 1.0), WorstCase(), WorstCase(0.4)]
    ),
)
def test_risk_lies_between_mean_and_worst(
    outcomes: list[tuple[float, float]], risk: RiskMeasure
) -> None:
    probability, cost = np.array(outcomes).T
    probability = probability / probability.sum()
    weight = risk.weights(probability, cost)
    assert weight.sum() == pytest.approx(1)
    assert (weight >= -1e-12).all()
    assert probability @ cost - 1e-9 <= weight @ cost <= cost.max() + 1e-9


def test_cvar_of_four_equal_outcomes_is_the_mean_of_the_worst_half() -> None:
    cost = np.array([1.0, 4.0, 2.0, 3.0])
    weight = TailMixture(tail=0.5, tail_share=1.0).weights(np.full(4, 0.25), cost)
    assert weight @ cost == pytest.approx(3.5)


@pytest.mark.parametrize(
    ("graph", "price", "best"),
    [
        (models.one_corridor(10), [30.0], 12136.7225),
        (models.two_corridors(False), [2000.0, 1000.0], 16760.9446),
        (models.farmer(), [1e4, 1e4, 1e5], 108_390),
    ],
)
def test_the_inner_bound_meets_the_outer_one(
    graph: PolicyGraph, price: list[float], best: float
) -> None:
    policy = train(graph, [Iterations(60)], seed=1)
    paths = sample_paths(graph, 800, seed=2)
    found = inner_bound(policy, paths, price=np.array(price))
    assert graph.sign * (found - best) >= -1e-6 * abs(best)
    assert found == pytest.approx(best, rel=1e-3)


@pytest.mark.parametrize("sense", ["minimise", "maximise"])
@pytest.mark.parametrize("risk", [TailMixture(0.3, 0.7), WorstCase(0.4)], ids=["tail", "worst"])
@pytest.mark.parametrize("form", ["outcome", "single"])
def test_under_nested_risk_both_bounds_enclose_the_optimum_of_the_whole_tree(
    form: Form, risk: RiskMeasure, sense: Sense
) -> None:
    graph = stocks(11, stages=3, states=2, outcomes=2)
    graph = replace(graph, risk=(risk,) * len(graph.programs), root_risk=risk)
    if sense == "maximise":
        graph = turned_round(graph)
    policy = train(graph, [Iterations(60)], seed=0, training=Training(form=form))
    best = graph.sign * optimum(graph)
    # One unit of a good is worth at most its shortage, and then what it costs to keep.
    over = inner_bound(policy, sample_paths(graph, 100, seed=2), price=np.full(2, 31.0))
    assert graph.sign * policy.bound <= best + 1e-7 * abs(best)
    assert graph.sign * over >= best - 1e-7 * abs(best)
    assert graph.sign * policy.bound == pytest.approx(best, rel=1e-3)
    assert graph.sign * over == pytest.approx(best, rel=1e-2)


def test_the_risk_of_the_tree_is_not_its_mean() -> None:
    graph = stocks(11, stages=3, states=2, outcomes=2)
    averse = replace(graph, risk=(WorstCase(0.4),) * len(graph.programs))
    assert optimum(averse) > 1.05 * optimum(graph)


def turned_round(graph: PolicyGraph) -> PolicyGraph:
    """The same decisions, with gains for costs."""
    return replace(
        graph,
        sense="maximise",
        programs=tuple(
            replace(
                program,
                arrays=replace(program.arrays, cost=-program.arrays.cost),
                noise=replace(program.noise, cost=-program.noise.cost),
            )
            for program in graph.programs
        ),
    )


def test_an_inner_bound_on_too_low_a_price_is_refused() -> None:
    graph = models.one_corridor(10)
    policy = train(graph, [Iterations(20)], seed=1)
    with pytest.raises(PlanningError, match="state 0 was found to be worth"):
        inner_bound(policy, sample_paths(graph, 10, seed=2), price=np.ones(1))
