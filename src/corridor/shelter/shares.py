"""Shares of children at a site and among those who arrived: a question for the protection focal point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from corridor.claims import Claim, said_when
from corridor.registers.people import band_of, parts_of
from corridor.shelter.questions import THERE, Told, count_of, whole_of
from corridor.standards.age_bands import CHILDREN, Part
from corridor.values import Finding, PlaceCode, ReportId, named, say_number

# A share of children this many times the highest of the arrivals' is asked about.
_FAR_ABOVE = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class Share:
    """Children among those counted at once by one claimant.

    Attributes
    ----------
    children, people
        How many of how many, as stated.
    label, words
        Who says so of where and when; the figures as they were given.
    """

    claimant: str
    children: Decimal
    people: Decimal
    label: str
    words: str
    basis: tuple[ReportId, ...]

    @property
    def value(self) -> Decimal:
        """Children by all who were counted."""
        return self.children / self.people

    @property
    def said(self) -> tuple[str, str]:
        """Who says so and of when, and the share in words."""
        return self.label, f"{self.words}, {(self.value * 100).quantize(Decimal(1))} %"


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of children claimed of one place.

    Attributes
    ----------
    there
        The last of each claimant among those who are there, in order of claims.
    arrived
        The highest among arrivals; None where none is claimed.
    """

    there: tuple[Share, ...]
    arrived: Share | None


def shares_of(place: PlaceCode, told: Told, zone: tzinfo) -> Shares:
    """Return the shares of children claimed at a place, where a whole and its children are given."""
    if all(subject.is_whole for subject in told) and not any(
        claim.report.statement.bands for series in told.values() for claim in series.claims
    ):
        return Shares((), None)
    here = {subject: series for subject, series in told.items() if subject.place == place}
    arrived = max(
        _shares(here, "arrival", zone), key=lambda share: (share.value, share.basis), default=None
    )
    there = {share.claimant: share for share in _shares(here, "headcount", zone)}
    return Shares(tuple(there.values()), arrived)


def protection_questions(
    shares: Mapping[PlaceCode, Shares],
) -> tuple[Finding, ...]:
    """Return what the protection focal point should ask about. Restricted: never show it below that.

    A share of children at a site far above the highest share claimed among arrivals may mean children
    without their families; it may mean nothing.
    """
    arrived = [found.arrived for found in shares.values() if found.arrived is not None]
    if not arrived:
        return ()
    highest = max(arrived, key=lambda share: (share.value, share.basis))
    found: list[Finding] = []
    for place, claimed in sorted(shares.items()):
        above = [share for share in claimed.there if share.value > highest.value * _FAR_ABOVE]
        if above:
            sides = (*above, highest)
            found.append(
                Finding(
                    "children_share_high",
                    "ask",
                    place,
                    f"The share of children claimed at {named(place)} is far above the highest "
                    "claimed among arrivals. A question for the protection focal point: are there "
                    "children without their families?",
                    tuple(share.said for share in sides),
                    tuple(sorted({name for share in sides for name in share.basis})),
                )
            )
    return tuple(found)


def _shares(told: Told, event: str, zone: tzinfo) -> Iterator[Share]:
    """Yield shares of children, in order of claims, where a whole and its children are given."""
    wholes: dict[tuple[Any, ...], Claim] = {}
    children: dict[tuple[Any, ...], Claim] = {}
    for subject, series in told.items():
        is_asked = event == "arrival" or (
            subject.measure in ("stock", "unclear") and subject.group in THERE
        )
        if subject.event != event or not is_asked or subject.unit != "people":
            continue
        key = whole_of(subject)
        is_children = subject.sex == "any" and band_of(subject) == CHILDREN
        if not subject.is_whole and not is_children:
            continue
        given = wholes if subject.is_whole else children
        for claim in series.claims:
            given[*key, *count_of(claim)] = claim
    for count, whole in sorted(wholes.items(), key=lambda item: item[1].report.order):
        if not whole.quantity.stated:
            continue
        part = children.get(count)
        basis: tuple[ReportId, ...] = (whole.report.id,)
        if part is not None:
            number, said = part.quantity.stated, str(part.quantity)
            basis = (whole.report.id, part.report.id)
        else:
            banded = _children_in(parts_of(whole.report)) if whole.report.statement.bands else None
            if banded is None:
                continue
            number, said = banded, say_number(banded)
        report = whole.report
        yield Share(
            whole.claimant,
            number,
            whole.quantity.stated,
            f"{named(report.claimant)}, {named(report.statement.place)}, {said_when(report, zone)}",
            f"{said} of {whole.quantity}",
            basis,
        )


def _children_in(parts: Iterable[Part]) -> Decimal | None:
    """Return the children among parts; None where a part counts children and adults together."""
    given = tuple(parts)
    children = [part for part in given if CHILDREN.holds(part.band)]
    mixed = [part for part in given if CHILDREN.meets(part.band) and part not in children]
    return Decimal(sum(p.count for p in children)) if children and not mixed else None
