"""The limits of the planning program: what stock, vehicles, roads and stores allow, as rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corridor.planning.columns import Columns, shares, whole_limit
from corridor.planning.network import Ints, Network
from corridor.planning.problem import Floats, Problem

# Part of a vehicle that a road must carry to have run: a convoy for parity's sake still carries something.
LEAST_LOAD = 0.01
_NONE = np.zeros(0)


class Rows(NamedTuple):
    """Some rows of the program: entries (row from 0, column, value), and each row's bounds."""

    row: Ints
    column: Ints
    value: Floats
    lower: Floats
    upper: Floats


def limits(problem: Problem, net: Network, columns: Columns) -> Rows:
    """Write all limits of a problem, entries sorted by row and column."""
    return _stacked(
        (
            _balance(problem, net, columns),
            _mornings(problem, net, columns),
            _owing(problem, net, columns),
            _riding(problem, net, columns),
            _roads(problem, net, columns),
            _fleets(net, columns),
            _storage(problem, columns),
            _fairness(problem, columns),
            _covering(problem, net, columns),
            _staying(problem, net, columns),
            _together(problem, net, columns),
            _loaded(problem, net, columns),
        )
    )


def _balance(problem: Problem, net: Network, columns: Columns) -> Rows:
    """Evening stock = what is still good of last evening's + what came from outside + arrived - left - handed
    out.
    """
    shape = problem.demand.shape
    row = np.arange(columns.stock.size, dtype=np.int64).reshape(shape)
    arrives = net.load_day + problem.lead_days[net.load_leg]
    lands = arrives < shape[0]
    at = net.load_commodity
    out = row[net.load_day, net.start[net.load_leg], at]
    into = row[arrives[lands], net.end[net.load_leg[lands]], at[lands]]
    amount = np.concatenate([problem.stock[None], problem.arrivals[:-1]]) / columns.unit
    kept = problem.kept()
    good = kept[at[lands]] ** problem.lead_days[net.load_leg[lands]]
    aside, trip, fuel = _set_aside(problem, net, columns, row)
    return _rows(
        (aside, trip, fuel),
        (row, columns.stock, np.broadcast_to(1 / kept, shape)),
        (row[1:], columns.stock[:-1], -1.0),
        (row[1:], columns.spill[:-1], 1.0),
        (row[:, columns.place, columns.commodity], columns.served, 1.0),
        (out, columns.load, 1.0),
        (into, columns.load[lands], -good),
        lower=amount,
        upper=amount,
    )


def _set_aside(
    problem: Problem, net: Network, columns: Columns, row: Ints
) -> tuple[Ints, Ints, Floats]:
    """Fuel for the way back is set aside where a leg ends, on the day vehicles leave."""
    if problem.back_fuel is None or problem.burns is None:
        return columns.trip[:0], columns.trip[:0], np.zeros(0)
    each = problem.back_fuel[net.trip_leg, net.trip_fleet]
    used = np.flatnonzero(each > 0)
    fuel = problem.burns[net.trip_fleet[used]]
    at = row[net.trip_day[used], net.end[net.trip_leg[used]], fuel]
    return at, columns.trip[used], each[used] / columns.unit[fuel]


def _mornings(problem: Problem, net: Network, columns: Columns) -> Rows:
    """What leaves a place was there in the morning: goods that come that day go on the next."""
    through = np.isin(net.start[net.load_leg], net.end[net.load_leg])
    place = np.unique(net.start[net.load_leg[through]])
    shape = (problem.demand.shape[0], place.size, problem.demand.shape[2])
    row = np.arange(np.prod(shape), dtype=np.int64).reshape(shape)
    which = np.searchsorted(place, net.start[net.load_leg[through]])
    amount = np.concatenate([problem.stock[None], problem.arrivals[:-1]])[:, place] / columns.unit
    return _rows(
        (
            row[net.load_day[through], which, net.load_commodity[through]],
            columns.load[through],
            1.0,
        ),
        (row[1:], columns.stock[:-1, place], -1.0),
        (row[1:], columns.spill[:-1, place], 1.0),
        lower=np.full(shape, -np.inf),
        upper=amount,
    )


def _owing(problem: Problem, net: Network, columns: Columns) -> Rows:
    """Backlog = what is kept of yesterday's + need - handed out, in days of mean need."""
    at = (columns.place, columns.commodity)
    row = np.arange(columns.served.size, dtype=np.int64).reshape(columns.served.shape)
    each = np.broadcast_to(row[..., None], columns.owed.shape)
    days = problem.demand[:, *at] / net.need[at]
    return _rows(
        (each, columns.owed, 1.0),
        (each[1:], columns.owed[:-1], -problem.aims.backlog_keep),
        (row, columns.served, columns.unit[columns.commodity] / net.need[at]),
        lower=days,
        upper=days,
    )


