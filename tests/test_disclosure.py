"""Nobody who reads what is shown, in one release or in several, works out a small count."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from corridor.disclosure import (
    NOT_SHOWN,
    PUBLIC,
    Figure,
    Rules,
    Shown,
    known_of,
    read,
    release,
    written,
)
from corridor.errors import CorridorError
from corridor.planning.solver import Arrays, search

EXACT = Rules()


def figure(name: str, cells: str, count: int) -> Figure:
    return Figure(name, frozenset(cells.split()), count)


def texts(
    figures: list[Figure], earlier: tuple[Shown, ...] = (), rules: Rules = EXACT
) -> dict[str, str]:
    return {shown.name: shown.text for shown in release(figures, earlier, rules).figures}


def test_large_counts_are_shown_as_they_are_or_rounded_in_public() -> None:
    figures = [figure("all", "f m", 1302), figure("women", "f", 693)]
    assert texts(figures) == {"all": "1,302", "women": "693"}
    assert texts(figures, rules=PUBLIC) == {"all": "1,300", "women": "695"}


def test_a_small_count_is_kept_back_and_so_is_what_would_give_it_away() -> None:
    figures = [
        figure("all", "a b c", 120),
        figure("a", "a", 80),
        figure("b", "b", 36),
        figure("c", "c", 4),
    ]
    shown = texts(figures)
    assert shown["c"] == NOT_SHOWN
    assert list(shown.values()).count(NOT_SHOWN) == 2


def test_what_two_figures_leave_between_them_is_protected_though_no_figure_gives_it() -> None:
    shown = texts([figure("people", "children adults", 100), figure("adults", "adults", 95)])
    assert NOT_SHOWN in shown.values()


def test_a_later_release_is_checked_against_the_earlier_ones() -> None:
    first = release([figure("all", "a b", 60)], rules=EXACT)
    assert texts([figure("a", "a", 55)]) == {"a": "55"}
    assert texts([figure("a", "a", 55)], first.figures) == {"a": NOT_SHOWN}
    kept = read(written(first.figures).splitlines())
    assert kept == first.figures


def test_what_the_earlier_releases_give_away_themselves_is_told() -> None:
    mistake = (
        Shown("all", frozenset("ab"), 60, 60, "60"),
        Shown("a", frozenset("a"), 55, 55, "55"),
    )
    assert release([figure("c", "c", 40)], mistake, EXACT).given_away == (frozenset("b"),)


def test_nothing_kept_back_says_whether_it_is_small() -> None:
    (alone,) = release([figure("a", "a", 3)], rules=EXACT).figures
    assert (alone.low, alone.high, alone.text) == (0, None, NOT_SHOWN)


def test_counts_that_cannot_all_be_so_are_refused() -> None:
    with pytest.raises(CorridorError, match="cannot all be so"):
        release([figure("all", "a b", 50), figure("a", "a", 60)])
    with pytest.raises(CorridorError, match="the same name"):
        release([figure("all", "a", 50), figure("all", "b", 60)])


# Two ways to solve for what was kept back, neither of which knows how it was chosen.


def table(counts: list[list[int]]) -> list[Figure]:
    """Return a table with its margins, rows by columns."""
    rows, columns = range(len(counts)), range(len(counts[0]))
    cells = {(r, c): f"{r}.{c}" for r in rows for c in columns}
    made = [Figure(cells[r, c], frozenset({cells[r, c]}), counts[r][c]) for r, c in cells]
    for r in rows:
        made.append(Figure(f"row {r}", frozenset(cells[r, c] for c in columns), sum(counts[r])))
    for c in columns:
        made.append(
            Figure(f"column {c}", frozenset(cells[r, c] for r in rows), sum(x[c] for x in counts))
        )
    made.append(Figure("all", frozenset(cells.values()), sum(map(sum, counts))))
    return made


def by_the_solver(cell: str, shown: list[Shown]) -> tuple[int, int | None]:
    told = [s for s in shown if s.is_shown]
    names = sorted({c for s in told for c in s.cells})
    if cell not in names:
        return 0, None
    rows = np.array([[float(n in s.cells) for n in names] for s in told])
    ends = []
    for sign in (1.0, -1.0):
        arrays = Arrays(
            cost=sign * np.array([float(n == cell) for n in names]),
            lower=np.zeros(len(names)),
            upper=np.full(len(names), np.inf),
            row_lower=np.array([float(s.low) for s in told]),
            row_upper=np.array([float(s.high or 0) for s in told]),
            start=np.arange(0, rows.size + 1, len(names)),
            index=np.tile(np.arange(len(names)), len(told)),
            value=rows.ravel(),
            is_whole=np.ones(len(names), dtype=np.bool_),
        )
        ends.append(round(sign * search(arrays, gap=0.0, nodes=10_000).objective))
    return ends[0], ends[1]


COUNTS = st.integers(2, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=2, max_size=3
    )
)


@settings(max_examples=40, deadline=None)
@given(counts=COUNTS, rules=st.sampled_from([EXACT, PUBLIC]))
def test_no_small_cell_of_a_table_with_margins_is_determined(
    counts: list[list[int]], rules: Rules
) -> None:
    figures = table(counts)
    shown = list(release(figures, rules=rules).figures)
    for one in figures:
        if one.count < rules.threshold and len(one.cells) == 1:
            (cell,) = one.cells
            low, high = by_the_solver(cell, shown)
            assert high is None or high >= rules.threshold or high - low + 1 >= rules.open_values
            assert low <= one.count
            assert high is None or one.count <= high


@settings(max_examples=30, deadline=None)
@given(counts=COUNTS, data=st.data())
def test_no_small_cell_is_determined_by_several_releases(
    counts: list[list[int]], data: st.DataObject
) -> None:
    figures = table(counts)
    first = data.draw(st.lists(st.sampled_from(figures), unique=True, min_size=1))
    before = release(first, rules=EXACT)
    rest = [one for one in figures if one not in first]
    after = release(rest, before.figures, EXACT)
    shown = [*before.figures, *after.figures]
    for one in figures:
        if one.count < EXACT.threshold and len(one.cells) == 1:
            low, high = by_the_solver(next(iter(one.cells)), shown)
            assert high is None or high >= EXACT.threshold or high - low + 1 >= EXACT.open_values


def widest(cell: str, shown: list[Shown]) -> tuple[float, float | None]:
    """Return the ends that parts of people would leave open too: wider, and quickly had."""
    told = [s for s in shown if s.is_shown]
    names = sorted({c for s in told for c in s.cells})
    if cell not in names:
        return 0.0, None
    rows = [[float(n in s.cells) for n in names] for s in told]
    goal = np.array([float(n == cell) for n in names])
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(
            sign * goal,
            A_ub=np.array(rows + [[-x for x in row] for row in rows]),
            b_ub=np.array([*(s.high for s in told), *(-s.low for s in told)], dtype=float),
        )
        assert found.status == 0
        ends.append(sign * found.fun)
    return ends[0], ends[1]


@settings(max_examples=25, deadline=None)
@given(counts=COUNTS, data=st.data())
def test_no_small_cell_is_determined_by_a_row_of_rounded_releases(
    counts: list[list[int]], data: st.DataObject
) -> None:
    figures = table(counts)
    shown: tuple[Shown, ...] = ()
    for number in range(data.draw(st.integers(2, 4))):
        part = data.draw(st.lists(st.sampled_from(figures), unique=True, min_size=1))
        rules = data.draw(st.sampled_from([EXACT, PUBLIC]))
        renamed = [Figure(f"{number} {one.name}", one.cells, one.count) for one in part]
        shown += release(renamed, shown, rules).figures
    for one in figures:
        if one.count < EXACT.threshold and len(one.cells) == 1:
            cell = next(iter(one.cells))
            low, high = by_the_solver(cell, list(shown))
            assert high is None or high >= EXACT.threshold or high - low + 1 >= EXACT.open_values
            least, most = widest(cell, list(shown))
            assert least <= low + 1e-6
            assert (most is None) == (high is None)
            assert most is None or high is None or most >= high - 1e-6


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(0, 4), min_size=4, max_size=4),
    told=st.lists(st.sets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=4),
)
def test_the_reader_knows_what_trying_everything_finds(
    counts: list[int], told: list[set[str]]
) -> None:
    truth = dict(zip("abcd", counts, strict=True))
    shown = [
        Shown(str(n), frozenset(cells), total, total, str(total))
        for n, cells in enumerate(told)
        for total in [sum(truth[c] for c in cells)]
    ]
    worlds = _worlds(shown)
    for cell in "abcd":
        low, high = known_of(frozenset(cell), shown)
        values = [world[cell] for world in worlds]
        if any(cell in s.cells for s in shown):
            assert (low, high) == (min(values), max(values))
        else:
            assert (low, high) == (0, None)


def _worlds(shown: list[Shown]) -> list[dict[str, int]]:
    """Return every way in which the counts could be so, cells that no figure holds left at none."""
    tops = {c: min((s.low for s in shown if c in s.cells), default=0) for c in "abcd"}
    ranges = [range(tops[c] + 1) for c in "abcd"]
    return [
        world
        for values in product(*ranges)
        for world in [dict(zip("abcd", values, strict=True))]
        if all(sum(world[c] for c in s.cells) == s.low for s in shown)
    ]
