"""From a picture to the chance that roads are open on coming days, in numbered steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from corridor.errors import PlanningError
from corridor.hazards.announced import Decided, decided_days
from corridor.hazards.chain import forward
from corridor.hazards.chances import Hazards, RoadHazard
from corridor.hazards.declared import outlooks_of
from corridor.hazards.history import history_of
from corridor.hazards.phases import PHASES, SHOWN, STATUSES, Floats, Rates, long_run, matrix, onto
from corridor.hazards.pressure import Pressure
from corridor.hazards.rates import SAMPLES, Told, draw_rates, method_of, missing
from corridor.hazards.shocks import SharedDays, closing_chance, shared_days, shock_samples
from corridor.hazards.steps import Steps
from corridor.picture import Picture
from corridor.values import Finding, PlaceCode, RoadCode

Way = tuple[RoadCode, PlaceCode]


def hazards(
    picture: Picture,
    days: Sequence[date],
    *,
    seed: int,
    ways: Sequence[Way] | None = None,
    pressures: Mapping[RoadCode, Pressure] | None = None,
) -> Hazards:
    """Return the chance that roads are open on each of some days: a function of the picture and the seed.

    1. History: what was said of each road on each day up to the moment of the picture.
    2. Rates: with `FEWEST_CHANGES` changes of status or more they are fitted, the other such roads as a
       prior; with fewer a named person's range is used; without one, a very wide prior and a finding.
    3. Pressure: on days after incidents near it a road closes sooner, by a fitted effect or by the rule.
    4. First day: what was last said, carried forward by the rates over the days since.
    5. Decisions: days of which whoever grants the passage said what will be are set to that.
    6. Shocks: how many days all roads shut together.

    Each road draws from the same stream of numbers: a report on one road touches another by the pooled prior
    alone.

    Parameters
    ----------
    days
        One after another, none before the day of the picture.
    ways
        Roads and the ends towards which goods go; by default every road towards its `end`.
    pressures
        What incidents do to the roads, worked out by the watch; without them no incident moves a chance.

    Raises
    ------
    PlanningError
        Naming days that do not follow each other, and a road or an end that is not in the picture.
    """
    today = picture.at.astimezone(picture.settings.time_zone).date()
    _check_days(days, today)
    wanted = _ways(picture, ways)
    told: list[Told] = []
    findings: list[Finding] = []
    for road, towards in wanted:
        history = history_of(picture, road, towards)
        decided, idle = decided_days(picture, road, towards, days)
        outlooks = outlooks_of(picture, road, towards)
        method = method_of(history, outlooks)
        told.append(Told(history, outlooks, decided, method))
        findings.extend(idle)
        findings.extend(missing(told[-1]))
    drawn = draw_rates(told, seed)
    pressing = pressures or {}
    roads = tuple(
        _hazard(
            picture, known, Steps(known, rates, pressing.get(known.history.road), seed), days, today
        )
        for known, rates in zip(told, drawn, strict=True)
    )
    watched = shared_days([known.history for known in told])
    shocks, said = _shocks(watched, drawn, wanted, seed)
    return Hazards(
        tuple(days),
        roads,
        float(shocks.mean()),
        shocks,
        said,
        seed,
        tuple(_named(finding, picture) for finding in findings),
        picture.digest,
    )


def _check_days(days: Sequence[date], today: date) -> None:
    if not days:
        raise PlanningError("days: at least one day is needed")
    if days[0] < today:
        raise PlanningError(f"days: {days[0]} lies before the day of the picture, {today}")
    for number, day in enumerate(days):
        if day != days[0] + timedelta(days=number):
            raise PlanningError(f"days: {day} does not follow the day before it")


def _ways(picture: Picture, ways: Sequence[Way] | None) -> tuple[Way, ...]:
    roads = picture.geography.roads
    if ways is None:
        return tuple((code, road.end) for code, road in sorted(roads.items()))
    for code, towards in ways:
        if code not in roads:
            raise PlanningError(f"road {code}: it is not declared")
        if towards not in (roads[code].start, roads[code].end):
            raise PlanningError(f"road {code}: {towards} is neither of its ends")
    return tuple(ways)


def _hazard(
    picture: Picture, known: Told, steps: Steps, days: Sequence[date], today: date
) -> RoadHazard:
    """Carry what was last said forward to the first day, and set the days that are decided."""
    history = known.history
    usual = steps.usual
    first = _today(known, steps)
    for number in range((days[0] - today).days):
        step = steps.after(today + timedelta(days=number))
        first = (first[:, np.newaxis] @ step)[:, 0]
    samples = np.empty((len(usual), len(days) - 1, *usual.shape[1:]))
    for number, day in enumerate(days[:-1]):
        samples[:, number] = steps.after(day)
    is_decided = np.zeros(len(days), dtype=bool)
    for decision in known.decided:
        number = days.index(decision.day)
        is_decided[number] = True
        shut = onto(STATUSES.index(decision.status), usual)
        if number == 0:
            first = (first[:, np.newaxis] @ shut)[:, 0]
        else:
            samples[:, number - 1] = shut
    outlooks = tuple(report.id for report in known.outlooks) if known.method == "declared" else ()
    pressure = steps.pressure
    near = pressure.near if pressure else ()
    basis = {*history.basis, *outlooks, *(n for d in known.decided for n in d.basis)}
    basis.update(name for incident in near for name in incident.basis)
    return RoadHazard(
        history.road,
        history.towards,
        PHASES,
        SHOWN,
        first.mean(axis=0),
        samples.mean(axis=0),
        first,
        samples,
        is_decided,
        known.method,
        picture.say(steps.said(known)),
        history.changes,
        history.days_seen,
        history.days_disputed,
        tuple(_decided_named(decision, picture) for decision in known.decided),
        tuple(sorted(basis)),
        near,
    )


def _today(known: Told, steps: Steps) -> Floats:
    """Return the chance of each phase today, (K, S): the history filtered, then carried by the day.

    Once a road was last spoken of, days after an incident carry it by what such days do.
    """
    history, usual = known.history, steps.usual
    seen = np.flatnonzero(history.is_seen)
    last = int(seen[-1]) if seen.size else 0
    rows = history.seen.shape[1]
    pressed = (
        number
        for number in range(last, rows - 1)
        if steps.bears_on(history.first_day + timedelta(days=number))
    )
    filtered = next(pressed, rows - 1)
    given = np.repeat(history.seen[:, : filtered + 1], len(usual), axis=0)
    now = forward(usual, long_run(usual), given)[0][:, -1]
    for day in range(filtered, rows - 1):
        step = steps.after(history.first_day + timedelta(days=day))
        now = (now[:, np.newaxis] @ step)[:, 0]
    return now


def _shocks(
    watched: SharedDays, drawn: Sequence[Rates], ways: Sequence[Way], seed: int
) -> tuple[Floats, str]:
    count = SAMPLES
    if len({road for road, _ in ways}) < 2:
        return np.zeros(count), "One road alone shares no shock."
    most = np.min([closing_chance(matrix(rates)) for rates in drawn], axis=0)
    shocks = shock_samples(watched, most, np.random.default_rng(seed))
    return shocks, (
        f"All roads shut together on {watched.shut} of {watched.watched} days on which two or more were known to "
        "be usable the day before and are known again; at most the road that closes least closes by it."
    )


def _named(finding: Finding, picture: Picture) -> Finding:
    return Finding(
        finding.code,
        finding.severity,
        finding.subject,
        picture.say(finding.text),
        finding.values,
        finding.basis,
    )


def _decided_named(decision: Decided, picture: Picture) -> Decided:
    return Decided(
        decision.day, decision.status, decision.by, picture.say(decision.how), decision.basis
    )
