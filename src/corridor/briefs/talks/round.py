"""The brief for the next round: what was promised, what the ledger shows, what is open, what is on the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from corridor.briefs import words
from corridor.briefs.brief import (
    Block,
    Brief,
    Cell,
    Column,
    Sentence,
    Table,
    Text,
    Tone,
    Value,
    cell,
)
from corridor.briefs.citing import CORRIDOR, tally
from corridor.briefs.editions import Edition
from corridor.briefs.talks.matrix import RULES, commitments, findings
from corridor.briefs.talks.pages import made_as, of_when, owed_by, page, quoted, talks_edition
from corridor.briefs.talks.timeline import counts, rounds
from corridor.errors import CorridorError
from corridor.picture.dialogue import DialogueView
from corridor.registers.dialogue import AgreedLine, CommitmentLine, ItemLine, RoundLine
from corridor.report import Handling, Report, clears
from corridor.statements import KIND_OF
from corridor.values import ReportId

_SAYS = (
    "Whole: what was promised, what the ledger shows of it, what is open, positions and proposals as far "
    "as this reader may know them. Not for partners or the public."
)
# Kinds that the section on what was reported since the last round leaves to other sections.
_ELSEWHERE = frozenset({"deliverable", "round", "delegation", "round_count"})
_MOST_SINCE = 40


def round_brief(view: DialogueView, *, edition: Handling, operation: str = "") -> Brief:
    """Return the brief for the next round.

    Raises
    ------
    CorridorError
        For an edition below restricted: a negotiating file is for those who negotiate.
    """
    if not clears(edition, "restricted"):
        raise CorridorError(
            f"the round brief is restricted; it cannot be made for {edition}: it holds positions, planned "
            "meetings and what is to move"
        )
    shown = talks_edition(view, edition)
    last, coming = _last(view), _coming(view)
    items = _in_order(view)
    head = f"{operation}: brief for the next round" if operation else "Brief for the next round"
    owed = tuple(view.dialogue.commitments.values())
    standing = [line for line in owed if line.state.name not in ("done", "lapsed")]
    over = [line for line in owed if line.state.name in ("done", "lapsed")]
    return page(
        shown,
        f"{head}, {words.day(shown.picture.at, shown.picture.settings.time_zone)}",
        _SAYS,
        (
            ("next", "The next round, and the last", _rounds(shown, last, coming)),
            ("open", "What is open", _open(shown, standing)),
            (
                "owed",
                "Promised, and what the ledger shows",
                commitments(shown, view, standing, "standing"),
            ),
            ("over", "Done or lapsed", commitments(shown, view, over, "over")),
            ("since", "Told since the last round", _since(shown, view, last)),
            ("agenda", "The agenda, in each side's words", _agenda(shown, items)),
            ("positions", "Positions and proposals", _positions(shown, items)),
            ("agreed", "Texts confirmed", _agreed(shown, view)),
            ("counts", "Who counts how many rounds", counts(shown, view)),
            ("findings", "What wants a person", findings(shown, view)),
        ),
    )


def _last(view: DialogueView) -> tuple[RoundLine, ...]:
    """Return the rounds held on the last day on which any was: two of one day may be one."""
    zone = view.picture.settings.time_zone
    held = [
        (line.starts.astimezone(zone).date(), line)
        for line in view.dialogue.rounds
        if line.state == "held" and line.starts is not None and line.starts <= view.picture.at
    ]
    return tuple(line for day, line in held if day == held[-1][0])


def _coming(view: DialogueView) -> RoundLine | None:
    planned = [
        line
        for line in view.dialogue.rounds
        if line.state == "planned" and line.starts is not None and line.starts > view.picture.at
    ]
    return planned[0] if planned else None


def _rounds(
    edition: Edition, last: Sequence[RoundLine], coming: RoundLine | None
) -> tuple[Block, ...]:
    made: list[Block] = []
    if coming is None:
        made.append(Sentence(CORRIDOR, ("has no report of a round that is planned.",)))
    if not last:
        made.append(Sentence(CORRIDOR, ("has no report of a round that was held.",)))
    taken = [*((coming,) if coming else ()), *last]
    return (*made, *(rounds(edition, taken) if taken else ()))


def _open(edition: Edition, owed: Sequence[CommitmentLine]) -> tuple[Block, ...]:
    if not owed:
        return (Sentence(CORRIDOR, ("knows of no commitment that is open.",)),)
    zone = edition.picture.settings.time_zone
    names = Counter(line.state.name for line in owed)
    basis = tuple(sorted({report.id for line in owed for report in line.claims}))
    counted: list[str | Value] = ["counts "]
    for place, (name, many) in enumerate(sorted(names.items())):
        method = f"commitments that are {name}, by the rules below"
        counted += [
            ", " if place else "",
            tally(many, f"commitment {name}", f"commitments {name}", method, basis),
        ]
    made: list[Block] = [
        Sentence(CORRIDOR, (*counted, ".")),
        Sentence(CORRIDOR, (f"goes by rules. {RULES}",)),
    ]
    for line in owed:
        by = f", by {words.moment(line.deadlines[-1], zone)}" if line.deadlines else ""
        told = tuple(report.id for report in (*line.claims, *line.state.latest))
        is_urgent = line.state.name in ("late", "disputed") and line.binds_owner
        tone: Tone = "act" if is_urgent else ""
        text = (
            f"counts as {line.state.name}, since {line.state.why}: {owed_by(edition, line)}, "
            f"{line.said.object}{by}{'' if line.binds_owner else f' ({made_as(line)})'}"
        )
        made.append(Sentence(CORRIDOR, (text, Value("", told)), tone))
    return tuple(made)


def _since(edition: Edition, view: DialogueView, last: Sequence[RoundLine]) -> tuple[Block, ...]:
    since = last[0].starts if last else None
    if since is None:
        return (Sentence(CORRIDOR, ("knows of no round to count from.",)),)
    order, zone = edition.picture.settings.place_in_order, edition.picture.settings.time_zone
    which = words.listed([line.round for line in last])
    day = words.day(since, zone)
    start = f"counts from {day}, the day of {which}: what was learned since it began."
    told = sorted(
        (
            report
            for report in view.picture.reports.values()
            if KIND_OF[type(report.statement)] in edition.also - _ELSEWHERE
            and report.learned_at > since
            and report.begins <= view.picture.at
        ),
        key=lambda r: (order(r.claimant), r.order),
    )
    if not told:
        return (Sentence(CORRIDOR, ("has no report of the talks since the last round.",)),)
    made = [Sentence(CORRIDOR, (start,))]
    made += [
        Sentence(
            edition.who(report.claimant),
            (
                f"{words.verb(report)} ({of_when(report, zone)}): {quoted(edition, report)}",
                Value("", (report.id,)),
            ),
        )
        for report in told[:_MOST_SINCE]
    ]
    if len(told) > _MOST_SINCE:
        made.append(Sentence(CORRIDOR, (f"leaves out {len(told) - _MOST_SINCE:,} reports more.",)))
    return tuple(made)


def _in_order(view: DialogueView) -> tuple[ItemLine, ...]:
    """Return items by the lowest place that any list gives them, those in no list last."""

    def place(line: ItemLine) -> tuple[float, str]:
        given = [r.statement.order for r in line.wordings if r.statement.order]
        return (min(given, default=float("inf")), line.item)

    return tuple(sorted(view.dialogue.items.values(), key=place))


def _agenda(edition: Edition, every: Sequence[ItemLine]) -> tuple[Block, ...]:
    """Return a row for each item and a column for each claimant's wording."""
    items = [line for line in every if line.wordings]
    if not items:
        return (Sentence(CORRIDOR, ("has no report of an agenda.",)),)
    speakers = edition.picture.in_order(r.claimant for line in items for r in line.wordings)
    columns = (Column("Item"), *(Column(edition.who(code)) for code in speakers))
    rows = tuple(_item(line, speakers) for line in items)
    remark = ("Each wording is its claimant's; none is the title of the item.",)
    return (Table("agenda", "Items", columns, rows, remark),)


