"""The whole tree of a finite policy graph as one program: what a policy must reach, and no better."""

from __future__ import annotations

import numpy as np

from corridor.planning.multistage import PolicyGraph
from corridor.planning.solver import Arrays, search


def optimum(graph: PolicyGraph) -> float:
    """Mean cost or gain of the best policy, by one program over all futures."""
    cost, lower, upper, low, high, index, value, width = ([] for _ in range(8))
    size = 0
    offset = 0.0

    def grow(node: int, chance: float, came: np.ndarray | None) -> None:
        nonlocal size, offset
        program = graph.programs[node]
        arrays, noise = program.arrays, program.noise
        for outcome, share in enumerate(noise.probability):
            weight = chance * share
            priced, lows, highs = arrays.cost.copy(), arrays.lower.copy(), arrays.upper.copy()
            row_low, row_high = arrays.row_lower.copy(), arrays.row_upper.copy()
            if noise.row.size:
                row_low[noise.row] = noise.row_lower[outcome]
                row_high[noise.row] = noise.row_upper[outcome]
            if noise.column.size:
                lows[noise.column] = noise.lower[outcome]
                highs[noise.column] = noise.upper[outcome]
            if noise.cost_column.size:
                priced[noise.cost_column] = noise.cost[outcome]
            if came is None:
                lows[program.state_in] = highs[program.state_in] = graph.initial
            cost.extend(graph.sign * weight * priced)
            offset += weight * arrays.offset
            lower.extend(lows)
            upper.extend(highs)
            low.extend(row_low)
            high.extend(row_high)
            index.extend(size + arrays.index)
            value.extend(arrays.value)
            width.extend(np.diff(arrays.start))
            if came is not None:
                for here, before in zip(program.state_in, came, strict=True):
                    low.append(0.0)
                    high.append(0.0)
                    index.extend((size + here, before))
                    value.extend((1.0, -1.0))
                    width.append(2)
            left = size + program.state_out
            size += arrays.cost.size
            for child in graph.children[node]:
                step = graph.discount * graph.transition[node, child]
                grow(int(child), weight * step, left)

    for node in np.flatnonzero(graph.root > 0):
        grow(int(node), float(graph.root[node]), None)
    found = search(
        Arrays(
            *(np.array(part, dtype=np.float64) for part in (cost, lower, upper, low, high)),
            start=np.cumsum([0, *width]),
            index=np.array(index, dtype=np.int64),
            value=np.array(value, dtype=np.float64),
        ),
        gap=1e-9,
        nodes=1,
    )
    return graph.sign * found.objective + offset
