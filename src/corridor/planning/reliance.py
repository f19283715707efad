"""Who moves the plan: loads that would be others if one claimant's word were left out.

A plan must not be a lever for whoever reports most or loudest. A claimant's claims about roads,
incidents, people, stocks and movements are left out, the plan is made again, and what changes waits for a named
person. What the operation itself states (fleet, counts, need rates, settings, decisions) and the answer
of whoever grants a passage stay in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from corridor.picture import Picture
from corridor.planning.plan import Plan, digest, plan
from corridor.planning.policy import Engine, Policy, Rolling, train
from corridor.planning.problem import Problem
from corridor.planning.relief.engine import Guided, Multistage, is_known, reordered
from corridor.planning.relief.trained import Learnt
from corridor.planning.relief.ways import Way
from corridor.planning.road_chances import on_states_of
from corridor.registers.access import RoadStatus
from corridor.registers.decisions import (
    Adopted,
    ConvoyReleased,
    Hold,
    PlanApproved,
    RoadOutlook,
    RoadTraffic,
)
from corridor.registers.general import Setting
from corridor.registers.incidents import Incident, Verification
from corridor.registers.people import Arrival, Departure, Headcount
from corridor.registers.supply import Consignment, Fleet, NeedRate, StockCount
from corridor.report import Entry
from corridor.values import CommodityCode, PartyCode, PlaceCode, RoadCode, named

LEFT_OUT = (
    RoadStatus, Headcount, Arrival, Departure, StockCount, Consignment, Incident, Verification,
)  # fmt: skip
_OWN = (
    Setting, Fleet, NeedRate, RoadTraffic,
    Adopted, RoadOutlook, PlanApproved, ConvoyReleased, Hold,
)  # fmt: skip
# A load that changes by less than this share of itself is the same load.
_SAME = 0.05
# Of the stock that was there: too little to matter.
_TRACE = 1e-9
# Passes of training at most where what was learnt does not fit.
_ANEW = 20
_ASKS = ("stock", "demand", "arrivals", "road_vehicles", "may_depart", "class_passes")


@dataclass(frozen=True, slots=True)
class Reliance:
    """A load that one claimant's word moves.

    Attributes
    ----------
    claimant
        Whose claims were left out.
    amount, without
        Leaving that day on that road with the claims, and without them, in `unit`.
    """

    claimant: PartyCode
    day: date
    road: RoadCode
    start: PlaceCode
    end: PlaceCode
    commodity: CommodityCode
    unit: str
    amount: float
    without: float


def claimants(picture: Picture) -> tuple[PartyCode, ...]:
    """Name, in the operation's order, those whose claims the plan may rest on.

    The operation's own are not among them: those who state settings, fleets, need rates or
    decisions.
    """
    statements = [(r.claimant, r.statement) for r in picture.reports.values()]
    own = {claimant for claimant, said in statements if isinstance(said, _OWN)}
    heard = {claimant for claimant, said in statements if isinstance(said, LEFT_OUT)}
    return tuple(PartyCode(code) for code in picture.in_order(heard - own))


def without(entries: Iterable[Entry], claimant: PartyCode) -> tuple[Entry, ...]:
    """Return the entries without what a claimant says of roads, incidents, people, stocks and movements."""
    return tuple(
        entry
        for entry in entries
        if entry.report.claimant != claimant or not isinstance(entry.report.statement, LEFT_OUT)
    )


def speaks_of_roads(picture: Picture, claimant: PartyCode) -> bool:
    """Whether the chances of the roads may rest on a claimant's word."""
    return any(
        report.claimant == claimant and isinstance(report.statement, RoadStatus)
        for report in picture.reports.values()
    )


def again(policy: Policy, problem: Problem, *, only_ordered: bool = False) -> Plan | None:
    """Return the plan of a problem in which one claimant's word is left out; None where it is the same.

    What was learnt before is used again where the problem has the same places, goods and legs; else an
    engine of the same kind learns anew.

    Parameters
    ----------
    only_ordered
        Whether, where it does, only the days are planned of which convoys are ordered.

    Raises
    ------
    PlanningError
        When a day's program has no answer.
    """
    if _is_alike(problem, policy.problem):
        return None
    if policy.trained is None or problem.chain is None:
        return plan(train(problem, Rolling()))
    known = (
        _with_traces(on_states_of(problem, policy.problem), policy.problem)
        if _axes(problem) == _axes(policy.problem)
        else None
    )
    if known is None or not is_known(policy, known):
        return plan(train(problem, _of_the_same_kind(policy.trained.way)), looks_ahead=False)
    days = max(1, problem.aims.whole_vehicle_days) if only_ordered else None
    return plan(reordered(policy, known, days=days), looks_ahead=False)


