"""A sketch of places, roads and stocks, without boundaries or positions nobody recorded."""

from __future__ import annotations

import math
from collections.abc import Iterable

from corridor.briefs import words
from corridor.briefs.figures import svg
from corridor.briefs.figures.layout import Box, Label, Spot, labels, spots
from corridor.picture import Picture, RoadLine
from corridor.registers.access import Status
from corridor.values import PlaceCode

_WIDTH, _HEIGHT, _MARGIN = 760.0, 470.0, 84.0
_LEGEND = 58.0
_TYPE = 11.0
_MOST_STOCKS = 3
_WORDS: dict[Status, str] = {
    "open": "open",
    "restricted": "restricted",
    "closed": "closed",
    "abandoned": "abandoned",
    "unspecified": "unknown",
}


def draw(picture: Picture) -> str:
    """Draw the sketch; an empty text where no place is known."""
    lines = [line for line in picture.roads if (line.user, line.cargo) == ("humanitarian", "all")]
    codes = _places(picture)
    if not codes:
        return ""
    at = spots(picture, codes, _WIDTH, _HEIGHT, _MARGIN)
    body = []
    taken: list[Box] = [(s.x - 8, s.y - 8, s.x + 8, s.y + 8) for s in at.values()]
    tags: list[str] = []
    for line in lines:
        drawn, tag, box, along = _road(picture, line, at)
        taken.extend(along)
        body.append(drawn)
        tags.append(tag)
        taken.append(box)
    body.extend(_place(picture, code, at[code]) for code in codes)
    wanted = [(code, *_label(picture, code)) for code in codes]
    for label in labels(wanted, at, taken, _TYPE, (_WIDTH, _HEIGHT)).values():
        body.append(_write(label))
    body.extend(tags)
    body.append(_legend(any(not spot.is_known for spot in at.values())))
    description = "; ".join(
        f"road {words.road_label(picture, line.road, line.towards)}: {_WORDS[line.status]}"
        f"{', claimants differ' if line.is_disputed else ''}"
        for line in lines
    )
    title = "Places, roads and stocks, without boundaries"
    return svg.picture(_WIDTH, _HEIGHT + _LEGEND, title, description or "No road is known.", body)


def _places(picture: Picture) -> list[PlaceCode]:
    """Return places that a road, a stock or a count of people speaks of; areas are not points."""
    ends = [end for road in picture.geography.roads.values() for end in (road.start, road.end)]
    named = {
        *ends,
        *(line.place for line in picture.stocks),
        *(line.place for line in picture.people),
    }
    places = picture.geography.places
    return sorted(
        c
        for c in named
        if c in ends or (c in places and places[c].type not in ("region", "country"))
    )


