"""The units a quantity may have: a closed list, so that no library guesses one.

General unit libraries read ``MT`` as megatesla and ``ton`` as 907 kg. Here a unit is known or
refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NewType

Unit = NewType("Unit", str)
Dimension = Literal[
    "mass", "volume", "people", "households", "time", "length", "area", "money", "count"
]


@dataclass(frozen=True, slots=True)
class UnitOfMeasure:
    """A unit, what it measures and how many base units it holds.

    Attributes
    ----------
    unit
        The symbol that is recorded.
    dimension
        What it measures; only units of one dimension convert into each other.
    factor
        Base units in one unit (base: t, m3, day, km, m2; 1 for anything that is counted).
    label
        The word a reader sees.
    """

    unit: Unit
    dimension: Dimension
    factor: Decimal
    label: str


def _unit(symbol: str, dimension: Dimension, factor: str, label: str) -> UnitOfMeasure:
    return UnitOfMeasure(Unit(symbol), dimension, Decimal(factor), label)


# What one of a unit is called, where that is another word.
ONE: dict[str, str] = {
    "people": "person",
    "households": "household",
    "days": "day",
    "kits": "kit",
    "packages": "package",
    "boxes": "box",
    "sets": "set",
    "items": "item",
    "loaves": "loaf",
    "vehicles": "vehicle",
    "trucks": "truck",
    "tankers": "tanker",
    "buses": "bus",
    "cars": "car",
    "meals": "meal",
    "beds": "bed",
    "hospitals": "hospital",
    "rounds": "round",
    "meetings": "meeting",
    "times": "time",
}

UNITS: dict[str, UnitOfMeasure] = {
    unit.unit: unit
    for unit in (
        _unit("t", "mass", "1", "tonnes"),
        _unit("kg", "mass", "0.001", "kilograms"),
        _unit("g", "mass", "0.000001", "grams"),
        _unit("l", "volume", "0.001", "litres"),
        _unit("m3", "volume", "1", "cubic metres"),
        _unit("people", "people", "1", "people"),
        _unit("households", "households", "1", "households"),
        _unit("h", "time", "0.041666666666666666666666667", "hours"),
        _unit("days", "time", "1", "days"),
        _unit("min", "time", "0.0006944444444444444444444444", "minutes"),
        _unit("km", "length", "1", "kilometres"),
        _unit("m", "length", "0.001", "metres"),
        _unit("m2", "area", "1", "square metres"),
        _unit("USD", "money", "1", "US dollars"),
        _unit("EUR", "money", "1", "euros"),
        _unit("kits", "count", "1", "kits"),
        _unit("packages", "count", "1", "packages"),
        _unit("boxes", "count", "1", "boxes"),
        _unit("sets", "count", "1", "sets"),
        _unit("items", "count", "1", "items"),
        _unit("loaves", "count", "1", "loaves"),
        _unit("vehicles", "count", "1", "vehicles"),
        _unit("trucks", "count", "1", "trucks"),
        _unit("tankers", "count", "1", "tankers"),
        _unit("buses", "count", "1", "buses"),
        _unit("cars", "count", "1", "cars"),
        _unit("meals", "count", "1", "meals"),
        _unit("beds", "count", "1", "beds"),
        _unit("hospitals", "count", "1", "hospitals"),
        _unit("rounds", "count", "1", "rounds"),
        _unit("meetings", "count", "1", "meetings"),
        _unit("times", "count", "1", "times"),
        _unit("remains", "count", "1", "remains"),
    )
}


def converts(unit: str, into: str) -> bool:
    """Tell whether one unit converts into another by a factor alone."""
    if unit == into:
        return unit in UNITS
    a, b = UNITS.get(unit), UNITS.get(into)
    return a is not None and b is not None and a.dimension == b.dimension and a.dimension in _SCALED


def factor(unit: str, into: str) -> Decimal:
    """Units of `into` in one `unit`; raises KeyError when they do not convert (see `converts`)."""
    if not converts(unit, into):
        raise KeyError(f"{unit} does not convert into {into}")
    return Decimal(1) if unit == into else UNITS[unit].factor / UNITS[into].factor


_SCALED = frozenset({"mass", "volume", "time", "length", "area"})
