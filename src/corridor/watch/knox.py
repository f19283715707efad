"""Are incidents close in space close in time as well? The Knox test.

Knox (1964), Applied Statistics 13(1): pairs close in both are counted, and compared with the same
places when the times are dealt out anew. It assumes no shape of contagion and takes whatever rate
each place and each day has, as long as one does not shift against the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.values import Estimate
from corridor.watch.estimates import estimate, too_few

MINIMUM_INCIDENTS = 20

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Knox:
    """Pairs close in space and time.

    Attributes
    ----------
    pairs
        Their number; None where there are too few incidents to say.
    ratio
        That number over its mean when the times are dealt out anew, with the part of these deals,
        5 % on either side left out, that lies around it.
    p
        Part of the deals, and of what was seen, with as many pairs.
    """

    pairs: int | None
    ratio: Estimate
    p: Estimate


def knox(
    x: Floats, y: Floats, time: Floats, *, near: float, within: float, seed: int, deals: int = 999
) -> Knox:
    """Count the pairs at most `near` apart in space and `within` apart in time.

    Parameters
    ----------
    x, y, time
        (N,) in any unit; `near` is in that of x and y, `within` in that of time.
    near, within
        What counts as close; both ends count.
    seed, deals
        Of the times dealt out anew.
    """
    from scipy.spatial import cKDTree

    if len(x) < MINIMUM_INCIDENTS:
        few = too_few(len(x), MINIMUM_INCIDENTS, "incidents", "")
        return Knox(None, few, few)
    first, second = cKDTree(np.column_stack([x, y])).query_pairs(near, output_type="ndarray").T
    rng = np.random.default_rng(seed)

    def close(times: Floats) -> int:
        return int((np.abs(times[first] - times[second]) <= within).sum())

    pairs = close(time)
    dealt = np.array([close(rng.permutation(time)) for _ in range(deals)])
    p = (1 + int((dealt >= pairs).sum())) / (1 + deals)
    method = (
        f"Knox test: pairs at most {near:g} apart and {within:g} in time among {len(x):,} "
        f"incidents, {deals:,} deals"
    )
    mean = float(dealt.mean())
    if mean == 0:
        return Knox(pairs, too_few(0, 1, "pairs by chance", ""), estimate(p, None, "", method))
    few_by_chance, many_by_chance = np.quantile(dealt, [0.05, 0.95])
    ends = (
        pairs / many_by_chance if many_by_chance else np.inf,
        pairs / few_by_chance if few_by_chance else np.inf,
    )
    return Knox(
        pairs,
        estimate(pairs / mean, ends, "", f"{method}; 90% interval of the deals"),
        estimate(p, None, "", method),
    )
