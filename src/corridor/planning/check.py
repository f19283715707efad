"""Every limit of a plan verified again, without the solver and the code that made the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, isfinite

import numpy as np

from corridor.planning.breach import Breach, Rule
from corridor.planning.check_convoys import TOLERANCE, convoy_breaches, position
from corridor.planning.plan import Plan, digest
from corridor.planning.problem import Bools, Floats, Problem

__all__ = ["Breach", "Rule", "check"]


def check(plan: Plan, problem: Problem) -> tuple[Breach, ...]:
    """Find every limit that a plan does not keep; none means the plan holds.

    1. Each convoy by itself: whole vehicles, load lists, payload, fuel apart, departure, passage.
    2. All convoys together: vehicles on each road and in each fleet, on each day.
    3. Stock recomputed from the convoys: nothing negative, nothing sent that was not there in the
       morning, nothing above the store.
    4. What is handed out, the backlog, what is unmet, the totals and the digest.

    Comparisons allow a relative 1e-6.
    """
    known = [convoy for convoy in plan.convoys if position(convoy, problem) is not None]
    breaches = [b for convoy in plan.convoys for b in convoy_breaches(convoy, problem)]
    told = _told(plan, problem)
    recount = _recount(plan, problem, told)
    breaches += _road_breaches(recount, problem)
    breaches += _together_breaches(recount, problem)
    breaches += _fleet_breaches(recount, problem)
    breaches += _stock_breaches(recount, told, problem)
    breaches += _need_breaches(plan, recount, told, problem)
    if len(known) == len(plan.convoys) and len({c.code for c in known}) != len(known):
        breaches.append(Breach("unknown", "plan", None, "two convoys have one code"))
    if plan.digest != digest(plan):
        breaches.append(Breach("digest", "plan", None, "the content is not what the digest says"))
    return tuple(breaches)


@dataclass(frozen=True, slots=True)
class _Told:
    """The plan's stock paths as arrays, (D, P, C) each."""

    stock: Floats
    arrived: Floats
    served: Floats
    spilled: Floats
    backlog_days: Floats


@dataclass(frozen=True, slots=True)
class _Recount:
    """What follows from the convoys and from what is handed out."""

    vehicles: Floats
    morning: Floats
    sent: Floats
    arrived: Floats
    before_outside: Floats
    evening: Floats
    most_served: Floats
    backlog: Floats
    short: Floats


def _told(plan: Plan, problem: Problem) -> _Told:
    place = {code: index for index, code in enumerate(problem.places)}
    commodity = {code: index for index, code in enumerate(problem.commodities)}
    told = _Told(*(np.zeros(problem.demand.shape) for _ in range(5)))
    for path in plan.stocks:
        at = (slice(None), place[path.place], commodity[path.commodity])
        told.stock[at] = path.stock
        told.arrived[at] = path.arrived
        told.served[at] = path.served
        told.spilled[at] = path.spilled
        told.backlog_days[at] = path.backlog_days
    return told


def _recount(plan: Plan, problem: Problem, told: _Told) -> _Recount:
    days = len(problem.days)
    place = {code: index for index, code in enumerate(problem.places)}
    commodity = {code: index for index, code in enumerate(problem.commodities)}
    shape = problem.demand.shape
    loss = np.zeros(shape[2]) if problem.daily_loss is None else problem.daily_loss
    kept = (1.0 - loss).tolist()
    sent, arrived, before, most, backlog, morning, aside = (np.zeros(shape) for _ in range(7))
    vehicles = np.zeros((days, len(problem.legs), len(problem.fleets)))
    for convoy in plan.convoys:
        at = position(convoy, problem)
        if at is None:
            continue
        day, leg, _ = at
        vehicles[at] += convoy.vehicles
        lands = day + int(problem.lead_days[leg])
        for load in convoy.loads:
            sent[day, place[convoy.start], commodity[load.commodity]] += load.amount
            if lands < days:
                good = commodity[load.commodity]
                still = kept[good] ** float(problem.lead_days[leg])
                arrived[lands, place[convoy.end], good] += load.amount * still
    if problem.back_fuel is not None and problem.burns is not None:
        for day, leg, fleet in np.argwhere(vehicles > 0).tolist():
            at = (day, place[problem.legs[leg].end], int(problem.burns[fleet]))
            aside[at] += vehicles[day, leg, fleet] * problem.back_fuel[leg, fleet]
    stock, owed = problem.stock.copy(), np.zeros(shape[1:])
    evening = np.zeros(shape)
    for day in range(days):
        morning[day] = stock
        most[day] = problem.demand[day] + problem.aims.backlog_keep * owed
        before[day] = (stock + arrived[day] - sent[day] - aside[day] - told.served[day]) * kept
        stock = before[day] + problem.arrivals[day] - told.spilled[day]
        owed = most[day] - told.served[day]
        evening[day], backlog[day] = stock, owed
    short = np.maximum(problem.demand - told.served, 0.0)
    return _Recount(vehicles, morning, sent, arrived, before, evening, most, backlog, short)


