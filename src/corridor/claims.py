"""Figures that claimants give of one subject: side by side, each one's latest, and their range."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Context, Decimal
from typing import Any, TypeVar

from corridor.report import Report
from corridor.units import Unit, converts, factor
from corridor.values import Estimate, PartyCode, Quantity, ReportId

# No density is known better; the twenty digits more of a division would only look so.
_NINE_DIGITS = Context(prec=9)

K = TypeVar("K", bound=Hashable)
Ends = tuple[Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure with the report it stands in; `quantity` is in the subject's own unit."""

    report: Report[Any]
    quantity: Quantity

    @property
    def claimant(self) -> PartyCode:
        """Who claims it."""
        return self.report.claimant


@dataclass(frozen=True, slots=True)
class Series:
    """All standing claims about one subject.

    Attributes
    ----------
    claims
        Every claim, in order of the time it speaks about.
    latest
        Each claimant's last claim, in the same order.
    denials
        Reports that deny one of the claims.
    """

    claims: Sequence[Claim]
    latest: Sequence[Claim]
    denials: Sequence[Report[Any]] = ()

    def range(self, method: str = "range over each claimant's latest claim") -> Estimate:
        """Return the range over the latest claims; `best` only where all name the same one."""
        return range_over(self.latest, method)


def series(
    claims: Iterable[Claim], denials: Mapping[ReportId, Sequence[Report[Any]]] | None = None
) -> Series:
    """Put claims in order and keep each claimant's latest."""
    return in_series(sorted(claims, key=lambda claim: claim.report.order), denials)


def in_series(
    claims: Iterable[Claim], denials: Mapping[ReportId, Sequence[Report[Any]]] | None = None
) -> Series:
    """Keep each claimant's latest of claims that are in order already."""
    ordered = tuple(claims)
    last = {claim.report.claimant: claim for claim in ordered}
    latest = tuple(sorted(last.values(), key=lambda claim: claim.report.order))
    if not denials:
        return Series(ordered, latest)
    denied = {d.id: d for claim in ordered for d in denials.get(claim.report.id, ())}
    return Series(ordered, latest, tuple(sorted(denied.values(), key=lambda report: report.order)))


def joined(parts: Iterable[Series]) -> Series:
    """Return the claims and the denials of several series as one series."""
    taken = tuple(parts)
    if len(taken) == 1:
        return taken[0]
    claims = in_series(
        sorted((c for part in taken for c in part.claims), key=lambda claim: claim.report.order)
    )
    denied = {d.id: d for part in taken for d in part.denials}
    against = tuple(sorted(denied.values(), key=lambda report: report.order))
    return Series(claims.claims, claims.latest, against)


def by_subject(
    reports: Iterable[Report[Any]], subject: Callable[[Report[Any]], K]
) -> dict[K, list[Report[Any]]]:
    """Group reports by what they are about, the order within a group kept."""
    groups: dict[K, list[Report[Any]]] = {}
    for report in reports:
        groups.setdefault(subject(report), []).append(report)
    return groups


def denials_by_target(reports: Iterable[Report[Any]]) -> dict[ReportId, tuple[Report[Any], ...]]:
    """Map each denied report to the reports that deny it."""
    found: dict[ReportId, tuple[Report[Any], ...]] = {}
    for report in reports:
        if report.denies:
            found[report.denies] = (*found.get(report.denies, ()), report)
    return found


def merged_codes(
    decided: Iterable[tuple[K, K, bool]],
) -> tuple[dict[K, K], frozenset[frozenset[K]]]:
    """Return the code that each merged one is shown as, and the pairs that a person parted.

    Parameters
    ----------
    decided
        In order: the code given up, the other one, and whether they are one; the last word on a pair
        holds.
    """
    last = {frozenset((one, other)): (one, other, is_one) for one, other, is_one in decided}
    linked: dict[K, set[K]] = {}
    given_up: set[K] = set()
    for one, other, is_one in last.values():
        if is_one:
            linked.setdefault(one, set()).add(other)
            linked.setdefault(other, set()).add(one)
            given_up.add(one)
    shown_as: dict[K, K] = {}
    for code in sorted(linked, key=str):
        if code in shown_as:
            continue
        group, waiting = {code}, [code]
        while waiting:
            new = linked[waiting.pop()] - group
            group |= new
            waiting.extend(new)
        # Where merges go round in a circle, every code was given up for another: the first is shown.
        shown_as.update(dict.fromkeys(group, min(group - given_up or group, key=str)))
    parted = frozenset(pair for pair, (_, _, is_one) in last.items() if not is_one)
    return shown_as, parted


def said_when(report: Report[Any], zone: tzinfo) -> str:
    """Say the time a report speaks about: its day or days, and its hour where that is known."""
    start, end = report.begins.astimezone(zone), report.as_of.astimezone(zone)
    if report.precision == "instant":
        return f"{end:%d %b %Y %H:%M %z}"
    return f"{end:%d %b %Y}" if start.date() == end.date() else f"{start:%d %b} to {end:%d %b %Y}"


def range_over(claims: Iterable[Claim], method: str) -> Estimate:
    """Return lowest and highest over claims of one unit; nothing is averaged.

    An end that no claim states is None. `best` is the one figure all claims name, else None; see
    `over`.
    """
    chosen = tuple(claims)
    if not chosen:
        return Estimate(None, None, None, "", "no report received")
    low, best, high = over((c.quantity.lowest, c.quantity.best, c.quantity.highest) for c in chosen)
    basis = tuple(sorted(c.report.id for c in chosen))
    unit = chosen[0].quantity.unit
    return Estimate(low, best, high, unit, method, basis)


def over(ends: Iterable[Ends]) -> Ends:
    """Return lowest, common best and highest over (low, best, high) of several figures.

    An end that none states is None. Where one states an upper end and another says "over 400", the
    range reaches to 400 at least; and so for lower ends.
    """
    figures = tuple(ends)
    if len(figures) == 1:
        return figures[0]
    lows = {low for low, _, _ in figures if low is not None}
    highs = {high for _, _, high in figures if high is not None}
    bests = {best for _, best, _ in figures}
    return (
        min(lows | highs) if lows else None,
        next(iter(bests)) if len(bests) == 1 else None,
        max(lows | highs) if highs else None,
    )


def less(total: Estimate, part: Estimate, method: str) -> Estimate:
    """Take a part from a total, never below zero; an end that depends on one not stated is None.

    A part has no low end when it was stated as "up to": then it may be nothing, and the total keeps
    its high end.
    """

    def difference(a: Decimal | None, b: Decimal | None) -> Decimal | None:
        return None if a is None or b is None else max(Decimal(0), a - b)

    return Estimate(
        difference(total.low, part.high),
        difference(total.best, part.best),
        difference(total.high, part.low if part.low is not None else Decimal(0)),
        total.unit,
        method,
        tuple(sorted({*total.basis, *part.basis})),
    )


def in_unit(
    quantity: Quantity, unit: Unit, *, kg_per_unit: Decimal | None = None
) -> Quantity | None:
    """Express a figure in another unit; None when it cannot be without guessing.

    Parameters
    ----------
    kg_per_unit
        Mass of one `unit` of the commodity, which lets tonnes and litres meet.
    """
    if converts(quantity.unit, unit):
        return (
            quantity
            if quantity.unit == unit
            else quantity.scaled(factor(quantity.unit, unit), unit)
        )
    if kg_per_unit and converts(quantity.unit, "kg"):
        return quantity.scaled(_NINE_DIGITS.divide(factor(quantity.unit, "kg"), kg_per_unit), unit)
    return None
