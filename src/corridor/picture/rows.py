"""Reports by subject, kept up while they come and go; those of a snapshot are read when needed."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from corridor.ledger.archive import Archive, Number
from corridor.picture.packing import key_of, read_key
from corridor.picture.unread import Unread
from corridor.report import Report
from corridor.values import ReportId

Order = tuple[datetime, datetime, ReportId]
# Into a row that is this many times longer, reports are put one by one.
_FEW = 20


class Row:
    """Reports in order of claims: those that lie in the archive, without some, and those here."""

    __slots__ = ("_archive", "_gone", "_here", "_there")

    def __init__(self, archive: Archive | None = None, there: Sequence[Number] = ()) -> None:
        self._archive = archive
        self._there = there
        self._gone: set[ReportId] = set()
        self._here: list[tuple[Order, Report[Any]]] = []

    def __len__(self) -> int:
        return len(self._there) - len(self._gone) + len(self._here)

    def put(self, report: Report[Any]) -> None:
        """Add a report."""
        item = (report.order, report)
        if not self._here or self._here[-1][0] < item[0]:
            self._here.append(item)
        else:
            insort(self._here, item)

    def take(self, report: Report[Any]) -> None:
        """Take a report out."""
        place = bisect_left(self._here, (report.order,))
        if place < len(self._here) and self._here[place][0] == report.order:
            del self._here[place]
        else:
            self._gone.add(report.id)

    def change(self, gone: Iterable[Report[Any]], come: Sequence[Report[Any]]) -> bool:
        """Take reports out and put others in; tell whether these follow all that are here."""
        follows = True
        for report in gone:
            self.take(report)
            follows = False
        if come and self._here and come[0].order < self._here[-1][0]:
            follows = False
        if len(come) * _FEW > len(self._here):
            self._here.extend((report.order, report) for report in come)
            self._here.sort(key=_order)
        else:
            for report in come:
                self.put(report)
        return follows

    def here(self) -> Iterator[Report[Any]]:
        """Return, in order, the reports that do not lie in the archive."""
        return (report for _, report in self._here)

    def gone(self) -> frozenset[ReportId]:
        """Return those that lie in the archive and were taken out."""
        return frozenset(self._gone)

    def read(self) -> tuple[Report[Any], ...]:
        """Return the reports; those in the archive are read."""
        if self._there:
            self._here = _merged(self._archive, self._there, self._gone, self._here)
            self._there, self._gone = (), set()
        return tuple(report for _, report in self._here)

    def unread(self) -> Sequence[Report[Any]]:
        """Return the reports as they are now, of which nothing is read before somebody looks."""
        if not self._there:
            return self.read()
        now = (self._archive, self._there, frozenset(self._gone), tuple(self._here))
        return Unread(lambda: (report for _, report in _merged(*now)), len(self))

    def first(self) -> Order:
        """Return the order of the first report."""
        if self._gone:
            self.read()
        firsts = [order for order, _ in self._here[:1]]
        if self._there and self._archive is not None:
            firsts.extend(report.order for report in self._archive.reports(self._there[:1]))
        return min(firsts)

    def numbers(self, number: Callable[[ReportId], Number]) -> list[Number]:
        """Return the numbers of the reports, in order; few of them are read for that."""
        without = {number(name) for name in self._gone}
        there = [n for n in self._there if n not in without] if without else list(self._there)
        archive = self._archive
        if archive is None or len(self._here) * _FEW > len(there):
            return [number(report.id) for report in self.unread()]
        place = len(there)
        for order, report in reversed(self._here):
            # What was put in already lies behind, and is not in the archive.
            place = bisect_left(there, order, hi=place, key=lambda n: archive.reports([n])[0].order)
            there.insert(place, number(report.id))
        return there

    def there(self) -> Sequence[Number]:
        """Return the numbers of what lies in the archive."""
        return self._there


class Rows:
    """Reports by subject, each subject's in order of claims; and the subjects that changed."""

    def __init__(self) -> None:
        self._rows: dict[Any, Row] = {}
        self._archive: Archive | None = None
        self._load: Callable[[], dict[str, list[Number]]] = dict
        self._loaded: dict[str, list[Number]] | None = None
        self.changed: set[Any] = set()

    def put(self, key: Any, report: Report[Any]) -> None:
        """Add a report to a subject."""
        row = self._row(key)
        if row is None:
            row = self._rows[key] = Row()
        row.put(report)
        self.changed.add(key)

    def take(self, key: Any, report: Report[Any]) -> None:
        """Take a report from a subject."""
        row = self._row(key)
        assert row is not None
        row.take(report)
        if not len(row):
            del self._rows[key]
        self.changed.add(key)

    def of(self, key: Any) -> tuple[Report[Any], ...]:
        """Return the reports of a subject."""
        row = self._row(key)
        return () if row is None else row.read()

    def unread(self, key: Any) -> Sequence[Report[Any]]:
        """Return the reports of a subject, of which nothing is read before somebody looks."""
        row = self._row(key)
        return () if row is None else row.unread()

    def read_ahead(self, keys: Iterable[Any]) -> None:
        """Read the reports of subjects that will be asked for one by one, all at once."""
        if self._archive is not None:
            rows = (self._row(key) for key in keys)
            self._archive.entries([n for row in rows if row is not None for n in row.there()])

    def in_order(self, keys: Iterable[Any]) -> list[Any]:
        """Return subjects in the order of their first reports."""
        found = {key: row for key in keys if (row := self._row(key)) is not None}
        if self._archive is not None:
            self._archive.entries([n for row in found.values() for n in row.there()[:1]])
        return sorted(found, key=lambda key: found[key].first())

    def first(self, key: Any) -> Order:
        """Return the place of a subject among others: the order of its first report."""
        row = self._row(key)
        assert row is not None
        return row.first()

    def __iter__(self) -> Iterator[Any]:
        for key in list(self._unread_rows):
            self._row(read_key(key))
        return iter(list(self._rows))

    def __contains__(self, key: object) -> bool:
        return self._row(key) is not None

    def drain(self) -> set[Any]:
        """Return the subjects that changed since the last call."""
        changed, self.changed = self.changed, set()
        return changed

    def save(self, number: Callable[[ReportId], Number]) -> dict[str, list[Number]]:
        """Return the numbers of the reports by subject, as JSON."""
        made = {key_of(key): row.numbers(number) for key, row in self._rows.items()}
        return self._unread_rows | made

    def restore(self, archive: Archive, load: Callable[[], dict[str, list[Number]]]) -> None:
        """Take what was saved; it is looked into when a subject is asked for."""
        self._archive = archive
        self._load, self._loaded = load, None

    @property
    def _unread_rows(self) -> dict[str, list[Number]]:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _row(self, key: Any) -> Row | None:
        row = self._rows.get(key)
        if row is None and self._archive is not None:
            numbers = self._unread_rows.pop(key_of(key), None)
            if numbers is not None:
                row = self._rows[key] = Row(self._archive, numbers)
        return row


def _merged(
    archive: Archive | None,
    there: Sequence[Number],
    gone: Collection[ReportId],
    here: Iterable[tuple[Order, Report[Any]]],
) -> list[tuple[Order, Report[Any]]]:
    read = () if archive is None else archive.reports(there)
    # Both parts are in order, so that sorting goes through them once.
    return sorted([*((r.order, r) for r in read if r.id not in gone), *here], key=_order)


def _order(item: tuple[Order, Report[Any]]) -> Order:
    return item[0]
