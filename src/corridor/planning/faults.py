"""What no plan can be made from: a problem's faults, all at once, each naming the thing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.aims import Aims
from corridor.planning.problem import Bools, Floats, Problem
from corridor.planning.relief.model import Chain

_TOLERANCE = 1e-9


def refuse_faults(problem: Problem) -> None:
    """Refuse a problem that no plan can be made from.

    Raises
    ------
    PlanningError
        One line for each fault: amounts below nothing or that are no numbers, chances that do not sum to
        one, aims that cannot be, a horizon without days.
    """
    found = [*aims_faults(problem.aims), *_amount_faults(problem)]
    if problem.chain is not None:
        found += chain_faults(problem.chain, [leg.road for leg in problem.legs])
    if found:
        raise PlanningError("\n".join(found))


def aims_faults(aims: Aims) -> Iterator[str]:
    """Say which aims cannot be."""
    if aims.horizon_days < 1:
        yield f"horizon_days: at least 1 day is needed, not {aims.horizon_days}"
    breaks, slopes = aims.deprivation_breaks_days, aims.deprivation_slopes
    if len(slopes) != len(breaks) + 1:
        yield (
            f"deprivation_slopes: one more than the {len(breaks)} breaks is needed, not {len(slopes)}"
        )
    for name, steps in (
        ("deprivation_breaks_days", breaks),
        ("deprivation_slopes", slopes),
        ("stock_value_days", aims.stock_value_days),
    ):
        if any(after < before for before, after in itertools.pairwise(steps)):
            yield f"{name}: numbers that do not fall are needed, not {_said(steps)}"
    for name in ("later_road_share", "backlog_keep"):
        if not 0 <= getattr(aims, name) <= 1:
            yield f"{name}: a share from 0 to 1 is needed, not {getattr(aims, name):g}"
    if not 0 < aims.arrival_chance < 1:
        yield f"arrival_chance: more than 0 and less than 1 is needed, not {aims.arrival_chance:g}"
    for name in ("window_h", "convoy_vehicles", "closure_factor"):
        if not getattr(aims, name) > 0:
            yield f"{name}: more than 0 is needed, not {getattr(aims, name):g}"
    for name in ("whole_vehicle_days", "fairness_weight", "vehicle_km_cost", "stock_value_share"):
        if not getattr(aims, name) >= 0:
            yield f"{name}: 0 or more is needed, not {getattr(aims, name):g}"


def chain_faults(chain: Chain, roads: list[str]) -> Iterator[str]:
    """Say where a chain's chances do not sum to one."""
    names = ", ".join(roads)
    found = _row_faults(chain.first[None])
    for _, total in found:
        yield f"chances of the roads ({names}) on the first day: they sum to {total:.6g}; 1 is needed"
    for day, rows in enumerate(chain.transition, 1):
        for state, total in _row_faults(rows):
            yield (
                f"chances of the roads ({names}) after day {day}, from joint state {state}: they sum to "
                f"{total:.6g}; chances of 0 or more that sum to 1 are needed"
            )


def _row_faults(rows: Floats) -> list[tuple[int, float]]:
    total = rows.sum(axis=1)
    bad = (rows < 0).any(axis=1) | ~(np.abs(total - 1) <= _TOLERANCE)
    return [(row, float(total[row])) for row in np.flatnonzero(bad).tolist()]


def _amount_faults(problem: Problem) -> Iterator[str]:
    """Amounts that are below nothing or no numbers; a day's need is named once for all days."""
    at_places = (
        ("need", problem.demand.min(axis=0, initial=np.inf)),
        ("stock", problem.stock),
        ("expected from outside", problem.arrivals.min(axis=0, initial=np.inf)),
    )
    for what, amounts in at_places:
        for place, commodity in np.argwhere(_is_no_amount(amounts)).tolist():
            where = f"{problem.commodities[commodity]} at {problem.places[place]}"
            yield f"{where}: {what} of 0 or more is needed, not {amounts[place, commodity]:g}"
    for place in np.flatnonzero(_is_no_amount(problem.people)).tolist():
        code, people = problem.places[place], problem.people[place]
        yield f"people at {code}: 0 or more are needed, not {people:g}"
    for fleet in problem.fleets:
        if fleet.vehicles < 0:
            yield f"fleet {fleet.fleet}: vehicles of 0 or more are needed, not {fleet.vehicles}"
    for leg in np.flatnonzero(_is_no_amount(problem.road_vehicles).any(axis=0)).tolist():
        least = problem.road_vehicles[:, leg].min()
        yield f"road {problem.legs[leg].road}: vehicles a day of 0 or more are needed, not {least:g}"


def _is_no_amount(values: Floats) -> Bools:
    return np.isnan(values) | (values < 0)


def _said(numbers: tuple[float, ...]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)
