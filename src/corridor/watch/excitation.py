"""Does one incident bring others? A self-exciting process, and a test that assumes less.

Hawkes (1971), Biometrika 58(1), with an exponential kernel: the rate at time t is
mu + sum over earlier incidents of n beta exp(-beta (t - s)). Each incident brings n others directly
on average, half of them within ln 2 / beta days. A rate that drifts for reasons of its own looks
the same to this model: read n as an upper end, and beside it the Knox test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.values import Estimate
from corridor.watch.estimates import estimate, too_few

MINIMUM_INCIDENTS = 30
_LEVEL = 0.90
# Twice the fall in log likelihood at the ends of the interval: chi-square, 1 degree, 0.90.
_FALL = 2.705543454095404
# Searched for: half-lives between a thousandth of the mean gap and the whole period.
_FEWEST_GAPS = 1e-3
_LEAST, _MOST = 1e-6, 5.0
# Ends of intervals: chords drawn at most, and how near to the fall sought is near enough.
_CHORDS, _CLOSE = 12, 0.005

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Excitation:
    """How far incidents bring others.

    Attributes
    ----------
    branching
        Incidents that each brings directly, on average.
    half_life
        Days within which half of these come; unknown where none are told apart.
    background
        Incidents a day that nothing before them brought.
    in_words
        The same as a sentence.
    """

    branching: Estimate
    half_life: Estimate
    background: Estimate
    in_words: str


def excitation(times: Floats, until: float) -> Excitation:
    """Fit the process by maximum likelihood, with intervals by profile likelihood.

    Parameters
    ----------
    times
        (N,) days from the start of the watch, ascending, 0 to `until`. Times known to the day only
        are to be spread over it first (`spread`), else incidents of one day seem to bring each
        other at once.
    until
        Days watched.

    Notes
    -----
    The likelihood takes O(N) (Ozaki 1979, Ann. Inst. Statist. Math. 31). An interval holds what
    lowers twice the log likelihood, the other two parameters refitted, by at most 2.71.
    """
    assert (np.diff(times) >= 0).all(), "times ascend"
    if len(times) < MINIMUM_INCIDENTS:
        few = [
            too_few(len(times), MINIMUM_INCIDENTS, "incidents", unit)
            for unit in ("incidents", "days", "a day")
        ]
        return Excitation(few[0], few[1], few[2], few[0].method)
    fit = _Fit(times, until)
    branching, half_life, background = (np.exp(fit.best[k]) for k in range(3))
    method = (
        f"Hawkes process with exponential kernel, {len(times):,} incidents in {until:g} days, "
        f"{_LEVEL:.0%} interval by profile likelihood"
    )
    ends = [fit.interval(k) for k in range(3)]
    numbers = (
        estimate(branching, ends[0], "incidents", method),
        estimate(half_life, ends[1], "days", method),
        estimate(background, ends[2], "a day", method),
    )
    if ends[0][0] == 0:
        words = f"no incident can be told to bring another; each may bring up to {ends[0][1]:.2g}"
    else:
        # Nine in ten of those it brings directly.
        words = (
            f"each incident is followed by {branching:.2g} more "
            f"({ends[0][0]:.2g}-{ends[0][1]:.2g}) within {half_life * np.log2(10):.2g} days"
        )
    return Excitation(*numbers, words)


def spread(days: Floats, precision_days: float | Floats, seed: int) -> Floats:
    """Spread times known to `precision_days` evenly over what they may be, in ascending order."""
    return np.sort(days + np.random.default_rng(seed).uniform(size=len(days)) * precision_days)


def simulated(
    *, branching: float, half_life: float, background: float, until: float, seed: int
) -> Floats:
    """Draw the process from its clusters: each incident brings a Poisson number of others."""
    rng = np.random.default_rng(seed)
    generation = rng.uniform(0, until, rng.poisson(background * until))
    born = [generation]
    while len(generation):
        parents = np.repeat(generation, rng.poisson(branching, len(generation)))
        generation = parents + rng.exponential(half_life / np.log(2), len(parents))
        generation = generation[generation < until]
        born.append(generation)
    return np.sort(np.concatenate(born))


class _Fit:
    """The likelihood of the logs of branching, half-life and background, and its maximum."""

    def __init__(self, times: Floats, until: float) -> None:
        self._times, self._until = times, until
        gap = until / len(times)
        self._bounds = [
            (np.log(_LEAST), np.log(_MOST)),
            (np.log(_FEWEST_GAPS * gap), np.log(until)),
            (np.log(_LEAST / gap), np.log(_MOST / gap)),
        ]
        starts = [
            np.log([branching, half_life * gap, (1 - branching) / gap])
            for branching in (0.2, 0.7)
            for half_life in (0.3, 5.0)
        ]
        self._least, self.best = min((self._lowest(s, None) for s in starts), key=lambda f: f[0])

    def interval(self, which: int) -> tuple[float, float]:
        """Values of one parameter that fit nearly as well; 0 or infinity where no end is found."""
        low, high = self._bounds[which]
        return self._end(which, -0.25, low, 0.0), self._end(which, 0.25, high, np.inf)

    def _end(self, which: int, step: float, bound: float, none: float) -> float:
        """Walk from the best value until the fit is too poor, then between the last two steps."""
        others, here = self.best, float(self.best[which])
        depth = -np.sqrt(_FALL)
        while here != bound:
            there = float(np.clip(here + step, *self._bounds[which]))
            fall, found = self._fall(which, there, others)
            if fall > 0:
                return float(np.exp(self._between(which, (here, depth), (there, fall), others)))
            here, depth, others, step = there, fall, found, 1.5 * step
        return none

    def _between(
        self, which: int, near: tuple[float, float], far: tuple[float, float], others: Floats
    ) -> float:
        """Where the fall crosses zero, by chords; an end that stays weighs half (Illinois)."""
        at, kept = far[0], 0
        for _ in range(_CHORDS):
            at = near[0] - near[1] * (far[0] - near[0]) / (far[1] - near[1])
            fall, others = self._fall(which, at, others)
            if abs(fall) < _CLOSE:
                break
            if fall < 0:
                near, far = (at, fall), (far[0], far[1] / (2 if kept < 0 else 1))
            else:
                near, far = (near[0], near[1] / (2 if kept > 0 else 1)), (at, fall)
            kept = -1 if fall < 0 else 1
        return at

    def _fall(self, which: int, value: float, others: Floats) -> tuple[float, Floats]:
        """How far the fit falls beyond the interval: a root, which is nearly straight."""
        start = others.copy()
        start[which] = value
        lowest, found = self._lowest(start, which)
        return float(np.sqrt(max(2 * (lowest - self._least), 0.0)) - np.sqrt(_FALL)), found

    def _lowest(self, start: Floats, fixed: int | None) -> tuple[float, Floats]:
        from scipy.optimize import minimize

        bounds = list(self._bounds)
        if fixed is not None:
            bounds[fixed] = (start[fixed], start[fixed])
        found = minimize(self._minus_log, start, jac=True, method="L-BFGS-B", bounds=bounds)
        return float(found.fun), np.asarray(found.x)

    def _minus_log(self, logs: Floats) -> tuple[float, Floats]:
        """Minus the log likelihood and its slopes."""
        branching, half_life, background = np.exp(logs)
        beta = np.log(2) / half_life
        times, left = self._times, self._until - self._times
        ahead, delay = _recent(times, beta)
        rate = background + branching * beta * ahead
        gone = np.exp(-beta * left)
        value = np.log(rate).sum() - background * self._until - branching * (1 - gone).sum()
        by_branching = (beta * ahead / rate).sum() - (1 - gone).sum()
        by_beta = branching * (((ahead - beta * delay) / rate).sum() - (left * gone).sum())
        by_background = (1 / rate).sum() - self._until
        slopes = np.array([branching * by_branching, -beta * by_beta, background * by_background])
        return -float(value), -slopes


def _recent(times: Floats, beta: float) -> tuple[Floats, Floats]:
    """Sum over earlier incidents of exp(-beta age), and of age exp(-beta age), at each incident.

    Both are running sums; as logarithms they neither overflow nor need a loop.
    """
    clock = times - times[0]
    start = np.full(1, -np.inf)
    behind = np.concatenate([start, np.logaddexp.accumulate(beta * clock)[:-1]])
    with np.errstate(divide="ignore"):
        weighted = np.logaddexp.accumulate(beta * clock + np.log(clock))[:-1]
    moment = np.concatenate([start, weighted])
    ahead = np.exp(behind - beta * clock)
    delay = np.maximum(clock * ahead - np.exp(moment - beta * clock), 0.0)
    return ahead, delay
