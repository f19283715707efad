"""Chance of an incident in the days ahead, for each of several units: roads, districts, provinces.

A hazard with complementary log-log link: P(any in h days) = 1 - exp(-h exp(b x)), with x the logs of
what happened here and around lately, and over the long run. Coefficients have a ridge (normal)
prior and are fitted by Newton's method; their posterior is taken as normal around the mode
(Laplace). Link and grouping: Prentice and Gloeckler (1978), Biometrics 34(1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.values import Estimate
from corridor.watch.estimates import estimate, too_few

MINIMUM_INCIDENTS = 10
REFIT_DAYS = 7
WINDOWS = (3, 10, 30, 90)
_LEVEL = 0.90
# A day with more counts as so many; a part of an incident is added, as none has no logarithm.
_MOST_A_DAY = 3.0
_NONE = 0.25
# Days of the pooled rate that a unit's own long-run rate starts from.
_POOLED_DAYS = 90.0
_RIDGE = 1.0
_FORGET_HALF_DAYS = 730.0
_WARM_UP = 90
_STEPS = 40

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What happened in several units, day by day.

    Attributes
    ----------
    counts
        (T, P) incidents, day x unit.
    effort
        (T, P) how fully each was watched, 1 for fully. Days with 0 enter nothing.
    neighbours
        (P, P) weights of the others around each, rows summing to 1, nothing on the diagonal.
    agreement_days
        (T + 1,) days an agreement had been in force when 0, 1, ... T days were known, 0 for none;
        None leaves it out.
    """

    counts: Floats
    effort: Floats
    neighbours: Floats
    agreement_days: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """A fitted hazard.

    Attributes
    ----------
    coefficients
        (F + 1,) the constant first, then one for each feature.
    covariance
        (F + 1, F + 1) of their posterior, widened by `horizon` because the periods overlap.
    horizon
        Days ahead it was fitted for.
    """

    coefficients: Floats
    covariance: Floats
    horizon: int

    def chance(self, x: Floats) -> Floats:
        """Chance of any incident within the horizon, fully watched, for (..., F) features."""
        return _chance(self.horizon, self.coefficients[0] + x @ self.coefficients[1:])

    def samples(self, x: Floats, count: int, seed: int) -> Floats:
        """(count, ...) chances, one for each draw of the coefficients from their posterior."""
        rng = np.random.default_rng(seed)
        drawn = rng.multivariate_normal(self.coefficients, self.covariance, count, method="eigh")
        return np.stack([_chance(self.horizon, b[0] + x @ b[1:]) for b in drawn])


def features(units: Units) -> Floats:
    """(T + 1, P, F) what is known when 0, 1, ... T days are: only what went before.

    Logs of the mean over the last 3, 10, 30 and 90 days, here and around; of the long-run rate
    here, drawn towards that of all; and, if asked, whether an agreement holds and for how long.
    Where a window was not watched at all, the next longer one stands for it.
    """
    counts = np.where(units.effort > 0, np.minimum(units.counts, _MOST_A_DAY), 0.0)
    days = np.arange(len(counts) + 1)
    until_count, until_effort = _running(counts), _running(units.effort)
    pooled = (until_count.sum(axis=1) + 1) / np.maximum(until_effort.sum(axis=1), 1)
    long_run = (until_count + pooled[:, None] * _POOLED_DAYS) / (until_effort + _POOLED_DAYS)
    own, around, longer_own, longer_around = [], [], long_run, long_run @ units.neighbours.T
    for window in reversed(WINDOWS):
        start = np.maximum(days - window, 0)
        count = until_count - until_count[start]
        seen = until_effort - until_effort[start]
        longer_own = _mean(count, seen, longer_own)
        longer_around = _mean(count @ units.neighbours.T, seen @ units.neighbours.T, longer_around)
        own.append(np.log(longer_own))
        around.append(np.log(longer_around))
    columns = [*own, *around, np.log(long_run)]
    if units.agreement_days is not None:
        held = np.broadcast_to(units.agreement_days[:, None], long_run.shape)
        columns += [(held > 0).astype(np.float64), np.log1p(held)]
    return np.stack(columns, axis=-1)


