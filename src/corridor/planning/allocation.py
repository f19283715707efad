"""Who lives where: families to shelter units, kept together, access needs first, by floor area.

People decide about unaccompanied children; the program never places one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corridor.errors import PlanningError
from corridor.planning.solver import Arrays, Floats, search

_NODES = 20_000
# What rounding may add to a floor, in m2.
_BESIDE = 1e-6


@dataclass(frozen=True, slots=True)
class Family:
    """A family under a pseudonym.

    Attributes
    ----------
    family
        The pseudonym.
    people
        How many they are.
    needs_step_free
        Whether someone in it needs a unit without steps.
    is_unaccompanied_child
        A child without family, who is left to people.
    unit
        Where they live now; empty for those who come.
    """

    family: str
    people: int
    needs_step_free: bool = False
    is_unaccompanied_child: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A shelter unit that can be used.

    Attributes
    ----------
    floor_m2
        Its covered floor.
    others
        People in it who are in none of the families given; they stay.
    most_families
        Most of the given families that may share it; None: as many as its floor holds.
    """

    unit: str
    floor_m2: float
    is_step_free: bool = False
    others: int = 0
    most_families: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What an allocation keeps to; printed with it.

    Attributes
    ----------
    floor_each_m2
        Floor for each person.
    moves_for_a_place
        So many people may be asked to move so that one more gets a place.
    gap
        How far from the best an answer may be, relative to it.
    """

    floor_each_m2: float
    moves_for_a_place: float = 5.0
    gap: float = 1e-3


@dataclass(frozen=True, slots=True)
class Left:
    """What a unit has left.

    Attributes
    ----------
    people
        How many live in it then.
    floor_m2
        Floor left at the floor for each person; below zero where it is too full already.
    can_take
        People it can still take in; 0 where no further family may share it.
    """

    unit: str
    people: int
    floor_m2: float
    can_take: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who lives where.

    Attributes
    ----------
    homes
        Unit of each family that has one, by family.
    moved
        Families that live elsewhere than before.
    without
        Families without a place, each with the reason.
    left_to_people
        Unaccompanied children: a person decides.
    left
        What each unit has left.
    gap
        How far the answer may be from the best, relative to it: the larger of the two searches.
    solver_s
        Time the solver took.
    """

    homes: Mapping[str, str]
    moved: tuple[str, ...]
    without: tuple[tuple[str, str], ...]
    left_to_people: tuple[str, ...]
    left: tuple[Left, ...]
    gap: float
    solver_s: float

    @property
    def can_take(self) -> int:
        """People who can still be taken in, all units together."""
        return sum(unit.can_take for unit in self.left)

    @property
    def largest_family(self) -> int:
        """People in the largest family that still fits into one unit."""
        return max((unit.can_take for unit in self.left), default=0)


class _Class(NamedTuple):
    """Families that are alike; the program need not tell them apart."""

    people: int
    needs_step_free: bool
    unit: str


def allocate(families: Iterable[Family], units: Iterable[Unit], rules: Rules) -> Allocation:
    """Place families into units.

    1. Unaccompanied children are set aside for people to decide.
    2. Families alike in size, needs and present unit form a class: whole numbers per class and unit.
    3. First search: as many people with access needs as can be in units without steps.
    4. Second search, that kept: as many others as can be, weighed against people who must move.
    5. Nobody who has a place loses it; nobody comes into a unit that is too full already.

    Raises
    ------
    PlanningError
        When two families or two units have one code, or a family's unit is not among the units.
    """
    given = tuple(sorted(families, key=lambda family: family.family))
    there = {unit.unit: unit for unit in sorted(units, key=lambda unit: unit.unit)}
    placed = [family for family in given if not family.is_unaccompanied_child]
    _refuse_odd(given, tuple(units), there)
    by_class: dict[_Class, list[Family]] = defaultdict(list)
    for family in placed:
        by_class[_Class(family.people, family.needs_step_free, family.unit)].append(family)
    program = _Program(tuple(by_class), [len(found) for found in by_class.values()], there, rules)
    counts, gap, solver_s = program.solve()
    homes: dict[str, str] = {}
    for (kind, unit), count in counts.items():
        for family in by_class[kind][:count]:
            homes[family.family] = unit
        by_class[kind] = by_class[kind][count:]
    left = tuple(_left(unit, placed, homes, rules) for unit in there.values())
    return Allocation(
        dict(sorted(homes.items())),
        tuple(f.family for f in placed if f.unit and homes.get(f.family) != f.unit),
        tuple((f.family, _why(f, left, there)) for f in placed if f.family not in homes),
        tuple(f.family for f in given if f.is_unaccompanied_child),
        left,
        gap,
        solver_s,
    )


