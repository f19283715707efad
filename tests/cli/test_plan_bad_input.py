"""What cannot be planned, as a person at the command line meets it: one clear message, or why it is unmet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from corridor import Operation
from corridor.intake import Row

Run = Callable[..., tuple[int, str, str]]
NOON = "2030-05-09T12:00:00Z"
WHEN = ("--at", "2030-05-10", "--known-at", "2030-05-10", "--days", "3", "--iterations", "4")
TRUCKS = {"fleet": "trucks", "base": "hub", "vehicle_class": 5, "vehicles": 4, "payload_t": 10}
LAND: tuple[Mapping[str, Any], ...] = (
    {"kind": "place", "place": "hub", "type": "hub"},
    {"kind": "place", "place": "town", "type": "settlement"},
    {"kind": "road", "road": "pass", "start": "hub", "end": "town", "distance_km": 40, "drive_h": 2}
    | {"vehicles_per_day": 8},
    {"kind": "commodity", "commodity": "ration", "name": "Ration", "unit": "t"},
    {"kind": "need_rate", "commodity": "ration", "quantity": "0.5 kg"},
    {"kind": "headcount", "place": "town", "quantity": "1000 people", "observed": NOON},
    {"kind": "stock_count", "place": "hub", "commodity": "ration", "quantity": "20 t"}
    | {"observed": NOON},
    {"kind": "road_status", "road": "pass", "status": "open", "observed": NOON},
)


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., Path]:
    """Make an operation of the land above and what is told beside it."""

    def make(*more: Mapping[str, Any]) -> Path:
        made = Operation.init(tmp_path / "op", "An operation")
        made.record([Row("", {**raw, "claimant": "operation"}) for raw in (*LAND, *more)])
        return tmp_path / "op"

    return make


def unmet(run: Run, folder: Path) -> tuple[dict[tuple[str, str], str], list[str]]:
    """Return the cause of each shortfall, and the notes."""
    code, out, err = run("plan", *WHEN, "-o", folder, "--json")
    assert code == 0, err
    document = json.loads(out)
    causes = {(u["place"], u["commodity"]): u["cause"] for u in document["unmet"]}
    return causes, document["notes"]


def test_without_a_fleet_no_vehicle_carries_it(run: Run, told: Callable[..., Path]) -> None:
    causes, notes = unmet(run, told())
    assert causes == {("town", "ration"): "no vehicle carries it"}
    assert "No fleet was reported, so nothing can be carried." in notes


def test_a_place_without_a_road_and_goods_without_vehicles_say_so(
    run: Run, told: Callable[..., Path]
) -> None:
    folder = told(
        {"kind": "fleet", "carrier_class": "dry", **TRUCKS},
        {"kind": "place", "place": "farm", "type": "settlement"},
        {"kind": "headcount", "place": "farm", "quantity": "50 people", "observed": NOON},
        {"kind": "commodity", "commodity": "petrol", "name": "Petrol", "unit": "l"}
        | {"carrier_class": "tanker", "kg_per_unit": "0.75"},
        {"kind": "need_rate", "commodity": "petrol", "quantity": "0.1 l", "place": "town"},
    )
    causes, notes = unmet(run, folder)
    assert causes["farm", "ration"] == "no road reaches it"
    assert causes["town", "petrol"] == "no vehicle carries it"
    said = "No vehicle can carry Petrol: no fleet that was reported is for tanker goods."
    assert said in notes


def test_a_road_without_history_is_planned_with_a_wide_range_and_named(
    run: Run, told: Callable[..., Path]
) -> None:
    folder = told({"kind": "fleet", "carrier_class": "dry", **TRUCKS})
    code, out, err = run("plan", *WHEN, "-o", folder, "--json")
    assert code == 0, err
    (road,) = json.loads(out)["roads"]
    assert (road["road"], road["method"]) == ("pass", "assumed")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan", "--days", "0"), "--days"),
        (("simulate", "--days", "0"), "--days"),
        (("record", "need_rate", "commodity=ration", "quantity=-1 kg"), "must not be negative"),
        (
            (
                "record",
                "road_outlook",
                "road=pass",
                "open_days=5-9 days",
                "closed_days=0-2 days",
                "declared_by=head",
                "reason=seen",
            ),
            "closed_days: a range with both ends is needed",
        ),
        (
            (
                "record",
                "fleet",
                "fleet=f",
                "base=hub",
                "carrier_class=dry",
                "vehicle_class=5",
                "vehicles=-1",
                "payload_t=1",
            ),
            "vehicles: at least 0 vehicles is needed, not -1",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    run: Run, told: Callable[..., Path], words: tuple[str, ...], says: str
) -> None:
    folder = told()
    more = ("claimant=operation",) if words[0] == "record" else ()
    code, _, err = run(*words, *more, "-o", folder)
    assert code != 0
    assert says in err
    assert "Traceback" not in err


def test_a_road_whose_vehicles_a_day_nobody_declared_is_named(
    run: Run, told: Callable[..., Path]
) -> None:
    road = {"road": "ford", "start": "hub", "end": "town", "distance_km": 9, "drive_h": 1}
    folder = told({"kind": "fleet", "carrier_class": "dry", **TRUCKS}, {"kind": "road", **road})
    code, _, err = run("plan", *WHEN, "-o", folder)
    assert code == 1
    assert "road ford: the vehicles it takes a day when open are not declared" in err
