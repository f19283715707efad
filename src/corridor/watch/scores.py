"""How good the forecasts were: each frozen when issued, scored when its days have passed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corridor.values import Estimate
from corridor.watch.estimates import estimate, too_few

MINIMUM_FORECASTS = 30
BIN_EDGES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
_LEVEL = 0.90

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """The forecasts of one bin: how many, what they said on average, and how often it came."""

    low: float
    high: float
    forecasts: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A forecast beside a reference.

    Attributes
    ----------
    brier, reference_brier
        Mean squared errors; lower is better.
    skill
        1 - brier / reference_brier.
    words
        Who did better here, as a sentence that can be printed.
    """

    brier: Estimate
    reference_brier: Estimate
    skill: Estimate
    words: str


def brier(chance: Floats, came: Bools) -> float:
    """Mean squared difference of chance and outcome, 0 to 1 (Brier 1950, Mon. Weather Rev. 78)."""
    return float(((chance - came) ** 2).mean())


def skill(chance: Floats, reference: Floats, came: Bools) -> float:
    """Part of the reference's Brier score that the forecast does away with; negative if worse."""
    of_reference = brier(reference, came)
    return 1 - brier(chance, came) / of_reference if of_reference > 0 else 0.0


def log_score(chance: Floats, came: Bools, *, least: float = 1e-6) -> float:
    """Mean natural log of the chance given to what came, no chance taken below `least`."""
    given = np.clip(np.where(came, chance, 1 - chance), least, 1.0)
    return float(np.log(given).mean())


def reliability(
    chance: Floats, came: Bools, edges: tuple[float, ...] = BIN_EDGES
) -> tuple[ReliabilityRow, ...]:
    """Table of forecasts by what they said; a bin holds its lower edge, the last one both."""
    where = _bins(chance, edges)
    rows = []
    for at, (low, high) in enumerate(pairwise(edges)):
        inside = where == at
        if inside.any():
            said, happened = float(chance[inside].mean()), float(came[inside].mean())
            rows.append(ReliabilityRow(low, high, int(inside.sum()), said, happened))
    return tuple(rows)


def calibration_error(chance: Floats, came: Bools, edges: tuple[float, ...] = BIN_EDGES) -> float:
    """Mean over forecasts of how far their bin's mean chance lies from how often it came."""
    rows = reliability(chance, came, edges)
    apart = sum(row.forecasts * abs(row.said - row.came) for row in rows)
    return apart / max(sum(row.forecasts for row in rows), 1)


def coverage(low: Floats, high: Floats, came: Floats) -> Estimate:
    """Part of intervals that held what came, both ends included, with a 90 % interval.

    The interval takes forecasts as independent; where their days overlap it is wider in truth.
    """
    from scipy.special import betaincinv

    count = len(came)
    if count < MINIMUM_FORECASTS:
        return too_few(count, MINIMUM_FORECASTS, "forecasts", "")
    held = int(((low <= came) & (came <= high)).sum())
    tail = (1 - _LEVEL) / 2
    ends = [float(betaincinv(held + 0.5, count - held + 0.5, q)) for q in (tail, 1 - tail)]
    method = f"{held:,} of {count:,} intervals held what came; {_LEVEL:.0%} interval"
    return estimate(held / count, (ends[0], ends[1]), "", method)


def compare(
    chance: Floats, reference: Floats, came: Bools, *, name: str = "the 90-day rate"
) -> Comparison:
    """Set a forecast beside a reference, and say so where the reference did better.

    Parameters
    ----------
    chance, reference
        (N,) chances, both issued before.
    came
        (N,) outcomes.
    name
        What the reference is called.
    """
    count = chance.size
    if count < MINIMUM_FORECASTS:
        few = too_few(count, MINIMUM_FORECASTS, "forecasts", "")
        return Comparison(few, few, few, few.method)
    ours, theirs, gained = (
        brier(chance, came),
        brier(reference, came),
        skill(chance, reference, came),
    )
    if ours > theirs:
        words = f"{name} did better here"
    elif ours == theirs:
        words = f"{name} did as well here"
    else:
        words = f"better than {name} here, by {gained:.1%} of its error"
    method = f"Brier score of {count:,} forecasts"
    return Comparison(
        estimate(ours, None, "", method),
        estimate(theirs, None, "", f"{method}, {name}"),
        estimate(gained, None, "", f"1 - ratio of Brier scores, {count:,} forecasts, {name}"),
        words,
    )


def _bins(chance: Floats, edges: tuple[float, ...]) -> NDArray[np.int64]:
    return np.clip(np.digitize(chance, edges) - 1, 0, len(edges) - 2)
