from __future__ import annotations

from stories import Story, at, codes, day, numbers, the


def count(story: Story, amount: str, number: int, claimant: str = "agency", **more: str) -> str:
    return story.say(
        "stock_count",
        claimant,
        place="town",
        commodity="food",
        quantity=amount,
        observed=at(number),
        **more,
    )


def test_what_was_believed_on_one_day_about_another() -> None:
    story = Story().land()
    count(story, "10 t", 4)
    count(story, "12 t", 6, learned=at(9))
    of_the_seventh = [
        numbers(story.picture(day(7), known_at=day(known)).stocks[0].stock)[1] for known in (8, 9)
    ]
    assert of_the_seventh == [10, 12]
    assert numbers(story.picture(day(5), known_at=day(9)).stocks[0].stock)[1] == 10


def test_a_picture_of_the_past_leaves_out_what_was_not_yet_so() -> None:
    story = Story().land()
    count(story, "10 t", 4)
    assert story.picture(day(3), known_at=day(9)).stocks == ()


def test_the_places_and_the_rules_hold_for_a_past_before_they_were_written_down() -> None:
    story = Story()
    story.say("commodity", commodity="food", name="Food", unit="t", learned=at(8))
    story.say("setting", name="stock_stale_days", value="1", learned=at(8))
    count(story, "10 t", 4)
    view = story.picture(day(6), known_at=day(8))
    assert numbers(view.stocks[0].stock) == (10, 10, 10)
    assert "stock_count_old" in codes(view.unknowns)


def test_a_denial_stands_beside_what_it_denies() -> None:
    story = Story().land()
    claim = count(story, "10 t", 4, "north")
    denial = count(story, "10 t", 5, "south", speech_act="denied", denies=claim)
    view = story.picture()
    finding = the("denied", view.findings)
    assert (finding.severity, finding.basis) == ("ask", tuple(sorted((claim, denial))))
    assert numbers(view.stocks[0].stock) == (10, 10, 10)


def test_an_end_that_planning_had_to_take_is_told() -> None:
    story = Story().land()
    story.say("headcount", place="camp", quantity="over 400 people", observed=at(4))
    finding = the("stated_end_used", story.picture().findings)
    assert (finding.severity, finding.subject) == ("note", "camp")


def test_the_struck_line_stays_readable() -> None:
    story = Story().land()
    claim = count(story, "10 t", 4, "north")
    withdrawal = story.say("retraction", "north", retracts=claim)
    view = story.picture()
    assert [(report.id, by) for report, by in view.struck] == [(claim, withdrawal)]
    assert claim not in view.reports
    assert view.stocks == ()


def test_an_empty_ledger_has_a_picture() -> None:
    view = Story().picture()
    assert (view.stocks, view.people, view.roads, view.findings, view.unknowns) == ((),) * 5
