"""A brief as one HTML file: no script, nothing loaded from elsewhere, for a phone and for paper."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from corridor.briefs import words
from corridor.briefs.brief import (
    Block,
    Brief,
    Drawing,
    Heading,
    KeyFigures,
    Section,
    Sentence,
    Source,
    Table,
    Text,
    Value,
)
from corridor.briefs.marks import Marks, marks_of
from corridor.report import HANDLINGS

_RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
_CREDIBILITY = {
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}
# A figure up to this many characters is not broken over two lines.
_SHORT = 22


def html(brief: Brief) -> str:
    """Return a brief as a self-contained HTML page."""
    zone = ZoneInfo(brief.zone)
    template = _environment().get_template("situation.html")
    marks = marks_of(brief)
    return template.render(
        brief=brief,
        at=words.clock(brief.at, zone),
        known_at=words.clock(brief.known_at, zone),
        zone=words.zone_label(brief.at, zone),
        level=HANDLINGS.index(brief.edition),
        kind=_kind,
        runs=_runs,
        tables=[
            table
            for section in brief.sections
            for block in section.blocks
            for table in _tables(block)
        ],
        parts=lambda parts: _parts(parts, marks),
        figure=lambda value: _parts((value,), marks),
        grades=grade_legend(),
        source_link=_source_link,
    )


def grade_legend() -> str:
    """Return what the grades of relays mean; they grade distance and translation, never a side."""
    letters = "; ".join(f"{letter} {word}" for letter, word in _RELIABILITY.items())
    digits = "; ".join(f"{digit} {word}" for digit, word in _CREDIBILITY.items())
    return f"Grades are of the relay, never of a side. {letters}. {digits}."


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("corridor.briefs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _kind(block: object) -> str:
    names = {
        Heading: "heading",
        Table: "table",
        KeyFigures: "key_figures",
        Drawing: "drawing",
        tuple: "list",
    }
    return names[type(block)]


def _tables(block: Block) -> list[Table]:
    return (
        [block] if isinstance(block, Table) else [block.table] if isinstance(block, Drawing) else []
    )


def _runs(section: Section) -> list[object]:
    """Gather sentences that follow each other into one list."""
    made: list[object] = []
    for block in section.blocks:
        if not isinstance(block, Sentence):
            made.append(block)
        elif made and isinstance(made[-1], tuple):
            made[-1] = (*made[-1], block)
        else:
            made.append((block,))
    return made


# A page has thousands of values: each is written as plain text, escaped once, and marked as safe with its cell.
def _parts(parts: Text, marks: Marks) -> Markup:
    made = [_value(part, marks) if isinstance(part, Value) else _plain(part) for part in parts]
    return Markup("".join(made))


def _plain(text: str) -> str:
    return str(escape(text)).replace("\n", "<br>")


def _value(value: Value, marks: Marks) -> str:
    """Link a value to its source or its note, with the number behind it."""
    numbers = marks.of(value)
    note = marks.note_of(value)
    refs = ""
    if value.is_marked:
        if note is not None:
            refs = _sup(f'<a href="#n{note}">n{note}</a>')
        elif numbers:
            refs = _sup(" ".join(f'<a href="#s{number}">{number}</a>' for number in numbers))
    if not value.text:
        return refs
    target = f"#n{note}" if note is not None else f"#s{numbers[0]}" if numbers else ""
    form = "v k" if len(value.text) <= _SHORT else "v"
    text = str(escape(value.text))
    return f'<a class="{form}" href="{target}">{text}</a>{refs}' if target else f"{text}{refs}"


def _sup(inside: str) -> str:
    return f'<sup class="m">{inside}</sup>'


def _source_link(source: Source) -> Markup:
    if not source.url:
        return Markup("link not recorded")
    return Markup('<a href="{}">{}</a>').format(source.url, source.url)
