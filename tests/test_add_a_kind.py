"""The how-to for a new kind is followed to the letter, on a copy of the code."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent
GUIDE = HOME / "docs" / "guides" / "add-a-kind.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
INTO = re.compile(r"`((?:tests|examples)/[\w./-]+)`")

# Asks the wire about the frozen line of the new kind.
ROUND_TRIP = """
import sys
from corridor.reading import reread
from corridor.statements import KIND_OF, KINDS
from corridor.wire import decode, encode, json_schema
body = sys.stdin.buffer.read().strip()
report = decode(body)
assert encode(report) == body
assert KIND_OF[type(report.statement)] == "rumour"
assert json_schema("rumour")["required"] == ["place", "text"]
reread(body)
"""


def apply(patch: str, root: Path) -> Path:
    """Apply the hunks of one file; what a hunk replaces must stand there exactly once."""
    head, *hunks = re.split(r"^@@.*\n", patch, flags=re.MULTILINE)
    target = root / head.splitlines()[1].removeprefix("+++ b/")
    text = target.read_text("utf-8")
    for hunk in hunks:
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, (
            f"{target.name}: {before!r} stands {text.count(before)} times"
        )
        text = text.replace(before, after)
    target.write_text(text, "utf-8")
    return target


def said_before(guide: str, block: str) -> str:
    """Return the last file that the guide names before a block."""
    return INTO.findall(guide[: guide.index(block)])[-1]


def run(root: Path, *words: str, given: bytes = b"") -> str:
    """Run Python on the copy and give back what it prints."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "150"},
        input=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    """Make a copy with everything in it that the guide says to write."""
    root = tmp_path_factory.mktemp("copy")
    for name in ("src", "tests", "tools", "examples", "docs"):
        ignored = shutil.ignore_patterns("__pycache__", "*.sqlite*")
        shutil.copytree(HOME / name, root / name, ignore=ignored)
    shutil.copy(HOME / "pyproject.toml", root)
    guide = GUIDE.read_text("utf-8")
    blocks: dict[str, list[str]] = {}
    for form, text in BLOCK.findall(guide):
        blocks.setdefault(form, []).append(text)
    sources = {apply(patch, root) for patch in blocks["diff"]}
    assert len(sources) == 2, "a new kind needs two source files"
    (test,) = blocks["python"]
    (root / said_before(guide, test)).write_text(test, "utf-8")
    for line in blocks["json"]:
        with (root / said_before(guide, line)).open("a", encoding="utf-8") as out:
            out.write(line)
    (command,) = blocks["sh"][1].splitlines()
    run(root, *command.split()[1:])
    return root, blocks


def test_a_kind_made_by_the_guide_is_shown_recorded_and_pictured(
    changed: tuple[Path, dict[str, list[str]]],
) -> None:
    root, blocks = changed
    commands = [shlex.split(line) for line in blocks["sh"][0].splitlines()]
    said = {tuple(words[1:3]): run(root, "-m", "corridor.cli", *words[1:]) for words in commands}
    assert "1 to 1,000" in said["kinds", "rumour"] or "1-1,000" in said["kinds", "rumour"]
    assert said["template", "rumour"].startswith("place,text,reach,heard_times,observed,claimant")
    assert said["record", "rumour"].startswith("Accepted: rumour")
    assert said["picture", "--at"]
    dumped = run(root, "-m", "corridor.cli", "dump", "-o", "relief")
    assert '"kind":"rumour"' in dumped


def test_a_kind_made_by_the_guide_goes_over_the_wire_and_into_the_reference(
    changed: tuple[Path, dict[str, list[str]]],
) -> None:
    root, blocks = changed
    run(root, "-c", ROUND_TRIP, given=blocks["json"][0].encode())
    page = (root / "docs" / "reference" / "kinds.md").read_text("utf-8")
    assert "\n## rumour\n" in page


def test_a_kind_made_by_the_guide_passes_the_tests_of_every_kind(
    changed: tuple[Path, dict[str, list[str]]],
) -> None:
    root, _ = changed
    tests = ("tests/registers/test_rumours.py", "tests/test_kinds.py", "tests/cli/test_kinds.py")
    told = run(
        root, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, "tests/test_wire.py",
        "-k", "rumour or uses_every_kind or line_for_ever or page_in_the_reference",
    )  # fmt: skip
    assert "passed" in told
