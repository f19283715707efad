"""The tasks of an iteration: passes that do not know of each other, here or in other processes."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.growth import grown, growth
from corridor.planning.multistage.passes import Learned, Programs, train_once
from corridor.planning.multistage.policy import restored
from corridor.planning.multistage.sampling import Sampling
from corridor.planning.multistage.values import Learnt

# Iterations that a process may miss before it is sent everything again.
_WINDOW = 4
# Trainings that a process remembers: those that may share an executor at the same time.
_TRAININGS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What a task does, whatever is known.

    Attributes
    ----------
    sampling, passes, steps
        As in `Training`.
    seed
        Of its forward passes.
    """

    sampling: Sampling
    passes: int
    steps: int
    seed: np.random.SeedSequence


class Told(NamedTuple):
    """What a task may know, as steps from moments that the other process may remember.

    Attributes
    ----------
    training
        Name of the training: the digest of what was known at its beginning.
    moment
        Names of moments, the last being now: digests of all that led there.
    step
        Pickled `Growth` that leads to each moment from the one before; the first is not needed.
    everything
        Pickled graph and `Learnt` of now; empty where it is hoped that the steps will do.
    """

    training: str
    moment: tuple[str, ...]
    step: tuple[bytes, ...]
    everything: bytes


class Teller:
    """Runs tasks on an executor and tells them what is known, each thing once to each process.

    A process remembers what it was told. Each iteration is sent what the last few iterations
    added; a process that has missed more says so and is sent everything. What it then knows is
    the same to the last bit, so the result does not depend on which process does which task.
    """

    __slots__ = ("_executor", "_graph", "_learnt", "_moment", "_step", "_training")

    def __init__(self, executor: Executor, graph: PolicyGraph, learnt: Learnt) -> None:
        self._executor, self._graph, self._learnt = executor, graph, learnt
        self._training = hashlib.sha256(self._everything()).hexdigest()
        self._moment = [self._training]
        self._step = [b""]

    def learn(self, learnt: Learnt) -> None:
        """Note what is known now."""
        step = pickle.dumps(growth(self._learnt, learnt))
        self._learnt = learnt
        moment = hashlib.sha256(self._moment[-1].encode() + step).hexdigest()
        self._moment = [*self._moment, moment][-1 - _WINDOW :]
        self._step = [*self._step, step][-1 - _WINDOW :]

    def explore(self, tasks: Sequence[Task]) -> list[Learned]:
        """Run tasks and return what they learned, in their order."""
        told = Told(self._training, tuple(self._moment), (b"", *self._step[1:]), b"")
        found = self._run(told, tasks)
        missed = [place for place, learned in enumerate(found) if learned is None]
        if missed:
            told = told._replace(everything=self._everything())
            again = self._run(told, [tasks[place] for place in missed])
            for place, learned in zip(missed, again, strict=True):
                found[place] = learned
        return [learned for learned in found if learned is not None]

    def _run(self, told: Told, tasks: Sequence[Task]) -> list[Learned | None]:
        waiting = [self._executor.submit(explore_there, told, task) for task in tasks]
        return [each.result() for each in waiting]

    def _everything(self) -> bytes:
        return pickle.dumps((self._graph, self._learnt))


class _Memory:
    """What this process was told of the trainings it last worked for; any thread may ask."""

    __slots__ = ("_known", "_lock")

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, PolicyGraph, Learnt]] = {}
        self._lock = threading.Lock()

    def now(self, told: Told) -> tuple[PolicyGraph, Learnt] | None:
        """Take in what was told; None where a step is missing."""
        with self._lock:
            known = self._known.pop(told.training, None)
            if known is not None and known[0] in told.moment:
                moment, graph, learnt = known
                for step in told.step[told.moment.index(moment) + 1 :]:
                    learnt = grown(learnt, pickle.loads(step))
            elif told.everything:
                graph, learnt = pickle.loads(told.everything)
            else:
                return None
            self._known[told.training] = told.moment[-1], graph, learnt
            while len(self._known) > _TRAININGS:
                del self._known[next(iter(self._known))]
            return graph, learnt


# Outlives the tasks on purpose: it saves sending and never changes a result.
_memory = _Memory()


def explore_there(told: Told, task: Task) -> Learned | None:
    """Do a task where it was sent; None where this process has missed too much."""
    known = _memory.now(told)
    return None if known is None else explore(*known, task)


def explore(graph: PolicyGraph, learnt: Learnt, task: Task) -> Learned:
    """Make some passes from what was learnt, with programs of the task's own."""
    programs = Programs(restored(graph, learnt))
    rng = np.random.default_rng(task.seed)
    passes = [
        train_once(programs, task.sampling, rng, steps=task.steps) for _ in range(task.passes)
    ]
    return Learned(
        finds=[find for each in passes for find in each.finds],
        rows=[row for each in passes for row in each.rows],
        programs=sum(each.programs for each in passes),
        resolved=programs.resolved,
    )
