"""From the reports of talks to the register."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from corridor.claims import by_subject, denials_by_target, merged_codes
from corridor.registers.dialogue.commitments import (
    Assessment,
    Commitment,
    Deliverable,
    Performance,
)
from corridor.registers.dialogue.findings import findings_of
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
from corridor.registers.dialogue.states import State, heard, side, state_of
from corridor.registers.dialogue.texts import AgreedText, Clause, Instrument, InstrumentType
from corridor.report import Report
from corridor.values import (
    AgreedTextCode,
    ClauseCode,
    CommitmentCode,
    DeliverableCode,
    InstrumentCode,
    ItemCode,
    PartyCode,
    ReportId,
    RoundCode,
)

Sides = Mapping[PartyCode, PartyCode]
Told = Mapping[Any, list[Report[Any]]]

# Of two types that claimants give one instrument, the one further left counts: it binds fewer.
_BINDING: tuple[InstrumentType, ...] = (
    "remark", "readout", "decree", "court_order", "joint_statement", "agreement",
)  # fmt: skip


def fold(reports: Iterable[Report[Any]], *, at: datetime, acts_for: Sides) -> Dialogue:
    """Fold standing reports, in order of claims, into the register.

    1. Group them by kind; a denial is kept beside what it denies and folds into nothing.
    2. Codes of rounds that a person declared one, and nobody parted since, are one round.
    3. Each instrument, clause, commitment gets its claims side by side and its state.
    4. A text is agreed when every side it names confirmed the same words.

    Parameters
    ----------
    acts_for
        The party that each claimant speaks for.
    """
    taken = tuple(reports)
    denied = denials_by_target(taken)
    told = by_subject((r for r in taken if r.speech_act != "denied"), _kind)
    shown_as, parted = merged_codes(decided(taken))
    performed = by_subject(told.get(Performance, ()), _owed)
    scored = by_subject(told.get(Assessment, ()), _owed)
    deliverables = {r.statement.deliverable: r for r in told.get(Deliverable, ())}
    instruments = dict(_instruments(told))
    owed = tuple(
        _commitment(code, found, performed, scored, deliverables, denied, acts_for, at)
        for code, found in by_subject(
            told.get(Commitment, ()), lambda r: r.statement.commitment
        ).items()
    )
    by_clause = by_subject_of_clause(owed)
    clauses = {
        code: _clause(found, instruments, performed, scored, by_clause, denied, acts_for, at)
        for code, found in by_subject(told.get(Clause, ()), lambda r: r.statement.clause).items()
    }
    rounds = sorted(
        _rounds(told, shown_as),
        key=lambda line: (line.starts is None, line.starts or at, line.claims[0].order),
    )
    agreed = _agreed(told.get(AgreedText, ()), taken, acts_for)
    counts = {
        process: last_of_each(found)
        for process, found in by_subject(
            told.get(RoundCount, ()), lambda r: r.statement.process
        ).items()
    }
    register = Dialogue(
        instruments=instruments,
        clauses=clauses,
        processes={
            process: last_of_each(found)
            for process, found in by_subject(
                told.get(Process, ()), lambda r: r.statement.process
            ).items()
        },
        rounds=tuple(rounds),
        merged=shown_as,
        counts=counts,
        items=_items(told),
        agreed=agreed,
        commitments={line.commitment: line for line in owed},
        deliverables=deliverables,
        findings=(),
    )
    return dataclasses.replace(register, findings=findings_of(register, parted))


def last_of_each(reports: Iterable[Report[Any]]) -> tuple[Report[Any], ...]:
    """Return each claimant's last report, in order of claims."""
    last = {report.claimant: report for report in reports}
    return tuple(sorted(last.values(), key=lambda report: report.order))


def by_subject_of_clause(
    owed: Sequence[CommitmentLine],
) -> Mapping[ClauseCode, tuple[CommitmentCode, ...]]:
    """Return the commitments that come from each clause, as any claimant has it."""
    found: dict[ClauseCode, dict[CommitmentCode, None]] = {}
    for line in owed:
        for report in line.claims:
            if report.statement.clause is not None:
                found.setdefault(report.statement.clause, {})[line.commitment] = None
    return {clause: tuple(codes) for clause, codes in found.items()}


