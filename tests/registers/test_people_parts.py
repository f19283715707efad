from __future__ import annotations

import pytest

from corridor.errors import InvalidReport
from corridor.registers.people import parts_of, subject_of
from corridor.standards.age_bands import Band, Part
from stories import Story


def said(**fields: object) -> Story:
    story = Story().land()
    story.say(**({"kind": "headcount", "place": "camp", "quantity": "700 people"} | fields))  # type: ignore[arg-type]
    return story


def test_a_count_keeps_the_parts_it_was_given_with() -> None:
    story = said(bands="f 0-17 200; m 0-17 210; 18+ 290")
    assert parts_of(story.reports[-1])[2] == Part("any", Band(18, None), 290)
    assert subject_of(story.reports[-1]).is_whole  # type: ignore[union-attr]


def test_those_who_came_and_left_are_counted_by_sex_and_method_too() -> None:
    for kind in ("arrival", "departure"):
        story = said(kind=kind, sex="f", method="registered", bands="f 0-4 20")
        subject = subject_of(story.reports[-1])
        assert subject is not None
        assert subject.sex == "f"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"bands": "f 0-17 400; m 0-17 310"},
            "the parts together are more than the quantity, 710 of 700 people",
        ),
        ({"bands": "f 400; m 400"}, "the parts together are more than the quantity, 800 of"),
        ({"bands": "f 0-17 40; f 12-20 31"}, "counted in both, f 0-17 40 and f 12-20 31"),
        ({"bands": "m 3; f 60+ 1; 20+ 4"}, "counted in both, m 3 and 20+ 4"),
        (
            {"bands": "m 4; f 0-200 40; 4-2 3"},
            "130 at most, youngest first, not 'f 0-200 40; 4-2 3'",
        ),
        ({"bands": "some children"}, "parts like 'f 0-4 120; m 0-4 131; 60+ 45' are needed"),
        ({"bands": "f 1;"}, "youngest first, not ''"),
        ({"max_age": "200"}, "at most 130 years is needed, not 200"),
        ({"min_age": "30", "max_age": "20"}, "must not be before min_age"),
        ({"bands": "f 40", "quantity": "70 households"}, "need a quantity in people"),
    ],
)
def test_what_cannot_be_is_refused_with_one_message(fields: dict[str, str], told: str) -> None:
    with pytest.raises(InvalidReport) as refused:
        said(**fields)
    (problem,) = refused.value.problems
    assert told in problem.text


def test_parts_of_a_count_without_an_upper_end_are_let_in() -> None:
    said(quantity="over 400 people", bands="f 300; m 300")
    with pytest.raises(InvalidReport, match="more than the quantity"):
        said(quantity="up to 400 people", bands="f 300; m 300")
