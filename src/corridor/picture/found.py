"""The findings of a picture, kept in order of consequence while single ones come and go."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

from corridor.picture.consistency import count_findings
from corridor.picture.view import Picture, with_names
from corridor.values import SEVERITIES, Finding

_Weighed = tuple[tuple[Any, ...], Finding]


class Found:
    """All findings by where they come from, in order of consequence, with names in them."""

    def __init__(self) -> None:
        self._given: dict[Any, tuple[Finding, ...]] = {}
        self._counts: dict[Any, tuple[Any, ...]] = {}
        self._in_order: list[_Weighed] = []
        self._came: list[Finding] = []
        self._went: list[Finding] = []
        self._naming: tuple[Any, ...] = ()
        self._named: dict[int, tuple[Finding, Finding]] = {}
        self._told: tuple[Finding, ...] = ()

    def put(self, source: Any, findings: tuple[Finding, ...]) -> None:
        """Replace the findings of one source."""
        before = self._given.get(source, ())
        if before is findings or before == findings:
            return
        self._given[source] = findings
        same = {id(found) for found in before} & {id(found) for found in findings}
        self._came.extend(found for found in findings if id(found) not in same)
        self._went.extend(found for found in before if id(found) not in same)

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

    def named(self, view: Picture) -> tuple[Finding, ...]:
        """Return all findings, each once, with names in the place of codes."""
        naming = (view.geography, view.supply.commodities, view.settings.order_of_names)
        is_same = naming == self._naming
        if is_same and not self._came and not self._went:
            return self._told
        came, went = self._came, self._went
        self._came, self._went = [], []
        for found in went:
            weight = _weight(found)
            # Equal weight is an equal finding: of two of them, it is no matter which one goes.
            del self._in_order[bisect_left(self._in_order, weight, key=_first)]
        if len(came) * 10 > len(self._in_order):
            self._in_order.extend((_weight(found), found) for found in came)
            self._in_order.sort(key=_first)
        else:
            for found in came:
                insort(self._in_order, (_weight(found), found), key=_first)
        known = self._named if is_same else {}
        self._naming = naming
        fresh = [found for _, found in self._in_order if id(found) not in known]
        told = zip(fresh, with_names(fresh, view), strict=True)
        known |= {id(found): (found, with_name) for found, with_name in told}
        # Only what is still found is kept, so that no number of a past finding is taken for another.
        self._named = {id(found): known[id(found)] for _, found in self._in_order}
        # The names of two findings that differ in codes alone may be the same; both are told.
        weights = [weight for weight, _ in self._in_order]
        self._told = tuple(
            self._named[id(found)][1]
            for i, (weight, found) in enumerate(self._in_order)
            if not i or weight != weights[i - 1]
        )
        return self._told


def _weight(found: Finding) -> tuple[Any, ...]:
    severity = SEVERITIES.index(found.severity)
    return (severity, found.code, found.basis, found.subject, found.text, found.values)


def _first(pair: tuple[Any, Any]) -> Any:
    return pair[0]