def _of_the_same_kind(way: Way) -> Engine:
    """An engine that decides in the same way, tried on no more futures than it must be."""
    if isinstance(way, Learnt):
        return Multistage(iterations=min(_ANEW, way.value.bounds.size), futures=2)
    return Guided(way, futures=2)


def _axes(problem: Problem) -> tuple[object, ...]:
    legs = tuple((leg.road, leg.start, leg.end) for leg in problem.legs)
    return problem.days, problem.places, problem.commodities, problem.fleets, legs


def _with_traces(problem: Problem, before: Problem) -> Problem:
    """Leave a trace of goods wherever there were some, so that what was learnt still fits."""
    gone = (problem.stock <= 0) & (before.stock > 0)
    return replace(problem, stock=np.where(gone, _TRACE * before.stock, problem.stock))


def _is_alike(one: Problem, other: Problem) -> bool:
    """Whether two problems ask the same: every array and passage, whatever they rest on."""
    if _axes(one) != _axes(other) or one.passages.keys() != other.passages.keys():
        return False
    arrays = [(getattr(one, name), getattr(other, name)) for name in _ASKS]
    if one.chain is not None and other.chain is not None:
        arrays.append((one.chain.first, other.chain.first))
        arrays.append((one.chain.transition, other.chain.transition))
    states = [(one.passages[key].state, other.passages[key].state) for key in one.passages]
    return all(np.array_equal(a, b) for a, b in arrays) and all(a == b for a, b in states)


def reliances(made: Plan, others: Mapping[PartyCode, Plan]) -> tuple[Reliance, ...]:
    """Compare the convoys a plan orders with those it would order without each claimant.

    Parameters
    ----------
    others
        The plan made again without each claimant's claims.
    """
    ordered = _ordered(made)
    units = {load.commodity: load.unit for c in made.convoys for load in c.loads}
    found = []
    for claimant, other in others.items():
        again = _ordered(other)
        for key, amount in ordered.items():
            left = again.get(key, 0.0)
            if abs(amount - left) > _SAME * amount:
                day, road, start, end, commodity = key
                found.append(
                    Reliance(
                        claimant,
                        day,
                        road,
                        start,
                        end,
                        commodity,
                        units[commodity],
                        round(amount, 6),
                        round(left, 6),
                    )
                )
    return tuple(found)


def held_for_a_person(made: Plan, found: Sequence[Reliance]) -> Plan:
    """Return the plan with every load that one claimant's word moves waiting for a named person."""
    waits: dict[tuple[date, RoadCode, PlaceCode, PlaceCode], dict[CommodityCode, list[str]]] = {}
    for each in found:
        goods = waits.setdefault((each.day, each.road, each.start, each.end), {})
        goods.setdefault(each.commodity, []).append(named(each.claimant))
    convoys = []
    for convoy in made.convoys:
        goods = waits.get((convoy.day, convoy.road, convoy.start, convoy.end), {})
        clauses = [
            f"a named person confirms the {named(load.commodity)}, which would be another amount "
            f"without the word of {_one_of(goods[load.commodity])}"
            for load in convoy.loads
            if load.commodity in goods and not convoy.is_indicative
        ]
        convoys.append(replace(convoy, missing=(*convoy.missing, *clauses)))
    held = replace(made, convoys=tuple(convoys))
    return replace(held, digest=digest(held))


def _ordered(
    made: Plan,
) -> dict[tuple[date, RoadCode, PlaceCode, PlaceCode, CommodityCode], float]:
    """What leaves by road, day and good on the days whose convoys are ordered."""
    found: dict[tuple[date, RoadCode, PlaceCode, PlaceCode, CommodityCode], float] = {}
    for convoy in made.convoys:
        if not convoy.is_indicative:
            for load in convoy.loads:
                key = (convoy.day, convoy.road, convoy.start, convoy.end, load.commodity)
                found[key] = found.get(key, 0.0) + load.amount
    return found


def _one_of(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"any one of {', '.join(names[:-1])} and {names[-1]}"
