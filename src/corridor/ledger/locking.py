"""Putting a ledger under a passphrase: another one, or the first one of a ledger that was plain."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from corridor.errors import LedgerDamaged
from corridor.ledger import sqlite
from corridor.ledger.beside import forget_from
from corridor.ledger.encryption import Encryption, begun
from corridor.ledger.ledger import Ledger
from corridor.ledger.schema import entries, meta, metadata


def lock(ledger: Ledger, passphrase: str) -> None:
    """Put a ledger under a passphrase; if it was plain, encrypt it.

    1. A plain ledger is checked first, since encrypting would hide what is damaged.
    2. In one transaction, the lock is replaced; of a plain ledger, all rows are, and what they stood
       in is overwritten.
    3. Snapshots and whatever else was kept of it are removed, before and after: they are only caches.

    Stopped at any moment, it is as it was or as it should be. Copies made before stay as they are.

    Raises
    ------
    LedgerDamaged
        A plain ledger is not sound; nothing was changed.
    LedgerLocked
        An encrypted ledger is not unlocked.
    LedgerError
        Another program is writing, or the disk is full; nothing was changed.
    """
    encryption = ledger.key()
    problems = ledger.verify().problems if encryption is None else ()
    if problems:
        raise LedgerDamaged(problems)
    if encryption is None:
        forget_from(ledger.path.parent, ledger.handling)
    with ledger.changing() as connection:
        # What is deleted is overwritten.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
        if encryption is None:
            _encrypt(connection, ledger, passphrase)
        else:
            _replace(connection, encryption, passphrase)
    if encryption is None:
        forget_from(ledger.path.parent, ledger.handling)


def _replace(connection: Connection, encryption: Encryption, passphrase: str) -> None:
    guard = "meta_no_update"
    changed = update(meta).where(meta.c.name == "lock")
    connection.exec_driver_sql(f"DROP TRIGGER {guard}")
    connection.execute(changed.values(value=encryption.locked(passphrase)["lock"]))
    connection.exec_driver_sql(sqlite.GUARDS[guard].strip())


def _encrypt(connection: Connection, ledger: Ledger, passphrase: str) -> None:
    encryption, says = begun(ledger.handling, passphrase)
    rows, before = [], encryption.genesis
    for row in connection.execute(select(*entries.columns).order_by(entries.c.seq)):
        rows.append(encryption.row(tuple(row), encryption.names(row.id, row.body_digest), before))
        before = rows[-1][-1]
    said = dict(connection.execute(select(meta.c.name, meta.c.value)).all()) | says
    # Whole pages are freed and overwritten, where changing row by row would leave parts of them.
    metadata.drop_all(connection)
    sqlite.create_tables(connection)
    connection.execute(insert(meta), [{"name": name, "value": said[name]} for name in said])
    if rows:
        sqlite.insert_entries(connection, rows)
