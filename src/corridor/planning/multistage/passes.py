"""One pass of training: forward along a future, backward with cuts (Pereira & Pinto 1991)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.multistage.node_program import NodeProgram
from corridor.planning.multistage.sampling import Sampling, one_path
from corridor.planning.multistage.values import Find, Values
from corridor.planning.solver import Floats


class Learned(NamedTuple):
    """What one pass found, in the order it was found."""

    finds: list[Find]
    rows: list[tuple[int, Floats]]
    programs: int
    resolved: int = 0


# Programs kept in the solver, at some 200 kB each and more with many cuts.
_MOST = 5_000


class Programs:
    """The programs of all nodes, each made when it is first needed, one for each family of nodes.

    The program returned for one node is good until the next node of its family is asked for. Of
    some thousand families those not used for longest are dropped, and made anew when needed.
    """

    __slots__ = ("_dropped", "_made", "count", "values")

    def __init__(self, values: Values) -> None:
        self.values = values
        self._made: dict[int, NodeProgram] = {}
        self._dropped = 0
        self.count = 0

    def of(self, node: int) -> NodeProgram:
        """Return the program of a node."""
        first = self.values.outlook.family[node].nodes[0]
        program = self._made.pop(first, None) or NodeProgram(self.values, first)
        self._made[first] = program
        if len(self._made) > _MOST:
            self._dropped += self._made.pop(next(iter(self._made))).resolved
        program.turn(node)
        return program

    @property
    def resolved(self) -> int:
        """How many programs had to be solved again from nothing."""
        return self._dropped + sum(program.resolved for program in self._made.values())


def train_once(
    programs: Programs, sampling: Sampling, rng: np.random.Generator, *, steps: int
) -> Learned:
    """Draw a future, decide along it, then go back and cut at every state that was left.

    `sampling` says where the forward pass goes; cuts are weighed by the graph's own chances.
    """
    values = programs.values
    graph = values.graph
    left: list[tuple[int, Floats]] = []
    state = graph.initial

    def foreseen(node: int) -> Floats:
        return values.foreseen(node, state)

    for node, outcome in one_path(graph, sampling, rng, steps=steps, foreseen=foreseen):
        program = programs.of(node)
        program.enter(state)
        state = program.leaving(program.outcome(outcome).columns)
        left.append((node, state))
    finds: list[Find] = []
    rows: list[tuple[int, Floats]] = []
    before, programs.count = programs.count, programs.count + len(left)
    for node, state in reversed(left):
        if graph.children[node].size:
            new, new_rows = values.learn(node, state, *following(programs, node, state))
            finds.extend(new)
            rows.extend(new_rows)
    return Learned(finds, rows, programs.count - before)


def following(programs: Programs, node: int, state: Floats) -> tuple[Floats, Floats]:
    """Solve every outcome that may follow a node, (K,) least costs and (K, S) slopes."""
    graph = programs.values.graph
    cost: list[float] = []
    slope: list[Floats] = []
    for child in graph.children[node]:
        program = programs.of(int(child))
        program.enter(state)
        for outcome in range(graph.programs[child].noise.count):
            cost.append(program.solve(outcome))
            slope.append(program.slope())
        if not graph.children[child].size:
            _expect_limit(
                programs.values, int(child), min(cost[-graph.programs[child].noise.count :])
            )
    programs.count += len(cost)
    return np.array(cost), np.array(slope)


def root_cost(programs: Programs) -> float:
    """Risk of all first nodes at the initial state: a lower bound, minimised sense."""
    graph = programs.values.graph
    cost: list[float] = []
    chance: list[float] = []
    for node in np.flatnonzero(graph.root > 0):
        program = programs.of(int(node))
        program.enter(graph.initial)
        for outcome, probability in enumerate(graph.programs[node].noise.probability):
            cost.append(program.solve(outcome))
            chance.append(float(graph.root[node] * probability))
    programs.count += len(cost)
    weight = graph.root_risk.weights(np.array(chance), np.array(cost))
    return float(weight @ np.array(cost))


def _expect_limit(values: Values, node: int, least: float) -> None:
    """Refuse a limit that an end of the graph beats: the value there is exact.

    Raises
    ------
    PlanningError
        Naming node, limit and value.
    """
    graph = values.graph
    limit = graph.sign * float(graph.limit[node])
    if least < limit - 1e-6 * (1.0 + abs(limit)):
        raise PlanningError(
            f"graph: node {node} reaches {graph.sign * least:.6g}, beyond its limit of "
            f"{graph.limit[node]:.6g}; every bound would be wrong"
        )
