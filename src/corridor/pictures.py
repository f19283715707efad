"""The pictures of an operation: kept up while its ledgers grow, and opened with a snapshot.

What is kept here is a cache. It is bound to the heads that the ledgers had, and dropped where they
have others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, Generic, Protocol, TypeVar

from corridor.ledger import Compartments, Head
from corridor.ledger.archive import Archive, number_of
from corridor.ledger.snapshot import Snapshot, find, forget_orphans, write
from corridor.picture import Picture, picture
from corridor.picture.incremental import Memory
from corridor.reading import DECLARES, declared_by
from corridor.registers import general
from corridor.report import Entry, Handling, clears, standing, visible

# With fewer entries than this, reading them all takes less time than anyone notices.
_LEAST = 5_000
# A new snapshot is written once one entry in so many is not in the last one.
_SHARE = 200


class Declared:
    """What the entries of an operation declare: codes, and the rules as they were recorded.

    Attributes
    ----------
    codes
        What is known by code, such as places, and the codes.
    """

    def __init__(self) -> None:
        self.codes: dict[str, set[str]] = {
            what: set() for fields in DECLARES.values() for _, what in fields
        }
        self._rules: list[Entry] = []

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in entries that were not taken in before."""
        for entry in entries:
            said = entry.report.statement
            for what, code in declared_by(said):
                self.codes[what].add(code)
            if isinstance(said, general.Setting):
                self._rules.append(entry)

    def settings(self, clearance: Handling, now: datetime) -> general.Settings:
        """Return the rules recorded last, as far as a clearance sees them."""
        last = max((entry.report.learned_at for entry in self._rules), default=now)
        known = visible(self._rules, known_at=last, clearance=clearance)
        return general.fold(standing(known).reports).settings

    def save(self) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        codes = {what: sorted(known) for what, known in self.codes.items()}
        return {"codes": codes, "rules": [number_of(entry) for entry in self._rules]}

    @classmethod
    def restore(cls, kept: Snapshot, ledgers: Compartments) -> Declared:
        """Return what was saved."""
        made = cls()
        made.codes |= {what: set(known) for what, known in kept["codes"].items()}
        made._rules = Archive(ledgers, kept.heads).entries(kept["rules"])
        return made


class _Follows(Protocol):
    def add(self, entries: Iterable[Entry]) -> object: ...


F = TypeVar("F", bound=_Follows)


class _Following(Generic[F]):
    """Something that takes in entries, and the heads up to which it has.

    Attributes
    ----------
    saved
        How many entries are in the snapshot it came from or was saved to.
    """

    def __init__(self, follows: F, taken: Mapping[Handling, Head]) -> None:
        self.follows = follows
        self.taken = dict(taken)
        self.saved = self.count

    @property
    def count(self) -> int:
        """How many entries it has taken in."""
        return sum(head.seq for head in self.taken.values())


