"""From entries to a picture, in numbered steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Any

from corridor.picture.consistency import people_findings, stock_findings
from corridor.picture.overlaps import overlaps
from corridor.picture.overtaken import overtaken
from corridor.picture.people import people_lines
from corridor.picture.roads import RoadLine, road_lines
from corridor.picture.sites import locations_too_open
from corridor.picture.stocks import in_transit, stock_lines
from corridor.picture.unknowns import unknowns
from corridor.picture.view import PeopleLine, Picture, StockLine, with_names
from corridor.registers import (
    access,
    decisions,
    general,
    geography,
    people,
    shelter,
    supply,
)
from corridor.registers.general import Observation, Settings
from corridor.registers.people import People
from corridor.registers.shelter import Shelter
from corridor.report import Entry, Handling, Report, Standing, clears, digest_of, standing, visible
from corridor.shelter import (
    by_place,
    movement_questions,
    protection_questions,
    retold,
    shares_of,
)
from corridor.statements import KINDS, LASTING
from corridor.values import Finding, in_order_of_consequence, named

_REGISTER = {kind.statement: kind.register for kind in KINDS.values()}
_KEEPING_DENIALS = ("access", "supply", "people")


def picture(
    entries: Iterable[Entry], *, at: datetime, known_at: datetime, clearance: Handling
) -> Picture:
    """Return what the entries add up to.

    1. Keep what this viewer could know at `known_at`; its digest is what the picture rests on.
    2. Drop what was withdrawn or corrected by someone entitled to.
    3. Keep what speaks about `at` or before, and descriptions and rules that name no time.
    4. Fold each register.
    5. Do the arithmetic between registers: people, needs, stocks, days of cover, roads.
    6. Collect findings and unknowns, names in place of codes.

    Parameters
    ----------
    at
        The moment the picture is about.
    known_at
        The moment it is known from; nothing learned later enters.
    clearance
        The highest handling the viewer may see.
    """
    seen = visible(entries, known_at=known_at, clearance=clearance)
    stood = standing(seen)
    return folded(stood, digest_of(seen), at=at, known_at=known_at, clearance=clearance)


def folded(
    stood: Standing, digest: str, *, at: datetime, known_at: datetime, clearance: Handling
) -> Picture:
    """Return the picture of reports that stand: steps 3 to 6 of `picture`."""
    now = [report for report in stood.reports if report.begins <= at or holds_always(report)]
    told = by_register(now)
    rules = general.fold(told.get("any", ()))
    settings = rules.settings
    lands = geography.fold(told.get("geography", ()))
    roads = access.fold(told["access"], at=at, expires_h=settings.road_status_expires_h)
    goods = supply.fold(told["supply"])
    crowd = people.fold(told["people"])
    sites = shelter.fold(told.get("shelter", ()))
    decided = decisions.fold(told.get("decisions", ()), at=at)
    people_now = people_lines(crowd, decided, settings)
    stocks = stock_lines(goods, people_now, lands, decided, settings, at)
    lines = road_lines(lands, roads, decided)
    found = (
        *stood.findings,
        *(
            f
            for register in (rules, lands, roads, goods, crowd, sites, decided)
            for f in register.findings
        ),
        *overlaps(goods, lands, settings),
        *people_findings(crowd, people_now, settings),
        *asked(crowd, settings, clearance),
        *locations_too_open(sites, told.get("geography", ())),
        *waiting(sites, settings, at),
        *retold(filter(retells, now), {report.id: report for report in now}),
        *stock_findings(goods, stocks, settings),
        *road_findings(lines),
        *overtaken(decided, roads, lands, at),
        *adopted_ends(stocks, people_now),
        *_denied(now),
    )
    view = Picture(
        at=at,
        known_at=known_at,
        clearance=clearance,
        digest=digest,
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
        transit=in_transit(goods),
        findings=(),
        unknowns=(),
        reports=MappingProxyType({report.id: report for report in stood.reports}),
        struck=stood.struck,
    )
    missing = unknowns(stocks, people_now, lines, roads, goods, settings, at)
    return dataclasses.replace(
        view,
        findings=with_names(in_order_of_consequence(found), view.name),
        unknowns=with_names(in_order_of_consequence(missing), view.name),
    )


def by_register(reports: Iterable[Report[Any]]) -> dict[str, list[Report[Any]]]:
    """Return what each register folds: its own kinds, and every denial where those are kept."""
    found: dict[str, list[Report[Any]]] = {name: [] for name in _KEEPING_DENIALS}
    for report in reports:
        register = _REGISTER[type(report.statement)]
        found.setdefault(register, []).append(report)
        if report.denies:
            for name in _KEEPING_DENIALS:
                if name != register:
                    found[name].append(report)
    return found


def asked(crowd: People, settings: Settings, clearance: Handling) -> Iterator[Finding]:
    """Yield what counts of people at each place leave open; for the protection focal point if cleared."""
    told, zone = by_place(crowd.series), settings.time_zone
    for place, there in told.items():
        yield from movement_questions(place, there, zone)
    if clears(clearance, "restricted"):
        shares = {place: shares_of(place, there, zone) for place, there in told.items()}
        yield from protection_questions(shares)


def waiting(sites: Shelter, settings: Settings, at: datetime) -> tuple[Finding, ...]:
    """Return the tickets that wait too long for an answer."""
    return shelter.overdue(sites, at, settings.feedback_overdue_days)


def retells(report: Report[Any]) -> bool:
    """Tell whether a report passes on another one, whatever it makes of it."""
    said = report.statement
    return isinstance(said, Observation) and bool(said.retells) and report.speech_act != "denied"


def holds_always(report: Report[Any]) -> bool:
    """Tell whether a report is a description or a rule that names no time, and so holds for all."""
    names_no_time = report.observed_from is None and report.observed_until is None
    return names_no_time and report.published_at is None and type(report.statement) in LASTING


def road_findings(lines: Iterable[RoadLine]) -> Iterator[Finding]:
    """Yield a finding for each line of which claimants say different things."""
    for line in lines:
        if not line.is_disputed:
            continue
        holding = [view for view in line.views if view.is_current]
        yield Finding(
            "road_disputed",
            "act",
            line.road,
            f"{len(holding)} claimants say different things of {named(line.road)} towards "
            f"{named(line.towards)} for {line.user} traffic with {line.cargo} cargo; the most "
            f"cautious, {line.status}, leads until a person decides.",
            tuple((named(view.claimant), view.status) for view in holding),
            tuple(sorted(view.report.id for view in holding)),
        )


def adopted_ends(stocks: Iterable[StockLine], lines: Iterable[PeopleLine]) -> Iterator[Finding]:
    """Yield a finding for each number that planning takes from the only end stated."""
    for line in lines:
        if line.cautious is not None and "only end stated" in line.cautious_why:
            yield _end_used(line.place, line.cautious_why, line.counted.basis)
    for stock in stocks:
        if stock.cautious is not None and "only end stated" in stock.cautious_why:
            yield _end_used(
                f"{stock.place}/{stock.commodity}", stock.cautious_why, stock.stock.basis
            )


def _end_used(subject: str, why: str, basis: tuple[Any, ...]) -> Finding:
    return Finding(
        "stated_end_used",
        "note",
        subject,
        f"Planning needs a number for {subject} and none is stated; it takes {why}.",
        basis=basis,
    )


def _denied(reports: Iterable[Report[Any]]) -> Iterator[Finding]:
    taken = tuple(reports)
    denials = [report for report in taken if report.denies]
    by_id = {report.id: report for report in taken} if denials else {}
    for report in denials:
        claim = by_id.get(report.denies) if report.denies else None
        if claim is not None:
            yield denied(report, claim)


def denied(denial: Report[Any], claim: Report[Any]) -> Finding:
    """Return the finding that a report denies another."""
    return Finding(
        "denied",
        "ask",
        claim.id,
        f"{named(denial.claimant)} denies what {named(claim.claimant)} says; both stand.",
        basis=tuple(sorted((claim.id, denial.id))),
    )
