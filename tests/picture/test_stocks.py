from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from corridor.picture import StockLine
from corridor.values import ReportId
from stories import Story, at, day, numbers


def count(
    story: Story, amount: str, number: float, claimant: str = "agency", **more: Any
) -> ReportId:
    given = {"place": "town", "commodity": "food"}
    whole = int(number)
    when = at(whole, (number - whole) * 24)
    return story.say("stock_count", claimant, quantity=amount, observed=when, **(given | more))


def move(story: Story, stage: str, amount: str, number: int, **more: Any) -> ReportId:
    given = {"commodity": "food", "origin": "hub", "destination": "town", "consignment": "W-1"}
    claimant = more.pop("claimant", "agency")
    said = given | {"stage": stage, "quantity": amount, "observed": at(number)} | more
    return story.say("consignment", claimant, **said)


def feed(story: Story, people: str = "5000 people", rate: str = "0.4 kg", **more: Any) -> None:
    story.say("headcount", place="town", quantity=people, observed=at(2))
    story.say("need_rate", commodity="food", quantity=rate, **more)


def line(story: Story, number: float = 13, place: str = "town", good: str = "food") -> StockLine:
    whole = int(number)
    view = story.picture(day(whole, (number - whole) * 24))
    (found,) = (s for s in view.stocks if (s.place, s.commodity) == (place, good))
    return found


def test_days_of_cover_by_hand() -> None:
    # 5,000 people at 0.4 kg need 2 t a day. Of 30 t counted three days ago, 6 t may be used:
    # 24 t last 12 days. If nothing was used, 30 t last 15.
    story = Story().land()
    count(story, "30 t", 10)
    feed(story)
    found = line(story, 13)
    assert numbers(found.need_per_day) == (2, 2, 2)
    assert found.need_per_day.unit == "t a day"
    assert numbers(found.days_of_cover) == (12, 12, 15)
    assert found.cautious == 24
    assert found.cautious_why == "the figure itself, less 3.0 days of need since the count"
    assert found.counted_at == day(10)


def test_days_of_cover_of_ranges_by_hand() -> None:
    # 20-30 t for 4,000-5,000 people at 0.4 kg: at worst 20 / 2.0 - 1, at best 30 / 1.6.
    story = Story().land()
    count(story, "20-30 t", 10)
    feed(story, "4000-5000 people")
    found = line(story, 11)
    assert numbers(found.need_per_day) == (1.6, None, 2)
    assert numbers(found.days_of_cover) == (9, None, 18.8)


def test_a_bound_that_is_missing_stays_missing() -> None:
    story = Story().land()
    count(story, "up to 30 t", 10)
    feed(story, "over 5000 people")
    found = line(story, 10)
    assert numbers(found.stock) == (None, None, 30)
    assert numbers(found.need_per_day) == (2, None, None)
    assert numbers(found.days_of_cover) == (None, None, 15)
    assert "only end stated" in found.cautious_why


def test_where_only_an_upper_end_is_stated_planning_takes_the_declared_share_of_it() -> None:
    story = Story().land()
    story.say("setting", name="stated_end_factor", value="0.5")
    count(story, "up to 30 t", 10)
    found = line(story, 10)
    assert found.cautious == 15


def test_nothing_in_store_is_no_days_and_no_count_is_unknown() -> None:
    story = Story().land()
    feed(story)
    assert not line(story).days_of_cover.is_known
    assert line(story).cautious is None
    count(story, "0 t", 10)
    assert numbers(line(story).days_of_cover) == (0, 0, 0)


def test_cover_never_runs_below_nothing_however_old_the_count() -> None:
    story = Story().land()
    count(story, "4 t", 3)
    feed(story)
    assert numbers(line(story, 13).days_of_cover) == (0, 0, 2)


def test_a_tiny_need_gives_a_long_cover_and_no_overflow() -> None:
    story = Story().land()
    count(story, "999999999999999999 t", 10)
    feed(story, "1 people", "0.000000001 kg")
    assert line(story).days_of_cover.high == 36_500


