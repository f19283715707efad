from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from briefs.tale import NOON, brief_of, day, drawings, story, written
from corridor.briefs import render
from corridor.briefs.figures import cover, headcounts, projection, svg
from corridor.briefs.figures import map as sketch
from corridor.briefs.figures.layout import spots
from corridor.values import PlaceCode

SVG = "{http://www.w3.org/2000/svg}"


def read(text: str) -> ET.Element:
    return ET.fromstring(text)


def words(text: str) -> str:
    return " ".join(node.text or "" for node in read(text).iter(f"{SVG}text"))


def test_every_drawing_is_well_formed_and_says_what_it_is() -> None:
    found = drawings(written("restricted", "html", with_plan=True))
    assert len(found) > 5
    for text in found:
        root = read(text)
        assert root.get("role") == "img"
        first, second = root[0], root[1]
        assert first.tag == f"{SVG}title"
        assert first.text
        assert second.tag == f"{SVG}desc"
        assert second.text


def test_drawings_use_no_outside_thing_and_stay_on_the_sheet() -> None:
    for text in drawings(written("restricted", "html", with_plan=True)):
        assert "href" not in text
        assert "<style" not in text
        width, height = (float(n) for n in read(text).get("viewBox", "").split()[2:])
        for node in read(text).iter(f"{SVG}text"):
            assert -1 <= float(node.get("x", "")) <= width + 1
            assert 0 <= float(node.get("y", "")) <= height + 1


def test_cover_says_a_number_and_a_word_in_each_field() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="1000 people", observed="2030-05-12")
    told.say("need_rate", "alpha", commodity="flour", quantity="0.5 kg")
    told.say("need_rate", "alpha", commodity="petrol", quantity="0.1 l")
    told.say("stock_count", "alpha", place="town", commodity="flour", quantity="2 t",
             observed="2030-05-13T12:00:00Z")  # fmt: skip
    view = told.picture(NOON)
    found = words(cover.draw(view, view.stocks))
    assert "4 days" in found
    assert "under a week" in found
    assert "unknown" in found
    assert "no count" in found


def test_open_ends_are_arrows_and_claimants_have_shapes_of_one_size() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="up to 700 people", observed="2030-05-10")
    told.say("headcount", "bravo", place="town", quantity="400-500 people", observed="2030-05-12")
    view = told.picture(NOON)
    ((_, found),) = view.people_register.series.items()
    text = headcounts.draw(view, "At town", found.claims)
    assert 'stroke-dasharray="3 2"' in text
    names = words(text)
    assert names.index("Bravo Council") < names.index("Alpha Council")
    radii = {node.get("r") for node in read(text).iter(f"{SVG}circle")}
    assert radii == {"4.5"}


def test_no_colour_is_given_by_claimant() -> None:
    text = "".join(drawings(written("restricted", "html", with_plan=True)))
    colours = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', text))
    bands = {fill for _, _, fill, _ in cover._BANDS}
    assert colours <= {svg.INK, svg.GREY, svg.PALE, svg.PAPER, svg.WASH, svg.ALERT} | bands


@pytest.mark.parametrize(
    ("status", "form"),
    [
        ("open", 'stroke-width="2.6"/>'),
        ("restricted", 'stroke-dasharray="2 4"'),
        ("closed", "<path"),
    ],
)
def test_the_form_of_a_road_says_its_status(status: str, form: str) -> None:
    told = story()
    told.say("road_status", "alpha", road="road", status=status, observed="2030-05-13T09:00:00Z")
    text = sketch.draw(told.picture(NOON))
    assert form in text
    assert status in words(text)


def test_a_place_without_coordinates_stands_near_what_it_belongs_to_and_is_marked() -> None:
    told = story()
    told.say("place", place="upper", type="settlement", lat="40.0", lon="45.0")
    told.say("place", place="lower", type="settlement", lat="39.0", lon="46.0")
    told.say("place", place="shelter", type="camp", within="upper")
    view = told.picture(NOON)
    at = spots(view, [PlaceCode(c) for c in ("upper", "lower", "shelter")], 760, 470, 84)
    assert at[PlaceCode("upper")].x < at[PlaceCode("lower")].x
    assert at[PlaceCode("upper")].y < at[PlaceCode("lower")].y
    near = at[PlaceCode("shelter")]
    assert not near.is_known
    assert abs(near.x - at[PlaceCode("upper")].x) < 90


def test_a_projection_marks_today_and_where_it_runs_empty() -> None:
    days = [day(14).date(), day(15).date(), day(16).date()]
    found = words(projection.draw("Town: Flour", "t", days, [4.0, 2.0, 0.0], 6.0))
    assert "today" in found
    assert "empty" in found


def test_a_denied_figure_is_marked_in_the_drawing() -> None:
    told = story()
    claim = told.say(
        "headcount", "alpha", place="town", quantity="700 people", observed="2030-05-10"
    )
    told.say("headcount", "alpha", place="town", quantity="900 people", observed="2030-05-12")
    told.say("headcount", "bravo", place="town", quantity="700 people", speech_act="denied",
             denies=claim, observed="2030-05-11")  # fmt: skip
    html = render(brief_of(told), "html")
    assert "denied" in "".join(words(text) for text in drawings(html))
