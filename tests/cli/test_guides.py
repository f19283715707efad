"""What the README and the guides of two desks tell to type is typed in their order, and none is refused."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from cli.conftest import Run

HOME = Path(__file__).parents[2]
GUIDES = ("follow-talks.md", "shelter-people.md")
FAMILIES = "family,people,needs_step_free,is_unaccompanied_child,unit\nf-1,4,no,no,\n"


def commands(text: str) -> list[str]:
    """Return the lines of a text that are commands, without their remarks."""
    lines = re.findall(r"^(?: {4})?(corridor .*|cd .*)$", text, re.MULTILINE)
    return [re.split(r" {2,}#", line)[0].strip() for line in lines]


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_can_be_followed_after_the_readme(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guide: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "families.csv").write_text(FAMILIES, "utf-8")
    begun = (HOME / "README.md").read_text("utf-8")
    start = begun.index("## Your own operation")
    lines = commands(begun[start : begun.index("What is refused", start)])
    lines += [f"cd {tmp_path}", *commands((HOME / "docs" / "guides" / guide).read_text("utf-8"))]
    assert len(lines) > 15
    for line in lines:
        words = shlex.split(line)
        if words[1] == "import":
            # The table is for a person to fill in.
            continue
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
            continue
        target = words[-1] if words[-2] == ">" else None
        code, out, error = run(*(words[1:-2] if target else words[1:]))
        assert code == 0, f"{line}: {error}"
        if target:
            Path(target).write_text(out, "utf-8")
