from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.claims import Ends, less, over
from corridor.units import UNITS, Unit, converts, factor
from corridor.values import (
    Estimate,
    Finding,
    Quantity,
    day_end,
    day_start,
    in_order_of_consequence,
    is_day,
    read_day,
    read_time,
    say_bounds,
    say_number,
    write_time,
)


def quantity(low: str = "", best: str = "", high: str = "", qualifier: str = "") -> Quantity:
    ends = [Decimal(text) if text else None for text in (best, low, high)]
    return Quantity(ends[0], Unit("people"), ends[1], ends[2], qualifier)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (quantity(best="64"), "64 people"),
        (quantity(high="700", qualifier="up to"), "up to 700 people"),
        (quantity(high="700"), "at most 700 people"),
        (quantity(low="400", qualifier="over"), "over 400 people"),
        (quantity(low="400"), "at least 400 people"),
        (quantity(low="50", high="1000"), "50-1,000 people"),
        (quantity(low="5", high="5"), "5 people"),
        (quantity(best="64", qualifier="about"), "about 64 people"),
        (quantity(low="60", best="64", high="70"), "64 (60-70) people"),
        (quantity(best="64", high="70"), "64 (at most 70) people"),
        (quantity(low="60", best="64"), "64 (at least 60) people"),
        (quantity(low="64", best="64", high="64"), "64 people"),
        (quantity(best="0"), "0 people"),
    ],
)
def test_a_figure_is_said_with_the_bounds_it_has(figure: Quantity, said: str) -> None:
    assert str(figure) == said


def test_one_of_a_unit_is_said_in_the_singular() -> None:
    assert str(Quantity(Decimal(1), Unit("rounds"))) == "1 round"
    assert str(quantity(low="1")) == "at least 1 person"
    assert str(quantity(low="1", high="2")) == "1-2 people"
    assert str(Quantity(Decimal(1), Unit("t"))) == "1 t"


def test_nothing_known_is_said_as_unknown_and_not_as_zero() -> None:
    assert say_bounds(None, None, None) == "unknown"
    assert str(Estimate(None, None, None, "t", "no report received")) == "unknown"
    assert str(Estimate(Decimal(0), Decimal(0), Decimal(0), "t", "counted")) == "0 t"


def test_an_upper_end_alone_is_no_lower_end() -> None:
    figure = quantity(high="700")
    assert (figure.lowest, figure.best, figure.highest) == (None, None, Decimal(700))
    assert figure.stated == Decimal(700)


@pytest.mark.parametrize(
    ("number", "said"),
    [("1234567.50", "1,234,567.5"), ("100", "100"), ("2.30E+3", "2,300"), ("0.000001", "0.000001")],
)
def test_a_number_has_no_exponent_and_no_idle_zeros(number: str, said: str) -> None:
    assert say_number(Decimal(number)) == said


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2023-09-27T13:00:00+04:00", datetime(2023, 9, 27, 9, tzinfo=UTC)),
        ("2023-09-27t09:00z", datetime(2023, 9, 27, 9, tzinfo=UTC)),
        ("2023-09-27T09:00:00.25Z", datetime(2023, 9, 27, 9, 0, 0, 250_000, tzinfo=UTC)),
        ("2023-12-31T23:30:00-01:00", datetime(2024, 1, 1, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_with_an_offset_is_read_into_utc(text: str, moment: datetime) -> None:
    assert read_time(text) == moment
    assert read_time(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("2023-09-27", "not only the day"),
        ("2023-09-27T13:00:00", "a time with an offset"),
        ("2023-09-27 13:00:00+04:00", "a time with an offset"),
        ("20230927T130000Z", "a time with an offset"),
        ("20230923", "a time with an offset"),
        ("1695772800", "a time with an offset"),
        ("2023-09-27T13:00:00+0400", "a time with an offset"),
        ("２０２３-09-27T13:00:00Z", "a time with an offset"),
        ("2023-02-30T13:00:00Z", "not a time that exists"),
        ("2023-09-27T25:00:00Z", "not a time that exists"),
        ("0001-01-01T00:00:00+04:00", "a year from 1000 to 2999"),
        ("9999-12-31T23:59:59-04:00", "a year from 1000 to 2999"),
        ("2999-12-31T23:59:59-04:00", "a year from 1000 to 2999"),
        ("1000-01-01T00:00:00+04:00", "a year from 1000 to 2999"),
    ],
)
def test_a_time_that_would_have_to_be_guessed_is_refused(text: str, needed: str) -> None:
    with pytest.raises(ValueError, match=needed):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("27.09.2023", "a day like"),
        ("2023-9-27", "a day like"),
        ("20230927", "a day like"),
        ("2023-09-31", "not a day that exists"),
        ("9999-12-31", "a year from"),
        ("0999-12-31", "a year from"),
    ],
)
def test_a_day_that_would_have_to_be_guessed_is_refused(text: str, needed: str) -> None:
    with pytest.raises(ValueError, match=needed):
        read_day(text)


