from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from corridor.errors import InvalidReport
from corridor.reading import (
    Context,
    columns,
    content_key,
    declared,
    nearest,
    read,
    read_json_line,
    reread,
)
from corridor.report import report_id
from corridor.statements import KINDS
from corridor.values import Quantity, day_end, day_start
from corridor.wire import encode

NOW = datetime(2030, 5, 2, 12, tzinfo=UTC)
CONTEXT = Context(now=NOW, zone=ZoneInfo("Asia/Yerevan"), channel="desk")
COUNT = {
    "kind": "stock_count",
    "claimant": "agency",
    "place": "town",
    "commodity": "food",
    "quantity": "12.5 t",
}
PEOPLE = {"kind": "headcount", "claimant": "agency", "place": "camp"}


def wrong(raw: dict[str, Any], context: Context = CONTEXT, kind: str = "") -> dict[str, str]:
    """Return what the door says to a raw mapping, by field."""
    with pytest.raises(InvalidReport) as refusal:
        read(raw, context, kind)
    problems = refusal.value.problems
    assert len({problem.field for problem in problems}) == len(problems)
    return {problem.field: problem.text for problem in problems}


def people(quantity: Any) -> Quantity:
    figure: Quantity = read(PEOPLE | {"quantity": quantity}, CONTEXT).statement.quantity
    return figure


def bounds(figure: Quantity) -> tuple[Any, ...]:
    return (figure.low, figure.best, figure.high, figure.qualifier)


# The plain case.


def test_a_row_of_texts_becomes_a_report() -> None:
    report = read(COUNT, CONTEXT)
    assert report.claimant == "agency"
    assert report.statement.place == "town"
    assert str(report.statement.quantity) == "12.5 t"
    assert report.learned_at == NOW
    assert (report.handling, report.channel) == ("restricted", "desk")
    assert (report.reliability, report.credibility, report.speech_act) == ("F", "6", "stated")


def test_the_id_follows_from_channel_and_key() -> None:
    report = read(COUNT | {"channel": "phone-2", "key": "17"}, CONTEXT)
    assert report.id == report_id("phone-2", "17")
    assert read(COUNT | {"channel": "phone-2", "key": "17", "id": report.id}, CONTEXT) == report


def test_an_id_that_does_not_follow_from_channel_and_key_is_refused() -> None:
    found = wrong(COUNT | {"key": "17", "id": "0" * 32})
    assert report_id("desk", "17") in found["id"]


def test_without_a_key_equal_rows_have_one_id_and_any_other_has_its_own() -> None:
    same, other = read(COUNT, CONTEXT), read(COUNT | {"quantity": "13 t"}, CONTEXT)
    assert read(dict(reversed(COUNT.items())), CONTEXT).id == same.id
    assert other.id != same.id


def test_the_second_of_two_equal_rows_can_have_a_key_of_its_own() -> None:
    assert content_key(COUNT, "stock_count") != content_key(COUNT, "stock_count", 1)


def test_empty_cells_count_as_not_given() -> None:
    full = COUNT | {"method": "", "note": None, "quantity": None, "quantity.best": "12.5"}
    assert read(full | {"quantity.unit": "t", "quantity.low": ""}, CONTEXT).statement == (
        read(COUNT, CONTEXT).statement
    )


def test_a_statement_may_stand_apart_from_its_envelope() -> None:
    nested = {
        "kind": "stock_count",
        "claimant": "agency",
        "statement": {"place": "town", "commodity": "food", "quantity": "12.5 t"},
    }
    assert read(nested, CONTEXT).statement == read(COUNT, CONTEXT).statement


def test_the_kind_may_come_with_the_form() -> None:
    bare = {name: value for name, value in COUNT.items() if name != "kind"}
    assert read(bare, CONTEXT, "stock_count").statement == read(COUNT, CONTEXT).statement


def test_what_the_door_was_given_is_left_as_it_was() -> None:
    given = {"unit": "t", "best": "12"}
    raw = COUNT | {"quantity": given, "quantity.high": "13"}
    assert "whole and in parts" in wrong(raw)["quantity"]
    assert given == {"unit": "t", "best": "12"}


# What is not known is refused with what is near it.


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    assert "stock_count" in wrong(COUNT | {"kind": "stock_cuont"})["kind"]


