"""The aims of a plan in words: every judgement it rests on, none hidden."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from corridor.briefs.brief import Column, Table, cell
from corridor.briefs.planned import in_table, plan_mark
from corridor.planning.plan import Plan

_COLUMNS = (Column("Aim"), Column("Value"), Column("Meaning"))
# An aim without an entry is printed under its own name, so that none is ever left out.
_MEANING: Mapping[str, tuple[str, str]] = {
    "horizon_days": ("Days planned", "How far the plan looks."),
    "whole_vehicle_days": (
        "Days with whole vehicles",
        "Days that order convoys; later days are an outlook.",
    ),
    "later_road_share": (
        "Share of a road counted on later",
        "By engines that do not weigh the chances of roads: share of its open capacity.",
    ),
    "deprivation_breaks_days": (
        "Days without at which a further day weighs more",
        "People who have gone without longer come first.",
    ),
    "deprivation_slopes": (
        "Weight of a further day without",
        "In each interval between those days.",
    ),
    "fairness_weight": (
        "Weight of fairness",
        "Weight of the worst-served place beside all others.",
    ),
    "vehicle_km_cost": ("Cost of a vehicle-kilometre", "Where a fleet states none."),
    "backlog_keep": (
        "Share of yesterday's lack still felt today",
        "At 1 nothing gone without is made up by time alone.",
    ),
    "stock_value_share": (
        "Worth of stock left at the end",
        "As a share of the first weight, per person-day covered.",
    ),
    "stock_value_days": (
        "Days of cover at the end that keep a worth",
        "Each band is worth a step less.",
    ),
    "status_stale_h": ("Hours after which a road status must be renewed", "Before a convoy goes."),
    "convoy_vehicles": ("Most vehicles in one convoy", "Larger movements are split."),
    "loads_ahead": (
        "Whether vehicles are loaded the day before",
        "What does not pass returns to the store, or waits on its vehicles.",
    ),
    "arrival_chance": (
        "Chance that goods from outside are there when counted on",
        "Where somebody judged how they may be late; else their latest day counts.",
    ),
    "closure_factor": (
        "How much longer closures last in the worse world",
        "In which engines are compared.",
    ),
    "mip_gap": (
        "Gap at which the search may stop",
        "Share of what can be changed that a better plan may still gain.",
    ),
    "mip_nodes": (
        "Nodes after which the search stops",
        "Counted, not timed, so that a plan can be repeated.",
    ),
}


def aims_table(plan: Plan) -> Table:
    """Return every aim of a plan with its value and meaning."""
    rows = []
    for field in dataclasses.fields(plan.aims):
        title, meaning = _MEANING.get(field.name, (field.name.replace("_", " "), ""))
        rows.append(
            (cell(title), cell(in_table(plan, _say(getattr(plan.aims, field.name)))), cell(meaning))
        )
    return Table(
        "aims", "Aims of the plan", _COLUMNS, tuple(rows), ("None is hidden.", plan_mark(plan))
    )


def _say(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_say(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
