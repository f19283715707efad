"""Where places stand on a sketch: by their coordinates, and the others near what they belong to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corridor.briefs.figures import svg
from corridor.picture import Picture
from corridor.values import PlaceCode


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the sheet; `is_known` tells whether coordinates put it there."""

    x: float
    y: float
    is_known: bool


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text with the corner of their box; the first `bold` of them are names."""

    x: float
    y: float
    lines: tuple[str, ...]
    bold: int


Box = tuple[float, float, float, float]


def spots(
    picture: Picture, places: Iterable[PlaceCode], width: float, height: float, margin: float
) -> dict[PlaceCode, Spot]:
    """Place each code on a sheet.

    1. Those with coordinates by latitude and longitude, the shape kept, fitted to the sheet.
    2. Those without near the place they lie in or are supplied from, else near the end of a road.
    3. The rest along the lower edge.
    """
    wanted = sorted(set(places))
    known = picture.geography.places
    points: dict[PlaceCode, tuple[float, float]] = {}
    for code in wanted:
        place = known.get(code)
        if place is not None and place.lat is not None and place.lon is not None:
            points[code] = (float(place.lon), float(place.lat))
    found = {
        code: Spot(x, y, True) for code, (x, y) in _fitted(points, width, height, margin).items()
    }
    for turn, code in enumerate(code for code in wanted if code not in found):
        anchor = _anchor(picture, code, found)
        if anchor is None:
            left = margin + (turn % 6) * (width - 2 * margin) / 5
            found[code] = Spot(left, height - margin - 30 * (turn // 6), False)
        else:
            angle = 2.4 * turn + 0.6
            x, y = anchor.x + 78 * math.cos(angle), anchor.y + 62 * math.sin(angle)
            found[code] = Spot(
                min(max(x, margin), width - margin), min(max(y, margin), height - margin), False
            )
    return found


def _fitted(
    points: Mapping[PlaceCode, tuple[float, float]], width: float, height: float, margin: float
) -> dict[PlaceCode, tuple[float, float]]:
    if not points:
        return {}
    middle = sum(lat for _, lat in points.values()) / len(points)
    shrink = max(0.2, math.cos(math.radians(middle)))
    flat = {code: (lon * shrink, -lat) for code, (lon, lat) in points.items()}
    xs, ys = [x for x, _ in flat.values()], [y for _, y in flat.values()]
    wide, tall = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(
        (width - 2 * margin) / wide if wide else math.inf,
        (height - 2 * margin) / tall if tall else math.inf,
    )
    scale = scale if math.isfinite(scale) else 1.0
    left, top = (width - wide * scale) / 2, (height - tall * scale) / 2
    return {
        c: (left + (x - min(xs)) * scale, top + (y - min(ys)) * scale) for c, (x, y) in flat.items()
    }


def _anchor(picture: Picture, code: PlaceCode, found: Mapping[PlaceCode, Spot]) -> Spot | None:
    place = picture.geography.places.get(code)
    near = [place.within, place.served_from] if place else []
    for road in picture.geography.roads.values():
        if code in (road.start, road.end):
            near.append(road.end if road.start == code else road.start)
    return next((found[one] for one in near if one is not None and one in found), None)


def labels(
    wanted: Iterable[tuple[PlaceCode, tuple[str, ...], int]],
    at: Mapping[PlaceCode, Spot],
    taken: list[Box],
    size: float,
    sheet: tuple[float, float],
) -> dict[PlaceCode, Label]:
    """Put a label beside each place where it hides least, of the positions tried."""
    placed: dict[PlaceCode, Label] = {}
    boxes = list(taken)
    for code, lines, bold in wanted:
        spot = at[code]
        wide = 1.08 * max(svg.length(line, size) for line in lines)
        tall = len(lines) * size * 1.25
        best: tuple[float, float, float] | None = None
        for turn, (dx, dy) in enumerate(_around(wide, tall)):
            x, y = spot.x + dx, spot.y + dy
            box = (x, y, x + wide, y + tall)
            out = max(0.0, -x, -y, box[2] - sheet[0], box[3] - sheet[1])
            bad = sum(_shared(box, other) for other in boxes) + out * 500 + turn
            if best is None or bad < best[0]:
                best = (bad, x, y)
        assert best is not None
        boxes.append((best[1], best[2], best[1] + wide, best[2] + tall))
        placed[code] = Label(best[1], best[2], lines, bold)
    return placed


def _around(wide: float, tall: float) -> list[tuple[float, float]]:
    near = 12.0
    return [
        (near, -tall / 2),
        (-near - wide, -tall / 2),
        (-wide / 2, near),
        (-wide / 2, -near - tall),
        (near, near - 4),
        (near, -near - tall + 4),
        (-near - wide, near - 4),
        (-near - wide, -near - tall + 4),
        (near + 8, -tall * 0.15),
        (near + 8, -tall * 0.85),
        (-near - 8 - wide, -tall * 0.15),
        (-near - 8 - wide, -tall * 0.85),
        (near + 30, -tall / 2),
        (-wide / 2, near + 26),
        (-wide / 2, -near - tall - 26),
        (-near - 30 - wide, -tall / 2),
    ]


def _shared(a: Box, b: Box) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    tall = min(a[3], b[3]) - max(a[1], b[1])
    return wide * tall if wide > 0 and tall > 0 else 0.0
