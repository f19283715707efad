"""What stock may come to, place by place: the policy followed through futures of the roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.hazards import Method
from corridor.planning.policy import TRIED_SEED, Policy, Trained
from corridor.planning.problem import Floats, Ints, Problem
from corridor.planning.relief.drawn import VARIANTS, simulate_open, variants
from corridor.planning.relief.outcome import Outcome
from corridor.planning.relief.push import nothing_leaves
from corridor.planning.relief.roads import sample_paths
from corridor.values import CommodityCode, PlaceCode, ReportId, RoadCode


@dataclass(frozen=True, slots=True)
class Fan:
    """Stock of one commodity at one place over the days, and the chance that it runs out.

    Attributes
    ----------
    low, middle, high
        Evening stock below which it lies in 10, 50 and 90 % of futures, one entry a day, in `unit`.
    short
        Chance that a day's need is not wholly met on the day, one entry a day, 0 to 1.
    run_out, run_out_unsupplied
        Chance that this is so on any day, with the policy and if no convoy leaves.
    """

    place: PlaceCode
    commodity: CommodityCode
    unit: str
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    short: tuple[float, ...]
    run_out: float
    run_out_unsupplied: float


@dataclass(frozen=True, slots=True)
class Expected:
    """Person-days without a commodity: mean over futures, its standard error, and the worst tenth.

    Attributes
    ----------
    unsupplied
        The mean if no convoy leaves.
    """

    commodity: CommodityCode
    mean: float
    standard_error: float
    high: float
    unsupplied: float


@dataclass(frozen=True, slots=True)
class RoadChance:
    """The chance that a road lets convoys through, open or restricted, on each day.

    Attributes
    ----------
    usable, low, high
        The chance and the middle 90 % of what is known of it, one entry a day, 0 to 1.
    method, said
        Whether it was fitted, declared by a named person or assumed; and in words.
    """

    road: RoadCode
    towards: PlaceCode
    usable: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    method: Method
    said: str
    basis: tuple[ReportId, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the days ahead may bring, over futures of the roads drawn under a seed.

    Attributes
    ----------
    futures, seed
        How many were drawn, and the seed; one and None where the roads are those reported.
    fans
        By place and commodity.
    expected
        By commodity.
    """

    futures: int
    seed: int | None
    fans: tuple[Fan, ...]
    expected: tuple[Expected, ...]


def outlook(
    policy: Policy, *, futures: int | None = None, seed: int = TRIED_SEED
) -> Outlook | None:
    """Follow a trained policy, and doing nothing, through the same futures; None without training.

    Where claims differ on how many people there are, or goods may be late, that is drawn too, once for a future.
    Where nothing but the roads is open and the policy was tried on these very futures already, it is not
    followed again.

    Raises
    ------
    PlanningError
        When a day's program has no answer.
    """
    if policy.trained is None:
        return None
    # Variants share little of the work, and a command waits for this.
    most = policy.futures if not policy.problem.is_open else min(policy.futures, 15 * VARIANTS)
    count = futures or most
    paths = sample_paths(policy.trained.model.chain, count=count, seed=seed)
    was_tried = (count, seed) == (policy.futures, TRIED_SEED) and not policy.problem.is_open
    return _followed(policy, policy.trained, paths, seed, policy.tried if was_tried else None)


def replayed(policy: Policy, statuses: Ints) -> Outlook | None:
    """Follow a trained policy through roads as they were reported, (D, L) statuses.

    On a day whose statuses no joint state shows, the state is taken that differs on the fewest legs.
    """
    if policy.trained is None:
        return None
    shown = policy.trained.model.chain.status
    differs = (shown[None] != statuses[:, None]).sum(axis=2)
    return _followed(policy, policy.trained, differs.argmin(axis=1)[None], None)


def _followed(
    policy: Policy, trained: Trained, paths: Ints, seed: int | None, tried: Outcome | None = None
) -> Outlook:
    problem = policy.problem
    among = variants(problem, trained.model, trained.unit, seed or 0)
    after = tried or simulate_open(trained.follow, among, paths)
    before = simulate_open(nothing_leaves, among, paths, quantiles=())
    return Outlook(
        len(paths),
        seed,
        _fans(problem, trained.unit, after, before),
        _expected(problem, after, before),
    )


def road_chances(problem: Problem) -> tuple[RoadChance, ...]:
    """Return the chances of each leg's road; none where the problem weighs none."""
    if problem.hazards is None:
        return ()
    usable = problem.hazards.p_usable()

    def days(ends: Floats, road: int) -> tuple[float, ...]:
        return tuple(ends[:, road].round(6).tolist())

    return tuple(
        RoadChance(
            road.road,
            road.towards,
            days(usable.best, number),
            days(usable.low, number),
            days(usable.high, number),
            road.method,
            road.said,
            road.basis,
        )
        for number, road in enumerate(problem.hazards.roads)
    )


def _fans(problem: Problem, unit: Floats, after: Outcome, before: Outcome) -> tuple[Fan, ...]:
    found = []
    stock = after.stock_quantiles * unit[:, None]
    ran_out, unsupplied = after.ran_out, before.ran_out
    for place, commodity in np.argwhere(problem.demand.sum(axis=0) > 0).tolist():
        low, middle, high = (
            tuple(stock[:, place, commodity, level].round(6).tolist()) for level in range(3)
        )
        found.append(
            Fan(
                problem.places[place],
                problem.commodities[commodity],
                problem.units[commodity],
                low,
                middle,
                high,
                tuple(after.run_out_share[:, place, commodity].round(6).tolist()),
                round(float(ran_out[place, commodity]), 6),
                round(float(unsupplied[place, commodity]), 6),
            )
        )
    return tuple(found)


def _expected(problem: Problem, after: Outcome, before: Outcome) -> tuple[Expected, ...]:
    days, without = after.person_days_without, before.person_days_without
    return tuple(
        Expected(
            code,
            round(float(days[:, number].mean()), 6),
            round(float(days[:, number].std(ddof=1) / np.sqrt(len(days))), 6)
            if len(days) > 1
            else 0.0,
            round(float(np.quantile(days[:, number], 0.9)), 6),
            round(float(without[:, number].mean()), 6),
        )
        for number, code in enumerate(problem.commodities)
    )
