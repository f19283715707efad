"""The ceasefire and its incidents, folded from what a picture holds when somebody asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from corridor.picture.build import holds_always
from corridor.picture.view import Picture, with_names
from corridor.registers import ceasefire, incidents
from corridor.registers.ceasefire import Terms
from corridor.registers.incidents import Incidents, Rules
from corridor.statements import KINDS
from corridor.values import Finding, in_order_of_consequence

_KINDS = frozenset(kind.statement for kind in KINDS.values() if kind.register == "ceasefire")


@dataclass(frozen=True, slots=True)
class CeasefireView:
    """What stands about ceasefires at the moment of a picture.

    Attributes
    ----------
    terms
        The texts, what was watched, what was handed over.
    incidents
        Every incident, how far it got on the ladder, and what is claimed of it.
    rules
        By which incidents were folded: who acts for whom, who is bound.
    findings
        What is odd about either, by consequence, names in place of codes.
    """

    terms: Terms
    incidents: Incidents
    rules: Rules
    findings: tuple[Finding, ...]


def ceasefire_of(picture: Picture) -> CeasefireView:
    """Fold the ceasefire from the reports of a picture.

    What was withdrawn or corrected is not among them; denials are, of whatever kind, since a denial
    names any report. The cost grows with the reports of the picture.
    """
    told = sorted(
        (
            report
            for report in picture.reports.values()
            if (type(report.statement) in _KINDS or report.denies)
            and (report.begins <= picture.at or holds_always(report))
        ),
        key=lambda report: report.order,
    )
    terms = ceasefire.fold(told, at=picture.at)
    places = picture.geography.places.values()
    rules = Rules(
        independent=picture.settings.independent_claimants,
        acts_for=picture.geography.acts_for,
        parties=terms.parties,
        points={
            place.place: (place.lat, place.lon)
            for place in places
            if place.lat is not None and place.lon is not None
        },
        late=timedelta(days=float(picture.settings.verification_late_days)),
    )
    found = incidents.fold(told, at=picture.at, rules=rules)
    findings = in_order_of_consequence((*terms.findings, *found.findings))
    return CeasefireView(terms, found, rules, with_names(findings, picture.name))
