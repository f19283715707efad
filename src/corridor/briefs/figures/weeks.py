"""Incidents week by week, with how many days of each week anybody watched: hatched where nobody did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corridor.briefs import words
from corridor.briefs.figures import svg

_WIDTH, _HEIGHT, _LEFT, _TOP = 640.0, 178.0, 4.0, 12.0
_BAND = "#cfd8e3"


@dataclass(frozen=True, slots=True)
class Week:
    """One week: incidents in all, those corroborated or better, and days that anybody watched."""

    first: date
    days: int
    incidents: int
    corroborated: int
    watched: int


def draw(title: str, weeks: Sequence[Week], declared: date | None) -> str:
    """Draw the weeks: pale bars for what is reported, dark ones for what is corroborated."""
    base = _HEIGHT - 56
    most = max(1, *(week.incidents for week in weeks))
    step = (_WIDTH - _LEFT - 4) / len(weeks)

    def y(count: int) -> float:
        return base - (base - _TOP) * count / most

    body: list[str] = []
    for number, week in enumerate(weeks):
        left, wide = _LEFT + number * step, step * 0.8
        if not week.watched:
            body.append(svg.hatch(left, _TOP, wide, base - _TOP))
        for count, fill in ((week.incidents, _BAND), (week.corroborated, svg.GREY)):
            if count:
                body.append(svg.rect(left, y(count), wide, base - y(count), fill=fill))
        middle = left + wide / 2
        if week.incidents:
            at = max(y(week.incidents) - 3, _TOP + 8)
            body.append(svg.text(middle, at, str(week.incidents), anchor="middle", size=9))
        for line, said in enumerate(
            (words.short_date(week.first), f"{week.watched} of {week.days}")
        ):
            place = base + 14 + 13 * line
            body.append(svg.text(middle, place, said, anchor="middle", size=9, fill=svg.GREY))
    if declared is not None:
        # From the last week, since the first may be short.
        whole = (declared - weeks[-1].first).days / 7 + len(weeks) - 1
        if 0 <= whole <= len(weeks):
            at = _LEFT + whole * step
            body.append(svg.line(at, _TOP - 6, at, base, dash="4 3"))
    body += [
        svg.line(_LEFT, base, _WIDTH - 4, base, stroke=svg.GREY, width=0.8),
        svg.text(
            _LEFT,
            _HEIGHT - 6,
            "Below: first day of the week, and days on which anybody watched. Dashed: the declaration.",
            size=9,
            fill=svg.GREY,
        ),
    ]
    told = "; ".join(
        f"week from {words.short_date(week.first)}: {week.incidents} reported, {week.corroborated} "
        f"corroborated or better, watched on {week.watched} of {week.days} days"
        for week in weeks
    )
    return svg.picture(_WIDTH, _HEIGHT, title, told, body)
