from __future__ import annotations

from decimal import Decimal
from typing import Any

from corridor.picture import PeopleLine
from corridor.picture.people import cautious_high, cautious_low
from corridor.values import Estimate, ReportId
from stories import Story, at, codes, day, numbers


def count(
    story: Story, amount: str, number: int, claimant: str = "agency", **more: Any
) -> ReportId:
    said = {"place": "camp", "quantity": f"{amount} people", "observed": at(number)} | more
    return story.say("headcount", claimant, **said)


def left(story: Story, amount: str, since: int, number: int, **more: Any) -> ReportId:
    said = {"place": "camp", "quantity": f"{amount} people", "observed": at(number)}
    total = {"measure": "cumulative", "since": at(since)}
    return story.say("departure", more.pop("claimant", "agency"), **(said | total | more))


def line(story: Story) -> PeopleLine:
    (found,) = story.picture().people
    return found


def test_the_latest_count_of_each_claimant_makes_the_range() -> None:
    story = Story()
    count(story, "900", 3, "north")
    count(story, "700", 4, "south")
    count(story, "800", 5, "north")
    found = line(story)
    assert numbers(found.counted) == (700, None, 800)
    assert (found.cautious, found.cautious_why) == (800, "the highest of the claims")
    assert found.counted_at == day(5)


def test_up_to_and_over_keep_the_ends_they_name() -> None:
    story = Story()
    count(story, "up to 700", 4)
    assert numbers(line(story).counted) == (None, None, 700)
    count(story, "over 400", 5)
    assert numbers(line(story).counted) == (400, None, None)
    assert "only end stated, a lower one" in line(story).cautious_why
    count(story, "300", 5, "north")
    assert numbers(line(story).counted) == (300, None, 400)
    assert line(story).cautious == 400


def test_those_who_left_since_are_taken_off() -> None:
    story = Story()
    count(story, "1000", 3)
    left(story, "300", 4, 6)
    found = line(story)
    assert numbers(found.counted) == (1000, 1000, 1000)
    assert found.departed is not None
    assert numbers(found.departed) == (300, 300, 300)
    assert numbers(found.now) == (700, 700, 700)
    assert found.cautious == 700


def test_the_most_who_left_meet_the_fewest_counted_and_the_reverse() -> None:
    story = Story()
    count(story, "1000", 3, "north")
    count(story, "1100", 3, "south")
    left(story, "300", 4, 6, claimant="north")
    left(story, "400", 4, 6, claimant="south")
    assert numbers(line(story).now) == (600, None, 800)


def test_a_single_count_less_two_totals_has_no_best() -> None:
    story = Story()
    count(story, "1000", 3)
    left(story, "300", 4, 6, claimant="north")
    left(story, "400", 4, 6, claimant="south")
    assert numbers(line(story).now) == (600, None, 700)


def test_over_three_hundred_left_leaves_no_lower_end() -> None:
    story = Story()
    count(story, "1000", 3)
    left(story, "over 300", 4, 6)
    assert numbers(line(story).now) == (None, None, 700)


def test_arrivals_elsewhere_from_here_are_departures() -> None:
    story = Story()
    count(story, "1000", 3)
    left(story, "300", 4, 6)
    story.say(
        "arrival",
        "south",
        place="hub",
        origin="camp",
        quantity="350 people",
        measure="cumulative",
        since=at(4),
        observed=at(6),
    )
    assert numbers(line(story).now) == (650, None, 700)


def test_departures_before_the_count_are_in_it() -> None:
    story = Story()
    count(story, "1000", 5)
    left(story, "300", 3, 4)
    assert line(story).departed is None
    assert numbers(line(story).now) == (1000, 1000, 1000)


def test_flows_parts_and_households_are_not_totals_of_those_who_left() -> None:
    story = Story()
    count(story, "1000", 3)
    left(story, "300", 4, 6, measure="flow")
    left(story, "300", 4, 6, max_age=17)
    left(story, "300", 4, 6, mode="buses")
    left(story, "300", 4, 6, quantity="300 households")
    assert line(story).departed is None


