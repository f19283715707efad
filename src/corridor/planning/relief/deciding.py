"""From a morning's stock to the columns of a day's program, and from its columns to moves."""

from __future__ import annotations

import numpy as np

from corridor.planning.relief.model import Floats, Ints, ReliefModel
from corridor.planning.relief.policies import Moves, Situation
from corridor.planning.relief.stage import Columns


def entering(columns: Columns, situation: Situation) -> Floats:
    """Return what comes into the day's program in each scenario, (B, S)."""
    lost = situation.lost
    if lost is None:
        lost = np.zeros((len(situation.state), columns.lost_in.size))
    return np.concatenate(
        [
            situation.stock[:, columns.stock_in >= 0],
            situation.backlog[:, columns.backlog_in >= 0],
            situation.loaded[:, columns.loaded_in >= 0],
            situation.moving[:, columns.moving_in >= 0],
            lost,
        ],
        axis=1,
    )


def moves_of(model: ReliefModel, columns: Columns, found: Floats, situation: Situation) -> Moves:
    """Return what the columns of a day's program, (B, columns), say is done."""

    def read(numbers: Ints) -> Floats:
        values: Floats = np.where(numbers >= 0, np.maximum(found[:, numbers], 0.0), 0.0)
        return values

    owed = model.backlog_keep * situation.backlog + model.demand[situation.day]
    served = np.clip(owed - read(columns.backlog), 0.0, None)
    return Moves(
        flows=read(columns.moved),
        loads=read(columns.loaded),
        served=np.where(columns.backlog >= 0, served, 0.0),
        spilled=read(columns.spilled),
        bought=read(columns.bought),
    )


def alike(situation: Situation, states: Floats) -> tuple[Ints, Floats, Ints]:
    """Find scenarios that are alike, so that each is decided once.

    Returns
    -------
    Joint state, (U,), and state, (U, S), of the unlike ones, and which of them each scenario is,
    (B,).
    """
    rows = np.concatenate([situation.state[:, None], states], axis=1)
    unlike, which = np.unique(rows, axis=0, return_inverse=True)
    return unlike[:, 0].astype(np.int64), unlike[:, 1:], which.ravel()
