"""Briefs for the tests: small stories, and the invented operation in every edition and format."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from typing import Any

from corridor.briefs import render, situation
from corridor.briefs.brief import Brief, Sentence, Table, Value, values_of
from corridor.picture import picture
from corridor.planning import Aims, Rolling, train
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan
from corridor.report import Handling
from stories import Story, at, day, two_valleys

NOON = day(13, 12)


@cache
def invented(edition: Handling, moment: datetime = NOON, *, with_plan: bool = False) -> Brief:
    """Return a brief of the invented operation."""
    view = picture(two_valleys(), at=moment, known_at=moment, clearance=edition)
    made = plan(train(problem(view, Aims(horizon_days=5)), Rolling())) if with_plan else None
    return situation(view, made, edition=edition, operation="Two Valleys")


@cache
def written(edition: Handling, form: str, *, with_plan: bool = False) -> str:
    """Return a brief of the invented operation in a format."""
    return render(invented(edition, with_plan=with_plan), form)


def story() -> Story:
    """Return a ledger with two claimants in a declared order, places, a road and goods."""
    told = Story()
    told.say("party", claimant="operation", party="bravo", name="Bravo Council")
    told.say("party", claimant="operation", party="alpha", name="Alpha Council")
    told.say("setting", claimant="operation", name="order_of_names", value="bravo,alpha")
    return told.land()


def brief_of(told: Story, edition: Handling = "restricted", moment: datetime = NOON) -> Brief:
    """Return the brief of a story."""
    return situation(told.picture(moment, clearance=edition), None, edition=edition)


def text_of(told: Story, edition: Handling = "restricted", moment: datetime = NOON) -> str:
    """Return the brief of a story as text with every run of spaces as one."""
    return " ".join(render(brief_of(told, edition, moment), "text").split())


def tables(brief: Brief) -> dict[str, Table]:
    """Return the tables of a brief by key."""
    found: dict[str, Table] = {}
    for section in brief.sections:
        for block in section.blocks:
            table = getattr(block, "table", block)
            if isinstance(table, Table):
                found[table.key] = table
    return found


def sentences(brief: Brief) -> list[Sentence]:
    """Return every sentence of a brief."""
    return [b for s in brief.sections for b in s.blocks if isinstance(b, Sentence)]


def values(brief: Brief) -> list[Value]:
    """Return every cited value of a brief."""
    return [v for s in brief.sections for b in s.blocks for v in values_of(b)]


def plain(parts: tuple[str | Value, ...]) -> str:
    """Return parts as text."""
    return "".join(part.text if isinstance(part, Value) else part for part in parts)


def rows(table: Table) -> list[str]:
    """Return each row of a table as one text."""
    return [" | ".join(plain(cell.parts) for cell in row) for row in table.rows]


class Page(HTMLParser):
    """Reads a page: its tags with attributes, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def drawings(html: str) -> list[str]:
    """Return the SVG texts of a page."""
    return re.findall(r"<svg.*?</svg>", html, re.S)


__all__ = [
    "NOON",
    "Any",
    "Page",
    "at",
    "brief_of",
    "day",
    "drawings",
    "invented",
    "plain",
    "rows",
    "sentences",
    "story",
    "tables",
    "text_of",
    "values",
    "written",
]
