"""The envelope: who said what, where and when, how far it may travel, and which reports stand.

A report is one statement by one claimant about one time. Nothing is edited: a correction or a
withdrawal is a further report. `visible` keeps what a viewer may know at a moment, `standing` drops
what was withdrawn or corrected by someone entitled to; both are pure.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeVar

from corridor.fields import Check, ordered, told
from corridor.values import Finding, PartyCode, ReportId, named

S_co = TypeVar("S_co", covariant=True)

Handling = Literal["public", "partners", "restricted", "sealed"]
HANDLINGS: tuple[Handling, ...] = ("public", "partners", "restricted", "sealed")
SpeechAct = Literal["stated", "announced", "promised", "denied", "reported"]
Precision = Literal["instant", "day", "range", "unknown"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Literal["2", "3", "4", "5", "6"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Generic[S_co]):
    """One statement by one claimant about one time, with where and when it was said."""

    id: ReportId
    statement: S_co
    channel: str = told(
        "The input it came by: a device, a form, a file. One person or feed, one channel."
    )
    key: str = told(
        "What makes it one report within its channel; sent again with this key, it changes nothing."
    )
    claimant: PartyCode = told("Who says so. Not who relayed it.", example="relief-agency")
    learned_at: datetime = told(
        "When the operation could first know it.", example="2023-09-26T18:00:00+04:00"
    )
    publisher: str = told("Where it was said: the paper, site, bulletin or meeting.", default="")
    url: str = told("Address of the publication; empty where none was recorded.", default="")
    document: str = told("SHA-256 of the document it stands in.", default="")
    span: str = told(
        "Exact position in that document: first and last character, 82-99.", default=""
    )
    speech_act: SpeechAct = told(
        "How it was said: stated as a fact, announced, promised, denied, or reported of others.",
        default="stated",
    )
    denies: ReportId | None = told("The report that this one denies.", default=None)
    observed_from: datetime | None = told("Start of the time it is about.", default=None)
    observed_until: datetime | None = told("End of the time it is about.", default=None)
    precision: Precision = told("How exactly that time is known.", default="unknown")
    published_at: datetime | None = told("When it was said.", default=None)
    reliability: Reliability = told(
        "Admiralty grade of the relay, A to F: distance from the claimant, translation, missing "
        "date. F: cannot be judged.",
        default="F",
    )
    credibility: Credibility = told(
        "Admiralty grade of the content, 2 to 6; 1 (confirmed) is computed, never typed. "
        "6: cannot be judged.",
        default="6",
    )
    handling: Handling = told(
        "Who may see it: public, partners, restricted or sealed.", default="restricted"
    )
    corrects: ReportId | None = told("The report that this one replaces.", default=None)
    retracts: ReportId | None = told("The report that this one withdraws.", default=None)
    note: str = told("What the recorder wants a reader to know about the source.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        ordered("observed_from", "observed_until"),
        Check(
            ("denies", "speech_act"),
            lambda denies, act: denies is None or act == "denied",
            "only a report whose speech_act is denied can deny another",
        ),
        Check(
            ("corrects", "retracts"),
            lambda corrects, retracts: corrects is None or retracts is None,
            "a report corrects another or withdraws it, not both",
        ),
        Check(
            ("url",),
            lambda url: not url or url.startswith(("https://", "http://")),
            "a web address is needed",
        ),
        Check(
            ("document",),
            lambda document: not document or re.fullmatch("[0-9a-f]{64}", document) is not None,
            "a SHA-256 is needed (64 hexadecimal digits)",
        ),
        Check(
            ("span",),
            lambda span: not span or re.fullmatch(r"[0-9]{1,9}-[0-9]{1,9}", span) is not None,
            "a first and a last character are needed, like 82-99",
        ),
    )

    @property
    def as_of(self) -> datetime:
        """The moment it speaks about: end of the observed time, else when said, else learned."""
        return self.observed_until or self.observed_from or self.published_at or self.learned_at

    @property
    def begins(self) -> datetime:
        """Start of the time it speaks about, by the same rule as `as_of`."""
        return self.observed_from or self.as_of

    @property
    def order(self) -> tuple[datetime, datetime, ReportId]:
        """The one order in which claims follow each other: observed, then said, then id."""
        return (self.as_of, self.published_at or self.learned_at, self.id)


@dataclass(frozen=True, slots=True)
class Retraction:
    """Withdraw a report. Only whoever claimed it can; the struck report stays readable."""

    reason: str = told(
        "Why it is withdrawn, in the claimant's words where there are any.", default=""
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A report as one ledger holds it.

    Attributes
    ----------
    seq
        Its number in that ledger, from 1 without gaps.
    recorded_at, recorded_by
        How it entered; not part of the report.
    body_digest
        SHA-256 of the report's canonical bytes, as hexadecimal text.
    digest
        Head of the chain after this entry.
    report
        The report itself.
    """

    seq: int
    recorded_at: datetime
    recorded_by: str
    body_digest: str
    digest: str
    report: Report[Any]


