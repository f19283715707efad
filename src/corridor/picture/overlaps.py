"""Announcements that may speak of one cargo: flagged side by side, never added."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any, TypeVar

from corridor.claims import in_unit
from corridor.ledger.archive import Archive
from corridor.ledger.snapshot import Snapshot
from corridor.picture.exchanges import exchanges, labelled
from corridor.picture.packing import packed, unpacked
from corridor.picture.unread import Over
from corridor.registers.general import Settings
from corridor.registers.geography import Geography
from corridor.registers.supply import Commodity, Supply, kin
from corridor.report import Report
from corridor.units import Unit
from corridor.values import CommodityCode, Finding, PlaceCode, Quantity, ReportId, named

# Two figures may be one cargo when their ranges, widened by this share, meet.
_TOLERANCE = Decimal("0.25")
_WIDE = 1 + _TOLERANCE
# Pairs of one good, destination and day above which announcements are not compared one by one.
_MOST_PAIRS = 10_000
_FIRST = datetime(1, 1, 2, tzinfo=UTC)

C = TypeVar("C", CommodityCode, PlaceCode)
# What a snapshot keeps of links.
LINKS_KEPT = ("lanes", "links", "groups", "floods")
Lane = tuple[CommodityCode, PlaceCode]
Cell = tuple[CommodityCode, PlaceCode, date]


def overlaps(supply: Supply, geography: Geography, settings: Settings) -> tuple[Finding, ...]:
    """Return findings on announcements that may be one cargo.

    1. Only single movements that are not promises, and not two different waybills, are compared.
    2. Two of them may be one cargo when their goods are the same or one is part of the other,
       one's destination is or lies within the other's, their times lie within
       `double_count_days`, and their amounts, widened by a quarter, meet.
    3. What hangs together becomes one finding: by several claimants a likely double count, by one
       claimant an announcement carried several times.
    4. Where one good to one destination is announced so often on one day that there are more than
       10,000 pairs to compare, those without a waybill are not compared but told as one flood.
    """
    flows = [report for report in supply.consignments if is_flow(report)]
    links = Links(supply.commodities, geography, settings)
    for report in flows:
        links.add(report)
    return (*links.findings(), *exchanges(flows, settings.time_zone))


def is_flow(report: Report[Any]) -> bool:
    """Tell whether a consignment report speaks of a single movement and does not promise it."""
    return report.statement.measure == "flow" and report.speech_act != "promised"


def lies_within(place: PlaceCode, other: PlaceCode, geography: Geography) -> bool:
    """Tell whether a place is another or lies within it, by the places' own declarations."""
    step: PlaceCode | None = place
    seen: set[PlaceCode] = set()
    while step is not None and step not in seen:
        if step == other:
            return True
        seen.add(step)
        known = geography.places.get(step)
        step = known.within if known else None
    return False


