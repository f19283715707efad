"""What stands about talks: the lines of the register, each with the claims it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corridor.registers.dialogue.commitments import Assessment, Commitment, Deliverable
from corridor.registers.dialogue.rounds import (
    AgendaItem,
    Delegation,
    Position,
    Process,
    Proposal,
    Round,
    RoundCount,
)
from corridor.registers.dialogue.states import State
from corridor.registers.dialogue.texts import AgreedText, Clause, Instrument, InstrumentType
from corridor.report import Report
from corridor.values import (
    AgreedTextCode,
    ClauseCode,
    CommitmentCode,
    DeliverableCode,
    Finding,
    InstrumentCode,
    ItemCode,
    PartyCode,
    ProcessCode,
    RoundCode,
)


@dataclass(frozen=True, slots=True)
class InstrumentLine:
    """An instrument as its claimants describe it.

    Attributes
    ----------
    claims
        Each claimant's last description, in order of claims.
    type
        Its type; where claimants differ, the one that binds fewest.
    clauses
        Its clauses in the order of their numbers, those without one first.
    """

    instrument: InstrumentCode
    claims: tuple[Report[Instrument], ...]
    type: InstrumentType
    clauses: tuple[ClauseCode, ...]

    @property
    def said(self) -> Instrument:
        """The last description by anybody."""
        return self.claims[-1].statement

    @property
    def parties(self) -> tuple[PartyCode, ...]:
        """Whose text it is, as any claimant has it; its speaker where it has one."""
        given = (
            party
            for report in self.claims
            for party in (*report.statement.parties, report.statement.issued_by)
        )
        return tuple(dict.fromkeys(party for party in given if party is not None))


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause with its texts side by side.

    Attributes
    ----------
    instrument
        Its instrument; None where none is known to this viewer.
    texts
        The last report of each text: by whose version, language and claimant.
    binds
        Who is bound by the rule of its instrument's type: a recital and a remark bind nobody, a readout
        only its speaker.
    named
        Who is named as bound, whatever the type.
    states
        Where it stands for each party bound.
    """

    clause: ClauseCode
    instrument: InstrumentLine | None
    texts: tuple[Report[Clause], ...]
    binds: tuple[PartyCode, ...]
    named: tuple[PartyCode, ...]
    states: Mapping[PartyCode, State]
    performed: tuple[Report[Any], ...]
    assessments: tuple[Report[Assessment], ...]
    commitments: tuple[CommitmentCode, ...]
    denials: tuple[Report[Any], ...]

    @property
    def short(self) -> Report[Clause]:
        """The text shown where there is room for one: a summary in our own words, else the last told."""
        summaries = [text for text in self.texts if text.statement.text_status == "summary"]
        return (summaries or self.texts)[-1]

    @property
    def is_recital(self) -> bool:
        """Whether every text of it only notes, praises or recalls."""
        return all(report.statement.is_recital for report in self.texts)

    @property
    def deadlines(self) -> tuple[datetime, ...]:
        """The calendar deadlines that its texts give, earliest first."""
        given = {report.statement.deadline for report in self.texts}
        return tuple(sorted(moment for moment in given if moment is not None))

    @property
    def is_verified(self) -> bool:
        """Whether any text of it names who or what checks it."""
        return any(r.statement.verifier or r.statement.verification for r in self.texts)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round under all the codes that a person declared to be one.

    Attributes
    ----------
    codes
        Its codes; the first is the one it is shown under.
    claims
        Each claimant's last account of it, in order of claims.
    delegations
        The last word of each claimant on each role of each side.
    starts
        When it began, or is planned to, by the last account that says so; None where none does.
    """

    round: RoundCode
    codes: tuple[RoundCode, ...]
    process: ProcessCode
    claims: tuple[Report[Round], ...]
    delegations: tuple[Report[Delegation], ...]
    starts: datetime | None

    @property
    def state(self) -> str:
        """What became of it, by the last account."""
        return self.claims[-1].statement.state


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An agenda item: each side's wording, the positions, the proposals.

    Attributes
    ----------
    wordings
        Each claimant's last wording, with order and state.
    positions
        Every position told, in order of claims.
    proposals
        Every version of every proposal, in order of claims.
    """

    item: ItemCode
    wordings: tuple[Report[AgendaItem], ...]
    positions: tuple[Report[Position], ...]
    proposals: tuple[Report[Proposal], ...]


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """A text and who confirmed it.

    Attributes
    ----------
    confirmed
        The last confirmation of each side that stands.
    is_agreed
        Whether every side named confirmed the same words in at least one language.
    """

    agreed_text: AgreedTextCode
    confirmed: Mapping[PartyCode, tuple[Report[AgreedText], ...]]
    parties: tuple[PartyCode, ...]
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A commitment as its claimants give it, with where it stands.

    Attributes
    ----------
    claims
        Each claimant's last account.
    deadlines
        The deadlines given, earliest first.
    deliverables
        Its operational parts, by code.
    """

    commitment: CommitmentCode
    claims: tuple[Report[Commitment], ...]
    deadlines: tuple[datetime, ...]
    state: State
    assessments: tuple[Report[Assessment], ...]
    deliverables: Mapping[DeliverableCode, Report[Deliverable]]
    denials: tuple[Report[Any], ...]

    @property
    def said(self) -> Commitment:
        """The last account by anybody."""
        return self.claims[-1].statement

    @property
    def binds_owner(self) -> bool:
        """Whether anybody has it as agreed or offered; a request, or one side's claim, binds nobody."""
        return any(r.statement.made_as in ("agreed", "offered") for r in self.claims)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What stands about talks at a moment.

    Attributes
    ----------
    rounds
        In order of time, those without one last.
    merged
        The code that each given-up code of a round is shown as.
    counts
        Each claimant's last count of rounds, by process.
    """

    instruments: Mapping[InstrumentCode, InstrumentLine]
    clauses: Mapping[ClauseCode, ClauseLine]
    processes: Mapping[ProcessCode, tuple[Report[Process], ...]]
    rounds: Sequence[RoundLine]
    merged: Mapping[RoundCode, RoundCode]
    counts: Mapping[ProcessCode, tuple[Report[RoundCount], ...]]
    items: Mapping[ItemCode, ItemLine]
    agreed: Mapping[AgreedTextCode, AgreedLine]
    commitments: Mapping[CommitmentCode, CommitmentLine]
    deliverables: Mapping[DeliverableCode, Report[Deliverable]]
    findings: tuple[Finding, ...]
