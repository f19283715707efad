"""How many people must be supplied at each place: counted, less those who left since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from corridor.claims import Claim, Series, less, range_over, series
from corridor.picture.view import PeopleLine
from corridor.registers.decisions import Decisions
from corridor.registers.general import Settings
from corridor.registers.people import People, Subject
from corridor.values import Estimate, PlaceCode, ReportId

# Of several groups counted at one place, the first of these is taken for who is there.
_WHO_IS_THERE = ("present", "sheltered", "displaced", "remaining")
# Totals of departures are compared only when taken within a day of the newest.
_SAME_TIME = timedelta(hours=24)


def people_lines(
    people: People, decisions: Decisions, settings: Settings
) -> tuple[PeopleLine, ...]:
    """Return a line for every place where people are counted or a figure was adopted."""
    counted: dict[PlaceCode, dict[str, list[Claim]]] = {}
    for subject, claims in people.series.items():
        if _counts_who_is_there(subject):
            counted.setdefault(subject.place, {}).setdefault(subject.group, []).extend(
                claims.claims
            )
    places = {*counted, *(place for what, place, _ in decisions.adopted if what == "people")}
    return tuple(
        _line(place, counted.get(place, {}), people, decisions, settings)
        for place in sorted(places)
    )


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


def _line(
    place: PlaceCode,
    counted: dict[str, list[Claim]],
    people: People,
    decisions: Decisions,
    settings: Settings,
) -> PeopleLine:
    group = next((name for name in _WHO_IS_THERE if name in counted), "present")
    claims = series(counted.get(group, ()), people.denials)
    adopted = decisions.adopted.get(("people", place, ""))
    if adopted is not None:
        figure = adopted.statement.quantity
        basis = (adopted.id, *((adopted.statement.claim,) if adopted.statement.claim else ()))
        total = Estimate(
            figure.lowest, figure.best, figure.highest, "people", "adopted by the operation", basis
        )
        as_of: datetime | None = _counted_at(adopted.statement.claim, people, adopted.as_of)
    else:
        total = claims.range()
        as_of = max((claim.report.as_of for claim in claims.latest), default=None)
    departed = _departed(place, people, as_of)
    now = _less(total, departed)
    number, why = cautious_high(now, settings.stated_end_factor)
    return PeopleLine(place, group, total, departed, now, number, why, as_of, claims, adopted)


def _counted_at(claim: ReportId | None, people: People, otherwise: datetime) -> datetime:
    """When the adopted claim was so: departures between it and the decision are not lost."""
    for found in people.series.values():
        for one in found.claims:
            if one.report.id == claim:
                return one.report.as_of
    return otherwise


def _departed(place: PlaceCode, people: People, since: datetime | None) -> Estimate | None:
    totals = [
        claim
        for subject, found in people.series.items()
        if _is_total_of_departures(subject, place)
        for claim in found.claims
        if since is None or _began(claim) >= since
    ]
    if not totals:
        return None
    latest = series(totals).latest
    newest = max(claim.report.as_of for claim in latest)
    close = [claim for claim in latest if newest - claim.report.as_of < _SAME_TIME]
    return range_over(close, "latest totals of people who left, taken within a day of the newest")


def _is_total_of_departures(subject: Subject, place: PlaceCode) -> bool:
    left = (subject.event == "departure" and subject.place == place) or (
        subject.event == "arrival" and subject.other_end == place
    )
    return (
        left
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


def whole_series(people: People, events: Iterable[str]) -> list[tuple[Subject, Series]]:
    """Return the series of the named events that count all ages, in a fixed order."""
    wanted = set(events)
    found = [(s, claims) for s, claims in people.series.items() if s.event in wanted and s.is_whole]
    return sorted(
        found,
        key=lambda pair: (
            pair[0].place,
            pair[0].event,
            pair[0].group,
            pair[0].measure,
            pair[0].unit,
            pair[0].mode,
            pair[0].other_end or "",
        ),
    )
