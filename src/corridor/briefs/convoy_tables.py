"""The convoys of a plan: by day and road, what each carries and waits for, and load lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Drawing, Heading, Table, Text, Value, cell
from corridor.briefs.editions import Edition
from corridor.briefs.figures import gantt
from corridor.briefs.planned import day_words, in_table, in_words, number, plan_mark, vehicles
from corridor.planning.convoys import Convoy, Load
from corridor.planning.plan import Plan

PASSAGES = {
    "not_needed": "none needed",
    "granted": "granted",
    "conditions": "granted with conditions",
    "asked": "asked, no answer yet",
    "no_answer": "no answer",
    "delayed": "delayed",
    "refused": "refused",
    "revoked": "revoked",
    "none": "not asked",
}
_PASSAGE_BASIS = "as passage requests and answers and the reports of the road give it"
_CONVOYS = (
    Column("Road and direction"),
    Column("Vehicles", is_number=True),
    Column("Load"),
    Column("Passage"),
    Column("It may go once"),
)
_LISTS = (Column("Vehicle"), Column("Load"), Column("Weight", is_number=True))


def convoy_drawing(edition: Edition, plan: Plan) -> tuple[Block, ...]:
    """Return the convoys by day and road with the table of them, or nothing where nothing moves."""
    if not plan.convoys:
        return ()
    rows: list[tuple[Cell, ...]] = []
    last: tuple[date, bool] | None = None
    for convoy in plan.convoys:
        if last != (convoy.day, convoy.is_indicative):
            last = (convoy.day, convoy.is_indicative)
            rows.append(
                (
                    cell(
                        day_words(convoy.day.isoformat())
                        + (", outlook" if convoy.is_indicative else "")
                    ),
                )
            )
        rows.append(_row(edition, plan, convoy))
    remark = (
        "A convoy goes only when nothing is missing and a named person releases it.",
        plan_mark(plan),
    )
    drawing = Drawing(
        "convoys",
        "Convoys by day and road",
        "One row for each road and direction, one column for each day: vehicles, tonnes and where "
        "the passage stands. A solid frame is a convoy of the plan, a dashed frame an outlook that "
        "orders nothing.",
        gantt.draw(edition.picture, plan),
        Table("convoys", "Convoys", _CONVOYS, tuple(rows), remark),
    )
    return (Heading("Convoys"), drawing)


def load_lists(edition: Edition, plan: Plan) -> tuple[Block, ...]:
    """Return what each vehicle of the ordered convoys carries."""
    firm = [convoy for convoy in plan.convoys if convoy.vehicle_loads]
    if not firm:
        return ()
    rows: list[tuple[Cell, ...]] = []
    for convoy in firm:
        road = words.road_label(edition.picture, convoy.road, convoy.end)
        rows.append((cell(f"{day_words(convoy.day.isoformat())}, {road}, fleet {convoy.fleet}"),))
        for place, loads in enumerate(convoy.vehicle_loads, start=1):
            weight = sum(load.tonnes for load in loads)
            text = f"{number(weight)} t"
            rows.append(
                (
                    cell(f"No. {place}"),
                    cell(_loads(edition, plan, loads)),
                    cell(in_table(plan, text, Decimal(str(weight)), "t")),
                )
            )
    return (
        Heading("Load lists"),
        Table(
            "load-lists",
            "What each vehicle carries",
            _LISTS,
            tuple(rows),
            ("Corridor fills one vehicle after the other.", plan_mark(plan)),
        ),
    )


def _row(edition: Edition, plan: Plan, convoy: Convoy) -> tuple[Cell, ...]:
    known = tuple(name for name in convoy.basis if name in edition.picture.reports)
    passage = PASSAGES[convoy.passage]
    given_by = f"\n{edition.who(convoy.granted_by)} gives passage" if convoy.granted_by else ""
    waits: Text = tuple(
        f"{chr(10) if turn else ''}{in_words(edition.picture, clause)}"
        for turn, clause in enumerate(convoy.missing)
    )
    arrives = (
        "" if convoy.arrives == convoy.day else f"\nthere on {words.short_date(convoy.arrives)}"
    )
    return (
        cell(f"{words.road_label(edition.picture, convoy.road, convoy.end)}{arrives}"),
        cell(
            in_table(plan, vehicles(convoy.vehicles), Decimal(str(convoy.vehicles)), "vehicles"),
            f"\n{convoy.fleet}",
        ),
        cell(_loads(edition, plan, convoy.loads)),
        cell(Value(passage, known, _PASSAGE_BASIS) if known else passage, given_by),
        cell(waits) if waits else cell("nothing is missing"),
    )


def _loads(edition: Edition, plan: Plan, loads: Iterable[Load]) -> Text:
    parts: list[str | Value] = []
    for load in loads:
        amount = f"{number(load.amount)} {load.unit}"
        figure = in_table(plan, amount, Decimal(str(load.amount)), load.unit)
        parts += ["\n" if parts else "", figure, f" {edition.picture.name(load.commodity)}"]
    return tuple(part for part in parts if part != "") or ("empty",)
