from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from intake import books

Run = Callable[..., tuple[int, str, str]]
EXAMPLE = Path(__file__).parents[2] / "examples" / "two-valleys"
WHEN = ("--at", "2030-05-14", "--known-at", "2030-05-19")
FAMILIES = """family,people,needs_step_free,is_unaccompanied_child,unit
f-1,4,no,no,
f-2,6,yes,no,
f-3,3,no,no,hall-2
c-1,1,no,yes,
"""


@pytest.fixture(scope="module")
def valleys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("valleys") / "two-valleys"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("ledger"))
    return folder


@pytest.fixture
def loaded(valleys: Path, run: Run) -> Path:
    if not (valleys / "ledger").exists():
        assert run("load", "-o", valleys)[0] == 0
    return valleys


@pytest.fixture
def families(tmp_path: Path) -> Path:
    file = tmp_path / "families.csv"
    file.write_text(FAMILIES, "utf-8")
    return file


def test_gaps_are_said_as_so_much_of_so_much_and_what_to_ask_for(run: Run, loaded: Path) -> None:
    code, out, _ = run("shelter", "gaps", "-o", loaded, *WHEN)
    assert code == 0
    assert "18 of 25 toilets for 1,220 people, so it is short for 320 people" in out
    assert "17 boxes of" in out
    document = json.loads(run("shelter", "gaps", "-o", loaded, *WHEN, "--json")[1])
    (soap,) = (
        line
        for line in document["coverage"]
        if (line["place"], line["service"]) == ("dell-camp", "soap")
    )
    assert (soap["asked"], soap["short_for_people"]) == ("549.00", "376")
    assert {ask["commodity"] for ask in document["asks"] if ask["place"] == "dell-camp"} == {
        "soap-box",
        "family-tent",
    }


def test_questions_are_shown_to_those_cleared_for_them(run: Run, loaded: Path) -> None:
    code, out, _ = run("shelter", "questions", "-o", loaded, *WHEN)
    assert code == 0
    assert "site_described_apart" in out
    out = run("shelter", "questions", "-o", loaded, *WHEN, "--clearance", "public")[1]
    assert "headcounts_differ" in out
    assert "site_described_apart" not in out
    assert "children_share_high" not in out


def test_what_is_left_open_stands_in_the_picture_too(run: Run, loaded: Path) -> None:
    asked = json.loads(run("shelter", "questions", "-o", loaded, *WHEN, "--json")[1])["findings"]
    shown = json.loads(run("picture", "-o", loaded, *WHEN, "--json")[1])["findings"]
    assert asked
    assert [found for found in asked if found not in shown] == []


def test_families_are_placed_and_children_alone_are_left_to_people(
    run: Run, loaded: Path, families: Path
) -> None:
    words = ("shelter", "allocate", families, "--place", "dell-camp", "-o", loaded, *WHEN)
    code, out, _ = run(*words, "--floor-m2", "3")
    assert code == 0
    assert "3 m2 for each person (as asked)" in out
    assert "at most 0.00 % from the best" in out
    assert "Left to people: c-1." in out
    assert "Not used, needs repair: tents-south." in out
    assert "3 of 3 families have a place: 1 stay, 0 move, 2 are new; 0 without." in out
    made = json.loads(run(*words, "--floor-m2", "3", "--json")[1])
    assert made["homes"]["f-2"] in ("row-a", "hall-1")
    assert made["homes"]["f-3"] == "hall-2"
    assert set(made["homes"]) == {"f-1", "f-2", "f-3"}


def test_the_families_of_the_example_are_placed_and_who_moves_is_told(
    run: Run, loaded: Path
) -> None:
    words = ("--place", "elm-camp", "-o", loaded, "--at", "2030-05-13", "--known-at", "2030-05-13")
    code, out, _ = run("shelter", "allocate", loaded / "families.csv", *words)
    assert code == 0
    assert "173 of 178 families have a place: 148 stay" in out
    assert "Left to people: c-01, c-02." in out
    assert "Not used, unusable: elm-tent-23." in out
    assert len(out.splitlines()) < 60


