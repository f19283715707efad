from __future__ import annotations

from typing import Any

from corridor.registers import geography
from corridor.report import standing
from stories import Story, at, codes, the


def fold(story: Story) -> geography.Geography:
    return geography.fold(standing(story.entries).reports)


def place(story: Story, claimant: str, number: int, **more: Any) -> None:
    given = {"place": "town", "type": "settlement"} | more
    story.say("place", claimant, observed=at(number), **given)


def test_the_last_description_of_a_place_holds() -> None:
    story = Story()
    place(story, "agency", 2, storage_t="100")
    place(story, "agency", 3, storage_t="80")
    found = fold(story)
    assert found.places["town"].storage_t == 80
    assert found.findings == ()


def test_descriptions_by_two_claimants_that_differ_are_told() -> None:
    story = Story()
    place(story, "north", 2, lat="40.1", lon="46.2")
    place(story, "south", 3, lat="40.2", lon="46.2")
    found = fold(story)
    assert codes(found.findings) == ["described_differently"]
    assert the("described_differently", found.findings).basis == tuple(
        sorted(report.id for report in story.reports)
    )


def test_descriptions_by_two_claimants_that_agree_are_no_finding() -> None:
    story = Story()
    place(story, "north", 2)
    place(story, "south", 3)
    assert fold(story).findings == ()


def test_a_denied_description_describes_nothing() -> None:
    story = Story()
    place(story, "north", 2)
    place(story, "south", 3, type="camp", speech_act="denied")
    assert fold(story).places["town"].type == "settlement"


def test_every_usage_of_a_name_is_kept_once() -> None:
    story = Story()
    for user in ("north", "south", "north"):
        story.say("place_name", place="town", name="Mill", language="en", used_by=user)
    found = fold(story)
    assert [usage.used_by for usage in found.names["town"]] == ["north", "south"]


def test_parties_and_organisations_have_names_and_may_act_for_another() -> None:
    story = Story()
    story.say("party", party="north", name="North")
    story.say("organisation", organisation="council", name="Council", acts_for="north")
    found = fold(story)
    assert found.parties == {"north": "North", "council": "Council"}
    assert found.acts_for == {"council": "north"}
