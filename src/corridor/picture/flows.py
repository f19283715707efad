"""Announcements that may speak of one cargo, and runs told with amounts exchanged, kept up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from corridor.ledger.archive import Archive
from corridor.ledger.snapshot import Snapshot
from corridor.picture.exchanges import exchanged_in, run_of
from corridor.picture.overlaps import LINKS_KEPT, Links, is_flow
from corridor.picture.rows import Rows
from corridor.picture.tables import NumberOf
from corridor.registers.general import Settings
from corridor.registers.geography import Geography
from corridor.registers.supply import Supply
from corridor.report import Report
from corridor.values import Finding


class Flows:
    """What `corridor.picture.overlaps.overlaps` returns, kept up while movements come and go."""

    def __init__(self) -> None:
        self._turned: list[tuple[Report[Any], bool]] = []
        self._links: Links | None = None
        self._kept: tuple[Snapshot, Archive] | None = None
        self._runs = Rows()
        self._given: tuple[Any, ...] = ()
        self._relations: tuple[Any, ...] = ()

    def turn(self, report: Report[Any], *, is_in: bool) -> None:
        """Take a movement in, or out."""
        self._turned.append((report, is_in))

    def fold(
        self, goods: Supply, lands: Geography, settings: Settings
    ) -> Iterable[tuple[Any, tuple[Finding, ...]]]:
        """Return the findings that may have changed, by where they come from.

        All is compared anew only where what lies within what, what is part of what, a unit or a
        rule changed.
        """
        given = (goods.commodities, lands, settings)
        is_same = len(self._given) == 3 and all(
            a is b for a, b in zip(given, self._given, strict=True)
        )
        self._given = given
        relations = self._relations if is_same else _relations(goods, lands, settings)
        is_other, self._relations = relations != self._relations, relations
        turned, self._turned = self._turned, []
        if is_other:
            before, self._runs = self._runs, Rows()
            self._runs.changed.update(before, before.changed)
            yield from ((source, ()) for source in self._links_of(given).sources())
            self._links, self._kept = Links(goods.commodities, lands, settings), None
            turned = [(report, True) for report in goods.consignments if is_flow(report)]
        for report, is_in in turned:
            links = self._links_of(given)
            (links.add if is_in else links.remove)(report)
            run = run_of(report, settings.time_zone)
            if run is not None:
                (self._runs.put if is_in else self._runs.take)(run, report)
        if self._links is not None:
            for source, finding in self._links.changes():
                yield source, () if finding is None else (finding,)
        for run in self._runs.drain():
            told = list(self._runs.of(run))
            yield ("run", run), tuple(exchanged_in(run, told, settings.time_zone))

    def save(self, number: NumberOf) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        links: dict[str, Any] = {}
        if self._links is not None:
            links = self._links.save()
        elif self._kept is not None:
            links = {name: self._kept[0][name] for name in LINKS_KEPT}
        return {"runs": self._runs.save(number), **links}

    def restore(
        self,
        kept: Snapshot,
        archive: Archive,
        relating: tuple[Supply, Geography, Settings],
    ) -> None:
        """Take what was saved; what may be one cargo is looked into when a movement is turned."""
        self._runs.restore(archive, lambda: kept["runs"])
        self._kept = (kept, archive)
        self._relations = _relations(*relating)

    def _links_of(self, given: tuple[Any, ...]) -> Links:
        if self._links is None:
            self._links = Links(*given)
            if self._kept is not None:
                self._links.restore(*self._kept)
        return self._links


def _relations(goods: Supply, lands: Geography, settings: Settings) -> tuple[Any, ...]:
    """Return all that decides whether two announcements may speak of one cargo."""
    return (
        {c.commodity: (c.unit, c.kg_per_unit, c.part_of) for c in goods.commodities.values()},
        {place.place: place.within for place in lands.places.values()},
        settings.double_count_days,
        settings.time_zone,
    )
