from __future__ import annotations

import numpy as np
import pytest

from corridor.watch.discount import filtered, forecasts, quantile
from corridor.watch.rate import rate_since, sensitivity
from watch.known import country_counts


def test_the_osce_counts_of_2020_fell_to_a_twentieth():
    # OSCE SMM: 623 a day for 208 days, 33 a day for 158 (kyivpost.com/post/9363).
    counts = np.concatenate([np.full(208, 623.0), np.full(158, 33.0)])
    since = rate_since(counts, np.ones(366), 208)
    assert float(since.ratio.best) == pytest.approx(33 / 623, abs=5e-5)
    assert round(float(since.ratio.best), 4) == 0.0530
    assert float(since.ratio.low) < 33 / 623 < float(since.ratio.high)
    assert float(since.ratio_now.best) == pytest.approx(0.053, abs=0.001)
    assert since.fell.best == since.fell_by_half.best == 1


def test_half_the_patrols_are_not_half_the_incidents():
    rng = np.random.default_rng(3)
    effort = np.repeat([10.0, 5.0], 90)
    runs = [rate_since(rng.poisson(0.2 * effort).astype(float), effort, 90) for _ in range(200)]
    held = [run.ratio.low <= 1 <= run.ratio.high for run in runs]
    held_now = [run.ratio_now.low <= 1 <= run.ratio_now.high for run in runs]
    assert np.mean(held) >= 0.85
    assert np.mean(held_now) >= 0.85
    assert np.mean([float(run.ratio_of_counts.best) for run in runs]) == pytest.approx(
        0.5, abs=0.03
    )


def test_bursts_make_a_fall_less_sure():
    rng = np.random.default_rng(1)
    even = np.concatenate([np.full(90, 2.0), np.full(60, 1.0)])
    bursts = np.where(np.arange(150) % 21 < 7, even * 3, 0.0)
    calm = rate_since(rng.poisson(even).astype(float), np.ones(150), 90)
    burst = rate_since(rng.poisson(bursts).astype(float), np.ones(150), 90)
    assert burst.dispersion > 3 > calm.dispersion
    assert burst.fell.best < calm.fell.best


def test_days_without_effort_say_nothing():
    counts = np.full(120, 2.0)
    effort = np.ones(120)
    gone = np.where(np.arange(120) % 2 == 0, 1.0, 0.0)
    seen = np.where(gone > 0, counts, 0.0)
    watched, half = rate_since(counts, effort, 90), rate_since(seen, gone, 90)
    assert half.before.best == watched.before.best
    assert half.ratio.best == watched.ratio.best
    assert half.ratio.high > watched.ratio.high
    reported_unseen = rate_since(counts, gone, 90)
    assert reported_unseen.ratio == half.ratio
    assert reported_unseen.uncounted == 120


def test_a_watch_that_ended_does_not_see_calm():
    counts = np.concatenate([np.full(90, 2.0), np.zeros(30)])
    effort = np.concatenate([np.ones(90), np.zeros(30)])
    blind = rate_since(counts, effort, 90)
    assert not blind.ratio.is_known
    assert blind.ratio.method == (
        "too few to say: 0 days watched, before or since, at least 7 are needed"
    )


def test_with_few_incidents_it_does_not_say():
    assert not rate_since(np.full(100, 0.05), np.ones(100), 90).ratio.is_known


def test_nothing_before_has_no_ratio_but_an_interval_that_is_open_above():
    counts = np.concatenate([np.zeros(90), np.full(30, 1.0)])
    since = rate_since(counts, np.ones(120), 90)
    assert since.ratio.best is None
    assert since.ratio.low > 1


def test_each_selection_of_reports_is_told_apart():
    counted = np.full(120, 1.0)
    less = np.concatenate([np.full(90, 1.0), np.zeros(30)])
    both = sensitivity({"all": counted, "without party-only": less}, np.ones(120), 90)
    assert list(both) == ["all", "without party-only"]
    assert both["all"].ratio.best == 1
    assert both["without party-only"].ratio.best == 0


def test_the_filter_is_its_recursion():
    rng = np.random.default_rng(2)
    counts, effort = rng.poisson(2.0, 30).astype(float), rng.uniform(0.5, 2, 30)
    state = filtered(counts, effort, (0.9,))
    plain = sum(0.9 ** (29 - day) * counts[day] for day in range(30))
    watched = sum(0.9 ** (29 - day) * effort[day] for day in range(30))
    long_run = (counts.sum() + 0.5) / effort.sum()
    assert state.shape[0, 30] == pytest.approx(plain + 1)
    assert state.effort[0, 30] == pytest.approx(watched + 1 / long_run)


def test_forecasts_of_28_days_hold_on_a_real_series():
    counts = country_counts()
    origins = np.arange(120, len(counts) - 28 + 1, 7)
    issued = forecasts(counts, np.ones_like(counts), origins, 28)
    came = np.array([counts[day : day + 28].sum() for day in origins])
    low, high = issued.interval(0.90)
    assert 0.87 <= ((low <= came) & (came <= high)).mean() <= 0.93
    assert issued.log_scores(came).mean() >= -3.18


def test_a_forecast_knows_nothing_of_what_follows():
    counts = country_counts()[:600]
    changed = counts.copy()
    changed[400:] = 50
    origins = np.arange(120, 401, 7)
    first, second = (forecasts(c, np.ones(600), origins, 28) for c in (counts, changed))
    assert (first.shape == second.shape).all()
    assert (first.discount == second.discount).all()


def test_quantiles_are_the_smallest_counts_that_reach_them():
    from scipy.stats import nbinom

    shape, effort, ahead = np.array([0.7, 5.0, 80.0]), np.array([3.0, 10.0, 20.0]), 28.0
    for part in (0.05, 0.5, 0.95):
        known = nbinom.ppf(part, shape, effort / (effort + ahead))
        assert (quantile(part, shape, effort, np.full(3, ahead)) == known).all()
