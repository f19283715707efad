"""Stocks, days of cover and run-out by place and goods, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import Block, Cell, Column, Drawing, Table, Text, Value, cell
from corridor.briefs.citing import claim_cell, claimed, computed, ranged, with_denials
from corridor.briefs.editions import Edition
from corridor.briefs.figures import cover as field
from corridor.picture import StockLine
from corridor.values import say_number

_COVER_COLUMNS = (
    Column("Goods"),
    Column("Counted, by whom"),
    Column("Stock", is_number=True),
    Column("Need a day", is_number=True),
    Column("Days of cover", is_number=True),
    Column("Runs out"),
    Column("Planning starts from", is_number=True),
)


def cover(edition: Edition) -> tuple[Block, ...]:
    """Return stocks, days of cover and run-out, drawn and as a table."""
    lines = edition.picture.stocks
    if not lines:
        return ()
    table = Table(
        "cover",
        "Stocks and days of cover",
        _COVER_COLUMNS,
        tuple(_cover_rows(edition, lines)),
        (
            "Corridor divides the stock by the need a day. ",
            "The low end takes the lowest stock, the highest need and use since the count.",
        ),
    )
    panel = field.draw(edition.picture, lines)
    drawing = Drawing(
        "cover",
        "Days of cover",
        "Days that the stock lasts at each place, by goods: a number and a word in each field.",
        (panel,) if panel else (),
        table,
    )
    return (drawing,)


def _cover_rows(edition: Edition, lines: Iterable[StockLine]) -> Iterator[tuple[Cell, ...]]:
    place = ""
    for line in lines:
        if line.place != place:
            place = line.place
            yield (cell(edition.picture.name(place)),)
        yield _cover_row(edition, line)


def _cover_row(edition: Edition, line: StockLine) -> tuple[Cell, ...]:
    picture = edition.picture
    counts: list[Text] = [
        (
            *claim_cell(edition, claim.report, claim.quantity),
            f", {words.observed(claim.report, picture.settings.time_zone)}",
        )
        for claim in picture.claims_in_order(line.counts.latest)
    ]
    if line.adopted is not None:
        counts.append(
            (
                "The operation adopted ",
                Value(words.amount(line.adopted.statement.quantity), (line.adopted.id,)),
            )
        )
    return (
        cell(picture.name(line.commodity)),
        cell(*_lines(counts)) if counts else cell(words.NO_REPORT),
        cell(ranged(edition, line.stock, line.counts.latest)),
        cell(computed(line.need_per_day) if line.need_per_day.is_known else "no need known"),
        cell(computed(line.days_of_cover) if line.days_of_cover.is_known else "unknown"),
        cell(_run_out(edition, line)),
        cell(_cautious(line)),
    )


def _lines(parts: list[Text]) -> list[str | Value]:
    return [
        item for number, part in enumerate(parts) for item in (("\n",) if number else ()) + part
    ]


def _cautious(line: StockLine) -> Text:
    if line.cautious is None:
        return ("no figure",)
    shown = words.rounded(line.cautious) or Decimal(0)
    number = Value(
        f"{say_number(shown)} {line.unit}",
        line.stock.basis,
        f"planning takes {line.cautious_why}",
        line.cautious,
        line.cautious,
        line.cautious,
        line.unit,
    )
    return (number,)


def _run_out(edition: Edition, line: StockLine) -> Text:
    """Say the days between which the stock runs out, from the ends of the days of cover."""
    picture, zone = edition.picture, edition.picture.settings.time_zone
    ends = [line.days_of_cover.low, line.days_of_cover.high]
    if ends[0] is None and ends[1] is None:
        return ("unknown",)
    days = [
        None
        if end is None
        else words.short_day(picture.at + timedelta(minutes=int(end * 1440)), zone)
        for end in ends
    ]
    first, last = days
    text = (
        first
        if first == last
        else f"{first} to {last}"
        if first and last
        else f"from {first}"
        if first
        else f"by {last}"
    )
    return (
        Value(
            text or "", line.days_of_cover.basis, "the moment of this brief plus the days of cover"
        ),
    )


def on_the_way(edition: Edition) -> tuple[Block, ...]:
    """Return numbered consignments on the way and what is expected from outside."""
    picture, zone = edition.picture, edition.picture.settings.time_zone
    blocks: list[Block] = []
    if picture.transit:
        columns = (
            Column("Number"),
            Column("Goods"),
            Column("To"),
            Column("Still on the way", is_number=True),
        )
        rows = tuple(
            (
                cell(t.consignment),
                cell(picture.name(t.commodity)),
                cell(picture.name(t.destination)),
                cell(computed(t.quantity)),
            )
            for t in picture.transit
        )
        remark = ("Corridor takes what was received from what was dispatched under one number.",)
        blocks.append(Table("transit", "Numbered consignments on the way", columns, rows, remark))
    if picture.supply.pipeline:
        expects = (
            Column("Who says so"),
            Column("Amount", is_number=True),
            Column("Goods"),
            Column("Where"),
            Column("When"),
        )
        expected = sorted(
            picture.supply.pipeline,
            key=lambda r: (
                r.statement.expected_from,
                picture.settings.place_in_order(r.claimant)[0],
                r.order,
            ),
        )
        blocks.append(
            Table(
                "pipeline",
                "Expected from outside",
                expects,
                tuple(
                    (
                        cell(edition.who(r.claimant)),
                        cell(with_denials(edition, r, (claimed(edition, r),))),
                        cell(picture.name(r.statement.commodity)),
                        cell(picture.name(r.statement.place)),
                        cell(
                            words.span(r.statement.expected_from, r.statement.expected_until, zone)
                        ),
                    )
                    for r in expected
                ),
            )
        )
    return tuple(blocks)