def test_a_day_begins_and_ends_in_its_zone() -> None:
    zone = ZoneInfo("Asia/Yerevan")
    assert day_start(date(2023, 9, 27), zone) == datetime(2023, 9, 26, 20, tzinfo=UTC)
    assert day_end(date(2023, 9, 27), zone) == datetime(2023, 9, 27, 19, 59, 59, tzinfo=UTC)


def test_a_day_of_changing_clocks_has_its_own_length() -> None:
    spring = date(2030, 3, 31)
    zone = ZoneInfo("Europe/Paris")
    assert (day_end(spring, zone) - day_start(spring, zone)).total_seconds() == 23 * 3600 - 1


def test_only_a_whole_day_counts_as_a_day() -> None:
    assert is_day("2023-09-27")
    assert not is_day("2023-09-27T13:00:00Z")


@given(
    st.datetimes(
        min_value=datetime(1000, 1, 1),  # noqa: DTZ001  # hypothesis adds the time zone itself
        max_value=datetime(2999, 12, 31),  # noqa: DTZ001  # the same
        timezones=st.just(UTC),
    )
)
def test_a_time_written_is_the_time_read(moment: datetime) -> None:
    assert read_time(write_time(moment)) == moment


def test_units_convert_within_what_they_measure_and_nowhere_else() -> None:
    assert factor("t", "kg") == 1000
    assert factor("l", "m3") == Decimal("0.001")
    assert not converts("l", "t")
    assert not converts("trucks", "cars")
    assert not converts("USD", "EUR")
    assert not converts("people", "households")
    with pytest.raises(KeyError):
        factor("l", "t")


@pytest.mark.parametrize("unit", ["MT", "mt", "ton", "tons", "pcs", "hh", "bag", "T", "litre", ""])
def test_units_other_libraries_guess_are_not_known(unit: str) -> None:
    assert unit not in UNITS
    assert not converts(unit, unit)


def test_findings_come_by_consequence_once_each_and_in_one_order() -> None:
    note = Finding("b", "note", "x", "later")
    act = Finding("c", "act", "x", "first")
    ask = Finding("a", "ask", "x", "second")
    twin = Finding("a", "ask", "x", "second", values=(("who", "2"),))
    expected = (act, ask, twin, note)
    assert in_order_of_consequence([note, twin, ask, act, ask]) == expected
    assert in_order_of_consequence([ask, twin, act, note]) == expected


def ends(*numbers: int | None) -> Ends:
    low, best, high = (None if number is None else Decimal(number) for number in numbers)
    return low, best, high


def test_a_range_over_figures_keeps_ends_that_only_some_state() -> None:
    assert over([ends(300, 300, 300), ends(400, None, None)]) == ends(300, None, 400)
    assert over([ends(800, 800, 800), ends(None, None, 700)]) == ends(700, None, 800)
    assert over([ends(None, None, 700)]) == ends(None, None, 700)
    assert over([ends(5, 5, 5), ends(5, 5, 5)]) == ends(5, 5, 5)


def estimate(low: int | None, best: int | None, high: int | None) -> Estimate:
    return Estimate(*ends(low, best, high), "t", "told")


def test_what_is_left_has_its_ends_the_other_way_round() -> None:
    left = less(estimate(90, 100, 110), estimate(20, 30, 40), "less")
    assert (left.low, left.best, left.high) == ends(50, 70, 90)


def test_what_is_left_claims_no_end_that_depends_on_an_unstated_one() -> None:
    whole = estimate(100, 100, 100)
    upward = less(whole, estimate(40, None, None), "less")
    assert (upward.low, upward.best, upward.high) == ends(None, None, 60)
    downward = less(whole, estimate(None, None, 40), "less")
    assert (downward.low, downward.best, downward.high) == ends(60, None, 100)


def test_what_is_left_is_never_below_nothing() -> None:
    left = less(estimate(10, 10, 10), estimate(40, 40, 40), "less")
    assert (left.low, left.best, left.high) == ends(0, 0, 0)
