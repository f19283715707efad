"""Futures of the roads: drawn from a chain, and chains that differ from the one assumed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.relief.model import CLOSED, Chain, Floats, Ints


def sample_paths(chain: Chain, *, count: int, seed: int) -> Ints:
    """Draw futures: the joint state of the roads on every day, (count, T).

    The same seed gives the same futures, whatever policy is then tried on them.
    """
    rng = np.random.default_rng(seed)
    days = chain.transition.shape[0] + 1
    paths = np.empty((days, count), dtype=np.int64)
    paths[0] = _drawn(chain.first[None], np.zeros(count, dtype=np.int64), rng.random(count))
    for day in range(1, days):
        paths[day] = _drawn(chain.transition[day - 1], paths[day - 1], rng.random(count))
    return paths.T


def recorded_path(chain: Chain, status: Ints) -> Ints:
    """Return the joint states in which the roads stood as recorded, (1, T) from (T, R) statuses.

    Of two joint states with the same statuses the first is taken.

    Raises
    ------
    PlanningError
        When no joint state shows what was recorded; the text names the day.
    """
    path = np.empty((1, len(status)), dtype=np.int64)
    for day, seen in enumerate(status):
        matching = np.flatnonzero((chain.status == seen).all(axis=1))
        if not matching.size:
            raise PlanningError(f"roads: on day {day} stood {seen.tolist()}, which no state shows")
        path[0, day] = matching[0]
    return path


def joint_transition(each: Sequence[Floats], *, shared_shock: float = 0.0) -> Floats:
    """Return how joint states follow one another when roads change apart, (J, J).

    Joint states stand in the order of `itertools.product`: the last road changes fastest.

    Parameters
    ----------
    each
        Transition of each road between its states, the last of which is closed, (S, S).
    shared_shock
        Chance that an event shuts all roads at once, whatever else they would have done.
    """
    joint: Floats = np.ones((1, 1))
    for transition in each:
        joint = np.asarray(np.kron(joint, transition), dtype=np.float64)
    shut = np.zeros_like(joint)
    shut[:, -1] = 1.0
    mixed: Floats = (1.0 - shared_shock) * joint + shared_shock * shut
    return mixed


def joint_statuses(roads: int, states: int = 3) -> Ints:
    """Return the statuses of each joint state in the order of `joint_transition`, (J, R)."""
    return np.array(list(product(range(states), repeat=roads)), dtype=np.int64)


def longer_closures(each: Sequence[Floats], factor: float) -> tuple[Floats, ...]:
    """Return each road's chain with closures `factor` times as long on average.

    The chances of leaving the closed state, the last, are divided by the factor; what is taken
    from them stays closed. Mean length of a closure is 1 / (1 - chance of staying).
    """
    longer = []
    for transition in each:
        changed = transition.copy()
        changed[-1, :-1] /= factor
        changed[-1, -1] = 1.0 - changed[-1, :-1].sum()
        longer.append(changed)
    return tuple(longer)


def chance_of_run_out(chain: Chain, *, cover_days: int) -> float:
    """Return the chance that every road is closed more than `cover_days` days on end.

    Exact: the distribution over joint state and days closed so far is carried from day to day.
    That is the chance of a place running out whose store holds that many days and is filled
    whenever a road lets through.
    """
    is_shut = (chain.status == CLOSED).all(axis=1)
    alive = np.zeros((cover_days + 1, is_shut.size))  # by days closed so far
    alive[0] = np.where(is_shut, 0.0, chain.first)
    if cover_days:
        alive[1] = np.where(is_shut, chain.first, 0.0)
    for transition in chain.transition:
        come = alive @ transition
        alive[1:, is_shut] = come[:-1, is_shut]
        alive[0, is_shut] = 0.0
        alive[1:, ~is_shut] = 0.0
        alive[0, ~is_shut] = come[:, ~is_shut].sum(axis=0)
    return float(1.0 - alive.sum())


def _drawn(chances: Floats, row: Ints, uniform: Floats) -> Ints:
    """The outcome of each draw, by the chances of its row; (B,)."""
    # The last edge is left out, so that a row that sums to a hair below one has an outcome.
    edges = np.cumsum(chances, axis=1)[:, :-1]
    drawn = np.zeros(row.size, dtype=np.int64)
    for edge in edges.T:
        drawn += uniform >= edge[row]
    return drawn
