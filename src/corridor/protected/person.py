"""What the register may hold of a person: a closed list of what a site needs, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date

from corridor.errors import CONTROL, InvalidReport, Problem

_LONGEST_DAYS = 400
_LONGEST = 200
_ADULT = 18


@dataclass(frozen=True, slots=True)
class Person:
    """One person, as the register holds them.

    Attributes
    ----------
    name
        What the person wants to be called.
    year_of_birth
        Four digits, or empty.
    household
        Pseudonym of the household; empty for someone alone.
    shelter_unit
        Where they sleep.
    access_needs
        What they need to get about and to live: no steps, a place near a toilet.
    languages
        What they speak.
    contact
        How to reach them.
    """

    name: str = ""
    year_of_birth: str = ""
    household: str = ""
    shelter_unit: str = ""
    access_needs: str = ""
    languages: str = ""
    contact: str = ""


FIELDS = tuple(field.name for field in fields(Person))


def read_person(raw: Mapping[str, object], today: date, until: date) -> Person:
    """Read what was given of a person, to be kept until a day.

    Raises
    ------
    InvalidReport
        Naming every field that is wrong, never what stood in it: a message may be copied anywhere.
    """
    problems = [
        Problem(str(name)[:40], f"the register holds {', '.join(FIELDS)} and nothing else")
        for name in raw
        if name not in FIELDS
    ]
    told: dict[str, str] = {}
    for name in FIELDS:
        value = raw.get(name, "")
        if not isinstance(value, str) or CONTROL.search(value) or len(value) > _LONGEST:
            problems.append(Problem(name, f"a text of at most {_LONGEST} characters is needed"))
        else:
            told[name] = value.strip()
    year = told.get("year_of_birth", "")
    is_year = year.isascii() and year.isdigit() and 1890 <= int(year) <= today.year
    if year and not is_year:
        problems.append(
            Problem("year_of_birth", "a year of four digits is needed, not after this one")
        )
    if is_year and today.year - int(year) < _ADULT and not told.get("household"):
        problems.append(
            Problem("household", "a child alone belongs in a child-protection system, not in here")
        )
    if not any(told.values()) and not problems:
        problems.append(Problem("", "something of the person is needed"))
    if not 0 <= (until - today).days <= _LONGEST_DAYS:
        problems.append(
            Problem("until", f"a last day within {_LONGEST_DAYS} days is needed, not {until}")
        )
    if problems:
        raise InvalidReport(problems)
    return Person(**told)


def to_bytes(person: Person) -> bytes:
    """Write a person."""
    return json.dumps(asdict(person), ensure_ascii=False, sort_keys=True).encode()


def from_bytes(body: bytes) -> Person:
    """Read a person that `to_bytes` wrote."""
    return Person(**json.loads(body))
