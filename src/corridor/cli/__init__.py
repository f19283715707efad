"""The command line: one command per verb; each parses, calls `Operation` and prints.

Nothing heavy is imported here, so that ``corridor --help`` answers at once; commands import what they need.
"""

from __future__ import annotations

import os
import sys

import typer

from corridor.cli import (
    looking,
    passphrases,
    planning,
    protection,
    recording,
    shelter,
    talks,
    watching,
)
from corridor.errors import CorridorError, InvalidReport

app = typer.Typer(
    name="corridor",
    help="Keep what everyone says about a relief operation, see what it adds up to, and plan its convoys.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
recording.register(app)
looking.register(app)
watching.register(app)
planning.register(app)
shelter.register(app)
talks.register(app)
protection.register(app)
# Last: it gives its part to every command that was registered before.
passphrases.register(app)


def main() -> None:
    """Run the command line: exit 0 fine, 1 refused, 2 wrong usage; a refusal is said in plain words."""
    try:
        app()
    except InvalidReport as error:
        _say(str(error), len(error.problems))
    except CorridorError as error:
        _say(str(error))
    except BrokenPipeError:
        # The reader of a pipe (`| head`) has left; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _say(f"{error.filename or 'file'}: {error.strerror or error}")
    except KeyboardInterrupt:
        _say("stopped; nothing was half-written")


def _say(text: str, count: int = 0) -> None:
    lines = text.splitlines() or ["refused"]
    if len(lines) == 1:
        sys.stderr.write(f"corridor: {lines[0]}\n")
    else:
        shown = "".join(f"  {line}\n" for line in lines)
        sys.stderr.write(
            f"corridor: refused, {count or len(lines)} things are wrong; nothing was recorded\n{shown}"
        )
    sys.exit(1)


if __name__ == "__main__":
    main()
