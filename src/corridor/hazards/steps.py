"""How a road goes from one evening to the next: as usual, or as on days after incidents near it."""

from __future__ import annotations

from datetime import date

import numpy as np

from corridor.hazards.declared import declared_rates, open_days_of
from corridor.hazards.phases import CLOSED, OPEN, RESTRICTED, Floats, Rates, matrix
from corridor.hazards.pressure import Near, Pressure
from corridor.hazards.rates import SAMPLES, Told, said_of
from corridor.registers.decisions import RoadOutlook
from corridor.report import Report

# Where nobody declared a range, the cautious end is this point of what is known of closing.
_CAUTIOUS = 0.95
# Incidents named.
_MOST = 5


class Steps:
    """A road's matrix from the evening of one day to the next, (K, 4, 4), as incidents near it have it.

    Attributes
    ----------
    usual
        Without incidents.
    pressure
        What incidents do; None where there is none.
    """

    def __init__(self, known: Told, rates: Rates, pressure: Pressure | None, seed: int) -> None:
        self.usual = matrix(rates)
        self.pressure = pressure
        self._rates = rates
        self._pressed = pressed(known, rates, seed) if pressure and pressure.pressed else self.usual

    def bears_on(self, day: date) -> bool:
        """Tell whether the evening of a day is another than usual."""
        return self.pressure is not None and self.pressure.bears_on(day)

    def after(self, day: date) -> Floats:
        """Return the matrix from a day to the day after it."""
        if self.pressure is None or not self.pressure.bears_on(day):
            return self.usual
        if day in self.pressure.factor:
            return multiplied(self._rates, self.pressure.factor[day])
        return self._pressed

    def said(self, known: Told) -> str:
        """Say how the rates come about, and what incidents do to them, names as marked codes."""
        said = said_of(known)
        if self.pressure is None or not self.pressure.near:
            return said
        if self.pressure.said:
            return f"{said.rstrip('.')}. {self.pressure.said}"
        near, last = self.pressure.near, max(self.pressure.pressed)
        which = ", ".join(f"{each.incident} ({each.rung}{_far(each)})" for each in near[:_MOST])
        more = f" and {len(near) - _MOST} more" if len(near) > _MOST else ""
        return (
            f"{said.rstrip('.')}. Near it, lately: {which}{more}. Too few were seen to fit what incidents do; by the "
            f"operation's rule it is reckoned, until {last.isoformat()}, {_harder(known)}."
        )


def _far(near: Near) -> str:
    return "" if near.km is None else f", {near.km:.0f} km"


def _harder(known: Told) -> str:
    if known.method != "declared":
        return "at the cautious end of what is known of its closing"
    days = [
        (open_days_of(report.statement, after_incidents=True), report) for report in known.outlooks
    ]
    return " or ".join(f"open for {range_} on average, {_whose(report)}" for range_, report in days)


def _whose(report: Report[RoadOutlook]) -> str:
    if report.statement.open_days_after_incidents is not None:
        return f"as declared for such days by the {report.statement.declared_by}"
    return "the low end of that range"


def pressed(known: Told, rates: Rates, seed: int) -> Floats:
    """Return one day's matrix of a road while incidents near it are recent, (K, 4, 4).

    Where a named person declared ranges, the days open after incidents that were declared, else the low end
    of the days open; else the cautious end of what is known: the 95 % point of the chance of closing. No
    sample closes later than it would without incidents.
    """
    if known.method == "declared":
        said = [report.statement for report in known.outlooks]
        harder = declared_rates(said, np.random.default_rng(seed), SAMPLES, after_incidents=True)
        closing = harder.rows[:, :2, CLOSED]
    else:
        closing = np.quantile(rates.rows[:, :2, CLOSED], _CAUTIOUS, axis=0)
    return matrix(_closing_at_least(rates, np.broadcast_to(closing, rates.rows[:, :2, 0].shape)))


def multiplied(rates: Rates, factor: Floats) -> Floats:
    """Return one day's matrix with the rate of closing multiplied, (K, 4, 4).

    The chance of closing p becomes 1 - (1 - p)^factor: proportional hazards for days grouped
    (Prentice and Gloeckler 1978).
    """
    now = rates.rows[:, :2, CLOSED]
    return matrix(_closing_at(rates, -np.expm1(factor[:, np.newaxis] * np.log1p(-now))))


def _closing_at_least(rates: Rates, closing: Floats) -> Rates:
    return _closing_at(rates, np.maximum(closing, rates.rows[:, :2, CLOSED]))


def _closing_at(rates: Rates, closing: Floats) -> Rates:
    """Set the chance of closing of the usable phases, (K, 2); the rest keeps its shares."""
    rows = rates.rows.copy()
    for usable in (OPEN, RESTRICTED):
        stays = 1 - rows[:, usable, CLOSED]
        scale = np.divide(1 - closing[:, usable], stays, out=np.zeros_like(stays), where=stays > 0)
        rows[:, usable, :CLOSED] *= scale[:, np.newaxis]
        rows[:, usable, CLOSED] = closing[:, usable]
    return Rates(rows, rates.long_share)
