from __future__ import annotations

import re

import pytest

from briefs.tale import (
    NOON,
    at,
    brief_of,
    day,
    invented,
    plain,
    rows,
    sentences,
    story,
    tables,
    text_of,
    values,
    written,
)
from corridor.briefs import BRIEFS, FORMATS, render
from corridor.briefs.figures import map as sketch
from corridor.errors import CorridorError
from corridor.report import Handling


def test_sections_stand_in_ochas_order() -> None:
    keys = [section.key for section in invented("restricted", with_plan=True).sections]
    assert keys == [
        "highlights", "key-figures", "overview", "supply", "access", "people", "sites", "plan", "unknown", "struck",
    ]  # fmt: skip


def test_tables_of_briefs_and_formats_name_what_there_is() -> None:
    assert set(BRIEFS) == {"situation", "ceasefire", "round"}
    assert set(FORMATS) == {"html", "text", "json"}
    with pytest.raises(CorridorError, match="no format is called 'docx'"):
        render(invented("public"), "docx")


@pytest.mark.parametrize("edition", ["public", "partners", "restricted"])
def test_every_sentence_has_an_owner_and_a_verb(edition: Handling) -> None:
    brief = invented(edition, with_plan=edition == "restricted")
    owners = {source.claimant for source in brief.sources} | {"Corridor", "The operation"}
    for sentence in sentences(brief):
        assert sentence.owner in owners
        assert re.match(r"[a-z]+ ?", plain(sentence.parts))


@pytest.mark.parametrize("edition", ["public", "partners", "restricted"])
def test_every_cited_value_has_a_source_or_a_formula(edition: Handling) -> None:
    brief = invented(edition, with_plan=edition == "restricted")
    numbers = brief.source_numbers()
    for value in values(brief):
        assert value.method or any(name in numbers for name in value.basis), value


def test_the_head_says_when_where_for_whom_and_on_what_it_rests() -> None:
    brief, page = (
        invented("restricted", with_plan=True),
        written("restricted", "text", with_plan=True),
    )
    assert "13 May 2030, 15:00" in page
    assert "UTC+03:00" in page
    assert "RESTRICTED" in page
    assert brief.digest[:16] in page
    assert page.count(brief.digest) == 1
    assert brief.plan_digest in page


def test_a_missing_report_is_called_missing_and_never_zero() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="500 people", observed="2030-05-12")
    told.say("need_rate", "alpha", commodity="flour", quantity="0.4 kg", observed="2030-05-12")
    found = text_of(told)
    assert "No report received of Flour in store at town" in found
    (row,) = [row for row in rows(tables(brief_of(told))["cover"]) if row.startswith("Flour")]
    assert "No report received | No report received" in row
    assert " 0 t" not in row


@pytest.mark.parametrize(
    "said", ["up to 700 people", "over 400 people", "about 64 people", "50-1,000 people"]
)
def test_bounds_and_qualifiers_survive(said: str) -> None:
    told = story()
    quantity = said.replace(",", "")
    told.say("headcount", "alpha", place="town", quantity=quantity, observed="2030-05-12")
    brief = brief_of(told)
    assert f"Alpha Council: {said}" in rows(tables(brief)["people"])[0]
    assert any(
        plain(sentence.parts).startswith(f"takes {said} to") for sentence in sentences(brief)
    )


def test_a_range_names_who_left_an_end_open() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="over 400 people", observed="2030-05-12")
    told.say("headcount", "bravo", place="town", quantity="600 people", observed="2030-05-12")
    assert "Alpha Council gives no upper end" in text_of(told)


def test_claims_stand_side_by_side_in_the_operations_order_and_are_not_added() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="400 people", observed="2030-05-12")
    told.say("headcount", "bravo", place="town", quantity="600 people", observed="2030-05-12")
    (row,) = rows(tables(brief_of(told))["people"])
    assert row.index("Bravo Council: 600") < row.index("Alpha Council: 400")
    assert "400 to 600" in row
    assert "1,000" not in text_of(told)
    assert " 500 people" not in text_of(told)


def test_a_denial_stands_beside_the_allegation_wherever_it_stands() -> None:
    told = story()
    claim = told.say(
        "road_status", "alpha", road="road", status="closed", observed="2030-05-13T09:00:00Z"
    )
    told.say(
        "road_status",
        "bravo",
        road="road",
        status="closed",
        speech_act="denied",
        denies=claim,
        observed="2030-05-13T10:00:00Z",
    )
    brief = brief_of(told)
    (row,) = rows(tables(brief)["denials"])
    assert row.startswith("Alpha Council says: road (hub and town) is closed")
    assert "Bravo Council denies this" in row
    said = [plain(s.parts) for s in sentences(brief) if s.owner == "Alpha Council"]
    assert said
    assert all("Bravo Council denies this" in text for text in said)
    closed = [row for row in rows(tables(brief)["roads"]) if "Alpha Council says closed" in row]
    assert closed
    assert all("Bravo Council denies this" in row for row in closed)
    assert all("closed, denied" in row for row in closed)
    assert "closed, denied" in sketch.draw(told.picture(NOON))
    (source,) = [s for s in brief.sources if s.claimant == "Alpha Council"]
    assert len(source.denied_by) == 1


