"""Sites where people stay: what each is, what it has of what is asked, its rooms, its tickets, what is open."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Heading, Sentence, Table, Text, Value, cell
from corridor.briefs.citing import CORRIDOR, claim_cell, claimed, computed, tally
from corridor.briefs.counts_table import by_sex_and_age
from corridor.briefs.editions import Edition
from corridor.briefs.overview_section import findings_table
from corridor.picture.sites import sites_of
from corridor.registers.shelter import ServiceGap, Site, Ticket
from corridor.shelter import SITE_CODES, Coverage, RoomLine, rooms
from corridor.values import PlaceCode, say_number

_IS = (
    Column("Who says so"),
    Column("What it is"),
    Column("Inside a base"),
    Column("Armed people in it"),
    Column("Free to leave"),
)
_SERVICES = (
    Column("Service"),
    Column("There is", is_number=True),
    Column("Asked", is_number=True),
    Column("Missing", is_number=True),
    Column("Short for people", is_number=True),
    Column("By this figure"),
)
_ROOMS = (
    Column("Unit"),
    Column("Floor, m2", is_number=True),
    Column("People, by each claimant's last count"),
    Column("m2 for each", is_number=True),
)
_GAPS = (
    Column("Who says so"),
    Column("Service"),
    Column("Missing", is_number=True),
    Column("People without", is_number=True),
    Column("Asked of"),
)
_ASKS = (Column("Place"), Column("Goods"), Column("How many", is_number=True), Column("For"))
# Units named one by one; the others are counted.
_MOST_UNITS = 15


def sites(edition: Edition) -> tuple[Block, ...]:
    """Return what this edition may say of sites; a public one shows counts of people alone."""
    counts = by_sex_and_age(edition)
    if not edition.has_gaps:
        return counts
    blocks: list[Block] = []
    coverage: dict[PlaceCode, list[Coverage]] = {}
    for line in sites_of(edition.picture).coverage:
        coverage.setdefault(line.place, []).append(line)
    for place in _shown(edition):
        blocks += (Heading(edition.picture.name(place)), _what_it_is(edition, place))
        blocks += _services(place, coverage.get(place, []))
        blocks += _claimed_gaps(edition, place)
        if edition.is_whole:
            blocks += (*_units(edition, place), *_tickets(edition, place))
    return (
        *blocks,
        *counts,
        *findings_table(
            edition,
            ("act", "ask"),
            "site-questions",
            "What is open about sites and those in them",
            codes=SITE_CODES,
        ),
    )


def asked_of_supply(edition: Edition) -> tuple[Block, ...]:
    """Return what sites ask the supply desk for so that their gaps close, or nothing."""
    if not edition.has_gaps:
        return ()
    picture = edition.picture
    shown = _shown(edition)
    rows = tuple(
        (
            cell(picture.name(ask.place)),
            cell(picture.name(ask.commodity)),
            cell(
                Value(
                    f"{say_number(ask.quantity)} {_unit(edition, ask.commodity)}",
                    ask.basis,
                    "what is asked less the lowest claim, in whole units of the goods that close it",
                    *(ask.quantity,) * 3,
                    _unit(edition, ask.commodity),
                )
            ),
            cell(ask.service.replace("_", " ")),
        )
        for ask in sites_of(picture).asks
        if ask.place in shown
    )
    remark = (
        "Once, beside the daily need. Each closes a gap of a site; the section on sites has the figures.",
    )
    return (
        (Table("asks", "Asked of the supply desk by sites", _ASKS, rows, remark),) if rows else ()
    )


def _shown(edition: Edition) -> list[PlaceCode]:
    """Return the sites this edition describes, by name; those inside a base only in a whole one."""
    picture = edition.picture
    found = (
        place
        for place, claims in picture.shelter.sites.items()
        if any(edition.admits(report) for report in claims)
    )
    return sorted(found, key=lambda place: (picture.name(place), place))


def _unit(edition: Edition, code: str) -> str:
    known = {str(name): goods for name, goods in edition.picture.supply.commodities.items()}
    return str(known[code].unit) if code in known else "units"


def _what_it_is(edition: Edition, place: PlaceCode) -> Table:
    rows = []
    for report in edition.reports(Site):
        if report not in edition.picture.shelter.sites[place]:
            continue
        said: Site = report.statement
        run = f", run by {edition.who(said.manager)}" if said.manager else ""
        own = f", owned by {edition.who(said.owner)}" if said.owner else ""
        what = Value(f"{said.type.replace('_', ' ')}{run}{own}", (report.id,))
        answers = (said.inside_base, said.armed_presence, said.free_to_leave)
        note = f" ({report.note})" if report.note else ""
        rows.append((cell(edition.who(report.claimant)), cell(what, note), *map(cell, answers)))
    return Table(f"site-{place}", "What it is", _IS, tuple(rows))


def _services(place: PlaceCode, lines: list[Coverage]) -> tuple[Block, ...]:
    known = [line for line in lines if line.has.is_known]
    blocks: list[Block] = []
    if known:
        rows = tuple(_service(line) for line in known)
        remark = ("The lowest claim is set against what is asked for those whom planning counts.",)
        title = "What there is of what is asked"
        blocks.append(Table(f"services-{place}", title, _SERVICES, rows, remark))
    unknown = [line.service.replace("_", " ") for line in lines if not line.has.is_known]
    if unknown:
        said = f"notes: {'no report received'} of {words.listed(unknown)}."
        blocks.append(Sentence(CORRIDOR, (said,)))
    return tuple(blocks)


def _service(line: Coverage) -> tuple[Cell, ...]:
    unit = line.figure.unit if line.figure.unit not in ("items",) else ""
    figure = f"{line.figure.words}; {line.figure.citation}"

    def number(value: Decimal | None) -> str | Value:
        if value is None:
            return "not known"
        text = f"{say_number(words.rounded(value) or Decimal(0))} {unit}".strip()
        return Value(text, line.basis, figure, value, value, value, unit, False)

    short: str | Value = "-"
    if line.short_for is not None:
        ends = (line.short_for,) * 3
        short = Value(say_number(line.short_for), line.basis, figure, *ends, "people", False)
    return (
        cell(line.service.replace("_", " ")),
        cell(dataclasses.replace(computed(line.has, unit=unit), is_marked=False)),
        cell(number(line.asked)),
        cell(number(line.missing) if line.missing != 0 else "none"),
        cell(short),
        cell(Value(line.figure.words, line.basis, figure)),
    )


def _claimed_gaps(edition: Edition, place: PlaceCode) -> tuple[Block, ...]:
    rows = []
    for report in edition.reports(ServiceGap):
        said: ServiceGap = report.statement
        if said.place != place:
            continue
        people: Text = ("not said",)
        if said.people is not None:
            people = (claimed(edition, report, said.people),)
        rows.append(
            (
                cell(edition.who(report.claimant)),
                cell(said.service.replace("_", " ")),
                cell(claimed(edition, report)),
                cell(people),
                cell(edition.who(said.asked_of) if said.asked_of else "nobody named"),
            )
        )
    title = "Gaps as claimed"
    return (Table(f"claimed-gaps-{place}", title, _GAPS, tuple(rows)),) if rows else ()


def _units(edition: Edition, place: PlaceCode) -> Iterator[Block]:
    lines = rooms(edition.picture.shelter, place)
    if not lines:
        return
    figure = edition.picture.settings.shelter_figures["covered_floor"]
    usable = [line for line in lines if line.unit.statement.condition == "usable"]
    full = [
        line
        for line in usable
        if line.floor_each_m2 is not None and line.floor_each_m2 < figure.value
    ]
    uncounted = [line for line in usable if not line.occupied.is_known]
    basis = tuple(line.unit.id for line in lines)
    told: list[str | Value] = [
        "counts ",
        tally(len(usable), "usable unit", "usable units", "units described as usable", basis),
        " of ",
        tally(len(lines), "unit", "units", "units described", basis),
        ". By the highest count ",
        tally(len(full), "unit has", "units have", f"units with less than {figure.words}", basis),
        f" less than {say_number(figure.value)} m2 for each person; in ",
        tally(len(uncounted), "unit", "units", "usable units without a count", basis),
        " nobody was counted.",
    ]
    yield Sentence(CORRIDOR, tuple(told))
    apart = [line for line in usable if line.occupied.best is None and line.occupied.is_known]
    listed = sorted(
        {id(line): line for line in (*full, *apart, *uncounted)}.values(),
        key=lambda line: (line.floor_each_m2 is None, line.floor_each_m2 or 0, _code(line)),
    )
    if len(usable) <= _MOST_UNITS:
        listed = usable
    rows = tuple(_room(edition, line) for line in listed[:_MOST_UNITS])
    left = len(usable) - len(rows)
    title = "Units"
    remark: Text = ()
    if left:
        title = "Units, those with the least floor for each first"
        words_of = "1 other usable unit is" if left == 1 else f"{left} other usable units are"
        remark = (
            Value(f"{words_of} not listed.", (), "units, less those listed", is_marked=False),
        )
    if rows:
        yield Table(f"units-{place}", title, _ROOMS, rows, remark)


def _code(line: RoomLine) -> str:
    return str(line.unit.statement.shelter_unit)


def _room(edition: Edition, line: RoomLine) -> tuple[Cell, ...]:
    said = line.unit.statement
    held = edition.picture.shelter.occupancy.get((said.place, said.shelter_unit, "people"))
    told: list[str | Value] = []
    for claim in edition.picture.claims_in_order(held.latest) if held else ():
        told += ["\n" if told else "", *claim_cell(edition, claim.report)]
    each = line.floor_each_m2
    ends = (each, each, each)
    basis = tuple(sorted({line.unit.id, *line.occupied.basis}))
    method = "floor by the highest count of people"
    return (
        cell(_code(line)),
        cell(Value(say_number(said.floor_m2), (line.unit.id,), "", *(said.floor_m2,) * 3, "m2")),
        cell(tuple(told)) if told else cell(words.NO_REPORT),
        cell("not known" if each is None else Value(say_number(each), basis, method, *ends, "m2")),
    )


def _tickets(edition: Edition, place: PlaceCode) -> Iterator[Block]:
    tickets = [ticket for ticket in edition.picture.shelter.tickets if ticket.place == place]
    if not tickets:
        return
    days = edition.picture.settings.feedback_overdue_days
    waiting = [ticket for ticket in tickets if ticket.answered_at is None]
    late = [t for t in waiting if (edition.picture.at - t.received_at).days > days]
    yield Sentence(
        CORRIDOR,
        (
            "counts ",
            _tally(tickets, "tickets received"),
            " of ordinary feedback: ",
            _tally([t for t in tickets if t.answered_at is not None], "tickets answered"),
            " answered, ",
            _tally(waiting, "tickets that wait"),
            " waiting, of them ",
            _tally(late, f"tickets that wait longer than {days.normalize():f} days"),
            f" longer than {days.normalize():f} days.",
        ),
    )


def _tally(tickets: list[Ticket], method: str) -> Value:
    number = Decimal(len(tickets))
    basis = tuple(sorted(ticket.last.id for ticket in tickets))
    return Value(f"{number}", basis, method, number, number, number, "tickets", is_marked=False)
