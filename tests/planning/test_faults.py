"""Bad input: one clear message that names the thing, or a plan that says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.hazards import hazards
from corridor.planning import Aims, Rolling, train
from corridor.planning.faults import refuse_faults
from corridor.planning.from_picture import days_planned, problem, ways
from corridor.planning.plan import Plan, plan
from corridor.planning.problem import Problem
from corridor.planning.relief.engine import Multistage
from corridor.planning.relief.from_problem import relief_model
from planning.build import build, several
from planning.test_from_picture import _noon, _status, _story
from planning.test_multistage_plan import CHANGES, on_roads
from stories import Story, day

QUICK = Multistage(iterations=4, futures=10)


def planned(made: Problem) -> Plan:
    return plan(train(made, Rolling()))


def test_rows_of_a_transition_that_do_not_sum_to_one_are_named() -> None:
    made = on_roads(build(days=3), CHANGES)
    assert made.chain is not None
    rows = made.chain.transition.copy()
    rows[1, 2, 0] += 0.2
    wrong = replace(made, chain=replace(made.chain, transition=rows))
    said = r"chances of the roads \(R11\) after day 2, from joint state 2: they sum to 1.2"
    for ask in (refuse_faults, relief_model):
        with pytest.raises(PlanningError, match=said):
            ask(wrong)
    with pytest.raises(PlanningError, match=said):
        train(wrong, QUICK)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    made = build(days=3, people=(1000.0, 500.0))
    demand, stock, people = made.demand.copy(), made.stock.copy(), made.people.copy()
    demand[1, 2, 0], stock[0, 0], people[1] = -5.0, np.nan, -1.0
    fleets = (replace(made.fleets[0], vehicles=-2),)
    aims = Aims(horizon_days=3, backlog_keep=1.5, deprivation_slopes=(1.0, 3.0, 2.0))
    wrong = replace(made, demand=demand, stock=stock, people=people, fleets=fleets, aims=aims)
    with pytest.raises(PlanningError) as told:
        train(wrong, Rolling())
    assert str(told.value).splitlines() == [
        "deprivation_slopes: one more than the 4 breaks is needed, not 3",
        "deprivation_slopes: numbers that do not fall are needed, not 1, 3, 2",
        "backlog_keep: a share from 0 to 1 is needed, not 1.5",
        "C1 at P2: need of 0 or more is needed, not -5",
        "C1 at H1: stock of 0 or more is needed, not nan",
        "people at P1: 0 or more are needed, not -1",
        "fleet dry-1: vehicles of 0 or more are needed, not -2",
    ]


@pytest.mark.parametrize("seed", range(20))
def test_a_problem_without_faults_is_let_through(seed: int) -> None:
    refuse_faults(several(seed))


def test_a_horizon_of_zero_is_refused_by_its_name() -> None:
    picture, aims = _status(_story()).picture(day(10, 12)), Aims(horizon_days=0)
    for ask in (days_planned, problem):
        with pytest.raises(PlanningError, match="horizon_days: at least 1 day is needed, not 0"):
            ask(picture, aims)


def test_a_road_without_history_is_planned_on_and_named() -> None:
    story = _story()
    picture = story.picture(day(10, 12))
    aims = Aims(horizon_days=4)
    chances = hazards(picture, days_planned(picture, aims), seed=1, ways=ways(picture))
    assert [finding.code for finding in chances.findings] == ["road_outlook_missing"]
    assert "road" in chances.findings[0].text
    found = plan(train(problem(picture, aims, chances), QUICK), looks_ahead=False)
    assert [road.method for road in found.roads] == ["assumed"]
    assert found.unmet


def without(story: Story, kind: str, **fields: Any) -> Story:
    """Leave out the reports of a kind with these fields."""
    left = Story()
    for report in story.reports:
        said = type(report.statement).__name__.lower() == kind and all(
            getattr(report.statement, name) == value for name, value in fields.items()
        )
        if not said:
            left.reports.append(report)
    return left


def test_a_place_no_road_reaches_says_so() -> None:
    story = _status(_story())
    story.say("place", place="farm", type="settlement")
    story.say("headcount", place="farm", quantity="100 people", observed=_noon(9))
    found = planned(problem(story.picture(day(10, 12)), Aims(horizon_days=3)))
    at_farm = {short.cause for short in found.unmet if short.place == "farm"}
    assert at_farm == {"no road reaches it"}


def test_goods_no_vehicle_carries_say_so_and_name_the_kind_of_vehicle() -> None:
    story = without(_status(_story()), "fleet", fleet="tankers")
    found = planned(problem(story.picture(day(10, 12)), Aims(horizon_days=3)))
    assert {s.cause for s in found.unmet if s.commodity == "petrol"} == {"no vehicle carries it"}
    said = "No vehicle can carry Petrol: no fleet that was reported is for tanker goods."
    assert said in found.notes


def test_without_any_fleet_the_plan_says_that_no_vehicle_carries_it() -> None:
    story = without(_status(_story()), "fleet")
    found = planned(problem(story.picture(day(10, 12)), Aims(horizon_days=3)))
    assert found.convoys == ()
    assert {short.cause for short in found.unmet} == {"no vehicle carries it"}
    assert "No fleet was reported, so nothing can be carried." in found.notes
