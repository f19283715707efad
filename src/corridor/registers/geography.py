"""Places, the names people use for them, roads, parties and organisations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from corridor.fields import Check, ordered, told
from corridor.report import Report
from corridor.values import Finding, PartyCode, PlaceCode, ReportId, RoadCode

PlaceType = Literal[
    "settlement", "camp", "hub", "depot", "facility", "crossing", "region", "country"
]
OrganisationType = Literal[
    "authority", "military", "humanitarian", "media", "monitor", "company", "other"
]


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the operation knows it: a code, where it is, and what it is used for.

    The code is not a name. Names are reported apart, each with who uses it.
    """

    place: PlaceCode = told("The operation's own code for the place.", example="north-town")
    type: PlaceType = told(
        "What kind of place it is. Goods wait at a hub; people are supplied elsewhere."
    )
    lat: Decimal | None = told(
        "Latitude, degrees north.", default=None, unit="degrees", least=-90, most=90
    )
    lon: Decimal | None = told(
        "Longitude, degrees east.", default=None, unit="degrees", least=-180, most=180
    )
    within: PlaceCode | None = told("The larger place it lies in.", default=None)
    served_from: PlaceCode | None = told(
        "The place whose stock feeds the people counted here, where that is another place.",
        default=None,
    )
    storage_t: Decimal | None = told(
        "Room for dry goods, in tonnes.", default=None, unit="t", least=0
    )
    tank_t: Decimal | None = told(
        "Room for liquids in bulk, in tonnes.", default=None, unit="t", least=0
    )
    pcode: str = told("P-code where one was published; text, its zeros kept.", default="")
    pcode_version: str = told("Edition of the P-code list.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("lon", "lat"),
            lambda lon, lat: (lon is None) == (lat is None),
            "latitude and longitude go together",
        ),
    )


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name for a place, and who uses it. No name is the name."""

    place: PlaceCode = told("The place.", example="north-town")
    name: str = told("The name as it is written by those who use it.", example="Northbridge")
    language: str = told("Language and script (BCP 47): hy, az-Latn, ru, en.", example="en")
    used_by: PartyCode = told("Who uses this name.")
    used_from: datetime | None = told("Since when, where that is known.", default=None)
    used_until: datetime | None = told("Until when, where that is known.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("used_from", "used_until"),)


@dataclass(frozen=True, slots=True)
class Road:
    """A road between two places: length, time, what it can carry, and who gives passage."""

    road: RoadCode = told("The operation's own code for the road.", example="north-road")
    start: PlaceCode = told("The end where goods are loaded.", example="hub")
    end: PlaceCode = told("The other end.", example="north-town")
    distance_km: Decimal = told("Length, one way.", unit="km", least=0)
    drive_h: Decimal = told(
        "Driving time one way for a loaded truck, posts not counted.", unit="h", least=0
    )
    vehicles_per_day: Decimal | None = told(
        "Loaded vehicles a day when open; empty where nobody declared one.",
        default=None,
        unit="vehicles",
        least=0,
    )
    restricted_vehicles_per_day: Decimal | None = told(
        "Loaded vehicles a day when restricted.", default=None, unit="vehicles", least=0
    )
    heaviest_class: int = told(
        "Heaviest vehicle when open: 1 on foot, 2 motorbike, 3 4WD, 4 light truck, 5 heavy truck, "
        "6 truck and trailer.",
        default=6,
        least=1,
        most=6,
    )
    restricted_class: int = told(
        "Heaviest vehicle when restricted, same scale.", default=5, least=1, most=6
    )
    posts_h: Decimal = told(
        "Time at checkpoints and posts, one way.", default=Decimal(0), unit="h", least=0
    )
    granted_by: PartyCode | None = told(
        "Who gives passage; empty where none is needed.", default=None
    )
    notice_h: Decimal | None = told("Notice that passage needs.", default=None, unit="h", least=0)
    runs_with: RoadCode | None = told(
        "Another road that must carry a convoy on every day this one does, where such a condition "
        "was set; it holds both ways.",
        default=None,
    )

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("end", "start"), lambda end, start: end != start, "a road joins two different places"
        ),
        Check(
            ("runs_with", "road"),
            lambda other, road: other != road,
            "the other road is needed, not the road itself",
        ),
    )


@dataclass(frozen=True, slots=True)
class Party:
    """A party to the conflict or to the talks, under the name it is shown by."""

    party: PartyCode = told("The operation's own code for the party.", example="northern-side")
    name: str = told("The name shown.", example="Northern side")


@dataclass(frozen=True, slots=True)
class Organisation:
    """Anyone else who makes claims, carries goods or grants passage."""

    organisation: PartyCode = told("The operation's own code for it.", example="relief-agency")
    name: str = told("The name shown.", example="Relief Agency")
    type: OrganisationType = told("What it is.", default="other")
    acts_for: PartyCode | None = told("The party it speaks for, where it does.", default=None)


@dataclass(frozen=True, slots=True)
class Geography:
    """What stands about places, names, roads and names of claimants.

    Attributes
    ----------
    places, roads
        The last standing description of each, with the report it comes from.
    names
        Usages by place, in order of claims; the brief orders them by the operation's policy.
    parties
        Name by code, for parties and organisations.
    acts_for
        The party a claimant speaks for.
    """

    places: Mapping[PlaceCode, Place]
    roads: Mapping[RoadCode, Road]
    names: Mapping[PlaceCode, tuple[PlaceName, ...]]
    parties: Mapping[PartyCode, str]
    acts_for: Mapping[PartyCode, PartyCode]
    sources: Mapping[str, ReportId]
    findings: tuple[Finding, ...]


def fold(reports: Iterable[Report[Any]]) -> Geography:
    """Fold standing reports, in order of claims; the last description of a thing holds."""
    places: dict[PlaceCode, Place] = {}
    roads: dict[RoadCode, Road] = {}
    names: dict[PlaceCode, dict[PlaceName, None]] = {}
    parties: dict[PartyCode, str] = {}
    acts_for: dict[PartyCode, PartyCode] = {}
    sources: dict[str, ReportId] = {}
    described: dict[str, dict[PartyCode, tuple[Any, ReportId]]] = {}
    for report in reports:
        if report.speech_act == "denied":
            continue
        match report.statement:
            case Place() as place:
                places[place.place] = place
                sources[f"place:{place.place}"] = report.id
                described.setdefault(f"place:{place.place}", {})[report.claimant] = (
                    place,
                    report.id,
                )
            case PlaceName() as usage:
                names.setdefault(usage.place, {})[usage] = None
            case Road() as road:
                roads[road.road] = road
                sources[f"road:{road.road}"] = report.id
                described.setdefault(f"road:{road.road}", {})[report.claimant] = (road, report.id)
            case Party() as party:
                parties[party.party] = party.name
            case Organisation() as organisation:
                parties[organisation.organisation] = organisation.name
                if organisation.acts_for:
                    acts_for[organisation.organisation] = organisation.acts_for
    return Geography(
        places,
        roads,
        {place: tuple(usages) for place, usages in names.items()},
        parties,
        acts_for,
        sources,
        tuple(
            _described_twice(subject, by_whom)
            for subject, by_whom in described.items()
            if _differ(by_whom)
        ),
    )


def _differ(by_whom: Mapping[PartyCode, tuple[Any, ReportId]]) -> bool:
    return len({statement for statement, _ in by_whom.values()}) > 1


def _described_twice(subject: str, by_whom: Mapping[PartyCode, tuple[Any, ReportId]]) -> Finding:
    return Finding(
        "described_differently",
        "ask",
        subject,
        f"{len(by_whom)} claimants describe {subject} differently; the last description is used.",
        basis=tuple(sorted(name for _, name in by_whom.values())),
    )
