"""The planning problem as a mixed-integer program: variables, costs and limits, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.columns import Columns, columns, shares, whole_limit
from corridor.planning.limits import Rows, limits
from corridor.planning.network import Ints, Network, backlog_floor
from corridor.planning.problem import Floats, Problem

# Costs of a vehicle and of a load that decide between equals, relative to the cost scale: fewer
# vehicles, then the earlier day. They depend on nothing that renaming or reordering places would
# change.
_TIE_VEHICLE, _TIE_LOAD = 1e-4, 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Formulation:
    """The program: minimise cost x + offset within rows and 0 <= x <= upper, some x whole.

    Attributes
    ----------
    unavoidable
        Cost no plan could prevent, in the aims' terms; the offset takes it out of the objective, so
        that the solver's relative gap is measured on what can be changed.
    scale
        Aims' cost per unit of objective.
    """

    columns: Columns
    cost: Floats
    upper: Floats
    is_whole: Ints
    rows: Rows
    unavoidable: float
    scale: float


def formulation(problem: Problem, net: Network) -> Formulation:
    """Write the program of a problem."""
    layout = columns(problem, net)
    scale = max(1.0, float(net.persons.max(initial=0.0))) / 100
    cost = _costs(problem, net, layout, scale)
    is_whole = np.zeros(layout.count, dtype=np.int64)
    is_whole[layout.trip[net.trip_day < problem.aims.whole_vehicle_days]] = 1
    is_whole[layout.together] = 1
    return Formulation(
        columns=layout,
        cost=cost / scale,
        upper=_upper(problem, net, layout),
        is_whole=is_whole,
        rows=limits(problem, net, layout),
        unavoidable=_unavoidable(problem, net, layout, cost),
        scale=scale,
    )


def _costs(problem: Problem, net: Network, columns: Columns, scale: float) -> Floats:
    aims, at = problem.aims, (columns.place, columns.commodity)
    weight = net.persons[at] * problem.urgency[columns.commodity]
    per_km = np.array([fleet.cost_per_km for fleet in problem.fleets])
    km = np.array([leg.distance_km for leg in problem.legs])
    later = 1 + np.arange(len(problem.days)) / len(problem.days)
    cost = np.zeros(columns.count)
    cost[columns.load] = _TIE_LOAD * scale * later[net.load_day]
    cost[columns.trip] = (
        per_km[net.trip_fleet] * km[net.trip_leg] + _TIE_VEHICLE * scale * later[net.trip_day]
    )
    cost[columns.owed] = weight[:, None] * np.array(aims.deprivation_slopes)
    bands = len(aims.stock_value_days)
    worth = aims.stock_value_share * aims.deprivation_slopes[0]
    cost[columns.uncovered] = weight[:, None] * worth * (1 - np.arange(bands) / bands)
    need = net.need.sum(axis=0)
    person_days = net.persons.sum(axis=0) / np.where(need > 0, need, np.inf)
    cost[columns.spill] = (worth * person_days + _TIE_VEHICLE * scale) * columns.unit
    people = net.persons.max(axis=1, initial=0.0).sum()
    cost[columns.worst] = aims.fairness_weight * len(problem.days) * people
    return cost


def _upper(problem: Problem, net: Network, columns: Columns) -> Floats:
    upper = np.full(columns.count, np.inf)
    most = net.ready[net.trip_day, net.trip_fleet] / net.busy_share[net.trip_leg, net.trip_fleet]
    limit = whole_limit(problem, net)[net.trip_day, net.trip_leg]
    upper[columns.trip] = np.minimum(most, limit)
    upper[columns.spill] = problem.arrivals / columns.unit
    widths = np.diff([0.0, *problem.aims.deprivation_breaks_days])
    upper[columns.owed[..., : widths.size]] = widths
    upper[columns.together] = 1.0
    upper[columns.uncovered] = np.diff([0.0, *problem.aims.stock_value_days])
    return upper


def _unavoidable(problem: Problem, net: Network, columns: Columns, cost: Floats) -> float:
    """Cost of the backlog and of the unfairness that no plan can prevent."""
    floor = backlog_floor(problem, net)[:, columns.place, columns.commodity]
    low = np.array([0.0, *problem.aims.deprivation_breaks_days])
    owed = np.clip(floor[..., None] - low, 0.0, np.append(np.diff(low), np.inf))
    mean = np.zeros(len(problem.places))
    np.add.at(mean, columns.place, floor.mean(axis=0) * shares(problem, columns))
    return float((cost[columns.owed] * owed).sum() + cost[columns.worst] * mean.max(initial=0.0))
