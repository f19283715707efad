"""What claimants say was sent and delivered, each claim by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Heading, Sentence, Table, Text, Value, cell
from corridor.briefs.citing import CORRIDOR, claimed, with_denials
from corridor.briefs.editions import SHOWN_AS_TABLES, Edition
from corridor.registers.supply import Consignment
from corridor.report import Report
from corridor.values import ReportId

_COLUMNS = (
    Column("Who says so"),
    Column("Amount", is_number=True),
    Column("Goods and what happened"),
    Column("Sent, carried, kept, handed out by"),
)
_HAPPENED = {
    "advised": "advised to",
    "loaded": "loaded for",
    "dispatched": "dispatched to",
    "held": "held on the way to",
    "passed": "let pass on the way to",
    "received": "received at",
    "distributed": "handed out at",
    "lost": "lost on the way to",
}


def response(edition: Edition) -> tuple[Block, ...]:
    """Return the deliveries claimed: first those that may be one cargo, then the others."""
    reports = edition.reports(Consignment)
    if not reports:
        return (
            Heading("Response"),
            Sentence(
                CORRIDOR, (f"notes: {words.NO_REPORT} of a delivery that this edition may show.",)
            ),
        )
    groups = [
        *(
            ("may be the same cargo", group)
            for group in overlap_groups(edition, many_claimants=True)
        ),
        *(
            ("may be one announcement carried several times", group)
            for group in overlap_groups(edition, many_claimants=False)
        ),
    ]
    grouped = {report.id for _, group in groups for report in group}
    alone = [report for report in reports if report.id not in grouped]
    tables = [
        _group_table(edition, number, may_be, group)
        for number, (may_be, group) in enumerate(groups, start=1)
    ]
    rest = (
        Table(
            "deliveries",
            "Deliveries and announcements that stand alone"
            if groups
            else "Deliveries and announcements",
            _COLUMNS,
            tuple(_rows(edition, sorted(alone, key=lambda r: _in_time(edition, r)))),
            ("Each line is one claimant's claim. Corridor adds nothing up across claimants.",),
        ),
    )
    return (Heading("Response"), *tables, *(rest if alone else ()))


def overlap_groups(
    edition: Edition, *, many_claimants: bool
) -> tuple[tuple[Report[Any], ...], ...]:
    """Return what may be one cargo, as far as this edition admits it: by several or by one."""
    admitted: dict[ReportId, Report[Any]] = {
        report.id: report for report in edition.reports(Consignment)
    }
    groups = []
    for finding in edition.picture.findings:
        if finding.code not in SHOWN_AS_TABLES:
            continue
        known = [admitted[name] for name in finding.basis if name in admitted]
        if len(known) > 1 and (len({report.claimant for report in known}) > 1) == many_claimants:
            groups.append(tuple(sorted(known, key=lambda r: _in_time(edition, r))))
    return tuple(groups)


def _group_table(
    edition: Edition, number: int, may_be: str, group: tuple[Report[Any], ...]
) -> Table:
    goods = words.listed(sorted({edition.picture.name(r.statement.commodity) for r in group}))
    return Table(
        f"overlap-{number}",
        f"{goods}: {may_be}; not added",
        _COLUMNS,
        tuple(_rows(edition, group)),
        (f"Corridor finds that these claims {may_be}.",),
    )


def _in_time(edition: Edition, report: Report[Any]) -> tuple[Any, ...]:
    return (report.as_of, edition.picture.settings.place_in_order(report.claimant)[0], report.order)


def _rows(edition: Edition, reports: Iterable[Report[Any]]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows, each time the rows are about as a heading of its own."""
    last = ""
    for report in reports:
        when = words.observed(report, edition.picture.settings.time_zone)
        when = when if edition.shows_route(report) else "Time not in this edition"
        if when != last:
            last = when
            yield (cell("Time not stated" if when == "not stated" else when),)
        yield _row(edition, report)


def _row(edition: Edition, report: Report[Any]) -> tuple[Cell, ...]:
    picture, said = edition.picture, report.statement
    zone = picture.settings.time_zone
    shows = edition.shows_route(report)
    since = (
        f", in total since {words.day(said.since, zone)}"
        if said.since
        else ", in total"
        if said.measure == "cumulative"
        else ""
    )
    where = f"{_HAPPENED[said.stage]} {picture.name(said.destination)}"
    happened = f"{picture.name(said.commodity)}, {where}{since}"
    return (
        cell(f"{edition.who(report.claimant)} {words.verb(report)}"),
        cell(with_denials(edition, report, (claimed(edition, report),))),
        cell(happened),
        cell(_by_whom(edition, report, shows)),
    )


def _by_whom(edition: Edition, report: Report[Any], shows_route: bool) -> Text:
    picture, said = edition.picture, report.statement
    roles = (
        ("Sent by", said.consignor),
        ("Carried by", said.carrier),
        ("Kept by", said.custodian),
        ("Handed out by", said.distributor),
    )
    lines: list[Text] = [(f"{role} {edition.who(code)}",) for role, code in roles if code]
    if shows_route and said.origin:
        lines.append((f"From {picture.name(said.origin)}",))
    if shows_route and said.road:
        lines.append((f"By road {said.road}",))
    if shows_route and said.vehicles is not None:
        vehicles = said.vehicles
        lines.append(
            (
                Value(
                    words.amount(vehicles),
                    (report.id,),
                    "",
                    vehicles.low,
                    vehicles.best,
                    vehicles.high,
                    vehicles.unit,
                ),
            )
        )
    if said.reason:
        lines.append((f"Reason given: {said.reason}",))
    if not lines:
        return ("not stated",)
    return tuple(
        item for number, line in enumerate(lines) for item in (("\n",) if number else ()) + line
    )
