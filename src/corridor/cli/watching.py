"""The command that watches a ceasefire: what was watched, what happened, is it getting worse."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from corridor.operation import Operation
    from corridor.watch.measured import Watch


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("watch")(watch)


def watch(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    as_json: AsJson = False,
    radius_km: Annotated[
        float, typer.Option("--radius-km", help="Largest circle of a cluster.", min=0.1, max=1000)
    ] = 20.0,
    cluster_days: Annotated[
        int, typer.Option("--cluster-days", help="Longest window of a cluster.", min=1, max=365)
    ] = 28,
    near_km: Annotated[
        float, typer.Option("--near-km", help="What counts as close, for pairs.", min=0.1, max=1000)
    ] = 5.0,
    within_days: Annotated[
        int, typer.Option("--within-days", help="The same, in days.", min=1, max=365)
    ] = 7,
    even_effort: Annotated[
        bool,
        typer.Option(
            "--even-effort",
            help="Take every day as watched alike, whatever was said of coverage.",
        ),
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Of every draw.", min=0)] = 1,
    issue: Annotated[
        str,
        typer.Option(
            "--issue",
            metavar="CLAIMANT",
            help="Record today's forecasts by this claimant, to be scored when their days have passed.",
        ),
    ] = "",
) -> None:
    """Watch a ceasefire: coverage, incidents with their denials, rate, clusters, roads. It is restricted."""
    from corridor.watch.measured import Choices

    refuse_below_restricted(clearance)
    here = opened(operation)
    view = pictured(here, at, known_at, clearance)
    choices = Choices(
        radius_km=radius_km,
        cluster_days=cluster_days,
        near_km=near_km,
        within_days=within_days,
        even_effort=even_effort,
        seed=seed,
    )
    with waiting("counting incidents"):
        found = here.watch(view, choices)
    if as_json:
        from corridor.watch.document import document

        print_json(document(found))
    else:
        from corridor.cli import show_brief

        show_brief.show(here.ceasefire_brief(found, edition=clearance.value), "Watch")
    if issue:
        _issue(here, found, issue)


def _issue(here: Operation, found: Watch, claimant: str) -> None:
    done = here.issue(found, claimant=claimant)
    if done is None:
        typer.echo(
            "Forecasts of this day were issued before; the first are the ones that count.", err=True
        )
    else:
        typer.echo(
            f"Issued {done.accepted} forecasts; they are scored when their days have passed.",
            err=True,
        )


def refuse_below_restricted(clearance: Level, option: str = "--clearance") -> None:
    """Refuse to show posts, hours and places of those who watch to whom they may not be shown."""
    if clearance in (Level.public, Level.partners):
        raise typer.BadParameter(
            f"The watch is restricted: posts, hours and places of those who watch would show where "
            f"nobody does; it cannot be made for {clearance.value}.",
            param_hint=option,
        )
