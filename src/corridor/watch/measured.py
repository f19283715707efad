"""Everything the watch works out of a picture: coverage, incidents, and the measures, each with its basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from corridor.hazards import Hazards
from corridor.picture import Picture
from corridor.picture.ceasefire import CeasefireView, ceasefire_of
from corridor.values import Estimate, PartyCode, ReportId
from corridor.watch.change import Change, change
from corridor.watch.circles import EARTH_KM
from corridor.watch.estimates import too_few
from corridor.watch.excitation import Excitation, excitation, spread
from corridor.watch.from_picture import ALL, WINDOW_DAYS, Event, Floats, Series, series_of
from corridor.watch.knox import Knox, knox
from corridor.watch.pressing import chances, is_supposed
from corridor.watch.rate import RateSince, sensitivity
from corridor.watch.scan import MINIMUM_CASES, Limits, Scan, Study
from corridor.watch.scan_coarse import CoarseScan, scan_coarse
from corridor.watch.verified import Verified, verified

ONE_SIDE_ALONE = "every incident counted is the claim of one side alone"
UNDECLARED = "no version of a ceasefire says when it began"

# Scans of coarse places moved: of many incidents fewer, for the time they take.
_MOVES, _FEW_MOVES, _MANY = 20, 5, 2000


@dataclass(frozen=True, slots=True)
class Choices:
    """What a named person may choose; all of it is printed with the measures.

    Attributes
    ----------
    radius_km, cluster_days, replicas
        Largest circle and longest window of a cluster, and deals of the days.
    near_km, within_days
        What counts as close, for the Knox test.
    ahead_days
        Days for which the chance that a road is open is given.
    even_effort
        Take every day as watched alike, whatever was said of coverage.
    seed
        Of every draw.
    """

    radius_km: float = 20.0
    cluster_days: int = 28
    replicas: int = 999
    near_km: float = 5.0
    within_days: int = 7
    ahead_days: int = 14
    even_effort: bool = False
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A cluster in words of the operation: when, where, and who reported what is in it."""

    first_day: date
    last_day: date
    centre: tuple[float, float]
    radius_km: float
    events: tuple[Event, ...]
    expected: float
    p: Estimate
    recurrence: Estimate

    @property
    def reported_by(self) -> tuple[PartyCode, ...]:
        """Those the incidents in it go back to."""
        return tuple(dict.fromkeys(origin for event in self.events for origin in event.origins))


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """What the watch of a ceasefire finds, at the moment of a picture.

    Attributes
    ----------
    view, series
        The register it rests on, and its incidents and effort by day.
    rates
        The rate since the declaration, for each selection of reports; empty where it is withheld.
    withheld
        Why no verdict on the rate is given; empty where one is.
    changed
        One change at an unknown time; None where all is one side's claims.
    scanned, clusters
        The scan, with how it fares when incidents known roughly are moved within their precision; and
        its clusters in the operation's words, strongest first.
    self_excitation, close_pairs
        Whether incidents bring others, and the test that assumes less.
    roads
        The chance that each road is open on the coming days; None without roads.
    supposed
        The same if what is alleged were so; None where nothing is alleged. No plan takes it.
    scores
        How good the forecasts issued before were.
    basis
        The reports the measures rest on: those of the incidents counted, and of coverage.
    """

    picture: Picture
    choices: Choices
    view: CeasefireView
    series: Series
    rates: Mapping[str, RateSince]
    withheld: str
    changed: Change | None
    scanned: CoarseScan
    clusters: tuple[Found, ...]
    self_excitation: Excitation
    close_pairs: Knox
    roads: Hazards | None
    supposed: Hazards | None
    scores: Verified
    basis: tuple[ReportId, ...]

    @property
    def last_before(self) -> date | None:
        """The likeliest last day before a change of the rate; None where there is none to name."""
        if self.changed is None or self.changed.likeliest is None:
            return None
        return self.series.days[self.changed.likeliest]


def watch(picture: Picture, choices: Choices) -> Watch:
    """Work out every measure from a picture; each says "too few to say" where it is so."""
    view = ceasefire_of(picture)
    series = series_of(picture, view, even_effort=choices.even_effort)
    withheld = why_withheld(series)
    effort = series.effort
    changed = change(series.counts[ALL], effort.by_day, unit=effort.unit)
    scanned, clusters = _clusters(series, choices)
    return Watch(
        picture,
        choices,
        view,
        series,
        {} if withheld else _rates(series),
        withheld,
        None if withheld == ONE_SIDE_ALONE else changed,
        scanned,
        clusters,
        _excitation(series, choices),
        _knox(series, choices),
        roads_ahead(picture, choices),
        roads_ahead(picture, choices, suppose=True)
        if any(map(is_supposed, view.incidents.states.values()))
        else None,
        verified(picture, series),
        tuple(sorted({*effort.basis, *(name for event in series.events for name in event.basis)})),
    )


