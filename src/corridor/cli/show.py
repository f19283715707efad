"""What the commands print: readable tables, claims with their claimants, findings by consequence."""

from __future__ import annotations

import json
import os
import shlex
import typing
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from corridor.claims import said_when
from corridor.errors import CorridorError
from corridor.field_values import nearest
from corridor.fields import specs
from corridor.intake import example
from corridor.intake.tables import column_help
from corridor.picture import Picture, RoadAnswer
from corridor.picture import road_answer as ask_road
from corridor.registers.access import Cargo, RoadView, User
from corridor.report import Report
from corridor.statements import KINDS
from corridor.values import Estimate, Finding, PlaceCode, RoadCode, say_bounds, say_number

_SIGNS = {"act": "!!", "ask": " ?", "note": "  "}
_MOST_FINDINGS = 12


def console() -> Console:
    """Return where tables go; on a pipe they are 100 columns wide unless COLUMNS says otherwise."""
    out = Console(highlight=False)
    return (
        out if out.is_terminal or "COLUMNS" in os.environ else Console(highlight=False, width=100)
    )


def picture(view: Picture) -> None:
    """Print a picture."""
    out = console()
    zone = view.settings.time_zone
    out.print(
        f"At {view.at.astimezone(zone):%d %B %Y %H:%M %Z}, by what was known at "
        f"{view.known_at.astimezone(zone):%d %B %Y %H:%M %Z}, clearance {view.clearance}. "
        f"{len(view.reports)} reports, digest {view.digest[:16]}."
    )
    for shown in (_stock_table(view), _people_table(view), _road_table(view)):
        out.print(shown if shown.row_count else f"{shown.title}: No report received.\n")
    _findings(out, "Findings", view.findings)
    _findings(out, "What we do not know", view.unknowns)


def asked(view: Picture, road: str, towards: str, user: str, cargo: str) -> RoadAnswer:
    """Read a road question and answer it; raises CorridorError naming everything that is not known."""
    roads = view.geography.roads
    wrong = []
    if road not in roads:
        wrong.append(f"no road is called '{road}'{nearest(road, roads)}")
    ends = (roads[RoadCode(road)].start, roads[RoadCode(road)].end) if road in roads else ()
    if ends and towards not in ends:
        wrong.append(f"--towards is one of {', '.join(ends)}")
    for option, value, known in (
        ("--user", user, typing.get_args(User)),
        ("--cargo", cargo, typing.get_args(Cargo)),
    ):
        if value not in known:
            wrong.append(f"{option} is one of {', '.join(known)}")
    if wrong:
        raise CorridorError("\n".join(wrong))
    return ask_road(
        view.access,
        RoadCode(road),
        PlaceCode(towards),
        typing.cast("User", user),
        typing.cast("Cargo", cargo),
        view.at,
    )


def road_answer(view: Picture, answer: RoadAnswer) -> None:
    """Print who said what about a road; the answer is not yes or no."""
    out = console()
    when = f"{answer.at.astimezone(view.settings.time_zone):%d %B %Y %H:%M %Z}"
    out.print(
        f"Road {view.name(answer.road)} towards {view.name(answer.towards)}, for {answer.user}, "
        f"cargo {answer.cargo}, at {when}. Corridor awards no answer; this is who says what."
    )
    _views(out, view, "Claims that held then", answer.holding)
    _views(out, view, "Claims that no longer held", answer.expired)
    _views(out, view, "Claims about other users, cargo or direction", answer.nearby)
    for denial in answer.denials:
        out.print(f"  {view.name(denial.claimant)} denies a claim above ({_said(view, denial)}).")


def kinds() -> None:
    """Print every kind of report with what it is for."""
    table = Table(box=box.SIMPLE, title="Kinds of report", title_justify="left")
    for column in ("kind", "register", "what it is for"):
        table.add_column(column)
    for kind_ in KINDS.values():
        table.add_row(kind_.name, kind_.register, _first_line(kind_.statement))
    console().print(table)


def kind(name: str) -> None:
    """Print one kind: what it is for, its fields, the columns of its table, and a whole example."""
    out = console()
    found = KINDS[name]
    out.print(Text(name, style="bold"))
    out.print(_doc(found.statement))
    table = Table(box=box.SIMPLE)
    for column in ("field", "needed", "what", "value"):
        table.add_column(column)
    for spec in specs(found.statement):
        bounds = (
            say_bounds(spec.least, None, spec.most)
            if spec.least is not None or spec.most is not None
            else ""
        )
        value = ", ".join(spec.choices) or spec.shape.replace("_", " ") + (
            f" of a {spec.reference}" if spec.reference else ""
        )
        units = ", ".join(spec.units) or spec.unit
        told = "; ".join(
            part
            for part in (value, units, bounds, f"e.g. {spec.example}" if spec.example else "")
            if part
        )
        table.add_row(spec.name, "yes" if spec.is_required else "", spec.help, told)
    out.print(table)
    out.print("Also: " + ", ".join(column for column, _ in column_help(name) if column in _AROUND))
    given = example(name)
    words = shlex.join(f"{field}={value}" for field, value in given.items())
    line = json.dumps({"kind": name, **given}, ensure_ascii=False)
    out.print(Text("\nA whole one, on the command line and as a line of JSON:", style="bold"))
    # Not wrapped, so that they can be copied.
    for shown in (f"corridor record {name} {words}", line):
        out.print(Text(shown), soft_wrap=True)


