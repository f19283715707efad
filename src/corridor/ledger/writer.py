"""Who is writing to a ledger: a note beside it, for those who wait."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson

_NOTE = ".writer"


@contextmanager
def note(path: Path, role: str) -> Iterator[None]:
    """Leave a note beside a ledger's file while its caller holds the right to write there.

    It is a courtesy and no lock: that it cannot be written, or outlives a killed program, hinders
    nobody.
    """
    place = path.with_suffix(_NOTE)
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    with suppress(OSError):
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(orjson.dumps({"role": role, "since": since, "process": os.getpid()}))
    try:
        yield
    finally:
        with suppress(OSError):
            place.unlink(missing_ok=True)


def who(path: Path) -> str:
    """Say who is writing to a ledger, as " ('asker', since ..., process 7)"; empty if not known."""
    try:
        said = orjson.loads(path.with_suffix(_NOTE).read_bytes())
        role, since, process = str(said["role"]), str(said["since"]), int(said["process"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    if not _is_running(process):
        return ""
    whose = f"'{role}', " if role else ""
    return f" ({whose}since {since}, process {process})"


def _is_running(process: int) -> bool:
    # Elsewhere than on POSIX, signal 0 is not harmless.
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
