"""Many raw mappings at once: all of them are read, or everything that is wrong is named."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from corridor.errors import InvalidReport, Problem
from corridor.intake.tables import Row
from corridor.reading import DECLARES, Context, content_key, declared, read
from corridor.registers.general import SETTINGS
from corridor.report import Report


@dataclass(frozen=True, slots=True)
class Batch:
    """What reading many rows gave.

    Attributes
    ----------
    reports
        The rows that were read, in order.
    problems
        Everything wrong with the others, each with its row.
    refused
        The rows that were refused, each with its key and all that is wrong with it.
    """

    reports: tuple[Report[Any], ...]
    problems: tuple[Problem, ...]
    refused: tuple[Row, ...]


def read_batch(
    rows: Iterable[Row],
    context: Context,
    *,
    kind: str = "",
    keep_good: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Batch:
    """Read many rows.

    1. A row without a key gets one from its content and its number among equal rows.
    2. What the batch itself declares (places, roads, claimants, settings) counts as declared for
       all of it.
    3. Every row goes through the door; nothing is recorded here.
    4. Where the good rows are to be kept without the others, they are read again without what a
       refused row declared, until none of them leans on one.
    """
    seen: Counter[str] = Counter()
    taken = [(number, with_key(row, kind, seen)) for number, row in enumerate(rows, start=1)]
    refused: list[tuple[int, Row]] = []
    while True:
        within = declared_in((row for _, row in taken), context, kind)
        reports: list[Report[Any]] = []
        good: list[tuple[int, Row]] = []
        bad: list[tuple[int, Row]] = []
        for number, row in taken:
            if progress is not None and number % 1000 == 0:
                progress(number)
            made = read_row(row, within, kind)
            if isinstance(made, Report):
                reports.append(made)
                good.append((number, row))
            else:
                bad.append((number, made))
        refused.extend(bad)
        if not keep_good or not any(_is_leant_on(row, kind) for _, row in bad):
            break
        taken = good
    in_order = tuple(row for _, row in sorted(refused, key=lambda numbered: numbered[0]))
    return Batch(tuple(reports), tuple(p for row in in_order for p in row.problems), in_order)


def with_key(row: Row, kind: str, seen: Counter[str]) -> Row:
    """Return the row with a key; `seen` counts equal rows that came without one."""
    raw = row.raw
    if raw.get("key"):
        return row
    # A row that could not be split is itself by its text alone.
    content = {**raw, "": list(map(str, row.cells))} if row.problems else raw
    plain = content_key(content, str(raw.get("kind", kind)))
    ordinal = seen[plain]
    seen[plain] += 1
    keyed = {**raw, "key": f"{plain}-{ordinal}" if ordinal else plain}
    return Row(row.where, keyed, row.problems, row.cells, row.names)


def read_row(row: Row, context: Context, kind: str) -> Report[Any] | Row:
    """Return the report that a row makes, or the row with all that is wrong with it."""
    wrong = list(row.problems)
    if not wrong or len(row.raw) > 1:
        try:
            report = read(row.raw, context, kind)
            if not wrong:
                return report
        except InvalidReport as refused:
            said = {problem.field for problem in wrong}
            wrong.extend(p for p in refused.problems if not _is_said(p.field, said))
    return row._replace(problems=tuple(dataclasses.replace(p, where=row.where) for p in wrong))


def _is_said(field: str, said: Collection[str]) -> bool:
    whole, _, part = field.partition(".")
    return field in said or (whole in said and part in ("low", "best", "high"))


def _is_leant_on(row: Row, kind: str) -> bool:
    return bool(declared(row.raw, kind)) or row.raw.get("kind", kind) == "setting"


def declared_in(rows: Iterable[Row], context: Context, kind: str) -> Context:
    """Return the context as the rows themselves extend it: their codes, their settings."""
    if kind and kind not in DECLARES and kind != "setting":
        return context
    known = {what: set(codes) for what, codes in context.known.items()}
    for row in rows:
        for what, code in declared(row.raw, kind):
            known.setdefault(what, set()).add(code)
        context = _with_setting(row, context, kind)
    return dataclasses.replace(context, known=known)


def _with_setting(row: Row, context: Context, kind: str) -> Context:
    name, value = row.raw.get("name"), row.raw.get("value")
    if (row.raw.get("kind") or kind) != "setting":
        return context
    if not isinstance(name, str) or not isinstance(value, str):
        return context
    rule = SETTINGS.get(name)
    if rule is None or not rule.accepts(value):
        return context
    if name == "time_zone":
        return dataclasses.replace(context, zone=rule.read(value))
    if name == "area":
        return dataclasses.replace(context, area=rule.read(value))
    return (
        dataclasses.replace(context, handling=rule.read(value))
        if name == "default_handling"
        else context
    )
