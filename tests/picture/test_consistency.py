from __future__ import annotations

from typing import Any

from corridor.values import ReportId
from stories import Story, at, codes, the


def arrive(
    story: Story, amount: str, observed: str, claimant: str = "north", **more: Any
) -> ReportId:
    said = {"place": "hub", "quantity": f"{amount} people", "observed": observed} | more
    return story.say("arrival", claimant, **said)


def total(story: Story, amount: str, number: int, hour: float = 0, **more: Any) -> ReportId:
    return arrive(
        story, amount, at(number, hour), **({"measure": "cumulative", "since": at(4)} | more)
    )


def test_a_total_that_falls_is_told_with_both_figures() -> None:
    story = Story()
    high = total(story, "500", 6)
    low = total(story, "450", 7)
    finding = the("total_falls", story.picture().findings)
    assert (finding.severity, finding.subject) == ("ask", "hub")
    assert finding.basis == tuple(sorted((high, low)))
    assert [value for _, value in finding.values] == ["500 people", "450 people"]


def test_a_total_that_rises_stays_or_is_of_another_claimant_does_not_fall() -> None:
    story = Story()
    total(story, "500", 6)
    total(story, "500", 7)
    total(story, "480-520", 8)
    total(story, "400", 9, claimant="south")
    arrive(story, "300", at(10))
    assert "total_falls" not in codes(story.picture().findings)


def test_a_fall_is_measured_from_the_highest_total_before() -> None:
    story = Story()
    high = total(story, "500", 6)
    total(story, "400", 7)
    low = total(story, "450", 8)
    falls = [f for f in story.picture().findings if f.code == "total_falls"]
    assert tuple(sorted((high, low))) in {finding.basis for finding in falls}
    assert len(falls) == 2


def heads(
    story: Story, amount: str, number: int, claimant: str = "agency", **more: Any
) -> ReportId:
    said = {"place": "camp", "quantity": f"{amount} people", "observed": at(number)} | more
    return story.say("headcount", claimant, **said)


def test_equal_children_of_unequal_totals_are_told() -> None:
    story = Story()
    basis = [heads(story, "1240", 4), heads(story, "610", 4, max_age=17)]
    basis += [heads(story, "1310", 5), heads(story, "610", 5, max_age=17)]
    finding = the("equal_part_unequal_total", story.picture().findings)
    assert finding.basis == tuple(sorted(basis))
    assert "610 children" in finding.text
    assert "1,240 people" in finding.text


def test_equal_children_of_equal_totals_or_unequal_children_are_nothing_odd() -> None:
    for children, whole in (("610", "1240"), ("640", "1310")):
        story = Story()
        heads(story, "1240", 4)
        heads(story, "610", 4, max_age=17)
        heads(story, whole, 5)
        heads(story, children, 5, max_age=17)
        assert "equal_part_unequal_total" not in codes(story.picture().findings)


def test_children_and_total_of_two_hours_or_claimants_are_not_put_together() -> None:
    story = Story()
    heads(story, "1240", 4)
    heads(story, "610", 4, max_age=17)
    heads(story, "1310", 5)
    heads(story, "610", 6, max_age=17)
    heads(story, "610", 5, max_age=17, claimant="north")
    assert "equal_part_unequal_total" not in codes(story.picture().findings)


def test_a_total_above_all_that_the_daily_figures_allow_is_told() -> None:
    # By 18:00 of the second day at most 120 and three quarters of 160 can have come: 240.
    story = Story()
    first = arrive(story, "120", "2030-05-04")
    arrive(story, "100", "2030-05-05", claimant="south")
    second = arrive(story, "160", "2030-05-05")
    total(story, "240", 5, 18)
    assert "total_above_flows" not in codes(story.picture().findings)
    above = total(story, "241", 5, 18, claimant="south")
    finding = the("total_above_flows", story.picture().findings)
    assert finding.severity == "act"
    assert finding.basis == tuple(sorted((above, first, second)))
    assert "allow 240 by that hour" in finding.text


def test_a_total_over_a_day_without_a_figure_is_compared_with_nothing() -> None:
    story = Story()
    arrive(story, "120", "2030-05-04")
    total(story, "999", 6)
    total(story, "999", 5, since=None)
    arrive(story, "10", "2030-05-05", mode="buses")
    assert "total_above_flows" not in codes(story.picture().findings)


def stock(story: Story, amount: str, number: int, claimant: str = "agency") -> ReportId:
    return story.say(
        "stock_count",
        claimant,
        place="town",
        commodity="food",
        quantity=amount,
        observed=at(number),
    )


def receive(story: Story, amount: str, number: int) -> ReportId:
    return story.say(
        "consignment",
        commodity="food",
        stage="received",
        destination="town",
        consignment="W-1",
        quantity=amount,
        observed=at(number),
    )


def against(story: Story) -> list[str]:
    return [c for c in codes(story.picture().findings) if c == "count_against_movements"]


def test_a_count_the_movements_do_not_explain_is_told() -> None:
    story = Story().land()
    basis = [stock(story, "10 t", 4), receive(story, "20 t", 5)]
    basis.append(stock(story, "26 t", 6))
    finding = the("count_against_movements", story.picture().findings)
    assert (finding.severity, finding.subject) == ("ask", "town/food")
    assert finding.basis == tuple(sorted(basis))
    assert "between 30 and 30 t" in finding.text


def test_a_count_within_two_parts_in_a_hundred_is_close_enough() -> None:
    story = Story().land()
    stock(story, "10 t", 4)
    receive(story, "20 t", 5)
    stock(story, "29.4 t", 6)
    assert against(story) == []


def test_what_people_ate_since_explains_a_lower_count_but_not_a_higher() -> None:
    # 5,000 people at 0.4 kg eat 4 t in two days.
    story = Story().land()
    story.say("headcount", place="town", quantity="5000 people", observed=at(2))
    story.say("need_rate", commodity="food", quantity="0.4 kg")
    stock(story, "30 t", 4)
    stock(story, "26 t", 6)
    assert against(story) == []
    stock(story, "31 t", 7)
    assert len(against(story)) == 1


def test_counts_of_two_claimants_are_not_checked_against_each_other() -> None:
    story = Story().land()
    stock(story, "10 t", 4, "north")
    stock(story, "90 t", 5, "south")
    assert against(story) == []


def test_a_count_with_only_one_end_is_not_checked() -> None:
    story = Story().land()
    stock(story, "10 t", 4)
    stock(story, "up to 90 t", 5)
    stock(story, "50 t", 6)
    assert against(story) == []


def test_two_figures_of_one_claimant_at_once_are_a_question() -> None:
    story = Story().land()
    for figure in ("500 people", "600 people"):
        story.say("headcount", "council", place="town", quantity=figure, observed=at(3))
    found = the("two_figures_at_once", story.picture().findings)
    assert {value for _, value in found.values} == {"500 people", "600 people"}


def test_two_stock_counts_of_one_claimant_at_once_are_a_question() -> None:
    story = Story().land()
    for figure in ("5 t", "6 t"):
        story.say(
            "stock_count",
            "council",
            place="town",
            commodity="food",
            quantity=figure,
            observed=at(3),
        )
    assert "two_figures_at_once" in codes(story.picture().findings)
