"""The phases a road goes through: open, restricted, and closed for a short or for a long time.

A closure of two phases lasts, in days, as a mixture of two geometric laws (a discrete phase-type law;
Neuts 1981, ch. 2), so that long closures are not ruled out by a short mean. Which of the two phases a
closed road is in nobody sees.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OPEN, RESTRICTED, CLOSED = 0, 1, 2
STATUSES = ("open", "restricted", "closed")
PHASES = ("open", "restricted", "closed, short", "closed, long")
# Status that each phase shows.
SHOWN: Ints = np.array([OPEN, RESTRICTED, CLOSED, CLOSED], dtype=np.int64)


class Rates(NamedTuple):
    """What a chain over the phases is made of; leading axes, if any, stand for many chains.

    Attributes
    ----------
    rows
        Chance of tomorrow's status by today's phase, (..., 4 phases, 3 statuses); rows sum to one. A
        closed road that stays closed stays in its phase.
    long_share
        Chance that a closure that begins is a long one, (...).
    """

    rows: Floats
    long_share: Floats


class Counts(NamedTuple):
    """How often a chain went which way; leading axes as in `Rates`.

    Attributes
    ----------
    rows
        Days in each phase by the status of the day after, (..., 4, 3).
    entries
        Closures that began as short and as long ones, (..., 2).
    """

    rows: Floats
    entries: Floats


def matrix(rates: Rates) -> Floats:
    """Return the chance of tomorrow's phase by today's, (..., 4, 4); rows sum to one."""
    rows, share = np.asarray(rates.rows), np.asarray(rates.long_share)
    made = np.zeros((*rows.shape[:-1], 4))
    made[..., :2] = rows[..., :2]
    made[..., :2, 2] = rows[..., :2, CLOSED] * (1 - share[..., np.newaxis])
    made[..., :2, 3] = rows[..., :2, CLOSED] * share[..., np.newaxis]
    made[..., 2, 2] = rows[..., 2, CLOSED]
    made[..., 3, 3] = rows[..., 3, CLOSED]
    return made


def counts_of(transitions: Floats) -> Counts:
    """Return counts from how often each phase followed each, (..., 4, 4)."""
    rows = np.concatenate(
        [transitions[..., :2], transitions[..., 2:].sum(axis=-1, keepdims=True)], axis=-1
    )
    return Counts(rows, transitions[..., :2, 2:].sum(axis=-2))


def days_open(rates: Rates) -> Floats:
    """Return the mean days a road can be used, open or restricted, once it opened, (...).

    From the fundamental matrix of the two usable phases (Kemeny and Snell 1960, th. 3.2.4), entered as a
    short closure leaves.
    """
    within = rates.rows[..., :2, :2]
    leaving = np.linalg.inv(np.eye(2) - within).sum(axis=-1)
    entry = rates.rows[..., 2, :2] + 1e-300
    return np.asarray((entry * leaving).sum(axis=-1) / entry.sum(axis=-1))


def days_closed(rates: Rates) -> Floats:
    """Return the mean days a closure lasts, (...): short and long ones by their share."""
    stay = 1 / (1 - rates.rows[..., 2:, CLOSED])
    return np.asarray((1 - rates.long_share) * stay[..., 0] + rates.long_share * stay[..., 1])


def long_run(transition: Floats) -> Floats:
    """Return the chance of each phase in the long run, (..., S), from one day's matrix (..., S, S)."""
    power = transition
    # 2^20 days: settled to the last digit for any closure shorter than a century.
    for _ in range(20):
        power = power @ power
        power = power / power.sum(axis=-1, keepdims=True)
    return np.asarray(power.mean(axis=-2))


def onto(status: int, transition: Floats) -> Floats:
    """Return the matrix of a day on which the status is decided, (..., 4, 4), in the place of a chain's.

    Onto closed, a road that was closed keeps its phase, and one that was not enters a short or a long
    closure as the chain given would.
    """
    made = np.zeros_like(transition)
    if status != CLOSED:
        made[..., status] = 1
        return made
    made[..., 2, 2] = made[..., 3, 3] = 1
    made[..., :2, 2:] = closing_split(transition)[..., :2, :]
    return made


def closing_split(transition: Floats) -> Floats:
    """Return how closures that begin from each phase part into short and long, (..., 4, 2)."""
    into = transition[..., 2:]
    total = into.sum(axis=-1, keepdims=True)
    return np.where(total > 0, into / np.where(total > 0, total, 1), np.array([1.0, 0.0]))
