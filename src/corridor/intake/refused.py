"""Rows that were refused, written beside the file they came from, to be mended and imported again."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from corridor.intake.tables import (
    PROBLEMS,
    Decimals,
    Row,
    is_json_lines,
    numeric_columns,
    plain_text,
)
from corridor.registers.shelter import ORDINARY

_AS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_A_NUMBER = re.compile(r"[+-]?[\d.,]+")


def write_refused(source: Path, rows: Iterable[Row], kind: str, decimals: Decimals) -> Path | None:
    """Write refused rows beside their file and return where they are; None where there is nothing to write.

    Each has a key that stays while the row is mended, so that a row mended into one that is equal
    to a good one is another report, and the file can be imported as often as one likes. A file that
    is there already is left as it is; the new one gets a number. It is plain text, for its owner's eyes
    only. Feedback that names no ordinary category may be a sensitive complaint in other words and is not
    written: it is nobody's to mend here, and one more copy of it is one too many.
    """
    given = tuple(rows)
    kept = tuple(row for row in given if not _may_be_sensitive(row, kind))
    if not kept:
        return None
    if is_json_lines(source):
        return _write_new(source, ".jsonl", "".join(map(_line, kept)))
    return _write_new(source, ".csv", "\ufeff" + _table(kept, given[0].names, kind, decimals))


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula."""
    is_number = _A_NUMBER.fullmatch(text) is not None
    return f"'{text}" if text.startswith(_AS_A_FORMULA) and not is_number else text


def _write_new(source: Path, ending: str, text: str) -> Path:
    stem = re.sub(r"\.refused(-\d+)?$", "", source.stem)
    number = 1
    while True:
        name = f"{stem}.refused{f'-{number}' if number > 1 else ''}{ending}"
        target = source.with_name(name)
        try:
            with open(target, "x", encoding="utf-8", newline="", opener=_for_its_owner) as out:
                out.write(text)
        except FileExistsError:
            number += 1
        else:
            return target


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _said(row: Row) -> str:
    told = "; ".join(f"{p.field}: {p.text}" if p.field else p.text for p in row.problems)
    return f"{row.where}: {told}"


def _line(row: Row) -> str:
    raw = row.raw if len(row.raw) > 1 else {"unread": "".join(map(str, row.cells)), **row.raw}
    return json.dumps({PROBLEMS: _said(row), **raw}, ensure_ascii=False, default=str) + "\n"


def _may_be_sensitive(row: Row, kind: str) -> bool:
    if (row.raw.get("kind") or kind) != "feedback":
        return False
    nested = row.raw.get("statement")
    said = {**row.raw, **nested} if isinstance(nested, Mapping) else row.raw
    # A row that could not be split has a key and nothing else.
    is_read = len(row.raw) > 1
    category = str(said.get("category") or "other").strip().lower()
    return not is_read or category not in ORDINARY


def _table(rows: tuple[Row, ...], names: tuple[str, ...], kind: str, decimals: Decimals) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if decimals == "comma" else ",", lineterminator="\n")
    kept = [name for name in names if name not in (PROBLEMS, "key")]
    numeric = numeric_columns(kind) if decimals == "comma" else frozenset()
    writer.writerow([PROBLEMS, "key", *kept])
    for row in rows:
        by_name = dict(zip(names, row.cells, strict=False))
        cells = [_written(by_name.get(name), name in numeric) for name in kept]
        beyond = [_written(value, has_comma=False) for value in row.cells[len(names) :]]
        writer.writerow(map(guarded, (_said(row), str(row.raw["key"]), *cells, *beyond)))
    return out.getvalue()


def _written(value: object, has_comma: bool) -> str:
    if value is None:
        return ""
    text = plain_text(value)
    return text.replace(".", ",") if has_comma and isinstance(value, float) else text
