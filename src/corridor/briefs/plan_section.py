"""The plan for the coming days: what it comes to, what it leaves unmet and why, and its aims."""

from __future__ import annotations

import math
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.ahead_section import expected, roads_ahead, stocks_ahead, triggers
from corridor.briefs.aims_table import aims_table
from corridor.briefs.brief import (
    Block,
    Cell,
    Column,
    Drawing,
    Heading,
    Sentence,
    Table,
    Text,
    Value,
    cell,
)
from corridor.briefs.citing import CORRIDOR, numbers_as
from corridor.briefs.convoy_tables import convoy_drawing, load_lists
from corridor.briefs.editions import Edition
from corridor.briefs.figures import projection
from corridor.briefs.planned import by_plan, day_words, in_table, in_words, number, plan_mark
from corridor.planning.plan import Plan, StockPath, Unmet

_UNMET = (
    Column("Place"),
    Column("Goods"),
    Column("Person-days without", is_number=True),
    Column("Amount short", is_number=True),
    Column("First day short"),
    Column("Most lacking on one evening", is_number=True),
    Column("Why"),
)
_STOCKS = (Column("Goods"), Column("Today", is_number=True), Column("Each evening, by the plan"))


def plan_highlights(edition: Edition, plan: Plan | None) -> tuple[Sentence, ...]:
    """Return the plan in one or two sentences; nothing where there is none."""
    if plan is None:
        return ()
    firm = [convoy for convoy in plan.convoys if not convoy.is_indicative]
    waiting = [convoy for convoy in firm if convoy.missing]
    sent = by_plan(
        plan, words.counted(len(firm), "convoy", "convoys"), Decimal(len(firm)), "convoys"
    )
    vehicles = sum(round(convoy.vehicles) for convoy in firm)
    load = by_plan(
        plan,
        words.counted(vehicles, "vehicle load", "vehicle loads"),
        Decimal(vehicles),
        "vehicle loads",
    )
    parts: list[str | Value] = [
        "plans ",
        sent,
        f" by {day_words(_last_firm(plan))}, ",
        load,
        " in all",
    ]
    if waiting:
        missing = by_plan(
            plan, words.counted(len(waiting), "convoy", "convoys"), Decimal(len(waiting)), "convoys"
        )
        parts += ["; something is still missing for ", missing]
    made = [Sentence(CORRIDOR, (*parts, "."), "ask" if waiting else "")]
    for short in plan.unmet[:1]:
        made.append(_short(edition, plan, short))
    return tuple(made)


def plan_section(edition: Edition, plan: Plan | None) -> tuple[Block, ...]:
    """Return the plan; nothing in an edition that holds no plan."""
    if not edition.is_whole:
        return ()
    if plan is None:
        return (Sentence(CORRIDOR, ("holds no plan for the coming days.",)),)
    return (
        *_summary(edition, plan),
        *roads_ahead(edition, plan),
        *convoy_drawing(edition, plan),
        *triggers(edition, plan),
        *load_lists(edition, plan),
        *_unmet(edition, plan),
        *(stocks_ahead(edition, plan, plan.outlook) if plan.outlook else _stocks(edition, plan)),
        Heading("Aims and limits of the plan"),
        *(
            Sentence(CORRIDOR, ("states of this plan: ", *_note(edition, plan, note)))
            for note in plan.notes
        ),
        aims_table(plan),
    )


def _note(edition: Edition, plan: Plan, note: str) -> Text:
    return (*numbers_as(in_words(edition.picture, note), in_table(plan, "")), plan_mark(plan))


def _last_firm(plan: Plan) -> str:
    return plan.days[min(plan.aims.whole_vehicle_days, len(plan.days)) - 1].isoformat()


def _summary(edition: Edition, plan: Plan) -> tuple[Sentence, ...]:
    first, last = day_words(plan.days[0].isoformat()), day_words(plan.days[-1].isoformat())
    made = []
    if plan.problem_digest != edition.picture.digest:
        parts = (
            "made this plan from other reports than this brief rests on; make it anew before use.",
        )
        made.append(Sentence(CORRIDOR, parts, "act"))
    length = by_plan(
        plan, words.counted(plan.horizon_days, "day", "days"), Decimal(plan.horizon_days), "days"
    )
    meets = (
        "No need is known that it could meet."
        if not plan.fill_rates
        else "It meets every need on its day."
        if plan.status == "met" and plan.outlook is None
        else "If the roads stay as is likeliest it meets every need on its day."
        if plan.status == "met"
        else "It leaves some needs unmet, listed below with the cause."
    )
    made.append(
        Sentence(
            CORRIDOR,
            (
                "plans ",
                length,
                f", {first} to {last}. {meets} A plan is advice until a named person approves it.",
            ),
        )
    )
    made += expected(edition, plan, plan.outlook) if plan.outlook else _gap(plan)
    for commodity, days in plan.person_days_without:
        if round(days) > 0:
            goods = edition.picture.name(commodity)
            without = by_plan(
                plan, f"{round(days):,} person-days", Decimal(str(days)), "person-days"
            )
            made.append(
                Sentence(CORRIDOR, ("counts ", without, f" without {goods} {_under(plan)}."))
            )
    if plan.worst_place is not None and plan.worst_place.days_without > 0:
        mean = by_plan(
            plan,
            f"{number(plan.worst_place.days_without)} days",
            Decimal(str(plan.worst_place.days_without)),
            "days",
        )
        place = edition.picture.name(plan.worst_place.place)
        made.append(
            Sentence(
                CORRIDOR,
                (f"finds that people at {place} go without for longest: ", mean, " on average."),
            )
        )
    return tuple(made)


