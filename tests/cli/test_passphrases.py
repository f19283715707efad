"""Passphrases as people give them: at a terminal or by a file descriptor, and never otherwise."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer.main

from corridor.cli import app
from corridor.operation import Operation
from stories import TWO_VALLEYS

Run = Callable[..., tuple[int, str, str]]
LOW, HIGH, OTHER = "quiet herons at dusk", "loud herons at dawn", "herons at noon, silent"
MARKER = "unspoken-heron"
COUNT = ("headcount", "place=camp", "claimant=operation", "observed=2023-09-26")
pytestmark = pytest.mark.usefixtures("nobody_answers")


def given(*lines: str) -> tuple[str, str]:
    """Return the option that hands over lines."""
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{line}\n" for line in lines).encode())
    os.close(writing)
    return ("--passphrase-fd", str(reading))


@pytest.fixture
def camp(tmp_path: Path, run: Run) -> Path:
    """Return an operation in which everything is public so far."""
    folder = tmp_path / "camp"
    assert run("init", folder)[0] == 0
    for words in (
        ("setting", "name=default_handling", "value=public", "handling=public"),
        ("place", "place=camp", "type=camp"),
    ):
        assert run("record", *words, "claimant=operation", "-o", folder)[0] == 0
    return folder


@pytest.fixture
def kept(run: Run, camp: Path) -> Path:
    """Return an operation with a restricted and a sealed report of the marker."""
    for level in ("restricted", "sealed"):
        words = (*COUNT, "quantity=7 people", f"note={MARKER}", f"handling={level}", f"key={level}")
        code, out, error = run("record", *words, "-o", camp, "--as", MARKER, *given(LOW, HIGH))
        assert code == 0, error
        assert f"({level})" in out
    return camp


def test_what_is_sealed_is_in_no_file(run: Run, kept: Path) -> None:
    words = (*COUNT, "quantity=8 people", "handling=public", f"note={MARKER}-public")
    assert run("record", *words, "-o", kept)[0] == 0
    assert run("picture", "-o", kept, "--clearance", "sealed", *given(LOW, HIGH))[0] == 0
    files = [path for path in kept.rglob("*") if path.is_file()]
    told = {path.name for path in files if MARKER.encode() in path.read_bytes()}
    assert told == {"public.sqlite"}
    assert MARKER.encode() + b"-public" in (kept / "ledger" / "public.sqlite").read_bytes()


def test_a_view_without_passphrases_is_that_of_partners_and_says_so(run: Run, kept: Path) -> None:
    code, out, error = run("picture", "-o", kept, "--json")
    assert code == 0
    assert error.count("\n") == 1
    assert "restricted reports were not opened" in error
    assert '"clearance": "partners"' in out
    code, out, error = run("picture", "-o", kept, "--json", *given(LOW))
    assert (code, error) == (0, "")
    assert '"clearance": "restricted"' in out


@pytest.mark.parametrize(
    ("level", "lines", "message"),
    [
        ("restricted", (), "the restricted ledger is encrypted and nobody gave its passphrase"),
        ("sealed", (), "the restricted ledger is encrypted and nobody gave its passphrase"),
        ("restricted", (OTHER,), "the passphrase does not open the restricted ledger"),
        ("sealed", (LOW, OTHER), "the passphrase does not open the sealed ledger"),
        ("sealed", (LOW, ""), "the sealed ledger is encrypted and nobody gave its passphrase"),
        ("sealed", (LOW,), "the passphrase does not open the sealed ledger"),
        ("sealed", ("", HIGH), "the restricted ledger is encrypted and nobody gave its passphrase"),
        ("restricted", (" ",), "nothing came by file descriptor"),
    ],
)
def test_a_lost_or_wrong_passphrase_is_one_clear_message(
    run: Run, kept: Path, level: str, lines: tuple[str, ...], message: str
) -> None:
    words = ("picture", "-o", kept, "--clearance", level, *(given(*lines) if lines else ()))
    code, out, error = run(*words)
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert message in error


@pytest.mark.parametrize(
    "words",
    [
        "plan",
        "simulate",
        "compare",
        "explain",
        "watch",
        "talks calendar",
        "shelter allocate x.csv --place camp",
        "brief round",
    ],
)
def test_what_is_restricted_is_not_begun_without_the_passphrase(
    run: Run, kept: Path, words: str
) -> None:
    code, out, error = run(*words.split(), "-o", kept)
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert "the restricted ledger is encrypted and nobody gave its passphrase" in error


def test_nothing_is_recorded_where_nobody_can_be_asked(run: Run, camp: Path) -> None:
    before = {path: path.read_bytes() for path in (camp / "ledger").iterdir()}
    words = ("record", *COUNT, "quantity=7 people", "handling=restricted", "-o", camp)
    code, out, error = run(*words)
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert "a passphrase is needed for the restricted ledger" in error
    assert "needs at least 12 characters" in run(*words, *given("short"))[2]
    assert {path: path.read_bytes() for path in (camp / "ledger").iterdir()} == before


class Terminal:
    """A person who answers one question after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr(typer, "prompt", self._prompt)

    def _prompt(self, text: str, **how: object) -> str:
        assert how["hide_input"]
        assert how["err"]
        self.asked.append(text + (" twice" if how["confirmation_prompt"] else ""))
        return self._answers.pop(0)


