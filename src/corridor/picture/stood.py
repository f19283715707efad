"""Which reports stand, kept up while entries arrive and the moment they are known from moves on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from types import MappingProxyType
from typing import Any

from corridor.ledger.archive import Archive, Number, number_of
from corridor.ledger.snapshot import Snapshot
from corridor.picture.build import holds_always
from corridor.picture.rows import Row
from corridor.picture.unread import Over, Unread, UnreadMapping
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
    """What `visible`, `standing` and `digest_of` return of all entries so far.

    Attributes
    ----------
    known_at
        When the last of them was learned; None before any was.
    """

    def __init__(self, clearance: Handling) -> None:
        self._cleared = frozenset(HANDLINGS[: HANDLINGS.index(clearance) + 1])
        self._waiting: list[tuple[datetime, int, Entry]] = []
        self._numbers = count()
        self._archive: Archive | None = None
        self._kept: MutableMapping[ReportId, Entry] = {}
        self._used: MutableMapping[ReportId, Report[Any]] = {}
        self._several: MutableMapping[ReportId, list[Entry]] = {}
        self._conflicts: MutableMapping[ReportId, tuple[Finding, ...]] = {}
        self._referring: dict[ReportId, Entry] = {}
        self._referring_kept: list[Number] = []
        self._referred: set[ReportId] = set()
        self._lines: dict[str, list[str]] = {}
        self._portions: dict[str, str] = {}
        self._struck: dict[ReportId, ReportId] = {}
        self._odd: tuple[Finding, ...] = ()
        self._standing: MutableMapping[ReportId, Report[Any]] = {}
        self._row = Row()
        self._here: dict[ReportId, Report[Any]] = {}
        self._stands: Callable[[ReportId], Report[Any] | None] | None = None
        self.digest = digest_of_portions({})
        self.reports: Mapping[ReportId, Report[Any]] = MappingProxyType({})
        self.struck: Sequence[tuple[Report[Any], ReportId]] = ()
        self.findings: tuple[Finding, ...] = ()
        self.known_at: datetime | None = None

    @property
    def waiting(self) -> Sequence[Entry]:
        """What was taken in and is not known yet."""
        return [entry for _, _, entry in self._waiting]

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
        learned: list[Entry] = []
        while self._waiting and self._waiting[0][0] <= known_at:
            self.known_at, _, entry = heappop(self._waiting)
            learned.append(entry)
        self._look_up(learned)
        changed: dict[ReportId, None] = {}
        stale: set[str] = set()
        for entry in learned:
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

    def kept(self, name: ReportId) -> Report[Any] | None:
        """Return a report that stood in the snapshot; None where none of that id did."""
        return None if self._stands is None else self._stands(name)

    def number(self, name: ReportId) -> Number:
        """Return the number of the entry used of an id."""
        return number_of(self._kept[name])

    def save(self) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        self._read_referring()
        return {
            "known_at": None if self.known_at is None else self.known_at.isoformat(),
            "waiting": [number_of(entry) for entry in self.waiting],
            "portions": self._portions,
            "standing": self._row.numbers(self.number),
            "several": list(self._several),
            "referring": [number_of(entry) for entry in self._referring.values()],
            "referred": list(self._referred),
            "struck": [[report.id, by] for report, by in self.struck],
        }

    def restore(self, kept: Snapshot, archive: Archive) -> None:
        """Take what was saved."""
        self._archive = archive
        self.wait(archive.waiting)
        known_at = kept["known_at"]
        self.known_at = None if known_at is None else datetime.fromisoformat(known_at)
        several = dict.fromkeys(kept["several"])
        struck = dict(kept["struck"])

        def report(name: ReportId) -> Report[Any] | None:
            entry = archive.used(name)
            return None if entry is None else entry.report

        def contents(name: ReportId) -> list[Entry] | None:
            return archive.called([name])[name] if name in several else None

        def stands(name: ReportId) -> Report[Any] | None:
            found = None if name in struck else report(name)
            return None if found is None or found.retracts is not None else found

        self._kept, self._used, self._standing = Over(archive.used), Over(report), Over(stands)
        self._several = Over(contents, several.keys)
        self._conflicts = Over(lambda name: conflicts(contents(name) or ()), several.keys)
        self._referring_kept = kept["referring"]
        self._referred = set(kept["referred"])
        self._portions = kept["portions"]
        self.digest = digest_of_portions(self._portions)
        self._struck = struck
        self.struck = Unread(lambda: _struck_reports(struck, report, archive), len(struck))
        self._stands, self._row = stands, Row(archive, kept["standing"])
        self.reports = self._reports_now()

    def _look_up(self, learned: list[Entry]) -> None:
        """Read all at once what the archive holds of the same ids and portions."""
        if self._archive is not None and learned:
            self._archive.look_up({entry.report.id for entry in learned})
            portions = {line_of(entry)[:PORTION] for entry in learned} - self._lines.keys()
            self._lines.update(self._archive.lines(portions))

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
            # A name that nobody mentions any more stays among them, and that is harmless.
            self._referred.update(_names(entry.report))

    def _forget(self, report: Report[Any]) -> None:
        self._read_referring()
        self._referring.pop(report.id, None)

    def _read_referring(self) -> None:
        if self._archive is not None and self._referring_kept:
            read = self._archive.entries(self._referring_kept)
            self._referring = {**{entry.report.id: entry for entry in read}, **self._referring}
            self._referring_kept = []

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
        self._read_referring()
        if self._archive is not None:
            named = [name for entry in self._referring.values() for name in _names(entry.report)]
            self._archive.look_up(named)
        referring = sorted(self._referring.values(), key=arrival)
        self._struck, self._odd = strikes([entry.report for entry in referring], self._used)
        self.findings = (
            *(finding for found in self._conflicts.values() for finding in found),
            *self._odd,
        )
        self.struck = _struck_reports(self._struck, self._used.get, self._archive)
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
        follows = self._row.change(gone, come)
        # A new mapping each time: the pictures handed out before keep theirs.
        added = come if follows else self._row.here()
        self._here = (self._here if follows else {}) | {report.id: report for report in added}
        self.reports = self._reports_now()

    def _reports_now(self) -> Mapping[ReportId, Report[Any]]:
        if self._stands is None:
            return MappingProxyType(self._here)
        stands, here, row, gone = self._stands, self._here, self._row.unread(), self._row.gone()

        def look(name: ReportId) -> Report[Any] | None:
            return here.get(name) or (None if name in gone else stands(name))

        names = UnreadMapping(look, lambda: (report.id for report in row), len(row))
        return MappingProxyType(names)


class Begun:
    """Of the reports that stand, those that speak about the moment asked for or before.

    Attributes
    ----------
    since
        No moment before this one may be asked for: what begins by then lies in a snapshot. None where
        any may.
    """

    def __init__(self) -> None:
        self.since: datetime | None = None
        self._at: datetime | None = None
        self._begins: list[tuple[datetime, ReportId]] = []
        self._timed: dict[ReportId, Report[Any]] = {}

    def begun(self) -> datetime | None:
        """Return when the last report begins of those that speak about the moment asked for."""
        place = 0 if self._at is None else bisect_right(self._begins, (self._at, _LAST))
        last = [begins for begins, _ in self._begins[:place][-1:]]
        return max([*last, *([] if self.since is None else [self.since])], default=None)

    def later(self) -> Sequence[ReportId]:
        """Return the reports that begin after it."""
        place = 0 if self._at is None else bisect_right(self._begins, (self._at, _LAST))
        return [name for _, name in self._begins[place:]]

    def restore(self, since: datetime | None, later: Iterable[Report[Any]]) -> None:
        """Take what was saved: until when all that stands has begun, and what begins later."""
        self.since = self._at = since
        for report in later:
            self._timed[report.id] = report
        self._begins = sorted((report.begins, report.id) for report in self._timed.values())

    def move(
        self, at: datetime, gone: Iterable[Report[Any]], come: Iterable[Report[Any]]
    ) -> tuple[list[Report[Any]], list[Report[Any]]]:
        """Go to a moment with what changed; return the reports that leave, and those that enter."""
        left: list[Report[Any]] = []
        entered: list[Report[Any]] = []
        for report in gone:
            if holds_always(report) or report.id not in self._timed:
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


def _struck_reports(
    struck: Mapping[ReportId, ReportId],
    report: Callable[[ReportId], Report[Any] | None],
    archive: Archive | None,
) -> tuple[tuple[Report[Any], ReportId], ...]:
    if archive is not None:
        archive.look_up(struck)
    found = (one for one in map(report, struck) if one is not None)
    ordered = sorted(found, key=lambda report: report.order)
    return tuple((report, struck[report.id]) for report in ordered)


def _insert(ordered: list[Any], more: list[Any]) -> None:
    """Insert sorted items into a sorted list: one by one where there are few, else sorted as a whole."""
    if len(more) * 20 > len(ordered):
        ordered.extend(more)
        ordered.sort()
    else:
        for item in more:
            insort(ordered, item)
