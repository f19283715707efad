"""Values of a picture as JSON and back: a closed list of types, so that reading runs nothing.

Reports are not among them: they stay in the ledgers, and a snapshot names them by number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from corridor.picture.view import Transit
from corridor.registers.people import Subject
from corridor.shelter import Share, Shares
from corridor.values import Estimate, Finding

_FIELDS: Mapping[type[Any], tuple[str, ...]] = {
    made: tuple(field.name for field in fields(made))
    for made in (Estimate, Finding, Share, Shares, Subject, Transit)
}
_MAKE: Mapping[str, Callable[..., Any]] = {made.__name__: made for made in _FIELDS} | {
    "number": Decimal,
    "time": datetime.fromisoformat,
    "day": date.fromisoformat,
}


def packed(value: Any) -> Any:
    """Return a value as JSON.

    Texts, whole numbers and None are themselves, a tuple is a list, anything else is an object that
    names its type.
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if type(value) is tuple:
        return [packed(part) for part in value]
    if type(value) is Decimal:
        return {"number": [str(value)]}
    if type(value) is datetime:
        return {"time": [value.isoformat()]}
    if type(value) is date:
        return {"day": [value.isoformat()]}
    names = _FIELDS[type(value)]
    return {type(value).__name__: [packed(getattr(value, name)) for name in names]}


def unpacked(value: Any) -> Any:
    """Return the value that JSON from `packed` stands for."""
    if type(value) is list:
        return tuple([unpacked(part) for part in value])
    if type(value) is dict:
        ((name, parts),) = value.items()
        return _MAKE[name](*[unpacked(part) for part in parts])
    return value


def key_of(value: Any) -> str:
    """Return a value as the key of a JSON object."""
    return orjson.dumps(packed(value)).decode()


def read_key(key: str) -> Any:
    """Return the value that a key from `key_of` stands for."""
    return unpacked(orjson.loads(key))


def packed_findings(findings: Iterable[Finding]) -> list[Any]:
    """Return findings as JSON, of which there may be very many."""
    return [[f.code, f.severity, f.subject, f.text, f.values, f.basis] for f in findings]


def unpacked_findings(found: Iterable[Any]) -> tuple[Finding, ...]:
    """Return the findings that JSON from `packed_findings` stands for."""
    return tuple(
        Finding(code, severity, subject, text, tuple([(a, b) for a, b in values]), tuple(basis))
        for code, severity, subject, text, values, basis in found
    )
