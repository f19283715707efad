"""Reports as canonical JSON bytes, and back.

Canonical: UTF-8, keys sorted, no spaces, decimals as plain text, times in UTC, fields at their
default left out. Equal reports have equal bytes, a field added later with a default changes no
bytes written before it, and ``decode(encode(report)) == report``.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

import orjson

from corridor.errors import InvalidReport, Problem
from corridor.fields import FieldSpec, specs
from corridor.report import Report
from corridor.statements import KIND_OF, KINDS
from corridor.units import UNITS, Unit
from corridor.values import Quantity, ReportId, write_time

Convert = Callable[[Any], Any]
Test = Callable[[Any], bool]

# Texts that many reports share are kept once; those of a single report are not worth a look.
_SHARED_TEXTS = frozenset({"channel", "publisher"})
_OWN_CODES = frozenset({"consignment", "request", "report", "incident"})
# How many times and quantities read last are kept, to share them between reports.
_KEPT = 1 << 16


@dataclass(frozen=True, slots=True)
class _Codec:
    """How a dataclass goes to JSON and back.

    Attributes
    ----------
    make
        The class.
    writers
        Name, default and conversion to JSON of each field.
    readers
        Name and conversion from JSON of each field, by name; None where the JSON value is the value.
    tests
        For each field, by name, what its JSON value is where writing gave it; see `_test`.
    required
        The fields that must be given.
    """

    make: Callable[..., Any]
    writers: tuple[tuple[str, Any, Convert | None], ...]
    readers: Mapping[str, tuple[str, Convert | None]]
    tests: Mapping[str, tuple[type[Any], Any, Test | None]]
    required: frozenset[str]


class Outline(NamedTuple):
    """What names a report in its ledger, read from its bytes without making the report."""

    id: str
    channel: str
    key: str
    handling: str


def encode(report: Report[Any]) -> bytes:
    """Return a report's canonical bytes."""
    return orjson.dumps(to_mapping(report), option=orjson.OPT_SORT_KEYS)


def to_mapping(report: Report[Any]) -> dict[str, Any]:
    """Return a report as the JSON object that its bytes hold."""
    statement = report.statement
    body = _to_json(report, _codec(Report))
    body["id"] = report.id
    body["kind"] = KIND_OF[type(statement)]
    body["statement"] = _to_json(statement, _codec(type(statement)))
    return body


def decode(body: bytes) -> Report[Any]:
    """Return the report that canonical bytes hold; InvalidReport if they hold none."""
    try:
        return from_mapping(orjson.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise InvalidReport(
            [Problem("", f"stored bytes do not hold a report ({error})")]
        ) from error


def from_mapping(body: dict[str, Any]) -> Report[Any]:
    """Return the report that a canonical JSON object holds, without the checks of the door."""
    values = dict(body)
    statement = KINDS[values.pop("kind")].statement
    said = values.pop("statement")
    name = ReportId(values.pop("id"))
    made = _from_json(values, _codec(Report))
    made["id"] = name
    made["statement"] = statement(**_from_json(said, _codec(statement)))
    return Report(**made)


def outline(body: bytes) -> Outline | None:
    """Return what names the report in canonical bytes, or None unless they are surely canonical.

    Where it returns something, ``encode(decode(body)) == body``, and that took a third of the time.
    Where it returns None, `decode` tells what is wrong.
    """
    try:
        told = orjson.loads(body)
    except ValueError:
        return None
    if type(told) is not dict or orjson.dumps(told, option=orjson.OPT_SORT_KEYS) != body:
        return None
    name, kind, said = told.pop("id", None), told.pop("kind", None), told.pop("statement", None)
    if type(name) is not str or type(kind) is not str or kind not in KINDS:
        return None
    if not _is_written(told, _codec(Report)) or not _is_written(
        said, _codec(KINDS[kind].statement)
    ):
        return None
    return Outline(name, told["channel"], told["key"], told.get("handling") or _usual_handling())


def body_digest(body: bytes) -> str:
    """Return SHA-256 of canonical bytes, as hexadecimal text."""
    return hashlib.sha256(body).hexdigest()


def write_decimal(value: Decimal) -> str:
    """Write a decimal in full, without exponent, trailing zeros or a negative zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind's statement, derived from its fields."""
    fields = specs(KINDS[kind].statement)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind,
        "type": "object",
        "additionalProperties": False,
        "required": [spec.name for spec in fields if spec.is_required],
        "properties": {spec.name: _property(spec) for spec in fields},
    }


def _property(spec: FieldSpec) -> dict[str, Any]:
    text: dict[str, Any] = {"description": spec.help}
    if spec.shape == "choice":
        return text | {"enum": list(spec.choices)}
    if spec.shape == "quantity":
        return text | {
            "type": "object",
            "additionalProperties": False,
            "required": ["unit"],
            "properties": {
                "low": {"type": "string"},
                "best": {"type": "string"},
                "high": {"type": "string"},
                "unit": {"enum": list(spec.units or UNITS)},
                "qualifier": {"type": "string"},
            },
        }
    if spec.shape == "integer":
        bounds = {"minimum": spec.least, "maximum": spec.most}
        return text | {"type": "integer"} | {k: int(v) for k, v in bounds.items() if v is not None}
    formats = {"time": {"format": "date-time"}, "day": {"format": "date"}}
    kinds = {"yes_no": "boolean", "list": "array"}
    return text | {"type": kinds.get(spec.shape, "string")} | formats.get(spec.shape, {})


