"""Reports as canonical JSON bytes, and back.

Canonical: UTF-8, keys sorted, no spaces, decimals as plain text, times in UTC, fields at their
default left out. Equal reports have equal bytes, a field added later with a default changes no
bytes written before it, and ``decode(encode(report)) == report``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from corridor.errors import InvalidReport, Problem
from corridor.fields import FieldSpec, specs
from corridor.report import Report
from corridor.statements import KIND_OF, KINDS
from corridor.units import UNITS, Unit
from corridor.values import Quantity, ReportId, write_time

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Codec:
    """How a dataclass goes to JSON and back: name, default, to JSON, from JSON of each field."""

    make: Callable[..., Any]
    fields: tuple[tuple[str, Any, Convert | None, Convert | None], ...]


def encode(report: Report[Any]) -> bytes:
    """Return a report's canonical bytes."""
    return orjson.dumps(to_mapping(report), option=orjson.OPT_SORT_KEYS)


def to_mapping(report: Report[Any]) -> dict[str, Any]:
    """Return a report as the JSON object that its bytes hold."""
    body = _to_json(report, _codec(Report))
    body["id"] = report.id
    body["kind"] = KIND_OF[type(report.statement)]
    body["statement"] = _to_json(report.statement, _codec(type(report.statement)))
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
    said = _from_json(values.pop("statement"), _codec(statement))
    name = ReportId(values.pop("id"))
    return _from_json(values, _codec(Report), id=name, statement=said)  # type: ignore[no-any-return]


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
    for name, default, to_json, _ in codec.fields:
        part = getattr(value, name)
        if part == default or part is None:
            continue
        made[name] = part if to_json is None else to_json(part)
    return made


def _from_json(values: Mapping[str, Any], codec: _Codec, **more: Any) -> Any:
    made = more
    known = 0
    for name, _, _, from_json in codec.fields:
        if name in values:
            known += 1
            part = values[name]
            made[name] = part if from_json is None else from_json(part)
    if known != len(values):
        unknown = sorted(set(values) - {name for name, *_ in codec.fields})
        raise KeyError(f"unknown fields {', '.join(unknown)}")
    return codec.make(**made)


def _codec(made: type[Any]) -> _Codec:
    if made not in _CODECS:
        _CODECS[made] = _Codec(
            made,
            tuple(
                (spec.name, spec.default, *_CONVERTERS.get(spec.shape, (None, None)))
                for spec in specs(made)
            ),
        )
    return _CODECS[made]


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
    best, low, high = value.get("best"), value.get("low"), value.get("high")
    return Quantity(
        None if best is None else Decimal(best),
        Unit(value["unit"]),
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        value.get("qualifier", ""),
    )


_CONVERTERS: Mapping[str, tuple[Convert, Convert]] = {
    "number": (write_decimal, Decimal),
    "time": (write_time, datetime.fromisoformat),
    "day": (date.isoformat, date.fromisoformat),
    "quantity": (_quantity_to_json, _quantity_from_json),
    "list": (list, tuple),
}
_CODECS: dict[type[Any], _Codec] = {}
