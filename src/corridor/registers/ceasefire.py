"""What a ceasefire says, version by version; what was watched of it; what was handed over under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, Literal

from corridor.claims import by_subject
from corridor.fields import Check, ordered, told
from corridor.report import Report
from corridor.values import (
    CeasefireCode,
    ClauseCode,
    Finding,
    PartyCode,
    PlaceCode,
    Quantity,
    ReportId,
    ViolationCode,
    named,
    say_number,
    timed,
)

TextStatus = Literal["authentic", "translation", "announcement", "readout"]
HandedOver = Literal[
    "small_arms", "guns_and_mortars", "air_defence", "armoured_vehicles", "vehicles", "ammunition",
    "mines", "detainees", "remains", "other",
]  # fmt: skip

# A total that grows to so many times the last one, by the same claimant, wants a second look.
_JUMP = 5
_DAY = timedelta(days=1)
_UNITS: Mapping[HandedOver, tuple[str, ...]] = {
    "detainees": ("people",),
    "remains": ("remains",),
    "ammunition": ("rounds", "t", "boxes"),
}
_THINGS = ("items", "vehicles", "sets", "boxes", "t")


@dataclass(frozen=True, slots=True)
class Ceasefire:
    """A ceasefire as one version of its text has it: the whole of it, or one of its clauses.

    Texts of the parties stand side by side; make a report for each. A report that names a clause gives
    the words of that clause and the types of violation it lists; one without gives the terms of all.
    """

    ceasefire: CeasefireCode = told("The operation's own code for it.", example="ceasefire-may")
    version_of: PartyCode | None = told(
        "Whose version this is; empty where one text is agreed by all.", default=None
    )
    language: str = told("Language and script of that text (BCP 47).", default="")
    text_status: TextStatus = told("What kind of text it is.", default="announcement")
    clause: ClauseCode | None = told(
        "The clause, by a code of your own; empty for the whole.", default=None
    )
    violations: tuple[ViolationCode, ...] = told(
        "Types of violation that the clause lists, by codes of your own.", default=()
    )
    text: str = told("What it says, in your own words.", default="")
    parties: tuple[PartyCode, ...] = told("Who is bound by it, as this version has it.", default=())
    begins: datetime | None = told("From when it holds.", default=None)
    valid_until: datetime | None = told(
        "Until when it holds; empty where no end is set.", default=None
    )
    extends: CeasefireCode | None = told("The ceasefire that it extends.", default=None)

    CHECKS: ClassVar[tuple[Check, ...]] = (
        ordered("begins", "valid_until"),
        Check(
            ("violations", "clause"),
            lambda violations, clause: not violations or clause is not None,
            "types of violation are listed by a clause; name it",
        ),
        Check(
            ("extends", "ceasefire"),
            lambda extends, ceasefire: extends != ceasefire,
            "a ceasefire extends another one",
        ),
    )


def _within_the_day(
    hours: Decimal | None, patrols: int | None, begins: datetime | None, ends: datetime | None
) -> bool:
    return hours is None or hours <= 24 * (1 if patrols is None else patrols) * _days(begins, ends)


def _days(begins: datetime | None, ends: datetime | None) -> int:
    if begins is None or ends is None:
        return 1
    return max(1, -((begins - ends) // _DAY))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well an area was watched on a day or some days: without it, no report is not no incident.

    Give what was there to see with, and what it recorded. Zero is zero with this coverage; leave
    `recorded` empty where nothing was said of it.
    """

    place: PlaceCode = told("The area watched.", example="north-town")
    posts_open: int | None = told("Posts that were open.", default=None, unit="posts", least=0)
    posts_closed: int | None = told(
        "Posts that were closed in that time.", default=None, unit="posts", least=0
    )
    patrols: int | None = told("Patrols that went out.", default=None, unit="patrols", least=0)
    patrol_hours: Decimal | None = told(
        "Hours all patrols were out, together; at most 24 a day for each.",
        default=None,
        unit="h",
        least=0,
    )
    cameras: int | None = told("Cameras that worked.", default=None, unit="cameras", least=0)
    reporters: int | None = told(
        "People who report from there and could be reached.", default=None, unit="people", least=0
    )
    access: Literal["obtained", "refused"] | None = told(
        "Whether those who went to look got there.", default=None
    )
    access_by: PartyCode | None = told("Who let them through or refused.", default=None)
    recorded: Quantity | None = told(
        "Violations recorded in that time; 0 where none was.", default=None, units=("times",)
    )
    text: str = told("Anything else that was said of it.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("patrol_hours", "patrols", "observed_from", "observed_until"),
            _within_the_day,
            "a patrol is out at most 24 hours a day; give the number of patrols and the days observed",
        ),
    )

    @property
    def is_watching(self) -> bool:
        """Whether anything is said to have been there to see with."""
        return any((self.posts_open, self.patrols, self.patrol_hours, self.cameras, self.reporters))