def _to_json(value: Any, codec: _Codec) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, default, to_json in codec.writers:
        part = getattr(value, name)
        if part is default or part is None or part == default:
            continue
        made[name] = part if to_json is None else to_json(part)
    return made


def _from_json(values: Mapping[str, Any], codec: _Codec) -> dict[str, Any]:
    readers = codec.readers
    made: dict[str, Any] = {}
    for name, part in values.items():
        if name not in readers:
            unknown = sorted(set(values) - readers.keys())
            raise KeyError(f"unknown fields {', '.join(unknown)}")
        # The class's own name for it, not the equal text that came in: a call with keywords looks
        # for the very same text first, and is twice as fast when it finds it.
        own_name, from_json = readers[name]
        made[own_name] = part if from_json is None else from_json(part)
    return made


def _is_written(values: Any, codec: _Codec) -> bool:
    if type(values) is not dict or not codec.required <= values.keys():
        return False
    tests = codec.tests
    for name, part in values.items():
        if name not in tests:
            return False
        wanted, left_out, test = tests[name]
        if type(part) is not wanted or part == left_out or (test is not None and not test(part)):
            return False
    return True


def _codec(made: type[Any]) -> _Codec:
    if made not in _CODECS:
        _CODECS[made] = _made_codec(made)
    return _CODECS[made]


def _made_codec(made: type[Any]) -> _Codec:
    fields = specs(made)
    return _Codec(
        made,
        tuple((spec.name, spec.default, _WRITERS.get(spec.shape)) for spec in fields),
        {spec.name: (spec.name, _reader(spec)) for spec in fields},
        {spec.name: _test(spec) for spec in fields},
        frozenset(spec.name for spec in fields if spec.is_required),
    )


def _reader(spec: FieldSpec) -> Convert | None:
    if spec.shape == "code" and spec.reference in _OWN_CODES:
        return None
    if spec.name in _SHARED_TEXTS:
        return sys.intern
    return _READERS.get(spec.shape)


def _test(spec: FieldSpec) -> tuple[type[Any], Any, Test | None]:
    """Return the type that this field is written as, what is never written, and a further test.

    A field at its default is left out, and null is no value of any type.
    """
    to_json = _WRITERS.get(spec.shape)
    left_out = spec.default
    if left_out is not None and to_json is not None:
        left_out = to_json(left_out)
    return _TYPES.get(spec.shape, str), left_out, _TESTS.get(spec.shape)


@cache
def _usual_handling() -> str:
    return next(str(spec.default) for spec in specs(Report) if spec.name == "handling")


def _quantity_to_json(value: Quantity) -> dict[str, Any]:
    made: dict[str, Any] = {"unit": value.unit}
    for name in ("best", "low", "high"):
        part = getattr(value, name)
        if part is not None:
            made[name] = write_decimal(part)
    if value.qualifier:
        made["qualifier"] = value.qualifier
    return made


def _quantity_from_json(value: Mapping[str, str]) -> Quantity:
    get = value.get
    return _quantity(get("best"), value["unit"], get("low"), get("high"), get("qualifier", ""))


@lru_cache(maxsize=_KEPT)
def _quantity(
    best: str | None, unit: str, low: str | None, high: str | None, qualifier: str
) -> Quantity:
    return Quantity(
        None if best is None else Decimal(best),
        Unit(unit),
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        qualifier,
    )


def _is_quantity(value: Any) -> bool:
    if "unit" not in value or value.get("qualifier") == "":
        return False
    for name, part in value.items():
        if type(part) is not str:
            return False
        if name in _NUMBERS:
            if not _is_number(part):
                return False
        elif name not in ("unit", "qualifier"):
            return False
    return True


@lru_cache(maxsize=_KEPT)
def _is_number(text: str) -> bool:
    try:
        return write_decimal(Decimal(text)) == text
    except ArithmeticError:
        return False


def _is_time(text: str) -> bool:
    # Hardly two reports have a time in common, but many a day, and many a time of day.
    return _is_day(text[:10]) and _is_time_of_day(text[10:])


@lru_cache(maxsize=_KEPT)
def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# A day has 86,400 seconds.
@lru_cache(maxsize=1 << 17)
def _is_time_of_day(text: str) -> bool:
    whole = f"2000-01-01{text}"
    try:
        return write_time(datetime.fromisoformat(whole)) == whole
    except ValueError:
        return False


def _is_list(value: Any) -> bool:
    return all(type(part) is str for part in value)


_NUMBERS = ("best", "low", "high")
_WRITERS: Mapping[str, Convert] = {
    "number": write_decimal,
    "time": write_time,
    "day": date.isoformat,
    "quantity": _quantity_to_json,
    "list": list,
}
_READERS: Mapping[str, Convert] = {
    "code": sys.intern,
    "choice": sys.intern,
    "number": Decimal,
    "time": lru_cache(maxsize=_KEPT)(datetime.fromisoformat),
    "day": date.fromisoformat,
    "quantity": _quantity_from_json,
    "list": tuple,
}
# Everything else is written as a text.
_TYPES: Mapping[str, type[Any]] = {
    "integer": int,
    "yes_no": bool,
    "quantity": dict,
    "list": list,
}
_TESTS: Mapping[str, Test] = {
    "number": _is_number,
    "time": _is_time,
    "day": _is_day,
    "quantity": _is_quantity,
    "list": _is_list,
}
_CODECS: dict[type[Any], _Codec] = {}
