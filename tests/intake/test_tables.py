"""Tables as they come from other people's programs."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from corridor.errors import InvalidReport
from corridor.intake import read_table


def _spreadsheet(path: Path, rows: list[list[str | float]]) -> Path:
    """Write the smallest workbook that spreadsheet programs accept: inline texts and numbers."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="Counts" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
        )
    return path


def _csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(InvalidReport) as refused:
        list(read_table(path, "headcount"))
    return str(refused.value)


def test_a_spreadsheet_gives_the_same_rows_as_the_csv(tmp_path: Path) -> None:
    header: list[str | float] = ["place", "quantity.best", "quantity.unit", "claimant"]
    book = _spreadsheet(tmp_path / "a.xlsx", [header, ["camp", 704.0, "people", "ministry"]])
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
    assert row.problem is not None
    assert row.where == "row 2"