class _Program:
    """The program: a whole number of families for each class and each unit open to it."""

    def __init__(
        self,
        classes: Sequence[_Class],
        sizes: Sequence[int],
        units: Mapping[str, Unit],
        rules: Rules,
    ) -> None:
        self._rules = rules
        self._classes, self._sizes = classes, sizes
        living: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for kind, size in zip(classes, sizes, strict=True):
            living[kind.unit].append((kind.people * size, size))
        self._floor = {
            name: max(unit.floor_m2 - unit.others * rules.floor_each_m2, 0.0)
            for name, unit in units.items()
        }
        now = {name: sum(people for people, _ in living[name]) for name in units}
        sharing = {name: sum(size for _, size in living[name]) for name in units}
        # Where people live closer than the rules ask, they may stay, and nobody comes in.
        self._is_full = {
            name: now[name] * rules.floor_each_m2 > self._floor[name] + _BESIDE
            or sharing[name] > (unit.most_families or sharing[name])
            for name, unit in units.items()
        }
        self._floor = {
            name: max(floor, now[name] * rules.floor_each_m2) for name, floor in self._floor.items()
        }
        self._most = {
            name: None if unit.most_families is None else max(unit.most_families, sharing[name])
            for name, unit in units.items()
        }
        self._columns = [
            (c, name)
            for c, kind in enumerate(classes)
            for name, unit in units.items()
            if self._is_open(kind, unit)
        ]
        self._is_step_free = {name: unit.is_step_free for name, unit in units.items()}

    def _is_open(self, kind: _Class, unit: Unit) -> bool:
        if kind.unit == unit.unit:
            return True
        return (
            not self._is_full[unit.unit]
            and kind.people * self._rules.floor_each_m2 <= self._floor[unit.unit] + _BESIDE
            and (unit.is_step_free or not kind.needs_step_free)
        )

    def solve(self) -> tuple[dict[tuple[_Class, str], int], float, float]:
        """Return how many families of each class live in each unit, the gap, and the solver's time."""
        if not self._columns:
            return {}, 0.0, 0.0
        people = np.array([self._classes[c].people for c, _ in self._columns], dtype=np.float64)
        suits = np.array(
            [self._classes[c].needs_step_free and self._is_step_free[u] for c, u in self._columns]
        )
        moves = np.array(
            [self._classes[c].unit not in ("", u) for c, u in self._columns], dtype=np.float64
        )
        is_new = np.array([not self._classes[c].unit for c, _ in self._columns])
        first_s = first_gap = least = 0.0
        if suits.any():
            # All moves together weigh less than one person suited: of equal answers the search then
            # sees few, and takes a fraction of the time.
            everyone = sum(k.people * n for k, n in zip(self._classes, self._sizes, strict=True))
            cost = -people * suits + people * moves / (everyone + 1)
            first = search(self._arrays(cost), gap=0.0, nodes=_NODES)
            least = float(np.round((people * suits) @ first.values))
            most = np.floor(everyone / (everyone + 1) - first.bound + _BESIDE)
            first_s, first_gap = first.solver_s, _gap(-least, -float(most))
        cost = people * moves - self._rules.moves_for_a_place * people * is_new
        found = search(
            self._arrays(cost, (people * suits, least)), gap=self._rules.gap, nodes=_NODES
        )
        counts = np.rint(found.values).astype(int)
        taken = {
            (self._classes[c], unit): int(count)
            for (c, unit), count in zip(self._columns, counts, strict=True)
            if count
        }
        gap = max(first_gap, _gap(found.objective, found.bound))
        return taken, gap, first_s + found.solver_s

    def _arrays(self, cost: Floats, at_least: tuple[Floats, float] | None = None) -> Arrays:
        rows: list[tuple[list[int], list[float], float, float]] = []
        of_class: dict[int, list[int]] = defaultdict(list)
        of_unit: dict[str, list[int]] = defaultdict(list)
        for column, (c, unit) in enumerate(self._columns):
            of_class[c].append(column)
            of_unit[unit].append(column)
        for c, columns in of_class.items():
            size = float(self._sizes[c])
            # Who has a place keeps one.
            rows.append(
                (columns, [1.0] * len(columns), size if self._classes[c].unit else 0.0, size)
            )
        for unit, columns in of_unit.items():
            # Counted in people: whole numbers on both sides are easier to search.
            each = self._rules.floor_each_m2
            room = float(np.floor(self._floor[unit] / each + _BESIDE))
            heads = [float(self._classes[self._columns[k][0]].people) for k in columns]
            rows.append((columns, heads, -np.inf, room))
            most = self._most[unit]
            if most is not None:
                rows.append((columns, [1.0] * len(columns), -np.inf, float(most)))
        if at_least is not None:
            columns = [int(k) for k in np.flatnonzero(at_least[0])]
            rows.append((columns, [float(at_least[0][k]) for k in columns], at_least[1], np.inf))
        rows = [row for row in rows if row[0]]
        count = len(self._columns)
        return Arrays(
            cost=cost,
            lower=np.zeros(count),
            upper=np.array([float(self._sizes[c]) for c, _ in self._columns]),
            row_lower=np.array([row[2] for row in rows]),
            row_upper=np.array([row[3] for row in rows]),
            start=np.cumsum([0, *(len(row[0]) for row in rows)], dtype=np.int64),
            index=np.array([k for row in rows for k in row[0]], dtype=np.int64),
            value=np.array([v for row in rows for v in row[1]]),
            is_whole=np.ones(count, dtype=np.bool_),
        )


