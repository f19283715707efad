"""From what is claimed of a site's units to the units that families can be placed into."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from corridor.planning.allocation import Family, Unit
from corridor.shelter import RoomLine


class Site(NamedTuple):
    """What an allocation starts from.

    Attributes
    ----------
    families
        The families given; those whose unit cannot be used any more count as coming.
    units
        Units that can be used.
    left_out
        Units that cannot, each with the reason.
    """

    families: tuple[Family, ...]
    units: tuple[Unit, ...]
    left_out: tuple[tuple[str, str], ...]


def site(
    rooms: Iterable[RoomLine], families: Iterable[Family], *, uncounted_is_empty: bool
) -> Site:
    """Return units and families for an allocation.

    A unit holds the highest number of people any claimant's latest count gives; those who are in none
    of the families given stay in it. A unit nobody counted is left out, unless that is taken for empty.
    """
    given = tuple(families)
    listed = Counter[str]()
    for family in given:
        listed[family.unit] += family.people
    units: list[Unit] = []
    left_out: list[tuple[str, str]] = []
    for room in rooms:
        said = room.unit.statement
        code = str(said.shelter_unit)
        counted = room.occupied.high if room.occupied.high is not None else room.occupied.low
        if said.condition != "usable":
            left_out.append((code, said.condition.replace("_", " ")))
        elif counted is None and not listed[code] and not uncounted_is_empty:
            left_out.append((code, "nobody counted who is in it"))
        else:
            others = max(0, int(counted or 0) - listed[code])
            units.append(
                Unit(code, float(said.floor_m2), said.is_step_free, others, said.most_families)
            )
    usable = {unit.unit for unit in units} | {""}
    known = usable | {code for code, _ in left_out}
    moved_out = tuple(
        dataclasses.replace(family, unit="")
        if family.unit in known and family.unit not in usable
        else family
        for family in given
    )
    return Site(moved_out, tuple(units), tuple(left_out))
