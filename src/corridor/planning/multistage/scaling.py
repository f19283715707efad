"""How far the numbers of a policy graph lie apart: what to look at when bounds look wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.solver import Floats

_WIDE = 1e6
_LARGE = 1e7


@dataclass(frozen=True, slots=True)
class Spread:
    """Smallest and largest of some numbers, by size, zeros and infinities left out.

    Attributes
    ----------
    smallest, largest
        0 where there are none.
    """

    smallest: float
    largest: float


@dataclass(frozen=True, slots=True)
class Scaling:
    """How far numbers lie apart over all stage programs.

    Attributes
    ----------
    entries, costs, bounds, sides
        Of the rows' entries, the costs, the columns' bounds and the rows' sides.
    remarks
        What is wide enough to lose digits, in words; empty when nothing is.
    """

    entries: Spread
    costs: Spread
    bounds: Spread
    sides: Spread
    remarks: tuple[str, ...]


def scaling(graph: PolicyGraph) -> Scaling:
    """Report on the numbers of a graph.

    HiGHS works to 1e-7; entries, or costs, more than 1e6 apart, or sides beyond 1e7, leave few
    digits. Count goods in rations or lorry loads and cost in thousands.
    """
    programs = {id(program): program for program in graph.programs}.values()
    entries = _spread([program.arrays.value for program in programs])
    costs = _spread([a for p in programs for a in (p.arrays.cost, p.noise.cost)])
    bounds = _spread(
        [
            a
            for p in programs
            for a in (p.arrays.lower, p.arrays.upper, p.noise.lower, p.noise.upper)
        ]
    )
    sides = _spread(
        [
            a
            for p in programs
            for a in (
                p.arrays.row_lower,
                p.arrays.row_upper,
                p.noise.row_lower,
                p.noise.row_upper,
            )
        ]
    )
    remarks = [
        f"{name}: from {spread.smallest:.3g} to {spread.largest:.3g}; bring them nearer"
        for name, spread in (("entries", entries), ("costs", costs))
        if spread.smallest and spread.largest / spread.smallest > _WIDE
    ]
    remarks += [
        f"{name}: up to {spread.largest:.3g}; choose a larger unit"
        for name, spread in (("bounds", bounds), ("sides", sides), ("costs", costs))
        if spread.largest > _LARGE
    ]
    return Scaling(entries, costs, bounds, sides, tuple(remarks))


def _spread(arrays: list[Floats]) -> Spread:
    sizes = np.abs(np.concatenate([array.ravel() for array in arrays]))
    sizes = sizes[(sizes > 0) & np.isfinite(sizes)]
    return Spread(float(sizes.min()), float(sizes.max())) if sizes.size else Spread(0.0, 0.0)
