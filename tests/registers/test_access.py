from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from corridor.registers import access
from corridor.report import standing
from corridor.values import ReportId
from stories import Story, at, codes, day, the


def fold(story: Story, number: int = 10, expires_h: str = "48") -> access.Access:
    reports = standing(story.entries).reports
    return access.fold(reports, at=day(number), expires_h=Decimal(expires_h))


def status(story: Story, claimant: str, said: str, number: int, **more: Any) -> ReportId:
    return story.say("road_status", claimant, road="road", status=said, observed=at(number), **more)


def ask(story: Story, **more: Any) -> ReportId:
    given = {"request": "r-1", "road": "road", "towards": "town", "asked_of": "north"}
    window = {"window_from": at(12), "window_until": at(12, 18), "carrier": "agency"}
    return story.say("passage_request", observed=at(8), **(given | window | more))


def reply(story: Story, claimant: str, said: str, number: int = 9, **more: Any) -> ReportId:
    given = {"request": "r-1", "answer": said, "observed": at(number)}
    return story.say("passage_answer", claimant, **(given | more))


def test_each_claimants_latest_word_is_kept_by_direction_user_and_cargo() -> None:
    story = Story()
    status(story, "north", "open", 8)
    later = status(story, "north", "closed", 9)
    patients = status(story, "north", "open", 9, user="patients")
    inwards = status(story, "north", "open", 9, towards="town")
    other = status(story, "south", "open", 9)
    views = fold(story).views
    assert {view.report.id for view in views} == {later, patients, inwards, other}


def test_a_status_holds_for_the_hours_of_the_setting_unless_it_names_an_end() -> None:
    story = Story()
    status(story, "north", "open", 8)
    status(story, "south", "open", 8, valid_until=at(9, 12))
    until = {view.claimant: view.valid_until for view in fold(story).views}
    assert until == {"north": day(10), "south": day(9, 12)}
    assert {view.is_current for view in fold(story, 9).views} == {True}
    assert {view.claimant for view in fold(story, 10).views if view.is_current} == {"north"}
    assert not [view for view in fold(story, 11).views if view.is_current]
    assert fold(story, 9, "1.5").views[0].valid_until in (day(8, 1.5), day(9, 12))


def test_a_status_that_is_said_to_hold_for_centuries_can_be_read() -> None:
    story = Story()
    story.say("road_status", road="road", status="closed", observed="2030-05-01/2999-12-31")
    assert fold(story, expires_h="99999").views[0].is_current


@pytest.mark.parametrize("act", ["promised", "denied"])
def test_a_promise_or_a_denial_is_no_status(act: str) -> None:
    story = Story()
    status(story, "north", "open", 9, speech_act=act)
    assert fold(story).views == ()


def test_an_answer_is_that_of_whom_was_asked() -> None:
    story = Story()
    asked = ask(story)
    answered = reply(story, "north", "granted")
    passage = fold(story).passages["r-1"]
    assert passage.answer is not None
    assert passage.answer.answer == "granted"
    assert (passage.answered_by, passage.basis) == ("north", (asked, answered))


def test_an_answer_of_another_grants_nothing_and_is_told() -> None:
    story = Story()
    ask(story)
    reply(story, "south", "granted")
    found = fold(story)
    assert found.passages["r-1"].answer is None
    assert the("answer_by_another", found.findings).severity == "ask"


def test_the_last_answer_holds() -> None:
    story = Story()
    ask(story)
    reply(story, "north", "revoked", 10)
    reply(story, "north", "granted", 9)
    passage = fold(story).passages["r-1"]
    assert passage.answer is not None
    assert passage.answer.answer == "revoked"


@pytest.mark.parametrize("act", ["promised", "denied"])
def test_a_grant_that_is_only_promised_or_is_denied_is_none(act: str) -> None:
    story = Story()
    ask(story)
    reply(story, "north", "granted", speech_act=act)
    assert fold(story).passages["r-1"].answer is None


def test_an_answer_to_a_request_that_has_not_arrived_waits() -> None:
    story = Story()
    reply(story, "north", "granted")
    found = fold(story)
    assert found.passages == {}
    assert codes(found.findings) == ["answer_without_request"]


def test_a_notification_is_kept_and_is_no_request() -> None:
    story = Story()
    told = story.say(
        "notification",
        road="road",
        carrier="agency",
        notified_to="north",
        window_from=at(12),
        window_until=at(12, 18),
        state="acknowledged",
    )
    found = fold(story)
    assert [report.id for report in found.notifications] == [told]
    assert found.passages == {}
