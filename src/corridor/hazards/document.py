"""Hazards as a JSON document. The chance that a road is open is restricted: it is for planners alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corridor.hazards.chances import Hazards, Interval, RoadHazard
from corridor.picture.document import finding
from corridor.report import Handling

SCHEMA = "corridor/hazards/1"
HANDLING: Handling = "restricted"
_DIGITS = 6


def document(hazards: Hazards, *, level: float = 0.9) -> dict[str, Any]:
    """Return hazards as a JSON object: chances as numbers from 0 to 1, intervals of a level."""
    is_open, usable = hazards.p_open(level=level), hazards.p_usable(level=level)
    return {
        "schema": SCHEMA,
        "handling": HANDLING,
        "digest": hazards.digest,
        "seed": hazards.seed,
        "level": level,
        "days": [day.isoformat() for day in hazards.days],
        "roads": [
            _road(road, [_at(is_open, number), _at(usable, number)], hazards)
            for number, road in enumerate(hazards.roads)
        ],
        "shared_shock": {"best": _round(hazards.shock), "said": hazards.shock_said},
        "findings": [finding(found) for found in hazards.findings],
    }


def _road(road: RoadHazard, intervals: Sequence[Interval], hazards: Hazards) -> dict[str, Any]:
    is_open, usable = intervals
    statuses = road.status_chances()
    return {
        "road": road.road,
        "towards": road.towards,
        "method": road.method,
        "said": road.said,
        "changes": road.changes,
        "days_seen": road.days_seen,
        "days_disputed": road.days_disputed,
        "days": [
            {
                "day": day.isoformat(),
                "open": _ends(is_open, number),
                "usable": _ends(usable, number),
                "restricted": _round(statuses[number, 1]),
                "closed": _round(statuses[number, 2]),
                "is_decided": bool(road.is_decided[number]),
            }
            for number, day in enumerate(hazards.days)
        ],
        "decided": [
            {
                "day": decision.day.isoformat(),
                "status": decision.status,
                "by": decision.by,
                "how": decision.how,
                "basis": list(decision.basis),
            }
            for decision in road.decided
        ],
        "incidents": [
            {
                "incident": near.incident,
                "day": near.day.isoformat(),
                "km": None if near.km is None else round(near.km, 1),
                "rung": near.rung,
                "basis": list(near.basis),
            }
            for near in road.near
        ],
        "basis": list(road.basis),
    }


def _at(interval: Interval, road: int) -> Interval:
    return Interval(*(ends[:, road] for ends in interval))


def _ends(interval: Interval, day: int) -> dict[str, float]:
    return {name: _round(ends[day]) for name, ends in zip(interval._fields, interval, strict=True)}


def _round(chance: float) -> float:
    return round(float(chance), _DIGITS)
