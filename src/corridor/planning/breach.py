"""A limit that a plan does not keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Rule = Literal[
    "unknown",
    "negative",
    "day",
    "whole_vehicles",
    "convoy_size",
    "load_list",
    "payload",
    "carried",
    "fuel_apart",
    "departure",
    "class",
    "passage",
    "road",
    "together",
    "fleet",
    "stock",
    "morning_stock",
    "loaded",
    "storage",
    "served",
    "spilled",
    "backlog",
    "unmet",
    "totals",
    "digest",
]


@dataclass(frozen=True, slots=True)
class Breach:
    """One limit that a plan does not keep.

    Attributes
    ----------
    rule
        The limit.
    subject
        Convoy, road, fleet or place it concerns.
    day
        None where it concerns the plan as a whole.
    text
        What was found and what is allowed, in words.
    """

    rule: Rule
    subject: str
    day: date | None
    text: str
