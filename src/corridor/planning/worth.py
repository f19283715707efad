"""What one more vehicle-day, tonne or open day would change: the problem solved again with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Literal

import numpy as np

from corridor.planning.network import Network, network
from corridor.planning.plan import Plan, plan
from corridor.planning.policy import Engine, train
from corridor.planning.problem import Floats, Problem
from corridor.planning.shortage import people_per_unit
from corridor.values import CommodityCode, named

_MOST = 8


@dataclass(frozen=True, slots=True)
class Question:
    """One more unit of something that may be short.

    Attributes
    ----------
    text
        The unit in words, as the subject of a sentence.
    fleet
        Index of the fleet that has one more vehicle on the first day; None for other kinds.
    place, commodity
        Index of the hub and of the goods of which one more tonne is there on the first morning.
    leg, day
        Index of the leg and of the day on which it is open with the most vehicles it takes on any
        day.
    """

    kind: Literal["vehicle_day", "tonne", "open_day"]
    text: str
    fleet: int | None = None
    place: int | None = None
    commodity: int | None = None
    leg: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What the unit in a question changes, everything else the same.

    Attributes
    ----------
    person_days
        Person-days without that it spares, over all commodities. It may be below 0: cost and
        person-days rank plans differently.
    cost
        Cost in the aims' terms that it spares.
    by_commodity
        Person-days spared of each commodity.
    text
        Both in a sentence.
    """

    question: Question
    person_days: float
    cost: float
    by_commodity: tuple[tuple[CommodityCode, float], ...]
    text: str


def questions(problem: Problem) -> tuple[Question, ...]:
    """Choose at most eight questions, each kind in turn, those with the most need behind them.

    Vehicles count by the need they could carry, tonnes by the people a tonne serves where stock is
    short of need, open days by the need at the far end of a leg that is shut or held.

    Raises
    ------
    PlanningError
        When there is no day to plan.
    """
    net = network(problem)
    weight = (net.persons * problem.urgency).sum(axis=0)
    in_turn = zip_longest(
        _open_days(problem, net), _vehicle_days(problem, weight), _tonnes(problem, net)
    )
    return tuple(question for question in chain.from_iterable(in_turn) if question)[:_MOST]


def worth(problem: Problem, engine: Engine) -> tuple[Worth, ...]:
    """Solve the problem again for each question and compare.

    Vehicles come in parts here on all days: in whole vehicles the search's gap would hide what one
    more of anything changes.

    Raises
    ------
    PlanningError
        When there is no day to plan, or the engine cannot answer.
    """
    parted = replace(problem, aims=replace(problem.aims, whole_vehicle_days=0))
    before = plan(train(parted, engine))
    return tuple(
        _compared(question, before, plan(train(answered(parted, question), engine)))
        for question in questions(problem)
    )


def answered(problem: Problem, question: Question) -> Problem:
    """Return the problem with the one more unit of a question."""
    if question.fleet is not None:
        ready = network(problem).ready.copy()
        ready[0, question.fleet] += 1
        return replace(problem, vehicles_ready=ready)
    if question.place is not None and question.commodity is not None:
        stock = problem.stock.copy()
        weight = float(problem.t_per_unit[question.commodity])
        stock[question.place, question.commodity] += 1 / weight if weight > 0 else 1
        return replace(problem, stock=stock)
    assert question.leg is not None
    assert question.day is not None
    at = question.day, question.leg
    vehicles, may_depart, passes = (
        problem.road_vehicles.copy(),
        problem.may_depart.copy(),
        problem.class_passes.copy(),
    )
    vehicles[at] = _open_vehicles(problem)[question.leg]
    may_depart[at] = True
    passes[at] |= problem.class_passes[:, question.leg].any(axis=0)
    passages = {key: value for key, value in problem.passages.items() if key != at}
    return replace(
        problem,
        road_vehicles=vehicles,
        may_depart=may_depart,
        class_passes=passes,
        passages=passages,
    )


