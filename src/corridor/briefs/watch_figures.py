"""From a watch to its pictures: the rhythm of incidents, the funnel of verification, clusters, the rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from corridor.briefs import words
from corridor.briefs.brief import Block, Column, Drawing, Table, Value, cell
from corridor.briefs.editions import Edition
from corridor.briefs.figures import clusters as cluster_map
from corridor.briefs.figures import funnel, rates, rhythm
from corridor.briefs.figures.clusters import Circle, Mark
from corridor.briefs.figures.funnel import Step
from corridor.briefs.figures.rates import Span
from corridor.registers.incidents import RUNGS, IncidentState
from corridor.values import ReportId
from corridor.watch.from_picture import ALL, WINDOW_DAYS
from corridor.watch.measured import Found, Watch
from corridor.watch.rate import RateSince

_PARTS = ("0-6 h", "6-12 h", "12-18 h", "18-24 h")
_HOURS = 6
# Six weeks of days; places named on the map of clusters.
_MOST_DAYS, _MOST_PLACES = 42, 8


def rhythm_drawing(edition: Edition, watch: Watch) -> tuple[Block, ...]:
    """Return incidents by day and part of the day, where their hour is known; none where no hour is."""
    zone = edition.picture.settings.time_zone
    days = watch.series.days[-_MOST_DAYS:]
    counts = [[0] * len(_PARTS) for _ in days]
    basis: set[ReportId] = set()
    untimed = 0
    for state in watch.view.incidents.states.values():
        if not state.claims or state.starts is None or state.ends is None:
            continue
        local = state.starts.astimezone(zone)
        row = (local.date() - days[0]).days
        if not 0 <= row < len(days):
            continue
        if state.ends - state.starts > timedelta(hours=_HOURS):
            untimed += 1
            continue
        counts[row][local.hour // _HOURS] += 1
        basis.update(state.basis)
    total = sum(map(sum, counts))
    if not total:
        return ()
    watched = (watch.series.effort.by_day[-len(days) :] > 0).tolist()
    title = "When incidents began"
    method = "incidents by the hour they began, in the operation's time zone; each counted once"
    rows = tuple(
        (
            cell(part),
            cell(
                Value(
                    f"{sum(row[number] for row in counts):,}",
                    tuple(sorted(basis)),
                    method,
                    is_marked=False,
                )
            ),
        )
        for number, part in enumerate(_PARTS)
    )
    remark = f"{untimed} incidents of these days have no hour and are not drawn." if untimed else ""
    table = Table(
        "rhythm-counted",
        title,
        (Column("Part of the day"), Column("Incidents", is_number=True)),
        rows,
        (remark,) if remark else (),
    )
    drawn = rhythm.draw(title, days, counts, watched, _PARTS)
    says = "A column a day, a row for each part of it; grey where nobody is said to have watched."
    return (Drawing("rhythm", title, says, (drawn,), table),)


def funnel_drawing(table: Table, states: Sequence[IncidentState]) -> Drawing:
    """Return the table of rungs with its picture."""
    on_rung = [[state for state in states if state.rung == rung] for rung in RUNGS]
    steps = [
        Step(
            rung,
            sum(map(len, on_rung[number:])),
            len(on_rung[number]),
            sum(state.is_contested for state in on_rung[number]),
        )
        for number, rung in enumerate(RUNGS)
    ]
    says = "Outlined what got to a rung or further, pale what stands on it, dark what is contested."
    return Drawing(
        "funnel-drawn", table.title, says, (funnel.draw(table.title, steps),), table, is_wide=False
    )


def cluster_drawing(
    edition: Edition, watch: Watch, shown: Sequence[Found], table: Table
) -> Drawing:
    """Return the table of clusters with a map of circles and incidents, no boundary on it."""
    lie = Counter(event.point for event in watch.series.events if event.point is not None)
    marks = [Mark(lat, lon, many) for (lat, lon), many in sorted(lie.items())]
    circles = [
        Circle(*found.centre, found.radius_km, number) for number, found in enumerate(shown, 1)
    ]
    south, north = min(m.lat for m in marks), max(m.lat for m in marks)
    west, east = min(m.lon for m in marks), max(m.lon for m in marks)
    margin = 0.25
    places = [
        Mark(float(lat), float(lon), 0, edition.picture.name(code))
        for code, (lat, lon) in sorted(watch.view.rules.points.items())
        if south - margin <= lat <= north + margin and west - margin <= lon <= east + margin
    ]
    drawn = cluster_map.draw(table.title, marks, circles, places[:_MOST_PLACES])
    says = "Dots are incidents, larger where more lie; circles clusters, numbered as the rows; no boundary is drawn."
    return Drawing("clusters-drawn", table.title, says, (drawn,), table, is_wide=False)


def rate_drawing(watch: Watch, found: RateSince, table: Table) -> Block:
    """Return the table of rates with the rate before and since drawn; the table alone where too few to say."""
    declared, series = watch.series.declared, watch.series
    if declared is None or not found.ratio.is_known:
        return table
    start = (declared.first_day - series.days[0]).days
    if not 0 < start < len(series.days):
        return table
    first = max(start - WINDOW_DAYS, 0)
    spans = [
        Span(series.days[first], series.days[start - 1], found.before),
        Span(declared.first_day, series.days[-1], found.since),
    ]
    dots = []
    for begins in range(first, len(series.days), 7):
        week = slice(begins, begins + 7)
        effort = float(series.effort.by_day[week].sum())
        seen = float(series.counts[ALL][week][series.effort.by_day[week] > 0].sum())
        middle = series.days[min(begins + 3, len(series.days) - 1)]
        dots.append((middle, seen / effort if effort > 0 else None))
    title = f"Rate before and since {words.short_date(declared.first_day)}"
    drawn = rates.draw(title, spans, dots, declared.first_day, series.effort.unit)
    says = "The rate of all reports with its interval, before and since; the declaration is dashed."
    return Drawing("rates-drawn", title, says, (drawn,), table)
