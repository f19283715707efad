"""What one more of something is worth, against hand-worked differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corridor.planning.aims import Aims
from corridor.planning.policy import Rolling
from corridor.planning.worth import questions, worth
from planning.build import build, large, trucks

ONE_DAY = Aims(horizon_days=1, stock_value_share=0.0)


def test_one_more_truck_day_is_worth_what_it_is_by_hand() -> None:
    """2,000 people need 20 t, one truck takes 10 t: each lacks half a day, 1,000 cost and 1,000
    person-days; fairness 0.2 x 2,000 x 0.5 = 200. A second truck spares both, for 50 km at 1 a km.
    """
    found = worth(trucks(build(days=1, people=(2000,), aims=ONE_DAY), 1), Rolling())
    (truck,) = (line for line in found if line.question.kind == "vehicle_day")
    assert truck.person_days == pytest.approx(1000)
    assert truck.cost == pytest.approx(1150, abs=0.01)
    assert truck.text == (
        "One more vehicle-day of ⟦dry-1⟧ on 2023-09-27: this plan reckons that it spares 1,000 "
        "person-days without and spares 1,150 of cost, everything else the same."
    )


def test_one_more_tonne_serves_a_hundred_people_for_a_day() -> None:
    short = build(days=1, aims=ONE_DAY, stock=np.array([[4.0], [0.0]]))
    (tonne,) = (line for line in worth(short, Rolling()) if line.question.kind == "tonne")
    assert tonne.person_days == pytest.approx(100)
    assert tonne.by_commodity == (("C1", pytest.approx(100)),)


def test_one_more_open_day_lets_the_truck_through() -> None:
    shut = build(days=1, aims=ONE_DAY, may_depart=np.array([[False]]))
    (line,) = (line for line in worth(shut, Rolling()) if line.question.kind == "open_day")
    assert line.person_days == pytest.approx(1000)


def test_what_has_no_use_is_said_to_have_none() -> None:
    found = worth(build(days=1, aims=ONE_DAY), Rolling())
    assert [line.text.endswith("this plan finds no use for it.") for line in found] == [True]


def test_at_most_eight_questions_are_asked_and_each_kind_has_its_turn() -> None:
    problem = large(commodities=8)
    problem = replace(problem, stock=problem.stock * 0.1)
    asked = questions(problem)
    assert len(asked) == 8
    assert {question.kind for question in asked} == {"vehicle_day", "tonne", "open_day"}


def test_a_road_open_every_day_is_not_asked_about() -> None:
    aims = Aims(horizon_days=4, later_road_share=1.0)
    assert all(question.kind != "open_day" for question in questions(build(aims=aims)))


def test_one_more_of_anything_never_costs() -> None:
    problem = large(commodities=3, seed=1, days=6)
    for line in worth(problem, Rolling()):
        assert line.cost >= -1e-4 * 1e6
