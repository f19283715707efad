"""Linear and mixed programs as arrays, and their solution: the one file that talks to HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np
from highspy._core import _Highs
from numpy.typing import NDArray

from corridor.errors import PlanningError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SEED = 1
_OPTIMAL = highspy.HighsModelStatus.kOptimal
# What an answer may be off by; HiGHS is asked for a tenth of it.
_BESIDE = 1e-6
# By the largest entries, which keeps rows best; not at all; as HiGHS does of itself.
_SCALINGS = (4, 0, 2)
_NO_ERROR = (highspy.HighsStatus.kOk, highspy.HighsStatus.kWarning)


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """A program `min cost x + offset` with bounds on columns and rows, stored row by row.

    Attributes
    ----------
    cost, lower, upper
        Of each column, (N,).
    row_lower, row_upper
        Of each row, (M,).
    start, index, value
        Entries row by row: row m holds `index[start[m]:start[m + 1]]`; (M + 1,), (E,), (E,).
    is_whole
        Columns that must be whole, (N,), or None for none.
    offset
        Added to the cost.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats
    is_whole: NDArray[np.bool_] | None = None
    offset: float = 0.0


class Found(NamedTuple):
    """Values of the columns, and how good they are known to be."""

    values: Floats
    objective: float
    bound: float
    is_within_gap: bool
    solver_s: float


def search(arrays: Arrays, *, gap: float, nodes: int) -> Found:
    """Solve a program with whole columns, to a relative gap or a count of nodes.

    Raises
    ------
    PlanningError
        When there is no answer after the second try.
    """
    # Restarts, feasibility jump and many cuts take time on problems of this kind and hardly
    # change the plan that is found; the bound keeps the gap honest either way.
    highs = _silent(
        ("mip_rel_gap", gap),
        ("mip_max_nodes", nodes),
        ("mip_allow_restart", False),
        ("mip_heuristic_run_feasibility_jump", False),
        ("mip_pool_soft_limit", 1),
    )
    _pass(highs, arrays)
    is_within_gap = _run(highs)
    info = highs.getInfo()
    values = np.array(highs.getSolution().col_value, dtype=np.float64)
    objective = float(info.objective_function_value)
    is_mixed = arrays.is_whole is not None and bool(arrays.is_whole.any())
    bound = min(objective, float(info.mip_dual_bound)) if is_mixed else objective
    return Found(values, objective, bound, is_within_gap, float(highs.getRunTime()))


class Standing:
    """A linear program that stays in memory: change a few numbers, solve again from the last basis.

    It is not safe to use one from two threads at once; several may be used side by side.
    """

    __slots__ = ("_highs", "resolved")

    def __init__(self, arrays: Arrays) -> None:
        # Presolve costs more than it saves on programs that start from a basis.
        self._highs = _silent(
            ("solver", "simplex"),
            ("presolve", "off"),
            ("simplex_scale_strategy", _SCALINGS[0]),
        )
        _pass(self._highs, arrays)
        self.resolved = 0

    def bound_columns(self, column: NDArray[np.int32], lower: Floats, upper: Floats) -> None:
        """Set the bounds of some columns, (K,) each."""
        if self._highs.changeColsBounds(column.size, column, lower, upper) not in _NO_ERROR:
            raise PlanningError("solver: a column's bounds were refused; are they numbers?")

    def bound_rows(self, row: NDArray[np.int32], lower: Floats, upper: Floats) -> None:
        """Set the bounds of some rows, (K,) each."""
        change = self._highs.changeRowsBounds  # type: ignore[attr-defined]  # not in its stubs
        if change(row.size, row, lower, upper) not in _NO_ERROR:
            raise PlanningError("solver: a row's bounds were refused; are they numbers?")

    def price_columns(self, column: NDArray[np.int32], cost: Floats) -> None:
        """Set the cost of some columns, (K,) each."""
        if self._highs.changeColsCost(column.size, column, cost) not in _NO_ERROR:
            raise PlanningError("solver: a column's cost was refused; is it a number?")

    def add_rows(self, lower: Floats, index: NDArray[np.int32], value: Floats) -> None:
        """Add rows `value x[index] >= lower`; (K,), and (K, E) with the same E for each."""
        count, width = index.shape
        start = np.arange(0, count * width, width, dtype=np.int32)
        status = self._highs.addRows(
            count, lower, np.full(count, np.inf), index.size, start, index.ravel(), value.ravel()
        )
        if status not in _NO_ERROR:
            raise PlanningError("solver: new rows were refused; are their entries numbers?")

    def delete_rows(self, row: NDArray[np.int32]) -> None:
        """Take rows out; the rows after them move up."""
        if row.size and self._highs.deleteRows(row.size, row) not in _NO_ERROR:
            raise PlanningError("solver: rows to delete were refused")

    def solve(self) -> float:
        """Solve, if need be more than once from nothing, and return the least cost.

        Raises
        ------
        PlanningError
            When there is no optimum after all tries; the text says what HiGHS found.
        """
        self._highs.run()
        if _is_solved(self._highs):
            return float(self._highs.getObjectiveValue())
        # Starts from an old basis now and then end undecided, or beside a bound or a row by
        # more than was asked for; from nothing they seldom do.
        return self.solve_anew()

    def solve_anew(self, within: Arrays | None = None) -> float:
        """Solve from nothing, scaled in one way after the other until the answer will do.

        Parameters
        ----------
        within
            Bounds and rows, of the first columns, that the answer has to keep as it stands: with
            hundreds of cuts one may miss them by 1e-4 and pass for exact.

        Raises
        ------
        PlanningError
            When there is no such optimum.
        """
        highs = self._highs
        self.resolved += 1
        for scaling in (*_SCALINGS[1:], _SCALINGS[0]):
            _expect_ok(highs.setOptionValue("simplex_scale_strategy", scaling), "setting scaling")
            highs.clearSolver()
            highs.run()
            if _is_solved(highs) and (
                within is None or excess(within, self.answer()[0][: within.cost.size]) <= _BESIDE
            ):
                highs.setOptionValue("simplex_scale_strategy", _SCALINGS[0])
                return float(highs.getObjectiveValue())
        found = highs.modelStatusToString(highs.getModelStatus())
        raise PlanningError(f"solver: HiGHS ended {1 + len(_SCALINGS)} times with '{found}'")

    def answer(self) -> tuple[Floats, Floats]:
        """Return columns and reduced costs of the last solution, (N,) each."""
        solution = self._highs.getSolution()
        return np.array(solution.col_value), np.array(solution.col_dual)


