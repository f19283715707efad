"""Findings in order of consequence, in chunks that are read, changed and named one by one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from corridor.picture.view import with_names
from corridor.values import SEVERITIES, Finding

Weight = tuple[Any, ...]
NameOf = Callable[[str], str]
# How many findings a chunk is made of; it may grow to twice as many.
_SIZE = 1000


class Chunk:
    """Some findings that follow each other; equal ones are never in two chunks.

    Parameters
    ----------
    read
        Returns its findings, in order.
    first
        The weight of the first of them.
    size
        How many different ones there are.
    """

    def __init__(self, read: Callable[[], Iterable[Finding]], first: Weight, size: int) -> None:
        self.first = first
        self.size = size
        self._read = read
        self._found: tuple[Finding, ...] | None = None
        self._named: tuple[object, tuple[Finding, ...]] | None = None

    @property
    def found(self) -> tuple[Finding, ...]:
        """Its findings, as often as they were found."""
        if self._found is None:
            self._found = tuple(self._read())
        return self._found

    def named(self, name_of: NameOf, naming: object) -> tuple[Finding, ...]:
        """Return its findings, each once, with names; made once for one way of naming."""
        if self._named is None or self._named[0] is not naming:
            self._named = (naming, with_names(dict.fromkeys(self.found), name_of))
        return self._named[1]


def weight_of(found: Finding) -> Weight:
    """Return the place of a finding among others; equal weight is an equal finding."""
    severity = SEVERITIES.index(found.severity)
    return (severity, found.code, found.basis, found.subject, found.text, found.values)


def in_chunks(findings: Iterable[Finding]) -> list[Chunk]:
    """Return findings in order, in chunks."""
    weighed = sorted(((weight_of(found), found) for found in findings), key=_first)
    chunks: list[Chunk] = []
    start = 0
    while start < len(weighed):
        end = min(start + _SIZE, len(weighed))
        # Equal ones stay together, so that a finding is looked for in one chunk alone.
        while end < len(weighed) and weighed[end][0] == weighed[end - 1][0]:
            end += 1
        chunks.append(_chunk(weighed[start:end]))
        start = end
    return chunks


def changed(
    chunks: Sequence[Chunk], came: Iterable[Finding], went: Iterable[Finding]
) -> list[Chunk]:
    """Return chunks with some findings more and some fewer; those that stay as they were are kept."""
    firsts = [chunk.first for chunk in chunks]
    turned: dict[int, tuple[list[Finding], list[Finding]]] = {}
    for place, findings in enumerate((came, went)):
        for found in findings:
            number = max(0, bisect_right(firsts, weight_of(found)) - 1)
            turned.setdefault(number, ([], []))[place].append(found)
    made: list[Chunk] = []
    for number, chunk in enumerate(chunks):
        if number not in turned:
            made.append(chunk)
            continue
        more, fewer = turned[number]
        there = [*chunk.found, *more]
        weighed = sorted(((weight_of(found), found) for found in there), key=_first)
        for found in fewer:
            del weighed[bisect_left(weighed, weight_of(found), key=_first)]
        if len(weighed) > 2 * _SIZE:
            made.extend(in_chunks(found for _, found in weighed))
        elif weighed:
            made.append(_chunk(weighed))
    return made if chunks else in_chunks(turned[0][0] if turned else ())


def _chunk(weighed: list[tuple[Weight, Finding]]) -> Chunk:
    found = tuple(finding for _, finding in weighed)
    different = sum(
        1 for i, (weight, _) in enumerate(weighed) if not i or weight != weighed[i - 1][0]
    )
    return Chunk(lambda: found, weighed[0][0], different)


def _first(pair: tuple[Weight, Finding]) -> Weight:
    return pair[0]
