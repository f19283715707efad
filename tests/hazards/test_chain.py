from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from corridor.hazards.chain import (
    FIRST,
    WIDE,
    expected_counts,
    forward,
    from_prior,
    most_likely,
    sample,
)
from corridor.hazards.phases import SHOWN, Floats, Rates, matrix
from hazards.chains import seen_of, simulated, two_state

TRUE = Rates(
    np.array([[0.85, 0.05, 0.10], [0.10, 0.80, 0.10], [0.25, 0.05, 0.70], [0.02, 0.0, 0.98]]),
    np.array(0.0),
)


def any_chain(seed: int) -> Floats:
    return matrix(from_prior(WIDE, np.random.default_rng(seed), 1))


def said(*days: tuple[int, ...]) -> Floats:
    """Return likelihoods: each day is one of the statuses named, or any where none is."""
    seen = np.ones((1, len(days), 4))
    for day, statuses in enumerate(days):
        if statuses:
            seen[0, day] = np.isin(SHOWN, statuses)
    return seen


def enumerated(step: Floats, seen: Floats) -> tuple[float, Floats]:
    """Return likelihood and expected counts by summing over every path of phases."""
    days = seen.shape[1]
    total, counts = 0.0, np.zeros((4, 4))
    for path in itertools.product(range(4), repeat=days):
        chance = FIRST[path[0]] * seen[0, 0, path[0]]
        for day in range(1, days):
            chance *= step[path[day - 1], path[day]] * seen[0, day, path[day]]
        total += chance
        for a, b in itertools.pairwise(path):
            counts[a, b] += chance
    return total, counts / total


SEQUENCES = [
    said((0,), (), (), (2,), (2,), ()),
    said((), (), (0, 2), (), (1,), (0,)),
    said((2,), (), (), (), (), (2,)),
    said((), (), (), (), (), ()),
]


@pytest.mark.parametrize("seen", SEQUENCES)
@pytest.mark.parametrize("seed", [1, 2])
def test_likelihood_and_counts_are_those_of_summing_over_every_path(
    seen: Floats, seed: int
) -> None:
    step = any_chain(seed)
    likelihood, counts = enumerated(step[0], seen)
    found, log_likelihood = expected_counts(step, FIRST, seen)
    assert_allclose(np.exp(log_likelihood), likelihood, rtol=1e-12)
    assert_allclose(found[0], counts, rtol=1e-9, atol=1e-12)


def test_a_gap_counts_as_the_power_of_the_matrix() -> None:
    step = any_chain(3)
    gap = said((0,), (), (), (), (), (2,))
    _, found = forward(step, np.array([1.0, 0, 0, 0]), gap)
    assert_allclose(np.exp(found), np.linalg.matrix_power(step[0], 5)[0, 2:].sum())


def test_days_of_which_nobody_spoke_give_back_the_prior() -> None:
    rates, _ = most_likely(np.ones((2, 40, 4)), WIDE)
    assert_allclose(rates.rows[0], WIDE.rows / WIDE.rows.sum(axis=1, keepdims=True), rtol=1e-9)
    assert_allclose(rates.long_share, 0.2)


def test_samples_of_days_of_which_nobody_spoke_are_those_of_the_prior() -> None:
    rng = np.random.default_rng(4)
    seen = np.ones((64, 30, 4))
    drawn = sample(seen, WIDE, rng, burn_in=20, kept=20)
    wide = from_prior(WIDE, rng, 4000)
    for phase in range(3):
        found = drawn.rows[:, :, phase, phase].mean()
        assert found == pytest.approx(wide.rows[:, phase, phase].mean(), abs=0.03)


def test_the_interval_covers_the_truth_in_most_of_fifty_runs_with_gaps() -> None:
    rng = np.random.default_rng(5)
    phases = simulated(matrix(TRUE), 50, 300, rng)
    drawn = sample(seen_of(phases, 0.6, rng), WIDE, rng, burn_in=40, kept=60)
    low, high = np.quantile(drawn.rows, [0.05, 0.95], axis=0)
    # 90 % intervals: 45 of 50 are expected, and fewer than 38 in one run of a thousand.
    for today, tomorrow in ((0, 2), (0, 0), (1, 1)):
        covers = (low[:, today, tomorrow] <= TRUE.rows[today, tomorrow]) & (
            TRUE.rows[today, tomorrow] <= high[:, today, tomorrow]
        )
        assert covers.sum() >= 38, (today, tomorrow, covers.sum())


def test_disputed_days_move_a_rate_less_than_days_on_which_all_agree() -> None:
    agreed = said((0,), *[(2,), (0,)] * 10)
    disputed = said((0,), *[(0, 2), (0,)] * 10)
    closing = [most_likely(seen, WIDE)[0].rows[0, 0, 2] for seen in (agreed, disputed)]
    assert closing[0] > 0.5 > closing[1] > 0


def test_draws_depend_on_the_seed_alone() -> None:
    seen = said((0,), (), (2,), (2,), (0,))
    first, again, other = (
        sample(seen, WIDE, np.random.default_rng(seed), burn_in=2, kept=3).rows
        for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_a_known_chain_of_two_states_is_found_from_a_long_history() -> None:
    rng = np.random.default_rng(6)
    seen = seen_of(simulated(two_state(0.1, 0.3), 1, 4000, rng), 1.0, rng)
    found = most_likely(seen, WIDE, steps=3)[0].rows[0]
    assert found[0, 2] == pytest.approx(0.1, abs=0.02)
