"""One page for one clause: its texts side by side, who is bound, what became of it, by whose word."""

from __future__ import annotations

from corridor.briefs import words
from corridor.briefs.brief import Block, Brief, Column, Sentence, Table, Value, cell
from corridor.briefs.citing import CORRIDOR
from corridor.briefs.editions import Edition
from corridor.briefs.talks.matrix import RULES, commitments
from corridor.briefs.talks.pages import (
    checks_of,
    deadlines_of,
    of_when,
    page,
    state_cell,
    talks_edition,
)
from corridor.briefs.telling_dialogue import OUTCOMES, SCORES
from corridor.errors import CorridorError
from corridor.field_values import nearest
from corridor.picture.dialogue import DialogueView
from corridor.picture.promised import breaches_of
from corridor.registers.dialogue import ClauseLine
from corridor.report import Handling
from corridor.standards import TOPICS, TOPICS_CITATION
from corridor.values import ClauseCode

_SAYS = (
    "Every text of the clause that this reader may see, side by side; none is taken for the text."
)


def clause(view: DialogueView, code: str, *, edition: Handling, operation: str = "") -> Brief:
    """Return the page of one clause.

    Raises
    ------
    CorridorError
        When this viewer knows no clause by that code.
    """
    known = view.dialogue.clauses
    line = known.get(ClauseCode(code))
    if line is None:
        raise CorridorError(f"no clause is called '{code}'{nearest(code, known)}")
    shown = talks_edition(view, edition)
    head = f"{operation}: clause {code}" if operation else f"Clause {code}"
    said = line.instrument.said if line.instrument else None
    name = (said.name or said.instrument) if said else line.short.statement.instrument
    owed = [view.dialogue.commitments[one] for one in line.commitments]
    return page(
        shown,
        f"{head} of {name}",
        _SAYS,
        (
            ("texts", "Texts, side by side", _texts(shown, line)),
            ("bound", "Who is bound, by when, how it is checked", _bound(shown, line)),
            ("performed", "What is said to have come of it", _performed(shown, line)),
            ("scores", "Scores", _scores(shown, line)),
            (
                "commitments",
                "Commitments that come from it",
                commitments(shown, view, owed, "owed"),
            ),
        ),
    )


def _texts(edition: Edition, line: ClauseLine) -> tuple[Block, ...]:
    """Return a column for each text: what a reader compares stands in one row."""
    order = edition.picture.settings.place_in_order
    texts = sorted(
        line.texts,
        key=lambda r: (
            order(r.statement.version_of) if r.statement.version_of else (-1, ""),
            order(r.claimant),
            r.order,
        ),
    )
    heads = tuple(
        Column(
            edition.who(r.statement.version_of) if r.statement.version_of else "One text for all"
        )
        for r in texts
    )
    rows = (
        (cell("Told by"), *(cell(edition.who(r.claimant), Value("", (r.id,))) for r in texts)),
        (cell("Language"), *(cell(r.statement.language or "not said") for r in texts)),
        (cell("Kind of text"), *(cell(r.statement.text_status) for r in texts)),
        (cell("Number"), *(cell(r.statement.number or "not said") for r in texts)),
        (cell("Text"), *(cell(r.statement.text) for r in texts)),
        (cell("Said to differ"), *(cell(r.statement.differs or "nothing said") for r in texts)),
        (cell("Read at"), *(cell(r.url or r.publisher or "not recorded") for r in texts)),
    )
    made: list[Block] = [Table("texts", "The texts", (Column("Of the text"), *heads), rows)]
    made += [
        Sentence(
            edition.who(denial.claimant),
            (
                f"denies of clause {line.clause}: {_text_of(denial.statement) or 'that it is so'}",
                Value("", (denial.id,)),
            ),
        )
        for denial in line.denials
        if edition.admits(denial)
    ]
    return tuple(made)


def _text_of(statement: object) -> str:
    return str(getattr(statement, "text", ""))


def _bound(edition: Edition, line: ClauseLine) -> tuple[Block, ...]:
    kind = line.instrument.type.replace("_", " ") if line.instrument else "no known type"
    others = "; ".join(
        dict.fromkeys(r.statement.bound_words for r in line.texts if r.statement.bound_words)
    )
    topics = dict.fromkeys(r.statement.topic for r in line.texts if r.statement.topic)
    about = "; ".join(f"{TOPICS[topic]} ({topic})" for topic in topics) or "not said"
    rows = [
        (
            cell("Instrument"),
            cell(f"{kind}{'; this clause is a recital' if line.is_recital else ''}"),
        ),
        (cell("Others named"), cell(others or "none")),
        (cell("By when"), cell(deadlines_of(edition, line))),
        (cell("How it is checked"), cell(checks_of(edition, line))),
        (cell("About"), cell(about)),
    ]
    for party in edition.picture.in_order(line.named):
        state = next((s for code, s in line.states.items() if code == party), None)
        rows.append(
            (
                cell(edition.who(party)),
                state_cell(edition, state) if state else cell("named, and bound by nothing here"),
            )
        )
    table = Table(
        "bound", "Who, when, how", (Column("Question"), Column("As its texts have it")), tuple(rows),
        (f"Topics: {TOPICS_CITATION}.",),
    )  # fmt: skip
    return (Sentence(CORRIDOR, (f"goes by rules. {RULES}",)), table)


def _performed(edition: Edition, line: ClauseLine) -> tuple[Block, ...]:
    zone = edition.picture.settings.time_zone
    order = edition.picture.settings.place_in_order
    made: list[Block] = [
        Sentence(
            edition.who(report.claimant),
            (
                (
                    f"{words.verb(report)} it is {OUTCOMES[report.statement.outcome]}"
                    f"{f': {report.statement.text}' if report.statement.text else ''}"
                    f" ({of_when(report, zone)})"
                ),
                Value("", (report.id,)),
            ),
        )
        for report in sorted(line.performed, key=lambda r: (order(r.claimant), r.order))
    ]
    made += [
        Sentence(
            edition.who(report.claimant),
            (
                (
                    f"{'denies' if report.speech_act == 'denied' else 'alleges'} a breach of it "
                    f"(incident {report.statement.incident})"
                ),
                Value("", (report.id,)),
            ),
        )
        for report in breaches_of(edition.picture).get(line.clause, ())
        if edition.admits(report)
    ]
    return tuple(made) or (Sentence(CORRIDOR, (f"notes: {words.NO_REPORT} on what came of it.",)),)


def _scores(edition: Edition, line: ClauseLine) -> tuple[Block, ...]:
    order = edition.picture.settings.place_in_order
    made = tuple(
        Sentence(
            edition.who(report.claimant),
            (
                "scores it ",
                Value(SCORES[report.statement.score], (report.id,)),
                f": {report.statement.text}" if report.statement.text else "",
            ),
        )
        for report in sorted(line.assessments, key=lambda r: (order(r.claimant), r.order))
    )
    return made or (Sentence(CORRIDOR, ("has no score of it; that is not 0.",)),)
