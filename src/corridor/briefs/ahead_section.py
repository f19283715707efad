"""The days ahead as chances: roads, stocks that may run out, and what to do if a road shuts or opens."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import (
    Block,
    Cell,
    Column,
    Drawing,
    Heading,
    Sentence,
    Table,
    Value,
    cell,
)
from corridor.briefs.citing import CORRIDOR, numbers_as
from corridor.briefs.editions import Edition
from corridor.briefs.figures import fans
from corridor.briefs.planned import by_plan, in_table, in_words, number, plan_mark
from corridor.planning.outlook import Fan, Outlook, RoadChance
from corridor.planning.plan import Plan

_FANS = (
    Column("Goods"),
    Column("Evening stock, 10 to 90 % of futures"),
    Column("Chance of a day short", is_number=True),
    Column("If no convoy leaves", is_number=True),
)
_METHODS = {
    "fitted": "fitted to the changes of status reported",
    "declared": "a named person's range",
    "assumed": "a wide assumption",
}


def expected(edition: Edition, plan: Plan, seen: Outlook) -> tuple[Sentence, ...]:
    """Say what is expected over futures of the roads: cost, its bound, and days without."""
    cost = by_plan(plan, f"{plan.objective:,.0f}", Decimal(str(plan.objective)), "cost")
    error = by_plan(plan, f"{plan.standard_error:,.0f}", Decimal(str(plan.standard_error)), "cost")
    bound = by_plan(plan, f"{plan.bound:,.0f}", Decimal(str(plan.bound)), "cost")
    told: tuple[str | Value, ...] = (
        f"tried the policy behind this plan on {seen.futures:,} futures of the roads: ",
        "it expects a cost of ",
        cost,
        " with a standard error of ",
        error,
    )
    if plan.bound > 0:
        told = (*told, ", and no policy costs less than ", bound, " on average")
    made = [Sentence(CORRIDOR, (*told, "."))]
    for each in seen.expected:
        if round(each.unsupplied) == 0:
            continue
        goods = edition.picture.name(each.commodity)
        parts: tuple[str | Value, ...] = (
            "expects ",
            by_plan(plan, f"{each.mean:,.0f} person-days", Decimal(str(each.mean)), "person-days"),
            f" without {goods}, ",
            by_plan(plan, f"{each.high:,.0f}", Decimal(str(each.high)), "person-days"),
            " or more in the worst tenth of futures, and ",
            by_plan(plan, f"{each.unsupplied:,.0f}", Decimal(str(each.unsupplied)), "person-days"),
            " if no convoy leaves.",
        )
        made.append(Sentence(CORRIDOR, parts))
    return tuple(made)


def roads_ahead(edition: Edition, plan: Plan) -> tuple[Block, ...]:
    """Return the chance that convoys can use each road on some of the days, and where it comes from."""
    if not plan.roads:
        return ()
    marks = sorted({day for day in (0, 1, 3, 7, len(plan.days) - 1) if day < len(plan.days)})
    columns = (
        Column("Road and direction"),
        *(Column(words.short_date(plan.days[mark]), is_number=True) for mark in marks),
        Column("Rests on"),
    )
    rows = tuple(_road_row(edition, plan, road, marks) for road in plan.roads)
    remark = (
        "The chance that the road is open or restricted, and the middle 90 % of what is known of it.",
        plan_mark(plan),
    )
    said = tuple(
        Sentence(
            CORRIDOR,
            (
                f"takes for {words.road_label(edition.picture, road.road, road.towards)}: ",
                *numbers_as(in_words(edition.picture, road.said), in_table(plan, "")),
                plan_mark(plan),
            ),
        )
        for road in plan.roads
    )
    title = "Chance that convoys can use a road"
    return (Heading("Roads ahead"), Table("roads-ahead", title, columns, rows, remark), *said)


def triggers(edition: Edition, plan: Plan) -> tuple[Block, ...]:
    """Return what to load differently if a road shuts or opens."""
    if not plan.triggers:
        return ()
    made = tuple(
        Sentence(
            CORRIDOR,
            (
                "advises: ",
                *numbers_as(in_words(edition.picture, trigger.text), in_table(plan, "")),
                plan_mark(plan),
            ),
            "ask",
        )
        for trigger in plan.triggers
    )
    return (Heading("If a road shuts or opens"), *made)


def stocks_ahead(edition: Edition, plan: Plan, seen: Outlook) -> tuple[Block, ...]:
    """Return the stock of each place and goods as a fan over futures, with the chance of running out."""
    rows: list[tuple[Cell, ...]] = []
    panels = []
    place = ""
    for fan in seen.fans:
        if fan.place != place:
            place = fan.place
            rows.append((cell(edition.picture.name(place)),))
        rows.append(_fan_row(edition, plan, fan))
        title = f"{edition.picture.name(fan.place)}: {edition.picture.name(fan.commodity)}"
        panels.append(fans.draw(title, plan.days, fan))
    drawing = Drawing(
        "stocks-ahead",
        "Stocks over futures of the roads",
        "One panel for each place and goods: half of the futures lie on each side of the line, eight in "
        "ten within the band. Below, the chance that each day's need is not wholly met.",
        tuple(panels),
        Table(
            "ahead",
            "Stock ahead",
            _FANS,
            tuple(rows),
            ("Convoys of each future follow the policy behind this plan.", plan_mark(plan)),
        ),
        is_wide=False,
    )
    return (Heading("Stocks ahead"), drawing)


def chance(share: float) -> str:
    """Write a chance without claiming more than was tried."""
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    return "under 1%" if share < 0.01 else "over 99%" if share > 0.99 else f"{share:.0%}"


def _road_row(
    edition: Edition, plan: Plan, road: RoadChance, marks: Sequence[int]
) -> tuple[Cell, ...]:
    return (
        cell(words.road_label(edition.picture, road.road, road.towards)),
        *(
            cell(
                in_table(
                    plan,
                    f"{chance(road.usable[mark])} ({road.low[mark]:.0%} to {road.high[mark]:.0%})",
                    Decimal(str(road.usable[mark])),
                    "chance",
                )
            )
            for mark in marks
        ),
        cell(_METHODS[road.method]),
    )


def _fan_row(edition: Edition, plan: Plan, fan: Fan) -> tuple[Cell, ...]:
    series = "; ".join(
        f"{words.short_date(day)} {number(low)} to {number(high)}"
        for day, low, high in zip(plan.days, fan.low, fan.high, strict=True)
    )
    return (
        cell(f"{edition.picture.name(fan.commodity)}, {fan.unit}"),
        cell(in_table(plan, series, None, fan.unit)),
        cell(in_table(plan, chance(fan.run_out), Decimal(str(fan.run_out)), "chance")),
        cell(
            in_table(
                plan,
                chance(fan.run_out_unsupplied),
                Decimal(str(fan.run_out_unsupplied)),
                "chance",
            )
        ),
    )
