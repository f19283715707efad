from __future__ import annotations

from typing import Any

from corridor.registers import supply
from corridor.registers.supply import Movement
from corridor.report import standing
from corridor.values import ReportId
from stories import Story, at, codes


def fold(story: Story) -> supply.Supply:
    return supply.fold(standing(story.entries).reports)


def move(story: Story, stage: str, amount: str, number: int = 5, **more: Any) -> ReportId:
    given = {"commodity": "food", "origin": "hub", "destination": "town", "consignment": "W-1"}
    claimant = more.pop("claimant", "agency")
    said = given | {"stage": stage, "quantity": amount, "observed": at(number)} | more
    return story.say("consignment", claimant, **said)


def moves(story: Story, place: str, commodity: str = "food") -> list[tuple[str, int, float]]:
    """Return (stage, sign, amount by the first claimant) of the movements at a place."""
    found = fold(story).stocks.get((place, commodity))
    movements: tuple[Movement, ...] = found.movements if found else ()
    return [(m.stage, m.sign, float(m.claims[0].quantity.stated)) for m in movements]


def test_a_coded_consignment_leaves_one_place_and_comes_to_another() -> None:
    story = Story().land()
    move(story, "dispatched", "18 t", 5)
    move(story, "received", "17.5 t", 6)
    move(story, "distributed", "4 t", 7)
    assert moves(story, "hub") == [("dispatched", -1, 18)]
    assert moves(story, "town") == [("received", 1, 17.5), ("distributed", -1, 4)]


def test_without_a_code_nothing_moves() -> None:
    story = Story().land()
    move(story, "dispatched", "18 t", consignment="")
    move(story, "received", "18 t", consignment="")
    assert moves(story, "hub") == []
    assert moves(story, "town") == []


def test_what_is_advised_loaded_held_passed_promised_or_denied_moves_no_stock() -> None:
    story = Story().land()
    for stage in ("advised", "loaded", "held", "passed"):
        move(story, stage, "18 t")
    move(story, "received", "18 t", speech_act="promised")
    move(story, "received", "18 t", speech_act="denied")
    assert moves(story, "hub") == []
    assert moves(story, "town") == []


def test_two_claimants_of_one_receipt_are_one_movement_with_two_claims() -> None:
    story = Story().land()
    move(story, "received", "18 t", claimant="agency")
    move(story, "received", "17 t", claimant="north")
    (movement,) = fold(story).stocks["town", "food"].movements
    assert {claim.claimant: claim.quantity.stated for claim in movement.claims} == {
        "agency": 18,
        "north": 17,
    }


def test_what_is_lost_on_the_way_never_was_at_the_destination() -> None:
    story = Story().land()
    move(story, "dispatched", "20 t", 5)
    move(story, "received", "15 t", 6)
    move(story, "lost", "5 t", 7)
    assert moves(story, "town") == [("received", 1, 15), ("lost", 0, 5)]


def test_what_is_lost_beyond_what_was_missing_was_lost_in_store() -> None:
    story = Story().land()
    move(story, "dispatched", "20 t", 5)
    move(story, "received", "20 t", 6)
    move(story, "lost", "5 t", 7)
    assert moves(story, "town") == [("received", 1, 20), ("lost", -1, 5)]


def test_amounts_come_in_the_unit_of_the_goods_where_that_needs_no_guess() -> None:
    story = Story().land()
    move(story, "received", "500 kg")
    move(story, "received", "0.8 t", commodity="petrol")
    assert moves(story, "town") == [("received", 1, 0.5)]
    assert moves(story, "town", "petrol") == [("received", 1, 1000)]


def test_an_amount_in_a_unit_that_does_not_convert_is_told_and_not_counted() -> None:
    story = Story().land()
    odd = move(story, "received", "3 trucks")
    story.say("need_rate", commodity="food", quantity="2 meals")
    story.say("stock_count", place="town", commodity="food", quantity="7 boxes")
    found = fold(story)
    assert moves(story, "town") == []
    assert found.stocks["town", "food"].counts.claims == ()
    assert codes(found.findings) == ["unit_does_not_convert"] * 3
    assert odd in {name for finding in found.findings for name in finding.basis}


def test_a_count_keeps_every_claim_and_each_claimants_latest() -> None:
    story = Story().land()
    for claimant, amount, number in (
        ("north", "9 t", 3),
        ("agency", "5 t", 4),
        ("north", "8 t", 5),
    ):
        story.say(
            "stock_count",
            claimant,
            place="town",
            commodity="food",
            quantity=amount,
            observed=at(number),
        )
    counts = fold(story).stocks["town", "food"].counts
    assert [float(claim.quantity.stated) for claim in counts.claims] == [9, 5, 8]
    assert [float(claim.quantity.stated) for claim in counts.latest] == [5, 8]


def test_a_part_is_kin_to_its_whole_and_two_parts_are_not_kin() -> None:
    story = Story().land()
    story.say("commodity", commodity="salt", name="Salt", unit="kg", part_of="food")
    goods = fold(story).commodities
    assert supply.kin("flour", "food", goods)
    assert supply.kin("food", "flour", goods)
    assert not supply.kin("flour", "salt", goods)


def test_goods_that_are_part_of_each_other_do_not_hang_the_fold() -> None:
    story = Story()
    story.say("commodity", commodity="a", name="A", unit="t", part_of="b")
    story.say("commodity", commodity="b", name="B", unit="t", part_of="a")
    goods = fold(story).commodities
    assert supply.kin("a", "b", goods)


def test_the_last_word_on_a_fleet_holds() -> None:
    story = Story()
    for number, ready in ((3, 8), (4, 6)):
        story.say(
            "fleet",
            fleet="trucks",
            base="hub",
            carrier_class="dry",
            vehicle_class=5,
            vehicles=ready,
            payload_t=18,
            observed=at(number),
        )
    assert fold(story).fleets["trucks"].statement.vehicles == 6


def test_a_denied_count_is_a_denial_and_no_count() -> None:
    story = Story().land()
    given = {"place": "town", "commodity": "food", "quantity": "9 t"}
    claim = story.say("stock_count", "north", **given)
    denial = story.say("stock_count", "south", speech_act="denied", denies=claim, **given)
    counts = fold(story).stocks["town", "food"].counts
    assert [c.report.id for c in counts.claims] == [claim]
    assert [report.id for report in counts.denials] == [denial]


def test_nothing_is_odd_in_a_plain_story() -> None:
    story = Story().land()
    move(story, "dispatched", "18 t")
    move(story, "received", "18 t")
    assert fold(story).findings == ()
