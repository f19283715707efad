"""How the text or JSON value of one field becomes its value, or what is wrong with it.

One reader for each form a field can have; nothing is guessed. Numbers are plain decimals, times carry
their offset, units come from the closed list.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from corridor.errors import CONTROL, shown
from corridor.fields import FieldSpec
from corridor.units import UNITS, Unit
from corridor.values import Quantity, read_day, read_time

QUANTITY_PARTS = ("low", "best", "high", "unit", "qualifier")

_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_REPORT_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_AMOUNT = re.compile(
    # Only whole words go before a number: ".5" and "<5" are not 5.
    r"(?P<words>(?:[^\W\d_]+\s+)*)"
    r"(?P<low>-?\d[^\s-]*)(?:\s*(?:-|–)\s*(?P<high>\d[^\s-]*))?"
    r"(?:\s*(?P<unit>[A-Za-z]\S*))?"
)
_UPPER = frozenset(
    {"up to", "at most", "no more than", "not more than", "as many as", "fewer than", "less than"}
)
_LOWER = frozenset(
    {"over", "more than", "at least", "no less than", "no fewer than", "not less than"}
)
# "up to about 700" is as much an upper end as "up to 700".
_HEDGES = frozenset({"about", "approximately", "around", "circa", "roughly", "some"})
_LONGEST_TEXT = 10_000
# A name longer than this is none, and comparing is slow: so many are compared letter by letter.
_LONGEST_NAME = 100
_COMPARED = 40
# Many reports give the same figures in the same words; so many are kept as they were read.
_KEPT = 1 << 14


def nearest(text: str, among: Iterable[str]) -> str:
    """Say the names nearest to one that is not known, or nothing."""
    return _nearest(text[:_LONGEST_NAME], tuple(sorted(among)))


# One misspelt code may stand in very many rows of a table.
@lru_cache(maxsize=1 << 12)
def _nearest(text: str, among: tuple[str, ...]) -> str:
    if len(among) > _COMPARED:
        pairs = _pairs(text)
        likeness = {name: len(pairs & own) / (len(own) + 1) for name, own in _all_pairs(among)}
        among = tuple(sorted(sorted(among, key=lambda n: -likeness[n])[:_COMPARED]))
    close = difflib.get_close_matches(text, among, n=3, cutoff=0.6)
    return f"; near it: {', '.join(close)}" if close else ""


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f" {text} ")))


@lru_cache(maxsize=8)
def _all_pairs(among: tuple[str, ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((name, _pairs(name)) for name in among)


class Refused(Exception):
    """A field could not be read; `parts` holds (part of the field, text)."""

    def __init__(self, *parts: tuple[str, str]) -> None:
        self.parts = parts


def _refuse(text: str) -> Refused:
    return Refused(("", text))


def _text(value: Any, spec: FieldSpec) -> str:
    if not isinstance(value, str):
        raise _refuse(f"a text is needed, not {say(value)}")
    if not value.isprintable() and CONTROL.search(value):
        raise _refuse("it holds characters that cannot be shown (control characters)")
    if len(value) > _LONGEST_TEXT:
        raise _refuse(f"it is too long: {len(value)} characters, at most {_LONGEST_TEXT}")
    if not value.strip() and spec.is_required:
        raise _refuse(f"is needed: {spec.help}")
    return value


def _code(value: Any, spec: FieldSpec) -> str:
    pattern = _REPORT_ID if spec.reference == "report" else _CODE
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        needed = (
            "the id of a report (32 hexadecimal digits)"
            if spec.reference == "report"
            else "a code of letters, digits, - _ ."
        )
        raise _refuse(f"{needed} is needed, not {say(value)}")
    return value


def _choice(value: Any, spec: FieldSpec) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value not in spec.choices:
        close = nearest(value, spec.choices) if isinstance(value, str) else ""
        raise _refuse(f"one of {', '.join(spec.choices)} is needed, not {say(value)}{close}")
    return str(value)


def _plain_decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise _refuse(f"a number is needed, not {say(value)}")
    # Written out only when short: 1e999999999 would fill the memory with zeros.
    is_short = isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 30
    text = format(value, "f") if is_short else str(value)
    if _NUMBER.fullmatch(text) is None:
        raise _refuse(f"a number is needed (digits and a point, like 1250.5), not {say(value)}")
    return Decimal(text)


def _number(value: Any, spec: FieldSpec) -> Decimal:
    number = _plain_decimal(value)
    unit = f" {spec.unit}" if spec.unit else ""
    if spec.least is not None and number < spec.least:
        raise _refuse(f"at least {spec.least}{unit} is needed, not {number}")
    if spec.most is not None and number > spec.most:
        raise _refuse(f"at most {spec.most}{unit} is needed, not {number}")
    return number


def _integer(value: Any, spec: FieldSpec) -> int:
    number = _number(value, spec)
    if number != number.to_integral_value():
        raise _refuse(f"a whole number is needed, not {number}")
    return int(number)


def _yes_no(value: Any, _spec: FieldSpec) -> bool:
    answers = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}
    if isinstance(value, bool | str) and value in answers:
        return answers[value]
    raise _refuse(f"yes or no is needed, not {say(value)}")


def _time(value: Any, _spec: FieldSpec) -> datetime:
    if not isinstance(value, str):
        raise _refuse(f"a time with an offset is needed, not {say(value)}")
    try:
        return read_time(value)
    except ValueError as error:
        raise _refuse(str(error)) from None


def _day(value: Any, _spec: FieldSpec) -> Any:
    try:
        return read_day(value if isinstance(value, str) else str(value))
    except ValueError as error:
        raise _refuse(str(error)) from None


def _list(value: Any, spec: FieldSpec) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise _refuse(f"a list is needed, not {say(value)}")
    return tuple(_code(part.strip() if isinstance(part, str) else part, spec) for part in parts)


def _quantity(value: Any, spec: FieldSpec) -> Quantity:
    if isinstance(value, str):
        return _quantity_of_text(value, spec)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _quantity_of_text(str(value), spec)
    if not isinstance(value, Mapping):
        raise _refuse(f"a quantity is needed, like '{spec.example or '12 t'}', not {say(value)}")
    # Only texts: True and 1 are one key, and not one quantity.
    if all(type(part) is str for part in value.values()):
        return _quantity_of_texts(tuple(value.items()), spec)
    return _quantity_of_parts(value, spec)


@lru_cache(maxsize=_KEPT)
def _quantity_of_text(text: str, spec: FieldSpec) -> Quantity:
    return _quantity_of_parts(_amount(text, spec), spec)


@lru_cache(maxsize=_KEPT)
def _quantity_of_texts(parts: tuple[tuple[str, str], ...], spec: FieldSpec) -> Quantity:
    return _quantity_of_parts(dict(parts), spec)


def _quantity_of_parts(value: Mapping[str, Any], spec: FieldSpec) -> Quantity:
    wrong: list[tuple[str, str]] = [
        (
            f".{shown(str(name))}",
            "a quantity has no such part; it has low, best, high, unit and qualifier",
        )
        for name in value
        if name not in QUANTITY_PARTS
    ]
    numbers: dict[str, Decimal | None] = {}
    for part in ("low", "best", "high"):
        given = value.get(part)
        try:
            numbers[part] = None if given in (None, "") else _plain_decimal(given)
        except Refused as refused:
            wrong.extend((f".{part}", text) for _, text in refused.parts)
    unit = value.get("unit") or (spec.units[0] if spec.units else "")
    allowed = spec.units or tuple(UNITS)
    if unit not in allowed:
        close = nearest(unit, allowed) if isinstance(unit, str) else ""
        needed = "a unit is needed" if not unit else f"unit {say(unit)} is not one used here"
        wrong.append((".unit", f"{needed}; use one of {', '.join(allowed)}{close}"))
    wrong.extend(_wrong_bounds(numbers))
    if len(numbers) == 3 and all(number is None for number in numbers.values()):
        wrong.append(("", "a number is needed: low, best or high"))
    qualifier = value.get("qualifier", "")
    if not isinstance(qualifier, str) or CONTROL.search(qualifier) or len(qualifier) > 200:
        wrong.append((".qualifier", f"a few words are needed, not {say(qualifier)}"))
    if wrong:
        raise Refused(*wrong)
    return Quantity(numbers["best"], Unit(str(unit)), numbers["low"], numbers["high"], qualifier)


def _wrong_bounds(numbers: Mapping[str, Decimal | None]) -> list[tuple[str, str]]:
    wrong = [
        (f".{part}", f"must not be negative, and is {number}")
        for part, number in numbers.items()
        if number is not None and number < 0
    ]
    given = [
        (part, numbers[part]) for part in ("low", "best", "high") if numbers.get(part) is not None
    ]
    for (lower, a), (upper, b) in pairwise(given):
        if a is not None and b is not None and a > b:
            wrong.append((f".{lower}", f"must not be above {upper}: {a} is more than {b}"))
    return wrong


def _amount(text: str, spec: FieldSpec) -> dict[str, Any]:
    """Split 'up to 700 people', '50-1000 people' or '22.3 t' into the parts of a quantity."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise _refuse(f"a number is needed, like '{spec.example or '12 t'}', not {say(text)}")
    words, low, high, unit = (match[part] or "" for part in ("words", "low", "high", "unit"))
    words = words.strip()
    parts: dict[str, Any] = {"unit": unit, "qualifier": words}
    if high:
        return parts | {"low": low, "high": high}
    bound = " ".join(word for word in words.lower().split() if word not in _HEDGES)
    if bound in _UPPER:
        return parts | {"high": low}
    if bound in _LOWER:
        return parts | {"low": low}
    return parts | {"best": low}


def say(value: Any) -> str:
    """Name a value in a message; long ones are cut."""
    if isinstance(value, str):
        return f"'{shown(value)}'"
    if isinstance(value, Mapping):
        return "a group of fields"
    if isinstance(value, list):
        return "a list"
    return shown(str(value))


READERS: Mapping[str, Callable[[Any, FieldSpec], Any]] = {
    "text": _text,
    "code": _code,
    "choice": _choice,
    "number": _number,
    "integer": _integer,
    "quantity": _quantity,
    "time": _time,
    "day": _day,
    "yes_no": _yes_no,
    "list": _list,
}
