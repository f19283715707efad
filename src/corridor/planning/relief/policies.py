"""What every policy is shown each morning, and what it answers: scenarios side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from corridor.planning.relief.model import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The morning of a day in B scenarios, once the joint state of the roads is seen.

    N nodes, C commodities, A arcs, L the longest lead. Arrays are read, never written: they are the
    simulation's own.

    Attributes
    ----------
    day
        Counted from 0.
    state
        Joint state of the roads today, (B,).
    stock, backlog
        Of last evening, (B, N, C) units; supply and arrivals of the day are not in it yet.
    moving
        Under way, (B, L, A, C) units: entry l comes at the end of its arc in l days, 0 being today.
    loaded
        Loaded yesterday on arcs that are loaded ahead, (B, A, C) units; still in stock at the
        start.
    lost
        What of fleets did not come back until yesterday, (B, H); None means nothing.
    """

    day: int
    state: Ints
    stock: Floats
    backlog: Floats
    moving: Floats
    loaded: Floats
    lost: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """What is done on a day in B scenarios.

    Attributes
    ----------
    flows
        Leaves on each arc today, (B, A, C) units; on arcs loaded ahead at most what was loaded.
    loads
        Loaded today to leave tomorrow, (B, A, C) units; 0 on all other arcs.
    served
        Handed out, (B, N, C) units.
    spilled
        Thrown away, (B, N, C) units.
    bought
        Fuel bought on the spot instead of burnt from stock, (B, N) units.
    """

    flows: Floats
    loads: Floats
    served: Floats
    spilled: Floats
    bought: Floats


class RoadPolicy(Protocol):
    """A way to decide, day after day."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    def decide(self, situation: Situation) -> Moves:
        """Say what is done on this day, in every scenario."""
        ...
