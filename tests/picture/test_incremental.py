from __future__ import annotations

import pytest

from corridor.picture import picture
from corridor.picture.incremental import Memory
from corridor.report import digest_of
from stories import END, Story, at, codes, day, entry, two_valleys


def test_the_invented_operation_told_report_by_report_gives_its_picture() -> None:
    entries = two_valleys()
    memory = Memory("sealed")
    for one in entries:
        memory.add([one])
        memory.picture(at=END, known_at=END)
    kept = memory.picture(at=END, known_at=END)
    assert repr(kept) == repr(picture(entries, at=END, known_at=END, clearance="sealed"))


def test_a_picture_handed_out_does_not_change_with_the_next_report() -> None:
    story = Story().land()
    story.say("headcount", place="town", quantity="100 people", observed=at(4))
    memory = Memory("sealed")
    memory.add(story.entries)
    before = memory.picture(at=END, known_at=END)
    told = repr(before)
    later = Story()
    for kind, fields in (
        ("headcount", {"place": "town", "quantity": "200 people"}),
        ("stock_count", {"place": "town", "commodity": "food", "quantity": "5 t"}),
        ("road_status", {"road": "road", "status": "closed"}),
        ("party", {"party": "agency", "name": "Agency"}),
    ):
        later.say(kind, "other", observed=at(5), key=kind, **fields)
        memory.add([entry(later.reports[-1], 90)])
        assert memory.picture(at=END, known_at=END).digest != before.digest
    assert repr(before) == told


def test_the_moment_may_go_back_and_what_was_known_may_not() -> None:
    story = Story().land()
    story.say("headcount", place="town", quantity="100 people", observed=at(4))
    story.say("headcount", place="town", quantity="200 people", observed=at(6))
    memory = Memory("sealed")
    memory.add(story.entries)
    for moment in (END, day(5), day(7), day(3)):
        kept = memory.picture(at=moment, known_at=END)
        assert kept == picture(story.entries, at=moment, known_at=END, clearance="sealed")
    with pytest.raises(ValueError, match="known_at"):
        memory.picture(at=END, known_at=day(5))


def test_a_report_above_the_clearance_is_not_kept() -> None:
    story = Story().land()
    memory = Memory("public")
    memory.add(story.entries)
    before = memory.picture(at=END, known_at=END)
    story.say("headcount", place="town", quantity="1 people", observed=at(4), handling="sealed")
    memory.add(story.entries[-1:])
    assert memory.picture(at=END, known_at=END) == before
    assert before.digest == digest_of(story.entries[:-1])


def test_too_many_announcements_on_one_day_are_told_as_one_flood_and_the_flood_may_end() -> None:
    story = Story().land()
    for number in range(101):
        story.say(
            "consignment",
            commodity="food",
            stage="dispatched",
            quantity="5 t",
            destination="town",
            observed=at(5, number / 10),
        )
    memory = Memory("sealed")
    memory.add(story.entries[:-1])
    assert "repeated_announcement" in codes(memory.picture(at=END, known_at=END).findings)
    memory.add(story.entries[-1:])
    flood = memory.picture(at=END, known_at=END)
    assert "flood" in codes(flood.findings)
    assert "repeated_announcement" not in codes(flood.findings)
    assert flood == story.picture()
    story.say("retraction", retracts=story.reports[-1].id, observed=at(6))
    memory.add(story.entries[-1:])
    ended = memory.picture(at=END, known_at=END)
    assert "flood" not in codes(ended.findings)
    assert ended == story.picture()


def test_a_run_with_too_many_movements_is_a_flood() -> None:
    story = Story().land()
    for number in range(301):
        story.say(
            "consignment",
            commodity="food",
            stage="received",
            quantity=f"{number + 1} t",
            destination=("hub", "town", "camp")[number % 3],
            observed=at(5, 1),
        )
    found = [f for f in story.picture().findings if f.code == "flood"]
    assert any("exchanged between goods" in f.text and len(f.basis) == 301 for f in found)
