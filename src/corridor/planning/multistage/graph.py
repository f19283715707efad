"""The policy graph: stages and Markov states, how one follows the other, and what is decided there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Literal

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.multistage.risk import Expectation, RiskMeasure
from corridor.planning.multistage.stage import StageProgram, check_distribution, check_stage
from corridor.planning.solver import Arrays, Floats, Ints

Sense = Literal["minimise", "maximise"]


@dataclass(frozen=True, eq=False)
class PolicyGraph:
    """Nodes (a stage in a Markov state) and the chances of going from one to the next.

    The form of Dowson (2020). In each node the noise is seen first, then its program is solved.
    A node whose row of `transition` is zero is an end. A graph with a cycle has no horizon and
    needs a discount below one.

    Attributes
    ----------
    programs
        The stage program of each node, (N,).
    transition
        Chance of each node after each, (N, N); rows sum to one, or are zero at an end.
    root
        Chance of each first node, (N,).
    initial
        State before the first node, (S,).
    limit
        A value that nothing can beat from each node on, whatever the noise, (N,): a lower bound
        on the cost when minimising, an upper bound on the gain when maximising. It starts the
        value function; the bounds that training prints rest on it.
    sense
        Whether costs are minimised or gains maximised.
    discount
        What the next stage's value counts today, above 0 and at most 1.
    risk
        How what follows each node is weighed, (N,).
    root_risk
        How the first nodes are weighed.
    """

    programs: tuple[StageProgram, ...]
    transition: Floats
    root: Floats
    initial: Floats
    limit: Floats
    sense: Sense = "minimise"
    discount: float = 1.0
    risk: tuple[RiskMeasure, ...] = ()
    root_risk: RiskMeasure = field(default_factory=Expectation)

    def __post_init__(self) -> None:
        """Refuse a graph whose parts do not fit each other.

        Raises
        ------
        PlanningError
            The text names the part, what was found and what is needed.
        """
        if not self.risk:
            object.__setattr__(self, "risk", (Expectation(),) * len(self.programs))
        _check(self)

    @property
    def sign(self) -> float:
        """Return 1 when minimising, -1 when maximising: inside, everything is minimised."""
        return 1.0 if self.sense == "minimise" else -1.0

    @cached_property
    def children(self) -> tuple[Ints, ...]:
        """The nodes that may follow each, in rising order."""
        return tuple(np.flatnonzero(row > 0) for row in self.transition)

    @cached_property
    def has_cycle(self) -> bool:
        """Whether a node can come again, so that there is no last stage."""
        left = self.transition > 0
        alive = np.ones(len(self.programs), dtype=bool)
        while True:
            ends = alive & ~(left[:, alive].any(axis=1))
            if not ends.any():
                return bool(alive.any())
            alive &= ~ends

    @cached_property
    def is_risk_neutral(self) -> bool:
        """Whether every risk measure is the mean."""
        return all(isinstance(risk, Expectation) for risk in (*self.risk, self.root_risk))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every number of what follows a decision: programs, chances, risk.

        Left out are root and initial state: cuts stay valid wherever one starts from.
        """
        found = hashlib.sha256()
        seen: dict[int, bytes] = {}
        for program in self.programs:
            if id(program) not in seen:
                seen[id(program)] = _program_digest(program)
            found.update(seen[id(program)])
        for array in (self.transition, self.limit):
            found.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
        found.update(repr((self.sense, self.discount, self.risk)).encode())
        return found.hexdigest()

    def start_digest(self) -> str:
        """SHA-256 over where the policy starts: root, its risk and the initial state."""
        parts = np.concatenate((self.root, self.initial)).astype(np.float64).tobytes()
        return hashlib.sha256(parts + repr(self.root_risk).encode()).hexdigest()


def linear_graph(
    programs: Sequence[StageProgram],
    *,
    initial: Floats,
    limit: float,
    sense: Sense = "minimise",
    discount: float = 1.0,
    risk: RiskMeasure | None = None,
) -> PolicyGraph:
    """Make the graph of stages that follow each other, without Markov states."""
    return markov_graph(
        [[program] for program in programs],
        [np.ones((1, 1))] * len(programs),
        initial=initial,
        limit=limit,
        sense=sense,
        discount=discount,
        risk=risk,
    )


