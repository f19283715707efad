"""Age and sex bands: parts of a count as they were given, and the bands of the field, derived.

A part that is wider than a band is never split over bands; it stays beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

Sex = Literal["f", "m", "any"]

OLDEST = 130
_PART = re.compile(
    r"(?:(?P<sex>[fm])\s+)?(?:(?P<young>\d{1,3})(?:-(?P<old>\d{1,3})|\+)\s+)?(?P<count>\d{1,9})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Band:
    """An age band, both ends included; `max_age` None has no upper end."""

    min_age: int
    max_age: int | None

    @property
    def label(self) -> str:
        """Return the band as it is written: 0-4, 60+."""
        return f"{self.min_age}+" if self.max_age is None else f"{self.min_age}-{self.max_age}"

    def holds(self, other: Band) -> bool:
        """Tell whether another band lies within this one."""
        return self.min_age <= other.min_age and _top(other) <= _top(self)

    def meets(self, other: Band) -> bool:
        """Tell whether the two have an age in common."""
        return self.min_age <= _top(other) and other.min_age <= _top(self)


@dataclass(frozen=True, slots=True)
class Part:
    """How many of a count are of one sex, of one band of ages, or both."""

    sex: Sex
    band: Band
    count: int

    def __str__(self) -> str:
        """Write the part as it is read: f 0-4 120."""
        who = () if self.sex == "any" else (self.sex,)
        ages = () if self.band == Band(0, None) else (self.band.label,)
        return " ".join((*who, *ages, str(self.count)))

    def meets(self, other: Part) -> bool:
        """Tell whether a person can be in both."""
        sexes_meet = "any" in (self.sex, other.sex) or self.sex == other.sex
        return sexes_meet and self.band.meets(other.band)


@dataclass(frozen=True, slots=True)
class Banded:
    """Parts put into bands.

    Attributes
    ----------
    cells
        Sex, band and the sum of the parts that lie within it; a band with no part is not there.
    beside
        Parts that fit no band whole and are not split.
    """

    cells: tuple[tuple[Sex, Band, int], ...]
    beside: tuple[Part, ...]


ALL_AGES = Band(0, None)
CHILDREN = Band(0, 17)
# UNHCR, age groups of population statistics.
UNHCR_BANDS = (Band(0, 4), Band(5, 11), Band(12, 17), Band(18, 59), Band(60, None))


def read_parts(text: str) -> tuple[Part, ...]:
    """Read parts written 'f 0-4 120; m 0-4 131; 60+ 45'.

    Raises
    ------
    ValueError
        When one of them is written otherwise, names neither sex nor ages, or an age above 130.
    """
    return tuple(_part(piece.strip()) for piece in text.split(";")) if text.strip() else ()


def unreadable(text: str) -> tuple[str, ...]:
    """Return the pieces of a text that are no parts."""
    pieces = [piece.strip() for piece in text.split(";")] if text.strip() else []
    return tuple(piece for piece in pieces if not _is_part(piece))


def is_readable(text: str) -> bool:
    """Tell whether a text gives parts."""
    return not unreadable(text)


def overlapping(parts: Iterable[Part]) -> tuple[tuple[Part, Part], ...]:
    """Return the pairs of parts in which one person could be counted twice."""
    return tuple((a, b) for a, b in combinations(parts, 2) if a.meets(b))


def in_bands(parts: Iterable[Part], bands: Sequence[Band] = UNHCR_BANDS) -> Banded:
    """Put parts into bands, by sex as given; a part wider than a band stays beside them."""
    sums: dict[tuple[Sex, Band], int] = {}
    beside: list[Part] = []
    for part in parts:
        band = next((band for band in bands if band.holds(part.band)), None)
        if band is None:
            beside.append(part)
        else:
            sums[part.sex, band] = sums.get((part.sex, band), 0) + part.count
    order = sorted(sums, key=lambda cell: (cell[1].min_age, cell[0]))
    return Banded(tuple((*cell, sums[cell]) for cell in order), tuple(beside))


def _is_part(text: str) -> bool:
    try:
        _part(text)
    except ValueError:
        return False
    return True


def _part(text: str) -> Part:
    found = _PART.fullmatch(text)
    if found is None or (found["sex"] is None and found["young"] is None):
        raise ValueError(f"a part like 'f 0-4 120' is needed, not '{text[:40]}'")
    sex: Sex = "f" if found["sex"] == "f" else "m" if found["sex"] == "m" else "any"
    band = ALL_AGES
    if found["young"] is not None:
        band = Band(int(found["young"]), None if found["old"] is None else int(found["old"]))
    if band.min_age > _top(band) or max(band.min_age, band.max_age or 0) > OLDEST:
        raise ValueError(f"ages from 0 to {OLDEST} are needed, youngest first, not '{text[:40]}'")
    return Part(sex, band, int(found["count"]))


def _top(band: Band) -> int:
    return OLDEST if band.max_age is None else band.max_age
