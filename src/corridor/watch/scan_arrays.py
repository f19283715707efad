"""The inner loop of the permutation scan in plain numpy: slow, plain to read, the same answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridor.watch.circles import Circles

Counts = NDArray[np.uint32]
Floats = NDArray[np.float64]


def best_cylinders(
    draws: Counts,
    ages: Counts,
    circles: Circles,
    window_cases: Counts,
    total: int,
    each_centre: bool,
) -> NDArray[np.int32]:
    """Find the best cylinders by looking at every one; see `corridor.watch.scan_kernel`."""
    begin, place, zone_cases, closes = circles
    centres = len(begin) - 1
    ends, lengths = window_cases.shape
    best = np.full((centres if each_centre else len(draws), 4), -1, dtype=np.int32)
    for replica, placed in enumerate(draws[:1] if each_centre else draws):
        highest = 0.0
        by_day = np.zeros((centres, ends + lengths - 1), dtype=np.int64)
        np.add.at(by_day, (placed, ages), 1)
        for centre in range(centres):
            some = slice(int(begin[centre]), int(begin[centre + 1]))
            if each_centre:
                highest = 0.0
            until = np.zeros((some.stop - some.start, ends + lengths), dtype=np.int64)
            until[:, 1:] = by_day[place[some]].cumsum(axis=0).cumsum(axis=1)
            cases = np.stack(
                [until[:, end + 1 : end + lengths + 1] - until[:, [end]] for end in range(ends)],
                axis=1,
            )
            allowed = closes[some, None, None] & (cases >= 2)
            around = zone_cases[some, None, None].astype(np.int64) * window_cases
            values = np.where(allowed, statistic(cases, around / total, total), 0.0)
            if values.size and values.max() > highest:
                highest = float(values.max())
                circle, end, length = np.unravel_index(values.argmax(), values.shape)
                row = best[centre if each_centre else replica]
                row[:] = some.start + circle, end, length, cases[circle, end, length]
    return best


def statistic(cases: NDArray[np.int64], expected: Floats, total: int) -> Floats:
    """Log likelihood ratio of `cases` against `expected`, 0 where there are no more than expected.

    c log(c / m) + (C - c) log((C - c) / (C - m)): Kulldorff et al. (2005), PLoS Medicine 2(3) e59.
    """
    more = cases > expected
    rest = total - cases
    inside = np.where(more, cases, 1.0)
    ratio = np.where(more, inside / np.where(more, expected, 1.0), 1.0)
    others = np.where(more, rest / (total - expected), 1.0)
    return np.where(more, inside * np.log(ratio) + rest * np.log(others), 0.0)
