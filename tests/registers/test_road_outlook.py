from __future__ import annotations

from typing import Any

import pytest

from corridor.errors import InvalidReport
from corridor.registers import decisions
from corridor.report import standing
from corridor.values import ReportId
from stories import Story, at, day


def outlook(story: Story, claimant: str = "operation", **more: Any) -> ReportId:
    given = {"road": "road", "open_days": "20-60 days", "closed_days": "3-10 days"}
    given |= {"declared_by": "head of operations", "reason": "as last year", "learned": at(2)}
    return story.say("road_outlook", claimant, **(given | more))


def fold(story: Story, number: int = 10) -> dict[Any, ReportId]:
    found = decisions.fold(standing(story.entries).reports, at=day(number)).outlooks
    return {key: report.id for key, report in found.items()}


def test_each_claimant_s_last_outlook_of_a_road_and_direction_stands() -> None:
    story = Story()
    outlook(story)
    last = outlook(story, open_days="10-30 days", learned=at(3))
    inward = outlook(story, towards="town")
    other = outlook(story, "agency")
    assert fold(story) == {
        ("road", "", "operation"): last,
        ("road", "town", "operation"): inward,
        ("road", "", "agency"): other,
    }


def test_an_outlook_ends_when_it_says_and_when_it_is_withdrawn_or_denied() -> None:
    story = Story()
    ends = outlook(story, until=at(9))
    assert list(fold(story, 9).values()) == [ends]
    assert fold(story, 10) == {}
    endless = outlook(story)
    story.say("retraction", "operation", retracts=endless)
    outlook(story, "agency", speech_act="denied")
    assert endless not in fold(story).values()
    assert ("road", "", "agency") not in fold(story)


def test_an_outlook_that_names_no_time_holds_for_all() -> None:
    story = Story().land()
    name = outlook(story, learned=at(9))
    found = story.picture(day(5), known_at=day(10)).decisions.outlooks
    assert [report.id for report in found.values()] == [name]


@pytest.mark.parametrize("days", ["20 days", "up to 60 days", "over 20 days", "0-60 days"])
def test_a_range_without_both_ends_or_under_a_day_is_refused(days: str) -> None:
    with pytest.raises(InvalidReport, match="open_days: a range with both ends is needed"):
        outlook(Story(), open_days=days)


def test_long_closures_need_their_days_and_their_share() -> None:
    with pytest.raises(InvalidReport, match="go together"):
        outlook(Story(), long_share="0.2")
    with pytest.raises(InvalidReport, match="at most 1 is needed, not 2"):
        outlook(Story(), long_closed_days="30-90 days", long_share="2")
    assert outlook(Story(), long_closed_days="30-90 days", long_share="0.2")
