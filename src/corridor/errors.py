"""The exceptions of Corridor: few, and each one says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

# Whoever has more to mend than this mends a cause, not the rows one by one.
MOST_SAID = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one field of what came in.

    Attributes
    ----------
    field
        Name of the field, dotted for parts ("quantity.unit"); empty when it concerns the whole.
    text
        What was found and what is needed, in plain words and without blame.
    where
        The place in the source ("row 17", "line 3"); empty for a single record.
    """

    field: str
    text: str
    where: str = ""

    def __str__(self) -> str:
        """Say the problem on one line."""
        head = ", ".join(part for part in (self.where, self.field) if part)
        return f"{head}: {self.text}" if head else self.text


class CorridorError(Exception):
    """Anything Corridor refuses to do; its text is meant for the person at the keyboard."""


class InvalidReport(CorridorError):
    """Material was refused at the door; `problems` names everything that is wrong with it.

    The text holds the first hundred of them and how many more there are.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(listed(self.problems))


class LedgerError(CorridorError):
    """A ledger cannot be opened, written or trusted as it is."""


class LedgerDamaged(LedgerError):
    """A ledger's stored entries do not agree with its chain; `problems` names the entries."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class LedgerLocked(LedgerError):
    """A ledger is encrypted and nobody gave its passphrase."""


class WrongPassphrase(LedgerError):
    """A passphrase was given that does not open the ledger it was given for."""


class NotAnOperation(CorridorError):
    """The folder named is not a Corridor operation."""


class PlanningError(CorridorError):
    """A plan cannot be made from what is known; the text names what is missing."""


def listed(problems: Sequence[Problem]) -> str:
    """Say problems, a line each: the first hundred, and how many more there are."""
    lines = [str(problem) for problem in problems[:MOST_SAID]]
    if len(problems) > MOST_SAID:
        lines.append(f"... and {len(problems) - MOST_SAID} more")
    return "\n".join(lines)


def shown(text: str) -> str:
    """Return what came in as a message may show it: cut, and without what a screen would obey."""
    safe = CONTROL.sub("\ufffd", text[:61])
    return safe if len(text) <= 60 else f"{safe[:57]}..."
