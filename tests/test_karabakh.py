"""What must be seen in the example of real claims. No rule in the code knows this example."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corridor.operation import Operation
from corridor.picture import Picture, road_answer
from corridor.planning import Aims
from corridor.planning.check import check
from corridor.report import report_id
from corridor.values import Finding, PlaceCode, ReportId, RoadCode

EXAMPLE = Path(__file__).parent.parent / "examples" / "karabakh-2023"
EVENING = datetime(2023, 9, 27, 19, 59, 59, tzinfo=UTC)
LATER = datetime(2023, 10, 10, tzinfo=UTC)


def _id(key: str) -> ReportId:
    return report_id("karabakh-2023", key)


@pytest.fixture(scope="module")
def operation(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    folder = tmp_path_factory.mktemp("karabakh") / "karabakh-2023"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("ledger"))
    made = Operation(folder)
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
