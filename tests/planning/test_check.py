"""Each limit is seen when a good plan is changed so that it breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import numpy as np
import pytest

from corridor.planning.aims import Aims
from corridor.planning.check import Breach, Rule, check
from corridor.planning.convoys import Convoy, Load
from corridor.planning.plan import Plan, digest, plan
from corridor.planning.policy import Rolling, train
from corridor.planning.problem import PassageOnDay, Problem
from corridor.values import FleetCode, RoadCode
from planning.build import build

Change = Callable[[Plan, Problem], tuple[Plan, Problem]]


def good() -> tuple[Plan, Problem]:
    """Food and fuel for one place over four days; short of fuel, so that something is unmet."""
    problem = build(
        rates=(0.012, 0.004),
        liquid=(False, True),
        aims=Aims(horizon_days=4, whole_vehicle_days=2),
        cargo=("food", "fuel"),
    )
    stock = problem.stock.copy()
    stock[0, 1] = 6.0
    problem = replace(problem, stock=stock)
    return plan(train(problem, Rolling())), problem


def convoy(**changes: Any) -> Change:
    """Change the first convoy, which carries food on the first day."""
    return lambda found, problem: (
        replace(found, convoys=(replace(found.convoys[0], **changes), *found.convoys[1:])),
        problem,
    )


def loaded(change: Callable[[Load], Load]) -> Change:
    """Change the first load of the first convoy, and of its first vehicle alike."""

    def apply(found: Plan, problem: Problem) -> tuple[Plan, Problem]:
        first = found.convoys[0]
        lists = ((change(first.vehicle_loads[0][0]),), *first.vehicle_loads[1:])
        changed = replace(first, loads=(change(first.loads[0]),), vehicle_loads=lists)
        return replace(found, convoys=(changed, *found.convoys[1:])), problem

    return apply


def scaled(by: float) -> Callable[[Load], Load]:
    return lambda load: replace(load, amount=load.amount * by, tonnes=load.tonnes * by)


def path(name: str, by: float) -> Change:
    """Add to one figure of the second day in the first path that is about a place in need."""

    def apply(found: Plan, problem: Problem) -> tuple[Plan, Problem]:
        index = next(i for i, one in enumerate(found.stocks) if one.place == "P1")
        values = list(getattr(found.stocks[index], name))
        values[1] += by
        changed = replace(found.stocks[index], **{name: tuple(values)})
        stocks = (*found.stocks[:index], changed, *found.stocks[index + 1 :])
        return replace(found, stocks=stocks), problem

    return apply


def given_(**changes: Any) -> Change:
    """Keep the plan and change the problem it is checked against."""
    return lambda found, problem: (found, replace(problem, **changes))


def on_tanker(found: Plan, problem: Problem) -> tuple[Plan, Problem]:
    """Move fuel, as it is, to the dry vehicles, which the payload is made to allow."""
    index = next(i for i, c in enumerate(found.convoys) if c.fleet == "tanker-1")
    moved = replace(found.convoys[index], fleet=FleetCode("dry-1"))
    convoys = (*found.convoys[:index], moved, *found.convoys[index + 1 :])
    return replace(found, convoys=convoys), replace(problem, payload=np.full((2, 2), 10.0))


def twice(found: Plan, problem: Problem) -> tuple[Plan, Problem]:
    return replace(found, convoys=(*found.convoys, found.convoys[0])), problem


def fewer(**changes: Any) -> Change:
    return lambda found, problem: (
        found,
        replace(problem, fleets=tuple(replace(f, **changes) for f in problem.fleets)),
    )


CHANGES: list[tuple[Rule, Change]] = [
    ("unknown", convoy(fleet=FleetCode("none"))),
    ("unknown", twice),
    ("negative", loaded(scaled(-1.0))),
    ("negative", convoy(vehicles=0.0)),
    ("day", convoy(arrives=build().days[0] + timedelta(days=3))),
    ("whole_vehicles", convoy(vehicles=1.5)),
    ("whole_vehicles", convoy(is_indicative=True)),
    ("convoy_size", given_(aims=Aims(horizon_days=4, whole_vehicle_days=2, convoy_vehicles=1))),
    ("load_list", convoy(vehicle_loads=())),
    ("payload", loaded(scaled(1.5))),
    ("carried", given_(payload=np.array([[0.0, 0.0], [0.0, 10.0]]))),
    ("fuel_apart", on_tanker),
    ("departure", given_(may_depart=np.zeros((4, 1), dtype=bool))),
    ("class", given_(class_passes=np.zeros((4, 1, 2), dtype=bool))),
    ("passage", given_(passages={(0, 0): PassageOnDay("refused")})),
    ("passage", given_(passages={(0, 0): PassageOnDay("not_needed", vehicles=1)})),
    ("passage", given_(passages={(0, 0): PassageOnDay("not_needed", cargo="medical")})),
    ("road", given_(road_vehicles=np.full((4, 1), 1.0))),
    ("road", given_(other_vehicles=np.full((4, 1), 19.0))),
    ("together", given_(together=((RoadCode("R11"), RoadCode("other")),))),
    ("loaded", given_(aims=Aims(horizon_days=4, whole_vehicle_days=2, loads_ahead="returns"))),
    ("stock", given_(burns=np.ones(2, dtype=np.int64), back_fuel=np.full((1, 2), 5.0))),
    ("fleet", given_(stays=np.full(2, 1.0), vehicles_ready=np.full((4, 2), 2.0))),
    ("stock", given_(daily_loss=np.full(2, 0.5))),
    ("fleet", fewer(vehicles=0)),
    ("fleet", given_(vehicles_ready=np.zeros((4, 2)))),
    ("stock", given_(stock=np.zeros((2, 2)))),
    ("stock", path("stock", 1.0)),
    ("stock", path("arrived", 1.0)),
    ("morning_stock", given_(stock=np.full((2, 2), 1.0))),
    ("storage", given_(storage_t=np.zeros(2), stock=np.array([[0.0, 6.0], [0.0, 0.0]]))),
    ("served", path("served", 50.0)),
    ("served", path("served", -50.0)),
    ("spilled", path("spilled", 1.0)),
    ("backlog", path("backlog_days", 1.0)),
    ("unmet", lambda found, problem: (replace(found, unmet=()), problem)),
    ("unmet", lambda found, problem: (replace(found, status="met"), problem)),
    ("totals", loaded(lambda load: replace(load, tonnes=load.tonnes + 1))),
    (
        "totals",
        lambda found, problem: (
            replace(found, person_days_without=tuple((c, 0.0) for c in problem.commodities)),
            problem,
        ),
    ),
    (
        "totals",
        lambda found, problem: (
            replace(found, fill_rates=tuple(replace(r, share=0.5) for r in found.fill_rates)),
            problem,
        ),
    ),
    ("digest", lambda found, problem: (replace(found, notes=("changed",)), problem)),
]


def breaches(change: Change) -> tuple[Breach, ...]:
    return check(*change(*good()))


def test_a_good_plan_has_no_breach() -> None:
    found, problem = good()
    assert found.unmet
    assert {load.commodity for one in found.convoys for load in one.loads} == {"C1", "C2"}
    assert check(found, problem) == ()


@pytest.mark.parametrize(("rule", "change"), CHANGES, ids=[rule for rule, _ in CHANGES])
def test_a_broken_limit_is_seen(rule: Rule, change: Change) -> None:
    assert rule in {breach.rule for breach in breaches(change)}


def test_every_rule_is_broken_somewhere_above() -> None:
    assert {rule for rule, _ in CHANGES} == set(get_args(Rule))


def test_a_convoy_without_an_answer_must_say_what_is_missing() -> None:
    found, problem = good()
    asked = replace(problem, passages={(0, 0): PassageOnDay("asked")})
    silent = replace(found.convoys[0], passage="asked", missing=())
    changed = replace(found, convoys=(silent, *found.convoys[1:]))
    texts = {breach.text for breach in check(changed, asked) if breach.rule == "passage"}
    assert "the passage is asked, and nothing is missing" in texts


def test_a_changed_plan_with_a_new_digest_is_still_held_to_its_limits() -> None:
    found, problem = good()
    first: Convoy = found.convoys[0]
    more = replace(first.loads[0], amount=first.loads[0].amount + 1)
    changed = replace(found, convoys=(replace(first, loads=(more,)), *found.convoys[1:]))
    changed = replace(changed, digest=digest(changed))
    assert {"load_list", "stock"} <= {breach.rule for breach in check(changed, problem)}
