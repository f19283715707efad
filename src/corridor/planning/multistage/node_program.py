"""The program of one node, kept in the solver: its stage, what follows, and the cuts so far."""

from __future__ import annotations

import itertools
from dataclasses import replace
from operator import itemgetter
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
    """The program of a family of nodes with the value of what follows, solved again and again.

    After the stage's columns stands one column for each pool the node reads and, where risk is
    added up by rows, one for the risk itself. Other arrays, with the stage's columns and rows
    first, may stand in their place.
    """

    __slots__ = (
        "_at",
        "_columns",
        "_cut_rows",
        "_family",
        "_in",
        "_node",
        "_noise",
        "_offset",
        "_out",
        "_priced",
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
        self._values, self._family = values, values.outlook.family[node]
        self._reads = values.outlook.reads[node]
        self._columns = program.arrays.cost.size
        self._stage_rows = program.arrays.row_lower.size
        self._in = program.state_in.astype(np.int32)
        self._out = program.state_out.astype(np.int32)
        self._at = -1
        self._become(node)
        # The offset differs between the nodes of a family, so it is added outside.
        self._standing = Standing(
            replace(arrays or with_outlook(values, node, program.arrays), offset=0.0)
        )
        follows = np.arange(self._columns, self._columns + self._reads.size, dtype=np.int32)
        self._priced = np.concatenate((self._family.cost_column, follows))
        self._seen = [0] * self._reads.size
        self._versions = [0] * self._reads.size
        self._cut_rows: list[tuple[int, int]] = []
        self._risk_count = 0

    @property
    def resolved(self) -> int:
        """How many programs had to be solved again from nothing."""
        return self._standing.resolved

    def turn(self, node: int) -> None:
        """Become the program of another node of the family; the basis stays."""
        if node == self._node:
            return
        self._at = -1
        self._become(node)
        arrays, graph, family = self._program.arrays, self._values.graph, self._family
        if family.row.size:
            low, high = arrays.row_lower[family.row], arrays.row_upper[family.row]
            self._standing.bound_rows(family.row, low, high)
        if family.column.size:
            lower, upper = arrays.lower[family.column], arrays.upper[family.column]
            self._standing.bound_columns(family.column, lower, upper)
        if self._priced.size:
            cost = graph.sign * arrays.cost[family.cost_column]
            weight = graph.discount * self._values.outlook.weight[node]
            self._standing.price_columns(self._priced, np.concatenate((cost, weight)))

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
            return self._standing.solve() + self._offset
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
        # An answer may be beside its bounds by a hair, from which the next stage may have no way on.
        arrays = self._program.arrays
        return np.clip(columns[self._out], arrays.lower[self._out], arrays.upper[self._out])

    def stage_value(self, columns: Floats) -> float:
        """Cost or gain of the stage alone, in its own sense, for the outcome last solved."""
        arrays, noise = self._program.arrays, self._program.noise
        value = float(arrays.cost @ columns) + arrays.offset
        if noise.cost_column.size:
            priced = noise.cost_column
            value += float((noise.cost[self._at] - arrays.cost[priced]) @ columns[priced])
        return value

    def _become(self, node: int) -> None:
        sign = self._values.graph.sign
        self._node, self._program = node, self._values.graph.programs[node]
        self._offset = sign * self._program.arrays.offset
        noise = self._program.noise
        self._noise = (
            (noise.row.astype(np.int32), noise.row_lower, noise.row_upper),
            (noise.column.astype(np.int32), noise.lower, noise.upper),
            (noise.cost_column.astype(np.int32), sign * noise.cost),
        )

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
        places = np.array([place for place, _ in fresh], dtype=np.int32)
        found = [
            self._values.pools[self._reads[place]].cuts([number for _, number in group])
            for place, group in itertools.groupby(fresh, key=itemgetter(0))
        ]
        gradient = np.concatenate([cuts.gradient for cuts in found])
        index = np.empty((len(fresh), self._out.size + 1), dtype=np.int32)
        index[:, :-1], index[:, -1] = self._out, self._columns + places
        value = np.column_stack((-gradient, np.ones(len(fresh))))
        self._standing.add_rows(np.concatenate([c.intercept for c in found]), index, value)
        self._cut_rows.extend(fresh)

    def _add_risk_row(self, weight: Floats) -> None:
        index = np.arange(self._columns, self._columns + weight.size + 1, dtype=np.int32)
        self._standing.add_rows(np.zeros(1), index[None], np.append(-weight, 1.0)[None])
        # A place no pool has, so that selection never takes it out.
        self._cut_rows.append((-1, self._risk_count))


def with_outlook(values: Values, node: int, arrays: Arrays) -> Arrays:
    """Return the arrays of a node's stage with columns for what follows: pools and, maybe, risk."""
    graph, layout = values.graph, values.outlook
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
