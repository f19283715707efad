"""Chains, histories and roads that the tests of hazards share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from corridor.hazards import Hazards, RoadHazard
from corridor.hazards.phases import PHASES, SHOWN, Floats, Rates, matrix
from corridor.values import PlaceCode, RoadCode


def two_state(closing: float, opening: float) -> Floats:
    """Return one day's matrix of a road that is open or closed."""
    rows = np.array(
        [[1 - closing, 0, closing], [0, 1 - closing, closing], [opening, 0, 1 - opening]]
    )
    return matrix(Rates(np.vstack([rows, rows[2:]]), np.array(0.0)))


def days_from(first: date, count: int) -> tuple[date, ...]:
    return tuple(first + timedelta(days=number) for number in range(count))


def road(step: Floats, days: int, code: str = "road", **more: Any) -> RoadHazard:
    """Return a road that is open on the first day and follows one matrix."""
    first = np.array([1.0, 0, 0, 0])
    transition = np.repeat(step[np.newaxis], days - 1, axis=0)
    given: dict[str, Any] = {
        "road": RoadCode(code),
        "towards": PlaceCode("town"),
        "phases": PHASES,
        "shown": SHOWN,
        "first": first,
        "transition": transition,
        "first_samples": first[np.newaxis],
        "samples": transition[np.newaxis],
        "is_decided": np.zeros(days, dtype=bool),
        "method": "declared",
        "said": "",
    }
    return RoadHazard(**(given | more))


def several(*roads: RoadHazard, shock: float = 0.0) -> Hazards:
    days = days_from(date(2030, 5, 1), len(roads[0].is_decided))
    return Hazards(days, roads, shock, np.array([shock]), "", seed=0)


def simulated(step: Floats, runs: int, days: int, rng: np.random.Generator) -> np.ndarray:
    """Return the phases of runs of a chain from an open road, (runs, days)."""
    phase = np.zeros(runs, dtype=np.int64)
    found = [phase]
    for _ in range(days - 1):
        sums = step[phase].cumsum(axis=1)
        phase = (rng.random((runs, 1)) * sums[:, -1:] >= sums).sum(axis=1)
        found.append(phase)
    return np.stack(found, axis=1)


def seen_of(phases: np.ndarray, share: float, rng: np.random.Generator) -> Floats:
    """Return the likelihoods of the statuses shown, of a share of days; of the others nothing is said."""
    seen = (SHOWN[phases][..., np.newaxis] == SHOWN).astype(np.float64)
    seen[rng.random(phases.shape) > share] = 1
    return seen
