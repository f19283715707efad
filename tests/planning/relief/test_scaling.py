"""The same model in other units."""

from __future__ import annotations

import numpy as np
import pytest

from corridor.planning.relief.push import push_everything
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.scaling import day_cost, day_units, in_units
from corridor.planning.relief.simulation import simulate
from planning.relief.operations import drawn


@pytest.mark.parametrize("seed", range(4))
def test_the_model_costs_the_same_in_other_units(seed: int) -> None:
    model = drawn(seed)
    unit, price = day_units(model), day_cost(model)
    counted = in_units(model, unit, price)
    paths = sample_paths(model.chain, count=20, seed=seed)
    people = np.ones(len(model.need))
    costs = [
        simulate(push_everything(each), each, paths, people=people).cost * times
        for each, times in ((model, 1.0), (counted, price))
    ]
    assert costs[1] == pytest.approx(costs[0], rel=1e-9)


def test_the_largest_weight_in_every_limit_is_one() -> None:
    model = drawn(3)
    counted = in_units(model, 50.0 * day_units(model), day_cost(model))
    for limits in (counted.moves, counted.stores):
        most = np.zeros(limits.most.shape[1])
        np.maximum.at(most, limits.row, limits.weight)
        assert most[np.unique(limits.row)] == pytest.approx(1.0)
