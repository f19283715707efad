"""One ledger: the append-only store of the reports of one handling level."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, TextClause, func, select, text

from corridor.errors import InvalidReport, LedgerDamaged, LedgerError, LedgerLocked, Problem
from corridor.ledger import batches, sqlite
from corridor.ledger.appending import Appended, Arrival, NewEntry, append, stamp
from corridor.ledger.chain import genesis
from corridor.ledger.opening import create as create_file
from corridor.ledger.opening import refuse_other, refuse_place
from corridor.ledger.passphrases import ENCRYPTED, NOBODY, Need, Passphrases
from corridor.ledger.schema import entries as table
from corridor.ledger.schema import meta
from corridor.ledger.stretches import verified
from corridor.ledger.verification import Head, StoredEntry, Verification
from corridor.ledger.writer import note
from corridor.report import PORTION, Entry, Handling
from corridor.values import ReportId, read_time
from corridor.wire import body_digest, decode

if TYPE_CHECKING:
    from corridor.ledger.encryption import Encryption

# Without column types: a damaged value must come through as it is.
_STORED = text(
    "SELECT seq, id, recorded_at, recorded_by, body_digest, body, digest FROM entries "
    "WHERE seq > :after AND seq <= :up_to ORDER BY seq"
)
_CHOSEN = text(
    "SELECT seq, id, recorded_at, recorded_by, body_digest, body, digest FROM entries "
    "WHERE seq IN (SELECT value FROM json_each(:numbers)) ORDER BY seq"
)
_CALLED = text(
    "SELECT seq, id, recorded_at, recorded_by, body_digest, body, digest FROM entries "
    "WHERE id IN (SELECT value FROM json_each(:names)) AND seq <= :up_to ORDER BY seq"
)
_LAST = text(
    "SELECT seq, id, recorded_at, recorded_by, body_digest, body, digest FROM entries "
    "ORDER BY seq DESC LIMIT 1"
)
_BEGINNING = text(
    "SELECT entries.seq, entries.id, recorded_at, recorded_by, body_digest, body, digest "
    "FROM json_each(:beginnings) AS begin JOIN entries "
    "ON entries.id >= begin.value AND entries.id < begin.value || 'g' WHERE entries.seq <= :up_to"
)
# The index holds all of it, so no body is read; no id has a letter beyond f.
_CONTENTS = text(
    "SELECT entries.id, entries.body_digest FROM json_each(:beginnings) AS begin JOIN entries "
    "ON entries.id >= begin.value AND entries.id < begin.value || 'g' WHERE entries.seq <= :up_to"
)
_PORTION = 1000
_MOST = 2**63 - 1
_SOUND_TYPES = (int, str, str, str, str, bytes, str)
_PLAIN: Mapping[str, str] = MappingProxyType({})


class Writing:
    """The right to write to one ledger, while it is held; calling it appends.

    Attributes
    ----------
    added
        What is new in the ledger so far; on disk only after the commit.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Arrival]], tuple[Appended, tuple[Arrival, ...]]],
        commit: Callable[[], None],
    ) -> None:
        self.added: tuple[Arrival, ...] = ()
        self._write = write
        self._commit = commit

    def __call__(self, arrivals: Sequence[Arrival]) -> Appended:
        """Append what is not there yet."""
        done, added = self._write(arrivals)
        self.added += added
        return done

    def commit(self) -> None:
        """Put what was appended on disk and give the right to write back."""
        self._commit()


