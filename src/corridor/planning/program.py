"""The planning program, solved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.formulation import Formulation, formulation
from corridor.planning.network import network
from corridor.planning.problem import Floats, Problem
from corridor.planning.solver import Arrays, search


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
    aims = problem.aims
    found = search(_arrays(program), gap=aims.mip_gap, nodes=aims.mip_nodes)
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


def _gap(objective: float, bound: float) -> float:
    return max(0.0, objective - bound) / max(objective, 1e-9)


def _arrays(program: Formulation) -> Arrays:
    rows = program.rows
    return Arrays(
        cost=program.cost,
        lower=np.zeros(program.cost.size),
        upper=program.upper,
        row_lower=rows.lower,
        row_upper=rows.upper,
        start=np.searchsorted(rows.row, np.arange(rows.lower.size + 1)),
        index=rows.column,
        value=rows.value,
        is_whole=program.is_whole > 0,
        offset=-program.unavoidable / program.scale,
    )
