from __future__ import annotations

from typing import Any

from corridor.values import Finding, ReportId
from stories import Story, at, codes, the


def announce(story: Story, claimant: str, amount: str, number: int = 5, **more: Any) -> ReportId:
    given = {"commodity": "food", "stage": "dispatched", "destination": "town"}
    said = given | {"quantity": amount, "observed": at(number)} | more
    return story.say("consignment", claimant, **said)


def found(story: Story) -> tuple[Finding, ...]:
    wanted = ("likely_double_count", "repeated_announcement", "figures_exchanged")
    return tuple(f for f in story.picture().findings if f.code in wanted)


def test_two_parties_announcing_one_cargo_are_flagged_and_nothing_is_added() -> None:
    story = Story().land()
    one = announce(story, "north", "about 20 t", 5)
    two = announce(story, "south", "22 t", 6, stage="received")
    view = story.picture()
    finding = the("likely_double_count", view.findings)
    assert finding.severity == "act"
    assert finding.basis == tuple(sorted((one, two)))
    assert {value for _, value in finding.values} == {"about 20 t Food", "22 t Food"}
    assert view.stocks == (), "announcements without a waybill move no stock"


def test_one_party_announcing_twice_is_a_repetition() -> None:
    story = Story().land()
    announce(story, "north", "20 t", 5)
    announce(story, "north", "20 t", 6)
    assert codes(found(story)) == ["repeated_announcement"]


def test_amounts_that_do_not_meet_are_two_cargoes() -> None:
    story = Story().land()
    announce(story, "north", "10 t")
    announce(story, "south", "13 t")
    assert found(story) == ()
    announce(story, "agency", "12.5 t")
    assert codes(found(story)) == ["likely_double_count"]


def test_bounds_are_widened_and_not_forgotten() -> None:
    story = Story().land()
    announce(story, "north", "up to 20 t")
    announce(story, "south", "30 t")
    assert found(story) == ()
    announce(story, "agency", "16-24 t")
    assert len(the("likely_double_count", found(story)).basis) == 3


def test_days_apart_are_two_cargoes() -> None:
    story = Story().land()
    announce(story, "north", "20 t", 5)
    announce(story, "south", "20 t", 8)
    assert found(story) == ()
    story.say("setting", name="double_count_days", value="3")
    assert codes(found(story)) == ["likely_double_count"]


def test_other_goods_are_another_cargo_but_a_part_may_be_the_whole() -> None:
    story = Story().land()
    announce(story, "north", "20 t", commodity="flour")
    announce(story, "south", "20 t", commodity="petrol")
    assert found(story) == ()
    announce(story, "agency", "20 t", commodity="food")
    assert codes(found(story)) == ["likely_double_count"]


def test_other_places_are_another_cargo_but_a_place_may_lie_within_another() -> None:
    story = Story().land()
    announce(story, "north", "20 t", destination="camp")
    announce(story, "south", "20 t", destination="town")
    assert found(story) == ()
    story.say("place", place="region", type="region")
    story.say("place", place="town", type="settlement", within="region")
    announce(story, "agency", "20 t", destination="region")
    assert len(the("likely_double_count", found(story)).basis) == 2


def test_two_waybills_are_two_cargoes_and_promises_are_none() -> None:
    story = Story().land()
    announce(story, "north", "20 t", consignment="W-1")
    announce(story, "south", "20 t", consignment="W-2")
    announce(story, "agency", "20 t", speech_act="promised")
    announce(story, "agency", "20 t", measure="cumulative")
    assert found(story) == ()


def test_litres_and_tonnes_may_be_one_cargo_whichever_comes_first() -> None:
    # At 0.8 kg a litre, 8 t are 10,000 l.
    for first, second in (("8 t", "10000 l"), ("10000 l", "8 t")):
        story = Story().land()
        announce(story, "north", first, 5, commodity="petrol")
        announce(story, "south", second, 6, commodity="petrol")
        assert codes(found(story)) == ["likely_double_count"]


def test_amounts_that_cannot_be_compared_are_left_apart() -> None:
    story = Story().land()
    announce(story, "north", "8 trucks")
    announce(story, "south", "20 t")
    assert found(story) == ()


def exchange(story: Story, claimant: str, petrol: str, food: str, **more: Any) -> None:
    announce(story, claimant, petrol, commodity="petrol", **more)
    announce(story, claimant, food, commodity="food", **more)


def test_one_run_told_with_the_amounts_of_two_goods_exchanged() -> None:
    story = Story().land()
    exchange(story, "north", "24 t", "64 t")
    exchange(story, "south", "64 t", "24 t")
    finding = the("figures_exchanged", found(story))
    assert finding.severity == "ask"
    assert len(finding.values) == len(finding.basis) == 4
    assert "both stand" in finding.text


def test_whom_an_exchange_names_first_does_not_depend_on_what_they_are_called() -> None:
    texts = []
    for first, second in (("north", "south"), ("south", "north")):
        story = Story().land()
        exchange(story, first, "24 t", "64 t", channel="post")
        exchange(story, second, "64 t", "24 t", channel="post")
        texts.append(the("figures_exchanged", found(story)).text)
    names = {"north": "south", "south": "north"}
    swapped = " ".join(names.get(word, word) for word in texts[1].split())
    assert texts[0] == swapped != texts[1]


def test_equal_amounts_other_units_and_other_days_are_no_exchange() -> None:
    for amounts, more in (
        (("24 t", "24 t"), {}),
        (("64 kg", "24 kg"), {}),
        (("64 t", "24 t"), {"number": 9}),
        (("64 t", "24 t"), {"stage": "received"}),
        (("64 t", "25 t"), {}),
    ):
        story = Story().land()
        exchange(story, "north", "24 t", "64 t")
        exchange(story, "south", *amounts, **more)
        assert "figures_exchanged" not in codes(found(story))
