"""What was watched, and the incidents: how far each got, who says so and, beside it, who denies it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Sentence, Table, Text, Value, cell
from corridor.briefs.citing import CORRIDOR, tally
from corridor.briefs.editions import Edition
from corridor.briefs.telling_ceasefire import seen_with
from corridor.briefs.watch_figures import funnel_drawing, rhythm_drawing
from corridor.registers.ceasefire import Coverage
from corridor.registers.incidents import RUNGS, IncidentState, Rung
from corridor.report import Report
from corridor.watch.measured import Watch

# So many of the latest are listed; all of them enter the counts, and `corridor watch --json`.
_MOST = 60
_COVERAGE = (
    Column("Place"),
    Column("Days"),
    Column("Who says so"),
    Column("What was there to see with"),
    Column("Recorded"),
    Column("Reads as"),
)
_VERSIONS = (
    Column("Ceasefire"),
    Column("Whose version"),
    Column("Told by"),
    Column("From, until"),
    Column("Clauses"),
)
_RUNGS = (
    Column("How far it got"),
    Column("Which means"),
    Column("Incidents", is_number=True),
    Column("Contested", is_number=True),
    Column("Checking ended without it"),
)
_INCIDENTS = (
    Column("Incident"),
    Column("When"),
    Column("Where"),
    Column("Who says it happened"),
    Column("Who denies it"),
    Column("How far it got"),
    Column("Who did it, as claimed"),
    Column("A breach, as claimed"),
    Column("Who checks"),
)
_MEANS: dict[Rung, str] = {
    "rumour": "told at second hand, of nobody in particular",
    "alleged": "somebody says so; nobody declared those who say so independent",
    "corroborated": "two say so whom a named person declared independent",
    "observed": "a mandated body saw, heard or measured it",
    "verified": "a mandated body found so after inquiry",
}
_NOBODY = "Nobody"


def coverage(edition: Edition, watch: Watch) -> tuple[Block, ...]:
    """Return what was watched: a zero without it is unknown, not quiet."""
    series, reports = watch.series, watch.view.terms.coverage
    days, since = list(series.days), series.declared
    first = since.first_day if since else days[0]
    under = [n for n, day in enumerate(days) if day >= first]
    watched = sum(bool(series.effort.by_day[n] > 0) for n in under)
    method = f"days from {words.date_words(first)} on which somebody is said to have watched"
    of = "since the declaration" if since else "since the first report"
    head = Sentence(
        CORRIDOR,
        (
            "finds that somebody is said to have watched on ",
            tally(watched, "day", "days", method, series.effort.basis),
            (
                f" of the {len(under):,} {of}. What happened where and when nobody watched is unknown: no "
                f"report does not mean quiet. Effort: {series.effort.said}."
            ),
        ),
        "" if watched == len(under) else "ask",
    )
    in_order = sorted(reports, key=lambda report: (report.begins, report.order))
    rows = tuple(_coverage_row(edition, report) for report in _latest(in_order))
    remark = _left(len(reports), "reports of coverage")
    table = Table("coverage", "What was watched", _COVERAGE, rows, remark)
    return (head, table) if rows else (head,)


def terms(edition: Edition, watch: Watch) -> tuple[Block, ...]:
    """Return the versions of the text side by side."""
    zone = edition.picture.settings.time_zone
    rows = []
    for code, versions in watch.view.terms.versions.items():
        for version in versions:
            said = version.terms.statement if version.terms else None
            begins = words.clock(said.begins, zone) if said and said.begins else "not said"
            until = words.clock(said.valid_until, zone) if said and said.valid_until else "not said"
            basis = [version.terms.id] if version.terms else []
            basis += [report.id for report in version.clauses.values()]
            whose = edition.who(version.version_of) if version.version_of else "one text for all"
            rows.append(
                (
                    cell(code),
                    cell(whose),
                    cell(edition.who(version.told_by), Value("", tuple(basis))),
                    cell(f"{begins}; {until}"),
                    cell(", ".join(sorted(version.clauses)) or "none reported"),
                )
            )
    if not rows:
        return (Sentence(CORRIDOR, ("has no report of what a ceasefire says.",)),)
    remark = ("No version is taken for the text.",)
    made: list[Block] = [
        Table("versions", "The ceasefire, version by version", _VERSIONS, tuple(rows), remark)
    ]
    made += [
        Sentence(
            edition.who(denial.claimant),
            (
                (
                    f"denies, of ceasefire {denial.statement.ceasefire}"
                    f"{f', clause {denial.statement.clause}' if denial.statement.clause else ''}: "
                    f"{denial.statement.text or 'that it is so'}"
                ),
                Value("", (denial.id,)),
            ),
        )
        for denial in watch.view.terms.denials
    ]
    return tuple(made)


def incidents(edition: Edition, watch: Watch) -> tuple[Block, ...]:
    """Return the funnel of verification, then the incidents, denials beside allegations."""
    states = [state for state in watch.view.incidents.states.values() if state.claims]
    denied = [state for state in watch.view.incidents.states.values() if not state.claims]
    if not states and not denied:
        return (Sentence(CORRIDOR, ("has no report of an incident.",)),)
    rows = tuple(_rung_row(rung, [s for s in states if s.rung == rung]) for rung in RUNGS)
    observed = [state for state in states if state.rung in ("observed", "verified")]
    reported = [state for state in states if state.rung not in ("observed", "verified")]
    shown = _latest([*states, *denied])
    return (
        funnel_drawing(Table("funnel", "Incidents by how far they got", _RUNGS, rows), states),
        Sentence(
            CORRIDOR,
            (
                "counts ",
                _incidents(observed, "observed by a mandated body"),
                " observed by a mandated body and, apart from these, ",
                _incidents(reported, "reported, and observed by no mandated body"),
                " reported by others alone; the two are not added up.",
            ),
        ),
        Table(
            "incidents",
            "Incidents, with who says so and who denies it",
            _INCIDENTS,
            tuple(_incident_row(edition, state) for state in shown),
            _left(len(states) + len(denied), "incidents"),
        ),
        *rhythm_drawing(edition, watch),
        *_left_out(watch),
    )


def _latest(things: Sequence[Any]) -> Sequence[Any]:
    return things[-_MOST:]


def _left(count: int, what: str) -> Text:
    if count <= _MOST:
        return ()
    return (f"The latest {_MOST} of {count:,} {what}; `corridor watch --json` holds all of them.",)


def _coverage_row(edition: Edition, report: Report[Coverage]) -> tuple[Cell, ...]:
    said = report.statement
    recorded = words.amount(said.recorded) if said.recorded is not None else "nothing said"
    return (
        cell(edition.picture.name(said.place)),
        cell(words.span(report.begins, report.as_of, edition.picture.settings.time_zone)),
        cell(edition.who(report.claimant)),
        cell(Value(seen_with(edition, said), (report.id,))),
        cell(Value(recorded, (report.id,), is_marked=False)),
        cell(_reads_as(said)),
    )


def _reads_as(said: Coverage) -> str:
    """Keep apart: zero with this coverage, zero without any, and nothing said."""
    if said.recorded is None:
        return "unknown: nothing is said of what was recorded"
    if said.recorded.stated:
        return "recorded"
    if said.is_watching:
        return "zero, with this coverage"
    return "unknown: zero recorded, and nothing said to have watched"


def _rung_row(rung: Rung, states: Sequence[IncidentState]) -> tuple[Cell, ...]:
    contested = [state for state in states if state.is_contested]
    ends = sorted({state.ending for state in states if state.ending})
    ended: list[str | Value] = []
    for end in ends:
        some = [state for state in states if state.ending == end]
        ended += ["; " if ended else "", f"{end.replace('_', ' ')}: ", _count(some, end)]
    return (
        cell(rung),
        cell(_MEANS[rung]),
        cell(_count(states, rung)),
        cell(_count(contested, f"{rung}, and denied or ended differently by two bodies")),
        cell(tuple(ended) or "none"),
    )


def _count(states: Sequence[IncidentState], what: str) -> Value:
    made = _incidents(states, what)
    return Value(
        f"{len(states):,}", made.basis, made.method, made.low, made.best, made.high, made.unit
    )


def _incidents(states: Sequence[IncidentState], what: str) -> Value:
    basis = sorted({name for state in states for name in state.basis})
    method = f"incidents {what.replace('_', ' ')}, each counted once whatever its reports"
    return tally(len(states), "incident", "incidents", method, basis)


def _incident_row(edition: Edition, state: IncidentState) -> tuple[Cell, ...]:
    zone = edition.picture.settings.time_zone
    when = "time not given"
    if state.starts is not None:
        when = words.span(state.starts, state.ends or state.starts, zone)
    elif state.denials:
        when = f"denied as of {words.observed(state.denials[0], zone)}"
    place = edition.picture.name(state.place) if state.place else "place not given"
    # Of causes every one that is claimed: none is taken for the cause.
    sorts = words.listed([s.replace("_", " ") for s in state.violations or sorted(state.causes)])
    sort = f": {sorts}" if sorts else ""
    flags = [state.ending.replace("_", " ")] if state.ending else []
    flags += ["contested"] if state.is_contested else []
    flags += ["verified late"] if state.is_verified_late else []
    far = state.rung if state.claims else "not claimed"
    return (
        cell(f"{state.incident}{sort}"),
        cell(when),
        cell(place),
        cell(_people(edition, state.claims)),
        cell(_people(edition, state.denials)),
        cell(", ".join((far, *flags))),
        cell(_who_did_it(edition, state)),
        cell(_breaches(edition, state)),
        cell(
            "; ".join(
                f"{edition.who(body)}: {result.replace('_', ' ')}"
                for body, _, result in state.checking
            )
            or _NOBODY
        ),
    )


def _people(edition: Edition, reports: Iterable[Report[Any]]) -> Text:
    """Name claimants in the operation's order, each with its reports."""
    by_claimant: dict[str, list[Report[Any]]] = {}
    for report in reports:
        by_claimant.setdefault(report.claimant, []).append(report)
    parts: list[str | Value] = []
    for code in edition.picture.in_order(by_claimant):
        basis = tuple(report.id for report in by_claimant[code])
        parts += ["; " if parts else "", Value(edition.who(code), basis)]
    return tuple(parts) or (_NOBODY,)


