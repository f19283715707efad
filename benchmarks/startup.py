"""How long `corridor --help` takes as a whole process, beside a bare interpreter and a bare typer."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
BARE = "import typer; app = typer.Typer(); app.command()(lambda: None); app(['--help'])"
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "typer, one empty command": [sys.executable, "-c", BARE],
    "corridor --help": [sys.executable, "-m", "corridor.cli", "--help"],
}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for run in range(RUNS + 1):
        for name, command in COMMANDS.items():
            spent = seconds(command)
            if run:
                taken[name].append(spent)
    for name, values in taken.items():
        print(
            f"{name:28} median {statistics.median(values):.3f} s  min {min(values):.3f}  max {max(values):.3f}"
        )


if __name__ == "__main__":
    main()
