"""Figures of people by claimant over time: a shape for each claimant, open ends as arrows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.figures import svg
from corridor.claims import Claim
from corridor.picture import Picture
from corridor.values import PartyCode, say_number

_WIDTH, _PLOT = 360.0, 150.0
_LEFT, _RIGHT = 52.0, 14.0
_SIZE = 4.5
_DAY = timedelta(days=1)


def draw(picture: Picture, title: str, claims: tuple[Claim, ...]) -> str:
    """Draw the claims about one thing counted."""
    zone = picture.settings.time_zone
    claimants = [PartyCode(code) for code in picture.in_order(claim.claimant for claim in claims)]
    head = svg.wrap(title, _WIDTH, 12, is_bold=True)
    top = 16 * len(head) + 14
    bottom = top + _PLOT
    first, last = min(c.report.as_of for c in claims), max(c.report.as_of for c in claims)
    most = max(end for claim in claims for end in _ends(claim))
    ceiling = nice(most * Decimal("1.15"))
    x_of, y_of = _scales(first, last, ceiling, top)
    body = [svg.texts(0, 13, head, size=12, weight=600), _axes(ceiling, y_of, bottom)]
    body.append(_days(first, last, x_of, bottom, picture))
    for claim in claims:
        place = claimants.index(claim.claimant)
        body.append(_claim(claim, place, x_of(claim.report.as_of), y_of, (top, bottom)))
        if picture.people_register.denials.get(claim.report.id):
            body.append(
                svg.text(
                    x_of(claim.report.as_of) + 7, y_of(claim.quantity.stated) + 4, "denied", size=10
                )
            )
    y = bottom + 36
    for place, claimant in enumerate(claimants):
        for number, line in enumerate(svg.wrap(words.who(picture, claimant), _WIDTH - 20, 11)):
            if number == 0:
                body.append(_marker(place, 7, y - 4))
            body.append(svg.text(18, y, line, size=11))
            y += 15
    description = "; ".join(
        f"{words.who(picture, c.claimant)}, {words.clock(c.report.as_of, zone)}: {c.quantity}"
        for c in claims
    )
    return svg.picture(_WIDTH, y, title, description, body)


def nice(value: Decimal) -> Decimal:
    """Return the next round number at or above a value, for the top of a scale."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(10) ** value.adjusted()
    return next(power * step for step in (1, 2, 3, 4, 5, 6, 8, 10) if power * step >= value)


def _ends(claim: Claim) -> list[Decimal]:
    quantity = claim.quantity
    return [end for end in (quantity.low, quantity.best, quantity.high) if end is not None]


def _scales(
    first: datetime, last: datetime, ceiling: Decimal, top: float
) -> tuple[Callable[[datetime], float], Callable[[Decimal], float]]:
    pad = max((last - first) * 0.06, timedelta(hours=6))
    start, whole = first - pad, (last - first) + 2 * pad
    room = _WIDTH - _LEFT - _RIGHT

    def x_of(moment: datetime) -> float:
        return _LEFT + room * ((moment - start) / whole)

    def y_of(value: Decimal) -> float:
        return top + _PLOT * (1 - float(value / ceiling))

    return x_of, y_of


def _axes(ceiling: Decimal, y_of: Callable[[Decimal], float], bottom: float) -> str:
    made = [svg.line(_LEFT, bottom, _WIDTH - _RIGHT, bottom, stroke=svg.GREY)]
    for value in (Decimal(0), ceiling / 2, ceiling):
        y = y_of(value)
        if value:
            made.append(svg.line(_LEFT, y, _WIDTH - _RIGHT, y, stroke=svg.PALE, width=0.8))
        made.append(
            svg.text(_LEFT - 6, y + 4, say_number(value), size=10, anchor="end", fill=svg.GREY)
        )
    return "".join(made)


