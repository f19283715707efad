"""The steps in which a rule of thumb fills a model's arcs, laid out once for all days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.relief.evening import weights
from corridor.planning.relief.filling import Filling
from corridor.planning.relief.model import Floats, Ints, ReliefModel

Goods = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tier:
    """Arcs that end equally far from the sources.

    Attributes
    ----------
    arcs
        Their numbers, (a,).
    behind
        Nodes behind the end of each, without the end itself, (a, ...).
    need
        Need of the end and of all behind it, (a, C).
    """

    arcs: Ints
    behind: tuple[Ints, ...]
    need: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A group of goods on the arcs of a tier, and what limits them. X amounts, G limits.

    Attributes
    ----------
    arc, good
        Of each amount, (X,).
    filling
        Amounts by the need behind, under limits on moves, stock at the start, loads, what is owed,
        and stores, in that order.
    moves, weight
        Limits on moves, and their weights over all arcs and goods laid out flat.
    start, start_good
        Stocks that goods or fuel are taken from.
    ahead
        Amounts that leave only as far as they were loaded.
    end, end_good, behind
        Ends and goods that take no more than is owed there and behind.
    stores
        Limits on stores at the ends.
    back, back_good
        Stocks at the ends that fuel for the way back is set aside from.
    fleets
        Fleets of which some vehicles do not come back.
    """

    arc: Ints
    good: Ints
    filling: Filling
    moves: Ints
    weight: Floats
    start: Ints
    start_good: Ints
    ahead: Ints
    end: Ints
    end_good: Ints
    behind: tuple[Ints, ...]
    stores: Ints
    back: Ints
    back_good: Ints
    fleets: Ints


def tiers_of(model: ReliefModel) -> tuple[Tier, ...]:
    """Return the arcs that lead away from the sources, in tiers, the innermost first.

    Sources are nodes with supply; where there is none, nodes no arc comes to.
    """
    arcs, used = model.arcs, model.arcs.carries.any(axis=1)
    is_source = model.supply.any(axis=(0, 2))
    if not is_source.any():
        is_source = ~np.isin(np.arange(len(model.need)), arcs.end[used])
    far = len(model.need) + 1
    depth = np.where(is_source, 0, far)
    for _ in range(len(depth)):
        np.minimum.at(depth, arcs.end[used], depth[arcs.start[used]] + 1)
    leads = used & (depth[arcs.start] < depth[arcs.end]) & (depth[arcs.end] < far)
    reach = np.eye(len(depth), dtype=np.bool_)
    for _ in range(len(depth)):
        for arc in np.flatnonzero(leads):
            reach[arcs.start[arc]] |= reach[arcs.end[arc]]
    tiers = []
    for level in np.unique(depth[arcs.end[leads]])[::-1]:
        numbers = np.flatnonzero(leads & (depth[arcs.end] == level))
        ends = arcs.end[numbers]
        behind = tuple(np.flatnonzero(reach[end] & (np.arange(len(depth)) != end)) for end in ends)
        tiers.append(Tier(numbers, behind, reach[ends].astype(np.float64) @ model.need))
    return tuple(tiers)


def steps_of(
    model: ReliefModel,
    tier: Tier,
    groups: tuple[Goods, ...],
    *,
    only_owed: bool,
    buys: bool = False,
    loads: bool = False,
) -> list[Step]:
    """Lay out the steps that fill a tier with one group of goods after the other.

    Parameters
    ----------
    only_owed
        Carry no more than is owed today at the end and behind it; else up to the stores.
    buys
        Fuel burnt may be bought where it can be.
    loads
        For arcs loaded ahead, what leaves tomorrow, under the limits on moves and stock alone.
    """
    arcs = model.arcs
    found = []
    for group in groups:
        wanted = arcs.carries[tier.arcs] & (tier.need > 0)
        wanted &= np.isin(np.arange(wanted.shape[1]), group)
        if loads:
            wanted &= arcs.is_loaded_ahead[tier.arcs, None]
        place, good = np.nonzero(wanted)
        if place.size:
            found.append(
                _step(model, tier, place, good, only_owed=only_owed, buys=buys, loads=loads)
            )
    return found


