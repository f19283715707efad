"""How a node sees what follows it: which pools of cuts it reads, with which weights.

Three ways. `child`: one pool for each node that may follow, the mean over its noise; every node
that it may follow reads the same pool, so that a cut found from one Markov state serves them all.
`outcome`: one pool for each following node and noise. `single`: one pool for each node, the risk
of all that follows; nodes with the same followers get each other's cuts, weighed anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.solver import Floats, Ints

Form = Literal["child", "outcome", "single"]


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Where the value functions of a graph are kept.

    Attributes
    ----------
    form
        How the pools are cut up.
    reads
        Pools that each node reads, by node, (Q,).
    weight
        Their weights under the graph's own chances, by node, (Q,).
    lower
        A value below each pool's function, (pools,), minimised sense.
    has_risk_rows
        Whether a node adds up its pools by rows of risk weights rather than in its objective.
    alike
        For each node the nodes with the same followers, itself among them.
    """

    form: Form
    reads: tuple[Ints, ...]
    weight: tuple[Floats, ...]
    lower: Floats
    has_risk_rows: tuple[bool, ...]
    alike: tuple[tuple[int, ...], ...]


def outlook(graph: PolicyGraph, form: Form) -> Outlook:
    """Lay out the pools of a graph.

    Raises
    ------
    PlanningError
        When followers are to be averaged over their noise although risk is not the mean.
    """
    lower = graph.sign * graph.limit
    families: dict[bytes, list[int]] = {}
    for node, children in enumerate(graph.children):
        families.setdefault(children.tobytes(), []).append(node)
    alike = tuple(tuple(families[children.tobytes()]) for children in graph.children)
    nodes = range(len(graph.programs))
    if form == "single":
        return Outlook(
            form,
            reads=tuple(
                np.array([node] if graph.children[node].size else [], dtype=np.int64)
                for node in nodes
            ),
            weight=tuple(np.ones(min(graph.children[node].size, 1)) for node in nodes),
            lower=np.array([lower[graph.children[node]].min(initial=np.inf) for node in nodes]),
            has_risk_rows=(False,) * len(nodes),
            alike=alike,
        )
    if form == "child":
        if not graph.is_risk_neutral:
            raise PlanningError(
                "cuts: pools by child hold a mean over noise; with this risk choose 'outcome' "
                "or 'single'"
            )
        return Outlook(
            form,
            reads=graph.children,
            weight=tuple(graph.transition[node, graph.children[node]] for node in nodes),
            lower=lower,
            has_risk_rows=(False,) * len(nodes),
            alike=alike,
        )
    counts = np.array([program.noise.count for program in graph.programs])
    first = np.cumsum(counts) - counts
    return Outlook(
        form,
        reads=tuple(
            np.concatenate(
                [np.arange(first[child], first[child] + counts[child]) for child in children]
                or [np.zeros(0)]
            ).astype(np.int64)
            for children in graph.children
        ),
        weight=tuple(chances(graph, node) for node in nodes),
        lower=np.repeat(lower, counts),
        has_risk_rows=tuple(
            not graph.is_risk_neutral and children.size > 0 for children in graph.children
        ),
        alike=alike,
    )


def chances(graph: PolicyGraph, node: int) -> Floats:
    """Chance of each outcome that may follow a node: child by child, noise by noise."""
    return np.concatenate(
        [
            graph.transition[node, child] * graph.programs[child].noise.probability
            for child in graph.children[node]
        ]
        or [np.zeros(0)]
    )
