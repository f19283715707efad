"""Forecasts as they were issued, so that they can be scored once their days have passed.

`corridor watch --issue` records them. They are never changed; one that was issued on wrong data is withdrawn,
with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from corridor.fields import told
from corridor.values import PlaceCode, Quantity, RoadCode

_DAYS = "How many days ahead that was when it was issued."


@dataclass(frozen=True, slots=True)
class RoadForecast:
    """The chance that a road can be used on a day, as it was forecast; it is scored when the day has passed."""

    road: RoadCode = told("The road.", example="north-road")
    towards: PlaceCode = told("The end towards which goods go.", example="north-town")
    day: date = told("The day it is for.", example="2030-05-14")
    horizon_days: int = told(_DAYS, unit="days", least=1, most=366)
    chance: Decimal = told(
        "The chance that the road can be used, 0 to 1.", least=0, most=1, example="0.86"
    )
    reference: Decimal | None = told(
        "The same by the share of the last 90 days on which it could.",
        default=None,
        least=0,
        most=1,
    )
    picture: str = told("Digest of the picture it was made from.", default="")
    method: str = told("How it was found.", default="")


@dataclass(frozen=True, slots=True)
class IncidentForecast:
    """How many incidents were expected over some days; it is scored when they have passed."""

    last_day: date = told("The last day counted over.", example="2030-05-14")
    horizon_days: int = told(_DAYS, unit="days", least=1, most=366)
    count: Quantity = told(
        "Incidents from the day after issue to the last day, the middle 90 %.",
        units=("times",),
        example="0-6 times",
    )
    picture: str = told("Digest of the picture it was made from.", default="")
    method: str = told("How it was found.", default="")
