"""Whatever comes in, the door makes a report that round-trips or says what is wrong; nothing else."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.fields import specs
from corridor.reading import SHORTHANDS
from corridor.report import Report
from corridor.statements import KINDS
from corridor.wire import encode
from fuzz.door import judge, judge_bytes, judge_line, round_trip
from told import reports

FOREVER = Path(__file__).parent.parent / "kinds_forever.jsonl"
LINES = FOREVER.read_bytes().splitlines()
FIELDS = sorted(
    {spec.name for kind in KINDS.values() for spec in specs(kind.statement)}
    | {spec.name for spec in specs(Report)}
    | {*SHORTHANDS, "id", "kind", "statement", "quantity.best", "quantity.unit", "quantity.x"}
)
# Each was taken for something else by some program.
AWKWARD: list[Any] = [
    None, "", " ", "camp", "agency", "12 t", "up to 700 people", "50-60 people", "9-5 t", "-5",
    "1e999", "１２", "1_000", "20230923", "2023-09-23", "2023-09-23/2023-09-22", "2023-13-01",
    "2023-09-27T13:00:00", "2999-12-31T23:59:59-23:59", "1000-01-01T00:00:00+23:59", "1000-01-01",
    "2999-12-31", "published", True, False, 0, -1, 10**17, 10**400, 12.5, float("nan"),
    float("inf"), Decimal("1E+999999"), Decimal("1E-999999"), Decimal("NaN"), Decimal("-0"),
    "0" * 32, {}, [], {"best": "1", "unit": "t"}, {"low": 5, "high": 4}, {"best": {"best": 1}},
    {"unit": []}, [[]], "\ud800", "\x00", "\u2028", "⟦camp⟧", "a" * 10_001, "=1+1",
]  # fmt: skip
VALUES = (
    st.sampled_from(AWKWARD)
    | st.text(max_size=30)
    | st.integers()
    | st.decimals()
    | st.floats()
    | st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers(), max_size=3)
)
NAMES = st.sampled_from(FIELDS) | st.text(max_size=12)


@settings(max_examples=500)
@given(kind=st.sampled_from([*KINDS, "", "kamp"]), raw=st.dictionaries(NAMES, VALUES, max_size=10))
def test_any_mapping_is_read_or_refused(kind: str, raw: dict[str, Any]) -> None:
    judge(raw, kind)


@settings(max_examples=600)
@given(
    line=st.sampled_from(LINES),
    changes=st.dictionaries(NAMES, VALUES, min_size=1, max_size=3),
    is_flat=st.booleans(),
    keeps_id=st.booleans(),
)
def test_any_change_to_a_report_is_read_or_refused(
    line: bytes, changes: dict[str, Any], is_flat: bool, keeps_id: bool
) -> None:
    raw = json.loads(line)
    said = raw.pop("statement")
    if not keeps_id:
        raw.pop("id")
    judge(raw | said | changes if is_flat else raw | {"statement": said | changes})


@settings(max_examples=150)
@given(kind=st.sampled_from([*KINDS]), data=st.data())
def test_reports_of_every_kind_round_trip(kind: str, data: st.DataObject) -> None:
    report = data.draw(reports(kind))
    round_trip(report)
    assert judge_bytes(encode(report))


@settings(max_examples=600)
@given(
    line=st.sampled_from(LINES),
    place=st.integers(0, 2000),
    length=st.integers(0, 3),
    put=st.binary(max_size=4)
    | st.sampled_from(
        [b'"', b"{", b"[", b"\\u0000", b"1e999", b"1e99999999999999999999", b"-", b","]
    ),
)
def test_any_damage_to_stored_bytes_is_read_or_refused(
    line: bytes, place: int, length: int, put: bytes
) -> None:
    place %= len(line)
    damaged = line[:place] + put + line[place + length :]
    judge_bytes(damaged)
    judge_line(damaged)


@settings(max_examples=500)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    judge_bytes(body)
    judge_line(body)


@settings(max_examples=200)
@given(
    st.recursive(
        VALUES,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_refused(value: Any) -> None:
    judge_line(json.dumps(value, default=str))
    judge_line(json.dumps({"kind": "stock_count", "statement": value}, default=str))


def test_what_was_once_let_in_is_let_in() -> None:
    for line in LINES:
        assert judge_bytes(line)
        assert judge_line(line)