def _riding(problem: Problem, net: Network, columns: Columns) -> Rows:
    """The shares of a vehicle that the loads of a trip take add up to its vehicles at most."""
    share = columns.unit[net.load_commodity] / problem.payload[net.load_fleet, net.load_commodity]
    return _rows(
        (net.load_trip, columns.load, share),
        (np.arange(columns.trip.size, dtype=np.int64), columns.trip, -1.0),
        lower=np.full(columns.trip.size, -np.inf),
        upper=np.zeros(columns.trip.size),
    )


def _roads(problem: Problem, net: Network, columns: Columns) -> Rows:
    """A leg takes so many vehicles a day, whatever fleet they are of."""
    row = net.trip_day * len(problem.legs) + net.trip_leg
    limit = whole_limit(problem, net)
    return _rows((row, columns.trip, 1.0), lower=np.full(limit.shape, -np.inf), upper=limit)


def _fleets(net: Network, columns: Columns) -> Rows:
    """Vehicles on the way are not more than are on hand, on each day."""
    day, fleet, trip, share = _on_the_way(net)
    return _rows(
        (day * net.ready.shape[1] + fleet, columns.trip[trip], share),
        lower=np.full(net.ready.shape, -np.inf),
        upper=net.ready,
    )


def _staying(problem: Problem, net: Network, columns: Columns) -> Rows:
    """Vehicles on the way, and those that did not come back, are not more than there ever were."""
    if problem.stays is None:
        return _rows((columns.stock[:0], columns.stock[:0], 0.0), lower=_NONE, upper=_NONE)
    days, fleets = net.ready.shape
    day, fleet, trip, share = _on_the_way(net)
    later = np.maximum(days - net.trip_day - net.busy_days[net.trip_leg, net.trip_fleet], 0)
    gone = np.repeat(np.arange(later.size, dtype=np.int64), later)
    after = days - 1 - (np.arange(gone.size) - np.searchsorted(gone, gone))
    return _rows(
        (day * fleets + fleet, columns.trip[trip], share),
        (
            after * fleets + net.trip_fleet[gone],
            columns.trip[gone],
            problem.stays[net.trip_fleet[gone]],
        ),
        lower=np.full(net.ready.shape, -np.inf),
        upper=np.broadcast_to(net.ready.max(axis=0), net.ready.shape),
    )


def _on_the_way(net: Network) -> tuple[Ints, Ints, Ints, Floats]:
    """Days, fleets and trips on which vehicles are away, and the part of the day each takes."""
    days = len(net.ready)
    busy = net.busy_days[net.trip_leg, net.trip_fleet]
    trip = np.repeat(np.arange(busy.size, dtype=np.int64), np.minimum(busy, days - net.trip_day))
    first = np.searchsorted(trip, trip)
    day = net.trip_day[trip] + np.arange(trip.size) - first
    share = net.busy_share[net.trip_leg[trip], net.trip_fleet[trip]]
    return day, net.trip_fleet[trip], trip, share


def _storage(problem: Problem, columns: Columns) -> Rows:
    """Evening stock fits the store; what already stood there on the first morning may stay."""
    days, places, _ = problem.demand.shape
    kind = problem.is_liquid.astype(np.int64)
    row = (np.arange(days)[:, None, None] * places + np.arange(places)[:, None]) * 2 + kind
    tonnes = columns.unit * problem.t_per_unit
    room = np.stack([problem.storage_t, problem.tank_t], axis=-1)
    split = np.eye(2)[kind] * problem.t_per_unit[:, None]
    limit = np.maximum(room, problem.stock @ split) - problem.arrivals @ split
    finite = np.broadcast_to(np.isfinite(room)[:, kind], row.shape)
    tonnes = np.broadcast_to(tonnes, row.shape)[finite]
    return _rows(
        (row[finite], columns.stock[finite], tonnes),
        (row[finite], columns.spill[finite], -tonnes),
        lower=np.full(limit.shape, -np.inf),
        upper=limit,
    )


def _fairness(problem: Problem, columns: Columns) -> Rows:
    """The worst place's mean days without is at least every place's."""
    places = len(problem.places)
    share = shares(problem, columns)[:, None] / len(problem.days)
    place = np.broadcast_to(columns.place[:, None], columns.owed.shape)
    return _rows(
        (np.arange(places, dtype=np.int64), np.full(places, columns.worst), 1.0),
        (place, columns.owed, -np.broadcast_to(share, columns.owed.shape)),
        lower=np.zeros(places),
        upper=np.full(places, np.inf),
    )


