"""Tables and JSON Lines as rows of raw mappings, each with where it stands in its file."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from corridor.errors import InvalidReport, Problem, shown
from corridor.field_values import nearest
from corridor.fields import FieldSpec, specs
from corridor.intake.cells import Cells, cells, refusal, refuse_file
from corridor.reading import SHORTHANDS, columns, read_json_line
from corridor.report import Report
from corridor.statements import KINDS

Decimals = Literal["point", "comma"]
# The column that refused rows are given; it is left out when they come back.
PROBLEMS = "problems"
# What stands in a refused row in place of a formula, so that it cannot come in unmended.
FORMULA = "=(formula)"
_MOST_COLUMNS = 500
_NUMERIC = frozenset({"number", "integer"})
_BY_A_FORMULA = frozenset("=+-@'")
_BEGINS_AS_A_FORMULA = re.compile(r"'?\s*[=+\-@]")
_A_NUMBER = re.compile(r"'?[+-]?[\d\s.,()/-]+")
# Between digits: whatever some locale puts between thousands.
_THOUSANDS = re.compile(r"\d[.'’\s]\d|\d,\d+,\d")
_COMMA = re.compile(r"(?<=\d),(?=\d)")


class Row(NamedTuple):
    """One raw mapping and where it stands.

    Attributes
    ----------
    where
        "row 17" or "line 3"; empty for a single record.
    raw
        Field names to values; empty where the row could not be split into fields.
    problems
        What was wrong before any field was read.
    cells
        The row as it stood in its file: its cells, or its line of JSON.
    names
        The header of its table; empty for JSON Lines.
    """

    where: str
    raw: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    cells: Sequence[Any] = ()
    names: tuple[str, ...] = ()


def rows_of(path: Path, kind: str, decimals: Decimals) -> Iterator[Row]:
    """Yield the rows of any file this package reads, by its ending; there is at least one."""
    if kind not in KINDS:
        raise InvalidReport(
            [Problem("kind", f"no kind is called '{shown(kind)}'{nearest(kind, KINDS)}")]
        )
    if is_json_lines(path):
        if decimals != "point":
            raise refusal(f"{path.name} is JSON, whose numbers have a point; leave --decimal out")
        rows = _lines_to_import(path)
    else:
        rows = read_table(path, kind, decimals=decimals)
    first = next(rows, None)
    if first is None:
        raise refusal(f"{path.name} holds no rows; fill some in (`corridor template {kind}`)")
    return itertools.chain((first,), rows)


def is_json_lines(path: Path) -> bool:
    """Tell by its ending whether a file holds JSON Lines."""
    return path.suffix.lower() in (".jsonl", ".ndjson")


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
    found = cells(path)
    header = next(found, None)
    if header is None or not any(str(value or "").strip() for value in header.values):
        raise refusal(f"{path.name} is empty; a header row is needed (`corridor template {kind}`)")
    if header.formulas:
        raise refusal(f"{path.name} holds formulas in its header; paste the values in their place")
    names = _header(header.values, kind)
    numeric = numeric_columns(kind) & {*names} if decimals == "comma" else frozenset()
    texts = tuple(name for name in names if name in _text_columns(kind))
    for row in found:
        values = row.values
        extra = len(values) > len(names) and any(v not in (None, "") for v in values[len(names) :])
        raw = {
            name: _cell(value)
            for name, value in zip(names, values, strict=False)
            if value is not None and value != ""
        }
        raw.pop(PROBLEMS, None)
        if not extra and not any(raw.values()):
            continue
        problems = _mend_commas(raw, values, names, numeric) if numeric else []
        for name in texts:
            value = raw.get(name)
            if value and value[0] in _BY_A_FORMULA and _is_formula(value):
                problems.append(Problem(name, _said_as_formula(value)))
        where = f"row {row.number}"
        if row.formulas:
            values = _without_formulas(row, raw, names, problems)
        if extra:
            problems.append(Problem("", f"has {len(values)} cells, the header has {len(names)}"))
        yield Row(where, raw, tuple(problems), values, names)


def read_json_lines(path: Path) -> Iterator[Row]:
    """Yield the raw mappings of a JSON Lines file; a line that is none comes with its problem."""
    if path.is_dir():
        raise refusal(f"{path.name} is a folder; a file is needed")
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"line {number}"
            try:
                yield Row(where, read_json_line(line))
            except InvalidReport as refused:
                text = line.decode("utf-8", "replace").strip()
                yield Row(where, {}, refused.problems, (text,))


def template(kind: str) -> str:
    """Return the header of a kind's table as CSV, with one line that says what goes where."""
    names = columns(kind)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(names)
    return out.getvalue()


