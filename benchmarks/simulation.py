"""Scenario-days a second with one place, two goods and the rule that pushes everything; SimPy beside it.

SimPy is no dependency. To measure it too, give an interpreter that has it:

    python3 -m venv somewhere && somewhere/bin/pip install simpy
    .venv/bin/python benchmarks/simulation.py --simpy somewhere/bin/python

Both do the same: draw the road, fill the store, hand out, add up costs, and note who ran out, whose
exact chance is known. The peer is written as SimPy's guide writes such models: a container for
each good, a process each for the road, the convoys and the people.
"""

from __future__ import annotations

import os

# Programs this small gain nothing from threads, and lose where cores are busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import statistics
import subprocess
import time

import numpy as np
from instances import one_place

from corridor.planning.relief.model import ReliefModel
from corridor.planning.relief.push import push_everything
from corridor.planning.relief.roads import chance_of_run_out, sample_paths
from corridor.planning.relief.simulation import simulate

COUNT, PEER_COUNT, RUNS, SEED = 100_000, 2_000, 5, 1
CHUNK = 20_000
CASE = {"closes": 0.1, "opens": 0.3, "days": 30, "cover_days": 3}

PEER = """
import random, sys, time
import simpy

COUNT, SEED = int(sys.argv[1]), int(sys.argv[2])
CLOSES, OPENS, DAYS, COVER = 0.1, 0.3, 30, 3
NEED, LOST, TRIP = (54.0, 20.0), (2000.0, 1000.0), 90.0

class Place:
    def __init__(self, env, draw):
        self.env, self.draw, self.is_open = env, draw, True
        self.stores = [
            simpy.Container(env, capacity=(COVER + 1) * need, init=COVER * need) for need in NEED
        ]
        self.cost, self.ran_out = 0.0, False
        env.process(self.road())
        env.process(self.convoys())
        env.process(self.people())

    def road(self):
        while True:
            yield self.env.timeout(1)
            self.is_open = self.draw() >= CLOSES if self.is_open else self.draw() < OPENS

    def convoys(self):
        while True:
            for store in self.stores:
                room = store.capacity - store.level
                if self.is_open and room > 0:
                    yield store.put(room)
                    self.cost += TRIP * room
            yield self.env.timeout(1)

    def people(self):
        while True:
            yield self.env.timeout(0.1)
            for store, need, lost in zip(self.stores, NEED, LOST):
                served = min(store.level, need)
                if served > 0:
                    yield store.get(served)
                self.cost += lost * (need - served) + store.level
                self.ran_out = self.ran_out or served < need
            yield self.env.timeout(0.9)

draw = random.Random(SEED).random
start = time.process_time()
out, cost = 0, 0.0
for _ in range(COUNT):
    env = simpy.Environment()
    place = Place(env, draw)
    env.run(until=DAYS + 0.5)
    out += place.ran_out
    cost += place.cost
print(time.process_time() - start, out / COUNT, cost / COUNT)
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--simpy", help="an interpreter that has simpy")
    peer = asked.parse_args().simpy
    model = one_place.model(**CASE)
    exact = chance_of_run_out(model.chain, cover_days=CASE["cover_days"])
    print(f"exact share that runs out                {exact:.6f}")
    rates = [run(model) for _ in range(RUNS)]
    rate = statistics.median(rates)
    print(f"corridor: scenario-days a second   {rate:12,.0f}")
    if not peer:
        print("SimPy was not measured: see --simpy")
        return
    theirs = statistics.median(simpy_run(peer) for _ in range(3))
    print(f"SimPy: scenario-days a second      {theirs:12,.0f}")
    print(f"times as fast                      {rate / theirs:12,.0f}")


def run(model: ReliefModel) -> float:
    people = np.array([0.0, 1.0])
    policy = push_everything(model)
    days = len(model.demand)
    start = time.process_time()
    out, cost = 0.0, 0.0
    for chunk in range(COUNT // CHUNK):
        paths = sample_paths(model.chain, count=CHUNK, seed=SEED + chunk)
        outcome = simulate(policy, model, paths, people=people, quantiles=())
        out += (outcome.run_out_days[:, 1] > 0).any(axis=1).mean() * CHUNK / COUNT
        cost += outcome.cost.mean() * CHUNK / COUNT
    spent = time.process_time() - start
    print(f"  ran out {out:.4f}, cost {cost:,.0f}")
    return COUNT * days / spent


def simpy_run(python: str) -> float:
    done = subprocess.run(
        [python, "-c", PEER, str(PEER_COUNT), str(SEED)], capture_output=True, check=True, text=True
    )
    spent, out, cost = (float(part) for part in done.stdout.split())
    print(f"  ran out {out:.4f}, cost {cost:,.0f}")
    return PEER_COUNT * (CASE["days"] + 1) / spent


if __name__ == "__main__":
    main()
