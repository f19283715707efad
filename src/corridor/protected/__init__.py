"""The protected register: people under pseudonyms, sealed one by one, outside the ledger. Off until started."""

from corridor.protected.person import FIELDS, Person
from corridor.protected.register import (
    REASONS,
    LogLine,
    Protected,
    ProtectedRegister,
    Reason,
)

__all__ = [
    "FIELDS",
    "REASONS",
    "LogLine",
    "Person",
    "Protected",
    "ProtectedRegister",
    "Reason",
]
