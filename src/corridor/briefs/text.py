"""A brief as plain text, 78 characters wide, for a terminal, a fax or a message."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from corridor.briefs import words
from corridor.briefs.brief import (
    Block,
    Brief,
    Drawing,
    Heading,
    KeyFigures,
    Sentence,
    Source,
    Table,
    Text,
    Value,
)
from corridor.briefs.html import grade_legend
from corridor.briefs.marks import Marks, marks_of
from corridor.briefs.text_table import table_lines

WIDTH = 78


def text(brief: Brief) -> str:
    """Return a brief as plain text."""
    marks = marks_of(brief)
    lines = [*_head(brief)]
    for section in brief.sections:
        lines += ["", "", section.title.upper(), "=" * len(section.title)]
        for block in section.blocks:
            lines += _block(block, marks)
    lines += ["", "", "HOW FIGURES WERE REACHED", "=" * 24]
    for note in brief.notes:
        basis = f" From [{', '.join(map(str, note.sources))}]." if note.sources else ""
        lines += _wrapped(f"Corridor: {note.method}.{basis}", f"[n{note.number}] ")
    lines += ["", "", "SOURCES", "=" * 7]
    lines += _wrapped(grade_legend())
    for source in brief.sources:
        lines += _source(source)
    lines += ["", "-" * WIDTH, "Digest of the reports this brief rests on:", brief.digest]
    if brief.plan_digest:
        lines += ["Digest of the plan:", brief.plan_digest]
    lines += [brief.edition.upper(), ""]
    return "\n".join(line.rstrip() for line in lines)


def said(parts: Text, marks: Marks) -> str:
    """Return parts as plain text with the numbers of their sources in brackets."""
    return "".join(_value(part, marks) if isinstance(part, Value) else part for part in parts)


def _head(brief: Brief) -> Iterator[str]:
    zone = ZoneInfo(brief.zone)
    yield brief.edition.upper()
    yield from _wrapped(brief.edition_says)
    yield ""
    yield brief.title
    yield "=" * len(brief.title)
    rows = [
        ("About", words.clock(brief.at, zone)),
        ("Known from", words.clock(brief.known_at, zone)),
        ("Time zone", words.zone_label(brief.at, zone)),
        ("Edition", brief.edition),
        ("Rests on reports", brief.digest[:16]),
    ]
    if brief.plan_digest:
        rows.append(("Plan", brief.plan_digest[:16]))
    for label, value in rows:
        yield f"{label:<18}{value}"
    yield ""
    yield from _wrapped("A number in brackets is a source, [n1] a formula; both stand at the end.")


def _block(block: Block, marks: Marks) -> list[str]:
    match block:
        case Heading(text=title):
            return ["", title, "-" * len(title)]
        case Sentence(owner=owner, parts=parts):
            return _wrapped(f"{owner} {said(parts, marks)}", "* ")
        case KeyFigures(figures=figures):
            made: list[str] = []
            for figure in figures:
                remark = f" {said(figure.remark, marks)}" if figure.remark else ""
                made += _wrapped(
                    f"{figure.label}: {_value(figure.value, marks)}{remark} ({figure.owner})", "* "
                )
            return made
        case Drawing(table=table):
            return _table(table, marks)
        case Table():
            return _table(block, marks)


def _table(table: Table, marks: Marks) -> list[str]:
    titles = tuple(column.title for column in table.columns)
    right = tuple(column.is_number for column in table.columns)
    rows = [tuple(_cell(cell.parts, cell.is_struck, marks) for cell in row) for row in table.rows]
    return [
        "",
        *_wrapped(table.title),
        *(_wrapped(said(table.remark, marks)) if table.remark else ()),
        *table_lines(titles, right, rows, WIDTH),
    ]


def _cell(parts: Text, is_struck: bool, marks: Marks) -> str:
    shown = said(parts, marks).strip()
    return f"~~{shown}~~" if is_struck else shown


def _value(value: Value, marks: Marks) -> str:
    note, numbers = marks.note_of(value), marks.of(value)
    if not value.is_marked:
        return value.text
    mark = (
        f"[n{note}]" if note is not None else f"[{', '.join(map(str, numbers))}]" if numbers else ""
    )
    return f"{value.text} {mark}".strip() if value.text else f" {mark}"


def _source(source: Source) -> list[str]:
    about = f"{source.claimant} {source.says}"
    about = f"~~{about}~~ {source.struck_by}." if source.struck_by else about
    parts = [about if about.endswith(".") else f"{about}."]
    if source.is_assumption:
        parts.append("The operation's own assumption.")
    if source.denied_by:
        parts.append(f"Denied in [{', '.join(map(str, source.denied_by))}].")
    parts.append(f"About: {source.observed}. Said: {source.published}.")
    parts.append(
        f"{source.publisher or 'Publisher not recorded'}; {source.url or 'link not recorded'}."
    )
    parts.append(f"Grade {source.grade}. {source.handling}, report {source.id[:8]}.")
    if source.note:
        parts.append(source.note)
    return _wrapped(" ".join(parts), f"[{source.number}] ")


def _wrapped(line: str, head: str = "") -> list[str]:
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )
