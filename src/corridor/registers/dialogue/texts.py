"""Texts of talks: instruments, their clauses side by side, and what both sides confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from corridor.fields import Check, told
from corridor.standards.topics import Topic
from corridor.values import (
    AgreedTextCode,
    CeasefireCode,
    ClauseCode,
    InstrumentCode,
    ItemCode,
    PartyCode,
    ProcessCode,
    RoundCode,
)

InstrumentType = Literal[
    "agreement", "joint_statement", "readout", "decree", "court_order", "remark"
]

# One speaker alone stands behind an instrument of these types.
ONE_SPEAKER: frozenset[InstrumentType] = frozenset({"readout", "decree", "court_order", "remark"})


@dataclass(frozen=True, slots=True)
class Instrument:
    """A text that came out of talks or bears on them, with what kind of text it is.

    A remark binds nobody; a readout binds at most its speaker.
    """

    instrument: InstrumentCode = told("The operation's own code for it.", example="protocol-may")
    type: InstrumentType = told("What kind of text it is.")
    name: str = told("What it is called here, by no side's word alone.", default="")
    dated: date | None = told("Its date.", default=None)
    parties: tuple[PartyCode, ...] = told("Whose text it is, where of several.", default=())
    issued_by: PartyCode | None = told(
        "Who alone issued it: speaker, court, authority; needed for all but joint texts.",
        default=None,
    )
    process: ProcessCode | None = told("The talks it belongs to.", default=None)
    round: RoundCode | None = told("The round it came from.", default=None)
    ceasefire: CeasefireCode | None = told("The ceasefire it is the text of.", default=None)
    text: str = told("What else was said of it, in your own words.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("issued_by", "type"),
            lambda issued_by, type_: issued_by is not None or type_ not in ONE_SPEAKER,
            "a readout, decree, court order or remark is somebody's; name who issued it",
        ),
    )


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause in one text: who is bound, to what, by when, and how it is checked.

    Authentic texts in several languages stand side by side; make a report for each. Leave out what
    the text leaves out: no deadline and no verification are facts that are shown.
    """

    instrument: InstrumentCode = told("The instrument.", example="protocol-may")
    clause: ClauseCode = told("The clause, by a code of your own.", example="protocol-may-2")
    text: str = told("What it says.")
    number: str = told("Its number in the text.", default="", example="2a")
    language: str = told("Language and script of that text (BCP 47).", default="")
    text_status: Literal["authentic", "translation", "announcement", "readout", "summary"] = told(
        "What kind of text it is; a summary is in our own words.", default="summary"
    )
    version_of: PartyCode | None = told(
        "Whose text this is; empty where one text is agreed by all.", default=None
    )
    is_recital: bool = told(
        "Whether it only notes, praises or recalls: a recital binds nobody.", default=False
    )
    bound: tuple[PartyCode, ...] = told("Who is bound by it, as this text has it.", default=())
    bound_words: str = told(
        "Who is bound, where no party of this operation is meant.",
        default="",
        example="the working group",
    )
    deadline: datetime | None = told("By when, where a day or hour is named.", default=None)
    deadline_words: str = told(
        "By when, where only words or a condition say so.",
        default="",
        example="as soon as possible",
    )
    verifier: PartyCode | None = told("Who checks it, where a party is named.", default=None)
    verification: str = told(
        "How it is checked, as the text has it; empty where it names nothing.", default=""
    )
    topic: Topic | None = told("What it is about (PA-X).", default=None)
    differs: str = told("How other texts of it are said to differ, in your own words.", default="")


@dataclass(frozen=True, slots=True)
class AgreedText:
    """A side confirms the words of a text. It is agreed when every side it names confirmed the same.

    Until then it is a readout of whoever confirmed it. A denial takes a confirmation back.
    """

    agreed_text: AgreedTextCode = told("The operation's own code.", example="text-fuel")
    parties: tuple[PartyCode, ...] = told(
        "The sides that have to confirm it.", example="northern-side,southern-side"
    )
    text: str = told("The words confirmed.")
    language: str = told("Their language and script (BCP 47).", default="")
    item: ItemCode | None = told("The agenda item.", default=None)
    clause: ClauseCode | None = told("The clause it became.", default=None)
    round: RoundCode | None = told("The round in which it was confirmed.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("parties",),
            lambda parties: len(set(parties)) > 1,
            "at least two sides have to confirm a text",
        ),
    )
