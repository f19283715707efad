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
from corridor.planning.multistage.stage import Noise, StageProgram, check_distribution, check_stage
from corridor.planning.solver import Arrays, Floats, Ints

Sense = Literal["minimise", "maximise"]


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """Chances from each stage to the next: a transition matrix without the zeros around its blocks.

    Stages that follow each other by the same chances may share one matrix, in memory and when sent.

    Attributes
    ----------
    matrix
        For each stage from the second on the chance of each of its nodes after each of the stage
        before, (nodes before, nodes).
    """

    matrix: tuple[Floats, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """Nodes of each stage; one stage of one node where there is no matrix."""
        if not self.matrix:
            return (1,)
        return (self.matrix[0].shape[0], *(matrix.shape[1] for matrix in self.matrix))


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
        Chance of each node after each, (N, N), or stage by stage; rows sum to one, or are zero at
        an end. `children` and `chance` read either.
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
    transition: Floats | Staged
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

    def __getstate__(self) -> dict[str, object]:
        """Send only what the graph was made of; what was derived from it is derived again."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @cached_property
    def children(self) -> tuple[Ints, ...]:
        """The nodes that may follow each, in rising order; nodes with the same share one array."""
        return tuple(nodes for nodes, _ in self._followers)

    @cached_property
    def chance(self) -> tuple[Floats, ...]:
        """Chance of each of the children of each node."""
        return tuple(chances for _, chances in self._followers)

    @cached_property
    def _followers(self) -> tuple[tuple[Ints, Floats], ...]:
        if not isinstance(self.transition, Staged):
            return tuple(_rows(self.transition, 0))
        counts = self.transition.counts
        first = np.cumsum(counts)
        rows = [
            row
            for start, matrix in zip(first[:-1], self.transition.matrix, strict=True)
            for row in _rows(matrix, int(start))
        ]
        return (*rows, *_rows(np.zeros((counts[-1], 0)), 0))

    @cached_property
    def has_cycle(self) -> bool:
        """Whether a node can come again, so that there is no last stage."""
        if isinstance(self.transition, Staged):
            return False
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
        blocks = (
            self.transition.matrix if isinstance(self.transition, Staged) else (self.transition,)
        )
        for array in (*blocks, self.limit):
            if id(array) not in seen:
                seen[id(array)] = hashlib.sha256(_bytes(array)).digest()
            found.update(repr(array.shape).encode() + seen[id(array)])
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
    for stage, matrix in enumerate(transitions):
        needed = (counts[stage - 1] if stage else 1, counts[stage])
        if matrix.shape != needed:
            raise PlanningError(
                f"graph: the transition matrix of stage {stage + 1} has shape {matrix.shape}, "
                f"needed is {needed}"
            )
    size = sum(counts)
    root = np.zeros(size)
    if transitions:
        root[: counts[0]] = transitions[0][0]
    return PolicyGraph(
        programs=tuple(program for stage in stages for program in stage),
        transition=Staged(tuple(transitions[1:])) if len(counts) > 1 else np.zeros((size, size)),
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
        ("root", graph.root, (size,)),
        ("limit", graph.limit, (size,)),
        ("initial", graph.initial, graph.programs[0].state_in.shape),
        ("risk", np.empty(len(graph.risk)), (size,)),
    ):
        if array.shape != needed:
            raise PlanningError(f"graph: {name} has shape {array.shape}, needed is {needed}")
    _check_transition(graph.transition, size)
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
    check_distribution("graph: root", graph.root)
    if not 0.0 < graph.discount <= 1.0:
        raise PlanningError(f"graph: discount must be above 0 and at most 1, not {graph.discount}")
    if not (np.isfinite(graph.limit).all() and np.isfinite(graph.initial).all()):
        raise PlanningError("graph: limit and initial must be finite numbers")
    if graph.discount == 1.0 and graph.has_cycle:
        raise PlanningError("graph: a graph without a last stage needs a discount below one")


def _check_transition(transition: Floats | Staged, size: int) -> None:
    if isinstance(transition, Staged):
        counts, blocks = transition.counts, transition.matrix
        fits = all(block.shape[0] == count for block, count in zip(blocks, counts, strict=False))
        if not fits or sum(counts) != size:
            shapes = [block.shape for block in blocks]
            raise PlanningError(
                f"graph: transition has blocks of shapes {shapes}, which do not make {size} nodes"
            )
    else:
        blocks = (transition,)
        if transition.shape != (size, size):
            raise PlanningError(
                f"graph: transition has shape {transition.shape}, needed is {(size, size)}"
            )
    first = 0
    for block in blocks:
        # A row of zeros is an end; every other row is looked at by its sum before it is named.
        is_end = ~(block != 0).any(axis=1)
        is_fine = (block >= 0).all(axis=1) & (np.abs(block.sum(axis=1) - 1.0) <= 1e-9)
        for row in np.flatnonzero(~(is_end | is_fine)):
            name = f"graph: the transition row of node {first + row}"
            check_distribution(name, block[row])
        first += len(block)


def _rows(matrix: Floats, first: int) -> list[tuple[Ints, Floats]]:
    """Where each row is positive, counted from `first`, and its numbers there."""
    known: dict[bytes, Ints] = {}
    rows: list[tuple[Ints, Floats]] = []
    for row, may in zip(matrix, matrix > 0, strict=True):
        nodes = known.setdefault(may.tobytes(), np.flatnonzero(may) + first)
        rows.append((nodes, row if nodes.size == row.size else row[may]))
    return rows


def _bytes(array: Floats) -> bytes:
    return np.ascontiguousarray(array, dtype=np.float64).tobytes()


def _program_digest(program: StageProgram) -> bytes:
    found = hashlib.sha256()
    parts: tuple[Arrays | Noise, ...] = (program.arrays, program.noise)
    for part in parts:
        for part_field in fields(part):
            value = getattr(part, part_field.name)
            found.update(part_field.name.encode())
            if value is not None:
                found.update(np.ascontiguousarray(value, dtype=np.float64).tobytes())
    for places in (program.state_in, program.state_out):
        found.update(np.ascontiguousarray(places, dtype=np.float64).tobytes())
    return found.digest()
