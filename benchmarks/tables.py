"""How long `corridor import` takes, as a whole process, for a CSV file and a spreadsheet of 100,000 rows.

.venv/bin/python benchmarks/tables.py
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import orjson
from generate import begun, reports, table
from python_calamine import CalamineWorkbook

ROWS = 100_000
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="corridor-tables-"))
    try:
        rows = list(table(ROWS))
        write_csv(folder / "counts.csv", rows)
        write_xlsx(folder / "counts.xlsx", rows)
        print(f"{ROWS:,} rows of {len(rows[0])} columns")
        start = time.perf_counter()
        with (folder / "counts.csv").open(newline="", encoding="utf-8") as text:
            assert sum(1 for _ in csv.reader(text)) == ROWS + 1
        bare = time.perf_counter() - start
        show("corridor import, CSV", imported(folder, "counts.csv"), "csv.reader alone", bare)
        start = time.perf_counter()
        sheet = CalamineWorkbook.from_path(str(folder / "counts.xlsx")).get_sheet_by_index(0)
        assert len(sheet.to_python()) == ROWS + 1
        bare = time.perf_counter() - start
        show("corridor import, XLSX", imported(folder, "counts.xlsx"), "calamine alone", bare)
    finally:
        shutil.rmtree(folder)


def imported(folder: Path, name: str) -> float:
    home = folder / name.replace(".", "-")
    described = begun(home, name)
    lines = folder / "described.jsonl"
    write_described(lines)
    described.load(lines)
    command = [sys.executable, "-m", "corridor.cli", "import", str(folder / name)]
    start = time.perf_counter()
    done = subprocess.run(
        [*command, "--kind", "stock_count", "-o", str(home)],
        capture_output=True,
        check=True,
        text=True,
    )
    spent = time.perf_counter() - start
    assert f"Accepted {ROWS}" in done.stdout, done.stdout
    return spent


def write_described(path: Path) -> None:
    path.write_bytes(b"".join(orjson.dumps(raw) + b"\n" for raw in reports(0)))


def write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def write_xlsx(path: Path, rows: list[list[str]]) -> None:
    """Write the smallest workbook that spreadsheet programs accept, its texts shared as they do it."""
    shared: dict[str, int] = {}
    lines = []
    for row in rows:
        cells = (
            f"<c><v>{cell}</v></c>"
            if is_number(cell)
            else f'<c t="s"><v>{shared.setdefault(cell, len(shared))}</v></c>'
            for cell in row
        )
        lines.append(f"<row>{''.join(cells)}</row>")
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Counts" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}'
        "</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)


def is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def show(what: str, seconds: float, beside: str, bare: float) -> None:
    print(f"{what:28}{seconds:8.2f} s   {beside:20}{bare:8.2f} s")


if __name__ == "__main__":
    main()
