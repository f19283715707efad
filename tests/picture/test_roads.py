from __future__ import annotations

from typing import Any

import pytest

from corridor.picture import RoadAnswer, RoadLine, road_answer
from corridor.values import ReportId
from stories import Story, at, codes, day


def status(story: Story, claimant: str, said: str, number: int, **more: Any) -> ReportId:
    return story.say("road_status", claimant, road="road", status=said, observed=at(number), **more)


def line(
    story: Story, number: int, towards: str = "town", user: str = "humanitarian", cargo: str = "all"
) -> RoadLine:
    (found,) = (
        one
        for one in story.picture(day(number)).roads
        if (one.towards, one.user, one.cargo) == (towards, user, cargo)
    )
    return found


def ask(story: Story, number: int, towards: str, user: str, cargo: str = "all") -> RoadAnswer:
    view = story.picture(day(number))
    return road_answer(view.access, "road", towards, user, cargo, day(number))


def test_a_road_nobody_speaks_of_is_unspecified_both_ways() -> None:
    view = Story().land().picture(day(5))
    assert {(one.towards, one.status) for one in view.roads} == {
        ("town", "unspecified"),
        ("hub", "unspecified"),
    }
    assert codes(view.unknowns).count("road_unknown") == 2
    assert {unknown.severity for unknown in view.unknowns} == {"act"}


def test_open_outwards_is_not_open_inwards() -> None:
    story = Story().land()
    status(story, "north", "open", 5, towards="hub")
    assert line(story, 5, "hub").status == "open"
    assert line(story, 5, "town").status == "unspecified"


def test_open_to_patients_is_not_open_to_goods() -> None:
    story = Story().land()
    status(story, "north", "open", 5, user="patients")
    assert line(story, 5).status == "unspecified"
    assert line(story, 5, user="patients").status == "open"


def test_open_to_food_is_not_open_to_fuel() -> None:
    story = Story().land()
    status(story, "north", "open", 5, user="humanitarian", cargo="food")
    assert line(story, 5).status == "unspecified"
    assert line(story, 5, cargo="food").status == "open"
    assert ask(story, 5, "town", "humanitarian", "fuel").holding == ()
    assert len(ask(story, 5, "town", "humanitarian", "fuel").nearby) == 1


def test_closed_to_all_is_closed_to_each() -> None:
    story = Story().land()
    status(story, "north", "open", 5, user="patients", cargo="passengers")
    status(story, "south", "closed", 5)
    patients = line(story, 5, user="patients", cargo="passengers")
    assert (patients.status, patients.is_disputed) == ("closed", True)


@pytest.mark.parametrize("said", ["open", "restricted", "closed"])
def test_what_expires_is_unspecified_and_never_open(said: str) -> None:
    story = Story().land()
    claim = status(story, "north", said, 5)
    assert line(story, 7).status == said
    late = line(story, 8)
    assert (late.status, late.leading, late.valid_until) == ("unspecified", (), None)
    assert late.basis == (claim,)
    assert "road_unknown" in codes(story.picture(day(8)).unknowns)


def test_of_claims_that_differ_the_most_cautious_leads() -> None:
    story = Story().land()
    status(story, "agency", "restricted", 5, heaviest_class=5)
    closed = status(story, "north", "closed", 5)
    status(story, "south", "open", 5, heaviest_class=6)
    found = line(story, 5)
    assert (found.status, found.is_disputed) == ("closed", True)
    assert [view.report.id for view in found.leading] == [closed]
    assert found.heaviest_class == 5
    finding = next(f for f in story.picture(day(5)).findings if f.code == "road_disputed")
    assert finding.severity == "act"
    assert len(finding.values) == len(finding.basis) == 3


def test_when_the_cautious_claim_expires_the_others_remain() -> None:
    story = Story().land()
    status(story, "north", "closed", 5, valid_until=at(6))
    status(story, "south", "open", 5, valid_until=at(9))
    assert line(story, 6).status == "closed"
    found = line(story, 7)
    assert (found.status, found.is_disputed) == ("open", False)
    assert len(found.views) == 2, "the expired claim stays to be read"


def test_claimants_who_agree_do_not_dispute() -> None:
    story = Story().land()
    status(story, "north", "closed", 5)
    status(story, "south", "closed", 5)
    assert not line(story, 5).is_disputed
    assert "road_disputed" not in codes(story.picture(day(5)).findings)


def test_a_claimants_last_word_replaces_its_earlier_one() -> None:
    story = Story().land()
    status(story, "north", "closed", 5)
    status(story, "north", "open", 6)
    assert (line(story, 6).status, line(story, 6).is_disputed) == ("open", False)
    assert line(story, 5).status == "closed"


def test_a_hold_stands_beside_the_status_for_its_direction() -> None:
    story = Story().land()
    status(story, "north", "open", 5)
    hold = story.say(
        "hold",
        road="road",
        towards="town",
        decided_by="head",
        reason="mines",
        observed=at(5),
    )
    assert [report.id for report in line(story, 5).holds] == [hold]
    assert line(story, 5).status == "open"
    assert line(story, 5, "hub").holds == ()


def test_the_answer_about_a_road_is_what_each_side_says() -> None:
    story = Story().land()
    open_claim = status(story, "south", "open", 5, user="patients")
    closed_claim = status(story, "north", "closed", 5)
    denial = story.say(
        "road_status",
        "south",
        road="road",
        status="closed",
        observed=at(5),
        speech_act="denied",
        denies=closed_claim,
    )
    found = ask(story, 6, "town", "patients")
    assert {view.report.id for view in found.holding} == {open_claim, closed_claim}
    assert {view.claimant: view.status for view in found.holding} == {
        "south": "open",
        "north": "closed",
    }
    assert (found.expired, found.nearby) == ((), ())
    assert [report.id for report in found.denials] == [denial]


def test_the_answer_tells_expired_claims_from_those_that_hold() -> None:
    story = Story().land()
    old = status(story, "north", "open", 3)
    found = ask(story, 6, "town", "humanitarian")
    assert found.holding == ()
    assert [view.report.id for view in found.expired] == [old]


def test_a_claim_of_another_road_is_no_part_of_the_answer() -> None:
    story = Story().land()
    story.say("road_status", "north", road="other", status="open", observed=at(5))
    found = ask(story, 5, "town", "humanitarian")
    assert (found.holding, found.expired, found.nearby) == ((), (), ())
