"""Every command, and every edition of every brief, with reports of higher handling and without: not a byte differs.

The commands come from the command line itself, so a new one is walked at once. One that needs more than a
folder has its words in `WORDS`; one that is never accepted by any of its words fails the test.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from corridor.cli import app
from corridor.intake import Row
from corridor.ledger.passphrases import Given
from corridor.operation import Operation
from corridor.planning.relief.engine import Multistage
from corridor.policies import Policies
from corridor.report import HANDLINGS, Handling
from stories import TWO_VALLEYS

Run = Callable[..., tuple[int, str, str]]
Words = tuple[str, ...]
HERONS: dict[Handling, str] = {
    "restricted": "quiet herons at dusk",
    "sealed": "loud herons at dawn",
}
WHEN = {"--at": "2030-05-14", "--known-at": "2030-05-14"}
SHORT = {"--days": "2", "--iterations": "2", "--futures": "2", "--who": "w-1"}
# What changes by itself from one run to the next.
PASSING = re.compile(r"\d+ MB free|p-[0-9a-f]{10}|\d{4}-\d\d-\d\dT[0-9:.]+Z?|\d+\.\d+ s\b")
# What is recorded here is in a sealed report too, under the same key.
SAME = ("channel=talks", "key=note-1", "claimant=operation", "learned=2030-05-01")
WORDS: dict[str, list[Words]] = {
    "init": [("new",)],
    "record": [
        ("headcount", "place=alder", "quantity=7 people", "handling=public", *SAME),
        ("headcount", "place=secret-place", "quantity=7 people", "handling=public", *SAME[1:]),
        ("headcount", "place=alder", "quantity=7 people", "claimant=secret-party"),
        ("organisation", "organisation=new", "name=New", "claimant=operation", "handling=public"),
    ],
    "import": [
        ("good.csv", "--kind", "headcount"),
        ("rows.csv", "--kind", "headcount"),
        ("rows.csv", "--kind", "headcount", "--keep-good"),
    ],
    "export": [("--format", "ged"), ("--format", "acled")],
    "load": [("rows.jsonl",)],
    "release": [
        ("out.html", "--by", "editor", "--agreed-by", "head"),
        ("out.txt", "--by", "editor"),
    ],
    "merge": [("other.dump",), ("other",)],
    "kinds": [(), ("headcount",)],
    "template": [("headcount",)],
    "picture": [(), ("--road", "river-road"), ("--road", "secret-road")],
    # Of their own level alone: who names a higher one asks whether it is there, as the folder tells.
    "passphrase": [("LEVEL", "--new-passphrase-fd", "FD")],
    "talks clause": [("protocol-1",), ("secret-clause",)],
    "shelter allocate": [("families.csv", "--place", "alder")],
    "protection start": [()],
    "protection add": [("--until", "2030-01-01", "--as", "protection", "--person-fd", "FD")],
    "protection show": [("p-0", "--reason", "shelter", "--as", "protection")],
    "protection list": [("--as", "protection")],
    "protection erase": [("p-0", "--reason", "shelter", "--as", "protection")],
    "protection purge": [("--as", "protection")],
    "protection backup": [("copy.sqlite", "--as", "protection")],
    "protection log": [("--as", "protection")],
}
# These are off until started, or ask more of the operation than it has; all the same they must not differ.
HELD = {"--edition", "--clearance"}
REFUSED = {"shelter allocate", *(f"protection {name}" for name in (
    "add", "show", "list", "erase", "purge", "backup", "log"))}  # fmt: skip


def descriptor(*lines: str) -> int:
    """Return a file descriptor from which lines are read."""
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{line}\n" for line in lines).encode())
    os.close(writing)
    return reading


def notes(handling: Handling) -> list[Row]:
    """Return reports that bear on everything the operation shows."""
    said: list[dict[str, Any]] = [
        {"kind": "place", "place": "secret-place", "type": "camp"},
        {"kind": "organisation", "organisation": "secret-party", "name": "Secret"},
        {"kind": "road", "road": "secret-road", "start": "alder", "end": "birch", "distance_km": 9, "drive_h": 1},
        {"kind": "headcount", "place": "alder", "quantity": "9999 people", "observed": "2030-05-09"},
        {"kind": "stock_count", "place": "alder", "commodity": "flour", "quantity": "1 t",
         "observed": "2030-05-09"},
        {"kind": "road_status", "road": "river-road", "status": "closed", "observed": "2030-05-09"},
        {"kind": "setting", "name": "time_zone", "value": "Asia/Tokyo"},
        {"kind": "setting", "name": "default_handling", "value": "sealed"},
    ]  # fmt: skip
    usual = {"claimant": "operation", "channel": "talks", "learned": "2030-05-09T10:00:00Z"}
    return [
        Row("", usual | raw | {"key": f"note-{number}", "handling": handling})
        for number, raw in enumerate(said)
    ]


def begun(folder: Path, up_to: Handling) -> Path:
    """Return the invented operation with nothing above a handling, under passphrases of its own."""
    shutil.copytree(TWO_VALLEYS, folder, ignore=shutil.ignore_patterns("ledger"))
    marker = folder / "corridor.toml"
    lines = marker.read_text().splitlines(keepends=True)
    marker.write_text("".join(line for line in lines if "demo_passphrase" not in line))
    made = Operation(folder, passphrases=Given(HERONS))
    made.load()
    for handling in HANDLINGS[HANDLINGS.index(up_to) + 1 :]:
        (folder / "ledger" / f"{handling}.sqlite").unlink(missing_ok=True)
    shutil.copytree(folder, folder / "other")
    with (folder / "other.dump").open("wb") as out:
        made.dump(out.write, clearance="partners")
    good = (
        "place,quantity,claimant,handling,channel,key\n"
        "alder,8 people,operation,public,talks,note-3\n"
    )
    (folder / "good.csv").write_text(good)
    (folder / "rows.csv").write_text(good + "secret-place,8 people,operation,public,talks,note-4\n")
    raw = dict(zip(("channel", "key", "claimant"), ("talks", "note-2", "operation"), strict=True))
    said = {"kind": "headcount", "place": "alder", "quantity": "6 people", "handling": "public"}
    (folder / "rows.jsonl").write_text(json.dumps(raw | said) + "\n")
    (folder / "families.csv").write_text("family,adults,children\nf-1,2,3\n")
    return folder


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each command with its whole name."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


COMMANDS = dict(commands(typer.main.get_command(app)))


def calls(name: str, viewer: Handling) -> Iterator[Words]:
    """Yield the words of every call of a command: each choice of an argument, each form, each level.

    A level is named where it can be, and left out once for a viewer who has the key to what is usual.
    """
    choices: list[list[Words]] = []
    for param in COMMANDS[name].params:
        option = param.opts[-1] if param.param_type_name == "option" else ""
        listed = [getattr(one, "value", one) for one in getattr(param.type, "choices", ())]
        if param.name in ("clearance", "edition"):
            levels = HANDLINGS[: HANDLINGS.index(viewer) + 1]
            named = [(option, level) for level in listed if level in levels]
            choices.append([*named, ()] if viewer == "restricted" else named)
        elif listed and not option and name != "passphrase":
            choices.append([(one,) for one in listed])
        elif param.name == "form" and not param.required:
            choices.append([(option, one) for one in listed if one not in ("ged", "acled")] or [()])
        elif param.name == "as_json" and name != "brief":
            choices.append([(), (option,)])
        elif option in WHEN | SHORT:
            choices.append([(option, (WHEN | SHORT)[option])])
    for words, *chosen in itertools.product(WORDS.get(name, [()]), *choices):
        given = (*words, *itertools.chain.from_iterable(chosen))
        # A plan takes seconds; that of the edition named is the same.
        is_again = name == "brief" and not HELD.intersection(given)
        yield tuple(viewer if word == "LEVEL" else word for word in given) + (
            ("--no-plan",) if is_again else ()
        )


def told(
    run: Run, folder: Path, name: str, words: Words, keys: Words
) -> tuple[int, str, str, dict[str, str]]:
    """Run a command in a fresh copy of a folder, always of the same name.

    Returns
    -------
    How it ended, what it said in both ways, and what files it wrote beside the ledgers.
    """
    here = folder.parent / "here"
    shutil.rmtree(here, ignore_errors=True)
    shutil.copytree(folder, here)
    given = [str(descriptor("herons at noon, silent")) if word == "FD" else word for word in words]
    options = {option for param in COMMANDS[name].params for option in param.opts}
    if "--operation" in options and name != "init":
        given += ["-o", "."]
    passphrases = ("herons of the register",) if name.startswith("protection") else keys
    if "--passphrase-fd" in options and passphrases:
        given += ["--passphrase-fd", str(descriptor(*passphrases))]
    before = Path.cwd()
    os.chdir(here)
    try:
        code, out, error = run(*name.split(), *given)
    finally:
        os.chdir(before)
    written = {
        str(path.relative_to(here)): PASSING.sub("...", path.read_text("utf-8"))
        for path in here.rglob("*")
        if path.is_file()
        and not {"ledger", "protected"} & set(path.relative_to(here).parts)
        and not (folder / path.relative_to(here)).exists()
        and path.suffix not in (".toml", ".sqlite")
    }
    return code, PASSING.sub("...", out), PASSING.sub("...", error), written


@pytest.fixture(scope="module", params=["partners", "restricted"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Handling, Path, Path]:
    """Return a viewer's level, and the operation without and with reports above it."""
    viewer: Handling = request.param
    without = begun(tmp_path_factory.mktemp("confidence") / "without", viewer)
    beside = without.parent / "with"
    shutil.copytree(without, beside)
    for folder in (beside, beside / "other"):
        operation = Operation(folder, passphrases=Given(HERONS))
        for handling in HANDLINGS[HANDLINGS.index(viewer) + 1 :]:
            assert operation.record(notes(handling), clearance="sealed").accepted == 8
    return viewer, without, beside


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.usefixtures("nobody_answers")
def test_what_stands_above_a_viewer_changes_no_byte_of_a_command(
    name: str, both: tuple[Handling, Path, Path], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, without, beside = both
    # What an engine took is printed.
    monkeypatch.setattr("time.process_time", lambda: 0.0)
    few = Multistage(iterations=2, futures=10)
    begin = Policies.__init__
    monkeypatch.setattr(
        Policies, "__init__", lambda self, ledgers, engine: begin(self, ledgers, engine or few)
    )
    keys = (HERONS["restricted"],) if viewer == "restricted" else ()
    accepted = []
    for words in calls(name, viewer):
        one = told(run, without, name, words, keys)
        other = told(run, beside, name, words, keys)
        assert one == other, words
        assert "secret" not in one[1] or "secret" in " ".join(words)
        accepted.append(one[0] == 0)
    assert accepted
    if viewer == "restricted" and name not in REFUSED:
        assert any(accepted), f"say in WORDS how `{name}` is called"


def test_the_files_below_are_the_same_to_the_byte(both: tuple[Handling, Path, Path]) -> None:
    viewer, without, beside = both
    for handling in HANDLINGS[: HANDLINGS.index(viewer) + 1]:
        name = f"ledger/{handling}.sqlite"
        assert (without / name).read_bytes() == (beside / name).read_bytes()


@pytest.mark.usefixtures("nobody_answers")
def test_whoever_has_the_keys_sees_the_notes(both: tuple[Handling, Path, Path], run: Run) -> None:
    """Else the walk would compare nothing with nothing."""
    _, without, beside = both
    keys = tuple(HERONS.values())
    words = ("--json", "--clearance", "sealed", *itertools.chain.from_iterable(WHEN.items()))
    code, out, error, _ = told(run, beside, "picture", words, keys)
    assert code == 0, error
    assert "secret-place" in out or "9999" in out
    assert told(run, without, "picture", words, keys)[1] != out
