"""Commands about sites: what is short, what counts leave open, and who can live where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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

_group = typer.Typer(
    name="shelter",
    help="Sites: what they have for how many people, and who can live where.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    _group.command("gaps")(gaps)
    _group.command("questions")(questions)
    _group.command("allocate")(allocate)
    app.add_typer(_group)


def gaps(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    as_json: AsJson = False,
) -> None:
    """Show what each site has of each service, of what is asked for the people in it."""
    from corridor.cli import show_shelter
    from corridor.picture.sites import sites_of

    view = pictured(opened(operation), at, known_at, clearance)
    found = sites_of(view)
    if as_json:
        print_json(show_shelter.gaps_document(view, found))
    else:
        show_shelter.gaps(view, found)


def questions(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    as_json: AsJson = False,
) -> None:
    """Show what counts of people and reports on sites leave open, and tickets that wait too long.

    Questions for the protection focal point are shown from restricted on.
    """
    from corridor.cli import show_shelter
    from corridor.shelter import COUNT_CODES, SITE_CODES

    view = pictured(opened(operation), at, known_at, clearance)
    found = [finding for finding in view.findings if finding.code in SITE_CODES | COUNT_CODES]
    if as_json:
        print_json(show_shelter.questions_document(view, found))
    else:
        show_shelter.questions(found)


def allocate(
    families: Annotated[
        Path,
        typer.Argument(
            help="Table (CSV or spreadsheet) of families under pseudonyms: family, people, needs_step_free, "
            "is_unaccompanied_child, unit."
        ),
    ],
    place: Annotated[str, typer.Option("--place", help="The site.")],
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    floor_m2: Annotated[
        float | None,
        typer.Option(
            "--floor-m2",
            help="Floor for each person; else the figure in force.",
            min=0.5,
            max=100,
            show_default=False,
        ),
    ] = None,
    moves_for_a_place: Annotated[
        float,
        typer.Option(
            "--moves-for-a-place",
            help="People who may be asked to move so that one more gets a place.",
            min=0,
            max=100,
        ),
    ] = 5.0,
    uncounted_is_empty: Annotated[
        bool,
        typer.Option("--uncounted-is-empty", help="Take a unit that nobody counted for empty."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say which family can live in which unit: together, access needs first, by floor area. Restricted.

    Unaccompanied children are never placed: people decide. Nobody who has a place loses it.
    """
    from corridor.cli import show_shelter
    from corridor.errors import CorridorError, PlanningError
    from corridor.intake.families import read_families
    from corridor.planning.allocation import Rules
    from corridor.planning.allocation import allocate as place_families
    from corridor.planning.check_allocation import breaches
    from corridor.planning.shelter_units import site
    from corridor.report import clears
    from corridor.shelter import rooms
    from corridor.values import PlaceCode

    if not clears(clearance.value, "restricted"):
        raise CorridorError("an allocation is restricted; ask with --clearance restricted")
    view = pictured(opened(operation), at, known_at, clearance)
    lines = rooms(view.shelter, PlaceCode(place))
    if not lines:
        raise CorridorError(
            f"no shelter unit of '{place}' is recorded (see `corridor kinds shelter_unit`)"
        )
    given = site(lines, read_families(families), uncounted_is_empty=uncounted_is_empty)
    figure = view.settings.shelter_figures["covered_floor"]
    rules = Rules(floor_m2 or float(figure.value), moves_for_a_place)
    with waiting("placing families"):
        made = place_families(given.families, given.units, rules)
    wrong = breaches(made, given.families, given.units, rules)
    if wrong:
        raise PlanningError("\n".join(f"the allocation breaks a rule: {text}" for text in wrong))
    source = "as asked" if floor_m2 else f"{figure.words}; {figure.citation}"
    if as_json:
        print_json(show_shelter.allocation_document(made, rules, given.left_out))
    else:
        show_shelter.allocation(made, given.families, rules, given.left_out)
        show_shelter.allocation_rules(made, rules, source)
