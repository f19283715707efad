"""`corridor watch` and the ceasefire brief, on the examples and on what one side alone says."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples"
START = datetime(2024, 1, 1, tzinfo=UTC)
DECLARED = 90
DAYS = 140
ASKED = ("--at", "2024-05-19", "--known-at", "2024-05-20")


def _example(name: str, folder: Path, run: Run) -> Path:
    made = folder / name
    shutil.copytree(EXAMPLES / name, made, ignore=shutil.ignore_patterns("ledger"))
    assert run("load", "-o", made)[0] == 0
    return made


def _told(folder: Path, run: Run, *, claimants: tuple[str, ...], is_watched: bool = True) -> Path:
    """Tell of an incident on two days of three before a declaration, and one of seven after it."""
    lines: list[dict[str, Any]] = []

    def say(kind: str, claimant: str, day: int = 0, **fields: Any) -> None:
        said = (START + timedelta(days=day, hours=23)).isoformat()
        fixed = {"channel": "told", "key": str(len(lines)), "learned": "published"}
        lines.append({"kind": kind, "claimant": claimant, "published": said, **fixed, **fields})

    for side in ("north", "south"):
        say("party", "operation", party=side, name=side.title())
        council = f"{side}-council"
        say("organisation", "operation", organisation=council, name=council, acts_for=side)
    say("organisation", "operation", organisation="agency", name="Agency")
    say("place", "operation", place="town", type="settlement", lat="10", lon="20")
    declared = (START + timedelta(days=DECLARED)).isoformat()
    say("ceasefire", "agency", ceasefire="truce", parties="north,south", begins=declared)
    for day in range(DAYS):
        seen = (START + timedelta(days=day)).date().isoformat()
        if is_watched:
            say("coverage", "agency", day, place="town", observed=seen, posts_open="2")
        if day % 3 if day < DECLARED else day % 7 == 0:
            claimant = claimants[day % len(claimants)]
            where = {"place": "town", "cause": "hostile_act", "observed": seen}
            say("incident", claimant, day, incident=f"day-{day}", **where)
    file = folder / "told.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    operation = folder / "told"
    assert run("init", operation, "--name", "Told")[0] == 0
    code, _, error = run("load", file, "-o", operation)
    assert code == 0, error
    return operation


def _watched(run: Run, folder: Path, *words: str) -> dict[str, Any]:
    code, out, error = run("watch", "-o", folder, *words, "--json")
    assert code == 0, error
    made: dict[str, Any] = json.loads(out)
    return made


def test_the_invented_operation_is_watched(tmp_path: Path, run: Run) -> None:
    made = _example("two-valleys", tmp_path, run)
    when = ("--at", "2030-05-18", "--known-at", "2030-05-18")
    code, out, error = run("watch", "-o", made, *when)
    assert code == 0, error
    assert "Watch as of 18 May 2030" in out
    # Coverage comes before what was reported.
    assert out.index("What was watched") < out.index("Incidents by how far they got")
    assert "too few to say" in out
    found = {one["incident"]: one for one in _watched(run, made, *when)["incidents"]}
    assert found["ridge-0512"]["rung"] == "observed"
    assert found["ridge-0512"]["is_contested"]
    assert [one["claimant"] for one in found["ridge-0512"]["denials"]] == ["southern-council"]


def test_zero_recorded_without_coverage_reads_as_unknown(tmp_path: Path, run: Run) -> None:
    made = _example("karabakh-2023", tmp_path, run)
    code, out, error = run("brief", "ceasefire", "-o", made, "--at", "2023-10-03", "--json")
    assert code == 0, error
    tables = {
        block["key"]: block
        for section in json.loads(out)["sections"]
        for block in section["blocks"]
        if block["kind"] == "table"
    }
    zeros = [
        row[-1]["parts"]
        for row in tables["coverage"]["rows"]
        if [part["text"] for part in row[-2]["parts"]] == ["0 times"]
    ]
    assert len(zeros) == 2
    assert zeros[0] == zeros[1] == ["unknown: zero recorded, and nothing said to have watched"]


def test_an_explosion_of_unknown_cause_enters_no_measure_and_no_hazard(
    tmp_path: Path, run: Run
) -> None:
    made = _example("karabakh-2023", tmp_path, run)
    found = _watched(run, made, "--at", "2023-10-03")
    depot = next(one for one in found["incidents"] if one["incident"] == "depot-0925")
    assert not depot["moves_hazards"]
    why = "cause not established, called an accident, or not given"
    assert found["left_out"][why] == ["depot-0925"]
    assert "2023-09-25" not in found["counts"]["all reports"]
    said = {one["report"] for one in depot["claims"]}
    assert said
    assert not said & set(found["basis"])
    assert not any(said & set(road["basis"]) for road in found["roads"]["roads"])


def test_the_claims_of_one_side_alone_give_no_verdict(tmp_path: Path, run: Run) -> None:
    made = _told(tmp_path, run, claimants=("north-council",))
    found = _watched(run, made, *ASKED)
    assert found["withheld"] == "every incident counted is the claim of one side alone"
    assert found["rates"] == {}
    assert found["change"] is None
    out = run("watch", "-o", made, *ASKED)[1]
    assert "gives no verdict on the rate since the declaration" in out


def test_several_claimants_give_a_verdict_with_its_sensitivity(tmp_path: Path, run: Run) -> None:
    made = _told(tmp_path, run, claimants=("north-council", "agency", "south-council"))
    found = _watched(run, made, *ASKED)
    assert found["withheld"] is None
    every = found["rates"]["all reports"]
    assert every["ratio"]["high"] < 1
    assert every["fell"]["best"] > 0.99
    without = found["rates"]["without what one side alone reports"]
    assert without["before"]["best"] < every["before"]["best"]
    assert found["rates"]["corroborated or better"]["ratio"]["best"] is None
    assert found["effort"]["unit"] == "a post and day"


def test_days_that_nobody_watched_give_no_rate(tmp_path: Path, run: Run) -> None:
    made = _told(tmp_path, run, claimants=("north-council", "agency"), is_watched=False)
    every = _watched(run, made, *ASKED)["rates"]["all reports"]
    assert every["ratio"]["best"] is None
    assert every["uncounted"] == 67
    asked = _watched(run, made, *ASKED, "--even-effort")
    assert asked["rates"]["all reports"]["ratio"]["best"] is not None
    assert asked["effort"]["said"] == "every day taken as watched alike, as asked"


def test_days_run_from_ninety_before_the_declaration(tmp_path: Path, run: Run) -> None:
    made = _told(tmp_path, run, claimants=("agency",))
    found = _watched(run, made, *ASKED)
    assert found["declared"]["first_day"] == "2024-03-31"
    assert min(found["effort"]["days"]) == date(2024, 1, 1).isoformat()


@pytest.mark.parametrize("level", ["public", "partners"])
def test_below_restricted_it_is_refused(tmp_path: Path, run: Run, level: str) -> None:
    code, out, error = run("watch", "--clearance", level, "-o", tmp_path)
    assert code == 2
    assert not out
    assert "The watch is restricted" in error


def test_the_public_brief_holds_neither_post_nor_hour_nor_name(tmp_path: Path, run: Run) -> None:
    made = _example("two-valleys", tmp_path, run)
    words = ("--at", "2030-05-25", "--known-at", "2030-05-26", "--edition", "public")
    code, out, _ = run("brief", "ceasefire", *words, "-o", made)
    assert code == 0
    assert "a party to the" in " ".join(out.split())
    for kept in ("Northern", "Southern", "Monitor", "Agency", "Alder", "patrol", "14:00"):
        assert kept not in out


@pytest.mark.parametrize("form", ["html", "text", "json"])
def test_the_brief_says_who_denies_beside_who_alleges(tmp_path: Path, run: Run, form: str) -> None:
    made = _example("two-valleys", tmp_path, run)
    words = ("--at", "2030-05-18", "--known-at", "2030-05-18", "--format", form)
    code, out, error = run("brief", "ceasefire", "-o", made, *words)
    assert code == 0, error
    assert "Who denies it" in out
    assert "does not put into words" not in out
