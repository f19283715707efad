"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from corridor.ledger.passphrases import Passphrases
    from corridor.operation import Operation
    from corridor.picture import Picture


class Level(StrEnum):
    """Handling levels, lowest first."""

    public = "public"
    partners = "partners"
    restricted = "restricted"
    sealed = "sealed"


Folder = Annotated[
    Path,
    typer.Option(
        "-o",
        "--operation",
        help="Folder of the operation.",
        envvar="CORRIDOR_OPERATION",
        show_default=".",
    ),
]
Clearance = Annotated[Level, typer.Option("--clearance", help="Highest handling to use.")]
At = Annotated[
    str,
    typer.Option(
        "--at",
        help="The moment it is about: a day (its end, in the operation's time zone) or a time with its offset.",
    ),
]
KnownAt = Annotated[
    str, typer.Option("--known-at", help="Leave out what was learned after this day or time.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON document instead of tables.")]
RecordedBy = Annotated[
    str, typer.Option("--as", help="Your role; kept beside the entry.", metavar="ROLE")
]
Channel = Annotated[
    str, typer.Option("--channel", help="The input this comes by; with the key it makes the id.")
]

HERE = Path()


_PASSPHRASES: ContextVar[tuple[Passphrases, dict[Path, Operation]] | None] = ContextVar(
    "passphrases", default=None
)


@contextmanager
def opening(passphrases: Passphrases) -> Iterator[None]:
    """Have `opened` ask here for passphrases, and give the same operation for the same folder."""
    before = _PASSPHRASES.set((passphrases, {}))
    try:
        yield
    finally:
        _PASSPHRASES.reset(before)


def opened(folder: Path) -> Operation:
    """Open the operation in a folder."""
    from corridor.operation import Operation

    given = _PASSPHRASES.get()
    if given is None:
        return Operation(folder)
    passphrases, operations = given
    if folder not in operations:
        operations[folder] = Operation(folder, passphrases=passphrases)
    return operations[folder]


def pictured(operation: Operation, at: str, known_at: str, clearance: Level) -> Picture:
    """Return the picture that the shared options ask for."""
    zone = operation.settings(clearance.value).time_zone
    with waiting("reading the ledger"):
        return operation.picture(
            at=moment(at, zone, "--at"),
            known_at=moment(known_at, zone, "--known-at"),
            clearance=clearance.value,
        )


def moment(text: str, zone: tzinfo, option: str) -> datetime | None:
    """Read a day or a time; a day alone means its end in `zone`."""
    from corridor.values import day_end, is_day, read_day, read_time

    if not text:
        return None
    try:
        return day_end(read_day(text), zone) if is_day(text) else read_time(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def print_json(document: dict[str, Any]) -> None:
    """Print a JSON document, indented, keys in the order of the document."""
    import orjson

    typer.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show on a terminal that something is under way."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(f"{text} ..."):
            yield
    else:
        yield


@contextmanager
def counting(text: str, total: int | None = None) -> Iterator[Callable[[int], object]]:
    """Show a progress bar on a terminal; yields what takes the number done so far."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    # Elsewhere than on a terminal it would leave an empty line before what is said.
    is_off = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=is_off) as progress:
        task = progress.add_task(text, total=total)
        yield lambda done: progress.update(task, completed=done)