def test_what_may_be_one_cargo_stands_side_by_side_and_is_not_added() -> None:
    told = story()
    for claimant, stage in (("alpha", "dispatched"), ("bravo", "received")):
        told.say(
            "consignment",
            claimant,
            commodity="flour",
            stage=stage,
            quantity="20 t",
            destination="town",
            observed="2030-05-10",
        )
    table = tables(brief_of(told))["overlap-1"]
    assert "may be the same cargo; not added" in table.title
    assert len([row for row in table.rows if len(row) > 1]) == 2
    assert "40 t" not in text_of(told)


def test_struck_reports_stay_readable_with_the_reason() -> None:
    told = story()
    wrong = told.say(
        "headcount", "alpha", place="town", quantity="4000 people", observed="2030-05-12"
    )
    told.say(
        "headcount",
        "alpha",
        place="town",
        quantity="400 people",
        observed="2030-05-12",
        corrects=wrong,
        note="A zero too many.",
    )
    brief = brief_of(told)
    table = tables(brief)["struck"]
    assert table.rows[0][0].is_struck
    assert "4,000 people" in rows(table)[0]
    assert "Alpha Council corrects it: A zero too many." in rows(table)[0]
    assert "<s>" in render(brief, "html")
    assert "~~" in render(brief, "text")


def test_a_withdrawal_names_the_claimant() -> None:
    told = story()
    claim = told.say(
        "headcount", "alpha", place="town", quantity="4000 people", observed="2030-05-12"
    )
    told.say("retraction", "alpha", retracts=claim, reason="Counted twice.", learned="2030-05-13")
    told.say("headcount", "bravo", place="town", quantity="300 people", observed="2030-05-12")
    assert "Alpha Council withdrew it" in text_of(told, moment=day(15))


def test_an_adopted_figure_is_the_operations() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="400 people", observed="2030-05-12")
    told.say(
        "adopted",
        "operation",
        subject="people",
        place="town",
        quantity="450 people",
        decided_by="head of operations",
        reason="Between two counts.",
        observed="2030-05-12",
    )
    found = text_of(told)
    assert "The operation adopted 450 people" in found


def test_assumptions_are_marked_as_the_operations_own() -> None:
    told = story()
    told.say(
        "stock_count",
        "operation",
        place="town",
        commodity="flour",
        quantity="12 t",
        observed="2030-05-12",
        note="Assumption: nobody counted.",
    )
    brief = brief_of(told)
    assert "assumptions" in tables(brief)
    (source,) = [s for s in brief.sources if s.kind == "stock_count"]
    assert source.is_assumption


def test_a_road_without_a_claim_that_holds_is_unknown() -> None:
    told = story()
    told.say("road_status", "alpha", road="road", status="open", observed="2030-05-02T09:00:00Z")
    found = text_of(told)
    assert "Unknown is not open." in found
    assert "no longer holds; until 4 May 2030, 09:00, by the operation's rule" in found


def test_requests_and_notifications_are_kept_apart() -> None:
    told = story()
    window = {"window_from": at(14, 6), "window_until": at(14, 18)}
    told.say("passage_request", "alpha", request="r1", road="road", towards="town", asked_of="bravo",
             carrier="alpha", **window)  # fmt: skip
    told.say("notification", "alpha", road="road", carrier="alpha", notified_to="bravo", **window)
    brief = brief_of(told)
    assert "No answer is recorded" in rows(tables(brief)["passages"])[0]
    assert tables(brief)["passages"].remark == ("A request is not permission.",)
    assert "not a request" in plain(tables(brief)["notifications"].remark)


def test_the_plan_is_printed_with_its_aims_and_what_it_leaves_unmet() -> None:
    brief = invented("restricted", with_plan=True)
    found = tables(brief)
    assert {"convoys", "projected", "aims"} <= set(found)
    assert any("Share of a road counted on later | 0.25" in row for row in rows(found["aims"]))
    page = written("restricted", "text", with_plan=True)
    assert "A plan is advice until a named person approves it." in " ".join(page.split())


def test_without_a_plan_the_section_says_so() -> None:
    assert "Corridor holds no plan for the coming days." in written("restricted", "text")


def test_a_plan_of_other_reports_is_called_out() -> None:
    from corridor.briefs import situation
    from corridor.picture import picture
    from corridor.planning import Aims, Rolling, train
    from corridor.planning.from_picture import problem
    from corridor.planning.plan import plan
    from stories import two_valleys

    then = picture(two_valleys(), at=day(12), known_at=day(12), clearance="restricted")
    now = picture(two_valleys(), at=NOON, known_at=NOON, clearance="restricted")
    old = plan(train(problem(then, Aims(horizon_days=2)), Rolling()))
    page = render(situation(now, old, edition="restricted"), "text")
    assert "from other reports than this brief rests on" in " ".join(page.split())


def test_an_empty_ledger_still_makes_a_brief() -> None:
    from stories import Story

    editions: tuple[Handling, ...] = ("public", "partners", "restricted")
    for edition in editions:
        page = text_of(Story(), edition)
        assert "No report received" in page
