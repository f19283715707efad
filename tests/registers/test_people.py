from __future__ import annotations

from corridor.registers import people
from corridor.report import standing
from stories import Story, at


def fold(story: Story) -> people.People:
    return people.fold(standing(story.entries).reports)


def test_figures_of_different_things_are_different_series() -> None:
    story = Story()
    for more in (
        {},
        {"group": "sheltered"},
        {"measure": "flow"},
        {"max_age": 17},
        {"sex": "f"},
        {"place": "town"},
    ):
        story.say("headcount", **({"place": "camp", "quantity": "700 people"} | more))
    story.say("headcount", place="camp", quantity="150 households")
    story.say("arrival", place="camp", quantity="700 people")
    story.say("arrival", place="camp", quantity="700 people", origin="town")
    story.say("departure", place="camp", quantity="700 people", mode="buses")
    assert len(fold(story).series) == 10


def test_one_thing_counted_by_two_is_one_series_with_each_ones_latest() -> None:
    story = Story()
    for claimant, number, amount in (("north", 3, 700), ("south", 3, 900), ("north", 4, 650)):
        story.say(
            "headcount", claimant, place="camp", quantity=f"{amount} people", observed=at(number)
        )
    (series,) = fold(story).series.values()
    assert [float(claim.quantity.stated) for claim in series.latest] == [900, 650]
    assert len(series.claims) == 3


def test_a_promise_of_arrivals_is_no_arrival() -> None:
    story = Story()
    story.say("arrival", place="camp", quantity="700 people", speech_act="promised")
    assert fold(story).series == {}


def test_a_denial_stands_beside_the_claim_and_adds_no_figure() -> None:
    story = Story()
    claim = story.say("headcount", "north", place="camp", quantity="700 people")
    denial = story.say(
        "headcount",
        "south",
        place="camp",
        quantity="700 people",
        speech_act="denied",
        denies=claim,
    )
    found = fold(story)
    (series,) = found.series.values()
    assert [one.report.id for one in series.claims] == [claim]
    assert [report.id for report in series.denials] == [denial]
    assert [report.id for report in found.denials[claim]] == [denial]


def test_only_a_count_of_all_ages_and_both_sexes_is_whole() -> None:
    story = Story()
    story.say("headcount", place="camp", quantity="700 people")
    story.say("headcount", place="camp", quantity="700 people", min_age=0)
    whole = {subject.min_age: subject.is_whole for subject in fold(story).series}
    assert whole == {None: True, 0: False}
