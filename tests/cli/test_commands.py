"""The command line as a person uses it: what is printed, what is refused, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


def test_a_recorded_headcount_stands_in_the_picture_with_its_bound(run: Run, camp: Path) -> None:
    words = (
        "headcount",
        "place=camp",
        "quantity=up to 700 people",
        "claimant=ministry",
        "observed=2023-09-26",
    )
    code, out, _ = run("record", *words, "-o", camp)
    assert (code, out[:8]) == (0, "Accepted")
    code, out, _ = run("picture", "-o", camp)
    assert code == 0
    assert "Ministry of Relief: up to 700 people" in out


def test_the_same_words_again_are_the_same_report(run: Run, camp: Path) -> None:
    words = ("headcount", "place=camp", "quantity=5 people", "claimant=ministry", "-o", camp)
    assert run("record", *words)[1].startswith("Accepted")
    code, out, _ = run("record", *words)
    assert code == 0
    assert out.startswith("Recorded already")
    assert not json.loads(run("picture", "-o", camp, "--json")[1])["findings"]


def test_a_refusal_names_everything_exits_1_and_records_nothing(run: Run, camp: Path) -> None:
    before = run("verify", "-o", camp)[1]
    code, _, err = run(
        "record",
        "headcount",
        "place=camq",
        "quantity=abc",
        "claimant=minstry",
        "size=3",
        "-o",
        camp,
    )
    assert code == 1
    for part in ("near it: camp", "not 'abc'", "near it: ministry", "no such field"):
        assert part in err
    assert "Traceback" not in err
    assert run("verify", "-o", camp)[1] == before


def test_wrong_usage_exits_2(run: Run, camp: Path) -> None:
    assert run("picture", "--at", "soon", "-o", camp)[0] == 2
    assert run("record", "headcount", "no-equals", "-o", camp)[0] == 2
    assert run("plan", "--clearance", "public", "-o", camp)[0] == 2


@pytest.mark.parametrize(
    "command", ["picture", "plan", "brief", "verify", "doctor", "dump", "load"]
)
def test_a_folder_that_is_no_operation_is_said_to_be_none(
    run: Run, tmp_path: Path, command: str
) -> None:
    code, _, err = run(command, "-o", tmp_path)
    assert code == 1
    assert "is not an operation" in err


def test_init_never_overwrites_an_operation(run: Run, camp: Path) -> None:
    code, _, err = run("init", camp)
    assert code == 1
    assert "is an operation already" in err


def test_a_template_filled_in_imports_and_imports_once(
    run: Run, camp: Path, tmp_path: Path
) -> None:
    header = run("template", "headcount")[1].strip().split(",")
    row = {
        "place": "camp",
        "quantity.best": "826",
        "quantity.unit": "people",
        "claimant": "ministry",
    }
    table = tmp_path / "counts.csv"
    table.write_text(
        ",".join(header) + "\n" + ",".join(row.get(name, "") for name in header) + "\n", "utf-8"
    )
    assert "Accepted 1 of 1" in run("import", table, "--kind", "headcount", "-o", camp)[1]
    assert "1 were recorded already" in run("import", table, "--kind", "headcount", "-o", camp)[1]


def test_two_equal_rows_stay_two_reports(run: Run, camp: Path, tmp_path: Path) -> None:
    table = tmp_path / "arrivals.csv"
    table.write_text(
        "place,quantity,claimant\ncamp,20 people,ministry\ncamp,20 people,ministry\n", "utf-8"
    )
    assert "Accepted 2 of 2" in run("import", table, "--kind", "arrival", "-o", camp)[1]


def test_one_bad_row_keeps_a_whole_table_out(run: Run, camp: Path, tmp_path: Path) -> None:
    table = tmp_path / "counts.csv"
    table.write_text(
        "place,quantity,claimant\ncamp,7 people,ministry\ncamp,many,ministry\nkamp,8 people,x\n",
        "utf-8",
    )
    code, _, err = run("import", table, "--kind", "headcount", "-o", camp)
    assert code == 1
    assert "row 3" in err
    assert "row 4" in err
    assert json.loads(run("picture", "-o", camp, "--json")[1])["people"] == []


def test_dump_and_load_give_the_same_digest(run: Run, camp: Path, tmp_path: Path) -> None:
    file, copy = tmp_path / "all.jsonl", tmp_path / "copy"
    assert run("dump", file, "-o", camp)[0] == 0
    run("init", copy, "--name", "Copy")
    assert "Took 4 reports" in run("load", file, "-o", copy)[1]
    when = ("--at", "2100-01-01", "--json")
    one, two = (json.loads(run("picture", "-o", folder, *when)[1]) for folder in (camp, copy))
    assert one["digest"] == two["digest"]


def test_merge_takes_what_is_missing_from_either_side(run: Run, camp: Path, tmp_path: Path) -> None:
    file, copy = tmp_path / "all.jsonl", tmp_path / "copy"
    run("dump", file, "-o", camp)
    run("init", copy)
    run("load", file, "-o", copy)
    run("record", "headcount", "place=camp", "quantity=704 people", "claimant=ministry", "-o", copy)
    assert "Took 1 reports, 4 were there already" in run("merge", copy, "-o", camp)[1]
    assert run("verify", "-o", camp)[0] == 0


def test_a_new_operation_says_of_which_it_became_a_copy(
    run: Run, camp: Path, tmp_path: Path
) -> None:
    file, copy = tmp_path / "all.jsonl", tmp_path / "copy"
    run("dump", file, "-o", camp)
    run("init", copy)
    out = run("load", file, "-o", copy)[1]
    assert "This operation was empty and is now a copy of 'A camp' (id " in out
    assert "is now a copy" not in run("merge", camp, "-o", copy)[1]


@pytest.mark.parametrize("how", ["merge", "load"])
def test_another_operation_is_refused_in_one_message_that_says_what_to_do(
    run: Run, camp: Path, tmp_path: Path, how: str
) -> None:
    file, other = tmp_path / "all.jsonl", tmp_path / "other"
    run("init", other, "--name", "A town")
    run("record", "place", "place=town", "type=town", "claimant=operation", "-o", other)
    run("dump", file, "-o", other)
    code, out, err = run(how, other if how == "merge" else file, "-o", camp)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "'A town' (id " in err
    assert "is another operation than 'A camp' (id " in err
    assert "`corridor init` and then `corridor load` of a dump" in err


def test_a_sealed_place_is_not_given_away_by_a_message(run: Run, camp: Path) -> None:
    run("record", "place", "place=hidden-base", "type=facility", "claimant=operation", "handling=sealed",
        "--clearance", "sealed", "-o", camp)  # fmt: skip
    _, _, err = run(
        "record",
        "headcount",
        "place=hidden-bass",
        "quantity=5 people",
        "claimant=ministry",
        "-o",
        camp,
    )
    assert "no place is called 'hidden-bass'" in err
    assert "hidden-base" not in err


def test_the_road_question_is_answered_with_claims(run: Run, camp: Path) -> None:
    for words in (
        ("place", "place=town", "type=settlement", "claimant=operation"),
        (
            "road",
            "road=north-road",
            "start=town",
            "end=camp",
            "distance_km=10",
            "drive_h=1",
            "claimant=operation",
        ),
        ("organisation", "organisation=guards", "name=Border guards", "claimant=operation"),
        ("road_status", "road=north-road", "status=open", "claimant=guards", "observed=2023-09-18"),
        (
            "road_status",
            "road=north-road",
            "status=closed",
            "user=patients",
            "claimant=ministry",
            "observed=2023-09-18",
        ),
    ):
        assert run("record", *words, "-o", camp)[0] == 0
    words = (
        "--road",
        "north-road",
        "--towards",
        "town",
        "--user",
        "patients",
        "--at",
        "2023-09-18",
        "-o",
        camp,
    )
    _, out, _ = run("picture", *words)
    assert "Border guards says open" in out
    assert "Ministry of Relief says closed" in out
    answer = json.loads(run("picture", *words, "--json")[1])
    assert {view["status"] for view in answer["holding"]} == {"open", "closed"}
    assert run("picture", "--road", "nort-road", "-o", camp)[0] == 1


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nsys.argv = ['corridor', '--help']\nfrom corridor.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'highspy', 'sqlalchemy', 'pydantic', 'jinja2', 'orjson'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_doctor_and_kinds_speak(run: Run, camp: Path) -> None:
    assert "database file is whole" in run("doctor", "-o", camp)[1]
    assert "consignment" in run("kinds")[1]
    assert "up to 700 people" in run("kinds", "headcount")[1]
    assert json.loads(run("kinds", "headcount", "--json")[1])["title"] == "headcount"
    code, _, err = run("kinds", "headcout")
    assert (code, "headcount" in err) == (1, True)
