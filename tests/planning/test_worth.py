"""What one more is worth by day agrees with following the policy with one more of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corridor.planning import Aims, Multistage, Policy, Problem, train
from corridor.planning.problem import Floats
from corridor.planning.relief.from_problem import opened, relief_model
from corridor.planning.relief.model import ReliefModel
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.scaling import in_units
from corridor.planning.relief.simulation import simulate
from corridor.planning.worth import Worth, worths
from planning.build import build
from planning.test_multistage_plan import CHANGES, STAYS, on_roads

FUTURES, SEED = 60, 5


def short_of(*, vehicles: float, stock: float, payload: float = 10.0) -> Problem:
    """Four days, one place of 1,000 people who need 10 t a day."""
    base = build(days=4, aims=Aims(horizon_days=4, fairness_weight=0.0))
    at = base.stock.copy()
    at[0] = stock
    ready = np.full((4, 1), vehicles)
    return replace(base, stock=at, vehicles_ready=ready, payload=np.full((1, 1), payload))


def followed(policy: Policy, model: ReliefModel) -> Floats:
    """Cost of each of the futures in the aims' cost, every day solved anew, with what was learnt."""
    trained = policy.trained
    assert trained is not None
    counted = in_units(model, trained.unit, trained.cost)
    paths = sample_paths(trained.model.chain, count=FUTURES, seed=SEED)
    follow = trained.way.follow(counted, trained.merging)
    cost = simulate(follow, counted, paths, people=policy.problem.people, quantiles=()).cost
    return np.asarray(cost * trained.cost)


def expect_close(found: Worth, day: int, spared: Floats) -> None:
    error = np.hypot(spared.std(ddof=1) / np.sqrt(FUTURES), found.standard_error[day])
    assert found.cost[day] == pytest.approx(
        float(spared.mean()), abs=3 * error + 0.02 * spared.mean() + 1e-6
    )


def starting(found: tuple[Worth, ...], words: str) -> Worth:
    return next(worth for worth in found if words in worth.text)


def test_a_vehicle_is_worth_what_following_the_policy_with_more_of_it_spares() -> None:
    problem = on_roads(short_of(vehicles=6.0, stock=80.0, payload=1.0), CHANGES)
    policy = train(problem, Multistage(iterations=30, futures=2))
    found = starting(worths(policy, futures=FUTURES, seed=SEED), "one more vehicle")
    before = followed(policy, relief_model(problem))
    for day in range(4):
        ready = np.full((4, 1), 6.0)
        ready[day] += 1.0
        after = followed(policy, relief_model(replace(problem, vehicles_ready=ready)))
        expect_close(found, day, before - after)
    assert all(cost > 0 for cost in found.cost)
    assert found.standard_error[0] == 0.0


def test_a_tonne_is_worth_what_following_the_policy_with_more_of_it_spares() -> None:
    problem = on_roads(short_of(vehicles=10.0, stock=15.3), CHANGES)
    policy = train(problem, Multistage(iterations=30, futures=2))
    found = starting(worths(policy, futures=FUTURES, seed=SEED), "1 t more")
    before = followed(policy, relief_model(problem))
    for day in range(4):
        model = relief_model(problem)
        if day:
            supply = model.supply.copy()
            supply[day, 0] += 1.0
            model = replace(model, supply=supply)
        else:
            model = replace(model, stock=model.stock + problem.is_hub[:, None])
        expect_close(found, day, before - followed(policy, model))
    assert found.cost[0] > 0


def test_an_open_day_is_worth_what_following_the_policy_with_the_road_open_spares() -> None:
    problem = on_roads(short_of(vehicles=2.0, stock=80.0), CHANGES, first=2)
    policy = train(problem, Multistage(iterations=30, futures=2))
    found = starting(worths(policy, futures=FUTURES, seed=SEED), "open that day")
    before = followed(policy, relief_model(problem))
    for day in range(4):
        spared = before - followed(policy, opened(relief_model(problem), problem, day, 0))
        expect_close(found, day, spared)
    assert found.cost[0] > 0


def test_one_more_is_worth_nothing_where_there_is_plenty() -> None:
    problem = on_roads(short_of(vehicles=10.0, stock=800.0), STAYS)
    found = worths(train(problem, Multistage(iterations=10, futures=2)), futures=4)
    assert len(found) == 3
    assert {cost for worth in found for cost in worth.cost} == {0.0}


def test_a_lost_vehicle_holds_back_no_more_than_its_fleet() -> None:
    """One more vehicle of a fleet that may not come back lifts both its limits."""
    problem = on_roads(short_of(vehicles=6.0, stock=80.0, payload=1.0), STAYS)
    losing = replace(problem, stays=np.array([1e-6]))
    engine = Multistage(iterations=30, futures=2)
    plain, lossy = (
        starting(worths(train(each, engine), futures=2), "one more vehicle")
        for each in (problem, losing)
    )
    assert lossy.cost[0] == pytest.approx(plain.cost[0], rel=1e-2)
