"""Small reports, ledgers to put them in, and the hand of someone who changes a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corridor.ledger import Ledger, NewEntry
from corridor.ledger.sqlite import GUARDS
from corridor.registers.general import Observation
from corridor.report import Handling, Report, report_id
from corridor.values import PartyCode
from corridor.wire import encode

TUESDAY = datetime(2023, 9, 26, 18, tzinfo=UTC)

Say = Callable[..., Report[Any]]
Append = Callable[..., Any]
Tamper = Callable[..., None]


@pytest.fixture
def tuesday() -> datetime:
    return TUESDAY


@pytest.fixture
def say() -> Say:
    """Make a report: its key, what it says, its handling."""

    def make(key: str, text: str = "quiet", handling: Handling = "public") -> Report[Any]:
        return Report(
            id=report_id("radio", key),
            statement=Observation(indicator="remark", text=text),
            channel="radio",
            key=key,
            claimant=PartyCode("relief-agency"),
            learned_at=TUESDAY,
            handling=handling,
        )

    return make


@pytest.fixture
def new(say: Say) -> Callable[..., NewEntry]:
    """Make a report as a ledger takes it."""

    def make(key: str, text: str = "quiet", handling: Handling = "public") -> NewEntry:
        report = say(key, text, handling)
        return NewEntry(report.id, encode(report))

    return make


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return an empty public ledger."""
    return Ledger.open(tmp_path / "public.sqlite", "public", create=True)


@pytest.fixture
def tamper() -> Tamper:
    """Run SQL on a file with another program's connection, after taking the guards away."""

    def run(path: Path, *statements: str, guarded: bool = False) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            if not guarded:
                for guard in GUARDS:
                    connection.execute(f"DROP TRIGGER {guard}")
            for statement in statements:
                connection.execute(statement)

    return run
