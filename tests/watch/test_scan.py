from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from corridor.watch.compile import warm
from corridor.watch.scan import Limits, Study, scan
from corridor.watch.scan_coarse import scan_coarse
from watch.known import study

# Test statistic, cases, expected, places and days of the window that SaTScan 10.3.2 prints.
CAR = [
    (16.914826, 5, 0.064, 5, 3),
    (11.152684, 5, 0.21, 5, 25),
    (4.063969, 2, 0.10, 1, 13),
    (3.503407, 3, 0.39, 8, 11),
    (2.778967, 2, 0.20, 8, 5),
]
INVENTED = [
    (69.644794, 41, 2.97, 23, 7),
    (7.231774, 4, 0.26, 3, 9),
    (6.242511, 7, 1.26, 24, 3),
    (5.617612, 29, 14.49, 44, 13),
]


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    warm()


def drawn(seed: int, cases: int = 60, places: int = 15) -> Study:
    """Places on a grid, so that many distances are equal, and cases anywhere on any of 40 days."""
    rng = np.random.default_rng(seed)
    return Study(
        latitude_deg=rng.integers(0, 4, places) / 20,
        longitude_deg=rng.integers(0, 4, places) / 20,
        place=rng.integers(0, places, cases),
        day=rng.integers(0, 40, cases),
        last_day=40,
    )


@pytest.mark.parametrize(
    ("name", "last_day", "radius_km", "known"),
    [
        ("car_2014-12-31", date(2014, 12, 31), 100, CAR),
        ("bench_10000_1500", date(2024, 12, 30), 30, INVENTED),
    ],
)
def test_it_finds_what_satscan_finds(name, last_day, radius_km, known):
    cases, _ = study(name, last_day)
    found = scan(cases, Limits(radius_km, window_days=30), seed=1)
    for cluster, (statistic, inside, expected, places, days) in zip(
        found.clusters, known, strict=False
    ):
        assert cluster.statistic == pytest.approx(statistic, abs=1e-6)
        assert len(cluster.cases) == inside
        assert cluster.expected == pytest.approx(expected, abs=0.006)
        assert len(cluster.places) == places
        assert cluster.last_day - cluster.first_day + 1 == days
        assert cluster.last_day == last_day.toordinal()
    assert float(found.p.best) == 0.001
    assert float(found.clusters[0].recurrence.best) == 1000


def test_the_places_and_the_radius_are_those_of_satscan():
    cases, names = study("car_2014-12-31", date(2014, 12, 31))
    first = scan(cases, Limits(100, window_days=30, replicas=9), seed=1).clusters[0]
    assert {names[place] for place in first.places} == {"L179", "L177", "L176", "L180", "L178"}
    assert first.radius_km == pytest.approx(37.64, abs=0.005)
    assert set(cases.place[first.cases]) <= set(first.places)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("window", "looks"), [(7, 1), (10, 1), (5, 12)])
def test_the_compiled_loop_and_the_plain_one_agree(seed, window, looks):
    cases, limits = drawn(seed), Limits(9, window_days=window, replicas=19, looks=looks)
    compiled = scan(cases, limits, seed=seed)
    plain = scan(cases, limits, seed=seed, loop="numpy")
    assert compiled.replica_statistics == pytest.approx(plain.replica_statistics, abs=1e-12)
    assert [c.statistic for c in compiled.clusters] == [c.statistic for c in plain.clusters]
    assert compiled.p == plain.p


def test_places_as_far_away_come_in_together():
    # Two places equally far from the first: a circle holds both or neither.
    cases = Study(
        latitude_deg=np.array([0.0, 0.05, -0.05, 1.0]),
        longitude_deg=np.zeros(4),
        place=np.array([0] * 2 + [1] * 4 + [2] * 4 + [3] * 30),
        day=np.array([30, 30, 30, 30, 1, 2, 1, 2, 3, 4, *range(30)]),
        last_day=30,
    )
    for loop in ("numba", "numpy"):
        found = scan(cases, Limits(8, 3, replicas=9), seed=1, loop=loop)
        around_first = [c for c in found.clusters if c.centre == 0]
        assert all(len(c.places) in (1, 3) for c in around_first)


def test_earlier_looks_make_a_cluster_less_surprising():
    cases, _ = study("car_2014-12-31", date(2014, 12, 31))
    once = scan(cases, Limits(100, 30), seed=1)
    daily = scan(cases, Limits(100, 30, looks=60), seed=1)
    assert daily.clusters[1].statistic == once.clusters[1].statistic
    assert np.median(daily.replica_statistics) > np.median(once.replica_statistics)
    assert daily.clusters[2].p.best > once.clusters[2].p.best


def test_no_two_clusters_share_a_place():
    found = scan(drawn(3, cases=200), Limits(9, 10, replicas=9), seed=1)
    places = [place for cluster in found.clusters for place in cluster.places]
    assert len(places) == len(set(places))


def test_the_same_seed_gives_the_same_scan():
    first, second = (scan(drawn(1), Limits(9, 7, replicas=99), seed=5) for _ in range(2))
    assert (first.replica_statistics == second.replica_statistics).all()


def test_chance_alone_is_called_a_cluster_about_as_often_as_promised():
    found = [scan(drawn(seed), Limits(9, 7, replicas=99), seed=seed) for seed in range(200)]
    rejected = np.mean([float(f.p.best) <= 0.05 for f in found])
    assert 0.01 <= rejected <= 0.10


def test_with_few_incidents_it_does_not_say():
    found = scan(drawn(1, cases=19), Limits(9, 7), seed=1)
    assert found.clusters == ()
    assert not found.p.is_known
    assert found.p.method == "too few to say: 19 incidents, at least 20 are needed"


@pytest.mark.parametrize("loop", ["numpy", "numba"])
def test_where_all_lies_at_one_place_it_does_not_say(loop):
    days = np.arange(30)
    one = Study(np.array([10.0]), np.array([20.0]), np.zeros(30, dtype=np.int64), days, 29)
    found = scan(one, Limits(9, 7, replicas=9), seed=1, loop=loop)
    assert found.clusters == ()
    assert not found.p.is_known
    assert (
        found.p.method == "too few to say: every place alone holds more than 50% of the incidents"
    )


def test_with_nothing_recent_it_does_not_say():
    cases = drawn(1)
    old = Study(cases.latitude_deg, cases.longitude_deg, cases.place, cases.day, last_day=90)
    assert not scan(old, Limits(9, 7), seed=1).p.is_known


def test_a_cluster_of_coarse_places_is_less_sure_when_they_move():
    rng = np.random.default_rng(4)
    spread = Study(
        latitude_deg=rng.uniform(0, 1, 30),
        longitude_deg=rng.uniform(0, 1, 30),
        place=np.append(rng.integers(0, 30, 150), np.zeros(6, dtype=int)),
        day=np.append(rng.integers(0, 120, 150), np.full(6, 119)),
        last_day=119,
    )
    limits = Limits(15, 7, replicas=99)
    exact = scan_coarse(spread, np.zeros(156), limits, seed=1)
    coarse = scan_coarse(
        spread, np.append(np.zeros(150), np.full(6, 60.0)), limits, seed=1, moves=10
    )
    assert exact.p.best == exact.as_given.p.best
    assert coarse.as_given.clusters[0].statistic == exact.as_given.clusters[0].statistic
    assert coarse.p.best > exact.p.best
    assert coarse.p.low <= coarse.p.best <= coarse.p.high
    assert coarse.found_again.best < 1
