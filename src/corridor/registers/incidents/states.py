"""What there is to know of an incident once its reports are taken together, and the rules for that.

Three questions are kept apart: did it happen, who did it, is it a breach. Only the first climbs the
ladder of verification; the other two stay what they are, claims with their claimants. Nothing here
says what is true: a rung says which kind of claimants said so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from corridor.claims import Series
from corridor.registers.incidents.duplicates import Pair
from corridor.registers.incidents.statements import (
    CasualtyGroup,
    Cause,
    Evidence,
    Incident,
    Mandate,
    Raised,
    Result,
    Verification,
)
from corridor.report import Report
from corridor.values import Finding, IncidentCode, PartyCode, PlaceCode, ReportId

Rung = Literal["rumour", "alleged", "corroborated", "observed", "verified"]
RUNGS: tuple[Rung, ...] = ("rumour", "alleged", "corroborated", "observed", "verified")
Stance = Literal["alleges", "acknowledges", "finds", "denies", "names_nobody"]
Point = tuple[Decimal, Decimal]
Mandates = Mapping[PartyCode, Sequence[Report[Mandate]]]

# Results by which the checking of an incident ends without it being verified, and final ones.
ENDS: frozenset[Result] = frozenset({"did_not_occur", "cannot_be_verified", "out_of_scope"})
FINAL: frozenset[Result] = frozenset({"verified", "did_not_occur"})


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure of an incident counts; different ones are never compared, added or netted."""

    name: str
    of: PartyCode | None = None
    group: CasualtyGroup = "all"


@dataclass(frozen=True, slots=True)
class Attribution:
    """One claimant's latest word on who did it."""

    claimant: PartyCode
    stance: Stance
    party: PartyCode | None
    report: Report[Incident]


@dataclass(frozen=True, slots=True)
class IncidentState:
    """One incident as its reports have it.

    Attributes
    ----------
    codes
        All codes that a person merged into `incident`, itself among them.
    rung
        How far it got: rumour (told at second hand only), alleged (one claimant, or several that
        nobody declared independent), corroborated (two that a named person declared independent),
        observed by a mandated body, verified by one after inquiry.
    ending
        The last ending that a mandated body gave: verified not to have occurred, cannot be verified, or
        out of scope; None while it is open.
    is_contested
        Whether somebody denies that it happened, or two bodies end it differently.
    is_verified_late
        Whether the first finding came later after it than the operation allows.
    checking
        Each body that checks it, with the role it gave and its last result.
    causes
        What brought it about, as claimed.
    is_exercise
        Whether anybody says it was an exercise.
    moves_hazards
        Whether it may move the chance that a road is open: corroborated or better, not ended as not
        having occurred or out of scope, said by all who say anything of it to be a hostile act, and by
        nobody to be an exercise.
    starts, ends
        From the earliest start to the latest end that its claimants give; None where none gives any.
    points
        Where it is said to have been, by claimant.
    sort
        By what it is compared with others: its first type of violation, else its cause, else the
        source's type.
    violations, breaches
        Types of violation claimed, and each claim (or denial) that it breaks a clause.
    figures
        Claims of casualties, remains, shots, each a series of its own, side by side by claimant.
    origins
        Those it goes back to; a claimant told by another counts as that other.
    """

    incident: IncidentCode
    codes: tuple[IncidentCode, ...]
    rung: Rung
    ending: Result | None
    is_contested: bool
    is_verified_late: bool
    is_exercise: bool
    moves_hazards: bool
    causes: frozenset[Cause]
    violations: tuple[str, ...]
    sort: str
    starts: datetime | None
    ends: datetime | None
    place: PlaceCode | None
    points: tuple[tuple[PartyCode, Point], ...]
    origins: tuple[PartyCode, ...]
    figures: Mapping[Figure, Series]
    attributions: tuple[Attribution, ...]
    breaches: tuple[Report[Incident], ...]
    checking: tuple[tuple[PartyCode, str, Result], ...]
    claims: tuple[Report[Incident], ...]
    denials: tuple[Report[Any], ...]
    verifications: tuple[Report[Verification], ...]
    raised: tuple[Report[Raised], ...]
    evidence: tuple[Report[Evidence], ...]
    basis: tuple[ReportId, ...]


@dataclass(frozen=True, slots=True)
class Incidents:
    """What stands about incidents at a moment.

    Attributes
    ----------
    states
        Every incident under the code it is shown by, in order of when it began.
    mandates
        Claims that a body is mandated, by body.
    suggested
        Pairs that may be one incident; a person decides.
    """

    states: Mapping[IncidentCode, IncidentState]
    mandates: Mapping[PartyCode, Sequence[Report[Mandate]]]
    suggested: tuple[Pair, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What folding needs to know from elsewhere.

    Attributes
    ----------
    independent
        Groups of claimants that a named person declared independent of each other.
    acts_for
        The party that a claimant speaks for, where it speaks for one.
    parties
        Those bound by a ceasefire: a draft finding is shown to each of them first.
    points
        Where places are, for incidents given by place.
    late
        Time after an incident from which its verification is late.
    """

    independent: Collection[frozenset[str]] = ()
    acts_for: Mapping[PartyCode, PartyCode] = field(default_factory=dict)
    parties: Sequence[PartyCode] = ()
    points: Mapping[PlaceCode, Point] = field(default_factory=dict)
    late: timedelta = timedelta(days=14)

    def side(self, claimant: PartyCode) -> PartyCode:
        """Return the party a claimant speaks for, or the claimant itself."""
        return self.acts_for.get(claimant, claimant)


class Told(NamedTuple):
    """The standing reports about one incident, by what they are."""

    happened: list[Report[Incident]]
    who: list[Report[Incident]]
    breaches: list[Report[Incident]]
    denials: list[Report[Any]]
    verifications: list[Report[Verification]]
    raised: list[Report[Raised]]
    evidence: list[Report[Evidence]]
