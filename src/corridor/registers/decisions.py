"""Decisions of named people: figures to reckon with, a plan approved, a convoy released, a hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from corridor.fields import Check, ordered, told
from corridor.report import Report
from corridor.values import (
    CommodityCode,
    Finding,
    PartyCode,
    PlaceCode,
    Quantity,
    ReportId,
    RoadCode,
)

# Road, direction or "", who, start, claimant.
TrafficKey = tuple[RoadCode, str, str, datetime, PartyCode]


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


def _ranges(name: str) -> Check:
    def holds(days: Quantity | None) -> bool:
        if days is None:
            return True
        return days.low is not None and days.low >= 1 and days.high is not None

    return Check(
        (name,), holds, "a range with both ends is needed, of one day or more (20-60 days)"
    )


@dataclass(frozen=True, slots=True)
class RoadOutlook:
    """How long a road stays open and shut, as a named person judges it, where reports are too few.

    It is a judgement to plan with and makes no claim true. Give ranges wide enough that you would be
    surprised to be wrong.
    """

    road: RoadCode = told("The road.", example="north-road")
    open_days: Quantity = told(
        "How long it can be used before it closes, on average, from low to high.",
        units=("days",),
        example="20-60 days",
    )
    closed_days: Quantity = told(
        "How long a closure lasts, on average, long ones left out.",
        units=("days",),
        example="3-10 days",
    )
    declared_by: str = told("Role of the person who judges.", example="head of operations")
    reason: str = told("What the judgement rests on.")
    towards: PlaceCode | None = told("The direction meant; empty means both.", default=None)
    long_closed_days: Quantity | None = told(
        "How long a long closure lasts, on average.", default=None, units=("days",)
    )
    long_share: Decimal | None = told(
        "Share of closures that turn out long, 0 to 1.", default=None, least=0, most=1
    )
    restricted_share: Decimal = told(
        "Share of reopenings after which it is restricted until it closes again, 0 to 1.",
        default=Decimal(0),
        least=0,
        most=1,
    )
    until: datetime | None = told(
        "Until when it may be used; empty means until it is withdrawn.", default=None
    )
    open_days_after_incidents: Quantity | None = told(
        "How long it can be used before it closes, on average, while corroborated incidents near "
        "it are recent; empty means the low end of open_days.",
        default=None,
        units=("days",),
    )

    CHECKS: ClassVar[tuple[Check, ...]] = (
        _ranges("open_days"),
        _ranges("open_days_after_incidents"),
        _ranges("closed_days"),
        _ranges("long_closed_days"),
        Check(
            ("long_closed_days", "long_share"),
            lambda days, share: (days is None) == (share is None),
            "the days of a long closure and the share of closures that are long go together",
        ),
    )


@dataclass(frozen=True, slots=True)
class RoadTraffic:
    """Others who will use a road, as a named person expects them: people who leave, patients, private cars.

    It is a judgement to plan with and makes no claim true. Convoys leave them their part of the road, on
    the way there and on the way back.
    """

    road: RoadCode = told("The road.", example="north-road")
    vehicles: Quantity = told(
        "Their vehicles a day.",
        units=("vehicles", "cars", "buses", "trucks"),
        example="40-60 cars",
    )
    window_from: datetime = told("Start of the days meant.", example="2023-09-28T06:00:00+04:00")
    window_until: datetime = told("End of the days meant.", example="2023-09-30T18:00:00+04:00")
    declared_by: str = told("Role of the person who judges.", example="head of operations")
    reason: str = told("What the judgement rests on.")
    who: Literal["people_leaving", "patients", "private_cars", "others"] = told(
        "Who they are.", default="people_leaving"
    )
    towards: PlaceCode | None = told("The end they move to; empty means both ways.", default=None)
    part_of_truck: Decimal = told(
        "Part of the room of a loaded truck that one of their vehicles takes on the road.",
        default=Decimal(1),
        least=0,
        most=10,
    )
    origin: PlaceCode | None = told(
        "The place they leave, which supplied them until then.", default=None, example="north-town"
    )
    people: Quantity | None = told(
        "People who leave that place for good, a day.", default=None, units=("people",)
    )
    fuel: CommodityCode | None = told(
        "The fuel they need to leave.", default=None, example="petrol"
    )
    fuel_each: Quantity | None = told(
        "Fuel that one of their vehicles takes at the place they leave.",
        default=None,
        units=("l",),
    )

    CHECKS: ClassVar[tuple[Check, ...]] = (
        ordered("window_from", "window_until"),
        Check(
            ("people", "origin"),
            lambda people, origin: people is None or origin is not None,
            "people who leave need the place they leave",
        ),
        Check(
            ("fuel_each", "fuel", "origin"),
            lambda each, fuel, origin: each is None or None not in (fuel, origin),
            "fuel for leaving needs the fuel and the place where it is taken",
        ),
    )


@dataclass(frozen=True, slots=True)
class PlanApproved:
    """A plan was approved, by its digest."""

    plan: str = told("Digest printed on the plan.", example="0123456789abcdef")
    decided_by: str = told("Role of the person who approved.", example="head of logistics")
    reason: str = told("Why, and what was changed.", default="")


_FIGURE = re.compile(
    r"(?P<report>[0-9a-f]{32})(?P<part> (?:f|m|any) \d{1,3}(?:-\d{1,3}|\+))? (?P<low>\d{1,9})-(?P<high>\d{1,9})",
    re.ASCII,
)


def read_figures(text: str) -> dict[str, tuple[int, int]]:
    """Read figures as a release writes them: "<report> 685-689; <report> f 0-4 60-64".

    Raises
    ------
    ValueError
        When one is written otherwise.
    """
    found: dict[str, tuple[int, int]] = {}
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        figure = _FIGURE.fullmatch(piece)
        if figure is None or int(figure["low"]) > int(figure["high"]):
            raise ValueError(f"'{piece[:60]}' is no figure of a release")
        found[f"{figure['report']}{figure['part'] or ''}"] = (
            int(figure["low"]),
            int(figure["high"]),
        )
    return found


def _are_figures(text: str) -> bool:
    try:
        read_figures(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Release:
    """A public brief went out: by whom, and which counts of people it showed.

    Every later public brief is checked against it, so that no subtraction gives a small count away.
    `corridor release` writes it; a long list of figures stands in several reports.
    """

    brief: str = told("Digest printed on the brief.", example="0123456789abcdef")
    released_by: str = told("Role of the person who released it.", example="information officer")
    agreed_by: str = told(
        "Role of the second person, who read it too.", example="head of operations"
    )
    figures: str = told(
        "Counts it showed, as reports and the lowest and highest a reader knows of each: "
        "'<report> 685-689; <report> f 0-4 60-64'.",
        default="",
    )

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("agreed_by", "released_by"),
            lambda agreed_by, released_by: agreed_by.strip() != released_by.strip(),
            "a second person is needed",
        ),
        Check(
            ("figures",),
            _are_figures,
            "figures like '<report> 685-689; <report> f 0-4 60-64' are needed",
        ),
    )


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
    outlooks
        Each claimant's last outlook of a road, by (road, direction or "", claimant), where it may still
        be used.
    traffic
        Each claimant's last word on others who will use a road, by (road, direction or "", who, start,
        claimant), for days not over.
    """

    adopted: Mapping[tuple[str, PlaceCode, str], Report[Adopted]]
    plans: tuple[Report[PlanApproved], ...]
    releases: tuple[Report[ConvoyReleased], ...]
    holds: tuple[Report[Hold], ...]
    findings: tuple[Finding, ...]
    outlooks: Mapping[tuple[RoadCode, str, PartyCode], Report[RoadOutlook]] = field(
        default_factory=dict
    )
    traffic: Mapping[TrafficKey, Report[RoadTraffic]] = field(default_factory=dict)


