from __future__ import annotations

from typing import Any

import pytest

from corridor.errors import InvalidReport
from corridor.registers.ceasefire import Terms, fold, says_quiet
from corridor.values import PlaceCode
from stories import END, Story, at, codes, day, the


def told(story: Story) -> Terms:
    return fold(sorted(story.reports, key=lambda report: report.order), at=END)


def watched(story: Story, claimant: str = "monitor", **fields: Any) -> str:
    return story.say("coverage", claimant, **{"place": "town", "observed": "2030-05-05"} | fields)


def test_versions_of_a_ceasefire_stand_side_by_side() -> None:
    story = Story()
    for side in ("north", "south"):
        text = {"ceasefire": "truce", "version_of": side, "language": "en"}
        story.say("ceasefire", side, **text, begins=at(1), valid_until=at(8), parties="north,south")
        story.say("ceasefire", side, **text, clause="truce-1", violations="shelling,shots")
    story.say("ceasefire", "south", **text, clause="truce-2", violations="new-post")
    terms = told(story)
    north, south = sorted(terms.versions["truce"], key=lambda version: str(version.version_of))
    assert (north.version_of, list(north.clauses)) == ("north", ["truce-1"])
    assert (south.version_of, list(south.clauses)) == ("south", ["truce-1", "truce-2"])
    assert terms.violations["truce-1"] == {"shelling", "shots"}
    assert terms.parties == ("north", "south")
    assert the("ceasefire_versions_differ", terms.findings)


def test_a_ceasefire_that_ran_out_is_told_until_another_extends_it() -> None:
    story = Story()
    story.say("ceasefire", ceasefire="truce", begins=at(1), valid_until=at(8))
    assert the("ceasefire_run_out", told(story).findings)
    story.say("ceasefire", ceasefire="truce-2", extends="truce", begins=at(8))
    assert codes(told(story).findings) == []


def test_a_denied_clause_stands_beside_the_versions() -> None:
    story = Story()
    story.say("ceasefire", "north", ceasefire="truce", clause="truce-1")
    story.say("ceasefire", "south", ceasefire="truce", clause="truce-1", speech_act="denied")
    assert [r.claimant for r in told(story).denials] == ["south"]


# What was watched.


@pytest.mark.parametrize(
    ("fields", "quiet"),
    [
        ({"recorded": "0 times", "posts_open": "2"}, True),
        ({"recorded": "3 times", "posts_open": "2"}, False),
        ({"recorded": "0 times"}, None),
        ({"posts_open": "2"}, None),
    ],
)
def test_quiet_is_zero_with_coverage_and_nothing_else(
    fields: dict[str, str], quiet: bool | None
) -> None:
    story = Story()
    watched(story, **fields)
    assert says_quiet(told(story).coverage, PlaceCode("town"), day(5, 12)) is quiet
    assert says_quiet(told(story).coverage, PlaceCode("town"), day(7)) is None


def test_zero_without_coverage_and_zero_while_posts_close_are_findings() -> None:
    story = Story()
    watched(story, recorded="0 times")
    assert codes(told(story).findings) == ["zero_without_coverage"]
    watched(story, "north", observed="2030-05-03/2030-05-09", posts_closed="3")
    assert codes(told(story).findings) == ["zero_while_posts_close"]


@pytest.mark.parametrize(
    ("fields", "is_let_in"),
    [
        ({"patrol_hours": "24"}, True),
        ({"patrol_hours": "24.5"}, False),
        ({"patrol_hours": "48", "patrols": "2"}, True),
        ({"patrol_hours": "48", "observed": "2030-05-05/2030-05-06"}, True),
        ({"patrol_hours": "97", "patrols": "2", "observed": "2030-05-05/2030-05-06"}, False),
        ({"patrol_hours": "1", "patrols": "0"}, False),
    ],
)
def test_a_patrol_is_out_at_most_24_hours_a_day(fields: dict[str, str], is_let_in: bool) -> None:
    if is_let_in:
        watched(Story(), **fields)
    else:
        with pytest.raises(InvalidReport, match="at most 24 hours a day"):
            watched(Story(), **fields)


# Handed over.


def test_a_total_handed_over_that_falls_or_leaps_is_a_finding() -> None:
    story = Story()
    total = {"what": "ammunition", "measure": "cumulative"}
    for number, rounds in ((3, 1000), (4, 1500), (5, 15_000), (6, 9000)):
        story.say("handover", quantity=f"{rounds} rounds", observed=at(number), **total)
    found = told(story).findings
    assert codes(found) == ["handover_total_odd", "handover_total_odd"]
    assert "grows to 10 times" in found[0].text
    assert "falls" in found[1].text


@pytest.mark.parametrize(("what", "quantity"), [("detainees", "3 items"), ("remains", "3 people")])
def test_what_is_handed_over_is_counted_in_its_own_unit(what: str, quantity: str) -> None:
    with pytest.raises(InvalidReport, match="detainees are counted in people"):
        Story().say("handover", what=what, quantity=quantity)
