"""Follow a policy through futures, and estimate what it costs."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from corridor.planning.multistage.estimate import Estimate, estimate
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.passes import Programs
from corridor.planning.multistage.policy import Policy, restored
from corridor.planning.multistage.sampling import Paths
from corridor.planning.multistage.values import Learnt, Values
from corridor.planning.solver import Floats, Ints

_CHUNK = 250


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """What a policy did in each future.

    Attributes
    ----------
    stage_value
        Cost or gain of each stage, not discounted, (B, T), scenario x step; 0 after the end.
    state
        State that left each stage, (B, T, S).
    columns
        The columns asked for, (B, T, K).
    estimate
        Mean of the sums over steps, discounted where the graph has a last stage. With a risk
        measure other than the mean it is still a mean, and no bound on the risk.
    """

    stage_value: Floats
    state: Floats
    columns: Floats
    estimate: Estimate


def simulate(
    policy: Policy, paths: Paths, *, columns: Ints | None = None, executor: Executor | None = None
) -> Simulation:
    """Follow a policy through futures; the same futures for two policies make them comparable.

    Control variates come from the cuts: at each step, what the cuts say of the node that came,
    less the mean of what they say of those that could have come; its mean is zero whatever the
    policy. With pools by child they cover the Markov chain, by outcome the noise too; single
    pools have none.

    Parameters
    ----------
    columns
        Columns of the stage programs to keep, (K,), the same numbers in every stage.
    executor
        Where chunks of 250 futures run; the result does not depend on it.
    """
    kept = np.zeros(0, dtype=np.int64) if columns is None else columns
    starts = range(0, len(paths.node), _CHUNK)
    chunks = [
        Paths(paths.node[start : start + _CHUNK], paths.outcome[start : start + _CHUNK])
        for start in starts
    ]
    if executor is None:
        parts = [_followed(policy.graph, policy.learnt, chunk, kept) for chunk in chunks]
    else:
        waiting = [
            executor.submit(_followed, policy.graph, policy.learnt, chunk, kept) for chunk in chunks
        ]
        parts = [each.result() for each in waiting]
    value, state, seen, control = (
        np.concatenate([part[place] for part in parts]) for place in range(4)
    )
    return Simulation(value, state, seen, estimate(value @ _weight(policy.graph, paths), control))


def _weight(graph: PolicyGraph, paths: Paths) -> Floats:
    steps = np.arange(paths.node.shape[1])
    return np.power(1.0 if graph.has_cycle else graph.discount, steps, dtype=np.float64)


def _followed(
    graph: PolicyGraph, learnt: Learnt, paths: Paths, kept: Ints
) -> tuple[Floats, Floats, Floats, Floats]:
    values = restored(graph, learnt)
    programs = Programs(values)
    count, steps = paths.node.shape
    value = np.zeros((count, steps))
    states = np.zeros((count, steps, graph.initial.size))
    seen = np.zeros((count, steps, kept.size))
    control = np.zeros(count)
    weight = _weight(graph, paths)
    state = np.tile(graph.initial, (count, 1))
    for step in range(steps):
        for (node, outcome), scenarios in _alike(paths, step, state):
            program = programs.of(node)
            program.enter(state[scenarios[0]])
            columns = program.outcome(outcome).columns
            left = program.leaving(columns)
            value[scenarios, step] = program.stage_value(columns)
            states[scenarios, step], seen[scenarios, step] = left, columns[kept]
            state[scenarios] = left
            if step + 1 < steps and graph.children[node].size:
                expected, came = _controls(values, node, left)
                after = paths.node[scenarios, step + 1], paths.outcome[scenarios, step + 1]
                control[scenarios] += weight[step] * (
                    np.array([came.get((int(n), int(w)), 0.0) for n, w in zip(*after, strict=True)])
                    - expected
                )
    return value, states, seen, control


def _alike(paths: Paths, step: int, state: Floats) -> list[tuple[tuple[int, int], list[int]]]:
    """Scenarios by node, outcome and state, so that each program is solved once."""
    groups: dict[tuple[int, int, bytes], list[int]] = {}
    for scenario, node in enumerate(paths.node[:, step].tolist()):
        if node >= 0:
            outcome = int(paths.outcome[scenario, step])
            groups.setdefault((node, outcome, state[scenario].tobytes()), []).append(scenario)
    return [((key[0], key[1]), groups[key]) for key in sorted(groups, key=lambda key: key[:2])]


def _controls(
    values: Values, node: int, state: Floats
) -> tuple[float, dict[tuple[int, int], float]]:
    """Mean of what the cuts say after a node, and what they say of each outcome, minimised or not.

    Without a last stage the future ends by chance with value zero, hence the discount in the mean
    alone; with one, it is in both.
    """
    graph, layout = values.graph, values.outlook
    if layout.form == "single" or not graph.is_risk_neutral:
        return 0.0, {}
    pools = layout.reads[node]
    heights = graph.sign * np.array(
        [max(values.pools[q].highest(state), layout.lower[q]) for q in pools]
    )
    expected = graph.discount * float(layout.weight[node] @ heights)
    if not graph.has_cycle:
        heights = graph.discount * heights
    came: dict[tuple[int, int], float] = {}
    place = 0
    for child in graph.children[node]:
        for outcome in range(graph.programs[child].noise.count):
            came[int(child), outcome] = float(heights[place])
            place += layout.form == "outcome"
        place += layout.form == "child"
    return expected, came
