"""A watch as a JSON document. Posts, hours and places of those who watch make it restricted."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from corridor.hazards import document as hazards_document
from corridor.picture.document import ends, finding, source
from corridor.registers.ceasefire import Version
from corridor.registers.incidents import IncidentState
from corridor.report import Handling, Report
from corridor.values import Estimate, write_time
from corridor.watch.measured import Found, Watch
from corridor.watch.verified import Verified

SCHEMA = "corridor/watch/1"
HANDLING: Handling = "restricted"


def document(watch: Watch) -> dict[str, Any]:
    """Return a watch as a JSON object: numbers as such, unknown as null, times in UTC."""
    picture, series = watch.picture, watch.series
    declared = series.declared
    return {
        "schema": SCHEMA,
        "handling": HANDLING,
        "at": write_time(picture.at),
        "known_at": write_time(picture.known_at),
        "clearance": picture.clearance,
        "digest": picture.digest,
        "choices": {one.name: getattr(watch.choices, one.name) for one in fields(watch.choices)},
        "coverage": [_coverage(report) for report in watch.view.terms.coverage],
        "effort": {
            "unit": series.effort.unit,
            "said": series.effort.said,
            # The other days are unknown.
            "days": {
                day.isoformat(): round(float(given), 6)
                for day, given in zip(series.days, series.effort.by_day, strict=True)
                if given > 0
            },
        },
        "versions": [
            _version(version)
            for versions in watch.view.terms.versions.values()
            for version in versions
        ],
        "declared": declared
        and {
            "ceasefire": declared.ceasefire,
            "begins": write_time(declared.begins),
            "first_day": declared.first_day.isoformat(),
        },
        "incidents": [_incident(state) for state in watch.view.incidents.states.values()],
        "left_out": {why: list(codes) for why, codes in series.left_out.items()},
        "counts": {
            name: {
                day.isoformat(): int(count)
                for day, count in zip(series.days, counts, strict=True)
                if count > 0
            }
            for name, counts in series.counts.items()
        },
        "withheld": watch.withheld or None,
        "rates": {name: _measure(rate) for name, rate in watch.rates.items()},
        "change": None
        if watch.changed is None
        else {
            "last_day_before": watch.last_before and watch.last_before.isoformat(),
            **_measure(watch.changed),
        },
        "clusters": {
            "p": _estimate(watch.scanned.as_given.p),
            "p_when_moved": _estimate(watch.scanned.p),
            "found_again_when_moved": _estimate(watch.scanned.found_again),
            "found": [_cluster(c) for c in watch.clusters],
        },
        "self_excitation": _measure(watch.self_excitation),
        "close_pairs": _measure(watch.close_pairs),
        "roads": watch.roads and hazards_document(watch.roads),
        "roads_if_alleged_were_so": watch.supposed and hazards_document(watch.supposed),
        "scores": _scores(watch.scores),
        "findings": [finding(found) for found in watch.view.findings],
        "basis": list(watch.basis),
    }


def _scores(found: Verified) -> dict[str, Any]:
    compared = found.comparison
    return {
        "issued": found.issued,
        "passed": found.passed,
        "untold": found.untold,
        "brier": _estimate(compared.brier),
        "brier_of_90_day_rate": _estimate(compared.reference_brier),
        "skill": _estimate(compared.skill),
        "in_words": compared.words,
        "log_score": _estimate(found.log_score),
        "log_score_of_90_day_rate": _estimate(found.reference_log_score),
        "reliability": [asdict(row) for row in found.rows],
        "intervals_that_held": _estimate(found.held),
        "basis": list(found.basis),
    }


def _coverage(report: Report[Any]) -> dict[str, Any]:
    said = report.statement
    return {
        **source(report),
        "place": said.place,
        "posts_open": said.posts_open,
        "posts_closed": said.posts_closed,
        "patrols": said.patrols,
        "patrol_hours": None if said.patrol_hours is None else float(said.patrol_hours),
        "cameras": said.cameras,
        "reporters": said.reporters,
        "access": said.access,
        "recorded": None if said.recorded is None else float(said.recorded.stated),
        "is_watching": said.is_watching,
    }


def _version(version: Version) -> dict[str, Any]:
    said = version.terms.statement if version.terms else None
    return {
        "ceasefire": version.ceasefire,
        "version_of": version.version_of,
        "language": version.language,
        "told_by": version.told_by,
        "begins": write_time(said.begins) if said and said.begins else None,
        "valid_until": write_time(said.valid_until) if said and said.valid_until else None,
        "extends": said.extends if said else None,
        "clauses": sorted(version.clauses),
    }


def _incident(state: IncidentState) -> dict[str, Any]:
    return {
        "incident": state.incident,
        "codes": list(state.codes),
        "rung": state.rung if state.claims else None,
        "ending": state.ending,
        "is_contested": state.is_contested,
        "is_verified_late": state.is_verified_late,
        "moves_hazards": state.moves_hazards,
        "causes": sorted(state.causes),
        "starts": state.starts and write_time(state.starts),
        "ends": state.ends and write_time(state.ends),
        "place": state.place,
        "points": [
            {"claimant": who, "lat": float(lat), "lon": float(lon)}
            for who, (lat, lon) in state.points
        ],
        "claims": [source(report) for report in state.claims],
        "denials": [source(report) for report in state.denials],
        "who_did_it": [
            {"claimant": one.claimant, "stance": one.stance, "party": one.party}
            for one in state.attributions
        ],
        "checking": [
            {"body": body, "by": role, "result": result} for body, role, result in state.checking
        ],
        "basis": list(state.basis),
    }


def _measure(measure: Any) -> dict[str, Any]:
    """Return the estimates of a measure, and what else it says in a number or a word."""
    named = {one.name: getattr(measure, one.name) for one in fields(measure)}
    return {
        name: _estimate(value) if isinstance(value, Estimate) else value
        for name, value in named.items()
        if value is None or isinstance(value, Estimate | int | float | str)
    }


def _estimate(found: Estimate) -> dict[str, Any]:
    return {**ends(found), "method": found.method}


def _cluster(found: Found) -> dict[str, Any]:
    latitude, longitude = found.centre
    return {
        "first_day": found.first_day.isoformat(),
        "last_day": found.last_day.isoformat(),
        "lat": latitude,
        "lon": longitude,
        "radius_km": round(found.radius_km, 3),
        "incidents": [event.incident for event in found.events],
        "expected": round(found.expected, 4),
        "p": _estimate(found.p),
        "recurrence": _estimate(found.recurrence),
        "reported_by": list(found.reported_by),
    }
