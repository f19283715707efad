"""Kill a recording Corridor at random moments, again and again, and look whether anything is lost.

    python tests/faults/kill.py --rounds 50 --rows 50000 --seed 1

A round imports a batch over three handling levels, or records single reports, in a process of its
own; kills that at a moment drawn from the seed; and starts anew. Then: what was accepted is there,
the batch is there whole or not at all on all levels together, every chain holds with the heads from
before, SQLite finds its files whole, and the next report is accepted. Exit 1 at the first failure.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from corridor.report import Handling
from faults.material import (
    BATCH,
    RECORDER,
    Material,
    heads,
    keys,
    kill,
    launch,
    left_over,
    prepare,
    run,
    start,
    unsound,
)

BATCHES = ("import", "load", "load a dump")
SINGLES = ("record in a loop", "record")
# "writing" and "commit" wait for the files that show it; most of an import's time goes into reading.
MOMENTS = ("any", "writing", "commit", "any", "commit")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round was and what was found after the kill."""

    what: str
    moment: str
    was_running: bool
    was_accepted: bool
    is_entered: bool
    was_completed: bool
    was_killed_again: bool
    accepted: int


class Lost(AssertionError):
    """Something that was accepted is gone, or something is there by half."""


def rounds(material: Material, folder: Path, count: int, seed: int) -> Iterator[Round]:
    """Play rounds, two at a time; every moment comes from the seed and the round's number."""
    whole_s = _time_of_a_whole_import(material, folder / "whole")
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(
            lambda number: _round(material, folder / str(number), number, seed, whole_s),
            range(count),
        )


