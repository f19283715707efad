"""What `corridor kinds` and `corridor template` show of every kind is true."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from corridor import Operation
from corridor.fields import specs
from corridor.intake import Row, example
from corridor.statements import KINDS

Run = Callable[..., tuple[int, str, str]]
DECLARED = (
    {"kind": "place", "place": "hub", "type": "hub"},
    {"kind": "place", "place": "north-town", "type": "settlement"},
    {"kind": "place", "place": "north-camp", "type": "camp"},
    {"kind": "place", "place": "south-town", "type": "settlement"},
    {"kind": "party", "party": "northern-side", "name": "Northern side"},
    {"kind": "party", "party": "southern-side", "name": "Southern side"},
    {"kind": "organisation", "organisation": "relief-agency", "name": "Relief Agency"},
    {
        "kind": "road",
        "road": "north-road",
        "start": "hub",
        "end": "north-town",
        "distance_km": "40",
        "drive_h": "2",
    },
    {"kind": "commodity", "commodity": "flour", "name": "Flour", "unit": "t"},
    example("passage_request") | {"kind": "passage_request"},
    example("ceasefire") | {"kind": "ceasefire"},
    *(
        example(kind) | {"kind": kind}
        for kind in ("instrument", "clause", "process", "round", "agenda_item", "commitment")
    ),
    example("round") | {"kind": "round", "round": "r-18"},
    example("incident") | {"kind": "incident"},
    example("incident") | {"kind": "incident", "incident": "north-0928-2"},
)


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An operation in which everything that the examples name is declared."""
    folder = tmp_path_factory.mktemp("land")
    made = Operation.init(folder, "The land of the examples")
    made.record(
        [
            Row("", {"claimant": "operation", "key": f"land-{n}", **raw})
            for n, raw in enumerate(DECLARED)
        ]
    )
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_shows_its_fields_and_an_example_that_is_let_in(
    run: Run, land: Path, tmp_path: Path, kind: str
) -> None:
    _, shown, _ = run("kinds", kind)
    for spec in specs(KINDS[kind].statement):
        assert spec.name in shown
        for told in (*spec.units, spec.unit):
            assert told in shown.replace("\n", " ")
    *_, command, line = shown.strip().splitlines()
    words = shlex.split(command)
    assert words[:3] == ["corridor", "record", kind]
    code, out, err = run(*words[1:], "-o", land)
    assert (code, out[:8]) == (0, "Accepted"), err
    assert json.loads(line) == {"kind": kind, **example(kind)}
    file = tmp_path / "line.jsonl"
    file.write_text(line + "\n", "utf-8")
    code, out, err = run("import", file, "--kind", kind, "--channel", "local", "-o", land)
    assert "1 were recorded already" in out, "the line of JSON says the same as the command"


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_filled_in_with_the_example_is_let_in(
    run: Run, land: Path, tmp_path: Path, kind: str
) -> None:
    header = run("template", kind)[1].strip().split(",")
    given = example(kind)
    extra = [name for name in given if name not in header]
    names = [*header, *extra]
    figures = {spec.name for spec in specs(KINDS[kind].statement) if spec.shape == "quantity"}
    assert set(extra) <= figures | {"retracts"}, "a quantity is filled in by its parts"
    file = tmp_path / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as rows:
        csv.writer(rows).writerows([names, [given.get(name, "") for name in names]])
    code, _, err = run("import", file, "--kind", kind, "-o", land)
    assert code == 0, err


def test_every_kind_has_its_page_in_the_reference() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "kinds.md").read_text("utf-8")
    for name, kind in KINDS.items():
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for spec in specs(kind.statement):
            assert f"| `{spec.name}` |" in section
