"""A brief as a JSON document for other programs: numbers never localised, times in UTC.

Keys
----
schema
    "corridor/brief/1".
title, edition, edition_says, at, known_at, time_zone, digest, plan_digest
    What it is and what it rests on.
sections
    Each with `key`, `title` and `blocks`. A block has a `kind`: sentence (`owner`, `parts`,
    `tone`), heading (`text`), table (`key`, `title`, `remark`, `columns`, `rows` of cells; a row of
    one cell heads the rows below it), key_figures (`figures`) or drawing (`key`, `title`,
    `description` and the `table` with the same figures).
parts
    A list of texts and of values. A value has `text`, `sources` (numbers), and where they are there
    `note` (number of the formula), `low`, `best`, `high` (decimals as text) and `unit`.
notes
    `number`, `method` and `sources` of every formula.
sources
    Every report cited: `number`, `report` (id), `kind`, `claimant`, `says`, `publisher`, `url`
    (null where no link was recorded), `observed`, `published`, `grade`, `handling`, `note`,
    `struck` (why, or null), `denied_by` (numbers) and `is_assumption`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import orjson

from corridor.briefs.brief import (
    Block,
    Brief,
    Drawing,
    Heading,
    KeyFigure,
    KeyFigures,
    Sentence,
    Source,
    Table,
    Text,
    Value,
)
from corridor.briefs.marks import Marks, marks_of
from corridor.values import write_time
from corridor.wire import write_decimal

SCHEMA = "corridor/brief/1"

_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def document(brief: Brief) -> str:
    """Return a brief as JSON text."""
    return orjson.dumps(to_mapping(brief), option=orjson.OPT_INDENT_2).decode() + "\n"


def to_mapping(brief: Brief) -> dict[str, Any]:
    """Return a brief as the JSON object described above."""
    marks = marks_of(brief)
    return {
        "schema": SCHEMA,
        "title": brief.title,
        "edition": brief.edition,
        "edition_says": brief.edition_says,
        "at": write_time(brief.at),
        "known_at": write_time(brief.known_at),
        "time_zone": brief.zone,
        "digest": brief.digest,
        "plan_digest": brief.plan_digest or None,
        "sections": [
            {"key": s.key, "title": s.title, "blocks": [_block(b, marks) for b in s.blocks]}
            for s in brief.sections
        ],
        "notes": [
            {"number": n.number, "method": plain(n.method), "sources": list(n.sources)}
            for n in brief.notes
        ],
        "sources": [_source(source) for source in brief.sources],
    }


def plain(text: str) -> str:
    """Take the commas between thousands out of a text."""
    return _COMMA.sub("", text)


def _block(block: Block, marks: Marks) -> dict[str, Any]:
    match block:
        case Sentence():
            return {
                "kind": "sentence",
                "owner": block.owner,
                "parts": _parts(block.parts, marks),
                "tone": block.tone or None,
            }
        case Heading():
            return {"kind": "heading", "text": block.text}
        case Table():
            return {"kind": "table", **_table(block, marks)}
        case KeyFigures():
            return {
                "kind": "key_figures",
                "figures": [_key_figure(figure, marks) for figure in block.figures],
            }
        case Drawing():
            return {
                "kind": "drawing",
                "key": block.key,
                "title": block.title,
                "description": block.description,
                "table": _table(block.table, marks),
            }


def _table(table: Table, marks: Marks) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "remark": _parts(table.remark, marks),
        "columns": [column.title for column in table.columns],
        "rows": [
            [
                {
                    "parts": _parts(cell.parts, marks),
                    **({"is_struck": True} if cell.is_struck else {}),
                }
                for cell in row
            ]
            for row in table.rows
        ],
    }


def _key_figure(figure: KeyFigure, marks: Marks) -> dict[str, Any]:
    return {
        "label": figure.label,
        "owner": figure.owner,
        "value": _value(figure.value, marks),
        "remark": _parts(figure.remark, marks),
    }


def _parts(parts: Text, marks: Marks) -> list[Any]:
    return [_value(part, marks) if isinstance(part, Value) else part for part in parts]


def _value(value: Value, marks: Marks) -> dict[str, Any]:
    made: dict[str, Any] = {"text": plain(value.text), "sources": list(marks.of(value))}
    note = marks.note_of(value)
    if note is not None:
        made["note"] = note
    ends: dict[str, Decimal | None] = {"low": value.low, "best": value.best, "high": value.high}
    made |= {name: write_decimal(end) for name, end in ends.items() if end is not None}
    if value.unit:
        made["unit"] = value.unit
    return made


def _source(source: Source) -> dict[str, Any]:
    return {
        "number": source.number,
        "report": source.id,
        "kind": source.kind,
        "claimant": source.claimant,
        "says": plain(source.says),
        "publisher": source.publisher or None,
        "url": source.url or None,
        "observed": source.observed,
        "published": source.published,
        "grade": source.grade,
        "handling": source.handling,
        "note": source.note or None,
        "struck": source.struck_by or None,
        "denied_by": list(source.denied_by),
        "is_assumption": source.is_assumption,
    }
