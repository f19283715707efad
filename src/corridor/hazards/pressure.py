"""What incidents near a road do to its chance of closing, as a value that whoever watches hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from corridor.hazards.phases import Floats
from corridor.values import IncidentCode, ReportId, RoadCode


@dataclass(frozen=True, slots=True)
class Near:
    """An incident near a road.

    Attributes
    ----------
    day
        The day it began.
    km
        Distance from the straight line between the ends of the road; None where the ends, or the
        incident, have no coordinates and it lies at one of the ends by name.
    rung
        How far it got on the ladder of verification.
    """

    incident: IncidentCode
    day: date
    km: float | None
    rung: str
    basis: tuple[ReportId, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pressure:
    """What incidents near a road do to its chance of closing.

    Attributes
    ----------
    near
        The incidents behind it, in order of time.
    pressed
        Days whose evening the road is reckoned to close sooner by the rule; used where nothing is fitted.
    factor
        By day, what the rate of closing that evening is multiplied by, (K,) samples; empty where too
        little was seen to fit it.
    said
        In words, what was fitted; empty where the rule holds.
    """

    road: RoadCode
    near: tuple[Near, ...]
    pressed: frozenset[date]
    said: str = ""
    factor: Mapping[date, Floats] = field(default_factory=dict)

    def bears_on(self, day: date) -> bool:
        """Tell whether the chance of closing on the evening of a day is another because of it."""
        return day in self.factor or day in self.pressed
