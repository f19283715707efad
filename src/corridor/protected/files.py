"""The two files of the register: sealed records with the log, and keys. Backups hold the first alone."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from corridor.keys import Lock, Sealed

RECORDS, KEYS = "records.sqlite", "keys.sqlite"
_WAIT_S = 5.0
_RECORD_TABLES = """
CREATE TABLE record (person TEXT PRIMARY KEY, until TEXT NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE log (seq INTEGER PRIMARY KEY, line TEXT NOT NULL, digest TEXT NOT NULL);
"""
_KEY_TABLES = """
CREATE TABLE operation_key (one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL,
  passes INTEGER NOT NULL, memory_kib INTEGER NOT NULL, lanes INTEGER NOT NULL,
  nonce BLOB NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE person_key (person TEXT PRIMARY KEY, nonce BLOB NOT NULL, sealed BLOB NOT NULL);
"""


class Record(NamedTuple):
    """A sealed record: whose, until when it may be kept, and its bytes."""

    person: str
    until: str
    sealed: Sealed


class Files:
    """The register on disk; what is in the records is unreadable without the keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_there(self) -> bool:
        """Whether the register was started here."""
        return (self.folder / RECORDS).is_file() and (self.folder / KEYS).is_file()

    def make(self, lock: Lock) -> None:
        """Make both files, readable by their owner alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, tables in ((RECORDS, _RECORD_TABLES), (KEYS, _KEY_TABLES)):
            (self.folder / name).touch(mode=0o600)
            with self._open(name) as file:
                for table in tables.split(";"):
                    file.execute(table)
        self.put_lock(lock)

    def put_lock(self, lock: Lock) -> None:
        """Store the operation key under its passphrase; the one before is overwritten."""
        with self._open(KEYS) as keys:
            keys.execute("DELETE FROM operation_key")
            keys.execute(
                "INSERT INTO operation_key VALUES (1, ?, ?, ?, ?, ?, ?)",
                (
                    lock.salt,
                    lock.passes,
                    lock.memory_kib,
                    lock.lanes,
                    lock.key.nonce,
                    lock.key.bytes,
                ),
            )

    def lock(self) -> Lock:
        """Return the operation key as it is stored."""
        with self._open(KEYS) as keys:
            row = keys.execute(
                "SELECT salt, passes, memory_kib, lanes, nonce, sealed FROM operation_key"
            ).fetchone()
        salt, passes, memory_kib, lanes, nonce, sealed = row
        return Lock(salt, passes, memory_kib, lanes, Sealed(nonce, sealed))

    def put(self, record: Record, key: Sealed) -> None:
        """Store a record and its key; the key first, for a key without a record does no harm."""
        with self._open(KEYS) as keys:
            keys.execute(
                "INSERT INTO person_key VALUES (?, ?, ?)", (record.person, key.nonce, key.bytes)
            )
        with self._open(RECORDS) as records:
            records.execute(
                "INSERT INTO record VALUES (?, ?, ?, ?)",
                (record.person, record.until, record.sealed.nonce, record.sealed.bytes),
            )

    def record(self, person: str) -> Record | None:
        """Return a sealed record."""
        with self._open(RECORDS) as records:
            row = records.execute(
                "SELECT person, until, nonce, sealed FROM record WHERE person = ?", (person,)
            ).fetchone()
        return None if row is None else Record(row[0], row[1], Sealed(row[2], row[3]))

    def key(self, person: str) -> Sealed | None:
        """Return a person's key under the operation key; None where it was destroyed."""
        with self._open(KEYS) as keys:
            row = keys.execute(
                "SELECT nonce, sealed FROM person_key WHERE person = ?", (person,)
            ).fetchone()
        return None if row is None else Sealed(*row)

    def people(self) -> tuple[tuple[str, str], ...]:
        """Return every pseudonym with the day until which its record may be kept."""
        with self._open(RECORDS) as records:
            rows = records.execute("SELECT person, until FROM record ORDER BY person").fetchall()
        return tuple((person, until) for person, until in rows)

    def destroy(self, person: str) -> None:
        """Destroy a key, then the record; its bytes are overwritten in both files.

        Cut off in between, a record stays that nothing opens.
        """
        with self._open(KEYS) as keys:
            keys.execute("DELETE FROM person_key WHERE person = ?", (person,))
        with self._open(RECORDS) as records:
            records.execute("DELETE FROM record WHERE person = ?", (person,))

    def note(self, line: dict[str, str]) -> None:
        """Add a line to the log, chained to the one before; it is on disk when this returns."""
        with self._open(RECORDS) as records:
            last = records.execute(
                "SELECT seq, digest FROM log ORDER BY seq DESC LIMIT 1"
            ).fetchone()
            seq, before = last or (0, "")
            text = json.dumps(line, sort_keys=True, ensure_ascii=True)
            records.execute(
                "INSERT INTO log VALUES (?, ?, ?)", (seq + 1, text, _link(before, text))
            )

    def log(self) -> tuple[tuple[dict[str, str], bool], ...]:
        """Return each line of the log, and whether the chain holds up to it."""
        with self._open(RECORDS) as records:
            rows = records.execute("SELECT seq, line, digest FROM log ORDER BY seq").fetchall()
        found: list[tuple[dict[str, str], bool]] = []
        before, holds = "", True
        for number, (seq, text, digest) in enumerate(rows, start=1):
            holds = holds and seq == number and digest == _link(before, text)
            found.append((json.loads(text), holds))
            before = digest
        return tuple(found)

    def backup(self, target: Path) -> None:
        """Copy the records and the log, never a key, to a new file."""
        target.touch(mode=0o600, exist_ok=False)
        source, copy = self._connect(RECORDS), sqlite3.connect(target)
        try:
            source.backup(copy)
        finally:
            source.close()
            copy.close()

    @contextmanager
    def _open(self, name: str) -> Iterator[sqlite3.Connection]:
        """Open a file for one transaction: all of it, or nothing."""
        file = self._connect(name)
        try:
            file.execute("BEGIN IMMEDIATE")
            yield file
            file.execute("COMMIT")
        finally:
            # Whatever was not committed is undone.
            file.close()

    def _connect(self, name: str) -> sqlite3.Connection:
        file = sqlite3.connect(self.folder / name, timeout=_WAIT_S, isolation_level=None)
        # What is deleted is overwritten, and no journal of it stays beside the file.
        file.execute("PRAGMA secure_delete = ON")
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("PRAGMA synchronous = EXTRA")
        return file


def _link(before: str, line: str) -> str:
    return hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()
