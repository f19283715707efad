"""An operation end to end: what enters, what comes out, and that neither changes by the way."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corridor.briefs import render
from corridor.errors import InvalidReport, LedgerDamaged, NotAnOperation
from corridor.intake import Row
from corridor.operation import Operation
from corridor.planning import Aims, Multistage
from corridor.planning.check import check
from stories import TWO_VALLEYS

NOON = datetime(2030, 5, 14, 12, tzinfo=UTC)


def _loaded(folder: Path) -> Operation:
    shutil.copytree(TWO_VALLEYS, folder, ignore=shutil.ignore_patterns("ledger"))
    quick = Multistage(iterations=4, futures=10)
    operation = Operation(folder, clock=lambda: datetime(2030, 6, 1, tzinfo=UTC), engine=quick)
    operation.load()
    return operation


@pytest.fixture(scope="module")
def valleys(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    return _loaded(tmp_path_factory.mktemp("operation") / "two-valleys")


def test_loading_an_example_twice_adds_nothing(tmp_path: Path) -> None:
    operation = _loaded(tmp_path / "a")
    before = operation.picture(clearance="sealed").digest
    again = operation.load()
    assert again.accepted == 0
    assert operation.picture(clearance="sealed").digest == before


def test_every_plan_of_the_example_passes_the_check(valleys: Operation) -> None:
    for day in range(8, 20, 4):
        view = valleys.picture(at=datetime(2030, 5, day, 12, tzinfo=UTC), known_at=NOON)
        policy = valleys.policy(view, Aims())
        made = valleys.plan(view, Aims())
        assert check(made, policy.problem) == ()


def test_the_same_ledger_gives_the_same_bytes(valleys: Operation, tmp_path: Path) -> None:
    other = _loaded(tmp_path / "copy")

    def pages(operation: Operation) -> list[str]:
        view = operation.picture(at=NOON, known_at=NOON)
        brief = operation.brief(view, operation.plan(view, Aims()), edition="restricted")
        return [render(brief, form) for form in ("html", "text", "json")]

    assert pages(valleys) == pages(other)


def test_what_is_recorded_later_changes_no_earlier_brief(tmp_path: Path) -> None:
    operation = _loaded(tmp_path / "a")

    def page() -> str:
        view = operation.picture(at=NOON, known_at=NOON)
        return render(
            operation.brief(view, operation.plan(view, Aims()), edition="restricted"), "html"
        )

    before = page()
    late = {"kind": "headcount", "place": "alder", "quantity": "5 people", "claimant": "operation"}
    operation.record([Row("", late)])
    assert page() == before


def test_a_sealed_report_changes_no_byte_of_a_lower_brief(tmp_path: Path) -> None:
    operation = _loaded(tmp_path / "a")

    def pages() -> list[str]:
        made = []
        for edition in ("public", "partners", "restricted"):
            view = operation.picture(at=NOON, known_at=NOON, clearance=edition)
            plan = operation.plan(view, Aims()) if edition == "restricted" else None
            brief = operation.brief(view, plan, edition=edition)
            made.extend(render(brief, form) for form in ("html", "text", "json"))
        return made

    before = pages()
    for number, raw in enumerate(
        (
            {"kind": "headcount", "place": "dell-camp", "quantity": "9000 people"},
            {"kind": "setting", "name": "time_zone", "value": "Asia/Tokyo"},
            {"kind": "hold", "road": "ridge-road", "decided_by": "nobody", "reason": "a secret"},
            {"kind": "place", "place": "secret-place", "type": "hub"},
        )
    ):
        told = {
            "claimant": "operation",
            "handling": "sealed",
            "learned": "2030-05-10",
            "key": str(number),
        }
        operation.record([Row("", {**raw, **told})], clearance="sealed")
    assert pages() == before


def test_a_refused_batch_leaves_the_ledgers_as_they_were(valleys: Operation) -> None:
    before = {level: head.digest for level, head in valleys.ledgers.heads().items()}
    good = {"kind": "headcount", "place": "alder", "quantity": "7 people", "claimant": "operation"}
    with pytest.raises(InvalidReport) as refused:
        valleys.record([Row("row 1", good), Row("row 2", {**good, "quantity": "seven"})])
    assert [problem.where for problem in refused.value.problems] == ["row 2"]
    assert {level: head.digest for level, head in valleys.ledgers.heads().items()} == before


def test_a_merge_brings_in_nothing_that_the_door_would_refuse(tmp_path: Path) -> None:
    from corridor.registers.people import Headcount
    from corridor.report import Report, report_id
    from corridor.units import Unit
    from corridor.values import PartyCode, PlaceCode, Quantity

    one, other = _loaded(tmp_path / "a"), _loaded(tmp_path / "b")
    forged = Report(
        id=report_id("x", "y"),
        statement=Headcount(PlaceCode("alder"), Quantity(None, Unit("people"))),
        channel="x",
        key="y",
        claimant=PartyCode("operation"),
        learned_at=NOON,
    )
    other.ledgers.record([forged], "somebody", NOON)
    before = one.picture(clearance="sealed").digest
    with pytest.raises((InvalidReport, LedgerDamaged)):
        one.merge(other)
    assert one.picture(clearance="sealed").digest == before


def test_three_copies_merge_in_any_order_to_one_picture(tmp_path: Path) -> None:
    copies = [_loaded(tmp_path / name) for name in "abc"]
    for number, copy in enumerate(copies):
        raw = {
            "kind": "headcount",
            "place": "alder",
            "claimant": "operation",
            "quantity": f"{number + 5} people",
        }
        copy.record([Row("", {**raw, "key": f"copy-{number}", "learned": "2030-05-10"})])
    digests = set()
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        target = _loaded(tmp_path / "".join(map(str, order)))
        for index in order:
            target.merge(copies[index])
        digests.add(target.picture(at=NOON, known_at=NOON).digest)
    assert len(digests) == 1


def test_a_folder_of_a_newer_format_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "corridor.toml").write_text('name = "x"\nformat = 99\n')
    with pytest.raises(NotAnOperation, match="update Corridor"):
        Operation(tmp_path)


def test_a_name_with_quotes_survives(tmp_path: Path) -> None:
    assert Operation.init(tmp_path / "a", 'The "valley"\\ one').name == 'The "valley"\\ one'


def test_a_picture_kept_up_through_the_ledger_is_that_of_an_operation_opened_anew(
    tmp_path: Path,
) -> None:
    operation = _loaded(tmp_path / "kept")
    for number in range(4):
        row = {"kind": "headcount", "place": "alder", "claimant": "relief-agency"}
        row |= {"quantity": f"{700 + number} people", "observed": f"2030-05-1{number}"}
        row |= {"handling": ("public", "sealed")[number % 2], "key": f"kept-{number}"}
        operation.record([Row(f"row {number}", row)], channel="test", clearance="sealed")
        for clearance in ("sealed", "public", "restricted"):
            kept = operation.picture(at=NOON, clearance=clearance)
            anew = Operation(operation.folder, clock=operation.clock)
            assert kept == anew.picture(at=NOON, clearance=clearance)
        earlier = operation.picture(at=NOON, known_at=NOON)
        assert earlier == anew.picture(at=NOON, known_at=NOON)


def test_a_destroyed_ledger_leaves_nothing_in_the_pictures_of_an_open_operation(
    tmp_path: Path,
) -> None:
    operation = _loaded(tmp_path / "kept")
    row = {"kind": "observation", "indicator": "secret", "claimant": "relief-agency"}
    for number in range(3):
        told = row | {"handling": "sealed", "key": f"sealed-{number}"}
        operation.record([Row(f"row {number}", told)], channel="test", clearance="sealed")
        operation.picture(clearance="sealed")
    (operation.folder / "ledger" / "sealed.sqlite").unlink()
    anew = Operation(operation.folder, clock=operation.clock)
    assert operation.picture(clearance="sealed") == anew.picture(clearance="sealed")
