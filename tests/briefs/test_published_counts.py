from __future__ import annotations

from corridor.briefs.published_counts import figures_of, kept_back
from corridor.disclosure import Rules
from corridor.report import Report
from stories import Story, at

RULES = Rules()


def counted(story: Story, amount: int, claimant: str = "agency", **more: str) -> str:
    return story.say(
        "headcount", claimant, place="camp", quantity=f"{amount} people", observed=at(3), **more
    )


def test_counts_of_one_hour_share_their_cells_and_others_do_not() -> None:
    story = Story().land()
    whole = counted(story, 100)
    girls = counted(story, 20, max_age="17", sex="f")
    other = counted(story, 90, "south")
    figures = figures_of(story.reports)
    assert figures[girls].cells < figures[whole].cells  # type: ignore[index]
    assert not figures[other].cells & figures[whole].cells  # type: ignore[index]
    assert len(figures[whole].cells) == 4  # type: ignore[index]


def kept(story: Story) -> set[str]:
    return set(kept_back(story.reports, RULES).kept_back)


def test_what_several_parts_leave_over_is_protected() -> None:
    story = Story().land()
    counted(story, 100)
    parts = [counted(story, 30, sex="f"), counted(story, 33, sex="m", max_age="17")]
    assert kept(story) == set()
    parts.append(counted(story, 33, sex="m", min_age="18", max_age="59"))
    assert kept(story)
    assert kept(story) <= {report.id for report in story.reports}


def test_counts_that_contradict_each_other_are_kept_back_together() -> None:
    story = Story().land()
    both = {counted(story, 100), counted(story, 130, sex="f")}
    other = counted(story, 90, "south")
    assert kept(story) == both
    assert other not in kept(story)


def test_a_report_of_anything_else_is_no_figure() -> None:
    story = Story().land()
    story.say("headcount", place="camp", quantity="30 households")
    reports: list[Report[object]] = story.reports
    assert figures_of(reports) == {}
