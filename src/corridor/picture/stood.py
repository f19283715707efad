"""Which reports stand, kept up while entries arrive and the moment they are known from moves on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from types import MappingProxyType
from typing import Any

from corridor.picture.build import holds_always
from corridor.report import (
    HANDLINGS,
    PORTION,
    Entry,
    Handling,
    Report,
    arrival,
    conflicts,
    digest_of_portions,
    line_of,
    portion_of,
    refers,
    strikes,
)
from corridor.values import Finding, ReportId

_LAST = ReportId("\U0010ffff")


class Stood:
    """What `visible`, `standing` and `digest_of` return of all entries so far."""

    def __init__(self, clearance: Handling) -> None:
        self._cleared = frozenset(HANDLINGS[: HANDLINGS.index(clearance) + 1])
        self._waiting: list[tuple[datetime, int, Entry]] = []
        self._numbers = count()
        self._kept: dict[ReportId, Entry] = {}
        self._used: dict[ReportId, Report[Any]] = {}
        self._several: dict[ReportId, list[Entry]] = {}
        self._conflicts: dict[ReportId, tuple[Finding, ...]] = {}
        self._referring: dict[ReportId, Entry] = {}
        self._referred: Counter[ReportId] = Counter()
        self._lines: dict[str, list[str]] = {}
        self._portions: dict[str, str] = {}
        self._struck: dict[ReportId, ReportId] = {}
        self._odd: tuple[Finding, ...] = ()
        self._standing: dict[ReportId, Report[Any]] = {}
        self._order: list[tuple[datetime, datetime, ReportId]] = []
        self.digest = digest_of_portions({})
        self._reports: dict[ReportId, Report[Any]] = {}
        self.reports: Mapping[ReportId, Report[Any]] = MappingProxyType(self._reports)
        self.struck: tuple[tuple[Report[Any], ReportId], ...] = ()
        self.findings: tuple[Finding, ...] = ()

    def wait(self, entries: Iterable[Entry]) -> None:
        """Take entries in; each counts once the moment it was learned has come."""
        for entry in entries:
            if entry.report.handling in self._cleared:
                item = (entry.report.learned_at, next(self._numbers), entry)
                heappush(self._waiting, item)

    def learn(self, known_at: datetime) -> tuple[list[Report[Any]], list[Report[Any]]]:
        """Take what was learned by a moment; return the reports that no longer stand, and those that now do.

        1. Each id and content is taken once; of several contents the first learned is used.
        2. Where a report that names another, or one that is named, is among them, who strikes whom
           is found anew; there are few of those.
        3. What stands now and did not before, and the reverse, is put into order.
        """
        changed: dict[ReportId, None] = {}
        stale: set[str] = set()
        while self._waiting and self._waiting[0][0] <= known_at:
            entry = heappop(self._waiting)[2]
            portion = self._new_line(line_of(entry))
            if portion:
                stale.add(portion)
                self._keep(entry, changed)
        if not stale:
            return [], []
        is_new = not stale <= self._portions.keys()
        for portion in stale:
            self._portions[portion] = portion_of(self._lines[portion])
        if is_new:
            # In order, so that sorting them again with each report takes no time.
            self._portions = dict(sorted(self._portions.items()))
        self.digest = digest_of_portions(self._portions)
        candidates = {**changed, **dict.fromkeys(self._strike(changed))}
        gone, come = self._differences(candidates)
        self._put_in_order(gone, come)
        return gone, come

    def _new_line(self, line: str) -> str:
        portion = line[:PORTION]
        lines = self._lines.setdefault(portion, [])
        place = bisect_left(lines, line)
        if place < len(lines) and lines[place] == line:
            return ""
        lines.insert(place, line)
        return portion

    def _keep(self, entry: Entry, changed: dict[ReportId, None]) -> None:
        name = entry.report.id
        first = self._kept.get(name)
        if first is not None:
            several = self._several.setdefault(name, [first])
            several.append(entry)
            self._conflicts[name] = conflicts(several)
            changed.setdefault(name)
            if first is min(several, key=arrival):
                return
            self._forget(first.report)
        self._kept[name] = entry
        self._used[name] = entry.report
        changed.setdefault(name)
        if refers(entry.report):
            self._referring[name] = entry
            self._referred.update(_names(entry.report))

    def _forget(self, report: Report[Any]) -> None:
        if self._referring.pop(report.id, None) is not None:
            self._referred.subtract(_names(report))
            # A name that nobody mentions any more counts as changed once, and that is harmless.

    def _strike(self, changed: Iterable[ReportId]) -> set[ReportId]:
        """Find who strikes whom again, where that can have changed; return whose lot did."""
        names = set(changed)
        is_concerned = any(
            name in self._referring or name in self._referred or name in self._several
            for name in names
        )
        if not is_concerned:
            return set()
        before = self._struck
        referring = sorted(self._referring.values(), key=arrival)
        self._struck, self._odd = strikes([entry.report for entry in referring], self._used)
        self.findings = (
            *(finding for found in self._conflicts.values() for finding in found),
            *self._odd,
        )
        ordered = sorted((self._used[name] for name in self._struck), key=lambda r: r.order)
        self.struck = tuple((report, self._struck[report.id]) for report in ordered)
        return before.keys() ^ self._struck.keys()

    def _differences(
        self, candidates: Iterable[ReportId]
    ) -> tuple[list[Report[Any]], list[Report[Any]]]:
        gone: list[Report[Any]] = []
        come: list[Report[Any]] = []
        for name in candidates:
            before = self._standing.get(name)
            report = self._used[name]
            now = None if report.retracts is not None or name in self._struck else report
            if before is now:
                continue
            if before is not None:
                gone.append(before)
                del self._standing[name]
            if now is not None:
                come.append(now)
                self._standing[name] = now
        return gone, come

    def _put_in_order(self, gone: list[Report[Any]], come: list[Report[Any]]) -> None:
        if not gone and not come:
            return
        come.sort(key=lambda report: report.order)
        for report in gone:
            del self._order[bisect_left(self._order, report.order)]
        follows = not gone and (not self._order or come[0].order > self._order[-1])
        _insert(self._order, [report.order for report in come])
        if follows:
            added = {report.id: report for report in come}
            self._reports = self._reports | added
        else:
            standing = self._standing
            self._reports = {key[2]: standing[key[2]] for key in self._order}
        # A new mapping each time: the pictures handed out before keep theirs.
        self.reports = MappingProxyType(self._reports)


class Begun:
    """Of the reports that stand, those that speak about the moment asked for or before."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._begins: list[tuple[datetime, ReportId]] = []
        self._timed: dict[ReportId, Report[Any]] = {}

    def move(
        self, at: datetime, gone: Iterable[Report[Any]], come: Iterable[Report[Any]]
    ) -> tuple[list[Report[Any]], list[Report[Any]]]:
        """Go to a moment with what changed; return the reports that leave, and those that enter."""
        left: list[Report[Any]] = []
        entered: list[Report[Any]] = []
        for report in gone:
            if holds_always(report):
                left.append(report)
                continue
            del self._begins[bisect_left(self._begins, (report.begins, report.id))]
            del self._timed[report.id]
            if self._at is not None and report.begins <= self._at:
                left.append(report)
        before = 0 if self._at is None else bisect_right(self._begins, (self._at, _LAST))
        after = bisect_right(self._begins, (at, _LAST))
        entered.extend(self._timed[name] for _, name in self._begins[before:after])
        left.extend(self._timed[name] for _, name in self._begins[after:before])
        timed = []
        for report in come:
            if holds_always(report):
                entered.append(report)
                continue
            timed.append((report.begins, report.id))
            self._timed[report.id] = report
            if report.begins <= at:
                entered.append(report)
        _insert(self._begins, sorted(timed))
        self._at = at
        return left, entered


def _names(report: Report[Any]) -> tuple[ReportId, ...]:
    return tuple(n for n in (report.corrects, report.retracts, report.denies) if n)


def _insert(ordered: list[Any], more: list[Any]) -> None:
    """Insert sorted items into a sorted list: one by one where there are few, else sorted as a whole."""
    if len(more) * 20 > len(ordered):
        ordered.extend(more)
        ordered.sort()
    else:
        for item in more:
            insort(ordered, item)
