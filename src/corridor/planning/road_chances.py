"""A problem whose later days follow the chances of its roads instead of a share of their capacity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corridor.errors import PlanningError
from corridor.hazards import Hazards, JointChain, joint
from corridor.planning.problem import Floats, Problem
from corridor.planning.relief.model import CLOSED, OPEN, RESTRICTED, Chain, Ints
from corridor.values import named

_WORDS = {OPEN: "open", RESTRICTED: "restricted", CLOSED: "closed"}


def with_chances(problem: Problem, hazards: Hazards, *, most_states: int = 16) -> Problem:
    """Return a problem on roads that open and close by chance.

    1. The chain of all legs together, with at most `most_states` joint states.
    2. On every later day a leg lets through what its likeliest status does; the policy weighs what
       else may be.
    3. Today stays as it is: what is claimed of the road decides, and unknown is not open.

    Parameters
    ----------
    hazards
        Of the same days, with every leg's road towards the leg's end.

    Raises
    ------
    PlanningError
        When a leg's road is not among the hazards.
    """
    if not problem.legs:
        return problem
    chain = chain_of(problem, joint(hazards, most_states=most_states), hazards)
    likely = likeliest(chain)
    made = replace(problem, chain=chain, hazards=hazards)
    return replace(along(made, likely), assumptions=(*_said(problem, likely), *problem.assumptions))


def on_states_of(problem: Problem, before: Problem) -> Problem:
    """Return a problem on the joint states of another, where its roads can be in them.

    Which joint states are kept hangs on their chances. What was learnt of the states of one problem
    can be asked of another only where both have the same.
    """
    now, then = problem.chain, before.chain
    if now is None or then is None or problem.hazards is None or before.hazards is None:
        return problem
    if np.array_equal(now.status, then.status):
        return problem
    try:
        kept = joint(before.hazards, most_states=len(then.first))
        chain = chain_of(problem, joint(problem.hazards, like=kept), problem.hazards)
    except PlanningError:
        # On the first day its roads are in none of them.
        return problem
    return along(replace(problem, chain=chain), likeliest(chain))


def along(problem: Problem, statuses: Ints) -> Problem:
    """Return the problem with its legs in some statuses, (D, L), on all days but the first."""
    assert problem.status_vehicles is not None
    assert problem.status_passes is not None
    legs = np.arange(len(problem.legs))
    vehicles, passes = problem.road_vehicles.copy(), problem.class_passes.copy()
    vehicles[1:] = problem.status_vehicles[legs, statuses[1:]]
    passes[1:] = problem.status_passes[legs, statuses[1:]]
    why_not = dict(problem.why_not)
    for day, leg in np.argwhere(statuses[1:] == CLOSED).tolist():
        why_not.setdefault((day + 1, leg), "it is likely to be closed that day")
    return replace(problem, road_vehicles=vehicles, class_passes=passes, why_not=why_not)


def beliefs(chain: Chain) -> Floats:
    """Return the chance of each joint state on each day, as known on the first, (D, J)."""
    chances = [chain.first]
    for transition in chain.transition:
        chances.append(chances[-1] @ transition)
    return np.stack(chances)


def following(chain: Chain, statuses: Ints) -> Floats:
    """Return the chance of each joint state on each day, once these statuses were seen, (D, J).

    What never follows what was seen before is taken as likely as it was on the first day.

    Raises
    ------
    PlanningError
        When no joint state shows the statuses of a day.
    """
    found: list[Floats] = []
    for day, (known, seen) in enumerate(zip(beliefs(chain), statuses, strict=True)):
        shows = (chain.status == seen).all(axis=1)
        if not shows.any():
            raise PlanningError(f"roads: no joint state shows the statuses of day {day + 1}")
        carried = found[-1] @ chain.transition[day - 1] if day else chain.first
        chance = next(
            (np.where(shows, each, 0.0) for each in (carried, known) if each[shows].sum() > 0),
            shows.astype(np.float64),
        )
        found.append(chance / chance.sum())
    return np.stack(found)


def likeliest(chain: Chain) -> Ints:
    """Return the likeliest statuses of the roads on each day, all together, (D, R).

    Of equals the more cautious.
    """
    shown, which = np.unique(chain.status, axis=0, return_inverse=True)
    chances = np.stack([np.bincount(which.ravel(), day, len(shown)) for day in beliefs(chain)])
    return np.asarray(shown[len(shown) - 1 - chances.round(9)[:, ::-1].argmax(axis=1)])


def chain_of(problem: Problem, made: JointChain, hazards: Hazards) -> Chain:
    """Return the joint chain of the hazards' roads as one of the problem's legs."""
    order = [(road.road, road.towards) for road in hazards.roads]
    for leg in problem.legs:
        hazards.road(leg.road, leg.end)
    columns = [order.index((leg.road, leg.end)) for leg in problem.legs]
    return Chain(made.status[:, columns], made.first, made.transition)


def _said(problem: Problem, likely: Ints) -> tuple[str, ...]:
    later = []
    for number, leg in enumerate(problem.legs):
        spells: list[tuple[int, int]] = []
        for day, status in enumerate(likely[1:, number].tolist(), 1):
            if not spells or spells[-1][1] != status:
                spells.append((day, status))
        said = ", then ".join(
            f"{_WORDS[status]} from {problem.days[day].isoformat()}" for day, status in spells
        )
        if said:
            later.append(f"{named(leg.road)} towards {named(leg.end)} {said}")
    if not later:
        return ()
    return (
        f"Convoys of later days are shown for the likeliest status of each road: {'; '.join(later)}.",
        "What leaves today weighs what else may be.",
    )
