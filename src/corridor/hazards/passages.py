"""What answers to requests for passage say of a road, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from corridor.hazards.phases import CLOSED, OPEN, RESTRICTED
from corridor.picture import Picture
from corridor.registers.access import Answer
from corridor.values import PartyCode, PlaceCode, ReportId, RequestCode, RoadCode

_SHOWS: dict[Answer, int] = {
    "granted": OPEN,
    "conditions": RESTRICTED,
    "delayed": CLOSED,
    "refused": CLOSED,
    "revoked": CLOSED,
}


class Answered(NamedTuple):
    """An answer, the status it makes of the road, and its first and last day.

    `by` is whoever was asked and answered; `report` is the answer, `basis` request and answer.
    """

    request: RequestCode
    answer: Answer
    status: int
    by: PartyCode
    first: date
    last: date
    report: ReportId
    basis: tuple[ReportId, ...]


def answers(picture: Picture, road: RoadCode, towards: PlaceCode) -> Iterator[Answered]:
    """Yield the answers about a road in one direction; no answer, recorded or not, says nothing."""
    zone = picture.settings.time_zone
    for code, passage in picture.access.passages.items():
        asked, answer, by = passage.request, passage.answer, passage.answered_by
        if asked.road != road or asked.towards != towards or answer is None or by is None:
            continue
        status = _SHOWS.get(answer.answer)
        if status is None:
            continue
        last = asked.window_until
        if answer.valid_until is not None and status != CLOSED:
            last = min(last, answer.valid_until)
        days = asked.window_from.astimezone(zone).date(), last.astimezone(zone).date()
        yield Answered(
            code, answer.answer, status, by, *days, passage.basis[-1], tuple(sorted(passage.basis))
        )
