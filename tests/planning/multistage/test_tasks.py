"""Tasks in other processes: what they are told, and that it is the same wherever they run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from itertools import chain, cycle, repeat

import numpy as np
import pytest

from corridor.planning.multistage import Iterations, TailMixture, Training, policy_bytes, train
from corridor.planning.multistage import tasks as tasks_module
from corridor.planning.multistage.growth import grown, growth
from corridor.planning.multistage.outlook import Form
from corridor.planning.multistage.tasks import Task, Told
from planning.multistage import models


class Uneven(Executor):
    """Does each task at once, as the process whose turn it is; processes share no memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, turns: list[int]) -> None:
        self.patch, self.turns = monkeypatch, cycle(turns)
        self.memory = [tasks_module._Memory() for _ in range(3)]
        self.sent_everything: list[int] = []

    def submit(self, do: Callable[..., object], told: Told, task: Task) -> Future[object]:  # type: ignore[override]
        turn = next(self.turns)
        self.sent_everything += [turn] * bool(told.everything)
        self.patch.setattr(tasks_module, "_memory", self.memory[turn])
        done: Future[object] = Future()
        done.set_result(do(told, task))
        return done


def test_a_process_that_missed_too_much_is_sent_everything_and_finds_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = models.two_corridors(True)
    how = Training(tasks=2, select_every=3)
    alone = train(graph, [Iterations(24)], seed=3, training=how)
    # Process 2 comes in late and seldom.
    turns = [*chain.from_iterable(repeat((0, 1), 8)), 1, 2, 2, 0]
    executor = Uneven(monkeypatch, turns)
    policy = train(graph, [Iterations(24)], seed=3, training=how, executor=executor)
    assert policy_bytes(policy) == policy_bytes(alone)
    assert executor.sent_everything.count(0) > 1
    assert 2 in executor.sent_everything


def test_a_process_is_sent_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = models.two_corridors(False)
    executor = Uneven(monkeypatch, [0, 1])
    train(graph, [Iterations(20)], seed=3, training=Training(tasks=2), executor=executor)
    assert sorted(executor.sent_everything) == [0, 1]


@pytest.mark.parametrize("form", ["child", "outcome", "single"])
def test_what_was_known_and_what_came_is_what_is_known(form: Form) -> None:
    graph = models.two_corridors(True)
    if form != "child":
        graph = replace(graph, risk=(TailMixture(0.5, 0.5),) * len(graph.programs))
    before, after = (
        train(
            graph, [Iterations(count)], seed=1, training=Training(form=form, select_every=4)
        ).learnt
        for count in (6, 15)
    )
    found = grown(before, growth(before, after))
    assert sum(cuts.intercept.size for cuts in after.cuts) > sum(
        cuts.intercept.size for cuts in before.cuts
    )
    for one, other in zip(found.cuts, after.cuts, strict=True):
        assert np.array_equal(one.gradient, other.gradient)
        assert np.array_equal(one.intercept, other.intercept)
    for parts in ("kept", "risk_rows"):
        for one, other in zip(getattr(found, parts), getattr(after, parts), strict=True):
            assert np.array_equal(one, other)
