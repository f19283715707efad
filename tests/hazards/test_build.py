from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from corridor.errors import PlanningError
from corridor.hazards import Hazards, document, hazards
from corridor.hazards.chain import WIDE
from corridor.hazards.phases import Counts
from corridor.hazards.rates import POOLED_DAYS, pooled
from corridor.picture import Picture, picture
from corridor.values import PlaceCode, RoadCode
from hazards.chains import days_from
from hazards.road_story import RoadStory
from stories import at, codes, day, read_all, two_valleys, two_valleys_lines
from test_kinds import swapped_line

DAYS = days_from(date(2030, 5, 13), 14)
PASS = (RoadCode("pass"), PlaceCode("town"))
ROAD = (RoadCode("road"), PlaceCode("town"))


def outlook(story: RoadStory, claimant: str = "operation", **more: Any) -> str:
    given = {"road": "pass", "open_days": "10-30 days", "closed_days": "2-5 days"}
    given |= {"declared_by": "head of operations", "reason": "as last year", "learned": at(1)}
    return story.say("road_outlook", claimant, **(given | more))


def busy() -> RoadStory:
    """Return a story in which a road shuts on every other day, eleven changes in all."""
    story = RoadStory()
    for number in range(1, 13):
        story.status("open" if number % 2 else "closed", str(number))
    return story


def of(story: RoadStory, *ways: Any, seed: int = 1) -> Hazards:
    return hazards(story.picture(day(12, 23)), DAYS, seed=seed, ways=ways or [PASS])


def test_with_enough_changes_of_status_the_rates_are_fitted() -> None:
    story = busy()
    outlook(story)
    found = of(story)
    road = found.roads[0]
    assert (road.method, road.changes, road.days_seen) == ("fitted", 11, 12)
    assert road.said.startswith("Fitted (changes of status: 11;")
    # It closed on every day after it was open, and opened on every day after it was closed.
    assert road.transition[0][0, 2:].sum() > 0.4
    assert codes(found.findings) == []


def test_with_fewer_the_range_of_a_named_person_is_used_and_shown() -> None:
    story = RoadStory()
    story.status("open", "12")
    name = outlook(story)
    road = of(story).roads[0]
    assert road.method == "declared"
    assert "declared by the head of operations" in road.said
    assert "open for 10-30 days and closed for 2-5 days" in road.said
    assert name in road.basis
    closing = 1 - road.samples[:, 0, 0, 0]
    assert closing.min() >= 1 / 30 - 1e-5
    assert closing.max() <= 1 / 10 + 1e-5
    # Open on the evening before, so P(open) is one less the chance of closing.
    assert_allclose(of(story).p_open().best[0, 0], 1 - closing.mean(), atol=1e-5)


def test_without_history_or_range_a_very_wide_prior_stands_in_and_a_finding_names_the_road() -> (
    None
):
    found = of(RoadStory())
    assert found.roads[0].method == "assumed"
    assert codes(found.findings) == ["road_outlook_missing"]
    assert "No history of the road pass" in found.findings[0].text
    assert "nobody declared a range" in found.findings[0].text
    usable = found.p_usable()
    assert (usable.low < 0.35).all()
    assert (usable.high > 0.85).all()


def test_one_road_may_be_fitted_and_another_that_was_spoken_of_assumed() -> None:
    story = busy()
    story.say(
        "road_status", "agency", road="road", status="open", observed="2030-05-10", learned=at(1)
    )
    methods = [road.method for road in of(story, PASS, ROAD).roads]
    assert methods == ["fitted", "assumed"]


def test_ranges_of_several_persons_stand_side_by_side() -> None:
    story = RoadStory()
    story.status("open", "12")
    outlook(story, open_days="10-20 days")
    outlook(story, "agency", open_days="200-300 days")
    road = of(story).roads[0]
    closing = 1 - road.samples[:, 0, 0, 0]
    assert (closing > 1 / 20.1).sum() == (closing < 1 / 199).sum() == len(closing) // 2
    assert "operation" in road.said
    assert "agency" in road.said


def test_a_range_for_one_direction_goes_before_one_for_both_and_ends_when_it_says() -> None:
    story = RoadStory()
    outlook(story)
    outlook(story, towards="town", open_days="100-200 days")
    outlook(story, "agency", until=at(11))
    assert "open for 100-200 days" in of(story).roads[0].said
    back = (RoadCode("pass"), PlaceCode("hub"))
    assert "open for 10-30 days" in of(story, back).roads[0].said
    assert "agency" not in of(story).roads[0].said


