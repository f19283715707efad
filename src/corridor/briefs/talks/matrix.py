"""The matrix of what is owed: clause by party, then every commitment; a report, and no progress bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from corridor.briefs import words
from corridor.briefs.brief import Block, Brief, Cell, Column, Sentence, Table, Value, cell
from corridor.briefs.citing import CORRIDOR, claimed, found, tally
from corridor.briefs.editions import Edition
from corridor.briefs.talks.pages import (
    checks_of,
    deadlines_of,
    made_as,
    owed_by,
    page,
    parties_of,
    state_cell,
    talks_edition,
)
from corridor.briefs.talks.registers import held_blocks
from corridor.picture.dialogue import DialogueView
from corridor.registers.dialogue import ClauseLine, CommitmentLine, InstrumentLine
from corridor.report import Handling, clears
from corridor.values import ReportId

SAYS = (
    "What is owed by whom, as texts and claimants have it. A state follows from stated rules and from "
    "whose word is there; it judges nobody."
)
RULES = (
    "A state is one of these. Done: the beneficiary or the verifier says so, for a clause another party "
    "to it or its verifier; the owner's word alone makes nothing done. Disputed: those whose word "
    "decides differ. Lapsed: one of them says so. Late: the last deadline given has passed. Due: it "
    "comes within seven days. Open: anything else. A recital and a remark bind nobody, a readout only "
    "its speaker; what is only requested, or claimed by one side, binds nobody by that."
)
COUNTED_SO = (
    "recitals apart; a calendar deadline is a day or hour that any text of the clause names, "
    "verification is anybody or anything that any text names to check it"
)
_OWED = (
    Column("Commitment"),
    Column("Owed by"),
    Column("What"),
    Column("By when"),
    Column("Made as"),
    Column("State, last word"),
)
_BARE = (Column("Clause"), Column("What"), Column("By when"), Column("How it is checked"))
_MOST_FINDINGS = 40


def matrix(view: DialogueView, *, edition: Handling, operation: str = "") -> Brief:
    """Return the matrix of clauses and commitments as one edition may show it."""
    shown = talks_edition(view, edition)
    head = f"{operation}: what is owed" if operation else "What is owed"
    owed = tuple(view.dialogue.commitments.values())
    day = words.day(shown.picture.at, shown.picture.settings.time_zone)
    return page(
        shown,
        f"{head}, {day}",
        SAYS,
        (
            ("rules", "How to read this", (Sentence(CORRIDOR, (f"goes by rules. {RULES}",)),)),
            ("commitments", "Commitments", commitments(shown, view, owed, "owed")),
            ("clauses", "Clauses, instrument by instrument", _clauses(shown, view)),
            ("bare", "Without a deadline, without verification", _bare(shown, view)),
            ("findings", "What wants a person", findings(shown, view)),
        ),
    )


def commitments(
    edition: Edition, view: DialogueView, taken: Sequence[CommitmentLine], key: str
) -> tuple[Block, ...]:
    """Return tables of commitments and of what the registers hold of them, or that there is none.

    Parameters
    ----------
    key
        Makes the names of the tables unique in a brief.
    """
    if not taken:
        return (Sentence(CORRIDOR, ("has no report of a commitment.",)),)
    ordered = sorted(taken, key=lambda c: (not c.deadlines, c.deadlines[-1:], c.claims[0].order))
    rows = tuple(_commitment(edition, line) for line in ordered)
    held = held_blocks(edition, view, ordered, key) if _shows(edition) else ()
    return (Table(f"commitments-{key}", "Who owes what to whom", _OWED, rows), *held)


def findings(edition: Edition, view: DialogueView) -> tuple[Block, ...]:
    """Return what is odd about the talks, by consequence."""
    every = view.findings
    made = [found(edition, finding) for finding in every[:_MOST_FINDINGS]]
    if len(every) > _MOST_FINDINGS:
        made.append(
            Sentence(CORRIDOR, (f"leaves out {len(every) - _MOST_FINDINGS:,} findings more.",))
        )
    return tuple(made) or (Sentence(CORRIDOR, ("finds nothing odd.",)),)


def _commitment(edition: Edition, line: CommitmentLine) -> tuple[Cell, ...]:
    zone = edition.picture.settings.time_zone
    said, last = line.said, line.claims[-1]
    told = tuple(report.id for report in line.claims)
    when = [words.moment(moment, zone) for moment in line.deadlines]
    when += [said.condition] if said.condition else []
    figure = (" (", claimed(edition, last, said.quantity), ")") if said.quantity else ()
    clause = f"; clause {said.clause}" if said.clause else ""
    denied = [
        Value(f"\n{edition.who(d.claimant)} denies this", (d.id,))
        for d in line.denials
        if edition.admits(d)
    ]
    return (
        cell(Value(line.commitment, told), clause),
        cell(owed_by(edition, line), *denied),
        cell(said.object, figure),
        cell("; ".join(when) or "none stated"),
        cell(made_as(line)),
        state_cell(edition, line.state),
    )


def _shows(edition: Edition) -> bool:
    # What is to move, where and when is for the desk that moves it; not for the public.
    return clears(edition.handling, "partners")


def _clauses(edition: Edition, view: DialogueView) -> tuple[Block, ...]:
    made: list[Block] = []
    by_instrument = groupby(_in_order(view), lambda line: line.instrument)
    without: list[ClauseLine] = []
    for instrument, lines in by_instrument:
        if instrument is None:
            without += lines
        else:
            made.append(_table(edition, instrument, tuple(lines)))
    if without:
        codes = ", ".join(line.clause for line in without)
        text = f"knows clauses of an instrument that no report here describes: {codes}."
        made.append(Sentence(CORRIDOR, (text,), "ask"))
    return tuple(made) or (Sentence(CORRIDOR, ("has no report of a clause.",)),)


def _in_order(view: DialogueView) -> Iterator[ClauseLine]:
    """Yield clauses by their instruments' dates and their own numbers, those of no known instrument last."""
    clauses = view.dialogue.clauses
    for instrument in in_order_of_date(view):
        of_it = (clauses[code] for code in instrument.clauses)
        yield from (line for line in of_it if line.instrument is instrument)
    yield from (clauses[code] for code in sorted(clauses) if clauses[code].instrument is None)


