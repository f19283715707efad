"""How long a fresh process takes to open a large operation: with no snapshot, with one, and to record.

The ledger is that of `picture_volume.py`. Every figure is a whole process, started anew.

    python benchmarks/cold_start.py [REPORTS]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from generate import begun
from picture_volume import END, reports

from corridor.ledger.snapshot import path_of

OPEN = """
import sys
from datetime import datetime
from pathlib import Path
from corridor import Operation
end = datetime.fromisoformat(sys.argv[2])
Operation(Path(sys.argv[1])).picture(at=end, known_at=end)
"""
WHEN = ("--at", END.isoformat(), "--known-at", END.isoformat())
AGENCY = ("claimant=operation", "name=Agency", "learned=2030-05-02T00:00:00Z")
COUNT = (
    "place=place-1", "commodity=good-1", "quantity=5 t", "claimant=operation",
    "observed=2030-06-01", "learned=2030-06-02T00:00:00Z",
)  # fmt: skip
SENT = (
    "commodity=good-1", "quantity=5 t", "destination=place-1", "stage=dispatched",
    "claimant=operation", "observed=2030-06-01", "learned=2030-06-02T00:00:00Z",
)  # fmt: skip


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "relief"
        operation = begun(place, "Relief", clock=lambda: END)
        told = reports(size)
        while portion := list(islice(told, 100_000)):
            operation.ledgers.record(portion, "teller", END)
        organisation = ("organisation", "organisation=operation", *AGENCY)
        picture, snapshot = ("picture", *WHEN), path_of(operation.ledgers, "restricted")
        print(f"{size:,} reports")
        tell("corridor --help", place, "--help")
        tell("record, no snapshot", place, "record", *organisation)
        tell("picture, no snapshot: read, folded, snapshot written", place, *picture)
        ledger = sum(path.stat().st_size for path in snapshot.parent.glob("*.sqlite"))
        print(f"  snapshot {snapshot.stat().st_size / 1e6:,.1f} MB, ledgers {ledger / 1e6:,.1f} MB")
        for _ in range(3):
            tell("picture, from the snapshot", place, *picture)
            opened = ["-c", OPEN, str(place), END.isoformat()]
            timed("  the same in Python, without tables", opened)
        tell("picture as JSON, from the snapshot", place, *picture, "--json")
        tell("record", place, "record", "stock_count", *COUNT)
        tell("picture, with that stock count since", place, *picture)
        tell("record", place, "record", "consignment", *SENT)
        tell("picture, with that consignment since", place, *picture)


def tell(what: str, place: Path, *words: str) -> None:
    """Run a command in a process of its own and print how long it took."""
    where = () if words == ("--help",) else ("-o", str(place))
    timed(what, ["-m", "corridor.cli", *words, *where])


def timed(what: str, words: list[str]) -> None:
    """Run Python in a process of its own and print how long it took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    computing = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:55}{clock:8.2f} s {computing:8.2f} s computing", flush=True)


if __name__ == "__main__":
    main()
