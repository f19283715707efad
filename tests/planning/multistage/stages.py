"""Stage programs written by name, for tests: columns, states and rows become arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from corridor.planning.multistage import Noise, StageProgram
from corridor.planning.solver import Arrays

INF = np.inf
Bounds = tuple[float, float]


class Stage:
    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.cost: list[float] = []
        self.rows: dict[str, tuple[dict[int, float], float, float]] = {}
        self.states: list[str] = []
        self.whole: set[str] = set()
        self.offset = 0.0

    def column(
        self,
        name: str,
        lower: float = 0.0,
        upper: float = INF,
        cost: float = 0.0,
        whole: bool = False,
    ) -> None:
        self.names[name] = len(self.names)
        self.lower.append(lower)
        self.upper.append(upper)
        self.cost.append(cost)
        if whole:
            self.whole.add(name)

    def state(self, name: str, lower: float = 0.0, upper: float = INF, cost: float = 0.0) -> None:
        """A state: column `name` leaves, column `name<` comes in."""
        self.column(name, lower, upper, cost)
        self.column(name + "<", -INF, INF)
        self.states.append(name)

    def row(
        self,
        terms: Mapping[str, float],
        lower: float = -INF,
        upper: float = INF,
        *,
        equal: float | None = None,
        name: str = "",
    ) -> None:
        if equal is not None:
            lower = upper = equal
        entries = {self.names[column]: float(value) for column, value in terms.items()}
        self.rows[name or f"row {len(self.rows)}"] = (entries, lower, upper)

    def build(
        self,
        probability: Sequence[float] = (1.0,),
        *,
        rows: Mapping[str, Sequence[Bounds | float]] | None = None,
        columns: Mapping[str, Sequence[Bounds | float]] | None = None,
        costs: Mapping[str, Sequence[float]] | None = None,
    ) -> StageProgram:
        """Noise by outcome: bounds of rows and columns (a number is both), costs of columns."""
        entries = list(self.rows.values())
        order = list(self.rows)
        arrays = Arrays(
            cost=np.array(self.cost),
            lower=np.array(self.lower),
            upper=np.array(self.upper),
            row_lower=np.array([low for _, low, _ in entries], dtype=np.float64),
            row_upper=np.array([high for _, _, high in entries], dtype=np.float64),
            start=np.cumsum([0, *(len(terms) for terms, _, _ in entries)]),
            index=np.array([c for terms, _, _ in entries for c in terms], dtype=np.int64),
            value=np.array([v for terms, _, _ in entries for v in terms.values()]),
            is_whole=np.array([name in self.whole for name in self.names]) if self.whole else None,
            offset=self.offset,
        )
        row_lower, row_upper = _bounds(rows or {})
        lower, upper = _bounds(columns or {})
        noise = Noise(
            probability=np.array(probability),
            row=np.array([order.index(name) for name in rows or ()], dtype=np.int64),
            row_lower=row_lower,
            row_upper=row_upper,
            column=np.array([self.names[name] for name in columns or ()], dtype=np.int64),
            lower=lower,
            upper=upper,
            cost_column=np.array([self.names[name] for name in costs or ()], dtype=np.int64),
            cost=np.array(list((costs or {}).values()), dtype=np.float64).T
            if costs
            else np.zeros((1, 0)),
        )
        return StageProgram(
            arrays=arrays,
            state_in=np.array([self.names[name + "<"] for name in self.states], dtype=np.int64),
            state_out=np.array([self.names[name] for name in self.states], dtype=np.int64),
            noise=noise,
        )


def _bounds(told: Mapping[str, Sequence[Bounds | float]]) -> tuple[np.ndarray, np.ndarray]:
    if not told:
        return np.zeros((1, 0)), np.zeros((1, 0))
    pairs = np.array(
        [
            [(value, value) if isinstance(value, int | float) else value for value in values]
            for values in told.values()
        ],
        dtype=np.float64,
    )
    return pairs[:, :, 0].T, pairs[:, :, 1].T
