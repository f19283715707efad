"""What to do when a road shuts or opens: the policy asked on the branches of the next days.

Each line is a difference that was counted, not argued: the same policy is followed through the same number
of futures that begin with the branch and through futures that begin with the likeliest days, and what
it loads on the first days is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from corridor.planning.policy import Policy, Trained
from corridor.planning.problem import Floats, Problem
from corridor.planning.relief.evening import Arithmetic, scenarios_last
from corridor.planning.relief.from_problem import vehicles_on
from corridor.planning.relief.model import CLOSED, OPEN, Chain, Ints
from corridor.planning.relief.policies import Situation
from corridor.planning.road_chances import following, likeliest
from corridor.values import CommodityCode, PlaceCode, RoadCode, named

MOST = 7
_BRANCH_DAYS = (1, 2)
_DAYS = 5
# Of the standard error a difference must exceed, and of one vehicle's load.
_ERRORS, _VEHICLES = 3.0, 0.5


@dataclass(frozen=True, slots=True)
class Trigger:
    """If a road is in another state on the next days, what the policy loads differently.

    Attributes
    ----------
    road, towards, status, days
        The branch: the road is so on these days.
    by, to, commodity
        What changes: goods on this road towards this end.
    more
        More, or less than nothing if less, leaves from the first to the last of `counted`, in `unit`.
    standard_error
        Of `more`, over the futures tried.
    counted
        First and last day over which loads were counted.
    futures
        Futures tried on each side.
    """

    road: RoadCode
    towards: PlaceCode
    status: Literal["open", "closed"]
    days: tuple[date, ...]
    by: RoadCode
    to: PlaceCode
    commodity: CommodityCode
    unit: str
    more: float
    standard_error: float
    counted: tuple[date, date]
    futures: int

    @property
    def text(self) -> str:
        """The trigger as a sentence, with codes to be named."""
        on = " and ".join(day.isoformat() for day in self.days)
        first, last = (day.isoformat() for day in self.counted)
        verb = "send" if self.more > 0 else "hold back"
        return (
            f"If {named(self.road)} towards {named(self.towards)} is {self.status} on {on}, {verb} "
            f"{abs(self.more):,.0f} {self.unit} {'more ' if self.more > 0 else ''}of "
            f"{named(self.commodity)} by {named(self.by)} towards {named(self.to)} from {first} to "
            f"{last}."
        )


def triggers(policy: Policy, *, seed: int = 3) -> tuple[Trigger, ...]:
    """Find at most seven triggers, the most need behind them first.

    For each leg the branch is that it shuts, where it is likely to be usable tomorrow, or opens. Loads
    on the branch's own road are left out: that they stop when it shuts needs no telling.

    Raises
    ------
    PlanningError
        When a day's program has no answer.
    """
    trained, problem = policy.trained, policy.problem
    days = min(_DAYS, len(problem.days))
    if trained is None or problem.chain is None or days <= _BRANCH_DAYS[-1]:
        return ()
    likely = likeliest(problem.chain)
    count = max(2, policy.futures // 2)
    usual = _loaded(trained, problem, _futures(problem.chain, likely, count, seed), days)
    found: list[tuple[float, Trigger]] = []
    for leg in range(len(problem.legs)):
        branch = likely.copy()
        branch[list(_BRANCH_DAYS), leg] = OPEN if likely[1, leg] == CLOSED else CLOSED
        if not _can_show(problem.chain, branch):
            continue
        loads = _loaded(trained, problem, _futures(problem.chain, branch, count, seed), days)
        found += _differences(problem, leg, int(branch[1, leg]), loads, usual)
    found.sort(key=lambda pair: (-pair[0], pair[1].road, pair[1].by, pair[1].commodity))
    return tuple(trigger for _, trigger in found[:MOST])


def _can_show(chain: Chain, statuses: Ints) -> bool:
    return all(
        (chain.status == statuses[day]).all(axis=1).any() for day in range(_BRANCH_DAYS[-1] + 1)
    )


def _futures(chain: Chain, statuses: Ints, count: int, seed: int) -> Ints:
    """Draw futures that begin with some statuses up to the last day of a branch, (B, T)."""
    rng = np.random.default_rng(seed)
    last = _BRANCH_DAYS[-1]
    begun = following(
        Chain(chain.status, chain.first, chain.transition[:last]), statuses[: last + 1]
    )
    days = len(chain.transition) + 1
    paths = np.empty((count, days), dtype=np.int64)
    for day in range(days):
        uniform = rng.random(count)
        if day <= last:
            rows = np.broadcast_to(begun[day], (count, len(chain.first)))
        else:
            rows = chain.transition[day - 1][paths[:, day - 1]]
        paths[:, day] = (uniform[:, None] > rows.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return paths


def _loaded(trained: Trained, problem: Problem, paths: Ints, days: int) -> Floats:
    """What the policy loads on each leg over the first days, (B, L, C) in the problem's units."""
    model = trained.model
    policy = trained.follow()
    arithmetic = Arithmetic(model)
    count, lead = len(paths), int(model.arcs.lead_days.max(initial=0))
    leg, _ = vehicles_on(problem)
    total = np.zeros((count, len(problem.legs), len(problem.commodities)))
    stock = scenarios_last((count, *model.stock.shape)) + model.stock
    backlog = scenarios_last((count, *model.stock.shape)) + model.backlog
    moving = scenarios_last((count, lead, *model.arcs.carries.shape))
    loaded = scenarios_last((count, *model.arcs.carries.shape))
    lost = None
    for day in range(days):
        now = Situation(day, paths[:, day], stock, backlog, moving, loaded, lost)
        moves = policy.decide(now)
        evening = arithmetic.evening(now, moves)
        for arc, number in enumerate(leg.tolist()):
            total[:, number] += moves.flows[:, arc]
        stock, backlog, lost = evening.stock, evening.backlog, evening.lost
        moving, loaded = evening.moving, moves.loads
    return total * trained.unit


def _differences(
    problem: Problem, branched: int, status: int, loads: Floats, usual: Floats
) -> list[tuple[float, Trigger]]:
    mean = loads.mean(axis=0) - usual.mean(axis=0)
    error = np.sqrt(loads.var(axis=0, ddof=1) / len(loads) + usual.var(axis=0, ddof=1) / len(usual))
    payload = problem.payload.max(axis=0, initial=0.0)
    need = problem.demand.sum(axis=(0, 1)) / len(problem.days)
    tells = (np.abs(mean) > _ERRORS * error) & (np.abs(mean) > _VEHICLES * payload) & (need > 0)
    if status == CLOSED:
        tells[branched] = False
    days = min(_DAYS, len(problem.days))
    road = problem.legs[branched]
    found = []
    for leg, commodity in np.argwhere(tells).tolist():
        amount = float(mean[leg, commodity])
        by = problem.legs[leg]
        trigger = Trigger(
            road.road,
            road.end,
            "closed" if status == CLOSED else "open",
            tuple(problem.days[day] for day in _BRANCH_DAYS),
            by.road,
            by.end,
            problem.commodities[commodity],
            problem.units[commodity],
            round(amount, 6),
            round(float(error[leg, commodity]), 6),
            (problem.days[0], problem.days[days - 1]),
            len(loads),
        )
        found.append((abs(amount) / float(need[commodity]), trigger))
    return found
