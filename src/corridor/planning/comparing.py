"""What a planner could do instead: every engine on the same futures, in the world assumed and in worse ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from corridor.hazards import JointChain, joint, sampled, with_longer_closures
from corridor.planning.policy import Policy
from corridor.planning.problem import Problem
from corridor.planning.relief.compare import Comparison, compared, worlds
from corridor.planning.relief.drawn import Follow, Variant, simulate_open, variants
from corridor.planning.relief.foresight import Foresight
from corridor.planning.relief.merging import Merging
from corridor.planning.relief.model import Chain, Floats, Ints, ReliefModel
from corridor.planning.relief.named import ways
from corridor.planning.relief.policies import RoadPolicy
from corridor.planning.relief.push import nothing_leaves, serve_today
from corridor.planning.relief.ways import Way
from corridor.registers.general import EngineName

_SAMPLES = 25


@dataclass(frozen=True, slots=True)
class Compared:
    """Engines side by side in each world.

    Attributes
    ----------
    worlds
        By name of the world, on futures common to all engines.
    foresight
        Mean cost, by world, if each future were known: a bound nobody can reach.
    cost
        The aims' cost in one unit of the comparisons'.
    least
        Engine with the least mean cost in the world as estimated.
    winner
        Name by which plans are told to follow it; multistage where it costs no more than twice the standard
        error above the least of those that a plan can follow.
    """

    worlds: Mapping[str, Comparison]
    foresight: Mapping[str, float]
    cost: float
    least: str
    winner: EngineName


def engines(policy: Policy) -> tuple[Follow, ...]:
    """Return the policies to compare, each to be made for a model; the policy itself is the last."""
    trained = policy.trained
    assert trained is not None
    others = [
        partial(_followed, way, trained.merging) for way in ways(policy.problem.aims).values()
    ]
    return nothing_leaves, serve_today, *others, trained.follow


def _followed(way: Way, merging: Merging, model: ReliefModel) -> RoadPolicy:
    return way.follow(model, merging)


def compare(
    policy: Policy,
    *,
    futures: int = 200,
    seed: int = 11,
    report: Callable[[str, str], None] | None = None,
) -> Compared:
    """Follow every engine through the same futures of three worlds.

    The worlds: the chain as estimated; chains drawn from what is known of the rates; closures as
    many times longer as the aims say; and, where claims leave them open, the chain as estimated with people
    and late goods drawn. Policies were made for the first and are not told.

    Parameters
    ----------
    futures
        Of each world.
    report
        Called with the world and the engine before each is followed.
    """
    trained, problem = policy.trained, policy.problem
    assert trained is not None
    model = trained.model
    found: dict[str, Comparison] = {}
    bound: dict[str, float] = {}
    as_planned: tuple[Variant, ...] = (Variant(model, problem.people),)
    tries = {name: (as_planned, paths) for name, paths in _worlds(problem, futures, seed).items()}
    if problem.is_open:
        drawn = variants(problem, model, trained.unit, seed)
        tries["people and late goods as open as they are"] = drawn, next(iter(tries.values()))[1]
    for world, (among, paths) in tries.items():
        outcomes = []
        for engine in engines(policy):
            if report:
                report(world, engine(model).name)
            outcomes.append(
                simulate_open(engine, among, paths, quantiles=(), clock=time.process_time)
            )
        found[world] = compared(outcomes, against="multistage")
        bound[world] = float(
            np.concatenate(
                [_foreseen(one.model, paths[n :: len(among)]) for n, one in enumerate(among)]
            ).mean()
        )
    first = next(iter(found.values()))
    least = min(first.lines, key=lambda line: line.cost.value).name
    return Compared(found, bound, trained.cost, least, _winner(first, policy))


def _winner(first: Comparison, policy: Policy) -> EngineName:
    """Name of the way that costs least, by more than chance less than what was learnt."""
    names = {way.name: name for name, way in ways(policy.problem.aims).items()}
    rivals = [line for line in first.lines if line.name in names]
    best = min(rivals, key=lambda line: line.cost.value)
    return names[best.name] if best.against.value < -2 * best.against.error else "multistage"


def _foreseen(model: ReliefModel, paths: Ints) -> Floats:
    unlike, which = np.unique(paths, axis=0, return_inverse=True)
    foresight = Foresight(model)
    cost = np.array([foresight.cost(path) for path in unlike])
    return np.asarray(cost[which.ravel()])


def _worlds(problem: Problem, futures: int, seed: int) -> Mapping[str, Ints]:
    hazards, chain = problem.hazards, problem.chain
    assert hazards is not None
    assert chain is not None
    made = joint(hazards, most_states=len(chain.first))

    def world(changed: JointChain) -> Chain:
        return Chain(chain.status, changed.first, changed.transition)

    uncertain = [world(joint(sampled(hazards, number), like=made)) for number in range(_SAMPLES)]
    longer = with_longer_closures(hazards, problem.aims.closure_factor)
    return worlds(
        chain, uncertain=uncertain, longer=world(joint(longer, like=made)), count=futures, seed=seed
    )
