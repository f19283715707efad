"""Everything that is particular to SQLite: connections, guards, and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateTable

from corridor.errors import LedgerDamaged, LedgerError, Problem
from corridor.ledger.schema import entries, metadata
from corridor.ledger.writer import who

BUSY_S = 5.0
IMMEDIATE = {"corridor_begin": "IMMEDIATE"}

# The insert guards are there because INSERT OR REPLACE deletes without waking a delete trigger.
GUARDS = {
    "entries_no_update": """
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an entry is never changed'); END""",
    "entries_no_delete": """
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an entry is never deleted'); END""",
    "entries_append_only": """
CREATE TRIGGER entries_append_only BEFORE INSERT ON entries
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries)
  OR EXISTS (SELECT 1 FROM entries WHERE id = NEW.id AND body_digest = NEW.body_digest)
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: a new entry comes after the last'); END""",
    "meta_no_update": """
CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta
BEGIN SELECT RAISE(ABORT, 'what a ledger says of itself is never changed'); END""",
    "meta_no_delete": """
CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta
BEGIN SELECT RAISE(ABORT, 'what a ledger says of itself is never deleted'); END""",
    "meta_no_replace": """
CREATE TRIGGER meta_no_replace BEFORE INSERT ON meta
WHEN EXISTS (SELECT 1 FROM meta WHERE name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'what a ledger says of itself is never changed'); END""",
}


_INSERT = (
    f"INSERT INTO entries ({', '.join(entries.columns.keys())}) "
    f"VALUES ({', '.join('?' * len(entries.columns))})"
)


class LedgerBusy(LedgerError):
    """Another program holds the right to write."""


def sqlite_version() -> str:
    """Version of the SQLite library in use."""
    return sqlite3.sqlite_version


def engine(path: Path, timeout_s: float) -> Engine:
    """Return an engine for an existing SQLite file; it never creates one.

    Every use opens a connection and closes it, so that no file handle outlives its use and the file
    is whole on its own, without a write-ahead log beside it, whenever nobody works on it.
    """

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw",
            uri=True,
            timeout=timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )
        # A damaged text must reach verification, which names its entry, instead of failing here.
        connection.text_factory = _lenient
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    made = create_engine(
        "sqlite+pysqlite://", creator=connect, poolclass=NullPool, paramstyle="named"
    )

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        # The driver's own BEGIN would let two writers read one head and both append to it.
        mode = connection.get_execution_options().get("corridor_begin", "DEFERRED")
        if mode == "IMMEDIATE":
            # A large import touches the index all over; a small cache would write its pages again
            # and again. No more of it is taken than there are pages touched.
            connection.exec_driver_sql("PRAGMA cache_size=-262144")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return made


def create_tables(connection: Connection) -> None:
    """Create the tables and the guards that keep them append-only."""
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table))
    for guard in GUARDS.values():
        connection.exec_driver_sql(guard.strip())


def use_write_ahead_log(path: Path) -> None:
    """Let readers go on while one program writes; the file remembers it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def forget_log(connection: Connection) -> None:
    """Put all of the write-ahead log into the file and empty it, unless somebody is reading there."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def insert_entries(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to the entries, each in the order of the table's columns."""
    # Plain values by place go to the driver as they are, and twice as fast as by name.
    connection.exec_driver_sql(_INSERT, rows)


def has_tables(connection: Connection) -> bool:
    """Tell whether the file holds the tables of a ledger, with all their columns."""
    for table in metadata.sorted_tables:
        found = connection.exec_driver_sql(f"SELECT name FROM pragma_table_info('{table.name}')")
        if set(found.scalars()) != set(table.columns.keys()):
            return False
    return True


def faults(connection: Connection) -> Iterator[str]:
    """Yield what SQLite finds wrong with the file, and guards that are not as they were made."""
    for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if line != "ok":
            yield f"SQLite finds the file damaged: {line}; {_MENDING}"
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    guards: dict[str, str] = dict(found.all())
    for name in sorted(GUARDS.keys() | guards.keys(), key=str):
        if name not in guards:
            yield f"the guard {name} is missing, so entries can be changed unnoticed"
        elif guards[name] != GUARDS.get(name, "").strip():
            yield f"the guard {name} is not the one that Corridor makes"


@contextmanager
def explained(path: Path, timeout_s: float) -> Iterator[None]:
    """Turn SQLite's errors about the file into a LedgerError that says what to do."""
    try:
        yield
    except DatabaseError as error:
        # The low byte is the kind of error; the rest says where in SQLite it arose.
        code = (getattr(error.orig, "sqlite_errorcode", None) or 0) & 0xFF
        if code == sqlite3.SQLITE_ERROR and str(error.orig) == "unsupported file format":
            code = sqlite3.SQLITE_NOTADB
        if code not in _REASONS:
            raise
        reason = _REASONS[code].format(timeout_s=f"{timeout_s:g}", who=who(path))
        if code == sqlite3.SQLITE_CORRUPT:
            raise LedgerDamaged([Problem("", reason, str(path))]) from error
        if code == sqlite3.SQLITE_BUSY:
            raise LedgerBusy(f"{path}: {reason}") from error
        raise LedgerError(f"{path}: {reason}") from error
    except UnicodeDecodeError as error:
        # The driver stumbles over its own message when that quotes damaged bytes.
        if not error.object.startswith(b"malformed database schema"):
            raise
        reason = _REASONS[sqlite3.SQLITE_CORRUPT]
        raise LedgerDamaged([Problem("", reason, str(path))]) from error


# A copy made while the file was written may hold an index that is older than its table.
_MENDING = "take the copy again, or merge this one into a new operation"

_REASONS = {
    sqlite3.SQLITE_BUSY: (
        "another program{who} has been writing to this ledger for {timeout_s} s and nothing was "
        "recorded; wait until it has finished, or close it, and try again"
    ),
    sqlite3.SQLITE_READONLY: (
        "this ledger cannot be written; copy it to a folder that can be written"
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "this ledger cannot be opened; see whether the file and its folder are still there"
    ),
    sqlite3.SQLITE_NOTADB: (
        "this file is not a Corridor ledger; name another file, or put back a copy"
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full and nothing was recorded; free some space and try again"
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk reports an error and nothing was recorded; copy the ledger to another disk"
    ),
    sqlite3.SQLITE_CORRUPT: "the file is damaged; put back a copy of the ledger",
}


def _lenient(text: bytes) -> str:
    return text.decode(errors="replace")