def test_totals_more_than_a_day_older_than_the_newest_do_not_count() -> None:
    story = Story()
    count(story, "1000", 3)
    left(story, "100", 4, 5, claimant="north")
    left(story, "300", 4, 6, claimant="south")
    departed = line(story).departed
    assert departed is not None
    assert numbers(departed) == (300, 300, 300)


def test_more_may_be_said_to_have_left_than_were_counted() -> None:
    story = Story()
    count(story, "200", 3)
    left(story, "300", 4, 6)
    assert numbers(line(story).now) == (0, 0, 0)


def adopt(story: Story, amount: str, number: int, **more: Any) -> ReportId:
    given = {"place": "camp", "subject": "people", "decided_by": "head", "reason": "between"}
    return story.say("adopted", quantity=f"{amount} people", observed=at(number), **(given | more))


def test_an_adopted_figure_leads_and_the_claims_stay_beside_it() -> None:
    story = Story()
    claim = count(story, "900", 3, "north")
    count(story, "700", 3, "south")
    adopted = adopt(story, "850", 5, claim=claim)
    found = line(story)
    assert numbers(found.counted) == (850, 850, 850)
    assert found.counted.basis == (adopted, claim)
    assert len(found.series.latest) == 2
    assert found.adopted is not None


def test_departures_between_the_adopted_claim_and_the_decision_are_taken_off() -> None:
    story = Story()
    claim = count(story, "900", 3)
    left(story, "100", 4, 5)
    adopt(story, "900", 6, claim=claim)
    assert numbers(line(story).now) == (800, 800, 800)


def test_an_adopted_figure_alone_makes_a_line() -> None:
    story = Story()
    adopt(story, "up to 850", 5)
    assert numbers(line(story).counted) == (None, None, 850)


def test_those_present_are_taken_before_the_displaced_and_never_added() -> None:
    story = Story()
    count(story, "300", 4, group="displaced")
    assert (line(story).group, line(story).cautious) == ("displaced", 300)
    count(story, "1000", 3)
    assert (line(story).group, line(story).cautious) == ("present", 1000)


def test_children_patients_flows_and_totals_are_not_who_is_there() -> None:
    story = Story()
    for more in (
        {"max_age": 17},
        {"sex": "f"},
        {"group": "patients"},
        {"measure": "flow"},
        {"measure": "cumulative"},
        {"quantity": "90 households"},
    ):
        count(story, "300", 4, **more)
    assert story.picture().people == ()


def test_headcounts_that_differ_are_a_finding() -> None:
    story = Story()
    count(story, "1000", 3, "north")
    count(story, "1099", 3, "south")
    assert "headcounts_differ" not in codes(story.picture().findings)
    count(story, "1101", 4, "south")
    assert "headcounts_differ" in codes(story.picture().findings)


def estimate(low: int | None, best: int | None, high: int | None) -> Estimate:
    ends = [None if end is None else Decimal(end) for end in (low, best, high)]
    return Estimate(ends[0], ends[1], ends[2], "people", "told")


def test_planning_takes_the_end_that_is_less_likely_to_leave_someone_short() -> None:
    factor = Decimal("0.8")
    assert cautious_high(estimate(1, 2, 3), factor)[0] == 3
    assert cautious_high(estimate(1, 2, None), factor)[0] == 2
    assert cautious_high(estimate(10, None, None), factor)[0] == 8
    assert cautious_high(estimate(None, None, None), factor) == (None, "no figure")
    assert cautious_low(estimate(1, 2, 3), factor)[0] == 1
    assert cautious_low(estimate(None, 2, 3), factor)[0] == 2
    assert cautious_low(estimate(None, None, 10), factor)[0] == 8
    assert cautious_low(estimate(None, None, None), factor) == (None, "no figure")