def _road(
    picture: Picture, line: RoadLine, at: dict[PlaceCode, Spot]
) -> tuple[str, str, Box, list[Box]]:
    """Draw one direction of a road beside its other direction, with its status in a word."""
    road = picture.geography.roads[line.road]
    a, b = (
        (at[road.start], at[road.end])
        if line.towards == road.end
        else (at[road.end], at[road.start])
    )
    twins = sorted(
        code
        for code, other in picture.geography.roads.items()
        if {other.start, other.end} == {road.start, road.end}
    )
    span = math.hypot(b.x - a.x, b.y - a.y) or 1.0
    ux, uy = (b.x - a.x) / span, (b.y - a.y) / span
    # Roads between the same two places lie beside each other, each with its two directions.
    side = 4.0 + 13.0 * twins.index(line.road)
    nx, ny = -uy * side, ux * side
    x1, y1 = a.x + ux * 10 + nx, a.y + uy * 10 + ny
    x2, y2 = b.x - ux * 10 + nx, b.y - uy * 10 + ny
    drawn = _stroke(line.status, (x1, y1, x2, y2), (ux, uy)) + _head(x2, y2, ux, uy)
    share = 0.62
    mx, my = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
    word = _word(picture, line)
    wide = svg.length(word, 10) + 4
    # Far enough along the normal that the word's box clears the line, whatever its slope.
    away = wide / 2 * abs(uy) + 7 * abs(ux) + 2
    tx, ty = mx - uy * away, my + ux * away
    box = (tx - wide / 2, ty - 6, tx + wide / 2, ty + 7)
    tag = svg.rect(box[0], box[1], wide, 13, fill=svg.PAPER) + svg.text(
        tx, ty + 4, word, size=10, anchor="middle"
    )
    steps = max(1, int(span // 10))
    path = [(x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps) for i in range(steps + 1)]
    return drawn, tag, box, [(x - 5, y - 5, x + 5, y + 5) for x, y in path]


def _word(picture: Picture, line: RoadLine) -> str:
    """Say the status, whether claimants differ, whether it is denied, and whether nothing leaves."""
    is_denied = any(picture.access.denials.get(view.report.id) for view in line.leading)
    more = ((line.is_disputed, "differ"), (is_denied, "denied"), (bool(line.holds), "held"))
    return ", ".join([_WORDS[line.status], *(word for is_so, word in more if is_so)])


def _stroke(
    status: Status, ends: tuple[float, float, float, float], way: tuple[float, float]
) -> str:
    """Draw a line whose form says the status: solid, dotted, barred, or dashed."""
    if status == "open":
        return svg.line(*ends, width=2.6)
    if status == "restricted":
        return svg.line(*ends, width=2.6, dash="2 4")
    if status == "unspecified":
        return svg.line(*ends, width=1.6, dash="9 6", stroke=svg.GREY)
    x1, y1, x2, y2 = ends
    ux, uy = way
    bars = []
    span = math.hypot(x2 - x1, y2 - y1)
    for step in range(1, max(2, int(span // 16))):
        x, y = x1 + ux * step * 16, y1 + uy * step * 16
        bars.append(svg.points([(x - uy * 4, y + ux * 4), (x + uy * 4, y - ux * 4)]))
    return svg.line(*ends, width=1.4) + svg.path("".join(bars), width=2)


def _head(x: float, y: float, ux: float, uy: float) -> str:
    left = (x - ux * 7 - uy * 4, y - uy * 7 + ux * 4)
    right = (x - ux * 7 + uy * 4, y - uy * 7 - ux * 4)
    points = "L".join(f"{svg.short(px)} {svg.short(py)}" for px, py in (left, (x, y), right))
    return svg.path(f"M{points}Z", fill=svg.INK, width=0.6)


def _place(picture: Picture, code: PlaceCode, spot: Spot) -> str:
    known = picture.geography.places.get(code)
    kind = known.type if known else "settlement"
    dash = "" if spot.is_known else "2 2"
    if kind in ("hub", "depot"):
        return svg.rect(spot.x - 6, spot.y - 6, 12, 12, fill=svg.PAPER, stroke=svg.INK, dash=dash)
    if kind == "camp":
        x, y = spot.x, spot.y
        return svg.path(
            svg.points([(x, y - 7), (x + 7, y + 6), (x - 7, y + 6)]) + "Z",
            fill=svg.PAPER,
            dash=dash,
        )
    if kind == "crossing":
        x, y = spot.x, spot.y
        return svg.path(
            svg.points([(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)]) + "Z",
            fill=svg.PAPER,
            dash=dash,
        )
    return svg.circle(spot.x, spot.y, 6, fill=svg.PAPER, dash=dash)


def _label(picture: Picture, code: PlaceCode) -> tuple[tuple[str, ...], int]:
    """Return a place's usages, then what is known of its stocks, and how many lines are names."""
    names = svg.wrap(picture.name(code), 170, _TYPE, is_bold=True)
    lines = [line for line in picture.stocks if line.place == code and line.stock.is_known]
    ranked = sorted(
        lines,
        key=lambda line: (
            line.days_of_cover.low is None,
            line.days_of_cover.low or 0,
            line.commodity,
        ),
    )
    stocks = []
    for line in ranked[:_MOST_STOCKS]:
        low, best, high = (
            words.rounded(end) for end in (line.stock.low, line.stock.best, line.stock.high)
        )
        goods = picture.name(line.commodity)
        stocks.append(f"{goods}: {words.between(low, best, high)} {line.unit}")
    more = len(ranked) - _MOST_STOCKS
    if more > 0:
        stocks.append(f"and {more} more in the table")
    return (*names, *stocks), len(names)


def _write(label: Label) -> str:
    made = []
    for number, line in enumerate(label.lines):
        y = label.y + (number + 0.85) * _TYPE * 1.25
        is_name = number < label.bold
        made.append(
            svg.text(
                label.x,
                y,
                line,
                size=_TYPE,
                weight=600 if is_name else 400,
                fill=svg.INK if is_name else svg.GREY,
            )
        )
    return "".join(made)


def _legend(has_unknown: bool) -> str:
    y = _HEIGHT + 18
    made = [svg.line(0, _HEIGHT, _WIDTH, _HEIGHT, stroke=svg.PALE)]
    kinds: Iterable[tuple[Status, str]] = (
        ("open", "open"),
        ("restricted", "restricted"),
        ("closed", "closed or abandoned"),
        ("unspecified", "unknown"),
    )
    x = 0.0
    for status, word in kinds:
        made.append(_stroke(status, (x, y, x + 44, y), (1.0, 0.0)))
        made.append(svg.text(x + 52, y + 4, word))
        x += 76 + svg.length(word)
    made.append(
        svg.text(
            0,
            y + 26,
            "Square: hub or depot. Circle: settlement. Triangle: camp. Diamond: crossing.",
            fill=svg.GREY,
        )
    )
    if has_unknown:
        made.append(svg.text(470, y + 26, "Dashed symbol: position not recorded.", fill=svg.GREY))
    return "".join(made)
