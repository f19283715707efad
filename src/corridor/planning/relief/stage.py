"""The program of one day of a relief model, and the policy graph of all days and road states.

What follows from other columns has none of its own: handed out is
``backlog_keep * backlog_in + demand - backlog``, and fuel burnt is a sum over what moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.multistage import PolicyGraph, RiskMeasure, StageProgram, markov_graph
from corridor.planning.relief.model import (
    Bools,
    Chain,
    Floats,
    Ints,
    Limits,
    Losses,
    ReliefModel,
)
from corridor.planning.solver import Arrays

# Rows, columns and values of the same shape, or of shapes that broadcast to one.
_Entries: TypeAlias = tuple[Ints, Ints, Floats | float]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Where each quantity stands among the columns of a day; -1 where there is none.

    N nodes, C commodities, A arcs, K intervals, L longest lead, M bands; all in units.

    Attributes
    ----------
    stock_in, stock
        Of the morning and the evening, (N, C).
    backlog_in, backlog
        Of the evening before and this evening, (N, C).
    owed
        Backlog by interval, (N, C, K).
    moved
        Leaves today, (A, C).
    loaded_in, loaded
        Loaded yesterday, and today, on arcs loaded ahead, (A, C).
    moving_in, moving
        Under way in the morning and in the evening, (L, A, C): entry l comes in l days, counted
        from this morning and from the next.
    spilled
        Thrown away, (N, C).
    bought
        Fuel bought on the spot, (N,).
    lost_in, lost
        Of fleets, what stayed away until yesterday, and until today, (H,).
    worst
        Days without of the node that is worst off, (1,).
    missing
        Missing on the last evening, (M,); none on other days.
    count
        Number of columns.
    """

    stock_in: Ints
    stock: Ints
    backlog_in: Ints
    backlog: Ints
    owed: Ints
    moved: Ints
    loaded_in: Ints
    loaded: Ints
    moving_in: Ints
    moving: Ints
    spilled: Ints
    bought: Ints
    worst: Ints
    missing: Ints
    lost_in: Ints
    lost: Ints
    count: int

    def state_in(self) -> Ints:
        """Columns of the state that comes in: stock, backlog, loaded, moving, lost, (S,)."""
        return _numbered(
            self.stock_in, self.backlog_in, self.loaded_in, self.moving_in, self.lost_in
        )

    def state_out(self) -> Ints:
        """Columns of the state that leaves, in the same order, (S,)."""
        return _numbered(self.stock, self.backlog, self.loaded, self.moving, self.lost)


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """The programs of one day: the same for all joint states but for the upper sides of some rows.

    Attributes
    ----------
    columns
        Where each quantity stands.
    arrays
        The program in joint state 0.
    limited
        Rows whose upper side depends on the joint state, (R,).
    most
        Their upper sides, (J, R).
    moves
        Row of each limit on moves, (G,); -1 where it never binds.
    kept
        Row that keeps each fleet of `Losses` to what came back, (H,).
    """

    columns: Columns
    arrays: Arrays
    limited: Ints
    most: Floats
    moves: Ints
    kept: Ints

    def in_state(self, state: int) -> Arrays:
        """Return the program in a joint state; all but its sides is shared."""
        upper = self.arrays.row_upper.copy()
        upper[self.limited] = self.most[state]
        return replace(self.arrays, row_upper=upper)

    def program(self, state: int) -> StageProgram:
        """Return the stage program in a joint state."""
        return StageProgram(self.in_state(state), self.columns.state_in(), self.columns.state_out())