def _round(material: Material, folder: Path, number: int, seed: int, whole_s: float) -> Round:
    chance = random.Random(f"{seed} {number}")
    shutil.copytree(material.base, folder)
    try:
        if number % 5 < 3:
            moment = MOMENTS[(number // 5 * 3 + number % 5) % len(MOMENTS)]
            return _batch(material, folder, BATCHES[number % 5], moment, chance, whole_s)
        if number % 5 == 3:
            return _loop(folder, chance)
        return _single(folder, chance)
    except Lost as lost:
        raise Lost(f"round {number} of seed {seed}: {lost}") from None
    finally:
        shutil.rmtree(folder)


def _batch(
    material: Material, folder: Path, what: str, moment: str, chance: random.Random, whole_s: float
) -> Round:
    before, known = keys(folder), heads(folder)
    words = {
        "import": ("import", material.table, "--kind", "headcount", "--clearance", "sealed"),
        "load": ("load", material.lines),
        "load a dump": ("load", material.dump),
    }[what]
    process = start(*words, "-o", folder)
    _await(process, folder, moment, chance, whole_s)
    was_running = process.poll() is None
    said = kill(process)
    was_accepted = said.startswith(("Accepted", "Took"))
    was_completed = any(name.endswith(".whole") for name in left_over(folder))
    # The program that completes the batch may be killed as well.
    killed_again = was_completed and chance.random() < 0.5
    if killed_again:
        again = start("verify", "-o", folder)
        _await(again, folder, "again", chance, whole_s)
        kill(again)
    _next_start(folder)
    there = keys(folder)
    _need(set(before) <= set(there), "a report from before is gone")
    entered = sum(key.startswith(BATCH) for key in there)
    _need(entered in (0, material.rows), f"{entered} of {material.rows} reports are there")
    _need(entered == material.rows or not was_accepted, "the batch was accepted and is gone")
    _need(entered == material.rows or not was_completed, "the batch was promised and is gone")
    _need(len(there) == len(set(there)), "a report is there twice")
    _check(folder, known)
    return Round(
        what, moment, was_running, was_accepted, entered > 0, was_completed, killed_again, entered
    )


def _loop(folder: Path, chance: random.Random) -> Round:
    known = heads(folder)
    process = launch(sys.executable, "-c", RECORDER, folder, 100_000)
    assert process.stdout is not None
    _need(process.stdout.readline() == "started\n", "the recorder did not start")
    time.sleep(chance.uniform(0, 1.5))
    was_running = process.poll() is None
    said = kill(process).splitlines()
    _next_start(folder)
    accepted = [line.removeprefix("accepted ") for line in said if line.startswith("accepted ")]
    there = [key for key in keys(folder) if key.startswith("one-")]
    _need(set(accepted) <= set(there), "an accepted report is gone")
    # One more may have been stored whose acceptance could not be said any more.
    _need(len(there) <= len(accepted) + 1, "reports are there that were never recorded")
    _check(folder, known)
    return Round(
        "record in a loop",
        "any",
        was_running,
        bool(accepted),
        bool(there),
        False,
        False,
        len(there),
    )


def _single(folder: Path, chance: random.Random) -> Round:
    known, accepted, was_running = heads(folder), 0, False
    for number in range(4):
        words = ("place=camp", "quantity=9 people", "claimant=operation", f"key=single-{number}")
        process = start("record", "headcount", *words, "-o", folder)
        if chance.random() < 0.5:
            _await(process, folder, "single", chance, 0)
        else:
            time.sleep(chance.uniform(0.2, 1))
        was_running = was_running or process.poll() is None
        said = kill(process)
        is_there = f"single-{number}" in keys(folder)
        _need(is_there or not said.startswith("Accepted"), "an accepted report is gone")
        accepted += is_there
    _next_start(folder)
    _check(folder, known)
    return Round("record", "any", was_running, accepted > 0, accepted > 0, False, False, accepted)


def _await(
    process: subprocess.Popen[str], folder: Path, moment: str, chance: random.Random, whole_s: float
) -> None:
    """Wait for the moment to kill: any, or some time after files show what is being done."""
    sign, most_s = {
        "any": ("", whole_s),
        "writing": (".writer", whole_s / 4),
        "commit": (".whole", whole_s / 80),
        "single": (".writer", 0.02),
        "again": (".writer", whole_s / 60),
    }[moment]
    deadline = time.monotonic() + 60
    while sign and process.poll() is None and time.monotonic() < deadline:
        if any(path.name.endswith(sign) for path in (folder / "ledger").iterdir()):
            break
        time.sleep(0.0005)
    until = time.monotonic() + chance.uniform(0, most_s)
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.0005)


def _next_start(folder: Path) -> None:
    code, said, wrong = run("verify", "-o", folder)
    _need(code == 0, f"the next start finds: {said}{wrong}")


def _check(folder: Path, known: Mapping[Handling, str]) -> None:
    found = unsound(folder, known)
    _need(not found, "; ".join(found))
    words = ("place=camp", "quantity=8 people", "claimant=operation", "key=next")
    code, said, wrong = run("record", "headcount", *words, "-o", folder)
    _need(code == 0 and said.startswith("Accepted"), f"the next report is refused: {said}{wrong}")


def _need(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise Lost(otherwise)


def _time_of_a_whole_import(material: Material, folder: Path) -> float:
    shutil.copytree(material.base, folder)
    begun = time.monotonic()
    code, said, wrong = run(
        "import", material.table, "--kind", "headcount", "--clearance", "sealed", "-o", folder
    )
    _need(code == 0, said + wrong)
    shutil.rmtree(folder)
    return time.monotonic() - begun


def main() -> None:
    asked = argparse.ArgumentParser(description="Kill recording processes and look what is lost.")
    asked.add_argument("--rounds", type=int, default=50)
    asked.add_argument("--rows", type=int, default=50_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    begun = time.monotonic()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        material = prepare(Path(name) / "material", given.rows)
        for number, one in enumerate(
            rounds(material, Path(name), given.rounds, given.seed), start=1
        ):
            print(f"{number:3} {one}", flush=True)
            counts["batches"] += one.what in BATCHES
            counts["running"] += one.was_running
            counts["entered"] += one.what in BATCHES and one.is_entered
            counts["completed"] += one.was_completed
            counts["again"] += one.was_killed_again
            counts["singles"] += one.accepted * (one.what in SINGLES)
    print(
        f"kill: {given.rounds} rounds in {time.monotonic() - begun:.0f} s, seed {given.seed}; "
        f"{counts['running']} killed while running; {counts['batches']} batches of {given.rows} "
        f"reports on 3 levels, {counts['entered']} entered whole (of these {counts['completed']} "
        f"completed by the next start, {counts['again']} of which killed too), the others not at "
        f"all; {counts['singles']} single reports; nothing accepted was lost, every chain and "
        "every file is whole"
    )


if __name__ == "__main__":
    try:
        main()
    except Lost as lost:
        sys.exit(f"kill: {lost}")
