"""What must be seen in the example of real claims. No rule in the code knows this example."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corridor.briefs.talks.matrix import bare_counts
from corridor.operation import Operation
from corridor.picture import Picture, road_answer
from corridor.picture.dialogue import dialogue_of
from corridor.picture.sites import sites_of
from corridor.planning import Aims, Multistage
from corridor.planning.check import check
from corridor.registers import ceasefire, incidents
from corridor.report import report_id
from corridor.values import (
    CeasefireCode,
    DeliverableCode,
    Finding,
    IncidentCode,
    PlaceCode,
    ReportId,
    RoadCode,
)

EXAMPLE = Path(__file__).parent.parent / "examples" / "karabakh-2023"
EVENING = datetime(2023, 9, 27, 19, 59, 59, tzinfo=UTC)
LATER = datetime(2023, 10, 10, tzinfo=UTC)


def _id(key: str) -> ReportId:
    return report_id("karabakh-2023", key)


@pytest.fixture(scope="module")
def operation(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    folder = tmp_path_factory.mktemp("karabakh") / "karabakh-2023"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("ledger"))
    made = Operation(folder, engine=Multistage(iterations=4, futures=10))
    made.load()
    return made


@pytest.fixture(scope="module")
def evening(operation: Operation) -> Picture:
    return operation.picture(at=EVENING, known_at=EVENING)


@pytest.fixture(scope="module")
def later(operation: Operation) -> Picture:
    return operation.picture(at=LATER, known_at=LATER)


def _with(findings: tuple[Finding, ...], code: str, *keys: str) -> Finding:
    wanted = {_id(key) for key in keys}
    return next(f for f in findings if f.code == code and wanted <= set(f.basis))


def test_fuel_claimed_by_two_sides_is_flagged_and_not_added(evening: Picture) -> None:
    found = _with(evening.findings, "likely_double_count", "K002", "K026")
    values = " ".join(value for _, value in found.values)
    assert "65 t" in values
    assert "64 t" in values
    assert "129" not in values + found.text


def test_aid_that_may_be_one_cargo_is_flagged_and_moves_no_stock(evening: Picture) -> None:
    assert _with(evening.findings, "likely_double_count", "K008", "K018")
    claimed = {_id(f"K{number:03}") for number in range(1, 220)}
    assert all(not claimed & set(line.stock.basis) for line in evening.stocks)


def test_petrol_and_diesel_the_other_way_round_stand_side_by_side(evening: Picture) -> None:
    found = _with(evening.findings, "figures_exchanged", "K021", "K022", "K023", "K024")
    assert sorted(value.partition(" t")[0] for _, value in found.values) == ["24", "24", "40", "40"]


def test_equal_children_and_unequal_totals_raise_a_question(later: Picture) -> None:
    found = _with(later.findings, "equal_part_unequal_total", "K110", "K111")
    values = " ".join(value for _, value in found.values)
    assert "704" in values
    assert "826" in values


def test_the_base_camp_is_a_site_inside_a_base_of_which_nobody_tells_more(
    operation: Operation,
) -> None:
    when = datetime(2023, 9, 30, tzinfo=UTC)
    seen = operation.picture(at=when, known_at=when, clearance="restricted")
    (told,) = seen.shelter.sites[PlaceCode("base-camp")]
    said = told.statement
    assert (said.type, said.inside_base, said.manager) == ("camp", "yes", "russia-contingent")
    assert (said.armed_presence, said.free_to_leave) == ("unknown", "unknown")
    assert told.handling == "restricted"
    assert told.url
    assert not [f for f in seen.findings if f.code == "base_site_too_open"]
    lines = sites_of(seen).coverage
    assert {line.place for line in lines} == {"base-camp"}
    assert {line.missing for line in lines} == {None}, "no report on a service is not nothing of it"


def test_the_total_of_27_september_0800_is_flagged_against_the_daily_flows(later: Picture) -> None:
    found = _with(later.findings, "total_above_flows", "K083")
    assert "65,036" in found.text
    assert _with(later.findings, "total_falls", "K082", "K083")


def test_nothing_learned_later_is_in_the_evenings_picture(evening: Picture) -> None:
    assert _id("K083") not in evening.reports
    assert all(report.learned_at <= EVENING for report in evening.reports.values())


def test_could_a_patient_leave_on_18_september_is_answered_with_claims(
    operation: Operation,
) -> None:
    at = datetime(2023, 9, 18, 19, 59, 59, tzinfo=UTC)
    view = operation.picture(at=at, known_at=LATER)
    answer = road_answer(
        view.access, RoadCode("road-lachin"), PlaceCode("goris"), "patients", "all", at
    )
    told = {view.report.claimant: view.status for view in (*answer.holding, *answer.expired)}
    assert {"open", "closed"} <= set(told.values())
    assert len(told) > 5
    assert answer.denials


def test_bounds_survive(evening: Picture) -> None:
    upper = evening.reports[_id("K003")].statement.quantity
    assert (upper.low, upper.best, int(upper.high), upper.qualifier) == (None, None, 700, "up to")
    lower = evening.reports[_id("K004")].statement.quantity
    assert (int(lower.low), lower.best, lower.high) == (400, None, None)


def _incidents(view: Picture) -> incidents.Incidents:
    reports = tuple(view.reports.values())
    rules = incidents.Rules(
        independent=view.settings.independent_claimants, acts_for=view.geography.acts_for
    )
    return incidents.fold(reports, at=view.at, rules=rules)


def test_the_depot_is_an_accident_of_unproven_cause_as_known_at_each_moment(
    operation: Operation,
) -> None:
    killed, remains = {}, {}
    for month, number in ((9, 25), (9, 26), (9, 29), (2, 1)):
        known = datetime(2024 if month == 2 else 2023, month, number, 20, tzinfo=UTC)
        view = operation.picture(at=known, known_at=known)
        depot = _incidents(view).states[IncidentCode("depot-0925")]
        assert not depot.moves_hazards
        assert "hostile_act" not in depot.causes
        for name, found in (("killed", killed), ("remains", remains)):
            series = depot.figures.get(incidents.Figure(name))
            found[number] = (
                [] if series is None else [int(c.quantity.stated) for c in series.latest]
            )
    assert killed == {25: [], 26: [20, 68], 29: [20, 68], 1: [20, 68, 218]}
    assert remains == {25: [], 26: [], 29: [68, 170], 1: [68, 170]}


def test_two_versions_of_the_ceasefire_stand_side_by_side(later: Picture) -> None:
    terms = ceasefire.fold(later.reports.values(), at=LATER)
    versions = terms.versions[CeasefireCode("c0920")]
    assert {version.version_of for version in versions} == {"azerbaijan", "karabakh"}
    assert len({frozenset(version.clauses) for version in versions}) == 2
    assert [report.claimant for report in terms.denials] == ["armenia-government"]


def test_zero_is_reported_while_posts_close(operation: Operation) -> None:
    known = datetime(2023, 11, 1, tzinfo=UTC)
    view = operation.picture(at=known, known_at=known)
    terms = ceasefire.fold(view.reports.values(), at=known)
    found = [f for f in terms.findings if f.code == "zero_while_posts_close"]
    assert {_id("K128"), _id("K129"), _id("K146")} == {name for f in found for name in f.basis}
    public = operation.picture(at=known, known_at=known, clearance="public")
    assert _id("K146") not in public.reports


def test_casualties_of_the_sides_stay_apart(later: Picture) -> None:
    state = _incidents(later).states[IncidentCode("hostilities-0919")]
    assert {figure.of for figure in state.figures} == {"azerbaijan", "karabakh"}
    assert state.rung == "alleged", "nobody was declared independent"


def test_shots_heard_and_who_fired_are_two_questions(later: Picture) -> None:
    state = _incidents(later).states[IncidentCode("shots-0921")]
    assert set(state.origins) == {"karabakh-police", "residents"}
    assert not state.is_contested, "a violation is denied, not that shots were heard"
    assert [a.stance for a in state.attributions] == ["alleges"]
    assert {report.speech_act for report in state.breaches} == {"stated", "denied"}


def test_one_meeting_under_two_names_is_one_round_and_every_count_stands(
    operation: Operation,
) -> None:
    view = operation.picture(at=LATER, known_at=LATER)
    found = dialogue_of(view)
    assert [line.codes for line in found.dialogue.rounds] == [
        ("r-01",),
        ("r-02",),
        ("r-03", "r-04"),
        ("r-05",),
    ]
    third = found.dialogue.rounds[2]
    assert {view.name(report.statement.place) for report in third.claims} == {"Ivanyan / Khojaly"}
    (counts,) = found.dialogue.counts.values()
    assert {report.claimant: str(report.statement.quantity) for report in counts} == {
        "russia-side-unnamed": "2 rounds",
        "az-presidential-administration": "3 meetings",
        "newsam": "3 meetings",
        "karabakh-authorities": "at least 2 rounds",
    }


def test_clauses_are_counted_by_the_stated_rule(operation: Operation) -> None:
    known = datetime(2023, 12, 31, tzinfo=UTC)
    register = dialogue_of(operation.picture(at=known, known_at=known)).dialogue
    assert (len(register.instruments), len(register.clauses)) == (16, 66)
    bare = [line for line in register.clauses.values() if not line.is_recital]
    assert len(bare) == 64
    counted = {what: len(lines) for what, lines in bare_counts(bare)}
    assert counted == {
        "without a calendar deadline": 49,
        "without verification": 29,
        "without either": 23,
    }
    remarks = [line for line in register.clauses.values() if line.instrument.type == "remark"]
    assert len(remarks) == 5
    assert not any(line.binds for line in remarks)
    readouts = [line for line in register.clauses.values() if line.instrument.type == "readout"]
    assert {party for line in readouts for party in line.binds} == {"azerbaijan"}


def test_fuel_promised_on_the_21st_stands_beside_what_was_told_of_fuel(later: Picture) -> None:
    found = dialogue_of(later)
    (held,) = (found.held[code] for code in (DeliverableCode("d-1"),))
    told = {one.report.id for one in held.goods}
    assert {_id("K021"), _id("K022"), _id("K023"), _id("K026"), _id("K002")} <= told
    assert next(one for one in held.goods if one.report.id == _id("K002")).is_wider
    assert held.outstanding == ()


def test_the_plan_of_the_example_passes_the_check(operation: Operation, evening: Picture) -> None:
    policy = operation.policy(evening, Aims())
    assert check(operation.plan(evening, Aims()), policy.problem) == ()


def test_every_public_claim_is_mapped_or_listed_as_not_mapped() -> None:
    mapped = {
        match[0]
        for file in (EXAMPLE / "reports").glob("*.jsonl")
        for line in file.read_text("utf-8").splitlines()
        if (match := re.match(r"K\d{3}", json.loads(line)["key"]))
    }
    with (EXAMPLE / "not-yet-mapped.csv").open(encoding="utf-8") as rows:
        listed = {row["claim_id"] for row in csv.DictReader(rows)}
    assert not mapped & listed
    assert len(mapped | listed) == 219
    assert len(mapped) > 100


def test_no_rule_in_the_code_knows_this_example() -> None:
    words = re.compile("karabakh|lachin|agdam|armenia|azerbaijan|stepanakert|goris", re.IGNORECASE)
    told = [
        f"{path.name}: {line.strip()}"
        for path in (EXAMPLE.parent.parent / "src").rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if words.search(line)
    ]
    assert told == []
