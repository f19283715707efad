"""How briefs write names, days, times and amounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from corridor.picture import Picture
from corridor.reading import THE_OPERATION
from corridor.report import Report, SpeechAct
from corridor.values import PlaceCode, Quantity, RoadCode, say_number

NO_REPORT = "No report received"

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_VERBS: dict[SpeechAct, str] = {
    "stated": "says",
    "announced": "announces",
    "promised": "promises",
    "denied": "denies",
    "reported": "reports that others say",
}


def who(picture: Picture, code: str) -> str:
    """Return the name of a claimant; the operation itself needs no declaration."""
    name = picture.name(code)
    return "The operation" if code == THE_OPERATION and name == code else name


def verb(report: Report[Any]) -> str:
    """Return the verb of saying that fits how a report was said."""
    return _VERBS[report.speech_act]


def road_label(picture: Picture, code: RoadCode, towards: PlaceCode | None = None) -> str:
    """Return a road's code and its ends, the way it is asked about."""
    road = picture.geography.roads.get(code)
    if road is None:
        return str(code)
    start, end = (road.end, road.start) if towards == road.start else (road.start, road.end)
    join = "to" if towards is not None else "and"
    return f"{code} ({picture.name(start)} {join} {picture.name(end)})"


def day(moment: datetime, zone: tzinfo) -> str:
    """Write a day: 27 September 2023."""
    return date_words(moment.astimezone(zone).date())


def short_day(moment: datetime, zone: tzinfo) -> str:
    """Write a day for a narrow place: 27 Sep."""
    return short_date(moment.astimezone(zone).date())


def month(moment: datetime, zone: tzinfo) -> str:
    """Write a month for a long axis: Sep 2023."""
    local = moment.astimezone(zone)
    return f"{_MONTHS[local.month - 1][:3]} {local.year}"


def date_words(date_: date) -> str:
    """Write a date: 27 September 2023."""
    return f"{date_.day} {_MONTHS[date_.month - 1]} {date_.year}"


def short_date(date_: date) -> str:
    """Write a date for a narrow place: 27 Sep."""
    return f"{date_.day} {_MONTHS[date_.month - 1][:3]}"


# A page says few moments many times, and asking a time zone is slow.
@lru_cache(maxsize=1 << 14)
def clock(moment: datetime, zone: tzinfo) -> str:
    """Write a day and an hour: 27 September 2023, 13:00; with its offset where that changes in the year."""
    said = f"{day(moment, zone)}, {moment.astimezone(zone):%H:%M}"
    return f"{said} {offset(moment, zone)}" if has_seasons(zone, moment.year) else said


@lru_cache(maxsize=1 << 10)
def has_seasons(zone: tzinfo, year: int) -> bool:
    """Tell whether a zone's clocks go by two offsets in a year, so that an hour alone may be two moments."""
    return len({datetime(year, month, 1, tzinfo=zone).utcoffset() for month in range(1, 13)}) > 1


def offset(moment: datetime, zone: tzinfo) -> str:
    """Write the offset in force at a moment: UTC+04:00."""
    text = f"{moment.astimezone(zone):%z}"
    return f"UTC{text[:3]}:{text[3:5]}"


def with_offset(moment: datetime, zone: tzinfo, said: str) -> str:
    """Put the offset behind a time that was written, where it is not there already."""
    return said if has_seasons(zone, moment.year) else f"{said}, {offset(moment, zone)}"


def zone_label(moment: datetime, zone: ZoneInfo) -> str:
    """Write a time zone and its offset at a moment: Asia/Yerevan, UTC+04:00."""
    return "UTC" if zone.key == "UTC" else f"{zone.key}, {offset(moment, zone)}"


@lru_cache(maxsize=1 << 14)
def span(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Write an interval in the fewest words: 27 September 2023, 06:00 to 18:00."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if start == end:
        return clock(start, zone)
    whole = first.hour == first.minute == 0 and (last.hour, last.minute) in ((23, 59), (0, 0))
    if whole and (last.hour, last.minute) == (23, 59):
        return (
            day(start, zone)
            if first.date() == last.date()
            else f"{day(start, zone)} to {day(end, zone)}"
        )
    if first.date() == last.date() and not has_seasons(zone, start.year):
        return f"{clock(start, zone)} to {last:%H:%M}"
    return f"{clock(start, zone)} to {clock(end, zone)}"


def observed(report: Report[Any], zone: tzinfo) -> str:
    """Write the time a report is about, as exactly as it was given."""
    if report.observed_from is None and report.observed_until is None:
        return "not stated"
    return span(report.begins, report.as_of, zone)


def published(report: Report[Any], zone: tzinfo) -> str:
    """Write when a report was said; the hour only where one was recorded."""
    if report.published_at is None:
        return "not recorded"
    return moment(report.published_at, zone)


def moment(when: datetime, zone: tzinfo) -> str:
    """Write a moment; the last minute of a day stands for the day."""
    local = when.astimezone(zone)
    return day(local, zone) if (local.hour, local.minute) == (23, 59) else clock(local, zone)


def rounded(value: Decimal | None) -> Decimal | None:
    """Round a derived figure to three digits or so, and never to a false zero."""
    if value is None or value == 0:
        return value
    places = (
        Decimal(1) if abs(value) >= 100 else Decimal("0.1") if abs(value) >= 10 else Decimal("0.01")
    )
    return value.quantize(places, ROUND_HALF_EVEN) or value.normalize()


def scale(unit: str, ends: Iterable[Decimal | None]) -> tuple[Decimal, str]:
    """Return the factor and the unit in which a small mass is read: 555 g, not 0.000555 t."""
    known = [end for end in ends if end is not None]
    head, *rest = unit.split(" ", 1)
    by = Decimal(1)
    for larger, smaller in (("t", "kg"), ("kg", "g")):
        if head == larger and known and 0 < max(known) * by < 1:
            head, by = smaller, by * 1000
    return by, " ".join((head, *rest))


def between(low: Decimal | None, best: Decimal | None, high: Decimal | None) -> str:
    """Write a range for a sentence: 2.1 to 4; at least 2; at most 4; unknown."""
    if low is not None and high is not None:
        return say_number(low) if low == high else f"{say_number(low)} to {say_number(high)}"
    if best is not None:
        return say_number(best)
    if high is not None:
        return f"at most {say_number(high)}"
    if low is not None:
        return f"at least {say_number(low)}"
    return "unknown"


def say_days(low: Decimal | None, best: Decimal | None, high: Decimal | None) -> str:
    """Write days for a narrow place: 2.1–4 days; from 2 days; up to 4 days."""
    low, best, high = (rounded(end) for end in (low, best, high))
    if low is not None and high is not None and low != high:
        return f"{say_number(low)}–{say_number(high)} days"
    one = low if low is not None else best if best is not None else high
    if one is None:
        return "unknown"
    head = (
        ""
        if (low is not None and high is not None) or best is not None
        else "from "
        if high is None
        else "up to "
    )
    return f"{head}{say_number(one)} {'day' if one == 1 else 'days'}"


def amount(quantity: Quantity) -> str:
    """Write a claimed figure as it was given, the unit in the form that fits its number."""
    return str(quantity)


def counted(number: int, one: str, many: str) -> str:
    """Write a number with its noun in the right form."""
    return f"{number:,} {one if number == 1 else many}"


def listed(items: list[str]) -> str:
    """Join names for a sentence."""
    return (
        items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
    )


def share(part: float) -> str:
    """Write a share as a percentage, without claiming that anything is certain."""
    return "under 1%" if part < 0.01 else "over 99%" if part > 0.99 else f"{part:.0%}"
