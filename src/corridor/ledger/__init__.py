"""Append-only store of reports: one SQLite file per handling level, chained by digest."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "Appended": "corridor.ledger.appending",
    "Compartments": "corridor.ledger.compartments",
    "Head": "corridor.ledger.verification",
    "Ledger": "corridor.ledger.ledger",
    "Merged": "corridor.ledger.compartments",
    "NewEntry": "corridor.ledger.appending",
    "StoredEntry": "corridor.ledger.verification",
    "Verification": "corridor.ledger.verification",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: who helps to verify needs no database."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"corridor.ledger has no {name}")
