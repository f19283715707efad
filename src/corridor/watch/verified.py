"""Forecasts as they are issued, and how good they were once their days have passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from corridor.hazards import Hazards
from corridor.hazards.history import RoadHistory, history_of
from corridor.picture import Picture
from corridor.registers.forecasts import IncidentForecast, RoadForecast
from corridor.report import Report
from corridor.values import Estimate, PlaceCode, ReportId, RoadCode
from corridor.watch.discount import forecasts
from corridor.watch.estimates import estimate, too_few
from corridor.watch.from_picture import ALL, WINDOW_DAYS, Series
from corridor.watch.scores import (
    MINIMUM_FORECASTS,
    Bools,
    Comparison,
    Floats,
    ReliabilityRow,
    compare,
    coverage,
    log_score,
    reliability,
)

# Days ahead for which forecasts are issued: of roads, and of counts of incidents.
ROAD_HORIZONS = (1, 3, 7, 14)
COUNT_HORIZONS = (7, 28)
# Fewer incidents than these forecast no count.
_FEWEST_INCIDENTS = 10
_LEVEL = 0.90
_Way = tuple[RoadCode, PlaceCode]
_Forecast = RoadForecast | IncidentForecast


@dataclass(frozen=True, slots=True)
class Verified:
    """How good the forecasts were whose days have passed.

    Attributes
    ----------
    issued, passed
        Forecasts issued, and of these those whose last day has passed.
    untold
        Of those passed, the ones of which nobody told, or claimants differ on, what came.
    comparison
        Of roads: Brier score beside that of the share of the last 90 days.
    log_score, reference_log_score
        Mean natural log of the chance given to what came; nearer to 0 is better.
    rows
        Of roads: what was said, and how often it came.
    held
        Of counts: part of the 90 % intervals that held what came.
    """

    issued: int
    passed: int
    untold: int
    comparison: Comparison
    log_score: Estimate
    reference_log_score: Estimate
    rows: tuple[ReliabilityRow, ...]
    held: Estimate
    basis: tuple[ReportId, ...]


def to_issue(
    picture: Picture, series: Series, roads: Hazards | None
) -> tuple[Mapping[str, str], ...]:
    """Return the fields of the forecasts to issue at the moment of a picture, one mapping a report.

    Of each road the chance that it can be used in 1, 3, 7 and 14 days, with the share of the last 90 days on
    which it could; with ten incidents or more, their count over the next 7 and 28 days.
    """
    return (*_of_roads(picture, roads), *_of_counts(picture, series))


def issued_on(picture: Picture, day: date) -> bool:
    """Tell whether forecasts of a day were issued already: the first are the ones that count."""
    return any(_issue_day(report, picture) == day for report in _forecasts(picture))


def verified(picture: Picture, series: Series) -> Verified:
    """Score every forecast whose last day has passed, by what is known now of what came.

    Of a road and day on which all who speak of it agree what came is told; of a count, where each of its
    days was watched. Forecasts of one road, day and horizon count once: the first issued.
    """
    today = _today(picture)
    every = tuple(_first_issued(picture))
    passed = [report for report in every if _last_day(report.statement) < today]
    told: list[tuple[float, float, bool]] = []
    counted: list[tuple[float, float, float]] = []
    histories: dict[_Way, RoadHistory] = {}
    for report in passed:
        match report.statement:
            case IncidentForecast() as said:
                came = _counted(series, said)
                if came is not None:
                    ends = float(said.count.lowest or 0), float(said.count.highest or 0)
                    counted.append((*ends, came))
            case RoadForecast() as said if said.road in picture.geography.roads:
                way = (said.road, said.towards)
                if way not in histories:
                    histories[way] = history_of(picture, *way)
                usable = _usable_on(histories[way], said.day)
                if usable is not None and said.reference is not None:
                    told.append((float(said.chance), float(said.reference), usable))
    table = np.array(told, dtype=np.float64).reshape(-1, 3)
    chance, reference, came_true = table[:, 0], table[:, 1], table[:, 2] > 0
    basis = tuple(sorted(report.id for report in passed))
    compared = compare(chance, reference, came_true)
    return Verified(
        len(every),
        len(passed),
        len(passed) - len(told) - len(counted),
        replace(
            compared,
            brier=_on(compared.brier, basis),
            reference_brier=_on(compared.reference_brier, basis),
            skill=_on(compared.skill, basis),
        ),
        _on(_log(chance, came_true), basis),
        _on(_log(reference, came_true), basis),
        reliability(chance, came_true) if len(told) >= MINIMUM_FORECASTS else (),
        _on(coverage(*np.array(counted).reshape(-1, 3).T), basis),
        basis,
    )


def recent_share(history: RoadHistory, days: int = WINDOW_DAYS) -> float | None:
    """Return the share of the last days of which all agree, on which a road could be used; None without any."""
    possible = history.possible[-days:]
    certain = history.is_seen[-days:] & (possible.sum(axis=1) == 1)
    if not certain.any():
        return None
    return float((~possible[certain, 2]).mean())


def _of_roads(picture: Picture, roads: Hazards | None) -> Iterator[Mapping[str, str]]:
    if roads is None:
        return
    today = _today(picture)
    usable = roads.p_usable(level=_LEVEL).best
    for number, road in enumerate(roads.roads):
        lately = recent_share(history_of(picture, road.road, road.towards))
        for horizon in ROAD_HORIZONS:
            day = today + timedelta(days=horizon)
            if day not in roads.days:
                continue
            row = {
                "kind": "road_forecast",
                "day": day.isoformat(),
                "road": road.road,
                "towards": road.towards,
                "chance": f"{usable[roads.days.index(day), number]:.4f}",
                "method": f"corridor watch, {road.method}, seed {roads.seed}",
            }
            if lately is not None:
                row["reference"] = f"{lately:.4f}"
            yield _row(picture, row, horizon)


def _of_counts(picture: Picture, series: Series) -> Iterator[Mapping[str, str]]:
    effort = series.effort.by_day
    counts = np.where(effort > 0, series.counts[ALL], 0.0)
    if counts.sum() < _FEWEST_INCIDENTS:
        return
    for horizon in COUNT_HORIZONS:
        found = forecasts(counts, effort, np.array([len(counts)]), horizon)
        if not found.ahead[0] > 0:
            continue
        low, high = (int(end[0]) for end in found.interval(_LEVEL))
        mean = Decimal(f"{found.shape[0] * found.ahead[0] / found.effort[0]:.1f}")
        best = f"{min(max(mean, Decimal(low)), Decimal(high)):f}"
        row = {
            "kind": "incident_forecast",
            "last_day": (_today(picture) + timedelta(days=horizon)).isoformat(),
            "count": f"{low}-{high} times" if low < high else f"{low} times",
            "method": f"discount filter, {found.discount[0]:g} a day; mean {best}",
        }
        yield _row(picture, row, horizon)


def _row(picture: Picture, fields: dict[str, str], horizon: int) -> Mapping[str, str]:
    today = _today(picture)
    key = "-".join(
        (
            today.isoformat(),
            fields.get("road", "incidents"),
            fields.get("towards", ""),
            str(horizon),
        )
    )
    return {
        "channel": "watch",
        "key": key,
        "handling": "restricted",
        "observed": picture.at.isoformat(),
        "horizon_days": str(horizon),
        "picture": picture.digest,
    } | fields


def _today(picture: Picture) -> date:
    return picture.at.astimezone(picture.settings.time_zone).date()


def _last_day(said: _Forecast) -> date:
    return said.day if isinstance(said, RoadForecast) else said.last_day


def _forecasts(picture: Picture) -> Iterator[Report[_Forecast]]:
    for report in picture.reports.values():
        is_one = isinstance(report.statement, RoadForecast | IncidentForecast)
        if is_one and report.speech_act != "denied":
            yield report


def _issue_day(report: Report[_Forecast], picture: Picture) -> date:
    return report.as_of.astimezone(picture.settings.time_zone).date()


def _first_issued(picture: Picture) -> Iterator[Report[_Forecast]]:
    first: dict[tuple[object, ...], Report[_Forecast]] = {}
    for report in sorted(_forecasts(picture), key=lambda report: (report.learned_at, report.id)):
        said = report.statement
        way = (said.road, said.towards) if isinstance(said, RoadForecast) else ()
        last = _last_day(said)
        # What was entered when its day had come is no forecast.
        if report.learned_at.astimezone(picture.settings.time_zone).date() < last:
            first.setdefault((way, last, said.horizon_days), report)
    yield from first.values()


def _usable_on(history: RoadHistory, day: date) -> bool | None:
    row = (day - history.first_day).days
    if not 0 <= row < len(history.is_seen) or not history.is_seen[row]:
        return None
    if history.possible[row].sum() > 1:
        return None
    return not bool(history.possible[row, 2])


def _counted(series: Series, said: IncidentForecast) -> float | None:
    last = (said.last_day - series.days[0]).days
    first = last - said.horizon_days + 1
    if first < 0 or not (series.effort.by_day[first : last + 1] > 0).all():
        return None
    return float(series.counts[ALL][first : last + 1].sum())


def _log(chance: Floats, came: Bools) -> Estimate:
    if chance.size < MINIMUM_FORECASTS:
        return too_few(chance.size, MINIMUM_FORECASTS, "forecasts", "")
    method = f"mean natural log of the chance given to what came, {chance.size:,} forecasts"
    return estimate(log_score(chance, came), None, "", method)


def _on(found: Estimate, basis: tuple[ReportId, ...]) -> Estimate:
    return replace(found, basis=basis)
