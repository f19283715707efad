"""The rates of each road: fitted, declared by a named person, or assumed for want of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor.hazards.announced import Decided
from corridor.hazards.chain import WIDE, Prior, from_prior, most_likely, sample
from corridor.hazards.chances import Method
from corridor.hazards.declared import declared_rates, in_words
from corridor.hazards.history import RoadHistory
from corridor.hazards.phases import Counts, Floats, Rates
from corridor.registers.decisions import RoadOutlook
from corridor.report import Report
from corridor.values import Finding, named

# Fewer changes of status than these fit no rate (the judgement behind it: docs/methods.md).
FEWEST_CHANGES = 10
# What happened on the other roads counts as at most so many days in each phase.
POOLED_DAYS = 10.0
# Chains of draws side by side, rounds that are thrown away, and draws kept of each: 256 samples.
_CHAINS, _BURN_IN, _KEPT = 32, 32, 8
SAMPLES = _CHAINS * _KEPT


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one road before its rates are drawn.

    Attributes
    ----------
    outlooks
        What named persons declare of it.
    decided
        What whoever grants its passage decided of coming days.
    """

    history: RoadHistory
    outlooks: tuple[Report[RoadOutlook], ...]
    decided: tuple[Decided, ...]
    method: Method


def method_of(history: RoadHistory, outlooks: Sequence[Report[RoadOutlook]]) -> Method:
    """Return how the rates of a road come about."""
    if history.changes >= FEWEST_CHANGES:
        return "fitted"
    return "declared" if outlooks else "assumed"


def draw_rates(told: Sequence[Told], seed: int) -> list[Rates]:
    """Draw each road's rates, (K, 4, 3) and (K,) a road.

    Each road draws from the same stream of numbers: a report on one road touches another by the pooled prior
    alone.
    """
    count = SAMPLES
    fitted = [known for known in told if known.method == "fitted"]
    # Alone, a road has no other to learn from.
    counts = {
        id(known): most_likely(known.history.seen, WIDE)[1] for known in fitted if len(fitted) > 1
    }
    drawn: list[Rates] = []
    for known in told:
        rng = np.random.default_rng(seed)
        history = known.history
        if known.method == "declared":
            said = [report.statement for report in known.outlooks]
            drawn.append(declared_rates(said, rng, count))
        elif history.days_seen == 0:
            drawn.append(from_prior(WIDE, rng, count))
        else:
            # The directions of one road tell one tale: they do not count as other roads.
            others = [
                counts[id(k)]
                for k in fitted
                if known.method == "fitted" and k.history.road != history.road
            ]
            prior = pooled(others)
            seen = np.repeat(history.seen, _CHAINS, axis=0)
            rates = sample(seen, prior, rng, burn_in=_BURN_IN, kept=_KEPT)
            drawn.append(Rates(rates.rows.reshape(count, 4, 3), rates.long_share.reshape(count)))
    return drawn


def pooled(others: Sequence[Counts]) -> Prior:
    """Return the prior of a road beside others: the wide one, and what happened on those in few days.

    A Dirichlet prior whose mean is pooled over the other roads and whose weight is `POOLED_DAYS` days in
    each phase at most, so that a road of its own ways soon goes its own.
    """
    if not others:
        return WIDE
    rows = np.sum([counts.rows[0] for counts in others], axis=0)
    entries = np.sum([counts.entries[0] for counts in others], axis=0)
    return Prior(WIDE.rows + _at_most(rows), WIDE.entries + _at_most(entries))


def _at_most(counts: Floats) -> Floats:
    total = counts.sum(axis=-1, keepdims=True)
    return np.asarray(counts * np.minimum(1, POOLED_DAYS / np.maximum(total, 1e-12)))


def said_of(known: Told) -> str:
    """Say how the rates of a road come about, names as marked codes."""
    history = known.history
    seen = (
        f"changes of status: {history.changes}; days spoken of since {history.first_day.isoformat()}: "
        f"{history.days_seen}, claims differing on {history.days_disputed}"
    )
    if known.method == "fitted":
        return f"Fitted ({seen}); days nobody spoke of are summed over."
    if known.method == "declared":
        ranges = "; ".join(in_words(report) for report in known.outlooks)
        return f"Not fitted ({seen}; {FEWEST_CHANGES} changes are needed), but {ranges}"
    if history.days_seen == 0:
        return "No history of the road and nobody declared a range: a very wide prior stands in for both."
    return (
        f"Not fitted ({seen}; {FEWEST_CHANGES} changes are needed) and nobody declared a range: a very wide "
        "prior stands in, with what little was seen."
    )


def missing(known: Told) -> tuple[Finding, ...]:
    """Return the finding that nobody told enough of a road, where that is so."""
    history = known.history
    if known.method != "assumed":
        return ()
    what = (
        "No history"
        if history.days_seen == 0
        else f"Only {history.changes} of {FEWEST_CHANGES} changes of status needed are in the history"
    )
    return (
        Finding(
            "road_outlook_missing",
            "act",
            history.road,
            f"{what} of the road {named(history.road)} towards {named(history.towards)}, and nobody declared a "
            "range: the chance that it is open rests on a very wide prior. Record a road_outlook.",
            basis=history.basis,
        ),
    )
