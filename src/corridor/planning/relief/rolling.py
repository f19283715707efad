"""Rolling plans: each morning one program of today and what is counted on for the days to come."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from corridor.planning.relief.deciding import alike, entering, moves_of
from corridor.planning.relief.merging import Merging
from corridor.planning.relief.model import Chain, Floats, Ints, Limits, ReliefModel
from corridor.planning.relief.outlooks import Branches, Outlook
from corridor.planning.relief.policies import Moves, Situation
from corridor.planning.relief.stage import Columns, Day, day_of
from corridor.planning.solver import Arrays, Standing


@dataclass(frozen=True, slots=True)
class LookAhead:
    """Decides by one program of today in full and of the next days as they are seen, merged.

    Attributes
    ----------
    outlook
        How tomorrow is seen.
    days
        How many days after today are looked at.
    """

    name: str
    outlook: Outlook
    days: int

    @property
    def digest(self) -> str:
        """SHA-256 of its words."""
        return sha256(repr(self).encode()).hexdigest()

    def follow(self, model: ReliefModel, merging: Merging) -> Rolling:
        """Return the policy that decides so, day after day."""
        return Rolling(model, merging, self.outlook, days=self.days, name=self.name)

    def program(
        self,
        model: ReliefModel,  # noqa: ARG002
        free: ReliefModel,
        merging: Merging,
        situation: Situation,
        chance: Floats,  # noqa: ARG002
    ) -> tuple[Columns, Arrays]:
        """Write today in full and the branches ahead (see `Way`)."""
        window = _window(free, merging.model, situation.day, self.days)
        branches = (self.outlook, free.chain, situation.day)
        arrays = _with_branches(window, merging, *branches, int(situation.state[0]))
        return window[0].columns, arrays


class Rolling:
    """Plans anew each morning, in full today, with places merged on the days that follow.

    What is worth having at the end of the days looked at is what the model's own ending says.

    Parameters
    ----------
    model
        The full network.
    merging
        How its places are merged on later days; `merged(model, arange(N))` keeps them all.
    outlook
        How tomorrow is seen.
    days
        How many days after today are looked at, at least 1; fewer where the model ends before.
    executor
        Threads where the programs of unlike joint states run; the result does not depend on it.
    """

    __slots__ = (
        "_at",
        "_days",
        "_executor",
        "_merging",
        "_model",
        "_outlook",
        "_programs",
        "_today",
        "name",
    )

    def __init__(
        self,
        model: ReliefModel,
        merging: Merging,
        outlook: Outlook,
        *,
        days: int,
        name: str,
        executor: Executor | None = None,
    ) -> None:
        self.name, self._executor = name, executor
        self._model, self._merging, self._outlook, self._days = model, merging, outlook, days
        self._at = -1
        self._programs: dict[int, _Program] = {}
        self._today: tuple[Day, ...] = ()

    def decide(self, situation: Situation) -> Moves:
        """Solve one program for each scenario; scenarios that are alike are solved once."""
        if situation.day != self._at:
            self._at, self._programs = situation.day, {}
            self._today = _window(self._model, self._merging.model, situation.day, self._days)
        columns = self._today[0].columns
        state, comes, which = alike(situation, entering(columns, situation))
        found = np.empty((len(state), columns.count))

        def solve(at: int) -> None:
            program = self._program(at)
            for row in np.flatnonzero(state == at):
                found[row] = program.solved(comes[row])

        seen = np.unique(state).tolist()
        list(self._executor.map(solve, seen) if self._executor else map(solve, seen))
        return moves_of(self._model, columns, found[which], situation)

    def _program(self, state: int) -> _Program:
        if state not in self._programs:
            chain = self._model.chain
            arrays = _with_branches(
                self._today, self._merging, self._outlook, chain, self._at, state
            )
            self._programs[state] = _Program(arrays, self._today[0])
        return self._programs[state]


class _Program:
    """The program of a day in one joint state, kept in the solver."""

    __slots__ = ("_count", "_in", "_standing")

    def __init__(self, arrays: Arrays, today: Day) -> None:
        self._standing = Standing(arrays)
        self._in = today.columns.state_in().astype(np.int32)
        self._count = today.columns.count

    def solved(self, comes: Floats) -> Floats:
        """Return the columns of today, with what comes in."""
        self._standing.bound_columns(self._in, comes, comes)
        self._standing.solve()
        return self._standing.answer()[0][: self._count]


def _with_branches(
    days: tuple[Day, ...], merging: Merging, outlook: Outlook, chain: Chain, day: int, state: int
) -> Arrays:
    """Write the program of a window of days as it is seen from the first; today's columns come first."""
    if len(days) == 1:
        return days[0].in_state(state)
    branches = outlook.branches(chain, day=day, state=state, days=len(days) - 1)
    return planned(days, merging.state, branches, state)


