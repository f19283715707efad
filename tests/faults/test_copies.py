"""Copies of the folder taken while somebody writes: by hand, and as a power cut would leave it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from corridor.errors import LedgerError
from corridor.ledger import Compartments
from faults.material import (
    BATCH,
    PROGRAM,
    RECORDER,
    Material,
    begin,
    heads,
    keys,
    prepare,
    run,
    unsound,
)

POWER_CUTS = 25
COPIES = 60

stops = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="NOT TESTED: this system cannot halt a process"
)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return prepare(tmp_path_factory.mktemp("material"), 1500)


def _started(said: Path, *words: object) -> subprocess.Popen[bytes]:
    with said.open("wb") as out:
        return subprocess.Popen([str(word) for word in words], stdout=out, stderr=out)


def _spoil(folder: Path, chance: random.Random) -> None:
    """Do to the copy what a power cut may do besides: lose the shared memory, tear the log's end."""
    for path in (folder / "ledger").iterdir():
        if path.name.endswith("-shm"):
            path.unlink() if chance.random() < 0.5 else path.write_bytes(chance.randbytes(32768))
        elif path.name.endswith("-wal") and chance.random() < 0.5:
            with path.open("ab") as log:
                log.write(chance.randbytes(chance.randrange(1, 9000)))


@stops
def test_a_power_cut_while_reports_are_recorded_keeps_every_accepted_one(tmp_path: Path) -> None:
    """The writer is halted, so that a copy holds all files as they were at one moment."""
    chance, said = random.Random(3), tmp_path / "said"
    begin(tmp_path / "op")
    known = heads(tmp_path / "op")
    process = _started(said, sys.executable, "-c", RECORDER, tmp_path / "op", 100_000)
    cuts: list[tuple[Path, list[str]]] = []
    try:
        while b"accepted" not in said.read_bytes():
            assert process.poll() is None
        for number in range(POWER_CUTS):
            time.sleep(chance.uniform(0, 0.03))
            os.kill(process.pid, signal.SIGSTOP)
            _await_halt(process.pid)
            copy = tmp_path / f"cut-{number}"
            shutil.copytree(tmp_path / "op", copy)
            lines = said.read_text().splitlines()
            cuts.append((copy, [line[9:] for line in lines if line.startswith("accepted ")]))
            os.kill(process.pid, signal.SIGCONT)
    finally:
        process.kill()
        process.wait()
    assert any((copy / "ledger").glob("*-wal") for copy, _ in cuts)
    for copy, accepted in cuts:
        _spoil(copy, chance)
        there = [key for key in keys(copy) if key.startswith("one-")]
        assert set(accepted) <= set(there)
        assert len(there) <= len(accepted) + 1
        assert unsound(copy, known) == []
    assert len(cuts[-1][1]) > len(cuts[0][1])
    code, out, _ = run("record", "headcount", "place=camp", "quantity=1 people", "-o", cuts[-1][0])
    assert (code, out) == (1, "")
    words = ("place=camp", "quantity=1 people", "claimant=operation")
    assert run("record", "headcount", *words, "-o", cuts[-1][0])[0] == 0


@stops
def test_a_power_cut_during_an_import_leaves_all_of_it_or_nothing(
    material: Material, tmp_path: Path
) -> None:
    chance, said = random.Random(4), tmp_path / "said"
    shutil.copytree(material.base, tmp_path / "op")
    known = heads(tmp_path / "op")
    process = _started(said, *PROGRAM, "load", material.lines, "-o", tmp_path / "op")
    cuts: list[tuple[Path, bool]] = []
    try:
        # Only once it writes is there much to see.
        while process.poll() is None and not list((tmp_path / "op" / "ledger").glob("*.writer")):
            time.sleep(0.0005)
        while process.poll() is None and len(cuts) < 40:
            os.kill(process.pid, signal.SIGSTOP)
            _await_halt(process.pid)
            copy = tmp_path / f"cut-{len(cuts)}"
            shutil.copytree(tmp_path / "op", copy)
            cuts.append((copy, b"Accepted" in said.read_bytes()))
            os.kill(process.pid, signal.SIGCONT)
            time.sleep(chance.uniform(0, 0.01))
    finally:
        process.kill()
        process.wait()
    assert len(cuts) > 5
    for copy, was_accepted in cuts:
        _spoil(copy, chance)
        entered = sum(key.startswith(BATCH) for key in keys(copy))
        assert entered == material.rows or (entered == 0 and not was_accepted)
        assert unsound(copy, known) == []


def test_a_copy_taken_while_somebody_writes_is_a_prefix_or_is_found_out(tmp_path: Path) -> None:
    """File by file in any order, as a copying program does it, while the writer goes on."""
    chance, said = random.Random(5), tmp_path / "said"
    begin(tmp_path / "op")
    process = _started(said, sys.executable, "-c", RECORDER, tmp_path / "op", 100_000)
    copies: list[Path] = []
    try:
        while b"accepted" not in said.read_bytes():
            assert process.poll() is None
        for number in range(COPIES):
            time.sleep(chance.uniform(0, 0.02))
            copies.append(tmp_path / f"copy-{number}")
            _copy_by_hand(tmp_path / "op" / "ledger", copies[-1], chance)
    finally:
        process.kill()
        process.wait()
    chains: dict[str, list[str]] = {}
    for entry in Compartments(tmp_path / "op" / "ledger").stored():
        chains.setdefault(entry.handling, []).append(entry.digest)
    prefixes = [_is_prefix(copy, chains) for copy in copies]
    assert sum(prefixes) >= 0.9 * COPIES
    heads_met = {
        one.head() for copy in copies if (one := Compartments(copy).ledger("public")) is not None
    }
    assert len(heads_met) > 1


def test_the_test_of_copies_tells_a_prefix_from_another_chain(tmp_path: Path) -> None:
    ledgers = begin(tmp_path / "op").ledgers
    chains = {level: [head.digest] for level, head in ledgers.heads().items()}
    chains["public"] = [next(iter(ledgers.stored("public"))).digest, *chains["public"]]
    assert _is_prefix(ledgers.folder, chains)
    with pytest.raises(AssertionError, match="sound, but not what was written"):
        _is_prefix(ledgers.folder, chains | {"sealed": ["other"]})


def _copy_by_hand(source: Path, target: Path, chance: random.Random) -> None:
    target.mkdir()
    paths = list(source.iterdir())
    chance.shuffle(paths)
    for path in paths:
        try:
            with path.open("rb") as taken, (target / path.name).open("wb") as out:
                while portion := taken.read(4096):
                    out.write(portion)
        except FileNotFoundError:
            continue


def _is_prefix(folder: Path, chains: Mapping[str, list[str]]) -> bool:
    """Tell a prefix from a copy that is found out to be torn; anything else must not be."""
    ledgers = Compartments(folder)
    try:
        found = ledgers.verify()
        faults = [
            fault
            for level in found
            if (one := ledgers.ledger(level)) is not None
            for fault in one.integrity_check()
        ]
    except LedgerError:
        return False
    if faults or not all(one.is_sound for one in found.values()):
        return False
    for level, one in found.items():
        chain = chains.get(level, [])
        is_there = one.head.seq == 0 or chain[: one.head.seq][-1:] == [one.head.digest]
        assert is_there, f"{level}: sound, but not what was written"
    return True


def _await_halt(process: int) -> None:
    """Wait until a halted process does nothing any more, where the system tells."""
    status = Path(f"/proc/{process}/stat")
    for _ in range(2000):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] in "TZ":
            return
        time.sleep(0.0005)