@dataclass(frozen=True, slots=True)
class Handover:
    """Weapons, detainees or remains that passed from one party to another: one sort, one report."""

    what: HandedOver = told("What was handed over.", example="small_arms")
    quantity: Quantity = told(
        "How many.",
        example="over 800 items",
        units=("items", "vehicles", "sets", "rounds", "t", "boxes", "people", "remains"),
    )
    measure: Literal["flow", "cumulative"] = told(
        "In the time observed, or a total since a moment.", default="flow"
    )
    since: datetime | None = told("Start of a total.", default=None)
    handed_by: PartyCode | None = told("Who handed over.", default=None)
    handed_to: PartyCode | None = told("Who received.", default=None)
    witness: PartyCode | None = told("Who was there to witness it.", default=None)
    place: PlaceCode | None = told("Where.", default=None)
    clause: ClauseCode | None = told("The clause under which it was done.", default=None)
    text: str = told("Anything else that was said of it.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("quantity", "what"),
            lambda quantity, what: quantity.unit in _UNITS.get(what, _THINGS),
            "detainees are counted in people, remains in remains, ammunition in rounds, boxes or t, "
            "and the rest in items, vehicles, sets, boxes or t",
        ),
    )


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a ceasefire: whose, in which language, its terms and its clauses.

    Attributes
    ----------
    told_by
        Who says that this is the text; `version_of` is whose text it is.
    terms
        The last report of the whole; None where only clauses were reported.
    clauses
        The last report of each clause, by its code.
    """

    ceasefire: CeasefireCode
    version_of: PartyCode | None
    language: str
    told_by: PartyCode
    terms: Report[Ceasefire] | None
    clauses: Mapping[ClauseCode, Report[Ceasefire]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands about ceasefires, what was watched and what was handed over.

    Attributes
    ----------
    versions
        Versions by ceasefire, side by side; none is the text.
    parties
        Who is bound, as any version has it, in order of claims.
    violations
        The types of violation that each clause lists, over all versions.
    """

    versions: Mapping[CeasefireCode, tuple[Version, ...]]
    parties: tuple[PartyCode, ...]
    violations: Mapping[ClauseCode, frozenset[ViolationCode]]
    coverage: Sequence[Report[Coverage]]
    handovers: Sequence[Report[Handover]]
    denials: Sequence[Report[Ceasefire]]
    findings: tuple[Finding, ...]


def fold(reports: Iterable[Report[Any]], *, at: datetime) -> Terms:
    """Fold standing reports, in order of claims, into the register."""
    texts: list[Report[Ceasefire]] = []
    denials: list[Report[Ceasefire]] = []
    coverage: list[Report[Coverage]] = []
    handovers: list[Report[Handover]] = []
    for report in reports:
        is_denied = report.speech_act == "denied"
        match report.statement:
            case Ceasefire():
                (denials if is_denied else texts).append(report)
            case Coverage() if not is_denied:
                coverage.append(report)
            case Handover() if not is_denied and report.speech_act != "promised":
                handovers.append(report)
    listed: dict[ClauseCode, frozenset[ViolationCode]] = {}
    for report in texts:
        said = report.statement
        if said.clause is not None:
            listed[said.clause] = listed.get(said.clause, frozenset()).union(said.violations)
    versions = {
        code: tuple(_versions(code, found))
        for code, found in by_subject(texts, lambda r: r.statement.ceasefire).items()
    }
    return Terms(
        versions,
        tuple(dict.fromkeys(party for report in texts for party in report.statement.parties)),
        listed,
        tuple(coverage),
        tuple(handovers),
        tuple(denials),
        (
            *_versions_differ(versions),
            *_run_out(versions, at),
            *_zero_unwatched(coverage),
            *_odd_totals(handovers),
        ),
    )


def says_quiet(coverage: Iterable[Report[Coverage]], place: PlaceCode, at: datetime) -> bool | None:
    """Tell whether an area was quiet at a moment, as far as it was watched.

    True where somebody who watched recorded zero, False where somebody recorded more, None where
    nobody watched or nobody said: that is unknown, not quiet.
    """
    found = [
        report.statement
        for report in coverage
        if report.statement.place == place and report.begins <= at <= report.as_of
    ]
    recorded = [said.recorded.stated for said in found if said.recorded is not None]
    if any(recorded):
        return False
    return True if recorded and any(said.is_watching for said in found) else None


def _versions(code: CeasefireCode, reports: Iterable[Report[Ceasefire]]) -> Iterator[Version]:
    # In order of claims, not of codes: no party's version comes first for its name.
    groups = by_subject(
        reports, lambda r: (r.statement.version_of, r.statement.language, r.claimant)
    )
    for (_, language, told_by), found in groups.items():
        terms = [report for report in found if report.statement.clause is None]
        yield Version(
            code,
            found[0].statement.version_of,
            language,
            told_by,
            terms[-1] if terms else None,
            {r.statement.clause: r for r in found if r.statement.clause is not None},
        )


