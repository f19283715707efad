from __future__ import annotations

from decimal import Decimal

import pytest

from corridor.errors import InvalidReport
from corridor.registers import shelter
from corridor.registers.shelter import Shelter, overdue
from corridor.report import standing
from stories import Story, at, codes, day, numbers, the


def fold(story: Story) -> Shelter:
    return shelter.fold(standing(story.entries).reports)


def camp() -> Story:
    story = Story().land()
    story.say("site", place="camp", type="camp", inside_base="no")
    story.say("shelter_unit", place="camp", shelter_unit="hall", type="hall", floor_m2="120")
    return story


def test_a_unit_holds_what_each_claimant_counts_last() -> None:
    story = camp()
    for claimant, hour, amount in (("north", 7, "31"), ("north", 19, "28"), ("south", 8, "35")):
        story.say(
            "occupancy", claimant, place="camp", shelter_unit="hall", quantity=f"{amount} people",
            observed=at(3, hour),
        )  # fmt: skip
    (counted,) = fold(story).occupancy.values()
    assert numbers(counted.range()) == (28, None, 35)


def test_people_households_and_the_whole_site_are_counted_apart() -> None:
    story = camp()
    story.say("occupancy", place="camp", shelter_unit="hall", quantity="31 people")
    story.say("occupancy", place="camp", shelter_unit="hall", quantity="7 households")
    story.say("occupancy", place="camp", quantity="700 people")
    assert len(fold(story).occupancy) == 3


def test_the_last_description_of_a_unit_holds_and_a_denied_one_does_not() -> None:
    story = camp()
    story.say(
        "shelter_unit",
        place="camp",
        shelter_unit="hall",
        type="hall",
        floor_m2="90",
        observed=at(4),
    )
    story.say(
        "shelter_unit", place="camp", shelter_unit="hall", type="hall", floor_m2="1", observed=at(5),
        speech_act="denied",
    )  # fmt: skip
    assert fold(story).units["hall"].statement.floor_m2 == 90


def test_claimants_who_describe_a_site_differently_are_a_finding() -> None:
    story = camp()
    story.say("site", "south", place="camp", type="camp", inside_base="yes", free_to_leave="no")
    found = the("site_described_apart", fold(story).findings)
    assert set(found.values) == {("⟦agency⟧", "no"), ("⟦south⟧", "yes")}


def test_who_is_in_a_site_inside_a_base_is_restricted() -> None:
    story = Story().land()
    story.say("site", place="camp", type="camp", inside_base="yes", handling="restricted")
    story.say("occupancy", place="camp", quantity="700 people", handling="restricted")
    assert codes(fold(story).findings) == []
    story.say("occupancy", "south", place="camp", quantity="650 people", handling="public")
    assert the("base_site_too_open", fold(story).findings).severity == "act"


def test_a_unit_counted_at_another_site_is_a_finding() -> None:
    story = camp()
    story.say("occupancy", place="town", shelter_unit="hall", quantity="3 people")
    assert codes(fold(story).findings) == ["shelter_unit_elsewhere"]


def test_a_service_is_counted_in_its_own_unit() -> None:
    story = camp()
    story.say("service_level", place="camp", service="toilet", quantity="12 items")
    story.say("service_gap", place="camp", service="water", quantity="at least 900 l")
    register = fold(story)
    assert list(register.levels) == [("camp", "toilet")]
    assert list(register.gaps) == [("camp", "water")]
    for kind in ("service_level", "service_gap"):
        with pytest.raises(InvalidReport, match="is not counted in that unit"):
            story.say(kind, place="camp", service="toilet", quantity="12 l")


# Feedback.


def test_a_ticket_waits_until_somebody_answers_it() -> None:
    story = camp()
    story.say("feedback", place="camp", ticket="t-1", category="water", observed=at(2))
    story.say("feedback", place="camp", ticket="t-2", observed=at(2))
    story.say("feedback", place="camp", ticket="t-2", stage="answered", observed=at(5))
    register = fold(story)
    assert [(t.ticket, t.category, t.answered_at) for t in register.tickets] == [
        ("t-1", "water", None),
        ("t-2", "other", day(5)),
    ]
    assert overdue(register, day(31), Decimal(30)) == ()
    (late,) = overdue(register, day(1).replace(month=7), Decimal(30))
    assert "t-1 (water)" in late.text


def test_a_sensitive_complaint_is_refused_and_the_refusal_says_whom_to_tell() -> None:
    story = camp()
    before = len(story.reports)
    with pytest.raises(InvalidReport, match="protection focal point in person today") as refused:
        story.say("feedback", place="camp", ticket="t-9", category="sensitive")
    assert len(story.reports) == before
    assert len(refused.value.problems) == 1


def test_a_ticket_has_no_room_for_a_story_or_a_name() -> None:
    for field in ("text", "name", "person", "phone"):
        with pytest.raises(InvalidReport, match="no such field"):
            camp().say("feedback", place="camp", ticket="t-1", **{field: "words"})
