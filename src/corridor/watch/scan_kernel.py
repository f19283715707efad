"""The inner loop of the permutation scan, compiled; `corridor.watch.compile` does it at set-up."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corridor.watch.circles import Circles, Counts

Recent = tuple[Counts, Counts, Counts, Counts]

# Windows are looked at a week at a time, and day by day only in a week that could matter.
_WEEK = 7
# The table of fewest cases has this many steps to one expected case.
_STEPS = 8


@njit(cache=True)
def best_cylinders(
    draws: Counts,
    ages: Counts,
    circles: Circles,
    window_cases: Counts,
    total: int,
    each_centre: bool,
) -> NDArray[np.int32]:
    """Find the cylinder with the highest statistic, for each replica or for each centre.

    Parameters
    ----------
    draws
        (R, N) place of each recent case in each replica.
    ages
        (N,) days between each recent case and the last day, ascending.
    circles
        `begin` (Z + 1,): those around centre z are begin[z] to begin[z + 1] of three arrays,
        nearest first: the `place` that comes in, the cases of the whole study inside by then
        (`zone_cases`), and whether the next place is further away (`closes`).
    window_cases
        (E, L) cases of the whole study in the window that ends `e` days before the last day and
        has `length + 1` days.
    total
        Cases of the whole study.
    each_centre
        False: the best of all centres, a row a replica. True: a row a centre, of the first replica.

    Returns
    -------
    (R or Z, 4): which circle (-1 if no cylinder has two cases, and more than expected), `e`,
    `length`, and the cases inside.

    Notes
    -----
    Nothing is left out that could be the best. A circle that gained no recent case has a lower
    statistic than the smaller one before it. A statistic rises with the cases and falls with the
    expected ones, so a week of windows is bounded by all its cases and its shortest window; and
    for each number of expected cases, `fewest` tells how many cases it takes to beat the best.
    """
    begin, _, zone_cases, _ = circles
    centres, days = len(begin) - 1, window_cases.shape[0] + window_cases.shape[1] - 1
    first = np.empty(centres + 1, np.uint32)
    recent = (
        first,
        np.empty(len(ages), np.uint32),
        np.empty(days, np.uint32),
        np.empty(days // _WEEK + 1, np.uint32),
    )
    steps = window_cases * (_STEPS / total)
    fewest = np.empty(int(zone_cases.max() * steps.max()) + 2, np.uint32)
    best = np.empty((centres if each_centre else len(draws), 4), np.int32)
    best[:, 0] = -1
    for replica in range(1 if each_centre else len(draws)):
        _sort_by_place(draws[replica], ages, recent)
        row = best[replica]
        highest = level = 0.0
        fewest[:] = 2
        for centre in range(centres):
            if each_centre:
                row, highest = best[centre], 0.0
            elif highest > level:
                level = highest
                _count_fewest(level, total, fewest)
            highest = _grow(centre, circles, recent, steps, total, fewest, highest, row)
    return best


@njit(cache=True)
def _sort_by_place(placed: Counts, ages: Counts, recent: Recent) -> None:
    """Put the ages of the cases at place p into ages_at[first[p]:first[p + 1]], ascending."""
    first, ages_at, _, _ = recent
    first[:] = 0
    for place in placed:
        first[place + 1] += 1
    for place in range(1, len(first)):
        first[place] += first[place - 1]
    free = first.copy()
    for case, place in enumerate(placed):
        ages_at[free[place]] = ages[case]
        free[place] += 1


@njit(cache=True)
def _count_fewest(highest: float, total: int, fewest: Counts) -> None:
    """Tell for 0, 1/8, 2/8 ... expected cases how many cases it takes to beat `highest`."""
    cases = 2
    for step in range(1, len(fewest)):
        while cases < total and _statistic(cases, step / _STEPS, total) <= highest:
            cases += 1
        fewest[step] = cases


@njit(cache=True)
def _grow(
    centre: int,
    circles: Circles,
    recent: Recent,
    steps: NDArray[np.floating],
    total: int,
    fewest: Counts,
    highest: float,
    row: NDArray[np.int32],
) -> float:
    """Grow the circle of one centre place by place; note in `row` what beats `highest`."""
    begin, place, zone_cases, closes = circles
    first, ages_at, in_day, in_week = recent
    in_day[:] = 0
    in_week[:] = 0
    ends, lengths = steps.shape
    inside, newest = 0, len(in_day)
    for circle in range(begin[centre], begin[centre + 1]):
        start, stop = first[place[circle]], first[place[circle] + 1]
        if start < stop:
            for at in range(start, stop):
                in_day[ages_at[at]] += 1
                in_week[ages_at[at] // _WEEK] += 1
            inside += stop - start
            newest = min(newest, ages_at[start])
        if newest == len(in_day) or not closes[circle]:
            continue
        zone = float(zone_cases[circle])
        for end in range(ends):
            shortest = max(newest - end, 0)
            if shortest >= lengths:
                continue
            if inside < fewest[int(zone * steps[end, shortest])]:
                continue
            cases = 0
            for week in range(end // _WEEK, (end + lengths - 1) // _WEEK + 1):
                opens = max(end, week * _WEEK)
                gained = in_week[week]
                if opens > week * _WEEK:
                    gained = in_day[opens : (week + 1) * _WEEK].sum()
                if gained == 0:
                    continue
                if cases + gained >= fewest[int(zone * steps[end, max(opens - end, shortest)])]:
                    until_day = cases
                    for day in range(opens, min((week + 1) * _WEEK, end + lengths)):
                        until_day += in_day[day]
                        step = zone * steps[end, day - end]
                        if until_day >= fewest[int(step)]:
                            value = _statistic(until_day, step / _STEPS, total)
                            if value > highest:
                                highest = value
                                row[0], row[1] = circle, end
                                row[2], row[3] = day - end, until_day
                cases += gained
        newest = len(in_day)
    return highest


@njit(cache=True)
def _statistic(cases: int, expected: float, total: int) -> float:
    """Log likelihood ratio of `cases` against `expected`; 0 where there are no more (Kulldorff 2005)."""
    if cases <= expected:
        return 0.0
    rest = total - cases
    return cases * math.log(cases / expected) + rest * math.log(rest / (total - expected))
