"""Laws of planning, tried on many small problems."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.planning.check import check
from corridor.planning.plan import plan
from corridor.planning.policy import Policy, Rolling, train
from corridor.planning.problem import Problem
from corridor.planning.sheet import sheets
from planning.build import permuted, several

SEEDS = st.integers(0, 1_000_000)


def allowance(policy: Policy) -> float:
    """How far a policy may be above the best one, by the gap asked for."""
    share = max(policy.gap, policy.problem.aims.mip_gap)
    return share * (policy.objective - policy.unavoidable) + 1e-6 * max(1.0, policy.objective)


def solved(problem: Problem) -> Policy:
    return train(problem, Rolling())


@settings(max_examples=150)
@given(SEEDS)
def test_every_plan_keeps_every_limit(seed: int) -> None:
    problem = several(seed)
    found = plan(solved(problem))
    assert check(found, problem) == ()
    assert all(sheet.verdict for sheet in sheets(found, problem))


@settings(max_examples=80)
@given(SEEDS)
def test_the_cost_lies_between_what_nobody_can_change_and_the_gap(seed: int) -> None:
    policy = solved(several(seed))
    slack = 1e-6 * max(1.0, policy.objective)
    assert policy.unavoidable <= policy.bound + slack
    assert policy.bound <= policy.objective + slack
    assert not policy.is_within_gap or policy.gap <= policy.problem.aims.mip_gap + 1e-9


@settings(max_examples=80)
@given(SEEDS)
def test_more_vehicles_never_cost_more(seed: int) -> None:
    problem = several(seed)
    ready = np.asarray(problem.vehicles_ready) + 1
    more = solved(replace(problem, vehicles_ready=ready))
    assert more.objective <= solved(problem).objective + allowance(more)


@settings(max_examples=80)
@given(SEEDS)
def test_more_stock_never_costs_more_where_there_is_room(seed: int) -> None:
    problem = several(seed)
    room = np.full(len(problem.places), np.inf)
    problem = replace(problem, storage_t=room, tank_t=room)
    more = solved(replace(problem, stock=problem.stock * 1.3 + 1))
    assert more.objective <= solved(problem).objective + allowance(more)


@settings(max_examples=80)
@given(SEEDS)
def test_the_order_of_names_changes_nothing_beyond_the_gap(seed: int) -> None:
    problem = several(seed)
    here, there = solved(problem), solved(permuted(problem, seed))
    assert abs(here.objective - there.objective) <= max(allowance(here), allowance(there))
    assert np.isclose(here.unavoidable, there.unavoidable)
