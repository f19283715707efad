"""Fuzz the door and the wire, guided by coverage.

Needs atheris, which is no requirement of Corridor; install it in an environment of its own:

    PYTHONPATH=src:tests python tests/fuzz/atheris_reading.py -max_total_time=600 CORPUS

CORPUS is a folder, made where it is missing. Lines that were once let in are put there first: from
nothing, no fuzzer finds its way to one.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["corridor"]):
    from corridor import fields, reading, report, values, wire  # noqa: F401  # imported here to be watched
    from corridor.statements import KINDS
    from fuzz.door import judge, judge_bytes, judge_line

FOREVER = Path(__file__).parent.parent / "kinds_forever.jsonl"
LINES = [json.loads(line) for line in FOREVER.read_text(encoding="utf-8").splitlines()]
NAMES = [*KINDS]
FIELDS = sorted(
    {spec.name for kind in KINDS.values() for spec in fields.specs(kind.statement)}
    | {spec.name for spec in fields.specs(report.Report)}
    | {*reading.SHORTHANDS, "id", "kind", "statement", "key", "quantity.best", "quantity.unit"}
)
VALUES: list[Any] = [
    None, "", " ", "camp", "north-town", "agency", "12 t", "up to 700 people", "50-60 people",
    "-5", "1e999", "１２", "1_000", "20230923", "2023-09-23", "2023-09-22/2023-09-23",
    "2023-09-27T13:00:00+04:00", "2999-12-31T23:59:59-23:59", "1000-01-01", "published",
    "yes", True, False, 0, -1, 10**17, 12.5, float("nan"), float("inf"), Decimal("1E+999999"),
    Decimal("NaN"), "0" * 32, "https://a.example", {}, [], {"best": "1", "unit": "t"},
    {"low": 5, "high": 4}, {"best": {"best": 1}}, [[]], "\ud800", "\x00", "⟦camp⟧", "a" * 10_001,
]  # fmt: skip


def one_input(data: bytes) -> None:
    """Take the first byte as the way in, the others as what comes in."""
    if not data:
        return
    way, rest = data[0] % 4, data[1:]
    if way == 0:
        judge_line(rest)
    elif way == 1:
        judge_bytes(rest)
    else:
        given = atheris.FuzzedDataProvider(rest)
        judge(changed(given) if way == 2 else made(given))


def changed(given: Any) -> dict[str, Any]:
    """Return a report that was once let in, some fields of it changed."""
    raw = dict(LINES[given.ConsumeIntInRange(0, len(LINES) - 1)])
    said = dict(raw.pop("statement"))
    flat = raw | said if given.ConsumeBool() else raw | {"statement": said}
    if given.ConsumeBool():
        flat.pop("id", None)
    for _ in range(given.ConsumeIntInRange(1, 4)):
        target = said if "statement" in flat and given.ConsumeBool() else flat
        target[field(given)] = value(given)
    return flat


def made(given: Any) -> dict[str, Any]:
    """Return a mapping of known and unknown fields to any values."""
    raw = {"kind": NAMES[given.ConsumeIntInRange(0, len(NAMES) - 1)]}
    return raw | {field(given): value(given) for _ in range(given.ConsumeIntInRange(0, 8))}


def field(given: Any) -> str:
    """Return the name of a field, sometimes one that nobody knows."""
    if given.ConsumeIntInRange(0, 9):
        return FIELDS[given.ConsumeIntInRange(0, len(FIELDS) - 1)]
    return str(given.ConsumeUnicode(12))


def value(given: Any) -> Any:
    """Return a value: one of the awkward ones, a text or a number."""
    way = given.ConsumeIntInRange(0, 3)
    if way == 0:
        return given.ConsumeUnicode(given.ConsumeIntInRange(0, 60))
    if way == 1:
        return given.ConsumeInt(8)
    return VALUES[given.ConsumeIntInRange(0, len(VALUES) - 1)]


def sow(corpus: Path) -> None:
    """Put every line that was once let in into a corpus, as JSON and as stored bytes."""
    corpus.mkdir(parents=True, exist_ok=True)
    for number, line in enumerate(FOREVER.read_bytes().splitlines()):
        for way in (0, 1):
            (corpus / f"kind-{number}-{way}").write_bytes(bytes([way]) + line)


if __name__ == "__main__":
    for word in sys.argv[1:]:
        if not word.startswith("-"):
            sow(Path(word))
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
