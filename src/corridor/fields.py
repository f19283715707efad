"""What a statement's fields say of themselves: help, unit, bounds, and what they refer to.

A statement is a frozen dataclass whose fields are made with `told`. Everything else that knows
about fields (the door, templates, the schema, the reference, the command line) reads them here.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from corridor.values import (
    AgreedTextCode,
    CeasefireCode,
    ClauseCode,
    CommitmentCode,
    CommodityCode,
    ConsignmentCode,
    DeliverableCode,
    FleetCode,
    IncidentCode,
    InstrumentCode,
    ItemCode,
    PartyCode,
    PlaceCode,
    ProcessCode,
    ProposalCode,
    Quantity,
    ReportId,
    RequestCode,
    RoadCode,
    RoundCode,
    ShelterCode,
    TicketCode,
    ViolationCode,
)

Shape = Literal[
    "text", "code", "choice", "integer", "number", "quantity", "time", "day", "yes_no", "list"
]

# A code field of these types names something that another report declares.
REFERENCES: Mapping[object, str] = {
    PartyCode: "party",
    PlaceCode: "place",
    RoadCode: "road",
    CommodityCode: "commodity",
    ConsignmentCode: "consignment",
    FleetCode: "fleet",
    RequestCode: "request",
    CeasefireCode: "ceasefire",
    ClauseCode: "clause",
    ViolationCode: "violation",
    IncidentCode: "incident",
    ShelterCode: "shelter unit",
    TicketCode: "ticket",
    InstrumentCode: "instrument",
    ProcessCode: "process",
    RoundCode: "round",
    ItemCode: "agenda item",
    ProposalCode: "proposal",
    AgreedTextCode: "agreed text",
    CommitmentCode: "commitment",
    DeliverableCode: "deliverable",
    ReportId: "report",
}


# Type hints are slow to resolve, and a class has the same ones every time.
_READ: dict[type[Any], tuple[FieldSpec, ...]] = {}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a statement, as told by its dataclass.

    Attributes
    ----------
    name, shape, help
        Its name, the form of its value and a sentence for the person who fills it in.
    is_required
        Whether it must be given.
    default
        Its value when it is not.
    reference
        What a code refers to ("place"), or "".
    choices
        The values a choice may have.
    unit, least, most
        Unit of a plain number and its bounds, both included; None means no bound.
    units
        The units a quantity may have; empty means any known one.
    example
        A value that could stand there.
    """

    name: str
    shape: Shape
    help: str
    is_required: bool
    default: Any
    reference: str = ""
    choices: tuple[str, ...] = ()
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    units: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over several fields; it runs whenever the fields it names were read.

    Attributes
    ----------
    fields
        The fields it looks at; the first is the one the message is shown at. A rule of a statement may
        look at the envelope's fields too.
    holds
        Takes their values in that order and tells whether all is well.
    text
        What is needed, in plain words.
    found
        Takes the same values and says what was found instead, to be put behind the text; None where that
        stands in the fields for everyone to see.
    """

    fields: tuple[str, ...]
    holds: Callable[..., bool]
    text: str
    found: Callable[..., str] | None = None


def told(
    sentence: str,
    *,
    default: Any = dataclasses.MISSING,
    unit: str = "",
    least: int | str | None = None,
    most: int | str | None = None,
    units: tuple[str, ...] = (),
    example: str = "",
) -> Any:
    """Make a dataclass field that explains itself; see `FieldSpec` for the parts."""
    return dataclasses.field(
        default=default,
        metadata={
            "help": sentence,
            "unit": unit,
            "least": None if least is None else Decimal(least),
            "most": None if most is None else Decimal(most),
            "units": units,
            "example": example,
        },
    )


def ordered(first: str, second: str) -> Check:
    """Make the check that one time or number does not come after another, where both are given."""

    def holds(a: Any, b: Any) -> bool:
        return a is None or b is None or bool(a <= b)

    return Check((second, first), lambda b, a: holds(a, b), f"must not be before {first}")


def specs(statement: type[Any]) -> tuple[FieldSpec, ...]:
    """Return the fields of a statement class in the order it declares them."""
    if statement not in _READ:
        hints = typing.get_type_hints(statement)
        _READ[statement] = tuple(
            _spec(field, hints[field.name])
            for field in dataclasses.fields(statement)
            if field.metadata
        )
    return _READ[statement]


def checks(statement: type[Any]) -> tuple[Check, ...]:
    """Return the rules over several fields that a statement class declares as `CHECKS`."""
    found: tuple[Check, ...] = getattr(statement, "CHECKS", ())
    return found


def _spec(field: dataclasses.Field[Any], hint: Any) -> FieldSpec:
    told_of = field.metadata
    inner = _without_none(hint)
    is_list = typing.get_origin(inner) is tuple
    single = typing.get_args(inner)[0] if is_list else inner
    return FieldSpec(
        name=field.name,
        shape="list" if is_list else _shape(single),
        help=told_of["help"],
        is_required=field.default is dataclasses.MISSING,
        default=None if field.default is dataclasses.MISSING else field.default,
        reference=REFERENCES.get(single, ""),
        choices=typing.get_args(single) if typing.get_origin(single) is Literal else (),
        unit=told_of["unit"],
        least=told_of["least"],
        most=told_of["most"],
        units=told_of["units"],
        example=told_of["example"],
    )


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next(part for part in typing.get_args(hint) if part is not type(None))
    return hint


def _shape(hint: Any) -> Shape:
    if hint in REFERENCES:
        return "code"
    if typing.get_origin(hint) is Literal:
        return "choice"
    shapes: dict[Any, Shape] = {
        str: "text",
        bool: "yes_no",
        int: "integer",
        Decimal: "number",
        Quantity: "quantity",
        datetime: "time",
        date: "day",
    }
    return shapes[hint]
