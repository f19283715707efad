"""Shocks that shut all roads on one day: how often, and what they leave to each road alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from corridor.hazards.history import RoadHistory
from corridor.hazards.phases import CLOSED, Bools, Floats, Ints

_GRID = 400


class SharedDays(NamedTuple):
    """Days on which a shared shock could have been seen, and those on which all roads shut."""

    shut: int
    watched: int


def shared_days(histories: Sequence[RoadHistory]) -> SharedDays:
    """Count the days on which two roads or more, known to be usable the day before, are known again.

    `shut` are those on which all of these are closed. A road is counted once, whatever its directions.
    """
    by_road = {history.road: history for history in histories}
    start = min((h.first_day for h in by_road.values()), default=None)
    if start is None or len(by_road) < 2:
        return SharedDays(0, 0)
    status = np.stack([_certain(history, start) for history in by_road.values()])
    is_known = (status[:, 1:] >= 0) & (status[:, :-1] >= 0) & (status[:, :-1] < CLOSED)
    is_shut = is_known & (status[:, 1:] == CLOSED)
    is_watched = is_known.sum(axis=0) >= 2
    all_shut = is_watched & (is_shut.sum(axis=0) == is_known.sum(axis=0))
    return SharedDays(int(all_shut.sum()), int(is_watched.sum()))


def shock_samples(seen: SharedDays, most: Floats, rng: np.random.Generator) -> Floats:
    """Draw the chance of a shared shock a day, (K,), from its posterior.

    A binomial count of days over an even prior from 0 to `most`, (K,): the chance of closing of the road
    that closes least, since a shock that shuts all roads is a part of every road's closings. With no
    day watched it is drawn evenly: half of that road's closings are then shared, on average.
    """
    share = (np.arange(_GRID) + 0.5) / _GRID
    chance = np.clip(share * most[:, np.newaxis], 1e-12, 1 - 1e-12)
    log = seen.shut * np.log(chance) + (seen.watched - seen.shut) * np.log1p(-chance)
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    sums = weight.cumsum(axis=1)
    thrown = rng.random((len(most), 1)) * sums[:, -1:]
    return np.asarray(most * share[(thrown > sums).sum(axis=1)])


def closing_chance(transition: Floats) -> Floats:
    """Return the chance that an open road closes in a day, (...), from its matrix, (..., 4, 4)."""
    return np.asarray(transition[..., 0, 2:].sum(axis=-1))


def parted(
    transition: Floats, shown: Ints, shock: Floats, is_decided: Bools | bool
) -> tuple[Floats, Floats]:
    """Part a road's matrix, (..., S, S), into one for days without a shared shock and one for days with.

    ``(1 - shock) * without + shock * with_shock == transition``, so that sharing changes no road's own
    chances. On a day with a shock every usable road closes; one that closes less often than shocks
    come closes in as many of them as its own chance allows. A day that is decided is the same in both.

    Parameters
    ----------
    shock
        Chance of a shock a day, (...), below 1.
    """
    is_closed = shown == CLOSED
    stays = np.eye(len(shown), dtype=bool)
    sigma = np.asarray(shock)[..., np.newaxis, np.newaxis]
    # Where a shock leaves a road: shut, and one that is shut already where it is.
    inside = transition * np.where(is_closed[:, np.newaxis], stays, is_closed)
    mass = inside.sum(axis=-1, keepdims=True)
    within = np.minimum(mass, sigma) / np.where(sigma > 0, sigma, 1)
    shut = within * _one(inside) + (1 - within) * _one(transition - inside)
    without = _one(np.maximum(transition - sigma * shut, 0))
    fixed = np.asarray(is_decided)[..., np.newaxis, np.newaxis]
    return np.where(fixed, transition, without), np.where(fixed, transition, shut)


def _one(rows: Floats) -> Floats:
    """Scale rows to one; rows of zeros stay."""
    total = rows.sum(axis=-1, keepdims=True)
    return np.asarray(rows / np.where(total > 0, total, 1))


def _certain(history: RoadHistory, start: date) -> Ints:
    """Return the status of each day from `start` on, -1 where it is not certain."""
    statuses = history.possible.argmax(axis=1)
    is_certain = history.is_seen & (history.possible.sum(axis=1) == 1)
    known = np.where(is_certain, statuses, -1)
    late = (history.first_day - start) // timedelta(days=1)
    return np.concatenate([np.full(late, -1), known]).astype(np.int64)
