"""What the registers hold by subject, kept up while reports enter and leave.

Each table folds anew only the subjects whose reports changed, with the functions that the folds of
`corridor.registers` are made of. What a snapshot kept of the others is made when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from corridor.claims import Claim, Series, denials_by_target, in_series
from corridor.ledger.archive import Archive, Number
from corridor.ledger.snapshot import Snapshot
from corridor.picture.packing import key_of, packed, read_key, unpacked
from corridor.picture.rows import Rows
from corridor.picture.stocks import transit_of
from corridor.picture.unread import Over, Unread
from corridor.picture.view import Transit
from corridor.registers import access, people, supply
from corridor.registers.people import Subject
from corridor.registers.supply import Commodity, Consignment, MoveKey, Movement, StockSeries
from corridor.report import Report
from corridor.values import (
    CommodityCode,
    ConsignmentCode,
    Estimate,
    Finding,
    PlaceCode,
    ReportId,
    RequestCode,
    RoadCode,
    in_order_of_consequence,
)

Denials = Mapping[ReportId, Sequence[Report[Any]]]
StockKey = tuple[PlaceCode, CommodityCode]
Waybill = tuple[ConsignmentCode, CommodityCode]
_Moves = MutableMapping[Any, set[MoveKey]]
_NO_COUNTS = Series((), ())
NumberOf = Callable[[ReportId], Number]
MakeClaims = Callable[[Iterable[Report[Any]]], list[Claim]]


class DenialTable:
    """Denials by the report they deny."""

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

    def save(self, number: NumberOf) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        by_target = [[name, _numbers(found, number)] for name, found in self.by_target.items()]
        return {"denials": self._rows.save(number), "denied": by_target}

    def restore(self, kept: Snapshot, archive: Archive) -> None:
        """Take what was saved."""
        self._rows.restore(archive, lambda: kept["denials"])
        self.by_target = {name: _unread(archive, numbers) for name, numbers in kept["denied"]}


class PeopleTable:
    """Series about people."""

    def __init__(self) -> None:
        self.rows = Rows()
        self._series: dict[Subject, Series] = {}
        self._kept: dict[Subject, Any] = {}
        self.register: Mapping[Subject, Series] = {}

    def fold(self, denials: Denials) -> set[Subject]:
        """Fold what changed and return it."""
        changed = self.rows.drain()
        for subject in changed:
            self._kept.pop(subject, None)
            if subject in self.rows:
                self._series[subject] = people.series_of(self.rows.of(subject), denials)
            else:
                self._series.pop(subject, None)
        if changed:
            self.register = {s: self._series[s] for s in self.rows.in_order(self._series)}
        return changed

    def save(self, number: NumberOf) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        series = [
            [packed(subject), self._kept.get(subject) or _series_kept(found, number)]
            for subject, found in self.register.items()
        ]
        return {"people": self.rows.save(number), "series": series}

    def restore(self, kept: Snapshot, archive: Archive) -> None:
        """Take what was saved."""
        self.rows.restore(archive, lambda: kept["people"])
        for key, told in kept["series"]:
            subject = unpacked(key)
            self._kept[subject] = told
            self._series[subject] = _series(
                people.claims_of, self.rows.unread(subject), told, archive
            )
        self.register = dict(self._series)


class StockTable:
    """Counts, coded movements, what is on its way, what came, and what does not convert."""

    def __init__(self) -> None:
        self.counts = Rows()
        self.moves = Rows()
        self.waybills = Rows()
        self.arrivals = Rows()
        self._commodities: Mapping[CommodityCode, Commodity] = {}
        self._counted: dict[StockKey, Series] = {}
        self._moved: MutableMapping[MoveKey, tuple[Movement | None, tuple[Finding, ...]]] = {}
        self._left: MutableMapping[Waybill, Decimal] = {}
        self._at: _Moves = {}
        self._under: _Moves = {}
        self._stocks: dict[StockKey, StockSeries] = {}
        self._kept: dict[StockKey, Any] = {}
        self._transit: dict[Waybill, Transit | None] = {}
        self._is_restored = False
        self._kept_transit: Callable[[], Iterable[Any]] = tuple
        self._odd: dict[Any, tuple[Finding, ...]] = {}
        self.stocks: Mapping[StockKey, StockSeries] = {}
        self.transit: Sequence[Transit] = ()
        self.received: Mapping[StockKey, datetime] = {}

    def put(self, report: Report[Consignment], change: Callable[..., None]) -> None:
        """Put a consignment report in, or take it out."""
        said = report.statement
        if said.stage == "received":
            change(self.arrivals, (said.destination, said.commodity), report)
        if said.consignment is not None:
            change(self.waybills, (said.consignment, said.commodity), report)
        move = supply.move_of(report)
        if move is not None:
            change(self.moves, move, report)

    def convert_anew(self, codes: set[CommodityCode]) -> None:
        """Mark all figures of some commodities as changed."""
        if codes:
            self.counts.changed.update(key for key in self.counts if key[1] in codes)
            self.moves.changed.update(key for key in self.moves if key[1] in codes)

    def fold(
        self, commodities: Mapping[CommodityCode, Commodity], denials: Denials
    ) -> set[StockKey]:
        """Fold what changed and return the stocks that did."""
        self._commodities = commodities
        stale: set[StockKey] = set(self.counts.drain())
        for key in stale:
            claims, odd = supply.claims_of(self.counts.of(key), commodities.get(key[1]))
            self._counted[key] = in_series(claims, denials)
            self._note(("count", key), odd)
        waybills: set[Waybill] = set(self.waybills.drain())
        for move in self.moves.drain():
            waybills.add((move[2], move[1]))
            self._fold_move(move)
        for waybill in waybills:
            there = self._moves_under(waybill)
            self._left[waybill] = supply.left_of(_made(self._moved[m][0]) for m in there)
            stale.update((m[0], m[1]) for m in self._under.get(waybill, ()))
        for key in stale:
            self._fold_stock(key)
        if stale:
            self._stocks = dict(sorted(self._stocks.items(), key=_key))
            self.stocks = dict(self._stocks)
        if waybills:
            self._fold_transit(waybills)
        self._fold_arrivals()
        return stale

    def findings(self) -> Iterable[Finding]:
        """Return what does not convert."""
        return (finding for found in self._odd.values() for finding in found)

    def save(self, number: NumberOf) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        return {
            "counts": self.counts.save(number),
            "moves": self.moves.save(number),
            "waybills": self.waybills.save(number),
            "arrivals": self.arrivals.save(number),
            "stocks": [
                [packed(key), self._kept.get(key) or self._stock_kept(key, number)]
                for key in self._stocks
            ],
            "transit": [_transit_kept(line) for line in self.transit],
            "moves_at": {key_of(key): packed(tuple(m)) for key, m in self._at.items() if m},
            "moves_under": {key_of(key): packed(tuple(m)) for key, m in self._under.items() if m},
            "unconverted": [[packed(key), packed(odd)] for key, odd in self._odd.items()],
            "received": [[packed(key), packed(when)] for key, when in self.received.items()],
        }

    def restore(
        self, kept: Snapshot, archive: Archive, commodities: Mapping[CommodityCode, Commodity]
    ) -> None:
        """Take what was saved."""
        self._commodities = commodities
        for name in ("counts", "moves", "waybills", "arrivals"):
            rows: Rows = getattr(self, name)
            rows.restore(archive, lambda name=name: kept[name])  # type: ignore[misc]
        self._moved, self._left = Over(self._move_kept), Over(self._left_kept)
        self._at = _unread_moves(kept, "moves_at")
        self._under = _unread_moves(kept, "moves_under")
        for raw, told in kept["stocks"]:
            key = unpacked(raw)
            series, moves = told
            self._kept[key] = told
            make = _Converting(commodities.get(key[1]))
            counts = _series(make, self.counts.unread(key), series, archive)
            self._counted[key] = counts
            self._stocks[key] = StockSeries(counts, _movements(make, moves, archive))
        self.stocks = dict(self._stocks)
        self._is_restored, self._kept_transit = True, lambda: kept["transit"]
        self.transit = Unread(lambda: _transits(kept["transit"], {}))
        self._odd = {unpacked(key): unpacked(odd) for key, odd in kept["unconverted"]}
        self.received = {unpacked(key): unpacked(when) for key, when in kept["received"]}

    def _enter(self, move: MoveKey) -> None:
        place, commodity, consignment, _, _ = move
        self._at.setdefault((place, commodity), set()).add(move)
        self._under.setdefault((consignment, commodity), set()).add(move)

    def _moves_under(self, waybill: Waybill) -> list[MoveKey]:
        return [m for m in self._under.get(waybill, ()) if self._moved[m][0] is not None]

    def _fold_move(self, move: MoveKey) -> None:
        commodity = self._commodities.get(move[1])
        made, odd = supply.movement_of(move, self.moves.of(move), commodity)
        self._moved[move] = (made, odd)
        self._enter(move)
        self._note(("move", move), odd)

    def _drop_move(self, move: MoveKey) -> None:
        place, commodity, consignment, _, _ = move
        del self._moved[move]
        self._at[place, commodity].discard(move)
        self._under[consignment, commodity].discard(move)

    def _fold_stock(self, key: StockKey) -> None:
        self._kept.pop(key, None)
        at = self._at.get(key, set())
        self.moves.read_ahead(other for m in at for other in self._under.get((m[2], m[1]), (m,)))
        there = self.moves.in_order(m for m in at if self._moved[m][0] is not None)
        moves = tuple(
            supply.lost_where(_made(self._moved[m][0]), self._left[m[2], m[1]]) for m in there
        )
        if moves or key in self.counts:
            self._stocks[key] = StockSeries(self._counted.get(key, _NO_COUNTS), moves)
        else:
            self._stocks.pop(key, None)
            self._counted.pop(key, None)

    def _fold_transit(self, waybills: set[Waybill]) -> None:
        self._transit.update({waybill: self._transit_of(waybill) for waybill in waybills})
        if self._is_restored:
            changed = dict(self._transit)
            self.transit = Unread(lambda: _transits(self._kept_transit(), changed))
        else:
            there = ((w, line) for w, line in self._transit.items() if line is not None)
            self._transit = dict(sorted(there, key=_key))
            self.transit = tuple(line for line in self._transit.values() if line is not None)
        for move in [m for w in waybills for m in self._under.get(w, ())]:
            if move not in self.moves:
                self._drop_move(move)

    def _transit_of(self, waybill: Waybill) -> Transit | None:
        if waybill not in self.waybills:
            return None
        there = self._moves_under(waybill)
        there.sort(key=lambda move: (move[0], self.moves.first(move)))
        destination = self.waybills.of(waybill)[-1].statement.destination
        return transit_of(waybill, (_made(self._moved[m][0]) for m in there), destination)

    def _fold_arrivals(self) -> None:
        changed = self.arrivals.drain()
        if changed:
            received = {key: when for key, when in self.received.items() if key not in changed}
            for key in changed:
                if key in self.arrivals:
                    received[key] = self.arrivals.of(key)[-1].as_of
            self.received = dict(sorted(received.items()))

    def _note(self, key: Any, odd: tuple[Finding, ...]) -> None:
        self._odd.pop(key, None)
        if odd:
            self._odd[key] = odd

    def _move_kept(self, move: MoveKey) -> tuple[Movement | None, tuple[Finding, ...]] | None:
        if move not in self.moves:
            return None
        return supply.movement_of(move, self.moves.of(move), self._commodities.get(move[1]))

    def _left_kept(self, waybill: Waybill) -> Decimal:
        return supply.left_of(_made(self._moved[m][0]) for m in self._moves_under(waybill))

    def _stock_kept(self, key: StockKey, number: NumberOf) -> list[Any]:
        held = self._stocks[key]
        moves = [
            [m.consignment, m.stage, m.sign, [number(claim.report.id) for claim in m.claims]]
            for m in held.movements
        ]
        return [_series_kept(held.counts, number), moves]


class RoadTable:
    """Claims about roads, each claimant's latest as a view that holds or not, and passages."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.asked = Rows()
        self._latest: dict[RoadCode, tuple[Report[Any], ...]] = {}
        self._in_order: list[Report[Any]] = []
        self._views: dict[ReportId, access.RoadView] = {}
        self._expires_h = Decimal(-1)
        self.history: Mapping[RoadCode, Sequence[Report[Any]]] = {}
        self.passages: Mapping[RequestCode, access.Passage] = {}
        self._odd: dict[RequestCode, tuple[Finding, ...]] = {}
        self.findings: tuple[Finding, ...] = ()

    def fold(self, at: datetime, expires_h: Decimal) -> tuple[access.RoadView, ...]:
        """Fold what changed and return the views at a moment."""
        changed = self.rows.drain()
        if changed:
            history = {**self.history, **{road: self.rows.of(road) for road in changed}}
            self.history = {road: history[road] for road in self.rows.in_order(self.rows)}
            self._latest.update({r: access.latest_of(history[r]) for r in changed})
            self._sort()
        self._fold_passages(self.asked.drain())
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

    def save(self, number: NumberOf) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        latest = [[road, _numbers(found, number)] for road, found in self._latest.items()]
        return {
            "roads": self.rows.save(number),
            "asked": self.asked.save(number),
            "history": list(self.history),
            "latest": latest,
        }

    def restore(self, kept: Snapshot, archive: Archive) -> None:
        """Take what was saved."""
        self.rows.restore(archive, lambda: kept["roads"])
        self.asked.restore(archive, lambda: kept["asked"])
        self.history = {road: self.rows.unread(road) for road in kept["history"]}
        latest = kept["latest"]
        archive.entries([number for _, numbers in latest for number in numbers])
        self._latest = {road: tuple(archive.reports(numbers)) for road, numbers in latest}
        self._sort()
        self._fold_passages(set(self.asked))

    def _sort(self) -> None:
        latest = (report for reports in self._latest.values() for report in reports)
        self._in_order = sorted(latest, key=lambda report: report.order)

    def _fold_passages(self, changed: set[RequestCode]) -> None:
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


