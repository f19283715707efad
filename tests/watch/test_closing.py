from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corridor.watch import scores
from corridor.watch.closing import (
    Units,
    base_rate,
    features,
    fit,
    forecast,
    happened,
    recent_rate,
    rolling,
)
from watch.known import provinces

RING = (np.roll(np.eye(4), 1, axis=1) + np.roll(np.eye(4), -1, axis=1)) / 2


def drawn(days: int = 900, seed: int = 1, effort: float = 1.0) -> Units:
    """Four units in a ring with an incident on a day by chance 0.01, 0.02, 0.05 and 0.1."""
    chance = np.array([0.01, 0.02, 0.05, 0.1]) * effort
    counts = (np.random.default_rng(seed).uniform(size=(days, 4)) < chance).astype(float)
    return Units(counts, np.full((days, 4), effort), RING)


def test_seven_days_ahead_by_province_it_beats_both_rates():
    units = provinces()
    origins = np.arange(731, len(units.counts) - 7 + 1)
    assert origins.size * 17 == 55_777
    # Refitted every 16 weeks, not weekly, to be quick; benchmarks/forecasts.py refits weekly.
    chance = rolling(units, origins, horizon=7, refit_days=112)
    came = happened(units, origins, horizon=7)
    base = base_rate(units, origins, horizon=7)
    recent = recent_rate(units, origins, horizon=7)
    assert scores.skill(chance, base, came) >= 0.22
    assert scores.skill(chance, base, came) > scores.skill(recent, base, came)
    assert scores.calibration_error(chance, came) <= 0.01


def test_features_know_nothing_of_what_follows():
    units = drawn()
    later = units.counts.copy()
    later[500:] = 1 - later[500:]
    first, second = features(units), features(replace(units, counts=later))
    assert (first[:501] == second[:501]).all()
    assert (first[501:] != second[501:]).any()
    known = [fit(u, features(u), known=500, horizon=7).coefficients for u in (units, drawn())]
    known.append(fit(replace(units, counts=later), second, known=500, horizon=7).coefficients)
    assert known[0] == pytest.approx(known[1])
    assert known[0] == pytest.approx(known[2])


def test_even_chances_are_found():
    chances = [float(e.best) for e in forecast(drawn(3000), horizon=7, seed=1)]
    truth = 1 - (1 - np.array([0.01, 0.02, 0.05, 0.1])) ** 7
    assert chances == pytest.approx(truth, rel=0.5)
    assert sorted(chances) == chances


def test_a_start_gives_the_same_fit_sooner():
    units = drawn()
    x = features(units)
    earlier = fit(units, x, known=800, horizon=7)
    cold = fit(units, x, known=890, horizon=7)
    warm = fit(units, x, known=890, horizon=7, start=earlier)
    assert warm.chance(x[890]) == pytest.approx(cold.chance(x[890]), rel=1e-2)


def test_half_the_watch_is_not_half_the_danger():
    # The same truth; those who watch half the time see half of it.
    mean = []
    for effort in (1.0, 0.5):
        units = drawn(4000, effort=effort)
        x = features(units)
        hazard = fit(units, x, known=4000, horizon=7)
        mean.append(hazard.chance(x[1000:]).mean(axis=0))
    assert mean[1] == pytest.approx(mean[0], rel=0.15)


def test_days_unwatched_are_not_quiet_days():
    units = drawn(2000)
    blind = units.effort.copy()
    blind[-60:, 3] = 0
    counts = np.where(blind > 0, units.counts, 0)
    unseen = forecast(Units(counts, blind, RING), horizon=7, seed=1)[3]
    calm = forecast(Units(counts, units.effort, RING), horizon=7, seed=1)[3]
    assert unseen.best > calm.best


def test_an_agreement_in_force_counts():
    units = drawn(2000)
    held = np.concatenate([np.zeros(1001), np.arange(1.0, 1001.0)])
    quiet = units.counts.copy()
    quiet[1000:] *= np.random.default_rng(1).uniform(size=(1000, 4)) < 0.3
    agreed = replace(units, counts=quiet, agreement_days=held)
    x = features(agreed)
    assert x.shape[2] == features(units).shape[2] + 2
    hazard = fit(agreed, x, known=2000, horizon=7)
    before = x[2000].copy()
    before[:, -2:] = 0
    assert (hazard.chance(before) > hazard.chance(x[2000])).all()


def test_samples_lie_around_the_chance():
    units = drawn()
    x = features(units)
    hazard = fit(units, x, known=900, horizon=7)
    drawn_chances = hazard.samples(x[900], 2000, seed=1)
    assert drawn_chances.shape == (2000, 4)
    assert np.median(drawn_chances, axis=0) == pytest.approx(hazard.chance(x[900]), rel=0.1)
    assert (drawn_chances == hazard.samples(x[900], 2000, seed=1)).all()


def test_with_few_incidents_it_does_not_say():
    units = drawn()
    calm = replace(units, counts=np.zeros_like(units.counts))
    assert forecast(calm, horizon=7, seed=1)[0].method == (
        "too few to say: 0 days with an incident, at least 10 are needed"
    )
    assert not forecast(drawn(90), horizon=7, seed=1)[0].is_known
