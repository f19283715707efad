"""The command line as the tests of it call it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corridor.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["corridor", *map(str, words)])
        monkeypatch.setenv("COLUMNS", "200")
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def camp(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "camp"
    assert run("init", folder, "--name", "A camp")[0] == 0
    for words in (
        ("setting", "name=time_zone", "value=Asia/Yerevan", "claimant=operation"),
        ("setting", "name=default_handling", "value=public", "claimant=operation"),
        ("place", "place=camp", "type=camp", "claimant=operation"),
        ("organisation", "organisation=ministry", "name=Ministry of Relief", "claimant=operation"),
    ):
        assert run("record", *words, "-o", folder)[0] == 0
    return folder
