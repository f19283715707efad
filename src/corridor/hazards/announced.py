"""What is decided of a road for coming days: announcements and answers of whoever grants the passage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from corridor.hazards.history import STATUS_SEEN, bears
from corridor.hazards.passages import answers
from corridor.hazards.phases import CLOSED, STATUSES
from corridor.picture import Picture
from corridor.registers.access import RoadStatus
from corridor.report import Report
from corridor.values import (
    Finding,
    PartyCode,
    PlaceCode,
    ReportId,
    RoadCode,
    named,
)


@dataclass(frozen=True, slots=True)
class Decided:
    """The status of a road on one coming day, by word of whoever grants its passage.

    Attributes
    ----------
    status
        "open", "restricted" or "closed".
    by
        Whose word it is.
    how
        What was said, in words.
    """

    day: date
    status: str
    by: PartyCode
    how: str
    basis: tuple[ReportId, ...]


class _Word(NamedTuple):
    status: int
    by: PartyCode
    how: str
    said_at: tuple[datetime, str]
    basis: tuple[ReportId, ...]


def decided_days(
    picture: Picture, road: RoadCode, towards: PlaceCode, days: Sequence[date]
) -> tuple[tuple[Decided, ...], tuple[Finding, ...]]:
    """Return what is decided of a road on coming days, and findings on what was said and decides nothing.

    1. Of a road's status the last word of its grantor on a day counts: announced, stated for that day, or
       holding until then by a `valid_until`. A promise to open it does not open it; a promise to close it
       counts.
    2. A passage refused, revoked or delayed shuts the road on the days of its window; one granted opens
       it, one under conditions restricts it. An answer counts from whoever grants the passage only.
    3. Where several of these speak of one day, the most cautious counts.
    4. Where no grantor is known for the road, announced closures of anyone count, and openings of nobody.
    """
    grantor = picture.geography.roads[road].granted_by
    decided: list[Decided] = []
    idle: dict[ReportId, Finding] = {}
    announced = tuple(_announced(picture, road, towards))
    answered = tuple(_answered(picture, road, towards))
    for day in days:
        said = [word for word, first, last in announced if first <= day <= last]
        words = [word for word in said if _counts(word, grantor)]
        for word in said:
            if word not in words:
                idle[word.basis[0]] = _decides_nothing(road, word, grantor)
        last = max(words, key=lambda word: word.said_at, default=None)
        counted = [word for word in (last,) if word]
        counted += [w for w, start, end in answered if start <= day <= end and _counts(w, grantor)]
        if counted:
            lead = max(counted, key=lambda word: (word.status, word.said_at))
            basis = tuple(sorted({n for w in counted if w.status == lead.status for n in w.basis}))
            decided.append(Decided(day, STATUSES[lead.status], lead.by, lead.how, basis))
    return tuple(decided), tuple(finding for _, finding in sorted(idle.items()))


def _announced(
    picture: Picture, road: RoadCode, towards: PlaceCode
) -> Iterator[tuple[_Word, date, date]]:
    """Yield every word on the status of a road with its first and last day, those of coming days included."""
    zone = picture.settings.time_zone
    for report in picture.reports.values():
        said = report.statement
        if not isinstance(said, RoadStatus) or report.speech_act == "denied":
            continue
        status = STATUS_SEEN.get(said.status)
        if status is None or not bears(said, road, towards):
            continue
        if report.speech_act == "promised" and status != CLOSED:
            continue
        until = max(report.as_of, said.valid_until or report.as_of)
        how = f"{named(report.claimant)} {_verb(report)} that it is {STATUSES[status]}"
        word = _Word(status, report.claimant, how, _said_at(report), (report.id,))
        yield word, report.begins.astimezone(zone).date(), until.astimezone(zone).date()


def _answered(
    picture: Picture, road: RoadCode, towards: PlaceCode
) -> Iterator[tuple[_Word, date, date]]:
    for said in answers(picture, road, towards):
        state = "granted under conditions" if said.answer == "conditions" else said.answer
        how = f"{named(said.by)} says passage {said.request} is {state}"
        at = _said_at(picture.reports[said.report])
        yield _Word(said.status, said.by, how, at, said.basis), said.first, said.last


def _counts(word: _Word, grantor: PartyCode | None) -> bool:
    return word.by == grantor or (grantor is None and word.status == CLOSED)


def _said_at(report: Report[Any]) -> tuple[datetime, str]:
    return (report.published_at or report.learned_at, report.id)


def _verb(report: Report[RoadStatus]) -> str:
    verbs = {"announced": "announced", "promised": "promised", "reported": "reports"}
    return verbs.get(report.speech_act, "says")


def _decides_nothing(road: RoadCode, word: _Word, grantor: PartyCode | None) -> Finding:
    whose = (
        f"{named(grantor)} grants its passage"
        if grantor
        else "nobody is known to grant its passage"
    )
    return Finding(
        "announcement_decides_nothing",
        "note",
        road,
        f"Of a coming day on {named(road)}, {word.how}; {whose}, so the chance that it is open is not "
        "changed by it.",
        basis=word.basis,
    )
