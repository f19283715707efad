"""The findings of a picture, kept in order of consequence while single ones come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import tzinfo
from functools import cache
from typing import Any

from corridor.ledger.snapshot import Snapshot
from corridor.picture.chunks import Chunk, NameOf, changed, weight_of
from corridor.picture.consistency import count_findings
from corridor.picture.packing import packed, packed_findings, unpacked, unpacked_findings
from corridor.picture.unread import Over, Unread
from corridor.picture.view import Picture, name_of
from corridor.registers.general import Settings
from corridor.registers.geography import Geography
from corridor.registers.supply import Commodity
from corridor.values import CommodityCode, Finding

# Sources of which there may be very many; what they found is read when one of them changes.
_MANY = ("family", "count", "run", "group", "denied", "moves")


class Found:
    """All findings by where they come from, in order of consequence, with names in them."""

    def __init__(self) -> None:
        self._given: MutableMapping[Any, tuple[Finding, ...]] = {}
        self._counts: dict[Any, tuple[Any, ...]] = {}
        self._chunks: Sequence[Chunk] = ()
        self._came: list[Finding] = []
        self._went: list[Finding] = []
        self._naming: tuple[Any, ...] = ()
        self._told: Sequence[Finding] = ()

    def put(self, source: Any, findings: tuple[Finding, ...]) -> None:
        """Replace the findings of one source."""
        before = self._given.get(source, ())
        if before is findings or before == findings:
            return
        self._given[source] = findings
        now, then = Counter(findings), Counter(before)
        self._came.extend((now - then).elements())
        self._went.extend((then - now).elements())

    def drop(self, sources: Iterable[Any]) -> None:
        """Forget sources."""
        for source in sources:
            self.put(source, ())

    def keep_counts(
        self, stocks: Mapping[Any, Any], needs: Mapping[Any, Any], zone: tzinfo
    ) -> None:
        """Check each stock's counts where its claims or its need changed."""
        for key in [key for key in self._counts if key not in stocks]:
            del self._counts[key]
            self.put(("count", key), ())
        for key, held in stocks.items():
            inputs = (held, needs.get(key), zone)
            known = self._counts.get(key)
            if known is None or known[0] is not held or known != inputs:
                self._counts[key] = inputs
                self.put(("count", key), count_findings(key, *inputs))

    def named(self, view: Picture) -> Sequence[Finding]:
        """Return all findings, each once, with names in the place of codes."""
        naming = _naming(view.geography, view.supply.commodities, view.settings)
        is_same = naming == self._naming
        if is_same and not self._came and not self._went:
            return self._told
        if not is_same:
            self._naming = naming
        # The names of two findings that differ in codes alone may be the same; both are told.
        self._chunks = changed(self._chunks, self._came, self._went)
        self._came, self._went = [], []
        self._told = self._told_in(self._chunks, view.name)
        return self._told

    def given(self, source: Any) -> tuple[Finding, ...]:
        """Return the findings of one source."""
        return self._given.get(source, ())

    def save(self) -> dict[str, Any]:
        """Return what a snapshot keeps: findings in their chunks, and where each comes from."""
        places = {
            found: (number, place)
            for number, chunk in enumerate(self._chunks)
            for place, found in enumerate(chunk.found)
        }
        near: list[Any] = []
        far: list[Any] = []
        for source, found in self._given.items():
            if found and source[0] in _MANY:
                far.append([packed(source), [places[one] for one in found]])
            elif found:
                near.append([packed(source), packed_findings(found)])
        sizes = [[packed_findings(chunk.found[:1]), chunk.size] for chunk in self._chunks]
        chunks = {f"found-{n}": packed_findings(c.found) for n, c in enumerate(self._chunks)}
        counts = [[packed(key), packed(need)] for key, (_, need, _) in self._counts.items()]
        return {
            "found": sizes,
            **chunks,
            "sources": far,
            "near_sources": near,
            "counted": counts,
        }

    def restore(
        self,
        kept: Snapshot,
        stocks: Mapping[Any, Any],
        named_by: tuple[Geography, Mapping[CommodityCode, Commodity], Settings],
    ) -> None:
        """Take what was saved."""
        *_, settings = named_by

        def read(number: int) -> Callable[[], Iterable[Finding]]:
            return lambda: unpacked_findings(kept[f"found-{number}"])

        chunks = [
            Chunk(read(number), weight_of(unpacked_findings(first)[0]), size)
            for number, (first, size) in enumerate(kept["found"])
        ]
        near = {unpacked(source): found for source, found in kept["near_sources"]}
        far = cache(lambda: {unpacked(source): places for source, places in kept["sources"]})

        def given(source: Any) -> tuple[Finding, ...] | None:
            if source[0] in _MANY:
                places = far().get(source)
                return None if places is None else tuple(chunks[n].found[p] for n, p in places)
            found = near.get(source)
            return None if found is None else unpacked_findings(found)

        self._given = Over(given, lambda: (*near, *far()))
        self._chunks = chunks
        self._counts = {
            key: (stocks[key], unpacked(need), settings.time_zone)
            for key, need in ((unpacked(raw), need) for raw, need in kept["counted"])
        }
        self._naming = _naming(*named_by)
        self._told = self._told_in(chunks, lambda code: name_of(code, *named_by))

    def _told_in(self, chunks: Sequence[Chunk], name_of_code: NameOf) -> Sequence[Finding]:
        naming = self._naming

        def told(some: Sequence[Chunk]) -> tuple[Finding, ...]:
            return tuple(one for chunk in some for one in chunk.named(name_of_code, naming))

        size = sum(chunk.size for chunk in chunks)
        return Unread(lambda: told(chunks), size, lambda: told(chunks[:1]))


def _naming(
    geography: Geography, commodities: Mapping[CommodityCode, Commodity], settings: Settings
) -> tuple[Any, ...]:
    """Return all that decides what a code is shown as."""
    return (geography, commodities, settings.order_of_names, settings.time_zone)