def in_order_of_date(view: DialogueView) -> tuple[InstrumentLine, ...]:
    """Return the instruments by their first date, those without one last."""

    def key(line: InstrumentLine) -> tuple[bool, str, object]:
        dates = [r.statement.dated.isoformat() for r in line.claims if r.statement.dated]
        return (not dates, min(dates, default=""), line.claims[0].order)

    return tuple(sorted(view.dialogue.instruments.values(), key=key))


def _table(edition: Edition, instrument: InstrumentLine, lines: Sequence[ClauseLine]) -> Table:
    parties = parties_of(edition, lines)
    has_others = any(r.statement.bound_words for line in lines for r in line.texts)
    columns = (
        Column("Clause"),
        Column("What"),
        Column("By when"),
        Column("How it is checked"),
        *(Column(edition.who(party)) for party in parties),
        *((Column("Others named"),) if has_others else ()),
    )
    rows = tuple(_row(edition, instrument, line, parties, has_others=has_others) for line in lines)
    said = instrument.said
    by = f", issued by {edition.who(said.issued_by)}" if said.issued_by else ""
    dates = sorted(
        {words.date_words(r.statement.dated) for r in instrument.claims if r.statement.dated}
    )
    kind = instrument.type.replace("_", " ")
    remark: tuple[str | Value, ...] = (
        Value(
            f"{kind.capitalize()}{by}; dated {' or '.join(dates) or 'not said'}.",
            tuple(r.id for r in instrument.claims),
        ),
    )
    if said.text:
        remark = (*remark, f" {said.text}")
    title = said.name or instrument.instrument
    return Table(f"instrument-{instrument.instrument}", title, columns, rows, remark)


