"""Rounds and deadlines as an iCalendar file (RFC 5545) that a calendar can take in again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from icalendar import Calendar, Event, Timezone

from corridor.briefs import words
from corridor.claims import merged_codes
from corridor.errors import CorridorError
from corridor.picture.build import holds_always
from corridor.picture.dialogue import DialogueView
from corridor.registers.dialogue import Clause, Commitment, Round, decided
from corridor.report import Handling, Report, clears
from corridor.values import ReportId, RoundCode

# The code that each round given up for another is shown as.
_Merged: TypeAlias = Mapping[RoundCode, RoundCode]

_STATUS = {
    "planned": "TENTATIVE",
    "held": "CONFIRMED",
    "postponed": "TENTATIVE",
    "cancelled": "CANCELLED",
}
# An entry without an end is shown for an hour.
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a calendar shows of one entry; a new shape is a new SEQUENCE."""

    start: datetime
    end: datetime | None
    status: str
    summary: str
    location: str = ""
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    uid: str
    shape: _Shape
    sequence: int
    changed: datetime


def calendar(
    view: DialogueView, *, edition: Handling, operation: str = "", operation_id: str = ""
) -> str:
    """Return rounds and deadlines as an iCalendar file, in the operation's time zone.

    1. Each round with a time, each commitment and each clause with a calendar deadline is one entry; its
       UID follows from its code and the operation, so that it stays the same for ever.
    2. SEQUENCE counts how often what the calendar shows of it has changed, by the reports this viewer
       may see, in the order in which they became known; a withdrawal counts too.
    3. What was cancelled, withdrawn or declared another round's code stays, as STATUS:CANCELLED. A round
       parted again from that other comes back with a higher SEQUENCE.

    Raises
    ------
    CorridorError
        For an edition below restricted: it says who will be where and when.
    """
    if not clears(edition, "restricted"):
        raise CorridorError(
            f"the calendar is restricted; it cannot be made for {edition}: it says who will be where and "
            "when"
        )
    made = Calendar()
    made.add("prodid", "-//Corridor//talks//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{operation}: talks" if operation else "Talks")
    zone = view.picture.settings.time_zone
    entries = sorted(_entries(view, operation_id), key=lambda e: (e.shape.start, e.uid))
    if entries:
        first = min(entry.shape.start for entry in entries)
        last = max(entry.shape.end or entry.shape.start for entry in entries)
        made.add_component(
            Timezone.from_tzinfo(
                zone,
                str(zone),
                first.date() - timedelta(days=366),
                last.date() + timedelta(days=366),
            )
        )
    for entry in entries:
        made.add_component(_event(entry, zone))
    text: bytes = made.to_ical()
    return text.decode("utf-8")


def _event(entry: _Entry, zone: Any) -> Event:
    shape = entry.shape
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.sequence)
    event.add("status", shape.status)
    event.add("class", "CONFIDENTIAL")
    event.add("summary", shape.summary)
    if shape.location:
        event.add("location", shape.location)
    start = shape.start.astimezone(zone)
    if shape.is_day:
        event.add("dtstart", date(start.year, start.month, start.day))
        return event
    event.add("dtstart", start)
    event.add("dtend", (shape.end or shape.start + _AN_HOUR).astimezone(zone))
    return event


def _entries(view: DialogueView, operation_id: str) -> Iterator[_Entry]:
    picture = view.picture
    struck = {report.id: report for report, _ in picture.struck}
    by: dict[tuple[str, str], list[Report[Any]]] = {}
    told = tuple(
        report
        for report in (*picture.reports.values(), *struck.values())
        if report.begins <= picture.at or holds_always(report)
    )
    for report in told:
        key = _key(report)
        if key:
            by.setdefault(key, []).append(report)
    merges = _merges(view, told)
    for (what, code), reports in by.items():
        entry = _entry(view, f"{what}-{code}@{operation_id or 'corridor'}", reports, struck)
        if entry is None:
            continue
        yield _merged(view, RoundCode(code), entry, merges) if what == "round" else entry


