"""The values everything is made of: quantities with bounds, estimates, findings, rules of time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NewType

from corridor.errors import shown
from corridor.units import ONE, Unit

ReportId = NewType("ReportId", str)
PartyCode = NewType("PartyCode", str)
PlaceCode = NewType("PlaceCode", str)
RoadCode = NewType("RoadCode", str)
CommodityCode = NewType("CommodityCode", str)
ConsignmentCode = NewType("ConsignmentCode", str)
FleetCode = NewType("FleetCode", str)
RequestCode = NewType("RequestCode", str)
CeasefireCode = NewType("CeasefireCode", str)
ClauseCode = NewType("ClauseCode", str)
ViolationCode = NewType("ViolationCode", str)
IncidentCode = NewType("IncidentCode", str)
ShelterCode = NewType("ShelterCode", str)
TicketCode = NewType("TicketCode", str)
InstrumentCode = NewType("InstrumentCode", str)
ProcessCode = NewType("ProcessCode", str)
RoundCode = NewType("RoundCode", str)
ItemCode = NewType("ItemCode", str)
ProposalCode = NewType("ProposalCode", str)
AgreedTextCode = NewType("AgreedTextCode", str)
CommitmentCode = NewType("CommitmentCode", str)
DeliverableCode = NewType("DeliverableCode", str)

Severity = Literal["act", "ask", "note"]
SEVERITIES: tuple[Severity, ...] = ("act", "ask", "note")

_RFC_3339 = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Outside these years a day cannot be shifted by a zone or a term without leaving the calendar.
_YEARS = range(1000, 3000)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as its claimant gave it: a best value, bounds, a unit and the words around it.

    "up to 700" has a `high` and nothing else; "over 400" has a `low` and nothing else; "64" has a
    `best` and nothing else. None means the claimant gave no such end, which is not zero.

    Attributes
    ----------
    best
        The figure named, if one was.
    unit
        One of `corridor.units.UNITS`.
    low, high
        The ends named; low <= best <= high where both are there.
    qualifier
        The words used ("up to", "about"), verbatim.
    """

    best: Decimal | None
    unit: Unit
    low: Decimal | None = None
    high: Decimal | None = None
    qualifier: str = ""

    @property
    def lowest(self) -> Decimal | None:
        """The lowest value this figure allows; None when no lower end was named."""
        return self.low if self.low is not None else self.best

    @property
    def highest(self) -> Decimal | None:
        """The highest value this figure allows; None when no upper end was named."""
        return self.high if self.high is not None else self.best

    @property
    def stated(self) -> Decimal:
        """The one number that was said: best, else the upper end, else the lower end."""
        for value in (self.best, self.high, self.low):
            if value is not None:
                return value
        raise ValueError("a quantity has at least one number")

    def scaled(self, by: Decimal, unit: Unit) -> Quantity:
        """Return this figure times `by`, in `unit`, its bounds and words kept."""

        def times(value: Decimal | None) -> Decimal | None:
            return None if value is None else value * by

        return Quantity(times(self.best), unit, times(self.low), times(self.high), self.qualifier)

    def __str__(self) -> str:
        """Say the figure as it was said, the unit in the form that fits its number."""
        ends = (self.low, self.best, self.high)
        is_one = self.unit in ONE and all(end is None or end == 1 for end in ends)
        unit = ONE[self.unit] if is_one else self.unit
        return f"{say_bounds(*ends, self.qualifier)} {unit}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A derived number with its interval, how it came about and what it rests on.

    Attributes
    ----------
    low, best, high
        Interval and centre; None means that end cannot be given.
    unit
        Unit of all three.
    method
        The formula in words.
    basis
        The reports it was computed from.
    """

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    unit: str
    method: str
    basis: tuple[ReportId, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether any of the three numbers could be given."""
        return not (self.low is None and self.best is None and self.high is None)

    def __str__(self) -> str:
        """Say the interval."""
        if not self.is_known:
            return "unknown"
        return f"{say_bounds(self.low, self.best, self.high)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd, missing or contradictory that was recorded all the same and wants a reader.

    Attributes
    ----------
    code
        Stable name of the rule ("double_count").
    severity
        "act" someone must act, "ask" someone should ask, "note" good to know.
    subject
        What it is about, as a code or a pair of codes.
    text
        One sentence with an owner: who says what, and why that matters.
    values
        The figures side by side, each with its label.
    basis
        The reports it rests on.
    """

    code: str
    severity: Severity
    subject: str
    text: str
    values: tuple[tuple[str, str], ...] = ()
    basis: tuple[ReportId, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the map between two parallels and two meridians, in degrees, its edges included."""

    south: Decimal
    west: Decimal
    north: Decimal
    east: Decimal

    def holds(self, lat: Decimal, lon: Decimal) -> bool:
        """Tell whether a point lies in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    def __str__(self) -> str:
        """Say the area in words."""
        return f"latitude {self.south} to {self.north}, longitude {self.west} to {self.east}"


def named(code: str) -> str:
    """Mark a code in a sentence; the picture puts the names there, in the order of its policy."""
    return f"⟦{code}⟧"


def timed(moment: datetime) -> str:
    """Mark a moment in a sentence; the picture writes it in the operation's time zone, with its offset."""
    return named(f"@{moment.isoformat()}")