class Links:
    """Which announcements may be one cargo, kept up while reports come and go.

    Findings depend on the reports that are in, never on the order in which they came.
    """

    def __init__(
        self,
        commodities: Mapping[CommodityCode, Commodity],
        geography: Geography,
        settings: Settings,
    ) -> None:
        self._commodities = commodities
        self._geography = geography
        self._zone = settings.time_zone
        self._apart = timedelta(days=float(settings.double_count_days))
        self._archive: Archive | None = None
        self._reports: MutableMapping[ReportId, Report[Any]] = {}
        self._lanes: dict[Lane, _Lane] = {}
        self._kin: dict[CommodityCode, set[CommodityCode]] = {}
        self._around: dict[PlaceCode, set[PlaceCode]] = {}
        self._linked: MutableMapping[ReportId, set[ReportId]] = {}
        self._cells: MutableMapping[Cell, tuple[set[ReportId], set[ReportId]]] = {}
        self._floods: dict[Cell, Finding | None] = {}
        self._group_of: dict[ReportId, ReportId] = {}
        self._groups: dict[ReportId, set[ReportId]] = {}
        self._touched: set[ReportId] = set()
        self._gone: set[Cell] = set()

    def add(self, report: Report[Any]) -> None:
        """Take a report in."""
        self._reports[report.id] = report
        cell = _cell_of(report)
        plain, coded = self._cells.setdefault(cell, (set(), set()))
        was = _is_flood(plain, coded)
        (plain if _is_plain(report) else coded).add(report.id)
        self._turn(report, cell, was=was)
        if not (_is_plain(report) and _is_flood(plain, coded)):
            self._link(report)

    def remove(self, report: Report[Any]) -> None:
        """Take a report out again."""
        cell = _cell_of(report)
        plain, coded = self._cells[cell]
        was = _is_flood(plain, coded)
        self._unlink(report)
        del self._reports[report.id]
        (plain if _is_plain(report) else coded).discard(report.id)
        self._turn(report, cell, was=was)

    def findings(self) -> tuple[Finding, ...]:
        """Return what hangs together, and the floods."""
        found: dict[Any, Finding | None] = dict(self.changes())
        return tuple(finding for finding in found.values() if finding is not None)

    def changes(self) -> Iterator[tuple[Any, Finding | None]]:
        """Yield what was found since the last call, by where it comes from, and what no longer is."""
        for cell, flood in self._floods.items():
            if flood is None:
                self._floods[cell] = found = _flood(cell, self._all(self._cells[cell][0]))
                yield ("flood", cell), found
        yield from ((("flood", cell), None) for cell in self._gone - self._floods.keys())
        stale = set(self._touched)
        for name in self._touched:
            if name in self._group_of:
                stale |= self._groups[self._group_of[name]]
        before: set[ReportId] = set()
        for name in stale:
            start = self._group_of.pop(name, None)
            if start is not None and self._groups.pop(start, None) is not None:
                before.add(start)
        for name in stale:
            if name in self._linked and name not in self._group_of:
                finding = self._group(name)
                if finding is not None:
                    before.discard(name)
                    yield ("group", name), finding
        yield from ((("group", start), None) for start in before)
        self._touched.clear()
        self._gone.clear()

    def sources(self) -> Iterator[tuple[Any, ...]]:
        """Return where findings come from now."""
        yield from (("group", start) for start, group in self._groups.items() if len(group) > 1)
        yield from (("flood", cell) for cell in self._floods)

    def save(self) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        groups = [[start, *(members - {start})] for start, members in self._groups.items()]
        flooded = [
            [packed(cell), *map(list, self._cells[cell]), packed(found)]
            for cell, found in self._floods.items()
        ]
        return {
            "lanes": [[*key, *lane.save()] for key, lane in self._lanes.items()],
            "links": {name: list(found) for name, found in self._linked.items() if found},
            "groups": [group for group in groups if len(group) > 1],
            "floods": flooded,
        }

    def restore(self, kept: Snapshot, archive: Archive) -> None:
        """Take what was saved; reports are read where they come near to another."""
        self._archive = archive
        links: dict[ReportId, list[ReportId]] = kept["links"]
        told: set[ReportId] = set()
        for commodity, destination, *lists in kept["lanes"]:
            lane = self._new_lane((commodity, destination))
            lane.restore(lists)
            told.update(lane.names())
        flooded = {unpacked(cell): found for cell, *found in kept["floods"]}

        def in_cell(cell: Cell) -> tuple[set[ReportId], set[ReportId]] | None:
            if cell in flooded:
                return (set(flooded[cell][0]), set(flooded[cell][1]))
            near = self._lanes.get(cell[:2])
            return None if near is None else near.on(cell[2])

        def linked(name: ReportId) -> set[ReportId] | None:
            return set(links.get(name, ())) if name in told else None

        def report(name: ReportId) -> Report[Any] | None:
            entry = archive.used(name)
            return None if entry is None else entry.report

        self._reports, self._linked = Over(report), Over(linked, lambda: told)
        self._cells = Over(in_cell)
        self._floods = {cell: unpacked(found[2]) for cell, found in flooded.items()}
        for group in kept["groups"]:
            self._groups[group[0]] = set(group)
            self._group_of.update(dict.fromkeys(group, group[0]))

    def _turn(self, report: Report[Any], cell: Cell, *, was: bool) -> None:
        """Unlink what became part of a flood, or link what is no longer."""
        plain, coded = self._cells[cell]
        is_now = _is_flood(plain, coded)
        if is_now:
            self._floods[cell] = None
        elif was:
            del self._floods[cell]
            self._gone.add(cell)
        if is_now == was:
            return
        for name in plain - {report.id}:
            if is_now:
                self._unlink(self._reports[name])
            else:
                self._link(self._reports[name])

    def _link(self, report: Report[Any]) -> None:
        lane = self._lane_of(report)
        start, end = report.begins - self._apart, report.as_of + self._apart
        is_plain = _is_plain(report)
        near = [
            name
            for other in self._near_to(lane.key)
            for name in other.between(start, end, with_coded=is_plain)
        ]
        found = {
            other.id
            for other in self._all(near)
            if other.as_of >= start and self._is_one(report, other)
        }
        lane.add(report)
        self._linked[report.id] = found
        for name in found:
            self._linked[name].add(report.id)
        self._touched |= {report.id, *found}

    def _unlink(self, report: Report[Any]) -> None:
        linked = self._linked.pop(report.id, None)
        if linked is None:
            return
        self._lane_of(report).remove(report)
        for name in linked:
            self._linked[name].discard(report.id)
        self._touched |= {report.id, *linked}

    def _all(self, names: Collection[ReportId]) -> list[Report[Any]]:
        if self._archive is not None:
            self._archive.look_up(names)
        return [self._reports[name] for name in names]

    def _group(self, start: ReportId) -> Finding | None:
        members, ahead = {start}, [start]
        while ahead:
            for name in self._linked[ahead.pop()] - members:
                members.add(name)
                ahead.append(name)
        self._groups[start] = members
        self._group_of.update(dict.fromkeys(members, start))
        if len(members) < 2:
            return None
        return _finding(sorted(self._all(members), key=_by_time), self._zone)

    def _is_one(self, a: Report[Any], b: Report[Any]) -> bool:
        one, two = a.statement, b.statement
        if a.claimant == b.claimant and one.commodity != two.commodity:
            return False
        goods = [self._commodities.get(said.commodity) for said in (one, two)]
        if _by_time(a) < _by_time(b):
            return _amounts_meet(one.quantity, two.quantity, goods)
        return _amounts_meet(two.quantity, one.quantity, goods[::-1])

    def _lane_of(self, report: Report[Any]) -> _Lane:
        key = (report.statement.commodity, report.statement.destination)
        return self._lanes[key] if key in self._lanes else self._new_lane(key)

    def _new_lane(self, key: Lane) -> _Lane:
        commodity, destination = key
        _sort_in(commodity, self._kin, self._are_kin)
        _sort_in(destination, self._around, self._lie_within)
        self._lanes[key] = _Lane(key)
        return self._lanes[key]

    def _near_to(self, key: Lane) -> list[_Lane]:
        commodity, destination = key
        return [
            self._lanes[good, place]
            for good in self._kin[commodity]
            for place in self._around[destination]
            if (good, place) in self._lanes
        ]

    def _are_kin(self, a: CommodityCode, b: CommodityCode) -> bool:
        return kin(a, b, self._commodities)

    def _lie_within(self, a: PlaceCode, b: PlaceCode) -> bool:
        return lies_within(a, b, self._geography) or lies_within(b, a, self._geography)


