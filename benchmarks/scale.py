"""Training on operations of growing size: sites, days and roads, one varied at a time.

Each case runs in a process of its own, so that its greatest memory is its own, and is ended after
`--most` seconds of processor. Places are merged as a plan merges them, but where the table says
"in full". The joint states of 2, 4 and 6 roads are 9, 81 and 729; a plan keeps the 16 likeliest, and the
table says how much of the chance they hold on the worst day. Bounds in days gone without, per person;
where states were left out, of the chain that is left. Cases not listed were not run.
"""

from __future__ import annotations

import os

# Programs this small gain nothing from threads, and lose where cores are busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from instances import network

from corridor.planning import multistage
from corridor.planning.multistage import ByCost, Iterations, Progress, Training
from corridor.planning.multistage.outlook import Form
from corridor.planning.relief.from_problem import relief_model
from corridor.planning.relief.scaling import day_cost, day_units, in_units
from corridor.planning.relief.stage import policy_graph

SEED = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One operation, and how it is trained."""

    sites: int = 8
    days: int = 30
    roads: int = 2
    most_states: int = 16
    in_full: bool = False
    form: Form = "child"


CASES = (
    *(Case(sites=sites) for sites in (8, 32, 100, 300)),
    *(Case(sites=sites, in_full=True) for sites in (8, 32, 100, 300)),
    *(Case(days=days) for days in (60, 90)),
    *(Case(roads=roads) for roads in (4, 6)),
    Case(roads=4, most_states=81),
    Case(roads=6, most_states=81),
    Case(roads=6, most_states=729),
    Case(roads=6, most_states=729, form="single"),
    Case(sites=300, days=90, roads=6),
    Case(sites=300, days=90, roads=4, most_states=81),
)


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--iterations", type=int, default=10)
    asked.add_argument("--most", type=int, default=45, help="seconds of processor for a case")
    asked.add_argument("--case", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.case:
        resource.setrlimit(resource.RLIMIT_CPU, (given.most, given.most + 1))
        measured(Case(**json.loads(given.case)), given.iterations)
        return
    print(
        "sites days roads  states  chance kept  places trained  in one state  set-up s  "
        "done  s/iteration  programs/s     MB   bound",
        flush=True,
    )
    for case in CASES:
        told(case, given.iterations, given.most)


def told(case: Case, iterations: int, most: int) -> None:
    """Run a case in a process of its own, and print the last it said."""
    wanted = ["--case", json.dumps(asdict(case)), "--iterations", str(iterations)]
    run = subprocess.run(
        [sys.executable, __file__, *wanted, "--most", str(most)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    name = f"{case.sites:5d} {case.days:4d} {case.roads:5d}"
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    if not lines:
        print(f"{name}  nothing in {most} s (exit {run.returncode})", flush=True)
        return
    said = {key: value for line in lines for key, value in line.items()}
    pooled = f", {case.form}" if case.form != "child" else ""
    places = f"{said['places']}{' in full' if case.in_full else ''}{pooled}"
    start = (
        f"{name} {said['states']:7d} {said['kept']:12.3f} {places:>15s} {said['size']:13d} "
        f"{said['set_up']:9.2f}"
    )
    if "done" not in said:
        print(f"{start}  no iteration in {most} s", flush=True)
        return
    ended = "" if run.returncode == 0 else f"  ended at {most} s"
    print(
        f"{start} {said['done']:5d} {said['spent'] / said['done']:12.2f} "
        f"{said['programs'] / said['spent']:11.0f} {said['memory']:6.0f} {said['bound']:7.3f}{ended}",
        flush=True,
    )


def measured(case: Case, iterations: int) -> None:
    """Train a case; print a JSON line once it is set up, and one after each iteration."""
    begun = time.process_time()
    problem, kept = network.problem(case.sites, case.days, case.roads, most_states=case.most_states)
    counted = relief_model(problem)
    price = day_cost(counted)
    merging = network.merging_of(in_units(counted, day_units(counted), price), in_full=case.in_full)
    graph = policy_graph(merging.model)
    start = time.process_time()
    said = {
        "states": len(merging.model.chain.status),
        "kept": kept,
        "places": len(merging.model.need),
        "size": graph.initial.size,
        "set_up": start - begun,
    }
    print(json.dumps(said), flush=True)

    def report(progress: Progress) -> None:
        line = {
            "done": progress.iteration,
            "spent": time.process_time() - start,
            "programs": progress.programs,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "bound": progress.bound * price / float(problem.people.sum()),
        }
        print(json.dumps(line), flush=True)

    how = Training(form=case.form, sampling=ByCost(0.5))
    multistage.train(graph, [Iterations(iterations)], seed=SEED, training=how, report=report)


if __name__ == "__main__":
    main()
