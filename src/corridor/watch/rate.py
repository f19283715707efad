"""Rate since the declaration: has it fallen, by how much, and how sure is that?

Counts are set against the effort of those who watched. Before and since are each a gamma posterior
whose weight is cut by the dispersion of the weeks (quasi-Poisson: McCullagh and Nelder 1989,
section 6.2), since incidents come in bursts and plain Poisson intervals are too sure. The quotient
of two gamma variables is a beta quotient, so nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.values import Estimate
from corridor.watch.discount import filtered, forecasts
from corridor.watch.estimates import estimate, too_few

MINIMUM_COUNT = 10
MINIMUM_DAYS = 7
_LEVEL = 0.90
_JEFFREYS = 0.5
_WEEK = 7

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RateSince:
    """The rate since a declaration beside the rate before it.

    Attributes
    ----------
    before, since
        Incidents by unit of effort, in the window before and since the declaration.
    now
        The same today, by the discount filter: recent days count for more.
    ratio
        `since` over `before`.
    ratio_now
        `now` over `before`.
    ratio_of_counts
        The same from counts by day alone, with effort left out: what a reader of raw counts sees.
    fell, fell_by_half
        Chance that `since` is below `before`, and below half of it.
    discount
        Of the filter, chosen by its own past forecasts; None where there are too few to say.
    dispersion
        Variance of weekly counts over their mean, at least 1; None likewise.
    uncounted
        Incidents on days without effort: in none of the rates.
    """

    before: Estimate
    since: Estimate
    now: Estimate
    ratio: Estimate
    ratio_now: Estimate
    ratio_of_counts: Estimate
    fell: Estimate
    fell_by_half: Estimate
    discount: float | None
    dispersion: float | None
    uncounted: int


@dataclass(frozen=True, slots=True)
class _Gamma:
    """A rate as a gamma posterior, beside its plain estimate."""

    plain: float
    shape: float
    effort: float


def rate_since(
    counts: Floats, effort: Floats, declared: int, *, window: int = 90, unit: str = "a day"
) -> RateSince:
    """Compare the days since a declaration with those before it.

    Parameters
    ----------
    counts
        (T,) incidents a day, up to now.
    effort
        (T,) how much was watched each day (posts, patrol hours; 1 where it is not known to have
        changed). On a day with 0 no count is a quiet day, and none enters a rate.
    declared
        Index of the first day under the declaration.
    window
        Days before it that are compared with.
    unit
        What a rate is counted by, as "a patrol hour".

    Raises
    ------
    AssertionError
        If an array has another length or `declared` lies outside it.
    """
    assert len(counts) == len(effort)
    assert 0 <= declared <= len(counts), "the declaration lies outside the series"
    before = slice(max(declared - window, 0), declared)
    since = slice(declared, len(counts))
    is_covered = effort > 0
    uncounted = int(counts[~is_covered].sum())
    counted = np.where(is_covered, counts, 0.0)
    found = int(counted[before].sum() + counted[since].sum())
    days = int(min(is_covered[before].sum(), is_covered[since].sum()))
    if found < MINIMUM_COUNT or days < MINIMUM_DAYS:
        few = (
            too_few(found, MINIMUM_COUNT, "incidents before and since", unit)
            if found < MINIMUM_COUNT
            else too_few(days, MINIMUM_DAYS, "days watched, before or since", unit)
        )
        return RateSince(few, few, few, few, few, few, few, few, None, None, uncounted)

    spread = _dispersion(counted, effort, (before, since))
    old, new = (_posterior(counted[days], effort[days], spread) for days in (before, since))
    discount, today = _today(counted, effort)
    weighed = f"incidents over effort, weight cut by a dispersion of {spread:.2f}"
    against = f"the {before.stop - before.start} days before"
    drifting = f"gamma discount filter, {discount:.2f} kept a day"
    counted_before = counts[before].mean()
    raw = float(counts[since].mean() / counted_before) if counted_before > 0 else np.inf
    return RateSince(
        before=_rate(old, unit, f"{weighed}, {against}"),
        since=_rate(new, unit, f"{weighed}, since the declaration"),
        now=_rate(today, unit, drifting),
        ratio=_quotient(new, old, f"{weighed}, since over {against}"),
        ratio_now=_quotient(today, old, f"{drifting}, over {against}"),
        ratio_of_counts=estimate(raw, None, "", f"counts a day alone, over {against}"),
        fell=estimate(_chance_below(1.0, new, old), None, "", f"{weighed}, over {against}"),
        fell_by_half=estimate(_chance_below(0.5, new, old), None, "", f"{weighed}, over {against}"),
        discount=discount,
        dispersion=spread,
        uncounted=uncounted,
    )


def sensitivity(
    series: Mapping[str, Floats],
    effort: Floats,
    declared: int,
    *,
    window: int = 90,
    unit: str = "a day",
) -> Mapping[str, RateSince]:
    """Do the same with several selections of reports, by name.

    The caller counts them: all; without what one side alone reports; without the unverified.
    """
    return {
        name: rate_since(counts, effort, declared, window=window, unit=unit)
        for name, counts in series.items()
    }


def _dispersion(counts: Floats, effort: Floats, periods: tuple[slice, ...]) -> float:
    """Pearson's statistic of the weeks around the rate of their period, by degree of freedom."""
    statistic, freedom = 0.0, -len(periods)
    for days in periods:
        starts = np.arange(0, days.stop - days.start, _WEEK)
        count = np.add.reduceat(counts[days], starts)
        expected = np.add.reduceat(effort[days], starts) * count.sum() / effort[days].sum()
        some = expected > 0
        statistic += float(((count - expected)[some] ** 2 / expected[some]).sum())
        freedom += int(some.sum())
    return max(1.0, statistic / freedom) if freedom > 0 else 1.0


