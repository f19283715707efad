"""A rule as a way to plan: whole vehicles that come nearest to what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from corridor.planning.relief.merging import Merging
from corridor.planning.relief.model import Floats, ReliefModel
from corridor.planning.relief.policies import RoadPolicy, Situation
from corridor.planning.relief.stage import Columns, day_of
from corridor.planning.solver import Arrays

# Worth of a day's need moved, and of one handed out, beside what vehicles cost: a rule asks for no price.
_MOVED, _SERVED = 1e3, 1e4


@dataclass(frozen=True, slots=True)
class Rule:
    """Decides by a rule of thumb.

    Attributes
    ----------
    made
        The rule for a model.
    """

    name: str
    made: Callable[[ReliefModel], RoadPolicy]

    @property
    def digest(self) -> str:
        """SHA-256 of its name."""
        return sha256(self.name.encode()).hexdigest()

    def follow(self, model: ReliefModel, merging: Merging) -> RoadPolicy:  # noqa: ARG002
        """Return the rule for a model."""
        return self.made(model)

    def program(
        self,
        model: ReliefModel,
        free: ReliefModel,
        merging: Merging,  # noqa: ARG002
        situation: Situation,
        chance: Floats,  # noqa: ARG002
    ) -> tuple[Columns, Arrays]:
        """Write a day that moves and hands out as much as it can of what the rule says, and no more.

        See `Way`. Whole vehicles may carry less than the rule's parts of vehicles do, never more.
        """
        day = day_of(free, situation.day)
        arrays, columns = day.in_state(int(situation.state[0])), day.columns
        said = self.made(model).decide(situation)
        cost, lower, upper = np.zeros_like(arrays.cost), arrays.lower.copy(), arrays.upper.copy()
        flows, loads = said.flows[0], said.loads[0]
        for column, most, worth in (
            (columns.moved, flows, _MOVED),
            (columns.loaded, flows + loads, _MOVED),
        ):
            there = column >= 0
            upper[column[there]] = np.minimum(upper[column[there]], most[there])
            cost[column[there]] = -worth
        owed = free.backlog_keep * situation.backlog[0] + free.demand[situation.day]
        there = columns.backlog >= 0
        lower[columns.backlog[there]] = np.maximum(owed - said.served[0], 0.0)[there]
        cost[columns.backlog[there]] = _SERVED
        # Nothing is thrown away, and no fuel is bought, but where there is no other way.
        for column in (columns.spilled, columns.bought):
            cost[column[column >= 0]] = 10 * _SERVED
        return columns, replace(arrays, cost=cost, lower=lower, upper=upper)
