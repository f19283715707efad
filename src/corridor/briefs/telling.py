"""What a report says, in words: one phrase for each kind of statement, its figures cited."""

from __future__ import annotations

from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Text, Value
from corridor.briefs.citing import claimed
from corridor.briefs.editions import Edition
from corridor.briefs.telling_ceasefire import told_of_ceasefire
from corridor.briefs.telling_dialogue import told_of_dialogue
from corridor.briefs.telling_sites import told_of_sites
from corridor.registers.access import Notification, PassageAnswer, PassageRequest, RoadStatus
from corridor.registers.decisions import (
    Adopted,
    ConvoyReleased,
    Hold,
    PlanApproved,
    Release,
    RoadOutlook,
    RoadTraffic,
)
from corridor.registers.general import Observation, Setting
from corridor.registers.geography import Organisation, Party, Place, PlaceName, Road
from corridor.registers.people import Arrival, Departure, Headcount
from corridor.registers.supply import Commodity, Consignment, Fleet, NeedRate, Pipeline, StockCount
from corridor.report import Report
from corridor.standards import ACCESS_CONSTRAINTS, VEHICLE_CLASSES
from corridor.values import PartyCode

_STAGES = {
    "advised": "advised to",
    "loaded": "loaded for",
    "dispatched": "dispatched to",
    "held": "held on the way to",
    "passed": "let pass on the way to",
    "received": "received at",
    "distributed": "handed out at",
    "lost": "lost on the way to",
}
_GROUPS = {
    "present": "present",
    "sheltered": "sheltered",
    "displaced": "displaced",
    "patients": "patients",
    "stranded": "stranded",
    "remaining": "remaining",
    "registered": "registered",
}
_USERS = {
    "all": "all users",
    "humanitarian": "humanitarian traffic",
    "commercial": "commercial traffic",
    "military": "military traffic",
    "civilians": "civilians",
    "patients": "patients",
}


def told(edition: Edition, report: Report[Any]) -> Text:
    """Return what a report says, without its claimant and without the time it is about."""
    about = _people(edition, report) or _goods(edition, report) or _roads(edition, report)
    about = about or told_of_ceasefire(edition, report) or told_of_sites(edition, report)
    about = about or told_of_dialogue(edition, report)
    return tidy(about or _rest(edition, report))


def in_words(parts: Text) -> str:
    """Return parts as one plain text."""
    return "".join(part.text if isinstance(part, Value) else part for part in parts)


def users(user: str, cargo: str) -> str:
    """Say for whom and for what a road is meant."""
    goods = "" if cargo == "all" else f", {cargo}"
    return f"{_USERS[user]}{goods}"


def ages(said: Any) -> str:
    """Say which part of a group is counted; empty where all are."""
    low, high, sex = said.min_age, said.max_age, getattr(said, "sex", "any")
    part = {"f": "female", "m": "male"}.get(sex, "")
    if low is None and high is None:
        return part
    if low is None:
        return f"{part} aged up to {high}".strip()
    return (
        f"{part} aged {low} and over".strip()
        if high is None
        else f"{part} aged {low} to {high}".strip()
    )


def tidy(parts: Text) -> Text:
    """Drop empty parts."""
    return tuple(part for part in parts if part != "")


def _people(edition: Edition, report: Report[Any]) -> Text:
    picture, said = edition.picture, report.statement
    match said:
        case Headcount():
            part = f" ({ages(said)})" if ages(said) else ""
            unclear = (
                "; whether there at that hour or in total is not said"
                if said.measure == "unclear"
                else ""
            )
            total = " in total" if said.measure == "cumulative" else ""
            how = "" if said.method == "not_stated" else f", {said.method.replace('_', ' ')}"
            group = _GROUPS[said.group]
            return (
                claimed(edition, report),
                f" {group}{part} at {picture.name(said.place)}{total}{how}{unclear}",
            )
        case Arrival():
            start = f" from {picture.name(said.origin)}" if said.origin else ""
            return (
                claimed(edition, report),
                f" came to {picture.name(said.place)}{start}",
                *_journey(edition, report),
            )
        case Departure():
            end = f" for {picture.name(said.destination)}" if said.destination else ""
            return (
                claimed(edition, report),
                f" left {picture.name(said.place)}{end}",
                *_journey(edition, report),
            )
    return ()