def _road_breaches(recount: _Recount, problem: Problem) -> Iterator[Breach]:
    used = recount.vehicles.sum(axis=2)
    for day, leg in np.argwhere(used > 0).tolist():
        passage = problem.passages.get((day, leg))
        road, when = problem.legs[leg].road, problem.days[day]
        found, most = float(used[day, leg]), float(problem.road_vehicles[day, leg])
        if problem.other_vehicles is not None:
            most = max(most - float(problem.other_vehicles[day, leg]), 0.0)
        if found > most + TOLERANCE * max(1.0, most):
            yield Breach("road", road, when, f"{found:g} vehicles, the road has room for {most:g}")
        named = passage.vehicles if passage is not None else None
        if named is not None and found > named + TOLERANCE * max(1.0, named):
            yield Breach("passage", road, when, f"{found:g} vehicles, the passage is for {named}")


def _together_breaches(recount: _Recount, problem: Problem) -> Iterator[Breach]:
    used = recount.vehicles.sum(axis=2)
    by_road = {
        road: used[:, [leg.road == road for leg in problem.legs]].sum(axis=1)
        for pair in problem.together
        for road in pair
    }
    for day in range(min(problem.aims.whole_vehicle_days, len(problem.days))):
        for one, other in problem.together:
            if (by_road[one][day] > 0) != (by_road[other][day] > 0):
                runs, idle = (one, other) if by_road[one][day] > 0 else (other, one)
                text = f"it runs without {idle}, which it must run with"
                yield Breach("together", runs, problem.days[day], text)


def _fleet_breaches(recount: _Recount, problem: Problem) -> Iterator[Breach]:
    days = len(problem.days)
    busy, stayed = np.zeros((2, days, len(problem.fleets)))
    for day, leg, fleet in np.argwhere(recount.vehicles > 0).tolist():
        trip = float(problem.trip_days[leg, fleet])
        if not isfinite(trip):
            continue
        if trip > 1:
            busy[day : day + ceil(trip - 1e-9), fleet] += recount.vehicles[day, leg, fleet]
        else:
            trips = max(1, floor(1 / max(trip, 1 / 48) + 1e-9))
            busy[day, fleet] += recount.vehicles[day, leg, fleet] / trips
        if problem.stays is not None:
            back = day + max(1, ceil(trip - 1e-9))
            stayed[back:, fleet] += problem.stays[fleet] * recount.vehicles[day, leg, fleet]
    ready = np.broadcast_to([float(fleet.vehicles) for fleet in problem.fleets], busy.shape)
    if problem.vehicles_ready is not None:
        ready = problem.vehicles_ready
    for day, fleet in np.ndindex(busy.shape):
        found, most = busy[day, fleet], float(ready[day, fleet])
        whole = found + stayed[day, fleet], float(ready[:, fleet].max())
        subject, when = problem.fleets[fleet].fleet, problem.days[day]
        if found > most + TOLERANCE * max(1.0, most):
            text = f"{found:g} vehicles are on the way, {most:g} are on hand"
            yield Breach("fleet", subject, when, text)
        if found and whole[0] > whole[1] + TOLERANCE * max(1.0, whole[1]):
            text = f"{whole[0]:g} vehicles are on the way or stayed away, there were {whole[1]:g}"
            yield Breach("fleet", subject, when, text)


def _stock_breaches(recount: _Recount, told: _Told, problem: Problem) -> Iterator[Breach]:
    held = problem.stock.sum(axis=0) + problem.arrivals.sum(axis=(0, 1))
    allowed = TOLERANCE * np.maximum(
        1.0, np.maximum(held, problem.demand.max(axis=(0, 1), initial=0.0))
    )
    less = np.minimum(recount.before_outside, recount.evening) < -allowed
    yield from _each("stock", less, problem, "less than nothing is in stock")
    differs = np.abs(recount.evening - told.stock) > allowed
    yield from _each("stock", differs, problem, "the stock told is not what the convoys leave")
    came = np.abs(recount.arrived - told.arrived) > allowed
    yield from _each("stock", came, problem, "what the plan says arrives is on no convoy")
    early = recount.sent > recount.morning + allowed
    yield from _each("morning_stock", early, problem, "more leaves than was there in the morning")
    if problem.aims.loads_ahead != "no":
        loaded = np.concatenate(
            [np.zeros((1, *recount.sent.shape[1:])), recount.before_outside[:-1]]
        )
        unloaded = recount.sent > loaded + allowed
        yield from _each("loaded", unloaded, problem, "more leaves than was loaded the day before")
    spilled = (told.spilled < -allowed) | (told.spilled > problem.arrivals + allowed)
    yield from _each("spilled", spilled, problem, "more is turned away than comes from outside")
    for kind, room in ((False, problem.storage_t), (True, problem.tank_t)):
        goods = problem.is_liquid == kind
        tonnes = recount.evening[..., goods] @ problem.t_per_unit[goods]
        most = np.maximum(room, problem.stock[:, goods] @ problem.t_per_unit[goods])
        for day, place in np.argwhere(tonnes > most + TOLERANCE * np.maximum(1.0, most)).tolist():
            text = f"{tonnes[day, place]:g} t stand where {most[place]:g} t fit"
            yield Breach("storage", problem.places[place], problem.days[day], text)


