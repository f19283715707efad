from __future__ import annotations

from typing import Any

from corridor.registers import decisions
from corridor.report import standing
from corridor.values import ReportId
from stories import Story, at, day


def fold(story: Story, number: int = 10) -> decisions.Decisions:
    return decisions.fold(standing(story.entries).reports, at=day(number))


def adopt(story: Story, amount: str, number: int, **more: Any) -> ReportId:
    given = {"subject": "people", "place": "camp", "decided_by": "head", "reason": "between"}
    return story.say("adopted", quantity=amount, observed=at(number), **(given | more))


def test_the_last_figure_adopted_for_a_subject_holds() -> None:
    story = Story()
    adopt(story, "700 people", 3)
    last = adopt(story, "650 people", 4)
    food = adopt(story, "4 t", 4, subject="stock", commodity="food")
    found = fold(story).adopted
    assert {key: report.id for key, report in found.items()} == {
        ("people", "camp", ""): last,
        ("stock", "camp", "food"): food,
    }


def test_a_decision_that_is_withdrawn_no_longer_holds() -> None:
    story = Story()
    first = adopt(story, "700 people", 3)
    last = adopt(story, "650 people", 4)
    story.say("retraction", retracts=last)
    assert [report.id for report in fold(story).adopted.values()] == [first]


def test_a_hold_lasts_until_its_end_or_until_it_is_withdrawn() -> None:
    story = Story()
    hold = {"road": "road", "decided_by": "head", "reason": "claims differ"}
    ends = story.say("hold", until=at(9), **hold)
    endless = story.say("hold", **hold)
    assert {report.id for report in fold(story, 9).holds} == {ends, endless}
    assert {report.id for report in fold(story, 10).holds} == {endless}
    story.say("retraction", retracts=endless)
    assert fold(story, 10).holds == ()


def test_a_decision_that_is_denied_was_not_taken() -> None:
    story = Story()
    adopt(story, "700 people", 3, speech_act="denied")
    assert fold(story).adopted == {}


def test_plans_and_releases_are_kept() -> None:
    story = Story()
    plan = story.say("plan_approved", plan="0123abcd", decided_by="head")
    window = {"window_from": at(5), "window_until": at(5, 12)}
    release = story.say(
        "convoy_released", road="road", towards="town", decided_by="leader", **window
    )
    found = fold(story)
    assert [report.id for report in found.plans] == [plan]
    assert [report.id for report in found.releases] == [release]
