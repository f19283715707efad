"""Commands that read: picture, brief, and the reference of kinds."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli.options import (
    HERE,
    AsJson,
    At,
    Clearance,
    Folder,
    KnownAt,
    Level,
    opened,
    pictured,
    print_json,
    waiting,
)
from corridor.cli.writing import Format, form_of, write_brief

if TYPE_CHECKING:
    from corridor.briefs import Brief
    from corridor.operation import Operation
    from corridor.picture import Picture


class BriefKind(StrEnum):
    """Briefs there are."""

    situation = "situation"
    ceasefire = "ceasefire"
    round = "round"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("picture")(picture)
    app.command("brief")(brief)
    app.command("release")(release)
    app.command("kinds")(kinds)
    app.command("template")(template)


def picture(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    as_json: AsJson = False,
    road: Annotated[str, typer.Option("--road", help="Ask about one road instead.")] = "",
    towards: Annotated[
        str, typer.Option("--towards", help="With --road: the end towards which.")
    ] = "",
    user: Annotated[
        str, typer.Option("--user", help="With --road: civilians, patients, humanitarian ...")
    ] = "humanitarian",
    cargo: Annotated[
        str, typer.Option("--cargo", help="With --road: food, fuel, medical, passengers, all.")
    ] = "all",
) -> None:
    """Show what the claims add up to: stocks, people, roads, findings, what is not known."""
    from corridor.cli import show
    from corridor.picture.document import document, road_document

    view = pictured(opened(operation), at, known_at, clearance)
    if road:
        answer = show.asked(view, road, towards, user, cargo)
        print_json(road_document(answer)) if as_json else show.road_answer(view, answer)
    elif as_json:
        print_json(document(view))
    else:
        show.picture(view)


def brief(
    kind: Annotated[BriefKind, typer.Argument(help="Which brief.")] = BriefKind.situation,
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    edition: Annotated[
        Level,
        typer.Option("--edition", "--clearance", help="Who it is for; nothing above enters it."),
    ] = Level.restricted,
    form: Annotated[Format | None, typer.Option("--format", help="html, text or json.")] = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; without one, standard output.")
    ] = None,
    with_plan: Annotated[
        bool, typer.Option("--plan/--no-plan", help="With the plan for the coming days.")
    ] = True,
) -> None:
    """Write the situation brief, the ceasefire brief or the round brief: every number with its source."""
    here = opened(operation)
    view = pictured(here, at, known_at, edition)
    if kind is BriefKind.ceasefire:
        made = _ceasefire(here, view, edition)
    elif kind is BriefKind.round:
        made = here.round_brief(view, edition=edition.value)
    else:
        made = _situation(here, view, edition, with_plan)
    write_brief(made, f"{kind.value} brief", form, as_json, out)


def release(
    out: Annotated[Path, typer.Argument(help="File to write: .html, .txt or .json.")],
    by: Annotated[str, typer.Option("--by", help="Role of the person who releases it.")],
    agreed_by: Annotated[
        str, typer.Option("--agreed-by", help="Role of the second person, who read it too.")
    ],
    operation: Folder = HERE,
    at: At = "",
) -> None:
    """Release the public situation brief: write it, and keep what it shows of counts of people.

    Every public brief after it is checked against all releases, so that nobody works out a small count
    from several of them.
    """
    # What was released stays so: first see that it can be written.
    form = form_of(out)
    here = opened(operation)
    view = pictured(here, at, "", Level.public)
    done = here.release(view, released_by=by, agreed_by=agreed_by)
    write_brief(done.brief, "situation brief", form, False, out)
    typer.echo(
        f"Released: {out}, agreed by {agreed_by}. Public briefs after it are checked against it."
    )
    if done.given_away:
        number = len(done.given_away)
        typer.echo(
            f"Releases before this one give away {number} small {'count' if number == 1 else 'counts'} "
            f"already: {', '.join(done.given_away)}. Tell the information officer.",
            err=True,
        )


def kinds(
    kind: Annotated[
        str, typer.Argument(help="Show one kind: fields, units, bounds, example.")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the JSON Schema of the kind.")
    ] = False,
) -> None:
    """List the kinds of report, or show one."""
    from corridor.cli import show
    from corridor.wire import json_schema

    found = show.known_kind(kind) if kind else ""
    if as_json and found:
        print_json(json_schema(found))
    elif as_json:
        from corridor.statements import KINDS

        print_json({name: json_schema(name) for name in KINDS})
    elif found:
        show.kind(found)
    else:
        show.kinds()


def template(kind: Annotated[str, typer.Argument(help="Kind to record.")]) -> None:
    """Print the header of a table for a kind, to fill in and import."""
    from corridor.cli import show
    from corridor.intake import template as header

    typer.echo(header(show.known_kind(kind)), nl=False)


def _situation(here: Operation, view: Picture, edition: Level, with_plan: bool) -> Brief:
    from corridor.planning import Aims

    may_hold_plan = edition in (Level.restricted, Level.sealed)
    with waiting("planning"):
        plan = here.plan(view, Aims()) if with_plan and may_hold_plan else None
    return here.brief(view, plan, edition=edition.value)


def _ceasefire(here: Operation, view: Picture, edition: Level) -> Brief:
    from corridor.watch.measured import Choices

    with waiting("counting incidents"):
        found = here.watch(view, Choices())
    return here.ceasefire_brief(found, edition=edition.value)
