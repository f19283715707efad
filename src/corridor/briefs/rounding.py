"""The picture that a public edition is made of: counts of people rounded, and all that follows from them."""

from __future__ import annotations

import dataclasses
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from corridor.picture import Picture
from corridor.picture.build import folded
from corridor.registers.decisions import Adopted
from corridor.registers.people import Arrival, Departure, Headcount
from corridor.report import Report, Standing
from corridor.values import Quantity

ROUNDED_TO = 5
_COUNTED = ("people", "households")


def rounded(picture: Picture) -> Picture:
    """Return a picture folded again from counts of people rounded to 5.

    What follows from the counts (ranges, needs) follows from the rounded ones, so that nothing gives the
    others away. A figure with an address, where its publisher printed it, stays as it was printed.
    Findings are those of the picture given that the rounded counts show too: none is made by rounding.
    """
    if not any(map(is_rounded, (*picture.reports.values(), *(r for r, _ in picture.struck)))):
        return picture
    stood = Standing(
        tuple(map(_rounded, picture.reports.values())),
        tuple((_rounded(report), by) for report, by in picture.struck),
        (),
    )
    made = folded(
        stood,
        picture.digest,
        at=picture.at,
        known_at=picture.known_at,
        clearance=picture.clearance,
    )
    true = {(f.code, f.subject, f.basis) for f in picture.findings}
    shown = tuple(f for f in made.findings if (f.code, f.subject, f.basis) in true)
    return dataclasses.replace(made, findings=shown)


def is_rounded(report: Report[Any]) -> bool:
    """Tell whether a report counts people and its figure was printed nowhere that it names."""
    said = report.statement
    if report.url:
        return False
    if isinstance(said, Adopted):
        return said.subject == "people"
    return isinstance(said, Headcount | Arrival | Departure) and said.quantity.unit in _COUNTED


def rounded_count(count: Decimal) -> Decimal:
    """Return a count to the nearest 5, halves up."""
    return (count / ROUNDED_TO).to_integral_value(ROUND_HALF_UP) * ROUNDED_TO


def known_of_count(count: int, *, is_exact: bool) -> tuple[int, int]:
    """Return the lowest and the highest that a reader knows a count to be."""
    if is_exact:
        return count, count
    near = int(rounded_count(Decimal(count)))
    return max(0, near - ROUNDED_TO // 2), near + ROUNDED_TO // 2


def _rounded(report: Report[Any]) -> Report[Any]:
    if not is_rounded(report):
        return report
    said = report.statement
    statement = dataclasses.replace(said, quantity=_near(said.quantity))
    return dataclasses.replace(report, statement=statement)


def _near(quantity: Quantity) -> Quantity:
    def near(value: Decimal | None) -> Decimal | None:
        return None if value is None else rounded_count(value)

    low, best, high = near(quantity.low), near(quantity.best), near(quantity.high)
    return dataclasses.replace(quantity, low=low, best=best, high=high)