def fold(reports: Iterable[Report[Any]], *, at: datetime) -> Decisions:
    """Fold standing reports, in order of claims, into the register."""
    adopted: dict[tuple[str, PlaceCode, str], Report[Adopted]] = {}
    plans: list[Report[PlanApproved]] = []
    releases: list[Report[ConvoyReleased]] = []
    holds: list[Report[Hold]] = []
    outlooks: dict[tuple[RoadCode, str, PartyCode], Report[RoadOutlook]] = {}
    traffic: dict[TrafficKey, Report[RoadTraffic]] = {}
    for report in reports:
        if report.speech_act == "denied":
            continue
        match report.statement:
            case Adopted() as figure:
                adopted[(figure.subject, figure.place, figure.commodity or "")] = report
            case RoadOutlook() as outlook:
                outlooks[(outlook.road, outlook.towards or "", report.claimant)] = report
            case RoadTraffic() as used if used.window_until >= at:
                key = (used.road, used.towards or "", used.who, used.window_from, report.claimant)
                traffic[key] = report
            case PlanApproved():
                plans.append(report)
            case ConvoyReleased():
                releases.append(report)
            case Hold() as hold if hold.until is None or hold.until >= at:
                holds.append(report)
    usable = {k: r for k, r in outlooks.items() if not r.statement.until or r.statement.until >= at}
    return Decisions(adopted, tuple(plans), tuple(releases), tuple(holds), (), usable, traffic)
