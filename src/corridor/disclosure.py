"""What counts of people may be published so that nobody works out a small one: from this release and all before.

Every figure counts some cells: groups of people that do not overlap (a place and day, a sex, a band of
ages). A reader knows each figure shown to within its rounding and nothing of those kept back, and solves
for the rest. `release` keeps back figures until that gives no small count away; `known_of` is the reader.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.errors import CorridorError, PlanningError
from corridor.planning.solver import Arrays, Floats, search

NOT_SHOWN = "not shown"
_NODES = 10_000

Cells = frozenset[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that is to be published.

    Attributes
    ----------
    name
        Its name within the release.
    cells
        The groups it counts together; no person is in two cells.
    count
        How many.
    """

    name: str
    cells: Cells
    count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a release gives it.

    Attributes
    ----------
    low, high
        What a reader knows of it; `high` None knows no upper end.
    text
        What stands in its place.
    """

    name: str
    cells: Cells
    low: int
    high: int | None
    text: str

    @property
    def is_shown(self) -> bool:
        """Whether a number stands there."""
        return self.high is not None


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as given away.

    Attributes
    ----------
    threshold
        Counts below it are small.
    open_values
        Where a reader can tell that a count is small, at least so many values must stay open.
    rounded_to
        Counts are rounded to a multiple of it; 1 rounds nothing.
    """

    threshold: int = 10
    open_values: int = 5
    rounded_to: int = 1


PUBLIC = Rules(rounded_to=5)


@dataclass(frozen=True, slots=True)
class Release:
    """A release, and what the ones before it give away whatever this one shows.

    Attributes
    ----------
    figures
        Every figure, shown or kept back, in the order given.
    given_away
        Groups of cells whose small count the earlier releases alone determine.
    """

    figures: tuple[Shown, ...]
    given_away: tuple[Cells, ...]


def release(
    figures: Iterable[Figure],
    earlier: Iterable[Shown] = (),
    rules: Rules = PUBLIC,
    *,
    kept: Collection[str] = (),
) -> Release:
    """Decide what is shown.

    1. Every count below the threshold is kept back; the others are rounded.
    2. For each group a reader could solve for the reader's lowest and highest are found: each figure;
       what two of them leave when one holds the other; each group no figure tells apart; what all
       figures shown within one leave of it.
    3. While they give a small count away, a further figure is kept back: the smallest that mends it,
       else the smallest there is.

    What was kept back never says why, so that "not shown" is not "fewer than ten".

    Parameters
    ----------
    earlier
        What readers have seen already, of this release or another.
    kept
        Names of figures that are kept back for other reasons.

    Raises
    ------
    CorridorError
        When the figures cannot all be so: parts above their whole, or another count of the same
        cells in an earlier release.
    """
    given = tuple(figures)
    if len({figure.name for figure in given}) != len(given):
        raise CorridorError("two figures of one release have the same name")
    before = tuple(shown for shown in earlier if shown.is_shown)
    by_name = {figure.name: figure for figure in given}
    made = {
        figure.name: _kept_back(figure) if figure.name in kept else _shown(figure, rules)
        for figure in given
    }
    _refuse_contradiction(given, before)
    given_away: list[Cells] = []
    seen: set[Cells] = set()
    groups = _groups([*given, *before])
    # Less shown never tells more, so that a group found safe stays safe.
    while groups:
        for group in groups:
            if not _mend(group, before, made, by_name, rules):
                given_away.append(group)
        seen.update(groups)
        groups = tuple(g for g in _remainders([*before, *made.values()]) if g not in seen)
    return Release(tuple(made.values()), tuple(given_away))


def known_of(group: Cells, shown: Iterable[Shown]) -> tuple[int, int | None]:
    """Return the lowest and the highest that a group can be, to a reader of all that is shown.

    Parameters
    ----------
    group
        Cells; what is asked is the sum over them.

    Returns
    -------
    tuple
        `high` is None where there is no upper end.
    """
    told = [figure for figure in shown if figure.is_shown]
    connected = _connected(group, told)
    cells = sorted(group.union(*(figure.cells for figure in connected)))
    columns = {cell: k for k, cell in enumerate(cells)}
    bounded = frozenset[str]().union(*(figure.cells for figure in connected))
    goal = np.array([1.0 if cell in group else 0.0 for cell in cells])
    low = _least(goal, columns, connected)
    high = -_least(-goal, columns, connected) if group <= bounded else None
    return low, high


def written(shown: Iterable[Shown]) -> str:
    """Write a release as JSON Lines, to be kept and checked against by those that follow."""
    return "".join(
        json.dumps(
            {
                "name": s.name,
                "cells": sorted(s.cells),
                "low": s.low,
                "high": s.high,
                "text": s.text,
            },
            ensure_ascii=False,
        )
        + "\n"
        for s in shown
    )


