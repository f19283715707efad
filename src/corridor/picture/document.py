"""A picture as a JSON document; keys and meaning are told in docs/reference/documents.md."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from corridor.claims import Claim
from corridor.picture.roads import RoadAnswer, RoadLine
from corridor.picture.view import PeopleLine, Picture, StockLine
from corridor.registers.access import STATUS_CODES, RoadView
from corridor.report import Report
from corridor.values import Estimate, Finding, Quantity, write_time

SCHEMA = "corridor/picture/1"


def document(view: Picture) -> dict[str, Any]:
    """Return a picture as a JSON object: numbers as such, unknown as null, times in UTC."""
    return {
        "schema": SCHEMA,
        "at": write_time(view.at),
        "known_at": write_time(view.known_at),
        "clearance": view.clearance,
        "digest": view.digest,
        "reports": len(view.reports),
        "stocks": [_stock(line) for line in view.stocks],
        "people": [_people(line) for line in view.people],
        "roads": [_road(line) for line in view.roads],
        "in_transit": [
            {
                "consignment": line.consignment,
                "commodity": line.commodity,
                "destination": line.destination,
                **ends(line.quantity),
                "basis": list(line.basis),
            }
            for line in view.transit
        ],
        "findings": [finding(found) for found in view.findings],
        "unknowns": [finding(found) for found in view.unknowns],
        "struck": [{"report": report.id, "struck_by": by} for report, by in view.struck],
    }


def road_document(answer: RoadAnswer) -> dict[str, Any]:
    """Return the answer to a road question as a JSON object: claims, never yes or no."""
    return {
        "schema": "corridor/road/1",
        "road": answer.road,
        "towards": answer.towards,
        "user": answer.user,
        "cargo": answer.cargo,
        "at": write_time(answer.at),
        "holding": [_view(view) for view in answer.holding],
        "expired": [_view(view) for view in answer.expired],
        "nearby": [_view(view) for view in answer.nearby],
        "denials": [source(report) for report in answer.denials],
    }


def number(value: Decimal | None) -> int | float | None:
    """Return a decimal as a JSON number: whole where it is whole, None where it is unknown."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def ends(estimate: Estimate) -> dict[str, Any]:
    """Return an estimate's interval and unit."""
    return {
        "low": number(estimate.low),
        "best": number(estimate.best),
        "high": number(estimate.high),
        "unit": estimate.unit,
    }


def finding(found: Finding) -> dict[str, Any]:
    """Return a finding as a JSON object."""
    return {
        "code": found.code,
        "severity": found.severity,
        "subject": found.subject,
        "text": found.text,
        "values": [{"label": label, "value": value} for label, value in found.values],
        "basis": list(found.basis),
    }


def source(report: Report[Any]) -> dict[str, Any]:
    """Return who said a report, where and when."""
    return {
        "report": report.id,
        "claimant": report.claimant,
        "publisher": report.publisher or None,
        "published_at": write_time(report.published_at) if report.published_at else None,
        "observed_from": write_time(report.observed_from) if report.observed_from else None,
        "observed_until": write_time(report.observed_until) if report.observed_until else None,
        "url": report.url or None,
        "speech_act": report.speech_act,
        "grade": f"{report.reliability}{report.credibility}",
    }


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {
        "low": number(quantity.low),
        "best": number(quantity.best),
        "high": number(quantity.high),
        "unit": quantity.unit,
        "qualifier": quantity.qualifier or None,
    }


def _claims(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    return [{**_quantity(claim.quantity), **source(claim.report)} for claim in claims]


def _stock(line: StockLine) -> dict[str, Any]:
    return {
        "place": line.place,
        "commodity": line.commodity,
        **ends(line.stock),
        "need_per_day": ends(line.need_per_day),
        "days_of_cover": {**ends(line.days_of_cover), "method": line.days_of_cover.method},
        "planning": {"value": number(line.cautious), "why": line.cautious_why},
        "counted_at": write_time(line.counted_at) if line.counted_at else None,
        "adopted": line.adopted.id if line.adopted else None,
        "claims": _claims(line.counts.latest),
        "basis": list(line.days_of_cover.basis),
    }


def _people(line: PeopleLine) -> dict[str, Any]:
    return {
        "place": line.place,
        "group": line.group,
        **ends(line.now),
        "counted": ends(line.counted),
        "departed": ends(line.departed) if line.departed else None,
        "planning": {"value": number(line.cautious), "why": line.cautious_why},
        "counted_at": write_time(line.counted_at) if line.counted_at else None,
        "adopted": line.adopted.id if line.adopted else None,
        "method": line.now.method,
        "claims": _claims(line.series.latest),
        "basis": list(line.now.basis),
    }


def _road(line: RoadLine) -> dict[str, Any]:
    return {
        "road": line.road,
        "direction": line.towards,
        "user": line.user,
        "cargo": line.cargo,
        "status": line.status,
        "status_code": STATUS_CODES[line.status],
        "is_disputed": line.is_disputed,
        "valid_until": write_time(line.valid_until) if line.valid_until else None,
        "heaviest_class": line.heaviest_class,
        "holds": [hold.id for hold in line.holds],
        "claims": [_view(view) for view in line.views],
        "basis": list(line.basis),
    }


def _view(view: RoadView) -> dict[str, Any]:
    return {
        "status": view.status,
        "user": view.user,
        "cargo": view.cargo,
        "direction": view.towards,
        "valid_until": write_time(view.valid_until),
        "is_current": view.is_current,
        "text": view.report.statement.text or None,
        **source(view.report),
    }
