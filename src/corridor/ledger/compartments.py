"""The ledgers of one operation: one for each handling level, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corridor.errors import LedgerDamaged, LedgerError, LedgerLocked, Problem
from corridor.ledger import batches
from corridor.ledger.appending import Appended, Arrival, NewEntry, stamp
from corridor.ledger.chain import genesis
from corridor.ledger.ledger import Ledger, Writing
from corridor.ledger.passphrases import NOBODY, Need, Passphrases
from corridor.ledger.sqlite import BUSY_S
from corridor.ledger.stretches import verified
from corridor.ledger.verification import Head, StoredEntry, Verification, checked, missing_head
from corridor.report import HANDLINGS, Entry, Handling, Report, clears, report_id
from corridor.values import ReportId
from corridor.wire import encode

# So many ids are looked for at a time.
_PORTION = 10_000
_NO_HEADS: Mapping[Handling, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging did.

    Attributes
    ----------
    accepted, already, beside
        As in `Appended`, over all ledgers.
    handlings
        The ledgers that the other side had entries for.
    """

    accepted: int
    already: int
    beside: tuple[ReportId, ...]
    handlings: tuple[Handling, ...]


class Compartments:
    """The ledgers of one operation, one file for each handling level that has a report.

    A ledger is made with the first report of its handling; until then nothing shows that there
    could be one. Reading for a clearance opens no ledger above it. An encrypted ledger is unlocked
    when it is first read or written, and whatever needs it fails with LedgerLocked where nobody
    gives its passphrase.

    Attributes
    ----------
    folder
        Where the files are; made with the first ledger.
    """

    def __init__(
        self, folder: Path, *, passphrases: Passphrases = NOBODY, timeout_s: float = BUSY_S
    ) -> None:
        self.folder = folder
        self._passphrases = passphrases
        self._timeout_s = timeout_s
        self._opened: dict[Handling, Ledger] = {}

    def handlings(self, clearance: Handling = "sealed") -> tuple[Handling, ...]:
        """Return the handlings up to a clearance that have a ledger."""
        return tuple(h for h in HANDLINGS if clears(clearance, h) and self._path(h).exists())

    def ledger(self, handling: Handling) -> Ledger | None:
        """Return the ledger of a handling, or None where nothing of that handling was recorded."""
        return self._unlocked(handling) if self._path(handling).exists() else None

    def file(self, handling: Handling) -> Ledger | None:
        """Return the ledger of a handling as it is, perhaps locked; None where there is none."""
        return self._found(handling) if self._path(handling).exists() else None

    def opens_up_to(self, clearance: Handling) -> Handling:
        """Return the highest clearance up to the one given of which every ledger opens.

        Raises
        ------
        WrongPassphrase
            A passphrase was given, and it is another.
        """
        reached = HANDLINGS[0]
        for handling in HANDLINGS[: HANDLINGS.index(clearance) + 1]:
            if self._path(handling).exists():
                try:
                    self._unlocked(handling, "try")
                except LedgerLocked:
                    break
            reached = handling
        return reached

    def keeper(self, handlings: Iterable[Handling]) -> Ledger | None:
        """Return the ledger beside which a cache of these ledgers may lie: the highest.

        None where there is none, and where it is plain and another of them encrypted: what goes beside
        a plain ledger can be read by everybody.
        """
        there = set(handlings)
        found = (self.ledger(handling) for handling in HANDLINGS if handling in there)
        ledgers = [one for one in found if one is not None]
        if not ledgers or (
            any(one.is_encrypted for one in ledgers) and not ledgers[-1].is_encrypted
        ):
            return None
        return ledgers[-1]

    def lock(self, handling: Handling, passphrases: Passphrases) -> None:
        """Put a ledger under a passphrase that is asked for; a plain one is encrypted.

        Raises
        ------
        LedgerError
            There is no such ledger, nobody gives its passphrase or the new one, or it cannot be
            written; it is as it was.
        """
        # Ciphers take time to import, which reading what is not encrypted should not pay for.
        from corridor.ledger.encryption import asked_new
        from corridor.ledger.locking import lock

        ledger = self.ledger(handling)
        if ledger is None:
            raise LedgerError(
                f"nothing {handling} is recorded; the first such report asks for a passphrase"
            )
        lock(ledger, asked_new(handling, passphrases))
        self._opened.pop(handling)

    def has_entries(self) -> bool:
        """Tell whether anything was recorded, whoever may see it."""
        return any(one is not None and one.count() for one in map(self.file, self.handlings()))

    def heads(self, clearance: Handling = "sealed") -> Mapping[Handling, Head]:
        """Return the head of each ledger up to a clearance; any new entry changes one of them."""
        return MappingProxyType({one.handling: one.head() for one in self._ledgers(clearance)})

    def record(
        self, reports: Iterable[Report[Any]], recorded_by: str, recorded_at: datetime
    ) -> Appended:
        """Record reports, each in the ledger of its handling.

        1. All reports are written as bytes, before anything is stored.
        2. The right to write is taken for every ledger concerned.
        3. The reports are stored. Where several ledgers get new ones, these are first written down
           whole beside them, so that the batch enters all of the ledgers or none.
        4. The ledgers commit, from public to sealed.

        When this returns, everything is on disk. Should the machine stop before, then whoever opens
        a ledger next completes it or finds it as it was; nothing needs a repair by hand.

        Raises
        ------
        LedgerError
            A ledger cannot be opened or written.
        ValueError
            `recorded_at` has no offset, or a report's id is not that of its channel and key.
        """

        def written() -> Iterator[tuple[Handling, NewEntry]]:
            for report in reports:
                if report.id != report_id(report.channel, report.key):
                    raise ValueError(f"{report.id} is not the id of its channel and key")
                yield report.handling, NewEntry(report.id, encode(report))

        return self.record_written(written(), recorded_by, recorded_at)

    def record_written(
        self,
        written: Iterable[tuple[Handling, NewEntry]],
        recorded_by: str,
        recorded_at: datetime,
    ) -> Appended:
        """Record reports that came through the door and are canonical bytes already; see `record`."""
        moment = stamp(recorded_at)
        arrivals: dict[Handling, list[Arrival]] = {}
        for handling, new in written:
            arrival = Arrival(new.id, new.body, moment, recorded_by)
            arrivals.setdefault(handling, []).append(arrival)
        return self._write(arrivals, recorded_by)

    def entries(self, clearance: Handling) -> tuple[Entry, ...]:
        """Return all entries that a viewer of this clearance may see, ledger after ledger."""
        return tuple(entry for one in self._ledgers(clearance) for entry in one.entries())

    def called(
        self, names: Iterable[tuple[Handling, ReportId]]
    ) -> dict[tuple[Handling, ReportId], Report[Any]]:
        """Return the reports of these handlings and ids, of several contents the last recorded.

        Each is looked for in the ledger of its handling alone: that a higher one holds the same id
        tells nobody anything.
        """
        found: dict[tuple[Handling, ReportId], Report[Any]] = {}
        wanted: dict[Handling, list[ReportId]] = {}
        for handling, name in names:
            wanted.setdefault(handling, []).append(name)
        for handling, given in wanted.items():
            ledger = self.ledger(handling)
            for start in range(0, len(given) if ledger is not None else 0, _PORTION):
                assert ledger is not None
                entries = ledger.called(given[start : start + _PORTION])
                found |= {(handling, entry.report.id): entry.report for entry in entries}
        return found

    def stored(self, clearance: Handling = "sealed") -> Iterator[StoredEntry]:
        """Yield those entries as they are stored, unchecked, ledger after ledger."""
        for one in self._ledgers(clearance):
            yield from one.stored()

    def merge(
        self,
        other: Compartments | Iterable[StoredEntry],
        ready: Callable[[], object] = lambda: None,
    ) -> Merged:
        """Add what another copy holds and this one does not: the union by id and content.

        Whatever order copies are merged in, the same reports result. The other side's times and
        names of recording are kept; a report that both sides recorded keeps those of this side.

        Parameters
        ----------
        other
            The ledgers of another copy, or all entries of some, such as `corridor.ledger.dump.load`
            yields. They are read to the end and checked before anything is stored.
        ready
            Called once that is done and the right to write is held, last before anything is stored.
            What it raises leaves the ledgers as they were.

        Raises
        ------
        LedgerDamaged
            The other side is damaged; nothing of it was taken.
        """
        source = other.stored() if isinstance(other, Compartments) else other
        arrivals: dict[Handling, list[Arrival]] = {}
        problems: list[Problem] = []
        for handling, group in groupby(source, key=lambda entry: entry.handling):
            taken = arrivals.setdefault(handling, [])
            for entry, wrong in checked(group, handling):
                problems.extend(wrong)
                taken.append(Arrival(entry.id, entry.body, entry.recorded_at, entry.recorded_by))
        if problems:
            raise LedgerDamaged(problems)
        done = self._write(arrivals, "merge", ready)
        return Merged(done.accepted, done.already, done.beside, tuple(arrivals))

    def verify(
        self,
        heads: Mapping[Handling, str] = _NO_HEADS,
        progress: Callable[[int], object] | None = None,
        *,
        clearance: Handling = "sealed",
    ) -> Mapping[Handling, Verification]:
        """Check every ledger up to a clearance; see `Ledger.verify`.

        Of one that nobody gives the passphrase of, what can be checked without is.

        Parameters
        ----------
        heads
            For some handlings, a digest that their ledger once had as its head. A ledger that is
            missing although a head of it is known is a problem.
        progress
            Called now and then with the number of entries read so far of one ledger.
        """
        ledgers: list[Ledger] = []
        for handling in self.handlings(clearance):
            try:
                ledgers.append(self._unlocked(handling, "try"))
            except LedgerLocked:
                ledgers.append(self._found(handling))
        there = zip(ledgers, verified(ledgers, heads, progress), strict=True)
        checks = {ledger.handling: check for ledger, check in there}
        found: dict[Handling, Verification] = {}
        for handling in HANDLINGS:
            head = heads.get(handling)
            if handling in checks:
                found[handling] = checks[handling]
            elif head is not None and clears(clearance, handling):
                gone = () if head == genesis(handling) else (missing_head(handling, head),)
                found[handling] = Verification(0, Head(0, genesis(handling)), gone)
        return MappingProxyType(found)

    def _write(
        self,
        arrivals: Mapping[Handling, Sequence[Arrival]],
        role: str,
        ready: Callable[[], object] = lambda: None,
    ) -> Appended:
        concerned = [handling for handling in HANDLINGS if arrivals.get(handling)]
        if concerned:
            self.folder.mkdir(parents=True, exist_ok=True)
        # Passphrases are asked for before anybody has to wait, and before anything is made.
        ledgers = {h: self._unlocked(h, "open", create=True) for h in reversed(concerned)}
        done: list[Appended] = []
        with ExitStack() as stack:
            # Everyone takes the ledgers in the same order, so that no two wait for each other.
            writers = {
                handling: stack.enter_context(ledgers[handling].writing(role))
                for handling in concerned
            }
            ready()
            done.extend(write(arrivals[handling]) for handling, write in writers.items())
            self._commit(writers)
        return Appended(
            sum(one.accepted for one in done),
            sum(one.already for one in done),
            tuple(name for one in done for name in one.beside),
        )

    def _commit(self, writers: Mapping[Handling, Writing]) -> None:
        added = {handling: write.added for handling, write in writers.items() if write.added}
        if len(added) < 2:
            # One ledger takes its reports all or none by itself.
            for write in writers.values():
                write.commit()
            return
        batch = batches.write_down(
            self.folder,
            added,
            lambda handling, what, content: self._found(handling).hidden(what, content),
        )
        try:
            for write in writers.values():
                write.commit()
        except LedgerError as error:
            raise LedgerError(
                f"{self.folder}: the disk is full or failing; the whole batch is kept beside the "
                "ledgers and enters them by itself when they are next opened; free some space first"
            ) from error
        batches.finish(self.folder, batch)

    def _ledgers(self, clearance: Handling) -> Iterator[Ledger]:
        for handling in self.handlings(clearance):
            yield self._unlocked(handling)

    def _unlocked(self, handling: Handling, need: Need = "open", *, create: bool = False) -> Ledger:
        ledger = self._found(handling, create=create)
        ledger.unlock(self._passphrases, need)
        ledger.complete()
        return ledger

    def _found(self, handling: Handling, *, create: bool = False) -> Ledger:
        if handling not in self._opened or not self._path(handling).exists():
            self._opened[handling] = Ledger.open(
                self._path(handling),
                handling,
                create=create,
                timeout_s=self._timeout_s,
                passphrases=self._passphrases,
            )
        return self._opened[handling]

    def _path(self, handling: Handling) -> Path:
        return self.folder / f"{handling}.sqlite"