def _journey(edition: Edition, report: Report[Any]) -> Text:
    said, zone = report.statement, edition.picture.settings.time_zone
    part = f" ({ages(said)})" if ages(said) else ""
    mode = (
        ""
        if said.mode == "any"
        else f", with {said.mode.replace('_', ' ')}"
        if said.mode != "on_foot"
        else ", on foot"
    )
    escort = f", escorted by {edition.who(said.escorted_by)}" if said.escorted_by else ""
    since = f" since {words.day(said.since, zone)}" if said.since else ""
    total = f", in total{since}" if said.measure == "cumulative" else ""
    return (f"{part}{mode}{escort}{total}",)


def _goods(edition: Edition, report: Report[Any]) -> Text:
    picture, said = edition.picture, report.statement
    zone = picture.settings.time_zone
    match said:
        case Consignment():
            goods = picture.name(said.commodity)
            number = (
                f" (number {said.consignment})" if said.consignment and edition.is_whole else ""
            )
            since = f" since {words.day(said.since, zone)}" if said.since else ""
            total = f", in total{since}" if said.measure == "cumulative" else ""
            where = (
                f" of {goods} {_STAGES[said.stage]} {picture.name(said.destination)}{number}{total}"
            )
            return (claimed(edition, report), where, *_cargo_parties(edition, report))
        case StockCount():
            goods, where = picture.name(said.commodity), picture.name(said.place)
            return (claimed(edition, report), f" of {goods} in store at {where}, {said.method}")
        case NeedRate():
            group = f" for those {said.group}" if said.group else ""
            place = f" at {picture.name(said.place)}" if said.place else ""
            cited = f" ({said.citation})" if said.citation else ""
            rate = f" of {picture.name(said.commodity)} a person and day{group}{place}{cited}"
            return (claimed(edition, report), rate)
        case Pipeline():
            when = words.span(said.expected_from, said.expected_until, zone)
            donor = f", from {edition.who(said.donor)}" if said.donor else ""
            goods, where = picture.name(said.commodity), picture.name(said.place)
            return (claimed(edition, report), f" of {goods} expected at {where}, {when}{donor}")
        case Fleet():
            count = words.counted(said.vehicles, "vehicle", "vehicles")
            form, payload = (
                VEHICLE_CLASSES[said.vehicle_class],
                f"{said.payload_t.normalize():f} t each",
            )
            load = f" ({said.carrier_class}, {form}, {payload})"
            return (Value(count, (report.id,)), f"{load} ready at {picture.name(said.base)}")
        case Commodity():
            return (f"{said.name} is counted in {said.unit} and carried as {said.carrier_class}",)
    return ()


def _cargo_parties(edition: Edition, report: Report[Any]) -> Text:
    said = report.statement
    roles: list[tuple[str, PartyCode | None]] = [
        ("sent by", said.consignor),
        ("carried by", said.carrier),
        ("kept by", said.custodian),
        ("handed out by", said.distributor),
    ]
    named = [f"{role} {edition.who(code)}" for role, code in roles if code]
    parts: list[str | Value] = [f"; {', '.join(named)}" if named else ""]
    if said.vehicles is not None and edition.shows_route(report):
        parts += ["; on ", Value(words.amount(said.vehicles), (report.id,))]
    if said.road is not None and edition.shows_route(report):
        parts.append(f"; by road {said.road}")
    if said.reason:
        parts.append(f"; reason given: {said.reason}")
    return tuple(parts)


