"""Every way to decide that a plan can follow: rules, looking ahead, what was learnt."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from corridor.cli.planning import Name
from corridor.planning import Aims, Engine, Problem, Rolling, train
from corridor.planning.check import check
from corridor.planning.outlook import outlook
from corridor.planning.plan import plan
from corridor.planning.relief.engine import Multistage
from corridor.planning.relief.named import engine_named
from corridor.registers.general import ENGINES, EngineName
from planning.build import build, large
from planning.test_multistage_plan import CHANGES, STAYS, on_roads

QUICK = Multistage(iterations=40, futures=10)
EACH = pytest.mark.parametrize("name", ENGINES)


def named(name: EngineName, aims: Aims | None = None) -> Engine:
    return engine_named(name, aims or Aims(), QUICK)


def two_goods(days: int = 4, seed: int = 3) -> Problem:
    """Two roads to three places, whole vehicles on the first days."""
    problem, kept = large(commodities=2, seed=seed, days=days), [0, 5]
    legs = tuple(problem.legs[leg] for leg in kept)
    fewer = replace(
        problem,
        legs=legs,
        road_vehicles=problem.road_vehicles[:, kept],
        may_depart=problem.may_depart[:, kept],
        class_passes=problem.class_passes[:, kept],
        trip_days=problem.trip_days[kept],
        lead_days=problem.lead_days[kept],
        why_not={},
        passages={},
    )
    return on_roads(fewer, CHANGES)


def test_the_command_line_knows_every_engine() -> None:
    assert get_args(Name) == ENGINES


@EACH
@pytest.mark.parametrize("seed", range(3))
def test_its_plan_orders_whole_vehicles_and_passes_the_check(name: EngineName, seed: int) -> None:
    problem = two_goods(seed=seed)
    policy = train(problem, named(name))
    found = plan(policy)
    assert check(found, problem) == ()
    assert found.convoys
    first = policy.vehicles[: problem.aims.whole_vehicle_days]
    assert np.allclose(first, np.round(first))
    seen = outlook(policy, futures=10)
    assert seen is not None
    assert seen.fans


@EACH
def test_under_certainty_all_but_a_rule_find_the_least_cost(name: EngineName) -> None:
    aims = Aims(horizon_days=4, later_road_share=1.0, whole_vehicle_days=0, fairness_weight=0.0)
    scarce = build(people=(900.0, 1400.0), rates=(0.01, 0.004), liquid=(False, True), aims=aims)
    scarce = replace(scarce, road_vehicles=np.full((4, 2), 1.0))
    made = on_roads(scarce, STAYS)
    least = train(made, Rolling()).objective
    found = train(made, named(name, aims))
    if name.startswith("push"):
        assert found.objective >= least * (1 - 1e-4)
    else:
        assert found.objective == pytest.approx(least, rel=1e-3)


def test_a_rule_in_whole_vehicles_carries_no_more_than_it_says() -> None:
    # 25 t a day wanted, 10 t a vehicle, four ready: three vehicles carry 25 t, and no fourth goes.
    base = build(days=2, people=(2500.0,), aims=Aims(horizon_days=2, stock_value_share=0.0))
    made = on_roads(
        replace(base, stock=np.array([[25.0], [0.0]]), payload=np.full((1, 1), 10.0)), STAYS
    )
    policy = train(made, named("push"))
    assert policy.loads[0].sum() == pytest.approx(25.0)
    assert policy.vehicles[0].sum() == 3
