"""The register itself: who may look, what is written down about it, and how a record is ended for good."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, get_args

from corridor import keys
from corridor.errors import CorridorError
from corridor.protected.files import Files, Record
from corridor.protected.person import Person, from_bytes, read_person, to_bytes
from corridor.values import write_time

FOLDER = "protected"
ROLE = "protection"
Reason = Literal[
    "asked_by_the_person", "shelter", "distribution", "referral", "correction", "retention"
]
REASONS: tuple[Reason, ...] = get_args(Reason)
Act = Literal["started", "opened", "refused", "added", "looked_up", "listed", "erased", "backed_up",
              "passphrase_changed"]  # fmt: skip

_OF_OPERATION = b"corridor protected register 1, operation key"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class Protected(CorridorError):
    """The protected register refuses; the text says why and never what a record holds."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act on the register: when, by whom, what, on which pseudonym, why; no personal data.

    Attributes
    ----------
    holds
        Whether the chain of the log holds up to here.
    """

    at: str
    by: str
    act: str
    person: str
    reason: str
    holds: bool


class ProtectedRegister:
    """People under pseudonyms, each sealed with a key of their own; see `start` and `open`.

    Not safe against whoever holds the passphrase and both files: it is a cupboard with a lock and a
    book beside it, not a vault. Keep the disk encrypted too.
    """

    def __init__(
        self, files: Files, operation_key: bytes, who: str, clock: Callable[[], datetime]
    ) -> None:
        self._files = files
        self._operation_key = operation_key
        self._who = who
        self._clock = clock

    @classmethod
    def start(
        cls,
        operation: Path,
        passphrase: str,
        *,
        who: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> ProtectedRegister:
        """Switch the register of an operation on; it is off until somebody does."""
        files = Files(operation / FOLDER)
        if files.is_there:
            raise Protected("the protected register of this operation is on already")
        _refuse_who(who)
        _refuse_short(passphrase)
        key = keys.new_key()
        files.make(keys.lock(key, passphrase, bound_to=_OF_OPERATION))
        made = cls(files, key, who, clock)
        made._note("started")
        return made

    @classmethod
    def open(
        cls,
        operation: Path,
        passphrase: str,
        *,
        role: str,
        who: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> ProtectedRegister:
        """Open the register for a person in the role "protection"; every try is in the log.

        Raises
        ------
        Protected
            When it is off, the role is another, or the passphrase is.
        """
        files = Files(operation / FOLDER)
        if not files.is_there:
            raise Protected("the protected register of this operation is off")
        _refuse_who(who)
        if role != ROLE:
            files.note(_line(clock(), who, "refused"))
            raise Protected(f"only the role {ROLE} opens the protected register")
        try:
            key = keys.unlock(files.lock(), passphrase, bound_to=_OF_OPERATION)
        except keys.Unopened:
            files.note(_line(clock(), who, "refused"))
            raise Protected("the passphrase does not open the protected register") from None
        opened = cls(files, key, who, clock)
        opened._note("opened")
        return opened

    def add(self, person: Mapping[str, object], *, until: date) -> str:
        """Seal a person's record and return the pseudonym.

        Parameters
        ----------
        until
            The last day on which it may be read; after that it is only to be erased.

        Raises
        ------
        InvalidReport
            Naming everything that is wrong with the person or the day, never what stood in a field.
        """
        today = self._clock().date()
        read = read_person(person, today, until)
        name = f"p-{secrets.token_hex(5)}"
        key = keys.new_key()
        sealed = keys.seal(key, to_bytes(read), _bound(name, until.isoformat()))
        wrapped = keys.seal(self._operation_key, key, _bound(name, "key"))
        self._files.put(Record(name, until.isoformat(), sealed), wrapped)
        self._note("added", name)
        return name

    def look_up(self, person: str, reason: Reason) -> Person:
        """Open a record; the look-up is in the log before anything is read.

        Raises
        ------
        Protected
            When there is none of that pseudonym, it was erased, its last day is past, or its bytes
            were changed.
        """
        _refuse_reason(reason)
        self._note("looked_up", person if _CODE.fullmatch(person) else "?", reason)
        record, wrapped = self._files.record(person), self._files.key(person)
        if record is None or wrapped is None:
            raise Protected(
                "no record of that pseudonym can be read: there is none, or it was erased"
            )
        if self._clock().date() > date.fromisoformat(record.until):
            raise Protected(f"the record was to be kept until {record.until}; erase it")
        try:
            key = keys.unseal(self._operation_key, wrapped, _bound(person, "key"))
            return from_bytes(keys.unseal(key, record.sealed, _bound(person, record.until)))
        except keys.Unopened:
            raise Protected("the record or its key was changed on disk and does not open") from None

    def people(self) -> tuple[tuple[str, date], ...]:
        """Return pseudonyms with the last day of each; no name is searched, and no list of names made."""
        self._note("listed")
        return tuple((name, date.fromisoformat(until)) for name, until in self._files.people())

    def erase(self, person: str, reason: Reason) -> None:
        """Destroy a person's key and record, for good, here and in every backup."""
        _refuse_reason(reason)
        if self._files.record(person) is None and self._files.key(person) is None:
            raise Protected("there is no record of that pseudonym")
        self._files.destroy(person)
        self._note("erased", person, reason)

    def purge(self) -> tuple[str, ...]:
        """Erase every record whose last day is past, and return the pseudonyms."""
        today = self._clock().date().isoformat()
        past = tuple(name for name, until in self._files.people() if until < today)
        for name in past:
            self.erase(name, "retention")
        return past

    def backup(self, target: Path) -> None:
        """Copy the sealed records and the log to a new file. No key is in it; the keys stay here."""
        self._files.backup(target)
        self._note("backed_up")

    def change_passphrase(self, passphrase: str) -> None:
        """Put the operation key under another passphrase."""
        _refuse_short(passphrase)
        lock = keys.lock(self._operation_key, passphrase, bound_to=_OF_OPERATION)
        self._files.put_lock(lock)
        self._note("passphrase_changed")

    def log(self) -> tuple[LogLine, ...]:
        """Return what was done on the register, first to last."""
        return tuple(LogLine(**line, holds=holds) for line, holds in self._files.log())

    def _note(self, act: Act, person: str = "", reason: str = "") -> None:
        self._files.note(_line(self._clock(), self._who, act, person, reason))


def _line(at: datetime, who: str, act: Act, person: str = "", reason: str = "") -> dict[str, str]:
    return {"at": write_time(at), "by": who, "act": act, "person": person, "reason": reason}


def _bound(person: str, what: str) -> bytes:
    return f"corridor protected register 1, {person}, {what}".encode()


def _refuse_who(who: str) -> None:
    if _CODE.fullmatch(who) is None:
        raise Protected("a code of letters, digits, - _ . is needed for who opens the register")


def _refuse_short(passphrase: str) -> None:
    if len(passphrase) < keys.SHORTEST_PASSPHRASE:
        raise Protected(f"a passphrase of at least {keys.SHORTEST_PASSPHRASE} characters is needed")


def _refuse_reason(reason: str) -> None:
    if reason not in REASONS:
        raise Protected(f"a reason is needed, one of {', '.join(REASONS)}")
