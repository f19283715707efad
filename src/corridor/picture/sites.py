"""Sites of a picture: what they have of what is asked for the people there, and what to ask supply for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from corridor.claims import joined
from corridor.picture.view import Picture
from corridor.registers.geography import Place
from corridor.registers.shelter import Shelter
from corridor.report import Report, clears
from corridor.shelter import Ask, Coverage, Headed, asks, coverage
from corridor.values import Finding, PlaceCode, named

_THERE = ("present", "sheltered", "displaced", "remaining")


@dataclass(frozen=True, slots=True)
class SitesView:
    """What the sites of a picture have and lack.

    Attributes
    ----------
    coverage
        Each service of each site against its figure, by place and service.
    asks
        Goods that close gaps, where the operation's settings say which do.
    """

    coverage: tuple[Coverage, ...]
    asks: tuple[Ask, ...]


def sites_of(view: Picture) -> SitesView:
    """Set what sites have against what is asked for the people whom planning counts there."""
    headed = {
        line.place: Headed(line.cautious, _households(view, line.place), line.now.basis)
        for line in view.people
    }
    lines = coverage(view.shelter, view.settings.shelter_figures, headed)
    return SitesView(lines, asks(lines, view.settings.shelter_goods))


def inside_base(sites: Shelter) -> frozenset[PlaceCode]:
    """Return the sites that any claimant says lie inside a military base."""
    return frozenset(
        place
        for place, claims in sites.sites.items()
        if any(report.statement.inside_base == "yes" for report in claims)
    )


def locations_too_open(sites: Shelter, lands: Iterable[Report[Any]]) -> Iterator[Finding]:
    """Yield a finding for each location of a site inside a base that is handled below restricted."""
    inside = inside_base(sites)
    for report in lands if inside else ():
        said = report.statement
        if not isinstance(said, Place) or said.place not in inside or said.lat is None:
            continue
        if clears("partners", report.handling):
            told = (r.id for r in sites.sites[said.place] if r.statement.inside_base == "yes")
            yield Finding(
                "base_site_too_open",
                "act",
                said.place,
                f"{named(said.place)} is said to lie inside a military base, and a report by "
                f"{named(report.claimant)} of where it is is handled as {report.handling}; "
                "restricted is needed.",
                basis=tuple(sorted({report.id, *told})),
            )


def _households(view: Picture, place: PlaceCode) -> Decimal | None:
    """Return the most households that a claimant's last count gives; None where nobody counted them."""
    told = [
        series
        for subject, series in view.people_register.series.items()
        if subject.event == "headcount"
        and subject.place == place
        and subject.unit == "households"
        and subject.measure in ("stock", "unclear")
        and subject.is_whole
        and subject.group in _THERE
    ]
    return joined(told).range().high if told else None
