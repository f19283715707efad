"""Kill a program that records a batch over three ledgers at its every step, one after the other.

Each time a copy of the program is made that kills itself just before its next step: a call to the
file system or to the database. Then another opens the ledgers, and once it too is killed at each of
its steps. Printed is how many steps there were, and what was found after them. What the restricted and
the sealed reports say is in no file, at whatever step the program died.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from corridor import keys
from corridor.ledger import Compartments
from corridor.ledger.passphrases import ENCRYPTED, Given
from corridor.registers.general import Observation
from corridor.report import Handling, Report, report_id
from corridor.values import PartyCode
from faults.material import left_over
from stories import PASSPHRASE

# What changes the disk, or what another program sees; all else of a step is lost with the program.
STEPS = frozenset({"fsync", "open", "close", "unlink", "link", "mkstemp", "mkdir", "commit"})
LEVELS: tuple[Handling, ...] = ("public", "restricted", "sealed")
NOW = datetime(2030, 5, 1, tzinfo=UTC)
KILLED = -signal.SIGKILL
MARKER = "unspoken-heron"
# As cheap as Argon2id allows; hundreds of programs start here.
keys.COSTS = keys.Costs(1, 8, 1)


def say(key: str, handling: Handling) -> Report[Any]:
    return Report(
        id=report_id("radio", key),
        statement=Observation(
            indicator="remark", text=MARKER if handling in ENCRYPTED else "quiet"
        ),
        channel="radio",
        key=key,
        claimant=PartyCode("agency"),
        learned_at=NOW,
        handling=handling,
    )


FIRST = [say("first", "public"), say("first sealed", "sealed")]
BATCH = [say(f"{level} {number}", level) for number in range(3) for level in LEVELS]


def ledgers_in(folder: Path) -> Compartments:
    given = Given(dict.fromkeys(ENCRYPTED, PASSPHRASE))
    return Compartments(folder / "ledger", passphrases=given)


def told(folder: Path) -> list[str]:
    """Return the names of files in which a restricted or sealed report can be read."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if MARKER.encode() in path.read_bytes()]


def die_at(step: int) -> None:
    """Let this program kill itself before its step of that number."""
    count = 0

    def seen(frame: object, event: str, called: object) -> None:
        nonlocal count
        if event == "c_call" and getattr(called, "__name__", "") in STEPS:
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(seen)


def ended(work: Callable[[], object], step: int) -> int:
    """Run work in a copy of this program that dies at a step; return how it ended."""
    child = os.fork()
    if child == 0:
        die_at(step)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def judge(folder: Path, is_promised: bool) -> str:
    """Open the ledgers anew and say what is there; they must be whole and hold all or nothing."""
    ledgers = ledgers_in(folder)
    there = {entry.report.key for entry in ledgers.entries("sealed")}
    entered = there - {report.key for report in FIRST}
    assert len(there) - len(entered) == len(FIRST), "a report from before is gone"
    assert len(entered) in (0, len(BATCH)), f"{len(entered)} of {len(BATCH)} are there"
    assert entered or not is_promised, "the batch was promised and is gone"
    for level, found in ledgers.verify().items():
        assert found.is_sound, found
        ledger = ledgers.ledger(level)
        assert ledger is not None
        assert ledger.integrity_check() == ()
    assert not left_over(folder), left_over(folder)
    again = ledgers_in(folder).record(BATCH, "asker", NOW)
    assert again.accepted + again.already == len(BATCH)
    assert again.already == len(entered)
    return "entered" if entered else "not entered"


def main(folder: Path) -> None:
    before, stopped = folder / "before", folder / "stopped"
    ledgers_in(before).record(FIRST, "asker", NOW)
    found: Counter[str] = Counter()
    halfway: Path | None = None
    step = 0
    while True:
        step += 1
        assert step < 2000
        shutil.rmtree(stopped, ignore_errors=True)
        shutil.copytree(before, stopped)
        how = ended(lambda: ledgers_in(stopped).record(BATCH, "asker", NOW), step)
        if how == 0:
            break
        assert how == KILLED, how
        assert not told(stopped), told(stopped)
        names = left_over(stopped)
        is_promised = any(name.endswith(".whole") for name in names)
        found["promised"] += is_promised
        if is_promised and halfway is None:
            halfway = shutil.copytree(stopped, folder / "halfway")
        found[judge(stopped, is_promised)] += 1
    assert halfway is not None
    resumed = 0
    while True:
        resumed += 1
        assert resumed < 2000
        shutil.rmtree(stopped)
        shutil.copytree(halfway, stopped)
        how = ended(lambda: ledgers_in(stopped).entries("sealed"), resumed)
        assert not told(stopped), told(stopped)
        assert judge(stopped, is_promised=True) == "entered"
        if how == 0:
            break
        assert how == KILLED, how
    print(
        f"{step - 1} steps of recording: {found['not entered']} times not entered, "
        f"{found['entered']} entered, {found['promised']} of them promised only; "
        f"{resumed - 1} steps of the next start: always entered"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
