"""Does a cluster stand when some incidents are known by their district only?

An incident placed at the middle of its district makes that middle look worse than it is. Here such
incidents are put anywhere within their precision, again and again, and each study is scanned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corridor.values import Estimate
from corridor.watch.circles import EARTH_KM
from corridor.watch.estimates import estimate
from corridor.watch.scan import Cluster, Limits, Loop, Scan, Study, scan

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CoarseScan:
    """A scan of places as given, and how it fares when coarse ones move.

    Attributes
    ----------
    as_given
        The scan of the places as they were given.
    p
        Of the strongest cluster: the median over the studies, and their lowest and highest.
    found_again
        Part of the studies whose strongest cluster shares a case with the one as given.
    """

    as_given: Scan
    p: Estimate
    found_again: Estimate


def scan_coarse(
    study: Study,
    precision_km: Floats,
    limits: Limits,
    *,
    seed: int,
    moves: int = 20,
    loop: Loop = "numba",
) -> CoarseScan:
    """Scan a study with its places as given, and with the coarse ones moved.

    Parameters
    ----------
    study, limits
        What is scanned, and how.
    precision_km
        (N,) radius within which each case lies; 0 where its place is exact.
    seed
        Of the moves and the replicas.
    moves
        Studies with coarse places moved. Each costs a scan.
    """
    as_given = scan(study, limits, seed=seed, loop=loop)
    if not as_given.clusters or not (precision_km > 0).any():
        return CoarseScan(as_given, as_given.p, estimate(1.0, None, "", "no place was moved"))
    children = np.random.SeedSequence(seed).spawn(moves)
    moved = [
        scan(
            _moved(study, precision_km, np.random.default_rng(child)), limits, seed=seed, loop=loop
        )
        for child in children
    ]
    chances = [float(found.p.best) for found in moved if found.p.best is not None]
    first = as_given.clusters[0]
    again = sum(_share_a_case(first, found) for found in moved) / moves
    method = (
        f"{moves} scans, {int((precision_km > 0).sum()):,} incidents moved within their precision"
    )
    return CoarseScan(
        as_given,
        estimate(float(np.median(chances)), (min(chances), max(chances)), "", f"{method}; range"),
        estimate(again, None, "", method),
    )


def _moved(study: Study, precision_km: Floats, rng: np.random.Generator) -> Study:
    """Put each coarse case at a place of its own, even over the disc of its precision."""
    coarse = np.flatnonzero(precision_km > 0)
    at = study.place[coarse]
    away = precision_km[coarse] * np.sqrt(rng.uniform(size=len(coarse)))
    bearing = rng.uniform(0, 2 * np.pi, len(coarse))
    latitude, longitude = study.latitude_deg[at], study.longitude_deg[at]
    north, east = (np.degrees(away * f(bearing) / EARTH_KM) for f in (np.cos, np.sin))
    place = study.place.copy()
    place[coarse] = len(study.latitude_deg) + np.arange(len(coarse))
    return replace(
        study,
        latitude_deg=np.append(study.latitude_deg, latitude + north),
        longitude_deg=np.append(
            study.longitude_deg, longitude + east / np.cos(np.radians(latitude))
        ),
        place=place,
    )


def _share_a_case(first: Cluster, found: Scan) -> bool:
    return bool(found.clusters) and bool(np.isin(first.cases, found.clusters[0].cases).any())
