"""`import --keep-good`: good rows enter, the others go to a file that can be mended and imported."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from corridor import Operation
from corridor.intake.refused import guarded
from intake import books

Run = Callable[..., tuple[int, str, str]]
HEADER = "place,quantity,claimant,note\n"


def ids(folder: Path, kind: str = "arrival") -> list[str]:
    """Return the ids of what was recorded by tables of a kind."""
    entries = Operation(folder).entries("sealed")
    return [e.report.id for e in entries if e.report.channel == f"table:{kind}"]


def table(path: Path) -> list[dict[str, str]]:
    text = path.read_text("utf-8-sig")
    delimiter = ";" if text.count(";") > text.count(",") else ","
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


def mend(path: Path, changes: Mapping[int, Mapping[str, str]]) -> None:
    """Change cells of a refused file as a person does with a spreadsheet program."""
    rows = table(path)
    for number, change in changes.items():
        rows[number] |= change
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def imported(run: Run, camp: Path) -> Callable[..., tuple[int, str, str]]:
    def call(file: Path, *words: str, kind: str = "arrival") -> tuple[int, str, str]:
        return run("import", file, "--kind", kind, "-o", camp, *words)

    return call


def test_good_rows_enter_and_the_others_are_written_beside_with_their_reasons(
    imported: Run, camp: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        HEADER + "camp,20 people,ministry,\nkamp,x,ministry,keep\ncamp,5 people,ministry,\n",
        "utf-8",
    )
    code, out, err = imported(file, "--keep-good")
    assert code == 1
    assert "Accepted 2 of 2 reports" in out
    assert f"Refused 1 row; mend and import {tmp_path / 'a.refused.csv'}" in err
    assert "row 3, place: no place is called 'kamp'; near it: camp" in err
    (row,) = table(tmp_path / "a.refused.csv")
    assert "row 3: " in row["problems"]
    assert "place: no place is called 'kamp'" in row["problems"]
    assert "quantity: a number is needed" in row["problems"]
    assert (row["place"], row["quantity"], row["note"]) == ("kamp", "x", "keep")
    assert len(ids(camp)) == 2


def test_a_file_of_refused_rows_is_for_its_owner_and_said_to_be_plain(
    imported: Run, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEADER + "kamp,20 people,ministry,\n", "utf-8")
    _, _, err = imported(file, "--keep-good")
    assert "then delete it, for it is not encrypted" in err
    assert (tmp_path / "a.refused.csv").stat().st_mode & 0o077 == 0


def test_the_mended_file_is_imported_once_and_doubles_nothing(
    imported: Run, camp: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    # Two truckloads that are equal, and a third that is equal but for a slip.
    file.write_text(
        HEADER + "camp,20 people,ministry,\n" * 2 + "camp,2o people,ministry,\n", "utf-8"
    )
    imported(file, "--keep-good")
    first = ids(camp)
    assert len(first) == 2
    refused = tmp_path / "a.refused.csv"
    mend(refused, {0: {"quantity": "20 people"}})
    assert "Accepted 1 of 1" in imported(refused)[1]
    assert len(set(ids(camp))) == 3, "the third truckload is a third one"
    assert "1 were recorded already" in imported(refused)[1]
    code, out, _ = imported(file, "--keep-good")
    assert code == 1
    assert "Accepted 0 of 2 reports, 2 were recorded already" in out
    assert ids(camp)[:2] == first
    assert len(ids(camp)) == 3


def test_mending_one_row_in_its_own_table_changes_no_other_id(
    imported: Run, camp: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    rows = [
        "camp,20 people,ministry,",
        "camp,7 people,ministry,",
        "camp,20 people,ministry,",
        "camp,2o,ministry,",
    ]
    file.write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
    imported(file, "--keep-good")
    before = ids(camp)
    rows[3] = "camp,20 people,ministry,"
    file.write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
    assert "Accepted 1 of 4 reports, 3 were recorded already" in imported(file)[1]
    assert ids(camp)[:3] == before


def test_a_refused_file_that_is_not_mended_is_refused_again(
    imported: Run, camp: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    rows = (
        "camp,5 people,ministry,=1+1\ncamp,5 people,ministry,x,beyond\nkamp,5 people,ministry,x\n"
    )
    file.write_text(HEADER + rows, "utf-8")
    before = len(ids(camp))
    assert "Refused 3 rows" in imported(file, "--keep-good")[2]
    refused = tmp_path / "a.refused.csv"
    assert imported(refused)[0] == 1
    code, _, err = imported(refused, "--keep-good")
    assert code == 1
    assert "Refused 3 rows" in err
    assert (tmp_path / "a.refused-2.csv").exists(), "what is there is never written over"
    keys = [
        [row["key"] for row in table(tmp_path / name)]
        for name in ("a.refused.csv", "a.refused-2.csv")
    ]
    assert keys[0] == keys[1]
    assert len(ids(camp)) == before


def test_no_cell_of_a_refused_file_is_a_formula(imported: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEADER + '=x,"-5 people",@y,+cmd\n', "utf-8")
    imported(file, "--keep-good")
    for row in table(tmp_path / "a.refused.csv"):
        assert not [cell for cell in row.values() if cell and cell[0] in "=+-@\t\r"]
    assert [guarded(text) for text in ("-5", "-5,5", "=A1", "-a", "a")] == [
        "-5",
        "-5,5",
        "'=A1",
        "'-a",
        "a",
    ]


def test_refused_rows_of_a_workbook_come_back_as_a_table(
    imported: Run, camp: Path, tmp_path: Path
) -> None:
    names: list[books.Cell] = ["place", "quantity.best", "quantity.unit", "claimant", "min_age"]
    rows: list[list[books.Cell]] = [
        names,
        ["camp", 20, "people", "ministry"],
        ["camp", 20.5, "peeple", "ministry", 18],
        ["camp", "=1+6", "people", "ministry"],
    ]
    file = books.workbook(tmp_path / "a.xlsx", rows)
    assert "Accepted 1 of 1" in imported(file, "--keep-good", "--decimal", "comma")[1]
    refused = tmp_path / "a.refused.csv"
    one, two = table(refused)
    assert (one["quantity.best"], one["min_age"]) == ("20,5", "18")
    assert "cell B4 holds a formula, now 7" in two["problems"]
    code, _, err = imported(refused, "--decimal", "comma")
    assert code == 1
    assert "row 3, quantity.best" in err, "the value of a formula does not slip in"
    mend(refused, {0: {"quantity.unit": "people"}, 1: {"quantity.best": "7"}})
    assert "Accepted 2 of 2" in imported(refused, "--decimal", "comma")[1]
    assert len(set(ids(camp))) == 3


def test_refused_lines_of_json_come_back_as_lines(
    imported: Run, camp: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.jsonl"
    good = {"place": "camp", "quantity": "20 people", "claimant": "ministry"}
    bad = {**good, "quantity": {"best": 1.5, "unit": "peeple"}}
    file.write_text(
        f"{json.dumps(good)}\n{json.dumps(bad)}\n{{not json\n{json.dumps(good)}\n", "utf-8"
    )
    assert "Accepted 2 of 2" in imported(file, "--keep-good")[1]
    refused = tmp_path / "a.refused.jsonl"
    one, two = map(json.loads, refused.read_text("utf-8").splitlines())
    assert "quantity.unit" in one["problems"]
    assert two["unread"] == "{not json"
    assert imported(refused)[0] == 1
    one["quantity"] = "20 people"
    two = {"key": two["key"], "problems": two["problems"], **good}
    refused.write_text(f"{json.dumps(one)}\n{json.dumps(two)}\n", "utf-8")
    assert "Accepted 2 of 2" in imported(refused)[1]
    assert len(set(ids(camp))) == 4


def test_a_row_that_leans_on_a_refused_one_is_refused_with_it(
    imported: Run, camp: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "place,type,within,claimant\n"
        "valley,region,,operation\n"
        "upper,region,nowhere,operation\n"
        "town,settlement,upper,operation\n"
        "farm,settlement,town,operation\n"
        "mill,settlement,valley,operation\n",
        "utf-8",
    )
    code, out, err = imported(file, "--keep-good", kind="place")
    assert code == 1
    assert "Accepted 2 of 2" in out
    for row in ("row 3", "row 4", "row 5"):
        assert row in err
    mend(tmp_path / "a.refused.csv", {0: {"within": "valley"}})
    assert "Accepted 3 of 3" in imported(tmp_path / "a.refused.csv", kind="place")[1]
    assert len(ids(camp, "place")) == 5


def test_a_table_without_anything_wrong_leaves_no_file(
    imported: Run, camp: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEADER + "camp,20 people,ministry,\n", "utf-8")
    assert imported(file, "--keep-good")[0] == 0
    assert not list(tmp_path.glob("*refused*"))


def test_a_table_whose_header_is_wrong_is_refused_whole(imported: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("plase,claimant\ncamp,ministry\n", "utf-8")
    assert imported(file, "--keep-good")[0] == 1
    assert not list(tmp_path.glob("*refused*"))


def test_all_reasons_are_in_the_file_however_many_there_are(imported: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEADER + "".join(f"camp,x{n},ministry,\n" for n in range(150)), "utf-8")
    _, _, err = imported(file, "--keep-good")
    assert "Refused 150 rows" in err
    assert "... and 50 more" in err
    rows = table(tmp_path / "a.refused.csv")
    assert len(rows) == 150
    assert all("quantity" in row["problems"] for row in rows)
