"""What is not known: feeds that are missing or old, questions without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo

from corridor.picture.roads import RoadLine
from corridor.picture.view import PeopleLine, StockLine
from corridor.registers.access import Access
from corridor.registers.general import Settings
from corridor.registers.supply import Pipeline, Supply, kin
from corridor.values import Finding, named


def unknowns(
    stocks: Iterable[StockLine],
    people: Iterable[PeopleLine],
    roads: Iterable[RoadLine],
    access: Access,
    supply: Supply,
    settings: Settings,
    at: datetime,
) -> tuple[Finding, ...]:
    """Return everything the operation would need to know and does not, each named."""
    return (
        *_roads(roads, settings.time_zone),
        *_stocks(stocks, settings, at),
        *_people(people, settings, at),
        *_passages(access, settings.time_zone, at),
        *_pipeline(supply, settings.time_zone, at),
    )


def _roads(lines: Iterable[RoadLine], zone: tzinfo) -> Iterator[Finding]:
    for line in lines:
        if (line.user, line.cargo) != ("humanitarian", "all") or line.status != "unspecified":
            continue
        last = ""
        if line.views:
            ended = max(view.valid_until for view in line.views)
            last = f"; the last claim expired {_day(ended, zone)}"
        yield Finding(
            "road_unknown",
            "act",
            line.road,
            f"No report that still holds says whether humanitarian goods pass {named(line.road)} "
            f"towards {named(line.towards)}{last}. Unknown is not open.",
            basis=line.basis,
        )


def _stocks(lines: Iterable[StockLine], settings: Settings, at: datetime) -> Iterator[Finding]:
    stale = timedelta(days=float(settings.stock_stale_days))
    for line in lines:
        subject = f"{line.place}/{line.commodity}"
        if line.need_per_day.is_known and not line.stock.is_known:
            yield Finding(
                "no_stock_count",
                "act",
                subject,
                f"No report received of {named(line.commodity)} in store at {named(line.place)}.",
                basis=line.need_per_day.basis,
            )
        elif line.counted_at is not None and at - line.counted_at > stale:
            yield Finding(
                "stock_count_old",
                "ask",
                subject,
                f"The last count of {named(line.commodity)} at {named(line.place)} is "
                f"{(at - line.counted_at).days} days old.",
                basis=line.stock.basis,
            )


def _people(lines: Iterable[PeopleLine], settings: Settings, at: datetime) -> Iterator[Finding]:
    stale = timedelta(days=float(settings.headcount_stale_days))
    for line in lines:
        if line.counted_at is not None and at - line.counted_at > stale:
            yield Finding(
                "headcount_old",
                "ask",
                line.place,
                f"The headcount used for {named(line.place)} speaks of "
                f"{line.counted_at.astimezone(settings.time_zone):%d %b %Y}, "
                f"{(at - line.counted_at).days} days ago.",
                basis=line.counted.basis,
            )


def _passages(access: Access, zone: tzinfo, at: datetime) -> Iterator[Finding]:
    for code, passage in sorted(access.passages.items()):
        asked = passage.request
        if (
            passage.answer is None or passage.answer.answer == "no_answer"
        ) and asked.window_until >= at:
            yield Finding(
                "passage_no_answer",
                "act",
                code,
                f"No answer is recorded from {named(asked.asked_of)} to passage request {code} for "
                f"{named(asked.road)} on {_day(asked.window_from, zone)}.",
                basis=passage.basis,
            )


def _pipeline(supply: Supply, zone: tzinfo, at: datetime) -> Iterator[Finding]:
    for report in supply.pipeline:
        expected = report.statement
        if expected.expected_until < at and not _has_come(expected, supply):
            yield Finding(
                "arrival_overdue",
                "ask",
                f"{expected.place}/{expected.commodity}",
                f"{named(report.claimant)} expected {expected.quantity} of "
                f"{named(expected.commodity)} at {named(expected.place)} by "
                f"{_day(expected.expected_until, zone)}; no report received that it came.",
                basis=(report.id,),
            )


def _day(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%d %b}"


def _has_come(expected: Pipeline, supply: Supply) -> bool:
    return any(
        place == expected.place
        and as_of >= expected.expected_from
        and kin(code, expected.commodity, supply.commodities)
        for (place, code), as_of in supply.received.items()
    )
