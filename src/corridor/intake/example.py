"""A complete report of every kind, made from what its fields say of themselves."""

from __future__ import annotations

from corridor.fields import FieldSpec, specs
from corridor.report import Report
from corridor.statements import KINDS

# What stands in an example for a field that gives none of its own.
_BY_REFERENCE = {
    "place": "north-town",
    "road": "north-road",
    "party": "relief-agency",
    "commodity": "flour",
    "consignment": "WB-1042",
    "fleet": "hub-trucks",
    "request": "north-0928",
    "ceasefire": "ceasefire-may",
    "clause": "ceasefire-may-1",
    "violation": "shelling",
    "incident": "north-0928-1",
    "report": "0" * 32,
}
_BY_NAME = {"vehicle_class": "5", "asked_of": "northern-side", "notified_to": "northern-side"}
# One of several fields is needed, and no one of them by itself.
_ONE_OF = {"deliverable": "commodity", "performance": "commitment", "assessment": "clause"}
_BY_UNIT = {"km": "40", "h": "2", "vehicles": "6", "t": "18"}
_BY_SHAPE = {
    "text": "in a few words",
    "integer": "1",
    "number": "1",
    "time": "2023-09-28T06:00:00+04:00",
    "day": "2023-09-28",
    "yes_no": "yes",
    "list": "a,b",
    "quantity": "12 t",
}


def example(kind: str) -> dict[str, str]:
    """Return a raw mapping of a kind with every field it needs, for a command line or a form.

    The codes in it are those of an invented operation; they are declared before it is recorded.
    """
    found = KINDS[kind]
    told = {
        spec.name: _value(spec)
        for spec in specs(found.statement)
        if spec.is_required
        or (spec.shape == "quantity" and spec.example)
        or spec.name == _ONE_OF.get(kind)
    }
    if kind == "retraction":
        told["retracts"] = _value(next(s for s in specs(Report) if s.name == "retracts"))
    told["claimant"] = "operation" if found.is_lasting else _BY_REFERENCE["party"]
    if not found.is_lasting:
        told["observed"] = "2023-09-28"
    return told


def _value(spec: FieldSpec) -> str:
    own = spec.example or _BY_NAME.get(spec.name)
    if own:
        return own
    if spec.choices:
        return spec.choices[0]
    if spec.reference:
        return _BY_REFERENCE[spec.reference]
    if spec.units:
        return f"12 {spec.units[0]}"
    if spec.shape in ("integer", "number"):
        number = _BY_UNIT.get(spec.unit, "1")
        return number if spec.least is None or int(number) >= spec.least else str(spec.least)
    return _BY_SHAPE[spec.shape]
