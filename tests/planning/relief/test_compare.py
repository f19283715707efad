from __future__ import annotations

import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.planning.relief.compare import compare, worlds
from corridor.planning.relief.push import push_everything, serve_today
from corridor.planning.relief.roads import sample_paths
from planning.relief.operations import drawn, open_and_closed, road


def test_the_same_futures_make_the_difference_surer_than_the_costs():
    model = drawn(3, days=12)
    paths = sample_paths(model.chain, count=200, seed=1)
    rules = (push_everything(model), serve_today(model))
    found = compare(rules, model, paths, people=np.ones(5), against="push everything")
    pushed, served = found.lines
    assert (pushed.against.value, pushed.against.error) == (0.0, 0.0)
    assert served.against.value == pytest.approx(served.cost.value - pushed.cost.value)
    assert served.against.error < np.hypot(served.cost.error, pushed.cost.error)
    assert len(served.person_days_without) == 2


def test_the_policy_compared_with_must_be_there():
    model = drawn(3)
    paths = sample_paths(model.chain, count=2, seed=1)
    with pytest.raises(PlanningError, match="one policy must be called 'trained'"):
        compare((serve_today(model),), model, paths, people=np.ones(5), against="trained")


def test_worlds_are_the_one_assumed_those_left_possible_and_a_worse_one():
    usual, rare, longer = (
        open_and_closed([road(closes, opens)], days=20)
        for closes, opens in ((0.1, 0.3), (0.05, 0.3), (0.1, 0.15))
    )
    found = worlds(usual, uncertain=[usual, rare], longer=longer, count=300, seed=1)
    assert list(found) == ["as estimated", "as uncertain as it is", "longer closures"]
    assert {paths.shape for paths in found.values()} == {(300, 20)}
    closed = {name: float(paths.mean()) for name, paths in found.items()}
    assert closed["as uncertain as it is"] < closed["as estimated"] < closed["longer closures"]