def test_an_allocation_is_restricted(run: Run, loaded: Path, families: Path) -> None:
    words = ("shelter", "allocate", families, "--place", "dell-camp", "-o", loaded)
    code, out, err = run(*words, "--clearance", "partners")
    assert (code, out) == (1, "")
    assert "restricted" in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("family,people,name\nf-1,4,Somebody\n", "name: the file has the columns"),
        ("family\nf-1\n", "people: this column is needed"),
        ("family,people\nf-1,0\n", "row 2, people: a whole number from 1 to 100"),
        ("family,people,needs_step_free\nf 1,2,perhaps\n", "row 2, needs_step_free: yes or no"),
    ],
)
def test_a_list_of_families_that_holds_more_or_less_is_refused(
    run: Run, loaded: Path, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(text, "utf-8")
    code, _, err = run("shelter", "allocate", file, "--place", "dell-camp", "-o", loaded, *WHEN)
    assert code == 1
    assert told in err
    assert "Somebody" not in err


def test_everything_wrong_with_a_list_of_families_is_told_at_once(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("family;people\nf-1;x\n\nf-1;2\nf-2;2;Somebody\n", "utf-8")
    _, _, err = run("shelter", "allocate", file, "--place", "dell-camp", "-o", loaded, *WHEN)
    assert "row 2, people: a whole number from 1 to 100 is needed" in err
    assert "row 4, family: stands in row 2 already" in err
    assert "row 5: has more cells than there are columns" in err
    assert "Somebody" not in err


def test_what_is_no_table_of_families_is_one_message(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_bytes(b"family,people\nf-1,\xff\n")
    code, _, err = run("shelter", "allocate", file, "--place", "dell-camp", "-o", loaded, *WHEN)
    assert (code, len(err.strip().splitlines())) == (1, 1)
    assert "wrong.csv is not UTF-8 (line 2)" in err


def test_families_may_come_in_a_workbook(run: Run, loaded: Path, tmp_path: Path) -> None:
    rows: list[list[books.Cell]] = [["family", "people"], ["f-1", 2]]
    file = books.workbook(tmp_path / "families.xlsx", rows)
    code, out, err = run("shelter", "allocate", file, "--place", "elm-camp", "-o", loaded, *WHEN)
    assert code == 0, err
    assert "1 of 1 families have a place" in out


def test_a_site_without_units_is_told(run: Run, loaded: Path, families: Path) -> None:
    code, _, err = run("shelter", "allocate", families, "--place", "hub", "-o", loaded, *WHEN)
    assert code == 1
    assert "no shelter unit of 'hub'" in err


# Sensitive complaints.


def test_a_sensitive_complaint_leaves_nothing_behind(run: Run, camp: Path, tmp_path: Path) -> None:
    before = run("dump", "-o", camp)[1]
    words = ("place=camp", "ticket=t-77", "category=sensitive", "claimant=ministry")
    code, out, err = run("record", "feedback", *words, "-o", camp)
    assert (code, out) == (1, "")
    assert "tell the protection focal point in person today" in err
    assert "t-77" not in err
    assert "ministry" not in err
    assert run("dump", "-o", camp)[1] == before
    assert not [f for f in camp.rglob("*") if f.is_file() and b"t-77" in f.read_bytes()]


def test_nothing_is_logged_when_a_sensitive_complaint_is_refused(
    run: Run, camp: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words = ("place=camp", "ticket=t-77", "category=sensitive", "claimant=ministry")
    with caplog.at_level("DEBUG"):
        shown = [
            run("picture", "-o", camp, "--json", "--at", "2030-01-01", "--known-at", "2030-01-01")
        ]
        run("record", "feedback", *words, "-o", camp)
        shown.append(
            run("picture", "-o", camp, "--json", "--at", "2030-01-01", "--known-at", "2030-01-01")
        )
    assert shown[0] == shown[1]
    assert "t-77" not in caplog.text


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_rows_kept_back_to_be_mended_hold_no_sensitive_complaint(
    run: Run, camp: Path, tmp_path: Path, ending: str
) -> None:
    rows = [
        {"place": "camp", "ticket": "t-1", "category": "water", "claimant": "ministry"},
        {"place": "camp", "ticket": "t-77", "category": "sensitive", "claimant": "ministry"},
        {"place": "camp", "ticket": "t-78", "category": "abuse", "claimant": "ministry"},
        {"place": "camp", "ticket": "t-79", "category": "Насилие", "claimant": "ministry"},
        {"place": "kamp", "ticket": "t-2", "category": "water", "claimant": "ministry"},
    ]
    file = tmp_path / f"tickets{ending}"
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if ending == ".csv":
        text = "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)])
    file.write_text(text, "utf-8")
    run("import", file, "--kind", "feedback", "--keep-good", "-o", camp)
    (kept,) = tmp_path.glob("*.refused*")
    assert "t-2" in kept.read_text("utf-8")
    assert "t-7" not in kept.read_text("utf-8")
    assert "t-7" not in run("dump", "-o", camp)[1]
    assert "t-1" in run("dump", "-o", camp)[1]


@pytest.mark.parametrize(
    "text", ["place,ticket,category,claimant\ncamp,t-77,sensitive,ministry\n", "t-77 {"]
)
def test_a_table_of_nothing_but_sensitive_complaints_leaves_no_file(
    run: Run, camp: Path, tmp_path: Path, text: str
) -> None:
    file = tmp_path / ("tickets.csv" if "," in text else "tickets.jsonl")
    file.write_text(text, "utf-8")
    code, _, err = run("import", file, "--kind", "feedback", "--keep-good", "-o", camp)
    assert code == 1
    assert "Refused 1 row; none of it is written out" in err
    assert not list(tmp_path.glob("*.refused*"))


# What a site manager and an information officer send on.


def test_what_sites_ask_for_stands_with_the_supply_section_of_the_brief(
    run: Run, loaded: Path
) -> None:
    words = ("brief", "situation", "-o", loaded, "--no-plan", "--format", "text", *WHEN)
    whole = run(*words)[1]
    assert "Asked of the supply desk by sites" in whole
    assert "244 items" in whole
    partners = run(*words, "--edition", "partners")[1]
    assert "17 boxes" in partners
    assert "elm-barrack-1" not in partners
    assert "244 items" not in partners
    assert "military base" not in run(*words, "--edition", "public")[1]


def test_people_at_a_camp_need_goods_where_it_is_supplied_from(run: Run, loaded: Path) -> None:
    view = json.loads(run("picture", "-o", loaded, "--json", *WHEN)[1])
    assert "elm-camp" in {line["place"] for line in view["people"]}
    (ration,) = (
        line for line in view["stocks"] if (line["place"], line["commodity"]) == ("birch", "ration")
    )
    # 4,300 at Birch, 2,500 at Cedar and 845 at Elm Camp at most, 555 g each.
    assert ration["need_per_day"]["high"] == pytest.approx((4300 + 2500 + 845) * 0.000555)


def test_a_release_is_kept_and_binds_the_next(run: Run, loaded: Path, tmp_path: Path) -> None:
    page = tmp_path / "public.txt"
    people = ("--by", "information officer", "--agreed-by", "head of operations")
    code, out, err = run("release", page, *people, "-o", loaded, "--at", "2030-05-16")
    assert code == 0, err
    assert "Released" in out
    kept = [json.loads(line) for line in run("dump", "-o", loaded)[1].splitlines()]
    mine = [one["report"] for one in kept if one.get("report", {}).get("kind") == "release"]
    assert any(one["statement"]["released_by"] == "information officer" for one in mine)
    assert "PUBLIC" in page.read_text("utf-8")


def test_nothing_is_released_into_a_file_of_a_form_that_is_not_made(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    before = run("dump", "-o", loaded)[1]
    two = ("--by", "officer", "--agreed-by", "head")
    code, _, err = run("release", tmp_path / "p.pdf", *two, "-o", loaded)
    assert code == 1
    assert "a file that ends in .html, .txt or .json is needed" in err
    assert run("dump", "-o", loaded)[1] == before
    assert not list(tmp_path.iterdir())


def test_a_release_needs_a_second_person(run: Run, loaded: Path, tmp_path: Path) -> None:
    alone = ("--by", "head", "--agreed-by", "head")
    code, _, err = run("release", tmp_path / "p.txt", *alone, "-o", loaded)
    assert code == 1
    assert "a second person is needed" in err
    assert not (tmp_path / "p.txt").exists()
