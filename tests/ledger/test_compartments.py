"""An operation's ledgers together: each report in its own, and merging as a union."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from corridor.errors import LedgerDamaged, LedgerError
from corridor.ledger import Appended, Compartments
from corridor.ledger.chain import genesis
from corridor.report import Report

Say = Callable[..., Report[Any]]
Tamper = Callable[..., None]


def contents(ledgers: Compartments) -> set[tuple[str, str, str]]:
    return {(e.report.handling, e.report.id, e.body_digest) for e in ledgers.entries("sealed")}


def test_each_report_goes_to_the_ledger_of_its_handling(
    tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    ours = Compartments(tmp_path / "ledger")
    reports = [say("1", handling="sealed"), say("2"), say("3", handling="partners"), say("4")]
    assert ours.record(reports, "asker", tuesday) == Appended(4, 0)
    assert ours.record(reports, "asker", tuesday) == Appended(0, 4)
    assert ours.handlings() == ("public", "partners", "sealed")
    assert [e.report.key for e in ours.entries("public")] == ["2", "4"]
    assert [e.report.key for e in ours.entries("restricted")] == ["2", "4", "3"]
    assert [e.report.key for e in ours.entries("sealed")] == ["2", "4", "3", "1"]
    assert list(ours.heads("partners")) == ["public", "partners"]


def test_an_operation_without_reports_has_no_files(tmp_path: Path, tuesday: datetime) -> None:
    ours = Compartments(tmp_path / "ledger")
    assert ours.entries("sealed") == ()
    assert ours.record([], "asker", tuesday) == Appended(0, 0)
    assert not ours.verify()
    assert ours.ledger("public") is None
    assert not (tmp_path / "ledger").exists()


def test_a_lower_view_neither_makes_nor_opens_a_higher_ledger(
    tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    ours = Compartments(tmp_path)
    ours.record([say("1")], "asker", tuesday)
    assert [path.name for path in tmp_path.iterdir()] == ["public.sqlite"]
    (tmp_path / "sealed.sqlite").write_bytes(b"locked away")
    assert len(ours.entries("restricted")) == 1
    assert list(ours.verify(clearance="restricted")) == ["public"]
    with pytest.raises(LedgerError, match=r"sealed\.sqlite"):
        ours.entries("sealed")


def test_a_destroyed_ledger_leaves_the_others_as_they_were(
    tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    ours = Compartments(tmp_path)
    ours.record([say("1"), say("2", handling="sealed")], "asker", tuesday)
    lower, head = ours.entries("restricted"), ours.heads()["sealed"]
    (tmp_path / "sealed.sqlite").unlink()
    assert ours.entries("sealed") == lower
    assert ours.verify()["public"].is_sound
    assert not ours.verify({"sealed": head.digest})["sealed"].is_sound
    assert ours.verify({"sealed": genesis("sealed")})["sealed"].is_sound


def test_nothing_is_recorded_when_one_report_cannot_be(
    tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    ours = Compartments(tmp_path / "ledger")
    with pytest.raises(TypeError):
        ours.record([say("1"), say("2", text="\ud800", handling="sealed")], "asker", tuesday)
    squatting = say("1").__class__(**{**_fields(say("1")), "key": "2"})
    with pytest.raises(ValueError, match="not the id of its channel and key"):
        ours.record([say("1"), squatting], "asker", tuesday)
    assert not (tmp_path / "ledger").exists()


def test_three_diverged_copies_merged_in_every_order_hold_the_same(
    tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    told = {
        "a": [say("1"), say("2", "open"), say("3", handling="sealed")],
        "b": [say("2", "shut"), say("1"), say("4", handling="restricted")],
        "c": [say("3", handling="sealed"), say("2", "open"), say("5")],
    }
    copies = {}
    for hour, (name, reports) in enumerate(told.items()):
        copies[name] = Compartments(tmp_path / name)
        copies[name].record(reports, name, tuesday + timedelta(hours=hour))
    wanted = set().union(*(contents(copy) for copy in copies.values()))
    assert len(wanted) == 6
    for order in permutations(copies):
        merged = Compartments(tmp_path / "".join(order))
        for name in order:
            merged.merge(copies[name])
        assert contents(merged) == wanted
        assert all(one.is_sound for one in merged.verify().values())


def test_merging_keeps_who_recorded_and_when_and_counts(
    tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    ours, theirs = Compartments(tmp_path / "ours"), Compartments(tmp_path / "theirs")
    ours.record([say("1", "open"), say("2")], "asker", tuesday)
    theirs.record(
        [say("2"), say("1", "shut"), say("3", handling="sealed")],
        "colleague",
        tuesday + timedelta(days=1),
    )
    done = ours.merge(theirs)
    assert (done.accepted, done.already, done.beside) == (2, 1, (say("1").id,))
    assert done.handlings == ("public", "sealed")
    assert [(e.seq, e.recorded_by, e.recorded_at.day) for e in ours.entries("sealed")] == [
        (1, "asker", 26),
        (2, "asker", 26),
        (3, "colleague", 27),
        (1, "colleague", 27),
    ]
    again = ours.merge(theirs)
    assert (again.accepted, again.already) == (0, 3)


def test_a_damaged_copy_is_refused_whole(
    tmp_path: Path, say: Say, tuesday: datetime, tamper: Tamper
) -> None:
    ours, theirs = Compartments(tmp_path / "ours"), Compartments(tmp_path / "theirs")
    ours.record([say("1")], "asker", tuesday)
    reports = [say("2"), say("3"), say("4", handling="sealed"), say("5", handling="sealed")]
    theirs.record(reports, "colleague", tuesday)
    sealed = tmp_path / "theirs" / "sealed.sqlite"
    tamper(sealed, "UPDATE entries SET recorded_by = 'asker' WHERE seq = 2")
    before = contents(ours)
    with pytest.raises(LedgerDamaged, match="sealed ledger, entry 2"):
        ours.merge(theirs)
    assert contents(ours) == before
    assert ours.handlings() == ("public",)


def _fields(report: Report[Any]) -> dict[str, Any]:
    return {
        name: getattr(report, name)
        for name in type(report).__dataclass_fields__
        if name != "CHECKS"
    }
