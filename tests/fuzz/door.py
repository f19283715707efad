"""What holds of the door and the wire whatever comes in; the fuzzers ask nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from corridor.errors import InvalidReport
from corridor.reading import Context, read, read_json_line, reread
from corridor.report import Report
from corridor.wire import decode, encode

CODES = {"camp", "north-town", "hub", "agency"}
CONTEXTS = (
    Context(now=datetime(2030, 5, 1, tzinfo=UTC), channel="desk"),
    Context(
        now=datetime(2030, 5, 1, tzinfo=UTC),
        zone=ZoneInfo("Asia/Yerevan"),
        channel="desk",
        known={"place": CODES, "party": CODES, "commodity": {"flour"}, "road": {"north-road"}},
    ),
)


def judge(raw: Mapping[str, Any], kind: str = "") -> int:
    """Send a raw mapping through the door: a report that round-trips, or a refusal in words.

    Returns how many of the contexts let it in.
    """
    accepted = 0
    for context in CONTEXTS:
        try:
            report = read(raw, context, kind)
        except InvalidReport as refused:
            _speaks(refused)
            continue
        round_trip(report)
        accepted += 1
    return accepted


def judge_line(line: bytes | str) -> int:
    """Send a line of JSON through the door."""
    try:
        raw = read_json_line(line)
    except InvalidReport as refused:
        _speaks(refused)
        return 0
    plain = json.loads(line, object_pairs_hook=_each_once, parse_float=Decimal)
    assert repr(plain) == repr(raw), "there is a quick way to read a line; it reads the same"
    return judge(raw)


def judge_bytes(body: bytes) -> bool:
    """Read bytes as stored ones: a report or InvalidReport; the door decides on them alike."""
    try:
        reread(body)
    except InvalidReport:
        is_let_in = False
    else:
        is_let_in = True
    try:
        report = decode(body)
    except InvalidReport:
        assert not is_let_in, "the door takes what the wire cannot read"
        return False
    if is_let_in:
        assert encode(report) == body
    return is_let_in


def round_trip(report: Report[Any]) -> None:
    """Assert that a report is the same after it was written and read, by the wire and the door."""
    body = encode(report)
    assert decode(body) == report
    assert encode(decode(body)) == body
    reread(body)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), "a key that stands twice is refused"
    return dict(pairs)


def _speaks(refused: InvalidReport) -> None:
    """Assert that a refusal names what is wrong, in what a screen and a file can take."""
    assert refused.problems
    assert all(problem.text for problem in refused.problems)
    str(refused).encode()
