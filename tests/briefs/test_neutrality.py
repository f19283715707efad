from __future__ import annotations

import json
from typing import Any

import pytest

from briefs.tale import NOON, invented, written
from corridor.briefs import render, situation
from corridor.picture import picture
from corridor.planning import Aims, Rolling, train
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan
from stories import read_all, two_valleys_lines

_KEPT = {"channel", "key", "kind"}
_PAIRS = (("Northern", "Southern"), ("northern", "southern"))


def exchanged(text: str) -> str:
    """Swap the names of the two sides, which have equal length."""
    for one, two in _PAIRS:
        text = text.replace(one, "\0").replace(two, one).replace("\0", two)
    return text


def swap(value: Any) -> Any:
    """Swap the sides in everything but channels and keys."""
    if isinstance(value, dict):
        return {k: v if k in _KEPT else swap(v) for k, v in value.items()}
    if isinstance(value, list):
        return [swap(one) for one in value]
    return exchanged(value) if isinstance(value, str) else value


@pytest.mark.parametrize("edition", ["public", "partners", "restricted", "sealed"])
def test_swapping_the_names_swaps_them_and_changes_nothing_else(edition: Any) -> None:
    lines = [json.dumps(swap(json.loads(line))) for line in two_valleys_lines()]
    view = picture(read_all(lines), at=NOON, known_at=NOON, clearance=edition)
    whole = edition in ("restricted", "sealed")
    made = plan(train(problem(view, Aims(horizon_days=5)), Rolling())) if whole else None
    swapped = situation(view, made, edition=edition, operation="Two Valleys")
    told = invented(edition, with_plan=whole)
    assert swapped.digest != told.digest
    for form in ("html", "text", "json"):
        back = exchanged(render(swapped, form))
        for mine, theirs in (
            (swapped.digest, told.digest),
            (swapped.plan_digest or "-", told.plan_digest or "-"),
        ):
            back = back.replace(mine, theirs).replace(mine[:16], theirs[:16])
        assert back == written(edition, form, with_plan=whole)


@pytest.mark.parametrize("form", ["html", "text", "json"])
def test_the_same_reports_in_any_order_give_the_same_bytes(form: str) -> None:
    view = picture(
        reversed(read_all(two_valleys_lines())), at=NOON, known_at=NOON, clearance="restricted"
    )
    made = plan(train(problem(view, Aims(horizon_days=5)), Rolling()))
    again = situation(view, made, edition="restricted", operation="Two Valleys")
    assert render(again, form) == written("restricted", form, with_plan=True)


def test_places_show_every_usage_in_the_operations_order() -> None:
    page = written("restricted", "text")
    assert "Birkfell / Birch" in page
