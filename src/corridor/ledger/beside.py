"""Files beside a ledger that hold nothing above its handling, and that it must not outlive.

They are caches: one that cannot be read or written is passed over, and nothing but time is lost. Beside an
encrypted ledger they are encrypted.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.ledger.batches import sync_folder
from corridor.report import HANDLINGS, Handling

if TYPE_CHECKING:
    from corridor.ledger.compartments import Compartments
    from corridor.ledger.ledger import Ledger

_DIGITS = 64
_OF_SQLITE = ("-wal", "-shm", "-journal")


def read_beside(ledgers: Compartments, clearance: Handling, name: str) -> bytes:
    """Return what was written last for a clearance; nothing where there is none or it is damaged."""
    ledger = ledgers.keeper(ledgers.handlings(clearance))
    if ledger is None:
        return b""
    try:
        whole = ledger.shown(name, _path(ledger, name).read_bytes())
    except OSError:
        return b""
    if whole is None:
        return b""
    digest, content = whole[:_DIGITS], whole[_DIGITS:]
    return content if hashlib.sha256(content).hexdigest().encode() == digest else b""


def write_beside(ledgers: Compartments, clearance: Handling, name: str, content: bytes) -> None:
    """Write a file whole or not at all; where it cannot be written, it is left out.

    It lies beside the highest ledger that the clearance reads, and only its owner may read it. Its name
    begins like the ledger's, so that removing `LEVEL.sqlite*` removes both.
    """
    ledger = ledgers.keeper(ledgers.handlings(clearance))
    if ledger is None:
        return
    path, digest = _path(ledger, name), hashlib.sha256(content).hexdigest().encode()
    whole = ledger.hidden(name, digest + content)
    with suppress(OSError):
        handle, draft_name = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
        draft = Path(draft_name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(whole)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(path)
            sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)


def forget_beside(ledgers: Compartments, name: str) -> None:
    """Remove such files whose ledger is gone: what was destroyed must not be read from them."""
    for handling in set(HANDLINGS) - set(ledgers.handlings()):
        for left in ledgers.folder.glob(f"{handling}.sqlite-{name}*"):
            with suppress(OSError):
                left.unlink()


def forget_from(folder: Path, handling: Handling) -> None:
    """Remove all caches in which reports of a handling can be, of whatever name."""
    for level in HANDLINGS[HANDLINGS.index(handling) :]:
        for left in folder.glob(f"{level}.sqlite-*"):
            if not left.name.endswith(_OF_SQLITE):
                with suppress(OSError):
                    left.unlink()


def _path(ledger: Ledger, name: str) -> Path:
    return ledger.path.with_name(f"{ledger.path.name}-{name}")
