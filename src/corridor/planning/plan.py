"""The plan: convoys, projected stock, what stays unmet and why, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Literal

import numpy as np
import orjson

from corridor.planning.aims import Aims
from corridor.planning.convoys import Convoy, Load, convoys
from corridor.planning.flow import Flow, flow
from corridor.planning.network import Network, network
from corridor.planning.outlook import Outlook, RoadChance, outlook, road_chances
from corridor.planning.policy import Policy
from corridor.planning.problem import Floats, Problem
from corridor.planning.shortage import CAUSES, Cause, Unmet, people_per_unit, unmet
from corridor.planning.triggers import Trigger, triggers
from corridor.values import CommodityCode, PlaceCode, ReportId

__all__ = [
    "CAUSES",
    "Cause",
    "Convoy",
    "FillRate",
    "Load",
    "Plan",
    "StockPath",
    "Unmet",
    "WorstPlace",
    "plan",
]


@dataclass(frozen=True, slots=True)
class StockPath:
    """Projected stock of one commodity at one place; each tuple has one entry a day.

    Attributes
    ----------
    stock
        In place in the evening, in `unit`.
    arrived
        Come by road that day.
    served
        Handed out that day.
    spilled
        Expected from outside that day and without room.
    backlog_days
        What people lack in the evening, in days of mean need; 0 where nothing is needed.
    """

    place: PlaceCode
    commodity: CommodityCode
    unit: str
    stock: tuple[float, ...]
    arrived: tuple[float, ...]
    served: tuple[float, ...]
    spilled: tuple[float, ...]
    backlog_days: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FillRate:
    """Share of the need of all days handed out on its day, 0 to 1."""

    place: PlaceCode
    commodity: CommodityCode
    share: float


@dataclass(frozen=True, slots=True)
class WorstPlace:
    """The place whose people go without longest: mean days owed over the horizon, by urgency."""

    place: PlaceCode
    days_without: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Convoys for the days ahead, with everything a reader needs to judge them.

    Attributes
    ----------
    status
        "met" when every need is met on its day, else "short": see `unmet`.
    horizon_days
        Days planned.
    objective, bound
        Cost of the plan in the terms of its aims, and the least cost that could not be ruled out.
    unavoidable
        The part of both that no plan could change.
    gap
        (objective - bound) / (objective - unavoidable): how much of what can be changed may be
        better.
    is_within_gap
        Whether the search reached the gap the aims ask for.
    person_days_without
        By commodity: need not met on its day, counted in people and days. It stands beside the
        cost, since the two rank plans differently.
    worst_place
        None when nothing is needed.
    notes
        What a reader must know, in sentences.
    roads
        The chance that each road lets convoys through, where the plan weighs chances.
    outlook
        What stock may come to over futures of the roads, where the plan weighs them.
    triggers
        What to load differently if a road shuts or opens, each counted over futures.
    standard_error
        Of `objective`, where that is a mean over futures; its bound is then one on the mean.
    policy_digest
        Of what was learnt before; empty where nothing was.
    problem_digest
        The problem it was made for.
    digest
        SHA-256 of everything above, as sorted JSON.
    """

    status: Literal["met", "short"]
    engine: str
    days: tuple[date, ...]
    horizon_days: int
    convoys: tuple[Convoy, ...]
    unmet: tuple[Unmet, ...]
    stocks: tuple[StockPath, ...]
    objective: float
    bound: float
    unavoidable: float
    gap: float
    is_within_gap: bool
    person_days_without: tuple[tuple[CommodityCode, float], ...]
    worst_place: WorstPlace | None
    fill_rates: tuple[FillRate, ...]
    aims: Aims
    notes: tuple[str, ...]
    basis: tuple[ReportId, ...]
    problem_digest: str
    roads: tuple[RoadChance, ...] = ()
    outlook: Outlook | None = None
    triggers: tuple[Trigger, ...] = ()
    standard_error: float = 0.0
    policy_digest: str = ""
    digest: str = ""


def plan(policy: Policy, *, looks_ahead: bool = True) -> Plan:
    """Write out what a policy does: same policy, same plan, to the byte.

    Costs are rounded to nine digits, amounts to nine decimals.

    Parameters
    ----------
    looks_ahead
        Also follow a trained policy through futures, for `outlook` and `triggers`.
    """
    problem = policy.problem
    net = network(problem)
    followed = flow(policy, net)
    short = unmet(problem, net, followed)
    found = Plan(
        status="short" if short else "met",
        engine=policy.engine,
        days=problem.days,
        horizon_days=len(problem.days),
        convoys=convoys(problem, followed),
        unmet=short,
        stocks=_paths(problem, net, followed),
        objective=_digits(policy.objective),
        bound=_digits(policy.bound),
        unavoidable=_digits(policy.unavoidable),
        gap=_digits(policy.gap),
        is_within_gap=policy.is_within_gap,
        person_days_without=_person_days(problem, net, followed),
        worst_place=_worst(problem, net, followed),
        fill_rates=_fill_rates(problem, followed),
        aims=problem.aims,
        notes=_notes(policy),
        basis=problem.basis,
        problem_digest=problem.digest,
        roads=road_chances(problem),
        outlook=outlook(policy) if looks_ahead else None,
        triggers=triggers(policy) if looks_ahead else (),
        standard_error=_digits(policy.standard_error),
        policy_digest=policy.trained.digest if policy.trained else "",
    )
    return replace(found, digest=digest(found))


