"""The marks that tie a value to its sources and notes, the same in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corridor.briefs.brief import Brief, Value
from corridor.briefs.numbering import numbers_of
from corridor.values import ReportId


@dataclass(frozen=True, slots=True)
class Marks:
    """Looks up the numbers behind a value."""

    sources: Mapping[ReportId, int]
    notes: Mapping[tuple[str, tuple[int, ...]], int]

    def of(self, value: Value) -> tuple[int, ...]:
        """Return the numbers of a value's sources."""
        return numbers_of(value, self.sources)

    def note_of(self, value: Value) -> int | None:
        """Return the number of the note on a value; None where a claimant said it."""
        return self.notes[value.method, self.of(value)] if value.method else None


def marks_of(brief: Brief) -> Marks:
    """Return the marks of a brief."""
    return Marks(brief.source_numbers(), brief.note_numbers())
