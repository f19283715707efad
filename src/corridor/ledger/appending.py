"""Adding reports to the end of a ledger, each (id, content) once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, select

from corridor.ledger.chain import link
from corridor.ledger.schema import entries
from corridor.ledger.sqlite import insert_entries
from corridor.ledger.verification import Head
from corridor.values import ReportId, write_time
from corridor.wire import body_digest

if TYPE_CHECKING:
    from corridor.ledger.encryption import Encryption

_PORTION = 500
# Rows go to the database so many at a time; all of them would take as much memory as the reports.
_MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A report about to be recorded: its id and its canonical bytes."""

    id: ReportId
    body: bytes


class Arrival(NamedTuple):
    """A report on its way into a ledger, with who recorded it and when (RFC 3339, UTC).

    A tuple and not a dataclass, because one is made for every report recorded or merged.
    """

    id: str
    body: bytes
    recorded_at: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Appended:
    """What recording did.

    Attributes
    ----------
    accepted
        How many reports are new in the ledger.
    already
        How many were there before, with the same id and content, and were passed over.
    beside
        Ids of accepted reports whose id was there before with other content; both are kept.
    """

    accepted: int
    already: int
    beside: tuple[ReportId, ...] = ()


def stamp(moment: datetime) -> str:
    """Write the moment of recording as it is stored; ValueError if it has no offset."""
    if moment.tzinfo is None:
        raise ValueError("recorded_at: a time with an offset is needed")
    return write_time(moment)


def append(
    connection: Connection,
    head: Head,
    arrivals: Sequence[Arrival],
    encryption: Encryption | None = None,
) -> tuple[Appended, tuple[Arrival, ...]]:
    """Append to the ledger that ends in `head`, inside the transaction that read it.

    Parameters
    ----------
    encryption
        The key of the ledger; None for one that is not encrypted.

    Returns
    -------
    What was done, and those of the arrivals that are new in the ledger.
    """
    contents = [body_digest(arrival.body) for arrival in arrivals]
    # What stands for id and content in the ledger; where it is not encrypted, they themselves.
    names = [
        (arrival.id, content) if encryption is None else encryption.names(arrival.id, content)
        for arrival, content in zip(arrivals, contents, strict=True)
    ]
    known = _known(connection, head, {name for name, _ in names})
    seq, digest = head.seq, head.digest
    before = "" if encryption is None else _end_of_rows(connection, encryption)
    rows: list[tuple[Any, ...]] = []
    added: list[Arrival] = []
    beside: list[ReportId] = []
    for arrival, content, (name, told) in zip(arrivals, contents, names, strict=True):
        there = known.get(name, ())
        if told in there:
            continue
        if there:
            beside.append(ReportId(arrival.id))
        known[name] = (*there, told)
        added.append(arrival)
        seq += 1
        report, body, recorded_at, recorded_by = arrival
        digest = link(digest, seq, recorded_at, recorded_by, content)
        row: tuple[Any, ...] = (seq, report, content, recorded_at, recorded_by, body, digest)
        if encryption is not None:
            row = encryption.row(row, (name, told), before)
            before = row[-1]
        rows.append(row)
        if len(rows) == _MOST_ROWS:
            insert_entries(connection, rows)
            rows.clear()
    if rows:
        insert_entries(connection, rows)
    return Appended(len(added), len(arrivals) - len(added), tuple(beside)), tuple(added)


def _known(
    connection: Connection, head: Head, names: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the contents stored under each of these ids, and perhaps under others, as stored."""
    pairs = select(entries.c.id, entries.c.body_digest)
    found: dict[str, tuple[str, ...]] = {}
    if head.seq <= len(names):
        # To read all of a small ledger is quicker than to look up every id.
        _gather(found, connection.execute(pairs))
        return found
    ordered = sorted(names)
    for start in range(0, len(ordered), _PORTION):
        portion = pairs.where(entries.c.id.in_(ordered[start : start + _PORTION]))
        _gather(found, connection.execute(portion))
    return found


def _gather(found: dict[str, tuple[str, ...]], pairs: Iterable[tuple[str, str]]) -> None:
    for name, content in pairs:
        found[name] = (*found.get(name, ()), content)


def _end_of_rows(connection: Connection, encryption: Encryption) -> str:
    """Return the digest over the encrypted rows of a ledger."""
    newest = select(entries.c.digest).order_by(entries.c.seq.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none() or encryption.genesis