class Standing(NamedTuple):
    """What stands, what was struck and by which report, and what was odd about it."""

    reports: tuple[Report[Any], ...]
    struck: tuple[tuple[Report[Any], ReportId], ...]
    findings: tuple[Finding, ...]


def report_id(channel: str, key: str) -> ReportId:
    """Return the id of a report: 32 hexadecimal digits of SHA-256 over channel and key."""
    return ReportId(hashlib.sha256(f"{len(channel)}:{channel}{key}".encode()).hexdigest()[:32])


def clears(clearance: Handling, handling: Handling) -> bool:
    """Tell whether a viewer of `clearance` may see material of `handling`."""
    return HANDLINGS.index(handling) <= HANDLINGS.index(clearance)


def stricter(one: Handling, other: Handling) -> Handling:
    """Return the higher of two handling levels."""
    return max(one, other, key=HANDLINGS.index)


def visible(
    entries: Iterable[Entry], *, known_at: datetime, clearance: Handling
) -> tuple[Entry, ...]:
    """Return the entries a viewer could know of, each (id, body) once, in order of claims."""
    cleared = frozenset(HANDLINGS[: HANDLINGS.index(clearance) + 1])
    seen = {
        (entry.report.id, entry.body_digest): entry
        for entry in entries
        if entry.report.handling in cleared and entry.report.learned_at <= known_at
    }
    return tuple(sorted(seen.values(), key=lambda entry: (*entry.report.order, entry.body_digest)))


def digest_of(entries: Iterable[Entry]) -> str:
    """Return the digest of (id, body digest) pairs: what a picture or brief rests on.

    1. A pair is a line: id, space, body digest, line feed. Each line counts once.
    2. Lines whose ids begin with the same three digits are sorted and hashed together.
    3. The digests of these portions, each after its three digits, are sorted and hashed.

    All hashes are SHA-256. In portions, so that one more report costs one portion and not all.
    """
    portions: dict[str, set[str]] = {}
    for entry in entries:
        line = line_of(entry)
        portions.setdefault(line[:PORTION], set()).add(line)
    return digest_of_portions({name: portion_of(sorted(p)) for name, p in portions.items()})


# Digits of an id that name its portion: 4,096 portions, of 25 reports each at 100,000.
PORTION = 3


def line_of(entry: Entry) -> str:
    """Return the line by which an entry enters the digest of a picture."""
    return f"{entry.report.id} {entry.body_digest}\n"


def portion_of(lines: Iterable[str]) -> str:
    """Return the digest of the sorted lines of one portion."""
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def digest_of_portions(portions: Mapping[str, str]) -> str:
    """Return the digest over the digests of all portions."""
    return portion_of(f"{name} {digest}\n" for name, digest in sorted(portions.items()))


def standing(entries: Iterable[Entry]) -> Standing:
    """Drop what was withdrawn or corrected.

    1. Of several bodies under one id, the first learned stands; the others are a finding.
    2. A withdrawal binds when it comes from the claimant of the report it names, unless another
       that binds withdraws it.
    3. A correction binds when it comes from that claimant, or by the channel the report came by (an
       error of entry), and was not itself withdrawn.
    4. Anything else that names another report is a finding, and both stand.
    """
    kept: dict[ReportId, Entry] = {}
    several: dict[ReportId, list[Entry]] = {}
    for entry in entries:
        first = kept.setdefault(entry.report.id, entry)
        if first is not entry:
            several.setdefault(entry.report.id, [first]).append(entry)
    findings: list[Finding] = []
    for name, found in several.items():
        kept[name] = min(found, key=arrival)
        findings.extend(conflicts(found))
    reports = {name: entry.report for name, entry in kept.items()}
    referring = sorted((e for e in kept.values() if refers(e.report)), key=arrival)
    struck, odd = strikes([entry.report for entry in referring], reports)
    ordered_reports = sorted(reports.values(), key=lambda report: report.order)
    return Standing(
        tuple(r for r in ordered_reports if r.retracts is None and r.id not in struck),
        tuple((r, struck[r.id]) for r in ordered_reports if r.id in struck) if struck else (),
        (*findings, *odd),
    )


def arrival(entry: Entry) -> tuple[datetime, str]:
    """Return the order in which contents under one id are taken: first learned, then by digest."""
    return (entry.report.learned_at, entry.body_digest)


