"""A stage program: what is decided in one stage, once its noise is seen, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.solver import Arrays, Floats, Ints


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _nothing() -> Floats:
    return np.zeros((1, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """What differs between the outcomes of a stage, independent from stage to stage.

    W outcomes. What depends on the stage before belongs into the Markov state or the state.

    Attributes
    ----------
    probability
        Of each outcome, (W,).
    row, row_lower, row_upper
        Rows whose bounds differ, (R,), and the bounds by outcome, (W, R).
    column, lower, upper
        Columns whose bounds differ, (K,), and the bounds by outcome, (W, K).
    cost_column, cost
        Columns whose cost differs, (J,), and the cost by outcome, (W, J).
    """

    probability: Floats = field(default_factory=lambda: np.ones(1))
    row: Ints = field(default_factory=_none)
    row_lower: Floats = field(default_factory=_nothing)
    row_upper: Floats = field(default_factory=_nothing)
    column: Ints = field(default_factory=_none)
    lower: Floats = field(default_factory=_nothing)
    upper: Floats = field(default_factory=_nothing)
    cost_column: Ints = field(default_factory=_none)
    cost: Floats = field(default_factory=_nothing)

    @property
    def count(self) -> int:
        """Number of outcomes."""
        return int(self.probability.size)


@dataclass(frozen=True, slots=True, eq=False)
class StageProgram:
    """One stage: columns with bounds and costs, rows, and which columns carry the state.

    S states; the s-th state leaves in column `state_out[s]` and comes into the next stage in its
    column `state_in[s]`. The bounds of `state_in` columns are replaced by what came in. A lead
    time is a state: what was sent and has not arrived.

    Attributes
    ----------
    arrays
        Columns and rows. `is_whole` counts only where a decision is asked for in whole numbers;
        training solves without it. The offset is part of the stage's cost.
    state_in, state_out
        Columns of the state before and after, (S,) each.
    noise
        The outcomes of the stage.
    """

    arrays: Arrays
    state_in: Ints
    state_out: Ints
    noise: Noise = field(default_factory=Noise)


def check_stage(name: str, program: StageProgram) -> None:
    """Refuse a stage program whose parts do not fit each other.

    Raises
    ------
    PlanningError
        The text names the stage, the part, what was found and what is needed.
    """
    arrays, noise = program.arrays, program.noise
    columns, rows, outcomes = arrays.cost.size, arrays.row_lower.size, noise.count
    sizes = (
        ("lower", arrays.lower, (columns,)),
        ("upper", arrays.upper, (columns,)),
        ("row_upper", arrays.row_upper, (rows,)),
        ("start", arrays.start, (rows + 1,)),
        ("value", arrays.value, arrays.index.shape),
        ("state_out", program.state_out, program.state_in.shape),
        ("noise.row_lower", noise.row_lower, _by_outcome(noise.row, outcomes)),
        ("noise.row_upper", noise.row_upper, _by_outcome(noise.row, outcomes)),
        ("noise.lower", noise.lower, _by_outcome(noise.column, outcomes)),
        ("noise.upper", noise.upper, _by_outcome(noise.column, outcomes)),
        ("noise.cost", noise.cost, _by_outcome(noise.cost_column, outcomes)),
    )
    for part, array, needed in sizes:
        if array.shape != needed and array.size + int(np.prod(needed)):
            raise PlanningError(f"{name}: {part} has shape {array.shape}, needed is {needed}")
    numbered = (
        ("index", arrays.index, columns),
        ("state_in", program.state_in, columns),
        ("state_out", program.state_out, columns),
        ("noise.row", noise.row, rows),
        ("noise.column", noise.column, columns),
        ("noise.cost_column", noise.cost_column, columns),
    )
    for part, array, limit in numbered:
        if array.size and not (array.min() >= 0 and array.max() < limit):
            raise PlanningError(f"{name}: {part} names numbers outside 0 to {limit - 1}")
    for part, numbers in (("cost", arrays.cost), ("value", arrays.value), ("noise", noise.cost)):
        if not np.isfinite(numbers).all():
            raise PlanningError(f"{name}: {part} holds a number that is not finite")
    check_distribution(f"{name}: noise", noise.probability)


def check_distribution(name: str, probability: Floats) -> None:
    """Refuse numbers that are no probabilities of one outcome or another.

    Raises
    ------
    PlanningError
        When one is negative or not a number, or they do not sum to one within 1e-9.
    """
    total = float(probability.sum())
    if not (probability.min(initial=0.0) >= 0.0 and abs(total - 1.0) <= 1e-9):
        raise PlanningError(
            f"{name}: probabilities must be at least 0 and sum to one; these sum to {total:.12g}"
        )


def _by_outcome(places: Ints, outcomes: int) -> tuple[int, ...]:
    return (outcomes, places.size) if places.size else (1, 0)
