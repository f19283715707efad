"""From a picture to the arrays of the watch: incidents and what was watched, day by day.

An incident counts once, however many reports it has. Days that nobody is said to have watched have no
effort: what happened on them is unknown, not nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corridor.picture import Picture
from corridor.picture.ceasefire import CeasefireView
from corridor.registers.ceasefire import Coverage, Version
from corridor.registers.incidents import RUNGS, IncidentState, Rules
from corridor.report import Report
from corridor.values import CeasefireCode, IncidentCode, PartyCode, ReportId

WINDOW_DAYS = 90
# What is known only to within more days than this enters no count by day.
COARSEST_DAYS = 7
# Where UCDP says "near" a place it means within about 25 km (GED codebook, where_prec 2); coarser codes are areas.
_GED_KM = 25.0

ALL = "all reports"
WITHOUT_ONE_SIDE = "without what one side alone reports"
WITHOUT_UNVERIFIED = "corroborated or better"

Floats = NDArray[np.float64]
LeftOut = Literal[
    "nobody says that it happened",
    "checked: it did not occur, or is out of scope",
    "an exercise, by somebody's word",
    "cause not established, called an accident, or not given",
    "no time given",
    "time known only to within more than a week",
]


@dataclass(frozen=True, slots=True)
class Event:
    """An incident that counts: a hostile act, as all who name a cause have it.

    Attributes
    ----------
    day, precision_days
        Day of its start, from the first of the series; and over how many days it may lie.
    point
        Latitude and longitude in degrees: the first that a claimant gives, else those of the place.
    precision_km
        Within how many kilometres of the point it lies; 0 where the point is taken as exact.
    alone
        The one party bound by the ceasefire whose word it rests on; None where anyone else tells of it.
    is_verified
        Whether it is corroborated or better.
    """

    incident: IncidentCode
    day: int
    precision_days: float
    point: tuple[float, float] | None
    precision_km: float
    alone: PartyCode | None
    is_verified: bool
    origins: tuple[PartyCode, ...]
    basis: tuple[ReportId, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """The ceasefire that the watch counts from.

    Attributes
    ----------
    begins
        The earliest start that a version gives; extensions count from the one they extend.
    first_day
        The first whole day under it.
    versions
        Those that give a start, side by side.
    """

    ceasefire: CeasefireCode
    begins: datetime
    first_day: date
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """How much was watched each day.

    Attributes
    ----------
    by_day
        (T,) in `unit`; 0 where nothing is said to have been there to see with.
    unit
        What a rate is counted by, as "a patrol hour".
    said
        In words, what it was counted from.
    """

    by_day: Floats
    unit: str
    said: str
    basis: tuple[ReportId, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Incidents and effort day by day, up to the day of the picture.

    Attributes
    ----------
    days
        (T,) the days, one after another.
    counts
        (T,) incidents each day, for each selection of reports.
    events
        The incidents that count, in order of time.
    left_out
        Those that do not, by why.
    declared
        None where no version of a ceasefire says when it began.
    """

    days: Sequence[date]
    counts: Mapping[str, Floats]
    effort: Effort
    events: tuple[Event, ...]
    left_out: Mapping[LeftOut, tuple[IncidentCode, ...]]
    declared: Declared | None


def series_of(picture: Picture, view: CeasefireView, *, even_effort: bool = False) -> Series:
    """Count incidents and effort by day.

    1. The declaration: the last ceasefire that extends no other, by the earliest start any version gives.
    2. Each incident counts on the day it began, or is left out with the reason.
    3. Days run from the first incident or coverage, or from 90 days before the declaration, to the
       day of the picture.
    4. Effort of a day: over places, the most that any claimant says was there to see with.

    Parameters
    ----------
    even_effort
        Take every day as watched alike, whatever was said of coverage: a judgement, and printed as one.
    """
    zone = picture.settings.time_zone
    today = picture.at.astimezone(zone).date()
    declared = declared_of(view, picture.at, zone)
    left_out: dict[LeftOut, tuple[IncidentCode, ...]] = {}
    counting = []
    for state in view.incidents.states.values():
        why = why_left_out(state)
        if why is None:
            counting.append(state)
        else:
            left_out[why] = (*left_out.get(why, ()), state.incident)
    starts = [state.starts.astimezone(zone).date() for state in counting if state.starts]
    starts += [report.begins.astimezone(zone).date() for report in view.terms.coverage]
    if declared is not None:
        starts.append(declared.first_day - timedelta(days=WINDOW_DAYS))
    first = min(starts, default=today)
    days = tuple(first + timedelta(days=n) for n in range((today - first).days + 1))
    bound = frozenset(view.rules.parties or view.rules.acts_for.values())
    events = tuple(_event(state, first, zone, view.rules, bound) for state in counting)
    effort = (
        Effort(np.ones(len(days)), "a day", "every day taken as watched alike, as asked", ())
        if even_effort
        else effort_of(view.terms.coverage, days, zone)
    )
    return Series(days, _counts(events, len(days)), effort, events, left_out, declared)


