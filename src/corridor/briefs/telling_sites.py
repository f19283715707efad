"""What reports on sites say, in words: descriptions, units, who is in them, services, gaps, tickets."""

from __future__ import annotations

from corridor.briefs.brief import Text, Value
from corridor.briefs.citing import claimed
from corridor.briefs.editions import Edition
from corridor.registers.shelter import (
    Feedback,
    Occupancy,
    ServiceGap,
    ServiceLevel,
    ShelterUnit,
    Site,
)
from corridor.report import Report
from corridor.values import say_number


def told_of_sites(edition: Edition, report: Report[object]) -> Text:
    """Return what a report on a site says; empty for any other."""
    picture, said = edition.picture, report.statement
    match said:
        case Site():
            parts = [
                f"{picture.name(said.place)} is a {said.type.replace('_', ' ')}",
                *((f"owned by {edition.who(said.owner)}",) if said.owner else ()),
                *((f"run by {edition.who(said.manager)}",) if said.manager else ()),
                f"inside a military base: {said.inside_base}",
                f"armed people in it: {said.armed_presence}",
                f"free to leave: {said.free_to_leave}",
            ]
            return (", ".join(parts),)
        case ShelterUnit():
            floor = f"{say_number(said.floor_m2)} m2"
            steps = ", without steps" if said.is_step_free else ""
            state = "" if said.condition == "usable" else f", {said.condition.replace('_', ' ')}"
            figure = Value(floor, (report.id,), low=said.floor_m2, best=said.floor_m2, unit="m2")
            at = f" at {picture.name(said.place)}: "
            return (f"{said.type} {said.shelter_unit}{at}", figure, f"{steps}{state}")
        case Occupancy():
            where = f"unit {said.shelter_unit} of " if said.shelter_unit else ""
            how = "" if said.method == "not_stated" else f", {said.method.replace('_', ' ')}"
            return (claimed(edition, report), f" in {where}{picture.name(said.place)}{how}")
        case ServiceLevel():
            by = f", provided by {edition.who(said.provider)}" if said.provider else ""
            service = said.service.replace("_", " ")
            return (f"{service} at {picture.name(said.place)}: ", claimed(edition, report), by)
        case ServiceGap():
            service = said.service.replace("_", " ")
            without: Text = ()
            if said.people is not None:
                without = (", for ", claimed(edition, report, said.people))
            asked = f"; asked of {edition.who(said.asked_of)}" if said.asked_of else ""
            head = f"short of {service} at {picture.name(said.place)} by "
            return (head, claimed(edition, report), *without, asked)
        case Feedback():
            to = f" to {edition.who(said.referred_to)}" if said.referred_to else ""
            about = f"ticket {said.ticket} ({said.category.replace('_', ' ')})"
            return (f"{about} at {picture.name(said.place)}: {said.stage}{to}",)
    return ()