def _who_did_it(edition: Edition, state: IncidentState) -> Text:
    verbs = {
        "alleges": "alleges",
        "acknowledges": "acknowledges",
        "finds": "finds",
        "denies": "denies that it was",
        "names_nobody": "names nobody",
    }
    parts: list[str | Value] = []
    order = edition.picture.settings.place_in_order
    for word in sorted(state.attributions, key=lambda a: (order(a.claimant), a.report.order)):
        party = f" {edition.who(word.party)}" if word.party else ""
        text = f"{edition.who(word.claimant)} {verbs[word.stance]}{party}"
        parts += ["; " if parts else "", Value(text, (word.report.id,))]
    return tuple(parts) or ("nothing said",)


def _breaches(edition: Edition, state: IncidentState) -> Text:
    parts: list[str | Value] = []
    order = edition.picture.settings.place_in_order
    for report in sorted(state.breaches, key=lambda r: (order(r.claimant), r.order)):
        verb = "denies" if report.speech_act == "denied" else "alleges"
        text = f"{edition.who(report.claimant)} {verb} one of clause {report.statement.clause}"
        parts += ["; " if parts else "", Value(text, (report.id,))]
    return tuple(parts) or ("nothing said",)


def _left_out(watch: Watch) -> tuple[Sentence, ...]:
    states = watch.view.incidents.states
    return tuple(
        Sentence(
            CORRIDOR,
            (
                "leaves ",
                tally(
                    len(codes),
                    "incident",
                    "incidents",
                    f"incidents not counted by day: {why}",
                    sorted({name for code in codes for name in states[code].basis}),
                ),
                (
                    f" out of the measures below ({why}): {', '.join(codes[:12])}"
                    f"{' and others' if len(codes) > 12 else ''}."
                ),
            ),
        )
        for why, codes in watch.series.left_out.items()
    )
