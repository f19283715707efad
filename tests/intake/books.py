"""The smallest workbook that spreadsheet programs accept, and awkward ones."""

from __future__ import annotations

import zipfile
from pathlib import Path

Cell = str | float
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(path: Path, rows: list[list[Cell]]) -> Path:
    """Write inline texts and numbers; a text that begins with = becomes a formula whose value is 7."""

    def cell(column: int, row: int, value: Cell) -> str:
        name = f"{chr(ord('A') + column)}{row}"
        if isinstance(value, str) and value.startswith("="):
            return f'<c r="{name}"><f>{value[1:]}</f><v>7</v></c>'
        if isinstance(value, str):
            return f'<c r="{name}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{name}"><v>{value}</v></c>'

    body = "".join(
        f'<row r="{number}">{"".join(cell(c, number, v) for c, v in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return packed(path, f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>')


def packed(path: Path, sheet: str) -> Path:
    """Write a workbook around the XML of its one sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Counts" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def open_document(path: Path, formula: str = "") -> Path:
    """Write an OpenDocument workbook with a header and one count."""
    names = {
        "office": "office",
        "table": "table",
        "text": "text",
    }
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in names.items()
    )

    def text(value: str) -> str:
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )

    told = f' table:formula="{formula}"' if formula else ""
    number = f'<table:table-cell office:value-type="float" office:value="704"{told}/>'
    header = "".join(map(text, ("place", "quantity.best", "quantity.unit", "claimant")))
    row = f"{text('camp')}{number}{text('people')}{text('ministry')}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        book.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Counts"><table:table-row>{header}</table:table-row>'
            f"<table:table-row>{row}</table:table-row></table:table>"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def bomb(path: Path, megabytes: int = 600) -> Path:
    """Write a workbook of under a megabyte whose sheet unpacks to many."""
    packed(path, "")
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/worksheets/more.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(megabytes):
            sheet.write(b" " * 1024 * 1024)
    return path


def vast(path: Path) -> Path:
    """Write a workbook of one kilobyte with one cell in the last corner: 17 thousand million cells."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return packed(path, f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>')
