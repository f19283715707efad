"""A public brief after releases: what was shown stays known, and no small count follows from all of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.briefs import render, situation
from corridor.briefs.published_counts import figures_of
from corridor.briefs.releasing import released_by
from corridor.briefs.small_cells import released, small_cells
from corridor.operation import Operation
from corridor.planning.solver import Arrays, search
from stories import END, TWO_VALLEYS, Story, at, codes, day

BANDS = ("0-4", "5-11", "12-17", "18-59", "60+")


def counted(story: Story, amount: int, number: int = 3, **more: str) -> str:
    return story.say(
        "headcount", place="camp", quantity=f"{amount} people", observed=at(number), **more
    )


def release(story: Story, number: int) -> None:
    view = story.picture(day(number), clearance="public")
    for text in released_by(view).figures:
        story.say(
            "release", "operation", brief=view.digest, released_by="information officer",
            agreed_by="head of operations", figures=text, observed=at(number), learned=at(number),
        )  # fmt: skip


def public(story: Story, number: int = 20) -> str:
    view = story.picture(day(number), clearance="public")
    return " ".join(render(situation(view, None, edition="public"), "text").split())


def test_what_was_released_is_kept_with_how_well_a_reader_knows_it() -> None:
    story = Story().land()
    plain = counted(story, 712)
    printed = counted(story, 826, 4, url="https://example.org/1")
    release(story, 5)
    known = released(story.picture(day(6)))
    assert known == {plain: (708, 712), printed: (826, 826)}


def test_a_later_part_is_kept_back_where_an_earlier_release_gives_the_rest_away() -> None:
    story = Story().land()
    whole = counted(story, 60, url="https://example.org/1")
    story.say("headcount", place="town", quantity="900 people", observed=at(3))
    release(story, 4)
    women = counted(story, 55, sex="f", url="https://example.org/1", learned=at(5))
    small = small_cells(story.picture(day(6), clearance="public"))
    assert women in small.words
    assert whole in released(story.picture(day(6)))
    assert small.given_away == ()


def test_what_releases_give_away_themselves_is_told() -> None:
    story = Story().land()
    counted(story, 60, url="https://example.org/1")
    bands = "f 0-17 30; m 0-17 26; 18+ 4"
    banded = counted(story, 60, 4, bands=bands, url="https://example.org/2")
    text = "; ".join(f"{banded}{part}" for part in (" 60-60", " f 0-17 30-30", " m 0-17 26-26"))
    story.say(
        "release", "operation", brief="0123456789abcdef", released_by="one", agreed_by="two",
        figures=text, observed=at(5), learned=at(5),
    )  # fmt: skip
    small = small_cells(story.picture(day(6), clearance="public"))
    assert small.given_away == (f"{banded} any 18+",)


def test_a_public_brief_rounds_counts_and_what_follows_from_them() -> None:
    story = Story().land()
    counted(story, 712)
    story.say("need_rate", commodity="food", quantity="1 kg", citation="invented")
    text = public(story)
    assert "710 people" in text
    assert "712" not in text
    assert "0.712" not in text
    assert "710 kg" in text


def test_a_figure_that_its_publisher_printed_stays_as_it_was_printed() -> None:
    story = Story().land()
    counted(story, 712, url="https://example.org/1")
    assert "712 people" in public(story)


def test_rounding_makes_no_finding() -> None:
    story = Story().land()
    counted(story, 700, 3)
    counted(story, 208, 3, max_age="17")
    counted(story, 900, 4)
    counted(story, 212, 4, max_age="17")
    view = story.picture(END, clearance="public")
    assert "equal_part_unequal_total" not in codes(view.findings)
    assert "give the same" not in public(story)


def test_a_part_too_small_to_show_is_not_told_from_its_complement() -> None:
    story = Story().land()
    bands = "f 0-4 61; m 0-4 63; f 18-59 129; m 18-59 88; f 60+ 47; m 60+ 7"
    counted(story, 395, bands=bands)
    (row,) = [
        [part for cell in row for part in cell.parts]
        for section in situation(
            story.picture(END, clearance="public"), None, edition="public"
        ).sections
        for block in section.blocks
        for row in getattr(block, "rows", ())
        if getattr(block, "key", "") == "sex-and-age" and row[0].parts == ("60+",)
    ]
    assert row.count("not shown") == 2


def test_a_released_brief_of_the_example_is_kept_figure_by_figure(tmp_path: Path) -> None:
    folder = tmp_path / "two-valleys"
    shutil.copytree(TWO_VALLEYS, folder, ignore=shutil.ignore_patterns("ledger"))
    operation = Operation(folder, clock=lambda: END)
    operation.load()

    def draft() -> str:
        view = operation.picture(at=day(16), clearance="public")
        return render(operation.brief(view, None, edition="public"), "json")

    view = operation.picture(at=day(16), clearance="public")
    before = draft()
    done = operation.release(view, released_by="information officer", agreed_by="head")
    assert render(done.brief, "json") == before
    assert done.given_away == ()
    after = operation.picture(at=day(16), known_at=END, clearance="public")
    known = released(after)
    assert len(known) > 30
    (elm,) = (r for r in after.reports.values() if r.key == "elm-12-bands")
    assert known[elm.id] == (708, 712)
    assert known[f"{elm.id} m 60+"] == (13, 17)
    (left,) = (r for r in after.reports.values() if r.key == "elm-left-14")
    assert f"{left.id} m 60+" not in known


# Several releases of a growing ledger, and a reader with a solver.


def reader(
    cells: frozenset[str], shown: list[tuple[frozenset[str], int, int]]
) -> tuple[int, float]:
    names = sorted(cells.union(*(one for one, _, _ in shown)))
    ends = []
    for sign in (1.0, -1.0):
        rows = np.array([[float(n in one) for n in names] for one, _, _ in shown])
        arrays = Arrays(
            cost=sign * np.array([float(n in cells) for n in names]),
            lower=np.zeros(len(names)),
            upper=np.full(len(names), 10_000.0),
            row_lower=np.array([float(low) for _, low, _ in shown]),
            row_upper=np.array([float(high) for _, _, high in shown]),
            start=np.arange(0, rows.size + 1, len(names)),
            index=np.tile(np.arange(len(names)), len(shown)),
            value=rows.ravel(),
            is_whole=np.ones(len(names), dtype=np.bool_),
        )
        ends.append(round(sign * search(arrays, gap=0.0, nodes=5_000).objective))
    return ends[0], ends[1]


@settings(max_examples=12, deadline=None)
@given(
    counts=st.lists(st.integers(0, 40), min_size=6, max_size=6),
    steps=st.lists(
        st.sampled_from(["f", "m", "children", "adults", "bands"]), unique=True, min_size=1
    ),
    is_printed=st.booleans(),
)
def test_no_row_of_public_briefs_gives_a_small_count_away(
    counts: list[int], steps: list[str], is_printed: bool
) -> None:
    cells = [(sex, band) for band in ("0-17", "18-59", "60+") for sex in "fm"]
    by_cell = dict(zip(cells, counts, strict=True))
    more = {"url": "https://example.org/1"} if is_printed else {}
    story = Story().land()
    counted(story, sum(counts), **more)
    release(story, 4)
    for number, step in enumerate(steps, start=5):
        late = {"learned": at(number), **more}
        if step in "fm":
            counted(story, sum(n for (s, _), n in by_cell.items() if s == step), sex=step, **late)
        elif step == "bands":
            text = "; ".join(f"{s} {b} {n}" for (s, b), n in by_cell.items())
            counted(story, sum(counts), bands=text, method="registered", **late)
        else:
            ages = {"max_age": "17"} if step == "children" else {"min_age": "18"}
            is_in = (lambda b: b == "0-17") if step == "children" else (lambda b: b != "0-17")
            counted(story, sum(n for (_, b), n in by_cell.items() if is_in(b)), **ages, **late)
        release(story, number)
    view = story.picture(day(20), clearance="public")
    figures = figures_of(view.reports.values())
    known = [(figures[name].cells, *ends) for name, ends in released(view).items()]
    for figure in figures.values():
        if 0 <= figure.count < 10:
            low, high = reader(figure.cells, known)
            assert low <= figure.count <= high
            assert high >= 10 or high - low + 1 >= 5 or small_cells(view).given_away
            assert not small_cells(view).given_away
