"""Days of cover as a field of numbers: places by goods, each field with a number and a word."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from corridor.briefs.figures import svg
from corridor.briefs.words import say_days
from corridor.picture import Picture, StockLine
from corridor.values import CommodityCode

# Up to so many days: the word, the fill and the colour of the type.
_BANDS: tuple[tuple[Decimal | None, str, str, str], ...] = (
    (Decimal(1), "under 1 day", "#9a3324", svg.PAPER),
    (Decimal(3), "under 3 days", "#dd9b84", svg.INK),
    (Decimal(7), "under a week", "#f5dfd5", svg.INK),
    (None, "a week or more", "#eef1f3", svg.INK),
)
_LABEL, _FIELD, _ROW, _HEAD = 190.0, 118.0, 46.0, 40.0


def draw(picture: Picture, lines: Iterable[StockLine]) -> str:
    """Draw the days of cover; an empty text where there is nothing to draw."""
    known = {(line.place, line.commodity): line for line in lines}
    places = sorted({place for place, _ in known})
    goods = [
        c
        for c in sorted({c for _, c in known})
        if any(known[p, c].need_per_day.is_known for p in places if (p, c) in known)
    ]
    places = [
        p
        for p in places
        if any((p, c) in known and known[p, c].need_per_day.is_known for c in goods)
    ]
    if not places or not goods:
        return ""
    field = max(_FIELD, (760 - _LABEL) / max(len(goods), 3)) if len(goods) < 6 else _FIELD
    width = _LABEL + field * len(goods)
    body = [_heads(picture, goods, field)]
    for number, place in enumerate(places):
        top = _HEAD + number * _ROW
        label = svg.wrap(picture.name(place), _LABEL - 12, is_bold=True)[:3]
        body.append(svg.texts(0, top + _ROW / 2 + 4 - (len(label) - 1) * 6.9, label, weight=600))
        body.extend(
            _field(known.get((place, code)), _LABEL + i * field, top, field)
            for i, code in enumerate(goods)
        )
    height = _HEAD + len(places) * _ROW + 4
    description = "; ".join(
        f"{picture.name(place)}, {picture.name(code)}: {_number(known[place, code])}"
        for place in places
        for code in goods
        if (place, code) in known
    )
    return svg.picture(width, height, "Days of cover by place and goods", description, body)


def _heads(picture: Picture, goods: list[CommodityCode], field: float) -> str:
    made = []
    for number, code in enumerate(goods):
        lines = svg.wrap(picture.name(code), field - 8, is_bold=True)[:2]
        x = _LABEL + number * field + field / 2
        made.append(
            svg.texts(
                x,
                _HEAD - 8 - (len(lines) - 1) * 13.75,
                lines,
                anchor="middle",
                fill=svg.GREY,
                weight=600,
            )
        )
    return "".join(made)


def _field(line: StockLine | None, x: float, y: float, width: float) -> str:
    inner = (x + 2, y + 2, width - 4, _ROW - 4)
    middle = x + width / 2
    if line is None or not line.need_per_day.is_known:
        return svg.rect(*inner, stroke=svg.PALE) + svg.text(
            middle, y + _ROW / 2 + 4, "no need known", anchor="middle", fill=svg.GREY
        )
    end = _end(line)
    if end is None:
        plate = svg.rect(middle - 42, y + 8, 84, _ROW - 16, fill=svg.PAPER)
        return (
            svg.rect(*inner, fill=svg.PAPER, stroke=svg.GREY)
            + svg.hatch(*inner)
            + plate
            + svg.text(middle, y + 21, "unknown", anchor="middle", weight=600, size=12)
            + svg.text(
                middle,
                y + 35,
                "no count" if not line.stock.is_known else "no full figure",
                anchor="middle",
                size=10,
            )
        )
    word, fill, ink = band(end)
    return (
        svg.rect(*inner, fill=fill, radius=2)
        + svg.text(middle, y + 21, _number(line), anchor="middle", weight=600, size=13, fill=ink)
        + svg.text(middle, y + 35, word, anchor="middle", size=10, fill=ink)
    )


def band(days: Decimal) -> tuple[str, str, str]:
    """Return the word, the fill and the ink for so many days of cover."""
    for limit, word, fill, ink in _BANDS:
        if limit is None or days < limit:
            return word, fill, ink
    raise AssertionError("the last band has no limit")


def _end(line: StockLine) -> Decimal | None:
    cover = line.days_of_cover
    return next((end for end in (cover.low, cover.best, cover.high) if end is not None), None)


def _number(line: StockLine) -> str:
    cover = line.days_of_cover
    return say_days(cover.low, cover.best, cover.high) if cover.is_known else "unknown"
