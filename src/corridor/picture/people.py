"""How many people must be supplied at each place: counted, less those who left since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from corridor.claims import Claim, Series, joined, less, range_over, series
from corridor.picture.view import PeopleLine
from corridor.registers.decisions import Decisions
from corridor.registers.general import Settings
from corridor.registers.people import People, Subject
from corridor.report import Report
from corridor.values import Estimate, PlaceCode, ReportId

# Of several groups counted at one place, the first of these is taken for who is there.
_WHO_IS_THERE = ("present", "sheltered", "displaced", "remaining")
# Totals of departures are compared only when taken within a day of the newest.
_SAME_TIME = timedelta(hours=24)


def people_lines(
    people: People, decisions: Decisions, settings: Settings
) -> tuple[PeopleLine, ...]:
    """Return a line for every place where people are counted or a figure was adopted."""
    told: dict[PlaceCode, dict[Subject, Series]] = {}
    for subject, claims in people.series.items():
        for place in places_told_of(subject):
            told.setdefault(place, {})[subject] = claims
    adopted = {place: r for (what, place, _), r in decisions.adopted.items() if what == "people"}
    counted_at = _observed(people, {report.statement.claim for report in adopted.values()})
    lines = (
        people_line(place, told.get(place, {}), adopted.get(place), counted_at, settings)
        for place in sorted({*told, *adopted})
    )
    return tuple(line for line in lines if line is not None)


def places_told_of(subject: Subject) -> tuple[PlaceCode, ...]:
    """Return the places whose line a subject bears on: where people are counted, or where they left."""
    if _counts_who_is_there(subject):
        return (subject.place,)
    left = subject.place if subject.event == "departure" else subject.other_end
    return (left,) if left is not None and _is_total_of_departures(subject) else ()


def people_line(
    place: PlaceCode,
    told: Mapping[Subject, Series],
    adopted: Report[Any] | None,
    counted_at: Mapping[ReportId, datetime],
    settings: Settings,
) -> PeopleLine | None:
    """Return the line of a place; None where nobody is counted and no figure was adopted.

    Parameters
    ----------
    told
        The series that bear on the place.
    counted_at
        When an adopted claim was so, by its report: departures between it and the decision are not
        lost.
    """
    groups = {subject.group for subject in told if subject.event == "headcount"}
    if not groups and adopted is None:
        return None
    group = next((name for name in _WHO_IS_THERE if name in groups), "present")
    claims = claims_told(told, group)
    if adopted is not None:
        figure, claim = adopted.statement.quantity, adopted.statement.claim
        basis = (adopted.id, *((claim,) if claim else ()))
        total = Estimate(
            figure.lowest, figure.best, figure.highest, "people", "adopted by the operation", basis
        )
        as_of: datetime | None = counted_at.get(claim, adopted.as_of)
    else:
        total = claims.range()
        as_of = max((claim.report.as_of for claim in claims.latest), default=None)
    left = [series for subject, series in told.items() if subject.event != "headcount"]
    departed = _departed(left, as_of)
    now = _less(total, departed)
    number, why = cautious_high(now, settings.stated_end_factor)
    if adopted is not None and number is not None:
        why = "the adopted figure" + (", less those who left since" if departed else "")
    return PeopleLine(place, group, total, departed, now, number, why, as_of, claims, adopted)


def claims_told(told: Mapping[Subject, Series], group: str) -> Series:
    """Return all claims of how many of a group are there."""
    return joined(series for subject, series in told.items() if _is_of(subject, "headcount", group))


def _is_of(subject: Subject, event: str, group: str) -> bool:
    return subject.event == event and subject.group == group


def _observed(people: People, wanted: set[ReportId | None]) -> dict[ReportId, datetime]:
    if not wanted - {None}:
        return {}
    return {
        claim.report.id: claim.report.as_of
        for found in people.series.values()
        for claim in found.claims
        if claim.report.id in wanted
    }


def cautious_high(estimate: Estimate, factor: Decimal) -> tuple[Decimal | None, str]:
    """Return the high end of an estimate for planning a need, and in words which number it is."""
    if estimate.high is not None:
        same = estimate.low == estimate.best == estimate.high
        return estimate.high, "the figure itself" if same else "the highest of the claims"
    if estimate.best is not None:
        return estimate.best, "the best figure; no upper end is stated"
    if estimate.low is not None:
        return estimate.low * factor, f"the only end stated, a lower one, times {factor}"
    return None, "no figure"


def cautious_low(estimate: Estimate, factor: Decimal) -> tuple[Decimal | None, str]:
    """Return the low end of an estimate for planning a stock, and in words which number it is."""
    if estimate.low is not None:
        same = estimate.low == estimate.best == estimate.high
        return estimate.low, "the figure itself" if same else "the lowest of the claims"
    if estimate.best is not None:
        return estimate.best, "the best figure; no lower end is stated"
    if estimate.high is not None:
        return estimate.high * factor, f"the only end stated, an upper one, times {factor}"
    return None, "no figure"


def _counts_who_is_there(subject: Subject) -> bool:
    return (
        subject.event == "headcount"
        and subject.is_whole
        and subject.unit == "people"
        and subject.measure in ("stock", "unclear")
        and subject.group in _WHO_IS_THERE
    )


def _departed(series_left: Iterable[Series], since: datetime | None) -> Estimate | None:
    totals = [
        claim
        for found in series_left
        for claim in found.claims
        if since is None or _began(claim) >= since
    ]
    if not totals:
        return None
    latest = series(totals).latest
    newest = max(claim.report.as_of for claim in latest)
    close = [claim for claim in latest if newest - claim.report.as_of < _SAME_TIME]
    return range_over(close, "latest totals of people who left, taken within a day of the newest")


def _is_total_of_departures(subject: Subject) -> bool:
    return (
        subject.event in ("departure", "arrival")
        and subject.measure == "cumulative"
        and subject.is_whole
        and subject.unit == "people"
        and subject.group == "displaced"
        and subject.mode == "any"
    )


def _began(claim: Claim) -> datetime:
    since: datetime | None = claim.report.statement.since
    return since or claim.report.begins


def _less(total: Estimate, departed: Estimate | None) -> Estimate:
    if departed is None:
        return total
    return less(total, departed, f"{total.method}, less {departed.method}")
