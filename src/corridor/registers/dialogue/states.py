"""Where a commitment or a clause stands: open, due, done, late, lapsed or disputed, by stated rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from corridor.registers.dialogue.commitments import Performance
from corridor.report import Report
from corridor.values import PartyCode

StateName = Literal["open", "due", "done", "late", "lapsed", "disputed"]

# A deadline so near that the next round should speak of it.
DUE_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class State:
    """Where something owed stands at a moment, and why.

    Attributes
    ----------
    why
        The rule that gave the name, in words.
    latest
        Each claimant's last word on it, in order of claims.
    by_owner_alone
        Whether only the owner's side says that it is done.
    """

    name: StateName
    why: str
    latest: tuple[Report[Performance], ...]
    by_owner_alone: bool = False

    @property
    def last(self) -> Report[Performance] | None:
        """The last word of anybody; None where nobody said anything."""
        return self.latest[-1] if self.latest else None


def side(code: PartyCode, acts_for: Mapping[PartyCode, PartyCode]) -> PartyCode:
    """Return the party that a claimant speaks for; itself where it speaks for none."""
    return acts_for.get(code, code)


@dataclass(frozen=True, slots=True)
class Heard:
    """Whose word decides on something owed.

    Attributes
    ----------
    owner
        The side that owes it.
    witnesses
        The beneficiary and the verifier, or their sides; the owner is never one.
    """

    owner: PartyCode
    witnesses: frozenset[PartyCode]


def heard(
    owner: PartyCode,
    witnesses: Iterable[PartyCode | None],
    acts_for: Mapping[PartyCode, PartyCode],
) -> Heard:
    """Return whose word decides, each named by its side and by its own code."""
    owing = side(owner, acts_for)
    named = {code for code in witnesses if code is not None and side(code, acts_for) != owing}
    return Heard(owing, frozenset(named))


def state_of(
    who: Heard,
    deadlines: Collection[datetime],
    told: Iterable[Report[Performance]],
    acts_for: Mapping[PartyCode, PartyCode],
    at: datetime,
) -> State:
    """Return where something owed stands.

    1. Of each claimant the last word counts; what others than owner, beneficiary and verifier say is
       shown and decides nothing.
    2. Disputed: one of those says so, or one says done and another not done or lapsed.
    3. Done: the beneficiary or the verifier says so. The owner's word alone makes nothing done.
    4. Lapsed: one of those says so.
    5. Late: the last deadline that anybody gives has passed. Due: it comes within seven days. Else open.

    Parameters
    ----------
    told
        What became of it, in order of claims.
    """
    latest = _latest(told)
    by_owner: set[str] = set()
    by_witness: set[str] = set()
    for report in latest:
        speaker = side(report.claimant, acts_for)
        if speaker == who.owner:
            by_owner.add(report.statement.outcome)
        elif report.claimant in who.witnesses or speaker in who.witnesses:
            by_witness.add(report.statement.outcome)
    either = by_owner | by_witness
    alone = "done" in by_owner and "done" not in by_witness
    if "disputed" in either:
        return State("disputed", "one of those whose word decides disputes it", latest, alone)
    if "done" in either and either & {"not_done", "lapsed"}:
        return State("disputed", "one says that it is done and another that it is not", latest)
    if "done" in by_witness:
        return State("done", "the beneficiary or the verifier says so", latest)
    if "lapsed" in either:
        return State("lapsed", "one of those whose word decides says so", latest, alone)
    if deadlines and max(deadlines) < at:
        return State("late", "its deadline has passed", latest, alone)
    if deadlines and max(deadlines) - at <= DUE_WITHIN:
        return State("due", "its deadline is at most seven days away", latest, alone)
    return State("open", "no deadline has passed", latest, alone)


def _latest(told: Iterable[Report[Performance]]) -> tuple[Report[Performance], ...]:
    # A later word moves its claimant to the end, so that the last of all is the last.
    last: dict[PartyCode, Report[Performance]] = {}
    for report in told:
        last.pop(report.claimant, None)
        last[report.claimant] = report
    return tuple(last.values())
