"""People: how many are where, how many came and went, as each claimant counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from corridor.claims import Claim, Series, denials_by_target, in_series
from corridor.fields import Check, ordered, told
from corridor.report import Report
from corridor.standards.age_bands import (
    ALL_AGES,
    OLDEST,
    Band,
    Part,
    Sex,
    is_readable,
    overlapping,
    read_parts,
    unreadable,
)
from corridor.values import Finding, PartyCode, PlaceCode, Quantity, ReportId, RoadCode

_NOT_COUNTED = ("denied", "promised")
Group = Literal[
    "present", "sheltered", "displaced", "patients", "stranded", "remaining", "registered"
]
Measure = Literal["stock", "flow", "cumulative", "unclear"]
Method = Literal["registered", "counted", "key_informant", "extrapolated", "not_stated"]
Mode = Literal["any", "on_foot", "private_cars", "buses", "ambulances", "helicopters"]

_BANDS = (
    "Parts of this figure by sex and age, as they were given: 'f 0-4 120; m 0-4 131; 60+ 45'. "
    "A band is never split."
)


def _overlap_nowhere(bands: str) -> bool:
    return not is_readable(bands) or not overlapping(read_parts(bands))


def _are_people(bands: str, quantity: Quantity) -> bool:
    return not bands.strip() or quantity.unit == "people"


def _fit(bands: str, quantity: Quantity) -> bool:
    # Where bands overlap their sum means nothing, and that is told already.
    if not is_readable(bands) or not _overlap_nowhere(bands) or quantity.highest is None:
        return True
    return _total(bands) <= quantity.highest


def _total(bands: str) -> int:
    return sum(part.count for part in read_parts(bands))


# Each speaks only where the ones before it are content, so that one mistake is told once.
_BAND_CHECKS = (
    Check(
        ("bands",),
        is_readable,
        f"parts like 'f 0-4 120; m 0-4 131; 60+ 45' are needed, ages {OLDEST} at most, youngest first",
        lambda bands: f"not '{'; '.join(unreadable(bands))}'",
    ),
    Check(
        ("bands",),
        _overlap_nowhere,
        "two parts overlap: one person would be counted in both",
        lambda bands: " and ".join(map(str, overlapping(read_parts(bands))[0])),
    ),
    Check(("bands", "quantity"), _are_people, "parts by sex and age need a quantity in people"),
    Check(
        ("bands", "quantity"),
        _fit,
        "the parts together are more than the quantity",
        lambda bands, quantity: f"{_total(bands):,} of {quantity}",
    ),
)


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people of a group are at a place at an hour, and how they were counted.

    Say whether the figure is a stock (there at that hour), a flow (came within the time given), a
    total since a moment, or whether the words leave that open. Report a part (children) by itself,
    with its ages.
    """

    place: PlaceCode = told("Where they are.", example="north-camp")
    quantity: Quantity = told(
        "How many.", example="up to 700 people", units=("people", "households")
    )
    group: Group = told("Which group is counted.", default="present")
    measure: Measure = told("Stock, flow, cumulative, or unclear.", default="stock")
    min_age: int | None = told(
        "Youngest age counted, in years; empty where all are.",
        default=None,
        unit="years",
        least=0,
        most=130,
    )
    max_age: int | None = told(
        "Oldest age counted, in years.", default=None, unit="years", least=0, most=130
    )
    sex: Sex = told("Which sex is counted.", default="any")
    method: Method = told("How they were counted.", default="not_stated")
    since: datetime | None = told("Start of a total.", default=None)
    bands: str = told(_BANDS, default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("min_age", "max_age"), *_BAND_CHECKS)


@dataclass(frozen=True, slots=True)
class Arrival:
    """People who came to a place: in the time observed, or in total since a moment."""

    place: PlaceCode = told("Where they came to.", example="south-town")
    quantity: Quantity = told(
        "How many.",
        example="377 people",
        units=("people", "households", "cars", "vehicles", "buses"),
    )
    measure: Literal["flow", "cumulative"] = told(
        "In the time observed, or a total since a moment.", default="flow"
    )
    origin: PlaceCode | None = told("Where they came from.", default=None)
    road: RoadCode | None = told("By which road.", default=None)
    group: Group = told("Which group is counted.", default="displaced")
    min_age: int | None = told(
        "Youngest age counted, in years.", default=None, unit="years", least=0, most=130
    )
    max_age: int | None = told(
        "Oldest age counted, in years.", default=None, unit="years", least=0, most=130
    )
    mode: Mode = told("With what they came.", default="any")
    escorted_by: PartyCode | None = told("Who escorted them, where someone did.", default=None)
    since: datetime | None = told("Start of a total.", default=None)
    sex: Sex = told("Which sex is counted.", default="any")
    method: Method = told("How they were counted.", default="not_stated")
    bands: str = told(_BANDS, default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("min_age", "max_age"), *_BAND_CHECKS)


