"""Reports of every kind, made up from what the fields say of themselves."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from corridor.fields import FieldSpec, checks, specs
from corridor.registers.ceasefire import Handover
from corridor.registers.decisions import Adopted, Release, RoadOutlook
from corridor.registers.dialogue import (
    AgreedText,
    Assessment,
    Deliverable,
    Instrument,
    Performance,
    Position,
)
from corridor.registers.general import SETTINGS, Setting
from corridor.registers.incidents import Incident, Verification
from corridor.registers.shelter import ServiceGap, ServiceLevel
from corridor.report import Report, report_id
from corridor.standards.shelter import unit_of
from corridor.statements import KINDS
from corridor.units import UNITS, Unit
from corridor.values import Quantity

_TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"),
    min_size=1,
    max_size=20,
).filter(str.strip)
_CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
_REPORT_IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
_TIMES = st.datetimes(
    min_value=datetime(1001, 1, 1),  # noqa: DTZ001  # hypothesis adds the time zone itself
    max_value=datetime(2998, 12, 31),  # noqa: DTZ001  # the same
    timezones=st.just(UTC),
)


def _decimals(least: Decimal | None, most: Decimal | None) -> st.SearchStrategy[Decimal]:
    return st.decimals(
        min_value=-999_999 if least is None else least,
        max_value=999_999_999 if most is None else most,
        places=4,
    )


@st.composite
def _quantities(draw: st.DrawFn, spec: FieldSpec) -> Quantity:
    ends = sorted(draw(st.lists(_decimals(Decimal(0), None), min_size=3, max_size=3)))
    kept = draw(st.lists(st.booleans(), min_size=3, max_size=3).filter(any))
    low, best, high = (end if keep else None for end, keep in zip(ends, kept, strict=True))
    unit = Unit(draw(st.sampled_from(spec.units or tuple(UNITS))))
    return Quantity(best, unit, low, high, draw(st.sampled_from(["", "up to", "около"])))


@cache
def values_of(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Return values that a field can have."""
    if spec.shape == "code":
        return _REPORT_IDS if spec.reference == "report" else _CODES
    if spec.shape == "integer":
        return st.integers(
            0 if spec.least is None else int(spec.least),
            10**17 if spec.most is None else int(spec.most),
        )
    if spec.shape == "list":
        codes = _REPORT_IDS if spec.reference == "report" else _CODES
        return st.lists(codes, min_size=1, max_size=3).map(tuple)
    simple: dict[str, st.SearchStrategy[Any]] = {
        "text": _TEXTS,
        "choice": st.sampled_from(spec.choices or ("",)),
        "number": _decimals(spec.least, spec.most),
        "quantity": _quantities(spec),
        "time": _TIMES,
        "day": st.dates(min_value=date(1001, 1, 1), max_value=date(2998, 12, 31)),
        "yes_no": st.booleans(),
    }
    return simple[spec.shape]


@st.composite
def reports(draw: st.DrawFn, kind: str) -> Report[Any]:
    """Return reports of a kind that the door would let in."""
    made = KINDS[kind].statement
    around = draw(_fields(""))
    if kind == "retraction":
        around |= {"retracts": draw(_REPORT_IDS), "corrects": None}
    else:
        around["retracts"] = None
    around = _without_contradiction(Report, around)
    if (
        made is Incident
        and (around["observed_from"] or around["learned_at"]) > around["learned_at"]
    ):
        around["observed_from"] = None
    said = _without_contradiction(made, draw(_fields(kind)), around)
    name = report_id(around["channel"], around["key"])
    return Report(id=name, statement=made(**said), **around)


@cache
def _fields(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    made = KINDS[kind].statement if kind else Report
    return st.fixed_dictionaries({spec.name: _field(spec) for spec in specs(made)})


def _field(spec: FieldSpec) -> st.SearchStrategy[Any]:
    given = values_of(spec)
    return given if spec.is_required else st.just(spec.default) | given


def _without_contradiction(
    made: type[Any], values: dict[str, Any], around: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Mend what the rules over several fields refuse, by the field that each is told at."""
    values = dict(values)
    around = around or {}
    if made is Setting:
        own = {
            "area": "40,45,41,47",
            "shelter_figures": "water=12",
            "shelter_goods": "soap=soap-box 10",
        }
        name = values["name"]
        values["value"] = SETTINGS[name].default or own.get(name, "a,b")
    if made is Incident and values["axis"] == "breach":
        values["clause"] = values["clause"] or "clause-1"
    if made is Verification and values["result"] == "cannot_be_verified":
        values["reason"] = values["reason"] or "too_old"
    if made is Handover:
        by_kind = {"detainees": "people", "remains": "remains", "ammunition": "rounds"}
        unit = Unit(by_kind.get(values["what"], "items"))
        values["quantity"] = dataclasses.replace(values["quantity"], unit=unit)
    if made is Adopted:
        is_people = values["subject"] == "people"
        values["commodity"] = None if is_people else values["commodity"] or "flour"
        unit = Unit("people" if is_people else "t")
        values["quantity"] = dataclasses.replace(values["quantity"], unit=unit)
    if made is RoadOutlook:
        low = Decimal(1)
        values |= {
            name: Quantity(None, Unit("days"), low, low * 9)
            for name in ("open_days", "closed_days")
        }
        values |= {"long_closed_days": None, "long_share": None}
    if made is Release:
        values |= {"figures": "", "agreed_by": f"{values['released_by'].strip()[:90]} of the other"}
    if made in (ServiceLevel, ServiceGap):
        unit = Unit(unit_of(values["service"]))
        values["quantity"] = dataclasses.replace(values["quantity"], unit=unit)
    if made is Instrument:
        values["issued_by"] = values["issued_by"] or "speaker"
    if made is AgreedText:
        values["parties"] = ("one-side", "other-side")
    if made is Position and around["handling"] in ("public", "partners"):
        values["said_in"] = "public"
    if made is Deliverable:
        values["road"] = values["road"] or "some-road"
    if made in (Performance, Assessment):
        values["commitment"], values["clause"] = values["commitment"] or "promise", None
    by_name = {spec.name: spec for spec in specs(made)}
    for rule in checks(made):
        if not rule.holds(*((around | values)[name] for name in rule.fields)):
            mended = by_name[rule.fields[0]]
            other = (around | values)[rule.fields[-1]]
            values[mended.name] = other if mended.is_required else mended.default
            if mended.is_required and mended.reference:
                values[mended.name] = f"{other}-2"[-64:]
            if rule.fields[0] == "lon":
                values |= {"lat": None, "lon": None}
    told = around | values
    assert all(rule.holds(*(told[name] for name in rule.fields)) for rule in checks(made))
    return values
