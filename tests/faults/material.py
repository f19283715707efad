"""What the fault tests work with: an operation in a folder, a table of many rows, real processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corridor.intake import Row
from corridor.operation import Operation
from corridor.report import Handling
from stories import PASSPHRASE

PROGRAM = (sys.executable, "-m", "corridor.cli")
LEVELS = ("public", "restricted", "sealed")
BATCH = "batch"
NOW = datetime(2030, 5, 1, tzinfo=UTC)

# Says "accepted KEY" only after the report was recorded, as the command line does.
RECORDER = """
import sys
from pathlib import Path
from corridor.intake import Row
from corridor.operation import Operation

operation = Operation(Path(sys.argv[1]))
print("started", flush=True)
for number in range(int(sys.argv[2])):
    raw = {
        "kind": "headcount", "place": "camp", "quantity": "5 people", "claimant": "operation",
        "key": f"one-{number}", "channel": "loop", "handling": ("public", "sealed")[number % 2],
    }
    operation.record([Row("", raw)], clearance="sealed")
    print(f"accepted one-{number}", flush=True)
"""


@dataclass(frozen=True, slots=True)
class Material:
    """An operation with a few reports, and a batch over several handling levels in three forms."""

    base: Path
    table: Path
    lines: Path
    dump: Path
    rows: int


def prepare(folder: Path, rows: int) -> Material:
    """Make the operation and the batch."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Material(
        folder / "base", folder / "rows.csv", folder / "rows.jsonl", folder / "all.dump", rows
    )
    begin(made.base)
    header = ("place", "quantity", "claimant", "observed", "handling", "key")
    with made.table.open("w") as table, made.lines.open("w") as lines:
        table.write(",".join(header) + "\n")
        for number in range(rows):
            values = (
                "camp",
                f"{number % 900 + 1} people",
                "operation",
                f"2029-09-{number % 28 + 1:02d}",
                LEVELS[number % 3],
                f"{BATCH}-{number}",
            )
            table.write(",".join(values) + "\n")
            raw = dict(zip(header, values, strict=True))
            lines.write(json.dumps({"kind": "headcount", "channel": "lines"} | raw) + "\n")
    full = folder / "full"
    shutil.copytree(made.base, full)
    operation = Operation(full)
    operation.load(made.lines)
    with made.dump.open("wb") as out:
        operation.dump(out.write, clearance="sealed")
    shutil.rmtree(full)
    return made


def begin(folder: Path) -> Operation:
    """Make an operation with a place and a report on every level."""
    Operation.init(folder, "Faults")
    # Processes of their own find it here.
    with (folder / "corridor.toml").open("a") as marker:
        marker.write(f'demo_passphrase = "{PASSPHRASE}"\n')
    operation = Operation(folder, clock=lambda: NOW)
    said = [
        {"kind": "place", "place": "camp", "type": "camp", "handling": "public", "key": "camp"},
        *(
            {
                "kind": "headcount",
                "place": "camp",
                "quantity": "7 people",
                "handling": level,
                "key": f"first-{level}",
            }
            for level in LEVELS
        ),
    ]
    rows = [Row("", {"claimant": "operation", "channel": "start"} | raw) for raw in said]
    operation.record(rows, clearance="sealed")
    return operation


def start(*words: object) -> subprocess.Popen[str]:
    """Start a process of the command line."""
    return launch(*PROGRAM, *words)


def launch(*words: object) -> subprocess.Popen[str]:
    """Start any process."""
    return subprocess.Popen(
        [str(word) for word in words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )


def run(*words: object) -> tuple[int, str, str]:
    """Run a command to its end."""
    with start(*words) as process:
        out, err = process.communicate(timeout=600)
    return process.returncode, out, err


def kill(process: subprocess.Popen[str]) -> str:
    """Kill a process as a power cut would, and return all it had said; nothing where it had ended."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    out, _ = process.communicate(timeout=120)
    return out


def keys(folder: Path) -> list[str]:
    """Return the keys of all reports that are stored, as a new start finds them."""
    stored = Operation(folder).ledgers.stored("sealed")
    return [json.loads(entry.body)["key"] for entry in stored]


def heads(folder: Path) -> Mapping[Handling, str]:
    """Return the heads of all ledgers."""
    return {level: head.digest for level, head in Operation(folder).ledgers.heads().items()}


def unsound(folder: Path, known: Mapping[Handling, str]) -> list[str]:
    """Return everything wrong with the ledgers: chains, earlier heads, files, left-overs."""
    ledgers = Operation(folder).ledgers
    wrong: list[str] = []
    for level, found in ledgers.verify(known).items():
        wrong.extend(str(problem) for problem in found.problems)
        ledger = ledgers.ledger(level)
        assert ledger is not None
        wrong.extend(str(fault) for fault in ledger.integrity_check())
    return wrong + [f"{name} was left" for name in left_over(folder)]


def left_over(folder: Path) -> list[str]:
    """Return what a batch left beside the ledgers."""
    names = [path.name for path in (folder / "ledger").iterdir()]
    return [name for name in names if ".waiting-" in name or name.endswith(".whole")]
