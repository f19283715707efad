"""Stage programs, the whole future known, merged places, and the policy trained on them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.errors import PlanningError
from corridor.planning.multistage import Iterations, Policy, Training, simulate, train
from corridor.planning.multistage.sampling import ByCost, Forced
from corridor.planning.multistage.sampling import sample_paths as sample_nodes
from corridor.planning.relief import roads, simulation
from corridor.planning.relief.foresight import Foresight
from corridor.planning.relief.merging import Merging, merged, places_inside
from corridor.planning.relief.model import Arcs, Limits, ReliefModel
from corridor.planning.relief.stage import columns_of, day_of, initial_state, policy_graph
from corridor.planning.relief.trained import TrainedPolicy
from planning.relief.operations import (
    NO_ENDING,
    certain,
    drawn,
    limits,
    open_and_closed,
    relabelled,
    road,
    varied,
)

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
from instances import eight_sites

SEEDS = st.integers(0, 10_000)


def unmerged(model: ReliefModel) -> Merging:
    states = initial_state(model).size
    return Merging(
        model, np.arange(len(model.need)), np.arange(len(model.arcs.start)), np.eye(states)
    )


def trained(model: ReliefModel, iterations: int, seed: int = 1) -> Policy:
    how = Training(sampling=ByCost(0.5))
    return train(policy_graph(model), [Iterations(iterations)], seed=seed, training=how)


def two_corridors(*, ahead: bool) -> ReliefModel:
    """Flour and fuel over two roads; supply.md of the domain notes calls it case K."""
    chain = open_and_closed([road(0.1, 0.2), road(0.2, 0.3)], days=5)
    need = np.array([[0.0, 0.0], [54.0, 20.0]])
    on_road = [(0, [(0, 0), (0, 1)]), (1, [(1, 0), (1, 1)])]
    return ReliefModel(
        t_per_unit=np.ones(2),
        stock=np.array([[1e4, 1e4], [108.0, 40.0]]),
        backlog=np.zeros((2, 2)),
        supply=np.zeros((5, 2, 2)),
        demand=np.repeat(need[None], 5, axis=0),
        need=need,
        backlog_keep=0.0,
        deprivation_breaks=np.zeros(0),
        deprivation_cost=(np.array([2000.0, 1000.0]) * need)[..., None],
        fairness_cost=0.0,
        fairness_share=np.zeros((2, 2)),
        arcs=Arcs(
            start=np.array([0, 0]),
            end=np.array([1, 1]),
            carries=np.ones((2, 2), dtype=np.bool_),
            cost=np.array([[90.0, 90.0], [60.0, 60.0]]),
            fuel=np.zeros((2, 2)),
            lead_days=np.zeros(2, dtype=np.int64),
            is_loaded_ahead=np.full(2, ahead),
        ),
        moves=limits(on_road, np.array([[60.0], [80.0]]) * (chain.status.T == 0)),
        stores=limits([(0, [(1, 0)]), (1, [(1, 1)])], np.array([[400.0], [120.0]])),
        leaves_from_morning=np.zeros(2, dtype=np.bool_),
        hold_cost=np.array([[0.0, 0.0], [1.0, 1.0]]),
        spill_cost=np.full((2, 2), np.inf),
        fuel=-1,
        emergency_fuel_cost=np.full(2, np.inf),
        ending=NO_ENDING,
        chain=chain,
    )


def test_the_eight_sites_cost_under_foresight_what_is_known() -> None:
    program, known = Foresight(eight_sites.model()), eight_sites.foresight_costs()
    for future in (0, 14, 24, 32):
        cost = program.cost(eight_sites.futures()[future])
        assert cost == pytest.approx(known[future], rel=1e-6)


@pytest.mark.parametrize(("ahead", "known"), [(False, 16760.9446), (True, 24667.6497)])
def test_two_corridors_cost_what_is_known(ahead: bool, known: float) -> None:
    # Evenly visited: no state is rare or dear here.
    how = Training(sampling=Forced(0.3))
    graph = policy_graph(two_corridors(ahead=ahead))
    policy = train(graph, [Iterations(100)], seed=1, training=how)
    assert policy.bound == pytest.approx(known, rel=1e-5)


def test_one_corridor_with_backlog_costs_what_is_known() -> None:
    # Snyder & Shen, Fundamentals of Supply Chain Theory, example 9.3, over ten days.
    model = two_corridors(ahead=False)
    chain = open_and_closed([road(0.04, 0.25)], days=10)
    need = np.array([[0.0], [20.0]])
    nothing = np.zeros((2, 1))
    model = replace(
        model,
        t_per_unit=np.ones(1),
        stock=np.array([[1e4], [60.0]]),
        backlog=nothing,
        supply=np.zeros((10, 2, 1)),
        demand=np.repeat(need[None], 10, axis=0),
        need=need,
        backlog_keep=1.0,
        deprivation_cost=(300.0 * need)[..., None],
        fairness_share=nothing,
        arcs=replace(
            model.arcs,
            start=np.array([0]),
            end=np.array([1]),
            carries=np.ones((1, 1), dtype=np.bool_),
            cost=np.zeros((1, 1)),
            fuel=np.zeros((1, 1)),
            lead_days=np.zeros(1, dtype=np.int64),
            is_loaded_ahead=np.zeros(1, dtype=np.bool_),
        ),
        moves=limits([(0, [(0, 0)])], np.where(chain.status.T == 0, 1e4, 0.0)),
        stores=limits([(0, [(1, 0)])], np.array([[1e4]])),
        hold_cost=np.array([[0.0], [25.0]]),
        spill_cost=np.full((2, 1), np.inf),
        chain=chain,
    )
    # Counted in hundreds of units.
    assert trained(model, 40).bound == pytest.approx(12136.7225, rel=1e-7)


def test_demand_where_a_mean_day_needs_nothing_is_refused() -> None:
    model = drawn(1)
    with pytest.raises(PlanningError, match="need must be above 0"):
        day_of(replace(model, need=np.zeros_like(model.need)), 0)


def test_the_states_of_a_day_share_all_but_the_sides_of_what_the_roads_limit() -> None:
    day = day_of(drawn(1), 0)
    first, other = day.in_state(0), day.in_state(3)
    assert first.value is other.value
    assert first.cost is other.cost
    changed = np.flatnonzero(first.row_upper != other.row_upper)
    assert set(changed) <= set(day.limited.tolist())
    assert changed.size


@settings(max_examples=8, deadline=None)
@given(SEEDS, st.booleans())
def test_the_names_of_nodes_change_no_cost(seed: int, ahead: bool) -> None:
    model = varied(drawn(seed, ahead=ahead), seed)
    other = relabelled(model, np.random.default_rng(seed).permutation(len(model.need)))
    path = roads.sample_paths(model.chain, count=1, seed=seed)[0]
    assert Foresight(other).cost(path) == pytest.approx(Foresight(model).cost(path), rel=1e-7)


@settings(max_examples=8, deadline=None)
@given(SEEDS, st.booleans())
def test_more_capacity_never_costs_more(seed: int, ahead: bool) -> None:
    model = varied(drawn(seed, ahead=ahead), seed)
    more = replace(model.moves, most=model.moves.most * 1.5 + 1.0)
    path = roads.sample_paths(model.chain, count=1, seed=seed)[0]
    cost = Foresight(model).cost(path)
    assert Foresight(replace(model, moves=more)).cost(path) <= cost + 1e-6 * (1 + abs(cost))


@settings(max_examples=12, deadline=None)
@given(SEEDS, st.booleans(), st.integers(1, 4))
def test_merged_places_never_cost_more_than_the_full_network(
    seed: int, ahead: bool, groups: int
) -> None:
    model = varied(drawn(seed, ahead=ahead), seed)
    group = np.random.default_rng(seed).integers(0, groups, len(model.need))
    group = np.unique(group, return_inverse=True)[1]
    small = merged(model, group)
    paths = roads.sample_paths(model.chain, count=2, seed=seed)
    full, less = Foresight(model), Foresight(small.model)
    for path in paths:
        cost = full.cost(path)
        assert less.cost(path) <= cost + 1e-6 * (1 + abs(cost))


def test_a_plan_of_the_full_network_added_up_is_where_the_merged_state_says() -> None:
    small = merged(eight_sites.model(), places_inside(eight_sites.model()))
    assert small.state.shape == (15, 63)
    added = small.state @ initial_state(eight_sites.model())
    assert added == pytest.approx(initial_state(small.model))
    assert columns_of(small.model, is_last=True).count < 80


def test_places_joined_whatever_the_roads_do_are_merged() -> None:
    group = places_inside(eight_sites.model())
    assert group.tolist() == [0, 1, 2, *[3] * 9]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_the_roads_are_certain_the_bound_is_the_cost_under_foresight(seed: int) -> None:
    model = certain(varied(drawn(seed, ahead=seed == 3), seed))
    known = Foresight(model).cost(np.zeros(len(model.demand), dtype=np.int64))
    assert trained(model, 60).bound == pytest.approx(known, rel=1e-6)


@pytest.mark.parametrize("seed", [1, 2])
def test_where_the_roads_are_certain_the_trained_policy_is_as_good_as_foresight(seed: int) -> None:
    model = certain(varied(drawn(seed), seed))
    path = np.zeros((1, len(model.demand)), dtype=np.int64)
    follow = TrainedPolicy(model, unmerged(model), trained(model, 60))
    people = np.ones(len(model.need))
    cost = simulation.simulate(follow, model, path, people=people, quantiles=()).cost
    assert cost[0] == pytest.approx(Foresight(model).cost(path[0]), rel=1e-5)


def test_the_lower_bound_never_falls_and_stays_below_what_the_policy_costs() -> None:
    model = drawn(4, days=6)
    # Goods under way may find the store full: with a way out there is always an answer.
    model = replace(model, spill_cost=np.full(model.need.shape, 0.01))
    small = merged(model, places_inside(model))
    policy = trained(small.model, 40)
    assert (np.diff(policy.bounds) >= 0).all()
    own = simulate(policy, sample_nodes(policy.graph, 200, seed=2)).estimate
    assert policy.bound <= own.mean + 3 * own.standard_error + 1e-6 * own.mean
    paths = roads.sample_paths(model.chain, count=200, seed=2)
    follow = TrainedPolicy(model, small, policy)
    people = np.ones(len(model.need))
    cost = simulation.simulate(follow, model, paths, people=people, quantiles=()).cost
    assert policy.bound <= cost.mean() + 3 * cost.std() / np.sqrt(cost.size)


def test_limits_that_never_bind_have_no_row() -> None:
    model = drawn(1)
    free = Limits(*(np.array([0]),) * 3, np.ones(1), np.full((1, 1, 1), np.inf))
    with_free = replace(model, stores=free)
    rows = [day_of(each, 0).arrays.row_lower.size for each in (model, with_free)]
    assert rows[0] - rows[1] == model.stores.most.shape[1]