def markov_graph(
    stages: Sequence[Sequence[StageProgram]],
    transitions: Sequence[Floats],
    *,
    initial: Floats,
    limit: float,
    sense: Sense = "minimise",
    discount: float = 1.0,
    risk: RiskMeasure | None = None,
) -> PolicyGraph:
    """Make the graph of stages with Markov states; nodes are numbered stage by stage.

    Parameters
    ----------
    stages
        Programs by stage and Markov state.
    transitions
        For each stage the chance of each of its states after each of the stage before,
        (states before, states); before the first stage there is one.
    limit
        One limit for all nodes.
    """
    counts = [len(stage) for stage in stages]
    if len(transitions) != len(counts):
        raise PlanningError(
            f"graph: {len(counts)} stages need as many transition matrices, not {len(transitions)}"
        )
    first = np.concatenate(([0], np.cumsum(counts)))
    size = int(first[-1])
    transition = np.zeros((size, size))
    root = np.zeros(size)
    for stage, matrix in enumerate(transitions):
        needed = (counts[stage - 1] if stage else 1, counts[stage])
        if matrix.shape != needed:
            raise PlanningError(
                f"graph: the transition matrix of stage {stage + 1} has shape {matrix.shape}, "
                f"needed is {needed}"
            )
        columns = slice(first[stage], first[stage + 1])
        if stage == 0:
            root[columns] = matrix[0]
        else:
            transition[first[stage - 1] : first[stage], columns] = matrix
    return PolicyGraph(
        programs=tuple(program for stage in stages for program in stage),
        transition=transition,
        root=root,
        initial=initial,
        limit=np.full(size, limit),
        sense=sense,
        discount=discount,
        risk=() if risk is None else (risk,) * size,
        root_risk=risk or Expectation(),
    )


def _check(graph: PolicyGraph) -> None:
    size = len(graph.programs)
    if not size:
        raise PlanningError("graph: a horizon of at least one stage is needed, not zero")
    for name, array, needed in (
        ("transition", graph.transition, (size, size)),
        ("root", graph.root, (size,)),
        ("limit", graph.limit, (size,)),
        ("initial", graph.initial, graph.programs[0].state_in.shape),
        ("risk", np.empty(len(graph.risk)), (size,)),
    ):
        if array.shape != needed:
            raise PlanningError(f"graph: {name} has shape {array.shape}, needed is {needed}")
    checked: set[int] = set()
    for node, program in enumerate(graph.programs):
        if program.state_in.shape != graph.initial.shape:
            raise PlanningError(
                f"graph: node {node} has {program.state_in.size} states, the others "
                f"{graph.initial.size}"
            )
        if id(program) not in checked:
            check_stage(f"node {node}", program)
            checked.add(id(program))
        row = graph.transition[node]
        if (row != 0).any():
            check_distribution(f"graph: the transition row of node {node}", row)
    check_distribution("graph: root", graph.root)
    if not 0.0 < graph.discount <= 1.0:
        raise PlanningError(f"graph: discount must be above 0 and at most 1, not {graph.discount}")
    if not (np.isfinite(graph.limit).all() and np.isfinite(graph.initial).all()):
        raise PlanningError("graph: limit and initial must be finite numbers")
    if graph.discount == 1.0 and graph.has_cycle:
        raise PlanningError("graph: a graph without a last stage needs a discount below one")


def _program_digest(program: StageProgram) -> bytes:
    found = hashlib.sha256()
    parts: tuple[Arrays | object, ...] = (program.arrays, program.noise)
    for part in parts:
        for part_field in fields(part):  # type: ignore[arg-type]
            value = getattr(part, part_field.name)
            found.update(part_field.name.encode())
            if value is not None:
                found.update(np.ascontiguousarray(value, dtype=np.float64).tobytes())
    for places in (program.state_in, program.state_out):
        found.update(np.ascontiguousarray(places, dtype=np.float64).tobytes())
    return found.digest()
