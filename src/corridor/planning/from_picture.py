"""How a picture becomes a planning problem: the one place where decimals become floats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np

from corridor.claims import in_unit
from corridor.errors import PlanningError
from corridor.hazards import Hazards
from corridor.picture import Picture, RoadLine
from corridor.planning.aims import Aims
from corridor.planning.faults import aims_faults
from corridor.planning.problem import (
    Floats,
    Ints,
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
from corridor.units import Unit
from corridor.values import CommodityCode, PlaceCode, Quantity, ReportId, RoadCode, named


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
    commodities = tuple(sorted({*_commodities(picture), *fuels(picture), *_burnt(picture, fleets)}))
    legs = _legs(picture, fleets)
    places = tuple(sorted({*_places(picture, commodities, legs), *origins(picture)}))
    vehicles = tuple(_vehicles(report.statement, aims) for report in fleets)
    stock, people, rate, per_day = _amounts(picture, places, commodities)
    burns, back_fuel = _way_back(picture, legs, fleets, commodities)
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
        t_per_unit=np.array([_t_per_unit(good) for good in goods]),
        stock=stock,
        people=people,
        demand=demand,
        rate=rate,
        arrivals=_arrivals(picture, days, places, commodities),
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
            *_rules(picture, goods, legs, aims),
            *(picture.say(said) for said in _returns(fleets)),
            *_stays_away(picture, legs, days[0], access),
            *_not_carried(picture, goods, vehicles, payload),
        ),
        basis=tuple(sorted({*_basis(picture, fleets), *others.basis})),
        digest=picture.digest,
        cargo=tuple("" if good.cargo == "all" else good.cargo for good in goods),
        cargo_passes=access.cargo_passes,
        status_vehicles=access.status_vehicles,
        status_passes=access.status_passes,
        burns=burns,
        back_fuel=back_fuel,
        stays=_stays(fleets),
        daily_loss=_daily_loss(goods),
        together=_together(picture, legs),
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
) -> tuple[Floats, Floats, Floats, Floats]:
    shape = (len(places), len(commodities))
    stock, rate, per_day = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    people = np.zeros(len(places))
    row = {place: i for i, place in enumerate(places)}
    column = {code: j for j, code in enumerate(commodities)}
    for line in picture.people:
        known = picture.geography.places.get(line.place)
        depot = known.served_from if known and known.served_from else line.place
        if depot in row and line.cautious is not None:
            people[row[depot]] += float(line.cautious)
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
    return stock, people, rate, per_day


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


def _arrivals(
    picture: Picture,
    days: tuple[date, ...],
    places: tuple[PlaceCode, ...],
    commodities: tuple[CommodityCode, ...],
) -> Floats:
    """Expected goods on their latest day, at the low end of what was announced."""
    found = np.zeros((len(days), len(places), len(commodities)))
    zone = picture.settings.time_zone
    for report in picture.supply.pipeline:
        expected = report.statement
        day = expected.expected_until.astimezone(zone).date()
        good = picture.supply.commodities.get(expected.commodity)
        if (
            good is None
            or day not in days
            or expected.place not in places
            or expected.commodity not in commodities
        ):
            continue
        amount = (
            expected.quantity.lowest
            if expected.quantity.lowest is not None
            else expected.quantity.stated
        )
        found[
            days.index(day), places.index(expected.place), commodities.index(expected.commodity)
        ] += float(amount) * _into_unit(expected.quantity.unit, good)
    return found


def _into_unit(unit: str, good: Commodity) -> float:
    one = in_unit(Quantity(Decimal(1), Unit(unit)), Unit(good.unit), kg_per_unit=good.kg_per_unit)
    return float(one.stated) if one else 0.0


def _room(picture: Picture, places: tuple[PlaceCode, ...], which: str) -> Floats:
    room = np.full(len(places), np.inf)
    for i, place in enumerate(places):
        known = picture.geography.places.get(place)
        stated = getattr(known, which) if known else None
        if stated is not None:
            room[i] = float(stated)
    return room


def _t_per_unit(good: Commodity) -> float:
    if good.unit == "t":
        return 1.0
    if good.unit == "kg":
        return 0.001
    return float(good.kg_per_unit or 0) / 1000


def _payload(fleet: Fleet, good: Commodity) -> float:
    if fleet.carrier_class != good.carrier_class:
        return 0.0
    limits = []
    weight = _t_per_unit(good)
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


def _burnt(picture: Picture, fleets: Iterable[Report[Fleet]]) -> set[CommodityCode]:
    """Fuels that vehicles take for the way back where they unload."""
    said = (report.statement for report in fleets)
    return {
        fleet.fuel
        for fleet in said
        if not fleet.carries_return_fuel and fleet.fuel and fleet.fuel in picture.supply.commodities
    }


def _way_back(
    picture: Picture,
    legs: Sequence[Leg],
    fleets: Sequence[Report[Fleet]],
    commodities: Sequence[CommodityCode],
) -> tuple[Ints | None, Floats | None]:
    """What each fleet burns, (F,), and sets aside at the end of a leg for one vehicle, (L, F) units.

    Raises
    ------
    PlanningError
        Naming the fuel whose litres cannot be counted in its unit.
    """
    burns = np.full(len(fleets), -1, dtype=np.int64)
    each = np.zeros((len(legs), len(fleets)))
    for number, report in enumerate(fleets):
        fleet = report.statement
        if fleet.carries_return_fuel or not fleet.fuel or fleet.fuel not in commodities:
            continue
        good = picture.supply.commodities[fleet.fuel]
        litre = _into_unit("l", good)
        if not litre > 0:
            raise PlanningError(
                f"commodity {good.commodity}: litres cannot be counted in {good.unit}; fuel that vehicles burn is "
                "needed in l"
            )
        burns[number] = list(commodities).index(fleet.fuel)
        used = float(fleet.fuel_l_per_100km or 0) / 100 * litre
        based = [leg.start == fleet.base for leg in legs]
        each[:, number] = [
            leg.distance_km * used if b else 0.0 for leg, b in zip(legs, based, strict=True)
        ]
    return (burns, each) if each.any() else (None, None)


def _stays(fleets: Sequence[Report[Fleet]]) -> Floats | None:
    found = np.array([float(report.statement.stays_share) for report in fleets])
    return found if found.any() else None


def _returns(fleets: Iterable[Report[Fleet]]) -> tuple[str, ...]:
    """Say which vehicles fuel where they unload, and which may not come back."""
    said = []
    for report in fleets:
        fleet, who = report.statement, named(report.claimant)
        if not fleet.carries_return_fuel and fleet.fuel:
            said.append(
                f"Vehicles of {named(fleet.fleet)} take {named(fleet.fuel)} for the way back from stock where they "
                f"unload ({who})."
            )
        if fleet.stays_share:
            said.append(
                f"Of vehicles of {named(fleet.fleet)} that go, {fleet.stays_share:.1%} do not come back ({who}): that "
                "share is taken off on average."
            )
    return tuple(said)


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


def _not_carried(
    picture: Picture, goods: Sequence[Commodity], vehicles: Sequence[Vehicles], payload: Floats
) -> tuple[str, ...]:
    """Say which goods no fleet can carry, and why."""
    if not vehicles:
        return ("No fleet was reported, so nothing can be carried.",)
    said = []
    for number, good in enumerate(goods):
        if payload[:, number].any():
            continue
        fit = [fleet for fleet in vehicles if fleet.carrier_class == good.carrier_class]
        if not fit:
            why = f"no fleet that was reported is for {good.carrier_class} goods"
        elif not _t_per_unit(good) > 0:
            why = f"what one of its {good.unit} weighs was not reported"
        else:
            why = "the fleets for it were reported without a payload"
        said.append(f"No vehicle can carry {picture.name(good.commodity)}: {why}.")
    return tuple(said)


def _daily_loss(goods: Sequence[Commodity]) -> Floats | None:
    found = np.array([float(good.daily_loss) for good in goods])
    return found if found.any() else None


def _together(picture: Picture, legs: Sequence[Leg]) -> tuple[tuple[RoadCode, RoadCode], ...]:
    """Pairs of roads that run on the same day or not at all, where vehicles go on either."""
    roads = picture.geography.roads
    pairs = {
        (min(code, road.runs_with), max(code, road.runs_with))
        for code, road in roads.items()
        if road.runs_with is not None and road.runs_with in roads
    }
    served = {leg.road for leg in legs}
    return tuple(sorted(pair for pair in pairs if served & set(pair)))


def _rules(
    picture: Picture, goods: Sequence[Commodity], legs: Sequence[Leg], aims: Aims
) -> tuple[str, ...]:
    """Say which roads run together, what spoils, and when vehicles are loaded."""
    said = [
        f"{picture.name(one)} and {picture.name(other)} run on the same day or not at all; on later days it is "
        "only kept that both can."
        for one, other in _together(picture, legs)
    ]
    said.extend(
        f"{picture.name(good.commodity)} spoils: {good.daily_loss:.1%} of what is in store or on the way a day."
        for good in goods
        if good.daily_loss
    )
    if aims.loads_ahead != "no":
        what = "waits on its vehicles" if aims.loads_ahead == "waits" else "returns to the store"
        said.append(
            "Vehicles are loaded the day before they leave, so none leaves on the first day; what does not pass "
            f"{what}."
        )
    return tuple(said)


def _basis(picture: Picture, fleets: tuple[Report[Fleet], ...]) -> tuple[ReportId, ...]:
    names = {report.id for report in fleets}
    for stock in picture.stocks:
        names.update(stock.stock.basis, stock.need_per_day.basis)
    for road in picture.roads:
        names.update(road.basis)
    return tuple(sorted(names))
