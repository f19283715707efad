from __future__ import annotations

import re

import pytest

from briefs.tale import Page, brief_of, drawings, story, written
from corridor.briefs import render

EDITIONS = ["public", "partners", "restricted"]


@pytest.fixture(params=EDITIONS)
def html(request: pytest.FixtureRequest) -> str:
    return written(request.param, "html", with_plan=request.param == "restricted")


def test_every_inner_link_leads_somewhere(html: str) -> None:
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    targets = [a["href"][1:] for tag, a in page.tags if tag == "a" and a["href"].startswith("#")]
    assert targets
    assert set(targets) <= set(page.ids)


def test_every_figure_leads_to_a_source_or_a_formula(html: str) -> None:
    figures = [a for tag, a in Page(html).tags if tag == "a" and "v" in a.get("class", "").split()]
    assert figures
    assert all(re.fullmatch(r"#[ns]\d+", a["href"]) for a in figures)


def test_every_amount_in_a_sentence_or_a_table_is_a_link(html: str) -> None:
    body = html[html.index("<main>") : html.index('<section id="notes"')]
    body = re.sub(r"<svg.*?</svg>|<figcaption.*?</figcaption>|<sup.*?</sup>", "", body, flags=re.S)
    body = re.sub(r'<section id="unknown".*?</section>', "", body, flags=re.S)
    unlinked = re.sub(r"<[^>]+>", " ", re.sub(r'<a class="v.*?</a>', "", body, flags=re.S))
    assert re.findall(r"\d[\d,.]* (?:t|people|kits|vehicles|trucks|person-days)\b", unlinked) == []


def test_nothing_is_loaded_and_nothing_runs(html: str) -> None:
    page = Page(html)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "base",
    }
    for tag, attributes in page.tags:
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if "href" in attributes and not attributes["href"].startswith("#"):
            assert tag == "a"
    assert "@import" not in html
    assert "url(" not in html
    assert "javascript:" not in html


def test_the_handling_stands_on_every_printed_page_and_size_is_a4(html: str) -> None:
    level = re.search(r'@top-left \{ content: "([A-Z]+)"', html)
    assert level is not None
    assert level[1].lower() in EDITIONS
    assert "size: A4" in html
    assert html.count(level[1]) >= 3


def test_print_sets_sources_small_and_in_columns(html: str) -> None:
    printed = html.split("@media print", 1)[1]
    assert ".notes, .sources { columns: 2;" in printed
    assert ".sources p { display: inline; }" in printed


def test_a_source_shows_link_grade_handling_and_report() -> None:
    told = story()
    told.say("headcount", "alpha", place="town", quantity="400 people", observed="2030-05-12",
             publisher="The Valley Paper", url="https://example.org/a?b=1&c=2", published="2030-05-12",
             reliability="C", credibility="3")  # fmt: skip
    told.say("headcount", "bravo", place="town", quantity="420 people", observed="2030-05-12")
    html = render(brief_of(told), "html")
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html
    assert "The Valley Paper" in html
    assert "Grade C3" in html
    assert "link not recorded" in html
    assert "C fairly reliable" in html


def test_markup_in_a_claim_stays_text() -> None:
    told = story()
    told.say("observation", "alpha", indicator="rumour", text="<script>alert(1)</script>",
             observed="2030-05-12")  # fmt: skip
    html = render(brief_of(told), "html")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_page_is_light(html: str) -> None:
    assert len(html.encode()) < 400_000


def test_drawings_have_a_table_beside_them(html: str) -> None:
    assert html.count("</figure>") == html.count("The table below holds the same figures.")
    assert all("<table" in part for part in html.split("</figure>")[1:])
    assert drawings(html) or "headcounts" not in html
