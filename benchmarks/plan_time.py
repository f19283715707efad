"""How long a plan of the shipped example takes, and how much of it is outside the solver (the limit)."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from corridor.operation import Operation
from corridor.planning import Aims, Rolling, train
from corridor.planning.check import check
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan

EXAMPLE = Path(__file__).parent.parent / "examples" / "karabakh-2023"
AT = datetime(2023, 9, 27, 19, 59, 59, tzinfo=UTC)
RUNS = 15


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "example"
        shutil.copytree(EXAMPLE, place, ignore=shutil.ignore_patterns("ledger"))
        operation = Operation(place)
        operation.load()
        view = operation.picture(at=AT, known_at=AT)
        made = problem(view, Aims())
        whole, inside, first = [], [], 0.0
        for run in range(RUNS):
            start = time.perf_counter()
            policy = train(made, Rolling())
            found = plan(policy)
            spent = time.perf_counter() - start
            first = first or spent
            if run:
                whole.append(spent)
                inside.append(policy.solver_s)
        assert check(found, made) == ()
    total, solver = statistics.median(whole), statistics.median(inside)
    print(
        f"places {len(made.places)}, goods {len(made.commodities)}, legs {len(made.legs)}, days {len(made.days)}"
    )
    print(f"plan, first call {first:.3f} s, median {total:.3f} s")
    print(f"in the solver    {solver:.3f} s; outside it {total - solver:.3f} s")
    start = time.perf_counter()
    problem(view, Aims())
    print(f"picture -> problem {time.perf_counter() - start:.4f} s")


if __name__ == "__main__":
    main()
