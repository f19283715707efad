"""Checking stored entries against the chain they stand in, wherever they were stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from corridor.errors import InvalidReport, Problem
from corridor.ledger.chain import genesis, link
from corridor.report import Handling, report_id
from corridor.values import read_time, write_time
from corridor.wire import body_digest, decode, encode


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
    """

    entries: int
    head: Head
    problems: tuple[Problem, ...]

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
    before, previous = 0, genesis(handling)
    for entry in entries:
        texts = [*_chain_texts(entry, before, previous)]
        if body_digest(entry.body) != entry.body_digest:
            texts.append("its report is not the one that was recorded")
        elif with_reports:
            texts.extend(_report_texts(entry, handling))
        yield entry, tuple(Problem("", text, entry.where) for text in texts)
        before, previous = entry.seq, entry.digest


def missing_head(handling: Handling, head: str) -> Problem:
    """Say that a head which a ledger once had is not in its chain."""
    return Problem(
        "head",
        f"{head} is not in this ledger: its end was cut off, it was written anew, or it is another",
        f"{handling} ledger",
    )


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
    try:
        is_time = write_time(read_time(entry.recorded_at)) == entry.recorded_at
    except ValueError:
        is_time = False
    if not is_time:
        yield f"recorded_at: a time in UTC is needed, not '{entry.recorded_at}'"
