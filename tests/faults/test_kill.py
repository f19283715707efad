"""Killed at any moment, nothing that was accepted is lost and nothing is there by half."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from corridor.ledger import Compartments
from corridor.ledger.sqlite import GUARDS
from faults.kill import rounds
from faults.material import (
    LEVELS,
    Material,
    heads,
    keys,
    kill,
    launch,
    left_over,
    prepare,
    start,
    unsound,
)

STEPS = Path(__file__).parent / "steps.py"


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return prepare(tmp_path_factory.mktemp("material"), 900)


def test_kills_at_random_moments_lose_nothing(material: Material, tmp_path: Path) -> None:
    played = list(rounds(material, tmp_path, 3, seed=11))
    assert len(played) == 3
    assert any(one.was_running for one in played)


@pytest.mark.parametrize("doing", ["loses a report", "cuts a chain", "leaves a half batch"])
def test_the_check_after_a_kill_would_find_a_loss(
    material: Material, tmp_path: Path, doing: str
) -> None:
    folder = shutil.copytree(material.base, tmp_path / "op")
    before = heads(folder)
    with closing(sqlite3.connect(folder / "ledger" / "sealed.sqlite")) as connection:
        for guard in GUARDS:
            connection.execute(f"DROP TRIGGER {guard}")
        if doing == "loses a report":
            connection.execute("DELETE FROM entries")
        if doing == "cuts a chain":
            connection.execute("UPDATE entries SET digest = 'other'")
        connection.commit()
    if doing == "leaves a half batch":
        (folder / "ledger" / f"sealed.waiting-{'0' * 16}").touch()
        (folder / "ledger" / f"partners.waiting-{'0' * 16}").touch()
    assert unsound(folder, before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="NOT TESTED: this system cannot fork")
def test_a_batch_over_three_ledgers_enters_whole_or_not_at_all_whatever_step_is_the_last(
    tmp_path: Path,
) -> None:
    # A kill needs no disk, and memory is quicker.
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else tmp_path
    with (
        tempfile.TemporaryDirectory(dir=place) as folder,
        launch(sys.executable, STEPS, folder) as process,
    ):
        said, wrong = process.communicate(timeout=3000)
    assert process.returncode == 0, wrong
    steps, none, entered, promised, resumed = map(int, re.findall(r"\d+", said))
    assert none + entered == steps
    assert none > 30
    assert promised > 8
    assert resumed > 20


def test_a_lower_ledger_is_completed_without_the_higher_one(
    material: Material, tmp_path: Path
) -> None:
    """The sealed ledger is locked away while a killed batch waits; each level enters its own."""
    folder = _stopped_after_the_mark(material, tmp_path)
    ledgers = folder / "ledger"
    whole = {name: (ledgers / name).read_bytes() for name in ("sealed.sqlite",)}
    (ledgers / "sealed.sqlite").write_bytes(b"locked away")
    lower = Compartments(ledgers).entries("restricted")
    per_level = material.rows // 3
    assert len(lower) == 3 + 2 * per_level
    assert [n for n in left_over(folder) if n.endswith(".whole")]
    assert not [n for n in left_over(folder) if n.startswith(("public", "restricted"))]
    (ledgers / "sealed.sqlite").write_bytes(whole["sealed.sqlite"])
    assert len(keys(folder)) == 4 + material.rows
    assert left_over(folder) == []
    for path in ledgers.glob("[pr]*"):
        assert b"sealed" not in path.read_bytes()


def _stopped_after_the_mark(material: Material, tmp_path: Path) -> Path:
    """Return an operation whose import was killed once its batch was promised, before any commit."""
    folder = shutil.copytree(material.base, tmp_path / "op")
    process = launch(
        sys.executable,
        "-c",
        "import os, signal, sys\n"
        "from corridor.ledger.ledger import Writing\n"
        "Writing.commit = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.argv = ['corridor', *sys.argv[1:]]\n"
        "from corridor.cli import main\n"
        "main()\n",
        "load",
        material.lines,
        "-o",
        folder,
    )
    process.wait(300)
    assert kill(process) == ""
    assert len([n for n in left_over(folder) if n.endswith(".whole")]) == 1
    assert {n.split(".")[0] for n in left_over(folder) if ".waiting-" in n} == set(LEVELS)
    return folder


def test_a_batch_that_was_not_written_down_whole_is_dropped(
    material: Material, tmp_path: Path
) -> None:
    folder = _stopped_after_the_mark(material, tmp_path)
    (mark,) = (folder / "ledger").glob("*.whole")
    mark.unlink()
    known = heads(material.base)
    assert len(keys(folder)) == 4
    assert unsound(folder, known) == []


def test_a_waiting_file_that_was_copied_by_half_is_dropped(
    material: Material, tmp_path: Path
) -> None:
    folder = _stopped_after_the_mark(material, tmp_path)
    for path in (folder / "ledger").glob("*.waiting-*"):
        path.write_bytes(path.read_bytes()[:-100])
    assert len(keys(folder)) == 4
    assert unsound(folder, {}) == []


def test_only_its_owner_may_read_what_waits(material: Material, tmp_path: Path) -> None:
    folder = _stopped_after_the_mark(material, tmp_path)
    modes = {path.stat().st_mode & 0o777 for path in (folder / "ledger").glob("*-*")}
    assert modes == {0o600}


def test_two_starts_at_once_complete_a_batch_once(material: Material, tmp_path: Path) -> None:
    folder = _stopped_after_the_mark(material, tmp_path)
    started = [start("verify", "-o", folder) for _ in range(3)]
    for process in started:
        process.communicate(timeout=300)
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(keys(folder)) == 4 + material.rows
    assert unsound(folder, {}) == []
