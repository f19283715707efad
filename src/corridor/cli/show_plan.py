"""What `corridor plan` prints: convoys, what stays unmet and why, what one more would change, the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text

from corridor.briefs import words
from corridor.cli.show import console, table
from corridor.picture import Picture
from corridor.planning import Load, Plan, Sheet
from corridor.planning.outlook import Outlook
from corridor.planning.since import Since
from corridor.planning.what_if import IfSo

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


def plan(
    view: Picture, made: Plan, alleged: Iterable[IfSo] = (), changed: Since | None = None
) -> None:
    """Print a plan, with what changed since before and what allegations would change beside it."""
    out = console()
    out.print(
        f"Plan for {made.horizon_days} days from {made.days[0]:%d %B %Y}: {_head(view, made)}. "
        f"{_cost(made)} Restricted. Plan {made.digest[:16]}."
    )
    if changed is not None:
        _changed(out, view, changed)
    _roads(out, view, made)
    for each in alleged:
        out.print(f"  {say(view, each.text)}\n")
    _convoys(out, view, made)
    triggers(out, view, made)
    _later(out, view, made)
    if made.outlook is not None:
        fans(out, view, made.outlook, made.days)
    unmet(out, view, made)
    out.print(Text("What the plan takes for granted", style="bold"))
    for note in made.notes:
        out.print(f"  {say(view, note)}")
    aims = made.aims
    slopes = ", ".join(f"{slope:g}" for slope in aims.deprivation_slopes)
    breaks = ", ".join(f"{days:g}" for days in aims.deprivation_breaks_days)
    share = "" if made.roads else f"a later day's road counts {aims.later_road_share:.0%}; "
    out.print(
        f"  Aims: {share}deprivation costs {slopes} per person and day up to {breaks} days and beyond; "
        f"fairness {aims.fairness_weight:g}; a vehicle-km {aims.vehicle_km_cost:g}; at most "
        f"{aims.convoy_vehicles} vehicles a convoy."
    )


def _changed(out: Console, view: Picture, changed: Since) -> None:
    then = words.clock(changed.moment, view.settings.time_zone)
    out.print(Text(f"What changed since {then}, and why", style="bold"))
    for text in changed.texts:
        out.print(f"  {say(view, text)}")
    if not changed.texts:
        out.print("  No chance of a road, no stop and no load.")
    if changed.others:
        kinds = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in changed.others)
        out.print(f"  Also learned since: {kinds}.")
    out.print()


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
            out.print(f"  {say(view, text)}")
        for text in sheet.load_list:
            out.print(f"  Vehicle {say(view, text)}")
        out.print(f"  {say(view, sheet.verdict)}")
        out.print(f"  {sheet.notice}")


def fans(out: Console, view: Picture, seen: Outlook, days: Sequence[date]) -> None:
    """Print stock ahead by place and goods, and the chance of running out with the plan and without."""
    marks = sorted({min(2, len(days) - 1), (len(days) - 1) // 2, len(days) - 1})
    shown = table("Stock ahead, in 8 of 10 futures" if seen.futures > 1 else "Stock ahead")
    shown.add_column("place")
    shown.add_column("goods")
    for mark in marks:
        shown.add_column(f"{days[mark]:%d %b}", justify="right")
    shown.add_column("a day short", justify="right")
    shown.add_column("without convoys", justify="right")
    for fan in seen.fans:
        spans = [
            f"{amount(fan.low[mark])} to {amount(fan.high[mark])} {fan.unit}"
            if seen.futures > 1
            else f"{amount(fan.middle[mark])} {fan.unit}"
            for mark in marks
        ]
        chances = (_chance(fan.run_out), _chance(fan.run_out_unsupplied))
        shown.add_row(view.name(fan.place), view.name(fan.commodity), *spans, *chances)
    out.print(shown)
    for each in seen.expected:
        error = f" +- {each.standard_error:,.0f}" if seen.futures > 1 else ""
        high = f", {each.high:,.0f} or more in the worst tenth" if seen.futures > 1 else ""
        if round(each.unsupplied):
            out.print(
                f"  {view.name(each.commodity)}: {each.mean:,.0f}{error} person-days without{high}; "
                f"{each.unsupplied:,.0f} if no convoy leaves"
            )
    out.print()


def _cost(made: Plan) -> str:
    if made.outlook is None:
        return f"Cost {made.objective:,.0f} in the terms of its aims, gap {made.gap:.1%}."
    bound = f"; no policy costs less than {made.bound:,.0f} on average" if made.bound > 0 else ""
    return f"Expected cost {made.objective:,.0f} +- {made.standard_error:,.0f} in the terms of its aims{bound}."


def _roads(out: Console, view: Picture, made: Plan) -> None:
    if not made.roads:
        return
    marks = sorted({day for day in (0, 1, 3, 7, len(made.days) - 1) if day < len(made.days)})
    shown = table("Chance that convoys can use a road")
    shown.add_column("road")
    shown.add_column("towards")
    for mark in marks:
        shown.add_column(f"{made.days[mark]:%d %b}", justify="right")
    for road in made.roads:
        chances = [
            f"{road.usable[mark]:.0%} ({road.low[mark] * 100:.0f}-{road.high[mark]:.0%})"
            for mark in marks
        ]
        shown.add_row(view.name(road.road), view.name(road.towards), *chances)
    out.print(shown)
    for road in made.roads:
        out.print(f"  {view.name(road.road)}: {say(view, road.said)}")
    out.print()


def triggers(out: Console, view: Picture, made: Plan) -> None:
    """Print what to load differently if a road shuts or opens."""
    if not made.triggers:
        return
    out.print(Text("What to do if a road shuts or opens", style="bold"))
    for trigger in made.triggers:
        out.print(f"  {say(view, trigger.text)}")
    out.print()


def _chance(share: float) -> str:
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    return "under 1%" if share < 0.01 else "over 99%" if share > 0.99 else f"{share:.0%}"


def _head(view: Picture, made: Plan) -> str:
    if not made.fill_rates:
        return "no need is known that it could meet"
    if made.outlook is not None:
        # Days without one thing are not added to days without another: they are the same people.
        ahead = sorted(made.outlook.expected, key=lambda each: (-each.mean, each.commodity))
        lacking = [
            f"{each.mean:,.0f} person-days without {view.name(each.commodity)}"
            for each in ahead
            if round(each.mean)
        ]
        return f"expected {'; '.join(lacking[:3])}" if lacking else "every need is likely to be met"
    if made.status == "met":
        return "every need is met on its day"
    # Days without one thing are not added to days without another: they are the same people.
    short = sorted(made.person_days_without, key=lambda pair: (-pair[1], pair[0]))
    return "; ".join(
        f"{days:,.0f} person-days without {view.name(good)}" for good, days in short if days > 0
    )


def say(view: Picture, text: str) -> str:
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
            out.print(f"  once {say(view, clause)}")
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
            f"{view.name(goods)} {amount(sent)} {unit}"
            for (r, goods, unit), sent in total.items()
            if r == road
        )
        out.print(f"  {view.name(road)}: {goods}")
    out.print()


def unmet(out: Console, view: Picture, made: Plan) -> None:
    """Print what stays unmet, and why."""
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
        because = f": {say(view, '; '.join(short.because))}" if short.because else ""
        shown.add_row(
            view.name(short.place),
            view.name(short.commodity),
            f"{amount(short.amount)} {short.unit}",
            f"{short.person_days:,.0f}",
            f"{short.first_day:%d %b}",
            short.cause + because,
        )
    out.print(shown)


def _loads(view: Picture, loads: Iterable[Load]) -> str:
    return "; ".join(
        f"{view.name(load.commodity)} {amount(load.amount)} {load.unit}" for load in loads
    )


def amount(value: float) -> str:
    """Write an amount with as many digits as a loader needs."""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _side(side: str) -> Any:
    return side
