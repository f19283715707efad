"""The same model counted in other units: programs whose numbers lie near one are solved best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corridor.planning.relief.model import Ending, Floats, Limits, ReliefModel


def day_units(model: ReliefModel) -> Floats:
    """Return, for each commodity, what the place with most need uses in a day, (C,) units; else 1."""
    most = model.need.max(axis=0, initial=0.0)
    return np.asarray(np.where(most > 0, most, 1.0))


def day_cost(model: ReliefModel) -> float:
    """Return the least cost of a first day gone without at the place where that is dearest."""
    most = float(model.deprivation_cost[:, :, 0].max(initial=0.0))
    return most if most > 0 else 1.0


def in_units(model: ReliefModel, unit: Floats, cost: float) -> ReliefModel:
    """Return the model with goods counted in `unit` old ones, (C,), and costs in `cost` old ones.

    Bands of the ending are counted in whatever makes their largest weight one.
    """
    fuel = unit[model.fuel] if model.fuel >= 0 else 1.0
    arcs = replace(
        model.arcs,
        cost=model.arcs.cost * unit / cost,
        fuel=model.arcs.fuel * unit / fuel,
    )
    return replace(
        model,
        t_per_unit=model.t_per_unit * unit,
        stock=model.stock / unit,
        backlog=model.backlog / unit,
        supply=model.supply / unit,
        demand=model.demand / unit,
        need=model.need / unit,
        deprivation_cost=model.deprivation_cost / cost,
        fairness_cost=model.fairness_cost / cost,
        arcs=arcs,
        moves=_weighed(model.moves, unit),
        stores=_weighed(model.stores, unit),
        hold_cost=model.hold_cost * unit / cost,
        spill_cost=model.spill_cost * unit / cost,
        emergency_fuel_cost=model.emergency_fuel_cost * fuel / cost,
        ending=_ending(model.ending, unit, cost),
    )


def _weighed(limits: Limits, unit: Floats) -> Limits:
    return replace(limits, weight=limits.weight * unit[limits.commodity])


def _ending(ending: Ending, unit: Floats, cost: float) -> Ending:
    weight = ending.weight * unit[ending.commodity]
    measure = np.zeros(ending.sought.size)
    np.maximum.at(measure, ending.row, weight)
    measure = np.where(measure > 0, measure, 1.0)
    return replace(
        ending,
        weight=weight / measure[ending.row],
        sought=ending.sought / measure,
        width=ending.width / measure,
        cost=ending.cost * measure / cost,
    )
