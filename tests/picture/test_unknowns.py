from __future__ import annotations

from typing import Any

import pytest

from stories import Story, at, codes, day, the


def unknown(story: Story, number: int = 12) -> list[str]:
    return [c for c in codes(story.picture(day(number)).unknowns) if c != "road_unknown"]


def test_a_need_without_a_count_is_no_report_received_and_not_zero() -> None:
    story = Story().land()
    story.say("headcount", place="town", quantity="5000 people", observed=at(10))
    story.say("need_rate", commodity="food", quantity="0.4 kg")
    view = story.picture(day(12))
    finding = the("no_stock_count", view.unknowns)
    assert (finding.severity, finding.subject) == ("act", "town/food")
    assert "No report received" in finding.text
    (line,) = view.stocks
    assert not line.stock.is_known
    story.say("stock_count", place="town", commodity="food", quantity="0 t", observed=at(11))
    assert unknown(story) == []


def test_a_count_is_called_old_after_the_days_of_the_setting() -> None:
    story = Story().land()
    story.say("stock_count", place="town", commodity="food", quantity="5 t", observed=at(9))
    assert unknown(story, 12) == []
    assert unknown(story, 13) == ["stock_count_old"]
    story.say("setting", name="stock_stale_days", value="1.5")
    assert unknown(story, 10) == []
    assert unknown(story, 11) == ["stock_count_old"]


def test_a_headcount_is_called_old_after_the_days_of_the_setting() -> None:
    story = Story().land()
    story.say("headcount", place="town", quantity="5000 people", observed=at(3))
    assert unknown(story, 10) == []
    assert unknown(story, 11) == ["headcount_old"]
    assert "03 May 2030" in the("headcount_old", story.picture(day(11)).unknowns).text


def ask(story: Story) -> None:
    story.say(
        "passage_request",
        request="r-1",
        road="road",
        towards="town",
        asked_of="north",
        carrier="agency",
        window_from=at(12, 21),
        window_until=at(13, 6),
        observed=at(10),
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, ["passage_no_answer"]),
        ("no_answer", ["passage_no_answer"]),
        ("granted", []),
        ("refused", []),
    ],
)
def test_a_request_without_an_answer_is_told_until_its_window_is_over(
    said: str | None, expected: list[str]
) -> None:
    story = Story().land()
    ask(story)
    if said:
        story.say("passage_answer", "north", request="r-1", answer=said, observed=at(11))
    assert unknown(story, 12) == expected
    assert unknown(story, 14) == []


def test_days_are_told_in_the_operations_zone() -> None:
    story = Story().land()
    story.say("setting", name="time_zone", value="Etc/GMT-4")
    ask(story)
    assert "on 13 May" in the("passage_no_answer", story.picture(day(12)).unknowns).text


def expect(story: Story, **more: Any) -> None:
    given = {"commodity": "food", "place": "hub", "quantity": "60 t"}
    window = {"expected_from": at(8), "expected_until": at(9), "observed": at(5)}
    story.say("pipeline", **(given | window | more))


def test_an_arrival_that_nobody_reports_is_overdue() -> None:
    story = Story().land()
    expect(story)
    assert unknown(story, 9) == []
    assert unknown(story, 10) == ["arrival_overdue"]


def test_an_arrival_that_was_reported_is_not_overdue() -> None:
    story = Story().land()
    expect(story)
    said = {"stage": "received", "destination": "hub", "quantity": "58 t"}
    story.say("consignment", commodity="flour", observed=at(7), **said)
    assert unknown(story) == ["arrival_overdue"], "that was before it was expected"
    story.say("consignment", commodity="flour", observed=at(9), **said)
    assert unknown(story) == []


def test_a_road_of_which_a_claim_expired_says_when() -> None:
    story = Story().land()
    story.say("road_status", "north", road="road", status="open", observed=at(5))
    texts = [f.text for f in story.picture(day(9)).unknowns if f.code == "road_unknown"]
    assert len(texts) == 2
    assert all("the last claim expired 07 May. Unknown is not open." in text for text in texts)
