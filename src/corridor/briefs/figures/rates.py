"""A rate before and since a declaration, with its interval; week by week the plain rate as dots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from corridor.briefs import words
from corridor.briefs.figures import svg
from corridor.values import Estimate, say_number

_WIDTH, _PLOT, _LEFT, _TOP = 620.0, 150.0, 56.0, 26.0
_BAND = "#cfd8e3"


class Span(NamedTuple):
    """A rate that holds from a first day to a last, with its interval."""

    first: date
    last: date
    rate: Estimate


def draw(
    title: str,
    spans: Sequence[Span],
    dots: Sequence[tuple[date, float | None]],
    declared: date,
    unit: str,
) -> str:
    """Draw each rate as a line in its interval, the weeks' plain rates as dots, the declaration dashed."""
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    highs = [float(end) for span in spans for end in (span.rate.high or span.rate.best,) if end]
    top = (
        1.1 * max([*highs, *(value for _, value in dots if value is not None)], default=1.0) or 1.0
    )
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return _LEFT + (_WIDTH - _LEFT - 10) * (day - first).days / days

    def y(rate: float) -> float:
        return _TOP + _PLOT * (1 - rate / top)

    body = [svg.text(0, 12, title, weight=600)]
    for tick in (0.0, top / 2, top):
        body.append(svg.line(_LEFT, y(tick), _WIDTH - 10, y(tick), stroke=svg.PALE, width=0.8))
        body.append(
            svg.text(_LEFT - 5, y(tick) + 4, f"{tick:.2g}", size=9, anchor="end", fill=svg.GREY)
        )
    for span in spans:
        if span.rate.best is None:
            continue
        left, right = x(span.first), x(span.last)
        low, high = float(span.rate.low or 0), float(span.rate.high or span.rate.best)
        body.append(svg.rect(left, y(high), right - left, y(low) - y(high), fill=_BAND))
        middle = y(float(span.rate.best))
        body.append(svg.line(left, middle, right, middle, width=2))
    for day, value in dots:
        if value is not None and first <= day <= last:
            body.append(svg.circle(x(day), y(value), 2.6, fill=svg.PAPER))
    at = x(declared)
    base = _TOP + _PLOT
    body += [
        svg.line(at, _TOP - 4, at, base, dash="4 3"),
        svg.text(at + 4, _TOP + 4, "declaration", size=9),
        svg.line(_LEFT, base, _WIDTH - 10, base, stroke=svg.GREY, width=0.8),
        svg.text(_LEFT, base + 13, words.short_date(first), size=9, fill=svg.GREY),
        svg.text(_WIDTH - 10, base + 13, words.short_date(last), size=9, anchor="end", fill=svg.GREY),
        svg.text(
            _LEFT, base + 28, f"Incidents by {unit}. Band: middle 90 %. Dots: the rate of a week watched.",
            size=9, fill=svg.GREY,
        ),
    ]  # fmt: skip
    told = "; ".join(
        f"{words.short_date(span.first)} to {words.short_date(span.last)}: "
        + (
            "too few to say"
            if span.rate.best is None
            else f"{say_number(span.rate.best)} ({span.rate.low} to {span.rate.high})"
        )
        for span in spans
    )
    return svg.picture(_WIDTH, base + 34, title, told, body)
