"""What was promised: commitments, the deliverable a relief desk needs of them, what was done, scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from corridor.fields import Check, ordered, told
from corridor.values import (
    ClauseCode,
    CommitmentCode,
    CommodityCode,
    DeliverableCode,
    PartyCode,
    PlaceCode,
    Quantity,
    ReportId,
    RoadCode,
    RoundCode,
)

Act = Literal[
    "stop", "withdraw", "hand_over", "release", "deliver", "open", "let_pass", "allow", "meet",
    "report", "build", "other",
]  # fmt: skip
Score = Literal[
    "0", "1", "2", "3", "not_assessed", "cannot_be_assessed", "disputed", "reversed", "lapsed"
]


@dataclass(frozen=True, slots=True)
class Commitment:
    """What one party is said to owe another: who, to whom, what, how much, by when, on what condition.

    Put goods, day and road into a deliverable of their own, and name it here: the relief desk needs
    that, and never the negotiating file.
    """

    commitment: CommitmentCode = told("The operation's own code.", example="fuel-by-23")
    owner: PartyCode = told("Who has to do it.", example="northern-side")
    act: Act = told("What sort of act.")
    object: str = told("What, in your own words.", example="fuel for the hospital")
    beneficiary: PartyCode | None = told("For whom.", default=None)
    quantity: Quantity | None = told("How much.", default=None, example="64 t")
    deadline: datetime | None = told("By when.", default=None)
    condition: str = told("On what condition, or by when in words.", default="")
    made_as: Literal["agreed", "offered", "requested", "claimed_by_one_side"] = told(
        "How it was made: only what is agreed or offered binds its owner.",
        default="claimed_by_one_side",
    )
    verifier: PartyCode | None = told("Who can say that it is done.", default=None)
    clause: ClauseCode | None = told("The clause it comes from.", default=None)
    round: RoundCode | None = told("The round at which it was made.", default=None)
    deliverables: tuple[DeliverableCode, ...] = told(
        "Its operational parts, each a record of its own.", default=()
    )


@dataclass(frozen=True, slots=True)
class Deliverable:
    """Goods, a road or people that are to come, go or be let through, with place and day. No more.

    It says nothing of who promised it or why, so that a relief desk can have it.
    """

    deliverable: DeliverableCode = told("A code that tells nothing of the talks.", example="d-07")
    commodity: CommodityCode | None = told("The goods.", default=None, example="flour")
    quantity: Quantity | None = told("How much, or how many people.", default=None, example="64 t")
    place: PlaceCode | None = told("Where to; where the people are.", default=None)
    road: RoadCode | None = told("The road that is to be open.", default=None)
    counts_from: datetime | None = told("From when on what happens counts.", default=None)
    due: datetime | None = told("By when.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (
        ordered("counts_from", "due"),
        Check(
            ("commodity", "road", "quantity"),
            lambda commodity, road, quantity: (
                commodity is not None
                or road is not None
                or (quantity is not None and quantity.unit in ("people", "remains"))
            ),
            "goods, a road or a number of people is needed",
        ),
    )


@dataclass(frozen=True, slots=True)
class Performance:
    """What somebody says became of a commitment or a clause, with the reports they rest it on."""

    outcome: Literal["done", "partly_done", "under_way", "not_done", "lapsed", "disputed"] = told(
        "What became of it, as the claimant says."
    )
    commitment: CommitmentCode | None = told("The commitment.", default=None, example="fuel-by-23")
    clause: ClauseCode | None = told("The clause, where no commitment is named.", default=None)
    quantity: Quantity | None = told("How much of it.", default=None)
    evidence: tuple[ReportId, ...] = told("Reports that it rests on.", default=())
    text: str = told("What was said, in your own words.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("commitment", "clause"),
            lambda commitment, clause: (commitment is None) != (clause is None),
            "name a commitment or a clause, and not both",
        ),
    )


@dataclass(frozen=True, slots=True)
class Assessment:
    """A score of how far a clause or commitment was carried out. It is the scorer's claim, no fact.

    0 not begun, 1 minimum, 2 intermediate, 3 full (the scale of the Kroc Institute's Peace Accords
    Matrix). Not assessed is never 0.
    """

    score: Score = told("The score, or why there is none.")
    commitment: CommitmentCode | None = told("The commitment.", default=None)
    clause: ClauseCode | None = told(
        "The clause, where no commitment is named.", default=None, example="protocol-may-2"
    )
    period_from: date | None = told("First day it covers.", default=None)
    period_until: date | None = told("Last day it covers.", default=None)
    evidence: tuple[ReportId, ...] = told("Reports that it rests on.", default=())
    text: str = told("Why, in your own words.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        ordered("period_from", "period_until"),
        Check(
            ("commitment", "clause"),
            lambda commitment, clause: (commitment is None) != (clause is None),
            "name a commitment or a clause, and not both",
        ),
    )
