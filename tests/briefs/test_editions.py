from __future__ import annotations

import pytest

from briefs.tale import (
    NOON,
    Story,
    at,
    brief_of,
    day,
    invented,
    plain,
    story,
    tables,
    text_of,
    written,
)
from corridor.briefs import situation
from corridor.errors import CorridorError
from corridor.picture import picture
from corridor.report import Handling
from stories import two_valleys


def stocked() -> Story:
    """Return a story with people, a rate, a stock and a request, all public, as a careless entry would be."""
    told = story()
    told.say("headcount", "alpha", place="town", quantity="500 people", observed="2030-05-08")
    told.say("need_rate", "alpha", commodity="flour", quantity="0.4 kg", observed="2030-05-08")
    told.say("stock_count", "alpha", place="town", commodity="flour", quantity="77.7 t",
             observed="2030-05-12")  # fmt: skip
    told.say(
        "road_status", "alpha", road="road", status="restricted", observed="2030-05-13T09:00:00Z"
    )
    told.say("passage_request", "alpha", request="request-one", road="road", towards="town",
             asked_of="bravo", carrier="alpha", window_from=at(14, 6), window_until=at(14, 18))  # fmt: skip
    told.say("notification", "alpha", road="road", carrier="alpha", notified_to="bravo",
             window_from=at(14, 7), window_until=at(14, 19), items="Nineteen pallets")  # fmt: skip
    told.say("pipeline", "alpha", commodity="flour", place="hub", quantity="66 t",
             expected_from=at(14), expected_until=at(15))  # fmt: skip
    return told


def delivery(told: Story, stage: str, observed: str, quantity: str) -> None:
    """Tell of a delivery on the road."""
    told.say("consignment", "alpha", commodity="flour", stage=stage, quantity=quantity,
             destination="town", origin="hub", road="road", observed=observed)  # fmt: skip


@pytest.mark.parametrize("form", ["html", "text", "json"])
def test_a_public_brief_holds_no_stock_road_window_or_days_of_cover(form: str) -> None:
    from corridor.briefs import render

    page = render(brief_of(stocked(), "public"), form)
    for leak in ("77.7", "request-one", "14 May", "Nineteen", "66 t", "restricted for", "days of cover",
                 "Runs out", "P(open)"):  # fmt: skip
        assert leak not in page


def test_a_public_brief_states_its_delay_and_holds_completed_deliveries_after_it() -> None:
    told = story()
    delivery(told, "received", "2030-05-10", "11 t")
    delivery(told, "received", "2030-05-12", "13 t")
    delivery(told, "dispatched", "2030-05-09", "17 t")
    page = text_of(told, "public")
    assert "11 t" in page
    assert "13 t" not in page
    assert "17 t" not in page
    assert "at least 48 hours before" in page


def test_a_partners_brief_holds_needs_gaps_and_that_a_movement_was_notified() -> None:
    page = text_of(stocked(), "partners")
    assert "Need of seven days" in page
    assert "notified" in page
    for leak in ("77.7", "request-one", "14 May", "07:00", "Nineteen", "66 t", "ays of cover"):
        assert leak not in page


def test_a_partners_brief_shows_route_and_time_only_after_the_delay() -> None:
    told = story()
    delivery(told, "dispatched", "2030-05-08", "11 t")
    delivery(told, "dispatched", "2030-05-13T09:00:00Z", "13 t")
    table = tables(brief_of(told, "partners"))["deliveries"]
    heads = [plain(row[0].parts) for row in table.rows if len(row) == 1]
    assert heads == ["8 May 2030", "Time not in this edition"]
    late = plain(table.rows[-1][-1].parts)
    assert "By road" not in late


def test_only_a_whole_brief_holds_a_plan() -> None:
    view = picture(two_valleys(), at=NOON, known_at=NOON, clearance="partners")
    from corridor.planning import Aims, Rolling, train
    from corridor.planning.from_picture import problem
    from corridor.planning.plan import plan

    made = plan(train(problem(view, Aims(horizon_days=2)), Rolling()))
    brief = situation(view, made, edition="partners")
    assert "plan" not in [section.key for section in brief.sections]
    assert brief.plan_digest == ""
    assert made.digest[:16] not in str(brief)


def test_a_picture_that_holds_more_than_the_edition_is_refused() -> None:
    view = picture(two_valleys(), at=NOON, known_at=NOON, clearance="restricted")
    with pytest.raises(CorridorError, match="a public brief needs a picture for public readers"):
        situation(view, None, edition="public")


@pytest.mark.parametrize("edition", ["public", "partners"])
def test_every_source_of_an_edition_is_cleared_for_it(edition: Handling) -> None:
    brief = invented(edition)
    allowed = {"public": {"public"}, "partners": {"public", "partners"}}[edition]
    assert {source.handling for source in brief.sources} <= allowed


def test_higher_reports_change_no_byte_of_a_lower_brief() -> None:
    entries = two_valleys()
    lower = tuple(entry for entry in entries if entry.report.handling == "public")
    assert len(lower) < len(entries)
    view = picture(lower, at=NOON, known_at=NOON, clearance="public")
    from corridor.briefs import render

    brief = situation(view, None, edition="public", operation="Two Valleys")
    for form in ("html", "text", "json"):
        assert render(brief, form) == written("public", form)


def test_camp_coordinates_and_maps_are_not_public() -> None:
    page = written("public", "html")
    assert "Places, roads and stocks" not in page
    assert "lat" not in written("public", "json").split('"sections"')[0]


def test_few_people_are_kept_back_with_what_would_show_them() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="60 people", observed="2030-05-08")
    told.say(
        "headcount", "alpha", place="town", quantity="4 people", max_age=17, observed="2030-05-08"
    )
    told.say(
        "headcount", "alpha", place="town", quantity="56 people", min_age=18, observed="2030-05-08"
    )
    page = text_of(told, "public")
    assert "fewer than 10 people" in page
    assert " 4 people" not in page
    assert "56 people" not in page
    assert "not shown" in page
    assert "60 people" in page
    assert " 4 people" in text_of(told, "partners")


def test_few_people_left_cannot_be_worked_out_by_subtraction() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="60 people", observed="2030-05-08")
    told.say("departure", "alpha", place="town", quantity="55 people", measure="cumulative",
             since=at(8), observed=f"{at(8, 1)}/{at(9)}")  # fmt: skip
    told.say("need_rate", "alpha", commodity="flour", quantity="0.4 kg", observed="2030-05-08")
    page = text_of(told, "public", day(13))
    assert "55 people" not in page
    assert "5 people" not in page
    assert "2 kg" not in page


def test_a_note_on_few_people_is_kept_back_too() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="4 people", observed="2030-05-08",
             note="Two families, four people.")  # fmt: skip
    assert "four people" not in text_of(told, "public")


def test_a_part_that_leaves_few_others_is_kept_back() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="60 people", observed="2030-05-08")
    told.say(
        "headcount", "alpha", place="town", quantity="55 people", min_age=18, observed="2030-05-08"
    )
    page = text_of(told, "public")
    assert "55 people" not in page
    assert "60 people" in page


def test_few_who_left_do_not_hide_how_many_there_are() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="1200 people", observed="2030-05-08")
    told.say("departure", "alpha", place="town", quantity="9 people", observed="2030-05-09")
    told.say("need_rate", "alpha", commodity="flour", quantity="0.4 kg", observed="2030-05-08")
    page = text_of(told, "public")
    assert "1,200 people" in page
    assert "480 kg" in page or "0.48 t" in page
    assert "9 people" not in page