def _gap(plan: Plan) -> tuple[Sentence, ...]:
    share = f"{max(1, math.ceil(plan.gap * 1000 - 1e-9)) / 10:.1f}%"
    better = by_plan(plan, share, Decimal(str(plan.gap)), "share")
    says = ("shows that no plan is better by more than ", better, " of what can be changed.")
    return (Sentence(CORRIDOR, says),)


def _under(plan: Plan) -> str:
    return "if the roads stay as is likeliest" if plan.outlook else "under this plan"


def _short(edition: Edition, plan: Plan, short: Unmet) -> Sentence:
    goods, place = edition.picture.name(short.commodity), edition.picture.name(short.place)
    days = by_plan(
        plan,
        f"{round(short.person_days):,} person-days",
        Decimal(str(short.person_days)),
        "person-days",
    )
    first = day_words(short.first_day.isoformat())
    return Sentence(
        CORRIDOR,
        (
            "leaves ",
            days,
            f" without {goods} at {place} under its plan, from {first} on: {short.cause}.",
        ),
        "act",
    )


def _unmet(edition: Edition, plan: Plan) -> tuple[Block, ...]:
    if not plan.unmet:
        return ()
    rows = tuple(_unmet_row(edition, plan, short) for short in plan.unmet)
    remark = (
        "Corridor names the cause that stood in the way on most of those days.",
        plan_mark(plan),
    )
    return (
        Heading("What stays unmet"),
        Table("unmet", "Needs the plan does not meet on their day", _UNMET, rows, remark),
    )


def _unmet_row(edition: Edition, plan: Plan, short: Unmet) -> tuple[Cell, ...]:
    backlog = f"{number(short.worst_day_backlog_days)} days of need"
    why = "; ".join((short.cause, *(in_words(edition.picture, text) for text in short.because)))
    return (
        cell(edition.picture.name(short.place)),
        cell(edition.picture.name(short.commodity)),
        cell(
            in_table(
                plan,
                f"{round(short.person_days):,}",
                Decimal(str(short.person_days)),
                "person-days",
            )
        ),
        cell(
            in_table(
                plan, f"{number(short.amount)} {short.unit}", Decimal(str(short.amount)), short.unit
            )
        ),
        cell(day_words(short.first_day.isoformat())),
        cell(in_table(plan, backlog, Decimal(str(short.worst_day_backlog_days)), "days")),
        cell(why),
    )


def _stocks(edition: Edition, plan: Plan) -> tuple[Block, ...]:
    if not plan.stocks:
        return ()
    rows: list[tuple[Cell, ...]] = []
    panels = []
    place = ""
    for path in plan.stocks:
        if path.place != place:
            place = path.place
            rows.append((cell(edition.picture.name(place)),))
        today = _today(edition, path)
        days = [words.short_date(day) for day in plan.days]
        series = "; ".join(
            f"{day} {number(value)}" for day, value in zip(days, path.stock, strict=True)
        )
        first = f"{number(float(today))} {path.unit}" if today is not None else words.NO_REPORT
        rows.append(
            (
                cell(edition.picture.name(path.commodity)),
                cell(in_table(plan, first, today, path.unit) if today is not None else first),
                cell(in_table(plan, series, None, path.unit)),
            )
        )
        title = f"{edition.picture.name(path.place)}: {edition.picture.name(path.commodity)}"
        panels.append(
            projection.draw(
                title, path.unit, plan.days, path.stock, None if today is None else float(today)
            )
        )
    drawing = Drawing(
        "projection",
        "Stocks as the plan projects them",
        "One panel for each place and goods: the stock today, then each evening.",
        tuple(panels),
        Table(
            "projected",
            "Projected stock each evening",
            _STOCKS,
            tuple(rows),
            ("Today is the stock planning starts from.", plan_mark(plan)),
        ),
        is_wide=False,
    )
    return (Heading("Projected stocks"), drawing)


def _today(edition: Edition, path: StockPath) -> Decimal | None:
    """Return the stock planning starts from, where the picture has one in the same unit."""
    for line in edition.picture.stocks:
        if (line.place, line.commodity, line.unit) == (path.place, path.commodity, path.unit):
            return line.cautious
    return None