def _merged(
    view: DialogueView, code: RoundCode, entry: _Entry, merges: Sequence[tuple[datetime, _Merged]]
) -> _Entry:
    """Return the entry of a round as decisions on its code leave it: each that changed it is a SEQUENCE."""
    shown = [(when, merged.get(code, code)) for when, merged in merges]
    changes = [
        when
        for (when, name), (_, before) in zip(shown, [(entry.changed, code), *shown], strict=False)
        if name != before
    ]
    entry = replace(
        entry,
        sequence=entry.sequence + len(changes),
        changed=max((entry.changed, *changes)),
    )
    shown_as = view.dialogue.merged.get(code, code)
    if shown_as == code:
        return entry
    summary = f"{entry.shape.summary}: the same as round {shown_as}"
    return replace(entry, shape=replace(entry.shape, status="CANCELLED", summary=summary))


def _merges(view: DialogueView, told: Iterable[Report[Any]]) -> list[tuple[datetime, _Merged]]:
    """Return, from one decision on rounds to the next, when it was known and what each code was shown as.

    What was withdrawn counts until the end, where it no longer does: so no count ever falls.
    """
    made: list[tuple[datetime, _Merged]] = []
    known: list[Report[Any]] = []
    decisions = (r for r in told if any(decided((r,))))
    for report in sorted(decisions, key=lambda r: (r.learned_at, r.order)):
        known = sorted((*known, report), key=lambda r: r.order)
        made.append((report.learned_at, merged_codes(decided(known))[0]))
    return [*made, (made[-1][0], view.dialogue.merged)] if made else []


def _key(report: Report[Any]) -> tuple[str, str] | None:
    if report.speech_act == "denied":
        return None
    match report.statement:
        case Round() as said:
            return ("round", said.round)
        case Commitment() as said:
            return ("commitment", said.commitment)
        case Clause() as said:
            return ("clause", said.clause)
    return None


def _entry(
    view: DialogueView,
    uid: str,
    reports: Iterable[Report[Any]],
    struck: dict[ReportId, Report[Any]],
) -> _Entry | None:
    told = sorted(reports, key=lambda r: (r.learned_at, r.order))
    # What was withdrawn names no report that stands in its place.
    corrected = {r.corrects for r in told if r.corrects}
    withdrawn = [r for r in told if r.id in struck and r.id not in corrected]
    shapes: list[_Shape] = []
    known: list[Report[Any]] = []
    changed = told[0].learned_at
    for report in told:
        known = [r for r in known if r.id != report.corrects] + [report]
        shape = _shape(view, known)
        if shape is not None and (not shapes or shapes[-1] != shape):
            shapes.append(shape)
            changed = report.learned_at
    if not shapes:
        return None
    standing = [report for report in known if report.id not in struck]
    now = _shape(view, standing) if standing else None
    last = now or replace(shapes[-1], status="CANCELLED")
    return _Entry(uid, last, len(shapes) - 1 + len(withdrawn), changed)


def _shape(view: DialogueView, reports: list[Report[Any]]) -> _Shape | None:
    """Return what the calendar shows by the last account among some that names a time."""
    shapes = [_of(view, report) for report in sorted(reports, key=lambda r: r.order)]
    timed = [shape for shape in shapes if shape is not None]
    if not timed:
        return None
    last = sorted(reports, key=lambda r: r.order)[-1].statement
    # A round that is called off without a time keeps the time it had.
    return replace(timed[-1], status=_STATUS[last.state]) if isinstance(last, Round) else timed[-1]


def _of(view: DialogueView, report: Report[Any]) -> _Shape | None:
    picture, said = view.picture, report.statement
    if isinstance(said, Round):
        start = said.began or said.planned_from
        if start is None:
            return None
        end = said.ended if said.began else said.planned_until
        where = picture.name(said.place) if said.place else ""
        name = _process(view, said)
        return _Shape(start, end, _STATUS[said.state], f"{name}: round {said.round}", where)
    if said.deadline is None:
        return None
    local = said.deadline.astimezone(picture.settings.time_zone)
    is_day = (local.hour, local.minute) == (23, 59)
    return _Shape(said.deadline, None, "CONFIRMED", _due(view, report), is_day=is_day)


def _process(view: DialogueView, said: Round) -> str:
    told = view.dialogue.processes.get(said.process)
    return (told[-1].statement.name if told else "") or said.process


def _due(view: DialogueView, report: Report[Any]) -> str:
    picture, said = view.picture, report.statement
    if isinstance(said, Commitment):
        owner = words.who(picture, said.owner)
        return f"Due by the word of {words.who(picture, report.claimant)}: {owner}, {said.object}"
    return f"Due, clause {said.clause}: {said.text}"
