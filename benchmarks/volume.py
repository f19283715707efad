"""How fast many reports are loaded, decoded and verified, and what they take in memory, beside the limits.

.venv/bin/python benchmarks/volume.py [--million]
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from generate import begun, write_lines

from corridor.operation import Operation
from corridor.wire import decode


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--million", action="store_true", help="1,000,000 reports as well")
    for count in (100_000, 1_000_000) if options.parse_args().million else (100_000,):
        folder = Path(tempfile.mkdtemp(prefix="corridor-volume-"))
        try:
            measure(folder, count)
        finally:
            shutil.rmtree(folder)


def measure(folder: Path, count: int) -> None:
    lines = folder / "reports.jsonl"
    write_lines(lines, count)
    operation = begun(folder / "operation", "Volume")
    print(f"{count:,} claims, {lines.stat().st_size / count:.0f} bytes a line")

    spent, done = timed(lambda: operation.load(lines))
    total = len(done.reports)
    show("load: door, canonical bytes, ledgers, fsync", total, spent)
    del done
    entries = list(operation.ledgers.stored())
    bodies = [entry.body for entry in entries]
    # One table stands for all four ledgers, so its rows are numbered anew.
    rows = [(number, *entry[2:]) for number, entry in enumerate(entries)]
    del entries
    spent, _ = timed(lambda: bare_insert(folder / "bare.sqlite", rows))
    show("  limit: bare executemany of the same rows, fsync", total, spent)
    gc.collect()

    spent, _ = timed(lambda: each(decode, bodies))
    show("decode, one core", total, spent)
    spent, _ = timed(lambda: each(orjson.loads, bodies))
    show("  limit: bare orjson.loads of the same bytes", total, spent)

    spent, found = timed(operation.verify)
    assert all(one.is_sound for one in found.values())
    show("verify: chain, ids, bodies", total, spent)
    spent, _ = timed(lambda: each(hashlib.sha256, bodies))
    show("  limit: bare SHA-256 of the same bytes, once", total, spent)
    bodies.clear()

    dumped = folder / "dump.jsonl"
    with dumped.open("wb") as out:
        spent, _ = timed(lambda: operation.dump(out.write, clearance="sealed"))
    show("dump", total, spent)
    copy = begun(folder / "copy", "Copy")
    spent, taken = timed(lambda: copy.load(dumped))
    assert taken.accepted == total
    show("load of the dump", total, spent)

    if count <= 100_000:
        gc.collect()
        tracemalloc.start()
        entries = Operation(folder / "operation").entries("sealed")
        gc.collect()
        print(
            f"{'memory of a loaded operation':52}{tracemalloc.get_traced_memory()[0] / total:9,.0f} B a report"
        )
        tracemalloc.stop()
        assert len(entries) == total
    else:
        before = resident()
        spent, entries = timed(lambda: Operation(folder / "operation").entries("sealed"))
        show("read of a whole ledger", total, spent)
        print(
            f"{'memory of a loaded operation (resident)':52}{(resident() - before) / total:9,.0f} B a report"
        )
        assert len(entries) == total


def bare_insert(path: Path, rows: list[tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute(
            "CREATE TABLE entries (seq INTEGER PRIMARY KEY, id TEXT, recorded_at TEXT, "
            "recorded_by TEXT, body_digest TEXT, body BLOB, digest TEXT, UNIQUE (id, body_digest))"
        )
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("COMMIT")


def each(work: Callable[[bytes], object], bodies: list[bytes]) -> None:
    for body in bodies:
        work(body)


def timed(work: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Return seconds by the clock and of computing, helpers' included, with what was made."""
    start, before = time.perf_counter(), sum(os.times()[:4])
    made = work()
    return (time.perf_counter() - start, sum(os.times()[:4]) - before), made


def show(what: str, count: int, spent: tuple[float, float]) -> None:
    clock, computing = spent
    print(f"{what:52}{clock:8.2f} s{computing:8.2f} s CPU{count / clock:12,.0f} a second")


def resident() -> int:
    """Bytes of memory this process holds now; 0 where the system does not say."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 if status.exists() else 0


if __name__ == "__main__":
    main()
