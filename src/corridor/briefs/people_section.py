"""How many people are where, came and left, as each claimant counts them."""

from __future__ import annotations

from collections.abc import Iterator

from corridor.briefs import words
from corridor.briefs.brief import (
    Block,
    Cell,
    Column,
    Drawing,
    Heading,
    Sentence,
    Table,
    Text,
    Value,
    cell,
)
from corridor.briefs.citing import CORRIDOR, claim_cell, claimed, computed, ranged, with_denials
from corridor.briefs.editions import Edition
from corridor.briefs.figures import headcounts
from corridor.briefs.small_cells import NOT_SHOWN
from corridor.briefs.telling import ages
from corridor.claims import Claim, Series
from corridor.picture import PeopleLine
from corridor.registers.people import Subject
from corridor.values import Estimate, say_number

_LINES = (
    Column("Place"),
    Column("Latest claims, by claimant"),
    Column("Range over them, or adopted", is_number=True),
    Column("Left since, in total", is_number=True),
    Column("There now", is_number=True),
)
# Single movements are listed below; only a total since the headcount is taken from it.
_NO_TOTAL = "No total reported"
_PLANNED = Column("Planning takes", is_number=True)
_CLAIMS = (Column("When"), Column("Who says so"), Column("Number", is_number=True))
_EVENTS = {"headcount": "At", "arrival": "Came to", "departure": "Left"}


def people(edition: Edition) -> tuple[Block, ...]:
    """Return who is where, and every series of claims about people."""
    blocks: list[Block] = []
    if edition.picture.people:
        columns = (*_LINES, _PLANNED) if edition.is_whole else _LINES
        rows = tuple(_line(edition, line) for line in edition.picture.people)
        remark = (
            "Corridor takes the lowest and the highest of the latest claims; it adds nothing.",
        )
        blocks.append(Table("people", "People to be supplied, by place", columns, rows, remark))
    series = sorted(_series(edition), key=lambda pair: _subject_order(edition, pair[0]))
    if series:
        blocks.append(Heading("Claims over time"))
        blocks.append(_over_time(edition, series))
    if not blocks:
        return (Sentence(CORRIDOR, (f"notes: {words.NO_REPORT} that counts people.",)),)
    return tuple(blocks)


def what_is_counted(edition: Edition, subject: Subject) -> str:
    """Say what a series is about."""
    picture = edition.picture
    part = f", {ages(subject)}" if ages(subject) else ""
    end = (
        f" ({'from' if subject.event == 'arrival' else 'for'} {picture.name(subject.other_end)})"
        if subject.other_end
        else ""
    )
    mode = "" if subject.mode == "any" else f", {subject.mode.replace('_', ' ')}"
    how = {
        "flow": "in the time given",
        "cumulative": "in total",
        "unclear": "there or in total: not said",
    }.get(subject.measure, "")
    group = f", {subject.group}" if subject.event == "headcount" else ""
    where = f"{_EVENTS[subject.event]} {picture.name(subject.place)}{end}"
    return f"{where}{group}{part}{mode}{f', {how}' if how else ''}"


def _line(edition: Edition, line: PeopleLine) -> tuple[Cell, ...]:
    picture, zone = edition.picture, edition.picture.settings.time_zone
    is_hidden = line.place in edition.small.places
    told: list[Text] = [
        (*claim_cell(edition, claim.report), f", {words.observed(claim.report, zone)}")
        for claim in picture.claims_in_order(line.series.latest)
        if edition.admits(claim.report)
    ]
    if line.adopted is not None and edition.admits(line.adopted):
        figure = claimed(edition, line.adopted)
        told.append(
            ("The operation adopted ", figure, f", decided by {line.adopted.statement.decided_by}")
        )
    cells = [
        cell(picture.name(line.place)),
        cell(
            tuple(
                item
                for number, part in enumerate(told)
                for item in (("\n",) if number else ()) + part
            )
            or words.NO_REPORT
        ),
        cell(
            NOT_SHOWN if is_hidden else ranged(edition, line.counted, line.series.latest, unit="")
        ),
        cell(_shown(line.departed, is_hidden) if line.departed else _NO_TOTAL),
        cell(NOT_SHOWN if is_hidden else ranged(edition, line.now, line.series.latest, unit="")),
    ]
    if edition.is_whole:
        cells.append(cell(_planned(line)))
    return tuple(cells)


def _shown(estimate: Estimate, is_hidden: bool) -> str | Value:
    return NOT_SHOWN if is_hidden else computed(estimate, unit="")


def _planned(line: PeopleLine) -> str | Value:
    if line.cautious is None:
        return "no figure"
    text = say_number(words.rounded(line.cautious) or line.cautious)
    ends = (line.cautious, line.cautious, line.cautious)
    return Value(text, line.now.basis, f"planning takes {line.cautious_why}", *ends, "people")


def _series(edition: Edition) -> Iterator[tuple[Subject, Series]]:
    for subject, found in edition.picture.people_register.series.items():
        admitted = tuple(claim for claim in found.claims if edition.admits(claim.report))
        if admitted:
            latest = tuple(claim for claim in found.latest if edition.admits(claim.report))
            yield subject, Series(admitted, latest, found.denials)


def _subject_order(edition: Edition, subject: Subject) -> tuple[str, ...]:
    events = list(_EVENTS)
    return (
        str(events.index(subject.event)),
        edition.picture.name(subject.place),
        subject.group,
        subject.measure,
        str(subject.min_age or 0).zfill(3),
        str(subject.max_age or 999).zfill(3),
        subject.sex,
        subject.unit,
        subject.other_end or "",
        subject.mode,
    )


def _over_time(edition: Edition, series: list[tuple[Subject, Series]]) -> Drawing:
    rows = tuple(row for subject, found in series for row in _rows(edition, subject, found))
    hidden = edition.small.words
    drawn = [
        (
            what_is_counted(edition, subject),
            tuple(c for c in found.claims if c.report.id not in hidden),
        )
        for subject, found in series
        if subject.is_whole and subject.unit == "people"
    ]
    panels = tuple(
        headcounts.draw(edition.picture, f"{title}: people", claims)
        for title, claims in drawn
        if len(claims) > 1
    )
    return Drawing(
        "headcounts",
        "What claimants count, over time",
        "One panel for each thing counted. Each claimant has a shape, all of one size. A bar "
        "joins two ends that were given; an arrow marks an end that was left open.",
        panels,
        Table("claims-of-people", "Every claim about people", _CLAIMS, rows),
        is_wide=False,
    )


def _rows(edition: Edition, subject: Subject, found: Series) -> Iterator[tuple[Cell, ...]]:
    zone = edition.picture.settings.time_zone
    yield (cell(what_is_counted(edition, subject)),)
    ordered = sorted(
        found.claims,
        key=lambda c: (
            c.report.begins,
            edition.picture.settings.place_in_order(c.claimant)[0],
            c.report.order,
        ),
    )
    for claim in ordered:
        yield (
            cell(words.observed(claim.report, zone)),
            cell(f"{edition.who(claim.claimant)} {words.verb(claim.report)}"),
            cell(_number(edition, claim)),
        )


def _number(edition: Edition, claim: Claim) -> Text:
    return with_denials(edition, claim.report, (claimed(edition, claim.report),))
