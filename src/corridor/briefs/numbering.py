"""From the values of a brief to its numbered sources and to the notes on its formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Note, Section, Source, Value, values_of
from corridor.briefs.editions import Edition
from corridor.briefs.telling import in_words, told
from corridor.briefs.unknown_section import is_assumption, why_struck
from corridor.report import Report
from corridor.statements import KIND_OF
from corridor.values import ReportId


def number(
    edition: Edition, sections: Iterable[Section]
) -> tuple[tuple[Source, ...], tuple[Note, ...]]:
    """Number every report cited, in order of appearance, and every formula.

    1. Take the basis of each value as a reader meets it.
    2. Put every denial of a report behind that report.
    3. Number the reports; a report that this edition does not admit gets no number and no entry.
    4. Number each formula with the numbers of its reports.
    """
    struck = {report.id: (report, by) for report, by in edition.picture.struck}
    known: dict[ReportId, Report[Any]] = {
        **edition.picture.reports,
        **{name: report for name, (report, _) in struck.items()},
    }
    values = [
        value for section in sections for block in section.blocks for value in values_of(block)
    ]
    numbers = _numbers(edition, values, known)
    sources = tuple(
        _source(edition, known[name], place, numbers, struck.get(name))
        for name, place in numbers.items()
    )
    return sources, _notes(values, numbers)


def numbers_of(value: Value, numbers: Mapping[ReportId, int]) -> tuple[int, ...]:
    """Return the numbers of a value's sources, in order."""
    return tuple(sorted({numbers[name] for name in value.basis if name in numbers}))


def _numbers(
    edition: Edition, values: Iterable[Value], known: Mapping[ReportId, Report[Any]]
) -> dict[ReportId, int]:
    found: dict[ReportId, int] = {}
    for value in values:
        for name in value.basis:
            if name not in known or not edition.admits(known[name]):
                continue
            for one in (name, *(denial.id for denial in edition.denials(name))):
                found.setdefault(one, len(found) + 1)
    return found


def _notes(values: Iterable[Value], numbers: Mapping[ReportId, int]) -> tuple[Note, ...]:
    found: dict[tuple[str, tuple[int, ...]], int] = {}
    for value in values:
        if value.method:
            found.setdefault((value.method, numbers_of(value, numbers)), len(found) + 1)
    return tuple(Note(place, method, sources) for (method, sources), place in found.items())


def _source(
    edition: Edition,
    report: Report[Any],
    place: int,
    numbers: Mapping[ReportId, int],
    struck: tuple[Report[Any], ReportId] | None,
) -> Source:
    zone = edition.picture.settings.time_zone
    is_kept_back = report.id in edition.small.words
    return Source(
        number=place,
        id=report.id,
        kind=KIND_OF[type(report.statement)],
        claimant=edition.who(report.claimant),
        says=f"{words.verb(report)}: {in_words(told(edition, report))}",
        publisher=report.publisher,
        url=report.url,
        observed=words.observed(report, zone)
        if edition.shows_route(report)
        else "not in this edition",
        published=words.published(report, zone),
        grade=f"{report.reliability}{report.credibility}",
        handling=report.handling,
        note="" if is_kept_back else report.note,
        struck_by=why_struck(edition, *struck)[0] if struck else "",
        denied_by=tuple(numbers[d.id] for d in edition.denials(report.id) if d.id in numbers),
        is_assumption=is_assumption(report),
    )
