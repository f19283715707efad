"""The types of a picture, and how it names people, places and things."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from corridor.claims import Claim, Series
from corridor.picture.roads import RoadLine
from corridor.registers.access import Access
from corridor.registers.decisions import Decisions
from corridor.registers.general import General, Settings
from corridor.registers.geography import Geography
from corridor.registers.people import People
from corridor.registers.shelter import Shelter
from corridor.registers.supply import Commodity, Supply
from corridor.report import Handling, Report
from corridor.values import (
    CommodityCode,
    ConsignmentCode,
    Estimate,
    Finding,
    PlaceCode,
    ReportId,
)

_MARK = re.compile("⟦([^⟧]*)⟧")


@dataclass(frozen=True, slots=True)
class PeopleLine:
    """How many people must be supplied where they are counted.

    Attributes
    ----------
    counted
        Range over each claimant's latest headcount, or the adopted figure.
    departed
        Range over the latest totals of people who left since that headcount; None where nobody
        gave one.
    now
        `counted` less `departed`: the highest departure against the lowest count, and the reverse.
    cautious, cautious_why
        The number planning uses and why that end; None where no number can be had.
    series
        The claims behind it; empty where only an adopted figure exists.
    """

    place: PlaceCode
    group: str
    counted: Estimate
    departed: Estimate | None
    now: Estimate
    cautious: Decimal | None
    cautious_why: str
    counted_at: datetime | None
    series: Series
    adopted: Report[Any] | None = None


@dataclass(frozen=True, slots=True)
class StockLine:
    """Stock, need and days of cover of one commodity at one place, in the commodity's unit.

    Attributes
    ----------
    stock
        Range over claimants of the latest count with the coded movements since.
    need_per_day
        People supplied from here times the need rate.
    days_of_cover
        Days the stock lasts at that need; see its `method`.
    cautious, cautious_why
        The stock planning starts from and why.
    counts
        Each claimant's latest count.
    """

    place: PlaceCode
    commodity: CommodityCode
    unit: str
    stock: Estimate
    need_per_day: Estimate
    rate: Estimate
    days_of_cover: Estimate
    cautious: Decimal | None
    cautious_why: str
    counted_at: datetime | None
    counts: Series
    adopted: Report[Any] | None = None


@dataclass(frozen=True, slots=True)
class Transit:
    """A coded consignment dispatched and not, or not wholly, received or lost."""

    consignment: ConsignmentCode
    commodity: CommodityCode
    destination: PlaceCode
    quantity: Estimate
    basis: tuple[ReportId, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What the claims add up to at a moment.

    Attributes
    ----------
    at, known_at, clearance
        The moment it is about, the moment it is known from, and whose view it is.
    digest
        SHA-256 of the reports it rests on.
    stocks, people, roads
        The lines of each subject, in a fixed order.
    findings
        What is odd, by consequence.
    unknowns
        What is not known: missing and old feeds, by consequence.
    reports
        Every visible report that stands, by id; `struck` those that were withdrawn or corrected,
        each with the report that struck it.
    """

    at: datetime
    known_at: datetime
    clearance: Handling
    digest: str
    general: General
    geography: Geography
    access: Access
    supply: Supply
    people_register: People
    shelter: Shelter
    decisions: Decisions
    stocks: tuple[StockLine, ...]
    people: tuple[PeopleLine, ...]
    roads: tuple[RoadLine, ...]
    transit: Sequence[Transit]
    findings: Sequence[Finding]
    unknowns: tuple[Finding, ...]
    reports: Mapping[ReportId, Report[Any]]
    struck: Sequence[tuple[Report[Any], ReportId]]

    @property
    def settings(self) -> Settings:
        """The operation's rules in force."""
        return self.general.settings

    def name(self, code: str) -> str:
        """Return what a code is shown as: a claimant's name, a place's usages, a good's name."""
        return name_of(code, self.geography, self.supply.commodities, self.settings)

    def say(self, text: str) -> str:
        """Put names in the place of marked codes (see `corridor.values.named`)."""
        return _MARK.sub(lambda match: self.name(match[1]), text)

    def in_order(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Sort codes by the operation's order of names."""
        return tuple(sorted(set(codes), key=self.settings.place_in_order))

    def claims_in_order(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Sort claims by the operation's order of names, then by time."""
        return tuple(
            sorted(claims, key=lambda c: (self.settings.place_in_order(c.claimant), c.report.order))
        )


def name_of(
    code: str,
    geography: Geography,
    commodities: Mapping[CommodityCode, Commodity],
    settings: Settings,
) -> str:
    """Return what a code or a moment is shown as; see `Picture.name` and `corridor.values.timed`."""
    if code.startswith("@"):
        moment = datetime.fromisoformat(code[1:]).astimezone(settings.time_zone)
        # The last minute of a day stands for the day.
        is_day = (moment.hour, moment.minute) == (23, 59)
        return f"{moment:%d %b %Y}" if is_day else f"{moment:%d %b %Y %H:%M %z}"
    if code in geography.parties:
        return geography.parties[code]  # type: ignore[index]  # codes share one namespace
    if code in geography.places or code in geography.names:
        return place_label(PlaceCode(code), geography, settings)
    known = commodities.get(CommodityCode(code))
    return known.name if known else code


def place_label(place: PlaceCode, geography: Geography, settings: Settings) -> str:
    """Return every usage of a place in Latin letters, in the operation's order, or its code."""
    usages = [u for u in geography.names.get(place, ()) if _is_latin(u.name)]
    usages.sort(key=lambda u: (settings.place_in_order(u.used_by)[0], u.name))
    return " / ".join(dict.fromkeys(u.name for u in usages)) or str(place)


def with_names(
    findings: Iterable[Finding], name_of_code: Callable[[str], str]
) -> tuple[Finding, ...]:
    """Return findings with names in the place of marked codes."""
    names: dict[str, str] = {}

    def name(mark: re.Match[str]) -> str:
        if mark[1] not in names:
            names[mark[1]] = name_of_code(mark[1])
        return names[mark[1]]

    def say(text: str) -> str:
        return _MARK.sub(name, text) if "⟦" in text else text

    return tuple(
        Finding(
            finding.code,
            finding.severity,
            finding.subject,
            say(finding.text),
            tuple((say(label), say(value)) for label, value in finding.values),
            finding.basis,
        )
        for finding in findings
    )


def _is_latin(text: str) -> bool:
    # By Unicode's own names: ə stands in no block called Latin, and the ʻ of a transliteration
    # counts as a letter.
    return all(
        unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER"))
        for letter in text
        if letter.isalpha()
    )