def column_help(kind: str) -> tuple[tuple[str, str], ...]:
    """Return every column of a kind's table with what goes into it."""
    told = {name: spec.help for name, spec in _fields_of(kind).items()} | SHORTHANDS
    return tuple((name, told.get(name.partition(".")[0], "")) for name in columns(kind))


def numeric_columns(kind: str) -> frozenset[str]:
    """Return the columns of a kind's table that hold a number."""
    own = specs(KINDS[kind].statement)
    parts = (
        f"{s.name}.{part}" for s in own if s.shape == "quantity" for part in ("low", "best", "high")
    )
    plain = (s.name for s in own if s.shape in _NUMERIC or s.shape == "quantity")
    return frozenset(itertools.chain(parts, plain))


def plain_text(value: Any) -> str:
    """Write a cell as text: numbers with a point and without an exponent, yes and no as words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _lines_to_import(path: Path) -> Iterator[Row]:
    refuse_file(path, f"split it, or load it (`corridor load {path.name}`)")
    for row in read_json_lines(path):
        row.raw.pop(PROBLEMS, None)
        yield row


def _cell(value: Any) -> str:
    return value.strip() if isinstance(value, str) else plain_text(value)


def _header(values: list[Any], kind: str) -> tuple[str, ...]:
    names = [str(value or "").strip() for value in values]
    while not names[-1]:
        names.pop()
    if len(names) > _MOST_COLUMNS:
        raise InvalidReport(
            [Problem("header", f"{len(names)} columns; a table may have {_MOST_COLUMNS}")]
        )
    known = {*columns(kind), *SHORTHANDS, *_fields_of(kind), "kind", "id", PROBLEMS}
    problems = [
        Problem("header", f"{kind} has no column '{shown(name)}'{nearest(name, known)}")
        if name
        else Problem("header", f"column {number} has no name")
        for number, name in enumerate(names, start=1)
        if name not in known
    ]
    for name in dict.fromkeys(names):
        if name and names.count(name) > 1:
            problems.append(
                Problem("header", f"the column '{shown(name)}' stands {names.count(name)} times")
            )
    if problems:
        raise InvalidReport(problems)
    return tuple(names)


def _fields_of(kind: str) -> Mapping[str, FieldSpec]:
    return {spec.name: spec for spec in (*specs(KINDS[kind].statement), *specs(Report))}


def _text_columns(kind: str) -> frozenset[str]:
    """Return the columns in which any text may stand, and so one that looks like a formula."""
    told = _fields_of(kind).values()
    return frozenset(
        spec.name if spec.shape == "text" else f"{spec.name}.qualifier"
        for spec in told
        if spec.shape in ("text", "quantity")
    )


def _is_formula(text: str) -> bool:
    begins = _BEGINS_AS_A_FORMULA.match(text) is not None
    return begins and (text == FORMULA or _A_NUMBER.fullmatch(text) is None)


def _said_as_formula(text: str) -> str:
    sign = text.lstrip("' ")[:1]
    return (
        f"begins with '{sign}', as a formula does: '{shown(text)}'; write the value, "
        "or put a word in front"
    )


def _without_formulas(
    row: Cells, raw: dict[str, Any], names: tuple[str, ...], problems: list[Problem]
) -> list[Any]:
    """Name every cell with a formula, and put a mark in its place that nothing takes for a value."""
    values = list(row.values)
    for column in sorted(row.formulas):
        name = names[column - 1] if column <= len(names) else ""
        if name == PROBLEMS:
            continue
        has = column <= len(values) and values[column - 1] not in (None, "")
        now = f", now {shown(plain_text(values[column - 1]))}" if has else ""
        text = f"cell {_letters(column)}{row.number} holds a formula{now}; write the value itself"
        problems[:] = [problem for problem in problems if problem.field != name]
        problems.append(Problem(name, text))
        values.extend([""] * (column - len(values)))
        values[column - 1] = FORMULA
        if name:
            raw[name] = FORMULA
    return values


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _mend_commas(
    raw: dict[str, Any], values: list[Any], names: tuple[str, ...], numeric: frozenset[str]
) -> list[Problem]:
    """Write the texts of number columns with a point; signs between thousands are refused."""
    problems = []
    for name, value in zip(names, values, strict=False):
        if name not in numeric or not isinstance(value, str):
            continue
        text = value.strip()
        if _THOUSANDS.search(text) is None:
            if "," in text:
                raw[name] = _COMMA.sub(".", text)
            continue
        problems.append(
            Problem(
                name,
                "with --decimal comma a number is written like 1250,5, without signs between "
                f"thousands, not '{shown(text)}'",
            )
        )
    return problems
