"""A simulated mean, its error, and how control variates make the error smaller."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.solver import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Mean cost (or gain) of a policy over futures.

    Attributes
    ----------
    mean, standard_error
        With control variates, where there are any.
    plain_mean, plain_standard_error
        Without.
    cost
        Of each future, (B,).
    control
        The control variate of each future, (B,): its mean over all futures is known to be zero.
    """

    mean: float
    standard_error: float
    plain_mean: float
    plain_standard_error: float
    cost: Floats
    control: Floats


def estimate(cost: Floats, control: Floats) -> Estimate:
    """Estimate a mean by regression on a control of mean zero (Lavenberg & Welch 1981).

    The slope comes from the same futures, which biases the mean by the order of 1/B, far below
    its error from some dozens of futures on; fewer than ten are left without it.
    """
    count = cost.size
    plain, spread = float(cost.mean()), _error(cost, 1)
    moves = float(((control - control.mean()) ** 2).sum())
    if count < 10 or moves <= 1e-12 * max(1.0, float((cost**2).sum())):
        return Estimate(plain, spread, plain, spread, cost, control)
    slope = float((control - control.mean()) @ (cost - plain)) / moves
    rest = cost - slope * control
    return Estimate(float(rest.mean()), _error(rest, 2), plain, spread, cost, control)


def _error(values: Floats, fitted: int) -> float:
    if values.size <= fitted:
        return float("inf")
    squares = float(((values - values.mean()) ** 2).sum())
    return float(np.sqrt(squares / (values.size - fitted) / values.size))
