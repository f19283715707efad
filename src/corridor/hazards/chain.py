"""The chain of a road from days of which some were seen, some disputed and most not: pure arrays.

Axes: B chains side by side (roads, or runs of one road), D days, S = 4 phases. What was seen on a day is
a row of `seen`, (B, D, S): the likelihood of what was said that day in each phase. A day of which
nobody said anything is a row of ones, so that it is summed over and not dropped.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corridor.hazards.phases import Counts, Floats, Ints, Rates, counts_of, matrix

# Before the first day a road is as likely open as restricted or closed.
FIRST: Floats = np.array([1 / 3, 1 / 3, 1 / 6, 1 / 6])


class Prior(NamedTuple):
    """Dirichlet weights, in days and closures seen beforehand.

    Attributes
    ----------
    rows
        Of tomorrow's status by today's phase, (..., 4, 3), above 0.
    entries
        Of short and long among closures that begin, (..., 2), above 0.
    """

    rows: Floats
    entries: Floats


# Leaving an open or restricted road, or a short closure, has a 90 % range of 1 to 53 % a day; a long
# closure of 0.1 to 7 %, or two weeks to more than two years; one closure in five is long, from 1 to 53 %.
WIDE = Prior(
    np.array([[4.0, 0.5, 0.5], [0.5, 4.0, 0.5], [0.5, 0.5, 4.0], [0.5, 0.5, 40.0]]),
    np.array([4.0, 1.0]),
)


def forward(transition: Floats, first: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """Return the chance of each phase given the days so far, (B, D, S), and the log-likelihood, (B,).

    Rabiner (1989), eqs. 19-20, scaled day by day.

    Parameters
    ----------
    transition
        (B, S, S), or (S, S) for all.
    first
        Chance of each phase on the first day, before anything was seen, (B, S) or (S,).
    """
    chains, days, phases = seen.shape
    known = np.empty((chains, days, phases))
    log_likelihood = np.zeros(chains)
    ahead = np.broadcast_to(first, (chains, phases))
    for day in range(days):
        weighed = ahead * seen[:, day]
        total = weighed.sum(axis=1, keepdims=True)
        known[:, day] = weighed / total
        log_likelihood += np.log(total[:, 0])
        ahead = (known[:, day][:, np.newaxis] @ transition)[:, 0]
    return known, log_likelihood


def expected_counts(transition: Floats, first: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """Return the expected count of each phase following each, (B, S, S), and the log-likelihood.

    The expectation step of Baum and Welch: Rabiner (1989), eq. 37.
    """
    known, log_likelihood = forward(transition, first, seen)
    behind = np.ones(seen.shape[::2])
    counts = np.zeros((seen.shape[0], seen.shape[2], seen.shape[2]))
    for day in range(seen.shape[1] - 1, 0, -1):
        told = seen[:, day] * behind
        pairs = known[:, day - 1][:, :, np.newaxis] * transition * told[:, np.newaxis]
        pairs /= pairs.sum(axis=(1, 2), keepdims=True)
        counts += pairs
        behind = (transition @ told[:, :, np.newaxis])[:, :, 0]
        behind = behind / behind.max(axis=1, keepdims=True)
    return counts, log_likelihood


def most_likely(seen: Floats, prior: Prior, *, steps: int = 10) -> tuple[Rates, Counts]:
    """Return the rates of the posterior's mean form after some steps of EM, and the expected counts.

    Each step puts the posterior mean of the rows, given the expected counts, in the place of their mode:
    with weights under one the mode may lie on the edge. Days of which nothing was seen change nothing:
    then the prior's means come back.
    """
    chains = seen.shape[0]
    rates = _means(
        Prior(
            np.broadcast_to(prior.rows, (chains, 4, 3)),
            np.broadcast_to(prior.entries, (chains, 2)),
        )
    )
    counts = Counts(np.zeros((chains, 4, 3)), np.zeros((chains, 2)))
    for _ in range(steps):
        counts = counts_of(expected_counts(matrix(rates), FIRST, seen)[0])
        rates = _means(Prior(prior.rows + counts.rows, prior.entries + counts.entries))
    return rates, counts


def sample(
    seen: Floats, prior: Prior, rng: np.random.Generator, *, burn_in: int, kept: int, every: int = 1
) -> Rates:
    """Draw rates from their posterior by data augmentation, (kept, B, 4, 3) and (kept, B).

    1. Draw rates from the prior.
    2. Draw the phases of all days given the rates: filter forward, sample backward (Carter and Kohn
       1994; Frühwirth-Schnatter 2006, alg. 11.5).
    3. Draw the rates given the phases: Dirichlet rows.
    4. Repeat; after `burn_in` rounds keep every `every`-th until `kept` are there.
    """
    chains = seen.shape[0]
    shape = (
        np.broadcast_to(prior.rows, (chains, 4, 3)),
        np.broadcast_to(prior.entries, (chains, 2)),
    )
    rates = _draw(Prior(*shape), rng)
    rows, shares = np.empty((kept, chains, 4, 3)), np.empty((kept, chains))
    for turn in range(burn_in + kept * every):
        counts = counts_of(_transitions(_phases(rates, seen, rng)))
        rates = _draw(Prior(prior.rows + counts.rows, prior.entries + counts.entries), rng)
        at, rest = divmod(turn - burn_in, every)
        if turn >= burn_in and rest == every - 1:
            rows[at], shares[at] = rates
    return Rates(rows, shares)


def from_prior(prior: Prior, rng: np.random.Generator, count: int) -> Rates:
    """Draw rates from a prior, (count, 4, 3) and (count,)."""
    shape = (np.broadcast_to(prior.rows, (count, 4, 3)), np.broadcast_to(prior.entries, (count, 2)))
    return _draw(Prior(*shape), rng)


def _phases(rates: Rates, seen: Floats, rng: np.random.Generator) -> Ints:
    """Draw the phase of every day, (B, D).

    For each phase that the day after may have, the day's phase is drawn at once for all days; which of
    these draws holds is then read off from the last day to the first.
    """
    transition = matrix(rates)
    chains, days, phases = seen.shape
    known = _filtered(transition, seen)
    # (B, D - 1, phase of the day after, phase of the day)
    sums = (known[:, :-1, np.newaxis] * transition.swapaxes(1, 2)[:, np.newaxis]).cumsum(axis=3)
    thrown = rng.random((chains, days, 1, 1))
    if_next = (thrown[:, :-1] * sums[..., -1:] >= sums).sum(axis=3)
    last = known[:, -1].cumsum(axis=1)
    drawn = np.empty((days, chains), dtype=np.int64)
    drawn[-1] = (thrown[:, -1, 0] * last[:, -1:] >= last).sum(axis=1)
    by_day = if_next.swapaxes(0, 1).reshape(days - 1, chains * phases)
    offset = np.arange(chains) * phases
    for day in range(days - 2, -1, -1):
        drawn[day] = by_day[day][offset + drawn[day + 1]]
    return drawn.T


def _filtered(transition: Floats, seen: Floats) -> Floats:
    """Return the chance of each phase given the days so far, up to a factor, (B, D, S)."""
    by_day = np.ascontiguousarray(seen.swapaxes(0, 1))
    known = np.empty_like(by_day)
    now = FIRST * by_day[0]
    known[0] = now
    for day in range(1, len(by_day)):
        now = np.matmul(now[:, np.newaxis], transition)[:, 0] * by_day[day]
        # Only so often that nothing gets too small for a number.
        if day % 8 == 0:
            now = now / now.sum(axis=1, keepdims=True)
        known[day] = now
    return known.swapaxes(0, 1)


def _transitions(drawn: Ints) -> Floats:
    chains = drawn.shape[0]
    pairs = drawn[:, :-1] * 4 + drawn[:, 1:] + np.arange(chains)[:, np.newaxis] * 16
    counted = np.bincount(pairs.ravel(), minlength=16 * chains)
    return counted.reshape(chains, 4, 4).astype(np.float64)


def _draw(weights: Prior, rng: np.random.Generator) -> Rates:
    rows = rng.standard_gamma(weights.rows)
    entries = rng.standard_gamma(weights.entries)
    # A weight under one may draw a zero so small that all three are: the largest part is then one.
    rows = np.maximum(rows, 1e-12)
    entries = np.maximum(entries, 1e-12)
    return Rates(rows / rows.sum(axis=-1, keepdims=True), entries[..., 1] / entries.sum(axis=-1))


def _means(weights: Prior) -> Rates:
    return Rates(
        weights.rows / weights.rows.sum(axis=-1, keepdims=True),
        weights.entries[..., 1] / weights.entries.sum(axis=-1),
    )
