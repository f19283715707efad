"""Which futures are looked at: while training by a scheme, for estimates by the graph's own chances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.solver import Floats, Ints

# What the cuts say that each child of a node costs beyond its limit, where a forward pass stands.
Foreseen = Callable[[int], Floats]


class Sampling(Protocol):
    """A scheme by which training visits Markov states."""

    def chances(self, graph: PolicyGraph, node: int, foreseen: Foreseen) -> Floats:
        """Return the chances by which forward passes go on from a node to each of its children."""
        ...


@dataclass(frozen=True, slots=True)
class InSample:
    """Visit nodes as often as the graph says."""

    def chances(
        self,
        graph: PolicyGraph,
        node: int,
        foreseen: Foreseen,  # noqa: ARG002  # named as in the protocol
    ) -> Floats:
        """Return the graph's own chances."""
        return graph.chance[node]


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

    def chances(
        self,
        graph: PolicyGraph,
        node: int,
        foreseen: Foreseen,  # noqa: ARG002  # named as in the protocol
    ) -> Floats:
        """Mix the graph's chances with equal ones."""
        own = graph.chance[node]
        return (1.0 - self.share) * own + self.share / max(own.size, 1)


@dataclass(frozen=True, slots=True)
class ByCost:
    """Visit nodes more often the more they are expected to cost.

    Where the mean is made up by rare and costly futures, these are what it is worth to learn
    about: the chances are those of importance sampling (Kozmik & Morton 2015), from the cuts
    so far. Pools of the form `single` tell no node from another; then it is the graph's chances.

    Attributes
    ----------
    share
        Share of steps, 0 to 1, in which a node is as likely as its chance times its cost.
    """

    share: float

    def chances(self, graph: PolicyGraph, node: int, foreseen: Foreseen) -> Floats:
        """Mix the graph's chances with those weighed by cost."""
        own = graph.chance[node]
        costs = own * foreseen(node)
        total = float(costs.sum())
        return (1.0 - self.share) * own + self.share * costs / total if total > 0 else own


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
    drawn = [list(one_path(graph, InSample(), rng, steps=steps)) for _ in range(scenarios)]
    length = max((len(path) for path in drawn), default=0)
    node = np.full((scenarios, length), -1, dtype=np.int64)
    outcome = np.zeros((scenarios, length), dtype=np.int64)
    for scenario, path in enumerate(drawn):
        for step, (where, what) in enumerate(path):
            node[scenario, step], outcome[scenario, step] = where, what
    return Paths(node, outcome)


def one_path(
    graph: PolicyGraph,
    sampling: Sampling,
    rng: np.random.Generator,
    *,
    steps: int,
    foreseen: Foreseen | None = None,
) -> Iterator[tuple[int, int]]:
    """Draw one future by the chances of a scheme, as pairs of node and outcome, one when asked for.

    `foreseen` is asked about a node after the pair of that node was taken.
    """
    seen = foreseen or (lambda node: np.zeros(graph.children[node].size))
    nodes, chances = np.arange(graph.root.size), graph.root
    for _ in range(steps):
        where = int(nodes[_drawn(chances, rng)])
        yield where, _drawn(graph.programs[where].noise.probability, rng)
        nodes = graph.children[where]
        if not nodes.size or (graph.has_cycle and rng.random() >= graph.discount):
            return
        chances = sampling.chances(graph, where, seen)


def _drawn(chances: Floats, rng: np.random.Generator) -> int:
    rising = np.cumsum(chances)
    return int(np.searchsorted(rising, rng.random() * rising[-1], side="right"))
