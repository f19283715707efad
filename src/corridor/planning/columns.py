"""The variables of the planning program, and where each kind stands among the columns.

Goods are counted in vehicle loads, backlog and cover in days of mean need, so that the numbers in
the program are near 1 whatever units the goods have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.network import Ints, Network
from corridor.planning.problem import Floats, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Where each kind of variable stands among the columns.

    N needs (a place and a commodity of which it needs some), K deprivation intervals, E cover
    bands.

    Attributes
    ----------
    unit
        Units of a commodity in one load, (C,).
    place, commodity
        Of each need, (N,).
    load, trip
        Loads and vehicles leaving, (Y,) and (X,), as the network numbers them.
    stock, spill
        Evening stock before what comes from outside, and what of that finds no room, (D, P, C).
    served
        Goods handed out, (D, N).
    owed
        Backlog of the evening by interval, (D, N, K) days.
    uncovered
        Cover missing at the end by band, (N, E) days.
    worst
        The worst place's mean days without.
    together
        Whether a pair of roads runs, on days with whole vehicles, (W, G).
    count
        Number of columns.
    """

    unit: Floats
    place: Ints
    commodity: Ints
    load: Ints
    trip: Ints
    stock: Ints
    spill: Ints
    served: Ints
    owed: Ints
    uncovered: Ints
    worst: int
    together: Ints
    count: int


def columns(problem: Problem, net: Network) -> Columns:
    """Number the variables of a problem."""
    place, commodity = np.nonzero(net.need > 0)
    shapes = (
        (net.load_day.size,),
        (net.trip_day.size,),
        problem.demand.shape,
        problem.demand.shape,
        (len(problem.days), place.size),
        (len(problem.days), place.size, len(problem.aims.deprivation_slopes)),
        (place.size, len(problem.aims.stock_value_days)),
        (1,),
        (min(problem.aims.whole_vehicle_days, len(problem.days)), len(problem.together)),
    )
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    load, trip, stock, spill, served, owed, uncovered, worst, together = (
        np.arange(stop - np.prod(shape), stop, dtype=np.int64).reshape(shape)
        for shape, stop in zip(shapes, ends, strict=True)
    )
    best = problem.payload.max(axis=0, initial=0.0)
    return Columns(
        np.where(best > 0, best, 1.0),
        place.astype(np.int64),
        commodity.astype(np.int64),
        load,
        trip,
        stock,
        spill,
        served,
        owed,
        uncovered,
        int(worst[0]),
        together,
        int(ends[-1]),
    )


def shares(problem: Problem, columns: Columns) -> Floats:
    """Weight of each need among those of its place, by urgency, (N,)."""
    urgency = problem.urgency[columns.commodity]
    total = np.zeros(len(problem.places))
    np.add.at(total, columns.place, urgency)
    return np.asarray(urgency / np.where(total > 0, total, np.inf)[columns.place])


def whole_limit(problem: Problem, net: Network) -> Floats:
    """Vehicles a leg takes, (D, L), without the parts that no whole vehicle can use."""
    early = np.arange(len(problem.days)) < problem.aims.whole_vehicle_days
    return np.where(early[:, None], np.floor(net.limit + 1e-9), net.limit)
