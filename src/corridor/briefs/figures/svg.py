"""The few SVG elements that pictures are drawn with: numbers short, texts escaped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from html import escape
from typing import Literal

INK = "#1c2128"
GREY = "#57606a"
PALE = "#d0d7de"
PAPER = "#ffffff"
WASH = "#f3f5f7"
ALERT = "#9a3324"

# Width of a letter relative to the size of the type, on the safe side for the usual system fonts.
_LETTER, _BOLD = 0.57, 0.66
Anchor = Literal["start", "middle", "end"]


def picture(width: float, height: float, title: str, description: str, body: Iterable[str]) -> str:
    """Return a whole SVG with its title and description; no ids, so panels share a page."""
    inner = "".join(body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {short(width)} {short(height)}" '
        'role="img" '
        "font-family=\"system-ui, -apple-system, 'Segoe UI', 'Noto Sans', "
        f'\'DejaVu Sans\', sans-serif" fill="{INK}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{inner}</svg>"
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 11,
    anchor: Anchor = "start",
    fill: str = INK,
    weight: int = 400,
) -> str:
    """Return a line of text; `y` is its baseline."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    colour = f' fill="{fill}"' if fill != INK else ""
    return (
        f'<text x="{short(x)}" y="{short(y)}" font-size="{short(size)}"{place}{bold}{colour}>'
        f"{escape(words)}</text>"
    )


def texts(
    x: float,
    y: float,
    lines: Iterable[str],
    *,
    size: float = 11,
    anchor: Anchor = "start",
    fill: str = INK,
    weight: int = 400,
) -> str:
    """Return lines of text under one another."""
    return "".join(
        text(x, y + number * size * 1.25, line, size=size, anchor=anchor, fill=fill, weight=weight)
        for number, line in enumerate(lines)
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    stroke: str = INK,
    width: float = 1,
    dash: str = "",
) -> str:
    """Return a straight line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{short(x1)}" y1="{short(y1)}" x2="{short(x2)}" y2="{short(y2)}" '
        f'stroke="{stroke}" stroke-width="{short(width)}"{dashes}/>'
    )


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = "none",
    stroke: str = "none",
    dash: str = "",
    radius: float = 0,
) -> str:
    """Return a rectangle."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    edge = f' stroke="{stroke}"' if stroke != "none" else ""
    round_ = f' rx="{short(radius)}"' if radius else ""
    return (
        f'<rect x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}" '
        f'fill="{fill}"{edge}{dashes}{round_}/>'
    )


def path(
    points: str, *, fill: str = "none", stroke: str = INK, width: float = 1.4, dash: str = ""
) -> str:
    """Return a path."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{points}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{short(width)}"{dashes}/>'
    )


def circle(
    x: float,
    y: float,
    radius: float,
    *,
    fill: str = "none",
    stroke: str = INK,
    width: float = 1.4,
    dash: str = "",
) -> str:
    """Return a circle."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(radius)}" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{short(width)}"{dashes}/>'
    )


def points(corners: Iterable[tuple[float, float]]) -> str:
    """Return the path through some corners."""
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in corners)


def hatch(
    x: float, y: float, width: float, height: float, *, gap: float = 7, stroke: str = PALE
) -> str:
    """Return slanting lines that fill a rectangle; they mark what is not known or not settled."""
    parts = []
    reach = gap
    while reach < width + height:
        x1, y1 = (x + reach, y) if reach <= width else (x + width, y + reach - width)
        x2, y2 = (x, y + reach) if reach <= height else (x + reach - height, y + height)
        parts.append(f"M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}")
        reach += gap
    return path("".join(parts), stroke=stroke, width=0.8)


def wrap(words: str, width: float, size: float = 11, *, is_bold: bool = False) -> list[str]:
    """Break a text into lines that fit a width."""
    letters = int(width / (size * (_BOLD if is_bold else _LETTER)))
    return textwrap.wrap(words, max(4, letters), break_long_words=True) or [""]


def length(words: str, size: float = 11) -> float:
    """Return about how wide a text will be, rather too much than too little."""
    return len(words) * size * _LETTER


def short(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    written = f"{value:.1f}"
    return written[:-2] if written.endswith(".0") else written
