"""What the reports are, who denies what, and where reports do not fit together."""

from __future__ import annotations

from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Sentence, Table, Text, Value, cell
from corridor.briefs.citing import CORRIDOR, cite_numbers, marked, tally, with_denials
from corridor.briefs.editions import SHOWN_ELSEWHERE, Edition
from corridor.briefs.telling import told
from corridor.reading import THE_OPERATION
from corridor.registers.general import Observation
from corridor.report import Report
from corridor.statements import KIND_OF, KINDS
from corridor.values import Finding

_OBSERVED = (Column("Who says so"), Column("What is said"), Column("When"))
_DENIED = (Column("What is said"), Column("Who denies it"))
_FINDINGS = (
    Column("Weight"),
    Column("What Corridor finds"),
    Column("Figures side by side"),
    Column("Reports"),
)
_EVENTS = frozenset({"supply", "people", "access"})
_WEIGHTS = {"act": "Someone must act", "ask": "Someone should ask", "note": "Good to know"}


def overview(edition: Edition) -> tuple[Block, ...]:
    """Return the situation overview."""
    observed = tuple(_observation(edition, report) for report in _observations(edition))
    table = Table("observations", "Other observations", _OBSERVED, observed)
    return (
        *_extent(edition),
        *_denials(edition),
        *findings_table(
            edition, ("act", "ask"), "findings", "Where the reports do not fit together"
        ),
        *((table,) if observed else ()),
    )


def findings_table(
    edition: Edition,
    severities: tuple[str, ...],
    key: str,
    title: str,
    *,
    codes: frozenset[str] = frozenset(),
) -> tuple[Block, ...]:
    """Return findings of some weights with their figures side by side, or nothing.

    Parameters
    ----------
    codes
        Only these; none named means all but those that have a place of their own in the brief.
    """
    rows = tuple(
        _finding(edition, finding)
        for finding in edition.picture.findings
        if finding.severity in severities
        and (finding.code in codes if codes else finding.code not in SHOWN_ELSEWHERE)
        and edition.admits_finding(finding)
    )
    return (Table(key, title, _FINDINGS, rows),) if rows else ()


def _extent(edition: Edition) -> tuple[Block, ...]:
    picture = edition.picture
    zone = picture.settings.time_zone
    held = [report for report in picture.reports.values() if edition.admits(report)]
    if not held:
        return (Sentence(CORRIDOR, (f"notes: {words.NO_REPORT} that this edition may show.",)),)
    number = tally(
        len(held), "report", "reports", "the reports of this edition that stand, counted"
    )
    claimants = tally(
        len({report.claimant for report in held}),
        "claimant",
        "claimants",
        "the claimants of these reports, counted",
    )
    dated = [
        report for report in held if KINDS[KIND_OF[type(report.statement)]].register in _EVENTS
    ]
    dated = [
        report
        for report in dated
        if (report.observed_from or report.observed_until) and report.claimant != THE_OPERATION
    ]
    between: Text = ()
    if dated:
        first, last = min(report.begins for report in dated), max(report.as_of for report in dated)
        one_day = words.day(first, zone) == words.day(last, zone)
        ends = (
            f"on {words.day(first, zone)}"
            if one_day
            else f"from {words.day(first, zone)} to {words.day(last, zone)}"
        )
        between = (f", about times {ends}",)
    return (
        Sentence(CORRIDOR, ("rests this brief on ", number, " by ", claimants, *between, ".")),
        Sentence(
            CORRIDOR,
            ("adds nothing up across claimants, and shows a denial beside what it denies.",),
        ),
    )


def _observations(edition: Edition) -> list[Report[Any]]:
    reports = [report for report in edition.reports(Observation) if report.speech_act != "denied"]
    order = edition.picture.settings.place_in_order
    return sorted(
        reports, key=lambda r: (r.statement.indicator, r.as_of, order(r.claimant)[0], r.id)
    )


def _observation(edition: Edition, report: Report[Any]) -> tuple[Cell, ...]:
    when = words.observed(report, edition.picture.settings.time_zone)
    return (
        cell(f"{edition.who(report.claimant)} {words.verb(report)}"),
        cell(with_denials(edition, report, marked(told(edition, report), report))),
        cell(when),
    )


def _denials(edition: Edition) -> tuple[Block, ...]:
    picture, zone = edition.picture, edition.picture.settings.time_zone
    rows = []
    for report in picture.reports.values():
        against = edition.denials(report.id) if edition.admits(report) else ()
        if not against:
            continue
        claim: Text = (
            f"{edition.who(report.claimant)} {words.verb(report)}: ",
            *marked(told(edition, report), report),
            f" ({words.observed(report, zone)})",
        )
        denied: list[str | Value] = []
        for denial in against:
            note = f": {denial.note}" if denial.note else ""
            when = words.published(denial, zone)
            said = f"{edition.who(denial.claimant)} denies this ({when}){note}"
            denied += ["\n" if denied else "", said, Value("", (denial.id,))]
        rows.append((cell(claim), cell(tuple(denied))))
    return (Table("denials", "Said and denied", _DENIED, tuple(rows)),) if rows else ()


def _finding(edition: Edition, finding: Finding) -> tuple[Cell, ...]:
    basis = tuple(name for name in finding.basis if name in edition.picture.reports)
    side_by_side: list[str | Value] = []
    for label, value in finding.values:
        side_by_side += [
            "\n" if side_by_side else "",
            f"{label}: ",
            *cite_numbers(value, basis, finding.code),
        ]
    return (
        cell(_WEIGHTS[finding.severity]),
        cell(cite_numbers(finding.text, basis, finding.code)),
        cell(*side_by_side) if side_by_side else cell("none given"),
        cell(Value("", basis) if basis else "none"),
    )
