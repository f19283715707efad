"""What a plan is to achieve: weights, prices and cautions, each named and printed with the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LoadsAhead = Literal["no", "returns", "waits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """The judgements a plan rests on. None is hidden; plan and brief print them all.

    Attributes
    ----------
    horizon_days
        Days planned, at least 1.
    whole_vehicle_days
        First days on which vehicles are whole numbers.
    later_road_share
        Share of a road's declared open capacity counted on every day after the first, whatever its
        status today, 0 to 1. Plans that count on tomorrow's road leave people without
        (docs/methods.md).
    deprivation_breaks_days
        Days gone without at which the cost of a further day grows.
    deprivation_slopes
        Cost per person and day of deprivation in each interval; one more than the breaks,
        increasing.
    fairness_weight
        Cost per day of the worst-served place's average days without, per person in need (as a
        share).
    window_h
        Hours of a day in which vehicles move: a vehicle makes floor(window / turnaround) trips a day, and one
        that needs longer is away for whole days.
    vehicle_km_cost
        Cost of a vehicle-kilometre where the fleet states none.
    backlog_keep
        Share of yesterday's backlog that people still lack today, 0 to 1: at 1 nothing gone without
        is ever made up by time alone.
    stock_value_share
        Worth of goods in place at the end, as a share of the first slope per person-day covered.
    stock_value_days
        Days of cover at the end up to which goods keep a worth, increasing. In each band they are
        worth a step less: the whole share, then two thirds, then one third, with three bands.
    status_stale_h
        Hours after which a road status must be renewed before a convoy goes.
    convoy_vehicles
        Most vehicles in one convoy.
    loads_ahead
        Whether vehicles are loaded the day before they leave: "no"; or yes, and what does not pass "returns"
        to the store it was loaded from, or "waits" on its vehicles.
    arrival_chance
        Chance with which goods from outside are there by the day they are counted on, where somebody judged
        how they may be late; above 0 and below 1.
    closure_factor
        How many times as long as assumed closures last in the worse world in which engines are
        compared.
    mip_gap
        Gap at which the search for whole vehicles may stop, relative to the cost that plans can
        change.
    mip_nodes
        Branch-and-bound nodes after which it stops: counted, not timed, so that a plan can be
        repeated.
    """

    horizon_days: int = 14
    whole_vehicle_days: int = 3
    later_road_share: float = 0.25
    deprivation_breaks_days: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)
    deprivation_slopes: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 20.0)
    fairness_weight: float = 0.2
    window_h: float = 12.0
    vehicle_km_cost: float = 1.2
    backlog_keep: float = 0.9
    stock_value_share: float = 0.05
    stock_value_days: tuple[float, ...] = (3.0, 7.0, 14.0)
    status_stale_h: float = 24.0
    convoy_vehicles: int = 10
    loads_ahead: LoadsAhead = "no"
    arrival_chance: float = 0.9
    closure_factor: float = 5 / 3
    mip_gap: float = 1e-2
    mip_nodes: int = 200
