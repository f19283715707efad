"""One ledger: what goes in comes out, once, in order, and stays."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.ledger import Appended, Head, Ledger, NewEntry, appending
from corridor.ledger.appending import Arrival
from corridor.ledger.chain import genesis, link
from corridor.wire import body_digest

New = Callable[..., NewEntry]
Tamper = Callable[..., None]


def test_what_was_recorded_is_read_back_in_order(
    ledger: Ledger, new: New, say: Callable[..., Any], tuesday: datetime
) -> None:
    ledger.append([new("1", "road open"), new("2", "road shut")], "asker", tuesday)
    again = Ledger.open(ledger.path, "public")
    entries = list(again.entries())
    assert [entry.report for entry in entries] == [say("1", "road open"), say("2", "road shut")]
    assert [entry.seq for entry in entries] == [1, 2]
    assert {(entry.recorded_by, entry.recorded_at) for entry in entries} == {("asker", tuesday)}
    assert [entry.report for entry in again.entries(after=1)] == [say("2", "road shut")]
    assert again.count() == 2


def test_the_head_is_the_last_link(ledger: Ledger, new: New, tuesday: datetime) -> None:
    assert ledger.head() == Head(0, genesis("public"))
    first = new("1")
    ledger.append([first], "asker", tuesday)
    digest = link(genesis("public"), 1, "2023-09-26T18:00:00Z", "asker", body_digest(first.body))
    assert ledger.head() == Head(1, digest)


def test_recording_twice_is_recording_once(ledger: Ledger, new: New, tuesday: datetime) -> None:
    assert ledger.append([new("1"), new("2"), new("1")], "asker", tuesday) == Appended(2, 1)
    head = ledger.head()
    assert ledger.append([new("2"), new("1")], "other", tuesday) == Appended(0, 2)
    assert ledger.head() == head


def test_a_batch_of_any_length_enters_once_and_whole(
    ledger: Ledger, new: New, tuesday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "_MOST_ROWS", 2)
    ledger.append([new("1")], "asker", tuesday)
    batch = [new(key, text) for text in ("quiet", "quiet", "loud") for key in ("1", "2", "3")]
    done = ledger.append(batch, "asker", tuesday)
    assert (done.accepted, done.already) == (5, 4)
    assert done.beside == tuple(new(key).id for key in ("1", "2", "3"))
    assert ledger.verify().entries == 6
    assert ledger.verify().is_sound


def test_other_content_under_the_same_id_is_kept_beside_the_first(
    ledger: Ledger, new: New, tuesday: datetime
) -> None:
    first, other = new("1", "road open"), new("1", "road shut")
    ledger.append([first], "asker", tuesday)
    assert ledger.append([other], "asker", tuesday) == Appended(1, 0, (first.id,))
    assert [stored.body for stored in ledger.stored()] == [first.body, other.body]
    assert ledger.verify().is_sound


def test_a_few_reports_find_their_like_in_a_large_ledger(
    ledger: Ledger, new: New, tuesday: datetime
) -> None:
    many = [new(str(number)) for number in range(1200)]
    ledger.append(many, "asker", tuesday)
    again = [*many[:700], new("3", "other"), new("new")]
    assert ledger.append(again, "asker", tuesday) == Appended(2, 700, (many[3].id,))
    assert ledger.verify().is_sound


def test_a_failing_append_leaves_nothing(ledger: Ledger, new: New, tuesday: datetime) -> None:
    def bodies() -> Any:
        yield new("1")
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError):
        ledger.append(bodies(), "asker", tuesday)
    second = new("2")

    def write_and_break_off() -> None:
        with ledger.writing() as write:
            write([Arrival(second.id, second.body, "2023-09-26T18:00:00Z", "asker")])
            raise RuntimeError("the program broke off")

    with pytest.raises(RuntimeError):
        write_and_break_off()
    assert ledger.count() == 0


def test_a_time_of_recording_without_offset_is_refused(
    ledger: Ledger, new: New, tuesday: datetime
) -> None:
    with pytest.raises(ValueError, match="offset"):
        ledger.append([new("1")], "asker", tuesday.replace(tzinfo=None))


REPLACE = "INSERT OR REPLACE INTO entries SELECT"
PUT_IN = "INSERT INTO entries SELECT"
FIRST = "recorded_at, 'other', body, digest FROM entries WHERE seq = 1"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET recorded_by = 'other' WHERE seq = 1",
        "UPDATE OR REPLACE entries SET seq = 1 WHERE seq = 2",
        "DELETE FROM entries WHERE seq = 2",
        f"{REPLACE} seq, id, 'ff', {FIRST}",
        f"{REPLACE} 3, id, body_digest, {FIRST}",
        f"{PUT_IN} 9, id, 'ff', {FIRST}",
        f"{PUT_IN} NULL, id, 'ff', {FIRST}",
        "UPDATE meta SET value = 'sealed' WHERE name = 'handling'",
        "DELETE FROM meta",
        "INSERT OR REPLACE INTO meta VALUES ('handling', 'sealed')",
    ],
)
def test_another_program_cannot_change_what_is_there_by_mistake(
    ledger: Ledger, new: New, tuesday: datetime, tamper: Tamper, statement: str
) -> None:
    ledger.append([new("1"), new("2")], "asker", tuesday)
    before = list(ledger.stored())
    with pytest.raises(
        sqlite3.IntegrityError, match=r"the ledger only grows|a ledger says of itself"
    ):
        tamper(ledger.path, statement, guarded=True)
    assert list(ledger.stored()) == before


def test_a_new_ledger_is_for_its_owner_and_leaves_nothing_beside_it(
    ledger: Ledger, new: New, tuesday: datetime
) -> None:
    ledger.append([new("1")], "asker", tuesday)
    assert [path.name for path in ledger.path.parent.iterdir()] == ["public.sqlite"]
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(ledger.path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_reading_goes_on_while_another_records(ledger: Ledger, new: New, tuesday: datetime) -> None:
    ledger.append([new("1"), new("2")], "asker", tuesday)
    reading = ledger.stored()
    assert next(reading).seq == 1
    ledger.append([new("3")], "asker", tuesday)
    assert [stored.seq for stored in reading] == [2]
    assert ledger.count() == 3


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    batches=st.lists(
        st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["open", "shut"])), max_size=6),
        max_size=5,
    )
)
def test_however_it_arrives_each_id_and_content_is_there_once(
    tmp_path_factory: pytest.TempPathFactory,
    new: New,
    tuesday: datetime,
    batches: list[list[tuple[str, str]]],
) -> None:
    ledger = Ledger.open(tmp_path_factory.mktemp("l") / "public.sqlite", "public", create=True)
    for batch in batches:
        ledger.append([new(*one) for one in batch], "asker", tuesday)
    wanted = {(new(*one).id, new(*one).body) for batch in batches for one in batch}
    stored = list(ledger.stored())
    assert len(stored) == len(wanted)
    assert {(one.id, one.body) for one in stored} == wanted
    assert ledger.verify().is_sound
