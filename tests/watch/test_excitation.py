from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from corridor.watch import excitation as module
from corridor.watch.excitation import excitation, simulated, spread
from corridor.watch.knox import knox
from watch.known import burkitt


def test_it_recovers_what_was_simulated():
    held = np.zeros(3)
    for seed in range(6):
        times = simulated(branching=0.5, half_life=2, background=0.5, until=300, seed=seed)
        found = excitation(times, 300.0)
        pairs = ((0.5, found.branching), (2.0, found.half_life), (0.5, found.background))
        held += [float(e.low) <= value <= float(e.high or 1e9) for value, e in pairs]
    assert (held >= 4).all()


def test_the_likelihood_is_the_sum_it_stands_for():
    times, until = np.array([1.0, 1.5, 4.0, 4.2, 9.0]), 10.0
    n, half_life, mu = 0.4, 1.3, 0.2
    beta = np.log(2) / half_life
    rates = [mu + sum(n * beta * np.exp(-beta * (t - s)) for s in times if s < t) for t in times]
    integral = mu * until + sum(n * (1 - np.exp(-beta * (until - s))) for s in times)
    fit = module._Fit(times, until)
    value, _ = fit._minus_log(np.log([n, half_life, mu]))
    assert -value == pytest.approx(np.log(rates).sum() - integral)


def test_the_slopes_are_those_of_the_likelihood():
    times = simulated(branching=0.5, half_life=2, background=0.5, until=200, seed=1)
    fit, at = module._Fit(times, 200.0), np.log([0.4, 3.0, 0.6])
    numeric = approx_fprime(at, lambda logs: fit._minus_log(logs)[0], 1e-6)
    assert fit._minus_log(at)[1] == pytest.approx(numeric, rel=1e-3)


def test_incidents_that_bring_none_are_told_so():
    # Evenly random incidents: the interval of the branching ratio reaches nought, or nearly.
    times = np.sort(np.random.default_rng(8).uniform(0, 300, 200))
    found = excitation(times, 300.0)
    assert float(found.branching.low) < 0.05
    assert float(found.branching.high) < 0.5


def test_it_is_said_in_words():
    times = simulated(branching=0.6, half_life=1, background=0.5, until=400, seed=2)
    words = excitation(times, 400.0).in_words
    assert words.startswith("each incident is followed by 0.")
    assert words.endswith(" days")


def test_times_known_to_the_day_are_spread_over_it():
    days = np.repeat(np.arange(40.0), 3)
    times = spread(days, 1.0, seed=1)
    assert (np.floor(times) == days).all()
    assert (np.diff(times) > 0).all()


def test_with_few_incidents_it_does_not_say():
    found = excitation(np.arange(29.0), 30.0)
    assert not found.branching.is_known
    assert found.in_words == "too few to say: 29 incidents, at least 30 are needed"


def test_burkitt_lymphoma_has_13_close_pairs():
    x, y, day = burkitt()
    found = knox(x, y, day, near=20, within=5, seed=1)
    assert found.pairs == 13
    assert 0.1 < float(found.p.best) < 0.35


def test_knox_tells_contagion_from_none():
    rng = np.random.default_rng(1)
    x, y, day = (rng.uniform(0, 100, 60) for _ in range(3))
    near = [np.concatenate([values, values + rng.normal(0, 1, 60)]) for values in (x, y, day)]
    assert float(knox(*near, near=5, within=5, seed=1).p.best) == 0.001
    assert (
        float(knox(near[0], near[1], rng.permutation(near[2]), near=5, within=5, seed=1).p.best)
        > 0.05
    )


def test_knox_with_few_incidents_does_not_say():
    found = knox(np.zeros(5), np.zeros(5), np.arange(5.0), near=1, within=1, seed=1)
    assert found.pairs is None
    assert not found.p.is_known
