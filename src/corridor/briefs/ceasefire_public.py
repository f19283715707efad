"""The ceasefire brief for partners and the public: district and week, and the class of claimant.

Posts, hours, people who report, points and days would show where nobody watches and who told; who did it and
which clause it breaks are claims for those who check them. None of it is here, and no report is cited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from corridor.briefs import words
from corridor.briefs.brief import Block, Column, Section, Sentence, Table, Value, cell
from corridor.briefs.citing import CORRIDOR
from corridor.briefs.editions import Edition
from corridor.registers.incidents import RUNGS, IncidentState, Rung
from corridor.report import Report
from corridor.values import PlaceCode
from corridor.watch.measured import Watch

_COLUMNS = (
    Column("Week from"),
    Column("District"),
    Column("How far they got"),
    Column("Incidents", is_number=True),
    Column("Who says so"),
    Column("Who denies it"),
)
_UNKNOWN = "district not given"


class _Line(NamedTuple):
    week: date
    district: str
    rung: Rung


def says(edition: Edition) -> str:
    """Return what the edition holds and how late, in words for its first page."""
    if edition.handling == "public":
        delay = f"{edition.picture.settings.public_delay_h.normalize():f} hours"
        return (
            f"For the public: incidents by district and week, for weeks that ended {delay} ago or more, and the class "
            "of claimant. No posts, hours, names or points, and nothing of who did it."
        )
    return (
        "For partners: incidents by district and week, this week included, with who says so and who denies it. No "
        "posts, hours, people who report or points, and nothing of who did it."
    )


def sections(edition: Edition, watch: Watch) -> tuple[Section, ...]:
    """Return the sections of an edition below restricted."""
    weeks: dict[_Line, list[IncidentState]] = {}
    zone = edition.picture.settings.time_zone
    until = edition.picture.at - (edition.delay if edition.handling == "public" else timedelta())
    last = until.astimezone(zone).date()
    for state in watch.view.incidents.states.values():
        if not state.claims or state.starts is None or state.ending == "out_of_scope":
            continue
        day = state.starts.astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        if edition.handling == "public" and monday + timedelta(days=7) > last:
            continue
        line = _Line(monday, _district(edition, state), state.rung)
        weeks.setdefault(line, []).append(state)
    rows = tuple(
        (
            cell(words.short_date(line.week)),
            cell(line.district),
            cell(line.rung),
            cell(Value(f"{len(states):,}", (), _METHOD, is_marked=False)),
            cell(_who(edition, watch, (r for s in states for r in s.claims))),
            cell(_who(edition, watch, (r for s in states for r in s.denials)) or "nobody"),
        )
        for line, states in sorted(weeks.items(), key=_in_order)
    )
    if not rows:
        listed: tuple[Block, ...] = (
            Sentence(CORRIDOR, ("lists no incident in this edition; that does not mean quiet.",)),
        )
    else:
        listed = (
            Table(
                "incidents-by-week", "Incidents by district and week", _COLUMNS, rows, (_REMARK,)
            ),
        )
    return (
        Section("coverage", "What was watched", (Sentence(CORRIDOR, (_COVERAGE,)),)),
        Section("incidents", "Incidents", listed),
    )


_METHOD = "incidents of one week, district and rung, each counted once whatever its reports"
_REMARK = (
    "How far they got: a rung says which kind of claimants said so and awards no truth. A denial stands beside what "
    "it denies. Claims of different claimants are not added up."
)
_COVERAGE = (
    "keeps what was watched, and where, for those who are cleared for it: it would show where nobody watches. A "
    "week or a district that is not listed is one of which nothing is told here, and not a quiet one."
)


def _in_order(item: tuple[_Line, Any]) -> tuple[date, str, int]:
    line = item[0]
    return (line.week, line.district, RUNGS.index(line.rung))


def _district(edition: Edition, state: IncidentState) -> str:
    """Return the region that the incident's place lies in; a smaller place would be too exact."""
    places = edition.picture.geography.places
    code, seen = state.place, set[PlaceCode]()
    while code is not None and code in places and code not in seen:
        if places[code].type == "region":
            return edition.picture.name(code)
        seen.add(code)
        code = places[code].within
    return _UNKNOWN


def _who(edition: Edition, watch: Watch, reports: Iterable[Report[Any]]) -> str:
    """Return who makes some claims: names for partners, classes for the public."""
    claimants = {report.claimant for report in reports}
    if edition.handling == "partners":
        return words.listed([edition.who(code) for code in edition.picture.in_order(claimants)])
    rules, mandated = watch.view.rules, watch.view.incidents.mandates
    classes = []
    if any(rules.side(code) in rules.parties for code in claimants):
        classes.append("a party to the ceasefire")
    if any(code in mandated and rules.side(code) not in rules.parties for code in claimants):
        classes.append("a body said to be mandated")
    if any(code not in mandated and rules.side(code) not in rules.parties for code in claimants):
        classes.append("others")
    return words.listed(classes)
