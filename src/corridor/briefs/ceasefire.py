"""The ceasefire brief: what was watched, how far incidents got, and what the measures say."""

from __future__ import annotations

from corridor.briefs import ceasefire_public, words
from corridor.briefs.brief import Block, Brief, Section, Sentence
from corridor.briefs.citing import CORRIDOR, found
from corridor.briefs.editions import Edition, edition_of
from corridor.briefs.incidents_section import coverage, incidents, terms
from corridor.briefs.numbering import number
from corridor.briefs.scores_section import scores
from corridor.briefs.watch_roads import roads
from corridor.briefs.watch_section import clusters, excitation, rate
from corridor.report import Handling
from corridor.watch.measured import Watch

_SAYS = (
    "Whole: posts, hours, people who report, every claim and denial, and the measures. Not for partners "
    "or the public."
)

# Findings listed, by consequence.
_MOST = 40


def ceasefire(watch: Watch, *, edition: Handling, operation: str = "") -> Brief:
    """Return the ceasefire brief of a watch; coverage comes before what was or was not reported.

    Below restricted it holds incidents by district and week alone: posts, hours and places would show where
    nobody watches.

    Raises
    ------
    CorridorError
        When the watch is of a picture that holds more than the edition's readers may see.
    """
    view = edition_of(watch.picture, edition)
    if not view.is_whole:
        return _made(view, ceasefire_public.sections(view, watch), operation)
    parts: tuple[tuple[str, str, tuple[Block, ...]], ...] = (
        ("coverage", "What was watched", coverage(view, watch)),
        ("terms", "The ceasefire", terms(view, watch)),
        ("incidents", "Incidents", incidents(view, watch)),
        ("rate", "Has it fallen since the declaration?", rate(view, watch)),
        ("clusters", "Where is it worse just now?", clusters(view, watch)),
        ("excitation", "Does one incident bring others?", excitation(view, watch)),
        ("roads", "Roads ahead", roads(view, watch)),
        ("scores", "How good were the forecasts?", scores(watch)),
        ("findings", "What wants a person", _findings(view, watch)),
    )
    return _made(view, tuple(Section(*part) for part in parts), operation)


def _made(view: Edition, sections: tuple[Section, ...], operation: str) -> Brief:
    sources, notes = number(view, sections)
    picture = view.picture
    zone = picture.settings.time_zone
    head = f"{operation}: ceasefire brief" if operation else "Ceasefire brief"
    return Brief(
        title=f"{head}, {words.day(picture.at, zone)}",
        edition=view.handling,
        edition_says=_SAYS if view.is_whole else ceasefire_public.says(view),
        at=picture.at,
        known_at=picture.known_at,
        zone=str(zone),
        digest=picture.digest,
        plan_digest="",
        sections=sections,
        sources=sources,
        notes=notes,
    )


def _findings(view: Edition, watch: Watch) -> tuple[Sentence, ...]:
    every = watch.view.findings
    made = [found(view, finding) for finding in every[:_MOST]]
    if len(every) > _MOST:
        more = f"holds {len(every) - _MOST:,} findings more; `corridor watch --json` gives all of them."
        made.append(Sentence(CORRIDOR, (more,)))
    return tuple(made) or (Sentence(CORRIDOR, ("finds nothing odd.",)),)
