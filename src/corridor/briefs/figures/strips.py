"""The chance that a road can be used, day by day, as a strip: the fuller a field, the likelier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from corridor.briefs import words
from corridor.briefs.figures import svg

_FIELD, _TALL, _TOP = 44.0, 40.0, 22.0
_BAND = "#cfd8e3"


def draw(
    title: str, days: Sequence[date], chances: Sequence[float], decided: Sequence[bool]
) -> str:
    """Draw one road: a field a day, filled from below by its chance; framed where it is decided."""
    width = max(_FIELD * len(days), 320.0)
    body = [svg.text(0, 12, title, weight=600)]
    for number, (day, chance, is_decided) in enumerate(zip(days, chances, decided, strict=True)):
        left, high = number * _FIELD + 1, _TALL * chance
        frame = svg.INK if is_decided else svg.PALE
        body += [
            svg.rect(left, _TOP + _TALL - high, _FIELD - 4, high, fill=_BAND),
            svg.rect(left, _TOP, _FIELD - 4, _TALL, stroke=frame),
            svg.text(left + _FIELD / 2 - 2, _TOP + 24, f"{chance:.0%}", anchor="middle", size=10),
            svg.text(
                left + _FIELD / 2 - 2,
                _TOP + _TALL + 13,
                words.short_date(day),
                anchor="middle",
                size=9,
                fill=svg.GREY,
            ),
        ]
    told = "; ".join(
        f"{words.short_date(day)}: {chance:.0%}" for day, chance in zip(days, chances, strict=True)
    )
    return svg.picture(width, _TOP + _TALL + 20, title, told, body)