def known_kind(name: str) -> str:
    """Return a kind's name; CorridorError with the nearest names where there is none."""
    if name not in KINDS:
        raise CorridorError(
            f"no kind is called '{name}'{nearest(name, KINDS)} (see `corridor kinds`)"
        )
    return name


_AROUND = (
    "observed",
    "claimant",
    "publisher",
    "published",
    "url",
    "speech_act",
    "learned",
    "handling",
    "reliability",
    "credibility",
    "note",
    "key",
)


def _stock_table(view: Picture) -> Table:
    shown = table("Stocks, need and days of cover")
    for column, side in (
        ("place", "left"),
        ("goods", "left"),
        ("stock", "right"),
        ("need a day", "right"),
        ("days of cover", "right"),
        ("counted", "left"),
    ):
        shown.add_column(column, justify=typing.cast("Any", side))
    for line in view.stocks:
        shown.add_row(
            view.name(line.place),
            view.name(line.commodity),
            _short(line.stock, "No report received"),
            _short(line.need_per_day, ""),
            _short(line.days_of_cover, "unknown"),
            f"{line.counted_at.astimezone(view.settings.time_zone):%d %b}"
            if line.counted_at
            else "",
        )
    return shown


def _people_table(view: Picture) -> Table:
    shown = table("People, by who counts them")
    for column in ("place", "counted", "left since", "there now", "claims, latest of each"):
        shown.add_column(column)
    for line in view.people:
        claims = "; ".join(
            f"{view.name(claim.claimant)}: {claim.quantity}"
            for claim in view.claims_in_order(line.series.latest)
        )
        shown.add_row(
            view.name(line.place),
            _short(line.counted, "No report received"),
            _short(line.departed, "no total") if line.departed else "no total reported",
            _short(line.now, "unknown"),
            ("adopted figure; " if line.adopted else "") + claims,
        )
    return shown


def _road_table(view: Picture) -> Table:
    shown = table("Roads, as claimed; unknown is never open")
    for column in ("road", "towards", "for", "status", "holds until", "who says so"):
        shown.add_column(column)
    for line in view.roads:
        holding = [f"{view.name(v.claimant)}: {v.status}" for v in line.views if v.is_current]
        expired = len(line.views) - len(holding)
        who = "; ".join(holding + ([f"{expired} expired"] if expired else []))
        status = f"{line.status}, disputed" if line.is_disputed else line.status
        shown.add_row(
            view.name(line.road),
            view.name(line.towards),
            line.user if line.cargo == "all" else f"{line.user}, {line.cargo}",
            f"{status}, held" if line.holds else status,
            f"{line.valid_until.astimezone(view.settings.time_zone):%d %b %H:%M}"
            if line.valid_until
            else "",
            who or "No report received",
        )
    return shown


def _findings(out: Console, title: str, found: Sequence[Finding]) -> None:
    if not found:
        return
    out.print(Text(f"{title} ({len(found)})", style="bold"))
    for finding in found[:_MOST_FINDINGS]:
        out.print(f"{_SIGNS[finding.severity]} {finding.text}", soft_wrap=False)
        for label, value in finding.values:
            out.print(f"     {value} ({label})")
    if len(found) > _MOST_FINDINGS:
        out.print(
            f"   ... and {len(found) - _MOST_FINDINGS} more; `--json` and the brief hold all of them."
        )
    out.print()


def _views(out: Console, view: Picture, title: str, views: Iterable[RoadView]) -> None:
    out.print(Text(title, style="bold"))
    empty = True
    for one in views:
        empty = False
        said = one.report.statement
        way = f" towards {view.name(said.towards)}" if said.towards else ""
        text = f": {said.text}" if said.text else ""
        out.print(
            f"  {view.name(one.claimant)} says {one.status} for {one.user}, cargo {one.cargo}{way}{text}"
        )
        out.print(f"      {_said(view, one.report)}", soft_wrap=True)
    if empty:
        out.print("  No report received.")


def _said(view: Picture, report: Report[Any]) -> str:
    zone = view.settings.time_zone
    when = said_when(report, zone)
    where = report.publisher or "publisher not recorded"
    return f"{when}, {where}, {report.url or 'link not recorded'}"


def table(title: str) -> Table:
    """Return an empty table of the house's one form."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        expand=False,
    )


def _short(estimate: Estimate, unknown: str) -> str:
    if not estimate.is_known:
        return unknown

    def cut(value: Decimal | None) -> Decimal | None:
        return (
            None
            if value is None
            else (value.quantize(Decimal("0.1")) if value < 100 else value.quantize(Decimal(1)))
        )

    unit = estimate.unit.removesuffix(" a day")
    low, best, high = cut(estimate.low), cut(estimate.best), cut(estimate.high)
    if best is None and low is not None and high is not None and low != high:
        return f"{say_number(low)} to {say_number(high)} {unit}"
    return f"{say_bounds(low, best, high)} {unit}"


def _first_line(statement: type[Any]) -> str:
    return (statement.__doc__ or "").strip().partition("\n")[0]


def _doc(statement: type[Any]) -> str:
    lines = [line.strip() for line in (statement.__doc__ or "").strip().splitlines()]
    return "\n".join(lines)
