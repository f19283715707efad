"""Which incidents lie near which road, and what they do to its chance of closing.

Only what moves hazards counts: corroborated or better, called a hostile act by all who name a cause. What one
side alone alleges is worked out apart, as what it would do were it so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from corridor.hazards import Hazards, Near, Pressure, hazards
from corridor.hazards.history import RoadHistory, history_of
from corridor.hazards.rates import SAMPLES
from corridor.picture import Picture
from corridor.picture.ceasefire import CeasefireView, ceasefire_of
from corridor.registers.geography import Road
from corridor.registers.incidents import Incident, IncidentState
from corridor.values import PlaceCode, RoadCode
from corridor.watch.circles import EARTH_KM
from corridor.watch.closing import WINDOWS, Units
from corridor.watch.closures import CLOSED, UNKNOWN, USABLE, Effect, effect
from corridor.watch.from_picture import COARSEST_DAYS, effort_of

Way = tuple[RoadCode, PlaceCode]
_Where = tuple[float, float]


def chances(
    picture: Picture,
    days: Sequence[date],
    ways: Sequence[Way],
    *,
    seed: int = 1,
    suppose: bool = False,
) -> Hazards:
    """Return the chance that roads are open on some days, as incidents near them have it.

    Raises
    ------
    PlanningError
        As `hazards` does.
    """
    moved = pressures(picture, ways, days[-1], seed=seed, suppose=suppose)
    return hazards(picture, days, seed=seed, ways=ways, pressures=moved)


def pressures(
    picture: Picture,
    ways: Iterable[Way],
    until: date,
    *,
    seed: int,
    suppose: bool = False,
) -> dict[RoadCode, Pressure]:
    """Return what incidents do to each road, up to the evening of a day; roads without any are left out.

    1. Incidents within `incident_near_km` of the straight line between a road's ends bear on it.
    2. With ten closings and ten days with an incident near a road, their effect is fitted (`closures`).
    3. With fewer, by a rule: for `incident_recent_days` after an incident the road is reckoned to close as a
       named person declared for such days, else at the cautious end of what is known.

    Parameters
    ----------
    suppose
        Count what is alleged and not corroborated as if it were: for a what-if, never for a plan.
    """
    if not any(isinstance(report.statement, Incident) for report in picture.reports.values()):
        return {}
    view = ceasefire_of(picture)
    states = [
        state
        for state in view.incidents.states.values()
        if (state.moves_hazards or (suppose and is_supposed(state))) and _is_dated(state)
    ]
    chosen = dict(ways)
    near = {road: near_road(picture, view, road, states) for road in chosen}
    if not any(near.values()):
        return {}
    today = picture.at.astimezone(picture.settings.time_zone).date()
    histories = [history_of(picture, road, towards) for road, towards in chosen.items()]
    fitted = _effect(picture, view, near, histories, (until - today).days + 1, seed)
    recent = timedelta(days=int(picture.settings.incident_recent_days))
    found = {}
    for number, (road, close) in enumerate(near.items()):
        if fitted is not None:
            factor = {
                today + timedelta(days=day): fitted.factor[:, day, number]
                for day in range(fitted.factor.shape[1])
            }
            shown = tuple(each for each in close if today - each.day < timedelta(days=max(WINDOWS)))
            found[road] = Pressure(road, shown, frozenset(), _said(fitted), factor)
        elif pressed := _evenings(close, recent, until):
            shown = tuple(each for each in close if each.day + recent > today)
            found[road] = Pressure(road, shown, pressed)
    return found


def near_road(
    picture: Picture, view: CeasefireView, code: RoadCode, states: Iterable[IncidentState]
) -> tuple[Near, ...]:
    """Return the incidents within `incident_near_km` of a road, in order of time."""
    road = picture.geography.roads[code]
    zone, most = picture.settings.time_zone, float(picture.settings.incident_near_km)
    found = []
    for state in states:
        if state.starts is None:
            continue
        km = _km_from(view, road, state)
        at_an_end = km is None and state.place in (road.start, road.end)
        if at_an_end or (km is not None and km <= most):
            day = state.starts.astimezone(zone).date()
            found.append(Near(state.incident, day, km, state.rung, state.basis))
    return tuple(sorted(found, key=lambda each: (each.day, each.incident)))


def is_supposed(state: IncidentState) -> bool:
    """Tell whether an incident would move hazards, were it corroborated."""
    return (
        state.rung == "alleged"
        and state.ending not in ("did_not_occur", "out_of_scope")
        and state.causes == {"hostile_act"}
        and not state.is_exercise
    )


def _is_dated(state: IncidentState) -> bool:
    if state.starts is None or state.ends is None:
        return False
    return state.ends - state.starts <= timedelta(days=COARSEST_DAYS)


def _evenings(near: Iterable[Near], recent: timedelta, until: date) -> frozenset[date]:
    """Return the evenings up to a day that lie within some days of an incident, its own the first."""
    return frozenset(
        each.day + timedelta(days=number)
        for each in near
        for number in range(min(recent.days, (until - each.day).days + 1))
    )


def _km_from(view: CeasefireView, road: Road, state: IncidentState) -> float | None:
    """Return the distance of an incident from the straight line between a road's ends."""
    where = _point(view, state)
    given = [end for end in (_place(view, road.start), _place(view, road.end)) if end is not None]
    if where is None or not given:
        return None
    # On a plane that touches the globe at the incident: good to a part in a thousand over 100 km.
    flat = [
        (
            EARTH_KM * math.radians(lon - where[1]) * math.cos(math.radians(where[0])),
            EARTH_KM * math.radians(lat - where[0]),
        )
        for lat, lon in given
    ]
    (ax, ay), (bx, by) = flat[0], flat[-1]
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / length))
    return math.hypot(ax + along * dx, ay + along * dy)


