"""All roads together: joint states for a planner, and joint futures to try plans on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.errors import PlanningError
from corridor.hazards.chances import Hazards, RoadHazard
from corridor.hazards.phases import Floats, Ints
from corridor.hazards.shocks import parted

# Beyond this many joint states even their chances are too many to hold.
_MOST_EXACT = 300_000
# A phase that no day reaches with a greater chance is left out.
_NEVER = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class JointChain:
    """The joint states of the roads, and how one follows another from day to day.

    J joint states, R roads, D days.

    Attributes
    ----------
    status
        Status of each road in each joint state, (J, R): 0 open, 1 restricted, 2 closed. Two states may
        show the same statuses: a long closure looks like a short one.
    first
        Chance of each state on the first day, (J,).
    transition
        Chance of each state on the next day, (D - 1, J, J), from the first day on; rows sum to one.
    kept
        Least chance over the days that the roads are in one of these states at all: 1 where none was left
        out.
    phase
        Phase of each road in each joint state, (J, R).
    """

    status: Ints
    first: Floats
    transition: Floats
    kept: float
    phase: Ints


def joint(
    hazards: Hazards, *, most_states: int = 256, like: JointChain | None = None
) -> JointChain:
    """Return the joint chain of all roads.

    1. Of each road keep the phases that some day reaches.
    2. Where their combinations are more than `most_states`, keep the ones most likely over the days, from the
       exact chances of all of them; chances of going to others are shared out over those kept.
    3. Roads move independently, but for days of a shared shock, on which all shut.

    Parameters
    ----------
    like
        Keeps the states of this one instead, of the same roads, so that what is said of a state holds in both.

    Raises
    ------
    PlanningError
        No road, or more combinations than can be counted.
    """
    if not hazards.roads:
        raise PlanningError("joint states: at least one road is needed")
    reached = [
        np.flatnonzero(road.phase_chances().max(axis=0) > _NEVER)
        if like is None
        else np.unique(like.phase[:, number])
        for number, road in enumerate(hazards.roads)
    ]
    shape = tuple(len(phases) for phases in reached)
    number = int(np.prod(shape, dtype=np.float64))
    if number > _MOST_EXACT:
        raise PlanningError(
            f"joint states: {len(shape)} roads have {number:,} of them, at most {_MOST_EXACT:,} can be counted; "
            "ask for fewer roads"
        )
    days = len(hazards.days)
    firsts = [road.first[phases] for road, phases in zip(hazards.roads, reached, strict=True)]
    parts = [
        _parts(road, phases, hazards.shock)
        for road, phases in zip(hazards.roads, reached, strict=True)
    ]
    chances = _occupancy(firsts, parts, hazards.shock, days)
    if like is None:
        kept = np.sort(np.argsort(-chances.sum(axis=0), kind="stable")[:most_states])
    else:
        places = [
            np.searchsorted(phases, like.phase[:, number]) for number, phases in enumerate(reached)
        ]
        kept = np.ravel_multi_index(places, shape)
    phase = np.stack(np.unravel_index(kept, shape), axis=1)
    first = chances[0, kept]
    if not first.sum() > 0:
        raise PlanningError("joint states: none of those kept can be on the first day")
    transition = np.empty((days - 1, len(kept), len(kept)))
    for day in range(days - 1):
        apart, shut = (_product([part[which][day] for part in parts], phase) for which in (0, 1))
        transition[day] = (1 - hazards.shock) * apart + hazards.shock * shut
    sums = transition.sum(axis=-1, keepdims=True)
    # A state all of whose successors were left out is one that no day reaches; it stays where it is.
    stays = np.eye(len(kept))
    transition = np.where(sums > 0, transition / np.where(sums > 0, sums, 1), stays)
    status = np.stack(
        [
            road.shown[phases][phase[:, number]]
            for number, (road, phases) in enumerate(zip(hazards.roads, reached, strict=True))
        ],
        axis=1,
    )
    least = float(chances[:, kept].sum(axis=1).min())
    own = np.stack([phases[phase[:, number]] for number, phases in enumerate(reached)], axis=1)
    return JointChain(status, first / first.sum(), transition, min(least, 1.0), own)


def futures(hazards: Hazards, count: int, *, seed: int) -> Ints:
    """Draw joint futures, (count, D, R) statuses, what is not known of the rates included.

    Each future draws a sample of each road's rates and of the shock, then days from these: on a day of a
    shock all roads that are not decided shut together.
    """
    rng = np.random.default_rng(seed)
    days = len(hazards.days)
    drawn = np.empty((count, days, len(hazards.roads)), dtype=np.int64)
    shock = hazards.shock_samples[rng.integers(len(hazards.shock_samples), size=count)]
    is_shock = rng.random((days, count)) < shock
    for number, road in enumerate(hazards.roads):
        which = rng.integers(len(road.samples), size=count)
        phase = _throw(road.first_samples[which], rng)
        drawn[:, 0, number] = road.shown[phase]
        for day in range(days - 1):
            rows = road.samples[which, day]
            apart, shut = parted(rows, road.shown, shock, bool(road.is_decided[day + 1]))
            rows = np.where(is_shock[day][:, np.newaxis, np.newaxis], shut, apart)
            phase = _throw(rows[np.arange(count), phase], rng)
            drawn[:, day + 1, number] = road.shown[phase]
    return drawn


def _parts(road: RoadHazard, phases: Ints, shock: float) -> tuple[Floats, Floats]:
    """Return a road's matrices without and with a shock, (D - 1, s, s), of the phases kept."""
    among = np.ix_(np.arange(len(road.transition)), phases, phases)
    shocks = np.full(len(road.transition), shock)
    apart, shut = parted(road.transition, road.shown, shocks, road.is_decided[1:])
    return apart[among], shut[among]


def _occupancy(
    firsts: list[Floats], parts: list[tuple[Floats, Floats]], shock: float, days: int
) -> Floats:
    """Return the chance of every combination of phases on each day, (D, all)."""
    now = firsts[0]
    for first in firsts[1:]:
        now = np.multiply.outer(now, first)
    found = [now.ravel()]
    for day in range(days - 1):
        moved = []
        for which in (0, 1):
            ahead = now
            for axis, part in enumerate(parts):
                ahead = np.moveaxis(np.tensordot(ahead, part[which][day], axes=(axis, 0)), -1, axis)
            moved.append(ahead)
        now = (1 - shock) * moved[0] + shock * moved[1]
        found.append(now.ravel())
    return np.stack(found)


def _product(matrices: list[Floats], phase: Ints) -> Floats:
    """Return the chance of each joint state after each, (J, J), of roads that move independently."""
    made = np.ones((len(phase), len(phase)))
    for number, matrix in enumerate(matrices):
        made *= matrix[np.ix_(phase[:, number], phase[:, number])]
    return made


def _throw(chances: Floats, rng: np.random.Generator) -> Ints:
    sums = chances.cumsum(axis=1)
    return np.asarray((rng.random((len(chances), 1)) * sums[:, -1:] >= sums).sum(axis=1))