def why_withheld(series: Series) -> str:
    """Say why no verdict on the rate is given; empty where one may be.

    One side's claims alone tell how much that side reports.
    """
    if series.declared is None:
        return UNDECLARED
    start = (series.declared.first_day - series.days[0]).days - WINDOW_DAYS
    alone = {event.alone for event in series.events if event.day >= start}
    return ONE_SIDE_ALONE if len(alone) == 1 and None not in alone else ""


def roads_ahead(picture: Picture, choices: Choices, *, suppose: bool = False) -> Hazards | None:
    """Return the chance that each road is open on the coming days; None where there is no road.

    It rests on what is said of the roads and on corroborated incidents near them; with `suppose` what is
    alleged counts as if it were corroborated.
    """
    if not picture.geography.roads:
        return None
    today = picture.at.astimezone(picture.settings.time_zone).date()
    days = [today + timedelta(days=n) for n in range(1, choices.ahead_days + 1)]
    ways = [(code, road.end) for code, road in sorted(picture.geography.roads.items())]
    return chances(picture, days, ways, seed=choices.seed, suppose=suppose)


def _rates(series: Series) -> Mapping[str, RateSince]:
    assert series.declared is not None
    start = (series.declared.first_day - series.days[0]).days
    return sensitivity(
        series.counts,
        series.effort.by_day,
        min(start, len(series.days)),
        window=WINDOW_DAYS,
        unit=series.effort.unit,
    )


def _located(series: Series) -> tuple[list[Event], Floats]:
    events = [event for event in series.events if event.point is not None]
    points = np.array([event.point for event in events], dtype=np.float64).reshape(-1, 2)
    return events, points


def _clusters(series: Series, choices: Choices) -> tuple[CoarseScan, tuple[Found, ...]]:
    events, points = _located(series)
    places, place = np.unique(points, axis=0, return_inverse=True)
    if not events:
        few = too_few(0, MINIMUM_CASES, "incidents with a place", "")
        return CoarseScan(Scan((), few, np.empty(0)), few, few), ()
    study = Study(
        places[:, 0],
        places[:, 1],
        place.reshape(-1).astype(np.int64),
        np.array([event.day for event in events], dtype=np.int64),
        len(series.days) - 1,
    )
    looks = 1
    if series.declared is not None:
        looks = (series.days[-1] - series.declared.first_day).days + 1
    limits = Limits(
        choices.radius_km,
        choices.cluster_days,
        choices.replicas,
        # A watch of years looks back no further than a window: earlier looks share nothing with it.
        min(max(looks, 1), choices.cluster_days),
    )
    precision = np.array([event.precision_km for event in events])
    moves = _MOVES if len(events) <= _MANY else _FEW_MOVES
    coarse = scan_coarse(study, precision, limits, seed=choices.seed, moves=moves)
    found = coarse.as_given
    clusters = []
    for cluster in found.clusters:
        inside = tuple(events[case] for case in cluster.cases)
        latitude, longitude = places[cluster.centre]
        clusters.append(
            Found(
                series.days[cluster.first_day],
                series.days[cluster.last_day],
                (float(latitude), float(longitude)),
                cluster.radius_km,
                inside,
                cluster.expected,
                cluster.p,
                cluster.recurrence,
            )
        )
    return coarse, tuple(clusters)


def _excitation(series: Series, choices: Choices) -> Excitation:
    days = np.array([event.day for event in series.events], dtype=np.float64)
    precision = np.array([event.precision_days for event in series.events], dtype=np.float64)
    # What may reach past the last day stays within it.
    until = float(len(series.days))
    return excitation(np.minimum(spread(days, precision, choices.seed), until), until)


def _knox(series: Series, choices: Choices) -> Knox:
    events, points = _located(series)
    latitude, longitude = np.radians(points).T
    scale = np.cos(latitude.mean()) if len(events) else 1.0
    return knox(
        EARTH_KM * longitude * scale,
        EARTH_KM * latitude,
        np.array([event.day for event in events], dtype=np.float64),
        near=choices.near_km,
        within=float(choices.within_days),
        seed=choices.seed,
    )
