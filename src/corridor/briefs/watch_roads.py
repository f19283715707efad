"""The roads ahead as the watch has them: the chance of each, what drives it, and what allegations would do."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Drawing, Sentence, Table, Value, cell
from corridor.briefs.citing import CORRIDOR
from corridor.briefs.editions import Edition
from corridor.briefs.figures import strips
from corridor.hazards import Interval
from corridor.values import ReportId
from corridor.watch.measured import Watch

_METHODS = {
    "fitted": "fitted to the changes of status reported",
    "declared": "a named person's range",
    "assumed": "a wide assumption",
}
_LEVEL = 0.9
# Incidents of a what-if that are named.
_MOST_NAMED = 6


def roads(edition: Edition, watch: Watch) -> tuple[Block, ...]:
    """Return the chance that each road can be used on the coming days, with what it rests on."""
    ahead = watch.roads
    if ahead is None:
        return (Sentence(CORRIDOR, ("knows of no road.",)),)
    marks = sorted({day for day in (0, 2, 6, len(ahead.days) - 1) if day < len(ahead.days)})
    usable = ahead.p_usable(level=_LEVEL)
    method = (
        f"chance that the road is open or restricted, over a chain of its statuses (seed {ahead.seed}); "
        f"middle {_LEVEL:.0%} of what is known of it"
    )
    rows = []
    drives = []
    for number, road in enumerate(ahead.roads):
        shown = [_usable(usable, (day, number), road.basis, method) for day in marks]
        label = words.road_label(edition.picture, road.road, road.towards)
        moved = f", moved by {_incidents(len(road.near))}" if road.near else ""
        rests = f"{_METHODS[road.method]}{moved}"
        rows.append((cell(label), *shown, cell(rests, Value("", road.basis, method))))
        drives.append(
            Sentence(
                CORRIDOR,
                (
                    f"takes for {label}: ",
                    Value(edition.picture.say(road.said), road.basis, method, is_marked=False),
                ),
            )
        )
        if_so = _if_so(edition, watch, number, marks, method)
        if if_so is not None:
            rows.append(if_so[0])
            drives.append(if_so[1])
    columns = (
        Column("Road and direction"),
        *(Column(words.short_date(ahead.days[day]), is_number=True) for day in marks),
        Column("Rests on"),
    )
    remark = (
        (
            "What is said of the roads, announcements and answers of whoever grants the passage come first; "
            "incidents move a chance only where they are corroborated or better and near the road. What is "
            "alleged and not corroborated stands beside it as a what-if, and no plan takes it."
        ),
    )
    title = f"Chance that a road can be used in the next {len(ahead.days)} days"
    panels = tuple(
        strips.draw(
            words.road_label(edition.picture, road.road, road.towards),
            ahead.days,
            usable.best[:, number].tolist(),
            road.is_decided.tolist(),
        )
        for number, road in enumerate(ahead.roads)
    )
    says = "A field a day, filled by the chance that the road is open or restricted."
    table = Table("roads-open-days", title, columns, tuple(rows), remark)
    return (Drawing("roads-open", title, says, panels, table), *drives)


def _usable(
    usable: Interval, at: tuple[int, int], basis: tuple[ReportId, ...], method: str
) -> Cell:
    """Return the chance at a day and road, with its interval."""
    low, best, high = (ends[at] for ends in usable)
    return cell(
        Value(
            f"{words.share(float(best))} ({low * 100:.0f}-{high:.0%})",
            basis,
            method,
            _decimal(low),
            _decimal(best),
            _decimal(high),
            "share",
            is_marked=False,
        )
    )


def _incidents(count: int) -> str:
    return words.counted(count, "incident", "incidents")


def _if_so(
    edition: Edition, watch: Watch, number: int, marks: Sequence[int], method: str
) -> tuple[tuple[Cell, ...], Sentence] | None:
    """Return the row of a road if what is alleged near it were so, and who alleges it; None where nothing is."""
    if watch.roads is None or watch.supposed is None:
        return None
    taken = {near.incident for near in watch.roads.roads[number].near}
    road = watch.supposed.roads[number]
    alleged = [near for near in road.near if near.incident not in taken]
    if not alleged:
        return None
    states = watch.view.incidents.states
    by = {origin for near in alleged for origin in states[near.incident].origins}
    who = words.listed([edition.who(code) for code in edition.picture.in_order(by)])
    basis = tuple(sorted({name for near in alleged for name in near.basis}))
    usable = watch.supposed.p_usable(level=_LEVEL)
    row = (
        cell("the same, if it were so"),
        *(_usable(usable, (day, number), basis, method) for day in marks),
        cell(f"a what-if: {_incidents(len(alleged))} alleged", Value("", basis)),
    )
    label = words.road_label(edition.picture, road.road, road.towards)
    which = ", ".join(near.incident for near in alleged[:_MOST_NAMED])
    more = f" and {len(alleged) - _MOST_NAMED} more" if len(alleged) > _MOST_NAMED else ""
    said = f"asks what if, near {label}: {which}{more}, alleged by {who} and not corroborated. No plan takes it"
    return row, Sentence(CORRIDOR, (said, Value("", basis), "."))


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")
