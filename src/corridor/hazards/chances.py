"""The chance that each road is open on each coming day, as a value that other modules read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

import numpy as np

from corridor.errors import PlanningError
from corridor.hazards.announced import Decided
from corridor.hazards.phases import CLOSED, OPEN, STATUSES, Bools, Floats, Ints
from corridor.hazards.pressure import Near
from corridor.values import Finding, PlaceCode, ReportId, RoadCode

Method = Literal["fitted", "declared", "assumed"]
_TOLERANCE = 1e-9


class Interval(NamedTuple):
    """A chance with its interval; arrays of one shape."""

    low: Floats
    best: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class RoadHazard:
    """How one road, in one direction, may go from phase to phase over the coming days.

    D days, S phases, K samples. A phase is a status, or a part of one that looks the same.

    Attributes
    ----------
    road, towards
        The road and the end towards which goods go.
    phases, shown
        Name of each phase, and the status it shows, (S,): 0 open, 1 restricted, 2 closed.
    first
        Chance of each phase on the first day, (S,).
    transition
        Chance of each phase on the next day, (D - 1, S, S), from the first day on; rows sum to one.
    first_samples, samples
        The same drawn from what is known of the rates, (K, S) and (K, D - 1, S, S).
    is_decided
        Days whose status is decided by whoever grants the passage, (D,).
    method, said
        Whether the rates were fitted, declared by a named person or assumed for want of both; and in words.
    changes, days_seen, days_disputed
        Changes of status seen, days of which something was said, and of those the ones claims differ on.
    decided
        What is decided of the days in `is_decided`.
    basis
        The reports it rests on.
    near
        Incidents near it that move its chance of closing.
    """

    road: RoadCode
    towards: PlaceCode
    phases: tuple[str, ...]
    shown: Ints
    first: Floats
    transition: Floats
    first_samples: Floats
    samples: Floats
    is_decided: Bools
    method: Method
    said: str
    changes: int = 0
    days_seen: int = 0
    days_disputed: int = 0
    decided: tuple[Decided, ...] = ()
    basis: tuple[ReportId, ...] = ()
    near: tuple[Near, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no chain.

        Raises
        ------
        PlanningError
            A shape does not fit or chances do not sum to one, naming the road and the day.
        """
        days, phases, draws = len(self.is_decided), len(self.phases), len(self.samples)
        wanted = {
            "shown": (phases,),
            "first": (phases,),
            "transition": (max(days - 1, 0), phases, phases),
            "first_samples": (draws, phases),
            "samples": (draws, max(days - 1, 0), phases, phases),
        }
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise PlanningError(
                    f"road {self.road}: {name} has the shape {getattr(self, name).shape}; {shape} is needed"
                )
        _sum_to_one(f"road {self.road}, first day", self.first)
        _sum_to_one(f"road {self.road}, first day of a sample", self.first_samples)
        for day, rows in enumerate(self.transition):
            _sum_to_one(f"road {self.road}, transition after day {day + 1}", rows)
        _sum_to_one(f"road {self.road}, transition of a sample", self.samples)

    def phase_chances(self) -> Floats:
        """Return the chance of each phase on each day, (D, S)."""
        return ahead(self.first, self.transition)

    def status_chances(self) -> Floats:
        """Return the chance of each status on each day, (D, 3): open, restricted, closed."""
        return by_status(self.phase_chances(), self.shown)

    def sampled_status_chances(self) -> Floats:
        """Return the same under each sample, (K, D, 3)."""
        return by_status(ahead(self.first_samples, self.samples), self.shown)


@dataclass(frozen=True, slots=True, eq=False)
class Hazards:
    """The chance that roads are open on coming days: one chain a road, and the shocks they share.

    R roads (each in one direction), D days, K samples.

    Attributes
    ----------
    days
        The coming days, (D,), one after another.
    roads
        The roads, (R,).
    shock
        Chance a day that all roads shut at once; part of each road's own chance of closing, so that it
        changes which roads shut together and not how often one does.
    shock_samples
        The same drawn from what is known of it, (K,).
    shock_said
        What it rests on, in words.
    seed
        The seed of every draw.
    findings
        What a reader should know: roads without history, what was announced and decides nothing.
    digest
        Digest of the picture they were made from; empty where there was none.
    """

    days: tuple[date, ...]
    roads: tuple[RoadHazard, ...]
    shock: float
    shock_samples: Floats
    shock_said: str
    seed: int
    findings: tuple[Finding, ...] = ()
    digest: str = field(default="")

    def __post_init__(self) -> None:
        """Refuse roads of other days, and a shock that is no chance, with a PlanningError."""
        for road in self.roads:
            if len(road.is_decided) != len(self.days):
                raise PlanningError(
                    f"road {road.road}: chances for {len(road.is_decided)} days were given; "
                    f"{len(self.days)} days are needed"
                )
        if not 0 <= self.shock <= 1:
            raise PlanningError(f"shared shock: a chance from 0 to 1 is needed, not {self.shock}")

    def road(self, code: RoadCode, towards: PlaceCode) -> RoadHazard:
        """Return one road in one direction; PlanningError where it is not here."""
        for road in self.roads:
            if (road.road, road.towards) == (code, towards):
                return road
        raise PlanningError(
            f"road {code} towards {towards}: no chance that it is open was worked out"
        )

    def p_open(self, *, level: float = 0.9) -> Interval:
        """Return the chance that each road is open to all vehicles on each day, (D, R), with its interval.

        `best` follows from the mean rates, which plans reckon with; the interval holds the middle `level` of
        the samples.
        """
        return self.p_status(frozenset({OPEN}), level=level)

    def p_usable(self, *, level: float = 0.9) -> Interval:
        """Return the chance that each road is open or restricted, as `p_open` does."""
        return self.p_status(frozenset(range(CLOSED)), level=level)

    def p_status(self, statuses: frozenset[int], *, level: float) -> Interval:
        """Return the chance that each road shows one of some statuses, as `p_open` does."""
        which = sorted(statuses)
        best = np.stack([r.status_chances()[:, which].sum(axis=-1) for r in self.roads], axis=1)
        drawn = np.stack(
            [r.sampled_status_chances()[..., which].sum(axis=-1) for r in self.roads], axis=2
        )
        low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
        return Interval(np.minimum(low, best), best, np.maximum(high, best))

    def status_chances(self) -> Floats:
        """Return the chance of each status on each day, (D, R, 3): open, restricted, closed."""
        return np.stack([road.status_chances() for road in self.roads], axis=1)


def ahead(first: Floats, transition: Floats) -> Floats:
    """Return the chance of each phase on each day, (..., D, S), from (..., S) and (..., D - 1, S, S)."""
    known = [first]
    for day in range(transition.shape[-3]):
        known.append((known[-1][..., np.newaxis, :] @ transition[..., day, :, :])[..., 0, :])
    return np.stack(known, axis=-2)


def by_status(phases: Floats, shown: Ints) -> Floats:
    """Return the chance of each status from that of each phase, (..., 3) from (..., S)."""
    return np.asarray(phases @ np.eye(len(STATUSES))[shown])


def _sum_to_one(what: str, chances: Floats) -> None:
    if chances.size == 0:
        return
    sums = chances.sum(axis=-1)
    worst = sums.flat[np.abs(sums - 1).argmax()]
    if not (chances >= 0).all() or not abs(worst - 1) <= _TOLERANCE:
        raise PlanningError(
            f"{what}: chances of 0 or more that sum to 1 are needed; they sum to {worst:.6g}"
        )
