"""What could be done if the whole future of the roads were known: a bound nobody can reach."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corridor.planning.relief.model import Floats, Ints, ReliefModel
from corridor.planning.relief.stage import Day, day_of, initial_state
from corridor.planning.solver import Arrays, Standing


class Foresight:
    """The program over all days of a model, kept in the solver for one known future after another.

    Attributes
    ----------
    days
        The programs of the single days.
    """

    __slots__ = ("_model", "_place", "_row", "_standing", "days")

    def __init__(self, model: ReliefModel) -> None:
        self._model = model
        self.days = tuple(day_of(model, day) for day in range(len(model.demand)))
        self._row = np.cumsum([0, *(day.arrays.row_lower.size for day in self.days)])
        arrays, self._place = _chained(self.days, initial_state(model))
        self._standing = Standing(arrays)

    def cost(self, path: Ints) -> float:
        """Return the least cost of a future, (T,) joint states."""
        for number, (day, state) in enumerate(zip(self.days, path.tolist(), strict=True)):
            limited = (self._row[number] + day.limited).astype(np.int32)
            upper = day.most[state]
            self._standing.bound_rows(limited, np.full(upper.size, -np.inf), upper)
        return self._standing.solve()

    def columns(self) -> tuple[Floats, ...]:
        """Return the columns of each day, as its own program numbers them, for the last future."""
        found = self._standing.answer()[0]
        return tuple(found[place] for place in self._place)


def _chained(days: Sequence[Day], initial: Floats) -> tuple[Arrays, tuple[Ints, ...]]:
    """One program of all days: what comes into a day is the column that leaves the day before.

    Returns the program, and where each column of each day stands in it.
    """
    places: list[Ints] = []
    fixed = np.arange(initial.size)
    count = initial.size
    before: Ints = fixed
    for day in days:
        columns = day.columns
        place = np.full(columns.count, -1, dtype=np.int64)
        place[columns.state_in()] = before
        own = place < 0
        place[own] = count + np.arange(np.count_nonzero(own))
        count += int(np.count_nonzero(own))
        before = place[columns.state_out()]
        places.append(place)
    cost, lower, upper = np.zeros(count), np.zeros(count), np.full(count, np.inf)
    for day, place in zip(days, places, strict=True):
        # What comes in has no cost and no bound of its own, and must not undo those it has.
        own = np.ones(place.size, dtype=np.bool_)
        own[day.columns.state_in()] = False
        cost[place[own]] = day.arrays.cost[own]
        lower[place[own]], upper[place[own]] = day.arrays.lower[own], day.arrays.upper[own]
    lower[fixed] = upper[fixed] = initial
    entries = np.cumsum([0, *(day.arrays.index.size for day in days)])
    arrays = Arrays(
        cost=cost,
        lower=lower,
        upper=upper,
        row_lower=np.concatenate([day.arrays.row_lower for day in days]),
        row_upper=np.concatenate([day.arrays.row_upper for day in days]),
        start=np.concatenate(
            [
                [0],
                *(day.arrays.start[1:] + first for day, first in zip(days, entries, strict=False)),
            ]
        ).astype(np.int64),
        index=np.concatenate(
            [place[day.arrays.index] for day, place in zip(days, places, strict=True)]
        ),
        value=np.concatenate([day.arrays.value for day in days]),
    )
    return arrays, tuple(places)
