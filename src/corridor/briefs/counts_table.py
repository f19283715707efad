"""Counts of people by sex and age, as they were given; in public under disclosure control and rounded."""

from __future__ import annotations

from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Table, Value, cell
from corridor.briefs.citing import claimed
from corridor.briefs.editions import Edition
from corridor.briefs.published_counts import cell_name
from corridor.briefs.rounding import is_rounded, rounded_count
from corridor.briefs.small_cells import NOT_SHOWN
from corridor.registers.people import Arrival, Departure, Headcount, parts_of
from corridor.report import Report
from corridor.standards.age_bands import Band, Sex, in_bands
from corridor.values import say_number

_COLUMNS = (
    Column("Ages"),
    Column("Women and girls", is_number=True),
    Column("Men and boys", is_number=True),
    Column("Sex not given", is_number=True),
)
_SEXES: tuple[Sex, ...] = ("f", "m", "any")
_DID = {Headcount: "At", Arrival: "Came to", Departure: "Left"}


def by_sex_and_age(edition: Edition) -> tuple[Block, ...]:
    """Return the counts that were given by sex or age, or nothing."""
    counts = [report for kind in _DID for report in edition.reports(kind) if any(parts_of(report))]
    if not counts:
        return ()
    has_any = any(part.sex == "any" for report in counts for part in parts_of(report))
    sexes = _SEXES if has_any else _SEXES[:2]
    rows = tuple(row for report in counts for row in _rows(edition, report, sexes))
    remark = ("Bands as given, added up within the field's bands; a wider one is never split.",)
    return (
        Table("sex-and-age", "Counts by sex and age", _COLUMNS[: len(sexes) + 1], rows, remark),
    )


def _rows(
    edition: Edition, report: Report[Headcount], sexes: tuple[Sex, ...]
) -> list[tuple[Cell, ...]]:
    picture, said = edition.picture, report.statement
    banded = in_bands(parts_of(report))
    given = {(sex, band): count for sex, band, count in banded.cells}
    given |= {(part.sex, part.band): part.count for part in banded.beside}
    when = words.observed(report, picture.settings.time_zone)
    head = f"{_DID[type(said)]} {picture.name(said.place)}, {said.group}, {when}, "
    head += f"{edition.who(report.claimant)}: "
    rows: list[tuple[Cell, ...]] = [(cell(head, claimed(edition, report)),)]
    bands = sorted({band for _, band in given}, key=lambda b: (b.min_age, b.max_age or 999))
    for band in bands:
        counts = (_count(edition, report, sex, band, given.get((sex, band))) for sex in sexes)
        rows.append((cell(_ages(band)), *counts))
    return rows


def _ages(band: Band) -> str:
    return "all ages" if (band.min_age, band.max_age) == (0, None) else band.label


def _count(
    edition: Edition, report: Report[Headcount], sex: Sex, band: Band, count: int | None
) -> Cell:
    if count is None:
        return cell("-")
    number = Decimal(count)
    if edition.handling == "public":
        if cell_name(report.id, sex, band) in edition.small.parts:
            return cell(NOT_SHOWN)
        if is_rounded(report):
            number = rounded_count(number)
    figure = (number, number, number)
    return cell(Value(say_number(number), (report.id,), "", *figure, "people", is_marked=False))