def _days(
    first: datetime,
    last: datetime,
    x_of: Callable[[datetime], float],
    bottom: float,
    picture: Picture,
) -> str:
    """Mark midnights, thinned so that their labels stand apart."""
    zone = picture.settings.time_zone
    midnight = first.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    marks = []
    while midnight <= last + timedelta(hours=6):
        if x_of(midnight) >= _LEFT:
            marks.append(midnight)
        midnight += _DAY
    if not marks:
        marks = [first]
    is_long = last - first > timedelta(days=200)
    step = max(1, -(-len(marks) * (58 if is_long else 46) // int(_WIDTH - _LEFT - _RIGHT)))
    made = []
    for moment in marks[::step]:
        x = x_of(moment)
        made.append(svg.line(x, bottom, x, bottom + 4, stroke=svg.GREY))
        name = words.month(moment, zone) if is_long else words.short_day(moment, zone)
        made.append(svg.text(x, bottom + 16, name, size=10, anchor="middle", fill=svg.GREY))
    return "".join(made)


def _claim(
    claim: Claim, place: int, x: float, y_of: Callable[[Decimal], float], plot: tuple[float, float]
) -> str:
    """Draw a claim: its shape at the number, a bar between two ends, an arrow at an open one."""
    quantity = claim.quantity
    made = []
    if quantity.low is not None and quantity.high is not None and quantity.low != quantity.high:
        low, high = y_of(quantity.low), y_of(quantity.high)
        made.append(
            svg.line(x, low, x, high)
            + svg.line(x - 4, low, x + 4, low)
            + svg.line(x - 4, high, x + 4, high)
        )
    elif quantity.low is None and quantity.high is not None:
        made.append(_arrow(x, y_of(quantity.high), 1, plot))
    elif quantity.high is None and quantity.low is not None:
        made.append(_arrow(x, y_of(quantity.low), -1, plot))
    # A middle that nobody named is not drawn: two ends have a shape each.
    named = _ends(claim) if quantity.best is None else [quantity.best]
    return "".join((*made, *(_marker(place, x, y_of(value)) for value in named)))


def _arrow(x: float, y: float, way: int, plot: tuple[float, float]) -> str:
    """Draw an arrow away from a stated end: way 1 points down ("up to"), -1 points up ("over")."""
    tip = min(y + 26, plot[1] - 1) if way > 0 else max(y - 26, plot[0] - 8)
    head = ((x - 3.5, tip - way * 5), (x, tip), (x + 3.5, tip - way * 5))
    return svg.line(x, y, x, tip, dash="3 2") + svg.path(svg.points(head), width=1.2)


def _marker(place: int, x: float, y: float) -> str:
    """Draw the shape of a claimant by place in the order; after eight they repeat with a dot."""
    r = _SIZE
    dot = svg.circle(x, y, 1.2, fill=svg.INK, width=0.5) if place >= 8 else ""
    corners: dict[int, list[tuple[float, float]]] = {
        1: [(-r, -r), (r, -r), (r, r), (-r, r)],
        2: [(0, -r * 1.2), (r * 1.15, r * 0.9), (-r * 1.15, r * 0.9)],
        3: [(0, -r * 1.3), (r * 1.3, 0), (0, r * 1.3), (-r * 1.3, 0)],
        4: [(0, r * 1.2), (r * 1.15, -r * 0.9), (-r * 1.15, -r * 0.9)],
        5: [(-r, -r), (r, -r), (-r, r), (r, r)],
        6: [
            (-r * 1.2, 0),
            (-r * 0.6, -r),
            (r * 0.6, -r),
            (r * 1.2, 0),
            (r * 0.6, r),
            (-r * 0.6, r),
        ],
        7: [(-r, -r * 1.1), (r, 0), (-r, r * 1.1)],
    }
    shape = corners.get(place % 8)
    if shape is None:
        return svg.circle(x, y, r, fill=svg.PAPER) + dot
    outline = svg.points([(x + dx, y + dy) for dx, dy in shape])
    return svg.path(f"{outline}Z", fill=svg.PAPER) + dot
