"""The whole tree of a finite policy graph as one program: what a policy must reach, and no better."""

from __future__ import annotations

import numpy as np

from corridor.planning.multistage import (
    Expectation,
    PolicyGraph,
    RiskMeasure,
    TailMixture,
    WorstCase,
)
from corridor.planning.solver import Arrays, search

INF = np.inf


class _Tree:
    """Columns and rows of the program, growing vertex by vertex, everything minimised."""

    def __init__(self, graph: PolicyGraph) -> None:
        self.graph = graph
        self.cost: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.rows: list[tuple[list[int], list[float], float, float]] = []

    def column(self, lower: float = -INF, upper: float = INF) -> int:
        self.cost.append(0.0)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, terms: dict[int, float], lower: float, upper: float) -> None:
        self.rows.append((list(terms), list(terms.values()), lower, upper))

    def node(self, node: int, came: np.ndarray | None) -> list[tuple[float, int]]:
        """Put in every outcome of a node; their probabilities and columns of what they cost."""
        graph = self.graph
        program = graph.programs[node]
        arrays, noise = program.arrays, program.noise
        found = []
        for outcome, probability in enumerate(noise.probability):
            priced, lows, highs = arrays.cost.copy(), arrays.lower.copy(), arrays.upper.copy()
            low, high = arrays.row_lower.copy(), arrays.row_upper.copy()
            if noise.row.size:
                low[noise.row], high[noise.row] = noise.row_lower[outcome], noise.row_upper[outcome]
            if noise.column.size:
                lows[noise.column] = noise.lower[outcome]
                highs[noise.column] = noise.upper[outcome]
            if noise.cost_column.size:
                priced[noise.cost_column] = noise.cost[outcome]
            if came is None:
                lows[program.state_in] = highs[program.state_in] = graph.initial
            else:
                lows[program.state_in], highs[program.state_in] = -INF, INF
            here = np.array([self.column(*bounds) for bounds in zip(lows, highs, strict=True)])
            for row in range(arrays.row_lower.size):
                part = slice(arrays.start[row], arrays.start[row + 1])
                terms = dict(zip(here[arrays.index[part]], arrays.value[part], strict=True))
                self.row(terms, low[row], high[row])
            for now, before in zip(
                program.state_in, came if came is not None else (), strict=False
            ):
                self.row({here[now]: 1.0, before: -1.0}, 0.0, 0.0)
            after = [
                (chance * share, column)
                for child, chance in zip(graph.children[node], graph.chance[node], strict=True)
                for share, column in self.node(int(child), here[program.state_out])
            ]
            total = self.column()
            terms = {total: 1.0}
            for place, price in zip(here, graph.sign * priced, strict=True):
                terms[place] = -price
            if after:
                terms[self.risk(graph.risk[node], after)] = -graph.discount
            offset = graph.sign * arrays.offset
            self.row(terms, offset, offset)
            found.append((float(probability), total))
        return found

    def risk(self, risk: RiskMeasure, costs: list[tuple[float, int]]) -> int:
        """A column that is at least the risk of some columns (Rockafellar & Uryasev 2000)."""
        found = self.column()
        terms = {found: 1.0}
        mean_share = 1.0
        if isinstance(risk, TailMixture):
            mean_share -= risk.tail_share
            threshold = self.column()
            terms[threshold] = -risk.tail_share
            for chance, cost in costs:
                over = self.column(0.0)
                self.row({over: 1.0, cost: -1.0, threshold: 1.0}, 0.0, INF)
                terms[over] = -risk.tail_share * chance / risk.tail
        elif isinstance(risk, WorstCase):
            mean_share -= risk.worst_share
            worst = self.column()
            terms[worst] = -risk.worst_share
            for _, cost in costs:
                self.row({worst: 1.0, cost: -1.0}, 0.0, INF)
        else:
            assert isinstance(risk, Expectation)
        for chance, cost in costs:
            terms[cost] = -mean_share * chance
        self.row(terms, 0.0, INF)
        return found


def optimum(graph: PolicyGraph) -> float:
    """Nested risk of the best policy, by one program over all futures."""
    tree = _Tree(graph)
    first = [
        (float(graph.root[node]) * probability, column)
        for node in np.flatnonzero(graph.root > 0)
        for probability, column in tree.node(int(node), None)
    ]
    tree.cost[tree.risk(graph.root_risk, first)] = 1.0
    widths = [len(columns) for columns, _, _, _ in tree.rows]
    found = search(
        Arrays(
            cost=np.array(tree.cost),
            lower=np.array(tree.lower),
            upper=np.array(tree.upper),
            row_lower=np.array([low for _, _, low, _ in tree.rows]),
            row_upper=np.array([high for _, _, _, high in tree.rows]),
            start=np.cumsum([0, *widths]),
            index=np.array([c for columns, _, _, _ in tree.rows for c in columns], dtype=np.int64),
            value=np.array([v for _, values, _, _ in tree.rows for v in values]),
        ),
        gap=1e-9,
        nodes=1,
    )
    return graph.sign * found.objective
