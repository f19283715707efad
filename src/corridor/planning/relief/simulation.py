"""Follow a policy through futures of the roads, all scenarios side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.relief.evening import Arithmetic, scenarios_last
from corridor.planning.relief.model import Floats, Ints, ReliefModel
from corridor.planning.relief.outcome import Outcome, Record
from corridor.planning.relief.policies import RoadPolicy, Situation

QUANTILES = (0.1, 0.5, 0.9)


def simulate(
    policy: RoadPolicy,
    model: ReliefModel,
    paths: Ints,
    *,
    people: Floats,
    quantiles: tuple[float, ...] = QUANTILES,
    clock: Callable[[], float] | None = None,
) -> Outcome:
    """Follow a policy through futures; the same futures for two policies make them comparable.

    The policy says what moves; what that leads to is reckoned here, the same for all, and a move
    that breaks a limit is refused. Only the days are gone through one by one.

    Parameters
    ----------
    paths
        Joint state of the roads by scenario and day, (B, T): drawn by `sample_paths`, or recorded.
    people
        At each node, (N,), by whom days without are weighed.
    quantiles
        Shares of scenarios, 0 to 1, whose evening stock is told day by day; none saves the time.
    clock
        Processor seconds, such as `time.process_time`.

    Raises
    ------
    PlanningError
        When the paths are of other days than the model, or a move breaks a limit.
    """
    count, days = paths.shape
    if days != len(model.demand):
        raise PlanningError(f"simulation: paths of {days} days, a model of {len(model.demand)}")
    arithmetic, record = Arithmetic(model), Record(model, count, quantiles)
    arcs, commodities = len(model.arcs.start), model.need.shape[1]
    longest = int(model.arcs.lead_days.max(initial=0))
    states = np.ascontiguousarray(paths.T)
    now = Situation(
        day=0,
        state=states[0],
        stock=scenarios_last((count, *model.stock.shape)) + model.stock,
        backlog=scenarios_last((count, *model.stock.shape)) + model.backlog,
        moving=scenarios_last((count, longest, arcs, commodities)),
        loaded=scenarios_last((count, arcs, commodities)),
    )
    cpu_s = 0.0 if clock else np.nan
    for day in range(days):
        begun = clock() if clock else 0.0
        moves = policy.decide(now)
        cpu_s += clock() - begun if clock else 0.0
        evening = arithmetic.evening(now, moves)
        record.add(now, moves, evening)
        now = Situation(
            day=day + 1,
            state=states[min(day + 1, days - 1)],
            stock=evening.stock,
            backlog=evening.backlog,
            moving=evening.moving,
            loaded=moves.loads,
            lost=evening.lost,
        )
    return record.outcome(policy.name, people, now.stock, arithmetic.ending(now.stock), cpu_s)