class Ledger:
    """The reports of one handling level, in the order they were recorded; made by `Ledger.open`.

    It holds no connection between calls, so it may be shared by threads and needs no closing. Once
    it is unlocked, it holds its key, and everything below reads and writes plain entries.

    Attributes
    ----------
    path
        Its file.
    handling
        The handling of every report in it.
    """

    def __init__(
        self,
        path: Path,
        handling: Handling,
        timeout_s: float,
        says: Mapping[str, str] = _PLAIN,
        encryption: Encryption | None = None,
    ) -> None:
        self.path = path
        self.handling = handling
        self._timeout_s = timeout_s
        self._engine = sqlite.engine(path, timeout_s)
        self._says = says
        self._encryption = encryption

    @classmethod
    def open(
        cls,
        path: Path,
        handling: Handling,
        *,
        create: bool = False,
        timeout_s: float = sqlite.BUSY_S,
        passphrases: Passphrases = NOBODY,
    ) -> Ledger:
        """Open a ledger, or make an empty one where there is no file and `create` is set.

        One that is there and encrypted is locked until `unlock`; one that is made here is not.

        Parameters
        ----------
        path
            Its file, in a folder that exists and can be written.
        handling
            The handling it must have.
        create
            Whether to make it where it is missing. It then appears whole or not at all, and only
            its owner may read it.
        timeout_s
            Seconds to wait for another writer before giving up.
        passphrases
            Who is asked for the passphrase of a restricted or sealed ledger that is made.

        Raises
        ------
        LedgerLocked
            It would have to be made, and nobody gives a passphrase.
        LedgerError
            There is none, it is not a ledger, it has another handling, a newer Corridor wrote it,
            or its place cannot be written.
        """
        refuse_place(path)
        opened = cls(path, handling, timeout_s)
        made: Encryption | None = None
        with sqlite.explained(path, timeout_s):
            if not path.exists():
                if not create:
                    raise LedgerError(f"{path}: there is no ledger here")
                lock: Mapping[str, str] = _PLAIN
                if handling in ENCRYPTED:
                    made, lock = _begun(handling, passphrases)
                create_file(path, handling, lock)
            with opened._engine.connect() as connection:
                opened._says = refuse_other(connection, path, handling)
        # Somebody else may have made it in the meantime, with a key of its own.
        if made is not None and opened._says.get("key") == made.mark:
            opened._encryption = made
        return opened

    @property
    def is_encrypted(self) -> bool:
        """Whether what it holds is unreadable without its key."""
        return "lock" in self._says

    @property
    def is_locked(self) -> bool:
        """Whether it is encrypted and was not unlocked; its entries then cannot be read or added to."""
        return self.is_encrypted and self._encryption is None

    def unlock(self, passphrases: Passphrases, need: Need = "open") -> None:
        """Open the lock of an encrypted ledger; it takes about a tenth of a second.

        Raises
        ------
        LedgerLocked
            Nobody gives its passphrase.
        WrongPassphrase
            The passphrase is another.
        """
        # Ciphers take time to import, which reading what is not encrypted should not pay for.
        from corridor.ledger.encryption import opened

        if self.is_locked:
            self._encryption = opened(self._says["lock"], self.handling, passphrases, need)

    def key(self) -> Encryption | None:
        """Return the key of an encrypted ledger; None for a plain one, LedgerLocked while locked."""
        if self.is_locked:
            raise LedgerLocked(f"the {self.handling} ledger is encrypted and was not unlocked")
        return self._encryption

    def hidden(self, what: str, content: bytes) -> bytes:
        """Return the bytes of a file beside this ledger as they go to disk: encrypted, where it is."""
        encryption = self.key()
        return content if encryption is None else encryption.hidden(what, content)

    def shown(self, what: str, content: bytes) -> bytes | None:
        """Return what `hidden` was given; None where it was made with another key, or changed."""
        encryption = self.key()
        return content if encryption is None else encryption.shown(what, content)

    def append(
        self, bodies: Iterable[NewEntry], recorded_by: str, recorded_at: datetime
    ) -> Appended:
        """Record reports in one transaction: all of them, or none if anything fails.

        A report that is there already, id and content, is passed over: recording twice is recording
        once. The reports are on disk when this returns.

        Raises
        ------
        LedgerError
            Another program is writing, or the disk is full; nothing was recorded.
        ValueError
            `recorded_at` has no offset.
        """
        moment = stamp(recorded_at)
        arrivals = [Arrival(new.id, new.body, moment, recorded_by) for new in bodies]
        with self.writing(recorded_by) as write:
            return write(arrivals)

    @contextmanager
    def writing(self, role: str = "") -> Iterator[Writing]:
        """Hold the right to write, and yield what appends; leaving commits what is not yet.

        Whoever writes several ledgers takes the right to all of them before writing to any.

        Parameters
        ----------
        role
            Told to whoever waits for the right too long.
        """
        encryption = self.key()
        writer = self._engine.execution_options(**sqlite.IMMEDIATE)
        with (
            sqlite.explained(self.path, self._timeout_s),
            writer.connect() as connection,
            connection.begin() as transaction,
            ExitStack() as stack,
        ):
            self._refuse_replaced(connection)
            # What is said of an encrypted ledger, its writers included, is not said beside it.
            stack.enter_context(note(self.path, "" if self.is_encrypted else role))

            def write(arrivals: Sequence[Arrival]) -> tuple[Appended, tuple[Arrival, ...]]:
                with sqlite.explained(self.path, self._timeout_s):
                    return append(connection, self._head(connection), arrivals, encryption)

            def commit() -> None:
                # The next writer's note must not be taken for this one's.
                stack.close()
                with sqlite.explained(self.path, self._timeout_s):
                    transaction.commit()

            yield Writing(write, commit)

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Yield a connection that alone may write, to change how this ledger is locked.

        Leaving commits, and takes the log out of which the file could be put back as it was.
        """
        writer = self._engine.execution_options(**sqlite.IMMEDIATE)
        with sqlite.explained(self.path, self._timeout_s), writer.connect() as connection:
            with connection.begin():
                self._refuse_replaced(connection)
                yield connection
            sqlite.forget_log(connection)

    def complete(self) -> None:
        """Enter what a program that was stopped had written down whole, and drop what it had not.

        While another program is writing, it is left alone: what waits is its own. So it is while
        this ledger is locked: what waits is encrypted as well.

        Raises
        ------
        LedgerError
            The disk is full.
        """
        if self.is_locked:
            return
        for path in batches.waiting(self.path.parent, self.handling):
            now = Ledger(self.path, self.handling, 0, self._says, self._encryption)
            try:
                with now.writing("completing what was stopped") as write:
                    write(batches.promised(path, self.shown))
            except sqlite.LedgerBusy:
                return
            batches.forget(path)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Yield the entries with a number above `after`, in order, one at a time.

        The digest of each report's bytes is checked on the way, so that no damaged figure is read;
        the chain is not: that is `verify`.

        Raises
        ------
        LedgerDamaged
            An entry is not what was recorded.
        """
        return map(_read, self.stored(after))

    def chosen(self, numbers: Iterable[int]) -> list[Entry]:
        """Return the entries with these numbers, in order; LedgerDamaged as in `entries`."""
        return self._found(_CHOSEN, {"numbers": _json(numbers)})

    def called(self, names: Iterable[ReportId], up_to: int = _MOST) -> list[Entry]:
        """Return the entries of reports with these ids, in order; LedgerDamaged as in `entries`."""
        encryption = self.key()
        stored = names if encryption is None else map(encryption.name, names)
        return self._found(_CALLED, {"names": _json(stored), "up_to": up_to})

    def contents(self, beginnings: Iterable[str], up_to: int = _MOST) -> list[tuple[ReportId, str]]:
        """Return id and digest of the contents whose ids begin so, in no order.

        Parameters
        ----------
        beginnings
            Each of as many digits as name a portion of the digest of a picture.
        """
        encryption = self.key()
        if encryption is not None:
            return self._encrypted_contents(encryption, frozenset(beginnings), up_to)
        given = {"beginnings": _json(beginnings), "up_to": up_to}
        with self._reading() as connection:
            found = connection.execute(_CONTENTS, given)
            return [(ReportId(name), digest) for name, digest in found]

    def stored(self, after: int = 0, up_to: int = _MOST) -> Iterator[StoredEntry]:
        """Yield the entries numbered above `after`, up to `up_to`, as they are stored, unchecked.

        All of them belong to one moment, whatever is recorded while they are read.
        """
        encryption = self.key()
        for row in self.rows(after, up_to):
            yield _stored(self.handling, row, encryption)

    def rows(self, after: int = 0, up_to: int = _MOST) -> Iterator[Sequence[Any]]:
        """Yield the rows numbered so, in the order of `StoredEntry`; encrypted where the ledger is."""
        with self._reading() as connection:
            streaming = connection.execution_options(yield_per=_PORTION)
            found = streaming.execute(_STORED, {"after": after, "up_to": up_to})
            for rows in found.partitions(_PORTION):
                yield from rows

    def plain_rows(self, after: int, up_to: int) -> list[tuple[Any, ...]]:
        """Return what the rows of an encrypted ledger hold; nothing if one is not surely sound."""
        encryption = self.key()
        assert encryption is not None
        try:
            return encryption.plain([*self.rows(after, up_to)])
        except LedgerDamaged:
            return []

    def changed_rows(self) -> Iterator[Problem]:
        """Yield what is wrong with the encrypted rows as they are, which needs no key."""
        from corridor.ledger.encryption import changed

        return changed(self.rows(), self.handling)

    def end_of_rows(self) -> Head:
        """Return the end of the chain over the rows as they are stored, without checking it."""
        with self._reading() as connection:
            last = connection.execute(_LAST).one_or_none()
        return Head(0, "") if last is None else Head(last[0], last[-1])

    def head(self) -> Head:
        """Return the end of the chain, without checking it."""
        with self._reading() as connection:
            return self._head(connection)

    def count(self) -> int:
        """Return how many entries there are."""
        with self._reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def verify(
        self, head: str | None = None, progress: Callable[[int], object] | None = None
    ) -> Verification:
        """Check every entry: its report's bytes, id and canonical form, and its link in the chain.

        The chain shows a change, a swap or an insertion. That the end is cut off, or that
        everything was written anew, it shows only to someone who kept an earlier head.

        Parameters
        ----------
        head
            A digest that this ledger once had as its head; it must still be in the chain.
        progress
            Called now and then with the number of entries read so far.
        """
        heads = {} if head is None else {self.handling: head}
        (found,) = verified([self], heads, progress)
        return found

    def integrity_check(self) -> tuple[Problem, ...]:
        """Return what SQLite's own check finds wrong with the file, and guards that are missing."""
        try:
            with self._reading() as connection:
                found = tuple(sqlite.faults(connection))
        except LedgerDamaged as error:
            return error.problems
        return tuple(Problem("", fault, str(self.path)) for fault in found)

    def _found(self, query: TextClause, given: Mapping[str, Any]) -> list[Entry]:
        encryption = self.key()
        with self._reading() as connection:
            rows = connection.execute(query, given).all()
        return [_read(_stored(self.handling, row, encryption)) for row in rows]

    def _encrypted_contents(
        self, encryption: Encryption, beginnings: Collection[str], up_to: int
    ) -> list[tuple[ReportId, str]]:
        stored = _json(map(encryption.beginning, beginnings))
        with self._reading() as connection:
            found = connection.execute(_BEGINNING, {"beginnings": stored, "up_to": up_to}).all()
        entries = (_stored(self.handling, row, encryption) for row in found)
        # Ids that begin otherwise may be stored with the same beginning.
        return [
            (ReportId(entry.id), entry.body_digest)
            for entry in entries
            if entry.id[:PORTION] in beginnings
        ]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with sqlite.explained(self.path, self._timeout_s), self._engine.connect() as connection:
            self._refuse_replaced(connection)
            yield connection

    def _refuse_replaced(self, connection: Connection) -> None:
        """Raise LedgerError if the file has another key by now than when it was opened.

        Otherwise, what should be encrypted could be written as it is into what another program
        encrypted meanwhile.
        """
        if self.handling in ENCRYPTED:
            mark = select(meta.c.value).where(meta.c.name == "key")
            if connection.execute(mark).scalar_one_or_none() != self._says.get("key"):
                raise LedgerError(
                    f"the {self.handling} ledger was encrypted or replaced by another program since "
                    "it was opened; nothing was recorded; open it again"
                )

    def _head(self, connection: Connection) -> Head:
        if self.is_encrypted:
            last = connection.execute(_LAST).one_or_none()
            if last is None:
                return Head(0, genesis(self.handling))
            entry = _stored(self.handling, last, self.key())
            return Head(entry.seq, entry.digest)
        newest = select(table.c.seq, table.c.digest).order_by(table.c.seq.desc()).limit(1)
        row = connection.execute(newest).one_or_none()
        return Head(0, genesis(self.handling)) if row is None else Head(*row)


