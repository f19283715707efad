"""A program of many scenarios and days built and handed to HiGHS: ours, and linopy and Pyomo.

20 scenarios x 30 days x 3 goods x 8 places, each with two road flows, a stock and a shortage: 57,600
columns; a balance for each and, for each scenario, day and road, a capacity: 15,600 rows. Times are
of the processor, the best of some runs, from the data to the program inside HiGHS; nothing is solved.

linopy and Pyomo are no dependencies. To measure them make an environment for them and name its
Python:

    python3 -m venv peers && peers/bin/pip install linopy pyomo highspy
    .venv/bin/python benchmarks/extensive_program.py --peers peers/bin/python
"""

from __future__ import annotations

import argparse
import subprocess
import time
from pathlib import Path

import numpy as np

S, T, C, P, R = 20, 30, 3, 8, 2
RUNS = 7


def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Need (S, T, C, P), capacity (S, T, R), and a day's first stock (C, P)."""
    rng = np.random.default_rng(1)
    return (
        rng.uniform(1, 5, (S, T, C, P)),
        np.where(rng.random((S, T, R)) < 0.3, 0.0, 60.0),
        rng.uniform(0, 10, (C, P)),
    )


def ours() -> float:
    from corridor.planning.solver import Arrays, Standing

    need, capacity, stock = data()
    begun = time.process_time()
    cell = np.arange(need.size).reshape(need.shape)
    count = need.size
    # Columns: flow by the first road, by the second, stock in the evening, shortage.
    flow, kept, short = np.stack([cell, cell + count]), cell + 2 * count, cell + 3 * count
    # stock - stock of the day before - flows - shortage = -need
    balance = np.stack([flow[0], flow[1], kept, short, np.roll(kept, 1, axis=1)], axis=-1)
    value = np.broadcast_to(np.array([-1.0, -1.0, 1.0, -1.0, -1.0]), balance.shape)
    there = np.ones(balance.shape, dtype=bool)
    there[:, 0, :, :, 4] = False
    side = -need
    side[:, 0] += stock
    roads = np.moveaxis(flow, 0, 2).reshape(S, T, R, C * P)
    start = np.concatenate(
        [[0], np.cumsum(np.append(there.sum(axis=-1), np.full(S * T * R, C * P)))]
    )
    cost = np.repeat([1.0, 1.2, 0.01, 100.0], count)
    arrays = Arrays(
        cost=cost,
        lower=np.zeros(4 * count),
        upper=np.full(4 * count, np.inf),
        row_lower=np.append(side, np.full(S * T * R, -np.inf)),
        row_upper=np.append(side, capacity),
        start=start,
        index=np.append(balance[there], roads),
        value=np.append(value[there], np.ones(roads.size)),
    )
    Standing(arrays)
    took = time.process_time() - begun
    assert (cost.size, arrays.row_lower.size) == (57_600, 15_600)
    return took


def linopy() -> float:
    import linopy
    import xarray

    need, capacity, stock = data()
    begun = time.process_time()
    model = linopy.Model()
    axes = {"s": range(S), "t": range(T), "c": range(C), "p": range(P)}
    coords = [np.array(axis) for axis in axes.values()]
    dims = list(axes)
    flow = model.add_variables(
        lower=0, coords=[np.arange(R), *coords], dims=["r", *dims], name="flow"
    )
    kept = model.add_variables(lower=0, coords=coords, dims=dims, name="stock")
    short = model.add_variables(lower=0, coords=coords, dims=dims, name="short")
    side = -need
    side[:, 0] += stock
    model.add_constraints(
        kept - kept.shift(t=1) - flow.sum("r") - short
        == xarray.DataArray(side, coords=coords, dims=dims)
    )
    most = xarray.DataArray(
        capacity, coords=[coords[0], coords[1], np.arange(R)], dims=["s", "t", "r"]
    )
    model.add_constraints(flow.sum(["c", "p"]) <= most)
    price = xarray.DataArray(np.array([1.0, 1.2]), coords=[np.arange(R)], dims=["r"])
    model.add_objective((flow * price).sum() + 0.01 * kept.sum() + 100 * short.sum())
    highs = model.to_highspy()
    took = time.process_time() - begun
    assert (highs.getNumCol(), highs.getNumRow()) == (57_600, 15_600)
    return took


def pyomo() -> float:
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers import Highs

    need, capacity, stock = data()
    begun = time.process_time()
    model = pyo.ConcreteModel()
    cells = [(s, t, c, p) for s in range(S) for t in range(T) for c in range(C) for p in range(P)]
    model.flow = pyo.Var(range(R), cells, bounds=(0, None))
    model.stock = pyo.Var(cells, bounds=(0, None))
    model.short = pyo.Var(cells, bounds=(0, None))
    flow, kept, short = model.flow, model.stock, model.short

    def balance(_: object, s: int, t: int, c: int, p: int) -> object:
        before = kept[s, t - 1, c, p] if t else stock[c, p]
        sent = sum(flow[r, s, t, c, p] for r in range(R))
        return kept[s, t, c, p] == before + sent + short[s, t, c, p] - need[s, t, c, p]

    model.balance = pyo.Constraint(cells, rule=balance)
    model.roads = pyo.Constraint(
        range(S),
        range(T),
        range(R),
        rule=lambda _, s, t, r: (
            sum(flow[r, s, t, c, p] for c in range(C) for p in range(P)) <= capacity[s, t, r]
        ),
    )
    model.cost = pyo.Objective(
        expr=sum(flow[0, cell] + 1.2 * flow[1, cell] for cell in cells)
        + 0.01 * sum(kept[cell] for cell in cells)
        + 100 * sum(short[cell] for cell in cells)
    )
    solver = Highs()
    solver.config.load_solution = False
    solver.set_instance(model)
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", help="Python of an environment with linopy and Pyomo")
    parser.add_argument("--only", choices=["linopy", "pyomo"], help="measure one peer, here")
    asked = parser.parse_args()
    if asked.only:
        measure = linopy if asked.only == "linopy" else pyomo
        print(f"{asked.only}: {min(measure() for _ in range(3)):.3f} s of processor, best of 3")
        return
    took = [ours() for _ in range(RUNS)]
    print(
        f"ours: {min(took):.4f} s of processor, best of {RUNS}; median {sorted(took)[RUNS // 2]:.4f} s"
    )
    for peer in ("linopy", "pyomo") if asked.peers else ():
        subprocess.run([asked.peers, str(Path(__file__)), "--only", peer], check=True)
    if not asked.peers:
        print("linopy, pyomo: not measured; name their Python with --peers")


if __name__ == "__main__":
    main()
