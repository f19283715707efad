from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.errors import PlanningError
from corridor.planning.relief.merging import merged
from corridor.planning.relief.outlooks import Expected, ScenarioTree
from corridor.planning.relief.policies import Moves, RoadPolicy, Situation
from corridor.planning.relief.push import (
    nothing_leaves,
    push_everything,
    push_most_urgent_first,
    serve_today,
)
from corridor.planning.relief.roads import chance_of_run_out, sample_paths
from corridor.planning.relief.rolling import Rolling
from corridor.planning.relief.simulation import simulate
from planning.relief.operations import drawn, one_place, open_and_closed, relabelled, road, varied

RULES = (push_everything, push_most_urgent_first, serve_today)


class Watched:
    """Keeps what a policy saw and did."""

    def __init__(self, policy: RoadPolicy) -> None:
        self.policy, self.name = policy, policy.name
        self.seen: list[tuple[Situation, Moves]] = []

    def decide(self, situation: Situation) -> Moves:
        moves = self.policy.decide(situation)
        self.seen.append((situation, moves))
        return moves


def rolling(model, outlook):
    return Rolling(
        model, merged(model, np.arange(len(model.need))), outlook, days=3, name="rolling"
    )


@pytest.mark.parametrize(
    ("roads", "days", "cover_days"),
    [([road(0.1, 0.3)], 30, 3), ([road(0.04, 0.25)], 60, 10), ([road(0.1, 0.3)] * 2, 30, 3)],
)
def test_pushing_runs_out_as_often_as_the_roads_stay_closed_too_long(roads, days, cover_days):
    model = one_place(open_and_closed(roads, days=days + 1), cover_days=cover_days)
    paths = sample_paths(model.chain, count=20_000, seed=3)
    outcome = simulate(push_everything(model), model, paths, people=np.array([0, 1]), quantiles=())
    exact = chance_of_run_out(model.chain, cover_days=cover_days)
    error = np.sqrt(exact * (1 - exact) / 20_000)
    assert outcome.ran_out[1] == pytest.approx(exact, abs=4 * error)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), ahead=st.booleans(), rule=st.sampled_from(RULES))
def test_rules_keep_every_limit_and_goods_are_conserved(seed, ahead, rule):
    model = varied(drawn(seed, ahead=ahead), seed, spoils=False)
    check_conserved(model, rule(model), sample_paths(model.chain, count=20, seed=seed))


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    ahead=st.booleans(),
    outlook=st.sampled_from((Expected(0.5), ScenarioTree((2,), seed=1))),
)
def test_rolling_plans_keep_every_limit_and_goods_are_conserved(seed, ahead, outlook):
    model = varied(drawn(seed, ahead=ahead), seed, spoils=False)
    check_conserved(model, rolling(model, outlook), sample_paths(model.chain, count=5, seed=seed))


def check_conserved(model, policy, paths):
    # The simulation itself refuses moves that break a limit.
    watched = Watched(policy)
    outcome = simulate(watched, model, paths, people=np.ones(len(model.need)))
    moves = [each for _, each in watched.seen]
    fuel = np.zeros(model.need.shape[1])
    burnt = sum(each.flows * model.arcs.fuel for each in moves).sum(axis=(1, 2))
    bought = sum(each.bought for each in moves).sum(axis=1)
    if model.fuel >= 0:
        fuel[model.fuel] = 1.0
    gone = sum(each.served + each.spilled for each in moves).sum(axis=1)
    gone = gone + np.outer(burnt - bought, fuel)
    lead = model.arcs.lead_days
    under_way = sum(
        each.flows[:, lead > len(moves) - 1 - day].sum(axis=1) for day, each in enumerate(moves)
    )
    there = model.stock.sum(axis=0) + model.supply.sum(axis=(0, 1))
    left = outcome.stock.sum(axis=1) + gone + under_way
    assert left == pytest.approx(np.broadcast_to(there, left.shape), rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.permutations(range(5)))
def test_other_numbers_for_the_nodes_lead_to_the_same(seed, order):
    model, order = drawn(seed), np.array(order)
    paths = sample_paths(model.chain, count=10, seed=seed)
    people = np.arange(5.0)
    known = simulate(push_everything(model), model, paths, people=people)
    other = relabelled(model, order)
    moved = simulate(push_everything(other), other, paths, people=people[order])
    assert moved.cost == pytest.approx(known.cost)
    assert moved.days_without == pytest.approx(known.days_without[:, order])
    assert moved.gini == pytest.approx(known.gini)


class Greedy:
    name = "greedy"

    def __init__(self, moves: Moves) -> None:
        self.moves = moves

    def decide(self, situation: Situation) -> Moves:
        return self.moves


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"flows": np.full((1, 1, 2), 900.0)}, "a limit on what moves is passed"),
        ({"served": np.array([[[0, 0], [1.5, 0]]])}, "more is handed out than is needed"),
        ({"served": np.array([[[-1.0, 0], [0, 0]]])}, "handed out cannot be less"),
        ({"flows": np.array([[[9.0, 0]]])}, "a store is fuller"),
        ({"spilled": np.array([[[0, 0], [1.0, 0]]])}, "spilled where none may be"),
        ({"loads": np.array([[[1.0, 0]]])}, "loaded where none are"),
        ({"flows": np.array([[[np.nan, 0]]])}, "less than nothing"),
    ],
)
def test_moves_that_break_a_limit_are_refused(what, says):
    model = one_place(open_and_closed([road(0.1, 0.3)], days=2), cover_days=3)
    nothing = {"flows": np.zeros((1, 1, 2)), "loads": np.zeros((1, 1, 2))}
    nothing |= {"served": np.zeros((1, 2, 2)), "spilled": np.zeros((1, 2, 2))}
    moves = Moves(**(nothing | {"bought": np.zeros((1, 2))} | what))
    with pytest.raises(PlanningError, match=says):
        simulate(Greedy(moves), model, np.zeros((1, 2), dtype=np.int64), people=np.ones(2))


def test_what_was_loaded_for_a_road_that_closed_is_counted_as_refused():
    model = one_place(open_and_closed([road(0.5, 0.5)], days=3), cover_days=3)
    model = replace(model, arcs=replace(model.arcs, is_loaded_ahead=np.ones(1, dtype=np.bool_)))
    path = np.array([[0, 1, 1], [0, 0, 0]])
    outcome = simulate(push_everything(model), model, path, people=np.ones(2))
    assert outcome.refused_loads[0] == 2
    assert outcome.refused_t[0] > 0
    assert outcome.moved_t[0] == 0 < outcome.moved_t[1]


@pytest.mark.parametrize("seed", [1, 2])
def test_where_nothing_leaves_people_use_up_what_is_in_place(seed):
    model = drawn(seed)
    paths = sample_paths(model.chain, count=3, seed=seed)
    outcome = simulate(nothing_leaves(model), model, paths, people=np.ones(5))
    assert (outcome.moved_t == 0).all()
    assert (outcome.days_without[:, 2:] > 0).any(axis=(1, 2)).all()


def test_paths_of_other_days_are_refused():
    model = one_place(open_and_closed([road(0.5, 0.5)], days=3), cover_days=3)
    with pytest.raises(PlanningError, match="paths of 2 days, a model of 3"):
        simulate(push_everything(model), model, np.zeros((1, 2), dtype=np.int64), people=np.ones(2))