def declared_of(view: CeasefireView, at: datetime, zone: tzinfo) -> Declared | None:
    """Return the ceasefire to count from; None where no version says when one began."""
    found: list[tuple[datetime, CeasefireCode, tuple[Version, ...]]] = []
    for code, versions in view.terms.versions.items():
        begun = tuple(
            v for v in versions if v.terms and v.terms.statement.begins and _begins(v) <= at
        )
        extends = {v.terms.statement.extends for v in begun if v.terms} - {None}
        if begun and not extends & set(view.terms.versions):
            found.append((min(map(_begins, begun)), code, begun))
    if not found:
        return None
    begins, code, begun = max(found, key=lambda one: (one[0], one[1]))
    local = begins.astimezone(zone)
    # A day that was partly before it does not count as a day under it.
    is_midnight = (local.hour, local.minute) == (0, 0)
    first_day = local.date() if is_midnight else local.date() + timedelta(days=1)
    return Declared(code, begins, first_day, begun)


def why_left_out(state: IncidentState) -> LeftOut | None:
    """Return why an incident enters no count by day; None where it does."""
    if not state.claims:
        return "nobody says that it happened"
    if state.ending in ("did_not_occur", "out_of_scope"):
        return "checked: it did not occur, or is out of scope"
    if state.is_exercise:
        return "an exercise, by somebody's word"
    if state.causes != {"hostile_act"}:
        return "cause not established, called an accident, or not given"
    if state.starts is None:
        return "no time given"
    if _precision_days(state) > COARSEST_DAYS:
        return "time known only to within more than a week"
    return None


def effort_of(coverage: Iterable[Report[Coverage]], days: Sequence[date], zone: tzinfo) -> Effort:
    """Return how much was watched each day, in the finest measure given for every day watched.

    Patrol hours if all who watched give them, else posts, else people who report, else places watched.
    Claimants who speak of one place and day may have watched together: the most counts, not the sum.
    """
    watching = [report for report in coverage if report.statement.is_watching]
    if not watching:
        return Effort(np.zeros(len(days)), "a place watched a day", "no coverage is reported", ())
    name, unit, words = next(
        one for one in _MEASURES if not one[0] or all(_given(r, one[0]) for r in watching)
    )
    first = days[0]
    by_place: dict[str, Floats] = {}
    for report in watching:
        start = (report.begins.astimezone(zone).date() - first).days
        end = (report.as_of.astimezone(zone).date() - first).days + 1
        given = float(_given(report, name)) if name else 1.0
        per_day = given / (end - start) if name == "patrol_hours" else given
        seen = by_place.setdefault(report.statement.place, np.zeros(len(days)))
        seen[max(start, 0) : end] = np.maximum(seen[max(start, 0) : end], per_day)
    total: Floats = np.sum(list(by_place.values()), axis=0)
    said = f"{words}, over {len(by_place):,} places; of claimants at one place the highest"
    return Effort(total, unit, said, tuple(sorted(report.id for report in watching)))


# Finest first: the field of a report of coverage, the unit of a rate, and the measure in words.
_MEASURES = (
    ("patrol_hours", "a patrol hour", "patrol hours"),
    ("posts_open", "a post and day", "posts open"),
    ("reporters", "a person reporting and day", "people who report"),
    ("", "a place watched a day", "places watched"),
)


def _given(report: Report[Coverage], name: str) -> float:
    return float(getattr(report.statement, name) or 0)


def _begins(version: Version) -> datetime:
    begins = version.terms.statement.begins if version.terms else None
    assert begins is not None
    return begins


def _precision_days(state: IncidentState) -> float:
    if state.starts is None or state.ends is None:
        return 0.0
    return max((state.ends - state.starts) / timedelta(days=1), 0.0)


def _event(
    state: IncidentState, first: date, zone: tzinfo, rules: Rules, bound: frozenset[PartyCode]
) -> Event:
    assert state.starts is not None
    sides = {rules.side(origin) for origin in state.origins}
    is_verified = RUNGS.index(state.rung) >= RUNGS.index("corroborated")
    point = state.points[0][1] if state.points else None
    if point is None and state.place is not None:
        point = rules.points.get(state.place)
    return Event(
        incident=state.incident,
        day=(state.starts.astimezone(zone).date() - first).days,
        precision_days=max(_precision_days(state), 1.0),
        point=None if point is None else (float(point[0]), float(point[1])),
        precision_km=_precision_km(state),
        alone=next(iter(sides)) if len(sides) == 1 and sides <= bound and not is_verified else None,
        is_verified=is_verified,
        origins=state.origins,
        basis=tuple(report.id for report in state.claims),
    )


def _precision_km(state: IncidentState) -> float:
    """Return the radius that whoever gives the point gives; of UCDP's codes, 2 and more is 25 km at least."""
    for report in state.claims:
        said = report.statement
        if said.lat is not None:
            is_coarse = said.source_format == "ged" and said.place_precision not in ("", "1")
            return max(float(said.radius_km or 0), _GED_KM if is_coarse else 0.0)
    return 0.0


def _counts(events: Sequence[Event], days: int) -> dict[str, Floats]:
    chosen = {
        ALL: events,
        WITHOUT_ONE_SIDE: [event for event in events if event.alone is None],
        WITHOUT_UNVERIFIED: [event for event in events if event.is_verified],
    }
    return {
        name: np.bincount([event.day for event in some], minlength=days).astype(np.float64)
        if some
        else np.zeros(days)
        for name, some in chosen.items()
    }
