"""The commands of the protected register: no passphrase and nothing personal as an argument."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("cryptography")
pytest.importorskip("argon2")

Run = Callable[..., tuple[int, str, str]]
PASSPHRASE = "eleven quiet herons at dusk"
NAME = "Quillon Abernathy-Vex"


def given(text: str) -> int:
    """Return a file descriptor from which a text is read."""
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading


@pytest.fixture
def protection(run: Run, camp: Path) -> Run:
    def call(command: str, *words: object, passphrase: str = PASSPHRASE) -> tuple[int, str, str]:
        role = () if command == "start" or "--as" in words else ("--as", "protection")
        opening = ("-o", camp, "--who", "w-1", "--passphrase-fd", given(passphrase))
        return run("protection", command, *words, *opening, *role)

    return call


def add(protection: Run) -> str:
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    person = given(json.dumps({"name": NAME, "household": "h-1"}))
    code, out, err = protection("add", "--until", until, "--person-fd", person)
    assert code == 0, err
    return out.strip()


def test_the_register_is_off_by_default(protection: Run, camp: Path) -> None:
    code, out, err = protection("list")
    assert (code, out) == (1, "")
    assert "is off" in err
    assert not (camp / "protected").exists()


def test_a_record_goes_in_comes_out_and_is_ended(protection: Run, run: Run, camp: Path) -> None:
    assert protection("start")[0] == 0
    person = add(protection)
    code, out, _ = protection("show", person, "--reason", "shelter")
    assert code == 0
    assert f"name: {NAME}" in out
    assert NAME not in protection("list")[1]
    assert protection("erase", person, "--reason", "asked_by_the_person")[0] == 0
    code, out, err = protection("show", person, "--reason", "shelter")
    assert (code, out) == (1, "")
    assert "erased" in err
    log = protection("log")[1]
    assert log.count("looked_up") == 2
    assert NAME not in log


def test_nothing_of_it_is_in_the_ledger_a_dump_or_a_brief(
    protection: Run, run: Run, camp: Path
) -> None:
    assert protection("start")[0] == 0
    person = add(protection)
    told = [
        run("dump", "-o", camp, "--clearance", "sealed")[1],
        run("picture", "-o", camp, "--clearance", "sealed")[1],
        run("brief", "-o", camp, "--edition", "restricted")[1],
    ]
    ledgers = b"".join(file.read_bytes() for file in (camp / "ledger").iterdir())
    for needle in (NAME, person, "w-1"):
        assert not [text for text in told if needle in text]
        assert needle.encode() not in ledgers


@pytest.mark.parametrize(
    ("words", "passphrase", "told"),
    [
        (("list", "--as", "operator"), PASSPHRASE, "only the role protection"),
        (("list",), "not the passphrase", "does not open"),
        (("list",), "", "nothing came by file descriptor"),
    ],
)
def test_others_are_refused(
    protection: Run, words: tuple[str, ...], passphrase: str, told: str
) -> None:
    assert protection("start")[0] == 0
    code, out, err = protection(*words, passphrase=passphrase)
    assert (code, out) == (1, "")
    assert told in err


def test_without_a_terminal_and_a_descriptor_no_passphrase_is_taken(
    run: Run, camp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, _, err = run("protection", "start", "--who", "w-1", "-o", camp)
    assert code == 1
    assert "asked for on a terminal" in err


def test_there_is_no_option_that_takes_a_passphrase_or_a_name(run: Run) -> None:
    for command in ("start", "add", "show"):
        shown = run("protection", command, "--help")[1]
        assert "--passphrase-fd" in shown
        assert "--passphrase " not in shown
        assert "--name" not in shown
