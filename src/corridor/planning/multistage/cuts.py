"""Cuts: planes below a convex function, and the choice of those that matter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corridor.errors import PlanningError
from corridor.planning.solver import Floats, Ints

_TOLERANCE = 1e-9
_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Planes `intercept + gradient x` below a convex function of the state, minimised sense.

    Attributes
    ----------
    gradient
        (K, S), cut x state.
    intercept
        (K,).
    """

    gradient: Floats
    intercept: Floats

    def highest(self, state: Floats) -> float:
        """Return the highest plane at a state, (S,); minus infinity where there is none."""
        return float(np.max(self.gradient @ state + self.intercept, initial=-np.inf))


class Pool:
    """The cuts found for one function, growing, with level-1 selection.

    Level 1 (de Matos, Philpott & Finardi 2015) keeps, for every state visited, one cut that is
    highest there. A cut that is not higher than those before at its own state is not taken up.

    Attributes
    ----------
    count
        Cuts taken up so far; number k never changes.
    kept
        Numbers of the cuts that programs should hold.
    version
        Rises when `kept` changes other than by cuts that are new.
    """

    __slots__ = (
        "_best",
        "_best_cut",
        "_fixed",
        "_gradient",
        "_held",
        "_intercept",
        "_point",
        "_points",
        "count",
        "kept",
        "version",
    )

    def __init__(self, states: int) -> None:
        # There may be a pool for each of many thousand nodes, most of them empty for long.
        self._gradient, self._intercept = np.zeros((0, states)), np.zeros(0)
        self._point, self._best = np.zeros((0, states)), np.zeros(0)
        self._best_cut = np.zeros(0, dtype=np.int64)
        self.count = self._points = self._fixed = self.version = 0
        self.kept: list[int] = []
        self._held: set[int] = set()

    def add(self, value: float, gradient: Floats, state: Floats) -> bool:
        """Take up the plane of `value` and `gradient` at a state, unless it is no higher there.

        Raises
        ------
        PlanningError
            When the plane holds something that is no number: every bound would be lost.
        """
        intercept = value - float(gradient @ state)
        if not math.isfinite(intercept):
            raise PlanningError(f"cuts: a cut that is no number, {value:.6g}, was found at a state")
        count = self.count
        heights = self._gradient[:count] @ state + self._intercept[:count]
        if count:
            highest = int(np.argmax(heights))
            if value <= heights[highest] + _TOLERANCE * (1.0 + abs(value)):
                if highest not in self._held:
                    # It was dropped for lack of a state that needs it; here is one.
                    self._mark(state, float(heights[highest]), highest)
                    self._hold_again(highest)
                return False
        if count == self._intercept.size:
            self._gradient, self._intercept = _doubled(self._gradient), _doubled(self._intercept)
        points = self._points
        self._gradient[count], self._intercept[count] = gradient, intercept
        there = self._point[:points] @ gradient + intercept
        higher = there > self._best[:points]
        self._best[:points][higher] = there[higher]
        self._best_cut[:points][higher] = count
        self._mark(state, value, count)
        self.count = count + 1
        self.kept.append(count)
        self._held.add(count)
        return True

    def hold(self, cuts: Cuts, number: Ints) -> None:
        """Take up cuts found before, without the states at which they were found."""
        count = int(number.size)
        size = 2 * count
        states = self._gradient.shape[1]
        self._gradient, self._intercept = np.zeros((size, states)), np.zeros(size)
        self._point, self._best = np.zeros((size, states)), np.zeros(size)
        self._best_cut = np.zeros(size, dtype=np.int64)
        self._gradient[:count], self._intercept[:count] = (
            cuts.gradient[number],
            cuts.intercept[number],
        )
        self.count, self._points, self._fixed = count, 0, count
        self.kept, self._held = list(range(count)), set(range(count))

    def select(self) -> None:
        """Drop the cuts that are highest at no state visited; one may come back later."""
        chosen = np.unique(self._best_cut[: self._points])
        # Cuts held from before have no state to stand for them and stay.
        kept = [*range(self._fixed), *chosen[chosen >= self._fixed].tolist()]
        if kept != self.kept:
            self.kept, self._held = kept, set(kept)
            self.version += 1

    def cuts(self, number: list[int] | Ints | slice) -> Cuts:
        """Return some cuts by number."""
        return Cuts(self._gradient[: self.count][number], self._intercept[: self.count][number])

    def highest(self, state: Floats) -> float:
        """Return the highest of all cuts at a state."""
        return self.cuts(slice(None)).highest(state)

    def _mark(self, state: Floats, height: float, cut: int) -> None:
        """Note a visited state and the cut that is highest there."""
        points = self._points
        if points == self._best.size:
            self._point, self._best = _doubled(self._point), _doubled(self._best)
            self._best_cut = _doubled(self._best_cut)
        self._point[points], self._best[points], self._best_cut[points] = state, height, cut
        self._points = points + 1

    def _hold_again(self, cut: int) -> None:
        self.kept = sorted((*self.kept, cut))
        self._held.add(cut)
        self.version += 1


def _doubled(array: NDArray[_Number]) -> NDArray[_Number]:
    more = np.zeros((max(8, len(array)), *array.shape[1:]), dtype=array.dtype)
    return np.concatenate((array, more))
