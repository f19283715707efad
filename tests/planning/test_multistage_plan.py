"""The engine that weighs futures: its plans hold, and under certainty they are the best there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.errors import PlanningError
from corridor.planning import Aims, Problem, Rolling, train
from corridor.planning.changes import changes
from corridor.planning.check import check
from corridor.planning.outlook import outlook
from corridor.planning.plan import plan
from corridor.planning.relief.engine import Multistage
from corridor.planning.relief.from_problem import relief_model
from corridor.planning.relief.kept import write_kept
from corridor.planning.relief.model import CLOSED, Chain
from corridor.planning.relief.roads import joint_statuses, joint_transition
from corridor.planning.relief.trained import Learnt
from corridor.planning.road_chances import along, following, likeliest
from corridor.planning.triggers import triggers
from planning.build import build, large

QUICK = Multistage(iterations=8, futures=20)


def on_roads(problem: Problem, transition: Any, *, first: int = 0) -> Problem:
    """Let every leg follow one chain of open, restricted and closed, each by itself."""
    legs, days = len(problem.legs), len(problem.days)
    step = joint_transition([np.array(transition, dtype=float)] * legs)
    start = np.zeros(3**legs)
    start[first] = 1.0
    chain = Chain(joint_statuses(legs), start, np.repeat(step[None], days - 1, axis=0))
    takes = problem.road_vehicles.max(axis=0)
    made = replace(
        problem,
        chain=chain,
        status_vehicles=np.stack([takes, takes // 2, np.zeros(legs)], axis=1),
        status_passes=np.ones((legs, 3, len(problem.fleets)), dtype=bool),
    )
    return along(made, likeliest(chain))


STAYS = np.eye(3)
CHANGES = [[0.7, 0.1, 0.2], [0.3, 0.5, 0.2], [0.2, 0.1, 0.7]]


def test_under_certainty_it_finds_what_one_program_over_all_days_finds() -> None:
    aims = Aims(horizon_days=4, later_road_share=1.0, whole_vehicle_days=0, fairness_weight=0.0)
    scarce = build(people=(900.0, 1400.0), rates=(0.01, 0.004), liquid=(False, True), aims=aims)
    scarce = replace(scarce, road_vehicles=np.full((4, 2), 1.0))
    made = on_roads(scarce, STAYS)
    best = train(made, Rolling())
    found = train(made, Multistage(iterations=40, futures=2))
    assert found.bound == pytest.approx(best.objective, rel=1e-3)
    assert found.objective == pytest.approx(best.objective, rel=1e-3)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000), days=st.just(4))
def test_every_plan_passes_the_check(seed: int, days: int) -> None:
    problem = large(commodities=2, seed=seed, days=days)
    kept = [0, 5]
    legs = replace(
        problem,
        legs=tuple(problem.legs[leg] for leg in kept),
        road_vehicles=problem.road_vehicles[:, kept],
        may_depart=problem.may_depart[:, kept],
        class_passes=problem.class_passes[:, kept],
        trip_days=problem.trip_days[kept],
        lead_days=problem.lead_days[kept],
        why_not={},
        passages={},
    )
    made = on_roads(legs, CHANGES)
    assert check(plan(train(made, Multistage(iterations=4, futures=2))), made) == ()


def test_the_bound_lies_below_what_the_policy_costs() -> None:
    made = on_roads(build(days=5, people=(1500.0,)), CHANGES)
    found = train(made, Multistage(iterations=30, futures=200))
    assert found.bound <= found.objective + 3 * found.standard_error
    assert found.bound > 0.3 * found.objective


def test_more_is_sent_ahead_where_the_road_may_close() -> None:
    base = build(days=5, people=(1000.0,), aims=Aims(horizon_days=5, stock_value_share=0.0))
    sure, unsure = on_roads(base, STAYS), on_roads(base, [[0.4, 0, 0.6], [0, 1, 0], [0, 0, 1]])
    first = [train(made, QUICK).loads[0].sum() for made in (sure, unsure)]
    assert first[1] > first[0]


def test_fans_are_in_order_and_convoys_lower_the_chance_of_running_out() -> None:
    made = on_roads(build(days=5, people=(1500.0,)), CHANGES)
    seen = outlook(train(made, QUICK), futures=60)
    assert seen is not None
    for fan in seen.fans:
        assert all(a <= b <= c for a, b, c in zip(fan.low, fan.middle, fan.high, strict=True))
        assert fan.run_out <= fan.run_out_unsupplied
    assert [each.mean < each.unsupplied for each in seen.expected] == [True]


def test_a_trigger_sends_by_the_other_road_when_one_shuts() -> None:
    base = build(days=6, hubs=2, people=(3000.0,))
    base = replace(base, road_vehicles=np.full(base.road_vehicles.shape, 3.0))
    made = on_roads(base, [[0.9, 0, 0.1], [0, 1, 0], [0.3, 0, 0.7]])
    found = triggers(train(made, Multistage(iterations=15, futures=10)))
    shut = {(t.road, t.by) for t in found if t.status == "closed" and t.more > 0}
    assert shut
    assert all(road != by for road, by in shut)
    assert all(abs(t.more) > 3 * t.standard_error for t in found)


def test_more_at_a_hub_that_is_short_spares_people_days_without() -> None:
    base = build(days=4, people=(1000.0,))
    stock = base.stock.copy()
    stock[0] = 12.0
    made = on_roads(replace(base, stock=stock), STAYS)
    found = {change.text: change for change in changes(train(made, QUICK), futures=5)}
    more = next(change for text, change in found.items() if text.startswith("20 t more"))
    assert more.person_days == pytest.approx(2000, abs=500)
    assert more.person_days_error == pytest.approx(0.0, abs=1e-6)
    fewer = next(change for text, change in found.items() if text.startswith("500 fewer"))
    assert fewer.person_days > 0


def test_a_road_that_is_followed_stays_among_the_states_that_show_it() -> None:
    made = on_roads(build(days=4), CHANGES)
    assert made.chain is not None
    seen = np.array([[0], [2], [2], [0]])
    chance = following(made.chain, seen)
    assert chance.sum(axis=1) == pytest.approx(1.0)
    assert made.chain.status[chance.argmax(axis=1)].tolist() == seen.tolist()


def test_without_chances_there_is_one_clear_message() -> None:
    with pytest.raises(PlanningError, match="how its roads open and close is not known"):
        relief_model(build())


def test_a_likely_closed_road_orders_nothing_later_and_says_why() -> None:
    made = on_roads(build(days=3), [[0.1, 0, 0.9], [0, 1, 0], [0, 0, 1]])
    assert made.chain is not None
    assert likeliest(made.chain)[1:].tolist() == [[CLOSED], [CLOSED]]
    found = plan(train(made, QUICK))
    assert {convoy.day for convoy in found.convoys} == {made.days[0]}
    assert made.why_not[1, 0] == "it is likely to be closed that day"


def test_when_a_road_shuts_today_it_starts_from_what_still_holds() -> None:
    made = on_roads(build(days=5, people=(1500.0,)), CHANGES)
    engine = Multistage(iterations=40, futures=60)
    before = train(made, engine)
    assert before.trained is not None
    assert isinstance(before.trained.way, Learnt)
    may = made.may_depart.copy()
    may[0] = False
    shut = replace(made, may_depart=may)
    kept = write_kept(before.trained, before.trained.way)
    again = train(shut, replace(engine, kept=kept, starts_from_kept=True))
    fresh = train(shut, engine)
    assert again.trained is not None
    assert isinstance(again.trained.way, Learnt)
    assert again.trained.way.value.bounds.size == 2
    assert before.trained.digest[:16] in again.trained.how
    # On as many futures as one that starts from what is kept is tried on.
    little = train(shut, replace(engine, iterations=2, futures=20))
    assert again.futures == 20
    assert little.bound < again.bound <= fresh.bound * 1.01
    assert again.objective < little.objective
    same = train(shut, replace(engine, kept=kept))
    assert same.bound == fresh.bound
