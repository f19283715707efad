"""Points on the globe that lie near each other in space and time: incidents that may be one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from corridor.values import IncidentCode

# Mean radius (IUGG); a globe is within half a per cent of the true distance.
EARTH_KM = 6371.0088
_Cell = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where and when an incident is said to have been, and of what sort."""

    incident: IncidentCode
    sort: str
    starts: datetime
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two incidents that may be one: how far apart they lie, in kilometres and in time."""

    first: IncidentCode
    second: IncidentCode
    distance_km: float
    apart: timedelta


def haversine_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance of two points in kilometres, on a globe (Sinnott 1984)."""
    a, b = math.radians(lat), math.radians(other_lat)
    across = math.sin((b - a) / 2) ** 2
    along = math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(across + math.cos(a) * math.cos(b) * along)))


def near_pairs(sightings: Iterable[Sighting], *, km: float, within: timedelta) -> Iterator[Pair]:
    """Yield every pair of one sort that lies within a distance and a time of each other.

    1. Every point goes into a cell of space and time whose edges are `km` and `within`. The cells cut
       the space around the globe, not its map, so that neither a pole nor the line where east meets
       west is special.
    2. In order of time, a point is compared with those before it in its own and the adjoining cells.
    """
    cells: dict[_Cell, list[Sighting]] = {}
    for new in sorted(sightings, key=lambda one: (one.starts, one.incident)):
        period, x, y, z = _cell(new, km, within)
        for back, dx, dy, dz in product((0, 1), (-1, 0, 1), (-1, 0, 1), (-1, 0, 1)):
            for old in cells.get((new.sort, period - back, x + dx, y + dy, z + dz), ()):
                apart = new.starts - old.starts
                if apart <= within and old.incident != new.incident:
                    distance = haversine_km(old.lat, old.lon, new.lat, new.lon)
                    if distance <= km:
                        yield Pair(old.incident, new.incident, distance, apart)
        cells.setdefault((new.sort, period, x, y, z), []).append(new)


def _cell(one: Sighting, km: float, within: timedelta) -> tuple[int, int, int, int]:
    lat, lon = math.radians(one.lat), math.radians(one.lon)
    edge = km / EARTH_KM
    return (
        math.floor(one.starts.timestamp() / within.total_seconds()),
        math.floor(math.cos(lat) * math.cos(lon) / edge),
        math.floor(math.cos(lat) * math.sin(lon) / edge),
        math.floor(math.sin(lat) / edge),
    )
