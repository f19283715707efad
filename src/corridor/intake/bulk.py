"""Files of reports as JSON Lines, read in portions on all cores; the reports that `read_batch` gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple, overload

import orjson

from corridor.errors import InvalidReport, Problem
from corridor.intake.batch import declared_in, read_row, with_key
from corridor.intake.tables import Row
from corridor.portions import in_portions
from corridor.reading import DECLARES, Context, read_json_line
from corridor.report import HANDLINGS, Handling, Report
from corridor.values import ReportId
from corridor.wire import decode, encode

_PORTION_BYTES = 1 << 19


class Written(NamedTuple):
    """A report in its canonical bytes, with what a ledger needs to know of it."""

    id: ReportId
    handling: Handling
    body: bytes


class Reports(Sequence[Report[Any]]):
    """Reports kept in their canonical bytes; each is made when it is asked for."""

    def __init__(self, written: Sequence[Written]) -> None:
        self._written = written

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._written)

    @overload
    def __getitem__(self, place: int) -> Report[Any]: ...

    @overload
    def __getitem__(self, place: slice) -> Reports: ...

    def __getitem__(self, place: int | slice) -> Report[Any] | Reports:
        """Return one of them, or a part."""
        found = self._written[place]
        return decode(found.body) if isinstance(found, Written) else Reports(found)


@dataclass(frozen=True, slots=True)
class Bulk:
    """What reading whole files gave: the reports in order, or everything that is wrong."""

    reports: tuple[Written, ...]
    problems: tuple[Problem, ...]


class _Portion(NamedTuple):
    """Some whole lines: what they are called before their number, the first number, the text."""

    file: str
    first: int
    text: bytes


def read_files(
    files: Iterable[tuple[str, Path]],
    context: Context,
    *,
    progress: Callable[[int], object] | None = None,
) -> Bulk:
    """Read files of reports.

    1. The files are read into memory, so that nothing changes under the next two steps.
    2. What they declare counts as declared for all of them; rows without a key get theirs.
    3. Every line goes through the door and becomes canonical bytes.

    Parameters
    ----------
    files
        What each is called in a message (may be empty), and where it is.
    """
    portions = [portion for name, path in files for portion in _portions(name, path)]
    keys: list[dict[int, str]] = []
    within = declared_in(_surveyed(portions, keys), context, "")
    reports: list[Written] = []
    problems: list[Problem] = []
    count = 0
    work = partial(_write, within)
    for (written, wrong), portion in zip(
        in_portions(work, zip(portions, keys, strict=True)), portions, strict=True
    ):
        reports.extend(starmap(Written, written))
        problems.extend(wrong)
        count += portion.text.count(b"\n")
        if progress is not None:
            progress(count)
    return Bulk(tuple(reports), tuple(problems))


def _portions(name: str, path: Path) -> Iterator[_Portion]:
    first = 1
    with path.open("rb") as lines:
        while text := lines.read(_PORTION_BYTES):
            text += lines.readline()
            yield _Portion(name, first, text)
            first += text.count(b"\n")


def _lines(portion: _Portion) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(portion.text.split(b"\n"), start=portion.first):
        if line.strip():
            yield number, line


def _row(portion: _Portion, number: int, line: bytes) -> Row:
    where = f"{portion.file} line {number}" if portion.file else f"line {number}"
    try:
        return Row(where, read_json_line(line))
    except InvalidReport as refused:
        return Row(where, {}, refused.problems)


def _surveyed(portions: Iterable[_Portion], keys: list[dict[int, str]]) -> Iterator[Row]:
    """Yield the rows that declare something, and note the keys of those that came without one."""
    seen: Counter[str] = Counter()
    for portion in portions:
        own: dict[int, str] = {}
        for number, line in _lines(portion):
            if _is_plain_claim(line):
                continue
            row = _row(portion, number, line)
            if not row.problems and not row.raw.get("key"):
                own[number] = str(with_key(row, "", seen).raw["key"])
            yield row
        keys.append(own)


def _is_plain_claim(line: bytes) -> bool:
    """Tell whether a line surely brings its key and declares nothing, whatever else is wrong with it."""
    try:
        raw = orjson.loads(line)
    except ValueError:
        return False
    if type(raw) is not dict or not raw.get("key"):
        return False
    kind = raw.get("kind")
    return type(kind) is str and kind != "setting" and kind not in DECLARES


def _write(
    context: Context, given: tuple[_Portion, dict[int, str]]
) -> tuple[list[tuple[ReportId, Handling, bytes]], list[Problem]]:
    """Return the id, handling and bytes of each report, and what is wrong with the other rows.

    Plain tuples, because they cross from one process to another.
    """
    portion, keys = given
    written: list[tuple[ReportId, Handling, bytes]] = []
    problems: list[Problem] = []
    for number, line in _lines(portion):
        row = _row(portion, number, line)
        if number in keys:
            row.raw["key"] = keys[number]
        made = read_row(row, context, "")
        if isinstance(made, Report):
            # The very same text each time passes between processes once.
            written.append((made.id, HANDLINGS[HANDLINGS.index(made.handling)], encode(made)))
        else:
            problems.extend(made.problems)
    return written, problems
