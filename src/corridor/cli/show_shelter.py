"""What the commands about sites print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.table import Table

from corridor.cli.show import console
from corridor.picture import Picture
from corridor.picture.document import finding
from corridor.picture.sites import SitesView
from corridor.planning.allocation import Allocation, Family, Rules
from corridor.shelter import Ask
from corridor.values import Finding, PlaceCode, say_number, write_time

_MARK = re.compile("⟦([^⟧]*)⟧")


def gaps(view: Picture, found: SitesView) -> None:
    """Print what sites have of what is asked, and what to ask the supply desk for."""
    out = console()
    if not found.coverage:
        known = f"{view.known_at.astimezone(view.settings.time_zone):%d %b %Y}"
        out.print(f"No site is described in what was known on {known} (see `corridor kinds site`).")
    unknown: dict[PlaceCode, list[str]] = {}
    for line in found.coverage:
        if line.has.is_known:
            out.print(f"- {_named(view, line.text)}", markup=False)
        else:
            unknown.setdefault(line.place, []).append(line.service.replace("_", " "))
    for place, services in unknown.items():
        out.print(
            f"- {view.name(place)}: no report received of {', '.join(services)}.", markup=False
        )
    if found.asks:
        out.print("\nTo ask the supply desk for:")
    for ask in found.asks:
        out.print(f"- {said_ask(view, ask)}", markup=False)


def said_ask(view: Picture, ask: Ask) -> str:
    """Say what is asked for, where and for which service."""
    unit = view.supply.commodities.get(ask.commodity)
    return (
        f"{view.name(ask.place)}: {say_number(ask.quantity)} {unit.unit if unit else 'units'} of "
        f"{view.name(ask.commodity)} for {ask.service.replace('_', ' ')}"
    )


def gaps_document(view: Picture, found: SitesView) -> dict[str, Any]:
    """Return the same as a JSON document."""
    return {
        "at": write_time(view.at),
        "digest": view.digest,
        "coverage": [
            {
                "place": line.place,
                "service": line.service,
                "figure": line.figure.words,
                "source": line.figure.citation,
                "has": [_text(line.has.low), _text(line.has.best), _text(line.has.high)],
                "asked": _text(line.asked),
                "missing": _text(line.missing),
                "short_for_people": _text(line.short_for),
                "unit": line.figure.unit,
                "text": _named(view, line.text),
                "basis": list(line.basis),
            }
            for line in found.coverage
        ],
        "asks": [
            {
                "place": ask.place,
                "commodity": ask.commodity,
                "quantity": _text(ask.quantity),
                "service": ask.service,
                "basis": list(ask.basis),
            }
            for ask in found.asks
        ],
    }


def questions(findings: Sequence[Finding]) -> None:
    """Print findings with the figures behind them."""
    out = console()
    if not findings:
        out.print("Nothing is left open by what was reported.")
    for one in findings:
        out.print(f"- {one.text} [{one.code}]", markup=False)
        for label, value in one.values:
            out.print(f"    {label}: {value}", markup=False)


def questions_document(view: Picture, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the same as a JSON document."""
    return {
        "at": write_time(view.at),
        "digest": view.digest,
        "findings": [finding(found) for found in findings],
    }


def allocation(
    made: Allocation, families: Iterable[Family], rules: Rules, left_out: Sequence[tuple[str, str]]
) -> None:
    """Print who moves where, who has no place, and who can still be taken in; families are pseudonyms."""
    out = console()
    known = {family.family: family for family in families}
    new = [name for name in made.homes if not known[name].unit]
    out.print(
        f"{len(made.homes)} of {len(known) - len(made.left_to_people)} families have a place: "
        f"{len(made.homes) - len(new) - len(made.moved)} stay, {len(made.moved)} move, {len(new)} are "
        f"new; {len(made.without)} without. Room for {made.can_take} people more, in families of up "
        f"to {made.largest_family}.",
        markup=False,
    )
    table = Table(box=box.SIMPLE, title="Who moves where", title_justify="left")
    for column in ("family", "people", "from", "to"):
        table.add_column(column, justify="right" if column == "people" else "left")
    for name in (*made.moved, *new):
        family = known[name]
        table.add_row(name, str(family.people), family.unit or "new", made.homes[name])
    if table.row_count:
        out.print(table)
    for reason, names in _by_reason(made.without):
        out.print(f"Without a place, {reason}: {', '.join(names)}.", markup=False)
    if made.left_to_people:
        out.print(
            f"Left to people: {', '.join(made.left_to_people)}. An unaccompanied child is placed by a "
            "person, with the protection focal point.",
            markup=False,
        )
    table = Table(box=box.SIMPLE, title="Units with room, or too full", title_justify="left")
    for column in ("unit", "people", "floor left, m2", "can still take"):
        table.add_column(column, justify="left" if column == "unit" else "right")
    for left in made.left:
        if left.can_take or left.floor_m2 < -rules.floor_each_m2:
            table.add_row(
                left.unit, str(left.people), f"{left.floor_m2:.1f}", str(left.can_take or "-")
            )
    if table.row_count:
        out.print(table)
    for reason, names in _by_reason(left_out):
        out.print(f"Not used, {reason}: {', '.join(names)}.", markup=False)


def allocation_rules(made: Allocation, rules: Rules, source: str) -> None:
    """Print what an allocation keeps to, and how near it is to the best."""
    console().print(
        f"{rules.floor_each_m2:g} m2 for each person ({source}); up to {rules.moves_for_a_place:g} "
        f"people may be asked to move for one more place; at most {100 * made.gap:.2f} % from the best.\n"
        "A proposal for the site manager; --json holds every family and unit.",
        markup=False,
    )


def _by_reason(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for name, reason in pairs:
        found.setdefault(reason, []).append(name)
    return found.items()


def allocation_document(
    made: Allocation, rules: Rules, left_out: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Return the same as a JSON document."""
    return {
        "rules": {
            "floor_each_m2": rules.floor_each_m2,
            "moves_for_a_place": rules.moves_for_a_place,
        },
        "gap": made.gap,
        "homes": dict(made.homes),
        "moved": list(made.moved),
        "without": dict(made.without),
        "left_to_people": list(made.left_to_people),
        "units": [
            {
                "unit": left.unit,
                "people": left.people,
                "floor_left_m2": round(left.floor_m2, 2),
                "can_take": left.can_take,
            }
            for left in made.left
        ],
        "not_used": dict(left_out),
        "can_take": made.can_take,
        "largest_family": made.largest_family,
    }


def _named(view: Picture, text: str) -> str:
    return _MARK.sub(lambda match: view.name(match[1]), text)


def _text(value: Any) -> str | None:
    return None if value is None else format(value, "f")
