"""How a node sees what follows it: which pools of cuts it reads, with which weights.

Three ways. `child`: one pool for each node that may follow, the mean over its noise; every node
that it may follow reads the same pool, so that a cut found from one Markov state serves them all.
`outcome`: one pool for each following node and noise. `single`: one pool for each node, the risk
of all that follows; nodes with the same followers get each other's cuts, weighed anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corridor.errors import PlanningError
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.solver import Floats, Ints

Form = Literal["child", "outcome", "single"]


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Nodes whose programs differ in numbers only: one program in the solver serves them all.

    They have the same entries and states and read the same pools: the Markov states of a stage,
    where cuts are pooled by child or outcome.

    Attributes
    ----------
    nodes
        The nodes, in rising order.
    row, column, cost_column
        Rows and columns whose bounds, and columns whose cost, differ between nodes or outcomes.
    """

    nodes: tuple[int, ...]
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    cost_column: NDArray[np.int32]


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
    family
        For each node those that one program in the solver serves.
    """

    form: Form
    reads: tuple[Ints, ...]
    weight: tuple[Floats, ...]
    lower: Floats
    has_risk_rows: tuple[bool, ...]
    alike: tuple[tuple[int, ...], ...]
    family: tuple[Family, ...]


@lru_cache(maxsize=4)
def outlook(graph: PolicyGraph, form: Form) -> Outlook:
    """Lay out the pools of a graph, which takes time with its nodes; the last few are remembered.

    Raises
    ------
    PlanningError
        When followers are to be averaged over their noise although risk is not the mean.
    """
    lower = graph.sign * graph.limit
    follows = _numbered(graph.children)
    alike = _alike(follows)
    nodes = range(len(graph.programs))
    if form == "single":
        reads = tuple(
            np.array([node] if graph.children[node].size else [], dtype=np.int64) for node in nodes
        )
        return Outlook(
            form,
            reads=reads,
            weight=tuple(np.ones(min(graph.children[node].size, 1)) for node in nodes),
            lower=np.array([lower[graph.children[node]].min(initial=np.inf) for node in nodes]),
            has_risk_rows=(False,) * len(nodes),
            alike=alike,
            family=_families(graph, [node if reads[node].size else -1 for node in nodes]),
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
            weight=graph.chance,
            lower=lower,
            has_risk_rows=(False,) * len(nodes),
            alike=alike,
            family=_families(graph, follows),
        )
    counts = np.array([program.noise.count for program in graph.programs])
    first = np.cumsum(counts) - counts
    # Nodes with the same followers read the same array.
    found = {
        number: np.concatenate(
            [np.arange(first[child], first[child] + counts[child]) for child in children]
            or [np.zeros(0)]
        ).astype(np.int64)
        for number, children in dict(zip(follows, graph.children, strict=True)).items()
    }
    has_risk_rows = tuple(
        not graph.is_risk_neutral and children.size > 0 for children in graph.children
    )
    return Outlook(
        form,
        reads=tuple(found[number] for number in follows),
        weight=tuple(chances(graph, node) for node in nodes),
        lower=np.repeat(lower, counts),
        has_risk_rows=has_risk_rows,
        alike=alike,
        # Rows of risk weights belong to one node.
        family=_families(
            graph,
            [
                -1 - node if has_rows else number
                for node, (number, has_rows) in enumerate(zip(follows, has_risk_rows, strict=True))
            ],
        ),
    )


def chances(graph: PolicyGraph, node: int) -> Floats:
    """Chance of each outcome that may follow a node: child by child, noise by noise."""
    counts, noise = noise_after(graph, node)
    return np.repeat(graph.chance[node], counts) * noise


def noise_after(graph: PolicyGraph, node: int) -> tuple[Ints, Floats]:
    """Count of outcomes of each child of a node, and their probabilities child by child."""
    noise = [graph.programs[child].noise.probability for child in graph.children[node]]
    counts = np.array([probability.size for probability in noise], dtype=np.int64)
    return counts, np.concatenate(noise or [np.zeros(0)])


def _numbered(arrays: Iterable[Ints]) -> list[int]:
    """Number arrays by what they hold, the same number for the same."""
    by_array: dict[int, int] = {}
    by_content: dict[bytes, int] = {}
    numbers: list[int] = []
    for array in arrays:
        if id(array) not in by_array:
            by_array[id(array)] = by_content.setdefault(array.tobytes(), len(by_content))
        numbers.append(by_array[id(array)])
    return numbers


def _alike(numbers: list[int]) -> tuple[tuple[int, ...], ...]:
    """For each place all places of the same number; those of a number share one tuple."""
    places: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        places.setdefault(number, []).append(place)
    shared = {number: tuple(found) for number, found in places.items()}
    return tuple(shared[number] for number in numbers)


def _families(graph: PolicyGraph, reads: list[int]) -> tuple[Family, ...]:
    """Gather nodes of the same entries that read the same pools, told by number."""
    entries: dict[tuple[object, ...], int] = {}
    of_arrays: dict[tuple[int, ...], tuple[object, ...]] = {}
    keys: dict[tuple[int, int], int] = {}
    numbers: list[int] = []
    for program, read in zip(graph.programs, reads, strict=True):
        arrays = program.arrays
        same = (id(arrays.start), id(arrays.index), id(arrays.value), arrays.cost.size)
        if same not in of_arrays:
            of_arrays[same] = (
                arrays.cost.size,
                *(part.tobytes() for part in (arrays.start, arrays.index, arrays.value)),
            )
        whole = (of_arrays[same], program.state_in.tobytes(), program.state_out.tobytes())
        key = (entries.setdefault(whole, len(entries)), read)
        numbers.append(keys.setdefault(key, len(keys)))
    peers = _alike(numbers)
    made = {nodes[0]: _family(graph, nodes) for nodes in dict.fromkeys(peers)}
    return tuple(made[nodes[0]] for nodes in peers)


def _family(graph: PolicyGraph, nodes: tuple[int, ...]) -> Family:
    """Find where the programs of some nodes differ."""
    programs = list({id(graph.programs[node]): graph.programs[node] for node in nodes}.values())
    if len(nodes) == 1 or (len(programs) == 1 and programs[0].noise.count == 1):
        # With one outcome and one program nothing is ever set but costs of what follows.
        nothing = np.zeros(0, dtype=np.int32)
        return Family(nodes, nothing, nothing, nothing)
    return Family(
        nodes,
        row=_differing(
            [(p.arrays.row_lower, p.arrays.row_upper) for p in programs],
            [p.noise.row for p in programs],
        ),
        # The bounds of the state that comes in are set each time it enters.
        column=np.setdiff1d(
            _differing(
                [(p.arrays.lower, p.arrays.upper) for p in programs],
                [p.noise.column for p in programs],
            ),
            programs[0].state_in.astype(np.int32),
        ),
        cost_column=_differing(
            [(p.arrays.cost,) for p in programs], [p.noise.cost_column for p in programs]
        ),
    )


def _differing(numbers: list[tuple[Floats, ...]], noise: list[Ints]) -> NDArray[np.int32]:
    """Places where numbers differ from the first, or some noise sets them."""
    differs = np.zeros(numbers[0][0].size, dtype=np.bool_)
    for parts in numbers[1:]:
        for part, first in zip(parts, numbers[0], strict=True):
            differs |= part != first
    for places in noise:
        differs[places] = True
    return np.flatnonzero(differs).astype(np.int32)
