"""Talks as they go: processes, rounds, who sat there, what was on the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from corridor.fields import Check, ordered, told
from corridor.report import Handling, clears
from corridor.values import (
    ItemCode,
    PartyCode,
    PlaceCode,
    ProcessCode,
    ProposalCode,
    Quantity,
    RoundCode,
)

ItemState = Literal["proposed", "discussed", "bracketed", "agreed", "deferred", "withdrawn"]


def _is_kept(is_private: bool, handling: Handling) -> bool:
    return not is_private or clears(handling, "restricted")


@dataclass(frozen=True, slots=True)
class Process:
    """Talks between parties over some time: a row of rounds with one purpose."""

    process: ProcessCode = told("The operation's own code.", example="valley-talks")
    name: str = told("What it is called here.", default="")
    parties: tuple[PartyCode, ...] = told("Who talks.", default=())
    facilitators: tuple[PartyCode, ...] = told("Who helps them to.", default=())
    text: str = told("What it is for, in your own words.", default="")


@dataclass(frozen=True, slots=True)
class Round:
    """One meeting, call or exchange of talks, under a code that says nothing of day, place or people.

    Place and people may be corrected without making another round. Planned and actual times are
    two things; give what is known.
    """

    round: RoundCode = told("The operation's own code; never made of day or place.", example="r-17")
    process: ProcessCode = told("The talks.", example="valley-talks")
    state: Literal["planned", "held", "postponed", "cancelled"] = told("What became of it.")
    planned_from: datetime | None = told("When it is to begin.", default=None)
    planned_until: datetime | None = told("When it is to end.", default=None)
    began: datetime | None = told("When it began.", default=None)
    ended: datetime | None = told("When it ended.", default=None)
    duration: Quantity | None = told(
        "How long it took, where no hours are given.",
        default=None,
        units=("h", "min"),
        example="over 2 h",
    )
    place: PlaceCode | None = told("Where.", default=None)
    host: PartyCode | None = told("Who gives the room.", default=None)
    format: Literal["in_person", "proximity", "shuttle", "call", "written", "not_stated"] = told(
        "How they talk.", default="not_stated"
    )
    facilitator: PartyCode | None = told("Who led or helped.", default=None)
    passage_by: PartyCode | None = told("Who arranged the passage to it.", default=None)
    next_meeting: str = told("What was said of the next one.", default="")
    text: str = told("What the claimant says came of it, in your own words.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        ordered("planned_from", "planned_until"),
        ordered("began", "ended"),
    )


@dataclass(frozen=True, slots=True)
class RoundMerge:
    """Two codes are one round, by decision of a named person. A later report can undo it."""

    round: RoundCode = told("The code that is given up.", example="r-18")
    same_as: RoundCode = told("The code under which both are shown.", example="r-17")
    decided_by: str = told("Role of the person who decided.", example="liaison officer")
    reason: str = told("Why they are one.")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("same_as", "round"), lambda same_as, round_: same_as != round_, "two codes are needed"
        ),
    )


@dataclass(frozen=True, slots=True)
class RoundUnmerge:
    """Two codes are two rounds after all, by decision of a named person."""

    round: RoundCode = told("One code.", example="r-18")
    not_same_as: RoundCode = told("The other code.", example="r-17")
    decided_by: str = told("Role of the person who decided.", example="head of operations")
    reason: str = told("Why they are two.")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("not_same_as", "round"),
            lambda not_same_as, round_: not_same_as != round_,
            "two codes are needed",
        ),
    )


@dataclass(frozen=True, slots=True)
class RoundCount:
    """How many rounds or meetings a claimant counts, in the claimant's own way of counting."""

    process: ProcessCode = told("The talks.", example="valley-talks")
    quantity: Quantity = told(
        "How many, in the claimant's word.", example="2 rounds", units=("rounds", "meetings")
    )
    rounds: tuple[RoundCode, ...] = told("Those that are meant, where that is known.", default=())
    text: str = told("What is counted, where it was said.", default="")


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who sat at a round for a side, by role, with what mandate; each is a claim, and can change.

    Give roles. Name nobody who did not speak in public for the side.
    """

    round: RoundCode = told("The round.", example="r-17")
    side: PartyCode = told("For whom they sat there.", example="northern-side")
    role: str = told("Role or roles.", example="head of the water office")
    quantity: Quantity | None = told("How many people.", default=None, units=("people",))
    mandate: str = told("What they may decide, as claimed.", default="")
    presence: Literal["in", "out", "expected"] = told(
        "Whether they were there, left or stayed away, or were expected.", default="in"
    )


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An item of the talks in the words of one side; each side's wording is a report of its own."""

    item: ItemCode = told("The operation's own code.", example="item-fuel")
    process: ProcessCode = told("The talks.", example="valley-talks")
    wording: str = told("The item as this claimant words it.")
    order: int | None = told("Its place on the claimant's list.", default=None, least=1, most=999)
    state: ItemState = told("How far it got, as claimed.", default="proposed")
    round: RoundCode | None = told("The round it was or is to be on.", default=None)


@dataclass(frozen=True, slots=True)
class Position:
    """What a party wants on an item, as it said it then. A private one is restricted or sealed."""

    item: ItemCode = told("The agenda item.", example="item-fuel")
    party: PartyCode = told("Whose position.", example="northern-side")
    text: str = told("The position, in your own words.")
    said_in: Literal["private", "public"] = told(
        "Whether it was told in confidence or in public.", default="private"
    )
    round: RoundCode | None = told("The round at which it was told.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("said_in", "handling"),
            lambda said_in, handling: _is_kept(said_in == "private", handling),
            "a private position is handled as restricted or sealed",
        ),
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal in one numbered version: whose, to whom, when, and what hangs on what.

    Put what is not agreed in square brackets. A new version is a new report under the same code.
    """

    proposal: ProposalCode = told("The operation's own code.", example="proposal-fuel")
    version: int = told("Number of the version.", least=1, most=999, example="1")
    author: PartyCode = told("Whose proposal.", example="northern-side")
    item: ItemCode = told("The agenda item.", example="item-fuel")
    text: str = told("What is proposed.")
    sent_to: tuple[PartyCode, ...] = told("To whom it was sent.", default=())
    sent_at: datetime | None = told("When it was sent.", default=None)
    language: str = told("Its language and script (BCP 47).", default="")
    only_with: tuple[ProposalCode, ...] = told(
        "Proposals it is linked to: this one only with those.", default=()
    )
    answer: Literal["none_yet", "accepted", "refused", "countered", "withdrawn"] = told(
        "What became of it.", default="none_yet"
    )
