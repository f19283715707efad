from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from corridor.hazards import Hazards, hazards
from corridor.hazards.announced import decided_days
from corridor.values import PlaceCode, RoadCode
from hazards.chains import days_from
from hazards.road_story import RoadStory
from stories import at, codes, day

DAYS = days_from(date(2030, 5, 11), 6)
WAY = (RoadCode("pass"), PlaceCode("town"))


def decided(story: RoadStory) -> dict[int, tuple[str, str]]:
    """Return what is decided: status and whose word, by day of May."""
    found, _ = decided_days(story.picture(day(10, 12)), *WAY, DAYS)
    return {one.day.day: (one.status, one.by) for one in found}


def chances(story: RoadStory) -> Hazards:
    return hazards(story.picture(day(10, 12)), DAYS, seed=1, ways=[WAY])


def with_outlook() -> RoadStory:
    story = RoadStory()
    story.status("open", "9")
    story.say("road_outlook", road="pass", open_days="10-30 days", closed_days="2-5 days",
              declared_by="head of operations", reason="as last year", learned=at(1))  # fmt: skip
    return story


def test_a_closure_announced_by_the_grantor_shuts_the_road_on_its_days() -> None:
    story = with_outlook()
    before = chances(story).p_usable()
    name = story.status("closed", "12/13", "north", speech_act="announced")
    assert decided(story) == {12: ("closed", "north"), 13: ("closed", "north")}
    found = chances(story)
    usable = found.p_usable()
    assert (usable.high[1:3] == 0).all()
    assert (usable.best[0] == before.best[0]).all()
    assert (usable.best[3:] < before.best[3:]).all()
    assert (usable.best[3:] > 0).all()
    assert found.roads[0].is_decided.tolist() == [False, True, True, False, False, False]
    assert name in found.roads[0].basis
    assert found.roads[0].decided[0].basis == (name,)


def test_what_another_announces_raises_nothing_and_is_a_finding() -> None:
    story = with_outlook()
    before = chances(story).p_usable().best
    name = story.status("open", "12", "south", speech_act="announced")
    found = chances(story)
    assert decided(story) == {}
    assert (found.p_usable().best == before).all()
    assert codes(found.findings) == ["announcement_decides_nothing"]
    assert found.findings[0].basis == (name,)


def test_another_s_opening_does_not_lift_the_grantor_s_closure() -> None:
    story = with_outlook()
    story.status("closed", "12", "north", speech_act="announced")
    story.status("open", "12", "south", speech_act="announced")
    assert decided(story) == {12: ("closed", "north")}


def test_the_grantor_s_opening_counts_when_announced_and_not_when_promised() -> None:
    story = RoadStory()
    story.status("open", "12", "north", speech_act="promised")
    assert decided(story) == {}
    story.status("open", "13", "north", speech_act="announced")
    assert decided(story) == {13: ("open", "north")}
    assert chances(story).p_open().best[2] == pytest.approx(1)


def test_a_promised_closure_counts() -> None:
    story = RoadStory()
    story.status("closed", "12", "north", speech_act="promised")
    assert decided(story) == {12: ("closed", "north")}


def test_the_grantor_s_later_word_replaces_the_earlier_one() -> None:
    story = RoadStory()
    story.status("closed", "12/13", "north", speech_act="announced", published=at(8))
    story.status("restricted", "13", "north", speech_act="announced", published=at(9))
    assert decided(story) == {12: ("closed", "north"), 13: ("restricted", "north")}


def test_a_closure_that_is_said_to_hold_until_a_day_holds_until_then() -> None:
    story = RoadStory()
    story.status("closed", "9", "north", valid_until=at(12, 10))
    assert decided(story) == {11: ("closed", "north"), 12: ("closed", "north")}


def test_answers_to_passages_come_first_and_the_most_cautious_leads() -> None:
    story = RoadStory()
    for code, number, answer in (("a", 11, "granted"), ("b", 12, "refused"), ("c", 12, "granted"),
                                 ("d", 13, "conditions"), ("e", 14, "no_answer")):  # fmt: skip
        story.passage(code, number, answer)
    story.passage("f", 15, "granted", by="south")
    assert decided(story) == {
        11: ("open", "north"),
        12: ("closed", "north"),
        13: ("restricted", "north"),
    }


def test_a_grant_that_has_run_out_opens_nothing() -> None:
    story = RoadStory()
    story.passage("a", 12, "granted", valid_until=at(11, 5))
    assert decided(story) == {}


def test_a_grant_does_not_open_what_the_grantor_closes() -> None:
    story = RoadStory()
    story.passage("a", 12, "granted")
    story.status("closed", "12", "north", speech_act="announced")
    assert decided(story) == {12: ("closed", "north")}


def test_where_nobody_grants_passage_closures_count_and_openings_do_not() -> None:
    story = RoadStory()
    for status, number in (("closed", 12), ("open", 13)):
        when = f"2030-05-{number}"
        story.say("road_status", "south", road="road", status=status, observed=when,
                  speech_act="announced", learned=at(2))  # fmt: skip
    view = story.picture(day(10, 12))
    found, _ = decided_days(view, RoadCode("road"), PlaceCode("town"), DAYS)
    assert [(one.day.day, one.status) for one in found] == [(12, "closed")]


@pytest.mark.parametrize("first", [0, 2])
def test_after_the_days_decided_the_chain_goes_on(first: int) -> None:
    story = with_outlook()
    number = DAYS[first].day
    story.status("closed", str(number), "north", speech_act="announced")
    road = chances(story).roads[0]
    shut = road.phase_chances()[first]
    assert shut[2:].sum() == pytest.approx(1)
    assert np.allclose(shut @ road.transition[first], road.phase_chances()[first + 1])
