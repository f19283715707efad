"""What counts of people at each place leave open, kept up: only the places whose counts changed are asked again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from corridor.ledger.snapshot import Snapshot
from corridor.picture.packing import packed, unpacked
from corridor.picture.tables import PeopleTable
from corridor.registers.people import Subject
from corridor.report import Handling, clears
from corridor.shelter import (
    Shares,
    movement_questions,
    places_of,
    protection_questions,
    shares_of,
)
from corridor.values import Finding, PlaceCode

_NOBODY = Shares((), None)


class Asking:
    """Questions by place; shares of children are compared over all places.

    Parameters
    ----------
    clearance
        Below restricted, nothing is asked that is for the protection focal point.
    """

    def __init__(self, clearance: Handling) -> None:
        self._asks_for_protection = clears(clearance, "restricted")
        self._told: dict[PlaceCode, set[Subject]] = {}
        self._shares: dict[PlaceCode, Shares] = {}
        self._zone: tzinfo | None = None

    def fold(
        self, table: PeopleTable, moved: Iterable[Subject], zone: tzinfo
    ) -> Iterator[tuple[Any, tuple[Finding, ...]]]:
        """Yield what changed counts leave open now, by where it comes from."""
        stale: set[PlaceCode] = set()
        for subject in moved:
            for place in places_of(subject):
                members = self._told.setdefault(place, set())
                (members.add if subject in table.register else members.discard)(subject)
                stale.add(place)
        if zone != self._zone:
            stale, self._zone = set(self._told), zone
        before = dict(self._shares) if stale else self._shares
        for place in stale:
            told = {s: table.register[s] for s in table.rows.in_order(self._told[place])}
            yield ("moves", place), tuple(movement_questions(place, told, zone))
            if self._asks_for_protection:
                self._keep(place, shares_of(place, told, zone))
        if before != self._shares:
            yield "protection", protection_questions(self._shares)

    def save(self) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        return {"shares": [[packed(p), packed(found)] for p, found in self._shares.items()]}

    def restore(self, kept: Snapshot, register: Mapping[Subject, Any], zone: tzinfo) -> None:
        """Take what was saved."""
        self._zone = zone
        for subject in register:
            for place in places_of(subject):
                self._told.setdefault(place, set()).add(subject)
        self._shares = {unpacked(place): unpacked(found) for place, found in kept["shares"]}

    def _keep(self, place: PlaceCode, found: Shares) -> None:
        if found == _NOBODY:
            self._shares.pop(place, None)
        else:
            self._shares[place] = found
