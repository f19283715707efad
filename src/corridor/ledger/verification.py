"""Checking stored entries against the chain they stand in, wherever they were stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import Any, NamedTuple

from corridor.errors import InvalidReport, LedgerDamaged, Problem
from corridor.ledger.chain import genesis, link
from corridor.portions import in_portions
from corridor.report import Handling, report_id
from corridor.values import read_time, write_time
from corridor.wire import body_digest, decode, encode, outline

# So many entries are looked at in one piece, by one core.
_PORTION = 3000
# To look at these takes one core about as long as a helper takes to be of use.
_ALONE = 4
# A row of a ledger: what it holds, in the order of `StoredEntry` without the handling.
_Row = tuple[Any, ...]
_ROW_TYPES = (int, str, str, str, str, bytes, str)


class StoredEntry(NamedTuple):
    """An entry as its ledger stores it, its report still in bytes.

    A tuple and not a dataclass, because a ledger makes one for every entry it reads.

    Attributes
    ----------
    handling
        Handling of the ledger it stands in.
    seq
        Its number there, from 1.
    id
        Id of its report.
    recorded_at, recorded_by
        How it entered; the time as RFC 3339 text in UTC, exactly as the chain covers it.
    body_digest
        SHA-256 of the body, hexadecimal.
    body
        Canonical bytes of the report.
    digest
        Head of the chain after this entry.
    """

    handling: Handling
    seq: int
    id: str
    recorded_at: str
    recorded_by: str
    body_digest: str
    body: bytes
    digest: str

    @property
    def where(self) -> str:
        """The place of this entry, as a reader would say it."""
        return f"{self.handling} ledger, entry {self.seq}"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: number and digest of its last entry, or 0 and the genesis."""

    seq: int
    digest: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a whole ledger found.

    Attributes
    ----------
    entries
        How many entries were read.
    head
        The end of the chain that was read.
    problems
        Everything that is wrong, each naming its entry; empty for a sound ledger.
    remarks
        What is odd and no damage: each entry that bears an earlier time than the one before it.
    is_locked
        Whether the ledger is encrypted and was not unlocked: then only the chain over its encrypted
        rows was checked, `head` is the end of that, and nothing is known of its reports.
    """

    entries: int
    head: Head
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()
    is_locked: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.problems


def checked(
    entries: Iterable[StoredEntry], handling: Handling, *, with_reports: bool = True
) -> Iterator[tuple[StoredEntry, tuple[Problem, ...]]]:
    """Yield each entry of one whole ledger with what is wrong with it.

    An entry is measured against the digest stored in the one before, so that damage to one entry is
    reported there and not for all that follow.

    Parameters
    ----------
    entries
        All entries of one ledger, from the first.
    handling
        Handling of that ledger.
    with_reports
        Whether to read the reports too (their ids, their handling and their canonical form), or to
        check bytes and chain only, which is about ten times as fast.
    """
    if not with_reports:
        before, previous = 0, genesis(handling)
        for entry in entries:
            yield entry, _problems(entry, _texts(entry, before, previous, None))
            before, previous = entry.seq, entry.digest
        return
    passing: deque[list[StoredEntry]] = deque()
    damage: list[LedgerDamaged] = []
    portions = _portions(entries, handling, passing, damage)
    for wrong in in_portions(partial(_wrong_in, handling), portions, alone=_ALONE):
        for place, entry in enumerate(passing.popleft()):
            yield entry, _problems(entry, wrong[place]) if place in wrong else ()
    # What stood before the place where reading failed was looked at all the same.
    if damage:
        raise damage[0]


def are_sound(rows: Sequence[_Row], handling: Handling, before: Head) -> bool:
    """Tell whether entries are surely sound that follow each other in a ledger.

    Whatever is wrong with one of them, or only odd, it is False; then a closer look tells what.

    Parameters
    ----------
    rows
        Number, id, time and name of recording, digest of the body, body and digest of each, of
        whatever types.
    handling
        Handling of the ledger.
    before
        Number and digest of the entry before them.
    """
    # Column by column, because most of the work is then done without a step of Python for each row.
    columns = tuple(zip(*rows, strict=True))
    if [set(map(type, column)) for column in columns] != [{wanted} for wanted in _ROW_TYPES]:
        return not rows
    seqs, names, times, authors, contents, bodies, digests = columns
    previous = (before.digest, *digests[:-1])
    return (
        seqs == tuple(range(before.seq + 1, before.seq + 1 + len(rows)))
        and contents == tuple(map(body_digest, bodies))
        and digests == tuple(map(link, previous, seqs, times, authors, contents))
        and all(map(_is_time, set(times)))
        and all(map(partial(_is_outlined, handling), names, bodies))
    )


def missing_head(handling: Handling, head: str) -> Problem:
    """Say that a head which a ledger once had is not in its chain."""
    return Problem(
        "head",
        f"{head} is not in this ledger: its end was cut off, it was written anew, or it is another",
        f"{handling} ledger",
    )


def set_back(entry: StoredEntry, before: str) -> Problem:
    """Say that an entry bears an earlier time of recording than the entry before it."""
    return Problem(
        "recorded_at",
        f"{entry.recorded_at} is earlier than {before} of the entry before: "
        "the clock was set back, or the entry came with a merge",
        entry.where,
    )


def _portions(
    entries: Iterable[StoredEntry],
    handling: Handling,
    passing: deque[list[StoredEntry]],
    damage: list[LedgerDamaged],
) -> Iterator[tuple[Head, list[_Row]]]:
    """Yield portions, each with the head before it; keep them, and what ends the reading."""
    before = Head(0, genesis(handling))
    source = iter(entries)
    while not damage:
        portion: list[StoredEntry] = []
        try:
            portion.extend(islice(source, _PORTION))
        except LedgerDamaged as error:
            damage.append(error)
        if not portion:
            return
        passing.append(portion)
        # Plain tuples pass between processes in a third of the time.
        yield before, [entry[1:] for entry in portion]
        before = Head(portion[-1].seq, portion[-1].digest)


def _wrong_in(handling: Handling, given: tuple[Head, list[_Row]]) -> dict[int, list[str]]:
    """Return what is wrong with the entries of a portion, by their place in it."""
    before, rows = given
    if are_sound(rows, handling, before):
        return {}
    found: dict[int, list[str]] = {}
    for place, row in enumerate(rows):
        entry = StoredEntry(handling, *row)
        texts = _texts(entry, before.seq, before.digest, handling)
        if texts:
            found[place] = texts
        before = Head(entry.seq, entry.digest)
    return found


def _is_outlined(handling: Handling, name: str, body: bytes) -> bool:
    told = outline(body)
    return (
        told is not None
        and told.id == name == report_id(told.channel, told.key)
        and told.handling == handling
    )


def _texts(entry: StoredEntry, before: int, previous: str, handling: Handling | None) -> list[str]:
    """Say what is wrong with an entry; with its report, too, where a handling is given."""
    texts = [*_chain_texts(entry, before, previous)]
    if body_digest(entry.body) != entry.body_digest:
        texts.append("its report is not the one that was recorded")
    elif handling is not None:
        texts.extend(_report_texts(entry, handling))
    return texts


def _problems(entry: StoredEntry, texts: Iterable[str]) -> tuple[Problem, ...]:
    return tuple(Problem("", text, entry.where) for text in texts)


@lru_cache(maxsize=4096)
def _is_time(text: str) -> bool:
    try:
        return write_time(read_time(text)) == text
    except ValueError:
        return False


def _chain_texts(entry: StoredEntry, before: int, previous: str) -> Iterator[str]:
    if entry.seq != before + 1:
        yield f"entry {before + 1} is needed here; what stood between is missing or was moved"
        return
    expected = link(previous, entry.seq, entry.recorded_at, entry.recorded_by, entry.body_digest)
    if entry.digest != expected:
        yield "it does not follow from the entry before: one of them was changed, moved or put in"


def _report_texts(entry: StoredEntry, handling: Handling) -> Iterator[str]:
    # Bytes from elsewhere may hold any JSON, so a report may be unreadable in more ways than one.
    try:
        report = decode(entry.body)
        name = report_id(report.channel, report.key)
        is_canonical = encode(report) == entry.body
    except InvalidReport as error:
        yield f"its report cannot be read: {error}"
        return
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        yield f"its report cannot be read: {error!r}"
        return
    if not entry.id == report.id == name:
        yield f"its id is {entry.id}, but its channel and key give {name}"
    if not is_canonical:
        yield "its report is not in canonical form"
    if report.handling != handling:
        yield f"its report is {report.handling}, which does not belong in this ledger"
    if not _is_time(entry.recorded_at):
        yield f"recorded_at: a time in UTC is needed, not '{entry.recorded_at}'"
