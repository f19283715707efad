"""Talks: whose word makes something done, who is bound by what, when two rounds are one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from corridor.errors import InvalidReport
from corridor.picture.dialogue import DialogueView, dialogue_of
from corridor.values import (
    AgreedTextCode,
    ClauseCode,
    CommitmentCode,
    DeliverableCode,
    PartyCode,
    RoundCode,
)
from stories import Story, at, codes, day, numbers, the

END = day(15)


def land() -> Story:
    """Tell of two sides, each with a council that speaks for it, and an agency."""
    story = Story().land()
    for side in ("north", "south"):
        story.say("party", "operation", party=side, name=side.title())
        council = f"{side}-council"
        story.say("organisation", "operation", organisation=council, name=council, acts_for=side)
    story.say("process", "operation", process="talks", parties="north,south")
    return story


def view(story: Story, moment: Any = END) -> DialogueView:
    return dialogue_of(story.picture(moment))


def promise(story: Story, **more: Any) -> None:
    """Tell of fuel that the north owes the south by the 10th, the agency to verify."""
    fields = {
        "commitment": "fuel", "owner": "north", "beneficiary": "south", "act": "deliver",
        "object": "fuel", "deadline": at(10, 20), "verifier": "agency", "published": at(5),
    }  # fmt: skip
    story.say("commitment", "south-council", **(fields | more))


def outcome(story: Story, who: str, what: str, number: int = 8) -> None:
    story.say(
        "performance",
        who,
        commitment="fuel",
        outcome=what,
        published=at(number),
        learned=at(number),
    )


def state(story: Story, moment: Any = END) -> str:
    return view(story, moment).dialogue.commitments[CommitmentCode("fuel")].state.name


def test_a_promise_is_open_then_due_then_late() -> None:
    story = land()
    promise(story, deadline=at(14, 20))
    assert [state(story, day(number)) for number in (6, 8, 15)] == ["open", "due", "late"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((("north-council", "done"),), "late"),
        ((("south-council", "done"),), "done"),
        ((("agency", "done"),), "done"),
        ((("agency", "done"), ("south-council", "not_done")), "disputed"),
        ((("north-council", "done"), ("south-council", "not_done")), "disputed"),
        ((("south-council", "not_done"), ("south-council", "done")), "done"),
        ((("north-council", "lapsed"),), "lapsed"),
        ((("bystander", "done"),), "late"),
        ((("bystander", "disputed"), ("agency", "done")), "done"),
    ],
)
def test_only_the_beneficiary_or_the_verifier_makes_it_done(
    told: tuple[tuple[str, str], ...], expected: str
) -> None:
    story = land()
    promise(story)
    for number, (who, what) in enumerate(told, start=7):
        outcome(story, who, what, number)
    assert state(story) == expected


def test_done_by_the_owners_word_alone_is_asked_about() -> None:
    story = land()
    promise(story)
    outcome(story, "north-council", "done")
    found = view(story).findings
    assert "the only one to say" in the("done_by_owner_alone", found).text
    assert the("commitment_late", found).severity == "ask", "one side claims it"


def test_a_late_promise_wants_action_only_where_its_owner_took_it_on() -> None:
    for how, severity in (
        ("requested", "ask"),
        ("claimed_by_one_side", "ask"),
        ("offered", "act"),
        ("agreed", "act"),
    ):
        story = land()
        promise(story, made_as=how)
        found = the("commitment_late", view(story).findings)
        assert found.severity == severity
        assert ("it is claimed or requested" in found.text) == (severity == "ask")


def test_a_promise_is_late_only_after_the_last_deadline_anybody_gives() -> None:
    story = land()
    promise(story)
    fields = {"commitment": "fuel", "owner": "north", "act": "deliver", "object": "fuel"}
    story.say("commitment", "north-council", **fields, deadline=at(17), published=at(5))
    assert state(story) == "due"
    assert the("commitment_deadlines_differ", view(story).findings)


# Texts.


def clause(story: Story, instrument: str, **more: Any) -> None:
    fields = {"instrument": instrument, "clause": "c-1", "text": "The road opens."}
    story.say("clause", "agency", **(fields | {"bound": "north,south"} | more))


@pytest.mark.parametrize(
    ("kind", "more", "binds"),
    [
        ("agreement", {}, {"north", "south"}),
        ("joint_statement", {}, {"north", "south"}),
        ("court_order", {"issued_by": "agency"}, {"north", "south"}),
        ("remark", {"issued_by": "agency"}, set()),
        ("readout", {"issued_by": "north-council"}, {"north"}),
        ("readout", {"issued_by": "agency"}, set()),
    ],
)
def test_a_remark_binds_nobody_and_a_readout_only_its_speaker(
    kind: str, more: dict[str, str], binds: set[str]
) -> None:
    story = land()
    story.say("instrument", instrument="text", type=kind, **more)
    clause(story, "text")
    line = view(story).dialogue.clauses[ClauseCode("c-1")]
    assert set(line.binds) == binds == set(line.states)
    assert set(line.named) == {"north", "south"}


def test_a_recital_binds_nobody() -> None:
    story = land()
    story.say("instrument", instrument="text", type="agreement")
    clause(story, "text", is_recital="yes")
    assert view(story).dialogue.clauses[ClauseCode("c-1")].binds == ()


def test_authentic_texts_in_two_languages_stand_side_by_side() -> None:
    story = land()
    story.say("instrument", instrument="text", type="agreement")
    for language, text in (("az-Latn", "Yol açılır."), ("hy", "Ճանապարհը բացվում է։")):
        clause(story, "text", language=language, text=text, text_status="authentic")
    texts = view(story).dialogue.clauses[ClauseCode("c-1")].texts
    assert [r.statement.text for r in texts] == ["Yol açılır.", "Ճանապարհը բացվում է։"]


def test_two_dates_of_one_decree_are_asked_about() -> None:
    story = land()
    for who, dated in (("agency", "2030-05-02"), ("post", "2030-05-12")):
        story.say(
            "instrument", who, instrument="decree", type="decree", issued_by="north", dated=dated
        )
    found = the("instrument_dates_differ", view(story).findings)
    assert set(found.values) == {("agency", "2030-05-02"), ("post", "2030-05-12")}


CONFIRMED = {"agreed_text": "t-1", "parties": "north,south", "text": "The road opens on Monday."}


def agreed(story: Story) -> tuple[bool, set[PartyCode]]:
    line = view(story).dialogue.agreed[AgreedTextCode("t-1")]
    return line.is_agreed, set(line.confirmed)


def test_a_text_is_agreed_when_both_sides_confirm_the_same_words() -> None:
    story = land()
    story.say("agreed_text", "north-council", **CONFIRMED, published=at(5))
    assert agreed(story) == (False, {"north"})
    story.say("agreed_text", "agency", **CONFIRMED, published=at(5, 1))
    assert agreed(story)[0] is False, "a third does not confirm for a side"
    other = CONFIRMED | {"text": "The road opens on Tuesday."}
    story.say("agreed_text", "south-council", **other, published=at(6))
    assert agreed(story)[0] is False, "other words"
    story.say("agreed_text", "south-council", **CONFIRMED, published=at(7))
    assert agreed(story)[0] is True
    story.say("agreed_text", "north-council", **CONFIRMED, published=at(8), speech_act="denied")
    assert agreed(story) == (False, {"agency", "south"}), "a denial takes it back"


# Rounds.


def meeting(story: Story, who: str, code: str, place: str = "town", **more: Any) -> str:
    fields = {"round": code, "process": "talks", "state": "held", "place": place}
    return story.say("round", who, **(fields | {"began": at(9, 8), "published": at(9, 20)} | more))


def merged(story: Story, one: str, other: str, *, is_one: bool, number: int) -> None:
    field = "same_as" if is_one else "not_same_as"
    more = {field: other, "decided_by": "desk", "reason": "seen", "learned": at(number)}
    story.say("round_merge" if is_one else "round_unmerge", "operation", round=one, **more)


def rounds(story: Story) -> list[tuple[RoundCode, ...]]:
    return [line.codes for line in view(story).dialogue.rounds]


def test_likeness_only_suggests_and_a_person_makes_one_round_of_two_and_two_again() -> None:
    story = land()
    meeting(story, "north-council", "r-1")
    meeting(story, "south-council", "r-2")
    assert rounds(story) == [("r-1",), ("r-2",)]
    assert "a person decides" in the("rounds_may_be_one", view(story).findings).text
    merged(story, "r-2", "r-1", is_one=True, number=10)
    assert rounds(story) == [("r-1", "r-2")]
    assert "rounds_may_be_one" not in codes(view(story).findings)
    merged(story, "r-2", "r-1", is_one=False, number=11)
    assert rounds(story) == [("r-1",), ("r-2",)]
    assert "rounds_may_be_one" not in codes(view(story).findings), "a person told them apart"


def test_rounds_at_two_places_are_not_taken_for_one() -> None:
    story = land()
    meeting(story, "north-council", "r-1")
    meeting(story, "south-council", "r-2", place="camp")
    assert codes(view(story).findings) == []


def test_correcting_place_and_people_makes_no_second_round() -> None:
    story = land()
    first = meeting(story, "agency", "r-1")
    seat = {"round": "r-1", "side": "north", "published": at(9, 20)}
    told = story.say("delegation", "agency", **seat, role="head of roads")
    meeting(story, "agency", "r-1", place="camp", corrects=first)
    story.say("delegation", "agency", **seat, role="deputy head of roads", corrects=told)
    (line,) = view(story).dialogue.rounds
    assert [r.statement.place for r in line.claims] == ["camp"]
    assert [r.statement.role for r in line.delegations] == ["deputy head of roads"]


def test_two_rounds_and_three_meetings_both_stand() -> None:
    story = land()
    for who, figure in (("north-council", "2 rounds"), ("south-council", "3 meetings")):
        story.say("round_count", who, process="talks", quantity=figure, published=at(9))
    found = the("round_counts_differ", view(story).findings)
    assert found.values == (("north-council", "2 rounds"), ("south-council", "3 meetings"))


# Promises against the registers.


def fuel(story: Story, who: str, quantity: str, stage: str, number: int, **more: Any) -> None:
    fields = {"commodity": "petrol", "stage": stage, "quantity": quantity, "destination": "town"}
    observed = {"observed": at(number), "published": at(number)}
    story.say("consignment", who, **(fields | observed | more))


def held(story: Story, code: str = "d-1", **more: Any) -> Any:
    fields = {"deliverable": code, "commodity": "petrol", "quantity": "64 t", "place": "town"}
    times = {"counts_from": at(6), "due": at(10), "published": at(6)}
    story.say("deliverable", "operation", **(fields | times | more))
    return view(story).held[DeliverableCode(code)]


def test_what_could_count_for_64_tonnes_is_listed_by_claimant_and_not_added() -> None:
    story = land()
    fuel(story, "north-council", "24 t", "dispatched", 9)
    fuel(story, "north-council", "40 t", "dispatched", 11)
    fuel(story, "agency", "50000 l", "received", 9)
    fuel(story, "agency", "2 tankers", "dispatched", 9)
    fuel(story, "agency", "9 t", "dispatched", 5)
    fuel(story, "agency", "9 t", "received", 9, destination="camp")
    fuel(story, "agency", "9 t", "dispatched", 9, commodity="flour")
    fuel(story, "agency", "9 t", "dispatched", 9, speech_act="promised")
    found = held(story)
    listed = [
        (c.report.claimant, None if c.quantity is None else float(c.quantity.stated), c.when)
        for c in found.goods
    ]
    assert sorted(listed, key=str) == [
        ("agency", 40.0, "in_time"),
        ("agency", None, "in_time"),
        ("north-council", 24.0, "in_time"),
        ("north-council", 40.0, "after"),
    ]
    assert found.outstanding == (), "nothing without a waybill number is added"


def test_what_is_open_follows_each_claimants_own_receipts() -> None:
    story = land()
    numbers_ = itertools.count(1)
    for who, quantity in (("south-council", "24 t"), ("south-council", "10 t"), ("agency", "30 t")):
        fuel(story, who, quantity, "received", 9, consignment=f"wb-{next(numbers_)}")
    fuel(story, "south-council", "24 t", "distributed", 10, consignment="wb-1")
    found = held(story)
    open_now = {left.claimant: numbers(left.open) for left in found.outstanding}
    assert open_now == {"south-council": (30, 30, 30), "agency": (34, 34, 34)}


def test_bounds_of_a_receipt_survive_in_what_is_open() -> None:
    story = land()
    fuel(story, "agency", "up to 30 t", "received", 9, consignment="wb-1")
    (left,) = held(story).outstanding
    assert numbers(left.open) == (34, None, 64)


def test_a_road_and_people_are_looked_up_too() -> None:
    story = land()
    story.say("road_status", "agency", road="road", status="closed", observed=at(14))
    story.say(
        "handover", "agency", what="detainees", quantity="2 people", observed=at(9), place="town"
    )
    road = held(story, "d-2", commodity="", quantity="", place="", road="road").roads
    assert {seen.status for line in road for seen in line.views} == {"closed"}
    people = held(story, commodity="", quantity="2 people").people
    assert [report.claimant for report in people] == ["agency"]


# What is refused.


@pytest.mark.parametrize(
    ("kind", "fields", "needed"),
    [
        ("assessment", {"clause": "c-1", "score": "5"}, "one of 0, 1, 2, 3, not_assessed"),
        ("assessment", {"score": "0"}, "name a commitment or a clause"),
        ("commitment", {"commitment": "c", "act": "deliver", "object": "x"}, "Who has to do it"),
        (
            "round",
            {"round": "r", "process": "p", "state": "held", "began": at(9, 3), "ended": at(9, 2)},
            "must not be before began",
        ),
        ("instrument", {"instrument": "i", "type": "readout"}, "name who issued it"),
        (
            "position",
            {"item": "i", "party": "north", "text": "x", "handling": "partners"},
            "a private position is handled as restricted or sealed",
        ),
        (
            "agreed_text",
            {"agreed_text": "t", "parties": "north", "text": "x"},
            "at least two sides",
        ),
        ("round_merge", {"round": "r", "same_as": "r", "decided_by": "d", "reason": "x"}, "two codes"),
        ("deliverable", {"deliverable": "d", "quantity": "3 t"}, "goods, a road or a number of people"),
        ("proposal", {"proposal": "p", "version": "0", "author": "a", "item": "i", "text": "x"}, "at least 1"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(kind: str, fields: dict[str, str], needed: str) -> None:
    with pytest.raises(InvalidReport, match=needed):
        land().say(kind, **fields)
