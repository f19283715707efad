"""The planning program, solved: the one file that talks to HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np
from highspy._core import _Highs

from corridor.errors import PlanningError
from corridor.planning.aims import Aims
from corridor.planning.formulation import Formulation, formulation
from corridor.planning.network import network
from corridor.planning.problem import Floats, Problem

_SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What the solver found, in the problem's axes and units.

    Attributes
    ----------
    loads
        Goods by day of departure, (D, L, F, C) units.
    vehicles
        Vehicles by day of departure, (D, L, F).
    served
        Goods handed out, (D, P, C) units.
    spilled
        Goods expected from outside that find no room, (D, P, C) units.
    objective, bound
        Cost of the solution, and the least cost that could not be ruled out.
    unavoidable
        The part of both that no plan could change.
    gap
        (objective - bound) / (objective - unavoidable).
    is_within_gap
        Whether the search reached the gap asked for; otherwise it stopped at its count of nodes.
    solver_s
        Seconds spent in HiGHS.
    """

    loads: Floats
    vehicles: Floats
    served: Floats
    spilled: Floats
    objective: float
    bound: float
    unavoidable: float
    gap: float
    is_within_gap: bool
    solver_s: float


def solve(problem: Problem) -> Solution:
    """Write the program of a problem and solve it.

    Minimised are deprivation, convex in days gone without and weighed by people and urgency (the
    form after Holguin-Veras et al. 2013), the worst place's mean days without, the kilometres
    driven, and the cover missing at the end. Shortage is a variable, so there is always a plan.

    Raises
    ------
    PlanningError
        When there is no day to plan, or the solver fails twice on the same program.
    """
    net = network(problem)
    program = formulation(problem, net)
    found = _search(problem.aims, program)
    columns, values = program.columns, found.values
    loads, vehicles = np.zeros(net.allowed.shape), np.zeros(net.allowed.shape[:3])
    loads[net.load_day, net.load_leg, net.load_fleet, net.load_commodity] = (
        values[columns.load] * columns.unit[net.load_commodity]
    )
    vehicles[net.trip_day, net.trip_leg, net.trip_fleet] = values[columns.trip]
    served = np.zeros(problem.demand.shape)
    served[:, columns.place, columns.commodity] = (
        values[columns.served] * columns.unit[columns.commodity]
    )
    return Solution(
        loads=loads,
        vehicles=vehicles,
        served=served,
        spilled=values[columns.spill] * columns.unit,
        objective=found.objective * program.scale + program.unavoidable,
        bound=found.bound * program.scale + program.unavoidable,
        unavoidable=program.unavoidable,
        gap=_gap(found.objective, found.bound),
        is_within_gap=found.is_within_gap,
        solver_s=found.solver_s,
    )


class _Found(NamedTuple):
    """Values of the columns, and how good they are known to be, in the program's own scale."""

    values: Floats
    objective: float
    bound: float
    is_within_gap: bool
    solver_s: float


def _search(aims: Aims, program: Formulation) -> _Found:
    highs = _solver(aims)
    _pass(highs, program)
    is_within_gap = _run(highs)
    info = highs.getInfo()
    values = np.array(highs.getSolution().col_value, dtype=np.float64)
    objective = float(info.objective_function_value)
    bound = min(objective, float(info.mip_dual_bound)) if program.is_whole.any() else objective
    return _Found(values, objective, bound, is_within_gap, float(highs.getRunTime()))


def _gap(objective: float, bound: float) -> float:
    return max(0.0, objective - bound) / max(objective, 1e-9)


def _solver(aims: Aims) -> _Highs:
    """A silent solver on one thread, without a clock in any of its limits."""
    # highspy.Highs turns on callbacks before it can be silenced, and that prints a banner to
    # standard output, where a brief may be on its way to another program.
    highs = _Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", _SEED),
        ("mip_rel_gap", aims.mip_gap),
        ("mip_max_nodes", aims.mip_nodes),
        # Restarts, feasibility jump and many cuts take time on problems of this kind and hardly
        # change the plan that is found; the bound keeps the gap honest either way.
        ("mip_allow_restart", False),
        ("mip_heuristic_run_feasibility_jump", False),
        ("mip_pool_soft_limit", 1),
    ):
        _expect_ok(highs.setOptionValue(option, value), f"setting {option}")
    return highs


def _pass(highs: _Highs, program: Formulation) -> None:
    rows = program.rows
    lp = highspy.HighsLp()
    lp.num_col_ = program.cost.size
    lp.num_row_ = rows.lower.size
    lp.offset_ = -program.unavoidable / program.scale
    lp.col_cost_ = program.cost
    lp.col_lower_ = np.zeros(program.cost.size)
    lp.col_upper_ = program.upper
    lp.row_lower_ = rows.lower
    lp.row_upper_ = rows.upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(rows.row, np.arange(rows.lower.size + 1))
    lp.a_matrix_.index_ = rows.column
    lp.a_matrix_.value_ = rows.value
    if program.is_whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in program.is_whole]
    _expect_ok(highs.passModel(lp), "passing the program")


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