def digest(plan: Plan) -> str:
    """SHA-256 of a plan's content, its own digest left out."""
    content = orjson.dumps(replace(plan, digest=""), option=orjson.OPT_SORT_KEYS)
    return sha256(content).hexdigest()


def _paths(problem: Problem, net: Network, flow: Flow) -> tuple[StockPath, ...]:
    seen = (flow.morning > 0) | (flow.evening > 0) | (flow.arrived > 0) | (problem.demand > 0)
    seen |= problem.arrivals > 0
    backlog = flow.backlog / np.where(net.need > 0, net.need, np.inf)

    def days(values: Floats, place: int, commodity: int) -> tuple[float, ...]:
        # Adding zero turns -0.0 into 0.0, which the digest would tell apart.
        return tuple((np.round(values[:, place, commodity], 9) + 0.0).tolist())

    return tuple(
        StockPath(
            problem.places[p],
            problem.commodities[c],
            problem.units[c],
            stock=days(flow.evening, p, c),
            arrived=days(flow.arrived, p, c),
            served=days(flow.served, p, c),
            spilled=days(flow.spilled, p, c),
            backlog_days=days(backlog, p, c),
        )
        for p, c in np.argwhere(seen.any(axis=0)).tolist()
    )


def _person_days(
    problem: Problem, net: Network, flow: Flow
) -> tuple[tuple[CommodityCode, float], ...]:
    total = (flow.short * people_per_unit(problem, net)).sum(axis=(0, 1))
    return tuple(zip(problem.commodities, np.round(total, 6).tolist(), strict=True))


def _worst(problem: Problem, net: Network, flow: Flow) -> WorstPlace | None:
    weight = np.where(net.need > 0, problem.urgency, 0.0)
    without = (flow.backlog / np.where(net.need > 0, net.need, np.inf)).mean(axis=0)
    total = weight.sum(axis=1)
    mean = (without * weight).sum(axis=1) / np.where(total > 0, total, np.inf)
    needy = np.flatnonzero(total > 0)
    if not needy.size:
        return None
    worst = min(needy.tolist(), key=lambda p: (-round(float(mean[p]), 9), problem.places[p]))
    return WorstPlace(problem.places[worst], round(float(mean[worst]), 9))


def _fill_rates(problem: Problem, flow: Flow) -> tuple[FillRate, ...]:
    need = problem.demand.sum(axis=0)
    share = 1 - flow.short.sum(axis=0) / np.where(need > 0, need, np.inf)
    return tuple(
        FillRate(problem.places[p], problem.commodities[c], round(float(share[p, c]), 9))
        for p, c in np.argwhere(need > 0).tolist()
    )


def _notes(policy: Policy) -> tuple[str, ...]:
    aims, days = policy.problem.aims, policy.problem.days
    notes = [*policy.problem.assumptions]
    if policy.trained is not None:
        how = f"learnt in {policy.trained.how}" if policy.trained.how else "which learns nothing"
        notes.append(
            f"This plan follows the policy {policy.trained.digest[:16]} ({policy.engine}), {how}."
        )
    if policy.trained is not None and policy.problem.is_open:
        notes.append(
            "Stocks to come, days without and chances of running out are told over people anywhere between the lowest "
            "and the highest claim, all alike, and goods that may be late by their chance; the cost and what "
            "leaves are for the most people and the late day."
        )
    if 0 < aims.whole_vehicle_days < len(days):
        last = days[aims.whole_vehicle_days - 1].isoformat()
        notes.append(
            f"This plan orders convoys up to {last}. After that it gives an outlook in parts of "
            f"vehicles."
        )
    if not policy.is_within_gap:
        notes.append(
            f"The search stopped after {aims.mip_nodes} nodes: a plan better by up to "
            f"{policy.gap:.1%} of what can be changed may exist."
        )
    if not policy.vehicles.any():
        notes.append("This plan moves nothing. What is unmet says why.")
    return tuple(notes)


def _digits(value: float) -> float:
    return float(f"{value:.9g}")
