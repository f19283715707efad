"""A list of families under pseudonyms, as a CSV file, for an allocation of shelter; it enters no ledger."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from corridor.errors import InvalidReport, Problem, shown
from corridor.planning.allocation import Family

COLUMNS = ("family", "people", "needs_step_free", "is_unaccompanied_child", "unit")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False, "": False}
_MOST_PEOPLE = 100


def read_families(path: Path) -> tuple[Family, ...]:
    """Read families.

    Raises
    ------
    InvalidReport
        Naming everything that is wrong. A column that is not asked for is refused: names and other
        personal data have no place in this file.
    """
    with path.open(newline="", encoding="utf-8-sig") as text:
        rows = csv.DictReader(text)
        names = tuple(rows.fieldnames or ())
        problems = [
            Problem(shown(name), f"the file has the columns {', '.join(COLUMNS)} and no others")
            for name in names
            if name not in COLUMNS
        ]
        problems += [
            Problem(name, "this column is needed") for name in COLUMNS[:2] if name not in names
        ]
        if problems:
            raise InvalidReport(problems)
        found = [
            _family(row, f"row {number}", problems) for number, row in enumerate(rows, start=2)
        ]
    if problems:
        raise InvalidReport(problems)
    return tuple(family for family in found if family is not None)


def _family(row: dict[str, str | None], where: str, problems: list[Problem]) -> Family | None:
    told = {name: (row.get(name) or "").strip() for name in COLUMNS}
    wrong: list[Problem] = []
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
