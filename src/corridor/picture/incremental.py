"""The picture of a ledger that grows: only what a new report bears on is folded again.

What `Memory.picture` returns equals what `corridor.picture.picture` returns of the same entries; the
laws in the tests hold it to that. It is a cache and nothing else: leaving it out changes no byte. So
is the snapshot that it can be saved to and restored from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any

from corridor.ledger.archive import Archive
from corridor.ledger.compartments import Compartments
from corridor.ledger.snapshot import Snapshot
from corridor.picture.asking import Asking
from corridor.picture.build import (
    adopted_ends,
    denied,
    holds_always,
    retells,
    road_findings,
    waiting,
)
from corridor.picture.consistency import differing, family_findings
from corridor.picture.flows import Flows
from corridor.picture.found import Found
from corridor.picture.lines import Lines
from corridor.picture.overlaps import is_flow
from corridor.picture.overtaken import overtaken
from corridor.picture.packing import packed, unpacked
from corridor.picture.roads import RoadLine
from corridor.picture.rows import Rows
from corridor.picture.sites import locations_too_open
from corridor.picture.stood import Begun, Stood
from corridor.picture.tables import (
    Denials,
    DenialTable,
    PeopleTable,
    RoadTable,
    StockTable,
    unconverted,
)
from corridor.picture.unknowns import unknowns
from corridor.picture.unread import Over
from corridor.picture.view import PeopleLine, Picture, StockLine, with_names
from corridor.registers import decisions, general, geography, people, shelter, supply
from corridor.registers.access import (
    Access,
    Notification,
    PassageAnswer,
    PassageRequest,
    RoadStatus,
)
from corridor.registers.general import General, Observation, Settings
from corridor.registers.geography import Geography
from corridor.registers.people import People, Subject
from corridor.registers.shelter import Shelter
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
from corridor.shelter import retold
from corridor.statements import KINDS
from corridor.values import ReportId, in_order_of_consequence

Change = Callable[[Rows, Any, Report[Any]], None]
AllLines = tuple[tuple[PeopleLine, ...], tuple[StockLine, ...], tuple[RoadLine, ...]]
_END = datetime.max.replace(tzinfo=UTC)
_GOODS = {"commodity", "need_rate", "consignment", "pipeline", "fleet"}
# Registers and kinds that are folded as a whole, or shown as they are, when a report of them changes.
_WHOLE = ("any", "geography", "decisions", "shelter")
_FEW: Mapping[type[Any], str] = {
    kind.statement: kind.register
    if kind.register in _WHOLE and kind.statement is not Observation
    else kind.name
    for kind in KINDS.values()
    if kind.register in _WHOLE or kind.statement in (Commodity, NeedRate, Pipeline, Fleet)
}


class Memory:
    """What is kept between two pictures for one clearance.

    Attributes
    ----------
    clearance
        Whose view it is.
    """

    def __init__(self, clearance: Handling) -> None:
        self.clearance = clearance
        self._stood = Stood(clearance)
        self._begun = Begun()
        self._now: MutableMapping[ReportId, Report[Any]] = {}
        self._few = Rows()
        self._denials = DenialTable()
        self._people = PeopleTable()
        self._stocks = StockTable()
        self._roads = RoadTable()
        self._flows = Flows()
        self._lines = Lines()
        self._asking = Asking(clearance)
        self._found = Found()
        self._rules = general.fold(())
        self._lands = geography.fold(())
        self._goods = supply.fold(())
        self._sites = shelter.fold(())
        self._moved: set[ReportId] = set()

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in entries that were not taken in before; in what order is no matter."""
        self._stood.wait(entries)

    def tells(self, at: datetime, known_at: datetime) -> bool:
        """Tell whether a picture can be had from here, or has to be folded from the start.

        It has to where less was known at the moment than what was taken in for an earlier picture,
        or, after a snapshot, where less had begun.
        """
        learned, begun = self._stood.known_at, self._begun.since
        return (learned is None or learned <= known_at) and (begun is None or begun <= at)

    def picture(self, *, at: datetime, known_at: datetime) -> Picture:
        """Return the picture of all entries added so far.

        The steps are those of `corridor.picture.picture`; each does only what changed.

        Raises
        ------
        ValueError
            It cannot be told from here; see `tells`.
        """
        if not self.tells(at, known_at):
            raise ValueError("known_at or at lies before what this memory holds")
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
        self._fold_retellings(changed)
        sites = self._fold_sites(changed, settings, at)
        people_now = self._lines.people(self._people, moved, self._now, decided, settings)
        stocks = self._lines.stocks(goods, people_now, lands, decided, (settings, at))
        lines = self._lines.roads(lands, roads, decided)
        self._found.put("released", tuple(overtaken(decided, roads, lands, at)))
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
            shelter=sites,
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
            unknowns=with_names(in_order_of_consequence(missing), view.name),
        )

    def _move(self, at: datetime, known_at: datetime) -> None:
        left, entered = self._begun.move(at, *self._stood.learn(known_at))
        self._moved = {report.id for report in (*left, *entered)}
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
        if retells(report):
            change(self._few, "retold", report)
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
        turned = self._denials.fold()
        by_target = self._denials.by_target
        for name in turned:
            claim = self._now.get(name)
            if claim is not None and claim.speech_act != "denied":
                subject = people.subject_of(claim)
                if subject is not None:
                    self._people.rows.changed.add(subject)
                elif isinstance(claim.statement, StockCount):
                    key = (claim.statement.place, claim.statement.commodity)
                    self._stocks.counts.changed.add(key)
        for name in turned | (self._moved & by_target.keys()):
            claim = self._now.get(name)
            told = () if claim is None else ((d, claim) for d in by_target.get(name, ()))
            self._found.put(("denied", name), tuple(denied(*pair) for pair in told))
        return by_target

    def _fold_rules(self, changed: set[Any]) -> General:
        if changed & {"any", "observation"}:
            rules = self._rules
            if "any" in changed:
                rules = general.fold(self._few.of("any"))
            seen = self._few.unread("observation")
            self._rules = dataclasses.replace(rules, observations=seen)
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
        few = self._few.unread
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
            self._stocks.received,
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
            self._few.unread("notification"),
            denials,
            self._roads.findings,
        )

    def _compare(self, moved: set[Subject], settings: Settings) -> None:
        """Find what does not fit in the families of the subjects that changed."""
        for family, series in self._lines.families(self._people, moved, settings):
            self._found.put(("family", family), family_findings(series, settings))
        for source, findings in self._asking.fold(self._people, moved, settings.time_zone):
            self._found.put(source, findings)

    def _fold_sites(self, changed: set[Any], settings: Settings, at: datetime) -> Shelter:
        if "shelter" in changed:
            self._sites = shelter.fold(self._few.of("shelter"))
            self._found.put("sites", self._sites.findings)
        if changed & {"shelter", "geography"}:
            lands = self._few.of("geography")
            self._found.put("located", tuple(locations_too_open(self._sites, lands)))
        self._found.put("waiting", waiting(self._sites, settings, at))
        return self._sites

    def _fold_retellings(self, changed: set[Any]) -> None:
        given = self._few.of("retold")
        if "retold" in changed or any(r.statement.retells in self._moved for r in given):
            self._found.put("retold", retold(given, self._now))

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

    @property
    def ahead(self) -> int:
        """How much was taken in that is not known at the moment of the last picture, or begins later."""
        return len(self._stood.waiting) + len(self._begun.later())

    def save(self) -> dict[str, Any]:
        """Return what a snapshot keeps, by section."""
        number = self._stood.number
        return {
            **self._stood.save(),
            "begun": packed(self._begun.begun()),
            "later": [number(name) for name in self._begun.later()],
            "few": self._few.save(number),
            **self._denials.save(number),
            **self._people.save(number),
            **self._stocks.save(number),
            **self._roads.save(number),
            **self._flows.save(number),
            **self._lines.save(),
            **self._asking.save(),
            **self._found.save(),
        }

    @classmethod
    def restore(cls, clearance: Handling, kept: Snapshot, ledgers: Compartments) -> Memory:
        """Return the memory that was saved, for a clearance that sees all that is in it.

        Nothing but what ages, and what there is little of, is read before somebody looks for it.
        """
        memory = cls(clearance)
        archive = Archive(ledgers, kept.heads, kept["waiting"])
        stood, few = memory._stood, memory._few
        stood.restore(kept, archive)
        begun = unpacked(kept["begun"])
        memory._begun.restore(begun, archive.reports(kept["later"]))
        memory._now = Over(lambda name: _if_begun(stood.kept(name), begun))
        few.restore(archive, lambda: kept["few"])
        memory._restore_registers(kept, archive)
        rules, lands, goods = memory._rules, memory._lands, memory._goods
        settings = rules.settings
        decided = decisions.fold(few.of("decisions"), at=_END)
        memory._lines.restore(kept, memory._people, goods, decided, settings, memory._now)
        memory._asking.restore(kept, memory._people.register, settings.time_zone)
        memory._flows.restore(kept, archive, (goods, lands, settings))
        memory._found.restore(kept, goods.stocks, (lands, goods.commodities, settings))
        stood.findings = memory._found.given("stood")
        return memory

    def _restore_registers(self, kept: Snapshot, archive: Archive) -> None:
        few, tables = self._few, (self._denials, self._people, self._roads)
        for table in tables:
            table.restore(kept, archive)
        rules = general.fold(few.of("any"))
        self._rules = dataclasses.replace(rules, observations=few.unread("observation"))
        self._lands = geography.fold(few.of("geography"))
        self._sites = shelter.fold(few.of("shelter"))
        commodities = {r.statement.commodity: r.statement for r in few.of("commodity")}
        self._stocks.restore(kept, archive, commodities)
        rates = few.of("need_rate")
        self._goods = Supply(
            commodities,
            rates,
            self._stocks.stocks,
            few.unread("consignment"),
            few.unread("pipeline"),
            {r.statement.fleet: r for r in few.of("fleet")},
            self._denials.by_target,
            unconverted(self._stocks, supply.rate_findings(rates, commodities)),
            self._stocks.received,
        )


def _if_begun(report: Report[Any] | None, at: datetime | None) -> Report[Any] | None:
    if report is None or holds_always(report):
        return report
    return report if at is not None and report.begins <= at else None
