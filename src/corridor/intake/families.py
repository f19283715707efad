"""A list of families under pseudonyms, as a table, for an allocation of shelter; it enters no ledger."""

from __future__ import annotations

import re
from pathlib import Path

from corridor.errors import InvalidReport, Problem, shown
from corridor.intake.cells import Cells, cells
from corridor.intake.tables import plain_text
from corridor.planning.allocation import Family

COLUMNS = ("family", "people", "needs_step_free", "is_unaccompanied_child", "unit")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False, "": False}
_MOST_PEOPLE = 100


def read_families(path: Path) -> tuple[Family, ...]:
    """Read families from a CSV file or the first sheet of a workbook.

    Raises
    ------
    InvalidReport
        Naming everything that is wrong. A column that is not asked for is refused: names and other
        personal data have no place in this file.
    """
    rows = cells(path)
    header = next(rows, Cells(1, []))
    names = tuple(_text(value) for value in header.values)
    only = f"the file has the columns {', '.join(COLUMNS)} and no others"
    problems = [Problem(shown(name), only) for name in names if name not in COLUMNS]
    problems += [
        Problem(name, "this column is needed") for name in COLUMNS[:2] if name not in names
    ]
    problems += [Problem(name, "is given twice") for name in COLUMNS if names.count(name) > 1]
    if problems:
        raise InvalidReport(problems)
    families: list[Family] = []
    first_in: dict[str, str] = {}
    for row in rows:
        if not any(map(_text, row.values)):
            continue
        where = f"row {row.number}"
        family = _family(row, names, where, problems)
        code = dict(zip(names, map(_text, row.values), strict=False)).get("family", "")
        if code and code in first_in:
            problems.append(Problem("family", f"stands in {first_in[code]} already", where))
        first_in.setdefault(code, where)
        if family is not None:
            families.append(family)
    if problems:
        raise InvalidReport(problems)
    return tuple(families)


def _text(value: object) -> str:
    return "" if value is None else plain_text(value).strip()


def _family(
    row: Cells, names: tuple[str, ...], where: str, problems: list[Problem]
) -> Family | None:
    given = dict(zip(names, map(_text, row.values), strict=False))
    told = {name: given.get(name, "") for name in COLUMNS}
    wrong: list[Problem] = []
    if any(map(_text, row.values[len(names) :])):
        wrong.append(Problem("", "has more cells than there are columns", where))
    if row.formulas:
        wrong.append(Problem("", "a cell holds a formula; write the value itself", where))
    for name in ("family", "unit"):
        if _CODE.fullmatch(told[name]) is None and (name == "family" or told[name]):
            wrong.append(Problem(name, "a code of letters, digits, - _ . is needed", where))
    people = told["people"]
    if re.fullmatch(r"[0-9]{1,3}", people) is None or not 1 <= int(people) <= _MOST_PEOPLE:
        wrong.append(Problem("people", f"a whole number from 1 to {_MOST_PEOPLE} is needed", where))
    for name in ("needs_step_free", "is_unaccompanied_child"):
        if told[name].lower() not in _ANSWERS:
            wrong.append(Problem(name, "yes or no is needed", where))
    problems.extend(wrong)
    if wrong:
        return None
    return Family(
        told["family"],
        int(people),
        _ANSWERS[told["needs_step_free"].lower()],
        _ANSWERS[told["is_unaccompanied_child"].lower()],
        told["unit"],
    )
