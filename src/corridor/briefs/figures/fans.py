"""Stock over futures: the middle, the band of eight in ten, and the chance of a day short below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from corridor.briefs import words
from corridor.briefs.figures import svg
from corridor.planning.outlook import Fan

_WIDTH, _HEIGHT, _LEFT, _TOP, _STRIP = 240.0, 132.0, 40.0, 34.0, 10.0
_BAND = "#cfd8e3"


def draw(title: str, days: Sequence[date], fan: Fan) -> str:
    """Draw one panel."""
    base = _HEIGHT - 34
    most = max(max(fan.high), 1e-9)
    step = (_WIDTH - _LEFT - 6) / max(1, len(days) - 1)

    def x(day: int) -> float:
        return _LEFT + day * step

    def y(amount: float) -> float:
        return base - (base - _TOP) * amount / most

    band = [(x(day), y(high)) for day, high in enumerate(fan.high)]
    band += [(x(day), y(low)) for day, low in reversed(list(enumerate(fan.low)))]
    lines = svg.wrap(title, _WIDTH - 4, is_bold=True)[:2]
    body = [
        svg.texts(0, 11, lines, weight=600),
        svg.path(svg.points(band) + "Z", fill=_BAND, stroke="none"),
        svg.path(svg.points([(x(day), y(value)) for day, value in enumerate(fan.middle)])),
        svg.line(_LEFT, base, _WIDTH - 6, base, stroke=svg.GREY, width=0.8),
        svg.text(_LEFT - 4, _TOP + 4, _amount(most), anchor="end", size=9, fill=svg.GREY),
        svg.text(_LEFT - 4, base, f"0 {fan.unit}", anchor="end", size=9, fill=svg.GREY),
    ]
    for day, share in enumerate(fan.short):
        if share > 0:
            height = _STRIP * share
            left, width = max(_LEFT, x(day) - step / 2), step * 0.9
            body.append(svg.rect(left, base + 3, width, height, fill=svg.ALERT))
    ends: tuple[tuple[int, float, svg.Anchor], ...] = (
        (0, _LEFT, "start"),
        (len(days) - 1, _WIDTH - 6, "end"),
    )
    for day, at, anchor in ends if len(days) > 1 else ends[:1]:
        when = words.short_date(days[day])
        body.append(svg.text(at, _HEIGHT - 6, when, anchor=anchor, size=9, fill=svg.GREY))
    told = "; ".join(
        f"{words.short_date(day)}: {_amount(low)} to {_amount(high)} {fan.unit}, short in {short:.0%}"
        for day, low, high, short in zip(days, fan.low, fan.high, fan.short, strict=True)
    )
    return svg.picture(_WIDTH, _HEIGHT, title, told, body)


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:,.1f}"
