from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.errors import InvalidReport
from corridor.fields import specs
from corridor.reading import Context, read, read_json_line
from corridor.statements import KINDS
from corridor.wire import (
    body_digest,
    decode,
    encode,
    from_mapping,
    json_schema,
    outline,
    to_mapping,
    write_decimal,
)
from told import reports

FOREVER = Path(__file__).parent / "kinds_forever.jsonl"
LINES = FOREVER.read_bytes().splitlines()
CONTEXT = Context(now=datetime(2030, 5, 1, tzinfo=UTC), channel="desk")


def count(**more: Any) -> bytes:
    raw = {
        "kind": "stock_count",
        "channel": "desk",
        "key": "1",
        "claimant": "agency",
        "place": "town",
        "commodity": "flour",
        "quantity": "12.50 t",
    }
    return encode(read(raw | more, CONTEXT))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(data=st.data())
def test_what_is_encoded_decodes_to_the_same_report(kind: str, data: st.DataObject) -> None:
    report = data.draw(reports(kind))
    body = encode(report)
    assert decode(body) == report
    assert encode(decode(body)) == body
    assert from_mapping(to_mapping(report)) == report


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8)
@given(data=st.data())
def test_the_door_lets_in_what_was_recorded_as_the_same_report(
    kind: str, data: st.DataObject
) -> None:
    report = data.draw(reports(kind))
    assert read(read_json_line(encode(report)), CONTEXT) == report


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5)
@given(data=st.data())
def test_equal_reports_have_equal_bytes_in_whatever_order_they_were_told(
    kind: str, data: st.DataObject
) -> None:
    report = data.draw(reports(kind))
    told = to_mapping(report)
    shuffled = dict(data.draw(st.permutations(list(told.items()))))
    shuffled["statement"] = dict(reversed(told["statement"].items()))
    assert encode(from_mapping(shuffled)) == encode(report)


def test_bytes_are_sorted_and_without_spaces() -> None:
    body = count()
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()


def test_fields_at_their_default_are_left_out() -> None:
    told = json.loads(count(method="counted", speech_act="stated", note=""))
    assert set(told) == {"id", "kind", "channel", "key", "claimant", "learned_at", "statement"}
    assert told["statement"] == {
        "place": "town",
        "commodity": "flour",
        "quantity": {"best": "12.5", "unit": "t"},
    }


def test_a_default_given_and_a_default_left_out_are_the_same_bytes() -> None:
    assert count(method="counted", handling="restricted") == count()
    assert count(method="told") != count()


def test_one_time_in_two_zones_is_the_same_bytes() -> None:
    here = count(published="2030-05-01T12:00:00+04:00")
    assert here == count(published="2030-05-01T08:00:00Z")
    assert json.loads(here)["published_at"] == "2030-05-01T08:00:00Z"


def test_one_number_written_two_ways_is_the_same_bytes() -> None:
    assert count(quantity="12.5 t") == count(quantity={"best": "12.500", "unit": "t"})


def test_zero_is_recorded_and_no_number_is_not() -> None:
    assert json.loads(count(quantity="0 t"))["statement"]["quantity"] == {"best": "0", "unit": "t"}
    assert json.loads(count(quantity="up to 3 t"))["statement"]["quantity"] == {
        "high": "3",
        "qualifier": "up to",
        "unit": "t",
    }


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1E+3", "1000"),
        ("0.500", "0.5"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("100", "100"),
        ("1E-7", "0.0000001"),
    ],
)
def test_a_decimal_is_written_in_full(number: str, text: str) -> None:
    assert write_decimal(Decimal(number)) == text


def test_a_digest_is_of_the_bytes() -> None:
    assert body_digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "unheard-of"},
        {"kind": None},
        {"colour": "red"},
        {"statement": None},
        {"statement": "text"},
        {"statement": {"place": "town"}},
        {"statement": {"place": "town", "commodity": "flour", "quantity": "12 t"}},
        {"statement": {"place": "town", "commodity": "flour", "quantity": {"best": "x"}}},
        {"learned_at": 7},
        {"learned_at": "soon"},
    ],
)
def test_bytes_that_hold_no_report_are_refused(change: dict[str, Any]) -> None:
    body = orjson.dumps(json.loads(count()) | change)
    with pytest.raises(InvalidReport, match="do not hold a report"):
        decode(body)


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"null", b"{", b"{}", b"\xff"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidReport, match="do not hold a report"):
        decode(body)


# What was shipped.


def test_every_kind_has_a_line_for_ever() -> None:
    assert {json.loads(line)["kind"] for line in LINES} == set(KINDS)


@pytest.mark.parametrize("line", LINES, ids=[json.loads(line)["kind"] for line in LINES])
def test_a_line_once_shipped_decodes_and_is_written_as_it_was(line: bytes) -> None:
    assert encode(decode(line)) == line


# The schema.


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_names_every_field_and_what_is_needed(kind: str) -> None:
    schema = json_schema(kind)
    fields = specs(KINDS[kind].statement)
    assert list(schema["properties"]) == [spec.name for spec in fields]
    assert schema["required"] == [spec.name for spec in fields if spec.is_required]
    assert schema["additionalProperties"] is False
    assert all(told["description"] for told in schema["properties"].values())


def test_the_schema_tells_choices_bounds_and_units() -> None:
    headcount = json_schema("headcount")["properties"]
    assert headcount["sex"]["enum"] == ["f", "m", "any"]
    assert (headcount["max_age"]["minimum"], headcount["max_age"]["maximum"]) == (0, 130)
    assert headcount["quantity"]["properties"]["unit"]["enum"] == ["people", "households"]
    assert json_schema("pipeline")["properties"]["expected_from"]["format"] == "date-time"


# The quick look at bytes.


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8)
@given(data=st.data())
def test_the_outline_of_canonical_bytes_is_what_decoding_gives(
    kind: str, data: st.DataObject
) -> None:
    report = data.draw(reports(kind))
    found = outline(encode(report))
    assert found == (report.id, report.channel, report.key, report.handling)


_NEAR = (
    st.sampled_from(
        ["", "0", "00", "1.50", "-0", "1e3", "t", "up to", "stated", "counted", "F", "restricted"]
    )
    | st.sampled_from(
        ["2030-05-01T08:00:00Z", "2030-05-01T08:00:00", "2030-05-01T12:00:00+04:00", "2030-05-01"]
    )
    | st.sampled_from([None, 0, 1, 1.5, True, [], ["a"], {}, {"unit": "t"}, {"best": "1"}])
)


@settings(max_examples=300)
@given(data=st.data())
def test_no_bytes_have_an_outline_that_decoding_and_encoding_would_change(
    data: st.DataObject,
) -> None:
    told = orjson.loads(data.draw(st.sampled_from(LINES)))
    where = data.draw(st.sampled_from([told, told["statement"]]))
    if isinstance(where.get("quantity"), dict) and data.draw(st.booleans()):
        where = where["quantity"]
    names = [*where, "note", "denies", "best", "low", "qualifier", "method", "published_at", "x"]
    where[data.draw(st.sampled_from(names))] = data.draw(_NEAR)
    body = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    if outline(body) is not None:
        assert encode(decode(body)) == body