def day_of(model: ReliefModel, day: int) -> Day:
    """Build the programs of a day, counted from 0.

    Raises
    ------
    PlanningError
        When something is needed on a day of which a mean day needs none.
    """
    if (model.demand[day][model.need <= 0] > 0).any():
        raise PlanningError("relief model: need must be above 0 wherever there is demand")
    is_last = day == len(model.demand) - 1
    columns = columns_of(model, is_last=is_last)
    rows = _Rows()
    _balance(rows, model, columns, day)
    _backlog(rows, model, columns, day)
    _moving(rows, model, columns)
    _from_morning(rows, model, columns)
    _loading(rows, model, columns, day)
    kept = rows.count + np.arange(columns.lost.size)
    if model.losses is not None:
        _losing(rows, model.losses, columns)
    if is_last:
        _ending(rows, model, columns)
    first = rows.count
    moves, moved = _limits(rows, model.moves, columns.moved, day, model.chain)
    _, stored = _limits(rows, model.stores, columns.stock, day, model.chain)
    limits = np.concatenate([moved, stored], axis=1)
    differs = (limits != limits[0]).any(axis=0)
    cost, lower, upper = _priced(model, columns)
    return Day(
        columns,
        rows.arrays(cost, lower, upper),
        limited=first + np.flatnonzero(differs),
        most=limits[:, differs],
        moves=moves,
        kept=kept,
    )


def policy_graph(model: ReliefModel, *, risk: RiskMeasure | None = None) -> PolicyGraph:
    """Return the graph of all days and joint states; it starts before the first day is seen.

    Costs being at least 0, so is the value of every node.
    """
    days = len(model.demand)
    states = range(len(model.chain.status))
    made = (day_of(model, day) for day in range(days))
    return markov_graph(
        [[day.program(state) for state in states] for day in made],
        [model.chain.first[None, :], *model.chain.transition],
        initial=initial_state(model),
        limit=0.0,
        risk=risk,
    )


def initial_state(model: ReliefModel) -> Floats:
    """State before the first day, (S,): nothing is loaded or under way."""
    columns = columns_of(model, is_last=False)
    state = np.zeros(columns.state_in().size)
    known = np.concatenate(
        [model.stock[columns.stock_in >= 0], model.backlog[columns.backlog_in >= 0]]
    )
    state[: known.size] = known
    return state


def columns_of(model: ReliefModel, *, is_last: bool) -> Columns:
    """Number the columns of a day."""
    arcs = model.arcs
    holds, needs = holds_stock(model), model.need > 0
    ahead = arcs.carries & arcs.is_loaded_ahead[:, None]
    days = np.arange(int(arcs.lead_days.max(initial=0)))
    moving = arcs.carries & (days[:, None] < arcs.lead_days)[:, :, None]
    masks: dict[str, Bools] = {
        "stock_in": holds,
        "stock": holds,
        "backlog_in": needs,
        "backlog": needs,
        "owed": np.broadcast_to(needs[..., None], model.deprivation_cost.shape),
        "moved": arcs.carries,
        "loaded_in": ahead,
        "loaded": ahead,
        "moving_in": moving,
        "moving": moving,
        "spilled": holds & np.isfinite(model.spill_cost),
        "bought": _burns(model) & np.isfinite(model.emergency_fuel_cost),
        "worst": np.array([model.fairness_cost > 0]),
        "missing": np.full(model.ending.sought.shape, is_last),
    }
    fleets = np.ones(0 if model.losses is None else model.losses.most.size, dtype=np.bool_)
    masks |= {"lost_in": fleets, "lost": fleets}
    found: dict[str, Ints] = {}
    first = 0
    for name, mask in masks.items():
        size = int(np.count_nonzero(mask))
        found[name] = np.full(mask.shape, -1, dtype=np.int64)
        found[name][mask] = np.arange(first, first + size)
        first += size
    return Columns(**found, count=first)


def balance_rows(columns: Columns) -> Ints:
    """Rows of a day's program that balance each stock, (N, C); -1 where there is none."""
    there = (columns.stock >= 0) | (columns.backlog >= 0)
    row = np.full(there.shape, -1, dtype=np.int64)
    row[there] = np.arange(np.count_nonzero(there))
    return row


def still_good(model: ReliefModel) -> Floats:
    """Share of what leaves on an arc that is good when it comes, (A, C)."""
    lead = model.arcs.lead_days[:, None]
    return np.ones((lead.size, model.need.shape[1])) if model.kept is None else model.kept**lead


