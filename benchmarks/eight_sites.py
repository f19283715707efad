"""The trained policy on the eight-sites instance: bound, gap, and the futures all engines are tried on.

    .venv/bin/python benchmarks/eight_sites.py [--train 120] [--futures 1000] [--engine tree ...]
    .venv/bin/python benchmarks/eight_sites.py --foresight

Training is given processor seconds of one process (120 are two cores for a minute), or with
`--processes 2` wall-clock seconds of several. Costs in thousands of dollars for 30 days.
`--engine` puts engines of `engines.py` into the same tables. `--foresight` reproduces the costs
under perfect foresight instead.
"""

from __future__ import annotations

import os

# Programs this small gain nothing from threads, and lose where cores are busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
from engines import ENGINES, FOOD, told
from instances import eight_sites

from corridor.planning import multistage
from corridor.planning.multistage import (
    ByCost,
    Paths,
    Policy,
    PolicyGraph,
    Progress,
    Time,
    Training,
)
from corridor.planning.multistage.estimate import estimate
from corridor.planning.multistage.node_program import NodeProgram
from corridor.planning.multistage.policy import restored
from corridor.planning.relief.compare import compared
from corridor.planning.relief.foresight import Foresight
from corridor.planning.relief.merging import merged, places_inside
from corridor.planning.relief.model import ReliefModel
from corridor.planning.relief.outcome import Outcome
from corridor.planning.relief.policies import RoadPolicy
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.simulation import simulate
from corridor.planning.relief.stage import policy_graph
from corridor.planning.relief.trained import TrainedPolicy
from corridor.planning.solver import Standing

SEED, LONGER_SEED, GAP_SEED = 1, 10, 5
LONGER = 10 / 6
PROGRAMS = 2_000


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--train", type=float, default=120, help="seconds of training")
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--passes", type=int, default=2, help="passes of a task between exchanges")
    asked.add_argument("--futures", type=int, default=1000)
    asked.add_argument("--gap-futures", type=int, default=1000)
    asked.add_argument("--engine", choices=ENGINES, nargs="*", default=[])
    asked.add_argument(
        "--food", type=float, default=1, help="what being without food counts in training"
    )
    asked.add_argument("--foresight", action="store_true")
    given = asked.parse_args()
    model = eight_sites.model()
    if given.foresight:
        foresight(model)
        return
    weighed = with_food_weighed(model, given.food)
    small = merged(weighed, places_inside(model))
    graph = policy_graph(small.model)
    policy = trained(graph, given.train, given.processes, given.passes)
    gap(policy, given.gap_futures)
    parts_of_a_program(policy)
    policies = [ENGINES[name](model) for name in given.engine]
    policies.append(TrainedPolicy(weighed, small, policy))
    longer = eight_sites.with_longer_closures(model, factor=LONGER).chain
    common = eight_sites.futures()[: given.futures]
    for world, paths in (
        ("the common futures", common),
        (
            f"closures of 10 days for 6, seed {LONGER_SEED}",
            sample_paths(longer, count=given.futures, seed=LONGER_SEED),
        ),
    ):
        print(f"{len(paths)} futures: {world}; differences to multistage")
        cost = tried(policies, model, paths)
        if paths is common and given.food == 1:
            beside_the_bound(policy, paths, cost)


def with_food_weighed(model: ReliefModel, weight: float) -> ReliefModel:
    """The same but that a day without food counts more; costs are reported by the model as it is."""
    factor = np.ones(model.need.shape[1])
    factor[FOOD] = weight
    return replace(model, deprivation_cost=model.deprivation_cost * factor[:, None])


def trained(graph: PolicyGraph, seconds: float, processes: int, passes: int) -> Policy:
    shown = 0.0
    start, spent = time.perf_counter(), time.process_time()

    def report(progress: Progress) -> None:
        nonlocal shown
        used = time.process_time() - spent if processes == 1 else time.perf_counter() - start
        if used >= shown:
            shown += seconds / 8
            print(
                f"  {used:6.0f} s, {progress.iteration:5d} iterations, "
                f"{progress.programs:8,d} programs, bound {progress.bound:8.1f}",
                flush=True,
            )

    if processes == 1:
        how = Training(sampling=ByCost(0.5))
        stop = Time(time.process_time, spent + seconds)
        policy = multistage.train(graph, [stop], seed=SEED, training=how, report=report)
        used = time.process_time() - spent
    else:
        how = Training(sampling=ByCost(0.5), tasks=processes, passes=passes)
        stop = Time(time.perf_counter, start + seconds)
        with ProcessPoolExecutor(processes) as executor:
            policy = multistage.train(
                graph, [stop], seed=SEED, training=how, executor=executor, report=report
            )
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = time.process_time() - spent + children.ru_utime + children.ru_stime
    print(
        f"trained: {used:.0f} CPU s, {time.perf_counter() - start:.0f} s, {policy.programs:,} programs, "
        f"{policy.resolved} solved again from nothing, lower bound {policy.bound:.1f}",
        flush=True,
    )
    return policy


