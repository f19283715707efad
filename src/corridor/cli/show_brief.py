"""What `corridor watch` and `corridor talks` print: the sections of a brief, without its list of sources."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from corridor.briefs import Brief, words
from corridor.briefs.brief import Drawing, Heading, Sentence, Table
from corridor.briefs.telling import in_words
from corridor.cli.show import console, table

_SIGNS = {"act": "!!", "ask": " ?", "": "  "}


def show(brief: Brief, head: str) -> None:
    """Print a brief for a terminal; as HTML, text or JSON it gives every source."""
    out = console()
    zone = ZoneInfo(brief.zone)
    out.print(
        f"{head} as of {words.clock(brief.at, zone)}, by what was known at "
        f"{words.clock(brief.known_at, zone)} ({words.zone_label(brief.at, zone)}). {brief.edition.capitalize()}. "
        f"Digest {brief.digest[:16]}.",
        markup=False,
    )
    for section in brief.sections:
        out.print()
        out.print(Text(section.title, style="bold"))
        for block in section.blocks:
            match block:
                case Sentence(owner=owner, parts=parts, tone=tone):
                    out.print(f"{_SIGNS[tone]} {owner} {in_words(parts)}", markup=False)
                case Heading(text=text):
                    out.print(text, markup=False)
                case Table():
                    _table(out, block)
                case Drawing(table=drawn):
                    _table(out, drawn)


def _table(out: Console, block: Table) -> None:
    shown = table(block.title)
    for column in block.columns:
        side: Literal["left", "right"] = "right" if column.is_number else "left"
        wide = max(map(len, column.title.split()))
        shown.add_column(column.title, justify=side, overflow="fold", min_width=max(wide, 7))
    for row in block.rows:
        shown.add_row(*(Text(in_words(cell.parts)) for cell in row))
    out.print(shown)
    if block.remark:
        out.print(f"   {in_words(block.remark)}", markup=False)
