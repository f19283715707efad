"""An allocation of shelter checked against its rules, without the solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from corridor.planning.allocation import Allocation, Family, Rules, Unit

# What rounding may add to a floor, in m2.
_BESIDE = 1e-6


def breaches(
    made: Allocation, families: Iterable[Family], units: Iterable[Unit], rules: Rules
) -> tuple[str, ...]:
    """Return what an allocation breaks, checked without the solver; none is what is wanted."""
    known = {family.family: family for family in families}
    there = {unit.unit: unit for unit in units}
    found: list[str] = []
    people: dict[str, int] = defaultdict(int)
    before: dict[str, int] = defaultdict(int)
    shared: dict[str, int] = defaultdict(int)
    comers: dict[str, int] = defaultdict(int)
    for family in known.values():
        before[family.unit] += family.people
    for name, unit in made.homes.items():
        family = known[name]
        people[unit] += family.people
        shared[unit] += 1
        comers[unit] += family.unit != unit
        if family.is_unaccompanied_child:
            found.append(f"{name} is an unaccompanied child and was placed")
        if family.needs_step_free and not there[unit].is_step_free and family.unit != unit:
            found.append(f"{name} needs a unit without steps and was placed in {unit}")
    for name, count in people.items():
        unit_there = there[name]
        room = unit_there.floor_m2 - unit_there.others * rules.floor_each_m2
        over = count * rules.floor_each_m2 > room + _BESIDE
        if over and (comers[name] or count > before[name]):
            found.append(f"{name} holds {count} people and more than its floor")
        most = unit_there.most_families
        if most is not None and shared[name] > most and comers[name]:
            found.append(f"{name} is shared by {shared[name]} families, {most} at most")
    found.extend(
        f"{family.family} had a place and lost it"
        for family in known.values()
        if family.unit and not family.is_unaccompanied_child and family.family not in made.homes
    )
    return tuple(found)
