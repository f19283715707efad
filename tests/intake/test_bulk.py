"""Files of reports read in portions give what reading them row by row gives."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corridor import portions
from corridor.intake import bulk, read_batch, read_json_lines
from corridor.intake.bulk import Reports, read_files
from corridor.operation import Operation
from corridor.reading import Context
from corridor.wire import encode

CONTEXT = Context(now=datetime(2030, 5, 2, 12, tzinfo=UTC), channel="desk", known={"party": set()})


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make portions of a few lines, so that helpers take part."""
    monkeypatch.setattr(portions, "_cores", lambda: 2)
    monkeypatch.setattr(bulk, "_PORTION_BYTES", 400)


def story(count: int) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [
        {"kind": "setting", "name": "time_zone", "value": "Asia/Yerevan", "claimant": "operation"},
        {"kind": "place", "place": "camp", "type": "camp", "claimant": "operation"},
    ]
    for number in range(count):
        told.append(
            {
                "kind": "headcount",
                "place": "camp",
                "quantity": f"up to {number % 7} people",
                "observed": "2030-05-01",
                "claimant": "ministry",
            }
            | ({"key": f"k{number}"} if number % 3 else {})
        )
    # What is declared last holds from the first line on.
    told.append(
        {"kind": "organisation", "organisation": "ministry", "name": "M", "claimant": "operation"}
    )
    return told


def write(path: Path, told: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(map(json.dumps, told)) + "\n\n", encoding="utf-8")
    return path


def test_the_reports_are_those_of_reading_row_by_row(tmp_path: Path) -> None:
    path = write(tmp_path / "reports.jsonl", story(60))
    whole = read_batch(read_json_lines(path), CONTEXT)
    assert not whole.problems
    found = read_files([("", path)], CONTEXT)
    assert found.problems == ()
    assert [one.body for one in found.reports] == [encode(report) for report in whole.reports]
    assert [one.handling for one in found.reports] == [r.handling for r in whole.reports]


def test_everything_wrong_is_named_with_its_line(tmp_path: Path) -> None:
    told = story(60)
    told[6]["quantity"] = "many people"
    told[51]["claimant"] = "nobody"
    path = write(tmp_path / "reports.jsonl", told)
    with path.open("a", encoding="utf-8") as out:
        out.write('{"kind": "headcount", "kind": "headcount"}\nno json')
    whole = read_batch(read_json_lines(path), CONTEXT)
    found = read_files([("", path)], CONTEXT)
    assert found.problems == whole.problems
    assert [p.where for p in found.problems] == ["line 7", "line 52", "line 65", "line 66"]


def test_odd_keys_and_kinds_are_told_as_row_by_row(tmp_path: Path) -> None:
    claim = story(1)[2] | {"key": "k"}
    odd: list[dict[str, Any]] = [
        {"key": ""},
        {"key": 7},
        {"key": None, "statement": {"key": "inside"}},
        {"kind": ["place"]},
        {"kind": None},
        {"kind": "place", "place": "dock", "key": "dock"},
        {"place": "dock"},
    ]
    path = write(tmp_path / "reports.jsonl", [*story(5), *(claim | more for more in odd)])
    with path.open("a", encoding="utf-8") as out:
        out.write('{"kind": "place", "place": "pier", "key": "a", "kind": "headcount"}')
    whole = read_batch(read_json_lines(path), CONTEXT)
    found = read_files([("", path)], CONTEXT)
    assert found.problems == whole.problems
    assert [one.body for one in found.reports] == [encode(report) for report in whole.reports]


def test_several_files_are_named_in_messages(tmp_path: Path) -> None:
    one = write(tmp_path / "one.jsonl", story(3))
    two = write(tmp_path / "two.jsonl", [{"kind": "headcount"}])
    found = read_files([("one.jsonl", one), ("two.jsonl", two)], CONTEXT)
    assert {problem.where for problem in found.problems} == {"two.jsonl line 1"}


def test_an_operation_loads_all_or_nothing_and_once(tmp_path: Path) -> None:
    operation = Operation.init(tmp_path / "op", "Op", clock=lambda: CONTEXT.now)
    path = write(tmp_path / "reports.jsonl", story(60))
    done = operation.load(path)
    assert (done.accepted, done.already) == (63, 0)
    again = operation.load(path)
    assert (again.accepted, again.already) == (0, 63)
    assert all(found.is_sound for found in operation.verify().values())


def test_reports_are_made_when_asked_for(tmp_path: Path) -> None:
    found = read_files([("", write(tmp_path / "r.jsonl", story(3)))], CONTEXT)
    reports = Reports(found.reports)
    assert len(reports) == 6
    assert reports[2].statement.place == "camp"
    assert [r.id for r in reports[1:3]] == [r.id for r in reports][1:3]


def test_progress_counts_lines(tmp_path: Path) -> None:
    seen: list[int] = []
    read_files([("", write(tmp_path / "r.jsonl", story(60)))], CONTEXT, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 64
