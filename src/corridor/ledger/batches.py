"""A batch that goes into several ledgers: written down whole first, so that it enters all or none.

Each ledger is a file of its own and commits on its own. Between two commits the power may fail, so:

1. Beside each ledger concerned, what is to enter it is written to a file (`waiting`) and synced.
2. One more file, the mark, is synced. From here on the batch will enter, whatever happens.
3. The ledgers commit; then the waiting files and the mark are removed.

Whoever opens a ledger next and finds a waiting file enters it where the mark is there, and drops it
where it is not. A waiting file belongs to its ledger: it holds no other level's reports and names no
other level, and neither does the mark. So a lower ledger is completed without the higher ones. That
of an encrypted ledger is encrypted like it, and waits until somebody opens that ledger with its key.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import orjson

from corridor.errors import LedgerError
from corridor.ledger.appending import Arrival
from corridor.report import Handling

_MARK = "batch-{}.whole"
_WAITING = "{}.waiting-{}"
_DIGEST_LENGTH = 65
# What `Ledger.hidden` is told that these files are.
_WHAT = "waiting"
# How many times the size of a batch must be free once it is written down.
_ROOM = 4


def write_down(
    folder: Path,
    arrivals: Mapping[Handling, Sequence[Arrival]],
    hide: Callable[[Handling, str, bytes], bytes],
) -> str:
    """Write down what is to enter each ledger, then the mark; all of it is on disk on return.

    The caller holds the right to write to all of these ledgers.

    Parameters
    ----------
    hide
        `hidden` of the ledger of a handling.

    Returns
    -------
    The name of the batch.

    Raises
    ------
    LedgerError
        It cannot be written, such as on a full disk; nothing is left of it.
    """
    batch = secrets.token_hex(8)
    size = 0
    try:
        for handling, taken in arrivals.items():
            packed = hide(handling, _WHAT, _packed(taken))
            size += len(packed)
            _write(folder / _WAITING.format(handling, batch), packed)
        _refuse_when_tight(folder, size)
        # The names of the files must be on disk before the mark can be.
        sync_folder(folder)
        _write(folder / _MARK.format(batch), b"")
        sync_folder(folder)
    except OSError as error:
        withdraw(folder, batch)
        raise LedgerError(
            f"{folder}: the batch cannot be written ({error.strerror}) and nothing was recorded; "
            "see whether the disk is full, and try again"
        ) from error
    return batch


def withdraw(folder: Path, batch: str) -> None:
    """Take a batch back of which no ledger has committed anything: first the mark goes."""
    with suppress(OSError):
        (folder / _MARK.format(batch)).unlink(missing_ok=True)
        sync_folder(folder)
        for path in folder.glob(_WAITING.format("*", batch)):
            path.unlink(missing_ok=True)


def waiting(folder: Path, handling: Handling) -> tuple[Path, ...]:
    """Return the files that wait to enter a ledger, or to be dropped; remove marks left behind."""
    prefix, first, last = _WAITING.format(handling, ""), *_MARK.split("{}")
    found: list[Path] = []
    try:
        for path in folder.iterdir():
            if path.name.startswith(prefix):
                found.append(path)
            elif path.name.startswith(first) and path.name.endswith(last):
                _forget_mark(path)
    except FileNotFoundError:
        return ()
    return tuple(sorted(found))


def promised(path: Path, show: Callable[[str, bytes], bytes | None]) -> tuple[Arrival, ...]:
    """Return what a waiting file holds if its batch was written down whole, else nothing.

    The caller holds the right to write to its ledger, so that no one is still writing the file. A
    file that is not whole though the mark is there comes with a copy made while it was written.

    Parameters
    ----------
    show
        `shown` of the ledger.
    """
    batch = path.name.rpartition("-")[2]
    if not (path.parent / _MARK.format(batch)).exists():
        return ()
    try:
        packed = show(_WHAT, path.read_bytes())
    except FileNotFoundError:
        return ()
    return () if packed is None else _unpacked(packed)


def forget(path: Path) -> None:
    """Remove a waiting file, and the mark of its batch when no other file of it waits."""
    batch = path.name.rpartition("-")[2]
    path.unlink(missing_ok=True)
    _forget_mark(path.parent / _MARK.format(batch))


def finish(folder: Path, batch: str) -> None:
    """Remove what was written down of a batch that every ledger has committed."""
    # What cannot be removed now is found entered, and removed, when its ledger is next opened.
    with suppress(OSError):
        for path in folder.glob(_WAITING.format("*", batch)):
            forget(path)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk, where the system can do that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refuse_when_tight(folder: Path, size: int) -> None:
    """Raise OSError where the ledgers could hardly take the batch that was just written down.

    They need about its size for their log and again for their file; better refused as a whole now
    than held back until there is space.
    """
    if shutil.disk_usage(folder).free < _ROOM * size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _forget_mark(mark: Path) -> None:
    """Remove a mark unless a file of its batch waits; all of these were there before the mark."""
    first, last = _MARK.split("{}")
    batch = mark.name.removeprefix(first).removesuffix(last)
    if not any(mark.parent.glob(_WAITING.format("*", batch))):
        mark.unlink(missing_ok=True)


def _packed(arrivals: Sequence[Arrival]) -> bytes:
    names, bodies, times, authors = zip(*arrivals, strict=True)
    # A body may hold any bytes, so their lengths go before them.
    index = orjson.dumps([names, times, authors, [*map(len, bodies)]]) + b"\n"
    digest = hashlib.sha256(index)
    for body in bodies:
        digest.update(body)
    return b"".join((index, *bodies, digest.hexdigest().encode(), b"\n"))


def _unpacked(packed: bytes) -> tuple[Arrival, ...]:
    content, digest = packed[:-_DIGEST_LENGTH], packed[-_DIGEST_LENGTH:-1]
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return ()
    place = content.index(b"\n") + 1
    arrivals: list[Arrival] = []
    for name, recorded_at, recorded_by, length in zip(*orjson.loads(content[:place]), strict=True):
        arrivals.append(Arrival(name, content[place : place + length], recorded_at, recorded_by))
        place += length
    return tuple(arrivals)


def _write(path: Path, content: bytes) -> None:
    # Only its owner may read it, as with the ledger itself.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
