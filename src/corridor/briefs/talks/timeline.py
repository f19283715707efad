"""Rounds in order of time, each under every name it has, with how each claimant counts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Block, Brief, Cell, Column, Sentence, Table, Text, Value, cell
from corridor.briefs.citing import CORRIDOR, claimed, found
from corridor.briefs.editions import Edition
from corridor.briefs.talks.pages import page, talks_edition
from corridor.picture.dialogue import DialogueView
from corridor.registers.dialogue import Delegation, Round, RoundLine
from corridor.report import Handling, Report
from corridor.values import RoundCode

_SAYS = (
    "Meetings as claimants tell of them. A round has a code that says nothing of day, place or people; a "
    "person decides when two codes are one."
)
_ROUNDS = (
    Column("Round"),
    Column("When"),
    Column("Where"),
    Column("Who was there, as claimed"),
    Column("What each says came of it"),
)
_COUNTS = (
    Column("Who counts"),
    Column("How many", is_number=True),
    Column("Which"),
    Column("How"),
)
_PRESENCE = {"in": "", "out": ", not there", "expected": ", expected"}
# Findings that speak of rounds.
_OF_ROUNDS = ("rounds_may_be_one", "round_counts_differ")


def timeline(view: DialogueView, *, edition: Handling, operation: str = "") -> Brief:
    """Return the rounds in order of time, with every claimant's count of them."""
    shown = talks_edition(view, edition)
    head = f"{operation}: rounds of talks" if operation else "Rounds of talks"
    odd = tuple(found(shown, f) for f in view.findings if f.code in _OF_ROUNDS)
    return page(
        shown,
        f"{head}, {words.day(shown.picture.at, shown.picture.settings.time_zone)}",
        _SAYS,
        (
            ("counts", "Who counts how many, and how", counts(shown, view)),
            ("rounds", "Rounds in order of time", rounds(shown, view.dialogue.rounds)),
            ("findings", "What wants a person", odd or (_nothing_odd(),)),
        ),
    )


def rounds(edition: Edition, lines: Iterable[RoundLine]) -> tuple[Block, ...]:
    """Return a table of rounds, or that none is reported."""
    rows = tuple(_row(edition, line) for line in lines)
    if not rows:
        return (Sentence(CORRIDOR, (f"notes: {words.NO_REPORT} of a round.",)),)
    return (Table("rounds", "Rounds", _ROUNDS, rows),)


def counts(edition: Edition, view: DialogueView) -> tuple[Block, ...]:
    """Return each claimant's count in the claimant's own way of counting."""
    order = edition.picture.settings.place_in_order
    rows = [
        (
            cell(edition.who(report.claimant)),
            cell(claimed(edition, report)),
            cell(", ".join(_shown(view, report.statement.rounds)) or "not said"),
            cell(report.statement.text or "not said"),
        )
        for reports in view.dialogue.counts.values()
        for report in sorted(reports, key=lambda r: (order(r.claimant), r.order))
    ]
    if not rows:
        return (Sentence(CORRIDOR, (f"notes: {words.NO_REPORT} of how many rounds there were.",)),)
    remark = ("Each counts in its own way; no count is put in the place of another.",)
    return (Table("counts", "How many rounds or meetings", _COUNTS, tuple(rows), remark),)


def when(edition: Edition, report: Report[Round]) -> str:
    """Say when a round was or is to be, by one account of it."""
    said, zone = report.statement, edition.picture.settings.time_zone
    if said.began is not None:
        lasted = words.span(said.began, said.ended or said.began, zone)
        return words.with_offset(said.began, zone, lasted)
    if said.planned_from is not None:
        start = said.planned_from
        return f"planned for {words.with_offset(start, zone, words.moment(start, zone))}"
    if report.observed_from is not None:
        return words.observed(report, zone)
    return "not said"


def _shown(view: DialogueView, codes: Iterable[RoundCode]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(view.dialogue.merged.get(code, code) for code in codes))


def _row(edition: Edition, line: RoundLine) -> tuple[Cell, ...]:
    order = edition.picture.settings.place_in_order
    claims = sorted(line.claims, key=lambda r: (order(r.claimant), r.order))
    also = f"\nalso told as {', '.join(line.codes[1:])}" if line.codes[1:] else ""
    return (
        cell(line.round, also),
        cell(_grouped(edition, claims, lambda r: f"{when(edition, r)} ({r.statement.state})")),
        cell(_grouped(edition, claims, lambda r: _place(edition, r))),
        cell(tuple(_seats(edition, line.delegations)) or "not said"),
        cell(tuple(_told(edition, claims)) or "not said"),
    )


def _grouped(edition: Edition, claims: Iterable[Report[Round]], say: Any) -> Text:
    """Return what is said, each wording once with those who say it."""
    given: dict[str, list[Report[Round]]] = {}
    for report in claims:
        text = say(report)
        if text:
            given.setdefault(text, []).append(report)
    parts: list[str | Value] = []
    for text, reports in given.items():
        by = words.listed(list(dict.fromkeys(edition.who(r.claimant) for r in reports)))
        ids = tuple(r.id for r in reports)
        parts += ["\n" if parts else "", Value(f"{text}: {by}", ids)]
    return tuple(parts) or ("not said",)


def _place(edition: Edition, report: Report[Round]) -> str:
    said = report.statement
    parts = [edition.picture.name(said.place)] if said.place else []
    if said.format != "not_stated":
        parts.append(said.format.replace("_", " "))
    for code, word in (
        (said.host, "host"),
        (said.facilitator, "with"),
        (said.passage_by, "passage by"),
    ):
        if code:
            parts.append(f"{word} {edition.who(code)}")
    return ", ".join(parts)


def _seats(edition: Edition, delegations: Iterable[Report[Delegation]]) -> Iterator[str | Value]:
    order = edition.picture.settings.place_in_order
    by_side = sorted(
        delegations, key=lambda r: (order(r.statement.side), order(r.claimant), r.order)
    )
    for place, report in enumerate(by_side):
        said = report.statement
        many = f", {words.amount(said.quantity)}" if said.quantity else ""
        text = (
            f"for {edition.who(said.side)}: {said.role}{many}{_PRESENCE[said.presence]} "
            f"({edition.who(report.claimant)})"
        )
        yield "\n" if place else ""
        yield Value(text, (report.id,))


def _told(edition: Edition, claims: Iterable[Report[Round]]) -> Iterator[str | Value]:
    is_first = True
    for report in claims:
        said = report.statement
        took = f"it took {words.amount(said.duration)}" if said.duration else ""
        after = f"next: {said.next_meeting}" if said.next_meeting else ""
        text = "; ".join(part for part in (said.text.rstrip("."), took, after) if part)
        if text:
            yield "" if is_first else "\n"
            yield Value(f"{edition.who(report.claimant)} says: {text}", (report.id,))
            is_first = False


def _nothing_odd() -> Sentence:
    return Sentence(CORRIDOR, ("finds nothing odd about the rounds.",))