def _need_breaches(
    plan: Plan, recount: _Recount, told: _Told, problem: Problem
) -> Iterator[Breach]:
    allowed = TOLERANCE * np.maximum(1.0, problem.demand.max(axis=(0, 1), initial=0.0))
    wrong = (told.served < -allowed) | (told.served > recount.most_served + allowed)
    yield from _each("served", wrong, problem, "more is handed out than need and backlog")
    need = problem.demand.mean(axis=0)
    days = recount.backlog / np.where(need > 0, need, np.inf)
    differs = np.abs(days - told.backlog_days) > TOLERANCE * np.maximum(1.0, days)
    yield from _each("backlog", differs, problem, "the backlog told is not need less handed out")
    short = np.where(recount.short > 2 * allowed, recount.short, 0.0).sum(axis=0)
    said = np.zeros(short.shape)
    for line in plan.unmet:
        at = problem.places.index(line.place), problem.commodities.index(line.commodity)
        said[at] = line.amount
    for place, commodity in np.argwhere(np.abs(said - short) > 4 * len(days) * allowed).tolist():
        text = (
            f"{problem.commodities[commodity]}: {said[place, commodity]:g} are said to be unmet, "
        )
        text += f"{short[place, commodity]:g} are"
        yield Breach("unmet", problem.places[place], None, text)
    if (plan.status == "short") != bool(plan.unmet):
        yield Breach("unmet", "plan", None, f"the plan says '{plan.status}' against its own list")
    yield from _total_breaches(plan, problem, recount)


def _total_breaches(plan: Plan, problem: Problem, recount: _Recount) -> Iterator[Breach]:
    by_rate = np.where(problem.rate > 0, problem.rate, np.inf)
    rated = (problem.rate > 0) | (problem.demand.sum(axis=0) == 0)
    total = (recount.short / by_rate).sum(axis=(0, 1))
    for index, (commodity, person_days) in enumerate(plan.person_days_without):
        # Where nobody stated a rate the count rests on headcounts alone and is taken as told.
        if rated[:, index].all() and abs(person_days - total[index]) > 1e-5 * max(
            1.0, total[index]
        ):
            text = f"{person_days:g} person-days are said to be without, {total[index]:g} are"
            yield Breach("totals", commodity, None, text)
    need, short = problem.demand.sum(axis=0), recount.short.sum(axis=0)
    for line in plan.fill_rates:
        at = problem.places.index(line.place), problem.commodities.index(line.commodity)
        if abs(1 - short[at] / need[at] - line.share) > 1e-5:
            text = f"{line.commodity}: a fill rate of {line.share:g} does not follow from the days"
            yield Breach("totals", line.place, None, text)
    if plan.worst_place is not None:
        place = problem.places.index(plan.worst_place.place)
        mean = _mean_days_without(recount, problem)
        told = plan.worst_place.days_without
        if max(abs(told - mean[place]), mean.max() - told) > 1e-5 * max(1.0, told):
            text = f"{told:g} days without are said to be the most, {mean.max():g} are"
            yield Breach("totals", plan.worst_place.place, None, text)


def _mean_days_without(recount: _Recount, problem: Problem) -> Floats:
    need = problem.demand.mean(axis=0)
    weight = np.where(need > 0, problem.urgency, 0.0)
    days = (recount.backlog / np.where(need > 0, need, np.inf)).mean(axis=0)
    total = weight.sum(axis=1)
    return np.asarray((days * weight).sum(axis=1) / np.where(total > 0, total, np.inf))


def _each(rule: Rule, where: Bools, problem: Problem, text: str) -> Iterator[Breach]:
    for day, place, commodity in np.argwhere(where).tolist():
        words = f"{problem.commodities[commodity]}: {text}"
        yield Breach(rule, problem.places[place], problem.days[day], words)
