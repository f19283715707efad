"""Incidents: what is reported of them, and what many reports of one add up to."""

from corridor.registers.incidents.duplicates import Pair, haversine_km, near_pairs
from corridor.registers.incidents.folding import fold, suggested_pairs
from corridor.registers.incidents.statements import (
    Evidence,
    Incident,
    IncidentMerge,
    IncidentUnmerge,
    Mandate,
    Raised,
    Verification,
)
from corridor.registers.incidents.states import (
    RUNGS,
    Attribution,
    Figure,
    Incidents,
    IncidentState,
    Rules,
    Rung,
)

__all__ = [
    "RUNGS",
    "Attribution",
    "Evidence",
    "Figure",
    "Incident",
    "IncidentMerge",
    "IncidentState",
    "IncidentUnmerge",
    "Incidents",
    "Mandate",
    "Pair",
    "Raised",
    "Rules",
    "Rung",
    "Verification",
    "fold",
    "haversine_km",
    "near_pairs",
    "suggested_pairs",
]
