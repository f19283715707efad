"""Verification finds what was done to stored entries, and names them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from corridor.errors import LedgerDamaged, LedgerError
from corridor.ledger import Ledger, NewEntry, stretches
from corridor.ledger.appending import Arrival
from corridor.ledger.chain import genesis, link
from corridor.values import ReportId
from corridor.wire import body_digest

New = Callable[..., NewEntry]
Tamper = Callable[..., None]
AT = "2023-09-26T18:00:00Z"


@pytest.fixture
def five(ledger: Ledger, new: New, tuesday: datetime) -> Ledger:
    """Return a ledger of five reports."""
    ledger.append([new(str(n), f"remark {n}") for n in range(1, 6)], "asker", tuesday)
    return ledger


def places(ledger: Ledger, head: str | None = None) -> list[str]:
    return [problem.where for problem in ledger.verify(head).problems]


def test_a_sound_ledger_has_no_problems(five: Ledger) -> None:
    seen: list[int] = []
    found = five.verify(five.head().digest, seen.append)
    assert found.is_sound
    assert (found.entries, found.head) == (5, five.head())
    assert five.integrity_check() == ()


def test_progress_is_told(
    ledger: Ledger, new: New, tuesday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "_LENGTH", 2)
    ledger.append([new(str(number)) for number in range(5)], "asker", tuesday)
    seen: list[int] = []
    assert ledger.verify(progress=seen.append).is_sound
    assert seen == [2, 4, 5]


def test_a_changed_byte_in_a_body_is_found_and_never_read(five: Ledger, tamper: Tamper) -> None:
    tamper(
        five.path,
        "UPDATE entries SET body = "
        "CAST(replace(CAST(body AS TEXT), 'remark 3', 'remark 8') AS BLOB)",
    )
    assert places(five) == ["public ledger, entry 3"]
    with pytest.raises(LedgerDamaged, match="entry 3: its report is not the one"):
        list(five.entries())


@pytest.mark.parametrize("column", ["recorded_by", "recorded_at", "body_digest", "digest", "id"])
def test_a_change_to_anything_else_of_an_entry_is_found(
    five: Ledger, tamper: Tamper, column: str
) -> None:
    tamper(five.path, f"UPDATE entries SET {column} = 'other' WHERE seq = 3")
    assert "public ledger, entry 3" in places(five)
    assert set(places(five)) <= {"public ledger, entry 3", "public ledger, entry 4"}


def test_bytes_that_are_no_text_are_found(five: Ledger, tamper: Tamper) -> None:
    tamper(five.path, "UPDATE entries SET recorded_by = CAST(x'61ff' AS TEXT) WHERE seq = 2")
    assert places(five) == ["public ledger, entry 2"]


def test_swapped_entries_are_found(five: Ledger, tamper: Tamper) -> None:
    tamper(
        five.path,
        "UPDATE entries SET seq = -seq WHERE seq IN (2, 3)",
        "UPDATE entries SET seq = 5 + seq WHERE seq < 0",
    )
    assert {"public ledger, entry 2", "public ledger, entry 3"} <= set(places(five))


def test_an_inserted_entry_is_found(five: Ledger, new: New, tamper: Tamper) -> None:
    first, added = next(five.stored()), new("9", "never said")
    content = body_digest(added.body)
    digest = link(first.digest, 2, AT, "asker", content)
    tamper(
        five.path,
        "UPDATE entries SET seq = -seq WHERE seq > 1",
        "UPDATE entries SET seq = 1 - seq WHERE seq < 0",
        f"INSERT INTO entries VALUES (2, '{added.id}', '{content}', '{AT}', 'asker', "
        f"x'{added.body.hex()}', '{digest}')",
    )
    assert "public ledger, entry 3" in places(five)


def test_a_deleted_entry_is_found(five: Ledger, tamper: Tamper) -> None:
    tamper(five.path, "DELETE FROM entries WHERE seq = 2")
    assert places(five) == ["public ledger, entry 3"]
    assert "entry 2 is needed here" in str(five.verify().problems[0])


def test_a_cut_tail_is_found_by_whoever_kept_a_head(five: Ledger, tamper: Tamper) -> None:
    early, late = [stored.digest for stored in five.stored()][1::3]
    tamper(five.path, "DELETE FROM entries WHERE seq > 3")
    assert five.verify().is_sound
    assert five.verify(early).is_sound
    assert five.verify(genesis("public")).is_sound
    found = five.verify(late).problems
    assert [problem.where for problem in found] == ["public ledger"]
    assert "its end was cut off" in str(found[0])


def test_a_ledger_written_anew_is_found_by_whoever_kept_a_head(
    five: Ledger, tmp_path: Path, new: New, tuesday: datetime
) -> None:
    anew = Ledger.open(tmp_path / "anew.sqlite", "public", create=True)
    anew.append([new(str(n), f"remark {n + 1}") for n in range(1, 6)], "asker", tuesday)
    assert anew.verify().is_sound
    assert not anew.verify(five.head().digest).is_sound


def _record_bytes(ledger: Ledger, name: ReportId, body: bytes, at: datetime) -> list[str]:
    ledger.append([NewEntry(name, body)], "asker", at)
    return [problem.text for problem in ledger.verify().problems]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda body: body.replace(b'"key":"1"', b'"key":"2"'), "its channel and key give"),
        (lambda body: body.replace(b":", b": ", 1), "not in canonical form"),
        (lambda body: body.replace(b'"public"', b'"sealed"'), "does not belong in this ledger"),
        (lambda body: b"[]", "cannot be read"),
        (lambda body: body.replace(b'"channel":"radio"', b'"channel":7'), "cannot be read"),
        (lambda body: body[:-1] + b',"quantity":1}', "cannot be read"),
        (
            lambda body: body.replace(b'"text"', b'"quantity":"5 t","text"'),
            "cannot be read",
        ),
    ],
)
def test_a_report_that_could_not_have_been_recorded_is_found(
    ledger: Ledger,
    new: New,
    tuesday: datetime,
    change: Callable[[bytes], bytes],
    text: str,
) -> None:
    one = new("1")
    assert change(one.body) != one.body
    (found,) = _record_bytes(ledger, one.id, change(one.body), tuesday)
    assert text in found


@pytest.mark.parametrize("moment", ["yesterday", "2023-09-26T22:00:00+04:00", ""])
def test_a_time_of_recording_that_is_not_one_is_found(
    ledger: Ledger, new: New, moment: str
) -> None:
    one = new("1")
    with ledger.writing() as write:
        write([Arrival(one.id, one.body, moment, "asker")])
    (found,) = ledger.verify().problems
    assert found.text == f"recorded_at: a time in UTC is needed, not '{moment}'"


def test_a_guard_that_is_gone_or_changed_is_told(five: Ledger, tamper: Tamper) -> None:
    tamper(
        five.path,
        "DROP TRIGGER entries_no_update",
        "DROP TRIGGER entries_no_delete",
        "CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT 1; END",
        "CREATE TRIGGER more AFTER INSERT ON entries BEGIN SELECT 1; END",
        guarded=True,
    )
    assert [problem.text for problem in five.integrity_check()] == [
        "the guard entries_no_delete is not the one that Corridor makes",
        "the guard entries_no_update is missing, so entries can be changed unnoticed",
        "the guard more is not the one that Corridor makes",
    ]


def test_a_flipped_byte_anywhere_never_changes_what_is_read_unnoticed(five: Ledger) -> None:
    """Each flip is refused, found, or in a place where no stored entry is."""
    whole = five.path.read_bytes()
    before = list(five.stored())
    found = 0
    for place in range(0, len(whole), 53):
        five.path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            ledger = Ledger.open(five.path, "public", timeout_s=0)
            is_noticed = not ledger.verify(before[-1].digest).is_sound
            if not is_noticed:
                assert list(ledger.stored()) == before
        except LedgerError:
            is_noticed = True
        found += is_noticed
    assert found >= 40


COLUMNS = ("id", "body_digest", "recorded_at", "recorded_by", "body", "digest")


@pytest.mark.parametrize("seq", [1, 3, 5])
@pytest.mark.parametrize("column", COLUMNS)
def test_one_byte_changed_anywhere_in_an_entry_is_found_and_the_entry_named(
    five: Ledger, tamper: Tamper, column: str, seq: int
) -> None:
    """Every single byte in turn, in the file itself, as a bad disk or a patient hand would."""
    whole = five.path.read_bytes()
    entry = [*five.stored()][seq - 1]
    value = getattr(entry, column)
    value = value if isinstance(value, bytes) else value.encode()
    # An entry's values stand in its record in the order of the columns; the digest of the one
    # before stands nowhere else, and the id stands in the index and in the body too.
    record = entry.id + entry.body_digest + entry.recorded_at + entry.recorded_by
    start = whole.index(record.encode() + entry.body + entry.digest.encode())
    place = (
        start
        + {
            "id": 0,
            "body_digest": len(entry.id),
            "recorded_at": len(entry.id + entry.body_digest),
            "recorded_by": len(record) - len(entry.recorded_by),
            "body": len(record),
            "digest": len(record) + len(entry.body),
        }[column]
    )
    assert whole[place : place + len(value)] == value
    for number in range(place, place + len(value)):
        changed = bytearray(whole)
        changed[number] ^= 1 + number % 255
        five.path.write_bytes(changed)
        found = places(five)
        assert f"public ledger, entry {seq}" in found
        # Nothing else is accused but the one that follows from it.
        assert set(found) <= {f"public ledger, entry {seq}", f"public ledger, entry {seq + 1}"}
    five.path.write_bytes(whole)
    assert places(five) == []


def test_an_entry_rewritten_with_a_chain_computed_anew_is_found_with_an_earlier_head(
    five: Ledger, new: New, tamper: Tamper
) -> None:
    entries = [*five.stored()]
    kept, lodged = entries[1].digest, entries[3].digest
    previous, changes = entries[1].digest, []
    for entry in entries[2:]:
        body = entry.body.replace(b"remark 3", b"remark 8")
        content = body_digest(body)
        previous = link(previous, entry.seq, entry.recorded_at, entry.recorded_by, content)
        changes.append(
            f"UPDATE entries SET body = x'{body.hex()}', body_digest = '{content}', "
            f"digest = '{previous}' WHERE seq = {entry.seq}"
        )
    tamper(five.path, *changes)
    assert five.verify().is_sound
    assert five.verify(kept).is_sound
    assert places(five, lodged) == ["public ledger"]
    assert places(five, entries[-1].digest) == ["public ledger"]


def test_an_entry_put_in_with_a_chain_computed_anew_is_found_with_an_earlier_head(
    five: Ledger, new: New, tmp_path: Path
) -> None:
    lodged = five.head().digest
    anew = Ledger.open(tmp_path / "anew.sqlite", "public", create=True)
    with anew.writing() as write:
        said = [Arrival(e.id, e.body, e.recorded_at, e.recorded_by) for e in five.stored()]
        added = new("9", "never said")
        write([*said[:2], Arrival(added.id, added.body, AT, "asker"), *said[2:]])
    assert anew.verify().is_sound
    assert not anew.verify(lodged).is_sound


def test_swapped_contents_are_found(five: Ledger, tamper: Tamper) -> None:
    second, third = [*five.stored()][1:3]
    tamper(
        five.path,
        "UPDATE entries SET id = 'aside' WHERE seq = 2",
        f"UPDATE entries SET id = '{second.id}', body = x'{second.body.hex()}', "
        f"body_digest = '{second.body_digest}x' WHERE seq = 3",
        f"UPDATE entries SET id = '{third.id}', body = x'{third.body.hex()}', "
        f"body_digest = '{third.body_digest}' WHERE seq = 2",
        f"UPDATE entries SET body_digest = '{second.body_digest}' WHERE seq = 3",
    )
    assert {"public ledger, entry 2", "public ledger, entry 3"} <= set(places(five))


def test_a_damaged_index_is_found_by_the_database_itself(five: Ledger) -> None:
    whole = five.path.read_bytes()
    entry = next(five.stored())
    # In the index the id stands right before its digest too, but no time of recording follows.
    pair = (entry.id + entry.body_digest).encode()
    place = whole.index(pair)
    while whole[place + len(pair) :].startswith(entry.recorded_at.encode()):
        place = whole.index(pair, place + 1)
    five.path.write_bytes(whole[:place] + b"0" * 8 + whole[place + 8 :])
    assert five.verify().is_sound
    (fault, *_) = five.integrity_check()
    assert "SQLite finds the file damaged" in fault.text
    assert "merge this one into a new operation" in fault.text
