"""Vehicles in full detail on the first days: turnaround, and what a restricted road lets through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corridor.planning import Aims, Rolling, train
from corridor.planning.check import check
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan
from corridor.planning.policy import Engine
from corridor.planning.relief.engine import Multistage
from planning.build import build, trucks
from planning.test_from_picture import _status, _story
from planning.test_multistage_plan import STAYS, on_roads
from stories import day

ENGINES = (Rolling(), Multistage(iterations=6, futures=10))


@pytest.mark.parametrize("engine", ENGINES, ids=["rolling", "multistage"])
@pytest.mark.parametrize(
    ("trip_days", "by_day"),
    [(0.5, [4, 4, 4]), (0.4, [4, 4, 4]), (1.0, [2, 2, 2]), (1.5, [2, 0, 2]), (3.0, [2, 0, 0])],
)
def test_a_vehicle_makes_the_trips_its_turnaround_allows_and_no_more(
    engine: Engine, trip_days: float, by_day: list[int]
) -> None:
    # Need is far above what two vehicles of 10 t bring, so that all of them are wanted every day.
    base = trucks(build(days=3, people=(20000.0,), aims=Aims(horizon_days=3)), 2)
    made = replace(base, trip_days=np.where(np.isfinite(base.trip_days), trip_days, np.inf))
    policy = train(on_roads(made, STAYS), engine)
    assert policy.vehicles.sum(axis=(1, 2)).round(6).tolist() == by_day
    found = plan(policy, looks_ahead=False)
    assert check(found, policy.problem) == ()
    one_more = tuple(
        replace(each, vehicles=each.vehicles + 1, vehicle_loads=((), *each.vehicle_loads))
        for each in found.convoys
    )
    assert "fleet" in {b.rule for b in check(replace(found, convoys=one_more), policy.problem)}


@pytest.mark.parametrize("engine", ENGINES, ids=["rolling", "multistage"])
def test_on_a_restricted_road_only_the_lighter_class_goes_as_many_as_it_takes(
    engine: Engine,
) -> None:
    story = _story(restricted_vehicles_per_day=2, restricted_class=4)
    story.say(
        "fleet",
        fleet="light",
        base="hub",
        carrier_class="dry",
        vehicle_class=4,
        vehicles=5,
        payload_t=3,
    )
    made = problem(_status(story, "restricted").picture(day(10, 12)), Aims(horizon_days=3))
    heavy = [number for number, fleet in enumerate(made.fleets) if fleet.vehicle_class > 4]
    assert not made.class_passes[0, 0, heavy].any()
    statuses = made.status_vehicles
    on_chain = on_roads(made, STAYS, first=1)
    on_chain = replace(on_chain, status_vehicles=statuses, status_passes=made.status_passes)
    policy = train(on_chain, engine)
    light = [fleet.fleet for fleet in made.fleets].index("light")
    assert policy.vehicles[0, 0].round(6).tolist() == [
        2.0 if number == light else 0.0 for number in range(len(made.fleets))
    ]
    assert check(plan(policy, looks_ahead=False), policy.problem) == ()