def _roads(edition: Edition, report: Report[Any]) -> Text:
    picture, said = edition.picture, report.statement
    zone = picture.settings.time_zone
    match said:
        case RoadStatus():
            road = words.road_label(picture, said.road, said.towards)
            why = f"; reason given: {ACCESS_CONSTRAINTS[said.reason]}" if said.reason else ""
            more = f"; {said.text}" if said.text else ""
            until = f", until {words.clock(said.valid_until, zone)}" if said.valid_until else ""
            return (
                f"{road} is {said.status} for {users(said.user, said.cargo)}{until}{why}{more}",
            )
        case Notification():
            mover, hearer = edition.who(said.carrier), edition.who(said.notified_to)
            told_to = f"a movement by {mover} was notified to {hearer}"
            if not edition.shows_route(report):
                return (f"{told_to}, {said.state}; route and time are not in this edition",)
            road = words.road_label(picture, said.road, said.towards)
            return (
                f"{told_to}, {said.state}: {road}, ",
                f"{words.span(said.window_from, said.window_until, zone)}; {said.items}",
            )
        case PassageRequest():
            when = words.span(said.window_from, said.window_until, zone)
            road = words.road_label(picture, said.road, said.towards)
            return (
                f"passage {said.request} is asked of {edition.who(said.asked_of)}: {road}, {when}",
            )
        case PassageAnswer():
            escort = f"; escort by {edition.who(said.escort)}" if said.escort else ""
            terms = f"; {said.conditions}" if said.conditions else ""
            answer = said.answer.replace("_", " ")
            return (f"passage {said.request} is answered '{answer}'{terms}{escort}",)
    return ()


def _rest(edition: Edition, report: Report[Any]) -> Text:
    picture, said = edition.picture, report.statement
    zone = picture.settings.time_zone
    match said:
        case Adopted():
            of = picture.name(said.commodity) if said.commodity else "people"
            where, subject = picture.name(said.place), said.subject.replace("_", " ")
            what = f" is the figure for {subject} ({of}) at {where}"
            return (
                claimed(edition, report),
                f"{what}, decided by {said.decided_by}: {said.reason}",
            )
        case PlanApproved():
            return (f"plan {said.plan} is approved by {said.decided_by}; {said.reason}",)
        case Release():
            who = f"{said.released_by}, agreed by {said.agreed_by}"
            return (f"a public brief ({said.brief[:16]}) is released by {who}",)
        case ConvoyReleased():
            when = words.span(said.window_from, said.window_until, zone)
            road = words.road_label(picture, said.road, said.towards)
            return (f"a convoy is released by {said.decided_by}: {road}, {when}; {said.reason}",)
        case Hold():
            until = f" until {words.clock(said.until, zone)}" if said.until else " until withdrawn"
            road = words.road_label(picture, said.road, said.towards)
            return (
                f"nothing leaves by {road}{until}, decided by {said.decided_by}: {said.reason}",
            )
        case RoadOutlook():
            road = words.road_label(picture, said.road, said.towards)
            days = f"open for {said.open_days}, closed for {said.closed_days}"
            return (f"outlook of {road}, by the {said.declared_by}: {days}; {said.reason}",)
        case RoadTraffic():
            when = words.span(said.window_from, said.window_until, zone)
            road = words.road_label(picture, said.road, said.towards)
            who = said.who.replace("_", " ")
            return (
                (
                    f"traffic on {road} expected by the {said.declared_by}: {who}, {said.vehicles} a day, "
                    f"{when}; {said.reason}"
                ),
            )
        case Observation():
            where = picture.name(said.place) if said.place else ""
            road = words.road_label(picture, said.road) if said.road else ""
            at = ", ".join(part for part in (where, road) if part)
            head = (
                f"{said.indicator.replace('-', ' ').replace('_', ' ')}{f' ({at})' if at else ''}: "
            )
            figure: Text = (
                (claimed(edition, report), "; " if said.text else "") if said.quantity else ()
            )
            return (head, *figure, said.text)
        case Setting():
            value = ", ".join(part.strip() for part in said.value.split(","))
            reason = f"; {said.reason}" if said.reason else ""
            return (f"setting {said.name.replace('_', ' ')} is '{value}'{reason}",)
        case Place():
            return (f"{picture.name(said.place)} is a {said.type}",)
        case PlaceName():
            user = edition.who(said.used_by)
            return (f"'{said.name}' ({said.language}) is a name for {said.place} used by {user}",)
        case Road():
            start, end = picture.name(said.start), picture.name(said.end)
            km, h = f"{said.distance_km.normalize():f} km", f"{said.drive_h.normalize():f} h"
            return (
                f"road {said.road} joins {start} and {end}: ",
                Value(f"{km}, {h} for a loaded truck", (report.id,)),
            )
        case Party():
            return (f"party {said.party} is shown as {said.name}",)
        case Organisation():
            return (f"organisation {said.organisation} is shown as {said.name}",)
    return ("a report of a kind this brief does not put into words",)
