from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from corridor.fields import checks, specs
from corridor.picture import Picture, picture
from corridor.reading import DECLARES, SHORTHANDS, Context, read
from corridor.report import HANDLINGS, Report
from corridor.statements import KIND_OF, KINDS
from corridor.units import UNITS
from stories import day, read_all, two_valleys, two_valleys_lines

ENVELOPE = {spec.name for spec in specs(Report)} | {"id", "kind", "statement", *SHORTHANDS}
FIELDS = [
    pytest.param(spec, id=f"{owner.__name__}.{spec.name}")
    for owner in (Report, *(kind.statement for kind in KINDS.values()))
    for spec in specs(owner)
]


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_of_a_statement_has_the_name_of_one_of_the_envelope(kind: str) -> None:
    names = {spec.name for spec in specs(KINDS[kind].statement)}
    assert not names & ENVELOPE


@pytest.mark.parametrize("spec", FIELDS)
def test_every_field_says_in_a_sentence_what_goes_into_it(spec: Any) -> None:
    assert re.fullmatch(r"[^\s].{2,}[.)]", spec.help), spec.help


@pytest.mark.parametrize("spec", FIELDS)
def test_what_a_field_says_of_itself_holds_for_its_default_and_example(spec: Any) -> None:
    if spec.shape == "choice" and spec.default is not None:
        assert spec.default in spec.choices
    if spec.shape in ("number", "integer") and spec.default is not None:
        assert spec.least is None or spec.default >= spec.least
        assert spec.most is None or spec.default <= spec.most
    assert set(spec.units) <= set(UNITS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_statement_is_told_and_has_a_default_or_is_needed(kind: str) -> None:
    made = KINDS[kind].statement
    assert [field.name for field in dataclasses.fields(made)] == [s.name for s in specs(made)]
    assert made.__dataclass_params__.frozen
    assert made.__doc__
    for rule in checks(made):
        assert set(rule.fields) <= {spec.name for spec in (*specs(made), *specs(Report))}
        assert rule.fields[0] in {spec.name for spec in (*specs(made), *specs(Report))}


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_of_a_kind_are_let_in(kind: str) -> None:
    given = {spec.name: spec.example for spec in specs(KINDS[kind].statement) if spec.example}
    needed = {
        spec.name: _something(spec) for spec in specs(KINDS[kind].statement) if spec.is_required
    }
    raw: dict[str, Any] = {"kind": kind, "claimant": "relief-agency", "channel": "x"}
    raw |= needed | given
    if kind == "retraction":
        raw["retracts"] = "0" * 32
    report = read(raw, Context(now=datetime(2030, 5, 1, tzinfo=UTC)))
    assert KIND_OF[type(report.statement)] == kind


def _something(spec: Any) -> str:
    by_shape = {"code": "some-code", "number": "1", "integer": str(spec.least or 1)}
    return spec.choices[0] if spec.choices else by_shape.get(spec.shape, "words")


def test_what_a_kind_declares_is_a_field_of_it() -> None:
    for kind, fields in DECLARES.items():
        assert {field for field, _ in fields} <= {
            spec.name for spec in specs(KINDS[kind].statement)
        }


# The invented operation.


def test_two_valleys_uses_every_kind_and_every_handling() -> None:
    reports = [entry.report for entry in two_valleys()]
    assert {KIND_OF[type(report.statement)] for report in reports} == set(KINDS)
    assert {report.handling for report in reports} == set(HANDLINGS)


def test_two_valleys_gives_every_line_an_id_of_its_own_for_ever() -> None:
    raws = [json.loads(line) for line in two_valleys_lines()]
    assert all(raw["channel"] and raw["key"] for raw in raws)
    assert len({entry.report.id for entry in two_valleys()}) == len(raws)


def test_two_valleys_names_only_reports_of_its_own() -> None:
    reports = {entry.report.id: entry.report for entry in two_valleys()}
    named = {name for r in reports.values() for name in (r.corrects, r.retracts, r.denies) if name}
    claims = {getattr(r.statement, "claim", None) for r in reports.values()} - {None}
    assert len(named) == 3
    assert named | claims <= set(reports)


def test_two_valleys_lies_in_one_fortnight() -> None:
    reports = [entry.report for entry in two_valleys()]
    assert all(day(6) <= report.learned_at < day(20) for report in reports)


NAMES = {
    "Northern Valley": "Southern Valley",
    "Northern Council": "Southern Council",
    "northern-side": "southern-side",
    "northern-council": "southern-council",
}
SWAPPED = NAMES | {new: old for old, new in NAMES.items()}
PARTIES = re.compile("|".join(map(re.escape, SWAPPED)))


def swapped(text: str) -> str:
    return PARTIES.sub(lambda match: SWAPPED[match[0]], text)


def swapped_line(line: str) -> str:
    """Swap the parties in a raw line, its channel and key kept."""
    raw = json.loads(line)
    return json.dumps(json.loads(swapped(line)) | {name: raw[name] for name in ("channel", "key")})


def shown(view: Picture) -> str:
    """Return all that a picture says, but for what it rests on and how that is stored."""
    parts = (
        view.findings,
        view.unknowns,
        view.stocks,
        view.people,
        view.roads,
        view.transit,
        view.in_order(view.geography.parties),
        [view.name(place) for place in view.geography.places],
        [view.claims_in_order(line.series.latest) for line in view.people],
        [view.claims_in_order(line.counts.latest) for line in view.stocks],
    )
    return "\n".join(map(repr, parts))


def test_the_names_that_are_swapped_have_equal_lengths() -> None:
    assert all(len(old) == len(new) for old, new in NAMES.items())


@pytest.mark.parametrize("clearance", HANDLINGS)
@pytest.mark.parametrize("number", [9, 11, 13, 15, 19])
def test_swapping_the_parties_swaps_the_parties_and_nothing_else(
    clearance: Any, number: int
) -> None:
    mirrored = read_all(map(swapped_line, two_valleys_lines()))
    moment = {"at": day(number, 12), "known_at": day(19, 12)}
    here = picture(two_valleys(), clearance=clearance, **moment)
    there = picture(mirrored, clearance=clearance, **moment)
    assert shown(here) != shown(there)
    assert shown(here) == swapped(shown(there))
