"""A bound from the other side that no sample enters: the value function filled in from inside."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.node_program import NodeProgram
from corridor.planning.multistage.outlook import chances
from corridor.planning.multistage.policy import Policy
from corridor.planning.multistage.sampling import Paths
from corridor.planning.multistage.simulation import simulate
from corridor.planning.multistage.values import Values
from corridor.planning.solver import Arrays, Floats, Ints


class _Points(NamedTuple):
    """States that leave a node, (P, S), and a value of what follows each that is not too low, (P,)."""

    state: Floats
    value: Floats


def inner_bound(policy: Policy, paths: Paths, *, price: Floats) -> float:
    """Bound the best value from the side opposite to `policy.bound` (Philpott, de Matos & Finardi 2013).

    1. Follow the policy along the paths; the states it leaves are the points.
    2. From the last stage back, solve all that may follow each point and weigh it by the node's
       risk. What follows is convex in the state, for every coherent risk: between points it is at
       most their mixture, and beyond them `price` a unit.
    3. Solve the first nodes and weigh them.

    Its cost is nodes x points x outcomes programs, each with a column for every point: affordable
    for some hundred points.

    Parameters
    ----------
    price
        Most that one unit of each state can change the value of what follows, (S,), either way:
        the bound rests on it. A slope found in training that is steeper is refused.

    Raises
    ------
    PlanningError
        When there is no last stage, no path leaves a state to a node, or `price` is too low.
    """
    graph = policy.graph
    if graph.has_cycle:
        raise PlanningError("inner bound: it needs a last stage")
    steepest = np.max([np.abs(c.gradient).max(axis=0, initial=0.0) for c in policy.learnt.cuts], 0)
    if (steepest > price + 1e-6).any():
        state = int(np.argmax(steepest - price))
        raise PlanningError(
            f"inner bound: state {state} was found to be worth {steepest[state]:.6g} a unit, more "
            f"than the price of {price[state]:.6g}"
        )
    # Pools stay empty, and this form adds no rows of risk weights.
    values = Values(graph, "single")
    left = simulate(policy, paths).state
    programs: dict[int, NodeProgram] = {}
    solved: dict[int, tuple[Floats, Floats]] = {}
    for node in _last_first(graph):
        points = None
        if graph.children[node].size:
            alike = values.outlook.alike[node]
            if alike[0] not in solved:
                states = _distinct(left[np.isin(paths.node, alike)], node)
                solved[alike[0]] = states, _following(programs, graph, node, states)
            states, costs = solved[alike[0]]
            chance = chances(graph, node)
            points = _Points(
                states, np.array([graph.risk[node].weights(chance, cost) @ cost for cost in costs])
            )
        arrays = _filled(graph, node, points, price)
        programs[node] = NodeProgram(values, node, arrays=arrays)
    first = np.flatnonzero(graph.root > 0)
    cost = np.concatenate([_costs(programs, graph, int(node), graph.initial) for node in first])
    noise = [graph.root[node] * graph.programs[node].noise.probability for node in first]
    return graph.sign * float(graph.root_risk.weights(np.concatenate(noise), cost) @ cost)


def _distinct(states: Floats, node: int) -> Floats:
    if not len(states):
        raise PlanningError(f"inner bound: no path leaves a state of node {node}; take more")
    return np.unique(states.round(9), axis=0)


def _following(
    programs: dict[int, NodeProgram], graph: PolicyGraph, node: int, states: Floats
) -> Floats:
    """Cost of every outcome that may follow a node, at each state that leaves it, (P, K)."""
    return np.array(
        [
            np.concatenate(
                [_costs(programs, graph, int(child), state) for child in graph.children[node]]
            )
            for state in states
        ]
    )


def _costs(
    programs: dict[int, NodeProgram], graph: PolicyGraph, node: int, state: Floats
) -> Floats:
    """Cost of every outcome of a node at a state that comes in, (W,)."""
    programs[node].enter(state)
    outcomes = range(graph.programs[node].noise.count)
    return np.array([programs[node].solve(outcome) for outcome in outcomes])


def _last_first(graph: PolicyGraph) -> list[int]:
    """Nodes in an order in which all that may follow one comes before it."""
    order: list[int] = []
    placed = np.zeros(len(graph.programs), dtype=bool)
    while len(order) < placed.size:
        for node in reversed(range(placed.size)):
            if not placed[node] and placed[graph.children[node]].all():
                placed[node] = True
                order.append(node)
    return order


def _filled(graph: PolicyGraph, node: int, points: _Points | None, price: Floats) -> Arrays:
    """A stage with a mixture of points and steps away from it at a price; None for an end.

    Columns after the stage's: shares of the points, steps up, steps down. Rows: what leaves is
    the mixture plus the steps, state by state; the shares sum to one.
    """
    program = graph.programs[node]
    arrays = program.arrays
    cost: list[Floats] = [graph.sign * arrays.cost]
    index: list[Ints] = [arrays.index]
    value: list[Floats] = [arrays.value]
    width: list[int] = []
    sides: list[float] = []
    extra = 0
    if points is not None:
        count, states = points.state.shape
        extra = count + 2 * states
        cost.append(graph.discount * np.concatenate((points.value, price, price)))
        shares = arrays.cost.size + np.arange(count)
        for state in range(states):
            up = arrays.cost.size + count + state
            index.append(np.concatenate(([program.state_out[state]], shares, [up, up + states])))
            value.append(np.concatenate(([1.0], -points.state[:, state], [-1.0, 1.0])))
        index.append(shares)
        value.append(np.ones(count))
        width = [*[count + 3] * states, count]
        sides = [*[0.0] * states, 1.0]
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
