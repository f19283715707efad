"""Rates of a road as named persons declare them, drawn from their ranges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corridor.hazards.phases import CLOSED, OPEN, RESTRICTED, Floats, Rates
from corridor.picture import Picture
from corridor.registers.decisions import RoadOutlook
from corridor.report import Report
from corridor.values import PlaceCode, Quantity, RoadCode, named

# Nothing that is seen may be impossible under what was declared.
_FLOOR = 1e-6


def outlooks_of(
    picture: Picture, road: RoadCode, towards: PlaceCode
) -> tuple[Report[RoadOutlook], ...]:
    """Return each claimant's outlook of a road in one direction, in the operation's order of names.

    One for that direction goes before one for both.
    """
    found: dict[str, Report[RoadOutlook]] = {}
    for (which, direction, claimant), report in sorted(picture.decisions.outlooks.items()):
        if which == road and direction in ("", towards):
            found[claimant] = report
    return tuple(found[claimant] for claimant in picture.in_order(found))


def declared_rates(
    outlooks: Sequence[RoadOutlook],
    rng: np.random.Generator,
    count: int,
    *,
    after_incidents: bool = False,
) -> Rates:
    """Draw rates from the ranges declared, (count, 4, 3) and (count,).

    The days of each kind are drawn evenly on the scale of their logarithm, or in a triangle with its peak
    at the best value where one is named; the chance a day is one by the mean of days (a geometric
    law). Of several outlooks each gives every n-th draw: they stand side by side and are not averaged.

    Parameters
    ----------
    after_incidents
        Take the days open that hold while corroborated incidents near the road are recent.
    """
    drawn = [_rates(outlook, rng, count, after_incidents) for outlook in outlooks]
    turn, each = np.arange(count) % len(drawn), np.arange(count)
    rows = np.stack([rates.rows for rates in drawn])[turn, each]
    return Rates(rows, np.stack([rates.long_share for rates in drawn])[turn, each])


def open_days_of(outlook: RoadOutlook, *, after_incidents: bool) -> Quantity:
    """Return the days open that an outlook gives, or those while incidents near the road are recent."""
    days = outlook.open_days
    if not after_incidents:
        return days
    return outlook.open_days_after_incidents or Quantity(days.low, days.unit, days.low, days.low)


def in_words(report: Report[RoadOutlook]) -> str:
    """Say an outlook and whose it is."""
    said = report.statement
    long = (
        f"; {said.long_share:.0%} of closures last {said.long_closed_days}"
        if said.long_share is not None
        else ""
    )
    partly = (
        f"; {said.restricted_share:.0%} of reopenings are restricted"
        if said.restricted_share
        else ""
    )
    return (
        f"declared by the {said.declared_by} ({named(report.claimant)}): open for {said.open_days} and "
        f"closed for {said.closed_days} on average{long}{partly}. Reason: {said.reason}"
    )


def _rates(
    outlook: RoadOutlook, rng: np.random.Generator, count: int, after_incidents: bool
) -> Rates:
    closing = 1 / _days(open_days_of(outlook, after_incidents=after_incidents), rng, count)
    leaving = [1 / _days(outlook.closed_days, rng, count)] * 2
    if outlook.long_closed_days is not None:
        leaving[1] = 1 / _days(outlook.long_closed_days, rng, count)
    partly = float(outlook.restricted_share)
    rows = np.zeros((count, 4, 3))
    for usable in (OPEN, RESTRICTED):
        rows[:, usable, usable], rows[:, usable, CLOSED] = 1 - closing, closing
    for phase, left in zip((2, 3), leaving, strict=True):
        rows[:, phase] = np.stack([left * (1 - partly), left * partly, 1 - left], axis=1)
    return Rates(rows * (1 - _FLOOR) + _FLOOR / 3, np.full(count, float(outlook.long_share or 0)))


def _days(days: Quantity, rng: np.random.Generator, count: int) -> Floats:
    low, high = (np.log(float(end)) for end in (days.low or 1, days.high or 1))
    if low == high:
        return np.full(count, np.exp(low))
    if days.best is None:
        return np.exp(rng.uniform(low, high, count))
    return np.exp(rng.triangular(low, np.log(float(days.best)), high, count))
