"""What training learnt from one moment to a later one: small enough to send after every iteration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.multistage.cuts import Cuts
from corridor.planning.multistage.values import Learnt
from corridor.planning.solver import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """Cuts and risk rows that came, and which cuts programs hold since then.

    Attributes
    ----------
    cuts
        New cuts by pool, for pools that have some.
    kept
        Numbers of the cuts held by pool, for pools where it is not those before and the new ones.
    risk_rows
        New risk weights by node, for nodes that have some.
    """

    cuts: dict[int, Cuts]
    kept: dict[int, Ints]
    risk_rows: dict[int, Floats]


def growth(before: Learnt, after: Learnt) -> Growth:
    """Return what came between two moments of the same training."""
    cuts: dict[int, Cuts] = {}
    kept: dict[int, Ints] = {}
    for pool, (old, new) in enumerate(zip(before.cuts, after.cuts, strict=True)):
        known, count = old.intercept.size, new.intercept.size
        if count > known:
            cuts[pool] = Cuts(new.gradient[known:], new.intercept[known:])
        if not np.array_equal(after.kept[pool], _kept(before.kept[pool], known, count)):
            kept[pool] = after.kept[pool]
    rows = {
        node: new[len(old) :]
        for node, (old, new) in enumerate(zip(before.risk_rows, after.risk_rows, strict=True))
        if len(new) > len(old)
    }
    return Growth(cuts, kept, rows)


def grown(before: Learnt, came: Growth) -> Learnt:
    """Return what was known and what came; the inverse of `growth`, number by number."""
    cuts, kept, rows = list(before.cuts), list(before.kept), list(before.risk_rows)
    for pool, new in came.cuts.items():
        old = cuts[pool]
        known, count = old.intercept.size, old.intercept.size + new.intercept.size
        cuts[pool] = Cuts(
            np.concatenate((old.gradient, new.gradient)),
            np.concatenate((old.intercept, new.intercept)),
        )
        kept[pool] = _kept(kept[pool], known, count)
    for pool, held in came.kept.items():
        kept[pool] = held
    for node, more in came.risk_rows.items():
        rows[node] = np.concatenate((rows[node], more)) if len(rows[node]) else more
    return Learnt(before.form, tuple(cuts), tuple(kept), tuple(rows))


def _kept(before: Ints, known: int, count: int) -> Ints:
    return np.concatenate((before, np.arange(known, count)))
