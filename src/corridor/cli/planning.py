"""Commands that plan: plan, simulate, compare, explain. All of them are restricted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from corridor.cli.options import (
    HERE,
    AsJson,
    At,
    Clearance,
    Folder,
    KnownAt,
    Level,
    counting,
    moment,
    opened,
    pictured,
    print_json,
    waiting,
)

if TYPE_CHECKING:
    from corridor.operation import Operation
    from corridor.picture import Picture
    from corridor.planning import Aims, Policy
    from corridor.planning.multistage import Progress

Days = Annotated[int, typer.Option("--days", help="Days to plan.", min=1, max=60)]
Iterations = Annotated[
    int,
    typer.Option("--iterations", help="Passes of training; more find better plans.", min=1),
]
Futures = Annotated[
    int, typer.Option("--futures", help="Futures of the roads to try.", min=2, max=100_000)
]
Seed = Annotated[int, typer.Option("--seed", help="Of the futures drawn.", min=0)]
# As `corridor.registers.general.EngineName`, which takes too long to import for a help text.
Name = Literal["multistage", "tree", "fan", "share", "expected", "persists", "push", "push_urgent"]
Planner = Annotated[
    Name | None,
    typer.Option(
        "--engine",
        help="How to plan; by default as the operation's setting `engine` says, else multistage.",
    ),
]
ITERATIONS = 60


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("plan")(plan)
    app.command("simulate")(simulate)
    app.command("compare")(compare)
    app.command("explain")(explain)


def plan(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    as_json: AsJson = False,
    days: Days = 14,
    engine: Planner = None,
    iterations: Iterations = ITERATIONS,
    sheets: Annotated[
        bool, typer.Option("--sheets", help="Also print the go / no-go sheet of each convoy.")
    ] = False,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            help="Say what changed since this day or time; by default since the last approved plan, else a day.",
        ),
    ] = "",
    from_last: Annotated[
        bool,
        typer.Option(
            "--from-last", help="Start from what the last plan learnt: a twentieth of the training."
        ),
    ] = False,
) -> None:
    """Plan the convoys of the next days over roads that may close, and say what changed and why."""
    from corridor.cli import show_plan
    from corridor.planning import plan_document
    from corridor.planning.document import if_so_document, since_document

    here, view, aims, policy = _trained(
        (operation, at, known_at, clearance), days, iterations, engine, from_last=from_last
    )
    moment_then = moment(since, view.settings.time_zone, "--since")
    with waiting("planning"):
        made = here.plan(view, aims, policy)
        alleged = here.what_if(view, policy)
        changed = here.since(view, policy, made, moment_then)
    if as_json:
        beside = {
            "since": changed and since_document(changed),
            "if_alleged_were_so": if_so_document(alleged),
        }
        print_json(plan_document(made) | beside)
    else:
        show_plan.plan(view, made, alleged, changed)
        if sheets:
            show_plan.sheets(view, here.sheets(view, aims, made))


def simulate(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    as_json: AsJson = False,
    days: Days = 14,
    engine: Planner = None,
    iterations: Iterations = ITERATIONS,
    futures: Futures = 1000,
    seed: Seed = 2,
    replay: Annotated[
        bool,
        typer.Option("--replay", help="Follow the plan through the roads as reported since."),
    ] = False,
) -> None:
    """Follow the plan's policy through many futures of the roads, or through what was reported since."""
    from corridor.cli import show_explored
    from corridor.planning.outlook import outlook, replayed

    here, view, aims, policy = _trained(
        (operation, at, known_at, clearance), days, iterations, engine
    )
    with waiting("following the policy"):
        seen = (
            replayed(policy, here.roads_since(view, aims))
            if replay
            else outlook(policy, futures=futures, seed=seed)
        )
    if seen is None:
        typer.echo("No road and vehicle serve this operation: there is nothing to simulate.")
    elif as_json:
        from corridor.planning.document import outlook_document

        print_json(outlook_document(seen))
    else:
        show_explored.outlook(view, seen, policy.problem.days)


def compare(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    as_json: AsJson = False,
    days: Days = 14,
    iterations: Iterations = ITERATIONS,
    futures: Futures = 200,
    seed: Seed = 11,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also draw the comparison into this SVG file.")
    ] = None,
) -> None:
    """Compare what a planner could do instead: rules, rolling plans, the policy, on the same futures."""
    from corridor.cli import show_explored
    from corridor.planning.comparing import compare as run

    _, view, _, policy = _trained(
        (operation, at, known_at, clearance), days, iterations, "multistage"
    )
    if policy.trained is None:
        typer.echo("No road and vehicle serve this operation: there is nothing to compare.")
        return
    with counting("comparing", total=None) as tick:
        done = 0

        def report(_world: str, _engine: str) -> None:
            nonlocal done
            done += 1
            tick(done)

        found = run(policy, futures=futures, seed=seed, report=report)
    if as_json:
        from corridor.planning.document import comparison_document

        print_json(comparison_document(found, policy.problem))
    else:
        show_explored.comparison(view, found, policy.problem)
    if out is not None:
        from corridor.briefs.figures.comparison import comparison as drawn

        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(drawn(found), encoding="utf-8")
        typer.echo(f"Drew the comparison into {out}.")


def explain(
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
    as_json: AsJson = False,
    days: Days = 14,
    engine: Planner = None,
    iterations: Iterations = ITERATIONS,
) -> None:
    """Say why places are short, what would change it, what one more is worth by day, and whose word moves the plan."""
    from corridor.cli import show_explored
    from corridor.planning.changes import changes
    from corridor.planning.worth import worths

    here, view, aims, policy = _trained(
        (operation, at, known_at, clearance), days, iterations, engine
    )
    with waiting("planning"):
        made = here.plan(view, aims, policy)
    with waiting("asking what would change it"):
        spared = changes(policy)
        worth = worths(policy)
        moved = here.reliances(view, policy, made)
    if as_json:
        from corridor.planning.document import explanation

        print_json(explanation(made, spared, moved, worth))
    else:
        show_explored.explanation(view, made, spared, moved, worth)


def _trained(
    asked: tuple[Path, str, str, Level],
    days: int,
    iterations: int,
    name: Name | None,
    *,
    from_last: bool = False,
) -> tuple[Operation, Picture, Aims, Policy]:
    """Open the operation, take its picture and train the policy, with a bar on a terminal."""
    from corridor.planning import Aims, Multistage
    from corridor.planning.relief.named import engine_named

    operation, at, known_at, clearance = asked
    _refuse_below_restricted(clearance, "A plan")
    here = opened(operation)
    view = pictured(here, at, known_at, clearance)
    aims = Aims(horizon_days=days)
    with counting("learning from futures", total=iterations) as done:

        def report(at: Progress) -> None:
            done(at.iteration)

        learning = Multistage(iterations=iterations, report=report, starts_from_kept=from_last)
        engine = engine_named(name or view.settings.engine, aims, learning)
        return here, view, aims, here.policy(view, aims, engine)


def _refuse_below_restricted(clearance: Level, what: str) -> None:
    if clearance in (Level.public, Level.partners):
        raise typer.BadParameter(
            f"{what} is restricted; it cannot be made for {clearance.value}.",
            param_hint="--clearance",
        )
