from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from corridor.errors import InvalidReport
from corridor.picture.ceasefire import ceasefire_of
from corridor.reading import Context, read
from corridor.registers.incidents import (
    Figure,
    Incidents,
    IncidentState,
    Rules,
    fold,
    haversine_km,
    near_pairs,
)
from corridor.registers.incidents.duplicates import Sighting
from corridor.values import PartyCode
from stories import END, Story, at, codes, day, the

SIDES = {
    PartyCode("north-council"): PartyCode("north"),
    PartyCode("south-army"): PartyCode("south"),
}
INDEPENDENT = (frozenset({"agency", "monitor"}),)


def told(story: Story, **rules: Any) -> Incidents:
    reports = sorted(story.reports, key=lambda report: report.order)
    given = {"independent": INDEPENDENT, "acts_for": SIDES} | rules
    return fold(reports, at=END, rules=Rules(**given))


def only(found: Incidents) -> IncidentState:
    (state,) = found.states.values()
    return state


def shots(story: Story, claimant: str, **fields: Any) -> str:
    given = {"incident": "i-1", "observed": at(5), "cause": "hostile_act"} | fields
    return story.say("incident", claimant, **given)


def mandated(story: Story, body: str = "monitor", by: str = "north") -> None:
    story.say("mandate", by, body=body, text="to watch both roads")


# The ladder.


def test_what_is_told_of_nobody_in_particular_is_a_rumour() -> None:
    story = Story()
    shots(story, "press", speech_act="reported")
    assert only(told(story)).rung == "rumour"


def test_one_claimant_alleges_and_so_do_two_that_nobody_declared_independent() -> None:
    story = Story()
    shots(story, "north")
    assert only(told(story)).rung == "alleged"
    shots(story, "south")
    shots(story, "press")
    assert only(told(story)).rung == "alleged"


def test_two_claimants_declared_independent_corroborate() -> None:
    story = Story()
    shots(story, "agency")
    shots(story, "monitor")
    assert only(told(story)).rung == "corroborated"
    assert only(told(story, independent=())).rung == "alleged"


def test_claims_of_the_same_origin_count_once() -> None:
    story = Story()
    shots(story, "agency")
    shots(story, "monitor", origin="agency")
    state = only(told(story))
    assert state.origins == ("agency",)
    assert state.rung == "alleged"


def test_what_a_mandated_body_saw_is_observed_and_what_it_was_told_is_not() -> None:
    story = Story()
    shots(story, "monitor", perceived="told")
    assert only(told(story)).rung == "alleged"
    shots(story, "monitor", perceived="heard")
    assert only(told(story)).rung == "alleged", "without a mandate it is a claimant like others"
    mandated(story)
    assert only(told(story)).rung == "observed"


def test_a_mandate_that_only_the_body_itself_claims_lifts_nothing() -> None:
    story = Story()
    shots(story, "monitor", perceived="seen")
    mandated(story, by="monitor")
    assert only(told(story)).rung == "alleged"


def test_a_finding_after_inquiry_verifies_under_a_mandate_in_force() -> None:
    story = Story()
    shots(story, "north")
    story.say("mandate", "north", body="monitor", text="until then", valid_until=at(8))
    story.say(
        "verification", "monitor", incident="i-1", body="monitor", result="verified", observed=at(9)
    )
    assert only(told(story)).rung == "alleged"
    story.say(
        "verification", "monitor", incident="i-1", body="monitor", result="verified", observed=at(7)
    )
    assert only(told(story)).rung == "verified"


def test_a_finding_told_by_another_gives_no_rung() -> None:
    story = Story()
    mandated(story)
    shots(story, "north")
    story.say("verification", "press", incident="i-1", body="monitor", result="verified")
    assert only(told(story)).rung == "alleged"


def test_a_body_that_is_said_to_have_done_it_makes_the_claim_of_a_party() -> None:
    story = Story()
    mandated(story, "south-army")
    shots(story, "north")
    shots(story, "north", axis="who_did_it", attributed_to="south", cause="")
    story.say(
        "verification", "south-army", incident="i-1", body="south-army", result="did_not_occur"
    )
    found = told(story)
    assert only(found).rung == "alleged"
    assert only(found).ending is None
    assert the("finding_on_own_conduct", found.findings)


@pytest.mark.parametrize("result", ["did_not_occur", "out_of_scope", "cannot_be_verified"])
def test_checking_ends_in_one_of_three_other_ways(result: str) -> None:
    story = Story()
    mandated(story)
    shots(story, "agency")
    shots(story, "monitor")
    why = {"reason": "access_refused"} if result == "cannot_be_verified" else {}
    story.say("verification", "monitor", incident="i-1", body="monitor", result=result, **why)
    state = only(told(story))
    assert (state.rung, state.ending) == ("corroborated", result)
    assert state.moves_hazards is (result == "cannot_be_verified")


def test_who_is_checking_is_seen() -> None:
    story = Story()
    shots(story, "north")
    story.say(
        "verification", "agency", incident="i-1", body="agency", result="being_checked",
        checked_by="team two",
    )  # fmt: skip
    assert only(told(story)).checking == (("agency", "team two", "being_checked"),)


