from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from corridor.planning.relief.foresight import Foresight
from corridor.planning.relief.merging import merged, places_inside
from corridor.planning.relief.outlooks import Expected, Fan, Persisting, ScenarioTree
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.rolling import Rolling
from corridor.planning.relief.simulation import simulate
from planning.relief.operations import certain, drawn, open_and_closed, road, varied

OUTLOOKS = (Persisting(), Expected(), Fan(3, seed=1), ScenarioTree((2,), seed=1))


@pytest.mark.parametrize("outlook", OUTLOOKS, ids=lambda outlook: type(outlook).__name__)
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("ahead", [False, True])
def test_where_roads_are_certain_every_rolling_plan_is_the_best_there_is(outlook, seed, ahead):
    model = certain(varied(drawn(seed, ahead=ahead), seed))
    all_places = merged(model, np.arange(len(model.need)))
    path = np.zeros((1, len(model.demand)), dtype=np.int64)
    policy = Rolling(model, all_places, outlook, days=len(model.demand), name="rolling")
    cost = simulate(policy, model, path, people=np.ones(5)).cost[0]
    assert cost == pytest.approx(Foresight(model).cost(path[0]), rel=1e-6)


def test_threads_and_scenarios_that_are_alike_change_nothing():
    model = drawn(5)
    paths = np.repeat(sample_paths(model.chain, count=4, seed=2), 2, axis=0)
    small = merged(model, places_inside(model))
    costs = []
    with ThreadPoolExecutor(2) as threads:
        for executor in (None, threads):
            policy = Rolling(model, small, OUTLOOKS[-1], days=2, name="rolling", executor=executor)
            costs.append(simulate(policy, model, paths, people=np.ones(5)).cost)
    assert (costs[0] == costs[1]).all()
    assert (costs[0][::2] == costs[0][1::2]).all()


@pytest.mark.parametrize("outlook", OUTLOOKS, ids=lambda outlook: type(outlook).__name__)
def test_branches_of_a_day_share_all_its_chances(outlook):
    chain = open_and_closed([road(0.1, 0.3), road(0.2, 0.4)], days=9)
    branches = outlook.branches(chain, day=2, state=1, days=5)
    assert np.bincount(branches.ahead, branches.chance)[1:] == pytest.approx(np.ones(5))
    assert (branches.before < np.arange(branches.before.size)).all()
    parents = branches.before[branches.before >= 0]
    later = branches.ahead[branches.before >= 0]
    assert (branches.ahead[parents] == later - 1).all()
    assert branches.roads.sum(axis=1) == pytest.approx(np.ones(len(branches.roads)))


def test_a_tree_knows_the_chances_of_tomorrow_and_never_what_comes_after():
    chain = open_and_closed([road(0.1, 0.3), road(0.2, 0.4)], days=9)
    branches = ScenarioTree((2,), seed=1).branches(chain, day=0, state=3, days=3)
    first = branches.ahead == 1
    assert branches.chance[first] @ branches.roads[first] == pytest.approx(chain.transition[0][3])
    # Two branches of the day after tomorrow hang on each branch of tomorrow.
    assert np.bincount(branches.before[branches.ahead == 2]).tolist() == [2, 2, 2, 2]


def test_a_part_of_the_expected_capacity_is_counted_on():
    chain = open_and_closed([road(0.25, 0.5)], days=4)
    roads = Expected(0.5).branches(chain, day=0, state=0, days=2).roads
    assert roads == pytest.approx(0.5 * np.array([[0.75, 0.25], [0.6875, 0.3125]]))
