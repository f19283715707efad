"""Copies that went apart offline and come together again: one picture, and nothing taken that is damaged."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from corridor.errors import InvalidReport, LedgerDamaged, LedgerError
from corridor.intake import Row
from corridor.ledger.appending import Arrival
from corridor.operation import Operation

Tamper = Callable[..., None]
NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=10)
CAMP = {"kind": "place", "place": "camp", "type": "camp", "key": "camp"}


def record(operation: Operation, *said: dict[str, Any]) -> list[str]:
    """Record what was said, by the operation's own count unless it says otherwise; return the ids."""
    usual = {"claimant": "operation", "handling": "public", "channel": "radio"}
    rows = [Row("", usual | raw) for raw in said]
    return [report.id for report in operation.record(rows, clearance="sealed").reports]


def count(key: str, people: int, **more: str) -> dict[str, Any]:
    raw = {"kind": "headcount", "place": "camp", "quantity": f"{people} people", "key": key}
    return raw | {"observed": "2030-04-30"} | more


def at(folder: Path, moment: datetime) -> Operation:
    return Operation(folder, clock=lambda: moment)


def told(operation: Operation) -> tuple[str, str]:
    """Return the digest of a picture and all that it shows."""
    view = operation.picture(at=LATER, known_at=LATER, clearance="sealed")
    return view.digest, repr((view.people, view.findings, view.stocks, view.roads, view.unknowns))


def contents(operation: Operation) -> set[tuple[str, str]]:
    return {(entry.report.id, entry.body_digest) for entry in operation.entries("sealed")}


@pytest.fixture
def start(tmp_path: Path) -> Operation:
    """Return the operation as it was before its copies went apart."""
    Operation.init(tmp_path / "start", "Relief")
    operation = at(tmp_path / "start", NOON)
    organisation = {"kind": "organisation", "organisation": "agency", "name": "Agency"}
    record(operation, CAMP, organisation | {"key": "agency"}, count("before", 100))
    return operation


@pytest.fixture
def apart(start: Operation, tmp_path: Path) -> dict[str, Operation]:
    """Return three copies that were written to offline: new, same, contradicting, withdrawing."""
    (before,) = {e.report.id for e in start.entries("public") if e.report.key == "before"}
    said = {
        "a": [count("1", 110), count("same", 7), count("2", 200, claimant="agency")],
        "b": [
            count("1", 150),
            count("same", 7),
            count("3", 300, handling="sealed", claimant="agency"),
        ],
        "c": [
            count("1", 190),
            {"kind": "retraction", "retracts": before, "reason": "twice", "key": "w"},
            count("4", 120, corrects=before),
        ],
    }
    copies = {}
    for hour, (name, reports) in enumerate(said.items(), start=1):
        shutil.copytree(start.folder, tmp_path / name)
        copies[name] = at(tmp_path / name, NOON + timedelta(hours=hour))
        record(copies[name], *reports)
    return copies


def test_three_copies_merged_in_every_order_give_one_picture(
    apart: dict[str, Operation], tmp_path: Path
) -> None:
    pictures: set[tuple[str, str]] = set()
    for first, *others in permutations(apart):
        folder = shutil.copytree(apart[first].folder, tmp_path / f"{first}-{''.join(others)}")
        merged = at(folder, LATER)
        for other in others:
            merged.merge(apart[other])
        assert contents(merged) == set().union(*map(contents, apart.values()))
        assert all(found.is_sound for found in merged.verify().values())
        pictures.add(told(merged))
    assert len(pictures) == 1
    assert len({told(copy) for copy in apart.values()}) == 3


def test_copies_merged_with_each_other_all_around_end_up_the_same(
    apart: dict[str, Operation],
) -> None:
    for _ in range(2):
        for one in apart.values():
            for other in apart.values():
                if other is not one:
                    one.merge(other)
    assert len({told(copy) for copy in apart.values()}) == 1
    assert apart["a"].merge(apart["b"]).accepted == 0


def test_merging_twice_or_with_itself_is_merging_once(
    apart: dict[str, Operation], tmp_path: Path
) -> None:
    ours = apart["a"]
    assert ours.merge(apart["b"]).accepted > 0
    heads = ours.ledgers.heads()
    assert ours.merge(apart["b"]).accepted == 0
    assert ours.merge(Operation(ours.folder)).accepted == 0
    assert ours.ledgers.heads() == heads


def test_the_same_id_with_other_content_is_kept_and_named(apart: dict[str, Operation]) -> None:
    ours = apart["a"]
    (name,) = {e.report.id for e in ours.entries("public") if e.report.key == "1"}
    assert name in ours.merge(apart["b"]).beside
    assert name in ours.merge(apart["c"]).beside
    kept = [e.report.statement for e in ours.entries("public") if e.report.id == name]
    assert len(kept) == 3
    findings = ours.picture(at=LATER, known_at=LATER, clearance="sealed").findings
    assert "same_id_other_content" in {f.code for f in findings if name in f.basis}
    before = apart["b"].picture(at=LATER, known_at=LATER).findings
    assert "same_id_other_content" not in {f.code for f in before}


