"""Tables and JSON Lines as rows of raw mappings, each with where it stands in its file."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from corridor.errors import InvalidReport, Problem
from corridor.fields import specs
from corridor.reading import SHORTHANDS, columns, nearest, read_json_line
from corridor.report import Report
from corridor.statements import KINDS

Decimals = Literal["point", "comma"]
LARGEST_FILE = 64 * 1024 * 1024
_MOST_COLUMNS = 500
_DELIMITERS = (",", ";", "\t")
_SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_NUMERIC = frozenset({"number", "integer"})


class Row(NamedTuple):
    """One raw mapping and where it stands ("row 17"); `problem` where it could not even be split."""

    where: str
    raw: dict[str, Any]
    problem: Problem | None = None


def read_table(path: Path, kind: str, *, decimals: Decimals = "point") -> Iterator[Row]:
    """Yield the rows of a CSV file or of the first sheet of a spreadsheet.

    Parameters
    ----------
    path
        A .csv, .tsv, .xlsx, .xls or .ods file of at most 64 MB.
    kind
        The kind whose columns the header names (see `template`).
    decimals
        Which sign stands before decimals in texts; it is declared, never guessed.

    Raises
    ------
    InvalidReport
        The file is no table, is too large, or its header does not fit the kind.
    """
    _refuse_file(path)
    cells = _spreadsheet(path) if path.suffix.lower() in _SPREADSHEETS else _delimited(path)
    header = next(cells, None)
    if header is None:
        raise InvalidReport(
            [
                Problem(
                    "", f"{path.name} is empty; a header row is needed (`corridor template {kind}`)"
                )
            ]
        )
    names = _header(header[1], kind)
    numeric = _numeric_columns(kind) if decimals == "comma" else frozenset()
    for number, values in cells:
        if not any(value not in (None, "") for value in values):
            continue
        where = f"row {number}"
        if len(values) > len(names) and any(
            value not in (None, "") for value in values[len(names) :]
        ):
            wrong = Problem("", f"has {len(values)} cells, the header has {len(names)}", where)
            yield Row(where, {}, wrong)
            continue
        raw = {
            name: _cell(value)
            for name, value in zip(names, values, strict=False)
            if value not in (None, "")
        }
        for name in numeric & raw.keys():
            raw[name] = _with_point(raw[name])
        yield Row(where, raw)


def read_json_lines(path: Path) -> Iterator[Row]:
    """Yield the raw mappings of a JSON Lines file; a line that is none comes with its problem."""
    if path.is_dir():
        raise InvalidReport([Problem("", f"{path.name} is a folder; a file is needed")])
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"line {number}"
            try:
                yield Row(where, read_json_line(line))
            except InvalidReport as refused:
                first = refused.problems[0]
                yield Row(where, {}, Problem(first.field, first.text, where))


def template(kind: str) -> str:
    """Return the header of a kind's table as CSV, with one line that says what goes where."""
    names = columns(kind)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(names)
    return out.getvalue()


def column_help(kind: str) -> tuple[tuple[str, str], ...]:
    """Return every column of a kind's table with what goes into it."""
    told = {
        spec.name: spec.help for spec in (*specs(KINDS[kind].statement), *specs(Report))
    } | SHORTHANDS
    return tuple((name, told.get(name.partition(".")[0], "")) for name in columns(kind))


def _refuse_file(path: Path) -> None:
    if path.is_dir():
        raise InvalidReport([Problem("", f"{path.name} is a folder; a file is needed")])
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise InvalidReport(
            [
                Problem(
                    "",
                    f"{path.name} has {size // 1024 // 1024} MB; tables may have {LARGEST_FILE // 1024 // 1024}",
                )
            ]
        )


def _delimited(path: Path) -> Iterator[tuple[int, list[Any]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InvalidReport(
            [
                Problem(
                    "",
                    f"{path.name} is not UTF-8 (line {line}); save it as CSV UTF-8 and import it again",
                )
            ]
        ) from None
    if "\0" in text:
        raise InvalidReport(
            [Problem("", f"{path.name} holds NUL characters; it is not a text table")]
        )
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), start=1
        ):
            yield number, list(row)
    except csv.Error as error:
        raise InvalidReport([Problem("", f"{path.name} is not a table: {error}")]) from None


def _spreadsheet(path: Path) -> Iterator[tuple[int, list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise InvalidReport(
            [Problem("", f"{path.name} cannot be read as a spreadsheet: {error}")]
        ) from None
    return ((number, list(row)) for number, row in enumerate(rows, start=1))


def _header(cells: list[Any], kind: str) -> list[str]:
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    problems = []
    if len(names) > _MOST_COLUMNS:
        raise InvalidReport(
            [Problem("header", f"{len(names)} columns; a table may have {_MOST_COLUMNS}")]
        )
    known = {
        *columns(kind),
        *SHORTHANDS,
        *(spec.name for spec in (*specs(KINDS[kind].statement), *specs(Report))),
        "kind",
        "id",
    }
    for name in names:
        if name not in known:
            problems.append(
                Problem("header", f"{kind} has no column '{name[:60]}'{nearest(name, known)}")
            )
    for name, count in ((n, names.count(n)) for n in dict.fromkeys(names)):
        if count > 1:
            problems.append(Problem("header", f"the column '{name}' stands {count} times"))
    if problems:
        raise InvalidReport(problems)
    return names


def _numeric_columns(kind: str) -> frozenset[str]:
    own = specs(KINDS[kind].statement)
    parts = (
        f"{s.name}.{part}" for s in own if s.shape == "quantity" for part in ("low", "best", "high")
    )
    plain = (s.name for s in own if s.shape in _NUMERIC)
    return frozenset(itertools.chain(parts, plain, (s.name for s in own if s.shape == "quantity")))


def _cell(value: Any) -> Any:
    """Take a spreadsheet's own types as they are meant; a time without an offset stays one and is refused."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else str(value)


def _with_point(text: Any) -> Any:
    """Write a number with decimal comma with a point; one with a point as well is left to be refused."""
    return (
        text.replace(",", ".")
        if isinstance(text, str) and "." not in text
        else f"{text} (with decimal comma)"
    )


def rows_of(path: Path, kind: str, decimals: Decimals) -> Iterable[Row]:
    """Yield the rows of any file this package reads, by its ending."""
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return read_json_lines(path)
    return read_table(path, kind, decimals=decimals)