def test_a_late_verification_is_flagged() -> None:
    story = Story()
    mandated(story)
    shots(story, "north")
    story.say(
        "verification", "monitor", incident="i-1", body="monitor", result="observed", observed=at(9)
    )
    assert not only(told(story)).is_verified_late
    found = told(story, late=timedelta(days=3))
    assert only(found).is_verified_late
    assert the("verified_late", found.findings)


@pytest.mark.parametrize("has_id", [True, False])
def test_contested_is_a_flag_on_any_rung(has_id: bool) -> None:
    story = Story()
    claim = shots(story, "agency")
    shots(story, "monitor")
    shots(story, "south", speech_act="denied", cause="", **({"denies": claim} if has_id else {}))
    found = told(story)
    assert only(found).rung == "corroborated"
    assert only(found).is_contested
    assert [r.claimant for r in only(found).denials] == ["south"]
    assert len(the("incident_contested", found.findings).values) == 3


def test_a_denial_of_who_did_it_leaves_what_happened_uncontested() -> None:
    story = Story()
    shots(story, "north")
    who = {"axis": "who_did_it", "attributed_to": "south", "cause": ""}
    shots(story, "north", **who)
    shots(story, "south-army", speech_act="denied", **who)
    shots(story, "agency", axis="who_did_it", cause="")
    state = only(told(story))
    assert not state.is_contested
    assert {a.claimant: a.stance for a in state.attributions} == {
        "north": "alleges",
        "south-army": "denies",
        "agency": "names_nobody",
    }


def test_a_side_that_says_it_did_it_acknowledges() -> None:
    story = Story()
    shots(story, "south-army", axis="who_did_it", attributed_to="south", cause="")
    assert only(told(story)).attributions[0].stance == "acknowledges"


# What moves a road's chance of being open.


@pytest.mark.parametrize(
    ("fields", "moves"),
    [
        ({}, True),
        ({"cause": "accident"}, False),
        ({"cause": "not_established"}, False),
        ({"is_exercise": "yes"}, False),
    ],
)
def test_only_a_corroborated_hostile_act_moves_hazards(fields: dict[str, str], moves: bool) -> None:
    story = Story()
    shots(story, "agency")
    assert not only(told(story)).moves_hazards
    shots(story, "monitor", **fields)
    assert only(told(story)).moves_hazards is moves


# Figures.


def test_deaths_and_remains_are_series_of_their_own_and_claimants_stand_side_by_side() -> None:
    story = Story()
    shots(story, "north", killed="20 people", published=at(6))
    shots(story, "south", killed="68 people", published=at(7))
    shots(story, "south", killed="70 people", published=at(8))
    shots(story, "agency", remains="170 remains", published=at(9))
    figures = only(told(story)).figures
    assert set(figures) == {Figure("killed"), Figure("remains")}
    killed = figures[Figure("killed")]
    assert [int(claim.quantity.stated) for claim in killed.latest] == [20, 70]
    assert (killed.range().low, killed.range().high) == (20, 70)


def test_casualties_of_two_sides_are_never_one_figure() -> None:
    story = Story()
    for side in ("north", "south"):
        shots(story, side, killed="5 people", casualties_of=side)
        shots(story, side, killed="2 people", casualties_of=side, casualties_group="civilians")
    assert len(only(told(story)).figures) == 4


# Merging.


def test_incidents_merged_by_a_person_are_one_until_a_person_parts_them() -> None:
    story = Story()
    shots(story, "agency")
    shots(story, "monitor", incident="i-2")
    why = {"decided_by": "liaison officer", "reason": "one burst"}
    assert len(told(story).states) == 2
    story.say("incident_merge", incident="i-1", into="i-2", observed=at(6), **why)
    state = only(told(story))
    assert (state.incident, state.codes, state.rung) == ("i-2", ("i-1", "i-2"), "corroborated")
    story.say("incident_unmerge", "monitor", incident="i-2", out_of="i-1", observed=at(7), **why)
    assert len(told(story).states) == 2
    story.say("incident_merge", incident="i-2", into="i-1", observed=at(8), **why)
    assert only(told(story)).incident == "i-1"


def test_a_merge_that_names_no_time_holds_for_the_days_before_it_too() -> None:
    story = Story()
    shots(story, "agency")
    shots(story, "monitor", incident="i-2")
    why = {"decided_by": "liaison officer", "reason": "one burst", "learned": at(8)}
    story.say("incident_merge", "operation", incident="i-1", into="i-2", **why)
    for known, count in ((7, 2), (9, 1)):
        seen = ceasefire_of(story.picture(day(6), known_at=day(known)))
        assert len(seen.incidents.states) == count


def test_what_is_near_in_place_and_time_is_suggested_and_not_merged() -> None:
    story = Story()
    near = {"violation": "", "source_type": "shelling", "lat": "10.00"}
    shots(story, "agency", lon="20.00", **near)
    shots(story, "monitor", incident="i-2", lon="20.04", observed=at(6), **near)
    shots(story, "monitor", incident="i-3", lon="20.40", observed=at(6), **near)
    found = told(story)
    assert [(pair.first, pair.second) for pair in found.suggested] == [("i-1", "i-2")]
    assert len(found.states) == 3
    assert the("incidents_may_be_one", found.findings).subject == "i-1/i-2"
    story.say(
        "incident_unmerge", incident="i-1", out_of="i-2", decided_by="analyst", reason="two guns"
    )
    assert told(story).suggested == ()


