"""How a page about talks is put together, and the cells that its tables share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Block, Brief, Cell, Section, Text, Value, cell
from corridor.briefs.editions import Edition, edition_of
from corridor.briefs.numbering import number
from corridor.briefs.telling import in_words, told
from corridor.briefs.telling_dialogue import OUTCOMES
from corridor.picture.dialogue import DialogueView
from corridor.registers.dialogue import ClauseLine, CommitmentLine, State
from corridor.report import Handling, Report, clears
from corridor.statements import KINDS

# Each report of talks has a handling of its own, so a page shows all that its reader is cleared for.
# What is to move, where and when stays out of a public one.
_OF_TALKS = frozenset(kind.name for kind in KINDS.values() if kind.register == "dialogue")
_PUBLIC = _OF_TALKS - {"deliverable"}
NONE_STATED = "none stated"

Parts = Iterable[tuple[str, str, tuple[Block, ...]]]


def talks_edition(view: DialogueView, handling: Handling) -> Edition:
    """Return the picture of talks as an edition may show it.

    Raises
    ------
    CorridorError
        When the picture holds more than the edition's readers may see.
    """
    also = _OF_TALKS if clears(handling, "partners") else _PUBLIC
    return edition_of(view.picture, handling, also)


def page(edition: Edition, title: str, says: str, parts: Parts) -> Brief:
    """Return sections as a brief, its sources numbered."""
    picture = edition.picture
    sections = tuple(Section(key, head, blocks) for key, head, blocks in parts)
    sources, notes = number(edition, sections)
    return Brief(
        title=title,
        edition=edition.handling,
        edition_says=says,
        at=picture.at,
        known_at=picture.known_at,
        zone=str(picture.settings.time_zone),
        digest=picture.digest,
        plan_digest="",
        sections=sections,
        sources=sources,
        notes=notes,
    )


def deadlines_of(edition: Edition, line: ClauseLine) -> Text:
    """Return by when a clause is to be done, as its texts have it, calendar and words."""
    zone = edition.picture.settings.time_zone
    given: dict[str, list[Report[Any]]] = {}
    for report in line.texts:
        said = report.statement
        when = words.moment(said.deadline, zone) if said.deadline else ""
        both = "; ".join(part for part in (when, said.deadline_words) if part)
        if both:
            given.setdefault(both, []).append(report)
    return _each(given) or (NONE_STATED,)


def checks_of(edition: Edition, line: ClauseLine) -> Text:
    """Return how a clause is checked, as its texts have it."""
    given: dict[str, list[Report[Any]]] = {}
    for report in line.texts:
        said = report.statement
        who = edition.who(said.verifier) if said.verifier else ""
        both = "; ".join(part for part in (who, said.verification) if part)
        if both:
            given.setdefault(both, []).append(report)
    return _each(given) or (NONE_STATED,)


def _each(given: dict[str, list[Report[Any]]]) -> Text:
    """Return each of several wordings; with its reports where there are several."""
    if len(given) == 1:
        return (next(iter(given)),)
    parts: list[str | Value] = []
    for text, reports in given.items():
        parts += [
            "\n" if parts else "",
            Value(text, tuple(r.id for r in reports)),
        ]
    return tuple(parts)


def last_word(edition: Edition, state: State) -> Text:
    """Return the last word on something owed: who says what, of when."""
    report = state.last
    if report is None:
        return ()
    said = report.statement
    zone = edition.picture.settings.time_zone
    text = f": {said.text}" if said.text else ""
    outcome = OUTCOMES[said.outcome]
    when = of_when(report, zone)
    head = f"{edition.who(report.claimant)} {words.verb(report)} it is {outcome}, {when}{text}"
    return (Value(head, (report.id, *said.evidence)),)


def of_when(report: Report[Any], zone: tzinfo) -> str:
    """Say when a report is about, else when it was said, else since when it is known."""
    if report.observed_from:
        return words.observed(report, zone)
    if report.published_at:
        return words.published(report, zone)
    return f"known since {words.moment(report.learned_at, zone)}"


def state_cell(edition: Edition, state: State) -> Cell:
    """Return a state with the last word on it; others who spoke are counted, not hidden."""
    last = last_word(edition, state)
    more = len(state.latest) - 1
    parts: list[str | Value] = [state.name]
    if state.by_owner_alone:
        parts.append(" (done by the owner's word alone)")
    if last:
        parts += ["\n", *last]
    if more > 0:
        ids = tuple(report.id for report in state.latest[:-1])
        parts += [
            "\n",
            Value(f"{words.counted(more, 'other claimant speaks', 'others speak')} of it", ids),
        ]
    return cell(*parts)


def parties_of(edition: Edition, lines: Sequence[ClauseLine]) -> tuple[str, ...]:
    """Return the parties that any of the clauses names, in the operation's order."""
    return edition.picture.in_order(party for line in lines for party in line.named)


def quoted(edition: Edition, report: Report[Any]) -> str:
    """Return what a report says as plain text."""
    return in_words(told(edition, report))


def owed_by(edition: Edition, line: CommitmentLine) -> str:
    """Say who owes a commitment, and to whom."""
    said = line.said
    to = f" to {edition.who(said.beneficiary)}" if said.beneficiary else ""
    return f"{edition.who(said.owner)}{to}"


def made_as(line: CommitmentLine) -> str:
    """Say how a commitment was made, as its claimants have it."""
    given = dict.fromkeys(report.statement.made_as for report in line.claims)
    return "; ".join(name.replace("_", " ") for name in given)
