"""Rules that are declared: goods that spoil, roads that run together, vehicles loaded the day before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from corridor.planning import Aims, Problem, Rolling, train
from corridor.planning.check import check
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan
from corridor.planning.relief.engine import Multistage
from corridor.planning.relief.from_problem import relief_model
from corridor.planning.relief.push import push_everything
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.simulation import simulate
from planning.build import build
from planning.test_from_picture import _status, _story
from planning.test_multistage_plan import CHANGES, STAYS, on_roads
from stories import day

QUICK = Multistage(iterations=6, futures=10)
ENGINES = pytest.mark.parametrize("engine", [Rolling(), QUICK], ids=["rolling", "multistage"])


def along(found: Any, place: str) -> tuple[float, ...]:
    (path,) = (path for path in found.stocks if path.place == place)
    return tuple(path.stock)


@ENGINES
def test_what_stands_in_store_spoils_by_its_share_each_day(engine: Any) -> None:
    # Nobody needs anything but a crumb, no road runs: 100 t halve each day, by hand.
    base = build(days=3, people=(1e-3,), rates=(0.001,))
    base = replace(base, stock=np.array([[100.0], [0.0]]), road_vehicles=np.zeros((3, 1)))
    made = on_roads(replace(base, daily_loss=np.array([0.5])), STAYS)
    policy = train(made, engine)
    found = plan(policy, looks_ahead=False)
    assert along(found, "H1") == pytest.approx((50.0, 25.0, 12.5))
    assert check(found, made) == ()
    model, path = relief_model(made), np.zeros((1, 3), dtype=np.int64)
    outcome = simulate(push_everything(model), model, path, people=made.people)
    assert outcome.stock[0, 0, 0] == pytest.approx(12.5)


@ENGINES
def test_goods_on_the_way_spoil_for_the_days_they_are_on_it(engine: Any) -> None:
    base = build(days=4, people=(1000.0,), aims=Aims(horizon_days=4))
    made = replace(base, lead_days=np.array([2]), daily_loss=np.array([0.2]))
    made = on_roads(made, STAYS)
    found = plan(train(made, engine), looks_ahead=False)
    sent = sum(load.amount for c in found.convoys if c.day == made.days[0] for load in c.loads)
    (path,) = (path for path in found.stocks if path.place == "P1")
    assert sent > 0
    assert path.arrived[2] == pytest.approx(sent * 0.64)
    assert check(found, made) == ()


def paired(**changes: Any) -> Problem:
    """Two places behind a road each; the roads run together."""
    base = build(days=3, people=(1500.0, 900.0), aims=Aims(horizon_days=3))
    pair = ((base.legs[0].road, base.legs[1].road),)
    return replace(on_roads(replace(base, **changes), STAYS), together=pair)


@ENGINES
def test_roads_that_run_together_both_run_or_neither_does(engine: Any) -> None:
    made = paired()
    # The second place has all it needs, so that its road would have no convoy of its own.
    stock = made.stock.copy()
    stock[2] = 1000.0
    made = replace(made, stock=stock, aims=replace(made.aims, stock_value_share=0.0))
    alone = plan(train(replace(made, together=()), engine), looks_ahead=False)
    assert {convoy.road for convoy in alone.convoys} == {"R11"}
    assert "together" in {breach.rule for breach in check(alone, made)}
    found = plan(train(made, engine), looks_ahead=False)
    assert check(found, made) == ()
    for when in {convoy.day for convoy in found.convoys}:
        assert {c.road for c in found.convoys if c.day == when} == {"R11", "R12"}
    (first, *_) = (c for c in found.convoys if c.road == "R11")
    assert "a convoy goes by ⟦R12⟧ on the same day" in first.missing


@ENGINES
def test_where_one_of_a_pair_cannot_run_neither_does_and_the_plan_says_why(engine: Any) -> None:
    may = np.ones((3, 2), dtype=bool)
    may[:, 1] = False
    made = paired(may_depart=may)
    found = plan(train(made, engine), looks_ahead=False)
    assert found.convoys == ()
    assert check(found, made) == ()
    for short in found.unmet:
        assert short.cause == "road closed or held"
        said = "⟦R11⟧ and ⟦R12⟧ run on the same day or not at all, and not both can"
        assert said in short.because


def test_in_the_value_function_a_road_is_shut_in_each_state_that_shuts_its_partner() -> None:
    made = on_roads(paired(), CHANGES)
    made = replace(made, together=paired().together)
    model, free = relief_model(made), relief_model(replace(made, together=()))
    assert model.chain.status.shape[1] == 2
    shut = (model.chain.status == 2).any(axis=1)
    assert (model.moves.most[:, :2, shut] == 0).all()
    assert np.array_equal(model.moves.most[:, :2, ~shut], free.moves.most[:, :2, ~shut])


@ENGINES
@pytest.mark.parametrize("how", ["returns", "waits"])
def test_loaded_the_day_before_nothing_leaves_on_the_first_day(engine: Any, how: Any) -> None:
    base = build(days=4, people=(1500.0,), aims=Aims(horizon_days=4, loads_ahead=how))
    made = on_roads(base, STAYS)
    found = plan(train(made, engine), looks_ahead=False)
    assert {convoy.day for convoy in found.convoys} >= {made.days[1]}
    assert made.days[0] not in {convoy.day for convoy in found.convoys}
    assert check(found, made) == ()
    assert {u.cause for u in found.unmet} == {"not yet arrived"}


@pytest.mark.parametrize("how", ["returns", "waits"])
def test_what_does_not_pass_returns_or_waits(how: Any) -> None:
    base = build(days=5, people=(1500.0,), aims=Aims(horizon_days=5, loads_ahead=how))
    model = relief_model(on_roads(base, CHANGES))
    seen: list[Any] = []

    class Watched:
        name = "watched"

        def __init__(self) -> None:
            self.rule = push_everything(model)

        def decide(self, situation: Any) -> Any:
            moves = self.rule.decide(situation)
            seen.append((situation.loaded.copy(), moves))
            return moves

    paths = sample_paths(model.chain, count=40, seed=3)
    outcome = simulate(Watched(), model, paths, people=base.people)
    assert (outcome.refused_loads > 0).any()
    stayed = [(loaded - moves.flows, moves.loads) for loaded, moves in seen]
    keeps = all((loads >= left - 1e-9).all() for left, loads in stayed)
    assert keeps or how == "returns"
    policy = train(on_roads(base, CHANGES), QUICK)
    assert policy.bound <= policy.objective + 4 * policy.standard_error


@pytest.mark.parametrize("loads", ["no", "returns"])
@pytest.mark.parametrize("loss", [0.0, 0.15])
def test_under_certainty_both_engines_agree_with_the_rules(loads: Any, loss: float) -> None:
    aims = Aims(
        horizon_days=4,
        later_road_share=1.0,
        whole_vehicle_days=0,
        fairness_weight=0.0,
        loads_ahead=loads,
    )
    base = build(
        days=4, people=(900.0, 1400.0), rates=(0.01, 0.004), liquid=(False, True), aims=aims
    )
    base = replace(base, road_vehicles=np.full((4, 2), 1.0), daily_loss=np.array([loss, 0.0]))
    made = replace(on_roads(base, STAYS), other_vehicles=np.full((4, 2), 0.2))
    best = train(made, Rolling())
    found = train(made, Multistage(iterations=40, futures=2))
    assert found.bound == pytest.approx(best.objective, rel=1e-3)
    assert found.objective == pytest.approx(best.objective, rel=1e-3)


def test_a_ledger_declares_all_of_it() -> None:
    story = _status(_story(runs_with="other"))
    story.say("place", place="mill", type="settlement")
    facts = {"distance_km": 10, "drive_h": 1, "vehicles_per_day": 4}
    story.say("road", road="other", start="hub", end="mill", **facts)
    milk = {"commodity": "milk", "name": "Milk", "unit": "t", "daily_loss": "0.1"}
    story.say("commodity", **milk)
    story.say("need_rate", commodity="milk", quantity="0.2 kg")
    story.say("setting", name="loads_ahead", value="waits")
    made = problem(story.picture(day(10, 12)), Aims(horizon_days=3))
    assert made.together == (("other", "road"),)
    assert made.daily_loss is not None
    assert dict(zip(made.commodities, made.daily_loss.tolist(), strict=True))["milk"] == 0.1
    assert made.aims.loads_ahead == "waits"
    said = " ".join(made.assumptions)
    for words in (
        "run on the same day or not at all",
        "Milk spoils: 10.0%",
        "waits on its vehicles",
    ):
        assert words in said
    assert check(plan(train(made, Rolling())), made) == ()