def _begun(handling: Handling, passphrases: Passphrases) -> tuple[Encryption, Mapping[str, str]]:
    from corridor.ledger.encryption import asked_new, begun

    return begun(handling, asked_new(handling, passphrases))


def _stored(
    handling: Handling, row: Sequence[Any], encryption: Encryption | None = None
) -> StoredEntry:
    """Make an entry of a row; a value of the wrong type becomes empty, which no digest fits.

    Raises
    ------
    LedgerDamaged
        An encrypted row does not open with the key of its ledger.
    """
    if encryption is not None:
        entry = encryption.entry(row)
        if entry is None:
            where = StoredEntry(handling, row[0], "", "", "", "", b"", "")
            raise _damaged(where, "its encrypted row was changed, moved or put in")
        row = entry
    if tuple(map(type, row)) == _SOUND_TYPES:
        return StoredEntry(handling, *row)
    seq, name, recorded_at, recorded_by, content, body, digest = row
    return StoredEntry(
        handling,
        seq,
        name if isinstance(name, str) else "",
        recorded_at if isinstance(recorded_at, str) else "",
        recorded_by if isinstance(recorded_by, str) else "",
        content if isinstance(content, str) else "",
        body if isinstance(body, bytes) else b"",
        digest if isinstance(digest, str) else "",
    )


def _read(stored: StoredEntry) -> Entry:
    if body_digest(stored.body) != stored.body_digest:
        raise _damaged(stored, "its report is not the one that was recorded")
    try:
        report, recorded_at = decode(stored.body), read_time(stored.recorded_at)
    except (InvalidReport, ValueError) as error:
        raise _damaged(stored, f"it cannot be read: {error}") from error
    return Entry(
        stored.seq, recorded_at, stored.recorded_by, stored.body_digest, stored.digest, report
    )


def _json(values: Iterable[Any]) -> str:
    return orjson.dumps(list(values)).decode()


def _damaged(entry: StoredEntry, text: str) -> LedgerDamaged:
    return LedgerDamaged([Problem("", f"{text}; put back a copy of the ledger", entry.where)])
