"""What of a policy still holds when chances or programs changed: which cuts are still below.

A cut of a node lies below the least cost from that node on. It rests on the programs and chances
of later stages alone, so a change of the first stage, of the root or of the initial state leaves
every cut of a later one as it is. Where chances changed from P to P' and nothing can cost less
than nothing, the cuts of node n hold when multiplied by ::

    r(n) = min(1, min over children k with P(n, k) > 0 of P'(n, k) r(k) / P(n, k))

for then ``c + sum P' V' >= c + sum P' r V >= r(n) (c + sum P V)``, by induction from the last stage.
Where the program of a node changed, r is 0 and its cuts are left out.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

import numpy as np

from corridor.planning.multistage.cuts import Cuts
from corridor.planning.multistage.graph import PolicyGraph, Staged
from corridor.planning.multistage.stage import StageProgram
from corridor.planning.multistage.values import Learnt
from corridor.planning.solver import Arrays, Floats

# Cuts brought below this share of their height say too little for the rows they take.
_LEAST = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """What the cuts of a graph rest on.

    Attributes
    ----------
    program
        Digest of the program of each node, (N,): the same for rows in another order, and with or
        without rows that bind nothing.
    matrix
        Chances from each stage to the next, (nodes before, nodes); none for a graph that is not
        given by stages.
    """

    program: tuple[str, ...]
    matrix: tuple[Floats, ...]


def footprint(graph: PolicyGraph) -> Footprint:
    """Return what the cuts of a graph rest on."""
    staged = graph.transition
    entries: dict[int, list[bytes]] = {}
    seen: dict[int, str] = {}
    for program in graph.programs:
        if id(program) not in seen:
            # The programs of a day share their entries.
            rows = entries.setdefault(id(program.arrays.value), _entries(program.arrays))
            seen[id(program)] = _digest(program, rows)
    digests = tuple(seen[id(program)] for program in graph.programs)
    return Footprint(digests, staged.matrix if isinstance(staged, Staged) else ())


def holding(before: Footprint, graph: PolicyGraph) -> Floats:
    """Return by how much the cuts of each node are to be multiplied to hold in a graph, (N,).

    0 where they hold no more; 1 where they hold as they are.
    """
    now = footprint(graph)
    size = len(graph.programs)
    shapes = [matrix.shape for matrix in now.matrix]
    if (
        not now.matrix
        or [matrix.shape for matrix in before.matrix] != shapes
        or len(before.program) != size
        or not graph.is_risk_neutral
    ):
        return np.zeros(size)
    same = np.array([a == b for a, b in zip(before.program, now.program, strict=True)])
    share = same.astype(np.float64)
    may_shrink = _costs_nothing_less(graph)
    first = np.cumsum([0, *now.matrix[0].shape[:1], *(matrix.shape[1] for matrix in now.matrix)])
    for stage in reversed(range(len(now.matrix))):
        rows = slice(first[stage], first[stage + 1])
        then = before.matrix[stage]
        child = share[first[stage + 1] : first[stage + 2]]
        ratio = np.divide(
            now.matrix[stage] * child, then, out=np.full(then.shape, np.inf), where=then > 0
        )
        least = np.minimum(ratio.min(axis=1), 1.0)
        share[rows] *= least if may_shrink else least >= 1.0
    return share


def still_holding(learnt: Learnt, share: Floats) -> Learnt:
    """Return the cuts that programs held, brought to where they hold; pools are those of nodes.

    Parameters
    ----------
    share
        As `holding` returns it.
    """
    cuts = tuple(
        Cuts(each.gradient[kept] * by, each.intercept[kept] * by)
        if by >= _LEAST
        else Cuts(each.gradient[:0], each.intercept[:0])
        for each, kept, by in zip(learnt.cuts, learnt.kept, share.tolist(), strict=True)
    )
    numbers = tuple(np.arange(each.intercept.size) for each in cuts)
    return Learnt(learnt.form, cuts, numbers, learnt.risk_rows)


def _costs_nothing_less(graph: PolicyGraph) -> bool:
    """Whether no stage and no future can cost less than nothing."""
    if graph.sense != "minimise" or (graph.limit < 0).any():
        return False
    seen = {id(program): program for program in graph.programs}
    return all(
        program.arrays.offset >= 0
        and not program.noise.cost_column.size
        and (program.arrays.cost >= 0).all()
        and (program.arrays.lower[program.arrays.cost > 0] >= 0).all()
        and (program.noise.lower >= 0).all()
        for program in seen.values()
    )


def _entries(arrays: Arrays) -> list[bytes]:
    index, value = arrays.index.astype(np.int64), arrays.value.astype(np.float64)
    ends = arrays.start.tolist()
    return [
        index[begin:end].tobytes() + value[begin:end].tobytes()
        for begin, end in itertools.pairwise(ends)
    ]


def _digest(program: StageProgram, entries: list[bytes]) -> str:
    arrays, noise = program.arrays, program.noise
    found = hashlib.sha256()
    sides = np.stack([arrays.row_lower, arrays.row_upper], axis=1)
    rows = [side.tobytes() + entry for side, entry in zip(sides, entries, strict=True)]
    if not noise.row.size:
        rows = sorted(rows[row] for row in np.flatnonzero(np.isfinite(sides).any(axis=1)))
    for row in rows:
        found.update(len(row).to_bytes(4) + row)
    for part in (
        *(arrays.cost, arrays.lower, arrays.upper, np.array([arrays.offset])),
        *(program.state_in, program.state_out, noise.probability),
        *(noise.row, noise.row_lower, noise.row_upper),
        *(noise.column, noise.lower, noise.upper, noise.cost_column, noise.cost),
    ):
        found.update(repr(part.shape).encode() + part.astype(np.float64).tobytes())
    return found.hexdigest()