@dataclass(frozen=True, slots=True)
class Departure:
    """People who left a place: in the time observed, or in total since a moment."""

    place: PlaceCode = told("Where they left from.", example="north-town")
    quantity: Quantity = told(
        "How many.",
        example="20 people",
        units=("people", "households", "cars", "vehicles", "buses"),
    )
    measure: Literal["flow", "cumulative"] = told(
        "In the time observed, or a total since a moment.", default="flow"
    )
    destination: PlaceCode | None = told("Where they went.", default=None)
    road: RoadCode | None = told("By which road.", default=None)
    group: Group = told("Which group is counted.", default="displaced")
    min_age: int | None = told(
        "Youngest age counted, in years.", default=None, unit="years", least=0, most=130
    )
    max_age: int | None = told(
        "Oldest age counted, in years.", default=None, unit="years", least=0, most=130
    )
    mode: Mode = told("With what they left.", default="any")
    escorted_by: PartyCode | None = told("Who escorted them, where someone did.", default=None)
    since: datetime | None = told("Start of a total.", default=None)
    sex: Sex = told("Which sex is counted.", default="any")
    method: Method = told("How they were counted.", default="not_stated")
    bands: str = told(_BANDS, default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("min_age", "max_age"), *_BAND_CHECKS)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a people figure is about; figures of different subjects are never compared or added."""

    event: Literal["headcount", "arrival", "departure"]
    place: PlaceCode
    group: Group
    measure: Measure
    min_age: int | None
    max_age: int | None
    sex: Sex
    unit: str
    other_end: PlaceCode | None = None
    mode: Mode = "any"

    @property
    def is_whole(self) -> bool:
        """Whether all ages and both sexes are counted."""
        return self.min_age is None and self.max_age is None and self.sex == "any"


@dataclass(frozen=True, slots=True)
class People:
    """What stands about people at a moment: every series of claims, by subject."""

    series: Mapping[Subject, Series]
    denials: Mapping[ReportId, Sequence[Report[Any]]]
    findings: tuple[Finding, ...]


def fold(reports: Iterable[Report[Any]]) -> People:
    """Fold standing reports, in order of claims, into the register."""
    taken = tuple(reports)
    denials = denials_by_target(taken)
    groups: dict[tuple[Any, ...], list[Report[Any]]] = {}
    for report in taken:
        parts_of = _PARTS.get(type(report.statement))
        if parts_of is not None and report.speech_act not in _NOT_COUNTED:
            groups.setdefault(parts_of(report.statement), []).append(report)
    return People(
        {Subject(*parts): series_of(found, denials) for parts, found in groups.items()}, denials, ()
    )


def counts(report: Report[Any]) -> bool:
    """Tell whether a report gives a figure of people."""
    return type(report.statement) in _PARTS and report.speech_act not in _NOT_COUNTED


def subject_of(report: Report[Any]) -> Subject | None:
    """Return what a report's figure of people is about; None where it gives none."""
    return Subject(*_PARTS[type(report.statement)](report.statement)) if counts(report) else None


def series_of(
    reports: Iterable[Report[Any]], denials: Mapping[ReportId, Sequence[Report[Any]]]
) -> Series:
    """Return the claims of one subject, whose reports come in order."""
    return in_series(claims_of(reports), denials)


def claims_of(reports: Iterable[Report[Any]]) -> list[Claim]:
    """Return the claims of reports that give figures of people."""
    return [Claim(report, report.statement.quantity) for report in reports]


def parts_of(report: Report[Any]) -> tuple[Part, ...]:
    """Return the parts by sex and age that a figure of people was given with; often none."""
    return read_parts(report.statement.bands) if counts(report) else ()


def band_of(subject: Subject) -> Band:
    """Return the ages that a subject counts."""
    if subject.min_age is None and subject.max_age is None:
        return ALL_AGES
    return Band(subject.min_age or 0, subject.max_age)


def _headcount(h: Headcount) -> tuple[Any, ...]:
    return (
        "headcount", h.place, h.group, h.measure, h.min_age, h.max_age, h.sex, h.quantity.unit,
    )  # fmt: skip


def _arrival(a: Arrival) -> tuple[Any, ...]:
    return (
        "arrival", a.place, a.group, a.measure, a.min_age, a.max_age, a.sex, a.quantity.unit,
        a.origin, a.mode,
    )  # fmt: skip


def _departure(d: Departure) -> tuple[Any, ...]:
    return (
        "departure", d.place, d.group, d.measure, d.min_age, d.max_age, d.sex, d.quantity.unit,
        d.destination, d.mode,
    )  # fmt: skip


# The parts of a subject as a plain tuple: a hundred thousand of them are grouped in no time.
_PARTS: Mapping[type[Any], Callable[[Any], tuple[Any, ...]]] = {
    Headcount: _headcount,
    Arrival: _arrival,
    Departure: _departure,
}
