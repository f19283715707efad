"""Talks: texts and their clauses, rounds, what is on the table, what was promised and what came of it."""

from corridor.registers.dialogue.commitments import (
    Assessment,
    Commitment,
    Deliverable,
    Performance,
)
from corridor.registers.dialogue.folding import decided, fold
from corridor.registers.dialogue.lines import (
    AgreedLine,
    ClauseLine,
    CommitmentLine,
    Dialogue,
    InstrumentLine,
    ItemLine,
    RoundLine,
)
from corridor.registers.dialogue.rounds import (
    AgendaItem,
    Delegation,
    Position,
    Process,
    Proposal,
    Round,
    RoundCount,
    RoundMerge,
    RoundUnmerge,
)
from corridor.registers.dialogue.states import State
from corridor.registers.dialogue.texts import AgreedText, Clause, Instrument

__all__ = [
    "AgendaItem",
    "AgreedLine",
    "AgreedText",
    "Assessment",
    "Clause",
    "ClauseLine",
    "Commitment",
    "CommitmentLine",
    "Delegation",
    "Deliverable",
    "Dialogue",
    "Instrument",
    "InstrumentLine",
    "ItemLine",
    "Performance",
    "Position",
    "Process",
    "Proposal",
    "Round",
    "RoundCount",
    "RoundLine",
    "RoundMerge",
    "RoundUnmerge",
    "State",
    "decided",
    "fold",
]
