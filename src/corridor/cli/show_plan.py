"""What `corridor plan` prints: convoys, what stays unmet and why, what one more would change, the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text

from corridor.cli.show import console, table
from corridor.picture import Picture
from corridor.planning import Load, Plan, Sheet, Worth

_PASSAGES = {
    "not_needed": "not needed",
    "granted": "granted",
    "conditions": "granted with conditions",
    "asked": "asked, no answer yet",
    "no_answer": "no answer",
    "delayed": "delayed",
    "refused": "refused",
    "revoked": "revoked",
    "none": "not asked yet",
}


def plan(view: Picture, made: Plan, gains: Iterable[Worth]) -> None:
    """Print a plan."""
    out = console()
    out.print(
        f"Plan for {made.horizon_days} days from {made.days[0]:%d %B %Y}: {_head(view, made)}. "
        f"Cost {made.objective:,.0f} in the terms of its aims, gap {made.gap:.1%}. Restricted. Plan {made.digest[:16]}."
    )
    _convoys(out, view, made)
    _later(out, view, made)
    _unmet(out, view, made)
    _gains(out, view, gains)
    out.print(Text("What the plan takes for granted", style="bold"))
    for note in made.notes:
        out.print(f"  {_say(view, note)}")
    aims = made.aims
    slopes = ", ".join(f"{slope:g}" for slope in aims.deprivation_slopes)
    breaks = ", ".join(f"{days:g}" for days in aims.deprivation_breaks_days)
    out.print(
        f"  Aims: a later day's road counts {aims.later_road_share:.0%}; deprivation costs {slopes} per "
        f"person and day up to {breaks} days and beyond; fairness {aims.fairness_weight:g}; a vehicle-km "
        f"{aims.vehicle_km_cost:g}; at most {aims.convoy_vehicles} vehicles a convoy."
    )


def sheets(view: Picture, made: Iterable[Sheet]) -> None:
    """Print the go / no-go sheet of each convoy of the first days."""
    out = console()
    for sheet in made:
        out.print()
        where = f"{view.name(sheet.road)}, {view.name(sheet.start)} to {view.name(sheet.end)}"
        out.print(
            Text(
                f"Go / no-go: {sheet.day:%d %B %Y}, {where}, {sheet.vehicles} of {sheet.fleet}",
                style="bold",
            )
        )
        for text in (sheet.passage, sheet.road_status, sheet.escort, sheet.return_fuel):
            out.print(f"  {_say(view, text)}")
        for text in sheet.load_list:
            out.print(f"  Vehicle {_say(view, text)}")
        out.print(f"  {_say(view, sheet.verdict)}")
        out.print(f"  {sheet.notice}")


def _head(view: Picture, made: Plan) -> str:
    if not made.fill_rates:
        return "no need is known that it could meet"
    if made.status == "met":
        return "every need is met on its day"
    # Days without one thing are not added to days without another: they are the same people.
    short = sorted(made.person_days_without, key=lambda pair: (-pair[1], pair[0]))
    return "; ".join(
        f"{days:,.0f} person-days without {view.name(good)}" for good, days in short if days > 0
    )


def _say(view: Picture, text: str) -> str:
    """Write names for codes, and days as the tables write them."""
    return re.sub(
        r"\b\d{4}-\d{2}-\d{2}\b",
        lambda found: f"{date.fromisoformat(found[0]):%d %b}",
        view.say(text),
    )


def _convoys(out: Console, view: Picture, made: Plan) -> None:
    shown = table("Convoys to prepare")
    for column, side in (
        ("day", "left"),
        ("road", "left"),
        ("from", "left"),
        ("to", "left"),
        ("vehicles", "right"),
        ("load", "left"),
        ("passage", "left"),
    ):
        shown.add_column(column, justify=_side(side))
    for convoy in made.convoys:
        if not convoy.is_indicative:
            shown.add_row(
                f"{convoy.day:%d %b}",
                view.name(convoy.road),
                view.name(convoy.start),
                view.name(convoy.end),
                f"{convoy.vehicles:g}",
                _loads(view, convoy.loads),
                _PASSAGES[convoy.passage],
            )
    out.print(shown if shown.row_count else "Convoys to prepare: none.\n")
    waiting = dict.fromkeys(
        clause for c in made.convoys if not c.is_indicative for clause in c.missing
    )
    if waiting:
        out.print(Text("Before they may go", style="bold"))
        for clause in waiting:
            out.print(f"  once {_say(view, clause)}")
        out.print()


def _later(out: Console, view: Picture, made: Plan) -> None:
    total: dict[tuple[str, str, str], float] = {}
    for convoy in made.convoys:
        if convoy.is_indicative:
            for load in convoy.loads:
                key = (convoy.road, load.commodity, load.unit)
                total[key] = total.get(key, 0.0) + load.amount
    if not total:
        return
    out.print(Text("Outlook on the later days, by road", style="bold"))
    for road in dict.fromkeys(road for road, _, _ in total):
        goods = "; ".join(
            f"{view.name(goods)} {_amount(amount)} {unit}"
            for (r, goods, unit), amount in total.items()
            if r == road
        )
        out.print(f"  {view.name(road)}: {goods}")
    out.print()


def _unmet(out: Console, view: Picture, made: Plan) -> None:
    if not made.unmet:
        return
    shown = table("What stays unmet, and why")
    for column, side in (
        ("place", "left"),
        ("goods", "left"),
        ("short by", "right"),
        ("person-days", "right"),
        ("from", "left"),
        ("cause", "left"),
    ):
        shown.add_column(column, justify=_side(side))
    for short in made.unmet:
        because = f": {_say(view, '; '.join(short.because))}" if short.because else ""
        shown.add_row(
            view.name(short.place),
            view.name(short.commodity),
            f"{_amount(short.amount)} {short.unit}",
            f"{short.person_days:,.0f}",
            f"{short.first_day:%d %b}",
            short.cause + because,
        )
    out.print(shown)


def _gains(out: Console, view: Picture, gains: Iterable[Worth]) -> None:
    found = tuple(gains)
    if not found:
        return
    shown = table("What one more would change, by planning again")
    for column, side in (("", "left"), ("person-days less", "right"), ("cost less", "right")):
        shown.add_column(column, justify=_side(side))
    nothing = [gain for gain in found if not round(gain.person_days) and not round(gain.cost)]
    for gain in found:
        if gain not in nothing:
            text = _say(view, gain.question.text)
            shown.add_row(text, f"{gain.person_days:,.0f}", f"{gain.cost:,.0f}")
    if shown.row_count:
        out.print(shown)
    if nothing:
        out.print(Text("What one more would not change", style="bold"))
        for gain in nothing:
            out.print(f"  {_say(view, gain.question.text)}")
        out.print()


def _loads(view: Picture, loads: Iterable[Load]) -> str:
    return "; ".join(
        f"{view.name(load.commodity)} {_amount(load.amount)} {load.unit}" for load in loads
    )


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:,.1f}"


def _side(side: str) -> Any:
    return side
