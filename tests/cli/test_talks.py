"""`corridor talks` and the round brief, as somebody runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.conftest import Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "two-valleys"
ASKED = ("--at", "2030-05-16", "--known-at", "2030-05-16")
PAGES = (("talks", "matrix"), ("talks", "clause", "protocol-1"), ("talks", "rounds"))


@pytest.fixture
def valleys(tmp_path: Path, run: Run) -> Path:
    made = tmp_path / "two-valleys"
    shutil.copytree(EXAMPLE, made, ignore=shutil.ignore_patterns("ledger"))
    assert run("load", "-o", made)[0] == 0
    return made


def test_the_matrix_says_what_could_count_for_64_tonnes_and_what_is_open(
    valleys: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, out, error = run("talks", "matrix", *ASKED, "-o", valleys)
    assert code == 0, error
    assert "fuel-1: 64 t of Petrol to Birkfell / Birch by 13 May 2030 (part d-11)" in out
    assert "10.4 t by the mass of the goods" in out
    assert "54 t   open, by the receipts of Southern Council" in out
    assert "late (done by the owner's word alone)" in out


@pytest.mark.parametrize("words", PAGES)
def test_every_page_comes_as_tables_and_as_a_file_in_each_form(
    valleys: Path, run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    code, out, error = run(*words, *ASKED, "-o", valleys)
    assert code == 0, error
    assert out
    for ending in ("html", "txt", "json"):
        file = tmp_path / f"page.{ending}"
        assert run(*words, *ASKED, "-o", valleys, "--out", file)[0] == 0
        assert file.read_text("utf-8")
    assert json.loads(run(*words, *ASKED, "--json", "-o", valleys)[1])["edition"] == "restricted"


def test_a_file_is_of_the_form_that_its_ending_names(
    valleys: Path, run: Run, tmp_path: Path
) -> None:
    words = ("talks", "matrix", "-o", valleys, *ASKED, "--out")
    code, _, err = run(*words, tmp_path / "m.pdf")
    assert (code, (tmp_path / "m.pdf").exists()) == (1, False)
    assert "m.pdf: a file that ends in .html, .txt or .json is needed" in err
    assert run(*words, tmp_path / "m.page", "--format", "html")[0] == 0
    assert (tmp_path / "m.page").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_clause_of_an_unknown_agreement_is_refused_at_the_door(valleys: Path, run: Run) -> None:
    fields = (
        "instrument=protocol-june",
        "clause=c-1",
        "text=Something.",
        "claimant=valley-monitor",
    )
    code, _, error = run("record", "clause", *fields, "-o", valleys)
    assert code == 1
    assert "no instrument is called 'protocol-june'; near it: protocol-may" in error


def test_what_is_told_of_talks_is_restricted_where_nobody_says_otherwise(
    valleys: Path, run: Run
) -> None:
    open_to_all = ("name=default_handling", "value=public", "claimant=operation")
    assert run("record", "setting", *open_to_all, "-o", valleys)[0] == 0
    fields = ("process=valley-talks", "quantity=9 rounds", "claimant=relief-agency")
    assert run("record", "round_count", *fields, "-o", valleys)[0] == 0
    for clearance, is_there in (("public", False), ("partners", False), ("restricted", True)):
        out = run("talks", "rounds", "--clearance", clearance, "--json", "-o", valleys)[1]
        assert ("9 rounds" in out) is is_there


@pytest.mark.parametrize("words", [("brief", "round"), ("talks", "calendar")])
def test_the_round_brief_and_the_calendar_are_refused_below_restricted(
    valleys: Path, run: Run, words: tuple[str, ...]
) -> None:
    code, out, error = run(*words, "--clearance", "partners", *ASKED, "-o", valleys)
    assert (code, out) == (1, "")
    assert "is restricted; it cannot be made for partners" in error


def test_the_calendar_goes_to_a_file_with_line_ends_as_the_standard_wants(
    valleys: Path, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "talks.ics"
    assert run("talks", "calendar", *ASKED, "-o", valleys, "--out", file)[0] == 0
    body = file.read_bytes()
    assert body.count(b"\r\n") == body.count(b"\n")
    assert b"SEQUENCE:1\r\n" in body


def test_an_unknown_clause_is_one_clear_message(valleys: Path, run: Run) -> None:
    code, _, error = run("talks", "clause", "protocol-9", *ASKED, "-o", valleys)
    assert code == 1
    assert (
        error
        == "corridor: no clause is called 'protocol-9'; near it: protocol-2, protocol-1, protocol-0\n"
    )
