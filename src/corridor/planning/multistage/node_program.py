"""The program of one node, kept in the solver: its stage, what follows, and the cuts so far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor.errors import PlanningError
from corridor.planning.multistage.values import Values
from corridor.planning.solver import Arrays, Floats, Standing

Narrow = NDArray[np.int32]


class Outcome(NamedTuple):
    """What solving a node gave.

    Attributes
    ----------
    cost
        Least cost of the stage and what follows, minimised sense.
    columns
        The stage's columns, (columns,).
    slope
        Change of the least cost with the state that came in, (S,).
    """

    cost: float
    columns: Floats
    slope: Floats


class NodeProgram:
    """A stage program with the value of what follows, solved again and again.

    After the stage's columns stands one column for each pool the node reads and, where risk is
    added up by rows, one for the risk itself. Other arrays, with the stage's columns and rows
    first, may stand in their place.
    """

    __slots__ = (
        "_at",
        "_columns",
        "_cut_rows",
        "_in",
        "_node",
        "_noise",
        "_out",
        "_program",
        "_reads",
        "_risk_count",
        "_seen",
        "_stage_rows",
        "_standing",
        "_values",
        "_versions",
    )

    def __init__(self, values: Values, node: int, *, arrays: Arrays | None = None) -> None:
        program = values.graph.programs[node]
        self._values, self._node, self._program = values, node, program
        self._reads = values.outlook.reads[node]
        self._columns = program.arrays.cost.size
        self._stage_rows = program.arrays.row_lower.size
        self._in = program.state_in.astype(np.int32)
        self._out = program.state_out.astype(np.int32)
        noise = program.noise
        self._noise = (
            (noise.row.astype(np.int32), noise.row_lower, noise.row_upper),
            (noise.column.astype(np.int32), noise.lower, noise.upper),
            (noise.cost_column.astype(np.int32), values.graph.sign * noise.cost),
        )
        self._standing = Standing(arrays or with_outlook(values, node))
        self._seen = [0] * self._reads.size
        self._versions = [0] * self._reads.size
        self._cut_rows: list[tuple[int, int]] = []
        self._risk_count = 0
        self._at = -1

    @property
    def resolved(self) -> int:
        """How many programs had to be solved again from nothing."""
        return self._standing.resolved

    def enter(self, state: Floats) -> None:
        """Set the state that comes in, (S,), and take in the cuts that are new."""
        self._standing.bound_columns(self._in, state, state)
        self._take_in()

    def solve(self, outcome: int) -> float:
        """Solve for one outcome of the noise at the state last entered.

        Raises
        ------
        PlanningError
            When there is no optimum; the text names node and outcome.
        """
        if outcome != self._at:
            self._at = outcome
            (row, low, high), (column, lower, upper), (priced, cost) = self._noise
            if row.size:
                self._standing.bound_rows(row, low[outcome], high[outcome])
            if column.size:
                self._standing.bound_columns(column, lower[outcome], upper[outcome])
            if priced.size:
                self._standing.price_columns(priced, cost[outcome])
        try:
            return self._standing.solve()
        except PlanningError as failed:
            raise PlanningError(
                f"node {self._node}, outcome {outcome}: {failed}. A stage program needs an answer "
                "whatever comes in: make shortage a variable, and costs that end"
            ) from failed

    def outcome(self, outcome: int) -> Outcome:
        """Solve for one outcome and read everything."""
        cost = self.solve(outcome)
        columns, reduced = self._standing.answer()
        return Outcome(cost, columns[: self._columns], reduced[self._in])

    def slope(self) -> Floats:
        """Change of the last solution's cost with the state that came in, (S,)."""
        return self._standing.answer()[1][self._in]

    def leaving(self, columns: Floats) -> Floats:
        """Return the state that leaves, (S,), from the stage's columns."""
        return columns[self._out]

    def stage_value(self, columns: Floats) -> float:
        """Cost or gain of the stage alone, in its own sense, for the outcome last solved."""
        arrays, noise = self._program.arrays, self._program.noise
        value = float(arrays.cost @ columns) + arrays.offset
        if noise.cost_column.size:
            priced = noise.cost_column
            value += float((noise.cost[self._at] - arrays.cost[priced]) @ columns[priced])
        return value

    def _take_in(self) -> None:
        rows = self._values.risk_rows[self._node]
        fresh: list[tuple[int, int]] = []
        for place, number in enumerate(self._reads):
            pool = self._values.pools[number]
            if pool.version != self._versions[place]:
                self._versions[place] = pool.version
                fresh.extend(self._drop(place, pool.kept))
                self._seen[place] = pool.count
            elif pool.count > self._seen[place]:
                fresh.extend((place, cut) for cut in range(self._seen[place], pool.count))
                self._seen[place] = pool.count
        for weight in rows[self._risk_count :]:
            self._add_risk_row(weight)
        self._risk_count = len(rows)
        if fresh:
            self._add(fresh)

    def _drop(self, place: int, kept: list[int]) -> list[tuple[int, int]]:
        wanted = set(kept)
        gone = [
            row
            for row, (where, cut) in enumerate(self._cut_rows)
            if where == place and cut not in wanted
        ]
        held = {cut for where, cut in self._cut_rows if where == place}
        if gone:
            self._standing.delete_rows(np.array(gone, dtype=np.int32) + self._stage_rows)
            dropped = set(gone)
            self._cut_rows = [
                entry for row, entry in enumerate(self._cut_rows) if row not in dropped
            ]
        return [(place, cut) for cut in kept if cut not in held]

    def _add(self, fresh: list[tuple[int, int]]) -> None:
        width = self._out.size + 1
        index = np.empty((len(fresh), width), dtype=np.int32)
        value = np.empty((len(fresh), width))
        lower = np.empty(len(fresh))
        for row, (place, number) in enumerate(fresh):
            cuts = self._values.pools[self._reads[place]].cuts([number])
            index[row, :-1], index[row, -1] = self._out, self._columns + place
            value[row, :-1], value[row, -1] = -cuts.gradient[0], 1.0
            lower[row] = cuts.intercept[0]
        self._standing.add_rows(lower, index, value)
        self._cut_rows.extend(fresh)

    def _add_risk_row(self, weight: Floats) -> None:
        index = np.arange(self._columns, self._columns + weight.size + 1, dtype=np.int32)
        self._standing.add_rows(np.zeros(1), index[None], np.append(-weight, 1.0)[None])
        # A place no pool has, so that selection never takes it out.
        self._cut_rows.append((-1, self._risk_count))


def with_outlook(values: Values, node: int) -> Arrays:
    """Return a stage's arrays with a column for each pool read and, where needed, one for risk."""
    graph, layout = values.graph, values.outlook
    arrays = graph.programs[node].arrays
    weight = graph.discount * layout.weight[node]
    lower = layout.lower[layout.reads[node]]
    if layout.has_risk_rows[node]:
        weight = np.append(np.zeros(weight.size), graph.discount)
        lower = np.append(lower, lower.min())
    return Arrays(
        cost=np.concatenate((graph.sign * arrays.cost, weight)),
        lower=np.concatenate((arrays.lower, lower)),
        upper=np.concatenate((arrays.upper, np.full(weight.size, np.inf))),
        row_lower=arrays.row_lower,
        row_upper=arrays.row_upper,
        start=arrays.start,
        index=arrays.index,
        value=arrays.value,
        is_whole=None,
        offset=graph.sign * arrays.offset,
    )
