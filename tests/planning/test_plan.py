"""Plans of small problems, worked out by hand where a number is asserted."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.planning.aims import Aims
from corridor.planning.check import check
from corridor.planning.plan import Plan, plan
from corridor.planning.policy import Rolling, train
from corridor.planning.problem import PassageOnDay, Problem
from corridor.values import PartyCode
from planning.build import build, large, trucks


def planned(problem: Problem) -> Plan:
    found = plan(train(problem, Rolling()))
    assert check(found, problem) == ()
    return found


def cause_of(problem: Problem) -> str:
    (short,) = planned(problem).unmet
    return short.cause


def one_truck(**changes: Any) -> Problem:
    """Two days, one place of 1,000 people who need 10 t a day, one truck of 10 t, a day's lead."""
    aims = Aims(horizon_days=2, stock_value_share=0.0)
    problem = build(days=2, aims=aims, lead_days=np.array([1]))
    return replace(trucks(problem, 1), **changes)


def test_a_tiny_plan_costs_what_it_costs_by_hand() -> None:
    """Nothing sent can be there on day 1, so the backlog is 1 day, which costs 0.5 x 1 + 0.5 x 2 = 1.5
    a person: 1,500. On day 2 the truck of day 1 is there: backlog 0.9 x 1 + 1 - 1 = 0.9 days,
    costing
    0.5 x 1 + 0.4 x 2 = 1.3 a person: 1,300. The place's mean is 0.95 days: fairness 0.2 x 2 days x
    1,000 people x 0.95 = 380. One trip of 50 km at 1 a km: 50. In all 3,230. The first 1,500 and
    the fairness of their half day, 200, no plan could change.
    """
    found = planned(one_truck())
    assert found.objective == pytest.approx(3230, abs=0.01)
    assert found.unavoidable == pytest.approx(1700)
    assert found.person_days_without == (("C1", 1000),)
    (convoy,) = found.convoys
    assert (convoy.day, convoy.arrives) == found.days
    assert (convoy.vehicles, convoy.loads[0].amount) == (1, pytest.approx(10))


def test_whole_vehicles_go_to_one_place_where_parts_would_serve_two() -> None:
    """One truck a day, two places of 1,000 people in need of 10 t. Whole, the nearer place gets it: the
    other lacks a day (1,500), fairness is 0.2 x 2,000 x 1 = 400, the way 50: 1,950. In parts each
    lacks half a day: 2 x 500, fairness 200, and 25 + 30 for the way: 1,255.
    """
    aims = Aims(horizon_days=1, stock_value_share=0.0, mip_gap=0.0)
    both = trucks(build(days=1, people=(1000, 1000), aims=aims), 1)
    assert planned(both).objective == pytest.approx(1950, abs=0.01)
    parts = replace(both, aims=replace(aims, whole_vehicle_days=0))
    assert planned(parts).objective == pytest.approx(1255, abs=0.01)


def test_the_more_urgent_goods_ride_first() -> None:
    both = build(days=1, rates=(0.01, 0.01), urgency=np.array([1.0, 3.0]))
    found = planned(trucks(both, 1))
    assert [load.commodity for load in found.convoys[0].loads] == ["C2"]


def test_the_same_problem_gives_the_same_bytes() -> None:
    problem = large(commodities=3, seed=4, days=8)
    first, second = planned(problem), planned(problem)
    assert first == second
    assert first.digest == second.digest != ""


def test_every_need_is_met_where_goods_roads_and_trucks_suffice() -> None:
    found = planned(build(people=(1000, 500)))
    assert (found.status, found.unmet) == ("met", ())
    assert all(rate.share == 1 for rate in found.fill_rates)


def test_vehicles_are_whole_on_the_first_days_and_an_outlook_later() -> None:
    found = planned(build(days=6, people=(700,), aims=Aims(horizon_days=6, whole_vehicle_days=2)))
    for convoy in found.convoys:
        assert convoy.is_indicative == (convoy.day >= found.days[2])
        if not convoy.is_indicative:
            assert convoy.vehicles == len(convoy.vehicle_loads) == round(convoy.vehicles)