def holds_stock(model: ReliefModel) -> Bools:
    """Where a commodity can ever be in stock, (N, C)."""
    found: Bools = (model.stock > 0) | (model.supply > 0).any(axis=0)
    np.logical_or.at(found, model.arcs.end, model.arcs.carries)
    return found


def _balance(rows: _Rows, model: ReliefModel, columns: Columns, day: int) -> None:
    """What is in the evening, left, was burnt, handed out or spilled, was there or came."""
    arcs, keep = model.arcs, model.backlog_keep
    row = balance_rows(columns)
    rows.numbered(row >= 0)
    comes = np.where(arcs.lead_days[:, None] == 0, columns.moved, -1)
    stands, good = (1.0, 1.0) if model.kept is None else (1 / model.kept, still_good(model))
    entries: list[_Entries] = [
        (row, columns.stock, stands),
        (row, columns.stock_in, -1.0),
        (row, columns.spilled, 1.0),
        (row, columns.backlog_in, keep),
        (row, columns.backlog, -1.0),
        (row[arcs.start], columns.moved, 1.0),
        (row[arcs.end], comes, -1.0),
        (row[arcs.end], columns.moving_in[:1], -good),
    ]
    if model.fuel >= 0:
        burnt = row[:, model.fuel]
        entries.append((burnt[arcs.start, None], columns.moved, arcs.fuel))
        entries.append((burnt, columns.bought, -1.0))
    if arcs.back is not None:
        aside = row[arcs.end, arcs.back_fuel]
        entries.append((aside[:, None], columns.moved, arcs.back))
    side = (model.supply[day] - model.demand[day])[row >= 0]
    rows.add(side, side, entries)


def _backlog(rows: _Rows, model: ReliefModel, columns: Columns, day: int) -> None:
    """Handing out is at least 0, backlog is the sum of its intervals, one node is worst off."""
    needs = columns.backlog >= 0
    row = rows.numbered(needs)
    least = -model.demand[day][needs]
    rows.add(
        least,
        np.full(least.size, np.inf),
        [(row, columns.backlog_in, model.backlog_keep), (row, columns.backlog, -1.0)],
    )
    row = rows.numbered(needs)
    none = np.zeros(least.size)
    rows.add(none, none, [(row, columns.backlog, 1.0), (row[..., None], columns.owed, -1.0)])
    if columns.worst[0] >= 0:
        share = np.divide(model.fairness_share, model.need, where=needs, out=np.zeros(needs.shape))
        row = rows.numbered(np.asarray((share > 0).any(axis=1)))
        least = np.zeros(np.count_nonzero(row >= 0))
        entries: list[_Entries] = [
            (row, columns.worst, 1.0),
            (row[:, None], columns.backlog, -share),
        ]
        rows.add(least, np.full(least.size, np.inf), entries)


def _moving(rows: _Rows, model: ReliefModel, columns: Columns) -> None:
    """What is under way in the evening left today, or was under way with a day more to go."""
    moving = columns.moving
    if not (moving >= 0).any():
        return
    row = rows.numbered(moving >= 0)
    days = np.arange(len(moving))[:, None, None]
    left = np.where(days == model.arcs.lead_days[:, None] - 1, columns.moved, -1)
    side = np.zeros(np.count_nonzero(moving >= 0))
    entries: list[_Entries] = [
        (row, moving, 1.0),
        (row, left, -1.0),
        (row[:-1], columns.moving_in[1:], -1.0),
    ]
    rows.add(side, side, entries)


