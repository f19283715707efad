"""Figures of a plan, each tied to the one note that says how the plan was reached."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import Value
from corridor.picture import Picture
from corridor.planning.plan import Plan
from corridor.values import say_number

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def by_plan(plan: Plan, text: str, value: Decimal | None = None, unit: str = "") -> Value:
    """Return a figure of a plan, with the plan behind it."""
    method = (
        f"computed by the plan {plan.digest[:16]} (engine '{plan.engine}'): least cost under the "
        "aims printed with it, people at the highest and stocks at the lowest of the claims unless "
        "a figure was adopted"
    )
    return Value(text, plan.basis, method, value, value, value, unit)


def in_table(plan: Plan, text: str, value: Decimal | None = None, unit: str = "") -> Value:
    """Return a figure of a plan for a table whose remark carries the mark of the plan."""
    return dataclasses.replace(by_plan(plan, text, value, unit), is_marked=False)


def plan_mark(plan: Plan) -> Value:
    """Return the mark of the plan alone."""
    return by_plan(plan, "")


def number(value: float) -> str:
    """Write a float of a plan for a reader."""
    rounded = words.rounded(Decimal(str(round(value, 6)))) or Decimal(0)
    return say_number(rounded)


def vehicles(value: float) -> str:
    """Write a number of vehicles; parts of vehicles are an outlook."""
    whole = abs(value - round(value)) < 1e-6
    return (
        words.counted(round(value), "vehicle", "vehicles") if whole else f"{number(value)} vehicles"
    )


def in_words(picture: Picture, text: str) -> str:
    """Return a sentence of a plan with names for codes and days in words."""
    return _DAY.sub(lambda match: day_words(match[0]), picture.say(text))


def day_words(day: str) -> str:
    """Write a day given as 2023-09-28 in words."""
    return words.date_words(date.fromisoformat(day))
