"""Training on a moderately large problem: tasks on two processes against one, and memory.

30 days, two roads with three states each (9 Markov states a day), 5 places x 3 goods (15 states),
60 columns and 17 rows. Prints for each way to train the seconds, the passes a second, the bound
and the greatest memory of this process.
"""

from __future__ import annotations

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from corridor.planning.multistage import (
    Iterations,
    PolicyGraph,
    StageProgram,
    Training,
    markov_graph,
    train,
)
from corridor.planning.solver import Arrays

DAYS, PLACES, GOODS, SEED = 30, 5, 3, 1
ROAD = np.array([[0.88, 0.06, 0.06], [0.2, 0.7, 0.1], [0.14, 0.04, 0.82]])
CAPACITY = (40.0, 15.0, 0.0)


def instance(days: int = DAYS, roads: int = 2) -> PolicyGraph:
    """Stores filled over roads; the state of a road bounds what it carries that day."""
    rng = np.random.default_rng(SEED)
    states = PLACES * GOODS
    # Columns: stock leaving, stock coming in, sent, short.
    leaving, coming, sent, short = np.arange(4 * states).reshape(4, states)
    need = rng.uniform(1, 4, states)
    rows = [
        [(leaving[s], 1.0), (coming[s], -1.0), (sent[s], -1.0), (short[s], -1.0)]
        for s in range(states)
    ]
    of_road = np.arange(states) // GOODS % roads
    rows += [[(sent[s], 1.0) for s in np.flatnonzero(of_road == road)] for road in range(roads)]
    arrays = {
        "cost": np.concatenate(
            [
                np.full(states, 0.05),
                np.zeros(states),
                rng.uniform(0.5, 1, states),
                rng.uniform(5, 60, states),
            ]
        ),
        "lower": np.zeros(4 * states),
        "upper": np.concatenate([rng.uniform(10, 30, states), np.full(3 * states, np.inf)]),
        "start": np.cumsum([0, *map(len, rows)]),
        "index": np.array([column for row in rows for column, _ in row]),
        "value": np.array([value for row in rows for _, value in row]),
    }
    joint = np.stack(np.unravel_index(np.arange(3**roads), (3,) * roads), axis=1)

    def program(capacity: np.ndarray) -> StageProgram:
        return StageProgram(
            arrays=Arrays(
                **arrays,
                row_lower=np.concatenate((-need, np.full(roads, -np.inf))),
                row_upper=np.concatenate((-need, capacity)),
            ),
            state_in=coming,
            state_out=leaving,
        )

    programs = [program(np.array(CAPACITY)[state]) for state in joint]
    chances = np.ones((1, 1))
    for _ in range(roads):
        chances = np.kron(chances, ROAD)
    return markov_graph(
        [programs[:1], *[programs] * (days - 1)],
        [np.ones((1, 1)), chances[:1], *[chances] * (days - 2)],
        initial=need.copy(),
        limit=0,
    )


def measured(name: str, iterations: int, how: Training, processes: int = 0) -> None:
    graph = instance()
    start, spent, before = time.perf_counter(), time.process_time(), children_s()
    executor = ProcessPoolExecutor(processes) if processes else None
    policy = train(graph, [Iterations(iterations)], seed=SEED, training=how, executor=executor)
    took, here = time.perf_counter() - start, time.process_time() - spent
    if executor is not None:
        executor.shutdown()
    passes = iterations * how.tasks * how.passes
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:32s} {took:6.1f} s, computing {here:5.1f} here {children_s() - before:5.1f} there; "
        f"{passes / took:5.2f} passes/s, {policy.programs / took:5.0f} programs/s; "
        f"bound {policy.bound:.6f}; {memory:.0f} MB",
        flush=True,
    )


def children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--passes", type=int, default=160)
    parser.add_argument("--each", type=int, nargs="*", default=[1, 4, 8])
    asked = parser.parse_args()
    measured("one task", asked.passes, Training())
    for each in asked.each:
        how = Training(tasks=2, passes=each)
        iterations = asked.passes // (2 * each)
        measured(f"two tasks x {each}", iterations, how)
        measured(f"two tasks x {each}, two processes", iterations, how, processes=2)


if __name__ == "__main__":
    main()
