"""Verifying whole ledgers in stretches, on all cores; whoever looks through one reads it from the file.

A look through a stretch tells only that all is well. Where it does not, the ledger is checked again
from its first entry to its last, which names what is wrong. So nothing may pass the look that would
not pass that check.

It needs nothing but the driver, so that a helper is of use as soon as it was started. No helper ever
has a key: the rows of an encrypted ledger are read here, and handed over as what they hold.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor.errors import LedgerDamaged, Problem
from corridor.ledger.chain import genesis
from corridor.ledger.verification import (
    Head,
    StoredEntry,
    Verification,
    are_sound,
    checked,
    missing_head,
    set_back,
)
from corridor.portions import in_portions
from corridor.report import Handling

if TYPE_CHECKING:
    from corridor.ledger.ledger import Ledger

# The entry before the stretch comes with it, to be followed from.
_ROWS = (
    "SELECT seq, id, recorded_at, recorded_by, body_digest, body, digest FROM entries "
    "WHERE seq >= ? AND seq <= ? ORDER BY seq"
)
# So many entries are one stretch; to look through it takes some hundredths of a second.
_LENGTH = 3000
# To look through these takes one core about as long as a helper takes to be of use.
_ALONE = 4
# When checking closely, so often is told how far it is.
_TOLD_EVERY = 1000


class Stretch(NamedTuple):
    """A part of a ledger.

    Attributes
    ----------
    path
        File of the ledger.
    handling
        Handling of the ledger.
    after, up_to
        Number of the entry before it, 0 where it begins the ledger, and of its last entry.
    head
        A digest to look for, or "".
    rows
        Of an encrypted ledger, the decrypted rows with the one before; None to be read from the file.
    """

    path: str
    handling: Handling
    after: int
    up_to: int
    head: str
    rows: list[tuple[Any, ...]] | None = None


class Seen(NamedTuple):
    """What a look through a sound stretch saw.

    Attributes
    ----------
    before, digest
        Digest of the entry that it follows from, and of its last.
    has_head
        Whether the digest looked for is that of one of its entries.
    remarks
        As in `Verification`.
    """

    before: str
    digest: str
    has_head: bool
    remarks: tuple[Problem, ...]


def verified(
    ledgers: Sequence[Ledger],
    heads: Mapping[Handling, str],
    progress: Callable[[int], object] | None = None,
) -> Iterator[Verification]:
    """Yield what checking each of some ledgers found; see `Ledger.verify`.

    1. The stretches of all ledgers are looked through, on all cores.
    2. A ledger of which each stretch is sound and follows from the one before is sound.
    3. Any other is checked entry by entry. So is what can be seen of one that is locked.
    """
    parts = [_stretches(one, heads.get(one.handling, "")) for one in ledgers]
    every = chain.from_iterable(
        map(partial(_decrypted, one), stretches) if one.is_encrypted else stretches
        for one, stretches in zip(ledgers, parts, strict=True)
    )
    looks = in_portions(look, every, alone=_ALONE)
    for ledger, stretches in zip(ledgers, parts, strict=True):
        if ledger.is_locked:
            yield _from_outside(ledger, heads.get(ledger.handling))
            continue
        seen: list[Seen | None] = []
        for stretch in stretches:
            seen.append(next(looks))
            if progress is not None:
                progress(stretch.up_to)
        head = heads.get(ledger.handling)
        yield _summed(stretches, seen, head) or _closely(ledger, head, progress)


def look(stretch: Stretch) -> Seen | None:
    """Return what is seen in a stretch that is surely sound, else None."""
    if stretch.rows is not None:
        rows = [*stretch.rows]
    else:
        try:
            where = f"{Path(stretch.path).as_uri()}?mode=rw"
            with closing(sqlite3.connect(where, uri=True)) as file:
                rows = file.execute(_ROWS, (stretch.after, stretch.up_to)).fetchall()
        except sqlite3.Error:
            return None
    before, earlier = Head(0, genesis(stretch.handling)), ""
    if stretch.after:
        if not rows:
            return None
        _, _, earlier, _, _, _, digest = rows.pop(0)
        if not isinstance(earlier, str) or not isinstance(digest, str):
            return None
        before = Head(stretch.after, digest)
    if len(rows) != stretch.up_to - stretch.after or not are_sound(rows, stretch.handling, before):
        return None
    entries = [StoredEntry(stretch.handling, *row) for row in rows]
    times = (earlier, *(entry.recorded_at for entry in entries))
    return Seen(
        before.digest,
        entries[-1].digest,
        any(entry.digest == stretch.head for entry in entries),
        tuple(
            set_back(entry, time)
            for entry, time in zip(entries, times, strict=False)
            if entry.recorded_at < time
        ),
    )


def _stretches(ledger: Ledger, head: str) -> list[Stretch]:
    """Return the stretches of a ledger as it is now; none where its end cannot be read."""
    if ledger.is_locked:
        return []
    try:
        last = ledger.head().seq
    except LedgerDamaged:
        return []
    path = str(ledger.path.resolve())
    return [
        Stretch(path, ledger.handling, after, min(after + _LENGTH, last), head)
        for after in range(0, last, _LENGTH)
    ]


def _decrypted(ledger: Ledger, stretch: Stretch) -> Stretch:
    """Return a stretch of an encrypted ledger with what its rows hold."""
    return stretch._replace(rows=ledger.plain_rows(max(stretch.after - 1, 0), stretch.up_to))


def _summed(
    stretches: Sequence[Stretch], seen: Sequence[Seen | None], head: str | None
) -> Verification | None:
    """Return what all of a ledger's stretches tell of it, or None unless it is surely sound."""
    sound = [one for one in seen if one is not None]
    if not sound or len(sound) < len(seen):
        return None
    if any(one.digest != next_one.before for one, next_one in pairwise(sound)):
        return None
    handling = stretches[-1].handling
    is_found = head in (None, genesis(handling)) or any(one.has_head for one in sound)
    return Verification(
        stretches[-1].up_to,
        Head(stretches[-1].up_to, sound[-1].digest),
        () if is_found else (missing_head(handling, str(head)),),
        tuple(remark for one in sound for remark in one.remarks),
    )


