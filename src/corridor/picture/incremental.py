"""The picture of a ledger that grows: only what a new report bears on is folded again.

What `Memory.picture` returns equals what `corridor.picture.picture` returns of the same entries; the
laws in the tests hold it to that. It is a cache and nothing else: leaving it out changes no byte.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from corridor.claims import Series, by_subject
from corridor.picture.build import adopted_ends, denied, road_findings
from corridor.picture.consistency import (
    Family,
    differing,
    family_findings,
    family_of,
)
from corridor.picture.exchanges import exchanged_in, run_of
from corridor.picture.found import Found
from corridor.picture.overlaps import Links, is_flow
from corridor.picture.people import people_line, places_told_of
from corridor.picture.roads import RoadLine, holds_on, lines_of
from corridor.picture.stocks import (
    NOTHING_HELD,
    adopted_rates,
    in_store_of,
    need_of,
    stock_line,
    supplied_from,
    wanted,
)
from corridor.picture.stood import Begun, Stood
from corridor.picture.tables import (
    Denials,
    DenialTable,
    PeopleTable,
    RoadTable,
    Rows,
    StockTable,
    unconverted,
)
from corridor.picture.unknowns import unknowns
from corridor.picture.view import PeopleLine, Picture, StockLine, with_names
from corridor.registers import access, decisions, general, geography, people, supply
from corridor.registers.access import (
    Access,
    Notification,
    PassageAnswer,
    PassageRequest,
    RoadStatus,
)
from corridor.registers.decisions import Decisions
from corridor.registers.general import General, Observation, Setting, Settings
from corridor.registers.geography import Geography
from corridor.registers.people import People, Subject
from corridor.registers.supply import (
    Commodity,
    Consignment,
    Fleet,
    NeedRate,
    Pipeline,
    StockCount,
    Supply,
)
from corridor.report import Entry, Handling, Report
from corridor.statements import KINDS
from corridor.values import Finding, PlaceCode, ReportId, in_order_of_consequence

Change = Callable[[Rows, Any, Report[Any]], None]
AllLines = tuple[tuple[PeopleLine, ...], tuple[StockLine, ...], tuple[RoadLine, ...]]
_GOODS = {"commodity", "need_rate", "consignment", "pipeline", "fleet"}
# Kinds of which there are few: each is folded as a whole when one of its reports changes.
_FEW: Mapping[type[Any], str] = {
    kind.statement: kind.register if kind.register in ("geography", "decisions") else kind.name
    for kind in KINDS.values()
    if kind.register in ("geography", "decisions")
    or kind.statement in (Setting, Observation, Commodity, NeedRate, Pipeline, Fleet)
}


class Memory:
    """What is kept between two pictures for one clearance.

    Attributes
    ----------
    known_at
        The moment of the last picture; what was known at an earlier one has to be folded from the
        start.
    """

    def __init__(self, clearance: Handling) -> None:
        self.clearance = clearance
        self.known_at: datetime | None = None
        self._stood = Stood(clearance)
        self._begun = Begun()
        self._now: dict[ReportId, Report[Any]] = {}
        self._few = Rows()
        self._denials = DenialTable()
        self._people = PeopleTable()
        self._stocks = StockTable()
        self._roads = RoadTable()
        self._flows = _Flows()
        self._lines = _Lines()
        self._found = Found()
        self._rules = general.fold(())
        self._lands = geography.fold(())
        self._goods = supply.fold(())
        self._denied: dict[ReportId, tuple[Any, Any, Finding]] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in entries that were not taken in before; in what order is no matter."""
        self._stood.wait(entries)

    def picture(self, *, at: datetime, known_at: datetime) -> Picture:
        """Return the picture of all entries added so far.

        The steps are those of `corridor.picture.picture`; each does only what changed.

        Raises
        ------
        ValueError
            `known_at` lies before that of the last picture.
        """
        if self.known_at is not None and known_at < self.known_at:
            raise ValueError("known_at lies before that of the last picture")
        self.known_at = known_at
        self._move(at, known_at)
        denials = self._fold_denials()
        changed = self._few.drain()
        rules, lands = self._fold_rules(changed), self._fold_lands(changed)
        decided = decisions.fold(self._few.of("decisions"), at=at)
        settings = rules.settings
        goods = self._fold_goods(changed, denials)
        roads = self._fold_roads(at, settings, denials)
        moved = self._people.fold(denials)
        crowd = People(self._people.register, denials, ())
        self._compare(moved, settings)
        people_now = self._lines.people(self._people, moved, self._now, decided, settings)
        stocks = self._lines.stocks(goods, people_now, lands, decided, (settings, at))
        lines = self._lines.roads(lands, roads, decided)
        self._find(goods, (people_now, stocks, lines), settings)
        view = Picture(
            at=at,
            known_at=known_at,
            clearance=self.clearance,
            digest=self._stood.digest,
            general=rules,
            geography=lands,
            access=roads,
            supply=goods,
            people_register=crowd,
            decisions=decided,
            stocks=stocks,
            people=people_now,
            roads=lines,
            transit=self._stocks.transit,
            findings=(),
            unknowns=(),
            reports=self._stood.reports,
            struck=self._stood.struck,
        )
        missing = unknowns(stocks, people_now, lines, roads, goods, settings, at)
        return dataclasses.replace(
            view,
            findings=self._found.named(view),
            unknowns=with_names(in_order_of_consequence(missing), view),
        )

    def _move(self, at: datetime, known_at: datetime) -> None:
        left, entered = self._begun.move(at, *self._stood.learn(known_at))
        for report in left:
            del self._now[report.id]
            self._turn(report, Rows.take)
        entered.sort(key=lambda report: report.order)
        for report in entered:
            self._now[report.id] = report
            self._turn(report, Rows.put)

    def _turn(self, report: Report[Any], change: Change) -> None:
        """Put a report into each table that it bears on, or take it out of them."""
        if report.denies:
            self._denials.turn(report, change)
        said, act = report.statement, report.speech_act
        if act == "denied":
            return
        few = _FEW.get(type(said))
        if few is not None:
            change(self._few, few, report)
        elif isinstance(said, StockCount):
            change(self._stocks.counts, (said.place, said.commodity), report)
        elif isinstance(said, Consignment):
            change(self._few, "consignment", report)
            self._stocks.put(report, change)
            if is_flow(report):
                self._flows.turn(report, is_in=change is Rows.put)
        elif isinstance(said, RoadStatus):
            change(self._roads.rows, said.road, report)
        elif act != "promised":
            subject = people.subject_of(report)
            if subject is not None:
                change(self._people.rows, subject, report)
            elif isinstance(said, Notification):
                change(self._few, "notification", report)
            elif isinstance(said, (PassageRequest, PassageAnswer)):
                change(self._roads.asked, said.request, report)

    def _fold_denials(self) -> Denials:
        for name in self._denials.fold():
            claim = self._now.get(name)
            if claim is not None and claim.speech_act != "denied":
                subject = people.subject_of(claim)
                if subject is not None:
                    self._people.rows.changed.add(subject)
                elif isinstance(claim.statement, StockCount):
                    key = (claim.statement.place, claim.statement.commodity)
                    self._stocks.counts.changed.add(key)
        by_target = self._denials.by_target
        known, self._denied = self._denied, {}
        for name, denials in by_target.items():
            claim = self._now.get(name)
            if claim is None:
                continue
            for denial in denials:
                old = known.get(denial.id)
                if old is None or old[0] is not denial or old[1] is not claim:
                    old = (denial, claim, denied(denial, claim))
                self._denied[denial.id] = old
        self._found.put("denied", tuple(found for _, _, found in self._denied.values()))
        return by_target

    def _fold_rules(self, changed: set[Any]) -> General:
        if changed & {"setting", "observation"}:
            self._rules = general.fold((*self._few.of("setting"), *self._few.of("observation")))
            self._found.put("rules", self._rules.findings)
        return self._rules

    def _fold_lands(self, changed: set[Any]) -> Geography:
        if "geography" in changed:
            self._lands = geography.fold(self._few.of("geography"))
            self._found.put("lands", self._lands.findings)
        return self._lands

    def _fold_goods(self, changed: set[Any], denials: Denials) -> Supply:
        before = self._goods
        commodities, rates = before.commodities, before.need_rates
        if "commodity" in changed:
            said = (report.statement for report in self._few.of("commodity"))
            commodities = {commodity.commodity: commodity for commodity in said}
            codes = commodities.keys() | before.commodities.keys()
            self._stocks.convert_anew(
                {c for c in codes if commodities.get(c) != before.commodities.get(c)}
            )
        if "need_rate" in changed:
            rates = self._few.of("need_rate")
        stale = self._stocks.fold(commodities, denials)
        if not stale and denials is before.denials and not changed & _GOODS:
            return before
        few = self._few.of
        fleets = (
            {r.statement.fleet: r for r in few("fleet")} if "fleet" in changed else before.fleets
        )
        self._goods = Supply(
            commodities,
            rates,
            self._stocks.stocks,
            few("consignment") if "consignment" in changed else before.consignments,
            few("pipeline") if "pipeline" in changed else before.pipeline,
            fleets,
            denials,
            unconverted(self._stocks, supply.rate_findings(rates, commodities)),
        )
        self._found.put("goods", self._goods.findings)
        return self._goods

    def _fold_roads(self, at: datetime, settings: Settings, denials: Denials) -> Access:
        views = self._roads.fold(at, settings.road_status_expires_h)
        self._found.put("access", self._roads.findings)
        return Access(
            views,
            self._roads.history,
            self._roads.passages,
            self._few.of("notification"),
            denials,
            self._roads.findings,
        )

    def _compare(self, moved: set[Subject], settings: Settings) -> None:
        """Find what does not fit in the families of the subjects that changed."""
        for family, series in self._lines.families(self._people, moved, settings):
            self._found.put(("family", family), family_findings(series, settings))

    def _find(self, goods: Supply, lines: AllLines, settings: Settings) -> None:
        people_now, stocks, _ = lines
        found, zone = self._found, settings.time_zone
        found.put("stood", self._stood.findings)
        for source, findings in self._flows.fold(goods, self._lands, settings):
            found.put(source, findings)
        for line in self._lines.changed_people:
            found.put(("people", line.place), differing(line, zone))
        found.drop(("people", place) for place in self._lines.gone_people)
        needs = {(line.place, line.commodity): line.need_per_day.high for line in stocks}
        found.keep_counts(goods.stocks, needs, zone)
        for road, there in self._lines.changed_roads.items():
            found.put(("road", road), tuple(road_findings(there)))
        found.put("ends", tuple(adopted_ends(stocks, people_now)))