def planned(days: tuple[Day, ...], merging: Floats, branches: Branches, state: int) -> Arrays:
    """Write one program of today in full and of a tree of merged days.

    1. Today's columns and rows, with its limits in the joint state that was seen.
    2. The merged state this evening: a column each, a sum of today's.
    3. For each branch the columns of its day but for the state that comes in, which is that of the
       branch before it; costs weighed by its chance, limits mixed as its roads say.

    Parameters
    ----------
    days
        Today in full, then the merged days.
    merging
        Merged state from the full one, (S merged, S).
    """
    today = days[0]
    arrays, size = today.in_state(state), today.arrays.cost.size
    parts = [_Part(arrays.cost, arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper)]
    small = len(merging)
    row, column = np.nonzero(merging)
    first = np.searchsorted(row, np.arange(small))
    sums = size + np.arange(small)
    none = np.zeros(small)
    parts.append(_Part(none, np.full(small, -np.inf), np.full(small, np.inf), none, none))
    index = [arrays.index, np.insert(today.columns.state_out()[column], first, sums)]
    value = [arrays.value, np.insert(merging[row, column], first, -1.0)]
    width = [np.diff(arrays.start), np.bincount(row, minlength=small) + 1]
    leaves: list[Ints] = []
    count = size + small
    for branch, before in enumerate(branches.before.tolist()):
        day = days[branches.ahead[branch]]
        own = np.ones(day.columns.count, dtype=np.bool_)
        own[day.columns.state_in()] = False
        place = np.empty(own.size, dtype=np.int64)
        place[own] = count + np.arange(np.count_nonzero(own))
        place[~own] = -1
        place[day.columns.state_in()] = leaves[before] if before >= 0 else sums
        count += int(np.count_nonzero(own))
        leaves.append(place[day.columns.state_out()])
        program, upper = day.arrays, day.arrays.row_upper.copy()
        upper[day.limited] = branches.roads[branch] @ day.most
        parts.append(
            _Part(
                program.cost[own] * branches.chance[branch],
                program.lower[own],
                program.upper[own],
                program.row_lower,
                upper,
            )
        )
        index.append(place[program.index])
        value.append(program.value)
        width.append(np.diff(program.start))
    start = np.concatenate([[0], np.cumsum(np.concatenate(width))])
    return Arrays(
        cost=np.concatenate([part.cost for part in parts]),
        lower=np.concatenate([part.lower for part in parts]),
        upper=np.concatenate([part.upper for part in parts]),
        row_lower=np.concatenate([part.row_lower for part in parts]),
        row_upper=np.concatenate([part.row_upper for part in parts]),
        start=start.astype(np.int64),
        index=np.concatenate(index),
        value=np.concatenate(value),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Columns and sides of a part of a program."""

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats


def _window(full: ReliefModel, small: ReliefModel, day: int, days: int) -> tuple[Day, ...]:
    """Today in full, and the merged days that follow, the last with the model's ending."""
    last = min(day + days, len(full.demand) - 1)
    later = _cut(small, day + 1, last + 1)
    today = _cut(full, day, last + 1)
    return (day_of(today, 0), *(day_of(later, ahead) for ahead in range(last - day)))


def _cut(model: ReliefModel, first: int, end: int) -> ReliefModel:
    """The model of some of its days."""
    days = slice(first, end)
    return replace(
        model,
        supply=model.supply[days],
        demand=model.demand[days],
        moves=_cut_limits(model.moves, days),
        stores=_cut_limits(model.stores, days),
    )


def _cut_limits(limits: Limits, days: slice) -> Limits:
    return limits if len(limits.most) == 1 else replace(limits, most=limits.most[days])
