"""What the chances of the roads would be if what is alleged and not corroborated were so. No plan takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corridor.hazards import Hazards
from corridor.values import IncidentCode, PlaceCode, ReportId, RoadCode, named

# Incidents named; a smaller change of a chance is none.
_MOST, _LEAST = 5, 0.005


@dataclass(frozen=True, slots=True)
class IfSo:
    """A road whose chance of being usable would be another if what is alleged near it were so.

    Attributes
    ----------
    day
        The day on which it would differ most; `chance` and `if_so` are of that day, 0 to 1.
    incidents
        Those alleged, and not corroborated.
    """

    road: RoadCode
    towards: PlaceCode
    day: date
    chance: float
    if_so: float
    incidents: tuple[IncidentCode, ...]
    basis: tuple[ReportId, ...]

    @property
    def text(self) -> str:
        """The what-if as a sentence, with codes to be named."""
        which = ", ".join(self.incidents[:_MOST])
        more = len(self.incidents) - _MOST
        return (
            f"If what is alleged and not corroborated near {named(self.road)} were so ({which}"
            f"{f' and {more} more' if more > 0 else ''}), the chance that convoys can use it towards "
            f"{named(self.towards)} on {self.day.isoformat()} would be {self.if_so:.0%} and not "
            f"{self.chance:.0%}. No load rests on it."
        )


def if_so(taken: Hazards, supposed: Hazards) -> tuple[IfSo, ...]:
    """Compare the chances a plan takes with those if every allegation were so, road by road."""
    usable, would = taken.p_usable().best, supposed.p_usable().best
    found = []
    for number, road in enumerate(supposed.roads):
        counted = {near.incident for near in taken.roads[number].near}
        alleged = [near for near in road.near if near.incident not in counted]
        change = abs(would[:, number] - usable[:, number])
        most = int(change.argmax())
        if alleged and change[most] >= _LEAST:
            found.append(
                IfSo(
                    road.road,
                    road.towards,
                    taken.days[most],
                    round(float(usable[most, number]), 6),
                    round(float(would[most, number]), 6),
                    tuple(near.incident for near in alleged),
                    tuple(sorted({name for near in alleged for name in near.basis})),
                )
            )
    return tuple(found)
