"""Briefs: what a picture and a plan say, each figure with its source, for one kind of reader.

``from corridor.briefs import BRIEFS, FORMATS, render``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from corridor.briefs.brief import Brief
from corridor.briefs.ceasefire import ceasefire
from corridor.briefs.document import document as _document
from corridor.briefs.html import html as _html
from corridor.briefs.situation import situation
from corridor.briefs.talks import round_brief
from corridor.briefs.text import text as _text
from corridor.errors import CorridorError

__all__ = ["BRIEFS", "FORMATS", "Brief", "ceasefire", "render", "round_brief", "situation"]

# Formats come in under other names, so that `corridor.briefs.html` stays the module.
BRIEFS: Mapping[str, Callable[..., Brief]] = {
    "situation": situation,
    "ceasefire": ceasefire,
    "round": round_brief,
}
FORMATS: Mapping[str, Callable[[Brief], str]] = {"html": _html, "text": _text, "json": _document}


def render(brief: Brief, format: str) -> str:  # noqa: A002  # the word of command line and URL
    """Return a brief in one of `FORMATS`.

    Raises
    ------
    CorridorError
        When no format has that name.
    """
    if format not in FORMATS:
        raise CorridorError(f"no format is called '{format}'; there are {', '.join(FORMATS)}")
    return FORMATS[format](brief)
