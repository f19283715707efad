"""What is not known, what the operation assumed, its rules, and what was withdrawn or corrected."""

from __future__ import annotations

from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Sentence, Table, Value, cell
from corridor.briefs.citing import CORRIDOR, found, marked
from corridor.briefs.editions import Edition
from corridor.briefs.overview_section import findings_table
from corridor.briefs.telling import told
from corridor.reading import THE_OPERATION
from corridor.registers.general import SETTINGS
from corridor.report import Report
from corridor.statements import KIND_OF
from corridor.values import ReportId

_ASSUMED = (Column("What is assumed"), Column("The operation's words"))
_STRUCK = (
    Column("What was said, no longer stands"),
    Column("Who said it"),
    Column("When it was about"),
    Column("Why it no longer stands"),
)
_RULES = (Column("Rule"), Column("Value"), Column("Meaning"))
# Rules whose value changes what a reader sees.
_PRINTED = (
    "time_zone",
    "order_of_names",
    "road_status_expires_h",
    "stock_stale_days",
    "headcount_stale_days",
    "double_count_days",
    "public_delay_h",
    "stated_end_factor",
)
_PRINTED_LOWER = (
    "time_zone",
    "order_of_names",
    "headcount_stale_days",
    "double_count_days",
    "public_delay_h",
)


def unknown(edition: Edition) -> tuple[Block, ...]:
    """Return what is not known, then assumptions, rules and minor findings."""
    missing = tuple(
        found(edition, f) for f in edition.picture.unknowns if edition.admits_finding(f)
    )
    first = missing or (
        Sentence(CORRIDOR, ("names no missing or old report among those this edition may show.",)),
    )
    return (
        *first,
        *_assumptions(edition),
        *findings_table(edition, ("note",), "notes-of-corridor", "Good to know"),
        _rules(edition),
    )


def struck(edition: Edition) -> tuple[Block, ...]:
    """Return what was withdrawn or corrected, readable and struck through, or nothing."""
    rows = tuple(
        _struck_row(edition, report, by)
        for report, by in edition.picture.struck
        if edition.admits(report)
    )
    remark = (
        "The reports stay readable. Only a claimant withdraws a claim; ",
        "whoever entered a report may correct the entry.",
    )
    return (Table("struck", "Reports that no longer stand", _STRUCK, rows, remark),) if rows else ()


def why_struck(
    edition: Edition, report: Report[Any], by: ReportId
) -> tuple[str, tuple[ReportId, ...]]:
    """Say why a report no longer stands, and which report corrects it where one can be shown."""
    picture = edition.picture
    known = {**picture.reports, **{other.id: other for other, _ in picture.struck}}
    correction = known.get(by)
    if correction is None:
        return f"{edition.who(report.claimant)} withdrew it (report {by[:8]})", ()
    if not edition.admits(correction):
        return f"a later report by {edition.who(correction.claimant)} corrects it", ()
    whose = edition.who(correction.claimant)
    note = f": {correction.note}" if correction.note else ""
    if correction.claimant == report.claimant:
        return f"{whose} corrects it{note}", (by,)
    return f"whoever entered it corrects the entry, now by {whose}{note}", (by,)


def is_assumption(report: Report[Any]) -> bool:
    """Tell whether the operation assumed what a report says."""
    return report.claimant == THE_OPERATION and "assum" in report.note.lower()


def _assumptions(edition: Edition) -> tuple[Block, ...]:
    reports = [
        report
        for report in edition.picture.reports.values()
        if is_assumption(report) and edition.admits(report)
    ]
    if not reports:
        return ()
    rows = tuple(
        (cell(marked(told(edition, report), report)), cell(report.note))
        for report in sorted(reports, key=lambda r: (KIND_OF[type(r.statement)], r.order))
    )
    title = "Assumptions of the operation"
    remark = ("The operation assumes these; no other claimant says them.",)
    return (Table("assumptions", title, _ASSUMED, rows, remark),)


def _rules(edition: Edition) -> Table:
    settings = edition.picture.settings
    sources = dict(settings.sources)
    rows = []
    for name in _PRINTED if edition.is_whole else _PRINTED_LOWER:
        value = getattr(settings, name)
        text = (
            ", ".join(edition.who(code) for code in value)
            if isinstance(value, tuple)
            else f"{value}"
        )
        source = sources.get(name)
        admitted = source is not None and edition.admits(edition.picture.reports[source])
        basis = (source,) if admitted and source is not None else ()
        method = "" if basis else "set by the operation, or the rule's value where nothing was set"
        rows.append(
            (
                cell(name.replace("_", " ")),
                cell(Value(text or "none set", basis, method)),
                cell(SETTINGS[name].help),
            )
        )
    return Table("rules", "Rules in force", _RULES, tuple(rows))


def _struck_row(edition: Edition, report: Report[Any], by: ReportId) -> tuple[Cell, ...]:
    why, basis = why_struck(edition, report, by)
    zone = edition.picture.settings.time_zone
    return (
        Cell(marked(told(edition, report), report), is_struck=True),
        cell(edition.who(report.claimant)),
        cell(words.observed(report, zone)),
        cell(why, Value("", basis) if basis else ""),
    )
