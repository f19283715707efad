"""Files as rows of cells: delimited text and the first sheet of a workbook, each with its limits."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from corridor.errors import InvalidReport, Problem
from corridor.intake import sheet_reader

LARGEST_FILE = 64 * 1024 * 1024
SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_DELIMITERS = (",", ";", "\t")


class Cells(NamedTuple):
    """The cells of one row, its number from 1 and the columns, from 1, that hold formulas."""

    number: int
    values: list[Any]
    formulas: frozenset[int] = frozenset()


def cells(path: Path) -> Iterator[Cells]:
    """Yield the rows of a table of at most 64 MB; InvalidReport says why it is none."""
    refuse_file(path)
    return _spreadsheet(path) if path.suffix.lower() in SPREADSHEETS else _delimited(path)


def refuse_file(path: Path, instead: str = "split it") -> None:
    """Refuse a folder, and a file that is too large, before anything of it is read."""
    if path.is_dir():
        raise refusal(f"{path.name} is a folder; a file is needed")
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise refusal(
            f"{path.name} has {size // 1024 // 1024} MB; a table may have "
            f"{LARGEST_FILE // 1024 // 1024} MB; {instead}"
        )


def refusal(text: str) -> InvalidReport:
    """Return the refusal of a whole file."""
    return InvalidReport([Problem("", text)])


def _delimited(path: Path) -> Iterator[Cells]:
    with path.open("rb") as file:
        # A pipe tells no size beforehand.
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise refusal(f"{path.name} has more than {LARGEST_FILE // 1024 // 1024} MB; split it")
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise refusal(f"{path.name} holds NUL characters (line {line}); it is not a text table")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refusal(
            f"{path.name} is not UTF-8 (line {line}); save it as CSV UTF-8 and import it again"
        ) from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        for number, values in enumerate(reader, start=1):
            yield Cells(number, values)
    except csv.Error as error:
        raise refusal(f"{path.name} is not a table: line {reader.line_num}: {error}") from None


def _spreadsheet(path: Path) -> Iterator[Cells]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", sheet_reader.__file__, str(path)],
            capture_output=True,
            timeout=sheet_reader.SECONDS + 30,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        raise refusal(
            f"{path.name} cannot be opened within {sheet_reader.MEMORY // 1024**3} GB of memory "
            f"and {sheet_reader.SECONDS} s; save the sheet as CSV UTF-8"
        )
    told = orjson.loads(done.stdout)
    if "error" in told:
        raise refusal(f"{path.name} {told['error']}")
    formulas: dict[int, set[int]] = {}
    for row, column in told["formulas"]:
        formulas.setdefault(row, set()).add(column)
    for number, values in enumerate(told["rows"], start=1):
        yield Cells(number, values, frozenset(formulas.get(number, ())))