class Pictures:
    """The pictures of one operation, and what entering a report needs to know of it.

    Parameters
    ----------
    ledgers
        What they are pictures of.
    least
        How many entries there must be for a snapshot to be written.
    """

    def __init__(self, ledgers: Compartments, *, least: int = _LEAST) -> None:
        self._ledgers = ledgers
        self._least = least
        self._read: dict[Handling, list[Entry]] = {}
        self._entries: dict[tuple[Any, ...], tuple[Entry, ...]] = {}
        self._snapshots: dict[Handling, Snapshot] = {}
        self._memories: dict[Handling, _Following[Memory]] = {}
        self._declared: dict[Handling, _Following[Declared]] = {}
        self._last: dict[tuple[Any, ...], Picture] = {}
        forget_orphans(ledgers)

    def picture(self, at: datetime, known_at: datetime, clearance: Handling) -> Picture:
        """Return a picture; what was folded for an earlier one, or for a snapshot, is not again.

        It is folded from the start where what is asked about lies before what is kept.
        """
        kept = self._followed(self._memories, clearance, _memory)
        key = (at, known_at, clearance, tuple(kept.taken.items()))
        if key in self._last:
            return self._last[key]
        if kept.follows.tells(at, known_at):
            view = kept.follows.picture(at=at, known_at=known_at)
            self._save(kept, clearance)
        else:
            entries = self.entries(clearance)
            view = picture(entries, at=at, known_at=known_at, clearance=clearance)
        self._last = {key: view}
        return view

    def entries(self, clearance: Handling) -> tuple[Entry, ...]:
        """Return all entries up to a clearance."""
        there = self._there(clearance)
        key = (clearance, tuple(there.items()))
        if key not in self._entries:
            read = (self._whole(handling, head) for handling, head in there.items())
            self._entries = {key: tuple(chain.from_iterable(read))}
        return self._entries[key]

    def declared(self, clearance: Handling) -> Declared:
        """Return what the entries up to a clearance declare."""
        return self._followed(self._declared, clearance, _declared).follows

    def _followed(
        self,
        following: dict[Handling, _Following[F]],
        clearance: Handling,
        make: Callable[[Handling, Snapshot | None, Compartments], F],
    ) -> _Following[F]:
        """Return what follows the entries up to a clearance, once it has taken in all of them."""
        there = self._there(clearance)
        kept = following.get(clearance)
        if kept is None:
            snapshot = self._snapshots.get(clearance) or find(self._ledgers, clearance)
            if snapshot is not None:
                self._snapshots[clearance] = snapshot
            heads = {} if snapshot is None else snapshot.heads
            kept = following[clearance] = _Following(
                make(clearance, snapshot, self._ledgers), heads
            )
        for handling, head in there.items():
            before = kept.taken.get(handling)
            if head.seq and (before is None or before.digest != head.digest):
                fresh = self._after(handling, 0 if before is None else before.seq, head)
                kept.follows.add(fresh)
                kept.taken[handling] = Head(fresh[-1].seq, fresh[-1].digest)
        return kept

    def _there(self, clearance: Handling) -> Mapping[Handling, Head]:
        """Return the heads of the ledgers; forget everything if they hold others than before.

        That is so where another copy was put in a ledger's place, or a ledger is gone.
        """
        there = self._ledgers.heads(clearance)
        taken = [(h, Head(read[-1].seq, read[-1].digest)) for h, read in self._read.items() if read]
        for memory in self._memories.values():
            taken.extend(memory.taken.items())
        for declared in self._declared.values():
            taken.extend(declared.taken.items())
        for handling, head in dict.fromkeys(taken):
            if clears(clearance, handling) and not self._holds(handling, head, there):
                self._forget()
                break
        return there

    def _forget(self) -> None:
        self._read.clear()
        self._entries.clear()
        self._snapshots.clear()
        self._memories.clear()
        self._declared.clear()
        self._last.clear()
        forget_orphans(self._ledgers)

    def _holds(self, handling: Handling, head: Head, there: Mapping[Handling, Head]) -> bool:
        if handling not in there:
            return False
        if head == there[handling]:
            return True
        ledger = self._ledgers.ledger(handling)
        stored = None if ledger is None else next(ledger.stored(head.seq - 1, head.seq), None)
        return stored is not None and stored.digest == head.digest

    def _after(self, handling: Handling, seq: int, head: Head) -> Sequence[Entry]:
        """Return the entries after a number; those of a ledger read from the start are kept."""
        if seq == 0 or handling in self._read:
            whole = self._whole(handling, head)
            return whole[bisect_right(whole, seq, key=lambda entry: entry.seq) :]
        ledger = self._ledgers.ledger(handling)
        return () if ledger is None else tuple(ledger.entries(seq))

    def _whole(self, handling: Handling, head: Head) -> list[Entry]:
        known = self._read.setdefault(handling, [])
        last = known[-1].seq if known else 0
        ledger = self._ledgers.ledger(handling)
        if last < head.seq and ledger is not None:
            known.extend(ledger.entries(last))
        return known

    def _save(self, kept: _Following[Memory], clearance: Handling) -> None:
        """Write a snapshot where that will spare reading much."""
        count = kept.count
        if count < self._least or (count - kept.saved) * _SHARE <= count:
            return
        # What is still ahead of the moment asked about would be read at every opening.
        if kept.follows.ahead * _SHARE > count:
            return
        declared = self._followed(self._declared, clearance, _declared)
        if declared.taken == kept.taken:
            sections = {**kept.follows.save(), **declared.follows.save()}
            write(self._ledgers, kept.taken, sections)
            kept.saved = count


def _memory(clearance: Handling, kept: Snapshot | None, ledgers: Compartments) -> Memory:
    return Memory(clearance) if kept is None else Memory.restore(clearance, kept, ledgers)


def _declared(_: Handling, kept: Snapshot | None, ledgers: Compartments) -> Declared:
    return Declared() if kept is None else Declared.restore(kept, ledgers)
