"""A table as aligned lines of text; one too wide for the page is written row by row instead."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

_GAP = 2
_LEAST = 9


def table_lines(
    titles: Sequence[str], right: Sequence[bool], rows: Sequence[Sequence[str]], width: int
) -> list[str]:
    """Return a table no wider than `width`.

    Columns get the width of their widest word at least; what is left goes where text is longest.
    Where the widest words do not fit side by side, each row becomes a list of "title: text". A row
    of one cell heads the rows below it.
    """
    widths = _widths(titles, [row for row in rows if len(row) == len(titles)], width)
    if widths is None:
        return _stacked(titles, rows, width)
    head = _row(titles, right, widths)
    rule = "  ".join("-" * wide for wide in widths)
    body: list[str] = []
    for row in rows:
        if len(row) < len(titles):
            body += ["", *textwrap.wrap(row[0], width, break_on_hyphens=False)]
            continue
        lines = _row(row, right, widths)
        body.extend(lines)
        if len(lines) > 1:
            body.append("")
    return [*head, rule, *body]


def _widths(titles: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    columns = [[title, *(row[i] for row in rows)] for i, title in enumerate(titles)]
    least = [
        max(_LEAST, *(len(word) for text in column for word in text.split())) for column in columns
    ]
    wanted = [
        max(len(line) for text in column for line in (text.split("\n") or [""]))
        for column in columns
    ]
    room = width - _GAP * (len(titles) - 1)
    if sum(least) > room:
        return None
    widths = [min(a, max(b, _LEAST)) for a, b in zip(least, wanted, strict=True)]
    while sum(widths) < room:
        hungry = [i for i in range(len(widths)) if widths[i] < wanted[i]]
        if not hungry:
            break
        widths[max(hungry, key=lambda i: (wanted[i] / widths[i], -i))] += 1
    return widths


def _row(cells: Sequence[str], right: Sequence[bool], widths: Sequence[int]) -> list[str]:
    blocks = [_wrap(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    lines = []
    for parts in zip_longest(*blocks, fillvalue=""):
        made = [
            part.rjust(wide) if is_right else part.ljust(wide)
            for part, is_right, wide in zip(parts, right, widths, strict=True)
        ]
        lines.append((" " * _GAP).join(made).rstrip())
    return lines


def _wrap(cell: str, width: int) -> list[str]:
    lines = [
        line
        for part in cell.split("\n")
        for line in textwrap.wrap(part, width, break_on_hyphens=False) or [""]
    ]
    return lines or [""]


def _stacked(titles: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    made: list[str] = []
    for row in rows:
        if len(row) < len(titles):
            made += ["", *textwrap.wrap(row[0], width, break_on_hyphens=False)]
            continue
        for number, (title, cell) in enumerate(zip(titles, row, strict=True)):
            head = "* " if number == 0 else "  "
            for place, part in enumerate(cell.split("\n")):
                start = f"{head}{title}: " if place == 0 else "    "
                made += textwrap.wrap(
                    part,
                    width,
                    initial_indent=start,
                    subsequent_indent="    ",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
    return made
