"""Forecasts frozen when issued, and scored when their days have passed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from corridor.errors import InvalidReport
from corridor.picture import Picture
from corridor.picture.ceasefire import ceasefire_of
from corridor.watch.from_picture import series_of
from corridor.watch.measured import Choices, roads_ahead
from corridor.watch.verified import Verified, issued_on, to_issue, verified
from hazards.road_story import RoadStory
from stories import day


def scored(story: RoadStory) -> Verified:
    picture = story.picture()
    return verified(picture, series_of(picture, ceasefire_of(picture)))


def forecast(story: RoadStory, last: int, horizon: int, **more: Any) -> str:
    """Issue a forecast of the pass so many days before a day of May."""
    issued = (day(last, 12) - timedelta(days=horizon)).isoformat()
    given = {"road": "pass", "towards": "town", "observed": issued,
             "day": day(last).date().isoformat(), "horizon_days": horizon}  # fmt: skip
    return story.say("road_forecast", "operation", **(given | more))


def half_open() -> RoadStory:
    """Return a road open on even days of May and closed on the others, as one claimant says."""
    story = RoadStory()
    for number in range(5, 19):
        story.status("closed" if number % 2 else "open", str(number))
    return story


def issue_all(story: RoadStory, right: str, wrong: str) -> None:
    """Forecast each day at three horizons; the reference always says a half."""
    for number in range(5, 19):
        for horizon in (1, 2, 3):
            chance = wrong if number % 2 else right
            forecast(story, number, horizon, chance=chance, reference="0.5")


def test_forecasts_better_than_the_90_day_rate_are_said_to_be() -> None:
    story = half_open()
    issue_all(story, "0.9", "0.1")
    found = scored(story)
    assert (found.issued, found.passed, found.untold) == (42, 42, 0)
    assert float(found.comparison.brier.best or 0) == pytest.approx(0.01)
    assert float(found.comparison.reference_brier.best or 0) == pytest.approx(0.25)
    assert float(found.comparison.skill.best or 0) == pytest.approx(0.96)
    assert found.comparison.words == "better than the 90-day rate here, by 96.0% of its error"
    assert float(found.log_score.best or 0) == pytest.approx(-0.1054, abs=1e-4)
    assert [(row.forecasts, row.came) for row in found.rows] == [(21, 0.0), (21, 1.0)]
    assert len(found.basis) == 42


def test_where_the_90_day_rate_did_better_it_is_said() -> None:
    story = half_open()
    issue_all(story, "0.1", "0.9")
    assert scored(story).comparison.words == "the 90-day rate did better here"


def test_days_to_come_and_days_nobody_told_of_are_not_scored() -> None:
    story = half_open()
    forecast(story, 4, 1, chance="0.9", reference="0.5")
    forecast(story, 25, 10, chance="0.9", reference="0.5")
    found = scored(story)
    assert (found.issued, found.passed, found.untold) == (2, 1, 1)
    assert not found.comparison.skill.is_known
    assert "too few to say" in found.comparison.words


def test_the_first_of_one_day_road_and_horizon_counts_and_none_made_afterwards() -> None:
    story = half_open()
    first = forecast(story, 8, 2, chance="0.2", reference="0.5")
    forecast(story, 8, 2, chance="1", reference="0.5", observed=day(6, 15).isoformat())
    forecast(story, 10, 2, chance="1", reference="0.5", learned=day(11).isoformat())
    assert scored(story).basis == (first,)


def test_what_is_issued_enters_by_the_door_and_is_issued_once_a_day() -> None:
    story = half_open()
    picture: Picture = story.picture(day(18, 12))
    series = series_of(picture, ceasefire_of(picture))
    rows = to_issue(picture, series, roads_ahead(picture, Choices()))
    assert [row["day"] for row in rows[:4]] == [
        "2030-05-19", "2030-05-21", "2030-05-25", "2030-06-01",
    ]  # fmt: skip
    assert not issued_on(picture, day(18).date())
    for row in rows:
        fields = dict(row)
        story.say(fields.pop("kind"), "operation", **fields)
    again = story.picture(day(18, 13))
    assert issued_on(again, day(18).date())
    assert {row["road"]: row.get("reference") for row in rows} == {"pass": "0.5000", "road": None}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"chance": "1.2"}, "at most 1 is needed"),
        ({"horizon_days": "0"}, "at least 1 days is needed"),
        ({"chance": ""}, "chance: is needed"),
    ],
)
def test_a_forecast_of_no_chance_or_of_a_day_gone_is_refused(
    fields: dict[str, str], text: str
) -> None:
    given = {"chance": "0.5", **fields}
    with pytest.raises(InvalidReport, match=text):
        forecast(half_open(), 8, 2, **given)


def test_counts_are_scored_where_every_day_was_watched() -> None:
    story = half_open()
    for number in range(5, 16):
        story.say("coverage", place="town", observed=day(number).date().isoformat(), posts_open=1)
        story.say("incident", incident=f"i-{number}", cause="hostile_act", place="town",
                  observed=day(number, 9).isoformat())  # fmt: skip
    for last, horizon in ((12, 7), (18, 7)):
        issued = (day(last, 12) - timedelta(days=horizon)).isoformat()
        story.say("incident_forecast", "operation", last_day=day(last).date().isoformat(),
                  horizon_days=horizon, count="5-9 times", observed=issued)  # fmt: skip
    found = scored(story)
    assert (found.issued, found.passed, found.untold) == (2, 2, 1)
    assert "1 forecasts, at least 30" in found.held.method
