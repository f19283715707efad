from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.errors import PlanningError
from corridor.planning.allocation import Allocation, Family, Rules, Unit, allocate
from corridor.planning.check_allocation import breaches
from corridor.planning.shelter_units import site
from corridor.registers import shelter
from corridor.report import standing
from corridor.shelter import rooms
from stories import Story

RULES = Rules(floor_each_m2=3.5)


def placed(families: list[Family], units: list[Unit], rules: Rules = RULES) -> Allocation:
    made = allocate(families, units, rules)
    assert breaches(made, families, units, rules) == ()
    return made


def test_a_family_stays_together_and_the_floor_left_says_who_can_still_come() -> None:
    made = placed([Family("f-1", 6)], [Unit("a", 20), Unit("b", 35)])
    assert made.homes == {"f-1": "b"}
    assert [(left.unit, left.people, left.floor_m2, left.can_take) for left in made.left] == [
        ("a", 0, 20, 5),
        ("b", 6, 14, 4),
    ]
    assert (made.can_take, made.largest_family, made.gap) == (9, 5, 0)


def test_a_family_that_no_one_unit_holds_is_told_and_never_split() -> None:
    made = placed([Family("f-1", 11)], [Unit("a", 21), Unit("b", 21)])
    assert made.homes == {}
    assert made.without == (("f-1", "no one unit has room for them together"),)


def test_access_needs_come_first_though_more_others_could_be_placed() -> None:
    families = [Family("f-1", 2, needs_step_free=True), Family("f-2", 6)]
    made = placed(families, [Unit("a", 21, is_step_free=True)])
    assert made.homes == {"f-1": "a"}
    assert made.without[0][0] == "f-2"


def test_access_needs_are_met_by_a_unit_without_steps_or_told() -> None:
    made = placed([Family("f-1", 2, needs_step_free=True)], [Unit("a", 100)])
    assert made.without == (("f-1", "no unit without steps has room for them together"),)


def test_an_unaccompanied_child_is_left_to_people() -> None:
    made = placed([Family("c-1", 1, is_unaccompanied_child=True)], [Unit("a", 100)])
    assert made.homes == {}
    assert made.left_to_people == ("c-1",)
    assert made.without == ()


def test_people_move_only_where_it_gives_others_a_place_and_how_many_may_is_said() -> None:
    families = [Family("f-1", 2, unit="a"), Family("f-2", 6)]
    units = [Unit("a", 21), Unit("b", 7)]
    made = placed(families, units)
    assert made.homes == {"f-1": "b", "f-2": "a"}
    assert made.moved == ("f-1",)
    stays = placed(families, units, replace(RULES, moves_for_a_place=0.1))
    assert stays.homes == {"f-1": "a"}
    assert placed([families[0]], units).moved == ()


def test_nobody_loses_a_place_and_nobody_comes_where_it_is_too_full_already() -> None:
    families = [Family("f-1", 6, unit="a"), Family("f-2", 4, unit="a"), Family("f-3", 1)]
    made = placed(families, [Unit("a", 21)])
    assert made.homes == {"f-1": "a", "f-2": "a"}
    assert made.left[0].floor_m2 == -14
    assert made.left[0].can_take == 0


def test_others_in_a_unit_keep_their_floor_and_a_unit_takes_no_more_families_than_it_may() -> None:
    families = [Family("f-1", 2), Family("f-2", 2)]
    made = placed(families, [Unit("a", 21, others=4), Unit("b", 100, most_families=1)])
    assert sorted(made.homes.values()) == ["a", "b"]
    assert made.can_take == 0


@pytest.mark.parametrize(
    ("families", "told"),
    [
        ([Family("f-1", 2), Family("f-1", 3)], "given twice"),
        ([Family("f-1", 2, unit="z")], "no usable unit here"),
        ([Family("f-1", 0)], "at least 1 person"),
    ],
)
def test_what_cannot_be_placed_as_given_is_refused(families: list[Family], told: str) -> None:
    with pytest.raises(PlanningError, match=told):
        allocate(families, [Unit("a", 20)], RULES)


