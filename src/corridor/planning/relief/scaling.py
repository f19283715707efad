"""The same model counted in other units: programs whose numbers lie near one are solved best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corridor.planning.relief.model import Ending, Floats, Ints, Limits, ReliefModel


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

    Limits and bands of the ending are counted in whatever makes their largest weight one: what a
    program misses a row by is then small beside the goods, whatever the row was counted in.
    """
    fuel = unit[model.fuel] if model.fuel >= 0 else 1.0
    arcs = replace(
        model.arcs,
        cost=model.arcs.cost * unit / cost,
        fuel=model.arcs.fuel * unit / fuel,
    )
    if arcs.back is not None:
        arcs = replace(arcs, back=arcs.back * unit / unit[arcs.back_fuel][:, None])
    losses = model.losses
    if losses is not None:
        counted = unit[losses.commodity]
        losses = replace(losses, used=losses.used * counted, stays=losses.stays * counted)
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
        losses=losses,
        moves=_weighed(model.moves, unit),
        stores=_weighed(model.stores, unit),
        hold_cost=model.hold_cost * unit / cost,
        spill_cost=model.spill_cost * unit / cost,
        emergency_fuel_cost=model.emergency_fuel_cost * fuel / cost,
        ending=_ending(model.ending, unit, cost),
    )


def _weighed(limits: Limits, unit: Floats) -> Limits:
    weight = limits.weight * unit[limits.commodity]
    measure = _largest(weight, limits.row, limits.most.shape[1])
    return replace(limits, weight=weight / measure[limits.row], most=limits.most / measure[:, None])


def _ending(ending: Ending, unit: Floats, cost: float) -> Ending:
    weight = ending.weight * unit[ending.commodity]
    measure = _largest(weight, ending.row, ending.sought.size)
    return replace(
        ending,
        weight=weight / measure[ending.row],
        sought=ending.sought / measure,
        width=ending.width / measure,
        cost=ending.cost * measure / cost,
    )


def _largest(weight: Floats, row: Ints, rows: int) -> Floats:
    """Return the largest weight in each row, (rows,); 1 where there is none."""
    most = np.zeros(rows)
    np.maximum.at(most, row, np.abs(weight))
    return np.where(most > 0, most, 1.0)
