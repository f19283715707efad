"""Commands that write to the ledger or look after it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli.options import (
    HERE,
    At,
    Channel,
    Clearance,
    Folder,
    KnownAt,
    Level,
    RecordedBy,
    counting,
    moment,
    opened,
    waiting,
)
from corridor.errors import listed

if TYPE_CHECKING:
    from corridor.ledger import Merged
    from corridor.operation import Operation, Recorded
    from corridor.report import Handling


class Decimal(StrEnum):
    """The sign before decimals."""

    point = "point"
    comma = "comma"


class What(StrEnum):
    """What can be exported."""

    events = "events"


class Events(StrEnum):
    """Publishers of tables of events."""

    ged = "ged"
    acled = "acled"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("init")(init)
    app.command("record")(record)
    app.command("import")(import_)
    app.command("export")(export)
    app.command("load")(load)
    app.command("dump")(dump)
    app.command("merge")(merge)
    app.command("verify")(verify)
    app.command("doctor")(doctor)


def init(
    folder: Annotated[Path | None, typer.Argument(help="Folder to make the operation in.")] = None,
    operation: Folder = HERE,
    name: Annotated[str, typer.Option("--name", help="Name shown on every page.")] = "",
) -> None:
    """Make a new operation in a folder; it becomes a copy of another with the first dump loaded into it."""
    from corridor.operation import Operation

    place = (folder or operation).resolve()
    made = Operation.init(folder or operation, name or place.name)
    typer.echo(f"Made the operation '{made.name}' in {folder or operation}.")
    typer.echo(
        f"Next: corridor record setting name=time_zone value=Europe/Paris claimant=operation -o {folder or operation}"
    )


def record(
    kind: Annotated[str, typer.Argument(help="Kind of report (see `corridor kinds`).")],
    fields: Annotated[list[str], typer.Argument(help="field=value, as many as needed.")],
    operation: Folder = HERE,
    clearance: Clearance = Level.restricted,
    channel: Channel = "",
    recorded_by: RecordedBy = "operator",
) -> None:
    """Record one report: corridor record headcount place=camp quantity='up to 700 people' claimant=ministry."""
    from corridor.intake import Row

    raw: dict[str, str] = {}
    for given in fields:
        name, equals, value = given.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"'{given}' is not field=value", param_hint="FIELDS")
        if name in raw:
            raise typer.BadParameter(f"{name} is given twice", param_hint="FIELDS")
        raw[name] = value
    done = opened(operation).record(
        [Row("", {**raw, "kind": kind})],
        channel=channel,
        recorded_by=recorded_by,
        clearance=clearance.value,
    )
    report = done.reports[0]
    if done.accepted:
        typer.echo(f"Accepted: {kind} {report.id} ({report.handling})")
    else:
        typer.echo(
            f"Recorded already: {kind} {report.id}. If this is another one, give it a key of its own (key=...)."
        )


def import_(
    file: Annotated[Path, typer.Argument(help="CSV, JSON Lines, XLSX, XLS or ODS.")],
    kind: Annotated[
        str, typer.Option("--kind", "-k", help="Kind of every row; incident with --format.")
    ] = "",
    operation: Folder = HERE,
    form: Annotated[
        Events | None,
        typer.Option("--format", help="Your own download of a publisher's table of events."),
    ] = None,
    as_given: Annotated[
        bool,
        typer.Option(
            "--as-given",
            help="With --format: record a row whose figures contradict each other without them.",
        ),
    ] = False,
    decimal: Annotated[
        Decimal, typer.Option("--decimal", help="Sign before decimals in the table.")
    ] = Decimal.point,
    keep_good: Annotated[
        bool,
        typer.Option(
            "--keep-good",
            help="Record the good rows; write the refused ones, with their reasons, to a file beside.",
        ),
    ] = False,
    clearance: Clearance = Level.restricted,
    channel: Channel = "",
    recorded_by: RecordedBy = "operator",
) -> None:
    """Import a table: all of its rows, or none and every reason."""
    if form is None and not kind:
        raise typer.BadParameter("name the kind of the rows", param_hint="--kind")
    if form is not None and kind not in ("", "incident"):
        raise typer.BadParameter(
            f"a table of events holds incidents, not '{kind}'", param_hint="--kind"
        )
    opened_operation = opened(operation)
    with counting(f"reading {file.name}") as progress:
        done = opened_operation.import_file(
            file,
            kind=kind,
            decimals=decimal.value,
            keep_good=keep_good,
            channel=channel,
            recorded_by=recorded_by,
            clearance=clearance.value,
            progress=progress,
            events=None if form is None else form.value,
            as_given=as_given,
        )
    _say_recorded(done)
    if done.refused is not None:
        rows = "1 row" if done.refused.rows == 1 else f"{done.refused.rows} rows"
        if done.refused.file is None:
            todo = "none of it is written out; mend the table itself"
        else:
            todo = f"mend and import {done.refused.file}, then delete it, for it is not encrypted"
        typer.echo(f"Refused {rows}; {todo}:", err=True)
        for line in listed(done.refused.problems).splitlines():
            typer.echo(f"  {line}", err=True)
        raise typer.Exit(1)


def export(
    form: Annotated[
        Events, typer.Option("--format", help="Whose columns: ged (UCDP GED) or acled.")
    ],
    what: Annotated[What, typer.Argument(help="What to export.")] = What.events,
    file: Annotated[
        Path | None, typer.Argument(help="File to write; without one, standard output.")
    ] = None,
    operation: Folder = HERE,
    at: At = "",
    known_at: KnownAt = "",
    clearance: Clearance = Level.restricted,
) -> None:
    """Write incidents as a table in the columns of a publisher of events: a row for each incident."""
    opened_operation = opened(operation)
    zone = opened_operation.settings(clearance.value).time_zone
    with waiting("writing"):
        table = opened_operation.export_events(
            form.value,
            at=moment(at, zone, "--at"),
            known_at=moment(known_at, zone, "--known-at"),
            clearance=clearance.value,
        )
    if file is None:
        typer.echo(table, nl=False)
        return
    draft = file.with_name(file.name + ".part")
    draft.write_text(table, encoding="utf-8", newline="")
    draft.replace(file)
    typer.echo(f"Wrote {what.value} to {file}.")


def load(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A dump or reports as JSON Lines; without one, the operation's own reports/."
        ),
    ] = None,
    operation: Folder = HERE,
    recorded_by: RecordedBy = "operator",
) -> None:
    """Load a dump, a JSON Lines file, or the reports that come with an example."""
    from corridor.operation import Recorded

    opened_operation = opened(operation)
    with _saying_if_it_becomes_a_copy(opened_operation):
        with counting("loading") as progress:
            done = opened_operation.load(file, recorded_by=recorded_by, progress=progress)
        if isinstance(done, Recorded):
            _say_recorded(done)
        else:
            _say_merged(done)


def dump(
    file: Annotated[
        Path | None, typer.Argument(help="File to write; without one, standard output.")
    ] = None,
    operation: Folder = HERE,
    clearance: Clearance = Level.restricted,
) -> None:
    """Write the ledger, up to a clearance, as JSON Lines."""
    opened_operation = opened(operation)
    if file is None:
        opened_operation.dump(sys.stdout.buffer.write, clearance=clearance.value)
        sys.stdout.flush()
        return
    draft = file.with_name(file.name + ".part")
    with waiting("writing"), draft.open("wb") as out:
        count = opened_operation.dump(out.write, clearance=clearance.value)
    draft.replace(file)
    typer.echo(f"Wrote {count} entries up to {clearance.value} to {file}.")


def merge(
    other: Annotated[
        Path, typer.Argument(help="Folder of another copy of the operation, or a dump.")
    ],
    operation: Folder = HERE,
    clearance: Clearance = Level.sealed,
) -> None:
    """Take over what another copy holds and this one does not; another operation is refused."""
    from corridor.operation import Recorded

    here = opened(operation)
    with _saying_if_it_becomes_a_copy(here):
        with waiting("merging"):
            if other.is_dir():
                done: Recorded | Merged = here.merge(opened(other), clearance=clearance.value)
            else:
                done = here.load(other)
        if isinstance(done, Recorded):
            _say_recorded(done)
        else:
            _say_merged(done)


def verify(
    operation: Folder = HERE,
    head: Annotated[
        list[str] | None,
        typer.Option("--head", help="LEVEL=DIGEST that a ledger once had as its head."),
    ] = None,
    clearance: Clearance = Level.sealed,
) -> None:
    """Check every entry: its id, its content and the chain."""
    heads: dict[Handling, str] = {}
    for given in head or ():
        level, equals, digest = given.partition("=")
        if not equals or level not in set(Level):
            raise typer.BadParameter(f"'{given}' is not LEVEL=DIGEST", param_hint="--head")
        heads[Level(level).value] = digest
    with counting("verifying") as progress:
        found = opened(operation).verify(heads, clearance=clearance.value, progress=progress)
    if not found:
        typer.echo("Nothing is recorded yet.")
    for level, result in found.items():
        state = "sound" if result.is_sound else "NOT SOUND"
        entries = "1 entry" if result.entries == 1 else f"{result.entries} entries"
        if result.is_locked:
            typer.echo(
                f"{level}: {state} as far as can be told without its passphrase, {entries}; "
                f"the chain of its encrypted rows ends in {result.head.digest}; its reports "
                "and its head were not checked"
            )
        else:
            typer.echo(f"{level}: {state}, {entries}, head {result.head.digest}")
        for problem in result.problems:
            typer.echo(f"  {problem}")
        for remark in result.remarks:
            typer.echo(f"  remark: {remark}")
    if not all(result.is_sound for result in found.values()):
        raise typer.Exit(1)


def doctor(operation: Folder = HERE, clearance: Clearance = Level.sealed) -> None:
    """Check the folder, the database files and this installation."""
    from corridor.cli.health import examine

    sound = True
    for what, is_well, text in examine(opened(operation), clearance.value):
        sound = sound and is_well
        typer.echo(f"{'well ' if is_well else 'WRONG'}  {what}: {text}")
    if not sound:
        raise typer.Exit(1)


@contextmanager
def _saying_if_it_becomes_a_copy(operation: Operation) -> Iterator[None]:
    before = operation.identity
    yield
    if operation.identity.id != before.id:
        typer.echo(f"This operation was empty and is now a copy of {operation.identity}.")


def _say_recorded(done: Recorded) -> None:
    again = f", {done.already} were recorded already" if done.already else ""
    typer.echo(f"Accepted {done.accepted} of {len(done.reports)} reports{again}.")


def _say_merged(done: Merged) -> None:
    again = f", {done.already} were there already" if done.already else ""
    typer.echo(f"Took {done.accepted} reports{again}.")
    for name in done.beside:
        typer.echo(f"  {name}: the same id with other content; both are kept, see the findings.")
