"""Stock projected by the plan: one small picture for each place and goods, today marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from corridor.briefs.figures import svg
from corridor.briefs.figures.headcounts import nice
from corridor.briefs.words import short_date
from corridor.values import say_number

_WIDTH, _PLOT = 240.0, 84.0
_LEFT, _RIGHT = 44.0, 8.0


def draw(
    title: str, unit: str, days: Sequence[date], stock: Sequence[float], today: float | None
) -> str:
    """Draw one stock: today at the left edge, where known, then the evening of each day."""
    head = svg.wrap(title, _WIDTH, 11, is_bold=True)
    top = 15.0 * len(head) + 16
    bottom = top + _PLOT
    ceiling = float(nice(Decimal(str(round(max(*stock, today or 0.0), 3)))))
    step = (_WIDTH - _LEFT - _RIGHT) / len(days)
    shown = [*([] if today is None else [(0, today)]), *enumerate(stock, start=1)]
    points = [(_LEFT + i * step, bottom - _PLOT * value / ceiling) for i, value in shown]
    body = [svg.texts(0, 11, head, size=11, weight=600)]
    for value in (0.0, ceiling):
        y = bottom - _PLOT * value / ceiling
        body.append(
            svg.line(
                _LEFT, y, _WIDTH - _RIGHT, y, stroke=svg.GREY if value == 0 else svg.PALE, width=0.8
            )
        )
        number = say_number(Decimal(str(value)).normalize() if value else Decimal(0))
        body.append(svg.text(_LEFT - 5, y + 4, number, size=9, anchor="end", fill=svg.GREY))
    body.append(
        svg.text(_LEFT - 5, bottom - _PLOT / 2 + 3, unit, size=9, anchor="end", fill=svg.GREY)
    )
    outline = "L".join(f"{svg.short(x)} {svg.short(y)}" for x, y in points)
    area = svg.points([(points[0][0], bottom), *points, (points[-1][0], bottom)])
    body.append(svg.path(f"{area}Z", fill=svg.WASH, stroke="none", width=0))
    body.append(svg.path(f"M{outline}", width=1.8))
    body.append(svg.line(_LEFT, top - 6, _LEFT, bottom, dash="2 2"))
    body.append(svg.text(_LEFT + 4, top - 1, "today", size=9))
    empty = [x for x, y in points if y >= bottom - 1e-3]
    if empty:
        x = empty[0]
        body.append(svg.circle(x, bottom, 3.5, fill=svg.PAPER, stroke=svg.ALERT))
        anchor: svg.Anchor = "end" if x > _WIDTH * 0.6 else "start"
        body.append(
            svg.text(
                x + (-5 if anchor == "end" else 5),
                bottom - 6,
                "empty",
                size=9,
                anchor=anchor,
                fill=svg.ALERT,
            )
        )
    ends: list[tuple[int, svg.Anchor]] = [(1, "start")]
    for i, place in (*ends, (len(days), "end")) if len(days) > 1 else ends:
        body.append(
            svg.text(
                _LEFT + i * step,
                bottom + 13,
                short_date(days[i - 1]),
                size=9,
                anchor=place,
                fill=svg.GREY,
            )
        )
    description = "; ".join(
        f"{short_date(d)}: {value:.1f} {unit}" for d, value in zip(days, stock, strict=True)
    )
    return svg.picture(_WIDTH, bottom + 18, f"Projected stock: {title}", description, body)
