from __future__ import annotations

import pytest

from corridor.values import PlaceCode
from stories import Story, at


def names(story: Story, *usages: tuple[str, str, str]) -> str:
    for name, language, user in usages:
        story.say("place_name", place="town", name=name, language=language, used_by=user)
    return story.picture().name("town")


def test_a_place_without_a_name_is_its_code() -> None:
    assert Story().land().picture().name("town") == "town"


def test_every_usage_is_shown_in_alphabetical_order_where_none_was_fixed() -> None:
    usages = (("Mill", "en", "south"), ("Bridge", "en", "north"), ("Mill", "en", "north"))
    assert names(Story().land(), *usages) == "Bridge / Mill"


def test_every_usage_is_shown_in_the_order_that_was_fixed() -> None:
    story = Story().land()
    story.say("setting", name="order_of_names", value="south,north")
    assert names(story, ("Bridge", "en", "north"), ("Mill", "en", "south")) == "Mill / Bridge"


@pytest.mark.parametrize("name", ["Xankəndi", "Əsgəran", "Stepʻanakert", "Łódź", "Việt Trì"])
def test_latin_letters_of_every_language_are_latin(name: str) -> None:
    assert names(Story().land(), (name, "az-Latn", "north")) == name


def test_other_scripts_stand_in_the_register_and_not_in_the_label() -> None:
    story = Story().land()
    label = names(story, ("Ստեփանակերտ", "hy", "north"), ("Mill", "en", "south"))
    assert label == "Mill"
    usages = story.picture().geography.names[PlaceCode("town")]
    assert {usage.name for usage in usages} == {"Ստեփանակերտ", "Mill"}


def test_findings_speak_by_name_and_not_by_code() -> None:
    story = Story().land()
    story.say("party", party="north", name="Northern Side")
    story.say(
        "stock_count", "north", place="town", commodity="food", quantity="9 t", observed=at(4)
    )
    story.say(
        "stock_count", "north", place="town", commodity="food", quantity="90 t", observed=at(5)
    )
    (finding,) = story.picture().findings
    assert finding.text.startswith("Northern Side counts 90 t of Food at town")
    assert "⟦" not in repr(story.picture().findings)


def test_claims_stand_in_the_order_of_names_and_not_of_arrival() -> None:
    story = Story().land()
    story.say("setting", name="order_of_names", value="south,north")
    for claimant, number in (("agency", 3), ("north", 4), ("south", 5)):
        story.say(
            "stock_count",
            claimant,
            place="town",
            commodity="food",
            quantity="9 t",
            observed=at(number),
        )
    view = story.picture()
    claims = view.claims_in_order(view.stocks[0].counts.latest)
    assert [claim.claimant for claim in claims] == ["south", "north", "agency"]
    assert view.in_order(["north", "agency", "south"]) == ("south", "north", "agency")