def decided(reports: Iterable[Report[Any]]) -> Iterator[tuple[RoundCode, RoundCode, bool]]:
    """Yield what persons decided of pairs of rounds: the code given up, the other, whether they are one."""
    for report in reports:
        match report.statement:
            case RoundMerge() as said if report.speech_act == "stated":
                yield said.round, said.same_as, True
            case RoundUnmerge() as said if report.speech_act == "stated":
                yield said.round, said.not_same_as, False


def _kind(report: Report[Any]) -> Any:
    return type(report.statement)


def _owed(report: Report[Any]) -> tuple[CommitmentCode | None, ClauseCode | None]:
    return (report.statement.commitment, report.statement.clause)


def _instruments(told: Told) -> Iterator[tuple[InstrumentCode, InstrumentLine]]:
    clauses: dict[InstrumentCode, dict[ClauseCode, str]] = {}
    for report in told.get(Clause, ()):
        said = report.statement
        numbers = clauses.setdefault(said.instrument, {})
        numbers[said.clause] = said.number or numbers.get(said.clause, "")
    found = by_subject(told.get(Instrument, ()), lambda r: r.statement.instrument)
    for code, reports in found.items():
        claims = last_of_each(reports)
        type_ = min((r.statement.type for r in claims), key=_BINDING.index)
        numbers = clauses.get(code, {})
        in_order = sorted(numbers, key=lambda clause: (_in_text(numbers[clause]), clause))
        yield code, InstrumentLine(code, claims, type_, tuple(in_order))


def _in_text(number: str) -> tuple[bool, tuple[tuple[int, str], ...]]:
    """Return where a number stands in a text: 2 before 10, 9a before 9b, a preamble before 1."""
    parts = re.findall(r"[0-9]+|[^0-9]+", number.casefold())
    has_digit = any(part.isdecimal() for part in parts)
    return has_digit, tuple((int(p), "") if p.isdecimal() else (0, p) for p in parts)


def _clause(
    found: list[Report[Clause]],
    instruments: Mapping[InstrumentCode, InstrumentLine],
    performed: Told,
    scored: Told,
    commitments: Mapping[ClauseCode, tuple[CommitmentCode, ...]],
    denied: Mapping[ReportId, tuple[Report[Any], ...]],
    acts_for: Sides,
    at: datetime,
) -> ClauseLine:
    code = found[0].statement.clause
    last = by_subject(
        found, lambda r: (r.statement.version_of, r.statement.language, r.claimant)
    ).values()
    texts = tuple(sorted((group[-1] for group in last), key=lambda r: r.order))
    instrument = instruments.get(texts[-1].statement.instrument)
    named = tuple(dict.fromkeys(party for r in texts for party in r.statement.bound))
    is_recital = all(r.statement.is_recital for r in texts)
    binds = () if is_recital else _bound(named, instrument, acts_for)
    told = performed.get((None, code), [])
    parties = (*(instrument.parties if instrument else ()), *named)
    verifiers = tuple(r.statement.verifier for r in texts)
    deadlines = {r.statement.deadline for r in texts} - {None}
    states: dict[PartyCode, State] = {
        party: state_of(
            heard(party, (*parties, *verifiers), acts_for),
            deadlines,
            told,
            acts_for,
            at,
        )
        for party in binds
    }
    return ClauseLine(
        clause=code,
        instrument=instrument,
        texts=texts,
        binds=binds,
        named=named,
        states=states,
        performed=last_of_each(told),
        assessments=last_of_each(scored.get((None, code), ())),
        commitments=commitments.get(code, ()),
        denials=tuple(dict.fromkeys(d for r in found for d in denied.get(r.id, ()))),
    )


def _bound(
    named: tuple[PartyCode, ...], instrument: InstrumentLine | None, acts_for: Sides
) -> tuple[PartyCode, ...]:
    """Return who is bound: nobody by a remark, by a readout only its speaker, else who is named."""
    if instrument is None:
        return named
    if instrument.type == "remark":
        return ()
    if instrument.type == "readout":
        issuers = {r.statement.issued_by for r in instrument.claims}
        speakers = {side(code, acts_for) for code in issuers if code is not None}
        return tuple(party for party in named if side(party, acts_for) in speakers)
    return named


