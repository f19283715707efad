"""Incidents near a road move its chance of closing, by the rule or by what was fitted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from corridor.errors import InvalidReport
from corridor.hazards import Hazards, Near, Pressure, hazards
from corridor.values import IncidentCode, PlaceCode, RoadCode
from hazards.chains import days_from
from hazards.road_story import RoadStory
from stories import at, day

PASS = RoadCode("pass")
DAYS = days_from(date(2030, 5, 13), 6)
NEAR = (Near(IncidentCode("i-1"), date(2030, 5, 12), 3.2, "observed", ()),)


def story(**more: Any) -> RoadStory:
    made = RoadStory()
    made.status("open", "12")
    made.say("road_outlook", "operation", road="pass", open_days="10-30 days", closed_days="2-5 days",
             declared_by="head of operations", reason="as last year", learned=at(1), **more)  # fmt: skip
    return made


def found(made: RoadStory, pressure: Pressure | None = None) -> Hazards:
    given = {PASS: pressure} if pressure else None
    way = (PASS, PlaceCode("town"))
    return hazards(made.picture(day(12, 23)), DAYS, seed=1, ways=[way], pressures=given)


def by_rule(days: int = 14) -> Pressure:
    pressed = frozenset(date(2030, 5, 12) + timedelta(days=number) for number in range(days))
    return Pressure(PASS, NEAR, pressed)


def test_by_the_rule_a_declared_road_closes_at_the_low_end_of_its_days_open() -> None:
    road = found(story(), by_rule()).roads[0]
    assert_allclose(road.samples[:, :, 0, 2:].sum(axis=-1), 1 / 10, atol=1e-5)
    assert "open for 10 days on average, the low end of that range" in road.said
    assert "i-1 (observed, 3 km)" in road.said
    assert road.near == NEAR


def test_days_declared_for_the_time_after_incidents_go_before_the_low_end() -> None:
    road = found(story(open_days_after_incidents="2-4 days"), by_rule()).roads[0]
    closing = road.samples[:, 0, 0, 2:].sum(axis=-1)
    assert closing.min() >= 1 / 4 - 1e-5
    assert closing.max() <= 1 / 2 + 1e-5
    assert "as declared for such days by the head of operations" in road.said


def test_the_rule_ends_when_its_days_do_and_touches_no_day_after() -> None:
    made, calm = story(), found(story()).roads[0]
    road = found(made, by_rule(3)).roads[0]
    # The evenings of 12, 13 and 14 May are pressed: into the 13th, 14th and 15th.
    assert (road.first != calm.first).any()
    assert (road.transition[:2] != calm.transition[:2]).any(axis=(1, 2)).all()
    assert (road.transition[2:] == calm.transition[2:]).all()


@pytest.mark.parametrize("open_days", ["", "10-30 days"])
def test_no_pressure_ever_raises_a_chance(open_days: str) -> None:
    made = story() if open_days else RoadStory()
    calm, pressed = found(made).p_usable(), found(made, by_rule()).p_usable()
    assert (pressed.best <= calm.best + 1e-12).all()
    assert (pressed.best[1:] < calm.best[1:]).all()


def test_a_fitted_factor_multiplies_the_rate_of_closing_and_nothing_else() -> None:
    made, calm = story(), found(story()).roads[0]
    samples = len(calm.samples)
    factor = {day_: np.full(samples, 2.0) for day_ in (date(2030, 5, 12), *DAYS)}
    road = found(made, Pressure(PASS, NEAR, frozenset(), "Fitted to this.", factor)).roads[0]
    before = calm.samples[:, 0, 0, 2:].sum(axis=-1)
    assert_allclose(road.samples[:, 0, 0, 2:].sum(axis=-1), 1 - (1 - before) ** 2)
    assert (road.samples[:, 0, 2:] == calm.samples[:, 0, 2:]).all()
    assert "Fitted to this." in road.said
    same = Pressure(PASS, NEAR, frozenset(), "Fitted.", dict.fromkeys(factor, np.ones(samples)))
    assert_allclose(found(made, same).roads[0].samples, calm.samples, atol=1e-12)


def test_what_the_grantor_decided_comes_before_any_incident() -> None:
    made = story()
    made.status("open", "14", "north", speech_act="announced")
    usable = found(made, by_rule()).p_usable()
    assert usable.best[1, 0] == 1


def test_after_the_last_word_incidents_carry_the_road_to_the_first_day() -> None:
    made = RoadStory()
    made.status("open", "8")
    made.say("road_outlook", "operation", road="pass", open_days="10-30 days", closed_days="2-5 days",
             declared_by="head of operations", reason="as last year", learned=at(1))  # fmt: skip
    early = Near(IncidentCode("i-0"), date(2030, 5, 9), 1.0, "observed", ())
    pressed = frozenset(date(2030, 5, 9) + timedelta(days=number) for number in range(3))
    assert (
        found(made, Pressure(PASS, (early,), pressed)).p_usable().best[0, 0]
        < (found(made).p_usable().best[0, 0])
    )


def test_days_open_after_incidents_are_a_range_with_both_ends() -> None:
    with pytest.raises(InvalidReport, match="a range with both ends is needed"):
        story(open_days_after_incidents="2 days")
