"""Where a page goes: standard output or a file, as HTML, text or JSON."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from corridor.errors import CorridorError

if TYPE_CHECKING:
    from corridor.briefs import Brief


class Format(StrEnum):
    """Forms of a brief."""

    html = "html"
    text = "text"
    json = "json"


_ENDINGS = {
    "": Format.text,
    ".txt": Format.text,
    ".html": Format.html,
    ".htm": Format.html,
    ".json": Format.json,
}


def write_brief(
    made: Brief, name: str, form: Format | None, as_json: bool, out: Path | None
) -> None:
    """Write a brief in the form asked for, or in the one that the file's ending names."""
    from corridor.briefs import render

    chosen = Format.json if as_json else form or form_of(out)
    write(render(made, chosen.value), f"the {name}, {made.edition} edition,", out)


def write(text: str, name: str, out: Path | None) -> None:
    """Print a text, or put it into a file that is never half-written."""
    if out is None:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(out.name + ".part")
    draft.write_bytes(text.encode("utf-8"))
    draft.replace(out)
    typer.echo(f"Wrote {name} to {out}.")


def form_of(out: Path | None) -> Format:
    """Return the form that the ending of a file names; text where there is none.

    Raises
    ------
    CorridorError
        For an ending of another form, which the file would not have.
    """
    ending = out.suffix.lower() if out else ""
    if ending not in _ENDINGS:
        raise CorridorError(
            f"{out}: a file that ends in .html, .txt or .json is needed, or its form with --format"
        )
    return _ENDINGS[ending]
