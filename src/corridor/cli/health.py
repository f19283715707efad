"""What `corridor doctor` looks at."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib import metadata

from corridor.ledger import Ledger
from corridor.ledger.passphrases import ENCRYPTED
from corridor.ledger.sqlite import sqlite_version
from corridor.operation import Operation
from corridor.report import Handling

_LEAST_FREE_MB = 200


def examine(operation: Operation, clearance: Handling) -> Iterator[tuple[str, bool, str]]:
    """Yield (what, whether it is well, what was found) for everything that could keep Corridor from working."""
    yield "python", sys.version_info >= (3, 11), sys.version.split()[0]
    yield "sqlite", True, sqlite_version()
    for package in ("sqlalchemy", "highspy", "numpy", "orjson", "python-calamine", "jinja2"):
        yield package, True, metadata.version(package)
    yield "operation", True, str(operation.identity)
    free_mb = shutil.disk_usage(operation.folder).free // 1024 // 1024
    yield "disk", free_mb >= _LEAST_FREE_MB, f"{free_mb} MB free"
    for handling in operation.ledgers.handlings(clearance):
        ledger = operation.ledgers.file(handling)
        if ledger is None:
            continue
        faults = ledger.integrity_check()
        text = (
            "; ".join(str(fault) for fault in faults)
            or f"entries: {ledger.count()}, database file is whole{_warning(ledger)}"
        )
        yield f"{handling} ledger", not faults, text


def _warning(ledger: Ledger) -> str:
    if ledger.handling not in ENCRYPTED or ledger.is_encrypted:
        return ""
    return f"; NOT encrypted: `corridor passphrase {ledger.handling}` does that"
