"""Check that every relative link in the Markdown pages leads to a file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def prose(text: str) -> str:
    """Leave out indented lines: equations and code hold brackets that are no links."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("    "))


def main() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    pages = [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(prose(page.read_text(encoding="utf-8")))
        if "://" not in target
        and not target.startswith("mailto:")
        and not (page.parent / target).exists()
    ]
    if broken:
        sys.exit("links that lead nowhere:\n" + "\n".join(broken))
    print(f"{len(pages)} pages, every relative link leads somewhere")


if __name__ == "__main__":
    main()
