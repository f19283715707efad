"""The trained policy: today on the full network, later days by what was learnt on the merged one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from corridor.planning.multistage import Policy, policy_bytes
from corridor.planning.relief.deciding import alike, entering, moves_of
from corridor.planning.relief.merging import Merging
from corridor.planning.relief.model import Floats, Ints, ReliefModel
from corridor.planning.relief.policies import Moves, Situation
from corridor.planning.relief.stage import Columns, Day, day_of
from corridor.planning.solver import Arrays, Standing, excess

# Units by which what a day decides may miss a balance.
_BESIDE = 1e-6
_NEVER = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """Decides by the value that training gave to what is left in the evening.

    Attributes
    ----------
    value
        The value function, on the merged model.
    """

    value: Policy
    name: str = "multistage"

    @property
    def digest(self) -> str:
        """SHA-256 of the value function as kept in a policy file."""
        return sha256(policy_bytes(self.value)).hexdigest()

    def follow(self, model: ReliefModel, merging: Merging) -> TrainedPolicy:
        """Return the policy that decides so, day after day."""
        return TrainedPolicy(model, merging, self.value, name=self.name)

    def program(
        self,
        model: ReliefModel,  # noqa: ARG002
        free: ReliefModel,
        merging: Merging,
        situation: Situation,
        chance: Floats,
    ) -> tuple[Columns, Arrays]:
        """Write the day in full, with the value of its evening (see `Way`)."""
        day, state = day_of(free, situation.day), int(situation.state[0])
        states = np.flatnonzero(chance > _NEVER)
        children = (situation.day + 1) * len(free.chain.status) + states
        arrays, value = with_outlook(day, merging, self.value, children)
        upper, cost = arrays.row_upper.copy(), arrays.cost.copy()
        upper[day.limited] = day.most[state]
        cost[value] = chance[states]
        return day.columns, replace(arrays, cost=cost, row_upper=upper)


class TrainedPolicy:
    """Solves each day in full, with cuts of the merged value function for what follows.

    Parameters
    ----------
    model
        The full network.
    merging
        How its places were merged for the training.
    policy
        Trained on the graph of `merging.model`, with pools by child.
    """

    __slots__ = ("_days", "_merging", "_model", "_policy", "name")

    def __init__(
        self, model: ReliefModel, merging: Merging, policy: Policy, *, name: str = "multistage"
    ) -> None:
        self.name = name
        self._model, self._merging, self._policy = model, merging, policy
        self._days: dict[int, Morning] = {}

    def decide(self, situation: Situation) -> Moves:
        """Solve the day in each scenario; scenarios that are alike are solved once."""
        morning = self.morning(situation.day)
        columns = morning.day.columns
        state, entered, which = alike(situation, entering(columns, situation))
        pairs = zip(state.tolist(), entered, strict=True)
        found = np.stack([morning.solved(joint, each) for joint, each in pairs])
        return moves_of(self._model, columns, found[which], situation)

    def morning(self, day: int) -> Morning:
        """Return the program of a day; that of one day is kept."""
        if day not in self._days:
            self._days = {day: Morning(self._model, self._merging, self._policy, day)}
        return self._days[day]


class Morning:
    """The program of one day with its outlook, kept in the solver.

    Attributes
    ----------
    day
        The day's programs.
    cost
        Of the day last solved and what follows, as the cuts see it.
    """

    __slots__ = (
        "_arrays",
        "_at",
        "_entered",
        "_in",
        "_price",
        "_standing",
        "_value",
        "cost",
        "day",
    )

    def __init__(self, model: ReliefModel, merging: Merging, policy: Policy, number: int) -> None:
        self.day: Day = day_of(model, number)
        graph = policy.graph
        states = len(model.chain.status)
        nodes = range(number * states, (number + 1) * states)
        children = np.unique(np.concatenate([graph.children[node] for node in nodes]))
        arrays, self._value = with_outlook(self.day, merging, policy, children)
        self._price = np.zeros((states, children.size))
        for price, node in zip(self._price, nodes, strict=True):
            price[np.searchsorted(children, graph.children[node])] = graph.chance[node]
        self._in = self.day.columns.state_in().astype(np.int32)
        self._standing = Standing(arrays)
        self._at, self._arrays, self.cost = -1, self.day.arrays, 0.0
        self._entered = np.zeros(self._in.size)

    def solved(self, state: int, entering: Floats) -> Floats:
        """Return the columns of the day in a joint state, with what comes in."""
        if state != self._at:
            self._at, self._arrays = state, self.day.in_state(state)
            upper = self.day.most[state]
            least = np.full(upper.size, -np.inf)
            self._standing.bound_rows(self.day.limited.astype(np.int32), least, upper)
            if self._value.size:
                self._standing.price_columns(self._value, self._price[state])
        self._entered = entering
        self._standing.bound_columns(self._in, entering, entering)
        self.cost = self._standing.solve()
        found = self._columns()
        if excess(self._arrays, found) > _BESIDE:
            self.cost = self._standing.solve_anew(self._arrays)
            found = self._columns()
        return found

    def most(self, row: NDArray[np.int32]) -> Floats:
        """Return the upper sides of rows in the joint state last solved, (K,)."""
        upper: Floats = self._arrays.row_upper[row]
        return upper

    def cost_under(self, row: NDArray[np.int32], most: Floats) -> float:
        """Return the cost of the morning last solved if rows had other upper sides, (K,) each."""
        least = np.full(row.size, -np.inf)
        self._standing.bound_rows(row, least, most)
        cost = self._standing.solve()
        self._standing.bound_rows(row, least, self.most(row))
        return cost

    def cost_from(self, entering: Floats) -> float:
        """Return the cost of the morning last solved if something else came in, (S,)."""
        self._standing.bound_columns(self._in, entering, entering)
        cost = self._standing.solve()
        self._standing.bound_columns(self._in, self._entered, self._entered)
        return cost

    def _columns(self) -> Floats:
        return self._standing.answer()[0][: self.day.columns.count]


def with_outlook(
    day: Day, merging: Merging, policy: Policy, children: Ints
) -> tuple[Arrays, NDArray[np.int32]]:
    """A day's program with the merged state as columns, a value for each child, and its cuts."""
    arrays, columns = day.arrays, day.columns
    out = columns.state_out()
    size, merged = arrays.cost.size, len(merging.state)
    values = size + merged + np.arange(children.size)
    row, column = np.nonzero(merging.state)
    start = np.searchsorted(row, np.arange(merged))
    index = [arrays.index, np.insert(out[column], start, size + np.arange(merged))]
    value = [arrays.value, np.insert(merging.state[row, column], start, -1.0)]
    width = [np.bincount(row, minlength=merged) + 1]
    lower = [arrays.row_lower, np.zeros(merged)]
    for child, at in zip(children.tolist(), values.tolist(), strict=True):
        cuts, kept = policy.learnt.cuts[child], policy.learnt.kept[child]
        gradient = cuts.gradient[kept]
        places = np.broadcast_to(np.append(size + np.arange(merged), at), (kept.size, merged + 1))
        index.append(places.ravel())
        value.append(np.concatenate([-gradient, np.ones((kept.size, 1))], axis=1).ravel())
        width.append(np.full(kept.size, merged + 1))
        lower.append(cuts.intercept[kept])
    row_lower = np.concatenate(lower)
    upper = np.full(row_lower.size, np.inf)
    upper[: arrays.row_upper.size] = arrays.row_upper
    upper[arrays.row_upper.size : arrays.row_upper.size + merged] = 0.0
    limit = policy.graph.limit[children]
    ends = arrays.start[-1] + np.cumsum(np.concatenate(width))
    return Arrays(
        cost=np.concatenate([arrays.cost, np.zeros(merged + children.size)]),
        lower=np.concatenate([arrays.lower, np.zeros(merged), limit]),
        upper=np.concatenate([arrays.upper, np.full(merged + children.size, np.inf)]),
        row_lower=row_lower,
        row_upper=upper,
        start=np.concatenate([arrays.start, ends]).astype(np.int64),
        index=np.concatenate(index).astype(np.int64),
        value=np.concatenate(value),
    ), values.astype(np.int32)
