"""A key destroyed: the record is in no file, in no backup, in no log, and in no memory of a new process."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("cryptography")
pytest.importorskip("argon2")

from corridor.keys import unlock, unseal
from corridor.protected import ProtectedRegister
from corridor.protected.files import KEYS, Files
from corridor.protected.register import _OF_OPERATION

PASSPHRASE = "eleven quiet herons at dusk"
NAME = "Quillon Abernathy-Vex"
UNTIL = date.today().replace(year=date.today().year + 1)  # noqa: DTZ011  # only days matter here
SRC = Path(__file__).parents[2] / "src"

# Opens the register, tries to read a record and writes out all of its own memory that can be written to.
LOOK = """
import os, sys
from pathlib import Path
from corridor.errors import CorridorError
from corridor.protected import ProtectedRegister
folder, person, dump = sys.argv[1:4]
with os.fdopen(int(sys.argv[4])) as given:
    passphrase = given.read()
register = ProtectedRegister.open(Path(folder), passphrase, role="protection", who="w-9")
try:
    found = register.look_up(person, "shelter")
    said = "read"
except CorridorError as refused:
    said = str(refused)
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory, open(dump, "wb") as out:
    for line in maps:
        place, rights = line.split()[:2]
        if not rights.startswith("rw") or "[v" in line:
            continue
        start, end = (int(part, 16) for part in place.split("-"))
        try:
            memory.seek(start)
            out.write(memory.read(end - start))
        except (OSError, ValueError, OverflowError):
            pass
print(said)
"""


def looked_up_in_a_new_process(folder: Path, person: str, dump: Path) -> str:
    reading, writing = os.pipe()
    os.write(writing, PASSPHRASE.encode())
    os.close(writing)
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(folder), person, str(dump), str(reading)],
        env=os.environ | {"PYTHONPATH": str(SRC)},
        pass_fds=(reading,),
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(reading)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="needs the memory of a process as a file"
)
def test_a_record_whose_key_is_destroyed_is_nowhere_to_be_read(tmp_path: Path) -> None:
    register = ProtectedRegister.start(tmp_path, PASSPHRASE, who="w-1")
    person = register.add({"name": NAME, "contact": "+999 7654321"}, until=UNTIL)
    other = register.add({"name": "Someone Else"}, until=UNTIL)
    backup = tmp_path / "backup.sqlite"
    register.backup(backup)
    files = Files(tmp_path / "protected")
    wrapped, record = files.key(person), files.record(person)
    assert wrapped is not None
    assert record is not None
    operation_key = unlock(files.lock(), PASSPHRASE, bound_to=_OF_OPERATION)
    bound = f"corridor protected register 1, {person}, key".encode()
    key = unseal(operation_key, wrapped, bound)
    needles = (NAME.encode(), b"7654321", key, wrapped.bytes)
    # While the key is there, a look-up reads the record, and the dump shows that it looks well enough.
    dump = tmp_path / "memory"
    assert looked_up_in_a_new_process(tmp_path, person, dump) == "read"
    assert NAME.encode() in dump.read_bytes()
    assert wrapped.bytes in (tmp_path / "protected" / KEYS).read_bytes()

    register.erase(person, "asked_by_the_person")

    assert "was erased" in looked_up_in_a_new_process(tmp_path, person, dump)
    assert operation_key in dump.read_bytes(), "the process had all it needs, but for the key"
    for file in tmp_path.rglob("*"):
        if file.is_file():
            found = file.read_bytes()
            assert not [needle for needle in needles if needle in found], file.name
    # The backup keeps the sealed bytes, which nothing opens any more; the live file overwrote them.
    assert record.sealed.bytes in backup.read_bytes()
    assert record.sealed.bytes not in (tmp_path / "protected" / "records.sqlite").read_bytes()
    assert register.look_up(other, "shelter").name == "Someone Else"
    assert NAME not in str(register.log())