def excess(arrays: Arrays, values: Floats) -> float:
    """Return the most by which columns, (N,), miss their bounds or the sides of a row."""
    # No row may be empty here.
    sums = np.add.reduceat(arrays.value * values[arrays.index], arrays.start[:-1])
    return float(
        max(
            np.maximum(arrays.row_lower - sums, sums - arrays.row_upper).max(initial=0.0),
            np.maximum(arrays.lower - values, values - arrays.upper).max(initial=0.0),
        )
    )


def _is_solved(highs: _Highs) -> bool:
    if highs.getModelStatus() != _OPTIMAL:
        return False
    info = highs.getInfo()
    return max(info.max_primal_infeasibility, info.max_dual_infeasibility) <= _BESIDE


def _silent(*options: tuple[str, str | float | bool]) -> _Highs:
    """A silent solver on one thread, without a clock in any of its limits."""
    # highspy.Highs turns on callbacks before it can be silenced, and that prints a banner to
    # standard output, where a brief may be on its way to another program.
    highs = _Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", _SEED),
        *options,
    ):
        _expect_ok(highs.setOptionValue(option, value), f"setting {option}")
    return highs


def _pass(highs: _Highs, arrays: Arrays) -> None:
    lp = highspy.HighsLp()
    lp.num_col_ = arrays.cost.size
    lp.num_row_ = arrays.row_lower.size
    lp.offset_ = arrays.offset
    lp.col_cost_ = arrays.cost
    lp.col_lower_ = arrays.lower
    lp.col_upper_ = arrays.upper
    lp.row_lower_ = arrays.row_lower
    lp.row_upper_ = arrays.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = arrays.start
    lp.a_matrix_.index_ = arrays.index
    lp.a_matrix_.value_ = arrays.value
    if arrays.is_whole is not None and arrays.is_whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in arrays.is_whole]
    # Entries too small to matter are left out with a warning.
    if highs.passModel(lp) not in _NO_ERROR:
        raise PlanningError("solver: the program was refused; are all its numbers numbers?")


def _run(highs: _Highs) -> bool:
    """Solve, once more from nothing if the first try ends without an answer.

    Returns
    -------
    bool
        Whether the search ended within its gap rather than at its count of nodes.

    Raises
    ------
    PlanningError
        When there is no answer after the second try.
    """
    status = highspy.HighsModelStatus
    feasible = highspy.SolutionStatus.kSolutionStatusFeasible
    for _ in range(2):
        ended = highs.run()
        found = highs.getModelStatus()
        has_solution = highs.getInfo().primal_solution_status == int(feasible)
        # An empty program (nothing needed, nothing to move) is solved by doing nothing.
        if ended != highspy.HighsStatus.kError and has_solution:
            if found in (status.kOptimal, status.kModelEmpty):
                return True
            if found == status.kSolutionLimit:
                return False
        highs.clearSolver()
    raise PlanningError(
        f"solver: HiGHS ended twice with '{highs.modelStatusToString(found)}' and no plan can be "
        "read from that; please report it with the digest of the problem"
    )


def _expect_ok(status: highspy.HighsStatus, doing: str) -> None:
    if status != highspy.HighsStatus.kOk:
        raise PlanningError(f"solver: {doing} ended with {status.name} instead of kOk")