def test_claimants_who_disagree_span_a_range_and_have_no_best() -> None:
    story = Story().land()
    count(story, "9 t", 10, "north")
    count(story, "14 t", 10, "agency")
    found = line(story, 10)
    assert numbers(found.stock) == (9, None, 14)
    assert (found.cautious, found.cautious_why) == (9, "the lowest of the claims")


def test_a_claimant_who_names_only_an_upper_end_pulls_the_range_down() -> None:
    story = Story().land()
    count(story, "14 t", 10, "north")
    count(story, "up to 9 t", 10, "agency")
    assert numbers(line(story, 10).stock) == (9, None, 14)
    assert line(story, 10).cautious == 9


def test_movements_after_a_count_are_added_and_those_before_are_in_it() -> None:
    story = Story().land()
    move(story, "received", "5 t", 8, consignment="W-0")
    count(story, "10 t", 9)
    move(story, "received", "7 t", 9, consignment="W-9")
    move(story, "received", "20 t", 10)
    move(story, "distributed", "3 t", 11)
    assert numbers(line(story).stock) == (27, 27, 27)


def test_a_movement_of_two_claims_moves_a_range() -> None:
    story = Story().land()
    count(story, "10 t", 9)
    move(story, "received", "20 t", 10)
    move(story, "received", "18 t", 10, claimant="north")
    assert numbers(line(story).stock) == (28, None, 30)


def test_up_to_five_received_may_be_nothing_and_over_five_given_out_may_be_all() -> None:
    story = Story().land()
    count(story, "10 t", 9)
    move(story, "received", "up to 5 t", 10)
    assert numbers(line(story).stock) == (10, None, 15)
    story.say(
        "consignment",
        commodity="food",
        destination="town",
        consignment="W-1",
        stage="distributed",
        quantity="over 5 t",
        observed=at(11),
    )
    assert line(story).stock.low is None


def test_a_stock_does_not_fall_below_nothing() -> None:
    story = Story().land()
    count(story, "2 t", 9)
    move(story, "distributed", "3 t", 10)
    assert numbers(line(story).stock) == (0, 0, 0)


def test_without_a_count_coded_consignments_give_a_lower_end() -> None:
    story = Story().land()
    move(story, "received", "20 t", 10)
    move(story, "distributed", "5 t", 11)
    found = line(story)
    assert numbers(found.stock) == (15, None, None)
    assert found.counted_at is None


def test_litres_and_tonnes_of_one_fuel_meet_in_its_unit() -> None:
    # At 0.8 kg a litre, 4 t are 5,000 l.
    story = Story().land()
    count(story, "1000 l", 9, commodity="petrol")
    move(story, "received", "4 t", 10, commodity="petrol")
    found = line(story, good="petrol")
    assert (found.unit, numbers(found.stock)) == ("l", (6000, 6000, 6000))


def test_a_conversion_by_density_shows_no_digits_it_does_not_have() -> None:
    story = Story()
    story.say("commodity", commodity="petrol", name="P", unit="l", kg_per_unit="0.745")
    story.say("stock_count", place="town", commodity="petrol", quantity="10 t", observed=at(9))
    assert str(line(story, good="petrol").stock) == "13,422.8188 l"


def test_people_counted_elsewhere_are_fed_from_the_depot_that_serves_them() -> None:
    story = Story().land()
    count(story, "30 t", 10)
    feed(story)
    story.say("headcount", place="camp", quantity="2500 people", observed=at(2))
    found = line(story, 10)
    assert numbers(found.need_per_day) == (3, 3, 3)
    assert numbers(found.days_of_cover) == (10, 10, 10)
    assert {s.place for s in story.picture().stocks} == {"town"}


def test_a_rate_for_a_place_goes_before_one_for_everywhere() -> None:
    story = Story().land()
    feed(story)
    story.say("need_rate", commodity="food", quantity="0.6 kg", place="town")
    assert numbers(line(story).need_per_day) == (3, 3, 3)


def test_a_rate_for_a_group_is_for_nobody_else() -> None:
    story = Story().land()
    feed(story, group="patients")
    assert [s for s in story.picture().stocks if s.need_per_day.is_known] == []


def test_rates_of_two_claimants_are_a_range() -> None:
    story = Story().land()
    feed(story)
    story.say("need_rate", "north", commodity="food", quantity="600 g")
    assert numbers(line(story).need_per_day) == (2, None, 3)


