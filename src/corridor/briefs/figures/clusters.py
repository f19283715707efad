"""Where incidents lie and where they cluster: points, circles and places, without any boundary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from corridor.briefs.figures import svg

_SIDE, _TOP, _MARGIN = 420.0, 22.0, 26.0
_KM_PER_DEGREE = 111.2


class Mark(NamedTuple):
    """A point in degrees, how much stands there, and what is written beside it."""

    lat: float
    lon: float
    many: int
    text: str = ""


class Circle(NamedTuple):
    """A cluster: its centre in degrees, its radius in kilometres, and its number in the table."""

    lat: float
    lon: float
    km: float
    number: int


def draw(
    title: str, incidents: Sequence[Mark], circles: Sequence[Circle], places: Sequence[Mark]
) -> str:
    """Draw points by how many incidents lie there, clusters as circles, places by name; north is up."""
    points = [(mark.lat, mark.lon) for mark in (*incidents, *places)]
    points += [
        (one.lat + sign * one.km / _KM_PER_DEGREE, one.lon) for one in circles for sign in (-1, 1)
    ]
    middle = sum(lat for lat, _ in points) / len(points)
    squeeze = max(math.cos(math.radians(middle)), 0.05)
    flat = [(lon * squeeze, lat) for lat, lon in points]
    flat += [
        (one.lon * squeeze + sign * one.km / _KM_PER_DEGREE, one.lat)
        for one in circles
        for sign in (-1, 1)
    ]
    west, south = min(x for x, _ in flat), min(y for _, y in flat)
    tall = max(y for _, y in flat) - south
    wide = max(max(x for x, _ in flat) - west, tall, 0.02)
    scale = (_SIDE - 2 * _MARGIN) / wide
    high = tall * scale + 2 * _MARGIN

    def at(lat: float, lon: float) -> tuple[float, float]:
        return (
            _MARGIN + (lon * squeeze - west) * scale,
            _TOP + high - _MARGIN - (lat - south) * scale,
        )

    body = [svg.text(0, 12, title, weight=600)]
    for one in circles:
        x, y = at(one.lat, one.lon)
        radius = max(one.km / _KM_PER_DEGREE * scale, 5.0)
        body.append(svg.circle(x, y, radius, fill="#eef1f5", stroke=svg.ALERT))
        body.append(svg.text(x, y - radius - 4, str(one.number), anchor="middle", weight=600))
    for mark in incidents:
        x, y = at(mark.lat, mark.lon)
        size = 1.5 + 1.5 * math.sqrt(mark.many)
        body.append(svg.circle(x, y, size, fill=svg.GREY, stroke=svg.PAPER, width=0.5))
    for place in places:
        x, y = at(place.lat, place.lon)
        anchor: svg.Anchor = "end" if x > _SIDE * 0.7 else "start"
        away = -7 if anchor == "end" else 7
        long = svg.length(place.text, 9)
        left = x + away - (long if anchor == "end" else 0)
        body += [
            svg.rect(x - 3, y - 3, 6, 6, fill=svg.PAPER, stroke=svg.INK),
            svg.rect(left - 2, y - 7, long + 4, 13, fill=svg.PAPER),
            svg.text(x + away, y + 3, place.text, size=9, anchor=anchor),
        ]
    step = _nice(wide * _KM_PER_DEGREE / 4)
    length = step / _KM_PER_DEGREE * scale
    base = _TOP + high + 8
    body += [
        svg.line(_MARGIN, base, _MARGIN + length, base, width=2),
        svg.text(
            _MARGIN + length + 6,
            base + 4,
            f"{step:g} km; north is up; no boundary is drawn",
            size=9,
        ),
    ]
    told = (
        f"{sum(mark.many for mark in incidents)} incidents at {len(incidents)} points; "
        + "; ".join(
            f"cluster {one.number}: {one.km:.1f} km around {one.lat:.2f}, {one.lon:.2f}"
            for one in circles
        )
    )
    return svg.picture(_SIDE + 20, base + 14, title, told, body)


def _nice(km: float) -> float:
    power = float(10.0 ** math.floor(math.log10(max(km, 0.1))))
    return max(step * power for step in (1, 2, 5) if step * power <= max(km, power))