@pytest.mark.parametrize("kind", [None, "", 7, ["stock_count"], {}])
def test_a_report_without_a_kind_is_refused(kind: Any) -> None:
    assert set(wrong(COUNT | {"kind": kind})) == {"kind"}


def test_another_kind_than_the_form_asks_for_is_refused() -> None:
    assert "headcount is expected" in wrong(COUNT, kind="headcount")["kind"]


def test_an_unknown_field_is_refused_with_the_nearest() -> None:
    found = wrong(COUNT | {"comodity": "x", "observd": "2030-05-01"})
    assert "near it: commodity" in found["comodity"]
    assert "observed" in found["observd"]


def test_a_code_nobody_declared_is_refused_with_the_nearest() -> None:
    known = {"place": {"north-town", "south-town"}, "party": {"agency"}}
    context = Context(now=NOW, channel="desk", known=known)
    found = wrong(COUNT | {"place": "north-twon", "claimant": "agenzy"}, context)
    assert "north-town" in found["place"]
    assert "agency" in found["claimant"]
    assert "commodity" not in found, "nothing is known of commodities, so they are not checked"


def test_the_operation_claims_without_being_declared() -> None:
    context = Context(now=NOW, channel="desk", known={"party": set(), "place": {"town"}})
    assert read(COUNT | {"claimant": "operation"}, context).claimant == "operation"
    assert "claimant" in wrong(COUNT, context)


def test_a_code_is_known_by_the_report_that_declares_it() -> None:
    context = Context(now=NOW, channel="desk", known={"place": set()})
    raw = {"kind": "place", "claimant": "operation", "place": "town", "type": "settlement"}
    assert read(raw, context).statement.place == "town"
    assert declared(raw) == (("place", "town"),)
    assert declared({"statement": raw}, "place") == (("place", "town"),)
    assert declared(COUNT) == ()
    assert "within" in wrong(raw | {"within": "nowhere"}, context)


def test_nothing_is_called_near_that_is_not() -> None:
    assert nearest("zebra", ["town", "camp"]) == ""


def test_the_nearest_are_found_among_very_many() -> None:
    names = [f"{valley}-village-{number}" for valley in ("north", "south") for number in range(500)]
    assert "nort-village-77" not in names
    assert "north-village-77" in nearest("nort-village-77", names)
    assert nearest("x" * 1_000_000, names) == ""


# Several problems at once.


def test_everything_wrong_is_named_at_once_and_by_field() -> None:
    found = wrong(
        {
            "kind": "road",
            "claimant": "no spaces",
            "road": "r",
            "start": "town",
            "end": "town",
            "distance_km": "-4",
            "drive_h": "two",
            "heaviest_class": "7",
            "colour": "red",
        }
    )
    assert set(found) == {
        "claimant",
        "end",
        "distance_km",
        "drive_h",
        "heaviest_class",
        "colour",
    }
    assert found["distance_km"] == "at least 0 km is needed, not -4"
    assert found["drive_h"] == ("a number is needed (digits and a point, like 1250.5), not 'two'")
    assert found["end"] == "a road joins two different places"


def test_a_field_that_is_needed_says_what_for() -> None:
    found = wrong({"kind": "stock_count", "claimant": "agency"})
    assert found["place"] == "is needed: Where it was counted."
    assert set(found) == {"place", "commodity", "quantity"}
    assert "claimant" in wrong({"kind": "stock_count"})


def test_a_blank_text_is_no_answer() -> None:
    hold = {"kind": "hold", "claimant": "operation", "road": "road", "decided_by": "head"}
    assert "is needed" in wrong(hold | {"reason": "  "})["reason"]


def test_a_check_over_fields_runs_although_another_field_failed() -> None:
    found = wrong(PEOPLE | {"quantity": "x", "min_age": "18", "max_age": "5"})
    assert found["max_age"] == "must not be before min_age"
    assert "quantity" in found


