"""Sites and shelter: what a site is, its units, who is in them, its services, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal, TypeAlias, get_args

from corridor.claims import Claim, Series, by_subject, in_series
from corridor.fields import Check, told
from corridor.report import Report, clears
from corridor.standards.shelter import Service, unit_of
from corridor.values import (
    Finding,
    PartyCode,
    PlaceCode,
    Quantity,
    ShelterCode,
    TicketCode,
    in_order_of_consequence,
    named,
)

SiteType = Literal[
    "camp", "collective_centre", "transit_centre", "self_settled", "host_community", "other"
]
Answer = Literal["yes", "no", "unknown"]
Stage = Literal["received", "referred", "answered", "closed"]
Category = Literal[
    "shelter", "water", "sanitation", "food", "health", "goods", "registration", "movement",
    "other", "sensitive",
]  # fmt: skip
# The categories of feedback that may be written down.
ORDINARY: frozenset[str] = frozenset(get_args(Category)) - {"sensitive"}
# A place, a unit of it or None for the whole, and what is counted there: people or households.
Room: TypeAlias = tuple[PlaceCode, ShelterCode | None, str]

_NOT_COUNTED = ("denied", "promised")
_COUNTED = ("items", "l", "kg", "m2", "m", "min")
_BY_SERVICE = (
    "is not counted in that unit (water in l a day, soap in kg a month, floor and area in m2)"
)


def _is_counted_so(quantity: Quantity, service: Service) -> bool:
    return quantity.unit == unit_of(service)


@dataclass(frozen=True, slots=True)
class Site:
    """A site where people stay: what it is, who runs it, and whether they are free to leave.

    A site inside a military base is recorded as restricted or sealed, and so is who is in it.
    """

    place: PlaceCode = told("The place.", example="north-camp")
    type: SiteType = told("What kind of site it is.")
    owner: PartyCode | None = told("Whose land or building it is.", default=None)
    manager: PartyCode | None = told("Who runs it.", default=None)
    inside_base: Answer = told("Whether it lies inside a military base.", default="unknown")
    armed_presence: Answer = told("Whether armed people are in it.", default="unknown")
    free_to_leave: Answer = told("Whether people may leave when they want to.", default="unknown")
    area_m2: Decimal | None = told("Its whole area.", default=None, unit="m2", least=0)


@dataclass(frozen=True, slots=True)
class ShelterUnit:
    """A tent, room or hall of a site: its floor, and who can live in it."""

    place: PlaceCode = told("The site.", example="north-camp")
    shelter_unit: ShelterCode = told("The operation's own code for the unit.", example="hall-2")
    type: Literal["tent", "room", "hall", "container", "house", "other"] = told(
        "What kind of unit it is."
    )
    floor_m2: Decimal = told("Covered floor to live on.", unit="m2", least=0, example="120")
    is_step_free: bool = told(
        "Whether it can be reached and lived in without steps.", default=False
    )
    condition: Literal["usable", "needs_repair", "unusable"] = told(
        "What state it is in.", default="usable"
    )
    most_families: int | None = told(
        "Most families that may share it; empty: as many as its floor holds.",
        default=None,
        unit="families",
        least=1,
        most=1000,
    )


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How many people were in a shelter unit, or in a whole site, at a stated hour."""

    place: PlaceCode = told("The site.", example="north-camp")
    quantity: Quantity = told("How many.", example="31 people", units=("people", "households"))
    shelter_unit: ShelterCode | None = told(
        "The unit; empty where the whole site was counted.", default=None
    )
    method: Literal["registered", "counted", "key_informant", "extrapolated", "not_stated"] = told(
        "How they were counted.", default="not_stated"
    )


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """What a site has of a service: taps and toilets that work, water a day, metres to walk."""

    place: PlaceCode = told("The site.", example="north-camp")
    service: Service = told("Which service.")
    quantity: Quantity = told(
        "How much there is: water in l a day, soap in kg a month, taps and toilets that work in "
        "items, floor in m2, ways in m, queues in min.",
        example="9000 l",
        units=_COUNTED,
    )
    provider: PartyCode | None = told("Who provides it.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(("quantity", "service"), _is_counted_so, _BY_SERVICE),
    )


