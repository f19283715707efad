from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from corridor.hazards.phases import (
    CLOSED,
    OPEN,
    Rates,
    counts_of,
    days_closed,
    days_open,
    long_run,
    matrix,
    onto,
)
from hazards.chains import simulated, two_state

LONG = Rates(
    np.array([[0.9, 0.02, 0.08], [0.1, 0.8, 0.1], [0.25, 0.0, 0.75], [0.02, 0.0, 0.98]]),
    np.array(0.2),
)


def test_rows_sum_to_one_and_a_closure_keeps_its_phase() -> None:
    step = matrix(LONG)
    assert_allclose(step.sum(axis=1), 1)
    assert step[2, 3] == step[3, 2] == 0


def test_closures_of_two_phases_last_as_long_as_their_mixture() -> None:
    # A mixture of geometric laws: 0.8 / 0.25 + 0.2 / 0.02 days (Neuts 1981, ch. 2).
    assert days_closed(LONG) == pytest.approx(0.8 * 4 + 0.2 * 50)
    phases = simulated(matrix(LONG), 400, 2000, np.random.default_rng(1))
    is_closed = phases >= 2
    starts = (is_closed[:, 1:] & ~is_closed[:, :-1]).sum()
    assert is_closed[:, :].sum() / starts == pytest.approx(13.2, rel=0.08)


def test_long_closures_make_long_ones_likelier_than_one_phase_of_the_same_mean() -> None:
    one = two_state(0.1, 1 / 13.2)
    assert np.linalg.matrix_power(matrix(LONG)[2:, 2:], 95)[1].sum() > 0.1
    assert one[2, 2] ** 95 < 0.001


def test_days_open_of_one_usable_phase_are_one_by_the_chance_of_closing() -> None:
    rates = Rates(
        np.array([[0.95, 0, 0.05], [0, 0.5, 0.5], [0.3, 0, 0.7], [0.3, 0, 0.7]]), np.array(0.0)
    )
    assert days_open(rates) == pytest.approx(20)


def test_the_long_run_is_the_chance_that_stays_the_same() -> None:
    step = matrix(LONG)
    chances = long_run(step)
    assert_allclose(chances @ step, chances, atol=1e-12)
    assert_allclose(long_run(two_state(0.1, 0.3))[[0, 2]], [0.75, 0.25])


def test_onto_closed_a_closed_road_keeps_its_phase_and_others_enter_as_they_would() -> None:
    shut = onto(CLOSED, matrix(LONG))
    assert_allclose(shut[0], [0, 0, 0.8, 0.2])
    assert_allclose(shut[3], [0, 0, 0, 1])
    assert_allclose(onto(OPEN, matrix(LONG))[:, 0], 1)


def test_counts_add_the_two_closed_phases_up_by_what_is_shown() -> None:
    counts = counts_of(np.arange(16.0).reshape(1, 4, 4))
    assert counts.rows[0, 0].tolist() == [0, 1, 5]
    assert counts.rows[0, 3].tolist() == [12, 13, 29]
    assert counts.entries[0].tolist() == [2 + 6, 3 + 7]
