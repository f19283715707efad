"""What the registers hold of promises: every figure with who reports it, and nothing added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Sentence, Table, Value, cell
from corridor.briefs.citing import CORRIDOR, claimed, computed, with_denials
from corridor.briefs.editions import Edition
from corridor.briefs.telling import users
from corridor.picture.dialogue import DialogueView
from corridor.picture.promised import Candidate, Held
from corridor.registers.access import RoadView
from corridor.registers.dialogue import CommitmentLine
from corridor.values import PlaceCode, Quantity, ReportId

_STAGES = {
    "advised": "advised",
    "loaded": "loaded",
    "dispatched": "dispatched",
    "held": "held on the way",
    "passed": "let pass",
    "received": "received",
    "distributed": "handed out",
    "lost": "lost",
}
_COLUMNS = (
    Column("Who reports it"),
    Column("How much", is_number=True),
    Column("What"),
    Column("When"),
)
# So many reports of each part are listed; the rest are counted.
_MOST = 12


def held_blocks(
    edition: Edition, view: DialogueView, lines: Iterable[CommitmentLine], key: str
) -> tuple[Block, ...]:
    """Return a table of what could count for each part of each commitment, under the part as promised."""
    rows: list[tuple[Cell, ...]] = []
    silent: list[str] = []
    for line in lines:
        for code in line.deliverables:
            held = view.held[code]
            found = list(_rows(edition, held))
            head = f"{line.commitment}: {_promised(edition, held)}"
            if found:
                rows.append((cell(Value(head, (held.deliverable.id,))),))
                rows += found
            else:
                silent.append(head)
    made: list[Block] = []
    if rows:
        remark = (
            (
                "Reports that could count stand side by side, each as its claimant gave it. Nothing is added "
                "across claimants, and nothing is taken for the thing promised."
            ),
        )
        made.append(
            Table(f"held-{key}", "What the registers hold of it", _COLUMNS, tuple(rows), remark)
        )
    made += [
        Sentence(CORRIDOR, (f"notes: {words.NO_REPORT} that could count for {head}.",))
        for head in silent
    ]
    return tuple(made)


def _rows(edition: Edition, held: Held) -> Iterator[tuple[Cell, ...]]:
    zone = edition.picture.settings.time_zone
    promised = held.deliverable.statement.quantity
    shown = [one for one in held.goods if edition.admits(one.report)]
    for one in shown[:_MOST]:
        yield _candidate(edition, one, promised)
    if len(shown) > _MOST:
        ids = tuple(one.report.id for one in shown[_MOST:])
        more = words.counted(len(shown) - _MOST, "report", "reports")
        yield (cell("others"), cell(""), cell(Value(f"{more} more", ids)), cell(""))
    for left in held.outstanding:
        if all(edition.admits(edition.picture.reports[name]) for name in left.received.basis):
            by = f"open, by the receipts of {edition.who(left.claimant)}"
            yield (cell("Corridor"), cell(computed(left.open)), cell(by), cell(""))
    if shown and promised is not None and not held.outstanding:
        why = "open: nobody reports a receipt under a waybill number, so nothing is taken off"
        figure = Value(words.amount(promised), (held.deliverable.id,))
        yield (cell("Corridor"), cell(figure), cell(why), cell(""))
    yield from _roads(edition, held) if edition.is_whole else ()
    for report in held.people:
        if edition.admits(report):
            kind = type(report.statement).__name__.lower()
            yield (
                cell(edition.who(report.claimant)),
                cell(with_denials(edition, report, (claimed(edition, report),))),
                cell(kind),
                cell(words.observed(report, zone)),
            )


def _roads(edition: Edition, held: Held) -> Iterator[tuple[Cell, ...]]:
    """Yield each claim about the road that still holds or is of the time that counts, once."""
    zone = edition.picture.settings.time_zone
    start = held.deliverable.statement.counts_from or held.deliverable.as_of
    given: dict[tuple[ReportId, PlaceCode], RoadView] = {
        (seen.report.id, road.towards): seen
        for road in held.roads
        for seen in road.views
        if seen.is_current or seen.report.as_of >= start
    }
    for (name, towards), seen in given.items():
        said = seen.report.statement
        state = "" if seen.is_current else ", no longer holds"
        text = (
            f"road towards {edition.picture.name(towards)}, {users(said.user, said.cargo)}: "
            f"{seen.status}{state}"
        )
        yield (
            cell(edition.who(seen.claimant)),
            cell(""),
            cell(Value(text, (name,))),
            cell(words.observed(seen.report, zone)),
        )


def _promised(edition: Edition, held: Held) -> str:
    picture, said = edition.picture, held.deliverable.statement
    zone = picture.settings.time_zone
    goods = picture.name(said.commodity) if said.commodity else ""
    figure = words.amount(said.quantity) if said.quantity else ""
    what = " of ".join(part for part in (figure, goods) if part) or f"road {said.road}"
    where = f" to {picture.name(said.place)}" if said.place else ""
    due = f" by {words.moment(said.due, zone)}" if said.due else ""
    return f"{what}{where}{due} (part {said.deliverable})"


def _candidate(edition: Edition, one: Candidate, promised: Quantity | None) -> tuple[Cell, ...]:
    report, zone = one.report, edition.picture.settings.time_zone
    said = report.statement
    parts = [f"{edition.picture.name(said.commodity)} {_STAGES[said.stage]}"]
    if said.consignment and edition.is_whole:
        parts.append(f"number {said.consignment}")
    if said.measure == "cumulative":
        parts.append("a total")
    if one.is_wider:
        parts.append(f"said of a wider place, {edition.picture.name(said.destination)}")
    if one.when == "after":
        parts.append("after the day due")
    if promised is not None and one.quantity is None:
        parts.append(f"does not convert into {promised.unit}")
    elif one.quantity is not None and one.quantity.unit != said.quantity.unit:
        parts.append(f"{words.amount(_short(one.quantity))} by the mass of the goods")
    day = words.observed(report, zone) if edition.shows_route(report) else "not in this edition"
    return (
        cell(edition.who(report.claimant)),
        cell(with_denials(edition, report, (claimed(edition, report),))),
        cell(Value(", ".join(parts), (report.id,), is_marked=False)),
        cell(day),
    )


def _short(quantity: Quantity) -> Quantity:
    low, best, high = (words.rounded(end) for end in (quantity.low, quantity.best, quantity.high))
    return Quantity(best, quantity.unit, low, high, quantity.qualifier)
