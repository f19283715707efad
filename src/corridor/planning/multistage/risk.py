"""How costs that are not yet certain are weighed: by mean, by their tail, or by the worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.solver import Floats


class RiskMeasure(Protocol):
    """A coherent measure of risk, as the probabilities it would put on each outcome."""

    def weights(self, probability: Floats, cost: Floats) -> Floats:
        """Return the probabilities under which the mean cost is the risk, (K,), summing to one."""
        ...


@dataclass(frozen=True, slots=True)
class Expectation:
    """The mean."""

    def weights(self, probability: Floats, cost: Floats) -> Floats:  # noqa: ARG002  # named as in the protocol
        """Return the probabilities themselves."""
        return probability


@dataclass(frozen=True, slots=True)
class TailMixture:
    """`(1 - tail_share) mean + tail_share CVaR`, CVaR the mean of the worst `tail` (Shapiro 2011).

    Attributes
    ----------
    tail
        Probability of the tail, above 0; 1 makes CVaR the mean.
    tail_share
        Weight of the tail against the mean, 0 to 1.
    """

    tail: float
    tail_share: float

    def __post_init__(self) -> None:
        """Refuse a tail or a share that is no probability.

        Raises
        ------
        PlanningError
            When one of them is out of its range.
        """
        if not (0.0 < self.tail <= 1.0 and 0.0 <= self.tail_share <= 1.0):
            raise PlanningError(
                f"risk: tail must be above 0 and at most 1, tail_share from 0 to 1, not "
                f"{self.tail} and {self.tail_share}"
            )

    def weights(self, probability: Floats, cost: Floats) -> Floats:
        """Fill the tail from the worst outcome down (Philpott & de Matos 2012)."""
        worst_first = np.argsort(-cost, kind="stable")
        filled = np.minimum(np.cumsum(probability[worst_first]), self.tail)
        tail = np.empty_like(probability)
        tail[worst_first] = np.diff(filled, prepend=0.0) / self.tail
        return (1.0 - self.tail_share) * probability + self.tail_share * tail


@dataclass(frozen=True, slots=True)
class WorstCase:
    """`(1 - worst_share) mean + worst_share worst`, over the outcomes of positive probability.

    Attributes
    ----------
    worst_share
        Weight of the worst outcome against the mean, 0 to 1.
    """

    worst_share: float = 1.0

    def weights(self, probability: Floats, cost: Floats) -> Floats:
        """Put the share on the costliest outcome that can happen."""
        worst = np.zeros_like(probability)
        worst[int(np.argmax(np.where(probability > 0, cost, -np.inf)))] = 1.0
        return (1.0 - self.worst_share) * probability + self.worst_share * worst
