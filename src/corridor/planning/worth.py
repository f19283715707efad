"""What one more vehicle, tonne, litre or open day is worth, day by day.

The policy is followed through futures. Each morning's program - the day in full, with what was learnt as the
value of its evening - is solved again with one more of each thing, and its cost compared. Duals would come
for nothing, but where a hub stands empty they are the worth of one less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.planning.policy import Policy, Trained
from corridor.planning.problem import Floats, Problem
from corridor.planning.relief.deciding import alike, entering, moves_of
from corridor.planning.relief.from_problem import opened, relief_model, vehicles_on
from corridor.planning.relief.model import ReliefModel
from corridor.planning.relief.policies import Moves, Situation
from corridor.planning.relief.roads import sample_paths
from corridor.planning.relief.simulation import simulate
from corridor.planning.relief.stage import columns_of
from corridor.planning.relief.trained import Learnt, Morning
from corridor.values import named

# A share of a morning's cost, of at least a first day without: below it a program tells nothing.
_NOTHING = 1e-6
# For each leg, the rows that an open road would widen and their upper sides.
_Wider: TypeAlias = list[tuple[NDArray[np.int32], Floats]]


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more of something is worth on each day, in the aims' cost.

    Attributes
    ----------
    text
        What there is one more of, in words, as the subject of a sentence.
    days
        The days, (D,).
    cost, standard_error
        What it spares on that day and after, a mean over futures, one entry a day, and its error.
    futures
        How many were followed.
    """

    text: str
    days: tuple[date, ...]
    cost: tuple[float, ...]
    standard_error: tuple[float, ...]
    futures: int


def worths(policy: Policy, *, futures: int = 64, seed: int = 2) -> tuple[Worth, ...]:
    """Say what one more of each fleet, good at a hub, and open day is worth; the most in all first.

    Raises
    ------
    PlanningError
        When a day's program has no answer.
    """
    trained, problem = policy.trained, policy.problem
    if trained is None or not isinstance(trained.way, Learnt):
        return ()
    follow = _Noting(trained, trained.way, problem)
    paths = sample_paths(trained.model.chain, count=futures, seed=seed)
    simulate(follow, trained.model, paths, people=problem.people, quantiles=())
    spared = np.stack(follow.spared) * trained.cost
    mean = spared.mean(axis=1)
    error = spared.std(axis=1, ddof=1) / np.sqrt(futures)
    # Futures that are alike differ by rounding.
    error = np.where(error > 1e-9 * np.abs(mean), error, 0.0)
    order = sorted(range(len(follow.texts)), key=lambda at: (-mean[:, at].sum(), follow.texts[at]))
    return tuple(
        Worth(
            follow.texts[at],
            problem.days,
            tuple(float(f"{value:.6g}") for value in mean[:, at]),
            tuple(float(f"{value:.6g}") for value in error[:, at]),
            futures,
        )
        for at in order
    )


