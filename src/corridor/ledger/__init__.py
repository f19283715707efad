"""Append-only store of reports: one SQLite file per handling level, chained by digest."""

from corridor.ledger.appending import Appended, NewEntry
from corridor.ledger.compartments import Compartments, Merged
from corridor.ledger.ledger import Ledger
from corridor.ledger.verification import Head, StoredEntry, Verification

__all__ = [
    "Appended",
    "Compartments",
    "Head",
    "Ledger",
    "Merged",
    "NewEntry",
    "StoredEntry",
    "Verification",
]