def test_a_check_over_fields_that_failed_themselves_does_not_run() -> None:
    assert set(wrong(PEOPLE | {"quantity": "5", "min_age": "x", "max_age": "5"})) == {"min_age"}


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (COUNT | {"denies": "0" * 32}, "denies"),
        (
            {"kind": "retraction", "claimant": "a", "corrects": "0" * 32, "retracts": "1" * 32},
            "corrects",
        ),
        (COUNT | {"retracts": "1" * 32}, "retracts"),
        ({"kind": "retraction", "claimant": "agency"}, "retracts"),
        (COUNT | {"corrects": "17"}, "corrects"),
        (COUNT | {"url": "javascript:alert(1)"}, "url"),
        (COUNT | {"document": "abc"}, "document"),
        (COUNT | {"span": "from 8 to 9"}, "span"),
        (COUNT | {"credibility": "1"}, "credibility"),
        (COUNT | {"handling": "secret"}, "handling"),
        ({"kind": "place", "claimant": "a", "place": "p", "type": "hub", "lat": "4"}, "lon"),
        (
            {
                "kind": "place",
                "claimant": "a",
                "place": "p",
                "type": "hub",
                "lat": "94",
                "lon": "4",
            },
            "lat",
        ),
        (
            {
                "kind": "consignment",
                "claimant": "a",
                "commodity": "food",
                "stage": "received",
                "quantity": "3 t",
                "destination": "town",
                "measure": "cumulative",
                "consignment": "W-1",
            },
            "measure",
        ),
        (
            {
                "kind": "adopted",
                "claimant": "operation",
                "subject": "stock",
                "place": "town",
                "quantity": "3 t",
                "decided_by": "head",
                "reason": "why",
            },
            "commodity",
        ),
        (
            {
                "kind": "adopted",
                "claimant": "operation",
                "subject": "people",
                "place": "town",
                "quantity": "3 households",
                "decided_by": "head",
                "reason": "why",
            },
            "quantity",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_field(raw: dict[str, Any], field: str) -> None:
    assert set(wrong(raw)) == {field}


# Quantities.


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("700", (None, 700, None, "")),
        ("700 people", (None, 700, None, "")),
        ("up to 700 people", (None, None, 700, "up to")),
        ("Up to about 700 people", (None, None, 700, "Up to about")),
        ("not more than 700", (None, None, 700, "not more than")),
        ("fewer than 700", (None, None, 700, "fewer than")),
        ("over 400", (400, None, None, "over")),
        ("no less than 400 people", (400, None, None, "no less than")),
        ("about 400", (None, 400, None, "about")),
        ("50-1000 people", (50, None, 1000, "")),
        ("50 – 1000 people", (50, None, 1000, "")),
        ("about 50-60", (50, None, 60, "about")),
        ({"low": "50", "best": 60, "high": Decimal(70)}, (50, 60, 70, "")),
        ({"high": "700", "qualifier": "up to"}, (None, None, 700, "up to")),
        (0, (None, 0, None, "")),
    ],
)
def test_a_quantity_keeps_its_bounds_and_its_words(said: Any, expected: tuple[Any, ...]) -> None:
    assert bounds(people(said)) == expected


def test_a_fraction_is_kept_to_the_digit() -> None:
    assert str(read(COUNT | {"quantity": "22.30 t"}, CONTEXT).statement.quantity) == "22.3 t"


def test_columns_with_dots_make_a_quantity() -> None:
    raw = {name: value for name, value in COUNT.items() if name != "quantity"}
    parts = {"quantity.high": "700", "quantity.unit": "kg", "quantity.qualifier": "up to"}
    figure = read(raw | parts, CONTEXT).statement.quantity
    assert bounds(figure) == (None, None, 700, "up to")
    assert figure.unit == "kg"


def test_a_part_given_twice_is_refused() -> None:
    nested = {"statement": {"quantity.best": "4"}}
    raw = {name: value for name, value in COUNT.items() if name != "quantity"}
    found = wrong(raw | {"quantity.best": "5", "quantity.unit": "t"} | nested)
    assert found == {"quantity.best": "is given twice"}


@pytest.mark.parametrize(
    "said",
    [
        "1,234 t",
        "1 234 t",
        "1.234.567 t",
        "1_000 t",
        "１２ t",
        "1e3 t",
        "1e999999999 t",
        "+5 t",
        "<5 t",
        "~ 5 t",
        "W12 t",
        "0x10 t",
        ".5 t",
        "5. t",
        "NaN",
        "Infinity t",
        "many t",
        "t",
        "1234567890123456789 t",
        "1.0000000001 t",
        Decimal("1e999999999"),
        Decimal("-1e-999999999"),
        Decimal("NaN"),
        True,
        12.5,
        ["12 t"],
    ],
)
def test_a_number_that_would_have_to_be_guessed_is_refused(said: Any) -> None:
    assert {name.partition(".")[0] for name in wrong(COUNT | {"quantity": said})} == {"quantity"}


