from __future__ import annotations

from typing import Any

import pytest

from corridor.errors import InvalidReport
from corridor.values import ReportId
from stories import Story, at, day


def traffic(story: Story, claimant: str = "operation", **more: Any) -> ReportId:
    given = {"road": "road", "vehicles": "20 cars", "declared_by": "head", "reason": "as seen"}
    given |= {"window_from": at(11), "window_until": at(13), "learned": at(2)}
    return story.say("road_traffic", claimant, **(given | more))


def test_each_claimant_s_last_word_on_a_flow_stands_until_its_days_are_over() -> None:
    story = Story().land()
    traffic(story)
    last = traffic(story, vehicles="30 cars", learned=at(3))
    other = traffic(story, "agency", who="patients")
    found = story.picture(day(12)).decisions.traffic
    assert {report.id for report in found.values()} == {last, other}
    assert not story.picture(day(14)).decisions.traffic


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"people": "9 people"}, "people who leave need the place they leave"),
        ({"fuel_each": "9 l", "fuel": "petrol"}, "fuel for leaving needs the fuel and the place"),
        ({"window_until": at(10)}, "window_from"),
        ({"vehicles": "9 t"}, "vehicles"),
    ],
)
def test_what_does_not_fit_together_is_refused(more: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidReport, match=says):
        traffic(Story().land(), **more)
