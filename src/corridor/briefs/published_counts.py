"""Counts of people as figures over groups that do not overlap, so that disclosure control can judge them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from corridor.disclosure import Figure, Rules, Shown, release
from corridor.errors import CorridorError
from corridor.registers.people import Subject, band_of, subject_of
from corridor.report import Report
from corridor.values import ReportId

_SEXES = ("f", "m")
_OLDER_THAN_ANYONE = 1000


def figures_of(reports: Iterable[Report[Any]]) -> Mapping[ReportId, Figure]:
    """Return counts of people as figures.

    Counts by one claimant of one place, group, kind and hour share their cells: sexes by the ages at
    which any of them begins or ends. Counts of other claimants and hours have cells of their own, for
    they need not agree.
    """
    families: dict[tuple[Any, ...], list[tuple[Report[Any], Subject]]] = {}
    for report in reports:
        subject = subject_of(report)
        if subject is not None and subject.unit == "people":
            families.setdefault(_family(report, subject), []).append((report, subject))
    found: dict[ReportId, Figure] = {}
    for number, family in enumerate(families.values()):
        ages = _ages(subject for _, subject in family)
        for report, subject in family:
            cells = frozenset(f"{number}:{cell}" for cell in _cells(subject, ages))
            found[report.id] = Figure(report.id, cells, int(report.statement.quantity.stated))
    return found


def kept_back(
    reports: Iterable[Report[Any]],
    rules: Rules,
    *,
    said_small: Collection[ReportId] = (),
    kept: Collection[ReportId] = (),
) -> frozenset[ReportId]:
    """Return the counts that must not be shown so that no small one can be worked out.

    Counts that cannot all be so (parts above their whole) are kept back together.

    Parameters
    ----------
    said_small
        Counts of which a reader is told that they are below the threshold, and no more.
    kept
        Counts kept back already.
    """
    families: dict[str, list[Figure]] = {}
    told: dict[str, list[Shown]] = {}
    for name, figure in figures_of(reports).items():
        family = min(figure.cells).partition(":")[0]
        if name in said_small:
            told.setdefault(family, []).append(
                Shown(name, figure.cells, 0, rules.threshold - 1, "small")
            )
        else:
            families.setdefault(family, []).append(figure)
    found: set[str] = set()
    for family, figures in families.items():
        if family in told or _is_worth_solving(figures, rules):
            shown = _shown(figures, told.get(family, ()), rules, kept)
            found.update(figure.name for figure in figures if figure.name not in shown)
    return frozenset(ReportId(name) for name in found)


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
    figures: list[Figure], told: Iterable[Shown], rules: Rules, kept: Collection[ReportId]
) -> set[str]:
    try:
        made = release(figures, told, rules, kept=kept)
    except CorridorError:
        return set()
    return {figure.name for figure in made.figures if figure.is_shown}


def _family(report: Report[Any], subject: Subject) -> tuple[Any, ...]:
    return (
        report.claimant, report.begins, report.as_of, subject.event, subject.place, subject.group,
        subject.measure, subject.other_end, subject.mode,
    )  # fmt: skip


def _ages(subjects: Iterable[Subject]) -> tuple[int, ...]:
    """Return the ages at which some count begins, and after which one ends, youngest first."""
    cuts = {0, _OLDER_THAN_ANYONE}
    for subject in subjects:
        band = band_of(subject)
        cuts.add(band.min_age)
        cuts.add(_OLDER_THAN_ANYONE if band.max_age is None else band.max_age + 1)
    return tuple(sorted(cuts))


def _cells(subject: Subject, ages: tuple[int, ...]) -> Iterable[str]:
    band = band_of(subject)
    end = _OLDER_THAN_ANYONE if band.max_age is None else band.max_age + 1
    for sex in _SEXES if subject.sex == "any" else (subject.sex,):
        for young, old in pairwise(ages):
            if band.min_age <= young and old <= end:
                yield f"{sex} {young}-{old - 1}"
