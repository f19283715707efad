"""Others on the roads, as declared: the room they take, the need they leave behind, the fuel they leave with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from corridor.claims import in_unit
from corridor.picture import Picture
from corridor.planning.problem import Floats, Leg
from corridor.registers.decisions import RoadTraffic
from corridor.report import Report
from corridor.units import Unit
from corridor.values import CommodityCode, PlaceCode, Quantity, ReportId, day_end, day_start, named

# Departures reported within so many days before the picture ask for a word on those to come.
_LATELY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What others on the roads mean for a plan. D days, L legs, P places, C commodities.

    Attributes
    ----------
    vehicles
        Room on each leg that others take, the high end, (D, L) loaded vehicles.
    leaving
        People who leave a place for good on a day, the low end, (D, P).
    fuel
        Fuel taken at a place by those who leave, the high end, (D, P, C) units.
    said
        All of it in sentences.
    """

    vehicles: Floats
    leaving: Floats
    fuel: Floats
    said: tuple[str, ...]
    basis: tuple[ReportId, ...]


def fuels(picture: Picture) -> set[CommodityCode]:
    """Return the fuels that those who leave need."""
    declared = (report.statement for report in picture.decisions.traffic.values())
    return {said.fuel for said in declared if said.fuel and said.fuel_each}


def origins(picture: Picture) -> set[PlaceCode]:
    """Return the places from whose stock fuel for leaving is taken."""
    declared = (report.statement for report in picture.decisions.traffic.values())
    return {_depot(picture, said.origin) for said in declared if said.origin and said.fuel_each}


def traffic(
    picture: Picture,
    legs: Sequence[Leg],
    days: Sequence[date],
    places: Sequence[PlaceCode],
    commodities: Sequence[CommodityCode],
) -> Traffic:
    """Return what was declared of others on the roads.

    1. Of claimants who speak of the same people on the same road and day, the most vehicles and fuel count,
       and the fewest who leave.
    2. A leg gives up the room of whichever direction is fuller: convoys come back by it on the day.
    """
    by_flow = _by_flow(picture, days)
    row = {place: number for number, place in enumerate(places)}
    column = {code: number for number, code in enumerate(commodities)}
    taken: dict[tuple[int, str, str], float] = defaultdict(float)
    left = np.zeros((len(days), len(places)))
    fuel = np.zeros((len(days), len(places), len(commodities)))
    for (day, road, towards, _), told in by_flow.items():
        taken[day, road, towards] += max(
            sum(_room(picture, one) for one in said) for said in told.values()
        )
        for place in {one.origin for said in told.values() for one in said if one.origin}:
            depot = row.get(_depot(picture, place))
            if depot is None:
                continue
            speak = [[x for x in said if x.origin == place and x.people] for said in told.values()]
            left[day, depot] += min(
                (
                    sum(float(x.people.lowest or 0) for x in said if x.people)
                    for said in speak
                    if said
                ),
                default=0.0,
            )
            for code in commodities:
                burnt = max(
                    sum(_litres(picture, x) for x in said if (x.origin, x.fuel) == (place, code))
                    for said in told.values()
                )
                fuel[day, depot, column[code]] += burnt
    vehicles = np.zeros((len(days), len(legs)))
    for number, leg in enumerate(legs):
        for day in range(len(days)):
            both = taken[day, leg.road, ""]
            ways = (taken[day, leg.road, end] for end in (leg.start, leg.end))
            vehicles[day, number] = both + max(ways)
    reports = tuple(picture.decisions.traffic.values())
    basis = tuple(sorted(report.id for report in reports))
    said = (*(_say(picture, report) for report in reports), *_undeclared(picture, legs, reports))
    return Traffic(vehicles, left, fuel, said, basis)


def _by_flow(
    picture: Picture, days: Sequence[date]
) -> Mapping[tuple[int, str, str, str], Mapping[str, list[RoadTraffic]]]:
    """What each claimant declares, by day, road, direction and who moves."""
    zone = picture.settings.time_zone
    found: dict[tuple[int, str, str, str], dict[str, list[RoadTraffic]]] = {}
    for report in picture.decisions.traffic.values():
        said = report.statement
        for number, day in enumerate(days):
            if said.window_from <= day_end(day, zone) and said.window_until >= day_start(day, zone):
                flow = found.setdefault((number, said.road, said.towards or "", said.who), {})
                flow.setdefault(report.claimant, []).append(said)
    return found


def _depot(picture: Picture, place: PlaceCode) -> PlaceCode:
    known = picture.geography.places.get(place)
    return known.served_from if known and known.served_from else place


def _high(picture: Picture, quantity: Quantity) -> float:
    if quantity.highest is not None:
        return float(quantity.highest)
    return float(quantity.stated * picture.settings.stated_end_factor)


def _room(picture: Picture, said: RoadTraffic) -> float:
    return _high(picture, said.vehicles) * float(said.part_of_truck)


def _litres(picture: Picture, said: RoadTraffic) -> float:
    """Fuel a day, in the commodity's unit."""
    good = picture.supply.commodities.get(said.fuel) if said.fuel else None
    if good is None or said.fuel_each is None:
        return 0.0
    each = in_unit(said.fuel_each, Unit(good.unit), kg_per_unit=good.kg_per_unit)
    return _high(picture, said.vehicles) * _high(picture, each) if each else 0.0


def _say(picture: Picture, report: Report[RoadTraffic]) -> str:
    said = report.statement
    zone = picture.settings.time_zone
    first, last = (t.astimezone(zone).date() for t in (said.window_from, said.window_until))
    way = f" towards {named(said.towards)}" if said.towards else " both ways"
    words = (
        f"The {said.declared_by} ({named(report.claimant)}) expects {said.who.replace('_', ' ')} on "
        f"{named(said.road)}{way} from {first} to {last}, {said.vehicles} a day: convoys leave them the room "
        f"of {_room(picture, said):g} loaded vehicles"
    )
    if said.people is not None and said.origin is not None:
        low = said.people.lowest or 0
        words += f"; need at {named(said.origin)} falls by {low:,f} people a day"
    if said.fuel_each is not None and said.fuel is not None and said.origin is not None:
        words += f"; they take {said.fuel_each} of {named(said.fuel)} each at {named(said.origin)}"
    elif said.who == "people_leaving":
        words += "; nobody declared fuel for leaving, so none is counted"
    return picture.say(f"{words}.")


def _undeclared(
    picture: Picture, legs: Sequence[Leg], declared: Sequence[Report[RoadTraffic]]
) -> tuple[str, ...]:
    """Name roads by which people are reported to leave, and of which nobody said how many will."""
    told = {report.statement.road for report in declared}
    roads = {leg.road for leg in legs} - told
    leaving: dict[str, set[str]] = defaultdict(set)
    for subject, series in picture.people_register.series.items():
        if subject.event != "departure":
            continue
        for claim in series.claims:
            road = claim.report.statement.road
            if road in roads and claim.report.as_of >= picture.at - _LATELY:
                leaving[road].add(claim.report.claimant)
    return tuple(
        picture.say(
            f"People left by {named(road)} lately according to "
            f"{', '.join(named(code) for code in picture.in_order(leaving[road]))}; nobody declared road_traffic "
            "to come, so the plan leaves the road to convoys alone."
        )
        for road in sorted(leaving)
    )
