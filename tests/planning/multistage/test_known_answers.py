"""Optima known from elsewhere, reached by the lower bound."""

from __future__ import annotations

import numpy as np
import pytest

from corridor.planning.multistage import (
    Expectation,
    Iterations,
    PolicyGraph,
    TailMixture,
    Training,
    WorstCase,
    decide,
    train,
)
from corridor.planning.multistage.outlook import Form
from planning.multistage import models, published

TAIL = TailMixture(tail=0.66, tail_share=0.5)
BY_STAGE = (Expectation(), Expectation(), TailMixture(tail=0.5, tail_share=0.5), Expectation())

# Name, program, iterations, answer, how far off it may be.
CASES = [
    ("asset management", models.asset_management(), 40, 1.514, 1e-4),
    ("air conditioners", models.air_conditioners(0.5), 10, 62_500, 1e-6),
    ("air conditioners, 0.6", models.air_conditioners(0.6), 10, 68_200, 1e-6),
    ("see, then decide", models.decision_hazard("see"), 20, 400, 1e-6),
    ("decide, then see", models.decision_hazard("before"), 30, 650, 1e-6),
    ("decide before the first", models.decision_hazard("extra"), 30, 410, 1e-6),
    ("production planning", models.production_planning(), 50, 10899.0912, 1e-4),
    ("one corridor, 10 days", models.one_corridor(10), 30, 12136.7225, 1e-4),
    ("one corridor, 30 days", models.one_corridor(30), 100, 64766.1113, 1e-4),
    ("two corridors", models.two_corridors(False), 80, 16760.9446, 1e-4),
    ("two corridors with lead", models.two_corridors(True), 80, 24667.6497, 1e-4),
    ("farmer", models.farmer(), 20, 108_390, 1e-4),
]
PUBLISHED = [
    ("FAST hydro-thermal", published.fast_hydro_thermal(), 10, 10, 1e-6),
    ("FAST quickstart", published.fast_quickstart(), 10, -2, 1e-6),
    ("FAST production", published.fast_production(), 30, -23.96, 1e-2),
    ("multistock", published.multistock(), 100, -4.349, 1e-2),
    ("stock", published.stock(), 40, -1.471, 1e-3),
    ("problem 5.2, 2 stages", published.investment(2, 1e6), 40, 340315.52, 0.1),
    ("problem 5.2, 3 stages", published.investment(3, 1e5), 60, 406712.49, 0.1),
    ("without end, trivial", published.infinite_trivial(), 40, 20, 1e-3),
    ("without end, hydro-thermal", published.infinite_hydro_thermal(), 60, 119.167, 0.1),
    ("farm", published.mccardle_farm(), 40, 4074.1391, 1e-4),
    ("valley", published.hydro_valley(inflows=False, prices=False), 20, 835, 1e-3),
    ("valley, inflow", published.hydro_valley(inflows=True, prices=False), 20, 838.33, 1e-2),
    ("valley, price", published.hydro_valley(inflows=False, prices=True), 20, 851.8, 1e-2),
    ("valley, both", published.hydro_valley(inflows=True, prices=True), 30, 855, 1.0),
    (
        "valley, tail",
        published.hydro_valley(inflows=True, prices=True, risk=TAIL),
        40,
        828.157,
        1.0,
    ),
    (
        "valley, worst",
        published.hydro_valley(inflows=True, prices=True, risk=WorstCase(0.5), flipped=True),
        40,
        -780.867,
        1.0,
    ),
    ("assets, stagewise, tail", models.asset_management_stagewise(BY_STAGE), 60, 1.278, 1e-3),
    ("newsvendor", published.newsvendor(), 30, -97.9, 1e-3),
]


@pytest.mark.parametrize(
    ("name", "graph", "iterations", "answer", "off"),
    [*CASES, *PUBLISHED],
    ids=[case[0] for case in (*CASES, *PUBLISHED)],
)
def test_the_bound_reaches_the_known_answer(
    name: str, graph: PolicyGraph, iterations: int, answer: float, off: float
) -> None:
    policy = train(graph, [Iterations(iterations)], seed=1)
    assert policy.bound == pytest.approx(answer, abs=off, rel=1e-9)


@pytest.mark.parametrize("form", ["outcome", "single"])
@pytest.mark.parametrize("case", [CASES[0], PUBLISHED[-2], PUBLISHED[-3]], ids=lambda case: case[0])
def test_other_ways_to_pool_cuts_reach_the_same_answer(
    form: Form, case: tuple[str, PolicyGraph, int, float, float]
) -> None:
    _, graph, iterations, answer, off = case
    training = Training(form=form)
    policy = train(graph, [Iterations(2 * iterations)], seed=1, training=training)
    assert policy.bound == pytest.approx(answer, abs=off)


def test_base_stock_and_long_run_cost_of_one_corridor() -> None:
    # Snyder & Shen, example 9.3: base stock 8000, 2737.0690 a day in the long run. The cost of T
    # days is T times that plus a constant, but for what the chain still remembers after T days.
    shorter, longer = (
        train(models.one_corridor(days), [Iterations(110)], seed=1) for days in (45, 46)
    )
    assert longer.bound - shorter.bound == pytest.approx(2737.0690, abs=0.1)
    for stock in (0.0, 6000.0):
        left = decide(shorter, 0, np.array([stock])).state
        assert left + 2000 == pytest.approx(8000)
