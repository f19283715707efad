"""What `corridor plan` says of a plan before its tables."""

from __future__ import annotations

import pytest

from corridor.cli import show_plan
from corridor.picture import Picture
from corridor.planning import Aims, Plan, Rolling, train
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan
from stories import Story, day


def _made(story: Story) -> tuple[Picture, Plan]:
    view = story.picture(day(10, 12))
    return view, plan(train(problem(view, Aims(horizon_days=3)), Rolling()))


def _need() -> Story:
    story = Story()
    story.say("place", place="town", type="settlement")
    for good in ("flour", "oil"):
        story.say("commodity", commodity=good, name=good.title(), unit="t")
        story.say("need_rate", commodity=good, quantity="0.5 kg")
    story.say("headcount", "alpha", place="town", quantity="100 people", observed="2030-05-09")
    return story


def test_a_plan_without_any_known_need_does_not_claim_to_meet_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_plan.plan(*_made(Story()))
    said = capsys.readouterr().out
    assert "no need is known" in said
    assert "every need is met" not in said


def test_days_without_two_goods_are_not_added(capsys: pytest.CaptureFixture[str]) -> None:
    show_plan.plan(*_made(_need()))
    said = " ".join(capsys.readouterr().out.split())
    assert "300 person-days without Flour; 300 person-days without Oil" in said


def test_days_are_written_as_in_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    show_plan.plan(*_made(_need()))
    assert "2030-05-" not in capsys.readouterr().out
