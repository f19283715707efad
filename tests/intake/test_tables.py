"""Tables as they come from other people's programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.errors import InvalidReport
from corridor.intake import read_table
from intake import books


def _csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(InvalidReport) as refused:
        list(read_table(path, "headcount"))
    return str(refused.value)


def test_a_spreadsheet_gives_the_same_rows_as_the_csv(tmp_path: Path) -> None:
    header: list[books.Cell] = ["place", "quantity.best", "quantity.unit", "claimant"]
    book = books.workbook(tmp_path / "a.xlsx", [header, ["camp", 704.0, "people", "ministry"]])
    table = _csv(
        tmp_path / "a.csv", "place,quantity.best,quantity.unit,claimant\ncamp,704,people,ministry\n"
    )
    assert [row.raw for row in read_table(book, "headcount")] == [
        row.raw for row in read_table(table, "headcount")
    ]


def test_semicolons_tabs_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    for name, text in (
        ("a.csv", "place;claimant\ncamp;m\n"),
        ("b.tsv", "place\tclaimant\ncamp\tm\n"),
    ):
        rows = list(read_table(_csv(tmp_path / name, "\ufeff" + text), "headcount"))
        assert [row.raw for row in rows] == [{"place": "camp", "claimant": "m"}]


def test_decimal_comma_is_read_only_when_declared(tmp_path: Path) -> None:
    table = _csv(
        tmp_path / "a.csv", "commodity;place;quantity.best;quantity.unit\nflour;a;22,3;t\n"
    )
    (declared,) = read_table(table, "stock_count", decimals="comma")
    (plain,) = read_table(table, "stock_count")
    assert declared.raw["quantity.best"] == "22.3"
    assert plain.raw["quantity.best"] == "22,3"


def test_wrong_headers_are_all_named_with_the_nearest(tmp_path: Path) -> None:
    said = _refusal(_csv(tmp_path / "a.csv", "plase,quantity,quantity,claimant\n"))
    assert "near it: place" in said
    assert "'quantity' stands 2 times" in said


def test_a_table_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    said = _refusal(_csv(tmp_path / "a.csv", "place,claimant\ncamp,Ministère\n", "cp1252"))
    assert "not UTF-8 (line 2)" in said


def test_empty_folder_and_nul_are_refused(tmp_path: Path) -> None:
    assert "is empty" in _refusal(_csv(tmp_path / "a.csv", ""))
    assert "is a folder" in _refusal(tmp_path)
    assert "NUL" in _refusal(_csv(tmp_path / "b.csv", "place\0\n"))
    assert "cannot be read as a spreadsheet" in _refusal(_csv(tmp_path / "c.xlsx", "no workbook"))


def test_a_row_longer_than_its_header_is_named(tmp_path: Path) -> None:
    (row,) = read_table(_csv(tmp_path / "a.csv", "place,claimant\ncamp,m,extra\n"), "headcount")
    assert row.problems
    assert row.where == "row 2"
