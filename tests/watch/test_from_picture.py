"""Incidents and coverage as arrays: what counts, on which day, against how much watching."""

from __future__ import annotations

from datetime import date

import pytest

from corridor.picture.ceasefire import ceasefire_of
from corridor.watch.from_picture import (
    ALL,
    WITHOUT_ONE_SIDE,
    WITHOUT_UNVERIFIED,
    Series,
    series_of,
)
from stories import Story, at, codes, day


@pytest.fixture
def story() -> Story:
    """Two sides, each with a council, a place, and a ceasefire from the fourth of May."""
    told = Story().land()
    for side in ("north", "south"):
        told.say("party", party=side, name=side)
        council = f"{side}-council"
        told.say("organisation", organisation=council, name=council, acts_for=side)
    told.say("ceasefire", ceasefire="truce", parties="north,south", begins=at(4))
    return told


def _series(story: Story, number: int = 20) -> Series:
    view = story.picture(day(number))
    return series_of(view, ceasefire_of(view))


def _incident(story: Story, code: str, claimant: str, number: int = 6, **fields: str) -> str:
    given = {"cause": "hostile_act", "place": "town", "observed": at(number), **fields}
    return story.say("incident", claimant, incident=code, **given)


def _on(series: Series, name: str, number: int) -> int:
    return int(series.counts[name][series.days.index(date(2030, 5, number))])


def test_an_incident_counts_once_whatever_its_reports(story: Story) -> None:
    _incident(story, "one", "north-council")
    _incident(story, "one", "agency")
    assert _on(_series(story), ALL, 6) == 1


def test_what_one_side_alone_says_is_told_apart(story: Story) -> None:
    _incident(story, "one", "north-council")
    _incident(story, "two", "agency")
    series = _series(story)
    assert [_on(series, name, 6) for name in (ALL, WITHOUT_ONE_SIDE, WITHOUT_UNVERIFIED)] == [
        2,
        1,
        0,
    ]
    assert [event.alone for event in series.events] == ["north", None]


def test_what_is_corroborated_is_no_claim_of_one_side(story: Story) -> None:
    story.say("setting", name="independent_claimants", value="north-council,agency")
    _incident(story, "one", "north-council")
    _incident(story, "one", "agency")
    series = _series(story)
    assert _on(series, WITHOUT_UNVERIFIED, 6) == 1
    assert series.events[0].alone is None


def test_what_was_withdrawn_does_not_count_and_a_denial_does_not_strike(story: Story) -> None:
    gone = _incident(story, "one", "agency")
    story.say("retraction", "agency", retracts=gone)
    _incident(story, "two", "agency")
    story.say("incident", "south-council", incident="two", speech_act="denied", observed=at(6))
    view = story.picture(day(20))
    found = ceasefire_of(view)
    assert list(found.incidents.states) == ["two"]
    assert found.incidents.states["two"].is_contested
    assert "incident_contested" in codes(found.findings)
    assert _on(series_of(view, found), ALL, 6) == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"cause": "accident"}, "cause not established, called an accident, or not given"),
        ({"is_exercise": "yes"}, "an exercise, by somebody's word"),
        (
            {"observed": f"{at(2)}/{at(12)}"},
            "time known only to within more than a week",
        ),
    ],
)
def test_what_does_not_count_is_named_with_the_reason(
    story: Story, fields: dict[str, str], why: str
) -> None:
    _incident(story, "one", "agency", **fields)
    series = _series(story)
    assert not series.events
    assert dict(series.left_out) == {why: ("one",)}


def test_the_watch_counts_from_the_ceasefire_that_was_extended(story: Story) -> None:
    story.say("ceasefire", ceasefire="longer", extends="truce", begins=at(14))
    declared = _series(story).declared
    assert declared is not None
    assert (declared.ceasefire, declared.first_day) == ("truce", date(2030, 5, 4))


def test_the_day_a_ceasefire_begins_at_noon_is_not_under_it() -> None:
    story = Story().land()
    story.say("ceasefire", ceasefire="truce", begins=at(4, 12))
    declared = _series(story).declared
    assert declared is not None
    assert declared.first_day == date(2030, 5, 5)


def test_of_claimants_at_one_place_the_highest_counts_and_places_add_up(story: Story) -> None:
    for claimant, place, posts in (
        ("agency", "town", 2),
        ("north-council", "town", 3),
        ("agency", "camp", 1),
    ):
        story.say("coverage", claimant, place=place, observed=at(6), posts_open=posts)
    series = _series(story)
    assert series.effort.unit == "a post and day"
    assert series.effort.by_day[series.days.index(date(2030, 5, 6))] == 4
    assert series.effort.by_day.sum() == 4


def test_patrol_hours_are_spread_over_their_days(story: Story) -> None:
    over = f"{at(6)}/{at(7, 23)}"
    story.say("coverage", place="town", observed=over, patrols=1, patrol_hours=12)
    series = _series(story)
    first = series.days.index(date(2030, 5, 6))
    assert series.effort.by_day[first : first + 3].tolist() == [6, 6, 0]


def test_a_zero_that_nothing_watched_gives_no_effort(story: Story) -> None:
    story.say("coverage", place="town", observed=at(6), recorded="0 times")
    assert _series(story).effort.by_day.sum() == 0
