"""Pages about talks: every viewer's own, byte for byte, and what only one side says shown as such."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from corridor.briefs import render
from corridor.briefs.brief import Brief, Table
from corridor.briefs.talks import clause, matrix, round_brief, timeline
from corridor.briefs.talks.calendar import calendar
from corridor.briefs.telling import in_words
from corridor.errors import CorridorError
from corridor.operation import Operation
from corridor.picture.dialogue import DialogueView, dialogue_of
from corridor.report import Handling
from registers.test_dialogue import CONFIRMED, land, meeting, merged, promise
from stories import TWO_VALLEYS, Story, at, day

LEVELS: tuple[Handling, ...] = ("public", "partners", "restricted", "sealed")
NOW = day(13)
MAY_16 = datetime(2030, 5, 16, 12, tzinfo=UTC)


def pages(story: Story, level: Handling, moment: datetime) -> str:
    """Return every page that a viewer of a level can have, as one text."""
    view = dialogue_of(story.picture(moment, clearance=level))
    made = [matrix(view, edition=level), timeline(view, edition=level)]
    made += [clause(view, code, edition=level) for code in view.dialogue.clauses]
    if level in ("restricted", "sealed"):
        made.append(round_brief(view, edition=level))
    texts = [render(one, form) for one in made for form in ("html", "text", "json")]
    if level in ("restricted", "sealed"):
        texts.append(calendar(view, edition=level))
    return "\n".join(texts)


def told() -> Story:
    story = land()
    story.say(
        "instrument", instrument="text", type="agreement", name="Protocol", parties="north,south"
    )
    for number, more in enumerate(({"deadline": at(12, 20)}, {"deadline_words": "soon"})):
        fields = {"instrument": "text", "clause": f"c-{number}", "text": f"Article {number}."}
        story.say("clause", **fields, bound="north,south", **more)
    promise(story, clause="c-0", deliverables="d-1")
    story.say("deliverable", "operation", deliverable="d-1", commodity="petrol", quantity="64 t",
              place="town", counts_from=at(5), due=at(10), published=at(5))  # fmt: skip
    story.say("consignment", "north-council", commodity="petrol", stage="dispatched",
              quantity="24 t", destination="town", observed=at(8), published=at(8))  # fmt: skip
    meeting(story, "agency", "r-1")
    for who in ("north-council", "south-council"):
        fields = {"item": "item-1", "process": "talks", "wording": f"Fuel, as {who} says"}
        story.say("agenda_item", who, **fields, published=at(6))
    return story


SEALED = (
    ("position", {"item": "item-1", "party": "north", "text": "would give more"}),
    ("round", {"round": "r-1", "process": "talks", "state": "held", "text": "a word aside"}),
    ("round", {"round": "r-9", "process": "talks", "state": "planned", "planned_from": at(14)}),
    ("round_count", {"process": "talks", "quantity": "7 rounds"}),
    ("delegation", {"round": "r-1", "side": "north", "role": "an envoy"}),
    ("agenda_item", {"item": "item-1", "process": "talks", "wording": "other words"}),
    ("proposal", {"item": "item-1", "proposal": "p", "version": "1", "author": "north", "text": "x"}),
    ("agreed_text", CONFIRMED),
    ("commitment", {"commitment": "fuel", "owner": "south", "act": "stop", "object": "more"}),
    ("commitment", {"commitment": "secret", "owner": "south", "act": "stop", "object": "more"}),
    ("deliverable", {"deliverable": "d-1", "commodity": "petrol", "quantity": "65 t"}),
    ("performance", {"commitment": "fuel", "outcome": "done"}),
    ("performance", {"clause": "c-0", "outcome": "disputed"}),
    ("assessment", {"clause": "c-0", "score": "3"}),
    ("clause", {"instrument": "text", "clause": "c-0", "text": "Other.", "language": "hy"}),
    ("clause", {"instrument": "text", "clause": "c-7", "text": "A secret article."}),
    ("instrument", {"instrument": "text", "type": "remark", "issued_by": "north"}),
    ("process", {"process": "talks", "name": "Another name"}),
    ("round_merge", {"round": "r-9", "same_as": "r-1", "decided_by": "d", "reason": "r"}),
)  # fmt: skip


@pytest.mark.parametrize("level", LEVELS[:3])
def test_a_sealed_note_of_any_kind_changes_no_byte_of_a_lower_view(level: Handling) -> None:
    story = told()
    before = pages(story, level, day(13))
    for kind, fields in SEALED:
        more = {"handling": "sealed", "published": at(11), "learned": at(11)}
        story.say(kind, "south-council", **(more | fields))
    assert pages(story, level, day(13)) == before
    assert pages(story, "sealed", day(13)) != before


def test_each_sealed_note_is_seen_by_who_may_see_it() -> None:
    before = pages(told(), "sealed", day(13))
    for kind, fields in SEALED:
        story = told()
        more = {"handling": "sealed", "published": at(11), "learned": at(11)}
        story.say(kind, "south-council", **(more | fields))
        assert pages(story, "sealed", day(13)) != before, kind


def test_what_one_side_alone_confirms_is_its_readout() -> None:
    story = told()
    story.say("agreed_text", "north-council", **CONFIRMED, published=at(7))
    text = " ".join(render(round_brief(_view(story), edition="restricted"), "text").split())
    assert "as readout of North: The road opens on Monday." in text
    assert "shows as agreed" not in text
    story.say("agreed_text", "south-council", **CONFIRMED, published=at(8))
    text = " ".join(render(round_brief(_view(story), edition="restricted"), "text").split())
    assert "shows as agreed, since North and South each confirm the same words" in text
    assert "readout of North" not in text


def _view(story: Story, moment: datetime = NOW) -> DialogueView:
    return dialogue_of(story.picture(moment, clearance="restricted"))


def test_the_matrix_gives_deadline_state_and_last_word_for_each_party() -> None:
    story = told()
    fields = {"clause": "c-0", "outcome": "done", "text": "All passed."}
    story.say("performance", "south-council", **fields, published=at(11))
    made = json.loads(render(matrix(_view(story), edition="restricted"), "json"))
    table = next(
        block
        for section in made["sections"]
        for block in section["blocks"]
        if block.get("key") == "instrument-text"
    )
    assert table["columns"][4:] == ["North", "South"]
    row = table["rows"][0]
    text = " ".join(part for cell in row for part in _words(cell))
    assert "12 May 2030, 20:00" in text
    assert "done \n south-council says it is done" in text, "the north's, by the south's word"
    assert "late  (done by the owner's word alone)" in text, "the south's own"


def _words(cell: dict[str, Any]) -> list[str]:
    return [part if isinstance(part, str) else part["text"] for part in cell["parts"]]


def test_what_is_only_claimed_of_a_side_is_told_as_such_where_it_is_late() -> None:
    for how, said in (("claimed_by_one_side", " (claimed by one side)"), ("agreed", "")):
        story = land()
        promise(story, made_as=how)
        made = render(round_brief(_view(story), edition="restricted"), "text")
        assert f"by 10 May 2030, 20:00{said} [" in " ".join(made.split())


def test_clauses_stand_in_the_order_of_their_numbers_however_they_were_told() -> None:
    story = land()
    story.say("instrument", instrument="text", type="agreement", parties="north,south")
    numbers = ["10", "9b", "preamble", "2", "", "9a"]
    for place, number in enumerate(numbers):
        fields = {"instrument": "text", "clause": f"c-{place}", "text": f"Words {place}."}
        story.say("clause", **fields, number=number, bound="north")
    made = matrix(_view(story), edition="restricted")
    for key in ("instrument-text", "bare"):
        assert _told_in(made, key) == [f"Words {n}." for n in (4, 2, 3, 5, 1, 0)]


def test_a_clause_is_told_in_our_own_words_where_there_are_some_and_its_language_named() -> None:
    story = land()
    story.say("instrument", instrument="text", type="agreement", parties="north,south")
    fields = {"instrument": "text", "bound": "north"}
    story.say("clause", **fields, clause="c-1", text="In short.", published=at(3))
    more = {"language": "hy", "text_status": "authentic", "published": at(4)}
    story.say("clause", **fields, **more, clause="c-1", text="Ամբողջը։")
    story.say("clause", **fields, **more, clause="c-2", text="Ուրիշը։")
    made = matrix(_view(story), edition="restricted")
    assert _told_in(made, "instrument-text") == ["In short. (2 texts)", "Ուրիշը։ (hy)"]


def _told_in(made: Brief, key: str, column: int = 1) -> list[str]:
    blocks = (block for section in made.sections for block in section.blocks)
    table = next(block for block in blocks if isinstance(block, Table) and block.key == key)
    return [in_words(row[column].parts) for row in table.rows if len(row) > 1]


def test_clauses_without_deadline_or_verification_are_counted_by_a_stated_rule() -> None:
    text = " ".join(render(matrix(_view(told()), edition="restricted"), "text").split())
    assert "counts 2 clauses" in text
    assert re.search(r"1 clause \[n\d+\] without a calendar deadline", text)
    assert re.search(r"2 clauses \[n\d+\] without verification", text)
    assert "recitals apart; a calendar deadline is a day or hour" in text
    assert re.search(r"How it is checked [- ]+Protocol c-0", text), "its text heads each clause"


@pytest.mark.parametrize("level", LEVELS[:2])
def test_the_round_brief_and_the_calendar_are_restricted(level: Handling) -> None:
    view = dialogue_of(told().picture(day(13), clearance=level))
    with pytest.raises(CorridorError, match="is restricted; it cannot be made for"):
        round_brief(view, edition=level)
    with pytest.raises(CorridorError, match="is restricted; it cannot be made for"):
        calendar(view, edition=level)


def test_an_unknown_clause_is_named_with_the_nearest() -> None:
    with pytest.raises(CorridorError, match="no clause is called 'c-11'; near it: c-1"):
        clause(_view(told()), "c-11", edition="restricted")


# The calendar.


def entries(story: Story, moment: datetime = NOW) -> dict[str, Any]:
    text = calendar(_view(story, moment), edition="restricted", operation_id="op")
    found = Calendar.from_ical(text)
    return {str(event["uid"]): event for event in found.walk("VEVENT")}


def plan_round(story: Story, hour: str, number: int, state: str = "planned", **more: str) -> str:
    fields = {"round": "r-5", "process": "talks", "state": state, "planned_from": hour}
    said = {"published": at(number), "learned": at(number)}
    return story.say("round", "agency", **(fields | said | more))


def test_a_changed_round_keeps_its_uid_and_gets_the_next_sequence() -> None:
    story = land()
    first = plan_round(story, at(16, 9), 5)
    event = entries(story)["round-r-5@op"]
    assert (event["sequence"], str(event["status"])) == (0, "TENTATIVE")
    plan_round(story, at(16, 9), 6)
    assert entries(story)["round-r-5@op"]["sequence"] == 0, "told again, not changed"
    plan_round(story, at(17, 9), 7, corrects=first)
    event = entries(story)["round-r-5@op"]
    assert (event["sequence"], event.start) == (1, day(17, 9))


def test_a_cancelled_or_withdrawn_round_stays_as_cancelled() -> None:
    story = land()
    first = plan_round(story, at(16, 9), 5)
    plan_round(story, "", 6, state="cancelled")
    event = entries(story)["round-r-5@op"]
    assert (event["sequence"], str(event["status"]), event.start) == (1, "CANCELLED", day(16, 9))
    story = land()
    first = plan_round(story, at(16, 9), 5)
    story.say("retraction", "agency", retracts=first, published=at(6), learned=at(6))
    event = entries(story)["round-r-5@op"]
    assert (event["sequence"], str(event["status"])) == (1, "CANCELLED")
    plan_round(story, at(18, 9), 7)
    event = entries(story)["round-r-5@op"]
    assert (event["sequence"], str(event["status"])) == (2, "TENTATIVE")


def test_a_code_given_up_for_another_is_cancelled_in_the_calendar() -> None:
    story = land()
    meeting(story, "north-council", "r-1")
    meeting(story, "south-council", "r-2")
    merged(story, "r-2", "r-1", is_one=True, number=10)
    found = entries(story)
    assert {uid: str(event["status"]) for uid, event in found.items()} == {
        "round-r-1@op": "CONFIRMED",
        "round-r-2@op": "CANCELLED",
    }


def test_a_round_parted_again_comes_back_with_a_higher_sequence() -> None:
    story = land()
    meeting(story, "north-council", "r-1")
    meeting(story, "south-council", "r-2")
    seen = []
    for number, is_one in ((10, True), (11, False), (12, True)):
        merged(story, "r-2", "r-1", is_one=is_one, number=number)
        found = entries(story)
        event = found["round-r-2@op"]
        seen.append((event["sequence"], str(event["status"]), event["last-modified"].dt))
        assert found["round-r-1@op"]["sequence"] == 0, "what is shown of it never changed"
    assert seen == [
        (1, "CANCELLED", day(10)),
        (2, "CONFIRMED", day(11)),
        (3, "CANCELLED", day(12)),
    ]


def test_a_merge_that_was_withdrawn_leaves_no_lower_sequence() -> None:
    story = land()
    meeting(story, "north-council", "r-1")
    meeting(story, "south-council", "r-2")
    merged(story, "r-2", "r-1", is_one=True, number=10)
    assert entries(story)["round-r-2@op"]["sequence"] == 1
    said = story.reports[-1].id
    story.say("retraction", "operation", retracts=said, published=at(11), learned=at(11))
    event = entries(story)["round-r-2@op"]
    assert (event["sequence"], str(event["status"])) == (2, "CONFIRMED")


def test_deadlines_stand_in_the_operations_time_zone() -> None:
    story = told()
    story.say("setting", "operation", name="time_zone", value="Asia/Yerevan", published=at(1))
    text = calendar(_view(story), edition="restricted", operation_id="op")
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Yerevan" in text
    assert "DTSTART;TZID=Asia/Yerevan:20300511T000000" in text, "20:00 UTC on the 10th"
    assert entries(story)["commitment-fuel@op"].start == day(10, 20)
    assert text.count("CLASS:CONFIDENTIAL") == text.count("BEGIN:VEVENT") == 3


@pytest.fixture(scope="module")
def valleys(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    folder: Path = tmp_path_factory.mktemp("talks") / "two-valleys"
    shutil.copytree(TWO_VALLEYS, folder, ignore=shutil.ignore_patterns("ledger"))
    made = Operation(folder)
    made.load()
    return made


def test_a_decision_that_two_rounds_are_one_holds_for_the_days_before_it_too() -> None:
    story = land()
    meeting(story, "north-council", "r-1")
    meeting(story, "south-council", "r-2")
    merged(story, "r-2", "r-1", is_one=True, number=12)
    for known, codes in ((11, [("r-1",), ("r-2",)]), (13, [("r-1", "r-2")])):
        seen = story.picture(day(10), known_at=day(known), clearance="restricted")
        assert [line.codes for line in dialogue_of(seen).dialogue.rounds] == codes


def test_the_brief_for_the_next_round_counts_from_every_round_of_the_last_day() -> None:
    story = told()
    meeting(story, "north-council", "r-2", began=at(9, 10))
    story.say("agenda_item", "agency", item="item-0", process="talks", wording="People", order=7)
    story.say("agenda_item", "agency", item="item-2", process="talks", wording="Days", order=1)
    promise(story, commitment="later", published=at(11), learned=at(11))
    made = round_brief(_view(story), edition="restricted")
    flat = " ".join(render(made, "text").split())
    assert "counts from 9 May 2030, the day of r-1 and r-2" in flat
    assert "(11 May 2030, 00:00): commitment later of North to South" in flat
    assert _told_in(made, "agenda", 0) == ["item-2", "item-0", "item-1"]


def test_a_calendar_taken_in_again_and_again_follows_every_change(valleys: Operation) -> None:
    before: dict[str, Any] = {}
    changes = 0
    for hours in range(0, 14 * 24, 6):
        moment = day(6, hours)
        view = valleys.picture(at=moment, known_at=moment, clearance="restricted")
        text = valleys.calendar(view, edition="restricted")
        now = {str(event["uid"]): event for event in Calendar.from_ical(text).walk("VEVENT")}
        assert before.keys() <= now.keys(), "cancelled, and never gone"
        for uid, event in before.items():
            names = ("summary", "location", "status", "dtstart", "dtend")
            is_same = all(event.get(name) == now[uid].get(name) for name in names)
            changes += not is_same
            assert (event["sequence"] == now[uid]["sequence"]) == is_same
            assert event["sequence"] <= now[uid]["sequence"]
        before = now
    assert changes


def test_the_invented_process_shows_one_round_under_two_names(valleys: Operation) -> None:
    view = valleys.picture(at=MAY_16, known_at=MAY_16)
    text = render(valleys.rounds(view, edition="restricted"), "json")
    assert "also told as r-3" in text
    for count in ("2 rounds", "1 round", "3 meetings"):
        assert count in text


def test_the_sealed_position_of_the_invented_process_is_in_no_restricted_page(
    valleys: Operation,
) -> None:
    for level, is_there in (("restricted", False), ("sealed", True)):
        view = valleys.picture(at=MAY_16, known_at=MAY_16, clearance=level)
        text = render(valleys.round_brief(view, edition=level), "html")
        assert ("four days a week" in text) is is_there


@pytest.mark.parametrize("text", ["Ճանապարհը բացվում է։", "Yol açılır, ə ı ğ.", "Дорога открыта."])
def test_every_script_survives_every_path(text: str) -> None:
    story = told()
    fields = {"instrument": "text", "clause": "c-5", "deadline": at(12), "bound": "north"}
    story.say("clause", **fields, text=text)
    view = _view(story)
    for form in ("html", "text", "json"):
        assert text in render(clause(view, "c-5", edition="restricted"), form)
    assert text in str(entries(story)["clause-c-5@op"]["summary"])


def test_one_instant_is_told_in_the_time_of_the_operation_with_its_offset() -> None:
    for zone, hour in (("Asia/Yerevan", "13:00, UTC+04:00"), ("Europe/Moscow", "12:00, UTC+03:00")):
        story = land()
        story.say("setting", "operation", name="time_zone", value=zone, published=at(1))
        meeting(story, "agency", "r-1", began="2030-05-09T09:00:00+00:00")
        made = render(timeline(_view(story), edition="restricted"), "json")
        assert f"9 May 2030, {hour}" in made


def test_a_round_past_midnight_ends_on_its_own_day() -> None:
    story = land()
    story.say("setting", "operation", name="time_zone", value="Asia/Yerevan", published=at(1))
    meeting(story, "agency", "r-1", began=at(9, 17), ended=at(9, 22))
    made = render(timeline(_view(story), edition="restricted"), "json")
    assert "9 May 2030, 21:00 to 10 May 2030, 02:00, UTC+04:00" in made


def test_where_clocks_change_in_the_year_each_hour_has_its_offset() -> None:
    story = land()
    story.say("setting", "operation", name="time_zone", value="Europe/Paris", published=at(1))
    meeting(story, "agency", "r-1", began="2030-01-09T09:00:00Z", ended="2030-01-09T10:00:00Z")
    made = render(timeline(_view(story), edition="restricted"), "json")
    assert "9 January 2030, 10:00 UTC+01:00 to 9 January 2030, 11:00 UTC+01:00 (" in made
    text = render(timeline(_view(story), edition="restricted"), "text")
    assert "Europe/Paris, UTC+02:00" in text
    assert "13 May 2030, 02:00 UTC+02:00" in text


def test_deadlines_that_differ_are_told_in_the_operations_time_zone() -> None:
    story = land()
    story.say("setting", "operation", name="time_zone", value="Asia/Yerevan", published=at(1))
    promise(story, deadline=at(12, 20))
    fields = {"commitment": "fuel", "owner": "north", "act": "deliver", "object": "fuel"}
    story.say("commitment", "agency", **fields, deadline=at(14, 20), published=at(6))
    (found,) = (f for f in _view(story).findings if f.code == "commitment_deadlines_differ")
    assert [value for _, value in found.values] == [
        "13 May 2030 00:00 +0400",
        "15 May 2030 00:00 +0400",
    ]


def test_of_evidence_named_above_the_reader_nothing_shows() -> None:
    story = told()
    seen = {"commodity": "petrol", "stage": "received", "quantity": "64 t", "destination": "town"}
    secret = story.say("consignment", "agency", **seen, observed=at(9), handling="sealed")
    story.say("performance", "agency", commitment="fuel", outcome="done", evidence=secret,
              published=at(9))  # fmt: skip
    made = matrix(_view(story), edition="restricted")
    assert secret not in {source.id for source in made.sources}
    assert secret not in render(made, "json")
    assert secret in {
        s.id for s in matrix(dialogue_of(story.picture(NOW)), edition="sealed").sources
    }
