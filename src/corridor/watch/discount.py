"""A rate that drifts: counts over effort, where older days count for less.

The gamma discount filter: a <- d a + y, b <- d b + effort, so that the rate is Gamma(a, b) and the
next count is negative binomial (Harvey and Fernandes 1989, J. Business and Economic Statistics
7(4); West and Harrison 1997, section 10.8). Beside what is remembered stands one incident at the
rate of the whole series so far, so that a long calm is not taken for the end of all incidents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Tried side by side: what is remembered halves in 4 to 69 days.
DISCOUNTS: tuple[float, ...] = tuple(round(0.85 + 0.01 * step, 2) for step in range(15))
_PRIOR_INCIDENTS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """The rate after each day, for each discount: Gamma(shape, effort).

    Attributes
    ----------
    discounts
        (D,) the discounts.
    shape, effort
        (D, T + 1) the parameters when 0, 1, ... T days are known; the mean is their ratio.
    """

    discounts: Floats
    shape: Floats
    effort: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CountForecasts:
    """What was forecast, each from the days before it alone.

    Attributes
    ----------
    origins
        (O,) days known when the forecast was made.
    discount
        (O,) the discount whose forecasts, as far as verified by then, had scored best.
    shape, effort
        (O,) the rate then, Gamma(shape, effort).
    ahead
        (O,) effort over the days forecast.
    """

    origins: Ints
    discount: Floats
    shape: Floats
    effort: Floats
    ahead: Floats

    def log_scores(self, counts: Floats) -> Floats:
        """(O,) natural log of the chance that was given to each of (O,) `counts`."""
        return log_chance(counts, self.shape, self.effort, self.ahead)

    def interval(self, level: float) -> tuple[Ints, Ints]:
        """Ends, (O,) each, of the interval with (1 - level) / 2 at most outside on either side."""
        tail = (1 - level) / 2
        state = (self.shape, self.effort, self.ahead)
        return quantile(tail, *state), quantile(1 - tail, *state)


def filtered(counts: Floats, effort: Floats, discounts: tuple[float, ...] = DISCOUNTS) -> Filtered:
    """Run the filter over (T,) counts and their effort.

    A day without effort brings nothing, whatever was counted on it; the days before it grow older.
    """
    keep = np.array(discounts)
    counts = np.where(effort > 0, counts, 0.0)
    shape = np.zeros((len(keep), len(counts) + 1))
    seen = np.zeros_like(shape)
    for day, (count, hours) in enumerate(zip(counts.tolist(), effort.tolist(), strict=True)):
        shape[:, day + 1] = keep * shape[:, day] + count
        seen[:, day + 1] = keep * seen[:, day] + hours
    # Half an incident more, so that the rate of a series without any is not nought.
    effort_so_far = np.append(0.0, effort.cumsum())
    so_far = (np.append(0.0, counts.cumsum()) + 0.5) / np.where(effort_so_far > 0, effort_so_far, 1)
    return Filtered(keep, shape + _PRIOR_INCIDENTS, seen + _PRIOR_INCIDENTS / so_far)


def forecasts(
    counts: Floats,
    effort: Floats,
    origins: Ints,
    horizon: int,
    discounts: tuple[float, ...] = DISCOUNTS,
) -> CountForecasts:
    """Forecast the sum of the `horizon` days after each origin, the discount chosen as time goes.

    Parameters
    ----------
    counts, effort
        (T,) a day each.
    origins
        (O,) ascending, 0 to T: days known when the forecast is made. The effort of the days ahead
        is taken as known, where there are such days, else as the mean of the last `horizon`.
    horizon
        Days ahead.

    Notes
    -----
    At an origin the discount is the one with the highest sum of log scores over all earlier
    origins whose days ahead had passed by then; the middle one while there are none.
    """
    state = filtered(counts, effort, discounts)
    days = len(counts)
    until_effort = np.append(0.0, effort.cumsum())
    until_count = np.append(0.0, np.where(effort > 0, counts, 0.0).cumsum())
    end = np.minimum(origins + horizon, days)
    lately = np.maximum(origins - horizon, 0)
    mean = (until_effort[origins] - until_effort[lately]) / np.maximum(origins - lately, 1)
    ahead = until_effort[end] - until_effort[origins] + mean * (origins + horizon - end)
    is_scored = (origins + horizon <= days) & (ahead > 0)
    shape, seen = state.shape[:, origins], state.effort[:, origins]
    came = until_count[end] - until_count[origins]
    scores = np.where(is_scored, log_chance(came, shape, seen, np.where(is_scored, ahead, 1)), 0.0)
    sums = np.concatenate([np.zeros((len(state.discounts), 1)), scores.cumsum(axis=1)], axis=1)
    verified = np.searchsorted(origins + horizon, origins, side="right")
    best = np.where(verified > 0, sums[:, verified].argmax(axis=0), len(state.discounts) // 2)
    which = np.arange(len(origins))
    return CountForecasts(
        origins, state.discounts[best], shape[best, which], seen[best, which], ahead
    )


def log_chance(count: Floats, shape: Floats, effort: Floats, ahead: Floats) -> Floats:
    """Natural log of the negative binomial chance of a count over the effort `ahead`."""
    from scipy.special import gammaln

    value: Floats = (
        gammaln(shape + count)
        - gammaln(shape)
        - gammaln(count + 1)
        - shape * np.log1p(ahead / effort)
        + np.where(count > 0, count * np.log(ahead / (effort + ahead)), 0.0)
    )
    return value


def quantile(part: float, shape: Floats, effort: Floats, ahead: Floats) -> Ints:
    """Smallest count that is not exceeded with chance `part` at least."""
    from scipy.special import betainc

    mean = shape * ahead / effort
    high = np.ceil(mean + 40 * np.sqrt(mean * (1 + ahead / effort)) + 40).astype(np.int64)
    low = np.full_like(high, -1)
    while (high - low > 1).any():
        middle = (low + high) // 2
        enough = betainc(shape, middle + 1.0, effort / (effort + ahead)) >= part
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
    return np.asarray(high)
