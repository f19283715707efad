"""What was learnt for a plan is kept beside the ledger, and changes no byte of a plan."""

from __future__ import annotations

import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

from corridor.operation import Operation
from corridor.planning import Aims, Multistage
from stories import TWO_VALLEYS

NOON = datetime(2030, 5, 14, 12, tzinfo=UTC)
AIMS = Aims(horizon_days=5)


def _passes() -> tuple[list[int], Multistage]:
    seen: list[int] = []
    engine = Multistage(iterations=4, futures=4, report=lambda at: seen.append(at.iteration))
    return seen, engine


def _operation(folder: Path) -> Operation:
    shutil.copytree(TWO_VALLEYS, folder, ignore=shutil.ignore_patterns("ledger"))
    operation = Operation(folder)
    operation.load()
    return operation


def _digest(folder: Path, engine: Multistage) -> str:
    operation = Operation(folder)
    view = operation.picture(at=NOON, known_at=NOON)
    return operation.plan(view, AIMS, operation.policy(view, AIMS, engine)).digest


def test_the_next_command_takes_up_what_was_learnt_and_plans_the_same(tmp_path: Path) -> None:
    _operation(tmp_path / "a")
    first, engine = _passes()
    plan = _digest(tmp_path / "a", engine)
    assert first == [1, 2, 3, 4]
    kept = tmp_path / "a" / "ledger" / "restricted.sqlite-policy"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    ledger = Operation(tmp_path / "a").ledgers.ledger("restricted")
    assert ledger is not None
    shown = ledger.shown("policy", kept.read_bytes())
    assert shown is not None
    assert plan[:16].encode() not in kept.read_bytes()
    assert b'"program"' in shown
    assert b'"program"' not in kept.read_bytes()
    second, engine = _passes()
    assert _digest(tmp_path / "a", engine) == plan
    assert second == []
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    third, engine = _passes()
    assert _digest(tmp_path / "a", engine) == plan
    assert third == first


def test_what_was_learnt_goes_with_its_ledger(tmp_path: Path) -> None:
    _operation(tmp_path / "a")
    _digest(tmp_path / "a", Multistage(iterations=2, futures=2))
    ledger = tmp_path / "a" / "ledger"
    (ledger / "restricted.sqlite").unlink()
    Operation(tmp_path / "a")
    assert not list(ledger.glob("restricted.sqlite-policy*"))
