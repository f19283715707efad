"""A refusal, revocation or closure by whoever grants the passage holds a convoy released before it."""

from __future__ import annotations

from typing import Any

import pytest

from hazards.road_story import RoadStory
from stories import at, codes, day, the


def released(number: int = 11) -> RoadStory:
    story = RoadStory()
    story.say("convoy_released", "operation", road="pass", towards="town", window_from=at(number, 6),
              window_until=at(number, 18), decided_by="convoy leader", learned=at(9))  # fmt: skip
    return story


def findings(story: RoadStory, number: int = 10) -> Any:
    return story.picture(day(number, 20)).findings


def test_a_revoked_passage_holds_the_convoy_and_names_who_revoked_it() -> None:
    story = released()
    story.passage("p-1", 11, "revoked")
    found = the("release_overtaken", findings(story))
    assert found.severity == "act"
    assert found.text.startswith(
        "north says passage p-1 is revoked; the convoy leader released a convoy"
    )
    assert found.text.endswith("It is held until it is released again.")
    assert len(found.basis) == 3


def test_a_closure_by_the_grantor_holds_it_and_one_by_another_does_not() -> None:
    story = released()
    story.status("closed", "10", "south", valid_until=at(12))
    assert "release_overtaken" not in codes(findings(story))
    story.status("closed", "10", "north", valid_until=at(12))
    assert "north says pass is closed" in the("release_overtaken", findings(story)).text


def test_that_another_says_it_is_open_releases_nothing() -> None:
    story = released()
    story.status("closed", "10", "north", valid_until=at(12))
    story.status("open", "10", "south", valid_until=at(12))
    assert codes(findings(story)).count("release_overtaken") == 1


@pytest.mark.parametrize("answer", ["granted", "conditions", "no_answer"])
def test_any_other_answer_holds_nothing(answer: str) -> None:
    story = released()
    story.passage("p-1", 11, answer)
    assert "release_overtaken" not in codes(findings(story))


def test_neither_another_day_nor_a_window_that_is_over_is_held() -> None:
    story = released()
    story.passage("p-1", 14, "refused")
    assert "release_overtaken" not in codes(findings(story))
    story.passage("p-2", 11, "refused")
    assert "release_overtaken" not in codes(findings(story, 12))