def _from_morning(rows: _Rows, model: ReliefModel, columns: Columns) -> None:
    """What leaves or is burnt was there in the morning; no more fuel is bought than is burnt."""
    arcs = model.arcs
    row = rows.numbered((columns.stock >= 0) & model.leaves_from_morning[:, None])
    entries: list[_Entries] = [
        (row[arcs.start], columns.moved, 1.0),
        (row, columns.stock_in, -1.0),
    ]
    if model.fuel >= 0:
        burnt = row[:, model.fuel]
        entries.append((burnt[arcs.start, None], columns.moved, arcs.fuel))
        entries.append((burnt, columns.bought, -1.0))
    most = np.zeros(np.count_nonzero(row >= 0))
    rows.add(np.full(most.size, -np.inf), most, entries)
    row = rows.numbered(columns.bought >= 0)
    most = np.zeros(np.count_nonzero(row >= 0))
    rows.add(
        np.full(most.size, -np.inf),
        most,
        [(row, columns.bought, 1.0), (row[arcs.start, None], columns.moved, -arcs.fuel)],
    )


def _loading(rows: _Rows, model: ReliefModel, columns: Columns, day: int) -> None:
    """What leaves was loaded yesterday; what is loaded stands there and keeps tomorrow's limits."""
    ahead = columns.loaded >= 0
    if not ahead.any():
        return
    row = rows.numbered(ahead)
    most = np.zeros(np.count_nonzero(ahead))
    rows.add(
        np.full(most.size, -np.inf),
        most,
        [(row, columns.moved, 1.0), (row, columns.loaded_in, -1.0)],
    )
    loads = np.zeros(columns.stock.shape, dtype=np.bool_)
    np.logical_or.at(loads, model.arcs.start, ahead)
    row = rows.numbered(loads)
    most = np.zeros(np.count_nonzero(loads))
    rows.add(
        np.full(most.size, -np.inf),
        most,
        [(row[model.arcs.start], columns.loaded, 1.0), (row, columns.stock, -1.0)],
    )
    waits = model.arcs.waits
    if waits is None:
        tomorrow = min(day + 1, len(model.demand) - 1)
        _limits(rows, model.moves, columns.loaded, tomorrow, model.chain, loosest=True)
        return
    row = rows.numbered(ahead & waits[:, None])
    least = np.zeros(np.count_nonzero(row >= 0))
    stays = np.ones(model.need.shape[1]) if model.kept is None else model.kept
    rows.add(
        least,
        np.full(least.size, np.inf),
        [(row, columns.loaded, 1.0), (row, columns.loaded_in, -stays), (row, columns.moved, stays)],
    )
    # What waits keeps its vehicle whatever tomorrow lets pass.
    widest = replace(model.moves, most=model.moves.widest()[None, :, None])
    _limits(rows, widest, columns.loaded, 0, model.chain)


def _losing(rows: _Rows, losses: Losses, columns: Columns) -> None:
    """What moves takes no more of a fleet than stayed of it; what stays away adds up."""
    moved = columns.moved[losses.at, losses.commodity]
    row = rows.numbered(columns.lost >= 0)
    rows.add(
        np.full(row.size, -np.inf),
        losses.most,
        [(row[losses.row], moved, losses.used), (row, columns.lost_in, 1.0)],
    )
    row = rows.numbered(columns.lost >= 0)
    none = np.zeros(row.size)
    rows.add(
        none,
        none,
        [
            (row, columns.lost, 1.0),
            (row, columns.lost_in, -1.0),
            (row[losses.row], moved, -losses.stays),
        ],
    )


def _limits(
    rows: _Rows,
    limits: Limits,
    columns: Ints,
    day: int,
    chain: Chain,
    *,
    loosest: bool = False,
) -> tuple[Ints, Floats]:
    """Add the limits that ever bind; return the row of each, (G,), and upper sides by joint state, (J, R)."""
    most = limits.most[min(day, len(limits.most) - 1)]
    most = np.broadcast_to(most, (most.shape[0], len(chain.status)))
    if loosest:
        most = np.repeat(most.max(axis=1, keepdims=True), len(chain.status), axis=1)
    binds = np.zeros(len(most), dtype=np.bool_)
    column = columns[limits.at, limits.commodity]
    binds[limits.row[(column >= 0) & (limits.weight != 0)]] = True
    binds &= np.isfinite(limits.most).any(axis=(0, 2))
    row = rows.numbered(binds)
    upper = most[binds].T
    rows.add(np.full(upper.shape[1], -np.inf), upper[0], [(row[limits.row], column, limits.weight)])
    return row, upper