def _step(
    model: ReliefModel,
    tier: Tier,
    place: Ints,
    good: Ints,
    *,
    only_owed: bool,
    buys: bool,
    loads: bool,
) -> Step:
    arcs, arc = model.arcs, tier.arcs[place]
    amounts = np.arange(arc.size)
    end = arcs.end[arc]
    weight = weights(model.moves, arcs.carries.shape)
    moves = weight[:, arc * arcs.carries.shape[1] + good]
    binding = np.flatnonzero(moves.any(axis=1))
    taken, takes = _stocks(model, arc, good, buys=buys)
    rows = [moves[binding], takes]
    ahead = np.zeros(0, dtype=np.int64)
    owed = np.zeros((0, 2), dtype=np.int64)
    behind: tuple[Ints, ...] = ()
    full = np.zeros(0, dtype=np.int64)
    if not loads:
        ahead = np.flatnonzero(arcs.is_loaded_ahead[arc])
        rows.append((ahead[:, None] == amounts).astype(np.float64))
        if only_owed:
            owed, first, at = np.unique(
                np.stack([end, good], axis=1), axis=0, return_index=True, return_inverse=True
            )
            behind = tuple(tier.behind[place[amount]] for amount in first)
            rows.append((np.arange(len(owed))[:, None] == at.ravel()).astype(np.float64))
        # What is owed at an end without anything behind it never comes to stand in its store.
        stands = np.array([not only_owed or tier.behind[each].size > 0 for each in place])
        stores = weights(model.stores, model.need.shape)[:, end * model.need.shape[1] + good]
        stores = stores * stands
        full = np.flatnonzero(stores.any(axis=1))
        rows.append(stores[full])
    aside, sets = _set_aside(model, arc, good)
    lost = _taken_of_fleets(model, arc, good)
    losing = np.flatnonzero(lost.any(axis=1))
    if not loads:
        rows += [sets, lost[losing]]
    return Step(
        arc=arc,
        good=good,
        filling=Filling(tier.need[place, good], np.concatenate(rows)),
        moves=binding,
        weight=weight[binding],
        start=taken[:, 0],
        start_good=taken[:, 1],
        ahead=ahead,
        end=owed[:, 0],
        end_good=owed[:, 1],
        behind=behind,
        stores=full,
        back=aside[:, 0],
        back_good=aside[:, 1],
        fleets=losing,
    )


def _set_aside(model: ReliefModel, arc: Ints, good: Ints) -> tuple[Ints, Floats]:
    """Stocks at the ends, as (node, good) pairs, and what of them a unit of each amount sets aside."""
    arcs = model.arcs
    takes = np.zeros((*model.need.shape, arc.size))
    if arcs.back is not None and arcs.back_fuel is not None:
        takes[arcs.end[arc], arcs.back_fuel[arc], np.arange(arc.size)] = arcs.back[arc, good]
    node, which = np.nonzero(takes.any(axis=2))
    return np.stack([node, which], axis=1), takes[node, which]


def _taken_of_fleets(model: ReliefModel, arc: Ints, good: Ints) -> Floats:
    """What a unit of each amount takes of fleets that lose vehicles, (H, X)."""
    losses = model.losses
    if losses is None:
        return np.zeros((0, arc.size))
    used = np.zeros((losses.most.size, *model.arcs.carries.shape))
    used[losses.row, losses.at, losses.commodity] = losses.used
    return used[:, arc, good]


def _stocks(model: ReliefModel, arc: Ints, good: Ints, *, buys: bool) -> tuple[Ints, Floats]:
    """Stocks, as (node, good) pairs, and what a unit of each amount takes of them."""
    arcs, starts = model.arcs, model.arcs.start[arc]
    takes = np.zeros((*model.need.shape, arc.size))
    takes[starts, good, np.arange(arc.size)] = 1.0
    if model.fuel >= 0:
        sold = np.isfinite(model.emergency_fuel_cost[starts])
        takes[starts, model.fuel, np.arange(arc.size)] += np.where(
            buys & sold, 0.0, arcs.fuel[arc, good]
        )
    node, which = np.nonzero(takes.any(axis=2))
    return np.stack([node, which], axis=1), takes[node, which]
