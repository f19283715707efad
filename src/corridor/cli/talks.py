"""Commands about talks: what is owed, a clause with its texts, the rounds, the calendar."""

from __future__ import annotations

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
)
from corridor.cli.writing import Format, write, write_brief

if TYPE_CHECKING:
    from corridor.briefs import Brief

_group = typer.Typer(
    name="talks",
    help="Talks: what is owed by whom, clauses with their texts, rounds, the calendar.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Form = Annotated[
    Format | None, typer.Option("--format", help="html, text or json; without one, tables.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="File to write; without one, standard output.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    _group.command("matrix")(matrix)
    _group.command("clause")(clause)
    _group.command("rounds")(rounds)
    _group.command("calendar")(calendar)
    app.add_typer(_group)


def matrix(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    form: Form = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Show what is owed: each clause by party, each commitment with what the registers hold of it."""
    here = opened(operation)
    view = pictured(here, at, known_at, clearance)
    made = here.matrix(view, edition=clearance.value)
    _put(made, "matrix", form, as_json, out)


def clause(
    code: Annotated[str, typer.Argument(help="Code of the clause.")],
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    form: Form = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Show one clause: its texts side by side, who is bound, what is said to have come of it."""
    here = opened(operation)
    view = pictured(here, at, known_at, clearance)
    made = here.clause(view, code, edition=clearance.value)
    _put(made, f"page of clause {code}", form, as_json, out)


def rounds(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    form: Form = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Show the rounds in order of time, and how each claimant counts them."""
    here = opened(operation)
    view = pictured(here, at, known_at, clearance)
    made = here.rounds(view, edition=clearance.value)
    _put(made, "timeline of rounds", form, as_json, out)


def calendar(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    out: Out = None,
) -> None:
    """Write rounds and deadlines as iCalendar, to be taken in again after each change. It is restricted."""
    here = opened(operation)
    view = pictured(here, at, known_at, clearance)
    text = here.calendar(view, edition=clearance.value)
    write(text, f"the calendar, {clearance.value},", out)


def _put(made: Brief, name: str, form: Format | None, as_json: bool, out: Path | None) -> None:
    if form or as_json or out:
        write_brief(made, name, form, as_json, out)
    else:
        from corridor.cli import show_brief

        show_brief.show(made, made.title)
