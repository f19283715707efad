"""Goods from outside are counted on from the day by which they are there with the chance asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from corridor.errors import InvalidReport, PlanningError
from corridor.planning import Aims, Problem
from corridor.planning.from_picture import problem
from planning.test_from_picture import _status, _story
from stories import at, day


def made_of(aims: Aims | None = None, **more: Any) -> Problem:
    story = _status(_story())
    given = {"commodity": "ration", "place": "hub", "quantity": "40-60 t"}
    given |= {"expected_from": at(11, 6), "expected_until": at(12, 18)}
    story.say("pipeline", **(given | more))
    return problem(story.picture(day(10, 12)), aims or Aims(horizon_days=6))


def come(made: Problem) -> list[float]:
    hub, ration = made.places.index("hub"), made.commodities.index("ration")
    return made.arrivals[:, hub, ration].tolist()


@pytest.mark.parametrize(
    ("late", "days"),
    # Not there after k days more with late ** (k + 1): under 0.1 at first after the days given.
    [("0", 0), ("0.1", 0), ("0.11", 1), ("0.3", 1), ("0.4", 2), ("0.5", 3)],
)
def test_the_day_follows_from_the_chance_a_day(late: str, days: int) -> None:
    made = made_of(late_chance=late)
    (found,) = np.flatnonzero(come(made)).tolist()
    assert found == 1 + days
    assert come(made)[found] == 40.0
    assert float(late) ** (days + 1) <= 0.1 + 1e-9
    assert days == 0 or float(late) ** days > 0.1


def test_a_lower_chance_counts_on_them_earlier() -> None:
    later = come(made_of(late_chance="0.5"))
    sooner = come(made_of(Aims(horizon_days=6, arrival_chance=0.5), late_chance="0.5"))
    assert np.flatnonzero(sooner) < np.flatnonzero(later)


def test_goods_that_come_after_the_last_day_are_not_counted_on() -> None:
    assert not any(come(made_of(late_chance="0.95")))


def test_what_is_said_of_lateness_and_what_is_not_stand_in_the_plan() -> None:
    said = " ".join(made_of(late_chance="0.3").assumptions)
    assert "may be late, 30% a day from 2030-05-12 on" in said
    assert "counted on from 2030-05-13" in said
    silent = " ".join(made_of().assumptions)
    assert "Nobody judged the chance that goods from outside come late" in silent


def test_a_chance_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidReport, match=r"at most 0.95 is needed, not 1"):
        made_of(late_chance="1")
    with pytest.raises(PlanningError, match="arrival_chance: more than 0 and less than 1"):
        made_of(Aims(arrival_chance=1.0))
