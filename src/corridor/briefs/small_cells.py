"""Counts of few people: which are kept back, and which others so that none can be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from corridor.briefs.published_counts import Known, kept_back
from corridor.disclosure import Rules
from corridor.picture import Picture
from corridor.registers.decisions import Adopted, Release, read_figures
from corridor.registers.people import Arrival, Departure, Headcount
from corridor.report import Report
from corridor.values import Estimate, PlaceCode, Quantity, ReportId

THRESHOLD = Decimal(10)
FEWER = "fewer than 10"
NOT_SHOWN = "not shown"
_COUNTED = ("people", "households")
# A place and what is counted there: who is there, who came, who left.
Group: TypeAlias = tuple[PlaceCode, str]


@dataclass(frozen=True, slots=True)
class SmallCells:
    """What is kept back.

    Attributes
    ----------
    words
        What is shown in place of the figure, by report.
    places
        Places of which no derived figure is shown.
    parts
        Names of the parts of counts, by sex and age, that are not shown.
    given_away
        Names of small figures that earlier releases give away already.
    """

    words: Mapping[ReportId, str]
    places: frozenset[PlaceCode]
    parts: frozenset[str] = frozenset()
    given_away: tuple[str, ...] = ()


def small_cells(picture: Picture) -> SmallCells:
    """Find what a public brief keeps back.

    1. Every count under 10 people, whichever of its ends that is.
    2. Among the counts of one place and kind (who is there, who came, who left) that hold such a one:
       the smallest other figure of the claimant who gives it, the smallest of all, and every figure
       equal to these. The same where who is there and who left would leave so few.
    3. Every part of a claimant's whole that would leave so few by subtraction.
    4. Whatever else a reader could solve for, of one claimant's counts of one place and hour and of
       their parts by sex and age, with what earlier releases showed; see `corridor.disclosure`.
    5. Every derived figure of a place that rests on one of these.
    """
    everything = [*picture.reports.values(), *(report for report, _ in picture.struck)]
    counts = [report for report in everything if is_count(report)]
    small = {report.id for report in counts if _is_small(report.statement.quantity)}
    touched: set[tuple[Group, ...]] = {
        (group,) for report in counts if report.id in small for group in _groups(report)
    }
    few = {line.place for line in picture.people if _leaves_few(line.now, line.departed)}
    few |= {place for report in counts for place in _left_few(report, counts)}
    touched |= {((place, "there"), (place, "left")) for place in few}
    also = {report.id for report in counts if _implies_few(report, counts)} - small
    for groups in touched:
        also |= _complements([r for r in counts if set(groups) & set(_groups(r))], small)
    rules = Rules(threshold=int(THRESHOLD))
    judged = kept_back(counts, rules, said_small=small, kept=also, earlier=released(picture))
    names = {report.id for report in counts}
    also |= {name for name in names if name in judged.kept_back} - small
    words = {name: FEWER if name in small else NOT_SHOWN for name in sorted(small | also)}
    places = frozenset(few | set(_resting_on(picture, words)))
    return SmallCells(words, places, judged.kept_back - names, judged.given_away)


def released(picture: Picture) -> Known:
    """Return what a reader knows of each figure from the releases so far; a withdrawn one was read too."""
    found: dict[str, tuple[int, int]] = {}
    every = (*picture.reports.values(), *(report for report, _ in picture.struck))
    for report in sorted(every, key=lambda report: report.order):
        if not isinstance(report.statement, Release):
            continue
        for name, (low, high) in read_figures(report.statement.figures).items():
            before = found.get(name, (low, high))
            narrow = (max(low, before[0]), min(high, before[1]))
            found[name] = narrow if narrow[0] <= narrow[1] else (low, high)
    return found


def is_count(report: Report[Any]) -> bool:
    """Tell whether a report counts people."""
    said = report.statement
    if isinstance(said, Adopted):
        return said.subject == "people"
    return isinstance(said, Headcount | Arrival | Departure) and said.quantity.unit in _COUNTED


def _is_small(quantity: Quantity) -> bool:
    return any(
        end is not None and end < THRESHOLD for end in (quantity.low, quantity.best, quantity.high)
    )


def _leaves_few(now: Estimate, departed: Estimate | None) -> bool:
    ends = (now.low, now.best, now.high) if departed is not None else ()
    return any(end is not None and end < THRESHOLD for end in ends)


def _left_few(departed: Report[Any], counts: list[Report[Any]]) -> tuple[PlaceCode, ...]:
    """Return the place that a total of departures leaves nearly empty when set against a count there."""
    said = departed.statement
    if not isinstance(said, Departure) or said.measure != "cumulative" or not _is_whole(said):
        return ()
    there = [r.statement for r in counts if isinstance(r.statement, Headcount)]
    few = any(
        h.place == said.place
        and _is_whole(h)
        and h.group != "patients"
        and 0 <= h.quantity.stated - said.quantity.stated < THRESHOLD
        for h in there
    )
    return (said.place,) if few else ()


def _implies_few(part: Report[Any], counts: list[Report[Any]]) -> bool:
    """Tell whether a part and its claimant's whole of the same hour leave fewer than 10 others."""
    if isinstance(part.statement, Adopted) or _is_whole(part.statement):
        return False
    return any(
        whole.claimant == part.claimant
        and whole.as_of == part.as_of
        and not isinstance(whole.statement, Adopted)
        and _is_whole(whole.statement)
        and _groups(whole) == _groups(part)
        and 0 < whole.statement.quantity.stated - part.statement.quantity.stated < THRESHOLD
        for whole in counts
    )


def _is_whole(said: Any) -> bool:
    return (
        said.min_age is None
        and said.max_age is None
        and getattr(said, "sex", "any") == "any"
        and getattr(said, "mode", "any") == "any"
    )


def _complements(counts: list[Report[Any]], small: set[ReportId]) -> set[ReportId]:
    shown = [report for report in counts if report.id not in small]
    chosen = [*_smallest(shown)]
    for claimant in sorted({report.claimant for report in counts if report.id in small}):
        chosen.extend(_smallest(report for report in shown if report.claimant == claimant))
    amounts = {report.statement.quantity.stated for report in chosen}
    return {report.id for report in shown if report.statement.quantity.stated in amounts}


def _smallest(reports: Iterable[Report[Any]]) -> list[Report[Any]]:
    ranked = sorted(reports, key=lambda report: (report.statement.quantity.stated, report.id))
    return ranked[:1]


def _groups(report: Report[Any]) -> tuple[Group, ...]:
    """Return the places and kinds of counting that a count belongs to, at both ends of a journey."""
    said = report.statement
    if isinstance(said, Arrival):
        return ((said.place, "came"), *(((said.origin, "left"),) if said.origin else ()))
    if isinstance(said, Departure):
        end = said.destination
        return ((said.place, "left"), *(((end, "came"),) if end else ()))
    return ((said.place, "there"),)


def _resting_on(picture: Picture, words: Mapping[ReportId, str]) -> Iterable[PlaceCode]:
    for line in picture.people:
        departed = line.departed.basis if line.departed else ()
        if any(name in words for name in (*line.counted.basis, *departed, *line.now.basis)):
            yield line.place
