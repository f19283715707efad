"""When did it change? A second opinion: one change of rate, its place unknown.

Counts are Poisson with one rate before and another after; both have the same gamma prior, which
integrates out. Raftery and Akman (1986), Biometrika 73(1), with the position taken in whole steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.values import Estimate
from corridor.watch.estimates import estimate, too_few

MINIMUM_COUNT = 10
_LEVEL = 0.90

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Where a single change of rate lies, if there was one.

    Attributes
    ----------
    posterior
        (T - 1,) chance that the last step before the change is step 0, 1, ...; empty where there
        are too few to say.
    last_before
        The last step before the change: the most likely one, and the ends between which it lies.
    likeliest
        The last step before the change by likelihood alone; None where there are too few to say.
    before, after
        Rates on either side of `likeliest`, each its count over its effort.
    was_change
        Chance that there was one change rather than none, both as likely beforehand.
    """

    posterior: Floats
    last_before: Estimate
    likeliest: int | None
    before: Estimate
    after: Estimate
    was_change: Estimate


def change(
    counts: Floats,
    effort: Floats | None = None,
    *,
    shape: float = 1.0,
    rate: float = 1.0,
    unit: str = "a day",
) -> Change:
    """Find a single change of rate.

    Parameters
    ----------
    counts
        (T,) incidents in each step.
    effort
        (T,) effort in each step; None means 1. Steps without effort count for nothing.
    shape, rate
        The gamma prior of both rates; `rate` in units of effort.
    unit
        What a rate is counted by.
    """
    effort = np.ones(len(counts)) if effort is None else effort
    counts = np.where(effort > 0, counts, 0.0)
    total, steps = int(counts.sum()), len(counts)
    if total < MINIMUM_COUNT or steps < 2:
        few = too_few(total, MINIMUM_COUNT, "incidents", unit)
        return Change(np.empty(0), few, None, few, few, few)
    n_before, n_after = _either_side(counts)
    e_before, e_after = _either_side(effort)
    evidence = _evidence(n_before, e_before, shape, rate) + _evidence(n_after, e_after, shape, rate)
    weight = np.exp(evidence - evidence.max())
    posterior = weight / weight.sum()
    likelihood = _likelihood(n_before, e_before) + _likelihood(n_after, e_after)
    likeliest = int(np.where((e_before > 0) & (e_after > 0), likelihood, -np.inf).argmax())

    # Without a change the constant of the prior is spent once, with one twice.
    none = _evidence(counts.sum(), effort.sum(), shape, rate)
    log_odds = float(evidence.max() + np.log(weight.mean()) - none)
    method = f"one change of a Poisson rate, gamma({shape:g}, {rate:g}) priors"
    until = posterior.cumsum()
    tail = (1 - _LEVEL) / 2
    ends = (float(np.searchsorted(until, tail)), float(np.searchsorted(until, 1 - tail)))
    rates = [
        estimate(n[likeliest] / e[likeliest], None, unit, "count over effort, that side of it")
        for n, e in ((n_before, e_before), (n_after, e_after))
    ]
    return Change(
        posterior,
        estimate(float(posterior.argmax()), ends, "step", f"{method}; {_LEVEL:.0%} interval"),
        likeliest,
        rates[0],
        rates[1],
        estimate(float(1 / (1 + np.exp(-log_odds))), None, "", f"{method}, against none"),
    )


def _either_side(values: Floats) -> tuple[Floats, Floats]:
    before = values.cumsum()[:-1]
    return before, values.sum() - before


def _evidence(count: Floats, effort: Floats, shape: float, rate: float) -> Floats:
    """Log of the chance of a count with its rate integrated out, up to what all splits share."""
    from scipy.special import gammaln

    value: Floats = (
        gammaln(shape + count)
        - (shape + count) * np.log(rate + effort)
        + shape * np.log(rate)
        - gammaln(shape)
    )
    return value


def _likelihood(count: Floats, effort: Floats) -> Floats:
    some = count > 0
    value: Floats = np.where(
        some, count * np.log(np.where(some, count, 1) / np.where(effort > 0, effort, 1)), 0.0
    )
    return value
