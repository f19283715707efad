"""What is said of a road for one direction, user and cargo; unknown is never open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corridor.registers.access import Access, Cargo, RoadStatus, RoadView, Status, User
from corridor.registers.decisions import Decisions, Hold
from corridor.registers.geography import Geography, Road
from corridor.report import Report
from corridor.values import PartyCode, PlaceCode, ReportId, RoadCode

# Of several claims the most cautious leads; "unspecified" says nothing and leads only when alone.
_CAUTION: tuple[Status, ...] = ("unspecified", "open", "restricted", "closed", "abandoned")


@dataclass(frozen=True, slots=True)
class RoadLine:
    """One road in one direction for one kind of user and cargo.

    Attributes
    ----------
    status
        The most cautious of the claims that still hold; "unspecified" where none does.
    is_disputed
        Whether claimants whose claims still hold say different things.
    views
        Each claimant's latest claim that bears on it, those that expired included.
    valid_until
        When the leading claim stops holding; None where none holds.
    heaviest_class
        Heaviest vehicle that any holding claim still lets through; None where none says.
    holds
        Decisions of the operation that nothing leaves by it.
    """

    road: RoadCode
    towards: PlaceCode
    user: User
    cargo: Cargo
    status: Status
    is_disputed: bool
    views: tuple[RoadView, ...]
    valid_until: datetime | None
    heaviest_class: int | None
    holds: tuple[Report[Hold], ...]
    basis: tuple[ReportId, ...]

    @property
    def leading(self) -> tuple[RoadView, ...]:
        """The claims that hold and say what the line says."""
        return tuple(v for v in self.views if v.is_current and v.status == self.status)


@dataclass(frozen=True, slots=True)
class RoadAnswer:
    """Who said what about one road, direction, user and cargo at a moment. It is not a yes or no.

    Attributes
    ----------
    holding
        Each claimant's latest claim that bears on the question and still held.
    expired
        Claims that bear on it and no longer held.
    nearby
        Current claims about the same road for another user, cargo or direction.
    denials
        Reports that deny one of them.
    """

    road: RoadCode
    towards: PlaceCode
    user: User
    cargo: Cargo
    at: datetime
    holding: tuple[RoadView, ...]
    expired: tuple[RoadView, ...]
    nearby: tuple[RoadView, ...]
    denials: tuple[Report[Any], ...]


def road_lines(geography: Geography, access: Access, decisions: Decisions) -> tuple[RoadLine, ...]:
    """Return a line for humanitarian goods on every road both ways, and for every other claim."""
    views: dict[RoadCode, list[RoadView]] = {}
    for view in access.views:
        views.setdefault(view.road, []).append(view)
    return tuple(
        line
        for code, road in sorted(geography.roads.items())
        for line in lines_of(road, tuple(views.get(code, ())), holds_on(code, decisions))
    )


def holds_on(road: RoadCode, decisions: Decisions) -> tuple[Report[Hold], ...]:
    """Return the decisions that nothing leaves by a road."""
    return tuple(hold for hold in decisions.holds if hold.statement.road == road)


def lines_of(
    road: Road, views: tuple[RoadView, ...], holds: tuple[Report[Hold], ...]
) -> tuple[RoadLine, ...]:
    """Return the lines of one road from every claimant's latest word on it."""
    lines: list[RoadLine] = []
    for towards in (road.end, road.start):
        asked: dict[tuple[User, Cargo], None] = {("humanitarian", "all"): None}
        asked |= {
            (view.user, view.cargo): None
            for view in views
            if view.towards in (None, towards) and (view.user, view.cargo) != ("all", "all")
        }
        lines.extend(
            _line(road.road, towards, user, cargo, views, holds) for user, cargo in sorted(asked)
        )
    return tuple(lines)


def road_answer(
    access: Access, road: RoadCode, towards: PlaceCode, user: User, cargo: Cargo, at: datetime
) -> RoadAnswer:
    """Answer "could this user with this cargo take this road that way?" with claims."""
    views = [view for view in access.views if view.road == road]
    bearing = _latest_by_claimant(v for v in views if _bears(v, towards, user, cargo))
    told = {view.report.id for view in bearing}
    return RoadAnswer(
        road,
        towards,
        user,
        cargo,
        at,
        tuple(v for v in bearing if v.is_current),
        tuple(v for v in bearing if not v.is_current),
        tuple(v for v in views if v.report.id not in told and v.is_current),
        tuple(d for v in views for d in access.denials.get(v.report.id, ())),
    )


def _line(
    road: RoadCode,
    towards: PlaceCode,
    user: User,
    cargo: Cargo,
    views: Iterable[RoadView],
    holds: Iterable[Report[Hold]],
) -> RoadLine:
    bearing = _latest_by_claimant(v for v in views if _bears(v, towards, user, cargo))
    current = [view for view in bearing if view.is_current]
    status: Status = max(
        (view.status for view in current), key=_CAUTION.index, default="unspecified"
    )
    leading = [view for view in current if view.status == status]
    classes = [_class_of(view.report) for view in current]
    stated = [heaviest for heaviest in classes if heaviest is not None]
    return RoadLine(
        road,
        towards,
        user,
        cargo,
        status,
        len({view.status for view in current} - {"unspecified"}) > 1,
        bearing,
        max((view.valid_until for view in leading), default=None),
        min(stated, default=None),
        tuple(hold for hold in holds if hold.statement.towards in (None, towards)),
        tuple(sorted(view.report.id for view in bearing)),
    )


def _bears(view: RoadView, towards: PlaceCode, user: User, cargo: Cargo) -> bool:
    return (
        view.towards in (None, towards)
        and view.user in ("all", user)
        and view.cargo in ("all", cargo)
    )


def _latest_by_claimant(views: Iterable[RoadView]) -> tuple[RoadView, ...]:
    last: dict[PartyCode, RoadView] = {}
    for view in sorted(views, key=lambda v: v.report.order):
        last[view.claimant] = view
    return tuple(sorted(last.values(), key=lambda v: v.report.order))


def _class_of(report: Report[RoadStatus]) -> int | None:
    return report.statement.heaviest_class