def test_many_vehicles_on_one_road_are_several_convoys_of_like_size() -> None:
    aims = Aims(horizon_days=1, convoy_vehicles=4)
    found = planned(build(days=1, people=(9000,), aims=aims))
    assert sorted(convoy.vehicles for convoy in found.convoys) == [3, 3, 3]
    assert len({convoy.code for convoy in found.convoys}) == 3


def test_loads_by_vehicle_fill_one_vehicle_after_the_other() -> None:
    found = planned(
        build(days=1, rates=(0.012, 0.006), aims=Aims(horizon_days=1, stock_value_share=0))
    )
    (convoy,) = found.convoys
    first, second = convoy.vehicle_loads
    assert [(load.commodity, load.amount) for load in first] == [("C1", 10)]
    assert [(load.commodity, pytest.approx(load.amount)) for load in second] == [
        ("C1", 2),
        ("C2", 6),
    ]


def test_fuel_rides_in_tankers_alone() -> None:
    found = planned(build(rates=(0.01, 0.002), liquid=(False, True)))
    carried = {(c.fleet, load.commodity) for c in found.convoys for load in c.loads}
    assert carried == {("dry-1", "C1"), ("tanker-1", "C2")}


def test_short_trips_let_a_vehicle_go_twice_a_day() -> None:
    base = trucks(build(days=1, people=(2000,)), 1)
    assert planned(replace(base, trip_days=np.array([[0.5]]))).status == "met"
    assert planned(replace(base, trip_days=np.array([[0.6]]))).status == "short"


def test_a_vehicle_on_a_long_trip_is_away_for_whole_days() -> None:
    base = replace(trucks(build(days=4), 1), trip_days=np.array([[1.5]]))
    days = [convoy.day for convoy in planned(base).convoys for _ in range(round(convoy.vehicles))]
    assert all((later - earlier).days >= 2 for earlier, later in pairwise(days))


def test_vehicles_that_are_away_come_back_on_the_day_told() -> None:
    base = build(days=3, vehicles_ready=np.array([[0.0], [0.0], [5.0]]))
    assert {convoy.day for convoy in planned(base).convoys} == {base.days[2]}


def test_goods_go_forward_while_the_road_is_open() -> None:
    """The road shuts from the second day on: what people need later leaves on the first."""
    open_ = np.array([[True], [False], [False], [False]])
    found = planned(build(may_depart=open_))
    assert found.status == "met"
    assert sum(convoy.vehicles for convoy in found.convoys) >= 4


def test_a_depot_passes_on_only_what_was_there_in_the_morning() -> None:
    base = build(days=3, people=(0.0, 1000.0))
    onward = replace(base.legs[1], start=base.places[1])
    chain = replace(
        base,
        legs=(base.legs[0], onward),
        trip_days=np.ones((2, 1)),
        aims=replace(base.aims, stock_value_share=0.0),
    )
    (short,) = planned(chain).unmet
    assert (short.person_days, short.cause) == (1000, "not yet arrived")


def test_stock_above_the_store_on_the_first_morning_is_no_obstacle() -> None:
    base = build()
    stock = np.array([[80.0], [50.0]])
    assert planned(replace(base, stock=stock, storage_t=np.array([60.0, 20.0]))).status == "met"


def test_goods_from_outside_that_find_no_room_are_told() -> None:
    arrivals = np.zeros((4, 2, 1))
    arrivals[0, 0] = 100.0
    base = build(arrivals=arrivals, storage_t=np.array([90.0, np.inf]))
    paths = {path.place: path for path in planned(base).stocks}
    assert paths[base.places[0]].spilled[0] > 0


