from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.planning.relief.filling import Filling


def test_amounts_grow_together_until_their_limit_is_reached():
    # The link of Bertsekas & Gallager's kind: three share one limit, one of them a narrower too.
    rows = np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
    filled = Filling(np.ones(3), rows).fill(np.array([[9.0, 9.0], [1.0, np.inf]]))
    assert pytest.approx(np.array([[1.0, 4.0, 4.0], [3.0, 3.0, 3.0]])) == filled.T


@given(seed=st.integers(0, 10_000))
def test_no_limit_is_passed_and_nothing_could_grow_further(seed):
    rng = np.random.default_rng(seed)
    amounts, limits = rng.integers(1, 6, 2)
    rows = rng.uniform(0.1, 2.0, (limits, amounts)) * (rng.random((limits, amounts)) < 0.6)
    rows[0] = np.maximum(rows[0], 0.1)
    room = rng.uniform(-1.0, 5.0, (limits, 7))
    filled = Filling(rng.uniform(0.1, 3.0, amounts), rows).fill(room.copy())
    left = np.maximum(room, 0.0) - rows @ filled
    assert (left > -1e-6).all()
    is_held = (rows[:, :, None] > 0) & (left[:, None, :] < 1e-6)
    assert is_held.any(axis=0).all()