def _ending(rows: _Rows, model: ReliefModel, columns: Columns) -> None:
    ending = model.ending
    row = rows.numbered(columns.missing >= 0)
    rows.add(
        ending.sought,
        np.full(ending.sought.size, np.inf),
        [
            (row, columns.missing, 1.0),
            (row[ending.row], columns.stock[ending.node, ending.commodity], ending.weight),
        ],
    )


def _priced(model: ReliefModel, columns: Columns) -> tuple[Floats, Floats, Floats]:
    """Cost, lower and upper bound of each column."""
    cost = np.zeros(columns.count)
    upper = np.full(columns.count, np.inf)
    width = np.diff(model.deprivation_breaks, prepend=0.0, append=np.inf)
    need = model.need[..., None]
    per_unit = np.divide(
        model.deprivation_cost, need, where=need > 0, out=np.zeros(model.deprivation_cost.shape)
    )
    for numbers, price in (
        (columns.stock, model.hold_cost),
        (columns.owed, per_unit),
        (columns.moved, model.arcs.cost),
        (columns.spilled, model.spill_cost),
        (columns.bought, model.emergency_fuel_cost),
        (columns.worst, np.array([model.fairness_cost])),
        (columns.missing, model.ending.cost),
    ):
        cost[numbers[numbers >= 0]] = price[numbers >= 0]
    owed = columns.owed[columns.backlog >= 0]
    upper[owed] = model.need[columns.backlog >= 0][:, None] * width
    upper[columns.missing[columns.missing >= 0]] = model.ending.width[columns.missing >= 0]
    return cost, np.zeros(columns.count), upper


def _burns(model: ReliefModel) -> Bools:
    """Nodes where fuel is burnt, (N,)."""
    found = np.zeros(len(model.need), dtype=np.bool_)
    if model.fuel >= 0:
        np.logical_or.at(found, model.arcs.start, (model.arcs.fuel > 0).any(axis=1))
    return found


def _numbered(*numbers: Ints) -> Ints:
    return np.concatenate([each[each >= 0] for each in numbers])


class _Rows:
    """Rows in the making: their sides, and entries that may come in any order."""

    __slots__ = ("_column", "_lower", "_row", "_upper", "_value", "count")

    def __init__(self) -> None:
        self._row: list[Ints] = []
        self._column: list[Ints] = []
        self._value: list[Floats] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []
        self.count = 0

    def numbered(self, mask: Bools) -> Ints:
        """Number new rows where the mask says so; -1 elsewhere."""
        row = np.full(mask.shape, -1, dtype=np.int64)
        row[mask] = self.count + np.arange(np.count_nonzero(mask))
        return row

    def add(self, lower: Floats, upper: Floats, entries: Iterable[_Entries]) -> None:
        """Take up rows numbered before; entries without a row or a column are left out."""
        for part in entries:
            row, column, value = np.broadcast_arrays(*part)
            there = (row >= 0) & (column >= 0) & (value != 0)
            self._row.append(row[there])
            self._column.append(column[there])
            self._value.append(value[there].astype(np.float64))
        self._lower.append(lower)
        self._upper.append(upper)
        self.count += lower.size

    def arrays(self, cost: Floats, lower: Floats, upper: Floats) -> Arrays:
        """Return the program: entries row by row, those of the same place added up."""
        place = np.concatenate(self._row) * cost.size + np.concatenate(self._column)
        places, which = np.unique(place, return_inverse=True)
        value = np.zeros(places.size)
        np.add.at(value, which, np.concatenate(self._value))
        row = places // cost.size
        return Arrays(
            cost=cost,
            lower=lower,
            upper=upper,
            row_lower=np.concatenate(self._lower),
            row_upper=np.concatenate(self._upper),
            start=np.searchsorted(row, np.arange(self.count + 1)).astype(np.int64),
            index=places % cost.size,
            value=value,
        )
