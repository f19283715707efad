"""From entries to a picture, in numbered steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from corridor.picture.consistency import people_findings, stock_findings
from corridor.picture.overlaps import overlaps
from corridor.picture.people import people_lines
from corridor.picture.roads import RoadLine, road_lines
from corridor.picture.stocks import in_transit, stock_lines
from corridor.picture.unknowns import unknowns
from corridor.picture.view import PeopleLine, Picture, StockLine, with_names
from corridor.registers import access, decisions, general, geography, people, supply
from corridor.report import Entry, Handling, Report, digest_of, standing, visible
from corridor.statements import LASTING
from corridor.values import Finding, in_order_of_consequence, named


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
    now = [report for report in stood.reports if report.begins <= at or _holds_always(report)]
    rules = general.fold(now)
    settings = rules.settings
    lands = geography.fold(now)
    roads = access.fold(now, at=at, expires_h=settings.road_status_expires_h)
    goods = supply.fold(now)
    crowd = people.fold(now)
    decided = decisions.fold(now, at=at)
    people_now = people_lines(crowd, decided, settings)
    stocks = stock_lines(goods, people_now, lands, decided, settings, at)
    lines = road_lines(lands, roads, decided)
    found = (
        *stood.findings,
        *(
            f
            for register in (rules, lands, roads, goods, crowd, decided)
            for f in register.findings
        ),
        *overlaps(goods, lands, settings),
        *people_findings(crowd, people_now, settings),
        *stock_findings(goods, stocks, settings),
        *_road_findings(lines),
        *_adopted_ends(stocks, people_now),
        *_denied(now),
    )
    view = Picture(
        at=at,
        known_at=known_at,
        clearance=clearance,
        digest=digest_of(seen),
        general=rules,
        geography=lands,
        access=roads,
        supply=goods,
        people_register=crowd,
        decisions=decided,
        stocks=stocks,
        people=people_now,
        roads=lines,
        transit=in_transit(goods),
        findings=(),
        unknowns=(),
        reports={report.id: report for report in stood.reports},
        struck=stood.struck,
    )
    missing = unknowns(stocks, people_now, lines, roads, goods, settings, at)
    return dataclasses.replace(
        view,
        findings=with_names(in_order_of_consequence(found), view),
        unknowns=with_names(in_order_of_consequence(missing), view),
    )


def _holds_always(report: Report[Any]) -> bool:
    names_no_time = report.observed_from is None and report.observed_until is None
    return names_no_time and report.published_at is None and type(report.statement) in LASTING


def _road_findings(lines: Iterable[RoadLine]) -> Iterator[Finding]:
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


def _adopted_ends(stocks: Iterable[StockLine], lines: Iterable[PeopleLine]) -> Iterator[Finding]:
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


def _denied(reports: list[Report[Any]]) -> Iterator[Finding]:
    by_id = {report.id: report for report in reports}
    for report in reports:
        claim = by_id.get(report.denies) if report.denies else None
        if claim is not None:
            yield Finding(
                "denied",
                "ask",
                claim.id,
                f"{named(report.claimant)} denies what {named(claim.claimant)} says; both stand.",
                basis=tuple(sorted((claim.id, report.id))),
            )
