"""Which futures are looked at: while training by a scheme, for estimates by the graph's own chances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.solver import Floats, Ints


class Sampling(Protocol):
    """A scheme by which training visits Markov states."""

    def transition(self, graph: PolicyGraph) -> Floats:
        """Return the chances by which nodes follow each other in forward passes, (N, N)."""
        ...


@dataclass(frozen=True, slots=True)
class InSample:
    """Visit nodes as often as the graph says."""

    def transition(self, graph: PolicyGraph) -> Floats:
        """Return the graph's own chances."""
        return graph.transition


@dataclass(frozen=True, slots=True)
class Forced:
    """Visit rare nodes more often than they happen.

    Cuts are weighed by the true chances wherever they are found, so the bound stays a bound; what
    forward passes cost is no estimate any more, and none is made from them.

    Attributes
    ----------
    share
        Share of steps, 0 to 1, in which all nodes that may follow are equally likely.
    """

    share: float

    def transition(self, graph: PolicyGraph) -> Floats:
        """Mix the graph's chances with equal ones."""
        may = graph.transition > 0
        equal = may / np.maximum(may.sum(axis=1, keepdims=True), 1)
        mixed: Floats = (1.0 - self.share) * graph.transition + self.share * equal
        return mixed


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Futures: for each scenario and step the node and the outcome of its noise.

    Attributes
    ----------
    node, outcome
        (B, T), scenario x step; node -1 after the end.
    """

    node: Ints
    outcome: Ints


def sample_paths(
    graph: PolicyGraph, scenarios: int, *, seed: int | np.random.SeedSequence, steps: int = 1000
) -> Paths:
    """Draw futures by the graph's own chances; without a last stage the discount ends them.

    Ending by chance instead of counting later stages less leaves the mean as it is. A future
    is cut after `steps`; the caller chooses so many that what is cut does not count.
    """
    rng = np.random.default_rng(seed)
    drawn = [list(_steps(graph, graph.transition, rng, steps)) for _ in range(scenarios)]
    length = max((len(path) for path in drawn), default=0)
    node = np.full((scenarios, length), -1, dtype=np.int64)
    outcome = np.zeros((scenarios, length), dtype=np.int64)
    for scenario, path in enumerate(drawn):
        for step, (where, what) in enumerate(path):
            node[scenario, step], outcome[scenario, step] = where, what
    return Paths(node, outcome)


def one_path(
    graph: PolicyGraph, transition: Floats, rng: np.random.Generator, *, steps: int
) -> list[tuple[int, int]]:
    """Draw one future by given chances, as pairs of node and outcome."""
    return list(_steps(graph, transition, rng, steps))


def _steps(
    graph: PolicyGraph, transition: Floats, rng: np.random.Generator, steps: int
) -> Iterator[tuple[int, int]]:
    chances = graph.root
    for _ in range(steps):
        where = _drawn(chances, rng)
        yield where, _drawn(graph.programs[where].noise.probability, rng)
        chances = transition[where]
        if not chances.any() or (graph.has_cycle and rng.random() >= graph.discount):
            return


def _drawn(chances: Floats, rng: np.random.Generator) -> int:
    rising = np.cumsum(chances)
    return int(np.searchsorted(rising, rng.random() * rising[-1], side="right"))
