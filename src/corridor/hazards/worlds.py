"""Worlds other than the one assumed, in which plans made for it are tried."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corridor.errors import PlanningError
from corridor.hazards.chances import Hazards
from corridor.hazards.phases import CLOSED


def sampled(hazards: Hazards, number: int) -> Hazards:
    """Return the world of one sample of what is known of the rates: as likely as any other."""
    roads = tuple(
        replace(
            road,
            first=road.first_samples[number % len(road.first_samples)],
            transition=road.samples[number % len(road.samples)],
        )
        for road in hazards.roads
    )
    shock = float(hazards.shock_samples[number % len(hazards.shock_samples)])
    return replace(hazards, roads=roads, shock=shock)


def with_longer_closures(hazards: Hazards, factor: float) -> Hazards:
    """Return the world in which closures last `factor` times as long on average.

    The chances of leaving a closed phase are divided by the factor, and what is taken from them stays
    in the phase. Days that are decided stay as they are.

    Raises
    ------
    PlanningError
        When the factor is below 1.
    """
    if not factor >= 1:
        raise PlanningError(f"closure factor: at least 1 is needed, not {factor:g}")
    roads = []
    for road in hazards.roads:
        changed = road.transition.copy()
        undecided = ~road.is_decided[1:]
        for phase in np.flatnonzero(road.shown == CLOSED):
            row = changed[undecided, phase] / factor
            row[:, phase] = 0.0
            row[:, phase] = 1.0 - row.sum(axis=1)
            changed[undecided, phase] = row
        roads.append(replace(road, transition=changed))
    return replace(hazards, roads=tuple(roads))
