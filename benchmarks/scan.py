"""The space-time scan: time on one core, what a first call waits, honesty without a cluster, power with one.

SaTScan 10.3.2, measured once beside the sketch this follows, took 15.1 s of computing for the large
study and 1.25 s for the small one; it is no dependency. Measured here beside ours: the same loop in
plain numpy, for as many replicas as a minute allows, and scaled up.

    .venv/bin/python benchmarks/scan.py            all, about three minutes of computing
    .venv/bin/python benchmarks/scan.py --speed    the times alone
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from corridor.watch.compile import warm
from corridor.watch.scan import Limits, Study, scan
from watch.known import study

REPLICAS, SETS, RUNS = 999, 300, 3
KM_PER_DEGREE = 111.2
FIRST_CALL = """
import time
import numpy, corridor.values
wall, computing = time.perf_counter(), time.process_time()
from corridor.watch.compile import warm
warm()
print(time.perf_counter() - wall, time.process_time() - computing)
"""


def without_cluster(seed: int, cases: int = 1000, places: int = 400, days: int = 365) -> Study:
    """Places anywhere in 200 by 200 km, some with more cases than others; days unrelated to places."""
    rng = np.random.default_rng(seed)
    weight = rng.gamma(1.0, size=places)
    return Study(
        latitude_deg=40 + rng.uniform(0, 200, places) / KM_PER_DEGREE,
        longitude_deg=46 + rng.uniform(0, 200, places) / KM_PER_DEGREE / np.cos(np.radians(40.9)),
        place=rng.choice(places, cases, p=weight / weight.sum()),
        day=rng.integers(0, days, cases),
        last_day=days - 1,
    )


def with_cluster(seed: int, extra: int = 8, radius_km: float = 10, week: int = 7) -> Study:
    """The same with some more cases in the last week, at places within a circle."""
    before = without_cluster(seed)
    rng = np.random.default_rng(seed + 1_000_000)
    centre = rng.integers(len(before.latitude_deg))
    north = (before.latitude_deg - before.latitude_deg[centre]) * KM_PER_DEGREE
    east = before.longitude_deg - before.longitude_deg[centre]
    east = east * KM_PER_DEGREE * np.cos(np.radians(40.9))
    near = np.flatnonzero(np.hypot(north, east) <= radius_km)
    return Study(
        before.latitude_deg,
        before.longitude_deg,
        np.append(before.place, rng.choice(near, extra)),
        np.append(before.day, before.last_day - rng.integers(0, week, extra)),
        before.last_day,
    )


def speed() -> None:
    large, _ = study("bench_10000_1500", date(2024, 12, 30))
    small = without_cluster(0)
    for name, cases, target, allowed in (
        ("10,000 incidents, 1,500 places", large, 4.0, 2),
        (" 1,000 incidents,   400 places", small, 0.2, 999),
    ):
        taken = []
        for _ in range(RUNS):
            start = time.process_time()
            found = scan(cases, Limits(30, 30, replicas=REPLICAS), seed=1)
            taken.append(time.process_time() - start)
        start = time.process_time()
        replicas = min(allowed, 9)
        plain = scan(cases, Limits(30, 30, replicas=replicas), seed=1, loop="numpy")
        spent = (time.process_time() - start) * (REPLICAS + 1) / (replicas + 1)
        assert np.allclose(plain.replica_statistics, found.replica_statistics[:replicas])
        print(
            f"{name}, {REPLICAS} replicas: {statistics.median(taken):6.2f} s computing"
            f" (target {target:g}); numpy {spent:,.0f} s"
        )
    waits = [[float(word) for word in _run(FIRST_CALL).split()] for _ in range(RUNS)]
    wall, computing = (statistics.median(values) for values in zip(*waits, strict=True))
    print(f"first call in a new process: {wall:.2f} s, {computing:.2f} s computing (target 0.5)")


def honesty() -> None:
    limits = Limits(30, 30, replicas=REPLICAS)
    rejected = [float(scan(without_cluster(s), limits, seed=s).p.best) <= 0.05 for s in range(SETS)]
    print(f"no cluster, {SETS} sets: rejected {np.mean(rejected):.1%} at 5 % (target 2.5-7.5 %)")
    for extra in (8, 5):
        found = [
            float(scan(with_cluster(s, extra), limits, seed=s).p.best) <= 0.05 for s in range(SETS)
        ]
        print(
            f"{extra} more in a week within 10 km, {SETS} sets: power {np.mean(found):.2f}"
            " (target 0.90 for 8)"
        )


def _run(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    warm()
    speed()
    if "--speed" not in sys.argv:
        honesty()
