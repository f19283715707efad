"""Pictures opened with a snapshot: the same as those folded from the start, or none at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.errors import LedgerError
from corridor.ledger import Compartments
from corridor.ledger.snapshot import find, path_of, write
from corridor.picture import Picture, picture
from corridor.picture.incremental import Memory
from corridor.pictures import Pictures
from corridor.report import HANDLINGS, Entry, Handling
from stories import END, Story, at, day, two_valleys
from test_laws import CLEARANCES, LEDGERS, MOMENTS

Ask = Callable[[Pictures, Handling], Picture]


@contextmanager
def ledgers(entries: tuple[Entry, ...] = ()) -> Iterator[Compartments]:
    """Return ledgers that hold these reports."""
    with tempfile.TemporaryDirectory() as folder:
        made = Compartments(Path(folder) / "ledger")
        record(made, entries)
        yield made


def record(into: Compartments, entries: tuple[Entry, ...]) -> None:
    into.record([entry.report for entry in entries], "teller", END)


def whole(held: Compartments, at: datetime, known_at: datetime, clearance: Handling) -> Picture:
    """Return the picture folded from the start."""
    return picture(held.entries(clearance), at=at, known_at=known_at, clearance=clearance)


def same(one: Picture, other: Picture) -> None:
    assert one == other
    assert repr(one) == repr(other)
    assert one.digest == other.digest


STEPS = st.lists(st.tuples(st.integers(0, 4), MOMENTS, MOMENTS, st.booleans()), max_size=4)


@pytest.mark.parametrize("few", [20, 0])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ledger=LEDGERS, more=LEDGERS, steps=STEPS, clearance=CLEARANCES, first=MOMENTS, known=MOMENTS
)
def test_a_picture_from_a_snapshot_and_later_entries_is_the_picture_folded_from_the_start(
    ledger: tuple[Entry, ...],
    more: tuple[Entry, ...],
    steps: list[tuple[int, Any, Any, bool]],
    clearance: Handling,
    first: datetime,
    known: datetime,
    few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # With 0, reports are put one by one into rows that were not read, as into long ones.
    monkeypatch.setattr("corridor.picture.rows._FEW", few)
    monkeypatch.setattr("corridor.picture.chunks._SIZE", few // 10 + 1)
    with ledgers(ledger) as held:
        memory = Memory(clearance)
        memory.add(held.entries(clearance))
        heads = held.heads(clearance)
        memory.picture(at=first, known_at=known)
        arriving = list(more)
        for number, moment, known_at, is_opened in [*steps, (len(more), END, END, True)]:
            if is_opened and heads:
                write(held, heads, memory.save())
                kept = find(held, clearance)
                assert kept is not None
                memory = Memory.restore(clearance, kept, held)
            fresh, arriving = arriving[:number], arriving[number:]
            record(held, tuple(fresh))
            for handling, head in held.heads(clearance).items():
                before = heads[handling].seq if handling in heads else 0
                one = held.ledger(handling)
                assert one is not None
                memory.add(list(one.entries(before)))
                heads = {**heads, handling: head}
            if memory.tells(moment, known_at):
                kept_up = memory.picture(at=moment, known_at=known_at)
                same(kept_up, whole(held, moment, known_at, clearance))


@settings(max_examples=10)
@given(ledger=LEDGERS, more=LEDGERS, steps=STEPS, clearance=CLEARANCES)
def test_an_operation_opened_with_a_snapshot_answers_every_question_as_without(
    ledger: tuple[Entry, ...],
    more: tuple[Entry, ...],
    steps: list[tuple[int, Any, Any, bool]],
    clearance: Handling,
) -> None:
    with ledgers(ledger) as held:
        Pictures(held, least=1).picture(END, END, clearance)
        arriving = list(more)
        for number, moment, known_at, _ in [*steps, (len(more), END, END, True)]:
            fresh, arriving = arriving[:number], arriving[number:]
            record(held, tuple(fresh))
            opened = Pictures(held, least=1)
            told = opened.picture(moment, known_at, clearance)
            same(told, whole(held, moment, known_at, clearance))
            plain = Pictures(held, least=10**9)
            assert opened.declared(clearance).codes == plain.declared(clearance).codes
            rules = [one.declared(clearance).settings(clearance, END) for one in (opened, plain)]
            assert rules[0] == rules[1]


@pytest.fixture
def held() -> Iterator[Compartments]:
    open_to_most = tuple(one for one in two_valleys() if one.report.handling != "sealed")
    # Few enough that one report more is worth a snapshot of its own.
    with ledgers(open_to_most[:190]) as made:
        yield made


def opened(held: Compartments, clearance: Handling = "restricted") -> Picture:
    return Pictures(held, least=1).picture(END, END, clearance)


def snapshots(held: Compartments) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(held.folder.glob("*snapshot*"))}


def test_without_its_snapshot_a_picture_is_the_same(held: Compartments) -> None:
    before = opened(held)
    kept = path_of(held, "restricted")
    again = opened(held)
    assert find(held, "restricted") is not None
    kept.unlink()
    same(before, again)
    same(opened(held), again)
    assert snapshots(held).keys() == {kept.name}


@pytest.mark.parametrize("where", [0.0, 0.1, 0.5, 0.999])
def test_a_snapshot_with_one_byte_changed_is_not_believed(held: Compartments, where: float) -> None:
    before = opened(held)
    path = path_of(held, "restricted")
    content = bytearray(path.read_bytes())
    content[int(where * len(content))] ^= 1
    path.write_bytes(content)
    assert find(held, "restricted") is None
    same(opened(held), before)
    assert find(held, "restricted") is not None


@pytest.mark.parametrize("length", [0, 1, 64, 65, 200, 5000])
def test_half_a_snapshot_is_not_believed(held: Compartments, length: int) -> None:
    before = opened(held)
    path = path_of(held, "restricted")
    path.write_bytes(path.read_bytes()[:length])
    assert find(held, "restricted") is None
    same(opened(held), before)


def test_the_snapshot_of_another_program_is_not_read(
    held: Compartments, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = opened(held)
    monkeypatch.setattr("corridor.ledger.snapshot._program", lambda: "another")
    assert find(held, "restricted") is None
    same(opened(held), before)


def test_the_snapshot_of_another_ledger_is_not_read(held: Compartments) -> None:
    story = Story().land()
    story.say("headcount", place="town", quantity="5 people", observed=at(4))
    opened(held)
    with ledgers(story.entries) as other:
        content = path_of(held, "restricted").read_bytes()
        path_of(other, "public").write_bytes(content)
        assert find(other, "public") is None
        same(opened(other, "public"), whole(other, END, END, "public"))


def test_a_sealed_report_changes_no_byte_of_a_lower_snapshot(held: Compartments) -> None:
    story = Story()
    story.say(
        "observation", indicator="secret", text="very secret", observed=at(4), handling="sealed"
    )
    for clearance in HANDLINGS:
        opened(held, clearance)
    lower = snapshots(held)
    record(held, story.entries)
    for clearance in HANDLINGS:
        opened(held, clearance)
    after = snapshots(held)
    assert after.keys() == lower.keys() | {path_of(held, "sealed").name}
    assert {name: after[name] for name in lower} == lower
    assert not any(b"secret" in content for content in lower.values())


def test_a_destroyed_ledger_takes_its_snapshot_with_it(held: Compartments) -> None:
    story = Story()
    story.say("observation", indicator="secret", observed=at(4), handling="sealed")
    without = opened(held, "sealed")
    record(held, story.entries)
    assert opened(held, "sealed") != without
    path = path_of(held, "sealed")
    draft = path.with_name(f"{path.name}-half")
    draft.write_bytes(path.read_bytes())
    (held.folder / "sealed.sqlite").unlink()
    same(opened(held, "sealed"), without)
    assert not path.exists()
    assert not draft.exists()


def test_only_its_owner_may_read_a_snapshot(held: Compartments) -> None:
    opened(held)
    assert path_of(held, "restricted").stat().st_mode & 0o077 == 0


def test_where_no_snapshot_can_be_written_the_picture_is_told_all_the_same(
    held: Compartments,
) -> None:
    path_of(held, "restricted").mkdir()
    same(opened(held), whole(held, END, END, "restricted"))
    assert list(held.folder.glob("*snapshot-*")) == []


def test_a_moment_before_the_snapshot_is_answered_from_the_ledger(held: Compartments) -> None:
    opened(held)
    kept = Pictures(held, least=1)
    for moment in (day(7), day(12)):
        told = kept.picture(moment, moment, "restricted")
        same(told, whole(held, moment, moment, "restricted"))


def test_a_picture_from_a_snapshot_does_not_change_with_what_is_recorded_later(
    held: Compartments,
) -> None:
    opened(held)
    kept = Pictures(held, least=10**9)
    before = kept.picture(END, END, "restricted")
    told = repr(whole(held, END, END, "restricted"))
    story = Story()
    claim = next(r for r in before.people_register.series.values()).claims[0].report
    for number in range(3):
        fields: dict[str, Any] = {"place": "alder", "quantity": f"{number} people"}
        story.say("headcount", claim.claimant, observed=at(12), key=f"late-{number}", **fields)
    story.say("retraction", claim.claimant, retracts=claim.id, observed=at(12), key="late")
    record(held, story.entries)
    after = kept.picture(END, END, "restricted")
    assert repr(before) == told
    same(after, whole(held, END, END, "restricted"))


def test_what_is_read_late_from_a_ledger_put_in_place_of_another_is_refused(
    held: Compartments,
) -> None:
    opened(held)
    view = opened(held)
    story = Story().land()
    with ledgers(story.entries) as other:
        for handling in held.handlings():
            (held.folder / f"{handling}.sqlite").write_bytes(
                (other.folder / "public.sqlite").read_bytes()
            )
    with pytest.raises(LedgerError):
        list(view.reports.values())


def test_a_flood_kept_in_a_snapshot_may_end_after_it() -> None:
    story = Story().land()
    for number in range(101):
        fields: dict[str, Any] = {"stage": "dispatched", "quantity": "5 t", "destination": "town"}
        story.say("consignment", commodity="food", observed=at(5, number / 10), **fields)
    flood, rest = story.entries, Story()
    rest.say("retraction", retracts=story.reports[-1].id, observed=at(6), key="ends")
    rest.say("consignment", commodity="food", observed=at(5, 3), key="more", **fields)
    with ledgers(flood) as held:
        before = opened(held, "public")
        assert [f.code for f in before.findings].count("flood") == 1
        for entry in rest.entries:
            record(held, (entry,))
            told = Pictures(held, least=10**9).picture(END, END, "public")
            same(told, whole(held, END, END, "public"))


def test_a_rule_changed_after_a_snapshot_compares_all_anew() -> None:
    story = Story().land()
    for number in range(4):
        fields: dict[str, Any] = {"stage": "dispatched", "quantity": "5 t", "destination": "town"}
        story.say("consignment", f"c-{number}", commodity="food", observed=at(5 + number), **fields)
    rules = Story()
    rules.say("setting", name="double_count_days", value="0.1", key="rule")
    with ledgers(story.entries) as held:
        before = opened(held, "public")
        assert "likely_double_count" in {f.code for f in before.findings}
        record(held, rules.entries)
        told = Pictures(held, least=10**9).picture(END, END, "public")
        assert "likely_double_count" not in {f.code for f in told.findings}
        same(told, whole(held, END, END, "public"))


def test_reports_not_yet_known_or_begun_stay_ahead_of_a_snapshot() -> None:
    story = Story().land()
    for number in range(3, 12):
        fields: dict[str, Any] = {"place": "town", "quantity": f"{number} people"}
        story.say("headcount", observed=at(number), **fields)
    story.say("headcount", place="camp", quantity="3 people", observed=at(12), learned=at(4))
    with ledgers(story.entries) as held:
        memory = Memory("public")
        memory.add(held.entries("public"))
        memory.picture(at=day(6), known_at=day(8))
        assert memory.ahead == 6
        write(held, held.heads("public"), memory.save())
        kept = find(held, "public")
        assert kept is not None
        again = Memory.restore("public", kept, held)
        assert again.ahead == 6
        assert not again.tells(day(4), day(8))
        assert not again.tells(day(8), day(6))
        for moment, known_at in ((day(6), day(8)), (day(7), day(9)), (END, END)):
            view = again.picture(at=moment, known_at=known_at)
            same(view, whole(held, moment, known_at, "public"))


def test_recording_one_report_reads_no_other(held: Compartments) -> None:
    opened(held)
    report = two_valleys()[30].report
    assert held.called([(report.handling, report.id)]) == {(report.handling, report.id): report}
    plain = Pictures(held, least=10**9).declared("restricted")
    Pictures(held, least=1).picture(END, END, "restricted")
    kept = Pictures(held)
    assert kept.declared("restricted").codes == plain.codes
    assert kept._read == {}
