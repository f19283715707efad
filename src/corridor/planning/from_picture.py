"""How a picture becomes a planning problem: the one place where decimals become floats."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np

from corridor.errors import PlanningError
from corridor.hazards import Hazards
from corridor.picture import PeopleLine, Picture, RoadLine
from corridor.planning.aims import Aims
from corridor.planning.arrivals import arrivals, late_goods, said_of_arrivals
from corridor.planning.declared import (
    daily_loss,
    fuels_burnt,
    not_carried,
    said_of_returns,
    said_of_rules,
    stays,
    t_per_unit,
    together,
    way_back,
)
from corridor.planning.faults import aims_faults
from corridor.planning.problem import (
    Floats,
    Leg,
    Problem,
    Vehicles,
)
from corridor.planning.road_access import AccessByDay, access_by_day, road_line
from corridor.planning.road_chances import with_chances
from corridor.planning.traffic import Traffic, fuels, origins, traffic
from corridor.registers.geography import Road
from corridor.registers.supply import Commodity, Fleet
from corridor.report import Report
from corridor.values import CommodityCode, PlaceCode, ReportId, RoadCode


def problem(picture: Picture, aims: Aims, hazards: Hazards | None = None) -> Problem:
    """Return the planning problem that a picture sets, and the chances of its roads where given.

    1. Days: the first is the day after `picture.at`, in the operation's time zone.
    2. Places: every end of a road, every place with stock or need; those of type hub only send.
    3. Commodities: those needed somewhere; a stock of something nobody needs is left where it is.
    4. Legs: every road in the direction from where vehicles are based.
    5. Numbers: need and stock at the cautious end, road capacity by status today and by the aims' share later.
    6. Passages and holds by leg and day.
    7. With hazards, later days follow the chances of the roads instead of the share.

    Raises
    ------
    PlanningError
        Naming everything that is missing: no need rate, no people, no road, no fleet is not an error but a plan
        whose unmet says why; a horizon under one day and a road without vehicles a day are.
    """
    if picture.settings.loads_ahead != "no":
        aims = replace(aims, loads_ahead=picture.settings.loads_ahead)
    days = _days(picture, aims)
    fleets = tuple(r for _, r in sorted(picture.supply.fleets.items()))
    commodities = tuple(
        sorted({*_commodities(picture), *fuels(picture), *fuels_burnt(picture, fleets)})
    )
    legs = _legs(picture, fleets)
    places = tuple(sorted({*_places(picture, commodities, legs), *origins(picture)}))
    vehicles = tuple(_vehicles(report.statement, aims) for report in fleets)
    stock, people, people_low, rate, per_day = _amounts(picture, places, commodities)
    burns, back_fuel = way_back(picture, legs, fleets, commodities)
    others = traffic(picture, legs, days, places, commodities)
    demand, staying = _demand(people, per_day, others)
    goods = [picture.supply.commodities[code] for code in commodities]
    payload = np.array([[_payload(f.statement, good) for good in goods] for f in fleets])
    payload = payload.reshape(len(fleets), len(goods))
    access = access_by_day(picture, legs, vehicles, goods, days, aims)
    made = Problem(
        aims=aims,
        days=days,
        places=places,
        commodities=commodities,
        units=tuple(good.unit for good in goods),
        legs=legs,
        fleets=vehicles,
        t_per_unit=np.array([t_per_unit(good) for good in goods]),
        stock=stock,
        people=people,
        demand=demand,
        rate=rate,
        arrivals=arrivals(picture, days, places, commodities, aims),
        people_low=people_low,
        late=late_goods(picture, days, places, commodities, aims),
        storage_t=_room(picture, places, "storage_t"),
        tank_t=_room(picture, places, "tank_t"),
        is_liquid=np.array(
            [good.carrier_class in ("tanker", "water") for good in goods], dtype=bool
        ),
        is_hub=np.array([_is_hub(picture, place) for place in places], dtype=bool),
        urgency=np.array([float(good.urgency) for good in goods]),
        road_vehicles=access.vehicles,
        may_depart=access.may_depart,
        why_not=access.why_not,
        class_passes=access.class_passes,
        payload=payload,
        trip_days=_trip_days(picture, legs, fleets, aims.window_h),
        lead_days=np.array(
            [_lead_days(picture.geography.roads[leg.road], aims) for leg in legs], dtype=np.int64
        ),
        passages=access.passages,
        assumptions=(
            *_assumptions(picture, None if hazards else aims, places),
            *others.said,
            *said_of_rules(picture, goods, legs, aims),
            *said_of_arrivals(picture, days, aims),
            *(picture.say(said) for said in said_of_returns(fleets)),
            *_stays_away(picture, legs, days[0], access),
            *not_carried(picture, goods, vehicles, payload),
        ),
        basis=tuple(sorted({*_basis(picture, fleets), *others.basis})),
        digest=picture.digest,
        cargo=tuple("" if good.cargo == "all" else good.cargo for good in goods),
        cargo_passes=access.cargo_passes,
        status_vehicles=access.status_vehicles,
        status_passes=access.status_passes,
        burns=burns,
        back_fuel=back_fuel,
        stays=stays(fleets),
        daily_loss=daily_loss(goods),
        together=together(picture, legs),
        other_vehicles=others.vehicles if others.vehicles.any() else None,
        staying=staying,
        persons=_leaving(per_day, others),
        roads=tuple((road.start, road.end) for _, road in sorted(picture.geography.roads.items())),
    )
    return made if hazards is None else with_chances(made, hazards)


def ways(picture: Picture) -> tuple[tuple[RoadCode, PlaceCode], ...]:
    """Return the roads and ends towards which goods go, whose chances `problem` needs."""
    fleets = tuple(r for _, r in sorted(picture.supply.fleets.items()))
    return tuple((leg.road, leg.end) for leg in _legs(picture, fleets))


def days_planned(picture: Picture, aims: Aims) -> tuple[date, ...]:
    """Return the days that a plan made from a picture is about.

    Raises
    ------
    PlanningError
        Naming every aim that cannot be.
    """
    return _days(picture, aims)


def _days(picture: Picture, aims: Aims) -> tuple[date, ...]:
    faults = tuple(aims_faults(aims))
    if faults:
        raise PlanningError("\n".join(faults))
    first = picture.at.astimezone(picture.settings.time_zone).date() + timedelta(days=1)
    return tuple(first + timedelta(days=n) for n in range(aims.horizon_days))


def _commodities(picture: Picture) -> tuple[CommodityCode, ...]:
    needed = {line.commodity for line in picture.stocks if line.rate.is_known}
    return tuple(sorted(needed))


def _legs(picture: Picture, fleets: Iterable[Report[Fleet]]) -> tuple[Leg, ...]:
    bases = {report.statement.base for report in fleets}
    legs = []
    for code, road in sorted(picture.geography.roads.items()):
        for start, end in ((road.start, road.end), (road.end, road.start)):
            if start in bases and not _is_hub(picture, end):
                line = road_line(picture, code, end)
                legs.append(
                    Leg(
                        code,
                        start,
                        end,
                        float(road.distance_km),
                        road.granted_by,
                        line.status,
                        _age_h(line, picture.at),
                        line.basis,
                        float(road.notice_h) if road.notice_h is not None else None,
                    )
                )
    return tuple(legs)


def _age_h(line: RoadLine, at: datetime) -> float | None:
    leading = line.leading
    if not leading:
        return None
    return round((at - max(view.report.as_of for view in leading)) / timedelta(hours=1), 1)


def _places(
    picture: Picture, commodities: tuple[CommodityCode, ...], legs: tuple[Leg, ...]
) -> tuple[PlaceCode, ...]:
    held = {line.place for line in picture.stocks if line.commodity in commodities}
    expected = {report.statement.place for report in picture.supply.pipeline}
    ends = {place for leg in legs for place in (leg.start, leg.end)}
    return tuple(sorted(held | ends | (expected & set(picture.geography.places))))


def _is_hub(picture: Picture, place: PlaceCode) -> bool:
    known = picture.geography.places.get(place)
    return known is not None and known.type == "hub"


def _vehicles(fleet: Fleet, aims: Aims) -> Vehicles:
    return Vehicles(
        fleet.fleet,
        fleet.base,
        fleet.carrier_class,
        fleet.vehicle_class,
        fleet.vehicles,
        float(fleet.payload_t),
        float(fleet.cost_per_km) if fleet.cost_per_km is not None else aims.vehicle_km_cost,
        float(fleet.fuel_l_per_100km) / 100 if fleet.fuel_l_per_100km is not None else None,
    )


def _amounts(
    picture: Picture, places: tuple[PlaceCode, ...], commodities: tuple[CommodityCode, ...]
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    shape = (len(places), len(commodities))
    stock, rate, per_day = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    people, people_low = np.zeros(len(places)), np.zeros(len(places))
    row = {place: i for i, place in enumerate(places)}
    column = {code: j for j, code in enumerate(commodities)}
    for line in picture.people:
        known = picture.geography.places.get(line.place)
        depot = known.served_from if known and known.served_from else line.place
        if depot in row and line.cautious is not None:
            people[row[depot]] += float(line.cautious)
            people_low[row[depot]] += float(_lowest(line))
    for stock_line in picture.stocks:
        if stock_line.place not in row or stock_line.commodity not in column:
            continue
        i, j = row[stock_line.place], column[stock_line.commodity]
        stock[i, j] = float(stock_line.cautious or 0)
        rate[i, j] = float(stock_line.rate.high or stock_line.rate.best or 0)
        need = stock_line.need_per_day
        per_day[i, j] = float(
            need.high if need.high is not None else need.best or people[i] * rate[i, j]
        )
    return stock, people, people_low, rate, per_day


def _lowest(line: PeopleLine) -> Decimal:
    """The low end of the claims where they have both; else the number that is planned with."""
    assert line.cautious is not None
    low, high = line.now.low, line.now.high
    return min(low, line.cautious) if low is not None and high is not None else line.cautious


def _demand(people: Floats, per_day: Floats, others: Traffic) -> tuple[Floats, Floats | None]:
    """Need by day, (D, P, C), and the share of people still there, (D, P) or None where nobody leaves."""
    leaving = others.leaving
    days = len(leaving)
    if not leaving.any():
        return np.repeat(per_day[np.newaxis], days, axis=0) + others.fuel, None
    counted = np.where(people > 0, people, np.inf)
    # Those who leave on a day still need what is handed out that day.
    gone = np.cumsum(leaving, axis=0) - leaving
    staying = np.clip(1.0 - gone / counted, 0.0, 1.0)
    return per_day * staying[..., np.newaxis] + others.fuel, staying


def _leaving(per_day: Floats, others: Traffic) -> Floats | None:
    """People behind fuel that is needed to leave and for nothing else, (P, C): those of a mean day."""
    only = (per_day <= 0) & (others.fuel > 0).any(axis=0)
    found = np.where(only, others.leaving.mean(axis=0)[:, np.newaxis], 0.0)
    return found if found.any() else None


def _room(picture: Picture, places: tuple[PlaceCode, ...], which: str) -> Floats:
    room = np.full(len(places), np.inf)
    for i, place in enumerate(places):
        known = picture.geography.places.get(place)
        stated = getattr(known, which) if known else None
        if stated is not None:
            room[i] = float(stated)
    return room


def _payload(fleet: Fleet, good: Commodity) -> float:
    if fleet.carrier_class != good.carrier_class:
        return 0.0
    limits = []
    weight = t_per_unit(good)
    if weight > 0:
        limits.append(float(fleet.payload_t) / weight)
    if fleet.payload_m3 is not None and good.m3_per_unit:
        limits.append(float(fleet.payload_m3) / float(good.m3_per_unit))
    return min(limits, default=0.0)


def _trip_days(
    picture: Picture, legs: tuple[Leg, ...], fleets: tuple[Report[Fleet], ...], window_h: float
) -> Floats:
    """Load, drive, posts, unload, drive back and posts again, in days; see docs/methods.md."""
    found = np.full((len(legs), len(fleets)), np.inf)
    for i, leg in enumerate(legs):
        road = picture.geography.roads[leg.road]
        for j, report in enumerate(fleets):
            fleet = report.statement
            if fleet.base == leg.start:
                hours = 2 * float(road.drive_h + road.posts_h) + float(fleet.handling_h)
                found[i, j] = hours / window_h
    return found


def _lead_days(road: Road, aims: Aims) -> int:
    return math.floor(float(road.drive_h + road.posts_h) / aims.window_h)


def _assumptions(
    picture: Picture, aims: Aims | None, places: tuple[PlaceCode, ...]
) -> tuple[str, ...]:
    """Say what stands behind the numbers; `aims` where later days count a share of each road."""
    said = []
    if aims is not None:
        share = f"{aims.later_road_share:.0%} of its declared open capacity"
        said.append(f"From the second day on a road counts {share}, whatever its status today.")
    said.extend(
        f"People at {picture.name(line.place)}: {line.cautious:,f} ({line.cautious_why})."
        for line in picture.people
        if line.cautious is not None
    )
    by_reason: dict[str, list[str]] = {}
    for stock in picture.stocks:
        if (
            stock.place in places
            and stock.cautious is not None
            and stock.cautious_why != "the figure itself"
        ):
            goods = f"{picture.name(stock.commodity)} at {picture.name(stock.place)}"
            by_reason.setdefault(stock.cautious_why, []).append(goods)
    said.extend(
        f"Stock planned with, {why}: {'; '.join(goods)}." for why, goods in by_reason.items()
    )
    uncounted = [
        f"{picture.name(stock.commodity)} at {picture.name(stock.place)}"
        for stock in picture.stocks
        if stock.place in places and stock.cautious is None and stock.rate.is_known
    ]
    if uncounted:
        said.append(f"Stock planned as none, since no figure is known: {'; '.join(uncounted)}.")
    return tuple(said)


def _stays_away(
    picture: Picture, legs: tuple[Leg, ...], today: date, access: AccessByDay
) -> tuple[str, ...]:
    """Say which roads no convoy leaves by on the first day, and why."""
    return tuple(
        f"No convoy leaves by {picture.name(leg.road)} towards {picture.name(leg.end)} on "
        f"{today.isoformat()}: {access.why_not[0, number]}."
        for number, leg in enumerate(legs)
        if (0, number) in access.why_not
    )


def _basis(picture: Picture, fleets: tuple[Report[Fleet], ...]) -> tuple[ReportId, ...]:
    names = {report.id for report in fleets}
    for stock in picture.stocks:
        names.update(stock.stock.basis, stock.need_per_day.basis)
    for road in picture.roads:
        names.update(road.basis)
    return tuple(sorted(names))
