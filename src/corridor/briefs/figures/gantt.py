"""Convoys by day and road: vehicles, tonnes and where the passage stands, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from corridor.briefs import words
from corridor.briefs.figures import svg
from corridor.picture import Picture
from corridor.planning.convoys import Convoy
from corridor.planning.plan import Plan
from corridor.values import PlaceCode, RoadCode

_LABEL, _FIELD, _ROW, _HEAD = 164.0, 80.0, 56.0, 36.0
_SHORT = {
    "not_needed": "none needed",
    "granted": "granted",
    "conditions": "conditions",
    "asked": "asked",
    "no_answer": "no answer",
    "delayed": "delayed",
    "refused": "refused",
    "revoked": "revoked",
    "none": "not asked",
}
_DAYS = 7
_SETTLED = frozenset({"not_needed", "granted"})


def draw(picture: Picture, plan: Plan) -> tuple[str, ...]:
    """Draw the convoys of a plan, a panel for each seven days in which any leave."""
    return tuple(
        _panel(picture, plan, first)
        for first in range(0, len(plan.days), _DAYS)
        if any(convoy.day in plan.days[first : first + _DAYS] for convoy in plan.convoys)
    )


def _panel(picture: Picture, plan: Plan, first: int) -> str:
    legs = sorted({(convoy.road, convoy.end) for convoy in plan.convoys})
    days = plan.days[first : first + _DAYS]
    width, height = _LABEL + _FIELD * _DAYS, _HEAD + len(legs) * _ROW + 22
    body = [_heads(days, plan.aims.whole_vehicle_days - first, width)]
    for number, (road, end) in enumerate(legs):
        top = _HEAD + number * _ROW
        body.append(_label(picture, road, end, top))
        body.append(svg.line(0, top + _ROW, width, top + _ROW, stroke=svg.PALE, width=0.8))
        for place, day in enumerate(days):
            found = [c for c in plan.convoys if (c.road, c.end, c.day) == (road, end, day)]
            if found:
                body.append(_field(found, _LABEL + place * _FIELD, top))
    body.append(_legend(height - 6))
    description = "; ".join(
        f"{words.short_date(c.day)}, {words.road_label(picture, c.road, c.end)}: "
        f"{_count(c.vehicles)} vehicles, "
        f"{_count(c.tonnes)} t, passage {_SHORT[c.passage]}{', outlook' if c.is_indicative else ''}"
        for c in plan.convoys
        if c.day in days
    )
    title = f"Convoys by day and road, from {words.date_words(days[0])}"
    return svg.picture(width, height, title, description, body)


def _heads(days: Sequence[date], firm: int, width: float) -> str:
    """Head the columns; the first `firm` days hold convoys, the others an outlook."""
    made = []
    for number, day in enumerate(days):
        x = _LABEL + number * _FIELD + _FIELD / 2
        is_firm = number < firm
        weight, fill = (600, svg.INK) if is_firm else (400, svg.GREY)
        made.append(
            svg.text(x, 24, words.short_date(day), anchor="middle", weight=weight, fill=fill)
        )
        if number in (0, firm):
            name = "convoys" if is_firm else "outlook"
            made.append(svg.text(x - _FIELD / 2 + 2, 10, name, size=9, fill=svg.GREY))
    made.append(svg.line(0, _HEAD, width, _HEAD, stroke=svg.GREY))
    return "".join(made)


def _label(picture: Picture, road: RoadCode, end: PlaceCode, top: float) -> str:
    to = svg.wrap(f"to {picture.name(end)}", _LABEL - 10, 10)[:3]
    return svg.text(0, top + 14, road, weight=600) + svg.texts(
        0, top + 27, to, size=10, fill=svg.GREY
    )


def _field(found: list[Convoy], x: float, top: float) -> str:
    """Draw what leaves on one day by one road; all of it shares one passage."""
    passage = found[0].passage
    is_outlook = found[0].is_indicative
    inner = (x + 2, top + 4, _FIELD - 4, _ROW - 8)
    made = [
        svg.rect(
            *inner,
            fill=svg.PAPER if is_outlook else svg.WASH,
            stroke=svg.GREY if is_outlook else svg.INK,
            dash="3 2" if is_outlook else "",
            radius=2,
        )
    ]
    middle = x + _FIELD / 2
    vehicles = _count(sum(convoy.vehicles for convoy in found))
    tonnes = _count(sum(convoy.tonnes for convoy in found))
    made.append(
        svg.text(middle, top + 19, f"{vehicles} veh.", anchor="middle", weight=600, size=11)
    )
    made.append(svg.text(middle, top + 32, f"{tonnes} t", anchor="middle", size=10))
    if passage not in _SETTLED:
        made.append(svg.hatch(x + 2, top + 37, _FIELD - 4, _ROW - 41, gap=5, stroke=svg.PALE))
    made.append(
        svg.text(
            middle,
            top + 45,
            _SHORT[passage],
            anchor="middle",
            size=9,
            fill=svg.INK if passage in _SETTLED else svg.ALERT,
        )
    )
    return "".join(made)


def _legend(y: float) -> str:
    return svg.text(
        0,
        y,
        "veh.: vehicles that day. Third line: the passage; hatched where it is not settled.",
        size=9,
        fill=svg.GREY,
    )


def _count(value: float) -> str:
    return f"{round(value):,}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"
