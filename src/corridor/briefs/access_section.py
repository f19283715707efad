"""Roads as claimants describe them, passages asked for and answered, movements notified."""

from __future__ import annotations

from datetime import timedelta

from corridor.briefs import words
from corridor.briefs.brief import (
    Block,
    Cell,
    Column,
    Drawing,
    Heading,
    Sentence,
    Table,
    Text,
    Value,
    cell,
)
from corridor.briefs.citing import CORRIDOR, tally, with_denials
from corridor.briefs.editions import Edition
from corridor.briefs.figures import map as sketch
from corridor.briefs.telling import users
from corridor.picture import RoadLine
from corridor.registers.access import Notification, Passage, RoadView
from corridor.report import Report
from corridor.standards import VEHICLE_CLASSES

_ROADS = (
    Column("Road and direction"),
    Column("For whom"),
    Column("Stands as"),
    Column("Who says what"),
    Column("Held by the operation"),
)
_PASSAGES = (
    Column("Request"),
    Column("Road and direction"),
    Column("Window asked for"),
    Column("Asked of, for"),
    Column("Answer"),
)
_NOTIFIED = (
    Column("Who moves"),
    Column("Who was told"),
    Column("State"),
    Column("Road and window"),
    Column("What, as said"),
)
# Claims that stopped holding longer ago are counted, not listed.
_RECENT = timedelta(days=14)
_STATUS = {"unspecified": "unknown"}


def access(edition: Edition) -> tuple[Block, ...]:
    """Return what this edition may say of roads, passages and notifications."""
    blocks = [*_roads(edition), *_passages(edition)] if edition.is_whole else []
    if edition.has_gaps:
        blocks.extend(_notifications(edition))
    return tuple(blocks)


def status_word(line: RoadLine) -> str:
    """Say how a road stands; no claim that still holds is unknown, never open."""
    return _STATUS.get(line.status, line.status)


def _roads(edition: Edition) -> list[Block]:
    picture = edition.picture
    if not picture.roads:
        return [Sentence(CORRIDOR, (f"notes: {words.NO_REPORT} of a road.",))]
    table = Table(
        "roads",
        "Roads, by direction and user",
        _ROADS,
        tuple(_road_row(edition, line) for line in picture.roads),
        ("Of the claims that still hold the most cautious leads. Unknown is not open.",),
    )
    panel = sketch.draw(picture)
    description = (
        "A sketch of places and roads, without any boundary. Each direction of a road is a line "
        "of its own: solid open, dotted restricted, barred closed, dashed unknown."
    )
    return [
        Drawing("map", "Places, roads and stocks", description, (panel,) if panel else (), table)
    ]


def _road_row(edition: Edition, line: RoadLine) -> tuple[Cell, ...]:
    dispute = ", claimants differ" if line.is_disputed else ""
    denied = ", denied" if any(edition.denials(view.report.id) for view in line.leading) else ""
    order = edition.picture.settings.place_in_order
    views = sorted(
        line.views, key=lambda v: (not v.is_current, order(v.claimant)[0], v.report.order)
    )
    since = edition.picture.at - _RECENT
    shown = [view for view in views if view.is_current or view.valid_until >= since]
    said = [_view(edition, view) for view in shown]
    older = [view for view in views if view not in shown]
    if older:
        said.append((_older(older),))
    holds: list[Text] = [
        (
            Value(f"Nothing leaves, decided by {hold.statement.decided_by}", (hold.id,)),
            f": {hold.statement.reason}",
        )
        for hold in line.holds
    ]
    return (
        cell(words.road_label(edition.picture, line.road, line.towards)),
        cell(users(line.user, line.cargo)),
        cell(f"{status_word(line)}{dispute}{denied}", _heaviest(line)),
        cell(lines(said)) if said else cell(words.NO_REPORT),
        cell(lines(holds)) if holds else cell("not held"),
    )


def _heaviest(line: RoadLine) -> Text:
    """Say the heaviest vehicle that the claims which hold still let through."""
    if line.heaviest_class is None:
        return ()
    said = [v for v in line.views if v.is_current and v.report.statement.heaviest_class is not None]
    basis = tuple(view.report.id for view in said)
    method = "the lightest of the heaviest classes that holding claims name"
    return ("\n", Value(f"up to {VEHICLE_CLASSES[line.heaviest_class]}", basis, method))


def _older(views: list[RoadView]) -> Value:
    """Say how many claims stopped holding long ago; each still has its entry among the sources."""
    return tally(
        len(views),
        "older claim; it no longer holds",
        "older claims; none of them holds",
        f"claims that stopped holding more than {_RECENT.days} days before this brief, counted",
        [view.report.id for view in views],
    )


