from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from corridor.errors import PlanningError
from corridor.hazards import Hazards, JointChain, futures, joint
from corridor.hazards.chain import WIDE, from_prior
from corridor.hazards.phases import CLOSED, SHOWN, matrix
from corridor.hazards.shocks import SharedDays, parted, shock_samples
from hazards.chains import road, several, two_state


def run_out(chain: JointChain, cover_days: int) -> float:
    """Return the chance of more than `cover_days` days in a row on which every road is closed."""
    is_shut = (chain.status == CLOSED).all(axis=1)
    chance = np.zeros((cover_days + 1, len(chain.first)))
    chance[0] = chain.first
    out = 0.0
    for step in chain.transition:
        moved = chance @ step
        chance = np.zeros_like(moved)
        chance[0, ~is_shut] = moved[:, ~is_shut].sum(axis=0)
        chance[1:, is_shut] = moved[:-1, is_shut]
        out += moved[-1, is_shut].sum()
    return out


@pytest.mark.parametrize(
    ("closing", "opening", "days", "cover_days", "known"),
    [(0.1, 0.3, 30, 3, 0.569904), (0.04, 0.25, 60, 10, 0.095644)],
)
def test_run_out_of_one_corridor(
    closing: float, opening: float, days: int, cover_days: int, known: float
) -> None:
    # Known answers of shared/domain/supply.md, "Run-out of one corridor": open on day 0.
    chain = joint(several(road(two_state(closing, opening), days + 1)))
    assert run_out(chain, cover_days) == pytest.approx(known, abs=5e-7)


def test_run_out_of_two_independent_corridors() -> None:
    one = two_state(0.1, 0.3)
    chain = joint(several(road(one, 31, "a"), road(one, 31, "b")))
    assert len(chain.first) == 4
    assert run_out(chain, 3) == pytest.approx(0.092476, abs=5e-7)


def test_sharing_shocks_makes_both_shut_likelier_and_neither_road_likelier_to_shut() -> None:
    one = two_state(0.1, 0.3)
    apart = several(road(one, 31, "a"), road(one, 31, "b"))
    together = several(road(one, 31, "a"), road(one, 31, "b"), shock=0.08)
    assert run_out(joint(together), 3) > 2 * run_out(joint(apart), 3)
    chain = joint(together)
    now = chain.first
    for day, step in enumerate(chain.transition, start=1):
        now = now @ step
        for number in (0, 1):
            alone = together.roads[number].status_chances()[day]
            shown = [now[chain.status[:, number] == status].sum() for status in range(3)]
            assert_allclose(shown, alone, atol=1e-12)


@pytest.mark.parametrize("shock", [0.0, 0.05, 0.4, 0.9])
def test_days_with_and_without_a_shock_make_up_the_road_s_own_chances(shock: float) -> None:
    steps = matrix(from_prior(WIDE, np.random.default_rng(1), 20))
    apart, shut = parted(steps, SHOWN, np.full(20, shock), is_decided=False)
    assert_allclose((1 - shock) * apart + shock * shut, steps, atol=1e-12)
    for rows in (apart, shut):
        assert (rows >= 0).all()
        assert_allclose(rows.sum(axis=-1), 1)


def test_shocks_are_drawn_from_none_to_the_closings_of_the_road_that_closes_least() -> None:
    rng = np.random.default_rng(2)
    most = np.full(2000, 0.1)
    unwatched = shock_samples(SharedDays(0, 0), most, rng)
    assert unwatched.mean() == pytest.approx(0.05, abs=0.003)
    assert unwatched.max() <= 0.1
    assert shock_samples(SharedDays(0, 1000), most, rng).mean() < 0.002
    assert shock_samples(SharedDays(50, 1000), most, rng).mean() == pytest.approx(0.05, abs=0.005)


def several_roads(number: int, shock: float = 0.01) -> Hazards:
    steps = matrix(from_prior(WIDE, np.random.default_rng(3), number))
    return several(*(road(step, 8, f"r{i}") for i, step in enumerate(steps)), shock=shock)


def test_relabelled_roads_permute_the_joint_chain() -> None:
    hazards = several_roads(3)
    order = [2, 0, 1]
    turned = several(*(hazards.roads[i] for i in order), shock=hazards.shock)
    chain, other = joint(hazards), joint(turned)
    assert len(chain.first) == len(other.first) == 64
    digits = np.stack(np.unravel_index(np.arange(64), (4, 4, 4)), axis=1)
    match = np.ravel_multi_index(tuple(digits[:, order].T), (4, 4, 4))
    assert (other.status[match] == chain.status[:, order]).all()
    assert_allclose(other.transition[0][np.ix_(match, match)], chain.transition[0], atol=1e-12)


def test_of_too_many_joint_states_the_likely_ones_are_kept() -> None:
    hazards = several_roads(6)
    chain = joint(hazards, most_states=200)
    assert chain.transition.shape == (7, 200, 200)
    assert 0.6 < chain.kept < 1
    assert_allclose(chain.transition.sum(axis=-1), 1)
    assert chain.kept < joint(hazards, most_states=400).kept
    assert joint(several_roads(3)).kept == pytest.approx(1)


def test_more_roads_than_can_be_counted_are_refused() -> None:
    with pytest.raises(PlanningError, match="10 roads have 1,048,576 of them"):
        joint(several_roads(10))


def test_futures_follow_the_chances_of_each_road_and_shut_together_in_shocks() -> None:
    hazards = several_roads(2, shock=0.05)
    drawn = futures(hazards, 20_000, seed=4)
    assert drawn.shape == (20_000, 8, 2)
    shown = (drawn[..., np.newaxis] == np.arange(3)).mean(axis=0)
    assert_allclose(shown, hazards.status_chances(), atol=0.015)
    chain = joint(hazards)
    both = (drawn[:, 1] == CLOSED).all(axis=1).mean()
    is_both = (chain.status == CLOSED).all(axis=1)
    assert both == pytest.approx((chain.first @ chain.transition[0])[is_both].sum(), abs=0.006)
    assert (futures(hazards, 5, seed=4) == futures(hazards, 5, seed=4)).all()


def test_a_row_that_does_not_sum_to_one_is_refused_by_name() -> None:
    step = two_state(0.1, 0.3)
    step[0, 0] += 0.2
    with pytest.raises(PlanningError, match=r"road north, transition after day 1: .* sum to 1\.2"):
        road(step, 3, "north")


def test_a_shape_that_does_not_fit_is_refused_by_name() -> None:
    with pytest.raises(PlanningError, match=r"road north: first has the shape \(3,\)"):
        road(two_state(0.1, 0.3), 3, "north", first=np.ones(3) / 3)


def test_roads_of_other_days_are_refused() -> None:
    with pytest.raises(PlanningError, match="road b: chances for 4 days"):
        several(road(two_state(0.1, 0.3), 3, "a"), road(two_state(0.1, 0.3), 4, "b"))


def test_a_road_that_is_not_there_is_named() -> None:
    with pytest.raises(PlanningError, match="road south towards town"):
        several(road(two_state(0.1, 0.3), 3)).road("south", "town")  # type: ignore[arg-type]
