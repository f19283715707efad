"""Roads as claimants describe them, notifications, and passages asked for and answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal

from corridor.claims import by_subject, denials_by_target
from corridor.fields import Check, ordered, told
from corridor.report import Report
from corridor.values import (
    Finding,
    PartyCode,
    PlaceCode,
    Quantity,
    ReportId,
    RequestCode,
    RoadCode,
    named,
)

Status = Literal["open", "restricted", "closed", "abandoned", "unspecified"]
User = Literal["all", "civilians", "patients", "humanitarian", "commercial", "military"]
Cargo = Literal["all", "food", "fuel", "medical", "passengers"]
Answer = Literal["granted", "conditions", "delayed", "refused", "no_answer", "revoked"]
NotificationState = Literal["notified", "acknowledged", "changed", "cancelled", "expired"]

# UNSDI-T version 2, operational status.
STATUS_CODES: Mapping[Status, int] = {
    "open": 1,
    "restricted": 2,
    "closed": 3,
    "abandoned": 4,
    "unspecified": 0,
}


@dataclass(frozen=True, slots=True)
class RoadStatus:
    """What someone says of a road: for whom, for what and in which direction it can be used.

    Say only what is claimed. A road open to patients is not open to food, and open outwards is not
    open inwards. Unknown is never open.
    """

    road: RoadCode = told("The road.", example="north-road")
    status: Status = told(
        "open, restricted, closed, abandoned, or unspecified (UNSDI-T 1, 2, 3, 4, 0)."
    )
    towards: PlaceCode | None = told(
        "The end towards which it is meant; empty means both ways.", default=None
    )
    user: User = told("Who may use it.", default="all")
    cargo: Cargo = told("What may be carried.", default="all")
    heaviest_class: int | None = told(
        "Heaviest vehicle that passes, 1 to 6 (5 heavy truck, 6 truck and trailer).",
        default=None,
        least=1,
        most=6,
    )
    security: Literal["A", "B", "C", "D", "E"] | None = told(
        "Road security category, A low risk to E critical.", default=None
    )
    reason: int | None = told(
        "Why it is not open, as claimed: OCHA access constraint 1 to 9.",
        default=None,
        least=1,
        most=9,
    )
    valid_until: datetime | None = told("Until when this is said to hold.", default=None)
    journey: Quantity | None = told(
        "How long the journey takes.", default=None, units=("h", "days")
    )
    text: str = told("Anything else that was said of it.", default="")


@dataclass(frozen=True, slots=True)
class Notification:
    """A movement made known to someone. It is not permission, and nobody approves it."""

    road: RoadCode = told("The road.")
    carrier: PartyCode = told("Who will move.")
    notified_to: PartyCode = told("Who was told.")
    window_from: datetime = told(
        "Start of the movement window.", example="2023-09-28T06:00:00+04:00"
    )
    window_until: datetime = told(
        "End of the movement window.", example="2023-09-28T18:00:00+04:00"
    )
    towards: PlaceCode | None = told("The end it moves to.", default=None)
    items: str = told("What is carried, in words.", default="")
    state: NotificationState = told("Where the notification stands.", default="notified")

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("window_from", "window_until"),)


@dataclass(frozen=True, slots=True)
class PassageRequest:
    """Passage asked of whoever gives it, for one road, direction, window and load."""

    request: RequestCode = told(
        "A code for this request; the answer names it.", example="north-0928"
    )
    road: RoadCode = told("The road.")
    towards: PlaceCode = told("The end the convoy moves to.")
    asked_of: PartyCode = told("Who was asked.")
    carrier: PartyCode = told("Who will carry.")
    window_from: datetime = told(
        "Start of the window asked for.", example="2023-09-28T06:00:00+04:00"
    )
    window_until: datetime = told(
        "End of the window asked for.", example="2023-09-28T18:00:00+04:00"
    )
    vehicles: int | None = told("Vehicles asked for.", default=None, unit="vehicles", least=1)
    cargo: Cargo = told("What is carried.", default="all")
    origin: PlaceCode | None = told("Where the goods come from.", default=None)
    items: str = told("What is carried, in words.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("window_from", "window_until"),)


@dataclass(frozen=True, slots=True)
class PassageAnswer:
    """The answer to a passage request. No answer is recorded as no answer."""

    request: RequestCode = told("The request answered.", example="north-0928")
    answer: Answer = told("What was answered.")
    conditions: str = told("Conditions set, in words.", default="")
    vehicles: int | None = told(
        "Vehicles let through at most.", default=None, unit="vehicles", least=0
    )
    escort: PartyCode | None = told("Who escorts, where someone does.", default=None)
    escort_armed: bool | None = told("Whether the escort is armed.", default=None)
    valid_until: datetime | None = told("Until when the answer holds.", default=None)


@dataclass(frozen=True, slots=True)
class RoadView:
    """One claimant's latest word on one road, direction, user and cargo.

    Attributes
    ----------
    is_current
        Whether it still holds at the moment asked for; when not, it counts as unspecified.
    """

    road: RoadCode
    towards: PlaceCode | None
    user: User
    cargo: Cargo
    claimant: PartyCode
    status: Status
    valid_until: datetime
    is_current: bool
    report: Report[RoadStatus]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage request with the latest answer to it; `answer` is None where none was recorded."""

    request: PassageRequest
    answer: PassageAnswer | None
    basis: tuple[ReportId, ...]
    answered_by: PartyCode | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What stands about roads and passages at a moment."""

    views: tuple[RoadView, ...]
    history: Mapping[RoadCode, Sequence[Report[RoadStatus]]]
    passages: Mapping[RequestCode, Passage]
    notifications: Sequence[Report[Notification]]
    denials: Mapping[ReportId, Sequence[Report[Any]]]
    findings: tuple[Finding, ...]


def fold(reports: Iterable[Report[Any]], *, at: datetime, expires_h: Decimal) -> Access:
    """Fold standing reports, in order of claims, into the register.

    Parameters
    ----------
    at
        The moment asked for.
    expires_h
        Hours after which a road status without an end of its own no longer holds.
    """
    taken = tuple(reports)
    told_of = [r for r in taken if isinstance(r.statement, RoadStatus) and r.speech_act != "denied"]
    # A promise to open a road does not open it, and a denied grant grants nothing.
    in_force = tuple(r for r in taken if r.speech_act not in ("denied", "promised"))
    history = by_subject(told_of, lambda r: r.statement.road)
    latest = sorted(
        (report for claims in history.values() for report in latest_of(claims)),
        key=lambda report: report.order,
    )
    asked = by_subject(
        (r for r in in_force if isinstance(r.statement, (PassageRequest, PassageAnswer))),
        lambda r: r.statement.request,
    )
    passages: dict[RequestCode, Passage] = {}
    findings: list[Finding] = []
    for request, said in sorted(asked.items()):
        passage, odd = passage_of(said)
        findings.extend(odd)
        if passage is not None:
            passages[request] = passage
    return Access(
        tuple(view_of(report, at, expires_h) for report in latest),
        {road: tuple(claims) for road, claims in history.items()},
        passages,
        tuple(r for r in in_force if isinstance(r.statement, Notification)),
        denials_by_target(taken),
        tuple(findings),
    )


def latest_of(claims: Iterable[Report[RoadStatus]]) -> tuple[Report[RoadStatus], ...]:
    """Return each claimant's latest word on one road, by direction, user and cargo.

    A promise to open a road does not open it.
    """
    latest: dict[tuple[Any, ...], Report[RoadStatus]] = {}
    for report in claims:
        said = report.statement
        if report.speech_act != "promised":
            latest[(said.towards or "", said.user, said.cargo, report.claimant)] = report
    return tuple(latest.values())


def view_of(report: Report[RoadStatus], at: datetime, expires_h: Decimal) -> RoadView:
    """Return one claimant's word as it holds at a moment."""
    said = report.statement
    until = said.valid_until or report.as_of + timedelta(hours=float(expires_h))
    return RoadView(
        said.road,
        said.towards,
        said.user,
        said.cargo,
        report.claimant,
        said.status,
        until,
        until >= at,
        report,
    )


