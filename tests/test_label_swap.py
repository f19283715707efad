"""Swap the parties' names in the ledger: every output swaps, and nothing else changes but digests."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corridor.briefs import render
from corridor.cli import main
from corridor.operation import Operation
from corridor.planning import Aims, Multistage, plan_document
from corridor.planning.changes import changes
from corridor.planning.document import explanation
from corridor.planning.worth import worths
from stories import TWO_VALLEYS

AT = datetime(2030, 5, 14, 12, tzinfo=UTC)
WORDS = (("northern", "southern"), ("Northern", "Southern"))
# SHA-256 in full or by its first characters; report ids stay, since channel and key are kept.
DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{16})\b")


def _swapped(text: str) -> str:
    for one, other in WORDS:
        text = text.replace(one, "\0").replace(other, one).replace("\0", other)
    return text


def _ledger_swapped(text: str) -> str:
    lines = []
    for line in text.splitlines():
        raw, new = json.loads(line), json.loads(_swapped(line))
        new["channel"], new["key"] = raw["channel"], raw["key"]
        lines.append(json.dumps(new, ensure_ascii=False))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Operation, Operation]:
    made = []
    for swap in (False, True):
        folder = tmp_path_factory.mktemp("swap") / "two-valleys"
        shutil.copytree(TWO_VALLEYS, folder, ignore=shutil.ignore_patterns("ledger"))
        if swap:
            for file in (folder / "reports").glob("*.jsonl"):
                file.write_text(_ledger_swapped(file.read_text("utf-8")), "utf-8")
        operation = Operation(folder, engine=Multistage(iterations=4, futures=10))
        operation.load()
        made.append(operation)
    return made[0], made[1]


def _same(one: str, other: str) -> None:
    assert DIGEST.sub("digest", one) == DIGEST.sub("digest", _swapped(other))


def test_the_swap_changes_the_ledger(both: tuple[Operation, Operation]) -> None:
    one, other = (operation.picture(at=AT, known_at=AT, clearance="sealed") for operation in both)
    assert one.digest != other.digest
    assert set(one.reports) == set(other.reports)


@pytest.mark.parametrize("form", ["html", "text", "json"])
@pytest.mark.parametrize("edition", ["public", "partners", "restricted", "sealed"])
def test_every_brief_swaps(both: tuple[Operation, Operation], edition: str, form: str) -> None:
    pages = []
    for operation in both:
        view = operation.picture(at=AT, known_at=AT, clearance=edition)
        plan = operation.plan(view, Aims()) if edition in ("restricted", "sealed") else None
        pages.append(render(operation.brief(view, plan, edition=edition), form))
    _same(*pages)


def test_the_plan_and_its_explanation_swap(both: tuple[Operation, Operation]) -> None:
    documents = []
    for operation in both:
        view = operation.picture(at=AT, known_at=AT)
        policy, made = operation.policy(view, Aims()), operation.plan(view, Aims())
        moved = operation.reliances(view, policy, made)
        documents.append(json.dumps(plan_document(made)))
        worth = worths(policy, futures=10)
        told = explanation(made, changes(policy, futures=10), moved, worth)
        documents.append(json.dumps(told))
    half = len(documents) // 2
    for one, other in zip(documents[:half], documents[half:], strict=True):
        _same(one, other)


@pytest.mark.parametrize(
    "words",
    [
        ("picture",),
        ("picture", "--json"),
        ("picture", "--road", "ridge-road", "--towards", "alder", "--user", "patients"),
        ("plan", "--sheets", "--iterations", "3", "--days", "5"),
        ("explain", "--iterations", "3", "--days", "5"),
        ("watch",),
        ("watch", "--json"),
        ("brief", "ceasefire"),
        ("brief", "ceasefire", "--edition", "partners"),
        ("brief", "ceasefire", "--edition", "public"),
        ("brief", "round"),
        ("brief", "round", "--format", "html"),
        ("talks", "matrix"),
        ("talks", "matrix", "--json"),
        ("talks", "matrix", "--clearance", "public", "--json"),
        ("talks", "clause", "protocol-1"),
        ("talks", "clause", "protocol-1", "--format", "html"),
        ("talks", "rounds"),
        ("talks", "rounds", "--json"),
        ("talks", "calendar"),
    ],
)
def test_every_command_swaps(
    both: tuple[Operation, Operation],
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # In a narrow table a name is broken in two, and no half of it would be swapped.
    monkeypatch.setenv("COLUMNS", "300")
    printed = []
    for operation in both:
        when = ("--at", AT.isoformat(), "--known-at", AT.isoformat())
        monkeypatch.setattr(sys, "argv", ["corridor", *words, *when, "-o", str(operation.folder)])
        with contextlib.suppress(SystemExit):
            main()
        printed.append(capsys.readouterr().out)
    assert printed[0]
    _same(*printed)


def test_the_words_swapped_are_of_equal_length() -> None:
    assert all(len(one) == len(other) for one, other in WORDS)
    assert Path(TWO_VALLEYS / "reports").is_dir()
