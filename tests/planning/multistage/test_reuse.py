"""What still holds of a policy when its problem changes: never more than the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.planning.multistage import (
    Iterations,
    PolicyGraph,
    Staged,
    kept_bytes,
    policy_bytes,
    policy_kept,
    train,
)
from corridor.planning.multistage.reuse import footprint, holding
from planning.multistage import models

LONG = [Iterations(60)]


def with_chances(graph: PolicyGraph, seed: int, much: float) -> PolicyGraph:
    """The graph with chances mixed with drawn ones, where there are any."""
    rng = np.random.default_rng(seed)
    assert isinstance(graph.transition, Staged)
    mixed = []
    for matrix in graph.transition.matrix:
        drawn = np.where(matrix > 0, rng.uniform(0.1, 1.0, matrix.shape), 0.0)
        drawn /= drawn.sum(axis=1, keepdims=True)
        mixed.append((1 - much) * matrix + much * drawn)
    return replace(graph, transition=Staged(tuple(mixed)))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), much=st.sampled_from([0.02, 0.1, 0.5]))
def test_cuts_taken_over_never_lie_above_the_least_cost(seed: int, much: float) -> None:
    graph = models.two_corridors(False)
    policy = train(graph, [Iterations(15)], seed=1)
    other = with_chances(graph, seed, much)
    kept = policy_kept(kept_bytes(policy), other)
    assert kept is not None
    assert not kept.is_same
    least = train(other, LONG, seed=2).bound
    again = train(other, [Iterations(1)], seed=3, start=kept.policy)
    assert again.bound <= least * (1 + 1e-6)
    assert again.bound >= train(other, [Iterations(1)], seed=3).bound * (1 - 1e-6)


def test_the_cuts_of_later_stages_hold_when_only_the_first_changes() -> None:
    graph = models.two_corridors(False)
    policy = train(graph, [Iterations(15)], seed=1)
    first = np.flatnonzero(graph.root > 0)
    programs = list(graph.programs)
    for node in first.tolist():
        arrays = programs[node].arrays
        programs[node] = replace(
            programs[node], arrays=replace(arrays, cost=1.5 * np.abs(arrays.cost))
        )
    other = replace(graph, programs=tuple(programs))
    share = holding(footprint(graph), other)
    assert (share[first] == 0.0).all()
    assert isinstance(graph.transition, Staged)
    later = np.arange(graph.transition.counts[0], share.size)
    assert (share[later] == 1.0).all()
    kept = policy_kept(kept_bytes(policy), other)
    assert kept is not None
    least = train(other, LONG, seed=2).bound
    again = train(other, [Iterations(2)], seed=1, start=kept.policy)
    assert again.bound <= least * (1 + 1e-6)
    assert again.bound == pytest.approx(least, rel=1e-2)


def test_rows_in_another_order_or_without_effect_leave_every_cut_as_it_is() -> None:
    graph = models.two_corridors(False)
    turned = []
    for program in graph.programs:
        arrays = program.arrays
        order = np.arange(arrays.row_lower.size)[::-1]
        parts = [np.arange(arrays.start[row], arrays.start[row + 1]) for row in order]
        taken = np.concatenate([*parts, parts[0]])
        turned.append(
            replace(
                program,
                arrays=replace(
                    arrays,
                    row_lower=np.append(arrays.row_lower[order], -np.inf),
                    row_upper=np.append(arrays.row_upper[order], np.inf),
                    start=np.cumsum([0, *(part.size for part in parts), parts[0].size]),
                    index=arrays.index[taken],
                    value=arrays.value[taken],
                ),
            )
        )
    other = replace(graph, programs=tuple(turned))
    assert other.digest != graph.digest
    assert (holding(footprint(graph), other) == 1.0).all()


def test_a_kept_policy_of_the_same_problem_comes_back_as_it_was() -> None:
    graph = models.two_corridors(False)
    policy = train(graph, [Iterations(5)], seed=1)
    kept = policy_kept(kept_bytes(policy), graph)
    assert kept is not None
    assert kept.is_same
    assert policy_bytes(kept.policy) == policy_bytes(policy)


def test_nothing_holds_of_another_horizon_or_of_what_is_no_file() -> None:
    policy = train(models.one_corridor(5), [Iterations(3)], seed=1)
    assert policy_kept(kept_bytes(policy), models.one_corridor(6)) is None
    assert policy_kept(b"{}\n{}", models.one_corridor(5)) is None
    assert policy_kept(b"", models.one_corridor(5)) is None
