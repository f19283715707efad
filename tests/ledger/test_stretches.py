"""A ledger verified in stretches gives what checking it entry by entry gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from corridor import portions
from corridor.ledger import Compartments, Ledger, NewEntry, Verification, stretches
from corridor.ledger.appending import Arrival
from corridor.ledger.chain import genesis
from corridor.report import Report

New = Callable[..., NewEntry]
Say = Callable[..., Report[Any]]
Tamper = Callable[..., None]


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two entries be a stretch, so that some have one before them and some do not."""
    monkeypatch.setattr(stretches, "_LENGTH", 2)


@pytest.fixture
def with_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a helper take part, however little there is to do."""
    monkeypatch.setattr(portions, "_cores", lambda: 2)
    monkeypatch.setattr(stretches, "_ALONE", 0)


@pytest.fixture
def seven(ledger: Ledger, new: New, tuesday: datetime) -> Ledger:
    """Return a ledger of seven reports."""
    ledger.append([new(str(n), f"remark {n}") for n in range(1, 8)], "asker", tuesday)
    return ledger


def entry_by_entry(ledger: Ledger, head: str | None = None) -> Verification:
    return stretches._closely(ledger, head, None)


def looked_through(ledger: Ledger, head: str | None = None) -> Verification:
    """Return what looking through a sound ledger finds; a closer look fails the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "_closely", None)
        return ledger.verify(head)


def test_a_sound_ledger_needs_no_closer_look(seven: Ledger) -> None:
    digests = [entry.digest for entry in seven.stored()]
    for head in (None, genesis("public"), *digests, "0" * 64):
        assert looked_through(seven, head) == entry_by_entry(seven, head)
    assert looked_through(seven, digests[1]).is_sound
    assert not looked_through(seven, "0" * 64).is_sound


def test_an_empty_ledger_is_sound(ledger: Ledger) -> None:
    assert ledger.verify() == Verification(0, ledger.head(), ())


@pytest.mark.parametrize("seq", range(1, 8))
@pytest.mark.parametrize("column", ["id", "body_digest", "recorded_at", "recorded_by", "digest"])
@pytest.mark.parametrize("value", ["'other'", "7", "x'00'", "CAST(x'61ff' AS TEXT)"])
def test_damage_is_named_wherever_in_a_stretch_it_lies(
    seven: Ledger, tamper: Tamper, seq: int, column: str, value: str
) -> None:
    tamper(seven.path, f"UPDATE entries SET {column} = {value} WHERE seq = {seq}")
    found = seven.verify()
    assert f"public ledger, entry {seq}" in [problem.where for problem in found.problems]
    assert found == entry_by_entry(seven)


@pytest.mark.parametrize(
    "changes",
    [
        ["DELETE FROM entries WHERE seq = 2"],
        ["DELETE FROM entries WHERE seq IN (3, 4)"],
        ["UPDATE entries SET seq = 1000 WHERE seq = 2"],
        ["UPDATE entries SET body = CAST(body AS TEXT) WHERE seq = 3"],
        ["UPDATE entries SET seq = -3 WHERE seq = 3", "UPDATE entries SET seq = 3 WHERE seq = 4"],
        ["DELETE FROM entries WHERE seq < 3"],
    ],
)
def test_entries_that_are_gone_or_moved_are_named(
    seven: Ledger, tamper: Tamper, changes: Sequence[str]
) -> None:
    tamper(seven.path, *changes)
    found = seven.verify()
    assert not found.is_sound
    assert found == entry_by_entry(seven)


def test_a_clock_set_back_is_a_remark_at_a_seam_too(ledger: Ledger, new: New) -> None:
    with ledger.writing() as write:
        for key, hour in (("1", 8), ("2", 9), ("3", 7), ("4", 6), ("5", 10)):
            one = new(key)
            write([Arrival(one.id, one.body, f"2023-09-26T{hour:02}:00:00Z", "asker")])
    found = looked_through(ledger)
    assert [remark.where for remark in found.remarks] == [
        "public ledger, entry 3",
        "public ledger, entry 4",
    ]
    assert found == entry_by_entry(ledger)


def test_several_ledgers_are_looked_through_as_one_and_judged_apart(
    tmp_path: Path, say: Say, tuesday: datetime, tamper: Tamper, with_helper: None
) -> None:
    ours = Compartments(tmp_path / "ledger")
    levels = ("public", "partners", "sealed")
    ours.record([say(f"{n} {h}", handling=h) for n in range(5) for h in levels], "asker", tuesday)
    told: list[int] = []
    before = ours.verify(progress=told.append)
    assert [one.entries for one in before.values() if one.is_sound] == [5, 5, 5]
    assert told == [2, 4, 5] * 3
    tamper(tmp_path / "ledger" / "partners.sqlite", "UPDATE entries SET id = 'x' WHERE seq = 3")
    after = ours.verify()
    assert [problem.where for problem in after["partners"].problems] == ["partners ledger, entry 3"]
    assert (after["public"], after["sealed"]) == (before["public"], before["sealed"])


def test_a_helper_finds_what_is_found_here(
    seven: Ledger, tamper: Tamper, with_helper: None
) -> None:
    assert looked_through(seven) == entry_by_entry(seven)
    tamper(seven.path, "UPDATE entries SET recorded_by = 'other' WHERE seq = 7")
    assert [problem.where for problem in seven.verify().problems] == ["public ledger, entry 7"]