def _point(view: CeasefireView, state: IncidentState) -> _Where | None:
    if state.points:
        lat, lon = state.points[0][1]
        return float(lat), float(lon)
    return _place(view, state.place) if state.place else None


def _place(view: CeasefireView, code: PlaceCode) -> _Where | None:
    point = view.rules.points.get(code)
    return None if point is None else (float(point[0]), float(point[1]))


def _effect(
    picture: Picture,
    view: CeasefireView,
    near: Mapping[RoadCode, Sequence[Near]],
    histories: Sequence[RoadHistory],
    ahead: int,
    seed: int,
) -> Effect | None:
    """Lay incidents, effort and statuses out by day and road, and fit; None where too little was seen."""
    zone = picture.settings.time_zone
    today = picture.at.astimezone(zone).date()
    first = min(history.first_day for history in histories)
    days = tuple(first + timedelta(days=n) for n in range((today - first).days + 1))
    by_day = effort_of(view.terms.coverage, days, zone).by_day
    watched = by_day[by_day > 0]
    if len(days) < 2 or not watched.size:
        return None
    roads = len(near)
    counts = np.zeros((len(days), roads))
    for number, close in enumerate(near.values()):
        for each in close:
            if each.day >= first:
                counts[(each.day - first).days, number] += 1
    effort = np.repeat((by_day / watched.mean())[:, np.newaxis], roads, axis=1)
    around = np.eye(1) if roads == 1 else (1 - np.eye(roads)) / (roads - 1)
    status = np.stack([_statuses(history, first) for history in histories], axis=1)
    return effect(Units(counts, effort, around), status, ahead=ahead, count=SAMPLES, seed=seed)


def _statuses(history: RoadHistory, first: date) -> NDArray[np.int64]:
    """Return whether a road could be used on each day, where all who speak of it agree."""
    is_certain = history.is_seen & (history.possible.sum(axis=1) == 1)
    is_closed = history.possible[:, 2]
    known = np.where(is_certain, np.where(is_closed, CLOSED, USABLE), UNKNOWN)
    late = (history.first_day - first).days
    return np.concatenate([np.full(late, UNKNOWN), known]).astype(np.int64)


def _said(fitted: Effect) -> str:
    return (
        f"Incidents near the roads move its chance of closing: fitted to {fitted.closings} closings on "
        f"{fitted.evenings:,} evenings, with {fitted.incident_days} days with an incident near a road."
    )