def refers(report: Report[Any]) -> bool:
    """Tell whether a report names another one: to correct, to withdraw or to deny it."""
    return bool(report.corrects or report.retracts or report.denies)


def conflicts(entries: Iterable[Entry]) -> tuple[Finding, ...]:
    """Return a finding for each other content under the id of the one learned first."""
    first, *others = sorted(entries, key=arrival)
    return tuple(
        _conflict(first.report, other.report)
        for other in others
        if other.body_digest != first.body_digest
    )


def strikes(
    referring: Iterable[Report[Any]], reports: Mapping[ReportId, Report[Any]]
) -> tuple[dict[ReportId, ReportId], tuple[Finding, ...]]:
    """Return which report is struck by which, and what was odd about those that name others.

    Parameters
    ----------
    referring
        Every report that names another, in order of arrival.
    reports
        All reports by id, of each id the one that is used.
    """
    named_by = tuple(referring)
    findings: list[Finding] = []
    withdrawals: dict[ReportId, ReportId] = {}
    for report in named_by:
        target = reports.get(report.retracts) if report.retracts else None
        if target is not None and report.claimant == target.claimant:
            withdrawals[report.id] = target.id
        elif target is not None:
            findings.append(_not_entitled(report, target, "withdraw"))
    struck: dict[ReportId, ReportId] = {}
    for name in sorted(_binding(withdrawals)):
        struck.setdefault(withdrawals[name], name)
    withdrawn = set(struck)
    for report in named_by:
        target = (
            reports.get(report.corrects) if report.corrects and report.id not in withdrawn else None
        )
        if target is None or target.id == report.id:
            continue
        if report.claimant == target.claimant or report.channel == target.channel:
            struck.setdefault(target.id, report.id)
            if report.claimant != target.claimant:
                findings.append(_claimant_changed(report, target))
        else:
            findings.append(_not_entitled(report, target, "correct"))
    findings.extend(_dangling(report, reports) for report in named_by if _waits(report, reports))
    return struck, tuple(findings)


def _binding(withdrawals: Mapping[ReportId, ReportId]) -> set[ReportId]:
    """Return the withdrawals that bind; of those that withdraw each other in a ring, none does."""
    against = Counter(target for target in withdrawals.values() if target in withdrawals)
    binds = {name: True for name in withdrawals if not against[name]}
    settled = list(binds)
    while settled:
        name = settled.pop()
        target = withdrawals[name]
        if target not in withdrawals or target in binds:
            continue
        against[target] -= 1
        if binds[name] or not against[target]:
            binds[target] = not binds[name]
            settled.append(target)
    return {name for name, is_binding in binds.items() if is_binding}


def _conflict(kept: Report[Any], other: Report[Any]) -> Finding:
    return Finding(
        "same_id_other_content",
        "act",
        kept.id,
        f"Two different reports arrived by channel '{kept.channel}' under the key '{kept.key}'; the "
        "one learned first is used, the other is kept beside it until a person decides.",
        (_content(kept, "used"), _content(other, "kept beside it")),
        basis=(kept.id,),
    )


def _claimant_changed(report: Report[Any], target: Report[Any]) -> Finding:
    return Finding(
        "claimant_changed",
        "ask",
        target.id,
        f"A report entered as {named(target.claimant)}'s was corrected, by the channel it came by, to "
        f"one of {named(report.claimant)}; the struck one stays readable.",
        basis=tuple(sorted((report.id, target.id))),
    )


def _content(report: Report[Any], state: str) -> tuple[str, str]:
    figure = getattr(report.statement, "quantity", None)
    what = type(report.statement).__name__
    return (f"{named(report.claimant)}, {state}", what if figure is None else f"{what}, {figure}")


def _not_entitled(report: Report[Any], target: Report[Any], verb: str) -> Finding:
    return Finding(
        "not_entitled_to_strike",
        "ask",
        target.id,
        f"{named(report.claimant)} asks to {verb} a claim of {named(target.claimant)}; "
        f"only {named(target.claimant)} can, so it stands.",
        basis=(report.id, target.id),
    )


def _waits(report: Report[Any], reports: Mapping[ReportId, Report[Any]]) -> bool:
    return any(
        name and name not in reports for name in (report.corrects, report.retracts, report.denies)
    )


def _dangling(report: Report[Any], reports: Mapping[ReportId, Report[Any]]) -> Finding:
    names = [n for n in (report.corrects, report.retracts, report.denies) if n and n not in reports]
    return Finding(
        "waits_for_report",
        "note",
        report.id,
        f"A report by {named(report.claimant)} names a report that has not arrived "
        f"({', '.join(names)}); it waits for it.",
        basis=(report.id,),
    )
