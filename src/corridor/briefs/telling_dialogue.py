"""What reports of talks say, in words."""

from __future__ import annotations

from corridor.briefs import words
from corridor.briefs.brief import Text, Value
from corridor.briefs.editions import Edition
from corridor.registers.dialogue import (
    AgendaItem,
    AgreedText,
    Assessment,
    Clause,
    Commitment,
    Delegation,
    Deliverable,
    Instrument,
    Performance,
    Position,
    Process,
    Proposal,
    Round,
    RoundCount,
    RoundMerge,
    RoundUnmerge,
)
from corridor.report import Report
from corridor.values import PartyCode, Quantity

OUTCOMES = {
    "done": "done",
    "partly_done": "partly done",
    "under_way": "under way",
    "not_done": "not done",
    "lapsed": "lapsed",
    "disputed": "disputed",
}
SCORES = {
    "0": "0, not begun",
    "1": "1, minimum",
    "2": "2, intermediate",
    "3": "3, full",
    "not_assessed": "not assessed",
    "cannot_be_assessed": "cannot be assessed",
    "disputed": "disputed",
    "reversed": "reversed",
    "lapsed": "lapsed",
}


def told_of_dialogue(edition: Edition, report: Report[object]) -> Text:
    """Return what a report of talks says; nothing where it is of another subject."""
    return (
        _of_texts(edition, report)
        or _of_rounds(edition, report)
        or _of_items(edition, report)
        or _of_promises(edition, report)
    )


def people_listed(edition: Edition, codes: tuple[PartyCode, ...]) -> str:
    """Name parties in the operation's order."""
    return words.listed([edition.who(code) for code in edition.picture.in_order(codes)])


def _of_texts(edition: Edition, report: Report[object]) -> Text:
    match report.statement:
        case Instrument() as said:
            by = f", issued by {edition.who(said.issued_by)}" if said.issued_by else ""
            dated = f", dated {words.date_words(said.dated)}" if said.dated else ""
            kind = said.type.replace("_", " ")
            head = f"{said.name or said.instrument}, instrument of type {kind}{by}{dated}"
            return (_with(head, said.text),)
        case Clause() as said:
            number = f" ({said.number})" if said.number else ""
            whose = f", text of {edition.who(said.version_of)}" if said.version_of else ""
            status = f", {said.text_status}" + (f" in {said.language}" if said.language else "")
            recital = ", a recital" if said.is_recital else ""
            return (f"clause {said.clause}{number}{whose}{status}{recital}: {said.text}",)
        case AgreedText() as said:
            language = f" in {said.language}" if said.language else ""
            return (f"words confirmed of {said.agreed_text}{language}: {said.text}",)
    return ()


def _of_rounds(edition: Edition, report: Report[object]) -> Text:
    zone = edition.picture.settings.time_zone
    match report.statement:
        case Process() as said:
            between = f" between {people_listed(edition, said.parties)}" if said.parties else ""
            return (_with(f"talks {said.name or said.process}{between}", said.text),)
        case Round() as said:
            parts = [f"round {said.round} {said.state}"]
            if said.place:
                parts.append(f"at {edition.picture.name(said.place)}")
            if said.began:
                until = f", until {words.clock(said.ended, zone)}" if said.ended else ""
                parts.append(f"began {words.moment(said.began, zone)}{until}")
            elif said.planned_from:
                parts.append(f"planned for {words.moment(said.planned_from, zone)}")
            made: list[str | Value] = [" ".join(parts)]
            if said.duration:
                made += ["; it took ", _figure(said.duration, report)]
            if said.text:
                made.append(f"; {said.text}")
            if said.next_meeting:
                made.append(f"; next meeting: {said.next_meeting}")
            return tuple(made)
        case RoundMerge() as said:
            decided = f"decided by {said.decided_by}: {said.reason}"
            return (f"rounds {said.round} and {said.same_as} are one, {decided}",)
        case RoundUnmerge() as said:
            decided = f"decided by {said.decided_by}: {said.reason}"
            return (f"rounds {said.round} and {said.not_same_as} are two, {decided}",)
        case RoundCount() as said:
            count = _figure(said.quantity, report)
            return (count, _with(f" of {said.process} counted", said.text))
        case Delegation() as said:
            where = {"in": "was there", "out": "was not there or left", "expected": "was expected"}
            head = f"for {edition.who(said.side)} at round {said.round}: {said.role}"
            many = f" ({words.amount(said.quantity)})" if said.quantity else ""
            mandate = f"; mandate: {said.mandate}" if said.mandate else ""
            return (Value(f"{head}{many} {where[said.presence]}{mandate}", (report.id,)),)
    return ()