def _sort_in(code: C, related: dict[C, set[C]], is_related: Callable[[C, C], bool]) -> None:
    """Add a code to what is related to what, where it is new."""
    if code in related:
        return
    related[code] = {code} | {other for other in related if is_related(code, other)}
    for other in related[code]:
        related[other].add(code)


class _Lane:
    """The announcements of one good to one destination, in order of the time they begin."""

    def __init__(self, key: Lane) -> None:
        self.key = key
        self._plain: list[tuple[datetime, ReportId]] = []
        self._coded: list[tuple[datetime, ReportId]] = []
        self._longest = timedelta(0)

    def add(self, report: Report[Any]) -> None:
        insort(self._of(report), _by_time(report))
        self._longest = max(self._longest, report.as_of - report.begins)

    def remove(self, report: Report[Any]) -> None:
        found = self._of(report)
        del found[bisect_left(found, _by_time(report))]

    def between(self, start: datetime, end: datetime, *, with_coded: bool) -> Iterator[ReportId]:
        """Yield what begins by `end` and may not be over at `start`."""
        # Before the first moment there is nothing to be over.
        since = max(start, _FIRST + self._longest) - self._longest
        for found in (self._plain, self._coded) if with_coded else (self._plain,):
            for i in range(bisect_left(found, (since, ReportId(""))), len(found)):
                begins, name = found[i]
                if begins > end:
                    break
                yield name

    def on(self, day: date) -> tuple[set[ReportId], set[ReportId]]:
        """Return what begins on a day, UTC: without a waybill, and with one."""
        start = datetime.combine(day, time(0), UTC)
        plain, coded = (
            {
                name
                for begins, name in found[bisect_left(found, (start, ReportId(""))) :]
                if begins < start + timedelta(days=1)
            }
            for found in (self._plain, self._coded)
        )
        return plain, coded

    def names(self) -> Iterator[ReportId]:
        return (name for found in (self._plain, self._coded) for _, name in found)

    def save(self) -> list[Any]:
        lists = ([[t.isoformat(), n] for t, n in found] for found in (self._plain, self._coded))
        return [*lists, self._longest // timedelta(microseconds=1)]

    def restore(self, kept: list[Any]) -> None:
        read = datetime.fromisoformat
        self._plain, self._coded = ([(read(t), n) for t, n in found] for found in kept[:2])
        self._longest = timedelta(microseconds=kept[2])

    def _of(self, report: Report[Any]) -> list[tuple[datetime, ReportId]]:
        return self._plain if _is_plain(report) else self._coded


def _is_plain(report: Report[Any]) -> bool:
    return report.statement.consignment is None


def _by_time(report: Report[Any]) -> tuple[datetime, ReportId]:
    return (report.begins, report.id)


def _cell_of(report: Report[Any]) -> Cell:
    said = report.statement
    return (said.commodity, said.destination, report.begins.astimezone(UTC).date())


def _is_flood(plain: set[ReportId], coded: set[ReportId]) -> bool:
    return len(plain) * (len(plain) + len(coded)) > _MOST_PAIRS


def _amounts_meet(a: Quantity, b: Quantity, commodities: Iterable[Commodity | None]) -> bool:
    for one, two in _in_one_unit(a, b, commodities):
        (low_a, high_a), (low_b, high_b) = _ends(one), _ends(two)
        return low_a <= high_b * _WIDE and low_b <= high_a * _WIDE
    return False


def _in_one_unit(
    a: Quantity, b: Quantity, commodities: Iterable[Commodity | None]
) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield both figures in each unit that can hold them: one's own, or that of the goods."""
    direct = in_unit(b, a.unit)
    if direct is not None:
        yield a, direct
    for good in commodities:
        if good is not None:
            unit = Unit(good.unit)
            one = in_unit(a, unit, kg_per_unit=good.kg_per_unit)
            two = in_unit(b, unit, kg_per_unit=good.kg_per_unit)
            if one is not None and two is not None:
                yield one, two


def _ends(figure: Quantity) -> tuple[Decimal, Decimal]:
    low, high = figure.lowest, figure.highest
    return (figure.stated if low is None else low, figure.stated if high is None else high)


def _finding(group: list[Report[Any]], zone: tzinfo) -> Finding:
    claimants = list(dict.fromkeys(report.claimant for report in group))
    basis = tuple(sorted(report.id for report in group))
    values = tuple(labelled(report, zone) for report in sorted(group, key=lambda r: r.id))
    subject = _widest(group)
    if len(claimants) > 1:
        return Finding(
            "likely_double_count",
            "act",
            subject,
            f"{len(group)} announcements by {len(claimants)} claimants may speak of the same cargo "
            f"of {named(subject)}; they stand side by side and are not added.",
            values,
            basis,
        )
    return Finding(
        "repeated_announcement",
        "note",
        subject,
        f"{named(claimants[0])} is carried {len(group)} times with what may be one announcement of "
        f"{named(subject)}; the figures are not added.",
        values,
        basis,
    )


def _widest(group: list[Report[Any]]) -> CommodityCode:
    codes: list[CommodityCode] = [report.statement.commodity for report in group]
    return min(codes, key=lambda code: (-codes.count(code), code))


def _flood(cell: Cell, group: list[Report[Any]]) -> Finding:
    commodity, destination, day = cell
    claimants = {report.claimant for report in group}
    return Finding(
        "flood",
        "ask",
        commodity,
        f"{len(group)} announcements of {named(commodity)} to {named(destination)} without a "
        f"waybill, by {len(claimants)} claimants, begin on {day:%d %b %Y} UTC: too many to compare "
        "one by one, so none of them is looked at for double counting.",
        basis=tuple(sorted(report.id for report in group)),
    )
