"""Go / no-go sheets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corridor.planning.plan import plan
from corridor.planning.policy import Rolling, train
from corridor.planning.problem import PassageOnDay, Problem
from corridor.planning.sheet import Sheet, sheets
from corridor.values import PartyCode
from planning.build import build


def sheets_of(problem: Problem) -> tuple[Sheet, ...]:
    return sheets(plan(train(problem, Rolling())), problem)


def test_every_convoy_of_the_first_days_has_a_sheet() -> None:
    problem = build(days=6, may_depart=np.ones((6, 1), dtype=bool))
    found = plan(train(problem, Rolling()))
    ordered = [convoy.code for convoy in found.convoys if not convoy.is_indicative]
    assert [sheet.convoy for sheet in sheets(found, problem)] == ordered


def test_a_convoy_may_go_once_its_conditions_are_met() -> None:
    passage = PassageOnDay("conditions", 6, conditions="no travel after dark")
    (sheet,) = sheets_of(build(days=1, passages={(0, 0): passage}))
    assert sheet.verdict == "may go once: the conditions ⟦B⟧ sets are met: no travel after dark"
    assert sheet.passage == (
        "⟦B⟧ grants passage on conditions: no travel after dark; for at most 6 vehicles."
    )


def test_a_request_without_an_answer_is_no_answer() -> None:
    (sheet,) = sheets_of(build(days=1, passages={(0, 0): PassageOnDay("no_answer")}))
    assert "has given no answer" in sheet.passage
    assert sheet.verdict.startswith("may go once: ⟦B⟧")


def test_no_sheet_calls_a_convoy_approved() -> None:
    (sheet,) = sheets_of(build(days=1, passages={(0, 0): PassageOnDay("granted")}))
    assert sheet.missing == ()
    assert "the convoy's leader decides" in sheet.verdict
    assert "approved" not in str(sheet)
    assert sheet.notice.startswith("A notification is not a permission")


def test_fuel_for_the_way_there_and_back_is_carried_from_the_base() -> None:
    """One vehicle, 50 km each way, 0.3 l a km: 30 l."""
    problem = build(days=1)
    problem = replace(problem, aims=replace(problem.aims, stock_value_share=0.0))
    (sheet,) = sheets_of(problem)
    assert (sheet.vehicles, sheet.return_fuel_l) == (1, 30)
    assert "carry 30 l from ⟦H1⟧" in sheet.return_fuel


def test_a_fleet_that_states_no_fuel_use_is_asked_for_it() -> None:
    problem = build(days=1)
    fleets = tuple(replace(fleet, fuel_l_per_km=None) for fleet in problem.fleets)
    (sheet,) = sheets_of(replace(problem, fleets=fleets))
    assert sheet.return_fuel_l is None
    assert "states its fuel use" in sheet.verdict


def test_an_old_road_status_must_be_renewed() -> None:
    problem = build(days=1)
    legs = (replace(problem.legs[0], status_age_h=30.0),)
    (sheet,) = sheets_of(replace(problem, legs=legs))
    assert sheet.road_status.endswith("the latest is 30 h old.")
    assert sheet.verdict == "may go once: the status of ⟦R11⟧, 30 h old, is reported anew"


def test_an_armed_escort_is_named() -> None:
    escorted = PassageOnDay("granted", escort=PartyCode("E"), escort_armed=True)
    (sheet,) = sheets_of(build(days=1, passages={(0, 0): escorted}))
    assert sheet.escort == "The answer names ⟦E⟧ as escort, armed."
