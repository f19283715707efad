"""Today's loads in whole vehicles from a trained policy, for operations of growing size.

A policy is trained on merged places, as a plan's is; then a few mornings are decided
that differ in stock. A decision is all that `corridor plan` does for today once its policy is trained:
writing the day's program on the full network, the search in whole vehicles, and the evening's arithmetic.
Seconds of processor. The gap is the search's, over what the day and its outlook cost.
"""

from __future__ import annotations

import os

# Programs this small gain nothing from threads, and lose where cores are busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time
from dataclasses import replace

import numpy as np
from instances import network

from corridor.planning import multistage
from corridor.planning.aims import Aims
from corridor.planning.multistage import ByCost, Iterations, Training
from corridor.planning.policy import Trained
from corridor.planning.problem import Problem
from corridor.planning.relief import orders as deciding
from corridor.planning.relief.from_problem import relief_model
from corridor.planning.relief.scaling import day_cost, day_units, in_units
from corridor.planning.relief.stage import policy_graph
from corridor.planning.solver import Arrays, Found, search

SEED = 1
SOUGHT = {8: "0.2", 100: "2"}


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--sites", type=int, nargs="*", default=[8, 32, 100, 300])
    asked.add_argument("--days", type=int, default=30)
    asked.add_argument("--roads", type=int, default=2)
    asked.add_argument("--iterations", type=int, default=60)
    asked.add_argument("--mornings", type=int, default=3)
    asked.add_argument("--nodes", type=int, default=Aims().mip_nodes, help="of the search, at most")
    asked.add_argument(
        "--gap", type=float, help="at which the search may stop, instead of a plan's"
    )
    given = asked.parse_args()
    print(
        "sites  whole columns  vehicles sent  median s  slowest s  in HiGHS  sought  worst gap",
        flush=True,
    )
    for sites in given.sites:
        problem, _ = network.problem(sites, given.days, given.roads)
        problem = replace(problem, aims=replace(problem.aims, mip_nodes=given.nodes))
        measured(problem, sites, given.iterations, given.mornings, given.gap)


def measured(
    problem: Problem, sites: int, iterations: int, mornings: int, stop: float | None
) -> None:
    """Train, decide some mornings, and print a line."""
    trained = learnt(problem, iterations)
    rng = np.random.default_rng(SEED)
    spent, inside, gaps, columns, sent = [], [], [], 0, []
    searched: list[Found] = []

    def recorded(arrays: Arrays, *, gap: float, nodes: int) -> Found:
        nonlocal columns
        assert arrays.is_whole is not None
        columns = int(arrays.is_whole.sum())
        before = time.process_time()
        found = search(arrays, gap=gap if stop is None else stop, nodes=nodes)
        inside.append(time.process_time() - before)
        searched.append(found)
        return found

    deciding.search = recorded
    try:
        for _ in range(mornings):
            stock = problem.stock * rng.uniform(0.3, 1.2, problem.stock.shape)
            today = replace(problem, stock=stock)
            model = in_units(relief_model(today), trained.unit, trained.cost)
            start = time.process_time()
            made = deciding.orders(today, replace(trained, model=model), days=1)
            spent.append(time.process_time() - start)
            sent.append(made.vehicles[0].sum())
            found = searched[-1]
            gaps.append((found.objective - found.bound) / max(abs(found.objective), 1e-9))
    finally:
        deciding.search = search
    print(
        f"{sites:5d} {columns:14d} {np.mean(sent):14.0f} {np.median(spent):9.3f} {max(spent):10.3f} "
        f"{sum(inside) / sum(spent):9.0%} {SOUGHT.get(sites, ''):>7s} {max(gaps):10.4%}",
        flush=True,
    )


def learnt(problem: Problem, iterations: int) -> Trained:
    """Train as the multistage engine does, without trying the policy on futures."""
    counted = relief_model(problem)
    unit, price = day_units(counted), day_cost(counted)
    model = in_units(counted, unit, price)
    merging = network.merging_of(model)
    value = multistage.train(
        policy_graph(merging.model),
        [Iterations(iterations)],
        seed=SEED,
        training=Training(sampling=ByCost(0.5)),
    )
    return Trained(model, merging, value, unit, price)


if __name__ == "__main__":
    main()
