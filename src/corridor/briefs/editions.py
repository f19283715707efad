"""What an edition may hold, on top of what its reader is cleared for.

A restricted brief is whole. A brief for partners holds needs, gaps, completed deliveries and that
movements were notified. A public brief holds needs and completed deliveries, after a delay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from corridor.briefs import words
from corridor.briefs.rounding import ROUNDED_TO, rounded
from corridor.briefs.small_cells import SmallCells, small_cells
from corridor.errors import CorridorError
from corridor.picture import Picture
from corridor.picture.sites import inside_base
from corridor.report import Handling, Report, clears
from corridor.shelter import SITE_CODES
from corridor.statements import KIND_OF, KINDS
from corridor.values import Finding, ReportId

_NEEDS = frozenset(
    {
        "place",
        "place_name",
        "party",
        "organisation",
        "commodity",
        "need_rate",
        "headcount",
        "arrival",
        "departure",
        "consignment",
        "adopted",
        "retraction",
    }
)
_KINDS: Mapping[Handling, frozenset[str]] = {
    "public": _NEEDS,
    "partners": _NEEDS | {"notification", "site", "shelter_unit", "service_level", "service_gap"},
}
_COMPLETED = frozenset({"received", "distributed"})
_PUBLIC_FINDINGS = frozenset(
    {
        "headcounts_differ",
        "total_falls",
        "equal_part_unequal_total",
        "total_above_flows",
        "denied",
        "figures_exchanged",
        "headcount_old",
    }
)
_FINDINGS: Mapping[Handling, frozenset[str]] = {
    "public": _PUBLIC_FINDINGS,
    "partners": _PUBLIC_FINDINGS
    | {
        "unit_does_not_convert",
        "same_id_other_content",
        "not_entitled_to_strike",
        "waits_for_report",
    },
}
# Tables of their own show these, report by report.
SHOWN_AS_TABLES = frozenset({"likely_double_count", "repeated_announcement"})
# The section on sites shows the others.
SHOWN_ELSEWHERE = SHOWN_AS_TABLES | SITE_CODES


@dataclass(frozen=True, slots=True)
class Edition:
    """A picture as one edition may show it.

    Attributes
    ----------
    small
        Counts of people that a public edition keeps back.
    also
        Kinds that a page of one subject shows, each report by its own handling, beyond those above.
    """

    picture: Picture
    handling: Handling
    small: SmallCells
    also: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether it holds plans, stocks, roads and days of cover."""
        return clears(self.handling, "restricted")

    @property
    def has_gaps(self) -> bool:
        """Whether it sets needs against deliveries."""
        return clears(self.handling, "partners")

    @property
    def delay(self) -> timedelta:
        """How long a completed delivery or a movement stays out of a public brief."""
        return timedelta(hours=float(self.picture.settings.public_delay_h))

    @property
    def says(self) -> str:
        """What it holds and how late, in words for its first page."""
        delay = f"{self.picture.settings.public_delay_h.normalize():f} hours"
        if self.is_whole:
            return (
                "Whole: plan, days of cover, stocks, roads and passages. "
                "Not for partners or the public."
            )
        if self.has_gaps:
            return (
                "For partners: needs, gaps, completed deliveries, and movements notified. "
                f"The route and time of a movement appear {delay} after it."
            )
        return (
            f"For the public: needs, and deliveries received or handed out at least {delay} before "
            "the moment this brief is about. Counts under 10 people are not shown; others are rounded "
            f"to {ROUNDED_TO}, save those whose publisher printed them."
        )

    def admits(self, report: Report[Any]) -> bool:
        """Tell whether a report may stand in this edition."""
        if self.is_whole:
            return True
        said = report.statement
        kind = KIND_OF[type(said)]
        if kind in self.also:
            return True
        if kind not in _KINDS[self.handling]:
            return False
        if KINDS[kind].register == "shelter" and said.place in inside_base(self.picture.shelter):
            return False
        if kind == "adopted":
            return bool(said.subject in ("people", "need_rate"))
        if kind == "consignment" and self.handling == "public":
            return (
                said.stage in _COMPLETED
                and report.speech_act != "promised"
                and self.is_past(report)
            )
        return True

    def admits_finding(self, finding: Finding) -> bool:
        """Tell whether a finding may stand in this edition, with every report it rests on."""
        if self.is_whole:
            return True
        if finding.code not in _FINDINGS[self.handling]:
            return False
        known = [self.picture.reports.get(name) for name in finding.basis]
        return all(r is not None and self.admits(r) and r.id not in self.small.words for r in known)

    def is_past(self, report: Report[Any]) -> bool:
        """Tell whether what a report is about lies back far enough to show its route and time."""
        until = getattr(report.statement, "window_until", None) or report.as_of
        return bool(until + self.delay <= self.picture.at)

    def shows_route(self, report: Report[Any]) -> bool:
        """Tell whether this edition may show the route and the time of what a report is about."""
        moves = KIND_OF[type(report.statement)] in ("consignment", "notification")
        return (
            self.is_whole or not moves or (self.is_past(report) and report.speech_act != "promised")
        )

    def reports(self, kind: type[Any]) -> tuple[Report[Any], ...]:
        """Return the standing reports of one kind that this edition admits, in order."""
        picture = self.picture
        found = (
            r
            for r in picture.reports.values()
            if isinstance(r.statement, kind) and r.begins <= picture.at
        )
        return tuple(
            sorted(
                (r for r in found if self.admits(r)),
                key=lambda r: (picture.settings.place_in_order(r.claimant)[0], r.order),
            )
        )

    def denials(self, name: ReportId) -> tuple[Report[Any], ...]:
        """Return the reports that deny one, in the operation's order."""
        picture = self.picture
        found = picture.people_register.denials.get(name, ())
        return tuple(
            sorted(
                (r for r in found if self.admits(r)),
                key=lambda r: (picture.settings.place_in_order(r.claimant)[0], r.order),
            )
        )

    def who(self, code: str) -> str:
        """Return a claimant's name."""
        return words.who(self.picture, code)


def edition_of(picture: Picture, handling: Handling, also: frozenset[str] = frozenset()) -> Edition:
    """Return a picture as an edition may show it, with kinds that its page shows beyond the usual ones.

    Raises
    ------
    CorridorError
        When the picture holds more than the edition's readers may see.
    """
    if not clears(handling, picture.clearance):
        raise CorridorError(
            f"a {handling} brief needs a picture for {handling} readers, "
            f"and this one is for {picture.clearance} readers"
        )
    if handling != "public":
        return Edition(picture, handling, SmallCells({}, frozenset()), also)
    return Edition(rounded(picture), handling, small_cells(picture), also)
