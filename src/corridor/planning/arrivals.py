"""Goods from outside: when they are counted on, and how many."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from corridor.claims import in_unit
from corridor.picture import Picture
from corridor.planning.aims import Aims
from corridor.planning.problem import Floats, Late
from corridor.registers.supply import Commodity, Pipeline
from corridor.units import Unit
from corridor.values import CommodityCode, PlaceCode, Quantity, named


def arrivals(
    picture: Picture,
    days: tuple[date, ...],
    places: tuple[PlaceCode, ...],
    commodities: tuple[CommodityCode, ...],
    aims: Aims,
) -> Floats:
    """Expected goods at the low end of what was announced, on the day they are sure enough to be there by."""
    found = np.zeros((len(days), len(places), len(commodities)))
    for report in picture.supply.pipeline:
        expected = report.statement
        day = _counted_on(picture, expected, aims)
        good = picture.supply.commodities.get(expected.commodity)
        if (
            good is None
            or day not in days
            or expected.place not in places
            or expected.commodity not in commodities
        ):
            continue
        at = days.index(day), places.index(expected.place), commodities.index(expected.commodity)
        found[at] += _least(expected, good)
    return found


def late_goods(
    picture: Picture,
    days: tuple[date, ...],
    places: tuple[PlaceCode, ...],
    commodities: tuple[CommodityCode, ...],
    aims: Aims,
) -> tuple[Late, ...]:
    """Return the goods among `arrivals` of which somebody judged how they may be late."""
    found = []
    for report in picture.supply.pipeline:
        expected = report.statement
        latest, counted = _latest(picture, expected), _counted_on(picture, expected, aims)
        good = picture.supply.commodities.get(expected.commodity)
        if (
            good is None
            or not expected.late_chance
            or not days[0] <= latest <= counted <= days[-1]
            or expected.place not in places
            or expected.commodity not in commodities
        ):
            continue
        found.append(
            Late(
                places.index(expected.place),
                commodities.index(expected.commodity),
                _least(expected, good),
                days.index(latest),
                days.index(counted),
                float(expected.late_chance),
            )
        )
    return tuple(found)


def _latest(picture: Picture, expected: Pipeline) -> date:
    return expected.expected_until.astimezone(picture.settings.time_zone).date()


def _counted_on(picture: Picture, expected: Pipeline, aims: Aims) -> date:
    return _latest(picture, expected) + timedelta(days=_late_days(expected, aims))


def _least(expected: Pipeline, good: Commodity) -> float:
    """The low end of what was announced, in the commodity's unit."""
    lowest = expected.quantity.lowest
    amount = lowest if lowest is not None else expected.quantity.stated
    return float(amount) * into_unit(expected.quantity.unit, good)


def said_of_arrivals(picture: Picture, days: tuple[date, ...], aims: Aims) -> tuple[str, ...]:
    """Say how late goods from outside are taken to be, and of which nobody said."""
    said, unjudged = [], []
    for report in picture.supply.pipeline:
        expected = report.statement
        latest = _latest(picture, expected)
        if not days[0] <= latest <= days[-1]:
            continue
        what = f"{named(expected.commodity)} at {named(expected.place)}"
        if expected.late_chance is None:
            unjudged.append(f"{what} on {latest}")
            continue
        by = _counted_on(picture, expected, aims)
        said.append(
            f"{expected.quantity} of {what} may be late, {expected.late_chance:.0%} a day from {latest} on "
            f"({named(report.claimant)}): counted on from {by}."
        )
    if unjudged:
        said.append(
            "Nobody judged the chance that goods from outside come late; their latest day is counted on: "
            f"{'; '.join(unjudged)}."
        )
    return tuple(picture.say(each) for each in said)


def into_unit(unit: str, good: Commodity) -> float:
    """What one of a unit is in a commodity's own; 0 where it cannot be counted in it."""
    one = in_unit(Quantity(Decimal(1), Unit(unit)), Unit(good.unit), kg_per_unit=good.kg_per_unit)
    return float(one.stated) if one else 0.0


def _late_days(expected: Pipeline, aims: Aims) -> int:
    """Days after the latest by which goods are there with the chance that the aims ask for.

    After k of them they are not with the chance late_chance ** (k + 1).
    """
    late = float(expected.late_chance or 0)
    if late <= 1 - aims.arrival_chance:
        return 0
    return math.ceil(math.log(1 - aims.arrival_chance) / math.log(late) - 1e-9) - 1