@dataclass(frozen=True, slots=True)
class ServiceGap:
    """What someone says is missing at a site, in their own figure."""

    place: PlaceCode = told("The site.", example="north-camp")
    service: Service = told("Which service.")
    quantity: Quantity = told("How much is missing.", example="4500 l", units=_COUNTED)
    people: Quantity | None = told(
        "How many people are without.", default=None, units=("people", "households")
    )
    asked_of: PartyCode | None = told("Who was asked to mend it.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(("quantity", "service"), _is_counted_so, _BY_SERVICE),
    )


@dataclass(frozen=True, slots=True)
class Feedback:
    """An ordinary complaint or suggestion, as a ticket: no name, no words of the person, no story.

    Never a sensitive one (abuse, exploitation, violence, threats, corruption, a child alone): that is
    told to the protection focal point in person, the same day, and nothing of it is written here.
    """

    place: PlaceCode = told("The site.", example="north-camp")
    ticket: TicketCode = told("Number of the ticket; it names nobody.", example="t-0412")
    stage: Stage = told("What happened to it.", default="received")
    category: Category = told("What it is about; 'sensitive' is refused.", default="other")
    referred_to: PartyCode | None = told("Who has to answer it.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("category",),
            lambda category: category != "sensitive",
            "a sensitive complaint is not recorded, not even counted: tell the protection focal "
            "point in person today; nothing of it was kept here",
        ),
    )


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where one feedback ticket stands.

    Attributes
    ----------
    received_at
        The first moment anyone reported it.
    answered_at
        When it was answered or closed; None while it waits.
    last
        The last report about it.
    """

    place: PlaceCode
    ticket: TicketCode
    category: Category
    received_at: datetime
    answered_at: datetime | None
    last: Report[Feedback]


@dataclass(frozen=True, slots=True)
class Shelter:
    """What stands about sites at a moment.

    Attributes
    ----------
    sites
        Each claimant's last description of each site, in order of claims.
    units
        The last description of each shelter unit.
    occupancy, levels, gaps
        Series of claims by room, and by site and service.
    tickets
        Feedback tickets, in order of when they were received.
    """

    sites: Mapping[PlaceCode, tuple[Report[Site], ...]]
    units: Mapping[ShelterCode, Report[ShelterUnit]]
    occupancy: Mapping[Room, Series]
    levels: Mapping[tuple[PlaceCode, Service], Series]
    gaps: Mapping[tuple[PlaceCode, Service], Series]
    tickets: Sequence[Ticket]
    findings: tuple[Finding, ...]


def fold(reports: Iterable[Report[Any]]) -> Shelter:
    """Fold standing reports, in order of claims, into the register."""
    said = by_subject((r for r in reports if r.speech_act not in _NOT_COUNTED), _kind)
    sites = {
        place: _latest(found) for place, found in by_subject(said.get(Site, ()), _place_of).items()
    }
    units = {r.statement.shelter_unit: r for r in said.get(ShelterUnit, ())}
    occupied = said.get(Occupancy, [])
    findings = [
        *(found for claims in sites.values() for found in _described_apart(claims)),
        *_too_open(sites, [*said.get(Site, ()), *occupied]),
        *_elsewhere(units, occupied),
    ]
    return Shelter(
        sites,
        units,
        _series(by_subject(occupied, _room)),
        _series(by_subject(said.get(ServiceLevel, ()), _service)),
        _series(by_subject(said.get(ServiceGap, ()), _service)),
        tuple(_tickets(said.get(Feedback, ()))),
        in_order_of_consequence(findings),
    )


def overdue(shelter: Shelter, at: datetime, days: Decimal) -> tuple[Finding, ...]:
    """Return the tickets that have waited for an answer longer than so many days."""
    return tuple(
        Finding(
            "feedback_overdue",
            "ask",
            ticket.place,
            f"Ticket {ticket.ticket} ({ticket.category}) at {named(ticket.place)} has waited "
            f"{waited} days for an answer; {days.normalize():f} are allowed.",
            basis=(ticket.last.id,),
        )
        for ticket in shelter.tickets
        if ticket.answered_at is None and (waited := (at - ticket.received_at).days) > days
    )


def _series(groups: Mapping[Any, list[Report[Any]]]) -> dict[Any, Series]:
    return {
        subject: in_series([Claim(report, report.statement.quantity) for report in found])
        for subject, found in groups.items()
    }


def _kind(report: Report[Any]) -> Any:
    return type(report.statement)


def _place_of(report: Report[Any]) -> PlaceCode:
    place: PlaceCode = report.statement.place
    return place


def _room(report: Report[Occupancy]) -> Room:
    said = report.statement
    return (said.place, said.shelter_unit, str(said.quantity.unit))


def _service(report: Report[Any]) -> tuple[PlaceCode, Service]:
    return (report.statement.place, report.statement.service)


def _latest(reports: Iterable[Report[Site]]) -> tuple[Report[Site], ...]:
    last = {report.claimant: report for report in reports}
    return tuple(sorted(last.values(), key=lambda report: report.order))


def _tickets(reports: Iterable[Report[Feedback]]) -> Iterator[Ticket]:
    by_ticket = by_subject(reports, lambda r: (r.statement.place, r.statement.ticket))
    for (place, ticket), found in by_ticket.items():
        answered = [r.as_of for r in found if r.statement.stage in ("answered", "closed")]
        # A later report that leaves the category open does not take it back.
        told_of = [r.statement.category for r in found if r.statement.category != "other"]
        yield Ticket(
            place,
            ticket,
            told_of[-1] if told_of else "other",
            found[0].as_of,
            answered[0] if answered else None,
            found[-1],
        )


def _described_apart(claims: tuple[Report[Site], ...]) -> Iterator[Finding]:
    for name, words in (
        ("inside_base", "whether it lies inside a military base"),
        ("armed_presence", "whether armed people are in it"),
        ("free_to_leave", "whether people are free to leave"),
    ):
        answers = [(r, getattr(r.statement, name)) for r in claims]
        given = [(r, answer) for r, answer in answers if answer != "unknown"]
        if len({answer for _, answer in given}) > 1:
            place = claims[0].statement.place
            yield Finding(
                "site_described_apart",
                "ask",
                place,
                f"Claimants answer differently at {named(place)} {words}.",
                tuple((named(r.claimant), answer) for r, answer in given),
                tuple(sorted(r.id for r, _ in given)),
            )


def _too_open(
    sites: Mapping[PlaceCode, tuple[Report[Site], ...]], reports: Iterable[Report[Any]]
) -> Iterator[Finding]:
    inside = {
        place: tuple(r.id for r in claims if r.statement.inside_base == "yes")
        for place, claims in sites.items()
    }
    for report in reports:
        place = report.statement.place
        if inside.get(place) and clears("partners", report.handling):
            yield Finding(
                "base_site_too_open",
                "act",
                place,
                f"{named(place)} is said to lie inside a military base, and a report by "
                f"{named(report.claimant)} on the site or who is in it is handled as "
                f"{report.handling}; restricted is needed.",
                basis=tuple(sorted({report.id, *inside[place]})),
            )


def _elsewhere(
    units: Mapping[ShelterCode, Report[ShelterUnit]], occupied: Iterable[Report[Occupancy]]
) -> Iterator[Finding]:
    for report in occupied:
        said = report.statement
        unit = units.get(said.shelter_unit) if said.shelter_unit else None
        if unit is not None and unit.statement.place != said.place:
            yield Finding(
                "shelter_unit_elsewhere",
                "ask",
                said.place,
                f"{named(report.claimant)} counts people in {said.shelter_unit} at "
                f"{named(said.place)}; that unit is described at {named(unit.statement.place)}.",
                basis=tuple(sorted((report.id, unit.id))),
            )