def fit(
    units: Units, x: Floats, *, known: int, horizon: int, start: Hazard | None = None
) -> Hazard:
    """Fit the hazard to the periods that had ended when `known` days were known.

    Parameters
    ----------
    units, x
        The series, and its `features`.
    known
        Days known; nothing later is looked at.
    horizon
        Days of a period. A period watched in part counts by its effort (the offset), one not
        watched at all is left out.
    start
        An earlier fit to start from: the same answer, sooner.
    """
    rows = np.arange(min(_WARM_UP, max(known - horizon, 0)), known - horizon + 1)
    counts = np.where(units.effort > 0, units.counts, 0.0)[:known]
    until_count, until_effort = _running(counts), _running(units.effort[:known])
    exposure = (until_effort[rows + horizon] - until_effort[rows]).ravel()
    happened = (until_count[rows + horizon] - until_count[rows]).ravel() > 0
    weight = np.repeat(0.5 ** ((known - rows) / _FORGET_HALF_DAYS), x.shape[1])
    kept = exposure > 0
    flat = x[rows].reshape(-1, x.shape[2])[kept]
    exposure, happened, weight = exposure[kept], happened[kept], weight[kept]

    told = Outcomes(flat, exposure, happened, weight)
    coefficients, covariance = posterior(told, start.coefficients if start else None)
    return Hazard(coefficients, covariance * horizon, horizon)


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What a hazard is fitted to: N periods with F features each.

    Attributes
    ----------
    x
        (N, F) features.
    exposure
        (N,) length of each period, in days fully watched, above 0.
    happened
        (N,) whether it came in the period.
    weight
        (N,) what the period counts.
    """

    x: Floats
    exposure: Floats
    happened: NDArray[np.bool_]
    weight: Floats


def posterior(
    told: Outcomes, start: Floats | None = None, *, ridge: float = _RIDGE
) -> tuple[Floats, Floats]:
    """Mode and covariance of a cloglog hazard's coefficients, (F + 1,) and (F + 1, F + 1), constant first.

    The ridge prior is on features scaled to a standard deviation of one; the result is for features as
    they are. `start` is an earlier mode: the same answer, sooner.

    Parameters
    ----------
    ridge
        One over the prior's variance.
    """
    mean, scale = told.x.mean(axis=0), told.x.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    design = np.column_stack([np.ones(len(told.x)), (told.x - mean) / scale])
    prior = np.full(design.shape[1], ridge)
    prior[0] = 1e-3
    first = np.zeros(design.shape[1])
    if start is None:
        first[0] = np.log((told.happened.sum() + 0.5) / told.exposure.sum())
    else:
        first[0] = start[0] + mean @ start[1:]
        first[1:] = start[1:] * scale
    mode, information = _newton(design, told.exposure, told.happened, told.weight, prior, first)
    back = np.diag(np.append(1.0, 1 / scale))
    back[0, 1:] = -mean / scale
    return back @ mode, back @ np.linalg.inv(information) @ back.T


def rolling(units: Units, origins: Ints, *, horizon: int, refit_days: int = REFIT_DAYS) -> Floats:
    """(O, P) chances of any incident within `horizon` days of each origin, from the days before it.

    `origins` (O,) ascending: days known. The fit is done anew every `refit_days` days.
    """
    x = features(units)
    chances = np.empty((len(origins), x.shape[1]))
    hazard, due = None, -1
    for at, known in enumerate(origins.tolist()):
        if hazard is None or known >= due:
            hazard = fit(units, x, known=known, horizon=horizon, start=hazard)
            due = known + refit_days
        chances[at] = hazard.chance(x[known])
    return chances


def base_rate(units: Units, origins: Ints, *, horizon: int) -> Floats:
    """(O, P) the plainest reference: 1 - exp(-h r), r the rate of all units and days so far."""
    counted = np.where(units.effort > 0, units.counts, 0.0)
    count, seen = _running(counted).sum(axis=1), _running(units.effort).sum(axis=1)
    rate = count[origins] / np.maximum(seen[origins], 1)
    return np.repeat(_chance(horizon, np.log(rate + 1e-12))[:, None], units.counts.shape[1], axis=1)


def recent_rate(units: Units, origins: Ints, *, horizon: int, window: int = 90) -> Floats:
    """(O, P) the reference to beat: 1 - exp(-h r), r the unit's days with any over the last 90."""
    start = np.maximum(origins - window, 0)
    until = _running((units.counts > 0) & (units.effort > 0))
    seen = _running(units.effort)
    rate = (until[origins] - until[start]) / np.maximum(seen[origins] - seen[start], 1)
    return _chance(horizon, np.log(rate + 1e-12))


