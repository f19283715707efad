"""What people need a day, by place and commodity."""

from __future__ import annotations

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Heading, Sentence, Table, Text, cell
from corridor.briefs.citing import CORRIDOR, computed, ranged
from corridor.briefs.editions import Edition
from corridor.briefs.small_cells import NOT_SHOWN
from corridor.picture import StockLine
from corridor.values import PlaceCode

_COLUMNS = (
    Column("Goods"),
    Column("A person and day", is_number=True),
    Column("Need a day", is_number=True),
)


def needs(edition: Edition) -> tuple[Block, ...]:
    """Return the needs table, or the sentence that none could be computed."""
    picture = edition.picture
    lines = [line for line in picture.stocks if line.need_per_day.is_known]
    if not lines:
        said = Sentence(
            CORRIDOR,
            ("holds no figure of need: no report received gives both people and a need rate.",),
        )
        return (Heading("Needs"), said)
    rows: list[tuple[Cell, ...]] = []
    place = ""
    for line in lines:
        if line.place != place:
            place = line.place
            rows.append(
                (cell(f"{picture.name(place)}, people to supply: ", _people(edition, line)),)
            )
        is_hidden = not edition.small.places.isdisjoint(supplied(edition, line.place))
        need = computed(
            line.need_per_day,
            method=f"{line.need_per_day.method}, over everyone supplied from there",
        )
        rows.append(
            (
                cell(picture.name(line.commodity)),
                cell(computed(line.rate)),
                cell(NOT_SHOWN if is_hidden else need),
            )
        )
    remark = (
        "Corridor multiplies the people claimed by the need rate; ",
        "the low end takes the lowest claim, the high end the highest.",
    )
    return (Heading("Needs"), Table("needs", "Need a day, by place", _COLUMNS, tuple(rows), remark))


def supplied(edition: Edition, depot: PlaceCode) -> tuple[PlaceCode, ...]:
    """Return the places with people counted that are supplied from a place, it included."""
    places = edition.picture.geography.places
    found = []
    for line in edition.picture.people:
        known = places.get(line.place)
        if (known.served_from if known and known.served_from else line.place) == depot:
            found.append(line.place)
    return tuple(found)


def _people(edition: Edition, line: StockLine) -> Text:
    picture = edition.picture
    parts: list[Text] = []
    served = supplied(edition, line.place)
    for group in picture.people:
        if group.place not in served:
            continue
        tail = (
            ""
            if group.place == line.place and len(served) == 1
            else f" at {picture.name(group.place)}"
        )
        shown: Text = (NOT_SHOWN,)
        if group.place not in edition.small.places:
            shown = ranged(edition, group.now, group.series.latest, unit="")
        parts.append((*shown, tail))
    if not parts:
        return (words.NO_REPORT,)
    flat = [
        item for number, part in enumerate(parts) for item in (("; ",) if number else ()) + part
    ]
    return tuple(flat)
