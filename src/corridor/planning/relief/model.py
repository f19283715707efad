"""Supply over roads that open and close: what policies are trained and tried on, as arrays.

One model for a whole operation, for an operation with the places inside merged, and for the
instances of the literature. `Problem` is what a picture says; this is what a policy reckons with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OPEN, RESTRICTED, CLOSED = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The joint states of the roads, and how one follows another from day to day.

    J joint states, R roads, T days.

    Attributes
    ----------
    status
        Status of each road in each joint state, (J, R): 0 open, 1 restricted, 2 closed. Two states
        may show the same statuses: a long closure looks like a short one.
    first
        Chance of each state on the first day, (J,); one is 1 where today's status is known.
    transition
        Chance of each state on the next day, (T - 1, J, J), from the first day on; rows sum to one.
    """

    status: Ints
    first: Floats
    transition: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Ways goods can move in a day. A arcs, C commodities.

    Attributes
    ----------
    start, end
        Node each begins and ends at, (A,).
    carries
        Whether goods may use it, (A, C).
    cost
        Cost of one unit moved, (A, C).
    fuel
        Units of fuel burnt at the start for one unit moved, (A, C); 0 where none is counted.
    lead_days
        Evenings from leaving to being in stock at the end, (A,): 0 comes the same day, in time to
        be handed out.
    is_loaded_ahead
        Goods are loaded a day before they leave, (A,), and stand in stock at the start until then.
        Loads are at most the evening's stock there, and keep, among themselves, the limits on
        moves as the next day's loosest joint state has them. On the day, what leaves is at most
        what was loaded and what that day's limits let pass. Cost and fuel count on leaving.
    waits
        What was loaded ahead and did not leave stays loaded, (A,), and loads keep the widest limits of all
        days; elsewhere it returns to stock. None means all returns.
    back, back_fuel
        What a unit moved sets aside for the way back at the end of its arc on the day it leaves, (A, C) units
        of a commodity, (A,); None means nothing.
    """

    start: Ints
    end: Ints
    carries: Bools
    cost: Floats
    fuel: Floats
    lead_days: Ints
    is_loaded_ahead: Bools
    waits: Bools | None = None
    back: Floats | None = None
    back_fuel: Ints | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Sums that stay under a limit: of what moves on arcs, or of what stands at nodes in the evening.

    G limits, E entries.

    Attributes
    ----------
    row, at, commodity, weight
        Entry by entry: limit, arc (or node), commodity, and what one unit counts, (E,) each.
    most
        The limit by day and joint state, (T, G, J), or (1, G, 1) where it is always the same: axes of
        length one stand for all.
    most_loaded
        The limit that loads for a coming day keep where what does not leave waits, (G,); None means the
        widest of `most`.
    """

    row: Ints
    at: Ints
    commodity: Ints
    weight: Floats
    most: Floats
    most_loaded: Floats | None = None

    def widest(self) -> Floats:
        """Return the limit that loads keep where what does not leave waits, (G,)."""
        if self.most_loaded is not None:
            return self.most_loaded
        most: Floats = self.most.max(axis=(0, 2))
        return most


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Vehicles that do not come back, as a share of those that leave. H fleets, E entries.

    What moves takes up no more of a fleet than it had less what stayed away on days before.

    Attributes
    ----------
    row, at, commodity
        Entry by entry: fleet, arc, commodity, (E,) each.
    used, stays
        What one unit takes of the fleet on its day, and what of it does not come back, no more, (E,).
    most
        What a fleet had at first, (H,); no less than limits on moves leave it on any day.
    """

    row: Ints
    at: Ints
    commodity: Ints
    used: Floats
    stays: Floats
    most: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """What missing stock on the last evening costs. M bands, E entries.

    Each band is ``missing >= sought - sum of weight * stock`` with ``0 <= missing <= width``.

    Attributes
    ----------
    row, node, commodity, weight
        Entry by entry, (E,) each.
    sought, width, cost
        Of each band, (M,); the cost is of one unit missing.
    """

    row: Ints
    node: Ints
    commodity: Ints
    weight: Floats
    sought: Floats
    width: Floats
    cost: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ReliefModel:
    """Nodes that hold goods, arcs over which they move, and roads that open and close.

    T days, N nodes, C commodities, A arcs, K intervals of days gone without. Each day the joint state
    of the roads is seen first; then is decided what moves, is handed out, spilled and bought.
    Evening stock is what stays good of morning stock, plus supply and what came by arcs, less what left,
    was burnt, handed out and spilled. Backlog is ``backlog_keep`` times last evening's, plus demand, less what was
    handed out.

    Attributes
    ----------
    t_per_unit
        Tonnes in a unit, (C,).
    stock, backlog
        On the first morning, (N, C) units.
    supply
        Comes from outside that day, (T, N, C) units.
    demand
        Needed that day, (T, N, C) units.
    need
        Need of a mean day, (N, C) units: the measure in which backlog is counted in days.
    backlog_keep
        Part of yesterday's backlog that is still lacking today.
    deprivation_breaks
        Days gone without at which a further one costs more, (K - 1,), increasing.
    deprivation_cost
        Cost of a day with one day's need owed, in each interval, (N, C, K), not falling in K.
    fairness_cost
        Cost of a day for each day without, averaged over goods by `fairness_share`, of the node where
        that is highest; 0 for none.
    fairness_share
        Weight of each good at a node, (N, C); each node with needs sums to one.
    arcs
        Where goods can move.
    moves
        Limits on what moves on arcs.
    stores
        Limits on evening stock.
    leaves_from_morning
        Only what stood there in the morning may leave a node or be burnt there, (N,).
    hold_cost
        Of one unit in stock in the evening, (N, C).
    spill_cost
        Of one unit thrown away, (N, C); infinite where nothing may be.
    fuel
        The commodity that arcs burn; -1 for none.
    emergency_fuel_cost
        Of one unit bought on the spot instead of burnt from stock, (N,); infinite where it cannot be.
    ending
        What missing stock at the end costs.
    chain
        The roads.
    losses
        Vehicles that do not come back; None means all do.
    kept
        Share of a commodity that is still good after an evening, or a day on an arc, (C,), above 0; None means
        all is.
    staying
        Share of the people who are still there, (T, N), by which person-days are counted; None means all.
    """

    t_per_unit: Floats
    stock: Floats
    backlog: Floats
    supply: Floats
    demand: Floats
    need: Floats
    backlog_keep: float
    deprivation_breaks: Floats
    deprivation_cost: Floats
    fairness_cost: float
    fairness_share: Floats
    arcs: Arcs
    moves: Limits
    stores: Limits
    leaves_from_morning: Bools
    hold_cost: Floats
    spill_cost: Floats
    fuel: int
    emergency_fuel_cost: Floats
    ending: Ending
    chain: Chain
    losses: Losses | None = None
    kept: Floats | None = None
    staying: Floats | None = None