@pytest.mark.parametrize("unit", ["MT", "ton", "pcs", "hh", "bag", "T", "lt"])
def test_a_unit_other_libraries_would_guess_is_refused(unit: str) -> None:
    assert "use one of" in wrong(COUNT | {"quantity": f"12 {unit}"})["quantity.unit"]


def test_a_unit_is_needed_where_it_is_not_plain() -> None:
    assert wrong(COUNT | {"quantity": "12"})["quantity.unit"].startswith("a unit is needed")


def test_a_unit_must_be_one_of_what_is_counted() -> None:
    assert "people, households" in wrong(PEOPLE | {"quantity": "12 t"})["quantity.unit"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("-5 people", "quantity.best"),
        ("1000-50 people", "quantity.low"),
        ({"low": 5, "best": 4, "high": 9}, "quantity.low"),
        ({"best": 10, "high": 9}, "quantity.best"),
        ({"unit": "people"}, "quantity"),
        ({"best": 5, "about": 6}, "quantity.about"),
        ({"best": "five"}, "quantity.best"),
        ({"best": 5, "qualifier": "\x07"}, "quantity.qualifier"),
        ({"best": 5, "qualifier": "so " * 100}, "quantity.qualifier"),
    ],
)
def test_a_quantity_that_cannot_be_is_refused_at_its_part(said: Any, field: str) -> None:
    assert set(wrong(PEOPLE | {"quantity": said})) == {field}


# Numbers, choices, yes and no.


def test_a_whole_number_is_needed_where_things_are_counted() -> None:
    assert "whole number" in wrong(PEOPLE | {"quantity": "5", "max_age": "17.5"})["max_age"]
    assert read(PEOPLE | {"quantity": "5", "max_age": "17"}, CONTEXT).statement.max_age == 17


def test_a_choice_is_refused_with_the_nearest() -> None:
    found = wrong(COUNT | {"method": "countd"})["method"]
    assert "counted, measured, estimated, told" in found
    assert found.endswith("near it: counted")


def test_a_choice_of_digits_may_come_as_a_number() -> None:
    assert read(COUNT | {"credibility": 3}, CONTEXT).credibility == "3"


@pytest.mark.parametrize(("said", "meant"), [("yes", True), ("no", False), (True, True)])
def test_yes_and_no_are_read(said: Any, meant: bool) -> None:
    raw = {"kind": "passage_answer", "claimant": "a", "request": "r", "answer": "granted"}
    assert read(raw | {"escort_armed": said}, CONTEXT).statement.escort_armed is meant
    assert set(wrong(raw | {"escort_armed": "perhaps"})) == {"escort_armed"}
    assert set(wrong(raw | {"escort_armed": 1})) == {"escort_armed"}


def test_a_code_of_an_office_keeps_its_zeros() -> None:
    raw = {"kind": "place", "claimant": "a", "place": "p", "type": "hub"}
    assert read(raw | {"pcode": "007001"}, CONTEXT).statement.pcode == "007001"
    assert "a text is needed" in wrong(raw | {"pcode": 7001})["pcode"]


@pytest.mark.parametrize("code", ["two words", "-x", "ə", "x" * 65, "a/b", 5, "=1+1"])
def test_a_code_is_letters_digits_and_three_signs(code: Any) -> None:
    assert set(wrong(COUNT | {"place": code})) == {"place"}


# Texts.


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31mred", "\ud800", "\x7f", "a\x9bb"])
def test_control_characters_are_refused_and_not_repeated(text: str) -> None:
    found = wrong(COUNT | {"note": text, text: "x", "place": text})
    assert "control characters" in found["note"]
    assert all(text not in told for told in (*found, *found.values()))


def test_lines_and_letters_of_any_script_are_kept() -> None:
    text = "Ստեփանակերտ\tXankəndi\n한국"
    assert read(COUNT | {"note": text}, CONTEXT).note == text


def test_a_text_may_be_long_but_not_without_end() -> None:
    assert read(COUNT | {"note": "x" * 10_000}, CONTEXT)
    assert "too long" in wrong(COUNT | {"note": "x" * 10_001})["note"]


