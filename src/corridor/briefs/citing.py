"""Figures with their basis: what a claimant gave, what Corridor computed, the denial beside it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Sentence, Text, Tone, Value
from corridor.briefs.editions import Edition
from corridor.briefs.small_cells import FEWER
from corridor.claims import Claim
from corridor.report import Report
from corridor.values import Estimate, Finding, Quantity, ReportId

CORRIDOR = "Corridor"

# A number in running text; days, hours and numbers within a code or a word are left alone.
_NUMBERS = re.compile(
    r"(?<![\w./:-])(?:\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}|"
    r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*(?: \d{4})?"
    r"|(?P<number>\d[\d,]*(?:\.\d+)?(?:-\d[\d,]*(?:\.\d+)?)?))(?![\w])"
)


def claimed(edition: Edition, report: Report[Any], quantity: Quantity | None = None) -> Value:
    """Return the figure of a report as it was given, or the words that stand for it."""
    given = quantity or report.statement.quantity
    hidden = edition.small.words.get(report.id)
    if hidden is not None:
        text = f"{hidden} {given.unit}" if hidden == FEWER else f"{given.unit} (number {hidden})"
        return Value(text, (report.id,))
    return Value(
        words.amount(given),
        (report.id,),
        low=given.low,
        best=given.best,
        high=given.high,
        unit=given.unit,
    )


def marked(parts: Text, report: Report[Any]) -> Text:
    """Return parts about a report with its mark, unless a figure among them carries it."""
    if any(isinstance(part, Value) and part.is_marked for part in parts):
        return parts
    return (*parts, Value("", (report.id,)))


def with_denials(edition: Edition, report: Report[Any], parts: Text) -> Text:
    """Return parts about a report with every denial of it behind them, in the same size."""
    made: list[str | Value] = list(parts)
    for denial in edition.denials(report.id):
        is_ended = isinstance(made[-1], str) and made[-1].endswith(".")
        made.append(" " if is_ended else "; ")
        made.append(Value(f"{edition.who(denial.claimant)} denies this", (denial.id,)))
    return tuple(made)


def claim_cell(edition: Edition, report: Report[Any], quantity: Quantity | None = None) -> Text:
    """Return "claimant: figure" with the denials of it."""
    figure = claimed(edition, report, quantity)
    return with_denials(edition, report, (f"{edition.who(report.claimant)}: ", figure))


def computed(estimate: Estimate, *, unit: str | None = None, method: str = "") -> Value:
    """Return what Corridor computed, rounded for a reader, with its formula in words."""
    by, shown = words.scale(
        estimate.unit if unit is None else unit, (estimate.low, estimate.best, estimate.high)
    )
    low, best, high = (
        words.rounded(None if end is None else end * by)
        for end in (estimate.low, estimate.best, estimate.high)
    )
    text = words.between(low, best, high)
    return Value(
        f"{text} {shown}".strip() if estimate.is_known else words.NO_REPORT,
        estimate.basis,
        method or estimate.method,
        estimate.low,
        estimate.best,
        estimate.high,
        estimate.unit,
    )


def ranged(
    edition: Edition, estimate: Estimate, claims: Sequence[Claim], *, unit: str | None = None
) -> Text:
    """Return a range over claims.

    One claim alone keeps its own words ("about", "up to"). Of several, those that name no lower or no
    upper end are named behind the range, since the range cannot show it.
    """
    names = [claim.report.id for claim in claims]
    if len(claims) == 1 and list(estimate.basis) == names:
        given = claimed(edition, claims[0].report, claims[0].quantity)
        if unit == "" and given.unit:
            given = dataclasses.replace(given, text=given.text.removesuffix(f" {given.unit}"))
        return (given,)
    parts: list[str | Value] = [computed(estimate, unit=unit)]
    if set(names) <= set(estimate.basis):
        for end in ("lower", "upper"):
            without = [c for c in claims if _end(c, end) is None]
            if without:
                whose = dict.fromkeys(c.claimant for c in edition.picture.claims_in_order(without))
                by = words.listed([edition.who(code) for code in whose])
                basis = tuple(c.report.id for c in without)
                parts += ["; ", Value(f"{by} gives no {end} end", basis)]
    return tuple(parts)


def _end(claim: Claim, end: str) -> Decimal | None:
    return claim.quantity.lowest if end == "lower" else claim.quantity.highest


def tally(number: int, one: str, many: str, method: str, basis: Iterable[ReportId] = ()) -> Value:
    """Return a number of things, with how they were counted."""
    amount = Decimal(number)
    return Value(
        words.counted(number, one, many), tuple(basis), method, amount, amount, amount, many
    )


def found(edition: Edition, finding: Finding, *, with_values: bool = True) -> Sentence:
    """Return a finding as a sentence of Corridor's, its numbers tied to the reports it rests on."""
    tone: Tone = "" if finding.severity == "note" else finding.severity
    head = {"act": "asks for action: ", "ask": "asks: "}.get(finding.severity, "notes: ")
    values = "; ".join(f"{label}: {value}" for label, value in finding.values)
    text = f"{finding.text} {values}." if values and with_values else finding.text
    basis = tuple(name for name in finding.basis if name in edition.picture.reports)
    return Sentence(
        CORRIDOR, (head, *cite_numbers(text, basis, finding.code), *_marks(basis)), tone
    )


def cite_numbers(text: str, basis: tuple[ReportId, ...], code: str) -> Text:
    """Tie every number of a finding to its basis; days and hours stay plain."""
    method = f"as the reports listed give it; rule '{code.replace('_', ' ')}'"
    return numbers_as(text, Value("", basis, "" if len(basis) == 1 else method, is_marked=False))


def numbers_as(text: str, value: Value) -> Text:
    """Cut a text at its numbers and give each the basis and the formula of a value."""
    parts: list[str | Value] = []
    done = 0
    for match in _NUMBERS.finditer(text):
        if match["number"] is None:
            continue
        parts.append(text[done : match.start()])
        parts.append(dataclasses.replace(value, text=match[0]))
        done = match.end()
    return tuple(part for part in (*parts, text[done:]) if part != "")


def _marks(basis: tuple[ReportId, ...]) -> Text:
    return (Value("", basis),) if basis else ()