def _vehicle_days(problem: Problem, weight: Floats) -> list[Question]:
    serves = np.isfinite(problem.trip_days).any(axis=0)
    score = ((problem.payload > 0) * weight).sum(axis=1) * serves
    return [
        Question(
            "vehicle_day",
            f"one more vehicle-day of {named(problem.fleets[fleet].fleet)} on "
            f"{problem.days[0].isoformat()}",
            fleet=fleet,
        )
        for fleet in _ranked(score, [fleet.fleet for fleet in problem.fleets])
    ]


def _tonnes(problem: Problem, net: Network) -> list[Question]:
    need = problem.demand.sum(axis=(0, 1))
    supply = problem.stock.sum(axis=0) + problem.arrivals.sum(axis=(0, 1))
    lacking = np.clip(1 - supply / np.where(need > 0, need, np.inf), 0.0, None) * (need > 0)
    weight = np.where(problem.t_per_unit > 0, problem.t_per_unit, 1.0)
    score = people_per_unit(problem, net).max(axis=0, initial=0.0) / weight
    score = score * problem.urgency * lacking
    sends = np.isin(np.arange(len(problem.places)), net.start) & problem.is_hub
    pairs = [(p, c) for p in np.flatnonzero(sends).tolist() for c in range(len(score))]
    names = [f"{problem.places[p]} {problem.commodities[c]}" for p, c in pairs]
    ranked = _ranked(np.array([score[c] for _, c in pairs]), names)
    return [_tonne(problem, *pairs[index]) for index in ranked]


def _tonne(problem: Problem, place: int, commodity: int) -> Question:
    weighs = problem.t_per_unit[commodity] > 0
    amount = "tonne" if weighs else f"unit ({problem.units[commodity]})"
    words = f"one more {amount} of {named(problem.commodities[commodity])} at "
    words += named(problem.places[place])
    return Question("tonne", words, place=place, commodity=commodity)


def _open_days(problem: Problem, net: Network) -> list[Question]:
    shut = ~problem.may_depart | (net.limit <= 0)
    shut[0] |= net.limit[0] < _open_vehicles(problem)
    weight = (net.persons * problem.urgency).sum(axis=1)[net.end]
    names = [f"{leg.road} {leg.end}" for leg in problem.legs]
    found = []
    for leg in _ranked(weight * shut.any(axis=0), names):
        day, road = int(np.flatnonzero(shut[:, leg])[0]), problem.legs[leg]
        words = f"one more open day of {named(road.road)} towards {named(road.end)}, on "
        words += f"{problem.days[day].isoformat()} and with its passage granted"
        found.append(Question("open_day", words, leg=leg, day=day))
    return found


def _open_vehicles(problem: Problem) -> Floats:
    """Vehicles each leg takes when open, (L,): the later days count only the aims' share of it."""
    share = problem.aims.later_road_share
    later = problem.road_vehicles[1:].max(axis=0, initial=0.0)
    open_ = later / share if share > 0 else later
    return np.asarray(np.maximum(problem.road_vehicles[0], open_), dtype=np.float64)


def _ranked(score: Floats, names: list[str]) -> list[int]:
    """Positions with a score above 0, the highest first, equals by name."""
    return sorted(
        (index for index, value in enumerate(score.tolist()) if value > 0),
        key=lambda index: (-score[index], names[index]),
    )


def _compared(question: Question, before: Plan, after: Plan) -> Worth:
    spared = tuple(
        (commodity, round(without - less, 6))
        for (commodity, without), (_, less) in zip(
            before.person_days_without, after.person_days_without, strict=True
        )
    )
    person_days = round(sum(days for _, days in spared), 6)
    cost = float(f"{before.objective - after.objective:.6g}")
    return Worth(question, person_days, cost, spared, _said(question, person_days, cost))


def _said(question: Question, person_days: float, cost: float) -> str:
    what = f"{question.text[0].upper()}{question.text[1:]}"
    if abs(person_days) < 0.5 and abs(cost) < 0.5:
        return f"{what}: this plan finds no use for it."
    return (
        f"{what}: this plan reckons that it {_change(person_days)} person-days without and "
        f"{_change(cost)} of cost, everything else the same."
    )


def _change(spared: float) -> str:
    return f"{'spares' if spared > -0.5 else 'adds'} {abs(spared):,.0f}"