def happened(units: Units, origins: Ints, *, horizon: int) -> NDArray[np.bool_]:
    """(O, P) whether any incident came within `horizon` days of each origin.

    Days nobody watched do not tell; leave out forecasts whose days ahead were not watched.
    """
    until = _running(units.counts)
    came: NDArray[np.bool_] = until[origins + horizon] - until[origins] > 0
    return came


def forecast(units: Units, *, horizon: int, seed: int, draws: int = 1000) -> tuple[Estimate, ...]:
    """Chance of any incident in the next `horizon` days, for each unit, with its interval."""
    known = len(units.counts)
    found = int(((units.counts > 0) & (units.effort > 0))[:known].sum())
    if found < MINIMUM_INCIDENTS or known < _WARM_UP + horizon:
        few = (
            too_few(found, MINIMUM_INCIDENTS, "days with an incident", "")
            if found < MINIMUM_INCIDENTS
            else too_few(known, _WARM_UP + horizon, "days", "")
        )
        return tuple(few for _ in range(units.counts.shape[1]))
    x = features(units)
    hazard = fit(units, x, known=known, horizon=horizon)
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(hazard.samples(x[known], draws, seed), [tail, 1 - tail], axis=0)
    method = (
        f"complementary log-log hazard on {known:,} days and {found:,} days with an incident, "
        f"within {horizon} days, fully watched; {_LEVEL:.0%} interval of the coefficients"
    )
    return tuple(
        estimate(best, (min(lo, best), max(hi, best)), "", method)
        for best, lo, hi in zip(hazard.chance(x[known]), low, high, strict=True)
    )


def _chance(horizon: int, eta: Floats) -> Floats:
    chance: Floats = -np.expm1(-horizon * np.exp(np.clip(eta, -30.0, 10.0)))
    return chance


def _running(values: NDArray[np.generic]) -> Floats:
    return np.concatenate([np.zeros((1, values.shape[1])), values.cumsum(axis=0)])


def _mean(count: Floats, seen: Floats, longer: Floats) -> Floats:
    return np.where(seen > 0, (count + _NONE) / np.where(seen > 0, seen, 1.0), longer)


def _newton(
    design: Floats,
    exposure: Floats,
    happened: NDArray[np.bool_],
    weight: Floats,
    prior: Floats,
    first: Floats,
) -> tuple[Floats, Floats]:
    """Fisher scoring, each step halved until the posterior rises; mode and information there."""

    def log_posterior(at: Floats) -> tuple[float, Floats]:
        mean = exposure * np.exp(np.clip(design @ at, -30.0, 10.0))
        hit = np.log(np.maximum(-np.expm1(-mean), 1e-300))
        value = float((weight * np.where(happened, hit, -mean)).sum())
        return value - 0.5 * float((prior * at**2).sum()), mean

    mode = first
    height, mean = log_posterior(mode)
    for _ in range(_STEPS):
        # The derivative of log(1 - exp(-m)) by log m; its limit is 1 for small m.
        hit = mean * np.exp(-mean) / np.maximum(-np.expm1(-mean), 1e-300)
        slope = design.T @ (weight * np.where(happened, hit, -mean)) - prior * mode
        information = (design * (weight * mean * hit)[:, None]).T @ design + np.diag(prior)
        step, rose = np.linalg.solve(information, slope), False
        while not rose and np.abs(step).max() > 1e-9:
            higher, mean_there = log_posterior(mode + step)
            rose = higher >= height
            step = step if rose else step / 2
        if not rose:
            break
        gained = higher - height
        mode, height, mean = mode + step, higher, mean_there
        if gained < 1e-4:
            break
    return mode, information
