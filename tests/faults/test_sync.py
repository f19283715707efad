"""What is called accepted was synced to disk before, by what the system was really asked to do."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from faults.material import PROGRAM, begin, prepare

CALL = re.compile(r"^\d+\s+(?P<name>\w+)\(\d+<(?P<path>[^>]*)>", re.MULTILINE)
# Where a file is synced, what was written to it before is on disk.
WRITES = frozenset({"write", "pwrite64", "writev"})
SYNCS = frozenset({"fsync", "fdatasync"})


def _calls(folder: Path, *words: object) -> list[tuple[str, str]]:
    """Return what a command asked the system to write and sync, up to where it said accepted."""
    if shutil.which("strace") is None:
        pytest.skip("NOT TESTED: strace is not on PATH")
    trace = folder / "trace"
    asked = ",".join(sorted(WRITES | SYNCS))
    tool = ["strace", "-f", "-y", "-s", "16", "-e", f"trace={asked}", "-o", str(trace)]
    done = subprocess.run(
        [*tool, *PROGRAM, *map(str, words)], capture_output=True, text=True, check=False
    )
    if not trace.exists() or "ptrace" in done.stderr:
        pytest.skip("NOT TESTED: this system lets nobody trace")
    assert done.returncode == 0, done.stderr
    before, accepted, _ = trace.read_text().partition('"Accepted')
    assert accepted
    return [(call["name"], Path(call["path"]).name) for call in CALL.finditer(before)]


def _unsynced(calls: list[tuple[str, str]]) -> set[str]:
    """Return the files that were written to after their last sync."""
    last = {path: name for name, path in calls if name in WRITES | SYNCS}
    return {path for path, name in last.items() if name in WRITES}


def test_a_single_report_is_synced_before_it_is_called_accepted(tmp_path: Path) -> None:
    begin(tmp_path / "op")
    words = ("headcount", "place=camp", "quantity=5 people", "claimant=operation")
    calls = _calls(tmp_path, "record", *words, "handling=public", "-o", tmp_path / "op")
    assert ("pwrite64", "public.sqlite-wal") in calls
    assert "public.sqlite-wal" not in _unsynced(calls)
    assert "public.sqlite" not in _unsynced(calls)


def test_a_batch_is_synced_before_its_mark_and_its_mark_before_any_ledger_commits(
    tmp_path: Path,
) -> None:
    material = prepare(tmp_path / "material", 30)
    folder = shutil.copytree(material.base, tmp_path / "op")
    calls = _calls(tmp_path, "load", material.lines, "-o", folder)
    unsynced = _unsynced(calls)
    assert not {p for p in unsynced if p.endswith((".sqlite", "-wal", ".whole"))}
    assert not {path for path in unsynced if ".waiting-" in path}
    synced = [path for name, path in calls if name in SYNCS]
    (mark,) = [place for place, path in enumerate(synced) if path.endswith(".whole")]
    waiting = [place for place, path in enumerate(synced) if ".waiting-" in path]
    logs = [place for place, path in enumerate(synced) if path.endswith(".sqlite-wal")]
    assert len(waiting) == 3
    assert max(waiting) < mark < min(logs)
    # The names of the files are in their folder, which is synced too, before the mark and after it.
    folders = [place for place, path in enumerate(synced) if path == "ledger"]
    assert any(max(waiting) < place < mark for place in folders)
    assert any(mark < place < min(logs) for place in folders)


def test_a_missing_sync_would_be_seen() -> None:
    assert _unsynced([("pwrite64", "a"), ("fdatasync", "a"), ("pwrite64", "b")]) == {"b"}
    assert _unsynced([("fsync", "a"), ("write", "a")]) == {"a"}
