"""Commands of the protected register. Nothing personal and no passphrase is ever an argument."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli.options import HERE, Folder
from corridor.cli.passphrases import read_descriptor

if TYPE_CHECKING:
    from corridor.protected import ProtectedRegister

_group = typer.Typer(
    name="protection",
    help="The protected register: people under pseudonyms, outside the ledger. Off until started.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Why(StrEnum):
    """Reasons to look at a record or to end one."""

    asked_by_the_person = "asked_by_the_person"
    shelter = "shelter"
    distribution = "distribution"
    referral = "referral"
    correction = "correction"
    retention = "retention"


Role = Annotated[str, typer.Option("--as", help="Your role: protection.", metavar="ROLE")]
Who = Annotated[
    str, typer.Option("--who", help="Your own code, for the log; not your name.", metavar="CODE")
]
PassphraseFd = Annotated[
    int,
    typer.Option(
        "--passphrase-fd",
        help="Read the passphrase from this file descriptor; else it is asked for.",
        show_default=False,
    ),
]
Reason = Annotated[Why, typer.Option("--reason", help="Why.")]
Pseudonym = Annotated[str, typer.Argument(help="The pseudonym, as `add` gave it.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    _group.command("start")(start)
    _group.command("add")(add)
    _group.command("show")(show)
    _group.command("list")(list_)
    _group.command("erase")(erase)
    _group.command("purge")(purge)
    _group.command("backup")(backup)
    _group.command("log")(log)
    app.add_typer(_group)


def start(who: Who, operation: Folder = HERE, passphrase_fd: PassphraseFd = -1) -> None:
    """Switch the protected register of an operation on."""
    from corridor.ledger.identity import read_identity

    opening = _protected()
    read_identity(operation)
    opening.start(operation, _passphrase(passphrase_fd, is_new=True), who=who)
    typer.echo(
        "The protected register is on. Without its passphrase nothing in it can ever be read; keep it "
        "apart from this computer."
    )


def add(
    until: Annotated[str, typer.Option("--until", help="Last day it may be read, 2030-08-31.")],
    who: Who,
    role: Role = "",
    operation: Folder = HERE,
    passphrase_fd: PassphraseFd = -1,
    person_fd: Annotated[
        int,
        typer.Option(
            "--person-fd",
            help="Read the person as a JSON object from this file descriptor; else fields are asked for.",
            show_default=False,
        ),
    ] = -1,
) -> None:
    """Seal a person's record and print the pseudonym."""
    from corridor.protected import FIELDS
    from corridor.reading import read_json_line
    from corridor.values import read_day

    try:
        last = read_day(until)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--until") from None
    opened = _opened(operation, role, who, passphrase_fd)
    person: dict[str, Any] = (
        read_json_line(read_descriptor(person_fd))
        if person_fd >= 0
        else {name: typer.prompt(name, default="", show_default=False) for name in FIELDS}
    )
    typer.echo(opened.add(person, until=last))


def show(
    person: Pseudonym,
    reason: Reason,
    who: Who,
    role: Role = "",
    operation: Folder = HERE,
    passphrase_fd: PassphraseFd = -1,
) -> None:
    """Show one record; the look-up is in the log before it is read."""
    from dataclasses import asdict

    found = _opened(operation, role, who, passphrase_fd).look_up(person, reason.value)
    for name, value in asdict(found).items():
        typer.echo(f"{name}: {value}")


def list_(
    who: Who, role: Role = "", operation: Folder = HERE, passphrase_fd: PassphraseFd = -1
) -> None:
    """List pseudonyms with the last day of each; never names."""
    for name, until in _opened(operation, role, who, passphrase_fd).people():
        typer.echo(f"{name}  until {until}")


def erase(
    person: Pseudonym,
    reason: Reason,
    who: Who,
    role: Role = "",
    operation: Folder = HERE,
    passphrase_fd: PassphraseFd = -1,
) -> None:
    """Destroy a person's key and record, for good, here and in every backup."""
    _opened(operation, role, who, passphrase_fd).erase(person, reason.value)
    typer.echo(f"The key of {person} is destroyed; nothing opens that record any more.")


def purge(
    who: Who, role: Role = "", operation: Folder = HERE, passphrase_fd: PassphraseFd = -1
) -> None:
    """Erase every record whose last day is past."""
    gone = _opened(operation, role, who, passphrase_fd).purge()
    typer.echo(f"{len(gone)} records were past their last day; their keys are destroyed.")


def backup(
    target: Annotated[Path, typer.Argument(help="A new file for the sealed records and the log.")],
    who: Who,
    role: Role = "",
    operation: Folder = HERE,
    passphrase_fd: PassphraseFd = -1,
) -> None:
    """Copy the sealed records and the log, without any key."""
    _opened(operation, role, who, passphrase_fd).backup(target)
    typer.echo(
        f"Copied to {target}. No key is in it: it opens only beside the keys that stay here."
    )


def log(
    who: Who, role: Role = "", operation: Folder = HERE, passphrase_fd: PassphraseFd = -1
) -> None:
    """Print who did what on the register, and whether the log is whole."""
    lines = _opened(operation, role, who, passphrase_fd).log()
    for line in lines:
        words = (line.at, line.by, line.act, line.person, line.reason)
        typer.echo("  ".join(word for word in words if word))
    if not all(line.holds for line in lines):
        typer.echo("The log was changed: its chain does not hold.", err=True)
        sys.exit(1)


def _opened(operation: Path, role: str, who: str, passphrase_fd: int) -> ProtectedRegister:
    return _protected().open(operation, _passphrase(passphrase_fd), role=role, who=who)


def _protected() -> type[ProtectedRegister]:
    from corridor.errors import CorridorError

    try:
        from corridor.protected import ProtectedRegister
    except ModuleNotFoundError as missing:
        raise CorridorError(
            f"the protected register needs the Python package {missing.name}, which is not installed"
        ) from None
    return ProtectedRegister


def _passphrase(descriptor: int, *, is_new: bool = False) -> str:
    from corridor.errors import CorridorError

    if descriptor >= 0:
        try:
            return read_descriptor(descriptor).decode("utf-8").splitlines()[0]
        except UnicodeDecodeError:
            raise CorridorError("the passphrase is not UTF-8") from None
    if not sys.stdin.isatty():
        raise CorridorError(
            "the passphrase is asked for on a terminal, or read with --passphrase-fd"
        )
    told: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new)
    return told
