"""Which vehicles and goods may use a leg on each day, by what is claimed of the road and by its passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from corridor.errors import PlanningError
from corridor.picture import Picture, RoadLine, road_answer
from corridor.planning.aims import Aims
from corridor.planning.problem import (
    Bools,
    Floats,
    Leg,
    PassageOnDay,
    PassageState,
    Vehicles,
)
from corridor.registers.access import Passage, Status
from corridor.registers.geography import Road
from corridor.registers.supply import Commodity
from corridor.values import PlaceCode, day_end, day_start

_REFUSING: frozenset[PassageState] = frozenset({"refused", "revoked", "delayed"})
# Of the claims that hold the most cautious leads; "unspecified" leads only when alone.
_CAUTION: tuple[Status, ...] = ("unspecified", "open", "restricted", "closed", "abandoned")
_PASSABLE: tuple[Status, ...] = ("open", "restricted")
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class AccessByDay:
    """What the legs let through; axes and meanings as in `Problem`."""

    vehicles: Floats
    may_depart: Bools
    why_not: dict[tuple[int, int], str]
    passages: dict[tuple[int, int], PassageOnDay]
    class_passes: Bools
    cargo_passes: Bools
    status_vehicles: Floats
    status_passes: Bools


def access_by_day(
    picture: Picture,
    legs: Sequence[Leg],
    vehicles: Sequence[Vehicles],
    goods: Sequence[Commodity],
    days: Sequence[date],
    aims: Aims,
) -> AccessByDay:
    """Return what each leg lets through on each day.

    1. Today counts by what is claimed for humanitarian goods of each kind of cargo; a cargo for which
       no claim holds, or that is shut out, stays where it is.
    2. Every later day counts the aims' share of the declared capacity, whatever the status today.
    3. Holds and refused, revoked or delayed passages stop departures on their days.
    4. A day whose notice has begun takes only what was asked for: nothing more is planned on it.
    """
    shape = (len(days), len(legs))
    capacity, may_depart = np.zeros(shape), np.ones(shape, dtype=bool)
    passes = np.ones((*shape, len(vehicles)), dtype=bool)
    cargo = np.ones((len(legs), len(goods)), dtype=bool)
    by_status = np.zeros((len(legs), 3))
    passes_by_status = np.zeros((len(legs), 3, len(vehicles)), dtype=bool)
    why_not: dict[tuple[int, int], str] = {}
    passages: dict[tuple[int, int], PassageOnDay] = {}
    for j, leg in enumerate(legs):
        road, line = picture.geography.roads[leg.road], road_line(picture, leg.road, leg.end)
        declared = _declared(road)
        by_status[j, :2] = declared, float(road.restricted_vehicles_per_day or 0)
        for number, status in enumerate(_PASSABLE):
            heaviest = _heaviest(road, line, status)
            passes_by_status[j, number] = [fleet.vehicle_class <= heaviest for fleet in vehicles]
        by_good = [_status(picture, leg, line, good) for good in goods]
        cargo[j] = [status in _PASSABLE for status in by_good]
        best = next((status for status in _PASSABLE if status in by_good), line.status)
        for i, day in enumerate(days):
            passage = _passage(picture, leg, day)
            if passage is not None:
                passages[i, j] = passage
            capacity[i, j] = (
                _today(road, best, declared) if i == 0 else declared * aims.later_road_share
            )
            reason = _reason(picture, line, passage, day, today=best if i == 0 else None)
            reason = reason or _too_late_to_ask(leg, passage, days_ahead=i)
            if reason:
                may_depart[i, j] = False
                why_not[i, j] = reason
            heaviest = _heaviest(road, line, best if i == 0 else "open")
            passes[i, j] = [fleet.vehicle_class <= heaviest for fleet in vehicles]
    return AccessByDay(
        capacity, may_depart, why_not, passages, passes, cargo, by_status, passes_by_status
    )


def road_line(picture: Picture, road: str, towards: PlaceCode) -> RoadLine:
    """Return the line of a road for humanitarian goods of every kind in one direction."""
    return next(
        line
        for line in picture.roads
        if line.road == road
        and line.towards == towards
        and (line.user, line.cargo) == ("humanitarian", "all")
    )


def _status(picture: Picture, leg: Leg, line: RoadLine, good: Commodity) -> Status:
    if good.cargo == "all":
        return line.status
    answer = road_answer(picture.access, leg.road, leg.end, "humanitarian", good.cargo, picture.at)
    return max((view.status for view in answer.holding), key=_CAUTION.index, default="unspecified")


def _today(road: Road, status: Status, declared: float) -> float:
    if status == "restricted":
        return float(road.restricted_vehicles_per_day or 0)
    return declared if status == "open" else 0.0


def _heaviest(road: Road, line: RoadLine, status: Status) -> int:
    if line.heaviest_class is not None:
        return line.heaviest_class
    return road.restricted_class if status == "restricted" else road.heaviest_class


def _declared(road: Road) -> float:
    if road.vehicles_per_day is None:
        raise PlanningError(
            f"road {road.road}: the vehicles it takes a day when open are not declared; record the road again with "
            f"vehicles_per_day (a stated assumption will do)"
        )
    return float(road.vehicles_per_day)


def _reason(
    picture: Picture,
    line: RoadLine,
    passage: PassageOnDay | None,
    day: date,
    *,
    today: Status | None,
) -> str:
    zone = picture.settings.time_zone
    for hold in line.holds:
        until = hold.statement.until
        if until is None or until >= day_start(day, zone):
            return f"held by decision of the {hold.statement.decided_by}: {hold.statement.reason}"
    if passage is not None and passage.state in _REFUSING:
        by = f" by {picture.name(passage.by)}" if passage.by else ""
        return f"passage {passage.state}{by}"
    if today is None or today in _PASSABLE:
        return ""
    if today == "unspecified":
        return "no report that still holds says the road is open; unknown is not open"
    claimants = picture.in_order(view.claimant for view in line.leading)
    return f"{today} according to {', '.join(picture.name(code) for code in claimants)}"


def _too_late_to_ask(leg: Leg, passage: PassageOnDay | None, *, days_ahead: int) -> str:
    """Why nothing more can be sent on a day for which nobody asked in time; "" where one still can."""
    if passage is None or passage.state != "none" or leg.notice_h is None:
        return ""
    if leg.notice_h <= _HOURS_A_DAY * days_ahead:
        return ""
    return f"nobody asked for passage before its notice of {leg.notice_h:g} h began"


def _passage(picture: Picture, leg: Leg, day: date) -> PassageOnDay | None:
    if leg.granted_by is None:
        return None
    zone = picture.settings.time_zone
    start, end = day_start(day, zone), day_end(day, zone)
    fitting = [
        passage
        for passage in picture.access.passages.values()
        if passage.request.road == leg.road
        and passage.request.towards == leg.end
        and passage.request.window_from <= end
        and passage.request.window_until >= start
    ]
    if not fitting:
        return PassageOnDay("none")
    states = [_state(passage) for passage in fitting]
    worst = [state for state in states if state.state in _REFUSING]
    return worst[0] if worst else states[-1]


def _state(passage: Passage) -> PassageOnDay:
    answer = passage.answer
    if answer is None:
        return PassageOnDay(
            "asked", passage.request.vehicles, passage.request.cargo, basis=passage.basis
        )
    return PassageOnDay(
        answer.answer,
        answer.vehicles if answer.vehicles is not None else passage.request.vehicles,
        passage.request.cargo,
        answer.conditions,
        answer.escort,
        answer.escort_armed,
        passage.basis,
        passage.answered_by,
    )
