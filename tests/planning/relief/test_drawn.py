"""What claims leave open besides the roads: numbers of people, and days of arrival, drawn once for a future."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from corridor.planning import Aims, Problem
from corridor.planning.problem import Late
from corridor.planning.relief.drawn import Variant, simulate_open, variants
from corridor.planning.relief.engine import Multistage
from corridor.planning.relief.from_problem import relief_model
from corridor.planning.relief.named import ways
from corridor.planning.relief.policies import Situation
from corridor.planning.relief.push import nothing_leaves, push_everything
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.simulation import simulate
from corridor.registers.general import EngineName
from planning.build import build
from planning.test_multistage_plan import CHANGES, STAYS, on_roads


def drawn(problem: Problem, count: int = 8, seed: int = 1) -> tuple[Variant, ...]:
    return variants(problem, relief_model(problem), np.ones(len(problem.commodities)), seed, count)


def between(low: float, high: float, *, stock: float = 0.0) -> Problem:
    """One hub and one place whose people are claimed to be between two numbers, 0.01 t each a day."""
    base = build(days=3, people=(high,), rates=(0.01,), aims=Aims(horizon_days=3))
    at = base.stock.copy()
    at[1] = stock
    made = replace(base, stock=at, people_low=np.where(base.people > 0, low, 0.0))
    return on_roads(made, CHANGES)


def late(problem: Problem, chance: float, *, latest: int = 0, counted: int = 1) -> Problem:
    """10 t more come to the hub, and may be late."""
    arrivals = problem.arrivals.copy()
    arrivals[counted, 0, 0] += 10.0
    goods = Late(0, 0, 10.0, latest, counted, chance)
    return replace(problem, arrivals=arrivals, late=(goods,), people_low=problem.people)


def test_where_claims_agree_and_nothing_is_late_nothing_is_drawn() -> None:
    problem = between(1000.0, 1000.0)
    (one,) = drawn(problem)
    assert one.people is problem.people


def test_people_lie_between_the_claims_and_are_the_middle_on_average() -> None:
    found = drawn(between(704.0, 826.0))
    people = np.array([each.people[1] for each in found])
    assert ((people > 704) & (people < 826)).all()
    assert np.unique(people).size == 8
    assert people.mean() == pytest.approx(765.0)
    for each in found:
        assert each.model.demand[:, 1, 0] == pytest.approx(np.full(3, 0.01 * each.people[1]))


def test_the_chance_of_running_out_is_that_of_more_people_than_there_is_food_for() -> None:
    # 7.5 t for one day serve 750 of 500 to 1,000: half of the numbers there may be.
    problem = between(500.0, 1000.0, stock=7.5)
    paths = sample_paths(relief_model(problem).chain, count=80, seed=1)
    told = simulate_open(nothing_leaves, drawn(problem), paths)
    assert told.run_out_share[0, 1, 0] == pytest.approx(0.5)
    planned = simulate(
        nothing_leaves(relief_model(problem)), relief_model(problem), paths, people=problem.people
    )
    assert planned.run_out_share[0, 1, 0] == 1.0
    # Of all n people nobody is served on the third day: n person-days, 750 on average; on the first none or n - 750.
    first_days = np.maximum(np.array([each.people[1] for each in drawn(problem)]) - 750, 0).mean()
    assert told.person_days_without.mean() == pytest.approx(
        first_days + 750 + 750 - _left(problem), rel=1e-6
    )


def _left(problem: Problem) -> float:
    """Mean of what is handed out on the second day, in people served: what the first left."""
    people = np.array([each.people[1] for each in drawn(problem)])
    return float(np.minimum(np.maximum(750 - people, 0), people).mean())


def test_goods_are_late_as_often_as_was_judged() -> None:
    problem = late(on_roads(build(days=6, aims=Aims(horizon_days=6)), STAYS), 0.5, counted=2)
    found = drawn(problem, count=4000)
    came = np.array(
        [np.flatnonzero(each.model.supply[:, 0, 0]) for each in found if each.model.supply.any()]
    )
    # In store the morning after: latest on day 0, so from the morning of day 1 on.
    for days, chance in ((1, 0.5), (2, 0.25), (3, 0.125)):
        share = (came == days).sum() / len(found)
        assert share == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / len(found)))
    never = sum(not each.model.supply.any() for each in found) / len(found)
    assert never == pytest.approx(0.5**5, abs=0.012)


@pytest.mark.parametrize("name", list(ways(Aims())))
def test_no_engine_knows_on_which_day_late_goods_will_come(name: EngineName) -> None:
    problem = late(on_roads(build(days=5, aims=Aims(horizon_days=5)), CHANGES), 0.5)
    trained = Multistage(iterations=2, futures=2).train(problem).trained
    assert trained is not None
    among = variants(problem, trained.model, trained.unit, 1)
    days = {tuple(np.flatnonzero(each.model.supply[:, 0, 0])) for each in among}
    assert len(days) > 1
    model = trained.model
    morning = Situation(
        day=0,
        state=np.array([0]),
        stock=model.stock[None],
        backlog=model.backlog[None],
        moving=np.zeros((1, 0, *model.arcs.carries.shape)),
        loaded=np.zeros((1, *model.arcs.carries.shape)),
    )
    for way in (ways(problem.aims)[name], trained.way):
        said = [way.follow(each.model, trained.merging).decide(morning).flows for each in among]
        assert all(np.array_equal(each, said[0]) for each in said)


def test_futures_keep_their_order_and_their_quantiles() -> None:
    # So sure to be in time that nothing differs: what is spread over variants is what was in one.
    problem = late(on_roads(build(days=5, aims=Aims(horizon_days=5)), CHANGES), 1e-15, counted=0)
    model = relief_model(problem)
    paths = sample_paths(model.chain, count=21, seed=3)
    spread = simulate_open(push_everything, drawn(problem), paths)
    whole = simulate(push_everything(model), model, paths, people=problem.people)
    for each in fields(spread):
        one, other = getattr(spread, each.name), getattr(whole, each.name)
        if each.name not in ("name", "cpu_s_per_decision"):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)