def gap(policy: Policy, futures: int) -> None:
    paths = multistage.sample_paths(policy.graph, futures, seed=GAP_SEED)
    found = multistage.simulate(policy, paths).estimate
    share, error = found.mean / policy.bound - 1, found.standard_error / policy.bound
    print(
        f"merged program on {futures} futures of its own: {found.mean:.1f} +- {found.standard_error:.1f} "
        f"(without control variates {found.plain_mean:.1f} +- {found.plain_standard_error:.1f}); "
        f"gap {share:.1%} +- {error:.1%} of the lower bound",
        flush=True,
    )


def beside_the_bound(policy: Policy, paths: np.ndarray, cost: np.ndarray) -> None:
    """The full network's cost, its error made smaller by what the merged cuts say of each future."""
    states = len(policy.graph.programs) // paths.shape[1]
    nodes = paths + states * np.arange(paths.shape[1])
    control = multistage.simulate(policy, Paths(nodes, np.zeros_like(nodes))).estimate.control
    found = estimate(cost, control)
    share, error = found.mean / policy.bound - 1, found.standard_error / policy.bound
    print(
        f"full network, with control variates: {found.mean:.1f} +- {found.standard_error:.1f}, "
        f"{share:.1%} +- {error:.1%} above the bound of the merged program ({policy.bound:.1f})",
        flush=True,
    )


def tried(policies: list[RoadPolicy], model: ReliefModel, paths: np.ndarray) -> np.ndarray:
    """Print a line for each policy; return what the last one costs in each future."""
    people = np.zeros(len(model.need))
    people[-eight_sites.SITES :] = eight_sites.instance()["population"]
    outcomes: list[Outcome] = [
        simulate(policy, model, paths, people=people, quantiles=(), clock=time.process_time)
        for policy in policies
    ]
    for line in compared(outcomes, against="multistage").lines:
        print(told(line), flush=True)
    return outcomes[-1].cost


def parts_of_a_program(policy: Policy) -> None:
    """Time of one stage program, inside HiGHS and around it, from state to slopes."""
    graph = policy.graph
    paths = multistage.sample_paths(graph, 40, seed=GAP_SEED)
    states = multistage.simulate(policy, paths).state[:, 14]
    full = policy_graph(eight_sites.model())
    program = NodeProgram(restored(graph, policy.learnt), 15 * 9)
    measured("merged", program, states)
    # The full program without cuts: what is around HiGHS does not depend on them.
    bare = multistage.train(full, [multistage.Iterations(2)], seed=SEED)
    wide = np.repeat(full.initial[None], len(states), axis=0) * (
        1 + 0.01 * np.arange(40)[:, None] / 40
    )
    measured("in full", NodeProgram(restored(full, bare.learnt), 15 * 9), wide)


def measured(name: str, program: NodeProgram, states: np.ndarray) -> None:
    inside = 0.0
    run = Standing.solve

    def timed(standing: Standing) -> float:
        nonlocal inside
        before = time.process_time()
        cost = run(standing)
        inside += time.process_time() - before
        return cost

    nodes = np.random.default_rng(SEED).integers(15 * 9, 16 * 9, PROGRAMS).tolist()
    program.enter(states[0])
    program.solve(0)
    Standing.solve = timed
    try:
        start = time.process_time()
        for number, node in enumerate(nodes):
            program.turn(node)
            program.enter(states[number % len(states)])
            program.solve(0)
            program.slope()
        spent = time.process_time() - start
    finally:
        Standing.solve = run
    print(
        f"one stage program {name}: {spent / PROGRAMS * 1e6:.0f} us, {inside / PROGRAMS * 1e6:.0f} of them "
        f"inside HiGHS, {(spent - inside) / PROGRAMS * 1e6:.0f} around it",
        flush=True,
    )


def foresight(model: ReliefModel) -> None:
    program, known = Foresight(model), eight_sites.foresight_costs()
    start = time.process_time()
    cost = np.array([program.cost(path) for path in eight_sites.futures()])
    each = (time.process_time() - start) / len(cost)
    worst = float(np.abs(cost[: known.size] / known - 1).max())
    print(f"first {known.size} futures: off by at most {worst:.1e} (needed 1e-6)")
    print(f"mean of {len(cost)}: {cost.mean():.2f} (known: 2070.4), {each * 1000:.0f} ms each")
    assert worst <= 1e-6
    assert abs(cost.mean() - 2070.4) <= 0.06


if __name__ == "__main__":
    main()
