"""What claimants said of a road on each day: the statuses it may have had, and the days nobody spoke of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from corridor.hazards.passages import answers
from corridor.hazards.phases import CLOSED, OPEN, RESTRICTED, SHOWN, Bools, Floats, Ints
from corridor.picture import Picture
from corridor.registers.access import RoadStatus
from corridor.report import Report
from corridor.values import PartyCode, PlaceCode, ReportId, RoadCode

STATUS_SEEN = {"open": OPEN, "restricted": RESTRICTED, "closed": CLOSED, "abandoned": CLOSED}


@dataclass(frozen=True, slots=True)
class RoadHistory:
    """One row a day of what was said of a road in one direction, for humanitarian goods.

    Attributes
    ----------
    first_day
        The day of the first row; the last is the day of the picture.
    possible
        Statuses the road may have had, (D, 3): those claimed; all where nobody spoke of the day, or where
        a claim about it is denied.
    is_seen
        Days somebody spoke of and that are not open to every status, (D,).
    basis
        The reports behind them.
    """

    road: RoadCode
    towards: PlaceCode
    first_day: date
    possible: Bools
    is_seen: Bools
    basis: tuple[ReportId, ...]

    @property
    def days_seen(self) -> int:
        """Days of which something was said."""
        return int(self.is_seen.sum())

    @property
    def days_disputed(self) -> int:
        """Days of which claims differ."""
        return int((self.is_seen & (self.possible.sum(axis=1) > 1)).sum())

    @property
    def changes(self) -> int:
        """Changes of status between one day of which all say the same and the next such day."""
        certain = self.possible[self.is_seen & (self.possible.sum(axis=1) == 1)].argmax(axis=1)
        return int((certain[1:] != certain[:-1]).sum())

    @property
    def seen(self) -> Floats:
        """Likelihood of what was said, by phase, (1, D, 4): 1 where the phase shows a status claimed."""
        return self.possible[np.newaxis, :, SHOWN].astype(np.float64)


def history_of(
    picture: Picture, road: RoadCode, towards: PlaceCode, *, most_days: int = 730
) -> RoadHistory:
    """Return the history of a road up to the moment of a picture, of its last `most_days` at most.

    1. A claim speaks of the days it is about; one of whoever grants the passage also of the days until
       its `valid_until`. The days after, on which it still counts as holding, are no observation: that a
       road stayed as it was is for the chain to tell.
    2. On a day somebody speaks of, each claimant's last claim that holds counts, as in the picture: a claim
       that a road is open releases nothing while another that it is closed still holds.
    3. The day is one of the statuses claimed. How many claim it is no matter, so that repetition weighs
       nothing; of claims that differ the chain weighs which fits the days around. A claim that is denied
       leaves its days open to any status.
    4. On the days of a passage that its grantor refused, revoked or delayed the road was closed. A grant is
       no observation: that a passage was given is not that anybody passed.
    5. What was promised, or announced by anyone but the grantor, is no observation.
    """
    today = picture.at.astimezone(picture.settings.time_zone).date()
    oldest = today - timedelta(days=most_days - 1)
    claims = _claims_by_day(picture, road, towards, (oldest, today))
    shut = _refused_days(picture, road, towards, (oldest, today))
    start = min((*claims, *shut), default=today)
    days = tuple(_span(start, today))
    possible = np.ones((len(days), 3), dtype=bool)
    basis: set[ReportId] = set()
    for row, day in enumerate(days):
        if day in shut:
            possible[row] = np.arange(3) == CLOSED
            basis.update(shut[day])
        elif day in claims:
            possible[row] = _possible(picture, claims[day])
            basis.update(report.id for report in claims[day])
    is_seen = np.logical_not(possible.all(axis=1))
    return RoadHistory(road, towards, start, possible, is_seen, tuple(sorted(basis)))


def bears(said: RoadStatus, road: RoadCode, towards: PlaceCode) -> bool:
    """Tell whether a status speaks of a road, in one direction, for humanitarian goods of every kind."""
    return (
        said.road == road
        and said.towards in (None, towards)
        and said.user in ("all", "humanitarian")
        and said.cargo == "all"
    )


def _claims_by_day(
    picture: Picture, road: RoadCode, towards: PlaceCode, within: tuple[date, date]
) -> dict[date, tuple[Report[RoadStatus], ...]]:
    """Return each claimant's last claim on the days that one of these claims speaks of."""
    zone = picture.settings.time_zone
    expires = timedelta(hours=float(picture.settings.road_status_expires_h))
    grantor = picture.geography.roads[road].granted_by
    holding: dict[date, dict[PartyCode, tuple[Report[RoadStatus], bool]]] = {}
    for report in _bearing(picture, road, towards, grantor):
        until, stated = report.as_of, report.statement.valid_until
        about = max(until, stated) if stated and report.claimant == grantor else until
        last = max(about, stated or until + expires)
        for day in _span(
            max(report.begins.astimezone(zone).date(), within[0]),
            min(last.astimezone(zone).date(), within[1]),
        ):
            speaks = day <= about.astimezone(zone).date()
            holding.setdefault(day, {})[report.claimant] = (report, speaks)
    return {
        day: tuple(report for report, _ in said.values())
        for day, said in holding.items()
        if any(speaks for _, speaks in said.values())
    }


def _bearing(
    picture: Picture, road: RoadCode, towards: PlaceCode, grantor: PartyCode | None
) -> Iterator[Report[RoadStatus]]:
    """Yield what is said of a road's past, in order of claims."""
    for report in picture.access.history.get(road, ()):
        is_told = report.speech_act != "announced" or report.claimant == grantor
        if is_told and report.speech_act != "promised" and bears(report.statement, road, towards):
            yield report


def _refused_days(
    picture: Picture, road: RoadCode, towards: PlaceCode, within: tuple[date, date]
) -> dict[date, set[ReportId]]:
    """Return the days on which the grantor let a convoy asked for not pass, with request and answer."""
    grantor = picture.geography.roads[road].granted_by
    found: dict[date, set[ReportId]] = {}
    for said in answers(picture, road, towards):
        if said.status == CLOSED and said.by == grantor:
            for day in _span(max(said.first, within[0]), min(said.last, within[1])):
                found.setdefault(day, set()).update(said.basis)
    return found


def _possible(picture: Picture, claims: Iterable[Report[Any]]) -> Bools:
    allowed = np.zeros(3, dtype=bool)
    for report in claims:
        status = STATUS_SEEN.get(report.statement.status)
        if status is not None:
            allowed[status] = True
            if picture.access.denials.get(report.id):
                allowed[:] = True
    return allowed if allowed.any() else np.ones(3, dtype=bool)


def _span(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def statuses_on(
    picture: Picture, ways: Iterable[tuple[RoadCode, PlaceCode]], days: Sequence[date]
) -> Ints:
    """Return how roads stood on some days by what was said since, (D, R): 0 open, 1 restricted, 2 closed.

    Where claims differ the most cautious counts; a day nobody spoke of is as the one before, and roads
    nobody spoke of at all are closed.
    """
    found = []
    for road, towards in ways:
        history = history_of(picture, road, towards)
        last, by_day = CLOSED, []
        known = {
            history.first_day + timedelta(days=number): int(np.flatnonzero(row).max())
            for number, row in enumerate(history.possible)
            if history.is_seen[number]
        }
        before = [day for day in known if day < days[0]]
        if before:
            last = known[max(before)]
        for day in days:
            last = known.get(day, last)
            by_day.append(last)
        found.append(by_day)
    return np.array(found, dtype=np.int64).T
