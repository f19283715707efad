"""Making a ledger's file, and refusing what is not a ledger that can be used."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, insert, select

from corridor.errors import LedgerError
from corridor.ledger import sqlite
from corridor.ledger.batches import sync_folder
from corridor.ledger.chain import FORMAT, genesis
from corridor.ledger.schema import meta
from corridor.report import Handling

_ABANDONED_S = 3600.0
# Format 1 is a plain ledger, 2 an encrypted one.
_NEWEST = 2


def create(path: Path, handling: Handling, lock: Mapping[str, str]) -> None:
    """Make an empty ledger, unless somebody else made one there in the meantime.

    The file is built under another name and then given its own, so that a ledger is there whole or
    not at all, whenever the program is stopped. Only its owner may read it.

    Parameters
    ----------
    lock
        What an encrypted ledger says of itself beside; empty for one that is not.
    """
    _sweep(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        engine = sqlite.engine(draft, sqlite.BUSY_S)
        with engine.execution_options(**sqlite.IMMEDIATE).begin() as connection:
            sqlite.create_tables(connection)
            says = _says(handling) | dict(lock)
            rows = [{"name": key, "value": value} for key, value in says.items()]
            connection.execute(insert(meta), rows)
        sqlite.use_write_ahead_log(draft)
        _give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def refuse_place(path: Path) -> None:
    """Raise LedgerError unless a file at this path could be written, and others beside it."""
    try:
        if path.is_dir():
            raise LedgerError(f"{path}: this is a folder; the file of a ledger is needed")
        if not path.parent.is_dir():
            raise LedgerError(f"{path}: the folder {path.parent} is not there")
        places = [place for place in (path.parent, path) if place.exists()]
    except PermissionError:
        # A folder on the way may not be entered.
        places = [path.parent]
    effective = os.access in os.supports_effective_ids
    for place in places:
        if not os.access(place, os.R_OK | os.W_OK, effective_ids=effective):
            raise LedgerError(
                f"{path}: {place} cannot be written, and a ledger needs that even to be read; "
                "copy it to a folder that can be written, or ask for the right to write there"
            )


def refuse_other(connection: Connection, path: Path, handling: Handling) -> Mapping[str, str]:
    """Raise LedgerError unless the file is a ledger of a known format and this handling.

    Returns
    -------
    What it says of itself: ``key`` and ``lock`` are in it where it is encrypted.
    """
    if not sqlite.has_tables(connection):
        raise LedgerError(
            f"{path}: this file is not a Corridor ledger; name another file, or put back a copy"
        )
    says = dict(connection.execute(select(meta.c.name, meta.c.value)).all())
    # A damaged file may hold anything here, also what is no text.
    found = str(says.get("format", ""))
    if found.isdecimal() and int(found) > _NEWEST:
        raise LedgerError(
            f"{path}: a newer Corridor wrote this ledger (its format is {found}, this program "
            f"reads {_NEWEST}); update Corridor"
        )
    is_encrypted = {"key", "lock"} <= says.keys() and found == str(_NEWEST)
    for name, value in (_says(handling) | ({"format": found} if is_encrypted else {})).items():
        if says.get(name) != value:
            raise LedgerError(
                f"{path}: the {name} of this ledger is '{says.get(name, '')}'; '{value}' is needed"
            )
    return says


def _says(handling: Handling) -> dict[str, str]:
    """Return what a ledger says of itself."""
    return {"format": str(FORMAT), "handling": handling, "genesis": genesis(handling)}


def _give_name(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:
        # Some file systems, such as that of most memory sticks, give a file one name only.
        if not path.exists():
            draft.rename(path)
    sync_folder(path.parent)


def _sweep(path: Path) -> None:
    """Remove what programs left behind that were killed long ago while they made this ledger."""
    for left in path.parent.glob(f".{path.name}.*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                left.unlink()
