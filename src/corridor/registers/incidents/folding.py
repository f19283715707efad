"""From the reports about incidents to the register: codes merged, reports grouped, pairs suggested."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from corridor.claims import by_subject, denials_by_target, merged_codes
from corridor.registers.incidents.duplicates import Pair, Sighting, near_pairs
from corridor.registers.incidents.findings import findings_of, mandates_denied, may_be_one
from corridor.registers.incidents.ladder import state_of
from corridor.registers.incidents.statements import (
    Evidence,
    Incident,
    IncidentMerge,
    IncidentUnmerge,
    Mandate,
    Raised,
    Verification,
)
from corridor.registers.incidents.states import Incidents, IncidentState, Point, Rules, Told
from corridor.report import Report
from corridor.values import IncidentCode, PlaceCode

DUPLICATE_KM = 5.0
DUPLICATE_WITHIN = timedelta(days=2)


def fold(reports: Iterable[Report[Any]], *, at: datetime, rules: Rules) -> Incidents:
    """Fold standing reports, in order of claims, into the register.

    1. Codes that a person merged, and nobody parted since, are one incident.
    2. Reports are grouped by incident and by what they are.
    3. Each incident gets its state; see `IncidentState` for every rule.
    4. Pairs of one sort within 5 km and 2 days are suggested, unless a person or the table that both
       come from tells them apart; none is merged here.
    """
    taken = tuple(reports)
    shown_as, parted = _merged(taken)
    mandates = by_subject(
        (r for r in taken if isinstance(r.statement, Mandate) and r.speech_act != "denied"),
        lambda report: report.statement.body,
    )
    denied = denials_by_target(taken)
    told = _by_incident(taken, shown_as)
    codes = _codes_by_shown(shown_as)
    states = [
        state_of(code, codes.get(code, (code,)), found, mandates, denied, rules)
        for code, found in told.items()
    ]
    states.sort(key=lambda state: (state.starts is None, state.starts or at, state.incident))
    by_name = {state.incident: state for state in states}
    suggested = tuple(
        pair
        for pair in suggested_pairs(states, rules.points)
        if not _told_apart(by_name[pair.first], by_name[pair.second], parted)
    )
    findings = (
        *(finding for state in states for finding in findings_of(state, rules, at)),
        *(may_be_one(pair, by_name) for pair in suggested),
        *mandates_denied(taken),
    )
    return Incidents(by_name, mandates, suggested, findings)


def suggested_pairs(
    states: Iterable[IncidentState], points: Mapping[PlaceCode, Point]
) -> tuple[Pair, ...]:
    """Return the pairs of incidents of one sort within 5 km and 2 days, in order of time."""
    return tuple(near_pairs(_sightings(states, points), km=DUPLICATE_KM, within=DUPLICATE_WITHIN))


def _told_apart(
    one: IncidentState, other: IncidentState, parted: Collection[frozenset[IncidentCode]]
) -> bool:
    """Tell whether a person parted the two, or one table of events has a row for each."""
    tables = (
        {r.statement.source_format for r in state.claims if r.statement.source_format}
        for state in (one, other)
    )
    return not set.isdisjoint(*tables) or any(
        frozenset(pair) in parted for pair in product(one.codes, other.codes)
    )


def _merged(
    reports: Iterable[Report[Any]],
) -> tuple[dict[IncidentCode, IncidentCode], frozenset[frozenset[IncidentCode]]]:
    """Return the code that each merged one is shown as, and the pairs that a person parted."""
    decided: list[tuple[IncidentCode, IncidentCode, bool]] = []
    for report in reports:
        match report.statement:
            case IncidentMerge() as said if report.speech_act == "stated":
                decided.append((said.incident, said.into, True))
            case IncidentUnmerge() as said if report.speech_act == "stated":
                decided.append((said.incident, said.out_of, False))
    return merged_codes(decided)


def _codes_by_shown(
    shown_as: Mapping[IncidentCode, IncidentCode],
) -> dict[IncidentCode, tuple[IncidentCode, ...]]:
    """Return, for each code that others were merged into, all of them in order."""
    found: dict[IncidentCode, list[IncidentCode]] = {}
    for code, shown in sorted(shown_as.items()):
        found.setdefault(shown, []).append(code)
    return {shown: tuple(codes) for shown, codes in found.items()}


def _by_incident(
    reports: Iterable[Report[Any]], shown_as: Mapping[IncidentCode, IncidentCode]
) -> dict[IncidentCode, Told]:
    told: dict[IncidentCode, Told] = {}
    for report in reports:
        said = report.statement
        if not isinstance(said, Incident | Verification | Raised | Evidence) or not said.incident:
            continue
        code = shown_as.get(said.incident, said.incident)
        found = told.get(code)
        if found is None:
            found = told[code] = Told([], [], [], [], [], [], [])
        match said:
            case Incident(axis="who_did_it"):
                found.who.append(report)
            case Incident(axis="breach"):
                found.breaches.append(report)
            case Incident() if report.speech_act == "denied":
                found.denials.append(report)
            case Incident() if report.speech_act != "promised":
                found.happened.append(report)
            case Verification() if report.speech_act != "denied":
                found.verifications.append(report)
            case Raised() if report.speech_act != "denied":
                found.raised.append(report)
            case Evidence() if report.speech_act != "denied":
                found.evidence.append(report)
    return told


def _sightings(
    states: Iterable[IncidentState], points: Mapping[PlaceCode, Point]
) -> Iterator[Sighting]:
    for state in states:
        point = state.points[0][1] if state.points else points.get(state.place or PlaceCode(""))
        if state.sort and state.starts is not None and point is not None:
            lat, lon = point
            yield Sighting(state.incident, state.sort, state.starts, float(lat), float(lon))
