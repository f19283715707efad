"""Engines on the eight-sites instance: what each costs on the same futures, and what a decision takes.

    .venv/bin/python benchmarks/engines.py [--futures 1000] [--engine NAME ...]

Costs in thousands of dollars for 30 days; person-days without food are needs not handed out on their
day. The tree takes minutes for all 1,000 futures.
"""

from __future__ import annotations

import os

# Programs this small gain nothing from threads, and lose where cores are busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time
from collections.abc import Callable

import numpy as np
from instances import eight_sites

from corridor.planning.relief.compare import Line, compare
from corridor.planning.relief.merging import merged, places_inside
from corridor.planning.relief.model import ReliefModel
from corridor.planning.relief.outlooks import Expected, Fan, Outlook, Persisting, ScenarioTree
from corridor.planning.relief.policies import RoadPolicy
from corridor.planning.relief.push import push_everything, push_most_urgent_first, serve_today
from corridor.planning.relief.rolling import Rolling

FOOD, SEED = 0, 1


def rolling(outlook: Outlook, days: int, name: str) -> Callable[[ReliefModel], RoadPolicy]:
    def made(model: ReliefModel) -> RoadPolicy:
        small = merged(model, places_inside(model))
        return Rolling(model, small, outlook, days=days, name=name)

    return made


ENGINES: dict[str, Callable[[ReliefModel], RoadPolicy]] = {
    "today": serve_today,
    "persists": rolling(Persisting(), 8, "rolling, today's status persists"),
    "expected": rolling(Expected(), 12, "rolling, expected capacity"),
    "push": push_everything,
    "urgent": push_most_urgent_first,
    "quarter": rolling(Expected(0.25), 8, "rolling, 25 % of expected"),
    "fan": rolling(Fan(20, SEED), 12, "rolling fan of 20"),
    "small tree": rolling(ScenarioTree((1,), SEED), 8, "rolling tree, 9 leaves, 8 days"),
    "tree": rolling(ScenarioTree((1,), SEED), 12, "rolling tree, 9 leaves, 12 days"),
    "large tree": rolling(ScenarioTree((2,), SEED), 12, "rolling tree, 18 leaves, 12 days"),
}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--futures", type=int, default=1000)
    asked.add_argument("--engine", choices=ENGINES, nargs="*", default=list(ENGINES))
    given = asked.parse_args()
    model = eight_sites.model()
    people = np.zeros(len(model.need))
    people[3:] = eight_sites.instance()["population"]
    policies = [ENGINES[name](model) for name in given.engine]
    found = compare(
        policies,
        model,
        eight_sites.futures()[: given.futures],
        people=people,
        against=policies[0].name,
        clock=time.process_time,
    )
    print(f"{found.scenarios} futures; differences to '{found.against}'")
    print(
        f"{'engine':34}{'cost':>16}{'difference':>18}{'depr. p95':>11}"
        f"{'days':>7}{'worst':>7}{'gini':>6}{'t':>7}{'CPU ms':>8}"
    )
    for line in found.lines:
        print(told(line))


def told(line: Line) -> str:
    return (
        f"{line.name:34}{line.cost.value:9,.0f} +-{line.cost.error:5,.0f}"
        f"{line.against.value:+10,.0f} +-{line.against.error:5,.0f}"
        f"{line.deprivation_tail.value:11,.0f}{line.person_days_without[FOOD].value / 1000:6,.0f}k"
        f"{line.worst_place_days[FOOD].value:7.2f}{line.gini[FOOD].value:6.2f}"
        f"{line.moved_t.value:7,.0f}{line.cpu_s_per_decision * 1000:8.3f}"
    )


if __name__ == "__main__":
    main()
