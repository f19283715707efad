"""The situation brief: from a picture, and a plan where there is one, to its sections."""

from __future__ import annotations

from corridor.briefs import words
from corridor.briefs.access_section import access
from corridor.briefs.brief import Block, Brief, Section
from corridor.briefs.editions import edition_of
from corridor.briefs.gaps_section import gaps
from corridor.briefs.highlights_section import highlights
from corridor.briefs.key_figures import key_figures
from corridor.briefs.needs_section import needs
from corridor.briefs.numbering import number
from corridor.briefs.overview_section import overview
from corridor.briefs.people_section import people
from corridor.briefs.plan_section import plan_highlights, plan_section
from corridor.briefs.response_section import response
from corridor.briefs.sites_section import asked_of_supply, sites
from corridor.briefs.unknown_section import struck, unknown
from corridor.picture import Picture
from corridor.planning.plan import Plan
from corridor.report import Handling


def situation(
    picture: Picture, plan: Plan | None, *, edition: Handling, operation: str = ""
) -> Brief:
    """Return the situation brief of a picture.

    1. Take the picture as this edition may show it.
    2. Write each section in OCHA's order; a section with nothing this edition may show is left out.
    3. Number the sources and the formulas.

    Parameters
    ----------
    plan
        The plan for the coming days; only a whole edition shows it. None where there is none.
    edition
        Whom it is for. The picture must be folded for these readers or for lower ones.
    operation
        Name of the operation, for the title.

    Raises
    ------
    CorridorError
        When the picture holds more than the edition's readers may see.
    """
    view = edition_of(picture, edition)
    shown = plan if view.is_whole else None
    parts: tuple[tuple[str, str, tuple[Block, ...]], ...] = (
        ("highlights", "Highlights", (*highlights(view), *plan_highlights(view, shown))),
        ("key-figures", "Key figures", (key_figures(view, shown),)),
        ("overview", "Situation overview", overview(view)),
        ("supply", "Supply", (*needs(view), *asked_of_supply(view), *response(view), *gaps(view))),
        ("access", "Access", access(view)),
        ("people", "People", people(view)),
        ("sites", "Sites", sites(view)),
        ("plan", "Plan for the coming days", plan_section(view, shown)),
        ("unknown", "What we do not know", unknown(view)),
        ("struck", "Withdrawn and corrected", struck(view)),
    )
    sections = tuple(Section(key, title, blocks) for key, title, blocks in parts if blocks)
    sources, notes = number(view, sections)
    zone = picture.settings.time_zone
    head = f"{operation}: situation brief" if operation else "Situation brief"
    return Brief(
        title=f"{head}, {words.day(picture.at, zone)}",
        edition=edition,
        edition_says=view.says,
        at=picture.at,
        known_at=picture.known_at,
        zone=str(zone),
        digest=picture.digest,
        plan_digest=shown.digest if shown else "",
        sections=sections,
        sources=sources,
        notes=notes,
    )
