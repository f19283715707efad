"""What a public brief shows of counts of people, as a release keeps it for the briefs after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corridor.briefs.editions import Edition, edition_of
from corridor.briefs.published_counts import figures_of
from corridor.briefs.rounding import is_rounded, known_of_count
from corridor.briefs.small_cells import FEWER, THRESHOLD, is_count
from corridor.picture import Picture

# A field of a report holds 10,000 characters; a figure takes up to 66.
_A_REPORT = 140


@dataclass(frozen=True, slots=True)
class Released:
    """What a release keeps.

    Attributes
    ----------
    figures
        Texts of the field `figures` of a release, one for each report that is needed; at least one.
    given_away
        Names of small figures that earlier releases give away already.
    """

    figures: tuple[str, ...]
    given_away: tuple[str, ...]


def released_by(picture: Picture) -> Released:
    """Return what the public brief of a picture shows of counts, as far as a reader knows each."""
    edition = edition_of(picture, "public")
    told = sorted(_figures(picture, edition))
    texts = tuple("; ".join(told[k : k + _A_REPORT]) for k in range(0, len(told), _A_REPORT))
    return Released(texts or ("",), edition.small.given_away)


def _figures(picture: Picture, edition: Edition) -> Iterator[str]:
    every = (*picture.reports.values(), *(report for report, _ in picture.struck))
    counts = {str(r.id): r for r in every if is_count(r) and edition.admits(r)}
    for name, figure in figures_of(counts.values()).items():
        report = counts[name.partition(" ")[0]]
        hidden = edition.small.words.get(report.id) if name == report.id else None
        if hidden == FEWER:
            yield f"{name} 0-{int(THRESHOLD) - 1}"
        elif hidden is None and name not in edition.small.parts:
            low, high = known_of_count(figure.count, is_exact=not is_rounded(report))
            yield f"{name} {low}-{high}"
