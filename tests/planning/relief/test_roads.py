from __future__ import annotations

import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.planning.relief.roads import (
    chance_of_run_out,
    joint_transition,
    longer_closures,
    recorded_path,
    sample_paths,
)
from planning.relief.operations import open_and_closed, road


@pytest.mark.parametrize(
    ("roads", "days", "cover_days", "chance"),
    [
        # Runs of a two-state chain, counted exactly; the two roads are independent.
        ([road(0.1, 0.3)], 30, 3, 0.569904),
        ([road(0.04, 0.25)], 60, 10, 0.095644),
        ([road(0.1, 0.3), road(0.1, 0.3)], 30, 3, 0.092476),
    ],
)
def test_the_chance_of_running_out_is_exact(roads, days, cover_days, chance):
    chain = open_and_closed(roads, days=days + 1)
    assert chance_of_run_out(chain, cover_days=cover_days) == pytest.approx(chance, abs=1e-6)


def test_paths_follow_the_chances_and_the_seed():
    chain = open_and_closed([road(0.1, 0.3)], days=3)
    paths = sample_paths(chain, count=40_000, seed=7)
    assert (paths[:, 0] == 0).all()
    assert paths[:, 1].mean() == pytest.approx(0.1, abs=0.006)
    assert paths[paths[:, 1] == 1, 2].mean() == pytest.approx(0.7, abs=0.03)
    assert (sample_paths(chain, count=40_000, seed=7) == paths).all()


def test_a_recorded_path_is_found_by_its_statuses():
    chain = open_and_closed([road(0.1, 0.3), road(0.1, 0.3)], days=3)
    seen = np.array([[0, 0], [0, 2], [2, 2]])
    assert recorded_path(chain, seen).tolist() == [[0, 1, 3]]
    with pytest.raises(PlanningError, match=r"day 1 stood \[1, 0\]"):
        recorded_path(chain, np.array([[0, 0], [1, 0], [0, 0]]))


def test_closures_are_longer_by_the_factor():
    each = [np.array([[0.9, 0.07, 0.03], [0.22, 0.62, 0.16], [0.067, 0.1, 0.833]])]
    (longer,) = longer_closures(each, 2.0)
    assert 1.0 / (1.0 - longer[2, 2]) == pytest.approx(2.0 / (1.0 - each[0][2, 2]))
    assert longer[:2] == pytest.approx(each[0][:2])
    joint = joint_transition([longer, longer], shared_shock=0.015)
    assert joint.sum(axis=1) == pytest.approx(np.ones(9))
