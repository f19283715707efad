"""Many raw mappings at once: all of them are read, or everything that is wrong is named."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from corridor.errors import InvalidReport, Problem
from corridor.intake.tables import Row
from corridor.reading import Context, content_key, declared, read
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
        The rows that were refused.
    """

    reports: tuple[Report[Any], ...]
    problems: tuple[Problem, ...]
    refused: tuple[Row, ...]


def read_batch(
    rows: Iterable[Row],
    context: Context,
    *,
    kind: str = "",
    progress: Callable[[int], object] | None = None,
) -> Batch:
    """Read many rows.

    1. What the batch itself declares (places, roads, claimants, settings) counts as declared for all of it.
    2. A row without a key gets one from its content and its number among equal rows.
    3. Every row goes through the door; nothing is recorded here.
    """
    taken = list(rows)
    context = _declared_in(taken, context, kind)
    seen: Counter[str] = Counter()
    reports: list[Report[Any]] = []
    problems: list[Problem] = []
    refused: list[Row] = []
    for number, row in enumerate(taken, start=1):
        if progress is not None and number % 1000 == 0:
            progress(number)
        wrong = [row.problem] if row.problem else []
        if not wrong:
            raw = row.raw
            if not raw.get("key"):
                plain = content_key(raw, str(raw.get("kind", kind)))
                raw = {**raw, "key": content_key(raw, str(raw.get("kind", kind)), seen[plain])}
                seen[plain] += 1
            try:
                reports.append(read(raw, context, kind))
                continue
            except InvalidReport as refusal:
                wrong = [dataclasses.replace(p, where=row.where) for p in refusal.problems]
        problems.extend(wrong)
        refused.append(row)
    return Batch(tuple(reports), tuple(problems), tuple(refused))


def _declared_in(rows: list[Row], context: Context, kind: str) -> Context:
    known = {what: set(codes) for what, codes in context.known.items()}
    for row in rows:
        found = declared(row.raw, kind)
        if found is not None:
            known.setdefault(found[0], set()).add(found[1])
        context = _with_setting(row, context)
    return dataclasses.replace(context, known=known)


def _with_setting(row: Row, context: Context) -> Context:
    name, value = row.raw.get("name"), row.raw.get("value")
    if row.raw.get("kind") != "setting" or not isinstance(name, str) or not isinstance(value, str):
        return context
    rule = SETTINGS.get(name)
    if rule is None or not rule.accepts(value):
        return context
    if name == "time_zone":
        return dataclasses.replace(context, zone=rule.read(value))
    return (
        dataclasses.replace(context, handling=rule.read(value))
        if name == "default_handling"
        else context
    )
