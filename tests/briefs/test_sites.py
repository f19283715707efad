"""The section on sites, edition by edition."""

from __future__ import annotations

import pytest

from briefs.tale import brief_of, invented, tables, text_of
from corridor.report import Handling
from stories import Story, at, codes, day


def camp(inside_base: str = "no", **more: str) -> Story:
    story = Story().land()
    story.say("organisation", "operation", organisation="agency", name="Agency")
    story.say("site", place="camp", type="camp", inside_base=inside_base, **more)
    story.say("headcount", place="camp", quantity="200 people", observed=at(9))
    story.say("service_level", place="camp", service="tap", quantity="1 items", observed=at(9))
    story.say(
        "occupancy", place="camp", quantity="41 people", observed=at(9), handling="restricted"
    )
    return story


def keys(story: Story, edition: Handling) -> set[str]:
    return set(tables(brief_of(story, edition)))


def test_a_whole_brief_says_what_there_is_of_what_is_asked() -> None:
    table = tables(brief_of(camp()))["services-camp"]
    (row,) = table.rows
    told = ["".join(getattr(part, "text", part) for part in cell.parts) for cell in row]
    assert told == ["tap", "1", "1", "none", "0", "one tap for 250 people"]


def test_partners_see_what_a_site_lacks_and_not_who_is_in_it() -> None:
    story = camp()
    assert {"site-camp", "services-camp"} <= keys(story, "partners")
    assert "41 people" not in text_of(story, "partners")


@pytest.mark.parametrize("edition", ["partners", "public"])
def test_a_site_inside_a_base_stands_in_no_lower_edition_though_handled_too_openly(
    edition: Handling,
) -> None:
    story = camp("yes")
    assert not {key for key in keys(story, edition) if key.startswith(("site", "services"))}
    assert "Inside a base" not in text_of(story, edition)
    assert "base_site_too_open" in codes(story.picture(day(13)).findings)


def test_where_a_site_inside_a_base_lies_is_restricted() -> None:
    story = camp("yes", handling="restricted")
    before = codes(story.picture(day(13)).findings)
    story.say("place", "operation", place="camp", type="camp", lat="10", lon="20")
    after = codes(story.picture(day(13)).findings)
    assert after.count("base_site_too_open") == before.count("base_site_too_open") + 1


def test_a_public_brief_of_the_example_shows_counts_alone() -> None:
    public = invented("public", day(16))
    (section,) = (section for section in public.sections if section.key == "sites")
    assert [getattr(block, "key", "") for block in section.blocks] == ["sex-and-age"]


def test_children_at_a_site_are_asked_about_in_restricted_views_alone() -> None:
    assert "children_share_high" not in str(invented("partners", day(16)))
    whole = invented("restricted", day(16))
    assert "children without their families" in str(tables(whole)["site-questions"])
    assert "children without their families" not in str(tables(whole)["findings"])
