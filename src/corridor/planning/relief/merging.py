"""Places that are merged into one, so that what follows today can be valued with few states.

What the merged model costs is never more than what the full one does, whatever the roads do: every
plan of the full model, added up over the places that are merged, is a plan of the merged one, and
costs no less. So its lower bounds hold for the full model too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from corridor.planning.relief.model import Arcs, Bools, Ending, Floats, Ints, Limits, ReliefModel
from corridor.planning.relief.stage import columns_of


@dataclass(frozen=True, slots=True, eq=False)
class Merging:
    """A model with fewer places, and where each part of the full one went.

    Attributes
    ----------
    model
        The merged model.
    node
        Merged node of each node, (N,).
    arc
        Merged arc of each arc, (A,); -1 for arcs between places that were merged.
    state
        Merged state from the full one, (S merged, S): a sum.
    """

    model: ReliefModel
    node: Ints
    arc: Ints
    state: Floats


def places_inside(model: ReliefModel) -> Ints:
    """Return a group for each node, (N,): places that are joined whatever the roads do are one.

    A node stays alone where an arc begins or ends that a limit touches which depends on the
    roads. The others form one group where arcs join them, or join them to the same lone nodes.
    """
    limits, arcs = model.moves, model.arcs
    varies = (limits.most != limits.most[:, :, :1]).any(axis=(0, 2))
    touched = np.unique(limits.at[varies[limits.row] & (limits.weight != 0)])
    nodes = len(model.need)
    alone = np.zeros(nodes, dtype=np.bool_)
    alone[arcs.start[touched]] = alone[arcs.end[touched]] = True
    ends = np.stack([arcs.start, arcs.end], axis=1)
    group = np.arange(nodes)
    inner = ends[~alone[ends].any(axis=1)]
    for first, second in inner.tolist():
        group[group == group[second]] = group[first]
    # A group is also held together by the lone nodes that its places are served from.
    served_from = {
        each: frozenset(
            ends[(group[ends[:, 1]] == each) & alone[ends[:, 0]] & ~alone[ends[:, 1]], 0].tolist()
        )
        for each in np.unique(group[~alone]).tolist()
    }
    first_with: dict[frozenset[int], int] = {}
    for each, sources in served_from.items():
        group[(group == each) & ~alone] = first_with.setdefault(sources, each)
    return np.asarray(np.unique(group, return_inverse=True)[1], dtype=np.int64)


def merged(model: ReliefModel, group: Ints) -> Merging:
    """Merge the nodes of each group, (N,) numbers from 0.

    1. Stock, supply, demand and backlog are added up.
    2. Arcs that run alike become one, at the least cost and fuel; arcs within a group end.
    3. Limits keep the least weight of what was merged. Those that then say nothing are added up
       over what runs (or stands) alike, and kept where the sum says something.
    4. All vehicles come back.
    5. Deprivation counts the least of the costs in each interval, on the sum: by Jensen's
       inequality no distribution over the places costs less.
    """
    arcs, arc = _arcs(model, group)
    count = int(group.max()) + 1
    need = _added(model.need, group, count)
    small = replace(
        model,
        stock=_added(model.stock, group, count),
        backlog=_added(model.backlog, group, count),
        supply=np.stack([_added(day, group, count) for day in model.supply]),
        demand=np.stack([_added(day, group, count) for day in model.demand]),
        need=need,
        deprivation_cost=_deprivation(model, group, need),
        fairness_share=_fairness(model, group, need),
        arcs=arcs,
        moves=_limits(model.moves, arc, len(arcs.start), model.need.shape[1]),
        stores=_limits(model.stores, group, count, model.need.shape[1]),
        leaves_from_morning=_least(model.leaves_from_morning, group, count) > 0,
        hold_cost=_least(model.hold_cost, group, count),
        spill_cost=_least(model.spill_cost, group, count),
        emergency_fuel_cost=_least(model.emergency_fuel_cost, group, count),
        ending=_ending(model.ending, group, count, model.need.shape[1]),
        losses=None,
        staying=None,
    )
    return Merging(small, group, arc, _state(model, small, group, arc))


def _arcs(model: ReliefModel, group: Ints) -> tuple[Arcs, Ints]:
    arcs = model.arcs
    waits = np.zeros(arcs.start.size, dtype=np.bool_) if arcs.waits is None else arcs.waits
    burns = np.zeros(arcs.start.size, dtype=np.int64) if arcs.back_fuel is None else arcs.back_fuel
    kinds = np.stack(
        [group[arcs.start], group[arcs.end], arcs.lead_days, arcs.is_loaded_ahead, waits, burns],
        axis=1,
    )
    stays = (kinds[:, 0] == kinds[:, 1]) & (arcs.start != arcs.end)
    found, which = np.unique(kinds[~stays], axis=0, return_inverse=True)
    arc = np.full(arcs.start.size, -1, dtype=np.int64)
    arc[~stays] = which.ravel()
    unused = np.where(arcs.carries, arcs.cost, np.inf)
    cost = _least(unused[~stays], arc[~stays], len(found))
    fuel = np.where(arcs.carries, arcs.fuel, np.inf)
    burnt = _least(fuel[~stays], arc[~stays], len(found))
    carries = np.isfinite(cost)
    back = None
    if arcs.back is not None:
        aside = np.where(arcs.carries, arcs.back, np.inf)
        back = np.where(carries, _least(aside[~stays], arc[~stays], len(found)), 0.0)
    merged_arcs = Arcs(
        start=found[:, 0],
        end=found[:, 1],
        carries=carries,
        cost=np.where(carries, cost, 0.0),
        fuel=np.where(carries, burnt, 0.0),
        lead_days=found[:, 2],
        is_loaded_ahead=found[:, 3].astype(np.bool_),
        waits=None if arcs.waits is None else found[:, 4].astype(np.bool_),
        back=back,
        back_fuel=None if back is None else found[:, 5],
    )
    return merged_arcs, arc


def _limits(limits: Limits, into: Ints, count: int, commodities: int) -> Limits:
    """Limits on what is left after arcs (or nodes) became those of `into`, -1 for none."""
    rows = limits.most.shape[1]
    weight = np.zeros((rows, into.size, commodities))
    np.add.at(weight, (limits.row, limits.at, limits.commodity), limits.weight)
    alone = _least_weight(weight, into, count)
    says = (alone > 0).any(axis=(1, 2))
    # What touches the same merged arcs is added up where it says nothing on its own.
    touches = np.zeros((rows, count), dtype=np.bool_)
    for one in range(count):
        touches[:, one] = (weight[:, into == one] > 0).any(axis=(1, 2))
    silent = np.flatnonzero(~says & touches.any(axis=1))
    families, member = np.unique(touches[silent], axis=0, return_inverse=True)
    summed = np.zeros((len(families), *weight.shape[1:]))
    np.add.at(summed, member.ravel(), weight[silent])
    together = _least_weight(summed, into, count)
    most = np.zeros((limits.most.shape[0], len(families), limits.most.shape[2]))
    widest, loaded = limits.widest(), np.zeros(len(families))
    for family, limit in zip(member.ravel().tolist(), silent.tolist(), strict=True):
        most[:, family] += limits.most[:, limit]
        loaded[family] += widest[limit]
    kept = (together > 0).any(axis=(1, 2))
    found = np.concatenate([alone[says], together[kept]])
    row, at, commodity = np.nonzero(found)
    return Limits(
        row=row,
        at=at,
        commodity=commodity,
        weight=found[row, at, commodity],
        most=np.concatenate([limits.most[:, says], most[:, kept]], axis=1),
        most_loaded=np.concatenate([widest[says], loaded[kept]]),
    )


def _least_weight(weight: Floats, into: Ints, count: int) -> Floats:
    """The least weight over what became one, (rows, count, C)."""
    found = np.zeros((len(weight), count, weight.shape[2]))
    for one in range(count):
        found[:, one] = weight[:, into == one].min(axis=1)
    return found


def _deprivation(model: ReliefModel, group: Ints, need: Floats) -> Floats:
    per_need = np.divide(
        model.deprivation_cost,
        model.need[..., None],
        where=model.need[..., None] > 0,
        out=np.full(model.deprivation_cost.shape, np.inf),
    )
    least = _least(per_need, group, len(need))
    return np.where(need[..., None] > 0, np.nan_to_num(least, posinf=0.0) * need[..., None], 0.0)


def _fairness(model: ReliefModel, group: Ints, need: Floats) -> Floats:
    """The worst of some places is no better than their mean, weighed by all they need."""
    total = model.need.sum(axis=1)
    part = total / np.maximum(_added(total, group, len(need))[group], 1e-300)
    per_need = np.divide(
        part[:, None] * model.fairness_share,
        model.need,
        where=model.need > 0,
        out=np.full(model.need.shape, np.inf),
    )
    return np.nan_to_num(_least(per_need, group, len(need)), posinf=0.0) * need


def _ending(ending: Ending, group: Ints, count: int, commodities: int) -> Ending:
    bands = ending.sought.size
    weight = np.full((bands, count, commodities), 0.0)
    full = np.zeros((bands, group.size, commodities))
    np.add.at(full, (ending.row, ending.node, ending.commodity), ending.weight)
    for one in range(count):
        # The most, so that no less is missing than before.
        weight[:, one] = full[:, group == one].max(axis=1)
    row, node, commodity = np.nonzero(weight)
    return replace(
        ending, row=row, node=node, commodity=commodity, weight=weight[row, node, commodity]
    )


def _state(full: ReliefModel, small: ReliefModel, node: Ints, arc: Ints) -> Floats:
    """Merged state from the full one, as both graphs number their states."""
    many, few = columns_of(full, is_last=False), columns_of(small, is_last=False)
    place = np.full(few.count, -1, dtype=np.int64)
    place[few.state_in()] = np.arange(few.state_in().size)
    to = np.full(many.count, -1, dtype=np.int64)
    # The row after the last, of arcs that are no more.
    to_arc = np.pad(few.loaded_in, ((0, 1), (0, 0)), constant_values=-1)[arc]
    moving = np.full(many.moving_in.shape, -1, dtype=np.int64)
    moving[: len(few.moving_in)] = np.pad(
        few.moving_in, ((0, 0), (0, 1), (0, 0)), constant_values=-1
    )[:, arc]
    for source, target in (
        (many.stock_in, few.stock_in[node]),
        (many.backlog_in, few.backlog_in[node]),
        (many.loaded_in, to_arc),
        (many.moving_in, moving),
    ):
        to[source[source >= 0]] = target[source >= 0]
    target = to[many.state_in()]
    matrix = np.zeros((few.state_in().size, target.size))
    there = np.flatnonzero(target >= 0)
    matrix[place[target[there]], there] = 1.0
    return matrix


def _added(values: Floats, group: Ints, count: int) -> Floats:
    found = np.zeros((count, *values.shape[1:]))
    np.add.at(found, group, values)
    return found


def _least(values: Floats | Bools, group: Ints, count: int) -> Floats:
    """The least over the members of each group, (count, ...)."""
    found = np.full((count, *values.shape[1:]), np.inf)
    np.minimum.at(found, group, values)
    return found