def test_a_long_value_is_cut_where_it_is_told() -> None:
    assert all(len(text) < 400 for text in wrong(COUNT | {"place": "x" * 9_000}).values())
    assert all(len(text) < 400 for text in wrong(COUNT | {"published_at": "x" * 9_000}).values())


# Days and times.


def test_a_day_is_the_whole_day_in_the_operations_zone() -> None:
    report = read(COUNT | {"observed": "2030-05-01"}, CONTEXT)
    assert report.observed_from == datetime(2030, 4, 30, 20, tzinfo=UTC)
    assert report.observed_until == datetime(2030, 5, 1, 19, 59, 59, tzinfo=UTC)
    assert report.precision == "day"


def test_two_days_and_two_times_are_a_range() -> None:
    days = read(COUNT | {"observed": "2030-05-01/2030-05-03"}, CONTEXT)
    zone = CONTEXT.zone
    assert days.observed_from == day_start(date(2030, 5, 1), zone)
    assert days.observed_until == day_end(date(2030, 5, 3), zone)
    hours = read(COUNT | {"observed": "2030-05-01T06:00:00Z/2030-05-01T07:00:00Z"}, CONTEXT)
    assert (days.precision, hours.precision) == ("range", "range")
    assert read(COUNT | {"observed": "2030-05-01/2030-05-01"}, CONTEXT).precision == "day"


def test_a_time_is_an_instant() -> None:
    report = read(COUNT | {"observed": "2030-05-01T10:00:00+04:00"}, CONTEXT)
    assert report.observed_from == report.observed_until == datetime(2030, 5, 1, 6, tzinfo=UTC)
    assert report.precision == "instant"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("20300501", "a time with an offset"),
        ("2030-05-01T10:00:00", "a time with an offset"),
        ("01.05.2030", "a time with an offset"),
        ("yesterday", "a time with an offset"),
        ("2030-02-30", "not a day that exists"),
        ("2030-05-03/2030-05-01", "must not end before it begins"),
        ("2030-05-01/", "a time with an offset"),
        (20300501, "a day or a time is needed"),
        ("9999-12-31", "a year from"),
        ("0001-01-01", "a year from"),
    ],
)
def test_an_observed_time_that_would_have_to_be_guessed_is_refused(said: Any, told: str) -> None:
    assert told in wrong(COUNT | {"observed": said})["observed"]


def test_a_day_alone_is_no_time_where_an_hour_matters() -> None:
    road = {"kind": "road_status", "claimant": "a", "road": "r", "status": "open"}
    assert "not only the day" in wrong(road | {"valid_until": "2030-05-04"})["valid_until"]


@pytest.mark.parametrize("long", ["observed_from", "observed_until"])
def test_a_time_is_given_one_way_and_not_two(long: str) -> None:
    times = {"observed": "2030-05-01", long: "2030-05-01T06:00:00Z"}
    assert "give one of them" in wrong(COUNT | times)["observed"]


def test_a_time_said_two_ways_is_refused_for_publication_and_learning_too() -> None:
    moment = "2030-05-01T06:00:00Z"
    found = wrong(COUNT | {"published": "2030-05-01", "published_at": moment})
    assert "give one of them" in found["published"]
    for learned in ("published", "2030-05-01"):
        raw = {"published": "2030-05-01", "learned": learned, "learned_at": moment}
        assert "give one of them" in wrong(COUNT | raw)["learned"]


def test_what_was_published_may_count_as_known_since_then() -> None:
    report = read(COUNT | {"published": "2030-04-01", "learned": "published"}, CONTEXT)
    assert report.published_at == report.learned_at == datetime(2030, 4, 1, 19, 59, 59, tzinfo=UTC)
    assert read(COUNT | {"published": "2030-04-01"}, CONTEXT).learned_at == NOW


def test_known_since_publication_needs_a_publication() -> None:
    assert "needs a published day" in wrong(COUNT | {"learned": "published"})["learned"]
    assert set(wrong(COUNT | {"learned": "published", "published": "x"})) == {"published"}


def test_an_interval_runs_forward() -> None:
    raw = {"observed_from": "2030-05-02T00:00:00Z", "observed_until": "2030-05-01T00:00:00Z"}
    assert wrong(COUNT | raw) == {"observed_until": "must not be before observed_from"}