def test_at_a_terminal_no_more_is_asked_than_is_needed(
    run: Run, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Terminal(monkeypatch, LOW, "", LOW, HIGH)
    assert '"clearance": "restricted"' in run("picture", "-o", kept, "--json")[1]
    assert '"clearance": "partners"' in run("picture", "-o", kept, "--json")[1]
    assert run("picture", "-o", kept, "--clearance", "public")[0] == 0
    assert run("picture", "-o", kept, "--clearance", "sealed")[0] == 0
    usual = "Passphrase of the restricted ledger (Enter alone: go on without)"
    named = "Passphrase of the restricted ledger"
    assert person.asked == [usual, usual, named, "Passphrase of the sealed ledger"]


def test_at_a_terminal_a_new_passphrase_is_asked_for_twice(
    run: Run, camp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Terminal(monkeypatch, LOW)
    words = ("record", *COUNT, "quantity=7 people", "handling=restricted", "-o", camp)
    assert run(*words)[0] == 0
    (asked,) = person.asked
    assert asked.startswith("A passphrase for the restricted ledger")
    assert asked.endswith("twice")


def test_verify_says_what_it_could_not_check(run: Run, kept: Path) -> None:
    code, out, error = run("verify", "-o", kept)
    assert (code, error) == (0, "")
    assert "restricted: sound as far as can be told without its passphrase, 1 entry" in out
    assert "sealed" not in out
    code, out, _ = run("verify", "-o", kept, "--clearance", "sealed")
    assert code == 0
    assert "sealed: sound as far as can be told without its passphrase" in out
    code, out, _ = run("verify", "-o", kept, *given(LOW, HIGH))
    assert code == 0
    assert "as far as" not in out
    assert "sealed: sound, 1 entry, head " in out
    assert "sealed" not in run("doctor", "-o", kept)[1]


def test_another_passphrase(run: Run, kept: Path) -> None:
    _, new = given(OTHER)
    words = ("passphrase", "restricted", "-o", kept, "--new-passphrase-fd", new)
    code, out, error = run(*words, *given(LOW))
    assert code == 0, error
    assert "The restricted ledger has another passphrase now" in out
    asked = ("picture", "-o", kept, "--clearance", "restricted")
    assert "does not open" in run(*asked, *given(LOW))[2]
    assert run(*asked, *given(OTHER))[0] == 0
    code, _, error = run("passphrase", "restricted", "-o", kept, *given(OTHER))
    assert code == 1
    assert "with --new-passphrase-fd" in error
    code, _, error = run("passphrase", "public", "-o", kept)
    assert code == 2
    assert "only restricted and sealed are encrypted" in error


def test_a_copy_is_merged_as_far_as_it_opens(run: Run, kept: Path, tmp_path: Path) -> None:
    for lines, levels in (
        ((), ()),
        ((LOW,), ("restricted",)),
        ((LOW, HIGH), ("restricted", "sealed")),
    ):
        folder = tmp_path / f"copy{len(lines)}"
        assert run("init", folder)[0] == 0
        code, out, error = run("merge", kept, "-o", folder, *(given(*lines) if lines else ()))
        assert code == 0, error
        assert "Took" in out
        there = Operation(folder).ledgers.handlings()
        assert there == ("public", *levels)


def test_the_examples_ask_nothing_and_say_why(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "valleys"
    shutil.copytree(TWO_VALLEYS, folder, ignore=shutil.ignore_patterns("ledger"))
    assert run("load", "-o", folder)[0] == 0
    code, out, error = run("verify", "-o", folder)
    assert (code, error) == (0, "")
    assert "sealed: sound, " in out
    ledger = Operation(folder).ledgers.file("restricted")
    assert ledger is not None
    assert ledger.is_encrypted
    code, _, error = run("passphrase", "sealed", "-o", folder)
    assert code == 1
    assert "take the line demo_passphrase out first" in error


def commands(group: object) -> list[object]:
    found = []
    for one in group.commands.values():  # type: ignore[attr-defined]
        found += commands(one) if hasattr(one, "commands") else [one]
    return found


def test_every_command_on_an_operation_takes_a_descriptor_and_none_a_passphrase() -> None:
    listed = commands(typer.main.get_command(app))
    assert len(listed) > 25
    for command in listed:
        options = {option for param in command.params for option in param.opts}  # type: ignore[attr-defined]
        if "--operation" in options and command.name != "init":  # type: ignore[attr-defined]
            assert "--passphrase-fd" in options
        assert "--passphrase" not in options
        for param in command.params:  # type: ignore[attr-defined]
            assert "PASS" not in str(getattr(param, "envvar", "") or "").upper()
            if "passphrase" in param.name:
                assert param.name.endswith("_fd")