def _versions_differ(
    versions: Mapping[CeasefireCode, tuple[Version, ...]],
) -> Iterator[Finding]:
    """Yield a finding for each ceasefire whose versions name different clauses, parties or times."""
    for code, found in versions.items():
        outlines = {_outline(version) for version in found}
        if len(outlines) > 1:
            yield Finding(
                "ceasefire_versions_differ",
                "ask",
                code,
                f"{len(found)} versions of the ceasefire {code} stand side by side; they name "
                "different clauses, parties or times, and none is taken for the text.",
                tuple(
                    (named(version.version_of or version.told_by), _said(version))
                    for version in found
                ),
                tuple(sorted(name for version in found for name in _basis(version))),
            )


def _outline(version: Version) -> tuple[Any, ...]:
    said = None if version.terms is None else version.terms.statement
    terms = None if said is None else (said.begins, said.valid_until, frozenset(said.parties))
    return (terms, frozenset(version.clauses))


def _said(version: Version) -> str:
    clauses = ", ".join(sorted(version.clauses)) or "no clauses"
    said = None if version.terms is None else version.terms.statement
    if said is None or said.begins is None:
        return clauses
    until = "no end" if said.valid_until is None else f"until {timed(said.valid_until)}"
    return f"from {timed(said.begins)}, {until}; {clauses}"


def _basis(version: Version) -> Iterator[ReportId]:
    if version.terms is not None:
        yield version.terms.id
    for report in version.clauses.values():
        yield report.id


def _run_out(
    versions: Mapping[CeasefireCode, tuple[Version, ...]], at: datetime
) -> Iterator[Finding]:
    """Yield a finding for each ceasefire that has run out in some version and that none extends."""
    terms = [v.terms for found in versions.values() for v in found if v.terms is not None]
    extended = {report.statement.extends for report in terms}
    for report in terms:
        said = report.statement
        if (
            said.valid_until is not None
            and said.valid_until < at
            and said.ceasefire not in extended
        ):
            yield Finding(
                "ceasefire_run_out",
                "act",
                said.ceasefire,
                f"{named(report.claimant)} gives {timed(said.valid_until)} as the end of "
                f"the ceasefire {said.ceasefire}; no report extends it.",
                basis=(report.id,),
            )


def _zero_unwatched(coverage: Sequence[Report[Coverage]]) -> Iterator[Finding]:
    """Yield a finding for each zero that nothing is said to have watched, or while posts closed."""
    closing = [report for report in coverage if report.statement.posts_closed]
    for report in coverage:
        said = report.statement
        if said.recorded is None or said.recorded.highest != 0:
            continue
        closed = [r for r in closing if r.begins <= report.as_of and report.begins <= r.as_of]
        if closed:
            yield Finding(
                "zero_while_posts_close",
                "ask",
                said.place,
                f"{named(report.claimant)} records zero violations at {named(said.place)} in a time in "
                "which posts are said to have been closed: zero with less coverage, not quiet.",
                tuple(
                    (named(r.claimant), f"{r.statement.posts_closed} posts closed") for r in closed
                ),
                tuple(sorted({report.id, *(r.id for r in closed)})),
            )
        elif not said.is_watching:
            yield Finding(
                "zero_without_coverage",
                "ask",
                said.place,
                f"{named(report.claimant)} records zero violations at {named(said.place)} and does not "
                "say what watched there: that is unknown, not quiet.",
                basis=(report.id,),
            )


def _odd_totals(handovers: Sequence[Report[Handover]]) -> Iterator[Finding]:
    """Yield a finding where a claimant's total falls, or grows more than anyone would expect."""
    totals = by_subject(
        (report for report in handovers if report.statement.measure == "cumulative"),
        lambda r: (
            r.claimant,
            r.statement.what,
            r.statement.quantity.unit,
            r.statement.handed_by,
            r.statement.handed_to,
            r.statement.since,
        ),
    )
    for (_, what, *_rest), found in totals.items():
        for before, after in pairwise(found):
            old, new = before.statement.quantity.stated, after.statement.quantity.stated
            if new < old:
                odd = "falls"
            elif old and new >= old * _JUMP:
                odd = f"grows to {say_number(round(new / old, 1))} times as much"
            else:
                continue
            yield Finding(
                "handover_total_odd",
                "ask",
                what,
                f"{named(after.claimant)} gives a total handed over ({what.replace('_', ' ')}) that {odd} "
                "from one report to the next.",
                tuple(
                    (f"{named(r.claimant)}, {timed(r.as_of)}", str(r.statement.quantity))
                    for r in (before, after)
                ),
                tuple(sorted((before.id, after.id))),
            )
