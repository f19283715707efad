from __future__ import annotations

import numpy as np
import pytest

from corridor.watch.scores import (
    brier,
    calibration_error,
    compare,
    coverage,
    log_score,
    reliability,
    skill,
)

CHANCE = np.array([0.1, 0.1, 0.8, 0.8, 0.8])
CAME = np.array([False, True, True, True, False])


def test_the_brier_score_is_the_mean_squared_error():
    # By hand: (0.01 + 0.81 + 0.04 + 0.04 + 0.64) / 5.
    assert brier(CHANCE, CAME) == pytest.approx(0.308)
    assert skill(CHANCE, np.full(5, 0.6), CAME) == pytest.approx(1 - 0.308 / 0.24)


def test_the_log_score_is_the_mean_log_of_the_chance_given():
    known = np.log([0.9, 0.1, 0.8, 0.8, 0.2]).mean()
    assert log_score(CHANCE, CAME) == pytest.approx(known)
    assert np.isfinite(log_score(np.array([0.0]), np.array([True])))


def test_the_reliability_table_sets_what_was_said_beside_what_came():
    rows = reliability(CHANCE, CAME)
    assert [(r.low, r.high, r.forecasts) for r in rows] == [(0.1, 0.2, 2), (0.7, 1.0, 3)]
    assert [r.said for r in rows] == pytest.approx([0.1, 0.8])
    assert [r.came for r in rows] == pytest.approx([0.5, 2 / 3])
    assert calibration_error(CHANCE, CAME) == pytest.approx(0.4 * 0.4 + 0.6 * (0.8 - 2 / 3))


def test_certainty_has_a_bin():
    assert reliability(np.array([1.0, 1.0]), np.array([True, True]))[0].forecasts == 2
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0


def test_it_is_printed_when_the_reference_did_better():
    rng = np.random.default_rng(1)
    chance = rng.uniform(size=500)
    came = rng.uniform(size=500) < chance
    ours = compare(chance, np.full(500, 0.5), came)
    theirs = compare(np.full(500, 0.5), chance, came)
    assert ours.words.startswith("better than the 90-day rate here, by ")
    assert theirs.words == "the 90-day rate did better here"
    assert ours.skill.best > 0 > theirs.skill.best
    assert compare(chance, chance, came).words == "the 90-day rate did as well here"


def test_coverage_counts_both_ends():
    held = coverage(np.zeros(40), np.ones(40), np.concatenate([np.ones(30), np.full(10, 2.0)]))
    assert float(held.best) == 0.75
    assert held.low < held.best < held.high


def test_few_forecasts_are_not_judged():
    assert not compare(CHANCE, CHANCE, CAME).skill.is_known
    assert compare(CHANCE, CHANCE, CAME).words.startswith("too few to say: 5 forecasts")
    assert not coverage(np.zeros(3), np.ones(3), np.ones(3)).is_known