class _Noting:
    """The trained policy, noting each morning what one more of each thing would spare.

    `texts` names the things, (X,); `spared` has for each day what each spares, (B, X) of the model's cost.
    """

    __slots__ = (
        "_counted",
        "_fleets",
        "_legs",
        "_measure",
        "_one",
        "_policy",
        "_problem",
        "_stock",
        "_trained",
        "name",
        "spared",
        "texts",
    )

    def __init__(self, trained: Trained, way: Learnt, problem: Problem) -> None:
        self._trained, self._problem = trained, problem
        self._policy = way.follow(trained.model, trained.merging)
        self.name = self._policy.name
        self._counted = relief_model(problem)
        self._measure = _measure(self._counted, trained)
        leg, fleet = vehicles_on(problem)
        self._legs, self._fleets = np.unique(leg), np.unique(fleet)
        there = columns_of(trained.model, is_last=False).stock_in >= 0
        wanted = problem.demand.any(axis=(0, 1))
        self._stock = np.argwhere(there & problem.is_hub[:, None] & wanted)
        self.texts = (
            *(f"one more vehicle of {named(problem.fleets[each].fleet)}" for each in self._fleets),
            *(
                f"1 {_told_in(problem, good)[0]} more {named(problem.commodities[good])} at "
                f"{named(problem.places[hub])}"
                for hub, good in self._stock.tolist()
            ),
            *(
                f"{named(road.road)} towards {named(road.end)} open that day, its passage granted"
                for road in (problem.legs[each] for each in self._legs)
            ),
        )
        self._one = np.ones(len(self.texts))
        goods = slice(self._fleets.size, self._fleets.size + len(self._stock))
        self._one[goods] = [_told_in(problem, good)[1] for good in self._stock[:, 1].tolist()]
        self.spared: list[Floats] = []

    def decide(self, situation: Situation) -> Moves:
        """Decide as the policy does, and note what each thing would have spared."""
        morning = self._policy.morning(situation.day)
        columns = morning.day.columns
        state, entered, which = alike(situation, entering(columns, situation))
        wider = self._opened(morning, situation.day)
        found, spared = [], []
        for joint, each in zip(state.tolist(), entered, strict=True):
            found.append(morning.solved(joint, each))
            spared.append(
                self._spared(morning, each, [(row, most[:, joint]) for row, most in wider])
            )
        self.spared.append(np.stack(spared)[which])
        return moves_of(self._trained.model, columns, np.stack(found)[which], situation)

    def _opened(self, morning: Morning, day: int) -> _Wider:
        """For each leg, the rows that an open road would widen, (K,), and their upper sides, (K, J)."""
        leg, _ = vehicles_on(self._problem)
        found = []
        for each in self._legs.tolist():
            limit = np.append(each, len(self._problem.legs) + np.flatnonzero(leg == each))
            limit = limit[morning.day.moves[limit] >= 0]
            open_ = opened(self._counted, self._problem, day, each).moves.most[day, limit]
            most = np.maximum(open_, self._counted.moves.most[day, limit])
            row = morning.day.moves[limit].astype(np.int32)
            found.append((row, most / self._measure[limit, None]))
        return found

    def _spared(self, morning: Morning, entered: Floats, wider: _Wider) -> Floats:
        """What each thing would spare on the morning just solved, (X,) of the model's cost."""
        cost, model = morning.cost, self._trained.model
        vehicles = [
            cost - morning.cost_under(*self._with_vehicle(morning, each)) for each in self._fleets
        ]
        stock = []
        for hub, good in self._stock.tolist():
            # What stands in store comes first in the state.
            more = entered.copy()
            tonnes = model.t_per_unit[good]
            more[morning.day.columns.stock_in[hub, good]] += 1 / tonnes if tonnes > 0 else 1.0
            stock.append(cost - morning.cost_from(more))
        days = [cost - morning.cost_under(row, most) for row, most in wider]
        spared = np.array([*vehicles, *stock, *days])
        return np.where(np.abs(spared) > _NOTHING * max(1.0, cost), spared, 0.0) * self._one

    def _with_vehicle(self, morning: Morning, fleet: int) -> tuple[NDArray[np.int32], Floats]:
        """The rows that one more vehicle of a fleet widens, its hours and what came back, and their sides."""
        problem, day = self._problem, morning.day
        # A fleet is a limit on moves after those of legs and of vehicles on legs.
        limit = len(problem.legs) + vehicles_on(problem)[0].size + fleet
        row, more = [day.moves[limit]], [1 / self._measure[limit]]
        if problem.stays is not None and problem.stays[fleet] > 0:
            row.append(day.kept[np.count_nonzero(problem.stays[:fleet] > 0)])
            more.append(1.0)
        there = np.array(row, dtype=np.int32)
        used = there >= 0
        return there[used], morning.most(there[used]) + np.array(more)[used]


def _measure(counted: ReliefModel, trained: Trained) -> Floats:
    """By what each limit on moves was divided when the model was counted in its units, (G,)."""
    limits = counted.moves
    found = np.ones(limits.most.shape[1])
    weight = limits.weight * trained.unit[limits.commodity]
    found[limits.row] = weight / trained.model.moves.weight
    return found


def _told_in(problem: Problem, good: int) -> tuple[str, float]:
    """Return what a good is told in, tonnes but for liquids, and how much of a tonne one of it is."""
    tonnes = float(problem.t_per_unit[good])
    if tonnes <= 0:
        return problem.units[good], 1.0
    return (problem.units[good], tonnes) if problem.is_liquid[good] else ("t", 1.0)
