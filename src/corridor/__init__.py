"""Corridor runs a relief operation under a ceasefire: sourced claims in, convoy plan and brief out.

The package root exports `Operation` and the types; functions come from their modules
(``from corridor.picture import picture``).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor.operation import Operation
    from corridor.report import Entry, Report
    from corridor.values import Estimate, Finding, Quantity

__all__ = ["Entry", "Estimate", "Finding", "Operation", "Quantity", "Report", "__version__"]
__version__ = "0.1.0"

_HOMES = {
    "Entry": "corridor.report",
    "Estimate": "corridor.values",
    "Finding": "corridor.values",
    "Operation": "corridor.operation",
    "Quantity": "corridor.values",
    "Report": "corridor.report",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that the command line starts at once."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"corridor has no {name}")
