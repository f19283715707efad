"""Reports that come again: learned twice on this side, or held by another copy."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from corridor.errors import InvalidReport, Problem
from corridor.intake.bulk import Written
from corridor.ledger import StoredEntry
from corridor.portions import in_portions
from corridor.reading import refused_bodies
from corridor.report import Handling, Report
from corridor.values import ReportId
from corridor.wire import decode, encode

# So many entries of another copy go through the door at a time.
_PORTION = 3000


def as_first_learned(
    report: Report[Any], known: Mapping[tuple[Handling, ReportId], Report[Any]]
) -> Report[Any]:
    """Return the report already recorded where this is the same one learned again, else this one."""
    first = known.get((report.handling, report.id))
    if first is None or first.learned_at > report.learned_at:
        return report
    return first if dataclasses.replace(report, learned_at=first.learned_at) == first else report


def written_as_first_learned(
    one: Written, known: Mapping[tuple[Handling, ReportId], Report[Any]]
) -> Written:
    """Return the same of a report that is canonical bytes already."""
    first = as_first_learned(decode(one.body), known)
    return Written(first.id, first.handling, encode(first))


def through_the_door(entries: Iterable[StoredEntry]) -> Iterator[StoredEntry]:
    """Pass entries of another copy on; at the end, refuse all of them if the door would refuse one.

    Raises
    ------
    InvalidReport
        Naming everything the door refuses.
    """
    problems: list[Problem] = []
    passing: deque[list[StoredEntry]] = deque()
    source = iter(entries)

    def bodies() -> Iterator[list[bytes]]:
        while portion := list(islice(source, _PORTION)):
            passing.append(portion)
            yield [entry.body for entry in portion]

    for refused in in_portions(refused_bodies, bodies()):
        portion = passing.popleft()
        problems.extend(
            dataclasses.replace(problem, where=portion[place].where)
            for place, wrong in refused
            for problem in wrong
        )
        yield from portion
    if problems:
        raise InvalidReport(problems)
