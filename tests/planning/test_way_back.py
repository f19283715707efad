"""The way back: fuel for it comes from where vehicles unload, and some vehicles do not make it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from corridor.errors import InvalidReport, PlanningError
from corridor.planning import Aims, Problem, Rolling, train
from corridor.planning.check import check
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan
from corridor.planning.relief.engine import Multistage
from corridor.planning.relief.foresight import Foresight
from corridor.planning.relief.from_problem import relief_model
from corridor.planning.relief.merging import merged
from corridor.planning.relief.push import push_everything
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.simulation import simulate
from planning.build import build, several, trucks
from planning.test_from_picture import _noon, _status
from planning.test_multistage_plan import CHANGES, STAYS, on_roads
from stories import Story, day

QUICK = Multistage(iterations=8, futures=20)
ENGINES = pytest.mark.parametrize("engine", [Rolling(), QUICK], ids=["rolling", "multistage"])


def fuelled(
    inside: float, *, each: float = 0.5, days: int = 3, aims: Aims | None = None
) -> Problem:
    """Food on trucks that set aside half a tonne of the second commodity where they unload."""
    aims = aims or Aims(horizon_days=days)
    base = build(days=days, people=(4000.0,), rates=(0.01, 0.0), liquid=(False, True), aims=aims)
    stock = base.stock.copy()
    stock[1, 1] = inside
    back = np.array([[each, 0.0]])
    return replace(base, stock=stock, burns=np.array([1, -1]), back_fuel=back)


@ENGINES
def test_no_more_vehicles_go_than_can_fuel_for_the_way_back(engine: Any) -> None:
    made = on_roads(fuelled(inside=3.0), STAYS)
    policy = train(made, engine)
    assert policy.vehicles.sum() == pytest.approx(6.0)
    found = plan(policy, looks_ahead=False)
    assert check(found, made) == ()
    (fuel,) = (path for path in found.stocks if (path.place, path.commodity) == ("P1", "C2"))
    assert fuel.stock[-1] == pytest.approx(0.0, abs=1e-6)


@ENGINES
def test_tankers_bring_the_fuel_that_trucks_go_back_with(engine: Any) -> None:
    made = fuelled(inside=0.0)
    stock = made.stock.copy()
    stock[0, 1] = 100.0
    made = on_roads(replace(made, stock=stock), STAYS)
    found = plan(train(made, engine), looks_ahead=False)
    assert {convoy.fleet for convoy in found.convoys} == {"dry-1", "tanker-1"}
    assert check(found, made) == ()


@ENGINES
def test_where_no_fuel_can_ever_be_nothing_leaves(engine: Any) -> None:
    made = on_roads(fuelled(inside=0.0), STAYS)
    found = plan(train(made, engine), looks_ahead=False)
    assert found.convoys == ()
    assert check(found, made) == ()
    assert {short.cause for short in found.unmet} == {"no fuel for the way back"}


@ENGINES
def test_vehicles_that_do_not_come_back_are_missing_from_the_next_days(engine: Any) -> None:
    base = trucks(build(days=4, people=(30000.0,), aims=Aims(horizon_days=4)), 8)
    made = on_roads(replace(base, stays=np.array([0.5])), STAYS)
    policy = train(made, engine)
    # Of 8 on the first day 4 stay, of 4 more 2, of 2 on the third day 1; the fourth is no whole day.
    assert policy.vehicles.sum(axis=(1, 2)) == pytest.approx([8.0, 4.0, 2.0, 1.0])
    assert check(plan(policy, looks_ahead=False), made) == ()


def test_in_the_simulation_the_fleet_shrinks_by_what_did_not_come_back() -> None:
    base = trucks(build(days=4, people=(30000.0,), aims=Aims(horizon_days=4)), 8)
    made = on_roads(replace(base, stays=np.array([0.5])), STAYS)
    model, path = relief_model(made), np.zeros((1, 4), dtype=np.int64)
    outcome = simulate(push_everything(model), model, path, people=made.people)
    assert outcome.moved_t[0] == pytest.approx(10 * (8 + 4 + 2 + 1))
    followed = train(made, QUICK)
    assert followed.bound <= followed.objective * (1 + 1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_rules_keep_within_fuel_and_fleet_on_any_roads(seed: int) -> None:
    base = several(seed)
    rng = np.random.default_rng(seed)
    shape = base.trip_days.shape
    base = replace(
        base,
        legs=base.legs[:2],
        trip_days=base.trip_days[:2],
        lead_days=base.lead_days[:2],
        road_vehicles=base.road_vehicles[:, :2],
        may_depart=base.may_depart[:, :2],
        class_passes=base.class_passes[:, :2],
        passages={},
        together=(),
        other_vehicles=None,
        burns=rng.integers(0, len(base.commodities), shape[1]),
        back_fuel=rng.choice([0.0, 0.2, 1.5], (len(base.legs[:2]), shape[1])),
        stays=rng.choice([0.0, 0.1, 0.6], shape[1]),
    )
    made = on_roads(base, CHANGES)
    model = relief_model(made)
    paths = sample_paths(model.chain, count=10, seed=seed)
    # The simulation refuses what breaks a limit.
    simulate(push_everything(model), model, paths, people=made.people)
    small = merged(model, np.zeros(len(made.places), dtype=np.int64))
    full, less = Foresight(model), Foresight(small.model)
    cost = full.cost(paths[0])
    assert less.cost(paths[0]) <= cost + 1e-6 * (1 + abs(cost))
    policy = train(made, Multistage(iterations=3, futures=5))
    assert check(plan(policy, looks_ahead=False), made) == ()


def test_under_certainty_both_engines_agree_on_the_way_back() -> None:
    aims = Aims(horizon_days=4, whole_vehicle_days=0, fairness_weight=0.0, later_road_share=1.0)
    made = on_roads(fuelled(inside=4.0, days=4, aims=aims), STAYS)
    made = replace(trucks(made, 4), stays=np.array([0.2, 0.0]))
    best = train(made, Rolling())
    found = train(made, Multistage(iterations=40, futures=2))
    assert found.bound == pytest.approx(best.objective, rel=1e-3)
    assert found.objective == pytest.approx(best.objective, rel=1e-3)


def told(**fleet: Any) -> Story:
    story = _status(Story())
    story.say("place", place="hub", type="hub")
    story.say("place", place="town", type="settlement")
    facts = {"distance_km": 50, "drive_h": 2, "vehicles_per_day": 8}
    story.say("road", road="road", start="hub", end="town", **facts)
    story.say("commodity", commodity="ration", name="Ration", unit="t")
    diesel = {"commodity": "diesel", "name": "Diesel", "unit": fleet.pop("unit", "l")}
    story.say("commodity", **diesel, carrier_class="tanker", kg_per_unit="0.835")
    story.say("need_rate", commodity="ration", quantity="0.5 kg")
    story.say("headcount", place="town", quantity="10000 people", observed=_noon(9))
    story.say("stock_count", place="hub", commodity="ration", quantity="99 t", observed=_noon(9))
    trucks_ = {"fleet": "trucks", "base": "hub", "carrier_class": "dry", "vehicle_class": 5}
    story.say("fleet", **trucks_, vehicles=4, payload_t=10, **fleet)
    return story


BACK = {"fuel": "diesel", "fuel_l_per_100km": 40, "carries_return_fuel": "no"}


def test_fuel_that_litres_cannot_be_counted_in_is_named() -> None:
    with pytest.raises(PlanningError, match="commodity diesel: litres cannot be counted in t"):
        problem(told(**BACK, unit="t").picture(day(10, 12)), Aims(horizon_days=3))


def test_without_fuel_on_board_the_fuel_and_its_use_are_needed() -> None:
    with pytest.raises(InvalidReport, match="the fuel and the litres per 100 km are needed"):
        told(carries_return_fuel="no")


def test_a_fleet_says_where_it_fuels_and_how_many_stay() -> None:
    story = told(**BACK, stays_share="0.1")
    made = problem(story.picture(day(10, 12)), Aims(horizon_days=3))
    assert made.burns is not None
    assert made.back_fuel is not None
    assert made.commodities[made.burns[0]] == "diesel"
    assert made.back_fuel[0, 0] == pytest.approx(50 * 0.4)
    assert made.stays is not None
    assert made.stays.tolist() == [0.1]
    said = " ".join(made.assumptions)
    assert "take Diesel for the way back from stock where they unload" in said
    assert "10.0% do not come back" in said
    assert check(plan(train(made, Rolling())), made) == ()
