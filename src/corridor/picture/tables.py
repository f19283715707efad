"""What the registers hold by subject, kept up while reports enter and leave.

Each table folds anew only the subjects whose reports changed, with the functions that the folds of
`corridor.registers` are made of.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from corridor.claims import Series, denials_by_target, in_series
from corridor.picture.stocks import transit_of
from corridor.picture.view import Transit
from corridor.registers import access, people, supply
from corridor.registers.people import Subject
from corridor.registers.supply import Commodity, MoveKey, Movement, StockSeries
from corridor.report import Report
from corridor.values import (
    CommodityCode,
    ConsignmentCode,
    Finding,
    PlaceCode,
    ReportId,
    RequestCode,
    RoadCode,
    in_order_of_consequence,
)

Denials = Mapping[ReportId, tuple[Report[Any], ...]]
StockKey = tuple[PlaceCode, CommodityCode]
Waybill = tuple[ConsignmentCode, CommodityCode]


class Rows:
    """Reports by subject, each subject's in order of claims; and the subjects that changed."""

    def __init__(self) -> None:
        self._rows: dict[Any, list[tuple[Any, Report[Any]]]] = {}
        self.changed: set[Any] = set()

    def put(self, key: Any, report: Report[Any]) -> None:
        """Add a report to a subject."""
        row, item = self._rows.setdefault(key, []), (report.order, report)
        if not row or row[-1][0] < item[0]:
            row.append(item)
        else:
            insort(row, item)
        self.changed.add(key)

    def take(self, key: Any, report: Report[Any]) -> None:
        """Take a report from a subject."""
        row = self._rows[key]
        del row[bisect_left(row, (report.order,))]
        if not row:
            del self._rows[key]
        self.changed.add(key)

    def of(self, key: Any) -> tuple[Report[Any], ...]:
        """Return the reports of a subject."""
        return tuple(report for _, report in self._rows.get(key, ()))

    def first(self, key: Any) -> Any:
        """Return the place of a subject among others: the order of its first report."""
        return self._rows[key][0][0]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def drain(self) -> set[Any]:
        """Return the subjects that changed since the last call."""
        changed, self.changed = self.changed, set()
        return changed


class DenialTable:
    """Denials, and the findings on those whose target is there."""

    def __init__(self) -> None:
        self._rows = Rows()
        self._targets: set[ReportId] = set()
        self.by_target: Denials = {}

    def turn(self, report: Report[Any], change: Callable[..., None]) -> None:
        """Put a denial in, or take it out."""
        change(self._rows, None, report)
        if report.denies:
            self._targets.add(report.denies)

    def fold(self) -> set[ReportId]:
        """Return the reports whose denials changed."""
        if self._rows.drain():
            self.by_target = denials_by_target(self._rows.of(None))
        targets, self._targets = self._targets, set()
        return targets


class PeopleTable:
    """Series about people."""

    def __init__(self) -> None:
        self.rows = Rows()
        self._series: dict[Subject, Series] = {}
        self.register: Mapping[Subject, Series] = {}

    def fold(self, denials: Denials) -> set[Subject]:
        """Fold what changed and return it."""
        changed = self.rows.drain()
        for subject in changed:
            if subject in self.rows:
                self._series[subject] = people.series_of(self.rows.of(subject), denials)
            else:
                self._series.pop(subject, None)
        if changed:
            self.register = {s: self._series[s] for s in sorted(self._series, key=self.rows.first)}
        return changed


