"""What stays unmet, and why: the first limit that stands between goods and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np

from corridor.planning.flow import Flow
from corridor.planning.network import Ints, Network
from corridor.planning.problem import Bools, Floats, Problem
from corridor.values import CommodityCode, PlaceCode, named

Cause = Literal[
    "no road reaches it",
    "no vehicle carries it",
    "not yet arrived",
    "road closed or held",
    "nothing in stock at the hub",
    "stock outside",
    "road takes no more vehicles",
    "vehicles short",
    "no fuel for the way back",
    "storage",
    "other need came first",
]
CAUSES: tuple[Cause, ...] = get_args(Cause)
_NEARLY = 1e-6


@dataclass(frozen=True, slots=True)
class Unmet:
    """Need of one commodity at one place that this plan leaves unmet on its day.

    Attributes
    ----------
    person_days
        Days gone without, over all people and days.
    amount
        In `unit`. What is handed out later against the backlog does not take a day without away.
    first_day
        First day on which something is short.
    worst_day_backlog_days
        Most that people lack on any evening, in days of mean need.
    cause
        What stood in the way on most of those person-days: 'not yet arrived' before anything sent
        could come, 'stock outside' where goods are expected later than needed, 'storage' where the
        store at the place is full, 'other need came first' where the plan had the means and used
        them elsewhere.
    because
        Reasons recorded for closed or held roads.
    """

    place: PlaceCode
    commodity: CommodityCode
    person_days: float
    amount: float
    unit: str
    first_day: date
    worst_day_backlog_days: float
    cause: Cause
    because: tuple[str, ...] = ()


def unmet(problem: Problem, net: Network, flow: Flow) -> tuple[Unmet, ...]:
    """List what stays unmet, the most person-days first."""
    tolerance = _NEARLY * np.maximum(1.0, problem.demand.max(axis=(0, 1), initial=0.0))
    short = np.where(flow.short > tolerance, flow.short, 0.0)
    if not short.any():
        return ()
    person_days = short.sum(axis=0) * people_per_unit(problem, net)
    cause = _causes(problem, net, flow)
    backlog = flow.backlog.max(axis=0) / np.where(net.need > 0, net.need, np.inf)
    found = []
    for place, commodity in zip(*np.nonzero(short.any(axis=0)), strict=True):
        amounts = short[:, place, commodity]
        weight = np.bincount(cause[:, place, commodity], amounts, len(CAUSES))
        why = CAUSES[int(weight.argmax())]
        found.append(
            Unmet(
                place=problem.places[place],
                commodity=problem.commodities[commodity],
                person_days=round(float(person_days[place, commodity]), 6),
                amount=round(float(amounts.sum()), 6),
                unit=problem.units[commodity],
                first_day=problem.days[int(np.flatnonzero(amounts)[0])],
                worst_day_backlog_days=round(float(backlog[place, commodity]), 6),
                cause=why,
                because=_reasons(problem, net, int(place)) if why == "road closed or held" else (),
            )
        )
    return tuple(sorted(found, key=lambda u: (-u.person_days, u.place, u.commodity)))


def people_per_unit(problem: Problem, net: Network) -> Floats:
    """Person-days that one unit serves at each place, (P, C); 0 where nothing is needed."""
    by_rate = 1 / np.where(problem.rate > 0, problem.rate, np.inf)
    by_need = net.persons / np.where(net.need > 0, net.need, np.inf)
    return np.where(net.need > 0, np.where(problem.rate > 0, by_rate, by_need), 0.0)


def _causes(problem: Problem, net: Network, flow: Flow) -> Ints:
    """First limit in the way of one more load to each place by each day, (D, P, C) index in CAUSES.

    A limit is in the way by a day when every departure that could still have come by then meets it.
    Stock is also in the way when nothing is left of it by then: what might have gone earlier went later.
    """
    able = (problem.payload > 0) & np.isfinite(problem.trip_days)[..., None]
    usable = net.limit > 0
    if problem.other_vehicles is not None:
        usable |= (problem.road_vehicles > 0) & (problem.road_vehicles <= problem.other_vehicles)
    if problem.aims.loads_ahead != "no":
        usable[0] = False
    goes = ((problem.may_depart & usable & net.has_partner)[..., None] & net.open_to) & (
        problem.class_passes[..., None] & able
    ).any(axis=2)
    least = _NEARLY * np.maximum(1.0, problem.payload.max(axis=0, initial=0.0))
    left = (flow.morning - flow.sent)[:, net.start] > least
    stocked = goes & left
    spent = ~_by_then(problem, net, stocked) | ~_by_then(problem, net, left, ever=False)
    room, free = _spare(problem, net, flow)
    roomy = stocked & room[..., None]
    ready = problem.class_passes & free
    driven = roomy & (ready[..., None] & able).any(axis=2)
    fuelled = driven & ((ready & _fuelled(problem, net, flow))[..., None] & able).any(axis=2)
    reached, carried = _reached(problem, net, np.any(able, axis=1))
    met = (
        ~np.broadcast_to(reached[:, None], problem.demand.shape),
        ~np.broadcast_to(carried, problem.demand.shape),
        ~_by_then(problem, net, _able_by_day(problem, np.any(able, axis=1))),
        ~_by_then(problem, net, goes),
        spent & ~_expected(problem, net),
        spent,
        ~_by_then(problem, net, roomy),
        ~_by_then(problem, net, driven),
        ~_by_then(problem, net, fuelled),
        _full(problem, flow),
    )
    return _traced(problem, net, np.select(met, range(len(met)), len(met)).astype(np.int64))


def _able_by_day(problem: Problem, able: Bools) -> Bools:
    """Whether vehicles carry goods over a leg on a day, (D, L, C): none do before anything is loaded."""
    found = np.repeat(able[None], len(problem.days), axis=0)
    found[0] &= problem.aims.loads_ahead == "no"
    return found


def _fuelled(problem: Problem, net: Network, flow: Flow) -> Bools:
    """Whether one more vehicle could have fuelled for the way back where it unloads, (D, L, F)."""
    found = np.ones(flow.vehicles.shape, dtype=np.bool_)
    if problem.back_fuel is None or problem.burns is None:
        return found
    for leg, fleet in np.argwhere(problem.back_fuel > 0).tolist():
        left = flow.evening[:, net.end[leg], problem.burns[fleet]]
        found[:, leg, fleet] = left >= problem.back_fuel[leg, fleet] * (1 - _NEARLY)
    return found


def _spare(problem: Problem, net: Network, flow: Flow) -> tuple[Bools, Bools]:
    """Whether a leg takes another vehicle, (D, L), and a fleet has one for it, (D, L, F)."""
    days = len(problem.days)
    # On later days vehicles come in parts, so any part left counts as room.
    step = np.where(np.arange(days) < problem.aims.whole_vehicle_days, 1 - _NEARLY, _NEARLY)
    room = net.limit - flow.vehicles.sum(axis=2) >= step[:, None]
    left = net.ready.astype(np.float64)
    for ahead in range(min(days, int(net.busy_days.max(initial=1)) + 1)):
        away = (flow.vehicles * net.busy_share * (net.busy_days > ahead)).sum(axis=1)
        left[ahead:] -= away[: days - ahead]
        if problem.stays is not None:
            stayed = (flow.vehicles * problem.stays * (net.busy_days == ahead)).sum(axis=1)
            left[ahead:] -= np.cumsum(stayed, axis=0)[: days - ahead]
    free = np.ones(flow.vehicles.shape, dtype=np.bool_)
    for ahead in range(min(days, int(net.busy_days.max(initial=1)))):
        fits = left[ahead:, None, :] >= (step[: days - ahead, None, None] * net.busy_share)
        free[: days - ahead] &= fits | (net.busy_days <= ahead)
    return room, free


def _reached(problem: Problem, net: Network, carries: Bools) -> tuple[Bools, Bools]:
    """Places a road reaches from where goods are, (P,), and where vehicles carry each, (P, C)."""
    has = (problem.stock > 0).any(axis=1) | (problem.arrivals > 0).any(axis=(0, 2))
    source = problem.is_hub | has
    reached = np.zeros(source.size, dtype=np.bool_)
    carried = np.zeros((source.size, carries.shape[1]), dtype=np.bool_)
    place = {code: index for index, code in enumerate(problem.places)}
    roads = [(place[a], place[b]) for a, b in problem.roads if a in place and b in place]
    here = np.array([*net.start, *(x for ends in roads for x in ends)], dtype=np.int64)
    there = np.array([*net.end, *(x for ends in roads for x in ends[::-1])], dtype=np.int64)
    for _ in problem.places:
        np.logical_or.at(reached, there, (source | reached)[here])
        np.logical_or.at(carried, net.end, (source[:, None] | carried)[net.start] & carries)
    return reached, carried


def _by_then(problem: Problem, net: Network, holds: Bools, *, ever: bool = True) -> Bools:
    """Whether something held for a departure that arrives by a day, (D, L, C) to (D, P, C).

    With `ever`, any departure up to that one counts; without, only the last that still comes.
    """
    held = np.logical_or.accumulate(holds, axis=0) if ever else holds
    left = np.arange(len(problem.days))[:, None] - problem.lead_days
    day, leg = np.nonzero(left >= 0)
    found = np.zeros(problem.demand.shape, dtype=np.bool_)
    np.logical_or.at(found, (day, net.end[leg]), held[left[day, leg], leg])
    return found


def _expected(problem: Problem, net: Network) -> Bools:
    """Whether goods come from outside to where a leg in starts, that day or later, (D, P, C)."""
    coming = np.logical_or.accumulate(problem.arrivals[::-1] > 0, axis=0)[::-1]
    found = np.zeros(problem.demand.shape, dtype=np.bool_)
    for start, end in zip(net.start, net.end, strict=True):
        found[:, end] |= coming[:, start]
    return found


def _full(problem: Problem, flow: Flow) -> Bools:
    """Whether the store for a commodity was full on any evening so far, (D, P, C)."""
    tonnes = flow.evening * problem.t_per_unit
    dry = tonnes[..., ~problem.is_liquid].sum(axis=2) >= problem.storage_t * (1 - _NEARLY)
    wet = tonnes[..., problem.is_liquid].sum(axis=2) >= problem.tank_t * (1 - _NEARLY)
    full = np.where(problem.is_liquid, wet[..., None], dry[..., None])
    return np.logical_or.accumulate(full, axis=0)


def _traced(problem: Problem, net: Network, cause: Ints) -> Ints:
    """Where the place a leg starts from has nothing, take the reason why it had nothing before."""
    empty, early = CAUSES.index("nothing in stock at the hub"), CAUSES.index("not yet arrived")
    from_hub = np.unique(net.end[problem.is_hub[net.start]])
    days = np.arange(len(problem.days))
    for _ in problem.places:
        for start, end, lead in zip(net.start, net.end, problem.lead_days, strict=True):
            if end in from_hub or problem.is_hub[end]:
                continue
            # What leaves on a morning came the day before; before the first day nothing could come.
            before = days - lead - 1
            there = cause[np.maximum(before, 0), start]
            there = np.where((before[:, None] < 0) & (there > early), early, there)
            cause[:, end] = np.where(cause[:, end] == empty, there, cause[:, end])
    return cause


def _reasons(problem: Problem, net: Network, place: int) -> tuple[str, ...]:
    """Reasons recorded for the legs into a place, each once, in order of days; then the roads they run with."""
    alone = {problem.legs[leg].road for leg in np.flatnonzero(~net.has_partner.all(axis=0))}
    into = {problem.legs[leg].road for leg in np.flatnonzero(net.end == place)}
    paired = (
        f"{named(one)} and {named(other)} run on the same day or not at all, and not both can"
        for one, other in problem.together
        if {one, other} & alone & into
    )
    return tuple(
        dict.fromkeys(
            (
                *(t for (_, leg), t in sorted(problem.why_not.items()) if net.end[leg] == place),
                *paired,
            )
        )
    )
