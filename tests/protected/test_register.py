"""The protected register: off by default, one role, every look-up logged, nothing readable without a key."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("cryptography")
pytest.importorskip("argon2")

from corridor.errors import InvalidReport
from corridor.protected import Protected, ProtectedRegister
from corridor.protected.files import KEYS, RECORDS

PASSPHRASE = "eleven quiet herons at dusk"
NAME = "Quillon Abernathy-Vex"
UNTIL = date(2030, 6, 30)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2030, 5, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path: Path, clock: Clock) -> ProtectedRegister:
    return ProtectedRegister.start(tmp_path, PASSPHRASE, who="w-1", clock=clock)


@pytest.fixture
def reopen(tmp_path: Path, clock: Clock) -> Callable[..., ProtectedRegister]:
    def opened(passphrase: str = PASSPHRASE, **more: Any) -> ProtectedRegister:
        fields = {"role": "protection", "who": "w-2", "clock": clock} | more
        return ProtectedRegister.open(tmp_path, passphrase, **fields)

    return opened


def test_it_is_off_until_it_is_started(tmp_path: Path, reopen: Callable[..., Any]) -> None:
    with pytest.raises(Protected, match="is off"):
        reopen()
    assert not list(tmp_path.iterdir())


def test_it_is_started_once_and_with_a_passphrase_worth_the_name(
    tmp_path: Path, register: ProtectedRegister
) -> None:
    with pytest.raises(Protected, match="on already"):
        ProtectedRegister.start(tmp_path, PASSPHRASE, who="w-1")
    with pytest.raises(Protected, match="at least 12"):
        ProtectedRegister.start(tmp_path / "other", "short", who="w-1")
    assert not (tmp_path / "other").exists()


def test_a_record_comes_back_to_the_right_role_with_the_right_passphrase(
    register: ProtectedRegister, reopen: Callable[..., ProtectedRegister]
) -> None:
    name = register.add({"name": NAME, "household": "h-1"}, until=UNTIL)
    found = reopen().look_up(name, "shelter")
    assert (found.name, found.household, found.contact) == (NAME, "h-1", "")
    for wrong in ({"role": "operator"}, {"role": ""}, {"passphrase": "another passphrase"}):
        with pytest.raises(Protected):
            reopen(**wrong)


def test_nothing_of_a_person_is_in_the_files_in_clear(
    tmp_path: Path, register: ProtectedRegister
) -> None:
    register.add({"name": NAME, "contact": "+999 1234567"}, until=UNTIL)
    written = b"".join(f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())
    assert NAME.encode() not in written
    assert b"1234567" not in written
    assert PASSPHRASE.encode() not in written


def test_every_act_is_in_the_log_and_nothing_personal_is(
    register: ProtectedRegister, reopen: Callable[..., ProtectedRegister]
) -> None:
    name = register.add({"name": NAME}, until=UNTIL)
    later = reopen()
    later.look_up(name, "referral")
    with pytest.raises(Protected):
        later.look_up("p-nobody", "referral")
    with pytest.raises(Protected):
        reopen(role="operator")
    later.people()
    lines = later.log()
    assert [line.act for line in lines] == [
        "started", "added", "opened", "looked_up", "looked_up", "refused", "listed",
    ]  # fmt: skip
    assert (lines[3].by, lines[3].person, lines[3].reason) == ("w-2", name, "referral")
    assert all(line.holds for line in lines)
    assert NAME not in str(lines)


def test_a_log_that_was_changed_or_cut_shows_it(
    tmp_path: Path, register: ProtectedRegister
) -> None:
    register.add({"name": NAME}, until=UNTIL)
    register.people()
    with sqlite3.connect(tmp_path / "protected" / RECORDS) as file:
        file.execute("DELETE FROM log WHERE seq = 2")
    file.close()
    assert [line.holds for line in register.log()] == [True, False]


def test_a_record_is_read_until_its_last_day_and_purged_after_it(
    register: ProtectedRegister, clock: Clock
) -> None:
    name = register.add({"name": NAME}, until=UNTIL)
    kept = register.add({"name": "Other"}, until=UNTIL + timedelta(days=30))
    clock.now = datetime(2030, 6, 30, 23, tzinfo=UTC)
    assert register.look_up(name, "shelter").name == NAME
    assert register.purge() == ()
    clock.now = datetime(2030, 7, 1, tzinfo=UTC)
    with pytest.raises(Protected, match="to be kept until 2030-06-30"):
        register.look_up(name, "shelter")
    assert register.purge() == (name,)
    assert [person for person, _ in register.people()] == [kept]


@pytest.mark.parametrize("until", [date(2030, 4, 30), date(2032, 1, 1)])
def test_a_last_day_is_needed_and_not_a_far_one(register: ProtectedRegister, until: date) -> None:
    with pytest.raises(InvalidReport, match="until: a last day within 400 days"):
        register.add({"name": NAME}, until=until)


def test_a_wrong_last_day_is_told_with_everything_else(register: ProtectedRegister) -> None:
    with pytest.raises(InvalidReport) as refused:
        register.add({"name": 7, "photo": "x"}, until=date(2032, 1, 1))
    assert [problem.field for problem in refused.value.problems] == ["photo", "name", "until"]


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ({"name": NAME, "ethnicity": "x"}, "ethnicity"),
        ({"name": NAME, "photo": "x"}, "photo"),
        ({"name": "x" * 201}, "name"),
        ({"name": 7}, "name"),
        ({"name": NAME, "year_of_birth": "2031"}, "year_of_birth"),
        ({"name": NAME, "year_of_birth": "2021"}, "household"),
        ({}, ""),
    ],
)
def test_what_the_register_is_not_for_is_refused_without_repeating_it(
    register: ProtectedRegister, person: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidReport) as refused:
        register.add(person, until=UNTIL)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert NAME not in str(refused.value)
    assert register.people() == ()


def test_bytes_changed_on_disk_do_not_open(tmp_path: Path, register: ProtectedRegister) -> None:
    one = register.add({"name": NAME}, until=UNTIL)
    two = register.add({"name": "Other"}, until=UNTIL)
    with sqlite3.connect(tmp_path / "protected" / RECORDS) as file:
        file.execute("UPDATE record SET until = '2031-01-01' WHERE person = ?", (one,))
        file.execute(
            "UPDATE record SET (nonce, sealed) = (SELECT nonce, sealed FROM record WHERE person = ?)"
            " WHERE person = ?", (one, two),
        )  # fmt: skip
    file.close()
    for name in (one, two):
        with pytest.raises(Protected, match="changed on disk"):
            register.look_up(name, "shelter")


def test_another_passphrase_opens_the_same_records(
    register: ProtectedRegister, reopen: Callable[..., ProtectedRegister]
) -> None:
    name = register.add({"name": NAME}, until=UNTIL)
    register.change_passphrase("a wholly different one")
    assert reopen("a wholly different one").look_up(name, "shelter").name == NAME
    with pytest.raises(Protected, match="does not open"):
        reopen()


def test_a_backup_holds_sealed_records_and_no_key(
    tmp_path: Path, register: ProtectedRegister
) -> None:
    register.add({"name": NAME}, until=UNTIL)
    target = tmp_path / "backup.sqlite"
    register.backup(target)
    with sqlite3.connect(target) as copy:
        tables = {
            name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type='table'")
        }
        assert copy.execute("SELECT count(*) FROM record").fetchone() == (1,)
    copy.close()
    assert tables == {"record", "log"}
    with pytest.raises(FileExistsError):
        register.backup(target)


def test_two_records_of_one_person_have_nothing_in_common(
    tmp_path: Path, register: ProtectedRegister
) -> None:
    for _ in range(2):
        register.add({"name": NAME}, until=UNTIL)
    for name, table in ((RECORDS, "record"), (KEYS, "person_key")):
        with sqlite3.connect(tmp_path / "protected" / name) as file:
            rows = file.execute(f"SELECT nonce, sealed FROM {table}").fetchall()
        file.close()
        assert len({nonce for nonce, _ in rows}) == 2
        assert len({sealed for _, sealed in rows}) == 2
