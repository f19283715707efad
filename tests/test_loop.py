"""The loop: what is reported of the ceasefire moves P(open), and P(open) moves the convoys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corridor.intake import Row
from corridor.operation import Operation
from corridor.picture import Picture
from corridor.planning import Aims, Multistage, Plan, Policy
from corridor.planning.reliance import without
from corridor.values import PartyCode

NORTH, SOUTH = "north-road", "south-road"
AIMS = Aims(horizon_days=6)
QUICK = Multistage(iterations=4, futures=10)


def may(day: int, hour: float = 0) -> datetime:
    return datetime(2030, 5, day, tzinfo=UTC) + timedelta(hours=hour)


class Relief:
    """An operation with two roads from a hub to a town that needs fuel; whatever it records is on a day."""

    def __init__(self, folder: Path) -> None:
        self.now = may(10, 12)
        Operation.init(folder, "Relief", clock=lambda: self.now)
        self.operation = Operation(folder, clock=lambda: self.now, engine=QUICK)
        self.said = 0
        for code in ("north", "south"):
            self.say("party", party=code, name=f"The {code}ern side")
        self.say("organisation", organisation="operation", name="Operation")
        for code in ("agency", "monitor", "depot"):
            self.say("organisation", organisation=code, name=code.title())
        self.say("place", place="north-hub", type="hub", lat="10.0", lon="20.0")
        self.say("place", place="south-hub", type="hub", lat="10.9", lon="20.0")
        self.say("place", place="town", type="settlement", lat="10.4", lon="20.0")
        self.say("commodity", commodity="fuel", name="Fuel", unit="t", carrier_class="tanker")
        road = {"end": "town", "drive_h": "2", "vehicles_per_day": "20"}
        for side, km in (("north", "45"), ("south", "90")):
            hub = f"{side}-hub"
            self.say(
                "road", road=f"{side}-road", start=hub, distance_km=km, granted_by=side, **road
            )
            self.say("fleet", fleet=f"{side}-tankers", base=hub, vehicles="4", payload_t="4",
                     vehicle_class="5", carrier_class="tanker", cost_per_km="2")  # fmt: skip
            self.say("stock_count", "depot", place=hub, commodity="fuel", quantity="400 t",
                     observed="2030-05-10")  # fmt: skip
        self.say("headcount", "agency", place="town", quantity="2000 people",
                 observed="2030-05-10")  # fmt: skip
        self.say("need_rate", commodity="fuel", place="town", quantity="2 kg")
        self.say("stock_count", "depot", place="town", commodity="fuel", quantity="4 t",
                 observed="2030-05-10")  # fmt: skip
        self.say("mandate", "north", body="monitor", text="Exchange of letters")
        for road in (NORTH, SOUTH):
            self.say("road_outlook", road=road, open_days="10-40 days", closed_days="3-6 days",
                     open_days_after_incidents="2-4 days", declared_by="head of operations",
                     reason="as last year")  # fmt: skip
            for claimant in ("north", "south", "monitor"):
                self.say("road_status", claimant, road=road, status="open",
                         observed="2030-05-10T10:00:00Z", valid_until="2030-05-12T10:00:00Z")  # fmt: skip

    def say(self, kind: str, claimant: str = "operation", **fields: str) -> str:
        self.said += 1
        row: dict[str, Any] = {"kind": kind, "claimant": claimant, "key": str(self.said)}
        row |= {"channel": claimant, "handling": "restricted", "learned": self.now.isoformat()}
        (report,) = self.operation.record([Row("", row | fields)]).reports
        return report.id

    def shots(self, code: str, claimant: str, lat: str = "10.1", **more: str) -> str:
        """Report shots beside the north road, 33 km or more from the south road."""
        return self.say("incident", claimant, incident=code, cause="hostile_act", lat=lat, lon="20.0",
                        observed=(self.now - timedelta(hours=1)).isoformat(), **more)  # fmt: skip

    def ask(self, road: str, day: int) -> None:
        self.say("passage_request", "agency", request=f"{road}-{day}", road=road, towards="town",
                 asked_of=road.removesuffix("-road"), carrier="agency",
                 window_from=may(day, 6).isoformat(), window_until=may(day + 2, 18).isoformat())  # fmt: skip

    def answer(self, road: str, day: int, answer: str) -> str:
        return self.say("passage_answer", road.removesuffix("-road"), request=f"{road}-{day}",
                        answer=answer)  # fmt: skip

    def planned(self) -> tuple[Picture, Policy, Plan]:
        view = self.operation.picture()
        policy = self.operation.policy(view, AIMS)
        return view, policy, self.operation.plan(view, AIMS, policy)


@pytest.fixture
def relief(tmp_path: Path) -> Relief:
    made = Relief(tmp_path / "relief")
    for road in (NORTH, SOUTH):
        made.ask(road, 11)
        made.answer(road, 11, "granted")
    return made


def chance(plan: Plan, road: str, day: int) -> float:
    (found,) = (each for each in plan.roads if each.road == road)
    return found.usable[day]


def sent(plan: Plan, road: str) -> float:
    ordered = (c for c in plan.convoys if c.road == road and not c.is_indicative)
    return sum(load.amount for convoy in ordered for load in convoy.loads)


def test_a_refusal_and_two_observed_incidents_move_the_chance_and_the_fuel(relief: Relief) -> None:
    _, _, before = relief.planned()
    assert sent(before, NORTH) > 0
    assert sent(before, SOUTH) == 0
    relief.now += timedelta(hours=4)
    relief.answer(NORTH, 11, "refused")
    relief.shots("i-1", "monitor", perceived="seen")
    relief.shots("i-2", "monitor", lat="10.05", perceived="heard")
    view, policy, after = relief.planned()
    assert [chance(after, NORTH, day) for day in range(3)] == [0, 0, 0]
    assert chance(after, NORTH, 5) < chance(before, NORTH, 5) - 0.2
    assert [chance(after, SOUTH, d) for d in range(6)] == [
        chance(before, SOUTH, d) for d in range(6)
    ]
    assert sent(after, NORTH) == 0
    assert sent(after, SOUTH) > 0
    found = relief.operation.since(view, policy, after, may(10, 13))
    assert found is not None
    (road,) = found.roads
    assert (road.road, road.before, road.after) == (NORTH, 1.0, 0.0)
    assert road.mean_after < road.mean_before - 0.4
    said = "\n".join(view.say(text) for text in found.texts)
    assert "The northern side says passage north-road-11 is refused" in said
    assert "incident i-1 of 2030-05-10 is observed, 0 km from it" in said
    assert "incident i-2" in said
    assert "No convoy leaves by north-road towards town on 2030-05-11" in said
    assert "passage refused by The northern side" in said
    assert "t of Fuel moved from north-road towards town to south-road towards town." in said


def test_two_observed_incidents_alone_move_the_chance_of_the_road_they_lie_near(
    relief: Relief,
) -> None:
    _, _, before = relief.planned()
    relief.shots("i-1", "monitor", perceived="seen")
    _, _, one = relief.planned()
    for road, moves in ((NORTH, True), (SOUTH, False)):
        assert (chance(one, road, 5) < chance(before, road, 5)) is moves
    (north,) = (each for each in one.roads if each.road == NORTH)
    assert "i-1 (observed, 0 km)" in north.said
    assert "open for 2-4 days on average, as declared for such days" in north.said


def test_twenty_forged_reports_of_one_party_change_no_load_no_chance_and_no_trigger(
    relief: Relief,
) -> None:
    _, _, before = relief.planned()
    relief.now += timedelta(minutes=1)
    for number in range(20):
        relief.shots(f"forged-{number}", "south", lat=f"10.0{number % 10}", target="road")
    view, policy, after = relief.planned()
    assert [road.usable for road in after.roads] == [road.usable for road in before.roads]
    assert after.triggers == before.triggers
    assert [(c.day, c.road, c.loads, c.missing) for c in after.convoys] == [
        (c.day, c.road, c.loads, c.missing) for c in before.convoys
    ]
    # What they would do stands beside the plan, as what one side alone says.
    (beside,) = relief.operation.what_if(view, policy)
    assert beside.road == NORTH
    assert beside.if_so < beside.chance - 0.1
    assert "No load rests on it." in beside.text
    found = relief.operation.since(view, policy, after, may(10, 12))
    assert found is not None
    assert (found.texts, dict(found.others)) == ((), {"incident": 20})


def test_what_two_independent_claimants_report_counts_and_what_one_reports_does_not(
    relief: Relief,
) -> None:
    _, _, before = relief.planned()
    relief.say("setting", name="independent_claimants", value="agency,depot")
    relief.shots("i-1", "agency")
    _, _, alleged = relief.planned()
    relief.shots("i-1", "depot")
    _, _, corroborated = relief.planned()
    assert chance(alleged, NORTH, 5) == chance(before, NORTH, 5)
    assert chance(corroborated, NORTH, 5) < chance(before, NORTH, 5)
    # Leaving either of them out leaves the incident alleged, so a load it moves would wait.
    entries = relief.operation.entries("restricted")
    left = without(entries, PartyCode("depot"))
    assert {e.report.claimant for e in entries} - {e.report.claimant for e in left} == {"depot"}


def test_one_word_that_a_road_is_open_releases_nothing_the_grantor_refused(relief: Relief) -> None:
    relief.answer(NORTH, 11, "revoked")
    _, _, shut = relief.planned()
    relief.now += timedelta(minutes=1)
    relief.say("road_status", "south", road=NORTH, status="open", observed=relief.now.isoformat())
    relief.say("passage_answer", "south", request=f"{NORTH}-11", answer="granted")
    _, _, after = relief.planned()
    assert sent(shut, NORTH) == sent(after, NORTH) == 0
    assert chance(after, NORTH, 0) == 0
    assert any("passage revoked by The northern side" in note for note in after.notes)


def test_an_accident_of_unproven_cause_moves_nothing(relief: Relief) -> None:
    _, _, before = relief.planned()
    for claimant in ("monitor", "north"):
        relief.say("incident", claimant, incident="depot", cause="not_established", perceived="seen",
                   place="north-hub", observed=relief.now.isoformat())  # fmt: skip
    view, policy, after = relief.planned()
    assert [road.usable for road in after.roads] == [road.usable for road in before.roads]
    assert relief.operation.what_if(view, policy) == ()
