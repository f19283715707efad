"""How an engine decides a day: alike in any future, and as one program to order vehicles from."""

from __future__ import annotations

from typing import Protocol

from corridor.planning.relief.merging import Merging
from corridor.planning.relief.model import Floats, ReliefModel
from corridor.planning.relief.policies import RoadPolicy, Situation
from corridor.planning.relief.stage import Columns
from corridor.planning.solver import Arrays


class Way(Protocol):
    """A way to decide a day, on any model of the same places, goods and arcs."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of all that it decides by."""
        ...

    def follow(self, model: ReliefModel, merging: Merging) -> RoadPolicy:
        """Return the policy that decides so, day after day."""
        ...

    def program(
        self,
        model: ReliefModel,
        free: ReliefModel,
        merging: Merging,
        situation: Situation,
        chance: Floats,
    ) -> tuple[Columns, Arrays]:
        """Write the program of one morning in one joint state.

        Parameters
        ----------
        model
            As policies see it.
        free
            The same without what vehicles limit and cost: that is for the caller to add.
        situation
            One scenario.
        chance
            Of each joint state tomorrow, (J,); empty on the last day.

        Returns
        -------
        Where the day's own columns stand, and the program, in which they come first. What enters the
        day is not bound yet.
        """
        ...