def passage_of(reports: Iterable[Report[Any]]) -> tuple[Passage | None, tuple[Finding, ...]]:
    """Return the last passage request under one code with the latest answer of whoever was asked."""
    taken = tuple(reports)
    answers = [r for r in taken if isinstance(r.statement, PassageAnswer)]
    asked = [r for r in taken if isinstance(r.statement, PassageRequest)]
    if not asked:
        return None, tuple(_answer_without_request(report) for report in answers)
    passage = Passage(asked[-1].statement, None, (asked[-1].id,))
    findings: list[Finding] = []
    for report in answers:
        if report.claimant != passage.request.asked_of:
            findings.append(_answer_of_another(report, passage))
            continue
        passage = Passage(
            passage.request, report.statement, (*passage.basis[:1], report.id), report.claimant
        )
    return passage, tuple(findings)


def _answer_without_request(report: Report[PassageAnswer]) -> Finding:
    return Finding(
        "answer_without_request",
        "note",
        report.statement.request,
        f"{named(report.claimant)} answers passage request {report.statement.request}, "
        "which has not arrived.",
        basis=(report.id,),
    )


def _answer_of_another(report: Report[PassageAnswer], passage: Passage) -> Finding:
    return Finding(
        "answer_by_another",
        "ask",
        report.statement.request,
        f"{named(report.claimant)} says passage request {report.statement.request} was answered "
        f"'{report.statement.answer}'; it was asked of {named(passage.request.asked_of)}, "
        "so this grants nothing.",
        basis=tuple(sorted((report.id, *passage.basis[:1]))),
    )
