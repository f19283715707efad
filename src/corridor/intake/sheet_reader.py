"""Reads the first sheet of a workbook in a process of its own, with little memory and little time.

A small file can hold a sheet that fills any memory. It is therefore opened in a child that may be
stopped: `python sheet_reader.py FILE` writes one JSON object to its standard output, with the rows
and the cells that hold formulas, or with what is wrong. It imports nothing of Corridor, so that it
starts at once.
"""

from __future__ import annotations

import re
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

LARGEST_UNPACKED = 512 * 1024 * 1024
MEMORY = 2 * 1024 * 1024 * 1024
SECONDS = 120
_HIGHEST_RATIO = 500
_MOST_FORMULAS = 10_000
_CHUNK = 1024 * 1024
# A cell's opening tag with its formula is shorter than this; so much is looked at twice.
_OVERLAP = 4096
_FORMULA_TAGS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
_FORMULA_CELL = re.compile(
    rb'<(?:\w+:)?c\s[^>]{0,300}?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,300}>\s*<(?:\w+:)?f[\s/>]'
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class _Refused(Exception):
    """The workbook is not read; the text says why."""


def main(name: str) -> dict[str, Any]:
    """Return the rows and formula cells of a workbook's first sheet, or the error."""
    from python_calamine import CalamineError, CalamineWorkbook

    path = Path(name)
    try:
        formulas = _look_before(path)
        with path.open("rb") as file:
            workbook = CalamineWorkbook.from_filelike(file)
            rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except _Refused as refused:
        return {"error": str(refused)}
    except (CalamineError, OSError, ValueError, IndexError) as error:
        return {"error": f"cannot be read as a spreadsheet: {error}"}
    return {"rows": rows, "formulas": formulas}


def _look_before(path: Path) -> list[tuple[int, int]]:
    """Refuse what would unpack to too much; return row and column, from 1, of cells with formulas."""
    if not zipfile.is_zipfile(path):
        return []
    try:
        with zipfile.ZipFile(path) as book:
            _refuse_bomb(book, path.stat().st_size)
            if "content.xml" in book.namelist():
                return _open_document_formulas(book)
            return _formulas(book, _first_sheet(book))
    except (zipfile.BadZipFile, ET.ParseError, KeyError, NotImplementedError) as error:
        raise _Refused(f"cannot be read as a spreadsheet: {error}") from None


def _refuse_bomb(book: zipfile.ZipFile, packed: int) -> None:
    unpacked = sum(member.file_size for member in book.infolist())
    if unpacked > LARGEST_UNPACKED or unpacked > packed * _HIGHEST_RATIO + _CHUNK:
        raise _Refused(
            f"would unpack to {unpacked // 1024 // 1024} MB from {packed // 1024} kB; "
            f"a workbook may unpack to {LARGEST_UNPACKED // 1024 // 1024} MB and "
            f"{_HIGHEST_RATIO} times its size; save the sheet as CSV UTF-8"
        )


def _first_sheet(book: zipfile.ZipFile) -> str:
    sheets = ET.fromstring(book.read("xl/workbook.xml"))
    first = next((part for part in sheets.iter() if part.tag.endswith("}sheet")), None)
    name = None if first is None else first.get(_RELATION)
    for relation in ET.fromstring(book.read("xl/_rels/workbook.xml.rels")).iter():
        if name is not None and relation.get("Id") == name:
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise _Refused("cannot be read as a spreadsheet: it names no sheet")


def _formulas(book: zipfile.ZipFile, sheet: str) -> list[tuple[int, int]]:
    found: dict[tuple[int, int], None] = {}
    before = b""
    with book.open(sheet) as stream:
        while chunk := stream.read(_CHUNK):
            text = before + chunk
            before = text[-_OVERLAP:]
            if not any(tag in text for tag in _FORMULA_TAGS):
                continue
            for match in _FORMULA_CELL.finditer(text):
                found[int(match[2]), _column(match[1])] = None
            if not found:
                raise _Refused("holds formulas; paste the values in their place")
            if len(found) > _MOST_FORMULAS:
                raise _Refused(
                    f"holds more than {_MOST_FORMULAS} formulas; paste the values in their place"
                )
    return list(found)


def _open_document_formulas(book: zipfile.ZipFile) -> list[tuple[int, int]]:
    """Refuse formulas in the first sheet of an OpenDocument workbook; they have no cell's name."""
    before = b""
    with book.open("content.xml") as stream:
        while chunk := stream.read(_CHUNK):
            text, is_end, _ = (before + chunk).partition(b"</table:table>")
            found = re.search(rb'table:formula="([^"]{0,60})', text)
            if found is not None:
                told = found[1].decode("utf-8", "replace")
                raise _Refused(f"holds formulas ({told}); paste the values in their place")
            if is_end:
                break
            before = text[-_OVERLAP:]
    return []


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _plain(value: Any) -> str:
    """Write a day or a time as it is meant; a time without an offset stays one and is refused."""
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Where there are no such limits, the time limit of the parent is left.
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, hard))


if __name__ == "__main__":
    import orjson

    _limit()
    sys.stdout.buffer.write(
        orjson.dumps(main(sys.argv[1]), default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)
    )
