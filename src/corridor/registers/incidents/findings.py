"""What is odd, missing or overdue about incidents, for a person to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from corridor.registers.incidents.duplicates import Pair
from corridor.registers.incidents.statements import Mandate
from corridor.registers.incidents.states import FINAL, IncidentState, Rules
from corridor.report import Report
from corridor.values import Finding, IncidentCode, named, timed


def findings_of(state: IncidentState, rules: Rules, at: datetime) -> Iterator[Finding]:
    """Yield what is odd about one incident."""
    if state.is_contested:
        yield Finding(
            "incident_contested",
            "ask",
            state.incident,
            f"Claimants differ on whether incident {state.incident} happened; its rung is "
            f"'{state.rung}', and every claim stands."
            if state.claims
            else f"Incident {state.incident} is denied; no claim that it happened is recorded.",
            tuple(
                (named(r.claimant), "denies it" if r in state.denials else "says it happened")
                for r in (*state.claims, *state.denials)
            ),
            state.basis,
        )
    if state.is_verified_late:
        yield Finding(
            "verified_late",
            "note",
            state.incident,
            f"Incident {state.incident} was checked more than {rules.late.days} days after it.",
            basis=tuple(report.id for report in state.verifications),
        )
    if state.causes and state.causes != {"hostile_act"}:
        yield Finding(
            "cause_not_established",
            "note",
            state.incident,
            f"What brought about incident {state.incident} is not established, or it is called an "
            "accident; it moves no road's chance of being open.",
            tuple(
                (named(r.claimant), r.statement.cause.replace("_", " "))
                for r in state.claims
                if r.statement.cause is not None
            ),
            tuple(report.id for report in state.claims),
        )
    yield from _own_conduct(state, rules)
    yield from _draft_not_shown(state, rules)
    yield from _unanswered(state, at)


def may_be_one(pair: Pair, states: Mapping[IncidentCode, IncidentState]) -> Finding:
    """Return the finding that two incidents may be one."""
    one, other = states[pair.first], states[pair.second]
    hours = pair.apart.total_seconds() / 3600
    return Finding(
        "incidents_may_be_one",
        "ask",
        f"{pair.first}/{pair.second}",
        f"Incidents {pair.first} and {pair.second}, both '{one.sort.replace('_', ' ')}', lie {pair.distance_km:.1f} km "
        f"and {hours:.0f} hours apart: one incident may be told twice. A person merges them, or says "
        "that they are two.",
        basis=tuple(sorted({*one.basis, *other.basis})),
    )


def mandates_denied(reports: Iterable[Report[Any]]) -> Iterator[Finding]:
    """Yield a finding for each denial that a body is mandated."""
    for report in reports:
        if isinstance(report.statement, Mandate) and report.speech_act == "denied":
            body = report.statement.body
            yield Finding(
                "mandate_contested",
                "ask",
                body,
                f"{named(report.claimant)} denies that {named(body)} is mandated to check incidents; "
                "that it is stays a claim, and so does what rests on it.",
                basis=(report.id,),
            )


def _own_conduct(state: IncidentState, rules: Rules) -> Iterator[Finding]:
    accused = {rules.side(a.party) for a in state.attributions if a.party and a.stance != "denies"}
    for report in state.verifications:
        said = report.statement
        is_own = rules.side(said.body) in accused and report.claimant == said.body
        if is_own and said.result in FINAL | {"observed"}:
            yield Finding(
                "finding_on_own_conduct",
                "ask",
                state.incident,
                f"{named(report.claimant)} gives a finding on incident {state.incident}, which is "
                f"attributed to {named(rules.side(said.body))}: it counts as the claim of "
                "a party.",
                basis=(report.id,),
            )


def _draft_not_shown(state: IncidentState, rules: Rules) -> Iterator[Finding]:
    for report in state.verifications:
        if report.statement.result not in FINAL:
            continue
        shown = {
            r.statement.party
            for r in state.raised
            if r.statement.step == "draft_shown" and r.as_of <= report.as_of
        }
        missing = [party for party in rules.parties if party not in shown]
        if missing:
            yield Finding(
                "draft_not_shown",
                "ask",
                state.incident,
                f"{named(report.claimant)} gives a finding on incident {state.incident}; no report says "
                "that its draft was shown first to every party.",
                tuple((named(party), "not shown") for party in missing),
                (report.id,),
            )


def _unanswered(state: IncidentState, at: datetime) -> Iterator[Finding]:
    for report in state.raised:
        said = report.statement
        if said.step == "answered" or said.reply_due is None or said.reply_due >= at:
            continue
        if not any(
            r.statement.step == "answered"
            and r.statement.party == said.party
            and r.as_of >= report.as_of
            for r in state.raised
        ):
            yield Finding(
                "reply_overdue",
                "act",
                state.incident,
                f"{named(report.claimant)} raised incident {state.incident} with {named(said.party)} and "
                f"asked for an answer by {timed(said.reply_due)}; none is recorded.",
                basis=(report.id,),
            )
