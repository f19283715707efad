"""What a brief is made of: cited values, sentences with an owner, tables, drawings, sources.

A brief is plain data. It holds no layout; `html`, `text` and `document` turn it into files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from corridor.report import Handling
from corridor.values import ReportId


@dataclass(frozen=True, slots=True)
class Value:
    """A figure, or a few words, with the reports it rests on.

    Attributes
    ----------
    text
        What a reader sees, bounds and qualifier kept, thousands apart by a comma.
    basis
        The reports it rests on; empty only for what is counted over the brief and has a `method`.
    method
        The formula in words, for what Corridor computed; empty for what a claimant said.
    low, best, high, unit
        The same figure for files; None where that end was not given or it is no figure.
    is_marked
        Whether the number of its source is printed behind it; else one mark serves its sentence or
        table.
    """

    text: str
    basis: tuple[ReportId, ...] = ()
    method: str = ""
    low: Decimal | None = None
    best: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    is_marked: bool = True


Text: TypeAlias = tuple["str | Value", ...]
Tone: TypeAlias = Literal["", "act", "ask"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence whose grammatical subject is whoever says it.

    Attributes
    ----------
    owner
        Who says it: a claimant's name, "Corridor" or "The operation".
    parts
        What follows the owner, from the verb on.
    tone
        "act" where someone must act, "ask" where someone should ask, else "".
    """

    owner: str
    parts: Text
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; a line break in its parts stays a line break.

    Attributes
    ----------
    is_struck
        Whether it shows what was withdrawn or corrected, and is struck through.
    """

    parts: Text
    is_struck: bool = False


def cell(*parts: str | Value | Text) -> Cell:
    """Make a cell of parts and groups of parts."""
    flat: list[str | Value] = []
    for part in parts:
        if isinstance(part, tuple):
            flat.extend(part)
        else:
            flat.append(part)
    return Cell(tuple(part for part in flat if part != ""))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand to the right."""

    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each cell carries its own basis.

    Attributes
    ----------
    key
        Short name, unique in the brief.
    rows
        Cells in the order of `columns`; a row of one cell heads the rows below it.
    remark
        What a reader must know before reading it ("may be the same cargo; not added").
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    remark: Text = ()


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the few figures that a hurried reader takes away.

    Attributes
    ----------
    label
        What it is a figure of.
    owner
        Who gives it.
    remark
        What limits it, in a few words.
    """

    label: str
    value: Value
    owner: str
    remark: Text = ()


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The key figures, in order of urgency."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG, with the table that holds the same figures.

    Attributes
    ----------
    panels
        One SVG text each; they stand side by side where there is room.
    is_wide
        Whether a panel needs the width of the page.
    """

    key: str
    title: str
    description: str
    panels: tuple[str, ...]
    table: Table
    is_wide: bool = True


Block: TypeAlias = Sentence | Heading | Table | KeyFigures | Drawing


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a brief."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A report as the list of sources shows it.

    Attributes
    ----------
    number
        Its number in this brief, from 1.
    says
        What it says, in words, its quantities as they were given.
    observed, published
        When it was so and when it was said, in the operation's time zone, in words.
    grade
        Reliability and credibility of the relay, "F6".
    struck_by
        Why it no longer stands, in words; empty where it stands.
    denied_by
        Numbers of the reports that deny it.
    is_assumption
        Whether the operation assumed it.
    """

    number: int
    id: ReportId
    kind: str
    claimant: str
    says: str
    publisher: str
    url: str
    observed: str
    published: str
    grade: str
    handling: Handling
    note: str
    struck_by: str
    denied_by: tuple[int, ...]
    is_assumption: bool


@dataclass(frozen=True, slots=True)
class Note:
    """How a derived figure was reached: the formula in words and the numbers of the sources."""

    number: int
    method: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief of one edition, about one moment, known from one moment.

    Attributes
    ----------
    edition_says
        What this edition holds and how late, in words.
    zone
        The operation's time zone, in which every time is written.
    digest
        SHA-256 of the reports it rests on.
    plan_digest
        Digest of the plan it holds; empty where it holds none.
    """

    title: str
    edition: Handling
    edition_says: str
    at: datetime
    known_at: datetime
    zone: str
    digest: str
    plan_digest: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    notes: tuple[Note, ...]

    def source_numbers(self) -> Mapping[ReportId, int]:
        """Return the number of each source by the id of its report."""
        return {source.id: source.number for source in self.sources}

    def note_numbers(self) -> Mapping[tuple[str, tuple[int, ...]], int]:
        """Return the number of each note by its method and sources."""
        return {(note.method, note.sources): note.number for note in self.notes}


def values_of(block: Block) -> Iterator[Value]:
    """Yield the cited values of a block in the order in which a reader meets them."""
    match block:
        case Sentence(parts=parts):
            yield from cited(parts)
        case Table(rows=rows, remark=remark):
            yield from cited(remark)
            for row in rows:
                for cell in row:
                    yield from cited(cell.parts)
        case KeyFigures(figures=figures):
            for figure in figures:
                yield figure.value
                yield from cited(figure.remark)
        case Drawing(table=table):
            yield from values_of(table)


def cited(parts: Text) -> Iterator[Value]:
    """Yield the cited values among parts."""
    for part in parts:
        if isinstance(part, Value):
            yield part
