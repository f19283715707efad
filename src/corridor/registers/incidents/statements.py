"""Incidents as they are reported, and what is done about them: checked, raised, kept as evidence.

Many reports speak of one incident and share its code; none is ever changed by another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from corridor.fields import Check, ordered, told
from corridor.values import ClauseCode, IncidentCode, PartyCode, PlaceCode, Quantity, ViolationCode

Axis = Literal["happened", "who_did_it", "breach"]
Cause = Literal["hostile_act", "accident", "not_established"]
Perceived = Literal["seen", "heard", "measured", "found", "told"]
Weapon = Literal[
    "small_arms", "sniper", "machine_gun", "grenade", "mortar", "artillery", "rocket", "tank",
    "mine_or_trap", "uav", "aircraft", "other", "unknown",
]  # fmt: skip
Target = Literal[
    "civilians", "aid_workers", "convoy", "road", "infrastructure", "monitors", "military",
    "other", "unknown",
]  # fmt: skip
CasualtyGroup = Literal["all", "civilians", "combatants", "children", "aid_workers", "monitors"]
SourceFormat = Literal["ged", "acled"]
Result = Literal[
    "being_checked", "observed", "verified", "did_not_occur", "cannot_be_verified", "out_of_scope"
]  # fmt: skip

# The figures an incident may come with; each is a series of its own.
FIGURES = ("killed", "injured", "casualties", "missing", "remains", "shots", "explosions")

_PEOPLE = ("people",)
# What only a report that the incident happened may say.
_OF_WHAT_HAPPENED = (
    "violation", "cause", "place", "lat", "lon", "radius_km", "perceived", "seen_from", "means",
    "weapon", "target", *FIGURES, "casualties_of", "is_exercise", "calm_after", "access",
)  # fmt: skip


def _given(axis: Axis, *values: Any) -> bool:
    return axis == "happened" or not any(value not in (None, "", False) for value in values)


@dataclass(frozen=True, slots=True)
class Incident:
    """What someone says of one incident: that it happened, or who did it, or which clause it breaks.

    A report says one of the three, never two: who can see a shell fall often cannot see who fired it.
    Every report of one incident gives the same code. The time is the time of the incident; say apart
    as of when the figures are.
    """

    incident: IncidentCode = told(
        "The operation's code for the incident; every report of it gives the same.",
        example="north-0928-1",
    )
    axis: Axis = told(
        "What is spoken of: that it happened, who did it, or the clause it breaks.",
        default="happened",
    )
    violation: ViolationCode | None = told(
        "Type of violation, one that a clause of the ceasefire lists.", default=None
    )
    cause: Cause | None = told(
        "What brought it about, as claimed; empty where nothing is said of it.", default=None
    )
    text: str = told("What was seen, heard, measured or found, in your own words.", default="")
    place: PlaceCode | None = told("Where it happened, by the code of a place.", default=None)
    lat: Decimal | None = told(
        "Latitude, degrees north.", default=None, unit="degrees", least=-90, most=90
    )
    lon: Decimal | None = told(
        "Longitude, degrees east.", default=None, unit="degrees", least=-180, most=180
    )
    radius_km: Decimal | None = told(
        "Within how many kilometres of that point.", default=None, unit="km", least=0
    )
    perceived: Perceived | None = told("How the claimant knows of it.", default=None)
    seen_from: PlaceCode | None = told("From where it was seen, heard or measured.", default=None)
    means: str = told("By what means: eye, ear, camera, crater, radar.", default="")
    origin: PartyCode | None = told(
        "Whom the claimant has it from, where it is someone else.", default=None
    )
    weapon: Weapon | None = told("Class of weapon.", default=None)
    target: Target | None = told("What was hit or aimed at.", default=None)
    killed: Quantity | None = told("People killed.", default=None, units=_PEOPLE)
    injured: Quantity | None = told("People injured.", default=None, units=_PEOPLE)
    casualties: Quantity | None = told(
        "Killed and injured together, where the claimant does not part them.",
        default=None,
        units=_PEOPLE,
    )
    missing: Quantity | None = told("People missing.", default=None, units=_PEOPLE)
    remains: Quantity | None = told(
        "Remains found; not the same as people known to be dead.", default=None, units=("remains",)
    )
    shots: Quantity | None = told("Shots or rounds fired.", default=None, units=("rounds",))
    explosions: Quantity | None = told("Explosions.", default=None, units=("times",))
    casualties_of: PartyCode | None = told(
        "Whose people they are, where the claimant says it.", default=None
    )
    casualties_group: CasualtyGroup = told("Which of the people are counted.", default="all")
    counted_at: datetime | None = told("As of when the figures are.", default=None)
    is_exercise: bool = told("Whether it is said to have been an exercise.", default=False)
    line_called: bool | None = told("Whether the response line was called.", default=None)
    calm_after: Quantity | None = told(
        "Time from the call, or else from the start, until it was calm.",
        default=None,
        units=("h", "days"),
    )
    access: Literal["obtained", "refused"] | None = told(
        "Whether those who went to look got there.", default=None
    )
    access_by: PartyCode | None = told("Who let them through or refused.", default=None)
    attributed_to: PartyCode | None = told(
        "Axis who_did_it: who is said to have done it; empty where nobody is named.", default=None
    )
    clause: ClauseCode | None = told("Axis breach: the clause it is said to break.", default=None)
    source_format: SourceFormat | None = told(
        "The table it was imported from, where it was one.", default=None
    )
    source_id: str = told("Its number in that table.", default="")
    source_type: str = told("Its type in that table's own words.", default="")
    time_precision: str = told("The source's own code for how exact the time is.", default="")
    place_precision: str = told("The source's own code for how exact the place is.", default="")
    source_columns: str = told(
        "The cells of that table that have no field here, as JSON.", default=""
    )

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("axis", *_OF_WHAT_HAPPENED),
            _given,
            "a report of who did it or of a breach says nothing of what happened; give that a report "
            "of its own, under the same incident code",
        ),
        Check(
            ("attributed_to", "axis"),
            lambda party, axis: party is None or axis == "who_did_it",
            "who did it stands in a report of its own, with axis=who_did_it",
        ),
        Check(
            ("clause", "axis"),
            lambda clause, axis: (clause is None) == (axis != "breach"),
            "a clause stands in a report of its own, with axis=breach, and such a report names one",
        ),
        Check(
            ("lon", "lat"),
            lambda lon, lat: (lon is None) == (lat is None),
            "latitude and longitude go together",
        ),
        Check(
            ("observed_from", "learned_at"),
            lambda begins, learned: begins is None or begins <= learned,
            "an incident cannot lie in the future: it must not begin after it became known",
        ),
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """Where the checking of an incident stands, and by whom it is checked.

    That several independent claimants say so is worked out, never entered. A body that was refused
    access says so: cannot_be_verified is an answer.
    """

    incident: IncidentCode = told("The incident.", example="north-0928-1")
    body: PartyCode = told("Who checks it.", example="relief-agency")
    result: Result = told("Where it stands.", example="being_checked")
    reason: Literal["access_refused", "too_old", "contradictory", "other"] | None = told(
        "Why it cannot be verified.", default=None
    )
    checked_by: str = told("Role of the person or team that checks.", default="")
    procedure: str = told("By which procedure: where they went, what they examined.", default="")
    text: str = told("What was found, in your own words.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("reason", "result"),
            lambda reason, result: (reason is None) == (result != "cannot_be_verified"),
            "what cannot be verified has a reason, and nothing else has one",
        ),
    )


@dataclass(frozen=True, slots=True)
class Mandate:
    """That a body may check incidents: by which text, and who recognises it. It is a claim like others."""

    body: PartyCode = told("The body.", example="relief-agency")
    text: str = told("By which text, and for what.", example="Memorandum of 3 May")
    recognised_by: tuple[PartyCode, ...] = told(
        "Parties said to recognise it, by their codes.", default=()
    )
    valid_from: datetime | None = told("Since when.", default=None)
    valid_until: datetime | None = told("Until when, where it ends.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (ordered("valid_from", "valid_until"),)


@dataclass(frozen=True, slots=True)
class Raised:
    """An incident raised with a party, a draft finding shown to it, or its answer.

    The answer is a report of its own, by the party that gave it. A draft finding is shown to every
    party before it is final.
    """

    incident: IncidentCode = told("The incident.", example="north-0928-1")
    party: PartyCode = told("The party it is raised with.", example="northern-side")
    step: Literal["raised", "draft_shown", "answered"] = told(
        "Raised with it, a draft finding shown to it, or answered by it.", default="raised"
    )
    reply_due: datetime | None = told("By when an answer is asked for.", default=None)
    text: str = told("What was asked or answered, in your own words.", default="")


@dataclass(frozen=True, slots=True)
class Evidence:
    """An item kept for an incident, so that it can be shown later to be what was collected."""

    item: str = told("Your code for the item.", example="photo-12")
    incident: IncidentCode | None = told("The incident it bears on.", default=None)
    sha256: str = told("SHA-256 of the file (64 hexadecimal digits).", default="")
    size_bytes: int | None = told("Size of the file.", default=None, unit="bytes", least=0)
    media_type: str = told("Its type, such as image/jpeg.", default="")
    original_name: str = told("Name of the file as it was found.", default="")
    version: Literal["evidentiary", "working"] = told(
        "The copy that nobody touches, or one to work on.", default="evidentiary"
    )
    collected_by: str = told("Role of whoever collected it.", default="")
    collected_at: datetime | None = told("When it was collected.", default=None)
    method: str = told("How it was collected, and with what tool.", default="")
    custody: str = told("Who has held it since, in order.", default="")
    source_url: str = told("Address it was taken from.", default="")
    archived_url: str = told("Address of a copy in a public archive.", default="")
    text: str = told("What it shows, in your own words.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("sha256",),
            lambda digest: not digest or re.fullmatch("[0-9a-f]{64}", digest) is not None,
            "a SHA-256 is needed (64 hexadecimal digits)",
        ),
        *(
            Check(
                (name,),
                lambda url: not url or url.startswith(("https://", "http://")),
                "a web address is needed",
            )
            for name in ("source_url", "archived_url")
        ),
    )


@dataclass(frozen=True, slots=True)
class IncidentMerge:
    """Two codes are one incident, by decision of a named person. A later report can undo it."""

    incident: IncidentCode = told("The code that is given up.", example="north-0928-1")
    into: IncidentCode = told("The code under which both are shown.", example="north-0928-2")
    decided_by: str = told("Role of the person who decided.", example="liaison officer")
    reason: str = told("Why they are one.")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("into", "incident"), lambda into, incident: into != incident, "two codes are needed"
        ),
    )


@dataclass(frozen=True, slots=True)
class IncidentUnmerge:
    """Two codes are two incidents after all, by decision of a named person."""

    incident: IncidentCode = told("One code.", example="north-0928-1")
    out_of: IncidentCode = told("The other code.", example="north-0928-2")
    decided_by: str = told("Role of the person who decided.", example="head of operations")
    reason: str = told("Why they are two.")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("out_of", "incident"),
            lambda out_of, incident: out_of != incident,
            "two codes are needed",
        ),
    )


def figures_of(said: Incident) -> Mapping[str, Quantity]:
    """Return the figures that a report of an incident gives, by name."""
    return {name: figure for name in FIGURES if (figure := getattr(said, name)) is not None}
