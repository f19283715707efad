"""How a computed number becomes an estimate a person reads, and how "too few to say" is said."""

from __future__ import annotations

import math
from decimal import Decimal

from corridor.values import Estimate

DIGITS = 4


def estimate(best: float, interval: tuple[float, float] | None, unit: str, method: str) -> Estimate:
    """Round a number and its interval to four significant digits.

    Parameters
    ----------
    best
        The number.
    interval
        Its ends; None where the method gives none. An infinite end is one that cannot be given.
    unit
        Unit of all three.
    method
        The formula in words, with the level of the interval and what it rests on. The reports it
        rests on are added by whoever knows them.
    """
    low, high = (None, None) if interval is None else (_decimal(interval[0]), _decimal(interval[1]))
    return Estimate(low, _decimal(best), high, unit, method)


def too_few(found: int, needed: int, of: str, unit: str) -> Estimate:
    """Say that there are too few to say: an estimate without numbers, which is not an error."""
    return Estimate(
        None, None, None, unit, f"too few to say: {found:,} {of}, at least {needed:,} are needed"
    )


def _decimal(value: float) -> Decimal | None:
    return Decimal(f"{value:.{DIGITS}g}").normalize() if math.isfinite(value) else None