def _from_outside(ledger: Ledger, head: str | None) -> Verification:
    """Check what can be checked of a ledger without its key."""
    problems: list[Problem] = []
    end = Head(0, "")
    try:
        problems.extend(ledger.changed_rows())
        end = ledger.end_of_rows()
    except LedgerDamaged as error:
        problems.extend(error.problems)
    if head is not None:
        text = "whether this head is in the ledger cannot be told without its passphrase"
        problems.append(Problem("head", text, f"{ledger.handling} ledger"))
    return Verification(end.seq, end, tuple(problems), is_locked=True)


def _closely(
    ledger: Ledger, head: str | None, progress: Callable[[int], object] | None
) -> Verification:
    """Check a ledger entry by entry."""
    count, last = 0, Head(0, genesis(ledger.handling))
    is_found = head is None or head == last.digest
    problems: list[Problem] = []
    remarks: list[Problem] = []
    latest = ""
    try:
        # What is wrong with an encrypted row is said before what follows from it.
        if ledger.is_encrypted:
            problems.extend(ledger.changed_rows())
        for entry, wrong in checked(ledger.stored(), ledger.handling):
            count, last = count + 1, Head(entry.seq, entry.digest)
            is_found = is_found or entry.digest == head
            problems.extend(wrong)
            if entry.recorded_at < latest:
                remarks.append(set_back(entry, latest))
            latest = entry.recorded_at
            if progress is not None and count % _TOLD_EVERY == 0:
                progress(count)
    except LedgerDamaged as error:
        problems.extend(error.problems)
    if not is_found:
        problems.append(missing_head(ledger.handling, str(head)))
    return Verification(count, last, tuple(problems), tuple(remarks))
