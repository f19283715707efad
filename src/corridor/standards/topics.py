"""What a clause is about, in the codes of the PA-X Peace Agreements Database; a selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Topic = Literal[
    "Ce", "SsrGua", "SsrDdr", "SsrArm", "SsrFf", "StGen", "StBor", "StXbor", "CprFmov", "GRef",
    "Civso", "Dev", "DevHum", "DevInfra", "Med", "SerHeal", "TjPrire", "TjMis", "ImE", "ImPK",
]  # fmt: skip

TOPICS_CITATION = (
    "PA-X Peace Agreements Database, codebook version 4 (University of Edinburgh); the codes are "
    "theirs, the words ours"
)

TOPICS: Mapping[Topic, str] = {
    "Ce": "ceasefire",
    "SsrGua": "security guarantees",
    "SsrDdr": "disarmament, demobilisation and reintegration",
    "SsrArm": "armed forces",
    "SsrFf": "withdrawal of foreign forces",
    "StGen": "what the state is",
    "StBor": "borders",
    "StXbor": "ties across a border",
    "CprFmov": "freedom of movement",
    "GRef": "refugees and displaced people",
    "Civso": "civil society",
    "Dev": "development",
    "DevHum": "humanitarian assistance",
    "DevInfra": "infrastructure",
    "Med": "media and communication",
    "SerHeal": "health",
    "TjPrire": "release of prisoners",
    "TjMis": "missing people",
    "ImE": "enforcement and supervision",
    "ImPK": "peacekeeping",
}
