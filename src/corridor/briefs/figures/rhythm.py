"""When incidents begin: a field for each day and each part of it, grey where nobody watched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from corridor.briefs import words
from corridor.briefs.figures import svg

_LEFT, _TOP, _FIELD, _ROW = 60.0, 26.0, 14.0, 18.0
_INKS = ("#eef1f5", "#cfd8e3", "#93a5bc", "#4f6785", "#1f2f45")
_UNWATCHED = "#d9d9d9"


def draw(
    title: str,
    days: Sequence[date],
    counts: Sequence[Sequence[int]],
    watched: Sequence[bool],
    parts: Sequence[str],
) -> str:
    """Draw (day, part) counts: the darker the more; a grey day is one that nobody is said to have watched."""
    most = max((count for row in counts for count in row), default=0)
    width = max(_LEFT + _FIELD * len(days) + 8, 420.0)
    body = [svg.text(0, 12, title, weight=600)]
    for row, part in enumerate(parts):
        y = _TOP + row * _ROW
        body.append(svg.text(_LEFT - 6, y + 12, part, size=10, anchor="end", fill=svg.GREY))
        for number, by_part in enumerate(counts):
            count = by_part[row]
            fill = _INKS[0] if watched[number] else _UNWATCHED
            if count:
                fill = _INKS[1 + (count * (len(_INKS) - 2) - 1) // most]
            x = _LEFT + number * _FIELD
            body.append(svg.rect(x, y, _FIELD - 1.5, _ROW - 2, fill=fill))
            if count:
                ink = svg.PAPER if fill in _INKS[3:] else svg.INK
                body.append(
                    svg.text(
                        x + _FIELD / 2 - 1, y + 12, str(count), size=9, anchor="middle", fill=ink
                    )
                )
    base = _TOP + _ROW * len(parts)
    for number in range(0, len(days), 7):
        body.append(
            svg.text(
                _LEFT + number * _FIELD,
                base + 12,
                words.short_date(days[number]),
                size=9,
                fill=svg.GREY,
            )
        )
    body.append(svg.rect(_LEFT, base + 20, 11, 11, fill=_UNWATCHED))
    body.append(
        svg.text(
            _LEFT + 16, base + 29, "nobody is said to have watched: unknown, not quiet", size=10,
            fill=svg.GREY,
        )
    )  # fmt: skip
    told = "; ".join(
        f"{words.short_date(day)}: {sum(row)}{'' if seen else ', not watched'}"
        for day, row, seen in zip(days, counts, watched, strict=True)
        if sum(row) or not seen
    )
    return svg.picture(width, base + 36, title, told or "No incident with an hour.", body)
