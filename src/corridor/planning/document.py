"""A plan as a JSON document; keys and meaning are told in docs/reference/documents.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from corridor.planning.convoys import Convoy, Load
from corridor.planning.plan import Plan
from corridor.planning.shortage import Unmet
from corridor.planning.worth import Worth

SCHEMA = "corridor/plan/1"
# A reader of the document looks codes up; the marks that say where a name belongs are not for it.
_MARK = re.compile("⟦([^⟧]*)⟧")


def document(plan: Plan, gains: Iterable[Worth] = ()) -> dict[str, Any]:
    """Return a plan, and what one more of something would change, as a JSON object."""
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
        "worth": [
            {
                "one_more": _plain(gain.question.text),
                "person_days": gain.person_days,
                "cost": gain.cost,
            }
            for gain in gains
        ],
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