class _Flows:
    """Announcements that may speak of one cargo, and runs told with amounts exchanged."""

    def __init__(self) -> None:
        self._reports: dict[ReportId, Report[Any]] = {}
        self._turned: list[tuple[Report[Any], bool]] = []
        self._links: Links | None = None
        self._runs = Rows()
        self._given: tuple[Any, ...] = ()
        self._relations: tuple[Any, ...] = ()

    def turn(self, report: Report[Any], *, is_in: bool) -> None:
        """Take a movement in, or out."""
        if is_in:
            self._reports[report.id] = report
        else:
            del self._reports[report.id]
        self._turned.append((report, is_in))

    def fold(
        self, goods: Supply, lands: Geography, settings: Settings
    ) -> Iterable[tuple[Any, tuple[Finding, ...]]]:
        """Return the findings that may have changed, by where they come from.

        All is compared anew only where what lies within what, what is part of what, a unit or a
        rule changed.
        """
        given = (goods.commodities, lands, settings)
        is_same = len(self._given) == 3 and all(
            a is b for a, b in zip(given, self._given, strict=True)
        )
        if not is_same:
            self._given = given
            relations = _relations(goods, lands, settings)
            if relations != self._relations:
                self._relations = relations
                self._links = Links(goods.commodities, lands, settings)
                before, self._runs = self._runs, Rows()
                self._runs.changed.update(before, before.changed)
                self._turned = [(report, True) for report in self._reports.values()]
        assert self._links is not None
        turned = bool(self._turned)
        for report, is_in in self._turned:
            run = run_of(report, settings.time_zone)
            (self._links.add if is_in else self._links.remove)(report)
            if run is not None:
                (self._runs.put if is_in else self._runs.take)(run, report)
        self._turned = []
        if turned or not is_same:
            yield "links", self._links.findings()
        for run in self._runs.drain():
            told = list(self._runs.of(run))
            yield ("run", run), tuple(exchanged_in(run, told, settings.time_zone))