def test_all_that_is_odd_about_families_is_told_at_once() -> None:
    with pytest.raises(PlanningError) as refused:
        allocate([Family("f-1", 2, unit="y"), Family("f-2", 0, unit="z")], [Unit("a", 20)], RULES)
    assert len(str(refused.value).splitlines()) == 3


def test_the_check_finds_what_an_allocation_breaks() -> None:
    families = [
        Family("f-1", 6),
        Family("c-1", 1, is_unaccompanied_child=True),
        Family("f-2", 1, unit="a"),
    ]
    units = [Unit("a", 20, most_families=1)]
    made = allocate(families, units, RULES)
    broken = replace(made, homes={"f-1": "a", "c-1": "a"})
    assert len(breaches(broken, families, units, RULES)) == 4


FAMILIES = st.lists(
    st.tuples(
        st.integers(1, 9), st.booleans(), st.booleans(), st.sampled_from(["", "", "u-0", "u-1"])
    ),
    max_size=9,
)
UNITS = st.lists(
    st.tuples(st.integers(0, 60), st.booleans(), st.integers(0, 5), st.none() | st.integers(1, 4)),
    min_size=2,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(raw_families=FAMILIES, raw_units=UNITS)
def test_every_allocation_keeps_its_rules_and_places_no_fewer_than_taking_them_in_turn(
    raw_families: list[tuple[int, bool, bool, str]],
    raw_units: list[tuple[int, bool, int, int | None]],
) -> None:
    families = [Family(f"f-{n}", *one) for n, one in enumerate(raw_families)]
    units = [Unit(f"u-{n}", *one) for n, one in enumerate(raw_units)]
    made = placed(families, units, replace(RULES, gap=0.0))
    named = {*made.homes, *dict(made.without), *made.left_to_people}
    assert named == {family.family for family in families}
    if not any(f.unit or f.needs_step_free or f.is_unaccompanied_child for f in families):
        people = {f.family: f.people for f in families}
        assert sum(people[name] for name in made.homes) >= _in_turn(families, units)


def _in_turn(families: list[Family], units: list[Unit]) -> int:
    """Place the largest first, each into the first unit with room: what a person would do by hand."""
    room = {u.unit: u.floor_m2 - u.others * RULES.floor_each_m2 for u in units}
    shared = {u.unit: u.most_families or len(families) for u in units}
    total = 0
    for family in sorted(families, key=lambda f: -f.people):
        need = family.people * RULES.floor_each_m2
        unit = next((u for u in room if room[u] >= need and shared[u]), None)
        if unit is not None:
            room[unit] -= need
            shared[unit] -= 1
            total += family.people
    return total


# From what is claimed of a site.


def test_a_unit_counts_as_full_as_the_highest_claim_and_an_uncounted_one_is_left_out() -> None:
    story = Story().land()
    for code, condition in (("a", "usable"), ("b", "usable"), ("c", "unusable")):
        story.say(
            "shelter_unit", place="camp", shelter_unit=code, type="tent", floor_m2="70",
            condition=condition,
        )  # fmt: skip
    for claimant, amount in (("north", "9"), ("south", "12")):
        story.say(
            "occupancy", claimant, place="camp", shelter_unit="a", quantity=f"{amount} people"
        )
    lines = rooms(shelter.fold(standing(story.entries).reports), "camp")  # type: ignore[arg-type]
    families = [Family("f-1", 4, unit="a"), Family("f-2", 2, unit="c")]
    given = site(lines, families, uncounted_is_empty=False)
    assert [(unit.unit, unit.others) for unit in given.units] == [("a", 8)]
    assert given.left_out == (("b", "nobody counted who is in it"), ("c", "unusable"))
    assert [family.unit for family in given.families] == ["a", ""]
    assert len(site(lines, families, uncounted_is_empty=True).units) == 2
