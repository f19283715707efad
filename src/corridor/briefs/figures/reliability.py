"""What was forecast against how often it came: on the line, forecasts say what they should."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corridor.briefs.figures import svg

_SIDE, _LEFT, _TOP = 240.0, 44.0, 26.0


class Dot(NamedTuple):
    """Forecasts of one bin: what they said on average, how often it came, and how many they were."""

    said: float
    came: float
    forecasts: int


def draw(title: str, dots: Sequence[Dot]) -> str:
    """Draw one dot a bin, its area by the number of forecasts, and the line on which said is come."""
    body = [
        svg.text(0, 12, title, weight=600),
        svg.rect(_LEFT, _TOP, _SIDE, _SIDE, stroke=svg.PALE),
        svg.line(_LEFT, _TOP + _SIDE, _LEFT + _SIDE, _TOP, stroke=svg.GREY, dash="4 3"),
    ]
    for tick in (0.0, 0.5, 1.0):
        at = _SIDE * tick
        body += [
            svg.text(
                _LEFT + at,
                _TOP + _SIDE + 14,
                f"{tick:.0%}",
                anchor="middle",
                size=10,
                fill=svg.GREY,
            ),
            svg.text(
                _LEFT - 6,
                _TOP + _SIDE - at + 4,
                f"{tick:.0%}",
                anchor="end",
                size=10,
                fill=svg.GREY,
            ),
        ]
    body.append(
        svg.text(
            _LEFT + _SIDE / 2,
            _TOP + _SIDE + 28,
            "chance given",
            anchor="middle",
            size=10,
            fill=svg.GREY,
        )
    )
    most = max((dot.forecasts for dot in dots), default=1)
    for dot in dots:
        x, y = _LEFT + _SIDE * dot.said, _TOP + _SIDE * (1 - dot.came)
        size = 3 + 7 * (dot.forecasts / most) ** 0.5
        body.append(svg.circle(x, y, size, fill=svg.INK))
    told = "; ".join(f"said {d.said:.0%}, came {d.came:.0%} of {d.forecasts}" for d in dots)
    width = max(_LEFT + _SIDE + 20, svg.length(title, 12) * 1.1)
    return svg.picture(width, _TOP + _SIDE + 34, title, told, body)
