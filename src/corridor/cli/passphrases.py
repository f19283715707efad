"""Passphrases of encrypted ledgers: asked for at a terminal or read from a descriptor, for every command alike."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from corridor.cli.options import HERE, Folder, Level, opened, opening
from corridor.errors import CorridorError
from corridor.ledger.passphrases import ENCRYPTED, NOBODY, Need

if TYPE_CHECKING:
    from corridor.report import Handling

_MOST_BYTES = 1 << 16
# These look at what they cannot open from outside, and say so.
_CHECKING = ("verify", "doctor")
# What these make is restricted: without the passphrase there is nothing less to go on with.
_RESTRICTED = ("plan", "simulate", "compare", "explain", "watch", "calendar", "allocate")
_LEVELS = ("clearance", "edition")

PassphraseFd = Annotated[
    int,
    typer.Option(
        "--passphrase-fd",
        help="Read passphrases from this file descriptor, a line for the restricted ledger and one for "
        "the sealed one; else they are asked for at a terminal.",
        show_default=False,
    ),
]


class Asked:
    """Passphrases from a file descriptor, else from whoever sits at the terminal.

    Parameters
    ----------
    descriptor
        Its first line is for the restricted ledger, its second for the sealed one; a single line is
        for the one that is needed. Below 0 there is none.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: list[str] = []

    def ask(self, handling: Handling, need: Need) -> str | None:
        """Return a passphrase; None where none was given and nobody can be asked.

        Nobody is asked whether perhaps a sealed ledger opens: who has no part in it learns nothing of it.
        """
        is_perhaps = need == "try" and handling == "sealed"
        if self._descriptor >= 0:
            self._lines = self._lines or _lines(self._descriptor)
            if handling == "sealed" and len(self._lines) > 1:
                return self._lines[1] or None
            return None if is_perhaps else self._lines[0] or None
        if not sys.stdin.isatty():
            return NOBODY.ask(handling, need)
        return None if is_perhaps else _prompted(handling, need)


def register(app: typer.Typer) -> None:
    """Add the command, and give every command its part; last, after all others were added."""
    app.command("passphrase")(passphrase)
    _equip(app)


def passphrase(
    level: Annotated[Level, typer.Argument(help="Which ledger: restricted or sealed.")],
    operation: Folder = HERE,
    new_passphrase_fd: Annotated[
        int,
        typer.Option(
            "--new-passphrase-fd",
            help="Read the new passphrase from this file descriptor; else it is asked for.",
            show_default=False,
        ),
    ] = -1,
) -> None:
    """Change the passphrase of a ledger, or encrypt one that was made before ledgers were."""
    from corridor.ledger.identity import demo_passphrases

    handling: Handling = level.value
    if handling not in ENCRYPTED:
        raise typer.BadParameter("only restricted and sealed are encrypted", param_hint="LEVEL")
    if demo_passphrases(operation).passphrases:
        raise CorridorError(
            f"{operation / 'corridor.toml'} names the passphrase of this operation for everyone to read; "
            "take the line demo_passphrase out first, then change it"
        )
    if new_passphrase_fd < 0 and not sys.stdin.isatty():
        raise CorridorError(
            f"a new passphrase is needed for the {handling} ledger, and nobody could be asked for one; run "
            "this at a terminal, or name a file descriptor to read it from with --new-passphrase-fd"
        )
    ledgers = opened(operation).ledgers
    found = ledgers.file(handling)
    was_plain = found is not None and not found.is_encrypted
    ledgers.lock(handling, Asked(new_passphrase_fd))
    done = "is encrypted now" if was_plain else "has another passphrase now"
    typer.echo(
        f"The {handling} ledger {done}. Copies and backups made before are as they were; without "
        "its passphrase nobody can read it, and nobody can mend that."
    )


def read_descriptor(descriptor: int) -> bytes:
    """Return what comes by a file descriptor; CorridorError where it is closed or empty."""
    try:
        with os.fdopen(descriptor, "rb") as source:
            text = source.read(_MOST_BYTES)
    except OSError:
        raise CorridorError(f"file descriptor {descriptor} is not open for reading") from None
    if not text.strip():
        raise CorridorError(f"nothing came by file descriptor {descriptor}")
    return text


def _lines(descriptor: int) -> list[str]:
    try:
        return read_descriptor(descriptor).decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise CorridorError("the passphrase is not UTF-8") from None


def _prompted(handling: Handling, need: Need) -> str | None:
    texts = {
        "new": f"A passphrase for the {handling} ledger, to be kept apart from this computer",
        "open": f"Passphrase of the {handling} ledger",
        "try": f"Passphrase of the {handling} ledger (Enter alone: go on without)",
    }
    given: str = typer.prompt(
        texts[need],
        default="",
        show_default=False,
        hide_input=True,
        confirmation_prompt=need == "new",
        err=True,
    )
    return given or None


def _equip(app: typer.Typer) -> None:
    for info in app.registered_commands:
        if info.callback is not None:
            info.callback = _equipped(info.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            _equip(group.typer_instance)


def _equipped(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command on an operation with the option for passphrases, at a clearance that opens.

    In one place and not in each command, so that a new one cannot forget it.
    """
    signature = inspect.signature(command)
    own = signature.parameters
    if "operation" not in own or "passphrase_fd" in own or command.__name__ == "init":
        return command

    @wraps(command)
    def run(context: typer.Context, passphrase_fd: int, **given: Any) -> Any:
        with opening(Asked(passphrase_fd)):
            for name in _LEVELS:
                if isinstance(given.get(name), Level):
                    source = context.get_parameter_source(name)
                    is_usual = source is not None and source.name == "DEFAULT"
                    is_usual = is_usual and not _is_restricted(command.__name__, given)
                    given[name] = _cleared(given, name, is_usual, command.__name__ in _CHECKING)
            return command(**given)

    more = {"context": typer.Context, "passphrase_fd": PassphraseFd}
    run.__annotations__ = get_type_hints(command, include_extras=True) | more
    keyword = inspect.Parameter.KEYWORD_ONLY
    run.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[
            *(
                p.replace(kind=keyword, annotation=run.__annotations__[p.name])
                for p in own.values()
            ),
            inspect.Parameter("context", keyword, annotation=typer.Context),
            inspect.Parameter("passphrase_fd", keyword, annotation=PassphraseFd, default=-1),
        ]
    )
    return run


def _is_restricted(command: str, given: dict[str, Any]) -> bool:
    return command in _RESTRICTED or (command == "brief" and given["kind"] == "round")


def _cleared(given: dict[str, Any], name: str, is_usual: bool, is_checking: bool) -> Level:
    """Return the clearance that was asked for, or as much of the usual one as opens."""
    wanted: Level = given[name]
    handling: Handling = wanted.value
    # Below restricted nothing is encrypted, and what checks asks for no more than there is.
    if wanted in (Level.public, Level.partners) or (is_checking and not is_usual):
        return wanted
    from corridor.ledger.identity import MARKER

    # Another copy that is named is read at the same clearance.
    copies = [one for one in given.values() if isinstance(one, Path) and (one / MARKER).is_file()]
    for folder in dict.fromkeys((given["operation"], *copies)):
        if is_usual:
            handling = opened(folder).ledgers.opens_up_to(handling)
        else:
            opened(folder).ledgers.heads(handling)
    if not is_usual:
        return wanted
    opens = Level(handling)
    if opens in (Level.restricted, Level.sealed):
        return opens
    if is_checking:
        return Level.restricted
    typer.echo(
        "corridor: restricted reports were not opened, for lack of their passphrase; "
        "this is what partners may see",
        err=True,
    )
    return opens
