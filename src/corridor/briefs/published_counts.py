"""Counts of people as figures over groups that do not overlap, so that disclosure control can judge them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from corridor.disclosure import Cells, Figure, Rules, Shown, release
from corridor.errors import CorridorError
from corridor.registers.people import Subject, band_of, parts_of, subject_of
from corridor.report import Report
from corridor.standards.age_bands import Band, Sex, in_bands
from corridor.values import ReportId

_SEXES = ("f", "m")
_OLDER_THAN_ANYONE = 1000
# What a reader knows of a figure that was shown: its lowest and its highest.
Known = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What may be shown of the counts of a release.

    Attributes
    ----------
    kept_back
        Names of figures that must not be shown.
    given_away
        Names of small figures that earlier releases alone give away, whatever this one shows.
    """

    kept_back: frozenset[str] = field(default_factory=frozenset)
    given_away: tuple[str, ...] = ()


def cell_name(report: ReportId, sex: Sex, band: Band) -> str:
    """Return the name of a part of a count, by sex and band of ages."""
    return f"{report} {sex} {band.label}"


def figures_of(reports: Iterable[Report[Any]]) -> Mapping[str, Figure]:
    """Return counts of people as figures: each under its report's id, its parts under `cell_name`.

    Counts by one claimant of one place, group, kind and hour share their cells: sexes by the ages at
    which any of them begins or ends. Counts of other claimants and hours have cells of their own, for
    they need not agree.
    """
    families: dict[tuple[Any, ...], list[tuple[Report[Any], Subject]]] = {}
    for report in reports:
        subject = subject_of(report)
        if subject is not None and subject.unit == "people":
            families.setdefault(_family(report, subject), []).append((report, subject))
    found: dict[str, Figure] = {}
    for number, family in enumerate(families.values()):
        figures = [figure for pair in family for figure in _figures(*pair)]
        ages = _ages(band for _, _, band, _ in figures)
        for name, sex, band, count in figures:
            cells = frozenset(f"{number}:{cell}" for cell in _cells(sex, band, ages))
            found[name] = Figure(name, cells, count)
    return found


def kept_back(
    reports: Iterable[Report[Any]],
    rules: Rules,
    *,
    said_small: Collection[str] = (),
    kept: Collection[str] = (),
    earlier: Known | None = None,
) -> Judged:
    """Return the counts that must not be shown so that no small one can be worked out.

    Counts that cannot all be so (parts above their whole, or a figure corrected since it was released)
    are kept back together.

    Parameters
    ----------
    said_small
        Counts of which a reader is told that they are below the threshold, and no more.
    kept
        Counts kept back already.
    earlier
        What earlier releases showed.
    """
    families: dict[str, list[Figure]] = {}
    told: dict[str, list[Shown]] = {}
    released = set[str]()
    for name, figure in figures_of(reports).items():
        family = min(figure.cells).partition(":")[0]
        families.setdefault(family, [])
        if name in said_small:
            told.setdefault(family, []).append(
                Shown(name, figure.cells, 0, rules.threshold - 1, "small")
            )
        else:
            families[family].append(figure)
        if earlier and name in earlier:
            low, high = earlier[name]
            told.setdefault(family, []).append(Shown(name, figure.cells, low, high, "released"))
            released.add(family)
    found: set[str] = set()
    lost: list[str] = []
    for family, figures in families.items():
        if family in told or _is_worth_solving(figures, rules):
            shown, given_away = _shown(figures, told.get(family, ()), rules, kept)
            found.update(figure.name for figure in figures if figure.name not in shown)
            if family in released:
                lost.extend(f.name for f in figures if f.cells in given_away)
    return Judged(frozenset(found), tuple(lost))


def _is_worth_solving(figures: Sequence[Figure], rules: Rules) -> bool:
    """Tell whether a reader could find a small count: of one or two figures that is seen at once."""
    if any(figure.count < rules.threshold for figure in figures):
        return True
    if len(figures) > 2:
        return True
    return any(
        a.cells < b.cells and b.count - a.count < rules.threshold for a in figures for b in figures
    )


def _shown(
    figures: list[Figure], told: Iterable[Shown], rules: Rules, kept: Collection[str]
) -> tuple[set[str], frozenset[Cells]]:
    try:
        made = release(figures, told, rules, kept=kept)
    except CorridorError:
        return set(), frozenset()
    return {figure.name for figure in made.figures if figure.is_shown}, frozenset(made.given_away)


def _figures(report: Report[Any], subject: Subject) -> list[tuple[str, Sex, Band, int]]:
    whole = int(report.statement.quantity.stated)
    found = [(str(report.id), subject.sex, band_of(subject), whole)]
    banded = in_bands(parts_of(report))
    beside = ((part.sex, part.band, part.count) for part in banded.beside)
    for sex, band, count in (*banded.cells, *beside):
        found.append((cell_name(report.id, sex, band), sex, band, count))
    return found


def _family(report: Report[Any], subject: Subject) -> tuple[Any, ...]:
    return (
        report.claimant, report.begins, report.as_of, subject.event, subject.place, subject.group,
        subject.measure, subject.other_end, subject.mode,
    )  # fmt: skip


def _ages(bands: Iterable[Band]) -> tuple[int, ...]:
    """Return the ages at which some count begins, and after which one ends, youngest first."""
    cuts = {0, _OLDER_THAN_ANYONE}
    for band in bands:
        cuts.add(band.min_age)
        cuts.add(_OLDER_THAN_ANYONE if band.max_age is None else band.max_age + 1)
    return tuple(sorted(cuts))


def _cells(of_sex: Sex, band: Band, ages: tuple[int, ...]) -> Iterable[str]:
    end = _OLDER_THAN_ANYONE if band.max_age is None else band.max_age + 1
    for sex in _SEXES if of_sex == "any" else (of_sex,):
        for young, old in pairwise(ages):
            if band.min_age <= young and old <= end:
                yield f"{sex} {young}-{old - 1}"
