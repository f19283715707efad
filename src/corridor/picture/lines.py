"""The lines of a picture, kept up: each is made anew when something it rests on changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from corridor.claims import Series, by_subject
from corridor.ledger.snapshot import Snapshot
from corridor.picture.consistency import Family, family_of
from corridor.picture.packing import packed, unpacked
from corridor.picture.people import claims_told, people_line, places_told_of
from corridor.picture.roads import RoadLine, holds_on, lines_of
from corridor.picture.stocks import (
    NOTHING_HELD,
    InStore,
    adopted_rates,
    in_store_of,
    need_of,
    stock_line,
    supplied_from,
    wanted,
)
from corridor.picture.tables import PeopleTable
from corridor.picture.unread import Unread
from corridor.picture.view import PeopleLine, StockLine
from corridor.registers import access, people
from corridor.registers.access import Access
from corridor.registers.decisions import Decisions
from corridor.registers.general import Settings
from corridor.registers.geography import Geography
from corridor.registers.people import Subject
from corridor.registers.supply import NeedRate, Supply
from corridor.report import Report
from corridor.values import CommodityCode, PlaceCode, ReportId

# What of a line of people a snapshot holds.
_OF_PEOPLE = (
    "place", "group", "counted", "departed", "now", "cautious", "cautious_why", "counted_at",
)  # fmt: skip


class Lines:
    """The lines of the picture; a line is made anew when something it rests on changed."""

    def __init__(self) -> None:
        self._families: dict[Family, set[Subject]] = {}
        self._told: dict[PlaceCode, set[Subject]] = {}
        self._people: dict[PlaceCode, PeopleLine] = {}
        self._in_store: dict[tuple[PlaceCode, CommodityCode], InStore] = {}
        self._all_people: tuple[PeopleLine, ...] = ()
        self._adopted: dict[PlaceCode, tuple[Any, ...]] = {}
        self._settings: Settings | None = None
        self._compared: Settings | None = None
        self._memo: dict[Any, tuple[Any, Any]] = {}
        self.changed_people: list[PeopleLine] = []
        self.gone_people: list[PlaceCode] = []
        self.changed_roads: dict[Any, tuple[RoadLine, ...]] = {}

    def families(
        self, table: PeopleTable, moved: set[Subject], settings: Settings
    ) -> Iterable[tuple[Family, dict[Subject, Series]]]:
        """Yield the families that changed, each series in the order of the register."""
        for subject in moved:
            members = self._families.setdefault(family_of(subject), set())
            (members.add if subject in table.register else members.discard)(subject)
        families = set(self._families)
        if self._compared == settings:
            families = {family_of(subject) for subject in moved}
        self._compared = settings
        for family in families:
            there = table.rows.in_order(self._families[family])
            yield family, {subject: table.register[subject] for subject in there}

    def people(
        self,
        table: PeopleTable,
        moved: set[Subject],
        now: Mapping[ReportId, Report[Any]],
        decided: Decisions,
        settings: Settings,
    ) -> tuple[PeopleLine, ...]:
        """Return a line for every place where people are counted or a figure was adopted."""
        stale: set[PlaceCode] = set()
        for subject in moved:
            for place in places_told_of(subject):
                members = self._told.setdefault(place, set())
                (members.add if subject in table.register else members.discard)(subject)
                stale.add(place)
        adopted = _adopted_people(decided, now)
        places = self._adopted.keys() | adopted.keys()
        stale |= {place for place in places if adopted.get(place) != self._adopted.get(place)}
        if self._settings != settings:
            stale |= self._told.keys() | adopted.keys()
        self._adopted, self._settings = adopted, settings
        self.changed_people, self.gone_people = [], []
        for place in stale:
            told = self._told_of(place, table)
            figure, counted_at = adopted.get(place, (None, {}))
            line = people_line(place, told, figure, counted_at, settings)
            if line is not None:
                self._people[place] = line
                self.changed_people.append(line)
            elif self._people.pop(place, None) is not None:
                self.gone_people.append(place)
        if stale:
            self._all_people = tuple(line for _, line in sorted(self._people.items(), key=_first))
        return self._all_people

    def stocks(
        self,
        goods: Supply,
        people_now: tuple[PeopleLine, ...],
        lands: Geography,
        decided: Decisions,
        when: tuple[Settings, datetime],
    ) -> tuple[StockLine, ...]:
        """Return a line for every place and commodity that has a count, a movement or a need."""
        by_place = supplied_from(people_now, lands)
        rates = self._once("rates", (goods.need_rates,), _by_commodity)
        lines = []
        self._in_store = {}
        for place, code in sorted(wanted(goods, by_place, decided)):
            commodity = goods.commodities.get(code)
            if commodity is None:
                continue
            fed = by_place.get(place, ())
            needs = (fed, commodity, rates.get(code, ()), adopted_rates(fed, code, decided))
            held = goods.stocks.get((place, code), NOTHING_HELD)
            store = (held, decided.adopted.get(("stock", place, code)), commodity)
            needed = self._once(("need", place, code), needs, need_of)
            in_store = self._once(("store", place, code), store, in_store_of)
            self._in_store[place, code] = in_store
            lines.append(stock_line(place, commodity, needed, in_store, *when))
        return tuple(lines)

    def roads(self, lands: Geography, roads: Access, decided: Decisions) -> tuple[RoadLine, ...]:
        """Return the lines of every road."""
        views: dict[Any, list[access.RoadView]] = {}
        for view in roads.views:
            views.setdefault(view.road, []).append(view)
        lines: list[RoadLine] = []
        before, self.changed_roads = self._memo.get("roads", ((), {}))[1], {}
        there: dict[Any, tuple[RoadLine, ...]] = {}
        for code, road in sorted(lands.roads.items()):
            inputs = (road, tuple(views.get(code, ())), holds_on(code, decided))
            there[code] = self._once(("road", code), inputs, lines_of)
            lines.extend(there[code])
            if there[code] is not before.get(code):
                self.changed_roads[code] = there[code]
        self.changed_roads.update({code: () for code in before if code not in there})
        self._memo["roads"] = ((), there)
        return tuple(lines)

    def save(self) -> dict[str, Any]:
        """Return what a snapshot keeps: what of a line does not age, without its series."""
        people_kept = [
            [[packed(getattr(line, name)) for name in _OF_PEOPLE], line.adopted is not None]
            for line in self._people.values()
        ]
        in_store = [
            [packed(key), packed((found.stock, found.counted_at, found.lows))]
            for key, found in self._in_store.items()
        ]
        return {"people_lines": people_kept, "in_store": in_store}

    def restore(
        self,
        kept: Snapshot,
        table: PeopleTable,
        goods: Supply,
        decided: Decisions,
        settings: Settings,
        now: Mapping[ReportId, Report[Any]],
    ) -> None:
        """Take what was saved."""
        self._settings = self._compared = settings
        self._adopted = _adopted_people(decided, now)
        for subject in table.register:
            self._families.setdefault(family_of(subject), set()).add(subject)
            for place in places_told_of(subject):
                self._told.setdefault(place, set()).add(subject)
        for raw, is_adopted in kept["people_lines"]:
            values = dict(zip(_OF_PEOPLE, map(unpacked, raw), strict=True))
            told = {s: table.register[s] for s in self._told.get(values["place"], ())}
            series = _unread_claims(told, values["group"])
            figure = self._adopted[values["place"]][0] if is_adopted else None
            line = PeopleLine(**values, series=series, adopted=figure)
            self._people[line.place] = line
        self._all_people = tuple(line for _, line in sorted(self._people.items(), key=_first))
        for raw, found in kept["in_store"]:
            place, code = unpacked(raw)
            held = goods.stocks.get((place, code), NOTHING_HELD)
            figure = decided.adopted.get(("stock", place, code))
            stock, counted_at, lows = unpacked(found)
            in_store = InStore(held.counts, figure, stock, counted_at, lows)
            self._memo["store", place, code] = ((held, figure, goods.commodities[code]), in_store)

    def _told_of(self, place: PlaceCode, table: PeopleTable) -> dict[Subject, Series]:
        there = table.rows.in_order(self._told.get(place, ()))
        return {subject: table.register[subject] for subject in there}

    def _once(self, key: Any, inputs: tuple[Any, ...], make: Callable[..., Any]) -> Any:
        """Return what was made of the same inputs before, else make it."""
        known = self._memo.get(key)
        if known is None or known[0] != inputs:
            known = self._memo[key] = (inputs, make(*inputs))
        return known[1]


def _unread_claims(told: Mapping[Subject, Series], group: str) -> Series:
    """Return what `claims_told` does; where it joins several series, once somebody looks."""
    parts = [s for subject, s in told.items() if subject.group == group]
    if len(parts) < 2:
        return claims_told(told, group)
    whole = cache(lambda: claims_told(told, group))
    return Series(
        Unread(lambda: whole().claims),
        Unread(lambda: whole().latest),
        Unread(lambda: whole().denials),
    )


def _adopted_people(
    decided: Decisions, now: Mapping[ReportId, Report[Any]]
) -> dict[PlaceCode, tuple[Any, ...]]:
    """Return adopted figures of people, each with when the claim it names was so."""
    return {p: _adopted(r, now) for (what, p, _), r in decided.adopted.items() if what == "people"}


def _adopted(report: Report[Any], now: Mapping[ReportId, Report[Any]]) -> tuple[Any, ...]:
    """Return an adopted figure of people, and when the claim it names was so."""
    name = report.statement.claim
    claim = now.get(name) if name else None
    if claim is None or not people.counts(claim):
        return (report, {})
    return (report, {claim.id: claim.as_of})


def _by_commodity(rates: tuple[Report[NeedRate], ...]) -> dict[Any, list[Report[Any]]]:
    return by_subject(rates, lambda report: report.statement.commodity)


def _first(pair: tuple[Any, Any]) -> Any:
    return pair[0]