def lines(parts: list[Text]) -> Text:
    """Put groups of parts on lines of their own."""
    return tuple(
        item for number, part in enumerate(parts) for item in (("\n",) if number else ()) + part
    )


def _view(edition: Edition, view: RoadView) -> Text:
    zone = edition.picture.settings.time_zone
    is_said = view.status != "unspecified"
    word = view.status if is_said else "no status"
    both = " both ways" if view.towards is None and is_said else ""
    # An end the claimant gave is theirs; otherwise it is the operation's rule that ends it.
    by = "as said" if view.report.statement.valid_until else "by the operation's rule"
    until = f"until {words.clock(view.valid_until, zone)}, {by}"
    ends = f" ({until})" if view.is_current else f" (no longer holds; {until})"
    text = f": {view.report.statement.text}" if view.report.statement.text else ""
    claim = Value(f"{word}{both}", (view.report.id,))
    head = f"{edition.who(view.claimant)} {words.verb(view.report)} "
    return with_denials(edition, view.report, (head, claim, f"{ends}{text}"))


def _passages(edition: Edition) -> list[Block]:
    picture, zone = edition.picture, edition.picture.settings.time_zone
    rows = []
    for code, passage in sorted(
        picture.access.passages.items(), key=lambda item: (item[1].request.window_from, item[0])
    ):
        asked = passage.request
        vehicles: Text = ("",)
        if asked.vehicles is not None:
            vehicles = (
                ", ",
                Value(words.counted(asked.vehicles, "vehicle", "vehicles"), passage.basis[:1]),
            )
        rows.append(
            (
                cell(Value(code, passage.basis[:1])),
                cell(words.road_label(picture, asked.road, asked.towards)),
                cell(words.span(asked.window_from, asked.window_until, zone)),
                cell(f"{edition.who(asked.asked_of)}, for {edition.who(asked.carrier)}", vehicles),
                cell(_answer(edition, passage)),
            )
        )
    if not rows:
        return []
    return [
        Table(
            "passages",
            "Passages asked for, and the answers",
            _PASSAGES,
            tuple(rows),
            ("A request is not permission.",),
        )
    ]


def _answer(edition: Edition, found: Passage) -> Text:
    answer = found.answer
    if answer is None or found.answered_by is None:
        return ("No answer is recorded",)
    said = Value(
        f"{edition.who(found.answered_by)} says {answer.answer.replace('_', ' ')}", found.basis[1:]
    )
    more: list[str | Value] = [f"; conditions: {answer.conditions}" if answer.conditions else ""]
    if answer.vehicles is not None:
        more += [
            "; at most ",
            Value(words.counted(answer.vehicles, "vehicle", "vehicles"), found.basis[1:]),
        ]
    if answer.escort:
        armed = {True: "armed", False: "unarmed", None: "armed or not is not said"}[
            answer.escort_armed
        ]
        more.append(f"; escort by {edition.who(answer.escort)}, {armed}")
    if answer.valid_until:
        more.append(
            f"; until {words.clock(answer.valid_until, edition.picture.settings.time_zone)}"
        )
    return (said, *(part for part in more if part != ""))


def _notifications(edition: Edition) -> list[Block]:
    reports = edition.reports(Notification)
    if not reports:
        return []
    rows = tuple(
        _notified(edition, report)
        for report in sorted(reports, key=lambda r: (r.statement.window_from, r.order))
    )
    remark = (
        "A notification makes a movement known. It is not a request, and nobody approves it.",
    )
    return [
        Heading("Notified movements"),
        Table("notifications", "Movements notified", _NOTIFIED, rows, remark),
    ]


def _notified(edition: Edition, report: Report[Notification]) -> tuple[Cell, ...]:
    said, zone = report.statement, edition.picture.settings.time_zone
    shows = edition.shows_route(report)
    where = words.road_label(edition.picture, said.road, said.towards)
    when = words.span(said.window_from, said.window_until, zone)
    return (
        cell(edition.who(said.carrier)),
        cell(edition.who(said.notified_to)),
        cell(
            with_denials(
                edition,
                report,
                (
                    Value(said.state, (report.id,)),
                    f", {edition.who(report.claimant)} {words.verb(report)}",
                ),
            )
        ),
        cell(f"{where}\n{when}" if shows else "not in this edition"),
        cell((said.items or "not stated") if shows else "not in this edition"),
    )
