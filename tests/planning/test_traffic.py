"""Others on the roads: convoys leave them their room, need falls as people leave, and leaving takes fuel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from corridor.hazards import hazards
from corridor.planning import Aims, Rolling, train
from corridor.planning.check import check
from corridor.planning.from_picture import days_planned, problem, ways
from corridor.planning.plan import plan
from corridor.planning.problem import Problem
from corridor.planning.relief.engine import Multistage
from corridor.planning.relief.from_problem import relief_model
from planning.build import build
from planning.test_faults import without
from planning.test_from_picture import _noon, _status, _story
from planning.test_multistage_plan import STAYS, on_roads
from stories import Story, at, day

ENGINES = (Rolling(), Multistage(iterations=6, futures=10))


def traffic(story: Story, claimant: str = "agency", **more: Any) -> Story:
    given = {"road": "road", "vehicles": "2-4 vehicles", "declared_by": "head", "reason": "seen"}
    given |= {"window_from": at(12, 6), "window_until": at(13, 18), "observed": _noon(10)}
    story.say("road_traffic", claimant, **(given | more))
    return story


def made_of(story: Story, days: int = 5) -> Problem:
    return problem(story.picture(day(10, 12)), Aims(horizon_days=days))


def test_others_take_the_high_end_of_their_room_on_their_days() -> None:
    made = made_of(traffic(_status(_story()), part_of_truck="0.5"))
    assert made.other_vehicles is not None
    assert made.other_vehicles[:, 0].tolist() == [0, 2, 2, 0, 0]
    (said,) = [note for note in made.assumptions if "expects" in note]
    assert "2-4 vehicles a day: convoys leave them the room of 2 loaded vehicles" in said
    assert "nobody declared fuel for leaving, so none is counted" in said


def test_both_directions_count_and_the_fuller_one_binds() -> None:
    story = _status(_story())
    traffic(story, vehicles="3 cars", towards="hub", who="patients")
    traffic(story, vehicles="2 cars", towards="town", who="private_cars")
    traffic(story, vehicles="1 cars", who="others")
    made = made_of(story)
    assert made.other_vehicles is not None
    assert made.other_vehicles[1, 0] == pytest.approx(4.0)


def test_two_claimants_of_one_flow_are_not_added_up() -> None:
    story = traffic(traffic(_status(_story())), "council", vehicles="6 vehicles")
    made = made_of(story)
    assert made.other_vehicles is not None
    assert made.other_vehicles[1, 0] == pytest.approx(6.0)


def test_need_falls_by_the_fewest_who_leave_from_the_day_after() -> None:
    story = traffic(_status(_story()), people="1000-2000 people", origin="town")
    made = made_of(story)
    town, ration = made.places.index("town"), made.commodities.index("ration")
    assert made.demand[:, town, ration] == pytest.approx([5.0, 5.0, 4.5, 4.0, 4.0])
    assert made.staying is not None
    assert made.staying[:, town] == pytest.approx([1.0, 1.0, 0.9, 0.8, 0.8])


def test_fuel_for_leaving_is_a_need_where_it_is_taken() -> None:
    story = traffic(
        _status(_story()),
        vehicles="100 cars",
        people="400 people",
        origin="town",
        fuel="petrol",
        fuel_each="30 l",
    )
    made = made_of(story)
    town, petrol = made.places.index("town"), made.commodities.index("petrol")
    # 10,000 people use 0.1 l a day each; a hundred cars take 30 l each on two days.
    assert made.demand[:, town, petrol] == pytest.approx([1000, 4000, 3960, 920, 920])
    assert any("they take 30 l of Petrol each" in note for note in made.assumptions)


def test_fuel_that_nobody_else_needs_weighs_by_those_who_leave() -> None:
    story = without(_status(_story()), "needrate", commodity="petrol")
    traffic(
        story,
        "council",
        vehicles="10 cars",
        people="50 people",
        origin="town",
        fuel="petrol",
        fuel_each="20 l",
    )
    made = made_of(story)
    town, petrol = made.places.index("town"), made.commodities.index("petrol")
    assert made.demand[:, town, petrol] == pytest.approx([0, 200, 200, 0, 0])
    assert made.persons is not None
    assert made.persons[town, petrol] == pytest.approx(2 * 50 / 5)
    assert check(plan(train(made, Rolling())), made) == ()


def test_departures_without_a_word_on_those_to_come_are_named() -> None:
    story = _status(_story())
    story.say("departure", place="town", quantity="300 people", road="road", observed=_noon(9))
    made = made_of(story)
    assert made.other_vehicles is None
    assert any("nobody declared road_traffic to come" in note for note in made.assumptions)


@pytest.mark.parametrize("engine", ENGINES, ids=["rolling", "multistage"])
def test_convoys_leave_others_their_room(engine: Any) -> None:
    base = build(days=3, people=(4000.0,), aims=Aims(horizon_days=3))
    base = replace(base, road_vehicles=np.full((3, 1), 5.0))
    made = replace(on_roads(base, STAYS), other_vehicles=np.array([[2.0], [7.0], [0.5]]))
    policy = train(made, engine)
    assert policy.vehicles.sum(axis=(1, 2)).tolist() == [3.0, 0.0, 4.0]
    found = plan(policy, looks_ahead=False)
    assert check(found, made) == ()
    assert {u.cause for u in found.unmet} <= {"road takes no more vehicles"}
    tighter = replace(made, other_vehicles=np.array([[3.0], [7.0], [0.5]]))
    assert "road" in {breach.rule for breach in check(found, tighter)}


def test_the_model_gives_up_the_room_in_every_joint_state() -> None:
    base = on_roads(build(days=3, people=(4000.0,)), STAYS)
    others = np.array([[2.0], [7.0], [0.5]])
    before, after = (
        relief_model(p).moves.most[:, 0] for p in (base, replace(base, other_vehicles=others))
    )
    assert after == pytest.approx(np.maximum(before - others, 0.0))


def test_who_has_left_is_not_counted_as_going_without() -> None:
    story = traffic(_status(_story(), "closed"), people="4000 people", origin="town")
    picture, aims = story.picture(day(10, 12)), Aims(horizon_days=5)
    chances = hazards(picture, days_planned(picture, aims), seed=1, ways=ways(picture))
    made = problem(picture, aims, chances)
    found = plan(train(made, ENGINES[1]))
    assert found.outlook is not None
    (ration,) = [each for each in found.outlook.expected if each.commodity == "ration"]
    town, good = made.places.index("town"), made.commodities.index("ration")
    most = made.demand[:, town, good].sum() / made.rate[town, good]
    assert ration.unsupplied <= most + 1e-6
    assert ration.unsupplied > 0
    assert check(found, made) == ()
