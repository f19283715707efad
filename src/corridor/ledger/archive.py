"""The reports that a snapshot leaves in the ledgers; they are read when somebody looks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from corridor.errors import LedgerError
from corridor.ledger.compartments import Compartments
from corridor.ledger.ledger import Ledger
from corridor.ledger.verification import Head
from corridor.report import HANDLINGS, PORTION, Entry, Handling, Report, arrival, line_of
from corridor.values import ReportId

# A report's number says its ledger, by place among the handlings, and its entry there.
Number = int
_LEDGERS = len(HANDLINGS)


def number_of(entry: Entry) -> Number:
    """Return the number by which a snapshot names an entry."""
    return entry.seq * _LEDGERS + HANDLINGS.index(entry.report.handling)


class Archive:
    """The entries of some ledgers up to the heads that a snapshot was made at.

    Parameters
    ----------
    waiting
        Numbers of the entries that were not known yet at that moment; they count as not there.
    """

    def __init__(
        self,
        ledgers: Compartments,
        heads: Mapping[Handling, Head],
        waiting: Iterable[Number] = (),
    ) -> None:
        self._ledgers = ledgers
        self._heads = heads
        self._read: dict[Number, Entry] = {}
        self._numbers: dict[ReportId, Number | None] = {}
        self.waiting = self._fetched(waiting)
        self._unknown = {line_of(entry) for entry in self.waiting}

    def entries(self, numbers: Collection[Number]) -> list[Entry]:
        """Return the entries with these numbers, each the one used of its id, in the order given."""
        missing = [number for number in numbers if number not in self._read]
        for entry in self._fetched(missing):
            self._keep(entry)
        return [self._read[number] for number in numbers]

    def reports(self, numbers: Collection[Number]) -> list[Report[Any]]:
        """Return the reports with these numbers, in the order given."""
        return [entry.report for entry in self.entries(numbers)]

    def called(self, names: Iterable[ReportId]) -> dict[ReportId, list[Entry]]:
        """Return all entries of reports with these ids, by id."""
        found: dict[ReportId, list[Entry]] = {name: [] for name in names}
        for handling, head in self._heads.items():
            for entry in self._ledger(handling).called(found, head.seq):
                if line_of(entry) not in self._unknown:
                    found[entry.report.id].append(entry)
        return found

    def used(self, name: ReportId) -> Entry | None:
        """Return the entry used of an id: of several contents the first learned; None for none."""
        self.look_up([name])
        number = self._numbers[name]
        return None if number is None else self._read[number]

    def look_up(self, names: Iterable[ReportId]) -> None:
        """Read the entries used of these ids, all at once."""
        wanted = [name for name in names if name not in self._numbers]
        if not wanted:
            return
        for name, found in self.called(wanted).items():
            self._numbers[name] = None
            if found:
                first = min(found, key=arrival)
                self._keep(self._read.get(number_of(first), first))

    def lines(self, portions: Collection[str]) -> dict[str, list[str]]:
        """Return the sorted lines of portions of the digest."""
        found: dict[str, list[str]] = {portion: [] for portion in portions}
        for handling, head in self._heads.items():
            for name, content in self._ledger(handling).contents(portions, head.seq):
                line = f"{name} {content}\n"
                if line not in self._unknown:
                    found[line[:PORTION]].append(line)
        for lines in found.values():
            lines.sort()
        return found

    def _keep(self, entry: Entry) -> None:
        number = number_of(entry)
        self._read[number] = entry
        self._numbers[entry.report.id] = number

    def _fetched(self, numbers: Iterable[Number]) -> list[Entry]:
        wanted: dict[Handling, list[int]] = {}
        for number in numbers:
            seq, place = divmod(number, _LEDGERS)
            wanted.setdefault(HANDLINGS[place], []).append(seq)
        return [entry for pair in wanted.items() for entry in self._of(*pair)]

    def _of(self, handling: Handling, numbers: list[int]) -> Iterator[Entry]:
        head = self._heads.get(handling)
        if head is None or max(numbers) > head.seq:
            raise LedgerError("a snapshot names an entry that its ledger did not hold")
        asked = set(numbers)
        for entry in self._ledger(handling).chosen({*asked, head.seq}):
            # Whoever still holds a picture of a ledger that was replaced must not be told of another.
            if entry.seq == head.seq and entry.digest != head.digest:
                raise _replaced(handling)
            if entry.seq in asked:
                asked.discard(entry.seq)
                yield entry
        if asked:
            raise _replaced(handling)

    def _ledger(self, handling: Handling) -> Ledger:
        ledger = self._ledgers.ledger(handling)
        if ledger is None:
            raise _replaced(handling)
        return ledger


def _replaced(handling: Handling) -> LedgerError:
    return LedgerError(f"the {handling} ledger was replaced while it was read; open it again")
