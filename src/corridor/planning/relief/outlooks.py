"""Ways to see tomorrow's roads: what a rolling plan counts on, as a tree of days to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corridor.planning.relief.model import Chain, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """A tree of days to come, from tomorrow on. K branches, J joint states of the roads.

    Decisions in a branch are the same for all that follows it: what is decided on a day knows
    that day's roads and nothing later.

    Attributes
    ----------
    before
        Branch of the day before, (K,), each earlier in the row; -1 for today.
    ahead
        Days from today, (K,), from 1 on, not falling.
    chance
        Of each branch, (K,): those of one day sum to one.
    roads
        What the roads let through on that day, as parts of what they do in each joint state,
        (K, J): rows sum to one at most.
    """

    before: Ints
    ahead: Ints
    chance: Floats
    roads: Floats


class Outlook(Protocol):
    """A way to see tomorrow."""

    def branches(self, chain: Chain, *, day: int, state: int, days: int) -> Branches:
        """Return what is counted on for the next days, seen from a day and joint state."""
        ...


@dataclass(frozen=True, slots=True)
class Persisting:
    """Today's status persists."""

    def branches(self, chain: Chain, *, day: int, state: int, days: int) -> Branches:  # noqa: ARG002
        """Return one branch in which the roads stay as they are."""
        return _line(np.repeat(np.eye(len(chain.status))[[state]], days, axis=0))


@dataclass(frozen=True, slots=True)
class Expected:
    """Roads let through what they do on average, or a share of it.

    Attributes
    ----------
    share
        Of the expected capacity that is counted on, 0 to 1.
    """

    share: float = 1.0

    def branches(self, chain: Chain, *, day: int, state: int, days: int) -> Branches:
        """Return one branch in which roads let through their mean."""
        return _line(self.share * _chances(chain, day, state, days))


@dataclass(frozen=True, slots=True)
class Fan:
    """Some futures, each known as a whole from tomorrow on (two stages).

    Attributes
    ----------
    count, seed
        How many futures, and the seed they are drawn under: the same for one day and state.
    """

    count: int
    seed: int

    def branches(self, chain: Chain, *, day: int, state: int, days: int) -> Branches:
        """Return futures that part tomorrow and never again."""
        return _grown(chain, day, state, [self.count] + [1] * (days - 1), self.seed)


@dataclass(frozen=True, slots=True)
class ScenarioTree:
    """Futures that part day by day: every joint state tomorrow, then some of those that follow each.

    Attributes
    ----------
    parts
        In how many each branch parts on the day after tomorrow, and so on; once on all later days.
    seed
        Of the draws: the same for one day and state.
    """

    parts: tuple[int, ...]
    seed: int

    def branches(self, chain: Chain, *, day: int, state: int, days: int) -> Branches:
        """Return a tree that knows tomorrow's chances exactly and draws what follows."""
        later = (*self.parts, *([1] * days))[: days - 1]
        return _grown(chain, day, state, [0, *later], self.seed)


def _line(roads: Floats) -> Branches:
    days = len(roads)
    return Branches(np.arange(days) - 1, np.arange(days) + 1, np.ones(days), roads)


def _chances(chain: Chain, day: int, state: int, days: int) -> Floats:
    """Chances of the joint states on the next days, (days, J)."""
    chances = np.eye(len(chain.status))[state]
    found = np.empty((days, chances.size))
    for ahead in range(days):
        chances = chances @ chain.transition[day + ahead]
        found[ahead] = chances
    return found


def _grown(chain: Chain, day: int, state: int, parts: list[int], seed: int) -> Branches:
    """Branch day by day; 0 parts are all states that may follow, with their own chances.

    Draws are stratified: one in each equal part of the distribution that follows a branch.
    """
    rng = np.random.default_rng([seed, day, state])
    before, ahead, chance, at = [], [], [], []
    last = np.array([-1])
    weight, states = np.ones(1), np.array([state])
    count = 0
    for step, number in enumerate(parts):
        chances = chain.transition[day + step][states]
        if number == 0:
            branch, follows = np.nonzero(chances > 0)
            part = chances[branch, follows]
        else:
            branch = np.repeat(np.arange(states.size), number)
            edges = np.cumsum(chances, axis=1)[:, :-1]
            within = (np.tile(np.arange(number), states.size) + rng.random(branch.size)) / number
            follows = (within[:, None] >= edges[branch]).sum(axis=1)
            part = np.full(branch.size, 1.0 / number)
        before.append(last[branch])
        ahead.append(np.full(branch.size, step + 1))
        weight = weight[branch] * part
        chance.append(weight)
        states = follows
        at.append(states)
        last = count + np.arange(branch.size)
        count += branch.size
    return Branches(
        np.concatenate(before),
        np.concatenate(ahead),
        np.concatenate(chance),
        np.eye(len(chain.status))[np.concatenate(at)],
    )
