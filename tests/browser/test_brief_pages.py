"""The brief in a real browser: it fits a phone, prints on A4 and asks nothing of any other host."""

from __future__ import annotations

import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corridor.briefs import render, situation
from corridor.picture import picture
from corridor.planning import Aims, Rolling, train
from corridor.planning.from_picture import problem
from corridor.planning.plan import plan
from stories import two_valleys

CHROMIUM = shutil.which("chromium")
AT = datetime(2030, 5, 14, 12, tzinfo=UTC)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Whatever is not this machine is refused by the browser itself, and shows in its log.
    *("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--virtual-time-budget=8000"),
)
FRAME = """<!doctype html><title>frame</title>
<iframe src="/brief.html" style="width:{width}px;height:900px;border:0"></iframe><pre id="told"></pre>
<script>
addEventListener('load', () => {{
  const page = document.querySelector('iframe').contentWindow;
  const root = page.document.documentElement;
  const asked = page.performance.getEntriesByType('resource').map((entry) => entry.name);
  document.getElementById('told').textContent =
    'width=' + root.scrollWidth + ' of=' + root.clientWidth + ' asked=' + asked.length;
}});
</script>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on PATH"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("pages")
    view = picture(two_valleys(), at=AT, known_at=AT, clearance="restricted")
    made = plan(train(problem(view, Aims()), Rolling()))
    page = render(situation(view, made, edition="restricted", operation="Two Valleys"), "html")
    (folder / "brief.html").write_text(page, encoding="utf-8")
    for width in (360, 768, 1200):
        (folder / f"frame-{width}.html").write_text(FRAME.format(width=width), encoding="utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words: object, **more: object) -> None:
            super().__init__(*words, directory=str(folder), **more)

        def log_message(self, *words: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", folder
    server.shutdown()
    server.server_close()


def _browse(tmp_path: Path, *words: str) -> str:
    command = [CHROMIUM or "", *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    return done.stdout


@pytest.mark.parametrize("width", [360, 768, 1200])
def test_the_page_never_scrolls_sideways_and_asks_for_nothing_more(
    served: tuple[str, Path], tmp_path: Path, width: int
) -> None:
    dom = _browse(tmp_path, "--dump-dom", f"{served[0]}/frame-{width}.html")
    told = re.search(r"width=(\d+) of=(\d+) asked=(\d+)", dom)
    assert told is not None
    page, window, asked = map(int, told.groups())
    assert page <= window
    assert asked == 0


def test_it_prints_on_a4(served: tuple[str, Path], tmp_path: Path) -> None:
    paper = tmp_path / "brief.pdf"
    _browse(
        tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", f"{served[0]}/brief.html"
    )
    sheets = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", paper.read_bytes())
    assert sheets
    # A4 is 595 by 842 points.
    assert {(round(float(w)), round(float(h))) for w, h in sheets} <= {(595, 842), (596, 842)}
