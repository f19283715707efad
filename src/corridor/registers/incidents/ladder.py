"""The state of one incident: how far it got on the ladder of verification, and what is claimed of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from corridor.claims import Claim, Series, in_series
from corridor.registers.incidents.statements import Cause, Incident, Mandate, Result, figures_of
from corridor.registers.incidents.states import (
    ENDS,
    FINAL,
    RUNGS,
    Attribution,
    Figure,
    IncidentState,
    Mandates,
    Point,
    Rules,
    Rung,
    Stance,
    Told,
)
from corridor.report import Report
from corridor.values import IncidentCode, PartyCode, ReportId

_FIRST_HAND = frozenset({"seen", "heard", "measured", "found"})


def state_of(
    code: IncidentCode,
    codes: tuple[IncidentCode, ...],
    told: Told,
    mandates: Mandates,
    denied: Mapping[ReportId, Sequence[Report[Any]]],
    rules: Rules,
) -> IncidentState:
    """Return what the reports of one incident add up to; `IncidentState` says by which rules."""
    attributions = _attributions(told.who, mandates, rules)
    # What a body finds on its own conduct is the claim of a party.
    accused = {rules.side(a.party) for a in attributions if a.party and a.stance != "denies"}
    judges = {
        body
        for body, claims in mandates.items()
        if rules.side(body) not in accused and _is_recognised(body, claims, rules)
    }
    found = [
        r
        for r in told.verifications
        if r.statement.body in judges
        and r.claimant == r.statement.body
        and any(_is_in_force(mandate.statement, r.as_of) for mandate in mandates[r.claimant])
    ]
    last = {report.claimant: report.statement for report in told.verifications}
    final = {r.claimant: r.statement.result for r in found if r.statement.result != "being_checked"}
    endings = [result for result in final.values() if result in ENDS]
    against = {
        r.id: r for claim in (*told.happened, *told.verifications) for r in denied.get(claim.id, ())
    } | {r.id: r for r in told.denials}
    denials = tuple(sorted(against.values(), key=lambda report: report.order))
    origins = _origins(told.happened)
    rung = _rung(told.happened, origins, final, judges, rules)
    causes = frozenset(c for r in told.happened if (c := _cause(r.statement)) is not None)
    ending = endings[-1] if endings else None
    is_exercise = any(report.statement.is_exercise for report in told.happened)
    starts = [r.observed_from for r in told.happened if r.observed_from is not None]
    ends = [r.observed_until for r in told.happened if r.observed_until is not None]
    judged = [r for r in found if r.statement.result in FINAL | {"observed"}]
    is_late = bool(judged and ends and _said_at(judged[0]) - max(ends) > rules.late)
    violations = tuple(
        dict.fromkeys(r.statement.violation for r in told.happened if r.statement.violation)
    )
    types = (r.statement.source_type for r in told.happened if r.statement.source_type)
    return IncidentState(
        incident=code,
        codes=codes,
        rung=rung,
        ending=ending,
        is_contested=bool(denials) or len(set(final.values()) & (ENDS | {"verified"})) > 1,
        is_verified_late=is_late,
        is_exercise=is_exercise,
        moves_hazards=(
            RUNGS.index(rung) >= RUNGS.index("corroborated")
            and ending not in ("did_not_occur", "out_of_scope")
            and causes == {"hostile_act"}
            and not is_exercise
        ),
        causes=causes,
        violations=violations,
        sort=next(iter((*violations, *sorted(causes), *types)), ""),
        starts=min(starts, default=None),
        ends=max(ends, default=None),
        place=next((r.statement.place for r in told.happened if r.statement.place), None),
        points=tuple(_points(told.happened)),
        origins=origins,
        figures=_figures(told.happened, denied),
        attributions=attributions,
        breaches=tuple(told.breaches),
        checking=tuple((body, said.checked_by, said.result) for body, said in last.items()),
        claims=tuple(told.happened),
        denials=denials,
        verifications=tuple(told.verifications),
        raised=tuple(told.raised),
        evidence=tuple(told.evidence),
        basis=tuple(sorted({r.id for part in told for r in part} | set(against))),
    )


def _origins(happened: Iterable[Report[Incident]]) -> tuple[PartyCode, ...]:
    """Return those the claims go back to; a claim told of nobody in particular goes back to none."""
    return tuple(
        dict.fromkeys(
            report.statement.origin or report.claimant
            for report in happened
            if report.statement.origin or report.speech_act != "reported"
        )
    )


def _rung(
    happened: Sequence[Report[Incident]],
    origins: Collection[PartyCode],
    final: Mapping[PartyCode, Result],
    judges: Collection[PartyCode],
    rules: Rules,
) -> Rung:
    if "verified" in final.values():
        return "verified"
    saw = (r for r in happened if r.claimant in judges and r.statement.perceived in _FIRST_HAND)
    if "observed" in final.values() or any(r.speech_act != "reported" for r in saw):
        return "observed"
    for one, other in combinations(origins, 2):
        if any(one in group and other in group for group in rules.independent):
            return "corroborated"
    return "alleged" if origins else "rumour"


def _said_at(report: Report[Any]) -> datetime:
    return report.published_at or report.as_of


def _cause(said: Incident) -> Cause | None:
    if said.cause is not None:
        return said.cause
    return "hostile_act" if said.violation else None


def _is_recognised(body: PartyCode, claims: Iterable[Report[Mandate]], rules: Rules) -> bool:
    """Tell whether anybody but the body's own side claims or recognises its mandate."""
    by = {p for report in claims for p in (report.claimant, *report.statement.recognised_by)}
    return any(rules.side(party) != rules.side(body) for party in by)


def _is_in_force(mandate: Mandate, at: datetime) -> bool:
    begun = mandate.valid_from is None or mandate.valid_from <= at
    return begun and (mandate.valid_until is None or at <= mandate.valid_until)


def _attributions(
    who: Iterable[Report[Incident]],
    mandates: Mandates,
    rules: Rules,
) -> tuple[Attribution, ...]:
    """Return each claimant's last word on who did it, of each party it speaks of."""
    last: dict[tuple[PartyCode, PartyCode | None], Attribution] = {}
    for report in who:
        party, claimant = report.statement.attributed_to, report.claimant
        stance: Stance = "alleges"
        if report.speech_act == "denied":
            stance = "denies"
        elif party is None:
            stance = "names_nobody"
        elif rules.side(claimant) == rules.side(party):
            stance = "acknowledges"
        elif claimant in mandates:
            stance = "finds"
        last[claimant, party] = Attribution(claimant, stance, party, report)
    return tuple(last.values())


def _points(happened: Iterable[Report[Incident]]) -> Iterator[tuple[PartyCode, Point]]:
    for report in happened:
        lat, lon = report.statement.lat, report.statement.lon
        if lat is not None and lon is not None:
            yield report.claimant, (lat, lon)


def _figures(
    happened: Iterable[Report[Incident]], denied: Mapping[ReportId, Sequence[Report[Any]]]
) -> dict[Figure, Series]:
    claims: dict[Figure, list[Claim]] = {}
    for report in happened:
        said = report.statement
        for name, quantity in figures_of(said).items():
            of = said.casualties_of if quantity.unit in ("people", "remains") else None
            group = said.casualties_group if quantity.unit in ("people", "remains") else "all"
            claims.setdefault(Figure(name, of, group), []).append(Claim(report, quantity))
    return {figure: in_series(found, denied) for figure, found in claims.items()}