def test_two_rows_of_one_table_are_told_apart_by_it_and_those_of_two_tables_are_not() -> None:
    story = Story()
    for number, form in enumerate(("ged", "ged", "acled"), start=1):
        point = {"lat": "10", "lon": "20", "source_format": form, "source_type": form}
        shots(story, form, incident=f"{form}-{number}", **point)
    pairs = {(pair.first, pair.second) for pair in told(story).suggested}
    assert pairs == {("acled-3", "ged-1"), ("acled-3", "ged-2")}


def test_distances_are_those_of_a_globe() -> None:
    # Sinnott's formula on a radius of 6371.0088 km: a degree of a great circle is 111.195 km.
    assert haversine_km(0, 0, 0, 1) == pytest.approx(111.195, abs=0.001)
    assert haversine_km(50, 179.9, 50, -179.9) == pytest.approx(14.295, abs=0.001)
    assert haversine_km(90, 0, 90, 77) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("centre", [(39.5, 46.5), (-0.01, 179.99), (89.98, 10.0)])
def test_pairs_are_those_that_comparing_all_with_all_finds(centre: tuple[float, float]) -> None:
    drawn = random.Random(7)
    sightings = [
        Sighting(
            f"i-{n:03}",
            drawn.choice(["shelling", "shots"]),
            datetime(2030, 5, 1, tzinfo=UTC) + timedelta(days=drawn.random() * 9),
            min(centre[0] + drawn.random() * 0.2, 90.0),
            (centre[1] + drawn.random() * 0.3 + 180) % 360 - 180,
        )
        for n in range(160)
    ]
    found = {
        frozenset((p.first, p.second)) for p in near_pairs(sightings, km=5, within=timedelta(2))
    }
    every = {
        frozenset((one.incident, other.incident))
        for n, one in enumerate(sightings)
        for other in sightings[:n]
        if one.sort == other.sort
        and abs(one.starts - other.starts) <= timedelta(2)
        and haversine_km(one.lat, one.lon, other.lat, other.lon) <= 5
    }
    assert found == every
    assert found


# Raised, and drafts shown.


def test_an_answer_that_is_overdue_is_a_finding_until_it_comes() -> None:
    story = Story()
    shots(story, "north")
    story.say("raised", "monitor", incident="i-1", party="south", reply_due=at(8), observed=at(6))
    assert the("reply_overdue", told(story).findings)
    story.say("raised", "south", incident="i-1", party="south", step="answered", observed=at(9))
    assert "reply_overdue" not in codes(told(story).findings)


def test_a_finding_whose_draft_not_every_party_saw_is_told() -> None:
    story = Story()
    mandated(story)
    shots(story, "north")
    story.say(
        "raised", "monitor", incident="i-1", party="south", step="draft_shown", observed=at(6)
    )
    story.say(
        "verification", "monitor", incident="i-1", body="monitor", result="verified", observed=at(7)
    )
    found = told(story, parties=("north", "south"))
    assert the("draft_not_shown", found.findings).values == (("⟦north⟧", "not shown"),)


# The door.


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"observed": at(9), "learned": at(8)}, "cannot lie in the future"),
        ({"killed": {"best": 7, "high": 6, "unit": "people"}}, "must not be above high"),
        ({"lat": "10"}, "latitude and longitude go together"),
        ({"attributed_to": "south"}, "who did it stands in a report of its own"),
        ({"clause": "truce-1"}, "a clause stands in a report of its own"),
        ({"axis": "breach"}, "such a report names one"),
        ({"axis": "who_did_it", "killed": "2 people"}, "says nothing of what happened"),
    ],
)
def test_an_incident_that_contradicts_itself_is_refused(
    fields: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidReport, match=problem):
        Story().say("incident", **{"incident": "i-1", "learned": at(12)} | fields)


def test_what_cannot_be_verified_has_a_reason() -> None:
    with pytest.raises(InvalidReport, match="has a reason"):
        Story().say("verification", incident="i-1", body="x", result="cannot_be_verified")


def test_evidence_has_a_whole_hash_or_none() -> None:
    with pytest.raises(InvalidReport, match="SHA-256"):
        Story().say("evidence", item="photo-1", sha256="abc")


@pytest.mark.parametrize(("axis", "usual"), [("happened", "public"), ("who_did_it", "restricted")])
def test_only_that_it_happened_is_public_unless_somebody_says_otherwise(
    axis: str, usual: str
) -> None:
    raw = {"kind": "incident", "claimant": "north", "channel": "x", "incident": "i-1", "axis": axis}
    context = Context(now=END, handling="public")
    assert read(raw, context).handling == usual
    assert read(raw | {"handling": "public"}, context).handling == "public"
    assert read(raw, Context(now=END, handling="sealed")).handling == "sealed"
