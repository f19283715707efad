"""What incidents do to closing, fitted to roads on which incidents do raise it, and on which they do not."""

from __future__ import annotations

import numpy as np
import pytest

from corridor.watch.closing import Units
from corridor.watch.closures import CLOSED, UNKNOWN, USABLE, effect

DAYS, ROADS = 500, 3


def made(raised: float, seed: int = 1) -> tuple[Units, np.ndarray]:
    """Return roads that close with a chance of 3 % an evening, `raised` times that for 3 days after an incident."""
    rng = np.random.default_rng(seed)
    counts = (rng.random((DAYS, ROADS)) < 0.05).astype(float)
    status = np.zeros((DAYS, ROADS), dtype=np.int64)
    for day in range(1, DAYS):
        after = counts[max(day - 3, 0) : day].sum(axis=0) > 0
        closes = rng.random(ROADS) < 1 - 0.97 ** np.where(after, raised, 1.0)
        opens = rng.random(ROADS) < 0.3
        was_shut = status[day - 1] == CLOSED
        status[day] = np.where(np.where(was_shut, ~opens, closes), CLOSED, USABLE)
    around = (1 - np.eye(ROADS)) / (ROADS - 1)
    return Units(counts, np.ones((DAYS, ROADS)), around), status


def after_an_incident(units: Units, status: np.ndarray) -> np.ndarray:
    """Return the mean factor of each coming evening on the first road, an incident on the last day known."""
    counts = units.counts.copy()
    counts[-5:] = 0
    counts[-1, 0] = 1
    found = effect(
        Units(counts, units.effort, units.neighbours), status, ahead=20, count=200, seed=1
    )
    assert found is not None
    return found.factor[:, :, 0].mean(axis=0)


def test_where_incidents_raise_closing_the_effect_is_found_and_wears_off() -> None:
    # One evening in seven is pressed: eight times the rate is four times its average.
    factor = np.mean([after_an_incident(*made(8.0, seed)) for seed in range(5)], axis=0)
    assert 3 < factor[0] < 6
    assert (factor[10:] < 1.5).all()


def test_where_they_do_not_none_is_found() -> None:
    firsts = [after_an_incident(*made(1.0, seed))[0] for seed in range(5)]
    assert 0.7 < np.mean(firsts) < 1.4


def test_days_nobody_watched_enter_nothing() -> None:
    units, status = made(8.0)
    effort = units.effort.copy()
    effort[100:200] = 0
    blind = Units(np.where(effort > 0, units.counts, 0.0), effort, units.neighbours)
    seen = Units(np.where(effort > 0, units.counts, 7.0), effort, units.neighbours)
    one, other = (effect(u, status, ahead=3, count=5, seed=1) for u in (blind, seen))
    assert one is not None
    assert other is not None
    assert (one.factor == other.factor).all()


@pytest.mark.parametrize("few", ["closings", "incidents"])
def test_too_few_closings_or_days_with_incidents_fit_nothing(few: str) -> None:
    units, status = made(8.0)
    if few == "closings":
        status = np.where(status == CLOSED, UNKNOWN, status)
    else:
        units = Units(units.counts * 0, units.effort, units.neighbours)
    assert effect(units, status, ahead=5, count=10, seed=1) is None