def _covering(problem: Problem, net: Network, columns: Columns) -> Rows:
    """Days of cover at the end, goods still on the road included, and what is missing of them."""
    at = (columns.place, columns.commodity)
    per_load = columns.unit[columns.commodity] / net.need[at]
    pair = np.full(net.need.shape, -1, dtype=np.int64)
    pair[at] = np.arange(columns.place.size)
    late = net.load_day + problem.lead_days[net.load_leg] >= len(problem.days)
    wants = pair[net.end[net.load_leg], net.load_commodity]
    late &= wants >= 0
    row = np.arange(columns.place.size, dtype=np.int64)
    cover = sum(np.diff([0.0, *problem.aims.stock_value_days]))
    return _rows(
        (np.broadcast_to(row[:, None], columns.uncovered.shape), columns.uncovered, 1.0),
        (row, columns.stock[-1][at], per_load),
        (row, columns.spill[-1][at], -per_load),
        (wants[late], columns.load[late], per_load[wants[late]]),
        lower=cover - problem.arrivals[-1][at] / net.need[at],
        upper=np.full(columns.place.size, np.inf),
    )


def _together(problem: Problem, net: Network, columns: Columns) -> Rows:
    """Of a pair of roads both carry something on a day with whole vehicles, or neither does."""
    days, pairs = columns.together.shape
    if not columns.together.size:
        return _rows((columns.stock[:0], columns.stock[:0], 0.0), lower=_NONE, upper=_NONE)
    sides = np.zeros((pairs, 2, len(problem.legs)), dtype=np.bool_)
    for number, legs in enumerate(problem.pairs()):
        for which in (0, 1):
            sides[number, which, legs[which]] = True
    row = np.arange(days * pairs * 2, dtype=np.int64).reshape(days, pairs, 2)
    pair, side, trip = np.nonzero(sides[:, :, net.trip_leg] & (net.trip_day < days))
    used = row[net.trip_day[trip], pair, side]
    pair, side, load = np.nonzero(sides[:, :, net.load_leg] & (net.load_day < days))
    carried = row.size + row[net.load_day[load], pair, side]
    fleet, good = net.load_fleet[load], net.load_commodity[load]
    share = columns.unit[good] / problem.payload[fleet, good]
    runs = np.broadcast_to(columns.together[..., None], row.shape)
    most = whole_limit(problem, net)[:days] @ sides.reshape(-1, len(problem.legs)).T
    return _rows(
        (used, columns.trip[trip], 1.0),
        (row, runs, -most.reshape(row.shape)),
        (carried, columns.load[load], -share),
        (row.size + row, runs, LEAST_LOAD),
        lower=np.full(2 * row.size, -np.inf),
        upper=np.zeros(2 * row.size),
    )


def _loaded(problem: Problem, net: Network, columns: Columns) -> Rows:
    """What is loaded the day before stood there in the evening, before what comes from outside."""
    if problem.aims.loads_ahead == "no":
        return _rows((columns.stock[:0], columns.stock[:0], 0.0), lower=_NONE, upper=_NONE)
    shape = problem.demand[1:].shape
    row = np.arange(np.prod(shape), dtype=np.int64).reshape(shape)
    left = row[net.load_day - 1, net.start[net.load_leg], net.load_commodity]
    return _rows(
        (left, columns.load, 1.0),
        (row, columns.stock[:-1], -1.0),
        lower=np.full(shape, -np.inf),
        upper=np.zeros(shape),
    )


def _rows(*entries: tuple[Ints, Ints, Floats | float], lower: Floats, upper: Floats) -> Rows:
    return Rows(
        np.concatenate([row.ravel() for row, _, _ in entries]),
        np.concatenate([column.ravel() for _, column, _ in entries]),
        np.concatenate([np.broadcast_to(value, row.shape).ravel() for row, _, value in entries]),
        lower.ravel(),
        upper.ravel(),
    )


def _stacked(blocks: tuple[Rows, ...]) -> Rows:
    """Put blocks of rows under one another, entries sorted by row and column."""
    before = np.cumsum([0, *(block.lower.size for block in blocks)])
    row = np.concatenate([b.row + above for b, above in zip(blocks, before[:-1], strict=True)])
    column = np.concatenate([b.column for b in blocks])
    value = np.concatenate([b.value for b in blocks])
    order = np.lexsort((column, row))
    lower = np.concatenate([b.lower for b in blocks])
    upper = np.concatenate([b.upper for b in blocks])
    return Rows(row[order], column[order], value[order], lower, upper)
