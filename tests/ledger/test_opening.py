"""What is refused when a ledger is opened, each with one clear message."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from corridor.errors import LedgerError
from corridor.ledger import Ledger, NewEntry

New = Callable[..., NewEntry]
Tamper = Callable[..., None]
NOBODY = 65534


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """Yield a folder that every user of the machine can enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def plain_user() -> Iterator[Callable[[], None]]:
    """Yield what gives up the rights of root, which no read-only mark would stop."""

    def become() -> None:
        if os.geteuid() == 0:
            os.seteuid(NOBODY)

    was = os.geteuid()
    yield become
    os.seteuid(was)


def test_nothing_is_made_unless_asked_for(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no ledger here"):
        Ledger.open(tmp_path / "public.sqlite", "public")
    assert not list(tmp_path.iterdir())


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="this is a folder"):
        Ledger.open(tmp_path, "public", create=True)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="gone is not there"):
        Ledger.open(tmp_path / "gone" / "public.sqlite", "public", create=True)


@pytest.mark.parametrize("content", [b"", b"a letter, not a ledger\n" * 300])
def test_another_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "public.sqlite"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="this file is not a Corridor ledger"):
        Ledger.open(path, "public", create=True)
    assert path.read_bytes() == content


def test_another_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "public.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entries (seq INTEGER)")
    with pytest.raises(LedgerError, match="this file is not a Corridor ledger"):
        Ledger.open(path, "public", create=True)


def test_a_newer_format_is_refused(ledger: Ledger, tamper: Tamper) -> None:
    tamper(ledger.path, "UPDATE meta SET value = '3' WHERE name = 'format'")
    with pytest.raises(LedgerError, match=r"a newer Corridor wrote this ledger .*update Corridor"):
        Ledger.open(ledger.path, "public")


def test_a_ledger_of_other_handling_is_refused(ledger: Ledger) -> None:
    with pytest.raises(
        LedgerError, match="handling of this ledger is 'public'; 'sealed' is needed"
    ):
        Ledger.open(ledger.path, "sealed")


def test_a_relabelled_ledger_is_refused(ledger: Ledger, tamper: Tamper) -> None:
    tamper(ledger.path, "UPDATE meta SET value = 'sealed' WHERE name = 'handling'")
    with pytest.raises(LedgerError, match="genesis of this ledger"):
        Ledger.open(ledger.path, "sealed")


def test_a_ledger_in_a_read_only_folder_is_refused(
    shared_folder: Path, plain_user: Callable[[], None]
) -> None:
    ledger = Ledger.open(shared_folder / "public.sqlite", "public", create=True)
    ledger.path.chmod(0o666)
    shared_folder.chmod(0o555)
    plain_user()
    with pytest.raises(LedgerError, match="cannot be written"):
        Ledger.open(ledger.path, "public")
    with pytest.raises(LedgerError, match="cannot be written"):
        Ledger.open(shared_folder / "sealed.sqlite", "sealed", create=True)


def test_a_read_only_file_is_refused(shared_folder: Path, plain_user: Callable[[], None]) -> None:
    ledger = Ledger.open(shared_folder / "public.sqlite", "public", create=True)
    ledger.path.chmod(0o444)
    shared_folder.chmod(0o777)
    plain_user()
    with pytest.raises(LedgerError, match=r"public\.sqlite cannot be written"):
        Ledger.open(ledger.path, "public")


def test_a_folder_that_may_not_be_entered_is_refused(
    shared_folder: Path, plain_user: Callable[[], None]
) -> None:
    inside = shared_folder / "private" / "public.sqlite"
    inside.parent.mkdir()
    Ledger.open(inside, "public", create=True)
    inside.parent.chmod(0)
    plain_user()
    try:
        with pytest.raises(LedgerError, match="cannot be written"):
            Ledger.open(inside, "public")
    finally:
        os.seteuid(os.getuid())
        inside.parent.chmod(0o700)


def test_many_may_make_the_same_ledger_at_once(tmp_path: Path, new: New, tuesday: datetime) -> None:
    path, barrier = tmp_path / "public.sqlite", threading.Barrier(6)
    done: list[int] = []

    def make(number: int) -> None:
        barrier.wait()
        Ledger.open(path, "public", create=True).append([new(str(number))], "asker", tuesday)
        done.append(number)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(6))
    assert Ledger.open(path, "public").verify().entries == 6
    assert [one.name for one in tmp_path.iterdir()] == ["public.sqlite"]
