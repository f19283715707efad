"""The file of a snapshot: named sections of JSON beside the ledger that they must not outlive.

A snapshot is a cache. One that is damaged, half written, of another program or of another ledger is
passed over as if it were not there, and nothing but time is lost.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from corridor.ledger.batches import sync_folder
from corridor.ledger.verification import Head
from corridor.report import HANDLINGS, Handling

if TYPE_CHECKING:
    from corridor.ledger.compartments import Compartments

_ENDING = "-snapshot"
# What `Ledger.hidden` is told that this file is.
_WHAT = "snapshot"
# No cipher takes more at once; a larger one is not kept.
_MOST_ENCRYPTED = 2**31 - 64
_DIGITS = 64
_ABANDONED_S = 3600.0


class Snapshot:
    """A snapshot that was read; a section is taken apart when it is asked for.

    Attributes
    ----------
    heads
        The ledgers it was made of, each with the head that was reached.
    """

    def __init__(self, heads: Mapping[Handling, Head], sections: Mapping[str, memoryview]) -> None:
        self.heads = heads
        self._sections = sections

    def __getitem__(self, name: str) -> Any:
        """Return a section; each time anew."""
        return orjson.loads(self._sections[name])


def find(ledgers: Compartments, clearance: Handling) -> Snapshot | None:
    """Return the snapshot that spares most reading for a clearance; None where there is none.

    It belongs to the highest ledger that is in it, and lies beside that.
    """
    for handling in reversed(ledgers.handlings(clearance)):
        snapshot = _read(ledgers, handling)
        if snapshot is not None and _is_of(ledgers, snapshot):
            return snapshot
    return None


def write(
    ledgers: Compartments, heads: Mapping[Handling, Head], sections: Mapping[str, Any]
) -> None:
    """Write a snapshot whole or not at all; where it cannot be written, it is left out.

    Only its owner may read it, as with the ledger, and it is encrypted where the ledger is that it
    belongs to. Where that one is not and another in it is, there is none.
    """
    ledger = ledgers.keeper(heads)
    if ledger is None:
        return
    path = path_of(ledgers, ledger.handling)
    bodies = {name: orjson.dumps(section) for name, section in sections.items()}
    told = orjson.dumps(
        {
            "program": _program(),
            "heads": {handling: [head.seq, head.digest] for handling, head in heads.items()},
            "sections": [[name, len(body)] for name, body in bodies.items()],
        }
    )
    parts = [told, b"\n", *bodies.values()]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    parts.insert(0, digest.hexdigest().encode())
    if ledger.is_encrypted:
        if sum(map(len, parts)) > _MOST_ENCRYPTED:
            return
        parts = [ledger.hidden(_WHAT, b"".join(parts))]
    with suppress(OSError):
        _sweep(path)
        handle, name = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.writelines(parts)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(path)
            sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)


def path_of(ledgers: Compartments, handling: Handling) -> Path:
    """Return where the snapshot lies that holds nothing above a handling.

    Whoever removes the files of that ledger by their beginning removes it as well.
    """
    return ledgers.folder / f"{handling}.sqlite{_ENDING}"


def forget_orphans(ledgers: Compartments) -> None:
    """Remove snapshots whose ledger is gone: what was destroyed must not be read from them."""
    there = set(ledgers.handlings())
    for handling in HANDLINGS:
        if handling not in there:
            path = path_of(ledgers, handling)
            for left in path.parent.glob(f"{path.name}*"):
                with suppress(OSError):
                    left.unlink()


def _read(ledgers: Compartments, handling: Handling) -> Snapshot | None:
    try:
        stored = path_of(ledgers, handling).read_bytes()
    except OSError:
        return None
    ledger = ledgers.ledger(handling)
    whole = None if ledger is None else ledger.shown(_WHAT, stored)
    if whole is None:
        return None
    # Sections are cut out of it without being copied.
    rest = memoryview(whole)[_DIGITS:]
    if hashlib.sha256(rest).hexdigest().encode() != whole[:_DIGITS]:
        return None
    start = whole.index(b"\n", _DIGITS) + 1
    told = orjson.loads(whole[_DIGITS:start])
    if told["program"] != _program():
        return None
    sections: dict[str, memoryview] = {}
    for name, length in told["sections"]:
        sections[name] = memoryview(whole)[start : start + length]
        start += length
    return Snapshot({handling: Head(*head) for handling, head in told["heads"].items()}, sections)


def _is_of(ledgers: Compartments, snapshot: Snapshot) -> bool:
    """Tell whether the ledgers still hold the heads that a snapshot was made at."""
    for handling, head in snapshot.heads.items():
        ledger = ledgers.ledger(handling)
        if ledger is None:
            return False
        stored = next(ledger.stored(head.seq - 1, head.seq), None)
        if stored is None or stored.digest != head.digest:
            return False
    return True


@cache
def _program() -> str:
    """Return what this program is: what another one kept is not read, however alike they are."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(Path(__file__).parent.parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sweep(path: Path) -> None:
    """Remove what programs left behind that were stopped while they wrote this snapshot."""
    for left in path.parent.glob(f"{path.name}-*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_S:
            left.unlink()