def test_a_reference_waits_until_what_it_names_arrives(start: Operation, tmp_path: Path) -> None:
    """A withdrawal reaches a copy before the report that it withdraws."""
    shutil.copytree(start.folder, tmp_path / "author")
    shutil.copytree(start.folder, tmp_path / "reader")
    author, reader = at(tmp_path / "author", NOON), at(tmp_path / "reader", NOON)
    (parent,) = record(author, count("parent", 555))
    retraction = {"kind": "retraction", "retracts": parent, "reason": "twice", "key": "w"}
    (withdrawal,) = record(reader, retraction)
    waiting = reader.picture(at=LATER, known_at=LATER).findings
    assert [finding for finding in waiting if withdrawal in finding.basis]
    assert "555" in told(author)[1]
    reader.merge(author)
    resolved = reader.picture(at=LATER, known_at=LATER).findings
    assert not [finding for finding in resolved if withdrawal in finding.basis]
    assert "555 people" not in told(reader)[1]
    author.merge(reader)
    assert told(author) == told(reader)


def _spoiled(copy: Operation, how: str, tamper: Tamper) -> None:
    ledgers = copy.folder / "ledger"
    sealed = ledgers / "sealed.sqlite"
    if how == "changed":
        tamper(sealed, "UPDATE entries SET recorded_by = 'other'")
    elif how == "newer":
        tamper(sealed, "UPDATE meta SET value = '3' WHERE name = 'format'")
    elif how == "relabelled":
        shutil.copy(ledgers / "public.sqlite", sealed)
    elif how == "no ledger":
        sealed.unlink()
        with closing(sqlite3.connect(sealed)) as connection:
            connection.execute("CREATE TABLE letters (text TEXT)")
    elif how == "no database":
        sealed.write_bytes(b"a letter, not a ledger\n" * 300)
    elif how == "cut file":
        sealed.write_bytes(sealed.read_bytes()[:9000])


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("changed", "sealed ledger, entry 1: its encrypted row was changed"),
        ("newer", "a newer Corridor wrote this ledger"),
        ("relabelled", "handling of this ledger is 'public'; 'sealed' is needed"),
        ("no ledger", "this file is not a Corridor ledger"),
        ("no database", "this file is not a Corridor ledger"),
        ("cut file", "the file is damaged; put back a copy"),
    ],
)
def test_a_damaged_or_foreign_copy_is_refused_whole(
    apart: dict[str, Operation], tamper: Tamper, how: str, message: str
) -> None:
    """Its public ledger is sound and new to us; what stands above it is not."""
    ours, theirs = apart["a"], apart["b"]
    _spoiled(theirs, how, tamper)
    theirs = Operation(theirs.folder)
    files = {path.name: path.read_bytes() for path in (ours.folder / "ledger").iterdir()}
    with pytest.raises(LedgerError, match=message):
        ours.merge(theirs)
    assert {p.name: p.read_bytes() for p in (ours.folder / "ledger").iterdir()} == files


def test_a_dump_of_another_format_or_cut_is_refused_whole(
    apart: dict[str, Operation], tmp_path: Path
) -> None:
    ours, theirs = apart["a"], apart["b"]
    lines: list[bytes] = []
    theirs.dump(lines.append, clearance="sealed")
    header = json.loads(lines[0])
    newer = json.dumps(header | {"corridor_dump": 2}).encode() + b"\n"
    before = contents(ours)
    for number, wrong in enumerate([[newer, *lines[1:]], lines[:-1]]):
        path = tmp_path / f"{number}.dump"
        path.write_bytes(b"".join(wrong))
        with pytest.raises(LedgerError):
            ours.load(path)
        assert contents(ours) == before
    path.write_bytes(b"".join(lines))
    ours.load(path)
    assert contents(ours) == before | contents(theirs)


def test_a_copy_with_a_forged_report_is_refused_whole(
    apart: dict[str, Operation],
) -> None:
    """Its chain is good, but no door would have let its report in."""
    ours, theirs = apart["a"], apart["b"]
    public = theirs.ledgers.ledger("public")
    assert public is not None
    last = [*public.stored()][-1]
    with public.writing() as write:
        body = last.body.replace(b'"radio"', b'"phone"')
        write([Arrival(last.id, body, last.recorded_at, "stranger")])
    before = contents(ours)
    with pytest.raises((LedgerDamaged, InvalidReport), match="channel and key"):
        ours.merge(theirs)
    assert contents(ours) == before
