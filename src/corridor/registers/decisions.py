"""Decisions of named people: a figure adopted, a plan approved, a convoy released, a hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from corridor.fields import Check, ordered, told
from corridor.report import Report
from corridor.values import CommodityCode, Finding, PlaceCode, Quantity, ReportId, RoadCode


@dataclass(frozen=True, slots=True)
class Adopted:
    """A figure the operation works with, where claims disagree. It does not make any claim true."""

    subject: Literal["people", "stock", "need_rate"] = told("What the figure is of.")
    place: PlaceCode = told("The place it is for.", example="north-town")
    quantity: Quantity = told("The figure adopted.", example="700 people")
    decided_by: str = told("Role of the person who decided.", example="head of operations")
    reason: str = told("Why this figure.")
    commodity: CommodityCode | None = told(
        "The commodity it is for, where it is one.", default=None
    )
    claim: ReportId | None = told("The claim adopted, where it is one.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("commodity", "subject"),
            lambda commodity, subject: (commodity is None) == (subject == "people"),
            "a figure of stock or of a need rate names its commodity; one of people names none",
        ),
        Check(
            ("quantity", "subject"),
            lambda quantity, subject: (quantity.unit == "people") == (subject == "people"),
            "a figure of people, and no other, is given in people",
        ),
    )


@dataclass(frozen=True, slots=True)
class PlanApproved:
    """A plan was approved, by its digest."""

    plan: str = told("Digest printed on the plan.", example="0123456789abcdef")
    decided_by: str = told("Role of the person who approved.", example="head of logistics")
    reason: str = told("Why, and what was changed.", default="")


@dataclass(frozen=True, slots=True)
class ConvoyReleased:
    """A convoy was released to go, by a named person, against its go / no-go sheet."""

    road: RoadCode = told("The road.", example="north-road")
    towards: PlaceCode = told("Where it goes.", example="north-town")
    window_from: datetime = told("Start of its window.", example="2023-09-28T06:00:00+04:00")
    window_until: datetime = told("End of its window.", example="2023-09-28T18:00:00+04:00")
    decided_by: str = told("Role of the person who released it.", example="convoy leader")
    reason: str = told("What the sheet showed.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("window_from", "window_until"),)


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing leaves by a road until a moment, by decision of a named person."""

    road: RoadCode = told("The road.", example="north-road")
    decided_by: str = told("Role of the person who decided.", example="head of operations")
    reason: str = told("Why.")
    towards: PlaceCode | None = told("The direction held; empty means both.", default=None)
    until: datetime | None = told(
        "Until when; empty means until the hold is withdrawn.", default=None
    )


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided and stands.

    Attributes
    ----------
    adopted
        The last adopted figure by (subject, place, commodity or "").
    holds
        Holds that last at the moment asked for.
    """

    adopted: Mapping[tuple[str, PlaceCode, str], Report[Adopted]]
    plans: tuple[Report[PlanApproved], ...]
    releases: tuple[Report[ConvoyReleased], ...]
    holds: tuple[Report[Hold], ...]
    findings: tuple[Finding, ...]


def fold(reports: Iterable[Report[Any]], *, at: datetime) -> Decisions:
    """Fold standing reports, in order of claims, into the register."""
    adopted: dict[tuple[str, PlaceCode, str], Report[Adopted]] = {}
    plans: list[Report[PlanApproved]] = []
    releases: list[Report[ConvoyReleased]] = []
    holds: list[Report[Hold]] = []
    for report in reports:
        if report.speech_act == "denied":
            continue
        match report.statement:
            case Adopted() as figure:
                adopted[(figure.subject, figure.place, figure.commodity or "")] = report
            case PlanApproved():
                plans.append(report)
            case ConvoyReleased():
                releases.append(report)
            case Hold() as hold if hold.until is None or hold.until >= at:
                holds.append(report)
    return Decisions(adopted, tuple(plans), tuple(releases), tuple(holds), ())
