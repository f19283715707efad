"""The ceasefire brief: what it keeps apart, and what it draws."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from corridor.briefs import Brief, ceasefire, render
from corridor.briefs.brief import Drawing, Sentence, Table
from corridor.briefs.figures import clusters, funnel, rates, reliability, rhythm, strips
from corridor.briefs.figures.clusters import Circle, Mark
from corridor.briefs.figures.funnel import Step
from corridor.briefs.figures.rates import Span
from corridor.briefs.figures.reliability import Dot
from corridor.briefs.figures.weeks import Week, draw
from corridor.briefs.telling import in_words
from corridor.errors import CorridorError
from corridor.values import Estimate
from corridor.watch.measured import Choices, watch
from stories import Story, at, day

RATE = Estimate(Decimal("0.2"), Decimal("0.5"), Decimal("0.9"), "a post", "made up")


@pytest.fixture
def story() -> Story:
    """A ceasefire with one incident, told by one side and denied by the other."""
    told = Story().land()
    told.say("ceasefire", ceasefire="truce", parties="north,south", begins=at(4))
    told.say("ceasefire", ceasefire="truce", clause="one", violations="shelling")
    seen = {"incident": "shots", "observed": at(6)}
    told.say("incident", "north", **seen, violation="shelling", place="town")
    told.say("incident", "south", **seen, speech_act="denied")
    breach = told.say("incident", "north", **seen, axis="breach", clause="one")
    told.say(
        "incident", "south", **seen, axis="breach", clause="one", speech_act="denied", denies=breach
    )
    return told


def _brief(story: Story, edition: Any = "restricted") -> Brief:
    view = story.picture(day(20), clearance=edition)
    return ceasefire(watch(view, Choices()), edition=edition)


def _rows(brief: Brief, key: str) -> list[list[str]]:
    tables = [
        block.table if isinstance(block, Drawing) else block
        for section in brief.sections
        for block in section.blocks
        if isinstance(block, Drawing | Table)
    ]
    table = next(table for table in tables if table.key == key)
    return [[in_words(cell.parts) for cell in row] for row in table.rows]


def test_a_denial_stands_beside_what_it_denies(story: Story) -> None:
    (row,) = _rows(_brief(story), "incidents")
    assert row[3:6] == ["north", "south", "alleged, contested"]
    assert row[7] == "north alleges one of clause one; south denies one of clause one"


def test_every_cause_claimed_is_shown(story: Story) -> None:
    seen = {"incident": "store", "observed": at(7), "place": "town"}
    story.say("incident", "north", **seen, cause="accident")
    story.say("incident", "south", **seen, cause="not_established")
    assert _rows(_brief(story), "incidents")[1][0] == "store: accident and not established"


def test_zero_with_coverage_without_it_and_nothing_said_read_apart(story: Story) -> None:
    story.say("coverage", "a", place="town", observed=at(8), posts_open=1, recorded="0 times")
    story.say("coverage", "b", place="town", observed=at(9), recorded="0 times")
    story.say("coverage", "c", place="town", observed=at(10), posts_open=1)
    assert [row[-1] for row in _rows(_brief(story), "coverage")] == [
        "zero, with this coverage",
        "unknown: zero recorded, and nothing said to have watched",
        "unknown: nothing is said of what was recorded",
    ]


def test_a_week_that_nobody_watched_reads_as_unknown(story: Story) -> None:
    weeks = _rows(_brief(story), "weeks-counted")
    assert {row[-1] for row in weeks} == {"unknown: nobody is said to have watched"}
    assert sum(int(row[1]) for row in weeks) == 1


def told_of_posts(story: Story) -> Story:
    """Say where somebody watched, from where and with what, and who did it."""
    for place, more in (
        ("west", {"type": "region"}),
        ("alder", {"type": "settlement", "within": "west"}),
    ):
        story.say("place", place=place, **more)
    story.say("mandate", "north", body="monitor", text="to watch")
    story.say(
        "coverage", "monitor", place="alder", observed=at(8), posts_open=3, patrol_hours="17.3"
    )
    seen = {"incident": "shells", "observed": at(8, 5)}
    story.say("incident", "monitor", **seen, place="alder", violation="shelling", perceived="heard", seen_from="camp",
              lat="10.2", lon="20.3")  # fmt: skip
    story.say("incident", "north", **seen, axis="who_did_it", attributed_to="south")
    return story


def test_the_public_edition_holds_district_and_week_and_the_class_of_claimant(story: Story) -> None:
    brief = _brief(told_of_posts(story), "public")
    assert _rows(brief, "incidents-by-week") == [
        ["6 May", "district not given", "alleged", "1", "a party to the ceasefire",
         "a party to the ceasefire"],
        ["6 May", "west", "observed", "1", "a body said to be mandated", "nobody"],
    ]  # fmt: skip
    for form in ("html", "text", "json"):
        page = render(brief, form)
        for kept in (
            "17.3",
            "monitor",
            "alder",
            "10.2",
            "8 May",
            "05-08",
            "heard",
            "camp",
            "shelling",
        ):
            assert kept not in page
    assert brief.sources == ()


def test_a_week_that_is_not_over_for_long_enough_is_not_public(story: Story) -> None:
    story.say("incident", "north", incident="late", observed=at(19), violation="shelling")
    assert len(_rows(_brief(story, "public"), "incidents-by-week")) == 1
    assert len(_rows(_brief(story, "partners"), "incidents-by-week")) == 2


def test_partners_read_who_says_so_and_who_denies_it(story: Story) -> None:
    (row,) = _rows(_brief(story, "partners"), "incidents-by-week")
    assert row[4:] == ["north", "south"]


def test_an_edition_is_never_made_from_a_picture_that_holds_more(story: Story) -> None:
    found = watch(story.picture(day(20), clearance="restricted"), Choices())
    with pytest.raises(CorridorError, match="needs a picture for public readers"):
        ceasefire(found, edition="public")


@pytest.mark.parametrize("edition", ["public", "partners"])
def test_a_restricted_report_changes_no_byte_of_a_lower_edition(story: Story, edition: Any) -> None:
    before = render(_brief(story, edition), "json")
    story.say("incident", "monitor", incident="secret", observed=at(7), violation="shelling",
              handling="restricted")  # fmt: skip
    story.say(
        "coverage", "monitor", place="town", observed=at(7), posts_open=1, handling="restricted"
    )
    assert render(_brief(story, edition), "json") == before


def test_every_sentence_has_an_owner(story: Story) -> None:
    sentences = [
        block
        for section in _brief(story).sections
        for block in section.blocks
        if isinstance(block, Sentence)
    ]
    assert sentences
    assert all(sentence.owner for sentence in sentences)


def test_weeks_and_strips_are_drawn_with_their_numbers_in_words() -> None:
    weeks = [Week(date(2030, 5, 1), 7, 3, 1, 7), Week(date(2030, 5, 8), 7, 0, 0, 0)]
    days = [date(2030, 5, 1), date(2030, 5, 2)]
    for text, said in (
        (draw("Weeks", weeks, date(2030, 5, 4)), "watched on 0 of 7 days"),
        (strips.draw("A road", days, [0.2, 1.0], [False, True]), "2 May: 100%"),
        (
            rhythm.draw("Hours", days, [[0, 2], [0, 0]], [True, False], ["day", "night"]),
            "1 May: 2; 2 May: 0, not watched",
        ),
        (
            funnel.draw("Rungs", [Step("alleged", 5, 3, 1), Step("observed", 2, 2, 0)]),
            "alleged: 3 of 5 that got there, 1 contested",
        ),
        (reliability.draw("Said", [Dot(0.1, 0.2, 30)]), "said 10%, came 20% of 30"),
        (
            clusters.draw(
                "Map", [Mark(10, 20, 3)], [Circle(10.1, 20.1, 5, 1)], [Mark(10, 20, 0, "Town")]
            ),
            "3 incidents at 1 points; cluster 1: 5.0 km",
        ),
        (
            rates.draw("Rate", [Span(days[0], days[1], RATE)], [(days[0], 0.4)], days[1], "a post"),
            "1 May to 2 May: 0.5 (0.2 to 0.9)",
        ),
    ):
        root = ET.fromstring(text)
        assert said in (root[1].text or "")
        width, height = (float(n) for n in root.get("viewBox", "").split()[2:])
        for node in root.iter("{http://www.w3.org/2000/svg}text"):
            assert 0 <= float(node.get("x", "")) <= width
            assert 0 <= float(node.get("y", "")) <= height
