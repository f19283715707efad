"""Ledgers as lines, and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from corridor.errors import LedgerDamaged, LedgerError
from corridor.ledger import Compartments
from corridor.ledger.appending import Arrival
from corridor.ledger.dump import dump, is_dump, load
from corridor.report import Handling, Report

Say = Callable[..., Report[Any]]
Tamper = Callable[..., None]


@pytest.fixture
def ours(tmp_path: Path, say: Say, tuesday: datetime) -> Compartments:
    made = Compartments(tmp_path / "ours")
    made.record(
        [say("1"), say("2", 'he said ","report":{} \n Շուշի'), say("3", handling="sealed")],
        'a ","report":{" name',
        tuesday,
    )
    return made


def lines_of(ledgers: Compartments, clearance: Handling = "sealed") -> list[bytes]:
    lines: list[bytes] = []
    assert dump(ledgers, lines.append, clearance=clearance) == len(lines) - 1
    return lines


def test_what_was_dumped_loads_as_the_same_entries(ours: Compartments, tmp_path: Path) -> None:
    lines = lines_of(ours)
    assert list(load(lines)) == list(ours.stored())
    copy = Compartments(tmp_path / "copy")
    done = copy.merge(load(lines))
    assert (done.accepted, done.already, done.handlings) == (3, 0, ("public", "sealed"))
    assert lines_of(copy) == lines


def test_a_dump_is_json_lines_with_its_heads_first(ours: Compartments) -> None:
    first, *rest = [json.loads(line) for line in lines_of(ours)]
    assert first["corridor_dump"] == 1
    assert first["handlings"] == ["public", "sealed"]
    assert first["heads"] == {name: head.digest for name, head in ours.heads().items()}
    assert [(one["handling"], one["seq"], one["report"]["key"]) for one in rest] == [
        ("public", 1, "1"),
        ("public", 2, "2"),
        ("sealed", 1, "3"),
    ]


def test_a_dump_shows_nothing_above_its_clearance(
    ours: Compartments, tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    before = lines_of(ours, "restricted")
    ours.record([say("9", handling="sealed")], "asker", tuesday)
    assert lines_of(ours, "restricted") == before
    assert b"sealed" not in b"".join(before)


def test_what_is_recorded_during_a_dump_is_left_for_the_next(
    ours: Compartments, say: Say, tuesday: datetime
) -> None:
    lines: list[bytes] = []

    def write(line: bytes) -> None:
        if not lines:
            ours.record([say("late"), say("later", handling="restricted")], "asker", tuesday)
        lines.append(line)

    assert dump(ours, write, clearance="sealed") == 3
    assert len(list(load(lines))) == 3


def test_a_dump_of_nothing_loads_as_nothing(tmp_path: Path) -> None:
    lines = lines_of(Compartments(tmp_path / "none"))
    assert len(lines) == 1
    assert list(load(lines)) == []


def test_a_damaged_ledger_is_not_dumped(ours: Compartments, tmp_path: Path, tamper: Tamper) -> None:
    path = tmp_path / "ours" / "public.sqlite"
    tamper(path, "UPDATE entries SET recorded_by = 'other' WHERE seq = 2")
    with pytest.raises(LedgerDamaged, match="public ledger, entry 2"):
        lines_of(ours)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda lines: lines[:-1], "sealed ledger"),
        (lambda lines: lines[:1], "public ledger"),
        (lambda lines: [*lines[:2], *lines[3:]], "public ledger"),
        (lambda lines: [*lines[:-1], lines[-1][:-20]], "line 4"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], "public ledger, entry 2"),
        (lambda lines: [line.replace(b'"quiet"', b'"noisy"') for line in lines], "entry 1"),
        (lambda lines: [line.replace(b"name", b"game") for line in lines], "entry 1"),
        (lambda lines: [line.replace(b'"seq":1', b'"seq":true') for line in lines], "line 2"),
        (lambda lines: [*lines[:3], lines[3].replace(b'"sealed"', b'"secret"')], "line 4"),
        (lambda lines: [*lines, b"\n"], "line 5"),
        (lambda lines: [*lines, b'{"seq":1,"report":[]}\n'], "line 5"),
        (lambda lines: [b'{"corridor_dump":1}', *lines[1:]], "line 1"),
    ],
)
def test_a_dump_that_was_cut_or_changed_is_refused_whole(
    ours: Compartments,
    tmp_path: Path,
    change: Callable[[list[bytes]], list[bytes]],
    where: str,
) -> None:
    lines = lines_of(ours)
    changed = change(lines)
    assert changed != lines
    copy = Compartments(tmp_path / "copy")
    with pytest.raises(LedgerDamaged, match=where):
        copy.merge(load(changed))
    assert copy.handlings() == ()


def test_a_forged_dump_with_a_good_chain_is_refused_for_its_reports(
    ours: Compartments, tmp_path: Path
) -> None:
    forged = Compartments(tmp_path / "forged")
    forged.merge(load(lines_of(ours)))
    public = forged.ledger("public")
    assert public is not None
    with public.writing() as write:
        taken = next(public.stored())
        body = taken.body.replace(b"radio", b"phone")
        write([Arrival(taken.id, body, taken.recorded_at, "stranger")])
    with pytest.raises(LedgerDamaged, match="its channel and key give"):
        ours.merge(load(lines_of(forged)))


def test_a_newer_dump_is_refused(ours: Compartments) -> None:
    with pytest.raises(LedgerError, match="a newer Corridor wrote this dump"):
        list(load([b'{"corridor_dump":2}\n']))


@pytest.mark.parametrize(
    "line", [b"", b"not json", b"[]", b'"corridor_dump"', b'{"kind":"place"}\n']
)
def test_what_is_no_dump_is_told_apart(line: bytes) -> None:
    assert not is_dump(line)
    with pytest.raises(LedgerError, match="not a dump"):
        list(load([line]))


def test_a_dump_is_known_by_its_first_line(ours: Compartments) -> None:
    assert is_dump(lines_of(ours)[0])
