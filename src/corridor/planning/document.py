"""A plan as a JSON document; keys and meaning are told in docs/reference/documents.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from corridor.planning.changes import Change
from corridor.planning.comparing import Compared
from corridor.planning.convoys import Convoy, Load
from corridor.planning.outlook import Outlook
from corridor.planning.plan import Plan
from corridor.planning.problem import Problem
from corridor.planning.reliance import Reliance
from corridor.planning.relief.compare import Mean
from corridor.planning.shortage import Unmet
from corridor.planning.since import RoadChanged, Since, Way
from corridor.planning.triggers import Trigger
from corridor.planning.what_if import IfSo
from corridor.planning.worth import Worth

SCHEMA = "corridor/plan/1"
EXPLANATION = "corridor/explanation/1"
# A reader of the document looks codes up; the marks that say where a name belongs are not for it.
_MARK = re.compile("⟦([^⟧]*)⟧")


def document(plan: Plan) -> dict[str, Any]:
    """Return a plan as a JSON object."""
    return {
        "schema": SCHEMA,
        "handling": "restricted",
        "status": plan.status,
        "engine": plan.engine,
        "horizon_days": plan.horizon_days,
        "days": [day.isoformat() for day in plan.days],
        "convoys": [_convoy(convoy) for convoy in plan.convoys],
        "unmet": [_unmet(short) for short in plan.unmet],
        "objective": plan.objective,
        "bound": plan.bound,
        "unavoidable": plan.unavoidable,
        "gap": plan.gap,
        "is_within_gap": plan.is_within_gap,
        "person_days_without": dict(plan.person_days_without),
        "worst_place": asdict(plan.worst_place) if plan.worst_place else None,
        "fill_rates": [asdict(rate) for rate in plan.fill_rates],
        "stocks": [asdict(path) for path in plan.stocks],
        "roads": [asdict(road) for road in plan.roads],
        "outlook": asdict(plan.outlook) if plan.outlook else None,
        "triggers": [_trigger(trigger) for trigger in plan.triggers],
        "standard_error": plan.standard_error,
        "policy": plan.policy_digest,
        "aims": asdict(plan.aims),
        "notes": [_plain(note) for note in plan.notes],
        "basis": list(plan.basis),
        "rests_on": plan.problem_digest,
        "digest": plan.digest,
    }


def _convoy(convoy: Convoy) -> dict[str, Any]:
    return {
        "code": convoy.code,
        "day": convoy.day.isoformat(),
        "arrives": convoy.arrives.isoformat(),
        "road": convoy.road,
        "from": convoy.start,
        "to": convoy.end,
        "fleet": convoy.fleet,
        "vehicles": round(convoy.vehicles) if not convoy.is_indicative else convoy.vehicles,
        "load": _loads(convoy.loads),
        "vehicle_loads": [_loads(loads) for loads in convoy.vehicle_loads],
        "passage": convoy.passage,
        "granted_by": convoy.granted_by,
        "missing": [_plain(clause) for clause in convoy.missing],
        "is_indicative": convoy.is_indicative,
        "basis": list(convoy.basis),
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        **asdict(trigger),
        "days": [day.isoformat() for day in trigger.days],
        "counted": [day.isoformat() for day in trigger.counted],
        "text": _plain(trigger.text),
    }


def outlook_document(outlook: Outlook) -> dict[str, Any]:
    """Return what the days ahead may bring as a JSON object."""
    return {"schema": "corridor/outlook/1", "handling": "restricted", **asdict(outlook)}


def comparison_document(found: Compared, problem: Problem) -> dict[str, Any]:
    """Return engines side by side as a JSON object; costs in the aims' terms."""

    def mean(each: Mean, scale: float = 1.0) -> dict[str, float]:
        return {"value": each.value * scale, "error": each.error * scale}

    def goods(means: tuple[Mean, ...]) -> dict[str, dict[str, float]]:
        return {c: mean(m) for c, m in zip(problem.commodities, means, strict=True)}

    return {
        "schema": "corridor/comparison/1",
        "handling": "restricted",
        "least": found.least,
        "winner": found.winner,
        "worlds": [
            {
                "world": world,
                "futures": comparison.scenarios,
                "foresight": found.foresight[world] * found.cost,
                "against": comparison.against,
                "engines": [
                    {
                        "engine": line.name,
                        "cost": mean(line.cost, found.cost),
                        "difference": mean(line.against, found.cost),
                        "deprivation_p95": mean(line.deprivation_tail, found.cost),
                        "person_days_without": goods(line.person_days_without),
                        "worst_place_days": goods(line.worst_place_days),
                        "gini_of_days_of_cover": goods(line.gini),
                        "moved_t": mean(line.moved_t),
                        "refused_t": mean(line.refused_t),
                    }
                    for line in comparison.lines
                ],
            }
            for world, comparison in found.worlds.items()
        ],
    }


def explanation(
    plan: Plan,
    changes: Iterable[Change],
    reliances: Iterable[Reliance],
    worths: Iterable[Worth] = (),
) -> dict[str, Any]:
    """Return why a plan is short, what would change it and who moves it, as a JSON object."""
    return {
        "schema": EXPLANATION,
        "handling": "restricted",
        "plan": plan.digest,
        "unmet": [_unmet(short) for short in plan.unmet],
        "changes": [
            {
                **asdict(change),
                "text": _plain(change.text),
                "by_commodity": dict(change.by_commodity),
            }
            for change in changes
        ],
        "worths": [
            {
                **asdict(worth),
                "text": _plain(worth.text),
                "days": [day.isoformat() for day in worth.days],
            }
            for worth in worths
        ],
        "reliances": [{**asdict(each), "day": each.day.isoformat()} for each in reliances],
        "triggers": [_trigger(trigger) for trigger in plan.triggers],
    }


def since_document(found: Since) -> dict[str, Any]:
    """Return what changed since a moment, and why, as a JSON object."""

    def dated(changed: RoadChanged) -> dict[str, Any]:
        because = [_plain(text) for text in changed.because]
        return asdict(changed) | {"day": changed.day.isoformat(), "because": because}

    return {
        "moment": found.moment.isoformat(),
        "learned": found.learned,
        "roads": [dated(changed) for changed in found.roads],
        "stops": [_plain(text) for text in found.stops],
        "moved": [
            asdict(moved) | {"by": _way(moved.by), "instead_of": _way(moved.instead_of)}
            for moved in found.moved
        ],
        "other_reports": dict(found.others),
        "text": [_plain(text) for text in found.texts],
    }


def _way(way: Way | None) -> dict[str, Any] | None:
    if way is None:
        return None
    return {"road": way.road, "towards": way.towards, "day": way.day and way.day.isoformat()}


def if_so_document(found: Iterable[IfSo]) -> list[dict[str, Any]]:
    """Return what the chances would be if allegations were so, as a JSON array."""
    return [
        asdict(each) | {"day": each.day.isoformat(), "text": _plain(each.text)} for each in found
    ]


def _loads(loads: Iterable[Load]) -> list[dict[str, Any]]:
    return [asdict(load) for load in loads]


def _unmet(short: Unmet) -> dict[str, Any]:
    return {
        "place": short.place,
        "commodity": short.commodity,
        "amount": short.amount,
        "unit": short.unit,
        "person_days": short.person_days,
        "first_day": short.first_day.isoformat(),
        "worst_day_backlog_days": short.worst_day_backlog_days,
        "cause": short.cause,
        "because": [_plain(reason) for reason in short.because],
    }


def _plain(text: str) -> str:
    return _MARK.sub(r"\1", text)
