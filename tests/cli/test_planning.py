"""Plan, simulate, compare and explain as a person runs them on the invented example."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corridor.operation import Operation
from test_loop import NORTH, SOUTH, Relief

Run = Callable[..., tuple[int, str, str]]
EXAMPLE = Path(__file__).parents[2] / "examples" / "two-valleys"
WHEN = ("--at", "2030-05-10", "--known-at", "2030-05-10", "--days", "6", "--iterations", "20")


@pytest.fixture(scope="module")
def valleys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planning") / "two-valleys"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("ledger"))
    Operation(folder).load()
    return folder


def test_a_plan_shows_chances_triggers_and_what_it_waits_for(run: Run, valleys: Path) -> None:
    code, out, _ = run("plan", *WHEN, "-o", valleys)
    assert code == 0
    said = " ".join(out.split())
    assert "Chance that convoys can use a road" in said
    assert "Stock ahead, in 8 of 10 futures" in said
    assert "no policy costs less than" in said
    assert "What to do if a road shuts or opens If " in said
    assert "a named person confirms" in said
    document = json.loads(run("plan", *WHEN, "-o", valleys, "--json")[1])
    assert document["engine"] == "multistage"
    assert len(document["policy"]) == 64
    assert {road["road"] for road in document["roads"]} == {"ridge-road", "river-road"}
    assert all(len(fan["low"]) == 6 for fan in document["outlook"]["fans"])


def test_simulating_more_futures_agrees_with_fewer(run: Run, valleys: Path) -> None:
    found = []
    for futures, seed in ((100, 1), (300, 2)):
        words = ("--futures", str(futures), "--seed", str(seed), "--json")
        code, out, _ = run("simulate", *WHEN, *words, "-o", valleys)
        assert code == 0
        found.append({e["commodity"]: e for e in json.loads(out)["expected"]})
    for commodity, fewer in found[0].items():
        more = found[1][commodity]
        error = 4 * (fewer["standard_error"] + more["standard_error"]) + 1
        assert abs(fewer["mean"] - more["mean"]) <= error


def test_a_replay_follows_the_roads_as_reported_since(run: Run, valleys: Path) -> None:
    early = ("--at", "2030-05-10", "--known-at", "2030-05-10", "--iterations", "4")
    code, out, _ = run("simulate", *early, "--days", "4", "--replay", "--json", "-o", valleys)
    assert code == 0
    document = json.loads(out)
    assert (document["futures"], document["seed"]) == (1, None)
    late = ("--at", "2130-05-10", "--known-at", "2130-05-10", "--iterations", "4", "--days", "4")
    code, _, said = run("simulate", *late, "--replay", "-o", valleys)
    assert code == 1
    assert "replay: the days planned end on 2130-05-14" in said


def test_every_engine_is_compared_in_three_worlds(run: Run, valleys: Path, tmp_path: Path) -> None:
    few = ("--days", "4", "--iterations", "6", "--futures", "4")
    when = ("--at", "2030-05-10", "--known-at", "2030-05-10")
    words = ("--out", str(tmp_path / "compared.svg"))
    code, out, _ = run("compare", *when, *few, *words, "-o", valleys)
    assert code == 0
    assert "World longer closures" in out
    assert "a bound nobody can reach" in out
    assert (tmp_path / "compared.svg").read_text().startswith("<svg")
    document = json.loads(run("compare", *when, *few, "--json", "-o", valleys)[1])
    for world in document["worlds"]:
        cost = {line["engine"]: line["cost"]["value"] for line in world["engines"]}
        assert min(cost.values()) >= world["foresight"] - 1e-6 * abs(world["foresight"])
        assert cost["multistage"] < cost["no convoys"]
    lines = document["worlds"][0]["engines"]
    rivals = [line for line in lines if line["engine"].startswith(("rolling", "push"))]
    best = min(rivals, key=lambda line: line["cost"]["value"])
    is_less = best["difference"]["value"] < -2 * best["difference"]["error"]
    assert (document["winner"] == "multistage") == (not is_less)
    assert f"have them follow {document['winner']}" in out or "what costs least: multistage" in out


def test_plans_follow_what_the_setting_says(run: Run, valleys: Path) -> None:
    when = ("--at", "2030-05-10", "--known-at", "2030-05-11", "--days", "4")

    def engine(*words: str) -> str:
        return str(
            json.loads(run("plan", *when, *words, "--iterations", "4", "--json", "-o", valleys)[1])[
                "engine"
            ]
        )

    assert engine() == "multistage"
    # Learned on a day of which the other tests know nothing.
    learned = "learned=2030-05-11T20:00:00+03:00"
    why = "reason=It cost less."
    told = ("record", "setting", "name=engine", "claimant=operation", why, learned)
    code, _, said = run(*told, "value=best", "-o", valleys)
    assert code == 1
    assert "is not a value this setting can have" in said
    assert run(*told, "value=push", "-o", valleys)[0] == 0
    assert engine() == "push everything"
    told = run("explain", *when, "-o", valleys)[1]
    assert "known of multistage alone, not of push everything" in told
    assert "no policy costs less" not in run("plan", *when, "-o", valleys)[1]
    assert engine("--engine", "share") == "rolling, a share of them"


def test_an_explanation_says_what_would_change_it_and_whose_word_moves_it(
    run: Run, valleys: Path
) -> None:
    code, out, _ = run("explain", *WHEN, "-o", valleys)
    assert code == 0
    assert "What would change it" in out
    worth = " ".join(out.split("What one more is worth, by day")[1].split())
    assert re.search(r"River-road towards [^:]+: [\d.,]+ \+- [\d.,]+ on \d\d May", worth)
    assert "Whose word moves the plan" in out
    assert "It waits for a named person." in " ".join(out.split())


@pytest.mark.parametrize("command", ["plan", "simulate", "compare", "explain"])
def test_below_restricted_nothing_is_planned(run: Run, valleys: Path, command: str) -> None:
    code, _, said = run(command, "--clearance", "partners", "-o", valleys)
    assert code == 2
    assert "restricted" in said


def test_what_is_recorded_and_then_planned_is_told_with_its_cause(tmp_path: Path, run: Run) -> None:
    story = Relief(tmp_path / "relief")
    for road in (NORTH, SOUTH):
        story.ask(road, 11)
        story.answer(road, 11, "granted")
    since = ("learned=2030-05-10T15:00:00Z", "-o", tmp_path / "relief")
    refused = ("request=north-road-11", "answer=refused", "claimant=north", "handling=restricted")
    assert run("record", "passage_answer", *refused, *since)[0] == 0
    for number in (1, 2):
        shots = (f"incident=i-{number}", "cause=hostile_act", "perceived=seen", "claimant=monitor")
        where = ("lat=10.1", "lon=20.0", f"observed=2030-05-10T14:0{number}:00Z")
        assert run("record", "incident", *shots, *where, *since)[0] == 0
    asked = ("--at", "2030-05-10", "--known-at", "2030-05-10", "--since", "2030-05-10T13:00:00Z")
    code, out, _ = run("plan", *asked, "--days", "6", "--iterations", "4", *since[1:])
    assert code == 0
    said = " ".join(out.split())
    assert "What changed since 10 May 2030, 13:00, and why" in said
    assert "north-road towards town on 11 May fell from 100% to 0%" in said
    assert (
        "The northern side says passage north-road-11 is refused; incident i-1 of 10 May is observed"
        in said
    )
    assert "by north-road towards town on 11 May, 12 May and 13 May: passage refused by" in said
    assert "t of Fuel moved from north-road towards town to south-road towards town." in said
