"""Circles of places around each place, by distance over the earth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.uint32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# begin (Z + 1,); and along it, for the circles around each centre, nearest first: the place that
# comes in, the cases inside by then, and whether the next place is further away.
Circles = tuple[Counts, Counts, Counts, NDArray[np.bool_]]

# The radius SaTScan uses, so that circles hold the same places.
EARTH_KM = 6367.0
_SAME_DISTANCE_KM = 1e-9


def circles(
    latitude_deg: Floats, longitude_deg: Floats, cases: Ints, *, radius_km: float, most: float
) -> Circles:
    """Grow a circle around each of (Z,) places, a place at a time.

    Parameters
    ----------
    latitude_deg, longitude_deg, cases
        (Z,) the places, and their cases.
    radius_km
        Largest circle.
    most
        Cases inside at most.
    """
    along = _unit_vectors(latitude_deg, longitude_deg)
    largest_chord = 2 * np.sin(min(radius_km / EARTH_KM, np.pi) / 2) + 1e-12
    begin, place, inside, closes = [0], [], [], []
    for vector in along:
        chord = np.linalg.norm(along - vector, axis=1)
        near = np.flatnonzero(chord <= largest_chord)
        near = near[np.argsort(chord[near], kind="stable")]
        until = cases[near].cumsum()
        is_apart = np.append(np.diff(chord[near]) * EARTH_KM > _SAME_DISTANCE_KM, True)
        fits = int(np.searchsorted(until, most, side="right"))
        place.append(near[:fits])
        inside.append(until[:fits])
        closes.append(is_apart[:fits])
        begin.append(begin[-1] + fits)
    return (
        np.array(begin, dtype=np.uint32),
        np.concatenate(place).astype(np.uint32),
        np.concatenate(inside).astype(np.uint32),
        np.concatenate(closes),
    )


def distance_km(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """(Z,) great-circle distance from the first of some places to each."""
    along = _unit_vectors(latitude_deg, longitude_deg)
    chord = np.linalg.norm(along - along[0], axis=1)
    kilometres: Floats = 2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    return kilometres


def _unit_vectors(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    return np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ],
        axis=1,
    )
