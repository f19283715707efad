"""Adding reports to the end of a ledger, each (id, content) once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from corridor.ledger.chain import link
from corridor.ledger.schema import entries
from corridor.ledger.sqlite import insert_entries
from corridor.ledger.verification import Head
from corridor.values import ReportId, write_time
from corridor.wire import body_digest

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
    connection: Connection, head: Head, arrivals: Sequence[Arrival]
) -> tuple[Appended, tuple[Arrival, ...]]:
    """Append to the ledger that ends in `head`, inside the transaction that read it.

    Returns
    -------
    What was done, and those of the arrivals that are new in the ledger.
    """
    known = _known(connection, head, {arrival.id for arrival in arrivals})
    seq, digest = head.seq, head.digest
    rows: list[tuple[Any, ...]] = []
    added: list[Arrival] = []
    beside: list[ReportId] = []
    for arrival in arrivals:
        name, body, recorded_at, recorded_by = arrival
        content = body_digest(body)
        contents = known.get(name, ())
        if content in contents:
            continue
        if contents:
            beside.append(ReportId(name))
        known[name] = (*contents, content)
        added.append(arrival)
        seq += 1
        digest = link(digest, seq, recorded_at, recorded_by, content)
        rows.append((seq, name, content, recorded_at, recorded_by, body, digest))
        if len(rows) == _MOST_ROWS:
            insert_entries(connection, rows)
            rows.clear()
    if rows:
        insert_entries(connection, rows)
    return Appended(len(added), len(arrivals) - len(added), tuple(beside)), tuple(added)


def _known(
    connection: Connection, head: Head, names: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the contents stored under each of these ids, and perhaps under others."""
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
