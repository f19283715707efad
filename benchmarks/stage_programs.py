"""Small stage programs a CPU second (10 columns, 4 rows): ours, and Pyomo's persistent HiGHS interface.

Both keep one program in HiGHS, set what comes in (2 states) and the noise (2 needs) by number,
solve from the last basis, and read the cost, the columns and the slopes. Pyomo is no dependency;
without it the script says so and measures ours alone.
"""

from __future__ import annotations

import importlib.util
import statistics
import time

import numpy as np

from corridor.planning.multistage import Noise, StageProgram, linear_graph
from corridor.planning.multistage.node_program import NodeProgram
from corridor.planning.multistage.values import Values
from corridor.planning.solver import Arrays, Standing

SOLVES, PYOMO_SOLVES, RUNS, OUTCOMES, SEED = 20_000, 1_000, 5, 200, 1
# Columns: stock a and b leaving, coming in, sent, short, wasted.
COST = np.array([0.3, 0.5, 0, 0, 2.0, 2.5, 20.0, 30.0, 0, 0])
UPPER = np.array([15, 12, np.inf, np.inf, 12, 12, np.inf, np.inf, np.inf, np.inf])
# Two balances, the lorry, the store.
MATRIX = np.array(
    [
        [1, 0, -1, 0, -1, 0, -1, 0, 1, 0],
        [0, 1, 0, -1, 0, -1, 0, -1, 0, 1],
        [0, 0, 0, 0, 1, 1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    ],
    dtype=np.float64,
)
ROW_UPPER = np.array([0.0, 0.0, 9.0, 20.0])


def inputs(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(SEED)
    return (
        rng.uniform(0, 10, (count, 2)),
        rng.uniform(0, 8, (OUTCOMES, 2)),
        rng.integers(0, OUTCOMES, count),
    )


def ours(count: int) -> tuple[float, float, float]:
    """Seconds for all, seconds of it inside HiGHS, and the sum of costs."""
    states, needs, outcome = inputs(count)
    entries = np.nonzero(MATRIX)
    stage = StageProgram(
        arrays=Arrays(
            cost=COST,
            lower=np.zeros(10),
            upper=UPPER,
            row_lower=np.array([0.0, 0.0, -np.inf, -np.inf]),
            row_upper=ROW_UPPER,
            start=np.searchsorted(entries[0], np.arange(5)),
            index=entries[1],
            value=MATRIX[entries],
        ),
        state_in=np.array([2, 3]),
        state_out=np.array([0, 1]),
        noise=Noise(
            probability=np.full(OUTCOMES, 1 / OUTCOMES),
            row=np.array([0, 1]),
            row_lower=-needs,
            row_upper=-needs,
        ),
    )
    program = NodeProgram(Values(linear_graph([stage], initial=np.zeros(2), limit=0), "child"), 0)
    total = 0.0
    start = time.process_time()
    for state, what in zip(states, outcome.tolist(), strict=True):
        program.enter(state)
        total += program.outcome(what).cost
    spent = time.process_time() - start
    inside = 0.0
    solve = Standing.solve

    def timed(standing: Standing) -> float:
        nonlocal inside
        before = time.process_time()
        cost = solve(standing)
        inside += time.process_time() - before
        return cost

    Standing.solve = timed
    try:
        for state, what in zip(states, outcome.tolist(), strict=True):
            program.enter(state)
            program.outcome(what)
    finally:
        Standing.solve = solve
    return spent, inside, total


def pyomos(count: int) -> tuple[float, float]:
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers import Highs

    states, needs, outcome = inputs(count)
    model = pyo.ConcreteModel()
    model.came = pyo.Param(range(2), initialize=0.0, mutable=True)
    model.need = pyo.Param(range(2), initialize=0.0, mutable=True)
    model.x = pyo.Var(
        range(10), bounds=lambda _, k: (0, None if np.isinf(UPPER[k]) else float(UPPER[k]))
    )

    def row(k: int) -> object:
        return sum(float(MATRIX[k, c]) * model.x[c] for c in range(10) if MATRIX[k, c])

    model.balance = pyo.Constraint(range(2), rule=lambda m, k: row(k) == -m.need[k])
    model.limits = pyo.Constraint([2, 3], rule=lambda _, k: row(k) <= float(ROW_UPPER[k]))
    model.enter = pyo.Constraint(range(2), rule=lambda m, k: m.x[2 + k] == m.came[k])
    model.cost = pyo.Objective(expr=sum(float(COST[k]) * model.x[k] for k in range(10)))
    solver = Highs()
    solver.config.load_solution = False
    solver.highs_options = {"threads": 1, "presolve": "off", "solver": "simplex"}
    # Only the parameters change; everything else need not be looked for.
    watch = solver.update_config
    watch.check_for_new_or_removed_constraints = watch.check_for_new_or_removed_vars = False
    watch.check_for_new_or_removed_params = watch.check_for_new_objective = False
    watch.update_constraints = watch.update_vars = watch.update_named_expressions = False
    watch.update_objective = watch.treat_fixed_vars_as_params = False
    watch.update_params = True
    solver.solve(model)
    total = 0.0
    start = time.process_time()
    for state, what in zip(states, outcome.tolist(), strict=True):
        for k in range(2):
            model.came[k].value = float(state[k])
            model.need[k].value = float(needs[what, k])
        found = solver.solve(model)
        total += found.best_feasible_objective
        found.solution_loader.get_primals()
        found.solution_loader.get_duals()
    return time.process_time() - start, total


def main() -> None:
    ours(SOLVES // 10)
    measured = [ours(SOLVES) for _ in range(RUNS)]
    spent, inside, _ = (statistics.median(values) for values in zip(*measured, strict=True))
    rate = SOLVES / spent
    print(f"ours   {rate:9,.0f} programs a CPU second, median of {RUNS} (target 8,000)")
    print(
        f"       {spent / SOLVES * 1e6:.0f} us each: {inside / SOLVES * 1e6:.0f} inside HiGHS, "
        f"{(spent - inside) / SOLVES * 1e6:.0f} around it"
    )
    if importlib.util.find_spec("pyomo") is None:
        print("PYOMO IS NOT INSTALLED: NO PEER WAS MEASURED. pip install pyomo in an environment")
        print("of its own, then run this again from there.")
        return
    taken, peer = pyomos(PYOMO_SOLVES)
    same = ours(PYOMO_SOLVES)[2]
    assert abs(peer - same) <= 1e-6 * abs(same), (peer, same)
    print(
        f"Pyomo  {PYOMO_SOLVES / taken:9,.0f} programs a CPU second (appsi, persistent), the same costs"
    )
    print(f"ratio  {rate * taken / PYOMO_SOLVES:9.1f} (target 10)")


if __name__ == "__main__":
    main()
