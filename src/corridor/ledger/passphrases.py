"""Where the passphrases of encrypted ledgers come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from corridor.report import Handling

ENCRYPTED: tuple[Handling, ...] = ("restricted", "sealed")

# try: see whether a ledger opens, and go on without it where nobody has its passphrase.
# open: the ledger is needed. new: the ledger is about to be made, or gets another passphrase.
Need = Literal["try", "open", "new"]


class Passphrases(Protocol):
    """Whoever knows, or can ask for, the passphrases of an operation's ledgers."""

    def ask(self, handling: Handling, need: Need) -> str | None:
        """Return the passphrase of a ledger; None where nobody gives one."""
        ...


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody who could be asked."""

    def ask(self, handling: Handling, need: Need) -> str | None:  # noqa: ARG002  # as the protocol says
        """Return None."""
        return None


NOBODY = Nobody()


@dataclass(frozen=True, slots=True)
class Given:
    """Passphrases that are known beforehand, by handling."""

    passphrases: Mapping[Handling, str]

    def ask(self, handling: Handling, need: Need) -> str | None:  # noqa: ARG002  # as the protocol says
        """Return the passphrase that was given for a handling."""
        return self.passphrases.get(handling)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Several who are asked one after the other, until one gives a passphrase."""

    sources: Sequence[Passphrases]

    def ask(self, handling: Handling, need: Need) -> str | None:
        """Return the first passphrase given."""
        answers = (source.ask(handling, need) for source in self.sources)
        return next((answer for answer in answers if answer is not None), None)