def test_the_older_the_last_word_the_less_it_says() -> None:
    story = RoadStory()
    story.status("closed", "12")
    outlook(story)
    fresh = of(story).p_usable().best[0, 0]
    old = hazards(story.picture(day(25)), days_from(date(2030, 5, 26), 2), seed=1, ways=[PASS])
    assert old.p_usable().best[0, 0] > fresh


def test_the_other_roads_are_a_prior_of_few_days() -> None:
    counts = Counts(np.full((1, 4, 3), 100.0), np.array([[30.0, 10.0]]))
    prior = pooled([counts, counts])
    assert_allclose((prior.rows - WIDE.rows).sum(axis=1), POOLED_DAYS)
    assert_allclose(prior.entries - WIDE.entries, [7.5, 2.5])
    assert pooled([]) is WIDE


def test_what_is_said_of_one_road_stirs_no_draw_of_another() -> None:
    story = RoadStory()
    story.status("open", "12")
    before = of(story, PASS, ROAD)
    story.say("road_status", road="road", status="closed", observed="2030-05-12", learned=at(2))
    after = of(story, PASS, ROAD)
    assert (before.roads[0].samples == after.roads[0].samples).all()
    assert (before.roads[1].first != after.roads[1].first).any()


def test_relabelled_roads_permute_the_result() -> None:
    story = busy()
    one, other = of(story, PASS, ROAD), of(story, ROAD, PASS)
    assert (one.p_open().best == other.p_open().best[:, ::-1]).all()
    assert (one.shock_samples == other.shock_samples).all()


def test_all_roads_shutting_together_is_counted_and_bounded() -> None:
    story = busy()
    for number in range(1, 13):
        story.say("road_status", road="road", status="open" if number % 2 else "closed",
                  observed=f"2030-05-{number:02}", learned=at(1))  # fmt: skip
    found = of(story, PASS, ROAD)
    assert "on 6 of 6 days" in found.shock_said
    assert found.shock > 0.3
    assert of(story).shock == 0, "one road alone shares no shock"


def test_the_result_depends_on_picture_and_seed_alone() -> None:
    first, again, other = (of(busy(), seed=seed) for seed in (1, 1, 2))
    assert json.dumps(document(first)) == json.dumps(document(again))
    assert (first.roads[0].samples != other.roads[0].samples).any()


def test_days_that_do_not_follow_and_roads_that_are_not_there_are_refused_by_name() -> None:
    view = RoadStory().picture(day(12))
    with pytest.raises(PlanningError, match="2030-05-16 does not follow"):
        hazards(view, [date(2030, 5, 13), date(2030, 5, 16)], seed=1)
    with pytest.raises(PlanningError, match="2030-05-01 lies before"):
        hazards(view, [date(2030, 5, 1)], seed=1)
    with pytest.raises(PlanningError, match="at least one day"):
        hazards(view, [], seed=1)
    with pytest.raises(PlanningError, match="road east: it is not declared"):
        hazards(view, DAYS, seed=1, ways=[("east", "town")])  # type: ignore[list-item]
    with pytest.raises(PlanningError, match="road pass: camp is neither of its ends"):
        hazards(view, DAYS, seed=1, ways=[("pass", "camp")])  # type: ignore[list-item]


# The invented operation.


def valleys(view: Picture) -> Hazards:
    first = view.at.date() + timedelta(days=1)
    return hazards(view, days_from(first, 14), seed=1)


@pytest.mark.parametrize("number", [11, 14, 18])
def test_swapping_the_names_of_the_parties_changes_no_chance(number: int) -> None:
    moment = {"at": day(number, 12), "known_at": day(19, 12)}
    here = valleys(picture(two_valleys(), clearance="restricted", **moment))
    mirrored = read_all(map(swapped_line, two_valleys_lines()))
    there = valleys(picture(mirrored, clearance="restricted", **moment))
    for one, other in zip(here.p_open(), there.p_open(), strict=True):
        assert (one == other).all()
    assert codes(here.findings) == codes(there.findings)


def test_the_invented_operation_has_a_declared_road_and_one_of_which_too_little_is_known() -> None:
    view = picture(two_valleys(), at=day(14), known_at=day(14), clearance="restricted")
    found = valleys(view)
    assert [(road.road, road.method) for road in found.roads] == [
        ("ridge-road", "declared"),
        ("river-road", "assumed"),
    ]
    told = document(found)
    assert told["handling"] == "restricted"
    assert told["digest"] == view.digest
    first = told["roads"][0]["days"][0]
    assert first["is_decided"]
    assert first["usable"] == {"low": 0.0, "best": 0.0, "high": 0.0}
    assert told["roads"][0]["decided"][0]["how"] == "Northern Valley says that it is closed"
    assert json.loads(json.dumps(told)) == told
