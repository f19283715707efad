"""How claims become numbers for a plan: the cautious end, and never a guess that nobody is told of."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from corridor.errors import PlanningError
from corridor.planning import Aims, Problem, Rolling, train
from corridor.planning.check import check
from corridor.planning.document import document
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan
from stories import Story, day

DAYS = 6


def _story(**road: Any) -> Story:
    story = Story()
    story.say("setting", name="road_status_expires_h", value="72")
    story.say("place", place="hub", type="hub")
    story.say("place", place="town", type="settlement")
    facts = {"distance_km": 40, "drive_h": 2, "vehicles_per_day": 8, "granted_by": "guards"}
    story.say("road", road="road", start="hub", end="town", **(facts | road))
    story.say("commodity", commodity="ration", name="Ration", unit="t", cargo="food")
    story.say(
        "commodity",
        commodity="petrol",
        name="Petrol",
        unit="l",
        carrier_class="tanker",
        kg_per_unit="0.75",
        cargo="fuel",
    )
    story.say("need_rate", commodity="ration", quantity="0.5 kg")
    story.say("need_rate", commodity="petrol", quantity="0.1 l")
    story.say(
        "fleet",
        fleet="trucks",
        base="hub",
        carrier_class="dry",
        vehicle_class=5,
        vehicles=4,
        payload_t=10,
    )
    story.say(
        "fleet",
        fleet="tankers",
        base="hub",
        carrier_class="tanker",
        vehicle_class=5,
        vehicles=1,
        payload_t=15,
    )
    for place, amount in (("hub", "200 t"), ("town", "10 t")):
        story.say(
            "stock_count", place=place, commodity="ration", quantity=amount, observed=_noon(9)
        )
    story.say("stock_count", place="hub", commodity="petrol", quantity="30000 l", observed=_noon(9))
    story.say("headcount", place="town", quantity="10000 people", observed=_noon(9))
    return story


def _noon(number: int) -> str:
    return day(number, 12).isoformat()


def _problem(story: Story) -> Problem:
    return problem(story.picture(day(10, 12)), Aims(horizon_days=DAYS))


def _status(story: Story, status: str = "open", **more: Any) -> Story:
    story.say("road_status", road="road", status=status, observed=_noon(10), **more)
    return story


def test_claims_that_differ_give_the_high_need_and_the_low_stock() -> None:
    story = _status(_story())
    story.say(
        "headcount", claimant="council", place="town", quantity="12000 people", observed=_noon(9)
    )
    story.say(
        "stock_count",
        claimant="council",
        place="town",
        commodity="ration",
        quantity="14 t",
        observed=_noon(9),
    )
    made = _problem(story)
    town, ration = made.places.index("town"), made.commodities.index("ration")
    assert made.demand[0, town, ration] == pytest.approx(6.0)
    # 10 t counted a day ago, less one day of need at the high end.
    assert made.stock[town, ration] == pytest.approx(4.0)
    assert any("the highest of the claims" in note for note in made.assumptions)


def test_an_adopted_figure_beats_the_range() -> None:
    story = _status(_story())
    story.say(
        "headcount", claimant="council", place="town", quantity="12000 people", observed=_noon(9)
    )
    story.say(
        "adopted",
        subject="people",
        place="town",
        quantity="11000 people",
        decided_by="head",
        reason="seen",
        observed=_noon(9),
    )
    made = _problem(story)
    assert made.people[made.places.index("town")] == pytest.approx(11000)


def test_later_days_count_a_quarter_whatever_the_status_today() -> None:
    for status in ("open", "closed"):
        made = _problem(_status(_story(), status))
        assert made.road_vehicles[1:, 0] == pytest.approx(2.0)
    assert _problem(_status(_story())).road_vehicles[0, 0] == pytest.approx(8.0)


def test_unknown_today_means_no_departure_today_and_says_so() -> None:
    made = _problem(_story())
    assert not made.may_depart[0, 0]
    assert "unknown is not open" in made.why_not[0, 0]
    assert made.may_depart[1:, 0].all()
    found = plan(train(made, Rolling()))
    assert all(convoy.day != made.days[0] for convoy in found.convoys)
    said = [
        note for note in found.notes if note.startswith("No convoy leaves by road towards town")
    ]
    assert len(said) == 1
    assert said[0].endswith("unknown is not open.")


def test_a_stock_nobody_counted_is_planned_as_none_and_the_plan_says_so() -> None:
    found = plan(train(_problem(_status(_story())), Rolling()))
    assert any(note.startswith("Stock planned as none") and "Petrol at town" in note
               for note in found.notes)  # fmt: skip


def test_the_document_names_codes_without_marks() -> None:
    found = plan(train(_problem(_status(_story())), Rolling()))
    assert any("⟦" in clause for convoy in found.convoys for clause in convoy.missing)
    written = json.dumps(document(found), ensure_ascii=False)
    assert "⟦" not in written
    assert "guards" in written


def test_a_hold_and_a_refusal_stop_departures_in_words() -> None:
    held = _status(_story())
    held.say(
        "hold",
        road="road",
        decided_by="head",
        reason="mines seen",
        until=day(12, 12).isoformat(),
        observed=_noon(10),
    )
    made = _problem(held)
    assert not made.may_depart[:2, 0].any()
    assert "mines seen" in made.why_not[0, 0]
    refused = _status(_story())
    window = {"window_from": day(11, 6).isoformat(), "window_until": day(11, 18).isoformat()}
    refused.say(
        "passage_request",
        request="r1",
        road="road",
        towards="town",
        asked_of="guards",
        carrier="agency",
        **window,
    )
    refused.say(
        "passage_answer", claimant="guards", request="r1", answer="refused", observed=_noon(10)
    )
    made = _problem(refused)
    assert made.passages[0, 0].state == "refused"
    assert made.why_not[0, 0] == "passage refused by guards"


def test_an_answer_by_someone_not_asked_grants_nothing() -> None:
    story = _status(_story())
    window = {"window_from": day(11, 6).isoformat(), "window_until": day(11, 18).isoformat()}
    story.say(
        "passage_request",
        request="r1",
        road="road",
        towards="town",
        asked_of="guards",
        carrier="agency",
        **window,
    )
    story.say(
        "passage_answer", claimant="council", request="r1", answer="granted", observed=_noon(10)
    )
    assert _problem(story).passages[0, 0].state == "asked"


def test_fuel_rides_in_tankers_and_food_does_not() -> None:
    made = _problem(_status(_story()))
    trucks = [fleet.fleet for fleet in made.fleets].index("trucks")
    petrol, ration = made.commodities.index("petrol"), made.commodities.index("ration")
    assert made.payload[trucks, petrol] == 0
    assert made.payload[1 - trucks, ration] == 0
    assert made.payload[1 - trucks, petrol] == pytest.approx(20000)


def test_a_heavy_vehicle_does_not_pass_a_road_for_light_ones() -> None:
    made = _problem(_status(_story(), heaviest_class=4))
    assert not made.class_passes.any()
    found = plan(train(made, Rolling()))
    assert not found.convoys
    assert found.unmet


def test_expected_goods_come_on_their_last_day_at_their_low_end() -> None:
    story = _status(_story())
    when = {"expected_from": day(12).isoformat(), "expected_until": day(13, 10).isoformat()}
    story.say(
        "pipeline", commodity="ration", place="hub", quantity="40-60 t", observed=_noon(10), **when
    )
    made = _problem(story)
    hub, ration = made.places.index("hub"), made.commodities.index("ration")
    assert np.flatnonzero(made.arrivals[:, hub, ration]).tolist() == [2]
    assert made.arrivals[2, hub, ration] == pytest.approx(40)


def test_a_road_without_a_declared_capacity_is_named() -> None:
    with pytest.raises(PlanningError, match="road road: the vehicles it takes a day"):
        _problem(_status(_story(vehicles_per_day="")))


def test_a_horizon_without_days_is_refused() -> None:
    with pytest.raises(PlanningError, match="at least 1 day"):
        problem(_story().picture(day(10, 12)), Aims(horizon_days=0))


def test_a_bare_operation_gives_a_plan_that_moves_nothing() -> None:
    made = problem(Story().picture(day(10, 12)), Aims(horizon_days=DAYS))
    found = plan(train(made, Rolling()))
    assert not found.convoys
    assert check(found, made) == ()


def test_the_plan_made_from_claims_passes_the_check() -> None:
    made = _problem(_status(_story()))
    found = plan(train(made, Rolling()))
    assert found.convoys
    assert check(found, made) == ()


def test_a_road_open_for_food_alone_lets_food_through_and_keeps_fuel_back() -> None:
    made = _problem(_status(_story(), user="humanitarian", cargo="food"))
    found = plan(train(made, Rolling()))
    first = {load.commodity for c in found.convoys if c.day == made.days[0] for load in c.loads}
    assert first == {"ration"}
    assert check(found, made) == ()


def test_a_road_shut_to_fuel_alone_lets_food_through() -> None:
    story = _status(_story())
    story.say(
        "road_status", "council", road="road", status="closed", cargo="fuel", observed=_noon(10)
    )
    made = _problem(story)
    fuel, food = made.commodities.index("petrol"), made.commodities.index("ration")
    assert made.cargo_passes is not None
    assert made.cargo_passes[0].tolist() == [False if c == fuel else c == food for c in range(2)]


def test_a_passage_for_fuel_lets_fuel_through_and_no_food() -> None:
    story = _status(_story())
    window = {"window_from": day(11, 6).isoformat(), "window_until": day(11, 18).isoformat()}
    asked = {"road": "road", "towards": "town", "asked_of": "guards", "carrier": "agency"}
    story.say("passage_request", request="r1", cargo="fuel", **asked, **window)
    story.say("passage_answer", "guards", request="r1", answer="granted", observed=_noon(10))
    made = _problem(story)
    found = plan(train(made, Rolling()))
    first = {load.commodity for c in found.convoys if c.day == made.days[0] for load in c.loads}
    assert first == {"petrol"}


def test_a_day_whose_notice_has_begun_takes_only_what_was_asked_for() -> None:
    made = _problem(_status(_story(notice_h=30)))
    assert made.may_depart[:, 0].tolist()[:3] == [False, False, True]
    assert "before its notice of 30 h began" in made.why_not[1, 0]
    days = {convoy.day for convoy in plan(train(made, Rolling())).convoys}
    assert days
    assert not days & set(made.days[:2])
    asked = {"road": "road", "towards": "town", "asked_of": "guards", "carrier": "agency"}
    window = {"window_from": day(11, 6).isoformat(), "window_until": day(11, 18).isoformat()}
    story = _status(_story(notice_h=30))
    story.say("passage_request", request="r1", **asked, **window)
    assert _problem(story).may_depart[:, 0].tolist()[:3] == [True, False, True]
