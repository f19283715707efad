"""What the registers hold of a promise, in words: every figure with who reports it, nothing added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corridor.briefs import words
from corridor.briefs.brief import Text, Value
from corridor.briefs.citing import claimed, computed
from corridor.briefs.editions import Edition
from corridor.picture.promised import Candidate, Held
from corridor.values import Quantity

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
# So many reports are named in a cell; the rest are counted.
MOST = 8


def held_words(edition: Edition, held: Iterable[Held], most: int = MOST) -> Text:
    """Return what the registers hold of deliverables, claim by claim; "No report received" if nothing."""
    parts: list[str | Value] = []
    for one in held:
        for line in _lines(edition, one, most):
            parts += ["\n" if parts else "", *line]
    return tuple(parts)


def _lines(edition: Edition, held: Held, most: int) -> Iterator[Text]:
    said = held.deliverable.statement
    zone = edition.picture.settings.time_zone
    head = f"{said.deliverable}: "
    yield (head, Value(_promised(edition, held), (held.deliverable.id,)))
    shown = [one for one in held.goods if edition.admits(one.report)]
    if said.commodity and not shown:
        yield (f"{words.NO_REPORT} of a consignment that could count.",)
    for one in shown[:most]:
        yield _candidate(edition, one, said.quantity)
    if len(shown) > most:
        ids = tuple(one.report.id for one in shown[most:])
        yield (Value(f"and {words.counted(len(shown) - most, 'report', 'reports')} more", ids),)
    for left in held.outstanding:
        if all(edition.admits(edition.picture.reports[name]) for name in left.received.basis):
            yield (
                f"open by {edition.who(left.claimant)}'s receipts: ",
                computed(left.open),
            )
    if said.commodity and shown and not held.outstanding:
        yield ("nobody reports a receipt under a waybill number, so nothing is taken off",)
    for road in held.roads if edition.is_whole else ():
        towards = edition.picture.name(road.towards)
        for seen in road.views:
            state = "" if seen.is_current else " (no longer holds)"
            yield (
                f"road towards {towards}, {edition.who(seen.claimant)}: ",
                Value(f"{seen.status}{state}", (seen.report.id,)),
            )
    for report in held.people:
        if edition.admits(report):
            yield (
                f"{edition.who(report.claimant)}: ",
                claimed(edition, report),
                f", {words.observed(report, zone)}",
            )


def _promised(edition: Edition, held: Held) -> str:
    picture, said = edition.picture, held.deliverable.statement
    zone = picture.settings.time_zone
    goods = picture.name(said.commodity) if said.commodity else ""
    figure = words.amount(said.quantity) if said.quantity else ""
    what = " of ".join(part for part in (figure, goods) if part) or f"road {said.road}"
    where = f" to {picture.name(said.place)}" if said.place and edition.is_whole else ""
    due = f" by {words.moment(said.due, zone)}" if said.due and edition.is_whole else ""
    return f"{what}{where}{due}"


def _candidate(edition: Edition, one: Candidate, promised: Quantity | None) -> Text:
    report, zone = one.report, edition.picture.settings.time_zone
    said = report.statement
    goods = edition.picture.name(said.commodity)
    number = f", number {said.consignment}" if said.consignment and edition.is_whole else ""
    total = ", a total" if said.measure == "cumulative" else ""
    wide = ", said of a wider place" if one.is_wider else ""
    after = ", after the day due" if one.when == "after" else ""
    other = ""
    if promised is not None and one.quantity is None:
        other = f"; does not convert into {promised.unit}"
    elif one.quantity is not None and one.quantity.unit != said.quantity.unit:
        other = f"; {words.amount(_short(one.quantity))} by the mass of the goods"
    day = f", {words.observed(report, zone)}" if edition.shows_route(report) else ""
    tail = f" of {goods} {_STAGES[said.stage]}{day}{number}{total}{wide}{after}{other}"
    return (f"{edition.who(report.claimant)}: ", claimed(edition, report), tail)


def _short(quantity: Quantity) -> Quantity:
    low, best, high = (words.rounded(end) for end in (quantity.low, quantity.best, quantity.high))
    return Quantity(best, quantity.unit, low, high, quantity.qualifier)
