from __future__ import annotations

from datetime import date

from corridor.hazards.history import RoadHistory, history_of
from corridor.values import PlaceCode, RoadCode
from hazards.road_story import RoadStory
from stories import at, day


def shown(history: RoadHistory) -> str:
    """Return what each day may have been: o, r, c, several of them, or - where nobody spoke of it."""
    return " ".join(
        "".join(letter for letter, may in zip("orc", row, strict=True) if may) if seen else "-"
        for row, seen in zip(history.possible, history.is_seen, strict=True)
    )


def test_each_day_somebody_speaks_of_is_a_row_and_the_days_between_are_gaps() -> None:
    story = RoadStory()
    story.status("open", "3")
    story.status("closed", "6/8")
    history = story.history(10)
    assert history.first_day == date(2030, 5, 3)
    assert shown(history) == "o - - c c c - -"
    assert (history.days_seen, history.changes, history.days_disputed) == (4, 1, 0)


def test_claims_that_differ_leave_the_day_to_one_or_the_other() -> None:
    story = RoadStory()
    story.status("open", "3", "north")
    story.status("closed", "3", "south")
    history = story.history(3)
    assert shown(history) == "oc"
    assert history.days_disputed == 1


def test_repetition_weighs_nothing() -> None:
    once, often = RoadStory(), RoadStory()
    for story, times in ((once, 1), (often, 5)):
        story.status("closed", "3", "south")
        for number in range(times):
            story.status("open", "3", f"paper-{number}")
    assert shown(once.history(3)) == shown(often.history(3)) == "oc"


def test_that_a_road_is_open_releases_nothing_while_another_s_closure_still_holds() -> None:
    story = RoadStory()
    story.status("closed", "3", "north")
    story.status("open", "4", "agency")
    story.status("open", "9", "agency")
    assert shown(story.history(9)) == "c oc - - - - o", "a status holds for two days"


def test_what_the_grantor_says_to_hold_counts_until_then_and_of_another_only_on_its_day() -> None:
    story = RoadStory()
    story.status("closed", "3", "north", valid_until=at(6))
    assert shown(story.history(7)) == "c c c c -"
    other = RoadStory()
    other.status("closed", "3", "south", valid_until=at(6))
    assert shown(other.history(7)) == "c - - - -"


def test_the_last_word_of_a_claimant_counts() -> None:
    story = RoadStory()
    story.status("closed", "3/9", "north")
    story.say(
        "road_status", "north", road="pass", status="restricted", observed=at(10), learned=at(1)
    )
    assert shown(story.history(10)) == "c c c c c c c r"


def test_a_denied_claim_leaves_the_day_open_to_any_status() -> None:
    story = RoadStory()
    claim = story.status("closed", "4", "south")
    story.status("open", "3")
    assert shown(story.history(4)) == "o oc"
    story.status("closed", "4", "north", speech_act="denied", denies=claim)
    assert shown(story.history(4)) == "o -"


def test_other_users_cargoes_and_directions_say_nothing_of_it() -> None:
    story = RoadStory()
    story.status("open", "3", user="patients")
    story.status("open", "3", "b", cargo="fuel")
    story.status("closed", "3", "c", towards="hub")
    story.status("unspecified", "3", "d")
    assert shown(story.history(3)) == "-"
    assert shown(story.history(3, "hub")) == "c"


def test_promises_and_announcements_of_others_are_no_observations() -> None:
    story = RoadStory()
    story.status("open", "3", "north", speech_act="promised")
    story.status("open", "4", "south", speech_act="announced")
    story.status("closed", "5", "north", speech_act="announced")
    assert shown(story.history(5)) == "c"


def test_a_refused_passage_is_a_closed_day_and_a_grant_is_no_observation() -> None:
    story = RoadStory()
    for code, number, answer in (("a", 4, "refused"), ("b", 6, "granted"), ("c", 20, "refused")):
        story.passage(code, number, answer)
    assert shown(story.history(7)) == "c - - -"


def test_without_a_word_there_is_one_day_of_which_nobody_spoke() -> None:
    history = RoadStory().history()
    assert shown(history) == "-"
    assert history.days_seen == history.changes == 0
    assert history.basis == ()


def test_only_the_last_days_are_kept() -> None:
    story = RoadStory()
    story.status("closed", "1/10")
    view = story.picture(day(10, 12))
    history = history_of(view, RoadCode("pass"), PlaceCode("town"), most_days=4)
    assert history.first_day == date(2030, 5, 7)
    assert shown(history) == "c c c c"
