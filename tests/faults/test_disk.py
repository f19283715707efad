"""A disk that is full or cannot be written, a second writer, a clock set back."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corridor.errors import LedgerError
from corridor.intake import Row
from corridor.ledger import Compartments
from corridor.ledger.sqlite import BUSY_S
from faults.material import (
    PROGRAM,
    Material,
    begin,
    heads,
    keys,
    kill,
    prepare,
    run,
    unsound,
)

Mount = Callable[[str], Path]
HOLDER = """
import sys
from pathlib import Path
from corridor.ledger import Ledger

with Ledger.open(Path(sys.argv[1]), "public").writing("night shift"):
    print("holding", flush=True)
    sys.stdin.read()
"""
# No Corridor, so that it leaves no note.
STRANGER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print("holding", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return prepare(tmp_path_factory.mktemp("material"), 3000)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Mount]:
    """Yield what mounts a small disk, or skips where that is not allowed."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        if os.name != "posix" or shutil.which("mount") is None or os.geteuid() != 0:
            pytest.skip("NOT TESTED: a small disk can be mounted by root only")
        if subprocess.run(words, capture_output=True, check=False).returncode != 0:
            pytest.skip("NOT TESTED: this system does not let even root mount a small disk")
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("size_kb", [300, 1100, 1900, 2700, 3500])
def test_a_full_disk_loses_nothing_and_leaves_no_half_batch(
    material: Material, disk: Mount, size_kb: int
) -> None:
    """Whatever runs out, the ledgers, their logs or what waits beside them, all or nothing enters."""
    place = disk(f"size={size_kb}k")
    folder = shutil.copytree(material.base, place / "op")
    before, known = keys(folder), heads(folder)
    code, said, wrong = run("load", material.lines, "-o", folder)
    if code == 0:
        assert said.startswith("Accepted 3000")
    else:
        assert "Traceback" not in wrong
        assert "disk" in wrong
    subprocess.run(["mount", "-o", "remount,size=40m", str(place)], check=True)
    there = keys(folder)
    assert set(before) <= set(there)
    is_entered = code == 0 or "enters them by itself" in wrong
    assert len(there) == len(before) + is_entered * material.rows
    assert unsound(folder, known) == []
    assert run("load", material.lines, "-o", folder)[0] == 0
    assert len(keys(folder)) == len(before) + material.rows


def test_a_disk_that_fills_while_single_reports_are_recorded_keeps_all_that_were_accepted(
    disk: Mount,
) -> None:
    place = disk("size=400k")
    operation = begin(place / "op")
    accepted: list[str] = []
    told = ""
    for number in range(0, 2000, 10):
        names = [f"one-{number + more}" for more in range(10)]
        try:
            operation.record([_counted(name) for name in names])
        except LedgerError as refused:
            told = str(refused)
            break
        accepted.extend(names)
    assert "disk is full" in told or "the disk reports an error" in told
    assert len(accepted) > 20
    subprocess.run(["mount", "-o", "remount,size=40m", str(place)], check=True)
    assert [key for key in keys(place / "op") if key.startswith("one-")] == accepted
    assert unsound(place / "op", {}) == []


def _counted(key: str) -> Row:
    raw = {"kind": "headcount", "place": "camp", "quantity": "5 people", "claimant": "operation"}
    return Row("", raw | {"key": key, "handling": "public"})


@pytest.mark.parametrize("most_kb", [100, 200, 400, 600])
def test_a_quota_that_is_reached_leaves_no_half_batch(
    material: Material, tmp_path: Path, most_kb: int
) -> None:
    folder = shutil.copytree(material.base, tmp_path / "op")
    known = heads(folder)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_kb * 1024, most_kb * 1024))

    done = subprocess.run(
        [*PROGRAM, "load", str(material.lines), "-o", str(folder)],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "disk" in done.stderr
    is_entered = "enters them by itself" in done.stderr
    assert len(keys(folder)) == 4 + is_entered * material.rows
    assert unsound(folder, known) == []


def test_a_disk_mounted_read_only_is_refused_with_what_to_do(disk: Mount) -> None:
    place = disk("size=4m")
    begin(place / "op")
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    code, _, wrong = run(
        "record", "headcount", "place=camp", "quantity=1 people", "-o", place / "op"
    )
    assert code == 1
    assert "cannot be written" in wrong
    assert "copy it to a folder that can be written" in wrong
    subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
    assert len(keys(place / "op")) == 4


def test_a_second_writer_waits_and_is_told_who_since_when_and_what_to_do(tmp_path: Path) -> None:
    assert BUSY_S == 5
    operation = begin(tmp_path / "op")
    operation.ledgers = Compartments(operation.ledgers.folder, timeout_s=0.5)
    raw = {"kind": "headcount", "place": "camp", "quantity": "5 people", "claimant": "operation"}
    holder = _holding(HOLDER, tmp_path / "op" / "ledger" / "public.sqlite")
    try:
        with pytest.raises(LedgerError, match="another program") as refused:
            operation.record([Row("", raw | {"handling": "public"})])
    finally:
        holder.communicate("")
    said = str(refused.value)
    assert f"('night shift', since {datetime.now(UTC):%Y-%m-%d}" in said
    assert f"process {holder.pid})" in said
    assert "for 0.5 s and nothing was recorded; wait until it has finished, or close it" in said
    assert operation.record([Row("", raw | {"handling": "public"})]).accepted == 1
    assert not list((tmp_path / "op" / "ledger").glob("*.writer"))


def test_the_note_of_a_killed_writer_accuses_nobody(tmp_path: Path) -> None:
    begin(tmp_path / "op")
    path = tmp_path / "op" / "ledger" / "public.sqlite"
    kill(_holding(HOLDER, path))
    assert path.with_suffix(".writer").exists()
    ledger = Compartments(path.parent, timeout_s=0.05).ledger("public")
    assert ledger is not None
    other = _holding(STRANGER, path)
    try:
        with (
            pytest.raises(LedgerError, match="another program has been writing"),
            ledger.writing(),
        ):
            pass
    finally:
        other.communicate("")


def _holding(program: str, path: Path) -> subprocess.Popen[str]:
    """Start a program that holds the right to write until it is told to end."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    return process


def test_the_note_on_a_higher_ledger_is_beside_that_one_only(tmp_path: Path) -> None:
    operation = begin(tmp_path / "op")
    sealed = operation.ledgers.ledger("sealed")
    assert sealed is not None
    with sealed.writing("sealed desk"):
        notes = list((tmp_path / "op" / "ledger").glob("*.writer"))
        assert [path.name for path in notes] == ["sealed.writer"]
        assert notes[0].stat().st_mode & 0o777 == 0o600


def test_a_clock_set_back_is_recorded_and_remarked_on_and_is_no_fault(tmp_path: Path) -> None:
    operation = begin(tmp_path / "op")
    raw = {"kind": "headcount", "place": "camp", "quantity": "5 people", "claimant": "operation"}
    now = operation.clock()
    operation.clock = lambda: now - timedelta(days=400)
    assert operation.record([Row("", raw | {"handling": "public"})]).accepted == 1
    operation.clock = lambda: now
    assert operation.record([Row("", raw | {"handling": "public", "key": "2"})]).accepted == 1
    found = operation.verify()["public"]
    assert found.is_sound
    (remark,) = found.remarks
    assert remark.where == "public ledger, entry 3"
    assert "clock was set back" in remark.text
    assert operation.verify()["sealed"].remarks == ()
    assert run("verify", "-o", tmp_path / "op")[0] == 0
