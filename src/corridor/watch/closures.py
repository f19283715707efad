"""How much sooner a road closes after incidents near it, fitted where enough of both were seen.

A day's chance of closing, given that the road could be used the evening before, has a complementary
log-log link to the logs of what happened near it and near the other roads over the last 3, 10, 30 and 90
days and over the long run (`closing.features`). Days ahead are taken as watched, with what is usual near each
road, so that what happened lately wears off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.watch.closing import Floats, Outcomes, Units, features, posterior

# Fewer closings seen, or days with an incident near a road, than these fit nothing.
MINIMUM_CLOSINGS = 10
MINIMUM_INCIDENT_DAYS = 10
# One standard deviation of a feature is expected to move the rate of closing by no more than a third.
_RIDGE = 10.0
# No effect is taken to be stronger than this, either way.
_MOST = 10.0

USABLE, CLOSED, UNKNOWN = 0, 1, -1


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What incidents do to closing, fitted.

    Attributes
    ----------
    factor
        (K, A, P) what the rate of closing is multiplied by: sample x day x road, from the last day known
        on; 1 on a day like the road's own average.
    closings, evenings
        Closings seen, and evenings on which a road could be used and its next day is known.
    incident_days
        Days with an incident near a road, over all roads.
    """

    factor: Floats
    closings: int
    evenings: int
    incident_days: int


def effect(
    units: Units, status: NDArray[np.int64], *, ahead: int, count: int, seed: int
) -> Effect | None:
    """Fit what incidents do to closing; None where too little was seen.

    Parameters
    ----------
    units
        Incidents near each road by day, (T, P), and how fully the days were watched.
    status
        (T, P): `USABLE`, `CLOSED` or `UNKNOWN` on each day.
    ahead
        Evenings wanted, A: that of the last day known is the first.
    count
        Samples of the effect, K.
    """
    days = len(status)
    seen = (status[:-1] == USABLE) & (status[1:] != UNKNOWN)
    closed = seen & (status[1:] == CLOSED)
    incident_days = int(((units.counts > 0) & (units.effort > 0)).sum())
    if closed.sum() < MINIMUM_CLOSINGS or incident_days < MINIMUM_INCIDENT_DAYS:
        return None
    happened = np.where(units.effort > 0, units.counts, 0.0)
    usual = happened.sum(axis=0) / np.maximum(units.effort.sum(axis=0), 1)
    later = np.ones((ahead, len(usual)))
    x = features(
        Units(
            np.vstack([happened, later * usual]),
            np.vstack([units.effort, later]),
            units.neighbours,
        )
    )
    # Row t of the features holds what is known when t days are: the evening of day t - 1.
    known = x[1:days]
    told = Outcomes(known[seen], np.ones(seen.sum()), closed[seen], np.ones(seen.sum()))
    mode, covariance = posterior(told, ridge=_RIDGE)
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_normal(mode[1:], covariance[1:, 1:], count, method="eigh")
    # A road's own average over the evenings seen is in its rates already.
    told_of = seen | ~seen.any(axis=0)
    then = np.exp(np.einsum("tpf,kf->ktp", known, drawn))
    average = np.log((then * (told_of / told_of.sum(axis=0))).sum(axis=1))
    log = np.einsum("apf,kf->kap", x[days : days + ahead], drawn) - average[:, np.newaxis]
    limit = np.log(_MOST)
    return Effect(
        np.exp(np.clip(log, -limit, limit)), int(closed.sum()), int(seen.sum()), incident_days
    )
