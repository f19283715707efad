"""Where is it worse than elsewhere just now? The prospective space-time permutation scan.

Kulldorff, Heffernan, Hartman, Assuncao and Mostashari (2005), PLoS Medicine 2(3) e59. A cylinder is
a circle of places and a window of days up to the last one. Were incidents as they are in each place
and on each day, but places and days unrelated, a cylinder would hold (cases in the circle) x (cases
in the window) / (all cases). The cylinder that most exceeds this is the cluster; how often chance
alone gives one as strong is found by dealing the days out anew among the cases.

It needs no population and no effort, as long as effort did not change in one place alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corridor.values import Estimate
from corridor.watch import scan_arrays
from corridor.watch.circles import Circles, circles, distance_km
from corridor.watch.estimates import estimate, too_few

MINIMUM_CASES = 20
_LEVEL = 0.90
# Standard deviations of a normal variable that hold this part of it.
_QUANTILE = 1.6448536269514722
_SAME_STATISTIC = 1e-9

Counts = NDArray[np.uint32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BestCylinders = Callable[[Counts, Counts, Circles, Counts, int, bool], NDArray[np.int32]]
Loop = Literal["numba", "numpy"]


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """The cases to scan.

    Attributes
    ----------
    latitude_deg, longitude_deg
        (Z,) the places.
    place
        (N,) place of each case.
    day
        (N,) day of each case, as a number of days; none later than `last_day`.
    last_day
        The day of the look.
    """

    latitude_deg: Floats
    longitude_deg: Floats
    place: Ints
    day: Ints
    last_day: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What is looked at, and how the chance is found.

    Attributes
    ----------
    radius_km
        Largest circle.
    window_days
        Longest window, in days; every window ends on the last day.
    replicas
        Times the days are dealt out anew.
    looks
        Daily looks since the watch began, this one included; each replica takes its best cylinder
        over the last days of all of them. 1: this look alone. The cost grows with it.
    share
        Largest part of all cases in a circle.
    """

    radius_km: float
    window_days: int
    replicas: int = 999
    looks: int = 1
    share: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """A cylinder with more cases than expected.

    Attributes
    ----------
    centre, places
        The place in the middle, and all places inside, nearest first.
    radius_km
        Distance to the furthest of them.
    first_day, last_day
        The window.
    cases
        (cases inside,) positions of the cases in the study, so that it can be told who reported them.
    expected
        Cases expected.
    statistic
        Log likelihood ratio.
    p
        Part of replicas, and of this study, with a cylinder as strong anywhere.
    recurrence
        Days of daily looks in which chance gives one as strong, on average: 1 / p.
    """

    centre: int
    places: tuple[int, ...]
    radius_km: float
    first_day: int
    last_day: int
    cases: Ints
    expected: float
    statistic: float
    p: Estimate
    recurrence: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What a scan found.

    Attributes
    ----------
    clusters
        The strongest first; no place is in two.
    p
        That of the strongest; without numbers where there are too few cases to say.
    replica_statistics
        (R,) the highest statistic of each replica.
    """

    clusters: tuple[Cluster, ...]
    p: Estimate
    replica_statistics: Floats


def scan(study: Study, limits: Limits, *, seed: int, loop: Loop = "numba") -> Scan:
    """Scan a study for clusters that last until its last day.

    Parameters
    ----------
    study, limits
        What is scanned, and how.
    seed
        Of the replicas.
    loop
        "numba": compiled; "numpy": the same answer without a compiler, a hundred times slower.
    """
    total = len(study.place)
    ages = study.last_day - study.day
    assert total == 0 or ages.min() >= 0, "a case lies after the last day"
    if total < MINIMUM_CASES:
        return Scan((), too_few(total, MINIMUM_CASES, "incidents", ""), np.empty(0))
    around = circles(
        study.latitude_deg,
        study.longitude_deg,
        np.bincount(study.place, minlength=len(study.latitude_deg)),
        radius_km=limits.radius_km,
        most=limits.share * total,
    )
    if not len(around[1]):
        half = (
            f"too few to say: every place alone holds more than {limits.share:.0%} of the incidents"
        )
        return Scan((), Estimate(None, None, None, "", half), np.empty(0))
    window_cases = _window_cases(ages, limits)
    order = np.argsort(ages, kind="stable")
    recent = order[ages[order] < limits.window_days + limits.looks - 1]
    alive = order[ages[order] < limits.window_days]
    if len(alive) < 2:
        return Scan((), too_few(len(alive), 2, "incidents in the window", ""), np.empty(0))
    best_cylinders = _loop(loop)

    rng = np.random.default_rng(seed)
    draws = np.empty((limits.replicas, len(recent)), dtype=np.uint32)
    for draw in draws:
        draw[:] = rng.choice(study.place, len(recent), replace=False)
    replicas = best_cylinders(
        draws, ages[recent].astype(np.uint32), around, window_cases, total, False
    )
    chance = _statistics(replicas, around, window_cases, total)

    seen = study.place[alive].astype(np.uint32)[None]
    found = best_cylinders(
        seen, ages[alive].astype(np.uint32), around, window_cases[:1], total, True
    )
    values = _statistics(found, around, window_cases, total)
    clusters = []
    taken: set[int] = set()
    for centre in np.argsort(-values, kind="stable").tolist():
        if values[centre] <= 0:
            break
        inside = _inside(centre, found[centre], around)
        if taken.isdisjoint(inside):
            taken.update(inside)
            clusters.append(_cluster(study, limits, found[centre], inside, chance))
    none = estimate(1.0, None, "", "no cylinder holds two incidents and more than expected")
    return Scan(tuple(clusters), clusters[0].p if clusters else none, chance)


def _window_cases(ages: Ints, limits: Limits) -> Counts:
    """(looks, window_days) cases of the study in each window."""
    days = limits.window_days + limits.looks - 1
    until = np.append(0, np.bincount(ages[ages < days], minlength=days).cumsum())
    ends = np.arange(limits.looks)[:, None]
    counts: Counts = (until[ends + np.arange(limits.window_days) + 1] - until[ends]).astype(
        np.uint32
    )
    return counts


def _loop(loop: Loop) -> BestCylinders:
    if loop == "numpy":
        return scan_arrays.best_cylinders
    # The compiler is a heavy import; who does not scan does not wait for it.
    from corridor.watch.scan_kernel import best_cylinders

    compiled: BestCylinders = best_cylinders
    return compiled


def _statistics(
    rows: NDArray[np.int32], circles: Circles, window_cases: Counts, total: int
) -> Floats:
    found = rows[:, 0] >= 0
    circle, end, length, cases = rows[found].T.astype(np.int64)
    expected = circles[2][circle].astype(np.int64) * window_cases[end, length] / total
    values = np.zeros(len(rows))
    values[found] = scan_arrays.statistic(cases, expected, total)
    return values


def _inside(centre: int, row: NDArray[np.int32], circles: Circles) -> tuple[int, ...]:
    return tuple(circles[1][int(circles[0][centre]) : int(row[0]) + 1].tolist())


def _cluster(
    study: Study,
    limits: Limits,
    row: NDArray[np.int32],
    inside: tuple[int, ...],
    chance: Floats,
) -> Cluster:
    total, first_day = len(study.place), study.last_day - int(row[2])
    there = list(inside)
    in_window = study.day >= first_day
    in_circle = np.isin(study.place, inside)
    expected = int(in_circle.sum()) * int(in_window.sum()) / total
    cases = np.flatnonzero(in_window & in_circle)
    value = float(scan_arrays.statistic(np.array([len(cases)]), np.array([expected]), total)[0])
    as_strong = int((chance >= value - _SAME_STATISTIC).sum())
    method = (
        f"space-time permutation scan of {total:,} incidents, circles up to {limits.radius_km:g} km,"
        f" windows up to {limits.window_days} days, {len(chance):,} replicas,"
        f" {limits.looks} daily looks; {_LEVEL:.0%} interval of the replicas"
    )
    p, ends = _tail(as_strong, len(chance))
    return Cluster(
        centre=inside[0],
        places=inside,
        radius_km=float(distance_km(study.latitude_deg[there], study.longitude_deg[there]).max()),
        first_day=first_day,
        last_day=study.last_day,
        cases=cases,
        expected=expected,
        statistic=value,
        p=estimate(p, ends, "", method),
        recurrence=estimate(1 / p, (1 / ends[1], 1 / ends[0]), "days", method),
    )


def _tail(as_strong: int, replicas: int) -> tuple[float, tuple[float, float]]:
    """Rank of the study among its replicas, and what so many replicas leave open (Wilson 1927)."""
    ranked = replicas + 1
    p = (as_strong + 1) / ranked
    middle = (p + _QUANTILE**2 / (2 * ranked)) / (1 + _QUANTILE**2 / ranked)
    spread = np.sqrt(p * (1 - p) / ranked + (_QUANTILE / (2 * ranked)) ** 2)
    half = float(_QUANTILE * spread / (1 + _QUANTILE**2 / ranked))
    return p, (middle - half, min(middle + half, 1.0))