def _row(
    edition: Edition,
    instrument: InstrumentLine,
    line: ClauseLine,
    parties: Sequence[str],
    *,
    has_others: bool,
) -> tuple[Cell, ...]:
    short = line.short.statement
    number = f"{short.number} " if short.number else ""
    others = dict.fromkeys(r.statement.bound_words for r in line.texts if r.statement.bound_words)
    return (
        cell(Value(f"{number}{line.clause}", tuple(r.id for r in line.texts))),
        cell(_short(line)),
        cell(deadlines_of(edition, line)),
        cell(checks_of(edition, line)),
        *(_party(edition, instrument, line, party) for party in parties),
        *((cell("; ".join(others)),) if has_others else ()),
    )


def _short(line: ClauseLine) -> str:
    """Return one text of a clause, in which language it is and how many there are."""
    said = line.short.statement
    many = f"{len(line.texts)} texts" if len(line.texts) > 1 else ""
    about = ", ".join(part for part in (said.language, many) if part)
    return f"{said.text} ({about})" if about else said.text


def _party(edition: Edition, instrument: InstrumentLine, line: ClauseLine, party: str) -> Cell:
    state = next((state for code, state in line.states.items() if code == party), None)
    if state is not None:
        return state_cell(edition, state)
    if party not in line.named:
        return cell("–")
    why = "a recital" if line.is_recital else f"a {instrument.type.replace('_', ' ')}"
    return cell(f"named; not bound by {why}")


def bare_counts(lines: Sequence[ClauseLine]) -> Iterator[tuple[str, tuple[ClauseLine, ...]]]:
    """Yield what clauses lack, recitals apart, with the clauses that lack it."""
    yield "without a calendar deadline", tuple(line for line in lines if not line.deadlines)
    yield "without verification", tuple(line for line in lines if not line.is_verified)
    yield (
        "without either",
        tuple(line for line in lines if not line.deadlines and not line.is_verified),
    )


def _bare(edition: Edition, view: DialogueView) -> tuple[Block, ...]:
    every = tuple(_in_order(view))
    lines = tuple(line for line in every if not line.is_recital)
    recitals = tuple(line for line in every if line.is_recital)
    if not every:
        return (Sentence(CORRIDOR, ("has no report of a clause.",)),)
    parts: list[str | Value] = [
        "counts ",
        tally(len(lines), "clause", "clauses", f"clauses, {COUNTED_SO}", _basis(lines)),
        " (",
        tally(len(recitals), "recital", "recitals", "clauses that are recitals", _basis(recitals)),
        " apart): ",
    ]
    for place, (what, lacking) in enumerate(bare_counts(lines)):
        method = f"clauses {what}: {COUNTED_SO}"
        parts += [
            ", " if place else "",
            tally(len(lacking), "clause", "clauses", method, _basis(lacking)),
            f" {what}",
        ]
    lacking_either = (line for line in lines if not line.deadlines or not line.is_verified)
    rows: list[tuple[Cell, ...]] = []
    for instrument, clauses in groupby(lacking_either, lambda line: line.instrument):
        name = (instrument.said.name or instrument.instrument) if instrument else "no known text"
        rows.append((cell(name),))
        rows += (_bare_row(edition, line) for line in clauses)
    made: list[Block] = [Sentence(CORRIDOR, (*parts, "."))]
    if rows:
        title = "Clauses without a calendar deadline or without verification"
        made.append(Table("bare", title, _BARE, tuple(rows)))
    if recitals:
        codes = ", ".join(line.clause for line in recitals)
        made.append(Sentence(CORRIDOR, (f"counts as recitals, which bind nobody: {codes}.",)))
    return tuple(made)


def _bare_row(edition: Edition, line: ClauseLine) -> tuple[Cell, ...]:
    return (
        cell(Value(line.clause, tuple(r.id for r in line.texts))),
        cell(_short(line)),
        cell(deadlines_of(edition, line) if line.deadlines else _words_only(edition, line)),
        cell(checks_of(edition, line)),
    )


def _words_only(edition: Edition, line: ClauseLine) -> str:
    given = "".join(p if isinstance(p, str) else p.text for p in deadlines_of(edition, line))
    return "no calendar deadline" if given == "none stated" else f"no calendar deadline; {given}"


def _basis(lines: Sequence[ClauseLine]) -> tuple[ReportId, ...]:
    return tuple(sorted(report.id for line in lines for report in line.texts))
