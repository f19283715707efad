from __future__ import annotations

from decimal import Decimal

from corridor.registers import shelter
from corridor.report import standing
from corridor.shelter import Coverage, Headed, asks, coverage, rooms
from corridor.standards.shelter import chosen
from stories import Story, two_valleys


def lines(
    story: Story, people: int | None, figures: str = "", **more: Decimal
) -> dict[str, Coverage]:
    register = shelter.fold(standing(story.entries).reports)
    headed = Headed(None if people is None else Decimal(people), **more)  # type: ignore[arg-type]
    found = coverage(register, chosen(figures), {"camp": headed})  # type: ignore[dict-item]
    return {line.service: line for line in found}


def camp() -> Story:
    story = Story().land()
    story.say("site", place="camp", type="camp")
    return story


def test_a_gap_says_how_much_of_how_much_and_for_how_many_it_is_short() -> None:
    story = camp()
    story.say("service_level", place="camp", service="toilet", quantity="20 items")
    line = lines(story, 700)["toilet"]
    assert (line.asked, line.missing, line.short_for) == (35, 15, 300)
    assert line.text == (
        "⟦camp⟧: 20 of 35 toilets for 700 people, so it is short for 300 people (one toilet for 20 "
        "people; Sphere Handbook 2018, excreta management 3.2)."
    )


def test_the_lowest_that_is_claimed_is_set_against_what_is_asked() -> None:
    story = camp()
    for claimant, amount in (("north", "9000 l"), ("south", "up to 12000 l"), ("agency", "7000 l")):
        story.say("service_level", claimant, place="camp", service="water", quantity=amount)
    line = lines(story, 700)["water"]
    assert (line.asked, line.missing) == (10500, 3500)
    assert len(line.basis) == 3


def test_where_nothing_is_missing_the_figures_are_told_all_the_same() -> None:
    story = camp()
    story.say("service_level", place="camp", service="tap", quantity="3 items")
    line = lines(story, 700)["tap"]
    assert (line.missing, line.short_for) == (0, 0)
    assert "3 of 3 taps for 700 people; none is missing" in line.text


def test_no_report_is_not_nothing_and_nobody_counted_is_not_nobody() -> None:
    story = camp()
    assert lines(story, 700)["toilet"].missing is None
    assert "no report received of toilets" in lines(story, 700)["toilet"].text
    story.say("service_level", place="camp", service="toilet", quantity="20 items")
    line = lines(story, None)["toilet"]
    assert (line.asked, line.missing) == (None, None)
    assert "how many people are there is not known" in line.text


def test_ways_and_queues_are_set_against_the_most_that_is_asked() -> None:
    story = camp()
    story.say("service_level", place="camp", service="water_queue", quantity="45 min")
    story.say("service_level", place="camp", service="toilet_distance", quantity="40 m")
    found = lines(story, 700)
    assert found["water_queue"].missing == 15
    assert found["water_queue"].short_for is None
    assert found["toilet_distance"].missing == 0


def test_the_operation_may_use_other_figures() -> None:
    story = camp()
    story.say("service_level", place="camp", service="toilet", quantity="14 items")
    assert lines(story, 700, "toilet=toilet_at_first")["toilet"].missing == 0
    assert lines(story, 700, "toilet=35")["toilet"].asked == 20


def test_floor_that_nobody_gave_comes_from_the_usable_units() -> None:
    story = camp()
    for code, floor, condition in (
        ("a", "120", "usable"), ("b", "80", "usable"), ("c", "500", "unusable"),
    ):  # fmt: skip
        story.say(
            "shelter_unit", place="camp", shelter_unit=code, type="tent", floor_m2=floor,
            condition=condition,
        )  # fmt: skip
    line = lines(story, 70)["covered_floor"]
    assert (line.has.best, line.missing, line.short_for) == (200, 45, 13)


def test_households_are_needed_where_a_figure_is_per_household() -> None:
    story = camp()
    story.say("service_level", place="camp", service="water_container", quantity="100 items")
    assert lines(story, 700)["water_container"].missing is None
    assert lines(story, 700, households=Decimal(140))["water_container"].missing == 180


def test_a_gap_becomes_whole_units_of_goods_asked_of_the_supply_desk() -> None:
    story = camp()
    story.say("service_level", place="camp", service="soap", quantity="200 kg")
    story.say("service_level", place="camp", service="tap", quantity="1 items")
    goods = (("soap", "soap-box", Decimal(10)), ("water", "tank", Decimal(500)))
    (ask,) = asks(lines(story, 700).values(), goods)  # type: ignore[arg-type]
    assert (ask.commodity, ask.quantity) == ("soap-box", 12)
    assert "of soap" in ask.why


def test_a_room_shows_who_says_how_many_and_the_floor_for_each() -> None:
    register = shelter.fold(standing(two_valleys()).reports)
    by_code = {str(line.unit.statement.shelter_unit): line for line in rooms(register, "dell-camp")}  # type: ignore[arg-type]
    hall = by_code["hall-1"]
    assert (hall.occupied.low, hall.occupied.high) == (262, 300)
    assert hall.floor_each_m2 == 3
    assert hall.floor_left_m2(Decimal("3.5")) == -150