# Settings.


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("time_zone", "Europe"),
        ("time_zone", "../zoneinfo/UTC"),
        ("time_zone", "Mars/Base"),
        ("time_zone", "ə"),
        ("road_status_expires_h", "1_000"),
        ("road_status_expires_h", "４８"),
        ("road_status_expires_h", "1e9"),
        ("stock_stale_days", "-1"),
        ("stock_stale_days", "NaN"),
        ("stock_stale_days", "999999999999"),
        ("default_handling", "secret"),
    ],
)
def test_a_setting_has_a_value_it_can_have(name: str, value: str) -> None:
    raw = {"kind": "setting", "claimant": "operation", "name": name, "value": value}
    assert set(wrong(raw)) == {"value"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("time_zone", "Asia/Yerevan"), ("stated_end_factor", "0.8"), ("order_of_names", "b,a")],
)
def test_a_setting_takes_a_plain_value(name: str, value: str) -> None:
    raw = {"kind": "setting", "claimant": "operation", "name": name, "value": value}
    assert read(raw, CONTEXT).statement.value == value


# Lines of JSON.


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"kind": "place", "kind": "road"}', "kind stands twice"),
        ('{"statement": {"a": 1, "a": 2}}', "a stands twice"),
        ('{"quantity": NaN}', "NaN is not a number"),
        ('{"quantity": -Infinity}', "is not a number"),
        ("[1, 2]", "a JSON object is needed, not a list"),
        ('"text"', "a JSON object is needed"),
        ("null", "a JSON object is needed"),
        ("{", "not a JSON object"),
        ("", "not a JSON object"),
        (b'{"note": "\xff"}', "not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 12 + "1" + "}" * 12, "nested too deeply"),
        ('{"a": ' + "9" * 5000 + "}", "not a JSON object"),
        ('{"a": 1e99999999999999999999}', "beyond all bounds"),
    ],
)
def test_a_line_that_is_not_one_plain_object_is_refused(line: str | bytes, told: str) -> None:
    with pytest.raises(InvalidReport, match=told):
        read_json_line(line)


def test_numbers_of_a_line_keep_their_digits() -> None:
    raw = read_json_line('{"quantity": {"best": 22.30, "unit": "t"}}')
    assert str(raw["quantity"]["best"]) == "22.30"
    assert read(COUNT | raw, CONTEXT).statement.quantity.best == Decimal("22.3")


def test_a_number_too_great_to_write_out_is_refused_at_once() -> None:
    raw = read_json_line('{"quantity": {"best": 1e999999999, "unit": "t"}}')
    tracemalloc.start()
    try:
        found = wrong(COUNT | raw)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "1E+999999999" in found["quantity.best"]
    assert most < 1_000_000


def test_a_statement_that_is_no_group_of_fields_is_refused() -> None:
    assert "a group of fields" in wrong(COUNT | {"statement": "stock"})["statement"]


# Bytes from another ledger.


def test_bytes_that_the_door_would_make_are_let_in() -> None:
    reread(encode(read(COUNT | {"observed": "2030-05-01", "url": "https://a.example"}, CONTEXT)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"12.5"', b'"12.50"'),
        (b'"12.5"', b'"-12.5"'),
        (b'"12.5"', b"12.5"),
        (b'"unit":"t"', b'"unit":"ton"'),
        (b'"claimant":"agency"', b'"claimant": "agency"'),
        (b'"claimant":"agency"', b'"claimant":"agency","note":""'),
        (b'"claimant":"agency"', b'"claimant":"agency","claimant":"north"'),
        (b'"kind":"stock_count"', b'"kind":"unheard-of"'),
        (b'"kind":"stock_count"', b'"kind":5'),
        (b'"channel":"desk"', b'"channel":"other"'),
    ],
)
def test_bytes_that_the_door_would_not_make_are_refused(old: bytes, new: bytes) -> None:
    body = encode(read(COUNT, CONTEXT))
    assert old in body
    with pytest.raises(InvalidReport):
        reread(body.replace(old, new))


# Tables.


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_of_a_table_are_fields_the_door_knows(kind: str) -> None:
    names = columns(kind)
    assert len(set(names)) == len(names)
    with pytest.raises(InvalidReport) as refusal:
        read(dict.fromkeys(names, "?"), CONTEXT, kind)
    assert not [p for p in refusal.value.problems if "no such" in p.text]
