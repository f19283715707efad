"""What is declared of goods, roads and fleets beside their numbers, as arrays and in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from corridor.errors import PlanningError
from corridor.picture import Picture
from corridor.planning.aims import Aims
from corridor.planning.arrivals import into_unit
from corridor.planning.problem import Floats, Ints, Leg, Vehicles
from corridor.registers.supply import Commodity, Fleet
from corridor.report import Report
from corridor.values import CommodityCode, RoadCode, named


def fuels_burnt(picture: Picture, fleets: Iterable[Report[Fleet]]) -> set[CommodityCode]:
    """Fuels that vehicles take for the way back where they unload."""
    said = (report.statement for report in fleets)
    return {
        fleet.fuel
        for fleet in said
        if not fleet.carries_return_fuel and fleet.fuel and fleet.fuel in picture.supply.commodities
    }


def way_back(
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
        litre = into_unit("l", good)
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


def stays(fleets: Sequence[Report[Fleet]]) -> Floats | None:
    """Share of trips after which a vehicle does not come back, (F,); None where all do."""
    found = np.array([float(report.statement.stays_share) for report in fleets])
    return found if found.any() else None


def said_of_returns(fleets: Iterable[Report[Fleet]]) -> tuple[str, ...]:
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


def daily_loss(goods: Sequence[Commodity]) -> Floats | None:
    """Share of each commodity that spoils in a day, (C,); None where nothing does."""
    found = np.array([float(good.daily_loss) for good in goods])
    return found if found.any() else None


def together(picture: Picture, legs: Sequence[Leg]) -> tuple[tuple[RoadCode, RoadCode], ...]:
    """Pairs of roads that run on the same day or not at all, where vehicles go on either."""
    roads = picture.geography.roads
    pairs = {
        (min(code, road.runs_with), max(code, road.runs_with))
        for code, road in roads.items()
        if road.runs_with is not None and road.runs_with in roads
    }
    served = {leg.road for leg in legs}
    return tuple(sorted(pair for pair in pairs if served & set(pair)))


def said_of_rules(
    picture: Picture, goods: Sequence[Commodity], legs: Sequence[Leg], aims: Aims
) -> tuple[str, ...]:
    """Say which roads run together, what spoils, and when vehicles are loaded."""
    said = [
        f"{picture.name(one)} and {picture.name(other)} run on the same day or not at all; on later days it is "
        "only kept that both can."
        for one, other in together(picture, legs)
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


def not_carried(
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
        elif not t_per_unit(good) > 0:
            why = f"what one of its {good.unit} weighs was not reported"
        else:
            why = "the fleets for it were reported without a payload"
        said.append(f"No vehicle can carry {picture.name(good.commodity)}: {why}.")
    return tuple(said)


def t_per_unit(good: Commodity) -> float:
    """Tonnes in one unit of a commodity; 0 where nobody said what one weighs."""
    if good.unit == "t":
        return 1.0
    if good.unit == "kg":
        return 0.001
    return float(good.kg_per_unit or 0) / 1000
