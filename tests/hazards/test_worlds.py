"""Worlds other than the one assumed, and roads as they were reported since."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.hazards import joint, sampled, statuses_on, with_longer_closures
from corridor.values import PlaceCode, RoadCode
from hazards.chains import road, several, two_state
from hazards.road_story import RoadStory
from stories import day


def test_closures_last_as_many_times_as_long() -> None:
    known = several(road(two_state(0.1, 0.25), 20))
    longer = with_longer_closures(known, 2.5)
    stays = [each.roads[0].transition[0].diagonal() for each in (known, longer)]
    closed = int(np.flatnonzero(known.roads[0].shown == 2)[0])
    assert 1 / (1 - stays[1][closed]) == pytest.approx(2.5 / (1 - stays[0][closed]))
    assert stays[1][0] == stays[0][0]
    with pytest.raises(PlanningError, match="closure factor"):
        with_longer_closures(known, 0.5)


def test_another_world_keeps_the_joint_states_of_the_first() -> None:
    known = several(road(two_state(0.1, 0.3), 12, "a"), road(two_state(0.2, 0.1), 12, "b"))
    first = joint(known, most_states=3)
    for world in (sampled(known, 0), with_longer_closures(known, 3)):
        other = joint(world, like=first)
        assert other.phase.tolist() == first.phase.tolist()
        assert other.status.tolist() == first.status.tolist()
        assert other.transition.sum(axis=2) == pytest.approx(1.0)


def test_a_day_nobody_spoke_of_is_as_the_one_before_and_a_dispute_counts_as_shut() -> None:
    story = RoadStory()
    story.status("open", "3")
    story.status("closed", "6")
    story.status("open", "6", claimant="north")
    story.status("open", "8")
    seen = statuses_on(
        story.picture(day(9, 12)),
        [(RoadCode("pass"), PlaceCode("town"))],
        [date(2030, 5, 4) + timedelta(days=n) for n in range(5)],
    )
    assert seen[:, 0].tolist()[:3] == [0, 0, 2]
    assert statuses_on(
        RoadStory().picture(day(9, 12)),
        [(RoadCode("pass"), PlaceCode("town"))],
        [date(2030, 5, 4)],
    ).tolist() == [[2]]