def adopt(story: Story, subject: str, amount: str, number: int, **more: Any) -> ReportId:
    given = {"place": "town", "commodity": "food", "decided_by": "head", "reason": "between"}
    return story.say(
        "adopted", subject=subject, quantity=amount, observed=at(number), **(given | more)
    )


def test_an_adopted_stock_goes_before_the_claims() -> None:
    story = Story().land()
    count(story, "9 t", 9, "north")
    adopted = adopt(story, "stock", "12 t", 10)
    move(story, "received", "5 t", 11)
    found = line(story)
    assert numbers(found.stock) == (17, 17, 17)
    assert found.stock.method == "adopted figure"
    assert adopted in found.stock.basis
    assert len(found.counts.latest) == 1, "the claims stay beside it"


def test_what_moved_between_an_adopted_claim_and_its_adoption_is_not_lost() -> None:
    story = Story().land()
    claim = count(story, "9 t", 8, "north")
    count(story, "4 t", 8, "agency")
    move(story, "received", "5 t", 9)
    adopt(story, "stock", "9 t", 10, claim=claim)
    found = line(story)
    assert numbers(found.stock) == (14, 14, 14)
    assert found.counted_at == day(8)


def test_an_adopted_stock_in_a_unit_that_does_not_convert_leaves_the_claims() -> None:
    story = Story().land()
    count(story, "9 t", 9)
    adopt(story, "stock", "12 boxes", 10)
    assert numbers(line(story).stock) == (9, 9, 9)
    assert line(story).stock.method == "range over each claimant's latest count"


def test_an_adopted_need_rate_goes_before_the_claims() -> None:
    story = Story().land()
    feed(story)
    adopt(story, "need_rate", "0.8 kg", 10)
    assert numbers(line(story).need_per_day) == (4, 4, 4)


def test_an_adopted_need_rate_makes_a_line_where_nobody_claims_one() -> None:
    story = Story().land()
    story.say("headcount", place="camp", quantity="1000 people", observed=at(2))
    adopt(story, "need_rate", "0.5 kg", 10, place="camp")
    assert numbers(line(story).need_per_day) == (0.5, 0.5, 0.5)


# On the way.


@pytest.mark.parametrize(
    ("received", "left"),
    [
        ("15 t", (3, 3, 3)),
        ("15-16 t", (2, None, 3)),
        ("over 15 t", (None, None, 3)),
        ("up to 15 t", (3, None, 18)),
    ],
)
def test_what_was_sent_and_not_received_is_on_the_way(
    received: str, left: tuple[float | None, ...]
) -> None:
    story = Story().land()
    move(story, "dispatched", "18 t", 5)
    move(story, "received", received, 6)
    (transit,) = story.picture().transit
    assert (transit.consignment, transit.destination) == ("W-1", "town")
    assert numbers(transit.quantity) == left


def test_what_was_received_or_lost_is_on_the_way_no_more() -> None:
    story = Story().land()
    move(story, "dispatched", "18 t", 5)
    move(story, "received", "15 t", 6)
    move(story, "lost", "3 t", 7)
    view = story.picture()
    assert view.transit == ()
    assert {(s.place, s.stock.low) for s in view.stocks} == {("town", Decimal(15)), ("hub", 0)}


def test_what_was_received_without_being_sent_is_not_on_the_way() -> None:
    story = Story().land()
    move(story, "received", "15 t", 6)
    assert story.picture().transit == ()


def test_an_older_count_is_lowered_by_its_own_age() -> None:
    story = Story().land()
    story.say("need_rate", commodity="food", quantity="1 kg")
    story.say("headcount", place="town", quantity="1000 people", observed=at(9))
    story.say(
        "stock_count", "council", place="town", commodity="food", quantity="20 t", observed=at(5)
    )
    story.say(
        "stock_count", "agency", place="town", commodity="food", quantity="18 t", observed=at(9)
    )
    line = next(line for line in story.picture(day(10)).stocks if line.place == "town")
    # 20 t five days ago leave 15 t, less than 18 t a day ago, which leave 17 t.
    assert line.cautious == 15
    assert numbers(line.days_of_cover)[0] == 15