def _commitment(
    code: CommitmentCode,
    found: list[Report[Commitment]],
    performed: Told,
    scored: Told,
    deliverables: Mapping[DeliverableCode, Report[Deliverable]],
    denied: Mapping[ReportId, tuple[Report[Any], ...]],
    acts_for: Sides,
    at: datetime,
) -> CommitmentLine:
    claims = last_of_each(found)
    said = claims[-1].statement
    deadlines = {r.statement.deadline for r in claims if r.statement.deadline is not None}
    parts = dict.fromkeys(name for r in claims for name in r.statement.deliverables)
    witnesses = (w for r in claims for w in (r.statement.beneficiary, r.statement.verifier))
    who = heard(said.owner, witnesses, acts_for)
    state = state_of(who, deadlines, performed.get((code, None), ()), acts_for, at)
    return CommitmentLine(
        commitment=code,
        claims=claims,
        deadlines=tuple(sorted(deadlines)),
        state=state,
        assessments=last_of_each(scored.get((code, None), ())),
        deliverables={name: deliverables[name] for name in parts if name in deliverables},
        denials=tuple(dict.fromkeys(d for r in found for d in denied.get(r.id, ()))),
    )


def _rounds(told: Told, shown_as: Mapping[RoundCode, RoundCode]) -> Iterator[RoundLine]:
    def shown(report: Report[Any]) -> RoundCode:
        code: RoundCode = report.statement.round
        return shown_as.get(code, code)

    delegations = by_subject(told.get(Delegation, ()), shown)
    for code, found in by_subject(told.get(Round, ()), shown).items():
        claims = last_of_each(found)
        seats = by_subject(
            delegations.get(code, ()),
            lambda r: (r.claimant, r.statement.side, r.statement.role),
        )
        starts = [
            moment
            for r in claims
            for moment in (r.statement.began or r.statement.planned_from,)
            if moment is not None
        ]
        began = [r.statement.began for r in claims if r.statement.began is not None]
        codes = dict.fromkeys((code, *(r.statement.round for r in found)))
        yield RoundLine(
            round=code,
            codes=tuple(codes),
            process=found[-1].statement.process,
            claims=claims,
            delegations=tuple(
                sorted((group[-1] for group in seats.values()), key=lambda r: r.order)
            ),
            starts=began[-1] if began else starts[-1] if starts else _observed(claims),
        )


def _observed(claims: Sequence[Report[Round]]) -> datetime | None:
    days = [report.observed_from for report in claims if report.observed_from is not None]
    return days[-1] if days else None


def _items(told: Told) -> Mapping[ItemCode, ItemLine]:
    wordings = by_subject(told.get(AgendaItem, ()), lambda r: r.statement.item)
    positions = by_subject(told.get(Position, ()), lambda r: r.statement.item)
    proposals = by_subject(told.get(Proposal, ()), lambda r: r.statement.item)
    return {
        item: ItemLine(
            item,
            last_of_each(wordings.get(item, ())),
            tuple(positions.get(item, ())),
            tuple(proposals.get(item, ())),
        )
        for item in dict.fromkeys((*wordings, *positions, *proposals))
    }


def _agreed(
    confirmations: Iterable[Report[AgreedText]], taken: Iterable[Report[Any]], acts_for: Sides
) -> Mapping[AgreedTextCode, AgreedLine]:
    refused = {
        (side(r.claimant, acts_for), r.statement.agreed_text): r.order
        for r in taken
        if isinstance(r.statement, AgreedText) and r.speech_act == "denied"
    }
    found: dict[AgreedTextCode, AgreedLine] = {}
    for code, reports in by_subject(confirmations, lambda r: r.statement.agreed_text).items():
        parties = tuple(dict.fromkeys(p for r in reports for p in r.statement.parties))
        sides = by_subject(reports, lambda r: side(r.claimant, acts_for))
        confirmed = {
            party: tuple(_last_by_language(sides[party]))
            for party in sides
            if (party, code) not in refused or refused[party, code] < sides[party][-1].order
        }
        found[code] = AgreedLine(code, confirmed, parties, _all_confirm(confirmed, parties))
    return found


def _last_by_language(reports: Iterable[Report[AgreedText]]) -> Iterator[Report[AgreedText]]:
    for group in by_subject(reports, lambda r: r.statement.language).values():
        yield group[-1]


def _all_confirm(
    confirmed: Mapping[PartyCode, tuple[Report[AgreedText], ...]], parties: tuple[PartyCode, ...]
) -> bool:
    texts = [
        {(r.statement.language, " ".join(r.statement.text.split())) for r in confirmed.get(p, ())}
        for p in parties
    ]
    return bool(texts) and bool(set.intersection(*texts))
