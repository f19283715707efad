"""A trained policy: what it knows of the future, and what it decides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corridor.errors import PlanningError
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.node_program import with_outlook
from corridor.planning.multistage.stage import StageProgram, check_stage
from corridor.planning.multistage.values import Learnt, Values
from corridor.planning.solver import Arrays, Floats, search

_SMALL = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """What to do in every node and state of a policy graph.

    Attributes
    ----------
    graph
        The problem.
    learnt
        Cuts and risk rows.
    bound
        What no policy can beat: below every cost when minimising, above every gain when
        maximising. For the risk asked, not for the mean, where they differ.
    bounds
        The bound after each iteration, (iterations,); it never goes back.
    stopped
        Why training ended, in words.
    programs, resolved
        Stage programs solved, and those solved again from nothing.
    seed
        Of the forward passes.
    """

    graph: PolicyGraph
    learnt: Learnt
    bound: float
    bounds: Floats
    stopped: str
    programs: int
    resolved: int
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What to do in one node.

    Attributes
    ----------
    columns
        The stage's columns, (columns,).
    state
        The state that leaves, (S,).
    stage_value
        Cost or gain of the stage alone.
    value
        Stage and what follows, discounted, as the cuts see it.
    is_within_gap
        Whether a search in whole numbers reached its gap.
    """

    columns: Floats
    state: Floats
    stage_value: float
    value: float
    is_within_gap: bool


def restored(
    graph: PolicyGraph, learnt: Learnt, *, only_kept: bool = True, node: int | None = None
) -> Values:
    """Return pools that hold what was learnt: as the programs held it, or all; for one node, or all."""
    values = Values(graph, learnt.form)
    wanted = range(len(values.pools)) if node is None else values.outlook.reads[node].tolist()
    for number in wanted:
        cuts, kept = learnt.cuts[number], learnt.kept[number]
        values.pools[number].hold(cuts, kept if only_kept else np.arange(cuts.intercept.size))
    for node, rows in enumerate(learnt.risk_rows):
        for row in rows:
            values.add_row(node, row)
    return values


def decide(
    policy: Policy,
    node: int,
    state: Floats,
    *,
    outcome: int = 0,
    stage: Arrays | None = None,
    gap: float = 1e-6,
    nodes: int = 10_000,
) -> Decision:
    """Solve one node today, in whole numbers where its program asks for them.

    Parameters
    ----------
    state
        What comes in, (S,).
    outcome
        The noise that was seen.
    stage
        Other bounds, costs or whole columns than the graph's stage has, with the same columns
        first: today in full detail. Its first columns must hold the state as the graph's do.
        None takes the graph's.
    gap, nodes
        Relative gap and count of nodes at which a search in whole numbers ends.

    Raises
    ------
    PlanningError
        When the state has another length, or there is no answer.
    """
    graph = policy.graph
    program = graph.programs[node]
    if state.shape != graph.initial.shape:
        raise PlanningError(f"decide: {graph.initial.size} states are needed, not {state.size}")
    if stage is not None:
        program = replace(program, arrays=stage)
        check_stage("decide: stage", program)
    values = restored(graph, policy.learnt, node=node)
    arrays = _with_cuts(values, node, program, state, outcome)
    whole = program.arrays.is_whole
    found = search(replace(arrays, is_whole=_padded(whole, arrays.cost.size)), gap=gap, nodes=nodes)
    size = program.arrays.cost.size
    columns = found.values[:size]
    stage_cost = float(arrays.cost[:size] @ columns) + arrays.offset
    return Decision(
        columns=columns,
        state=columns[program.state_out],
        stage_value=graph.sign * stage_cost,
        value=graph.sign * found.objective,
        is_within_gap=found.is_within_gap,
    )


def _with_cuts(
    values: Values, node: int, program: StageProgram, state: Floats, outcome: int
) -> Arrays:
    """A node's program as one set of arrays: noise, state, cuts and risk rows put in."""
    noise = program.noise
    arrays = with_outlook(values, node, program.arrays)
    cost, lower, upper = arrays.cost.copy(), arrays.lower.copy(), arrays.upper.copy()
    low, high = arrays.row_lower.copy(), arrays.row_upper.copy()
    if noise.row.size:
        low[noise.row], high[noise.row] = noise.row_lower[outcome], noise.row_upper[outcome]
    if noise.column.size:
        lower[noise.column], upper[noise.column] = noise.lower[outcome], noise.upper[outcome]
    if noise.cost_column.size:
        cost[noise.cost_column] = values.graph.sign * noise.cost[outcome]
    lower[program.state_in] = upper[program.state_in] = state
    size = program.arrays.cost.size
    index: list[NDArray[np.int64]] = [arrays.index]
    value: list[Floats] = [arrays.value]
    ends: list[int] = []
    least: list[float] = []
    for place, number in enumerate(values.outlook.reads[node]):
        pool = values.pools[number]
        cuts = pool.cuts(pool.kept)
        for gradient, intercept in zip(cuts.gradient, cuts.intercept, strict=True):
            index.append(np.append(program.state_out, size + place))
            value.append(np.append(-gradient, 1.0))
            least.append(float(intercept))
            ends.append(gradient.size + 1)
    for row in values.risk_rows[node]:
        index.append(np.arange(size, size + row.size + 1))
        value.append(np.append(-row, 1.0))
        least.append(0.0)
        ends.append(row.size + 1)
    entries = np.concatenate(value)
    # Slopes that should be zero come as 1e-14; HiGHS leaves such entries out, with a warning.
    entries[np.abs(entries) < _SMALL] = 0.0
    return Arrays(
        cost=cost,
        lower=lower,
        upper=upper,
        row_lower=np.append(low, least),
        row_upper=np.append(high, np.full(len(least), np.inf)),
        start=np.append(arrays.start, arrays.start[-1] + np.cumsum(ends)).astype(np.int64),
        index=np.concatenate(index).astype(np.int64),
        value=entries,
        offset=arrays.offset,
    )


def _padded(whole: NDArray[np.bool_] | None, size: int) -> NDArray[np.bool_] | None:
    if whole is None:
        return None
    padded = np.zeros(size, dtype=np.bool_)
    padded[: whole.size] = whole
    return padded
