from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.standards.age_bands import UNHCR_BANDS, Band, Part, in_bands, overlapping, read_parts


def test_parts_are_read_as_they_are_written() -> None:
    assert read_parts("f 0-4 120; m 60+ 45; 5-11 7; f 30") == (
        Part("f", Band(0, 4), 120),
        Part("m", Band(60, None), 45),
        Part("any", Band(5, 11), 7),
        Part("f", Band(0, None), 30),
    )
    assert read_parts("  ") == ()


@pytest.mark.parametrize(
    "text", ["120", "x 0-4 3", "f 0-4", "f 0-200 3", "f 9-4 3", "f 140+ 3", "f 0-4 3;;", "f 0–4 3"]
)
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="needed"):
        read_parts(text)


def test_parts_overlap_where_one_person_can_be_in_both() -> None:
    parts = read_parts("f 0-17 30; m 0-17 20; 12-17 5")
    assert [(a.sex, b.sex) for a, b in overlapping(parts)] == [("f", "any"), ("m", "any")]
    assert not overlapping(read_parts("f 0-4 1; m 0-4 1; 5-11 1; 12+ 1"))


def test_a_band_is_summed_by_sex_and_a_wider_part_is_never_split() -> None:
    made = in_bands(read_parts("f 0-2 10; f 3-4 5; m 0-17 40; 60+ 7"))
    assert made.cells == (("f", Band(0, 4), 15), ("any", Band(60, None), 7))
    assert made.beside == (Part("m", Band(0, 17), 40),)


PARTS = st.builds(
    Part,
    st.sampled_from(["f", "m", "any"]),
    st.tuples(st.integers(0, 130), st.integers(0, 130)).map(lambda ends: Band(*sorted(ends))),
    st.integers(0, 999),
)


@given(st.lists(PARTS, max_size=8))
def test_nobody_is_lost_or_added_when_parts_are_put_into_bands(parts: list[Part]) -> None:
    made = in_bands(parts, UNHCR_BANDS)
    total = sum(count for *_, count in made.cells) + sum(part.count for part in made.beside)
    assert total == sum(part.count for part in parts)
