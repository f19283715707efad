"""Who moves the plan: planned again without a word, on what was learnt before."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from corridor.hazards import joint
from corridor.operation import Operation
from corridor.picture import picture
from corridor.planning import Aims, Problem, Rolling, train
from corridor.planning.plan import plan
from corridor.planning.reliance import again, claimants, speaks_of_roads, without
from corridor.planning.relief.engine import Multistage, is_known, reordered
from corridor.planning.relief.model import Chain
from corridor.planning.road_chances import chain_of, on_states_of
from planning.build import build
from planning.test_multistage_plan import CHANGES, on_roads
from stories import TWO_VALLEYS

AT = datetime(2030, 5, 14, 12, tzinfo=UTC)
AIMS = Aims(horizon_days=5)


@pytest.fixture(scope="module")
def valleys(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    folder = tmp_path_factory.mktemp("reliance") / "two-valleys"
    shutil.copytree(TWO_VALLEYS, folder, ignore=shutil.ignore_patterns("ledger"))
    operation = Operation(folder)
    operation.load()
    return operation


def _same(one: Problem, other: Problem) -> bool:
    assert one.chain is not None
    assert other.chain is not None
    return all(
        np.array_equal(a, b)
        for a, b in (
            (one.chain.status, other.chain.status),
            (one.chain.first, other.chain.first),
            (one.chain.transition, other.chain.transition),
            (one.road_vehicles, other.road_vehicles),
        )
    )


def test_the_roads_are_the_same_without_the_word_of_who_says_nothing_of_them(
    valleys: Operation,
) -> None:
    view = valleys.picture(at=AT, known_at=AT)
    before = valleys.problem(view, AIMS)
    spoke = {claimant: speaks_of_roads(view, claimant) for claimant in claimants(view)}
    assert set(spoke.values()) == {True, False}
    for claimant, has_word in spoke.items():
        left = picture(
            without(valleys.entries("restricted"), claimant),
            at=AT,
            known_at=AT,
            clearance="restricted",
        )
        if not has_word:
            assert _same(valleys.problem(left, AIMS), valleys.problem(left, AIMS, before.hazards))


def test_the_first_days_are_ordered_alike_whether_later_ones_are_planned_or_not() -> None:
    made = on_roads(build(days=6, people=(1500.0,)), CHANGES)
    policy = train(made, Multistage(iterations=6, futures=2))
    fewer = replace(made, demand=made.demand * 0.8)
    whole, first = reordered(policy, fewer), reordered(policy, fewer, days=2)
    assert whole.loads[2:].any()
    assert not first.loads[2:].any()
    assert first.loads[:2] == pytest.approx(whole.loads[:2])


def test_where_nothing_was_known_to_go_by_a_plan_is_made_again_all_the_same() -> None:
    made = on_roads(build(days=4), CHANGES)
    policy = train(made, Multistage(iterations=2, futures=2))
    bare = replace(
        build(days=4),
        legs=(),
        fleets=(),
        road_vehicles=np.zeros((4, 0)),
        may_depart=np.zeros((4, 0), dtype=bool),
        class_passes=np.zeros((4, 0, 0), dtype=bool),
        payload=np.zeros((0, 1)),
        vehicles_ready=np.zeros((4, 0)),
        trip_days=np.zeros((0, 0)),
        lead_days=np.zeros(0, dtype=np.int64),
    )
    again_made = again(policy, bare)
    assert again_made is not None
    assert again_made.convoys == ()
    assert again_made.engine == "rolling"


def test_other_chances_are_put_on_the_states_that_were_learnt(valleys: Operation) -> None:
    view = valleys.picture(at=AT, known_at=AT)
    before = valleys.problem(view, AIMS)
    assert before.chain is not None
    assert before.hazards is not None
    few = replace(before, chain=_fewest(before, 4))
    engine = Multistage(iterations=2, futures=2)
    policy = train(few, engine)
    assert not is_known(policy, before)
    after = on_states_of(before, few)
    assert is_known(policy, after)
    assert after.chain is not None
    assert after.chain.transition.sum(axis=-1) == pytest.approx(1.0)


def _fewest(problem: Problem, states: int) -> Chain:
    assert problem.hazards is not None
    return chain_of(problem, joint(problem.hazards, most_states=states), problem.hazards)


def test_a_plan_that_weighs_no_futures_is_made_again_too(valleys: Operation) -> None:
    moment = datetime(2030, 5, 11, 12, tzinfo=UTC)
    view = valleys.picture(at=moment, known_at=moment)
    policy = train(valleys.problem(view, AIMS), Rolling())
    relied = valleys.reliances(view, policy, plan(policy))
    assert relied
    assert all(each.amount != pytest.approx(each.without, rel=0.01) for each in relied)
