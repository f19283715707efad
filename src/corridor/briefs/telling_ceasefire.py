"""What reports of a ceasefire and its incidents say, in words."""

from __future__ import annotations

from corridor.briefs import words
from corridor.briefs.brief import Text, Value
from corridor.briefs.editions import Edition
from corridor.registers.ceasefire import Ceasefire, Coverage, Handover
from corridor.registers.forecasts import IncidentForecast, RoadForecast
from corridor.registers.incidents import (
    Evidence,
    Incident,
    IncidentMerge,
    IncidentUnmerge,
    Mandate,
    Raised,
    Verification,
)
from corridor.registers.incidents.statements import figures_of
from corridor.report import Report
from corridor.values import Quantity


def told_of_ceasefire(edition: Edition, report: Report[object]) -> Text:
    """Return what a report of this register says; nothing where it is of another."""
    match report.statement:
        case Ceasefire() as said:
            return (_terms(edition, said),)
        case Coverage() as said:
            recorded = (
                f"; violations recorded: {words.amount(said.recorded)}" if said.recorded else ""
            )
            where = edition.picture.name(said.place)
            seen = Value(f"{seen_with(edition, said)}{recorded}", (report.id,))
            return (f"coverage of {where}: ", seen, f"; {said.text}" if said.text else "")
        case Handover() as said:
            return _handed_over(edition, said, report)
        case Incident() as said:
            return _incident(edition, said, report)
        case Verification() as said:
            result = said.result.replace("_", " ")
            why = f", {said.reason.replace('_', ' ')}" if said.reason else ""
            body = edition.who(said.body)
            return (
                _with(f"checking of incident {said.incident} by {body}: {result}{why}", said.text),
            )
        case Mandate() as said:
            by = words.listed([edition.who(code) for code in said.recognised_by])
            recognised = f"; recognised, as claimed, by {by}" if by else ""
            return (f"{edition.who(said.body)} may check incidents: {said.text}{recognised}",)
        case Raised() as said:
            step = {"raised": "is raised with", "draft_shown": "has its draft shown to"}.get(
                said.step, "is answered by"
            )
            return (_with(f"incident {said.incident} {step} {edition.who(said.party)}", said.text),)
        case Evidence() as said:
            of = f" on incident {said.incident}" if said.incident else ""
            return (_with(f"item {said.item}{of} is kept", said.text),)
        case RoadForecast() as said:
            road = words.road_label(edition.picture, said.road, said.towards)
            when = f"{said.day.isoformat()}, {said.horizon_days} days ahead"
            return (f"forecast for {when}: {said.chance:.0%} chance that {road} can be used",)
        case IncidentForecast() as said:
            when = f"up to {said.last_day.isoformat()}, {said.horizon_days} days ahead"
            return (f"forecast {when}: incidents, {words.amount(said.count)}",)
        case IncidentMerge() as said:
            return (
                (
                    f"incidents {said.incident} and {said.into} are one, decided by {said.decided_by}: "
                    f"{said.reason}"
                ),
            )
        case IncidentUnmerge() as said:
            return (
                (
                    f"incidents {said.incident} and {said.out_of} are two, decided by {said.decided_by}: "
                    f"{said.reason}"
                ),
            )
    return ()


def seen_with(edition: Edition, said: Coverage) -> str:
    """Say what was there to see with, as far as anything is said of it."""
    given = (
        (said.posts_open, "posts open"),
        (said.posts_closed, "posts closed"),
        (said.patrols, "patrols"),
        (said.patrol_hours, "patrol hours"),
        (said.cameras, "cameras"),
        (said.reporters, "people who report"),
    )
    parts = [f"{number} {what}" for number, what in given if number is not None]
    if said.access:
        by = f" by {edition.who(said.access_by)}" if said.access_by else ""
        parts.append(f"access {said.access}{by}")
    return "; ".join(parts) or "nothing said"


def _terms(edition: Edition, said: Ceasefire) -> str:
    whose = f", version of {edition.who(said.version_of)}" if said.version_of else ""
    zone = edition.picture.settings.time_zone
    clause = f", clause {said.clause}" if said.clause else ""
    begins = f", from {words.clock(said.begins, zone)}" if said.begins else ""
    until = f", until {words.clock(said.valid_until, zone)}" if said.valid_until else ""
    return _with(f"ceasefire {said.ceasefire}{whose}{clause}{begins}{until}", said.text)


def _handed_over(edition: Edition, said: Handover, report: Report[object]) -> Text:
    by = f" by {edition.who(said.handed_by)}" if said.handed_by else ""
    to = f" to {edition.who(said.handed_to)}" if said.handed_to else ""
    total = " in total" if said.measure == "cumulative" else ""
    figure = _figure(said.quantity, report)
    return (
        figure,
        _with(f" ({said.what.replace('_', ' ')}) handed over{by}{to}{total}", said.text),
    )


def _incident(edition: Edition, said: Incident, report: Report[object]) -> Text:
    head = f"incident {said.incident}"
    if said.axis == "who_did_it":
        who = edition.who(said.attributed_to) if said.attributed_to else "nobody named"
        return (_with(f"{head}, who did it: {who}", said.text),)
    if said.axis == "breach":
        return (_with(f"{head}, a breach of clause {said.clause}", said.text),)
    sort = said.violation or said.cause or ""
    where = f" at {edition.picture.name(said.place)}" if said.place else ""
    parts: list[str | Value] = [f"{head}{where}"]
    if sort:
        parts.append(f", {sort.replace('_', ' ').replace('-', ' ')}")
    of = f" ({edition.who(said.casualties_of)})" if said.casualties_of else ""
    for name, quantity in figures_of(said).items():
        is_of_people = quantity.unit in ("people", "remains")
        parts += [f"; {name}{of if is_of_people else ''}: ", _figure(quantity, report)]
    if said.text:
        parts.append(f"; {said.text}")
    return tuple(parts)


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