def _posterior(counts: Floats, effort: Floats, spread: float) -> _Gamma:
    total, seen = float(counts.sum()), float(effort.sum())
    return _Gamma(total / seen, _JEFFREYS + total / spread, seen / spread)


def _today(counts: Floats, effort: Floats) -> tuple[float, _Gamma]:
    """Run the filter with the discount that forecast the weeks so far best."""
    now = np.arange(len(counts) + 1)
    discount = float(forecasts(counts, effort, now, _WEEK).discount[-1])
    state = filtered(counts, effort, (discount,))
    shape, seen = float(state.shape[0, -1]), float(state.effort[0, -1])
    return discount, _Gamma(shape / seen, shape, seen)


def _rate(rate: _Gamma, unit: str, method: str) -> Estimate:
    from scipy.special import gammaincinv

    tail = (1 - _LEVEL) / 2
    low, high = (float(gammaincinv(rate.shape, q)) / rate.effort for q in (tail, 1 - tail))
    return estimate(rate.plain, (low, high), unit, f"{method}; {_LEVEL:.0%} interval")


def _quotient(new: _Gamma, old: _Gamma, method: str) -> Estimate:
    """X / (X + Y) is beta for gamma X and Y of one scale, and gives X / Y."""
    from scipy.special import betaincinv

    tail = (1 - _LEVEL) / 2
    part = [float(betaincinv(new.shape, old.shape, q)) for q in (tail, 1 - tail)]
    low, high = (p / (1 - p) * old.effort / new.effort if p < 1 else np.inf for p in part)
    plain = new.plain / old.plain if old.plain > 0 else np.inf
    return estimate(plain, (low, high), "", f"{method}; {_LEVEL:.0%} interval")


def _chance_below(ratio: float, new: _Gamma, old: _Gamma) -> float:
    from scipy.special import betainc

    share = ratio * new.effort / (old.effort + ratio * new.effort)
    return float(betainc(new.shape, old.shape, share))