def in_order_of_consequence(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings: what needs action first, then by rule, subject and the reports below."""
    return tuple(
        sorted(
            set(findings),
            key=lambda f: (
                SEVERITIES.index(f.severity),
                f.code,
                f.basis,
                f.subject,
                f.text,
                f.values,
            ),
        )
    )


def say_number(value: Decimal) -> str:
    """Write a decimal without exponent or trailing zeros, thousands apart by a thin comma."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say_bounds(
    low: Decimal | None, best: Decimal | None, high: Decimal | None, qualifier: str = ""
) -> str:
    """Write a figure with its bounds in the fewest words that keep them."""
    ends = [value for value in (low, high) if value is not None]
    if best is not None:
        head = f"{qualifier} {say_number(best)}".strip()
        if (low is None and high is None) or low == best == high:
            return head
        if low is None:
            return f"{head} (at most {say_number(ends[0])})"
        if high is None:
            return f"{head} (at least {say_number(ends[0])})"
        return f"{head} ({say_number(low)}-{say_number(high)})"
    if low is not None and high is not None:
        if low == high:
            return say_number(low)
        return f"{qualifier} {say_number(low)}-{say_number(high)}".strip()
    if high is not None:
        return f"{qualifier or 'at most'} {say_number(high)}"
    if low is not None:
        return f"{qualifier or 'at least'} {say_number(low)}"
    return "unknown"


@lru_cache(maxsize=1 << 16)
def read_time(text: str) -> datetime:
    """Read an RFC 3339 time with its offset, in UTC; ValueError says what is needed."""
    if _RFC_3339.fullmatch(text) is None:
        found = f"only the day '{text}'" if _DAY.fullmatch(text) else f"'{shown(text)}'"
        raise ValueError(
            f"a time with an offset is needed (2023-09-27T13:00:00+04:00), not {found}"
        )
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise ValueError(f"'{text}' is not a time that exists") from None
    _refuse_year(moment.year, text)
    # In UTC it may lie in the next year, and must still be readable as it is written there.
    moment = moment.astimezone(UTC)
    _refuse_year(moment.year, text)
    return moment


def read_day(text: str) -> date:
    """Read a day written 2023-09-27; ValueError says what is needed."""
    if _DAY.fullmatch(text) is None:
        raise ValueError(f"a day like 2023-09-27 is needed, not '{shown(text)}'")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a day that exists") from None
    _refuse_year(day.year, text)
    return day


def is_day(text: str) -> bool:
    """Tell whether a text has the form of a day alone."""
    return len(text) == 10 and _DAY.fullmatch(text) is not None


@lru_cache(maxsize=1 << 12)
def day_start(day: date, zone: tzinfo) -> datetime:
    """First instant of a day in a time zone, in UTC."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)


@lru_cache(maxsize=1 << 12)
def day_end(day: date, zone: tzinfo) -> datetime:
    """Last whole second of a day in a time zone, in UTC."""
    return day_start(day + timedelta(days=1), zone) - timedelta(seconds=1)


def write_time(moment: datetime) -> str:
    """Write a UTC time as RFC 3339 with Z; fractions only where there are some."""
    # In UTC alone do equal times always look the same; elsewhere an hour may come twice.
    return _write_utc(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


@lru_cache(maxsize=1 << 16)
def _write_utc(moment: datetime) -> str:
    return moment.isoformat().removesuffix("+00:00") + "Z"


def _refuse_year(year: int, text: str) -> None:
    if year not in _YEARS:
        raise ValueError(f"a year from {_YEARS[0]} to {_YEARS[-1]} is needed, not '{text}'")