def _refuse_odd(
    families: Sequence[Family], units: Sequence[Unit], there: Mapping[str, Unit]
) -> None:
    count = Counter(family.family for family in families)
    wrong = [
        f"family {name} is given twice; each is needed once"
        for name in sorted(count)
        if count[name] > 1
    ]
    if len(there) != len(units):
        wrong.append("a shelter unit is given twice; each is needed once")
    for family in families:
        if family.people < 1:
            wrong.append(f"family {family.family}: at least 1 person is needed")
        if family.unit and family.unit not in there:
            wrong.append(
                f"family {family.family} lives in {family.unit}, which is no usable unit here; "
                "leave its unit empty and it is given a place"
            )
    if wrong:
        raise PlanningError("\n".join(wrong))


def _left(unit: Unit, families: Iterable[Family], homes: Mapping[str, str], rules: Rules) -> Left:
    living = [family.people for family in families if homes.get(family.family) == unit.unit]
    people = unit.others + sum(living)
    floor_m2 = unit.floor_m2 - people * rules.floor_each_m2
    is_shared_out = unit.most_families is not None and len(living) >= unit.most_families
    can_take = 0 if is_shared_out else max(0, int(floor_m2 / rules.floor_each_m2 + _BESIDE))
    return Left(unit.unit, people, floor_m2, can_take)


def _why(family: Family, left: Iterable[Left], units: Mapping[str, Unit]) -> str:
    fitting = [room for room in left if room.can_take >= family.people]
    if family.needs_step_free and not any(units[room.unit].is_step_free for room in fitting):
        return "no unit without steps has room for them together"
    if not fitting:
        return "no one unit has room for them together"
    return "the search ended at its gap before placing them; run it with a smaller gap"


def _gap(objective: float, bound: float) -> float:
    return max(0.0, objective - bound) / max(1.0, abs(objective))