class StockTable:
    """Counts, coded movements, what is on its way, and what does not convert."""

    def __init__(self) -> None:
        self.counts = Rows()
        self.moves = Rows()
        self.waybills = Rows()
        self._counted: dict[StockKey, tuple[Series, tuple[Finding, ...]]] = {}
        self._moved: dict[MoveKey, tuple[Movement | None, tuple[Finding, ...]]] = {}
        self._moves_at: dict[StockKey, set[MoveKey]] = {}
        self._moves_under: dict[Waybill, set[MoveKey]] = {}
        self._left: dict[Waybill, Decimal] = {}
        self._stocks: dict[StockKey, StockSeries] = {}
        self._transit: dict[Waybill, Transit] = {}
        self._odd: dict[Any, tuple[Finding, ...]] = {}
        self.stocks: Mapping[StockKey, StockSeries] = {}
        self.transit: tuple[Transit, ...] = ()

    def put(self, report: Report[Any], change: Callable[..., None]) -> None:
        """Put a consignment report in, or take it out."""
        said = report.statement
        if said.consignment is not None:
            change(self.waybills, (said.consignment, said.commodity), report)
        move = supply.move_of(report)
        if move is not None:
            change(self.moves, move, report)

    def convert_anew(self, codes: set[CommodityCode]) -> None:
        """Mark all figures of some commodities as changed."""
        self.counts.changed.update(key for key in self.counts if key[1] in codes)
        self.moves.changed.update(key for key in self.moves if key[1] in codes)

    def fold(
        self, commodities: Mapping[CommodityCode, Commodity], denials: Denials
    ) -> set[StockKey]:
        """Fold what changed and return the stocks that did."""
        stale: set[StockKey] = set(self.counts.drain())
        for key in stale:
            claims, odd = supply.claims_of(self.counts.of(key), commodities.get(key[1]))
            self._counted[key] = (in_series(claims, denials), odd)
            self._note(("count", key), odd)
        waybills: set[Waybill] = set(self.waybills.drain())
        for move in self.moves.drain():
            waybills.add((move[2], move[1]))
            self._fold_move(move, commodities)
        for waybill in waybills:
            there = [m for m in self._moves_under.get(waybill, ()) if self._moved[m][0]]
            self._left[waybill] = supply.left_of(_made(self._moved[m][0]) for m in there)
            stale.update((m[0], m[1]) for m in self._moves_under.get(waybill, ()))
        for key in stale:
            self._fold_stock(key)
        if stale:
            self._stocks = dict(sorted(self._stocks.items()))
            self.stocks = dict(self._stocks)
        for waybill in waybills:
            self._fold_waybill(waybill)
        if waybills:
            self._transit = dict(sorted(self._transit.items(), key=_key))
            self.transit = tuple(self._transit.values())
            for move in [m for w in waybills for m in self._moves_under.get(w, ())]:
                if move not in self.moves:
                    self._drop_move(move)
        return stale

    def findings(self) -> Iterable[Finding]:
        """Return what does not convert."""
        return (finding for found in self._odd.values() for finding in found)

    def _fold_move(self, move: MoveKey, commodities: Mapping[CommodityCode, Commodity]) -> None:
        place, commodity, consignment, _, _ = move
        made, odd = supply.movement_of(move, self.moves.of(move), commodities.get(commodity))
        self._moved[move] = (made, odd)
        self._moves_at.setdefault((place, commodity), set()).add(move)
        self._moves_under.setdefault((consignment, commodity), set()).add(move)
        self._note(("move", move), odd)

    def _drop_move(self, move: MoveKey) -> None:
        place, commodity, consignment, _, _ = move
        del self._moved[move]
        self._moves_at[place, commodity].discard(move)
        self._moves_under[consignment, commodity].discard(move)

    def _fold_stock(self, key: StockKey) -> None:
        there = [m for m in self._moves_at.get(key, ()) if self._moved[m][0] is not None]
        there.sort(key=self.moves.first)
        moves = tuple(
            supply.lost_where(_made(self._moved[m][0]), self._left[m[2], m[1]]) for m in there
        )
        if moves or key in self.counts:
            counted = self._counted.get(key)
            self._stocks[key] = StockSeries(counted[0] if counted else Series((), ()), moves)
        else:
            self._stocks.pop(key, None)
            self._counted.pop(key, None)

    def _fold_waybill(self, waybill: Waybill) -> None:
        self._transit.pop(waybill, None)
        if waybill not in self.waybills:
            return
        there = [m for m in self._moves_under.get(waybill, ()) if self._moved[m][0] is not None]
        there.sort(key=lambda move: (move[0], self.moves.first(move)))
        destination = self.waybills.of(waybill)[-1].statement.destination
        line = transit_of(waybill, (_made(self._moved[m][0]) for m in there), destination)
        if line is not None:
            self._transit[waybill] = line

    def _note(self, key: Any, odd: tuple[Finding, ...]) -> None:
        self._odd.pop(key, None)
        if odd:
            self._odd[key] = odd


class RoadTable:
    """Claims about roads, each claimant's latest as a view that holds or not, and passages."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.asked = Rows()
        self._latest: dict[RoadCode, tuple[Report[Any], ...]] = {}
        self._in_order: list[Report[Any]] = []
        self._views: dict[ReportId, access.RoadView] = {}
        self._expires_h = Decimal(-1)
        self.history: Mapping[RoadCode, tuple[Report[Any], ...]] = {}
        self.passages: Mapping[RequestCode, access.Passage] = {}
        self._odd: dict[RequestCode, tuple[Finding, ...]] = {}
        self.findings: tuple[Finding, ...] = ()

    def fold(self, at: datetime, expires_h: Decimal) -> tuple[access.RoadView, ...]:
        """Fold what changed and return the views at a moment."""
        changed = self.rows.drain()
        if changed:
            history = {**self.history, **{road: self.rows.of(road) for road in changed}}
            there = sorted(self.rows, key=self.rows.first)
            self.history = {road: history[road] for road in there}
            self._latest.update({r: access.latest_of(history[r]) for r in changed})
            latest = (report for reports in self._latest.values() for report in reports)
            self._in_order = sorted(latest, key=lambda report: report.order)
        self._fold_passages()
        before = self._views if expires_h == self._expires_h else {}
        self._expires_h = expires_h
        views: dict[ReportId, access.RoadView] = {}
        for report in self._in_order:
            view = before.get(report.id)
            if (
                view is None
                or view.report is not report
                or view.is_current != (view.valid_until >= at)
            ):
                view = access.view_of(report, at, expires_h)
            views[report.id] = view
        self._views = views
        return tuple(views.values())

    def _fold_passages(self) -> None:
        changed = self.asked.drain()
        passages = {code: p for code, p in self.passages.items() if code not in changed}
        for request in changed:
            passage, odd = access.passage_of(self.asked.of(request))
            self._odd.pop(request, None)
            if passage is not None:
                passages[request] = passage
            if odd:
                self._odd[request] = odd
        if changed:
            self.passages = dict(sorted(passages.items()))
            self.findings = tuple(f for _, found in sorted(self._odd.items()) for f in found)


def unconverted(table: StockTable, rates: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of the supply register."""
    return in_order_of_consequence((*rates, *table.findings()))


def _made(move: Movement | None) -> Movement:
    assert move is not None
    return move


def _key(pair: tuple[Any, Any]) -> Any:
    return pair[0]
