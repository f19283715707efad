"""What `corridor doctor` looks at."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from corridor.ledger.sqlite import sqlite_version
from corridor.operation import Operation

_LEAST_FREE_MB = 200


def examine(folder: Path) -> Iterator[tuple[str, bool, str]]:
    """Yield (what, whether it is well, what was found) for everything that could keep Corridor from working."""
    yield "python", sys.version_info >= (3, 11), sys.version.split()[0]
    yield "sqlite", True, sqlite_version()
    for package in ("sqlalchemy", "highspy", "numpy", "orjson", "python-calamine", "jinja2"):
        yield package, True, metadata.version(package)
    operation = Operation(folder)
    yield "operation", True, str(operation.identity)
    free_mb = shutil.disk_usage(folder).free // 1024 // 1024
    yield "disk", free_mb >= _LEAST_FREE_MB, f"{free_mb} MB free"
    for handling in operation.ledgers.handlings():
        ledger = operation.ledgers.file(handling)
        if ledger is None:
            continue
        faults = ledger.integrity_check()
        text = (
            "; ".join(str(fault) for fault in faults)
            or f"{ledger.count()} entries, database file is whole"
        )
        yield f"{handling} ledger", not faults, text
