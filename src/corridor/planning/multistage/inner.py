"""A bound from the other side that no sample enters: the value function filled in from inside."""

from __future__ import annotations

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.node_program import NodeProgram
from corridor.planning.multistage.policy import Policy
from corridor.planning.multistage.sampling import Paths
from corridor.planning.multistage.simulation import simulate
from corridor.planning.multistage.values import Values
from corridor.planning.solver import Arrays, Floats, Ints


def inner_bound(policy: Policy, paths: Paths, *, price: Floats) -> float:
    """Bound the best mean from the side opposite to `policy.bound` (Philpott, de Matos & Finardi 2013).

    1. Follow the policy along the paths; the states it leaves are the points.
    2. From the last stage back, solve every node at every point that may come in. Between points
       the value is at most their mixture, and beyond them `price` a unit.
    3. Solve the first nodes.

    Its cost is nodes x points x outcomes programs, each with a column for every point and
    follower: affordable for some hundred points.

    Parameters
    ----------
    price
        Most that one unit of each state can change the value of what follows, (S,), either way:
        the bound rests on it. A slope found in training that is steeper is refused.

    Raises
    ------
    PlanningError
        When risk is not the mean, there is no last stage, or `price` is too low.
    """
    graph = policy.graph
    if not graph.is_risk_neutral or graph.has_cycle:
        raise PlanningError("inner bound: it needs a last stage, and the mean as the risk")
    steepest = np.max([np.abs(c.gradient).max(axis=0, initial=0.0) for c in policy.learnt.cuts], 0)
    if (steepest > price + 1e-6).any():
        state = int(np.argmax(steepest - price))
        raise PlanningError(
            f"inner bound: state {state} was found to be worth {steepest[state]:.6g} a unit, more "
            f"than the price of {price[state]:.6g}"
        )
    points = _points(graph, paths, simulate(policy, paths).state)
    heights: dict[int, Floats] = {}
    values = Values(graph, "child")
    total = 0.0
    for node in _last_first(graph):
        arrays = _filled(graph, node, points, heights, price)
        program = NodeProgram(values, node, arrays=arrays)
        if node in points:
            heights[node] = np.array([_mean(program, graph, node, x) for x in points[node]])
        if graph.root[node] > 0:
            total += float(graph.root[node]) * _mean(program, graph, node, graph.initial)
    return graph.sign * total


def _points(graph: PolicyGraph, paths: Paths, states: Floats) -> dict[int, Floats]:
    """States that may come into each node: all that were left where the node may follow."""
    left = {
        node: states[paths.node == node]
        for node in range(len(graph.programs))
        if graph.children[node].size
    }
    points: dict[int, Floats] = {}
    for child in range(len(graph.programs)):
        before = [left[int(node)] for node in np.flatnonzero(graph.transition[:, child] > 0)]
        if before:
            points[child] = np.unique(np.concatenate(before).round(9), axis=0)
    return points


def _last_first(graph: PolicyGraph) -> list[int]:
    """Nodes in an order in which all that may follow one comes before it."""
    order: list[int] = []
    placed = np.zeros(len(graph.programs), dtype=bool)
    while len(order) < placed.size:
        for node, children in enumerate(graph.children):
            if not placed[node] and placed[children].all():
                placed[node] = True
                order.append(node)
    return order


def _mean(program: NodeProgram, graph: PolicyGraph, node: int, state: Floats) -> float:
    program.enter(state)
    probability = graph.programs[node].noise.probability
    return sum(float(p) * program.solve(outcome) for outcome, p in enumerate(probability))


def _filled(
    graph: PolicyGraph,
    node: int,
    points: dict[int, Floats],
    heights: dict[int, Floats],
    price: Floats,
) -> Arrays:
    """A stage with, for each follower, a mixture of points and steps away from it at a price.

    Columns after the stage's, follower by follower: shares of the points, steps up, steps down.
    Rows: what leaves is the mixture plus the steps, state by state; the shares sum to one.
    """
    program = graph.programs[node]
    arrays = program.arrays
    states = price.size
    cost: list[Floats] = [graph.sign * arrays.cost]
    index: list[Ints] = [arrays.index]
    value: list[Floats] = [arrays.value]
    width: list[int] = []
    sides: list[float] = []
    first = arrays.cost.size
    for child in graph.children[node].tolist():
        if not len(points[child]):
            raise PlanningError(f"inner bound: no path leaves a state to node {child}; take more")
        weight = graph.discount * graph.transition[node, child]
        count = len(points[child])
        cost.append(weight * np.concatenate((heights[child], price, price)))
        shares = np.arange(first, first + count)
        for state in range(states):
            up = first + count + state
            index.append(np.concatenate(([program.state_out[state]], shares, [up, up + states])))
            value.append(np.concatenate(([1.0], -points[child][:, state], [-1.0, 1.0])))
            width.append(count + 3)
            sides.append(0.0)
        index.append(shares)
        value.append(np.ones(count))
        width.append(count)
        sides.append(1.0)
        first += count + 2 * states
    extra = first - arrays.cost.size
    return Arrays(
        cost=np.concatenate(cost),
        lower=np.append(arrays.lower, np.zeros(extra)),
        upper=np.append(arrays.upper, np.full(extra, np.inf)),
        row_lower=np.append(arrays.row_lower, sides),
        row_upper=np.append(arrays.row_upper, sides),
        start=np.append(arrays.start, arrays.start[-1] + np.cumsum(width)).astype(np.int64),
        index=np.concatenate(index).astype(np.int64),
        value=np.concatenate(value),
        offset=graph.sign * arrays.offset,
    )