class _Converting:
    """Makes claims of reports, in the unit of a commodity."""

    def __init__(self, commodity: Commodity | None) -> None:
        self._commodity = commodity

    def __call__(self, reports: Iterable[Report[Any]]) -> list[Claim]:
        return supply.claims_of(reports, self._commodity)[0]


def _unread_moves(kept: Snapshot, name: str) -> _Moves:
    moves = cache(lambda: kept[name])

    def look(key: Any) -> set[MoveKey] | None:
        found = moves().get(key_of(key))
        return None if found is None else set(unpacked(found))

    return Over(look, lambda: map(read_key, moves()))


def _transit_kept(line: Transit) -> list[Any]:
    said = line.quantity
    waybill = [line.consignment, line.commodity, line.destination]
    numbers = [None if end is None else str(end) for end in (said.low, said.best, said.high)]
    return [*waybill, *numbers, said.unit, said.method, said.basis, line.basis]


def _transits(kept: Iterable[Any], changed: Mapping[Waybill, Transit | None]) -> Iterable[Transit]:
    """Yield the lines that were kept, in order, with those that changed in their place."""
    lines: dict[Any, Any] = {(told[0], told[1]): told for told in kept}
    lines.update(changed)
    for _, line in sorted(lines.items(), key=_key):
        if isinstance(line, Transit):
            yield line
        elif line is not None:
            *waybill, low, best, high, unit, method, basis, all_of = line
            least, named, most = map(_decimal, (low, best, high))
            left = Estimate(least, named, most, unit, method, tuple(basis))
            yield Transit(waybill[0], waybill[1], waybill[2], left, tuple(all_of))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _movements(make: MakeClaims, kept: list[Any], archive: Archive) -> Sequence[Movement]:
    def read() -> Iterable[Movement]:
        archive.entries([number for *_, numbers in kept for number in numbers])
        for consignment, stage, sign, numbers in kept:
            yield Movement(consignment, stage, sign, tuple(make(archive.reports(numbers))))

    return Unread(read, len(kept))


def _series_kept(series: Series, number: NumberOf) -> list[Any]:
    latest = [number(claim.report.id) for claim in series.latest]
    return [len(series.claims), latest, _numbers(series.denials, number)]


def _series(
    make: MakeClaims, row: Iterable[Report[Any]], kept: list[Any], archive: Archive
) -> Series:
    size, latest, denials = kept
    return Series(
        Unread(lambda: make(row), size),
        Unread(lambda: make(archive.reports(latest)), len(latest)),
        _unread(archive, denials),
    )


def _unread(archive: Archive, numbers: list[Number]) -> Sequence[Report[Any]]:
    return Unread(lambda: archive.reports(numbers), len(numbers)) if numbers else ()


def _numbers(reports: Iterable[Report[Any]], number: NumberOf) -> list[Number]:
    return [number(report.id) for report in reports]
