"""The published data the watch is tested on; see tests/data/watch/ORIGIN.md."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np

from corridor.watch.closing import Units
from corridor.watch.scan import Study

DATA = Path(__file__).parents[1] / "data" / "watch"


def study(name: str, last_day: date) -> tuple[Study, list[str]]:
    """A scan study and the names of its places."""
    places = [line.split() for line in (DATA / name / "places.txt").read_text().splitlines()]
    cases = [line.split() for line in (DATA / name / "cases.txt").read_text().splitlines()]
    names = [place for place, _, _ in places]
    number = {place: at for at, place in enumerate(names)}
    return Study(
        latitude_deg=np.array([float(place[1]) for place in places]),
        longitude_deg=np.array([float(place[2]) for place in places]),
        place=np.array([number[case[0]] for case in cases]),
        day=np.array([date(*map(int, case[2].split("/"))).toordinal() for case in cases]),
        last_day=last_day.toordinal(),
    ), names


def coal_by_year() -> np.ndarray:
    """Coal-mining disasters in each year from 1851 to 1962."""
    dates = np.loadtxt(DATA / "coal_disasters.csv", skiprows=1)
    return np.bincount(np.floor(dates).astype(int) - 1851, minlength=112).astype(float)


def burkitt() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and day of onset."""
    table = np.loadtxt(DATA / "burkitt.csv", delimiter=",", skiprows=1)
    return table[:, 0], table[:, 1], table[:, 2]


def country_counts() -> np.ndarray:
    """Lethal events in the Central African Republic, each day of 2013 to 2022."""
    start, end = date(2013, 1, 1).toordinal(), date(2023, 1, 1).toordinal()
    days = [date.fromisoformat(row["date_start"]).toordinal() for row in _events()]
    inside = [day - start for day in days if start <= day < end]
    return np.bincount(inside, minlength=end - start).astype(float)


def provinces() -> Units:
    """The same by province (those placed in one), each day of 2012 to 2022."""
    rows = [row for row in _events() if int(row["where_prec"]) <= 4 and row["adm_1"]]
    names = sorted({row["adm_1"] for row in rows})
    start, end = date(2012, 1, 1).toordinal(), date(2023, 1, 1).toordinal()
    counts = np.zeros((end - start, len(names)))
    at = np.zeros((len(names), 2))
    for row in rows:
        unit = names.index(row["adm_1"])
        counts[date.fromisoformat(row["date_start"]).toordinal() - start, unit] += 1
        at[unit] += float(row["latitude"]), float(row["longitude"])
    # Neighbours weigh less by e every 150 km between the middles of their events.
    at = np.radians(at / counts.sum(axis=0)[:, None]) * 6371
    at[:, 1] *= np.cos(np.radians(6.5))
    weight = np.exp(-np.linalg.norm(at[:, None] - at[None], axis=2) / 150)
    np.fill_diagonal(weight, 0)
    return Units(counts, np.ones_like(counts), weight / weight.sum(axis=1, keepdims=True))


def _events() -> list[dict[str, str]]:
    with (DATA / "central_african_republic.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
