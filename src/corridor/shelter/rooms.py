"""Shelter units with who is said to be in them, and the floor that leaves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from corridor.registers.shelter import Shelter, ShelterUnit
from corridor.report import Report
from corridor.values import Estimate, PlaceCode

_NOBODY_SAYS = Estimate(None, None, None, "people", "no report received")


@dataclass(frozen=True, slots=True)
class RoomLine:
    """One shelter unit.

    Attributes
    ----------
    unit
        Its last description, with who gives it.
    occupied
        Range over each claimant's latest count of people in it; unknown where nobody counted,
        which is not empty.
    floor_each_m2
        Floor for each person at the highest of these counts; None where that is unknown or nobody.
    """

    unit: Report[ShelterUnit]
    occupied: Estimate
    floor_each_m2: Decimal | None

    def floor_left_m2(self, floor_each_m2: Decimal) -> Decimal | None:
        """Return the floor left when each person counted has so much; None where nobody counted."""
        if self.occupied.high is None:
            return None
        return self.unit.statement.floor_m2 - self.occupied.high * floor_each_m2


def rooms(shelter: Shelter, place: PlaceCode) -> tuple[RoomLine, ...]:
    """Return the shelter units of a site, usable or not, in order of their codes."""
    lines: list[RoomLine] = []
    for code, unit in sorted(shelter.units.items()):
        if unit.statement.place != place:
            continue
        counted = shelter.occupancy.get((place, code, "people"))
        occupied = _NOBODY_SAYS if counted is None else counted.range()
        each = unit.statement.floor_m2 / occupied.high if occupied.high else None
        lines.append(RoomLine(unit, occupied, each and each.quantize(Decimal("0.01"))))
    return tuple(lines)