def read(lines: Iterable[str]) -> tuple[Shown, ...]:
    """Read releases that `written` wrote."""
    found = (json.loads(line) for line in lines if line.strip())
    return tuple(
        Shown(f["name"], frozenset(f["cells"]), f["low"], f["high"], f["text"]) for f in found
    )


def _shown(figure: Figure, rules: Rules) -> Shown:
    if figure.count < rules.threshold:
        return _kept_back(figure)
    base = rules.rounded_to
    near = base * ((figure.count + base // 2) // base)
    low, high = near - base // 2, near - base // 2 + base - 1
    return Shown(figure.name, figure.cells, max(low, rules.threshold), high, f"{near:,}")


def _kept_back(figure: Figure) -> Shown:
    return Shown(figure.name, figure.cells, 0, None, NOT_SHOWN)


def _mend(
    group: Cells,
    before: tuple[Shown, ...],
    made: dict[str, Shown],
    by_name: Mapping[str, Figure],
    rules: Rules,
) -> bool:
    """Keep back figures until a group is safe; tell whether it is."""

    def is_open_without(name: str) -> bool:
        others = (shown for other, shown in made.items() if other != name)
        return not _is_given_away(group, (*before, *others), rules)

    while _is_given_away(group, (*before, *made.values()), rules):
        candidates = sorted(
            (name for name, shown in made.items() if shown.is_shown),
            key=lambda name: (by_name[name].count, name),
        )
        if not candidates:
            return False
        # Where none mends it alone, one that holds some of the group is kept back for the next.
        holding = (name for name in candidates if made[name].cells & group)
        chosen = next(filter(is_open_without, candidates), None) or next(holding, candidates[0])
        made[chosen] = _kept_back(by_name[chosen])
    return True


def _is_given_away(group: Cells, shown: Iterable[Shown], rules: Rules) -> bool:
    low, high = known_of(group, shown)
    return high is not None and high < rules.threshold and high - low + 1 < rules.open_values


def _groups(figures: Sequence[Figure | Shown]) -> tuple[Cells, ...]:
    """Return what a reader could solve for, smallest groups first."""
    found = {figure.cells for figure in figures}
    found |= {a - b for a in found for b in found if b < a}
    signs: dict[tuple[bool, ...], set[str]] = {}
    for cell in frozenset[str]().union(*(figure.cells for figure in figures)):
        signs.setdefault(tuple(cell in figure.cells for figure in figures), set()).add(cell)
    found |= {frozenset(cells) for cells in signs.values()}
    return tuple(sorted(found, key=lambda cells: (len(cells), sorted(cells))))


def _remainders(shown: Iterable[Shown]) -> tuple[Cells, ...]:
    """Return what is left of each figure shown when all figures shown within it are taken away."""
    cells = {figure.cells for figure in shown if figure.is_shown}
    left = {whole.difference(*(part for part in cells if part < whole)) for whole in cells}
    return tuple(sorted(filter(None, left), key=lambda found: (len(found), sorted(found))))


def _connected(group: Cells, shown: Iterable[Shown]) -> list[Shown]:
    """Return the figures that can bear on a group, by cells they share, directly or through others."""
    reached, waiting = set(group), list(shown)
    found: list[Shown] = []
    while True:
        near = [figure for figure in waiting if figure.cells & reached]
        if not near:
            return found
        found.extend(near)
        waiting = [figure for figure in waiting if not figure.cells & reached]
        reached.update(*(figure.cells for figure in near))


def _least(goal: Floats, columns: dict[str, int], shown: Sequence[Shown]) -> int:
    if not shown:
        return 0
    count = len(columns)
    cells = [sorted(columns[cell] for cell in figure.cells) for figure in shown]
    arrays = Arrays(
        cost=goal,
        lower=np.zeros(count),
        upper=np.full(count, float(max(figure.high or 0 for figure in shown))),
        row_lower=np.array([float(figure.low) for figure in shown]),
        row_upper=np.array([float(figure.high or 0) for figure in shown]),
        start=np.cumsum([0, *map(len, cells)], dtype=np.int64),
        index=np.array([k for row in cells for k in row], dtype=np.int64),
        value=np.ones(sum(map(len, cells))),
        is_whole=np.ones(count, dtype=np.bool_),
    )
    # A search cut short leaves the reader's range too narrow, which only keeps more back.
    return math.ceil(search(arrays, gap=0.0, nodes=_NODES).objective - 1e-6)


def _refuse_contradiction(given: Sequence[Figure], before: Sequence[Shown]) -> None:
    exact = [Shown(f.name, f.cells, f.count, f.count, str(f.count)) for f in given]
    cells = sorted(frozenset[str]().union(*(figure.cells for figure in (*exact, *before))))
    try:
        _least(np.zeros(len(cells)), {cell: k for k, cell in enumerate(cells)}, (*exact, *before))
    except PlanningError:
        raise CorridorError(
            "these counts cannot all be so, together with what was released before; counts of "
            "different claimants or hours need cells of their own"
        ) from None
