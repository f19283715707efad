"""The planning problem as named arrays, and how a picture becomes one.

Decimals become floats here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corridor.hazards import Hazards
from corridor.planning.aims import Aims
from corridor.planning.relief.model import Chain
from corridor.values import CommodityCode, FleetCode, PartyCode, PlaceCode, ReportId, RoadCode

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
PassageState = Literal[
    "not_needed",
    "granted",
    "conditions",
    "asked",
    "no_answer",
    "delayed",
    "refused",
    "revoked",
    "none",
]


@dataclass(frozen=True, slots=True)
class Leg:
    """A road in one direction, from where goods are loaded to where they go.

    Attributes
    ----------
    status, status_age_h
        What is claimed of it for humanitarian goods, and how old that claim is; None where none holds.
    notice_h
        Hours of notice that passage needs; None where nobody stated any.
    """

    road: RoadCode
    start: PlaceCode
    end: PlaceCode
    distance_km: float
    granted_by: PartyCode | None
    status: str
    status_age_h: float | None
    basis: tuple[ReportId, ...]
    notice_h: float | None = None


@dataclass(frozen=True, slots=True)
class Vehicles:
    """A fleet of like vehicles based at one place."""

    fleet: FleetCode
    base: PlaceCode
    carrier_class: str
    vehicle_class: int
    vehicles: int
    payload_t: float
    cost_per_km: float
    fuel_l_per_km: float | None


@dataclass(frozen=True, slots=True)
class PassageOnDay:
    """Where the passage for a leg stands on one day.

    Attributes
    ----------
    vehicles
        Most vehicles the answer lets through; None means it names no number.
    cargo
        Cargo the passage is for ("all", "food", "fuel", "medical").
    by
        Whoever was asked and answered; None where nobody answered.
    """

    state: PassageState
    vehicles: int | None = None
    cargo: str = "all"
    conditions: str = ""
    escort: PartyCode | None = None
    escort_armed: bool | None = None
    basis: tuple[ReportId, ...] = ()
    by: PartyCode | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """Goods from outside that may come late.

    Attributes
    ----------
    place, commodity
        Where they are to come, by number.
    amount
        Units.
    latest, counted
        Day until which they are announced and day from which a plan counts on them, from 0.
    chance
        Of being late by a day, and by another after it.
    """

    place: int
    commodity: int
    amount: float
    latest: int
    counted: int
    chance: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a planner needs, as arrays.

    Axes: D days, P places, C commodities, L legs (a road in one direction), F fleets.

    Attributes
    ----------
    days
        The days planned, (D,).
    units
        Unit of each commodity, (C,).
    t_per_unit
        Tonnes in one unit, (C,).
    stock
        What is in place on the first morning, the cautious end, (P, C) units.
    people
        People supplied from each place, the cautious end, (P,).
    demand
        Need per day, (D, P, C) units.
    rate
        Need per person and day, (P, C) units; 0 where nothing is needed.
    arrivals
        Goods expected from outside, (D, P, C) units, usable from the next day on.
    storage_t, tank_t
        Room for dry and for liquid goods, (P,) tonnes; inf where nobody stated one.
    is_liquid
        Commodity goes in tanks, (C,).
    is_hub
        Place where goods wait and nobody is supplied, (P,).
    urgency
        Weight of deprivation by commodity, (C,); the general ration is 1.
    road_vehicles
        Loaded vehicles a leg takes on each day, aims' caution included, (D, L).
    may_depart
        Whether a convoy may leave on that day, (D, L): false today when the status is unknown or
        closed, and on days held or refused.
    why_not
        Reason in words where `may_depart` is false, by (day index, leg index).
    class_passes
        Whether vehicles of a fleet pass a leg on a day, (D, L, F).
    payload
        Units of a commodity one vehicle of a fleet takes; 0 where it does not carry it, (F, C).
    trip_days
        Days one vehicle of a fleet is busy with one trip on a leg; inf where it cannot serve it,
        (L, F).
    lead_days
        Days from departure until the goods can be handed out, (L,) integers.
    passages
        Where the passage for each leg stands, by (day index, leg index); legs that need none are
        absent.
    vehicles_ready
        Vehicles of each fleet on hand on each day, (D, F); None means each fleet's number on every
        day. Vehicles still away on the first morning are left out of the days until they are back.
    cargo
        What each commodity counts as for a passage, (C,): "food", "fuel" or "medical", or "" where
        it is none of them and only a passage for all cargo serves it. Empty means no kinds are
        stated.
    cargo_passes
        Whether goods of a commodity may use a leg on the first day, by what is claimed of the road
        for its kind of cargo, (L, C); None means all may.
    status_vehicles
        Loaded vehicles a leg takes in a day when open, restricted and closed, (L, 3); None where
        only `road_vehicles` is known.
    status_passes
        Whether vehicles of a fleet pass a leg that is open, restricted and closed, (L, 3, F); None
        where only `class_passes` is known.
    backlog
        What people lack already on the first morning, (P, C) units; None means nothing.
    chain
        How the legs open and close, one road a leg; None where later days count by the aims' share.
        With it, `road_vehicles` and `class_passes` hold what the likeliest status of each leg and
        day lets through.
    hazards
        The chances of the roads that the chain was made of.
    burns
        Commodity that a fleet burns, (F,); -1 where its vehicles carry what they need for the way back.
    back_fuel
        Of that, what one vehicle sets aside at a leg's end on the day it leaves, (L, F) units; None means
        all carry theirs.
    stays
        Share of trips after which a vehicle does not come back, (F,); None means all come back.
    daily_loss
        Share of a commodity that spoils in a day, in store or on the way, (C,); None means nothing does.
    together
        Roads of which both carry a convoy on a day or neither does.
    other_vehicles
        Room that others on the road take of a leg, (D, L) loaded vehicles; None means none.
    staying
        Share of the people who are still there on each day, (D, P); None means all are.
    persons
        People behind a need that nobody stated a rate for, (P, C); 0 where everybody supplied there is.
        None means they always are.
    people_low
        People supplied from each place by the lowest of the claims, (P,); None means that all agree.
    late
        Goods from outside of which somebody judged how they may be late.
    roads
        Both ends of every road there is, whatever vehicles serve it; a leg is one of them in a direction
        that vehicles go.
    """

    aims: Aims
    days: tuple[date, ...]
    places: tuple[PlaceCode, ...]
    commodities: tuple[CommodityCode, ...]
    units: tuple[str, ...]
    legs: tuple[Leg, ...]
    fleets: tuple[Vehicles, ...]
    t_per_unit: Floats
    stock: Floats
    people: Floats
    demand: Floats
    rate: Floats
    arrivals: Floats
    storage_t: Floats
    tank_t: Floats
    is_liquid: Bools
    is_hub: Bools
    urgency: Floats
    road_vehicles: Floats
    may_depart: Bools
    why_not: dict[tuple[int, int], str]
    class_passes: Bools
    payload: Floats
    trip_days: Floats
    lead_days: NDArray[np.int64]
    passages: dict[tuple[int, int], PassageOnDay]
    assumptions: tuple[str, ...] = ()
    basis: tuple[ReportId, ...] = ()
    digest: str = ""
    vehicles_ready: Floats | None = None
    cargo: tuple[str, ...] = ()
    cargo_passes: Bools | None = None
    status_vehicles: Floats | None = None
    status_passes: Bools | None = None
    backlog: Floats | None = None
    chain: Chain | None = None
    hazards: Hazards | None = None
    burns: Ints | None = None
    back_fuel: Floats | None = None
    stays: Floats | None = None
    daily_loss: Floats | None = None
    together: tuple[tuple[RoadCode, RoadCode], ...] = ()
    other_vehicles: Floats | None = None
    staying: Floats | None = None
    persons: Floats | None = None
    people_low: Floats | None = None
    late: tuple[Late, ...] = ()
    roads: tuple[tuple[PlaceCode, PlaceCode], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether claims leave more open than the roads: how many people there are, or when goods come."""
        low = self.people_low
        return bool(self.late) or (low is not None and bool((low < self.people).any()))

    def kept(self) -> Floats:
        """Return the share of each commodity that is still good after a day, (C,)."""
        if self.daily_loss is None:
            return np.ones(len(self.commodities))
        return 1.0 - self.daily_loss

    def fuel_taken(self, vehicles: Floats) -> Floats:
        """Return what vehicles on legs set aside for the way back, (..., P, C) units from (..., L, F)."""
        shape = (*vehicles.shape[:-2], len(self.places), len(self.commodities))
        found = np.zeros(shape)
        if self.back_fuel is None or self.burns is None:
            return found
        place = {code: number for number, code in enumerate(self.places)}
        for leg, fleet in np.argwhere(self.back_fuel > 0).tolist():
            at = (..., place[self.legs[leg].end], int(self.burns[fleet]))
            found[at] += vehicles[..., leg, fleet] * self.back_fuel[leg, fleet]
        return found

    def pairs(self) -> tuple[tuple[Ints, Ints], ...]:
        """Return the legs of either road of each pair that runs together; a road without legs has none."""
        roads = np.array([leg.road for leg in self.legs])
        return tuple(
            (np.flatnonzero(roads == one), np.flatnonzero(roads == other))
            for one, other in self.together
        )