def _item(line: ItemLine, speakers: Iterable[str]) -> tuple[Cell, ...]:
    by_claimant = {report.claimant: report for report in line.wordings}
    cells = [cell(line.item)]
    for code in speakers:
        report = next((r for claimant, r in by_claimant.items() if claimant == code), None)
        if report is None:
            cells.append(cell("no wording of its own"))
            continue
        said = report.statement
        place = f"{said.order}. " if said.order else ""
        cells.append(cell(Value(f"{place}{said.wording} ({said.state})", (report.id,))))
    return tuple(cells)


def _positions(edition: Edition, items: Sequence[ItemLine]) -> tuple[Block, ...]:
    zone, order = edition.picture.settings.time_zone, edition.picture.settings.place_in_order
    rows: list[tuple[Cell, ...]] = []
    for line in items:
        told: list[Report[object]] = [*line.positions, *line.proposals]
        for report in sorted(told, key=lambda r: (order(r.claimant), r.order)):
            rows.append(
                (
                    cell(line.item),
                    cell(edition.who(report.claimant)),
                    cell(of_when(report, zone)),
                    cell(quoted(edition, report), Value("", (report.id,))),
                )
            )
    if not rows:
        return (Sentence(CORRIDOR, ("has no report of a position or a proposal.",)),)
    columns = (Column("Item"), Column("Told by"), Column("When"), Column("What"))
    return (Table("positions", "Positions and proposals", columns, tuple(rows)),)


def _agreed(edition: Edition, view: DialogueView) -> tuple[Block, ...]:
    lines = view.dialogue.agreed.values()
    made: list[Block] = []
    for line in lines:
        made += _text(edition, line)
    return tuple(made) or (Sentence(CORRIDOR, ("has no report of a text confirmed by anybody.",)),)


def _text(edition: Edition, line: AgreedLine) -> Iterator[Sentence]:
    if line.is_agreed:
        by = words.listed([edition.who(p) for p in edition.picture.in_order(line.parties)])
        one = next(iter(line.confirmed.values()))[-1]
        basis: tuple[ReportId, ...] = tuple(
            sorted(r.id for found in line.confirmed.values() for r in found)
        )
        agreed: Text = (
            (
                f"shows as agreed, since {by} each confirm the same words: "
                f"{line.agreed_text}: {one.statement.text}"
            ),
            Value("", basis),
        )
        yield Sentence(CORRIDOR, agreed)
        return
    for party in edition.picture.in_order(line.confirmed):
        for report in next(found for code, found in line.confirmed.items() if code == party):
            readout: Text = (
                (
                    f"shows {line.agreed_text} as readout of {edition.who(party)}: "
                    f"{report.statement.text}"
                ),
                Value("", (report.id,)),
            )
            yield Sentence(CORRIDOR, readout, "ask")
