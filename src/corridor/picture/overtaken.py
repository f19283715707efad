"""Convoys that were released and may not go: whoever grants their passage refused, revoked or closed since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from corridor.registers.access import Access
from corridor.registers.decisions import ConvoyReleased, Decisions
from corridor.registers.geography import Geography
from corridor.report import Report
from corridor.values import Finding, ReportId, named

_STOPPING = frozenset({"refused", "revoked", "delayed"})
_SHUT = frozenset({"closed", "abandoned"})


def overtaken(
    decided: Decisions, roads: Access, lands: Geography, at: datetime
) -> Iterator[Finding]:
    """Yield a finding for each release whose window is not over and whose passage is stopped.

    Only the word of whoever was asked for the passage, or grants that of the road, stops it; that
    another says the road is open releases nothing.
    """
    for report in decided.releases:
        said = report.statement
        if said.window_until < at:
            continue
        for how, basis in (*_answers(said, roads), *_closures(said, roads, lands)):
            yield Finding(
                "release_overtaken",
                "act",
                said.road,
                f"{how}; the {said.decided_by} released a convoy by {named(said.road)} towards "
                f"{named(said.towards)} in that time. It is held until it is released again.",
                basis=tuple(sorted({report.id, *basis})),
            )


def _answers(said: ConvoyReleased, roads: Access) -> Iterator[tuple[str, tuple[ReportId, ...]]]:
    for code, passage in sorted(roads.passages.items()):
        asked, answer, by = passage.request, passage.answer, passage.answered_by
        meets = asked.window_from <= said.window_until and said.window_from <= asked.window_until
        is_its = (asked.road, asked.towards) == (said.road, said.towards) and meets
        if is_its and answer is not None and by is not None and answer.answer in _STOPPING:
            yield f"{named(by)} says passage {code} is {answer.answer}", passage.basis


def _closures(
    said: ConvoyReleased, roads: Access, lands: Geography
) -> Iterator[tuple[str, tuple[ReportId, ...]]]:
    road = lands.roads.get(said.road)
    for view in roads.views:
        report: Report[Any] = view.report
        is_its = view.road == said.road and view.towards in (None, said.towards)
        is_for = view.user in ("all", "humanitarian") and view.cargo == "all"
        if (
            is_its
            and is_for
            and road is not None
            and view.claimant == road.granted_by
            and view.status in _SHUT
            and report.begins <= said.window_until
            and said.window_from <= view.valid_until
        ):
            yield f"{named(view.claimant)} says {named(said.road)} is {view.status}", (report.id,)
