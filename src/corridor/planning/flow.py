"""Goods followed day by day: what stands, leaves, comes, is handed out and is still owed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.network import Network
from corridor.planning.policy import Policy
from corridor.planning.problem import Floats

# Amounts are rounded here, so that a plan does not show the last digits of floating point.
_DIGITS = 9
_NEARLY = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """The days of a policy, with loads that fit whole vehicles exactly.

    Attributes
    ----------
    loads
        Goods leaving, (D, L, F, C) units.
    vehicles
        Vehicles leaving, (D, L, F).
    morning, evening
        Stock before anything moves and after everything did, (D, P, C) units.
    sent, arrived
        Goods leaving and coming by road, (D, P, C) units.
    served
        Goods handed out, (D, P, C) units.
    short
        Need of the day that was not handed out on the day, (D, P, C) units.
    backlog
        What people still lack in the evening, (D, P, C) units.
    spilled
        Goods expected from outside that find no room, (D, P, C) units.
    """

    loads: Floats
    vehicles: Floats
    morning: Floats
    evening: Floats
    sent: Floats
    arrived: Floats
    served: Floats
    short: Floats
    backlog: Floats
    spilled: Floats


def flow(policy: Policy, net: Network) -> Flow:
    """Follow the goods of a policy through its days."""
    problem = policy.problem
    loads, vehicles = _exact(policy)
    goods = loads.sum(axis=2)
    shape = problem.demand.shape
    sent, arrived = np.zeros(shape), np.zeros(shape)
    day, leg = np.indices(goods.shape[:2])
    np.add.at(sent, (day, net.start[leg]), goods)
    lands = day + problem.lead_days[leg]
    in_time = lands < shape[0]
    kept = problem.kept()
    good = kept ** problem.lead_days[:, None]
    if problem.daily_loss is not None:
        goods = np.round(goods * good, _DIGITS)
    np.add.at(arrived, (lands[in_time], net.end[leg[in_time]]), goods[in_time])
    aside = np.round(problem.fuel_taken(vehicles), _DIGITS)
    spilled = np.clip(np.round(policy.spilled, _DIGITS), 0.0, problem.arrivals)
    morning, evening, served, backlog = (np.zeros(shape) for _ in range(4))
    stock, owed = problem.stock, np.zeros(shape[1:])
    for index in range(shape[0]):
        morning[index] = stock
        here = stock + arrived[index] - sent[index] - aside[index]
        owed = problem.aims.backlog_keep * owed + problem.demand[index]
        most = np.clip(np.minimum(here, owed), 0.0, None)
        served[index] = np.round(
            np.minimum(np.clip(policy.served[index], 0.0, None), most), _DIGITS
        )
        owed = np.clip(owed - served[index], 0.0, None)
        stock = kept * (here - served[index]) + problem.arrivals[index] - spilled[index]
        backlog[index], evening[index] = owed, stock
    return Flow(
        loads=loads,
        vehicles=vehicles,
        morning=morning,
        evening=evening,
        sent=sent,
        arrived=arrived,
        served=served,
        short=np.clip(problem.demand - served, 0.0, None),
        backlog=backlog,
        spilled=spilled,
    )


def _exact(policy: Policy) -> tuple[Floats, Floats]:
    """Loads and vehicles without the solver's tolerances: whole, and no more than are loaded."""
    problem = policy.problem
    payload = np.where(problem.payload > 0, problem.payload, np.inf)
    loads: Floats = np.where(policy.loads > _NEARLY * problem.payload, policy.loads, 0.0)
    shares = (loads / payload).sum(axis=3)
    vehicles: Floats = policy.vehicles.copy()
    whole = slice(problem.aims.whole_vehicle_days)
    vehicles[whole] = np.minimum(np.round(vehicles[whole]), np.ceil(shares[whole] - _NEARLY))
    vehicles = np.where(shares > 0, vehicles, 0.0).round(_DIGITS)
    # A vehicle's share may exceed 1 by the solver's tolerance; the load is cut to fit.
    fit = np.minimum(1.0, vehicles / np.where(shares > 0, shares, 1.0))
    return np.round(loads * fit[..., None], _DIGITS), vehicles
