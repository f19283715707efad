"""Two who write at once, and one who is stopped in the middle."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from corridor.errors import LedgerError
from corridor.ledger import Appended, Compartments, Ledger, NewEntry
from corridor.report import Report

New = Callable[..., NewEntry]

IMPORT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from corridor.ledger import Ledger, NewEntry

ledger = Ledger.open(Path(sys.argv[1]), "public")
bodies = [NewEntry(str(n), b"%020000d" % n) for n in range(8_000)]
print("ready", flush=True)
ledger.append(bodies, "importer", datetime(2023, 9, 27, tzinfo=UTC))
print("done", flush=True)
"""


def test_a_second_writer_waits_and_then_is_told(
    ledger: Ledger, new: New, tuesday: datetime
) -> None:
    second = Ledger.open(ledger.path, "public", timeout_s=0.05)
    start = time.monotonic()
    with ledger.writing():
        with pytest.raises(LedgerError, match=r"another program .* for 0\.05 s and nothing was"):
            second.append([new("1")], "asker", tuesday)
        assert time.monotonic() - start < 2
        assert second.count() == 0
    assert second.append([new("1")], "asker", tuesday) == Appended(1, 0)


def test_writers_in_turn_make_one_chain(ledger: Ledger, new: New, tuesday: datetime) -> None:
    done: list[str] = []

    def write(name: str) -> None:
        own = Ledger.open(ledger.path, "public", timeout_s=20)
        for number in range(8):
            own.append([new(f"{name}{number}"), new(f"same {number}")], name, tuesday)
        done.append(name)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["a", "b", "c", "d"]
    found = ledger.verify()
    assert found.is_sound
    assert found.entries == 4 * 8 + 8


def test_nothing_is_recorded_anywhere_while_one_ledger_is_busy(
    tmp_path: Path, say: Callable[..., Report[Any]], tuesday: datetime
) -> None:
    ours = Compartments(tmp_path, timeout_s=0.05)
    ours.record([say("1"), say("2", handling="sealed")], "asker", tuesday)
    sealed = ours.ledger("sealed")
    assert sealed is not None
    with sealed.writing(), pytest.raises(LedgerError, match="another program"):
        ours.record([say("3"), say("4", handling="sealed")], "asker", tuesday)
    assert len(ours.entries("sealed")) == 2


def test_a_program_killed_while_it_records_leaves_all_or_nothing(
    ledger: Ledger, new: New, tuesday: datetime
) -> None:
    ledger.append([new("1"), new("2")], "asker", tuesday)
    head = ledger.head()
    log = ledger.path.with_name("public.sqlite-wal")
    with subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(ledger.path)], stdout=subprocess.PIPE, text=True
    ) as importer:
        assert importer.stdout is not None
        assert importer.stdout.readline() == "ready\n"
        # It has begun to write when the log beside the ledger has grown.
        deadline = time.monotonic() + 15
        while not (log.exists() and log.stat().st_size > 1_000_000):
            assert time.monotonic() < deadline
        importer.kill()
        assert importer.stdout.read() == ""
    found = Ledger.open(ledger.path, "public").verify(head.digest)
    assert found.is_sound
    assert found.head == head
    assert ledger.append([new("3")], "asker", tuesday) == Appended(1, 0)
    assert ledger.integrity_check() == ()
