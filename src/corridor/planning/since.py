"""What changed since a moment, and why: roads, stops and loads, each with the reports behind it.

The plan is set beside the one for the same days by what was known at that moment, so that what changed is
what reports did and not that a day went by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from corridor.hazards import Hazards, RoadHazard
from corridor.picture import Picture
from corridor.planning.plan import Plan
from corridor.planning.problem import Problem
from corridor.registers.access import PassageAnswer, PassageRequest, RoadStatus
from corridor.registers.decisions import RoadOutlook
from corridor.registers.incidents import Evidence, Incident, Mandate, Verification
from corridor.report import Report
from corridor.statements import KIND_OF
from corridor.values import CommodityCode, PlaceCode, ReportId, RoadCode, named

# A smaller change of a chance, or of a load in parts of it, is none.
_CHANCE, _LOAD = 0.005, 0.01


class Way(NamedTuple):
    """A road, the end towards which goods go, and the day they leave; None for several days."""

    road: RoadCode
    towards: PlaceCode
    day: date | None


# They speak of an incident, which is named once for all of them.
_OF_INCIDENTS = (Incident, Verification, Evidence, Mandate)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at a moment: the picture, its problem, and the plan made of it."""

    picture: Picture
    problem: Problem
    plan: Plan


@dataclass(frozen=True, slots=True)
class RoadChanged:
    """A road whose chance of being usable changed.

    Attributes
    ----------
    day
        The day on which it changed most; `before` and `after` are of that day, 0 to 1.
    mean_before, mean_after
        The mean over the days planned.
    because
        The reports behind it in words, one entry each; codes to be named.
    """

    road: RoadCode
    towards: PlaceCode
    day: date
    before: float
    after: float
    mean_before: float
    mean_after: float
    because: tuple[str, ...]
    basis: tuple[ReportId, ...]

    @property
    def text(self) -> str:
        """The change as a sentence, with codes to be named."""
        verb = "fell" if self.after < self.before else "rose"
        return (
            f"The chance that convoys can use {named(self.road)} towards {named(self.towards)} on "
            f"{self.day.isoformat()} {verb} from {self.before:.0%} to {self.after:.0%}, and over all days "
            f"planned from {self.mean_before:.0%} to {self.mean_after:.0%} on average, by what was learned: "
            f"{'; '.join(self.because)}."
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """Goods that go by another road, or that more or less of leaves by a road.

    Attributes
    ----------
    by, instead_of
        The way they go now, and the one they went; None where there is none.
    is_ordered
        Whether it is of the days whose convoys are ordered, each of which is named; else of the
        outlook behind them, all its days together.
    """

    commodity: CommodityCode
    unit: str
    amount: float
    by: Way | None
    instead_of: Way | None
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class Since:
    """What changed between two moments of knowing, for the same days.

    Attributes
    ----------
    moment
        What was known then is compared with what is known now.
    learned
        Reports learned since, that the picture holds.
    stops
        Why no convoy leaves by a road on a day on which one could have left, in words.
    others
        Reports learned since that name no road's chance, counted by kind.
    """

    moment: datetime
    learned: int
    roads: tuple[RoadChanged, ...]
    stops: tuple[str, ...]
    moved: tuple[Moved, ...]
    others: tuple[tuple[str, int], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every change as a sentence, with codes to be named."""
        alike: dict[tuple[Way | None, Way | None, bool], list[Moved]] = {}
        for each in self.moved:
            by, instead_of = each.by, each.instead_of
            if by and instead_of and by[:2] != instead_of[:2]:
                # From one road to another, whatever the days.
                by, instead_of = by._replace(day=None), instead_of._replace(day=None)
            alike.setdefault((by, instead_of, each.is_ordered), []).append(each)
        moved = tuple(_moved_text(ways, many) for ways, many in alike.items())
        return (*(each.text for each in self.roads), *self.stops, *moved)


def usual_moment(picture: Picture) -> datetime:
    """Return the moment to compare with where none is asked for: the last plan approved, else a day ago."""
    approved = [report.learned_at for report in picture.decisions.plans]
    return max(approved, default=picture.known_at - timedelta(days=1))


def since(now: Known, before: Known) -> Since:
    """Compare what is known now with what was known before, for the same days."""
    new = [r for name, r in now.picture.reports.items() if name not in before.picture.reports]
    roads = tuple(_roads(now, before))
    told = {name for changed in roads for name in changed.basis}
    others: dict[str, int] = {}
    for report in new:
        if report.id not in told:
            kind = KIND_OF[type(report.statement)]
            others[kind] = others.get(kind, 0) + 1
    return Since(
        before.picture.known_at,
        len(new),
        roads,
        tuple(_stops(now.problem, before.problem)),
        (*_moved(now.plan, before.plan, True), *_moved(now.plan, before.plan, False)),
        tuple(sorted(others.items())),
    )


def _roads(now: Known, before: Known) -> Iterator[RoadChanged]:
    if now.problem.hazards is None or before.problem.hazards is None:
        return
    earlier = {(r.road, r.towards): n for n, r in enumerate(before.problem.hazards.roads)}
    ahead, behind = now.problem.hazards.p_usable().best, before.problem.hazards.p_usable().best
    for number, road in enumerate(now.problem.hazards.roads):
        other = earlier.get((road.road, road.towards))
        if other is None:
            continue
        change = ahead[:, number] - behind[:, other]
        most = int(np.abs(change).argmax())
        if abs(change[most]) < _CHANCE:
            continue
        was = before.problem.hazards.roads[other]
        because = tuple(_because(now.picture, before.picture, road, was))
        yield RoadChanged(
            road.road,
            road.towards,
            now.problem.days[most],
            round(float(behind[most, other]), 6),
            round(float(ahead[most, number]), 6),
            round(float(behind[:, other].mean()), 6),
            round(float(ahead[:, number].mean()), 6),
            tuple(text for text, _ in because) or (_by_others(now.problem.hazards),),
            tuple(dict.fromkeys(name for _, basis in because for name in basis)),
        )


def _because(
    now: Picture, before: Picture, road: RoadHazard, was: RoadHazard
) -> Iterator[tuple[str, tuple[ReportId, ...]]]:
    """Yield what is new behind a road's chances in words, with its reports."""
    new = set(road.basis) - set(was.basis)
    reports = sorted((now.reports[name] for name in new), key=lambda report: report.order)
    for report in reports:
        text = _says(now, report)
        if text:
            yield text, (report.id,)
    had = {near.incident: near for near in was.near}
    for near in road.near:
        if near.incident not in had:
            km = "" if near.km is None else f", {near.km:.0f} km from it"
            yield (
                f"incident {near.incident} of {near.day.isoformat()} is {near.rung}{km}",
                near.basis,
            )
    for near in was.near:
        if near.incident not in {each.incident for each in road.near}:
            yield f"incident {near.incident} no longer counts", near.basis
    gone = sorted(set(was.basis) - set(road.basis))
    lost = [name for name in gone if not isinstance(before.reports[name].statement, _OF_INCIDENTS)]
    if lost:
        what = "report counts" if len(lost) == 1 else "reports count"
        yield f"{len(lost)} {what} no longer", ()


def _says(picture: Picture, report: Report[Any]) -> str:
    who, said = named(report.claimant), report.statement
    match said:
        case PassageAnswer():
            state = "granted under conditions" if said.answer == "conditions" else said.answer
            return f"{who} says passage {said.request} is {state.replace('_', ' ')}"
        case RoadStatus():
            verb = {"announced": "announced", "promised": "promised"}.get(report.speech_act, "says")
            denials = picture.access.denials.get(report.id, ())
            denied = f", which {named(denials[-1].claimant)} denies" if denials else ""
            return f"{who} {verb} that it is {said.status}{denied}"
        case RoadOutlook():
            return f"the {said.declared_by} declares how long it stays open and shut"
        case PassageRequest() | Incident() | Verification() | Evidence() | Mandate():
            return ""
    return f"{who} reports of it"


def _by_others(hazards: Hazards) -> str:
    return (
        "what is said of the other roads, or a setting, changed"
        if len(hazards.roads) > 1
        else "a setting changed"
    )


def _stops(now: Problem, before: Problem) -> Iterator[str]:
    """Yield why nothing leaves on ordered days on which something could have left before."""
    ordered = range(min(now.aims.whole_vehicle_days, len(now.days)))
    legs = {(leg.road, leg.end): number for number, leg in enumerate(before.legs)}
    for number, leg in enumerate(now.legs):
        other = legs.get((leg.road, leg.end))
        by_reason: dict[str, list[date]] = {}
        for day in ordered:
            reason = now.why_not.get((day, number))
            could = other is not None and (day, other) not in before.why_not
            if reason and could and not now.may_depart[day, number]:
                by_reason.setdefault(reason, []).append(now.days[day])
        for reason, days in by_reason.items():
            *others, last = (day.isoformat() for day in days)
            on = f"{', '.join(others)} and {last}" if others else last
            yield (
                f"No convoy leaves by {named(leg.road)} towards {named(leg.end)} on {on}: "
                f"{reason.removesuffix('.')}."
            )


def _moved(now: Plan, before: Plan, is_ordered: bool) -> Iterator[Moved]:
    """Yield loads on other roads: of each good, what left one road is paired with what another gained."""
    after, earlier = _loads(now, is_ordered), _loads(before, is_ordered)
    units = {
        load.commodity: load.unit for p in (before, now) for c in p.convoys for load in c.loads
    }
    for commodity in sorted({good for good, _ in (*after, *earlier)}):
        ways = sorted({way for good, way in (*after, *earlier) if good == commodity}, key=_place)
        change = {
            way: after.get((commodity, way), 0.0) - earlier.get((commodity, way), 0.0)
            for way in ways
        }
        least = _LOAD * max(_total(after, commodity), _total(earlier, commodity))
        gained = {way: by for way, by in change.items() if by > least}
        lost = {way: -by for way, by in change.items() if by < -least}
        found: list[tuple[Way | None, Way | None, float]] = []
        # First what leaves that day by another road, then what waits for another day.
        for to, source in sorted(product(gained, lost), key=lambda pair: pair[0][2] != pair[1][2]):
            amount = min(gained[to], lost[source])
            gained[to] -= amount
            lost[source] -= amount
            found.append((to, source, amount))
        found += [(to, None, amount) for to, amount in gained.items()]
        found += [(None, source, amount) for source, amount in lost.items()]
        for by, instead_of, amount in found:
            if amount > least:
                unit = units[commodity]
                yield Moved(commodity, unit, round(amount, 6), by, instead_of, is_ordered)


def _moved_text(ways: tuple[Way | None, Way | None, bool], moved: Sequence[Moved]) -> str:
    """Say what goes another way, goods that go the same way together."""
    by, instead_of, is_ordered = ways
    sums: dict[tuple[str, CommodityCode], float] = {}
    for each in moved:
        key = (each.unit, each.commodity)
        sums[key] = sums.get(key, 0.0) + each.amount
    goods = ", ".join(f"{_amount(sums[key])} {key[0]} of {named(key[1])}" for key in sums)
    when = "" if is_ordered else ", in the outlook on later days"
    if by and instead_of and by[:2] == instead_of[:2]:
        return f"On {_way(by)} {goods} leave on {_on(by)} and not on {_on(instead_of)}."
    if by and instead_of:
        return f"{goods} moved from {_way(instead_of)} to {_way(by)}{when}."
    if by:
        return f"By {_way(by)}{_dated(by)} leaves more{when}: {goods}."
    assert instead_of is not None
    return f"By {_way(instead_of)}{_dated(instead_of)} leaves less{when}: {goods}."


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:,.1f}"


def _place(way: Way) -> tuple[date, str, str]:
    return (way.day or date.min, way.road, way.towards)


def _on(way: Way) -> str:
    return way.day.isoformat() if way.day else "later days"


def _dated(way: Way) -> str:
    return f" on {way.day.isoformat()}" if way.day else ""


def _loads(made: Plan, is_ordered: bool) -> dict[tuple[CommodityCode, Way], float]:
    found: dict[tuple[CommodityCode, Way], float] = {}
    for convoy in made.convoys:
        if convoy.is_indicative is not is_ordered:
            for load in convoy.loads:
                day = convoy.day if is_ordered else None
                key = (load.commodity, Way(convoy.road, convoy.end, day))
                found[key] = found.get(key, 0.0) + load.amount
    return found


def _total(loads: Mapping[tuple[CommodityCode, Way], float], commodity: CommodityCode) -> float:
    return sum(amount for (good, _), amount in loads.items() if good == commodity)


def _way(way: Way) -> str:
    return f"{named(way.road)} towards {named(way.towards)}"
