"""What to do, as a value that can be asked again, and the engines that find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from corridor.planning.faults import refuse_faults
from corridor.planning.problem import Floats, Problem
from corridor.planning.program import solve
from corridor.planning.relief.merging import Merging
from corridor.planning.relief.model import ReliefModel
from corridor.planning.relief.outcome import Outcome
from corridor.planning.relief.policies import RoadPolicy
from corridor.planning.relief.ways import Way

# Of the futures that a trained policy is tried on, unless told otherwise.
TRIED_SEED = 2


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What an engine that weighs futures found, to decide in any of them.

    Attributes
    ----------
    model
        The problem on roads that follow a chain, goods counted in `unit` and costs in `cost`.
    merging
        How places inside are merged on later days.
    way
        How a day is decided: by what was learnt, by looking ahead, or by a rule.
    unit
        The problem's units in one of the model's, (C,).
    cost
        The aims' cost in one of the model's.
    how
        How it was found, in words.
    """

    model: ReliefModel
    merging: Merging
    way: Way
    unit: Floats
    cost: float
    how: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of what was learnt as kept in a policy file; of the way's words where nothing is."""
        return self.way.digest

    def follow(self, model: ReliefModel | None = None) -> RoadPolicy:
        """Return the policy that decides so, day after day, on its own model or one of the same shape."""
        return self.way.follow(model or self.model, self.merging)


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """The decisions an engine takes for a problem.

    Axes as in `Problem`: D days, P places, C commodities, L legs, F fleets.

    Attributes
    ----------
    engine
        Name of the engine.
    loads
        Goods by day of departure, (D, L, F, C) units.
    vehicles
        Vehicles by day of departure, (D, L, F); whole on the first days, parts later.
    served
        Goods handed out, (D, P, C) units.
    spilled
        Goods expected from outside that find no room, (D, P, C) units.
    objective, bound
        Cost of the decisions, and the least cost that could not be ruled out.
    unavoidable
        The part of both that no plan could change.
    gap
        (objective - bound) / (objective - unavoidable).
    is_within_gap
        Whether the search reached the gap asked for; otherwise it stopped at its count of nodes.
    solver_s
        Seconds spent in the solver. It differs from run to run and enters no plan.
    trained
        How any day is decided in any future; None where one future alone was planned.
    standard_error
        Of `objective`, where it is a mean over futures.
    futures
        How many futures the engine tries a plan on.
    tried
        What following the policy through these led to, drawn under `TRIED_SEED`; None where it was not
        followed.
    """

    problem: Problem
    engine: str
    loads: Floats
    vehicles: Floats
    served: Floats
    spilled: Floats
    objective: float
    bound: float
    unavoidable: float
    gap: float
    is_within_gap: bool
    solver_s: float
    trained: Trained | None = None
    standard_error: float = 0.0
    futures: int = 0
    tried: Outcome | None = None


class Engine(Protocol):
    """A way to find what to do."""

    def train(self, problem: Problem) -> Policy:
        """Find the decisions for a problem."""
        ...


@dataclass(frozen=True, slots=True)
class Rolling:
    """One program over all days, solved anew each morning when the day's road status is known.

    Today is planned with today's status; every later day counts on the share of each road's
    capacity that the aims name, so that goods go forward while a road is open. It does not weigh
    futures against each other: the caution is in that share.
    """

    def train(self, problem: Problem) -> Policy:
        """Solve the program of all days at once.

        Raises
        ------
        PlanningError
            When there is no day to plan, or the solver fails twice.
        """
        found = solve(problem)
        return Policy(
            problem=problem,
            engine="rolling",
            loads=found.loads,
            vehicles=found.vehicles,
            served=found.served,
            spilled=found.spilled,
            objective=found.objective,
            bound=found.bound,
            unavoidable=found.unavoidable,
            gap=found.gap,
            is_within_gap=found.is_within_gap,
            solver_s=found.solver_s,
        )


def train(problem: Problem, engine: Engine) -> Policy:
    """Find what to do, with the engine chosen.

    Raises
    ------
    PlanningError
        When the problem has faults, all of them named, or the engine cannot answer.
    """
    refuse_faults(problem)
    return engine.train(problem)