def _of_items(edition: Edition, report: Report[object]) -> Text:
    zone = edition.picture.settings.time_zone
    match report.statement:
        case AgendaItem() as said:
            place = f", number {said.order} of its list" if said.order else ""
            head = f"item {said.item}{place}, {said.state}: {said.wording}"
            return (Value(head, (report.id,)),)
        case Position() as said:
            how = "in public" if said.said_in == "public" else "in confidence"
            return (f"position of {edition.who(said.party)} on {said.item}, {how}: {said.text}",)
        case Proposal() as said:
            to = f" to {people_listed(edition, said.sent_to)}" if said.sent_to else ""
            when = f", sent {words.moment(said.sent_at, zone)}" if said.sent_at else ""
            links = f"; only with {words.listed(list(said.only_with))}" if said.only_with else ""
            answer = "" if said.answer == "none_yet" else f"; {said.answer}"
            head = (
                f"proposal {said.proposal}, version {said.version}, of {edition.who(said.author)}"
            )
            return (Value(f"{head}{to}{when}: {said.text}{links}{answer}", (report.id,)),)
    return ()


def _of_promises(edition: Edition, report: Report[object]) -> Text:
    picture = edition.picture
    zone = picture.settings.time_zone
    match report.statement:
        case Commitment() as said:
            to = f" to {edition.who(said.beneficiary)}" if said.beneficiary else ""
            head = f"commitment {said.commitment} of {edition.who(said.owner)}{to}: {said.object}"
            made: list[str | Value] = [head]
            if said.quantity:
                made += [", ", _figure(said.quantity, report)]
            if said.deadline:
                made.append(f", by {words.moment(said.deadline, zone)}")
            if said.condition:
                made.append(f"; {said.condition}")
            return (*made, f" ({said.made_as.replace('_', ' ')})")
        case Deliverable() as said:
            what = f" of {picture.name(said.commodity)}" if said.commodity else ""
            where = f" to {picture.name(said.place)}" if said.place else ""
            road = f"road {said.road} open" if said.road else ""
            due = f", by {words.moment(said.due, zone)}" if said.due else ""
            figure: Text = (_figure(said.quantity, report),) if said.quantity else ()
            goods = f"{what}{where}" if figure else f"{what.removeprefix(' of ')}{where}"
            return (f"deliverable {said.deliverable}: ", *figure, f"{goods}{road}{due}")
        case Performance() as said:
            figure = (": ", _figure(said.quantity, report)) if said.quantity else ()
            head = f"{owed_as(said)} is {OUTCOMES[said.outcome]}"
            return (head, *figure, f"; {said.text}" if said.text else "")
        case Assessment() as said:
            score = SCORES[said.score]
            return (Value(_with(f"{owed_as(said)} is scored {score}", said.text), (report.id,)),)
    return ()


def owed_as(said: Performance | Assessment) -> str:
    """Name the commitment or the clause that is spoken of."""
    return f"commitment {said.commitment}" if said.commitment else f"clause {said.clause}"


def _figure(quantity: Quantity, report: Report[object]) -> Value:
    return Value(
        words.amount(quantity),
        (report.id,),
        low=quantity.low,
        best=quantity.best,
        high=quantity.high,
        unit=quantity.unit,
    )


def _with(head: str, text: str) -> str:
    return f"{head}; {text}" if text else head