class _Lines:
    """The lines of the picture; a line is made anew when something it rests on changed."""

    def __init__(self) -> None:
        self._families: dict[Family, set[Subject]] = {}
        self._told: dict[PlaceCode, set[Subject]] = {}
        self._people: dict[PlaceCode, PeopleLine] = {}
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
            there = sorted(self._families[family], key=table.rows.first)
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
        adopted = {
            p: _adopted(r, now) for (what, p, _), r in decided.adopted.items() if what == "people"
        }
        places = self._adopted.keys() | adopted.keys()
        stale |= {place for place in places if adopted.get(place) != self._adopted.get(place)}
        if self._settings != settings:
            stale |= self._told.keys() | adopted.keys()
        self._adopted, self._settings = adopted, settings
        self.changed_people, self.gone_people = [], []
        for place in stale:
            there = sorted(self._told.get(place, ()), key=table.rows.first)
            told = {subject: table.register[subject] for subject in there}
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

    def _once(self, key: Any, inputs: tuple[Any, ...], make: Callable[..., Any]) -> Any:
        """Return what was made of the same inputs before, else make it."""
        known = self._memo.get(key)
        if known is None or known[0] != inputs:
            known = self._memo[key] = (inputs, make(*inputs))
        return known[1]


def _relations(goods: Supply, lands: Geography, settings: Settings) -> tuple[Any, ...]:
    """Return all that decides whether two announcements may speak of one cargo."""
    return (
        {c.commodity: (c.unit, c.kg_per_unit, c.part_of) for c in goods.commodities.values()},
        {place.place: place.within for place in lands.places.values()},
        settings.double_count_days,
        settings.time_zone,
    )


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