@pytest.mark.parametrize("state", ["delayed", "refused", "revoked"])
def test_nothing_leaves_where_the_passage_is_held_even_if_the_road_may_be_used(state: Any) -> None:
    base = build(days=1, passages={(0, 0): PassageOnDay(state)})
    found = planned(base)
    assert found.convoys == ()
    assert found.unmet[0].cause == "road closed or held"


def test_a_passage_for_so_many_vehicles_lets_no_more_through() -> None:
    base = build(days=1, people=(9000,), passages={(0, 0): PassageOnDay("granted", 2)})
    assert sum(convoy.vehicles for convoy in planned(base).convoys) == 2


def test_a_passage_for_food_lets_food_alone_through() -> None:
    base = build(days=1, rates=(0.01, 0.01), cargo=("food", "medical"))
    found = planned(replace(base, passages={(0, 0): PassageOnDay("granted", cargo="food")}))
    assert {load.commodity for convoy in found.convoys for load in convoy.loads} == {"C1"}


def test_a_convoy_says_what_is_missing_in_words() -> None:
    asked = {(0, 0): PassageOnDay("asked", escort=PartyCode("E"))}
    (convoy,) = planned(build(days=1, passages=asked)).convoys
    assert convoy.missing == (
        "⟦B⟧ answers the passage request, and grants it",
        "⟦E⟧ confirms the escort",
    )


def test_a_horizon_of_no_days_is_refused() -> None:
    with pytest.raises(PlanningError, match="at least 1 day is needed, not 0"):
        train(build(days=1, aims=Aims(horizon_days=0)), Rolling())


def test_no_leg_at_all_is_a_plan_that_says_no_road_reaches_the_place() -> None:
    base = build()
    nothing = replace(
        base,
        legs=(),
        trip_days=np.zeros((0, 1)),
        lead_days=np.zeros(0, dtype=np.int64),
        road_vehicles=np.zeros((4, 0)),
        may_depart=np.zeros((4, 0), dtype=bool),
        class_passes=np.zeros((4, 0, 1), dtype=bool),
    )
    assert cause_of(nothing) == "no road reaches it"


def test_no_fleet_at_all_is_a_plan_that_says_no_vehicle_carries_the_goods() -> None:
    base = build()
    nothing = replace(
        base,
        fleets=(),
        payload=np.zeros((0, 1)),
        trip_days=np.zeros((1, 0)),
        class_passes=np.zeros((4, 1, 0), dtype=bool),
    )
    assert cause_of(nothing) == "no vehicle carries it"


def _one_open_day_and_a_small_store() -> Problem:
    open_ = np.array([[True], [False], [False], [False]])
    return build(may_depart=open_, storage_t=np.array([np.inf, 10.0]))


def _outside() -> Problem:
    base = build()
    arrivals = np.zeros_like(base.demand)
    arrivals[2, 0] = 60.0
    return replace(base, stock=base.stock * 0, arrivals=arrivals)


@pytest.mark.parametrize(
    ("cause", "problem"),
    [
        ("no vehicle carries it", replace(build(), payload=np.zeros((1, 1)))),
        ("not yet arrived", replace(build(), lead_days=np.array([9]))),
        ("road closed or held", replace(build(), may_depart=np.zeros((4, 1), dtype=bool))),
        ("nothing in stock at the hub", replace(build(), stock=np.zeros((2, 1)))),
        ("stock outside", _outside()),
        (
            "road takes no more vehicles",
            replace(build(people=(9000,)), road_vehicles=np.ones((4, 1))),
        ),
        ("vehicles short", trucks(build(), 0)),
        ("storage", _one_open_day_and_a_small_store()),
    ],
)
def test_what_is_unmet_says_why(cause: str, problem: Problem) -> None:
    assert cause_of(problem) == cause


def test_a_closed_road_gives_the_reason_recorded() -> None:
    shut = replace(
        build(), may_depart=np.zeros((4, 1), dtype=bool), why_not={(0, 0): "closed according to B"}
    )
    assert planned(shut).unmet[0].because == ("closed according to B",)
