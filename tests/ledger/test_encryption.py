"""Encrypted ledgers: nothing readable without the key, everything as ever with it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from corridor import keys
from corridor.errors import LedgerDamaged, LedgerError, LedgerLocked, WrongPassphrase
from corridor.ledger import Compartments, Ledger
from corridor.ledger.passphrases import Given
from corridor.ledger.snapshot import find, path_of, write
from corridor.report import HANDLINGS, PORTION, Handling, Report

Say = Callable[..., Report[Any]]
Tamper = Callable[..., None]
MARKER = "unspoken-heron"
HERONS = Given({"restricted": "quiet herons at dusk", "sealed": "loud herons at dawn"})
pytestmark = pytest.mark.usefixtures("nobody_answers")


@pytest.fixture
def ours(tmp_path: Path, say: Say, tuesday: datetime) -> Compartments:
    """Return ledgers with three restricted reports and one on each other level."""
    made = Compartments(tmp_path / "ledger", passphrases=HERONS)
    said = [say(f"1 {level}", MARKER if level > "q" else "quiet", level) for level in HANDLINGS]
    more = [say(f"{number}", MARKER, "restricted") for number in (2, 3)]
    made.record([*said[:1], *said[1:], *more], f"{MARKER}-role", tuesday)
    return made


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_nothing_of_a_report_can_be_read_in_its_ledger(
    ours: Compartments, tuesday: datetime
) -> None:
    assert len(ours.entries("sealed")) == 6
    for entry in ours.entries("sealed"):
        level = entry.report.handling
        content = files(ours.folder)[f"{level}.sqlite"]
        said = (entry.report.id, entry.body_digest, entry.digest, MARKER, "relief-agency")
        for told in (*said, f"{tuesday:%Y-%m-%d}"):
            assert (told.encode() in content) is (level in ("public", "partners")), (level, told)


def test_the_same_report_twice_makes_rows_that_are_not_alike(
    tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    rows = []
    for name in "ab":
        made = Compartments(tmp_path / name, passphrases=HERONS)
        made.record([say("1", handling="sealed")], "asker", tuesday)
        ledger = made.ledger("sealed")
        assert ledger is not None
        rows.append(next(iter(ledger.rows())))
    seqs, *columns = zip(*rows, strict=True)
    assert seqs == (1, 1)
    names, _, _, contents, bodies, digests = columns
    for one, other in (names, contents, bodies, digests):
        assert one != other
    # Filled up, they are of one length whatever they hold.
    assert len(bodies[0]) == len(bodies[1])


def test_reports_are_once_and_found_by_id_and_by_the_first_digits(
    ours: Compartments, say: Say, tuesday: datetime
) -> None:
    again = [say("2", MARKER, "restricted"), say("3", "other", "restricted")]
    done = ours.record(again, "asker", tuesday)
    assert (done.accepted, done.already, done.beside) == (1, 1, (say("3").id,))
    ledger = ours.ledger("restricted")
    assert ledger is not None
    assert [one.seq for one in ledger.called([say("3").id])] == [3, 4]
    assert [one.seq for one in ledger.called([say("3").id], up_to=3)] == [3]
    assert ledger.called([say("9").id]) == []
    pairs = {(one.report.id, one.body_digest) for one in ledger.entries()}
    for beginning in {name[:PORTION] for name, _ in pairs} | {"000"}:
        wanted = sorted(pair for pair in pairs if pair[0].startswith(beginning))
        assert sorted(ledger.contents([beginning])) == wanted
    assert [one.report.key for one in ledger.chosen([1, 3])] == ["1 restricted", "3"]


def test_the_plain_chain_goes_on_inside(
    ours: Compartments, tmp_path: Path, say: Say, tuesday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head, a dump and a snapshot say of an encrypted ledger what they say of a plain one."""
    monkeypatch.setattr("corridor.ledger.ledger.ENCRYPTED", ())
    plain = Compartments(tmp_path / "plain")
    plain.merge(ours)
    assert plain.heads() == ours.heads()
    assert [*plain.stored()] == [*ours.stored()]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET body = substr(body, 1, 100) || x'00' || substr(body, 102) WHERE seq = 2",
        "UPDATE entries SET id = (SELECT id FROM entries WHERE seq = 1) WHERE seq = 2",
        "UPDATE entries SET recorded_by = 'somebody' WHERE seq = 2",
        "UPDATE entries SET body = (SELECT body FROM entries WHERE seq = 1) WHERE seq = 2",
        "UPDATE entries SET digest = (SELECT digest FROM entries WHERE seq = 1) WHERE seq = 2",
        "DELETE FROM entries WHERE seq = 2",
        "UPDATE entries SET body = 'text' WHERE seq = 2",
        "UPDATE entries SET seq = 13 - seq WHERE seq < 3; UPDATE entries SET seq = seq - 10 WHERE seq > 10",
    ],
)
@pytest.mark.parametrize("has_key", [True, False])
def test_a_changed_row_is_found_with_the_key_and_without(
    ours: Compartments, tamper: Tamper, statement: str, has_key: bool
) -> None:
    before = ours.verify()["restricted"]
    assert before.is_sound
    assert not before.is_locked
    tamper(ours.folder / "restricted.sqlite", *statement.split(";"))
    opened = Compartments(ours.folder, **({"passphrases": HERONS} if has_key else {}))
    found = opened.verify()["restricted"]
    assert found.is_locked is not has_key
    assert not found.is_sound
    assert found.problems[0].where.startswith("restricted ledger, entry ")


def test_a_row_is_bound_to_its_ledger(ours: Compartments, tamper: Tamper, tmp_path: Path) -> None:
    sealed = ours.folder / "sealed.sqlite"
    tamper(
        ours.folder / "restricted.sqlite",
        f"ATTACH '{sealed}' AS other",
        "UPDATE entries SET (id, body_digest, body, digest) = "
        "(SELECT id, body_digest, body, digest FROM other.entries) WHERE seq = 1",
    )
    with pytest.raises(LedgerDamaged, match="restricted ledger, entry 1: its encrypted row was"):
        Compartments(ours.folder, passphrases=HERONS).entries("restricted")


def test_without_the_key_what_can_be_checked_is_and_the_rest_is_said(ours: Compartments) -> None:
    head = ours.heads()["restricted"].digest
    locked = Compartments(ours.folder)
    found = locked.verify()
    assert found["public"].is_sound
    assert not found["public"].is_locked
    assert found["restricted"].is_locked
    assert found["restricted"].is_sound
    assert found["restricted"].entries == 3
    assert found["restricted"].head.digest != head
    (problem,) = locked.verify({"restricted": head})["restricted"].problems
    assert "cannot be told without its passphrase" in problem.text
    ledger = locked.file("restricted")
    assert ledger is not None
    assert ledger.integrity_check() == ()
    assert ledger.count() == 3
    for reading in (ledger.entries, ledger.head, ledger.stored):
        with pytest.raises(LedgerLocked):
            list(reading())
    with pytest.raises(LedgerLocked), ledger.writing():
        pass


def test_a_view_is_what_opens(ours: Compartments) -> None:
    assert ours.opens_up_to("sealed") == "sealed"
    assert Compartments(ours.folder).opens_up_to("sealed") == "partners"
    restricted, sealed = (Given({h: HERONS.passphrases[h]}) for h in ("restricted", "sealed"))
    assert Compartments(ours.folder, passphrases=restricted).opens_up_to("sealed") == "restricted"
    # Who holds the higher key alone sees no more than partners: a view has no holes.
    assert Compartments(ours.folder, passphrases=sealed).opens_up_to("sealed") == "partners"
    with pytest.raises(LedgerLocked, match="restricted ledger is encrypted and nobody gave"):
        Compartments(ours.folder, passphrases=sealed).entries("sealed")
    (ours.folder / "restricted.sqlite").unlink()
    assert Compartments(ours.folder, passphrases=sealed).opens_up_to("sealed") == "sealed"


def test_a_wrong_passphrase_is_one_clear_message(ours: Compartments) -> None:
    wrong = Compartments(ours.folder, passphrases=Given({"restricted": "loud herons at dawn"}))
    with pytest.raises(WrongPassphrase, match="does not open the restricted ledger"):
        wrong.entries("restricted")
    with pytest.raises(WrongPassphrase):
        wrong.opens_up_to("sealed")
    assert len(wrong.entries("partners")) == 2


@pytest.mark.parametrize(
    "lock", ["", "[]", "{}", "[1,8,1]", '[1,1073741824,1,"00","00","00"]', '["x",8,1,"g","",""]']
)
def test_a_changed_lock_opens_with_nothing(ours: Compartments, tamper: Tamper, lock: str) -> None:
    tamper(
        ours.folder / "restricted.sqlite", f"UPDATE meta SET value = '{lock}' WHERE name = 'lock'"
    )
    with pytest.raises(WrongPassphrase):
        Compartments(ours.folder, passphrases=HERONS).entries("restricted")


@pytest.mark.parametrize("level", ["restricted", "sealed"])
@pytest.mark.parametrize(
    ("passphrase", "message"),
    [(None, "nobody could be asked"), ("short", "at least 12 characters")],
)
def test_nothing_is_recorded_without_a_passphrase(
    tmp_path: Path,
    say: Say,
    tuesday: datetime,
    level: Handling,
    passphrase: str | None,
    message: str,
) -> None:
    given = Given({level: passphrase} if passphrase else {})
    made = Compartments(tmp_path / "ledger", passphrases=given)
    with pytest.raises(LedgerLocked, match=message):
        made.record([say("1"), say("2", handling=level)], "asker", tuesday)
    assert made.handlings() == ()
    made.record([say("1"), say("2", handling="partners")], "asker", tuesday)
    assert made.handlings() == ("public", "partners")


def test_a_lower_ledger_takes_reports_while_the_higher_are_locked(
    ours: Compartments, say: Say, tuesday: datetime
) -> None:
    locked = Compartments(ours.folder)
    # The same id stands in the sealed ledger; whoever has no key to it learns nothing of that.
    assert locked.record([say("1 sealed")], "asker", tuesday).beside == ()
    assert locked.called([("public", say("1 sealed").id)])
    with pytest.raises(LedgerLocked):
        locked.record([say("5"), say("6", handling="sealed")], "asker", tuesday)
    assert say("5").id not in {entry.report.id for entry in locked.entries("partners")}


def test_the_sealed_ledger_is_destroyed_and_nothing_else_shows_it(
    ours: Compartments, tmp_path: Path, say: Say, tuesday: datetime
) -> None:
    never = Compartments(tmp_path / "never", passphrases=HERONS)
    shutil.copytree(ours.folder, never.folder)
    for path in never.folder.glob("sealed*"):
        path.unlink()
    before = files(never.folder)
    ours.record([say("7", MARKER, "sealed")], "asker", tuesday)
    for path in ours.folder.glob("sealed.*"):
        path.unlink()
    assert files(ours.folder) == before
    assert ours.entries("sealed") == never.entries("sealed")
    assert ours.verify() == never.verify()


def test_a_snapshot_is_encrypted_with_the_highest_ledger_in_it(
    ours: Compartments, tamper: Tamper
) -> None:
    sections = {"said": [MARKER]}
    for clearance in ("partners", "restricted", "sealed"):
        write(ours, ours.heads(clearance), sections)
        kept = find(ours, clearance)
        assert kept is not None
        assert kept["said"] == [MARKER]
        is_plain = MARKER.encode() in path_of(ours, clearance).read_bytes()
        assert is_plain == (clearance == "partners")
    # One that was put in another's place is passed over.
    path_of(ours, "sealed").write_bytes(path_of(ours, "restricted").read_bytes())
    found = find(ours, "sealed")
    assert found is not None
    assert set(found.heads) == {"public", "partners", "restricted"}


@pytest.fixture
def plain(tmp_path: Path, ours: Compartments, monkeypatch: pytest.MonkeyPatch) -> Compartments:
    """Return ledgers as they were made before they were encrypted, with a snapshot of each view."""
    with monkeypatch.context() as patch:
        patch.setattr("corridor.ledger.ledger.ENCRYPTED", ())
        made = Compartments(tmp_path / "plain")
        made.merge(ours)
        for clearance in ("restricted", "sealed"):
            write(made, made.heads(clearance), {"said": [MARKER]})
    assert MARKER.encode() in files(made.folder)["restricted.sqlite"]
    return Compartments(tmp_path / "plain")


def test_a_plain_ledger_from_before_is_read_and_written(
    plain: Compartments, ours: Compartments, say: Say, tuesday: datetime
) -> None:
    assert plain.entries("sealed") == ours.entries("sealed")
    assert plain.record([say("5", handling="restricted")], "asker", tuesday).accepted == 1
    assert plain.verify()["restricted"].is_sound


def test_a_plain_ledger_is_encrypted_and_stays_the_same(
    plain: Compartments, say: Say, tuesday: datetime
) -> None:
    before, heads = plain.entries("sealed"), plain.heads()
    other = Compartments(plain.folder)
    behind = other.ledger("restricted")
    (plain.folder / "sealed.sqlite-policy").write_text(MARKER)
    for handling in ("sealed", "restricted"):
        plain.lock(handling, HERONS)
    held = files(plain.folder)
    assert not [name for name in held if name[0] in "rs" and MARKER.encode() in held[name]]
    assert [name for name in files(plain.folder) if "snapshot" in name] == []
    opened = Compartments(plain.folder, passphrases=HERONS)
    assert opened.entries("sealed") == before
    assert opened.heads() == heads
    assert all(one.is_sound for one in opened.verify().values())
    ledger = opened.ledger("restricted")
    assert ledger is not None
    assert ledger.integrity_check() == ()
    # A program that has it open as it was must not write plain rows into it.
    with pytest.raises(LedgerError, match="was encrypted or replaced by another program"):
        other.record([say("5", MARKER, "restricted")], "asker", tuesday)
    assert behind is not None
    with pytest.raises(LedgerError, match="was encrypted or replaced by another program"):
        behind.head()
    assert opened.record([say("5", MARKER, "restricted")], "asker", tuesday).accepted == 1


def test_a_damaged_plain_ledger_is_not_encrypted(plain: Compartments, tamper: Tamper) -> None:
    path = plain.folder / "restricted.sqlite"
    tamper(path, "UPDATE entries SET recorded_by = 'somebody' WHERE seq = 2")
    before = path.read_bytes()
    with pytest.raises(LedgerDamaged, match="restricted ledger, entry 2"):
        plain.lock("restricted", HERONS)
    assert path.read_bytes() == before


def test_another_passphrase_takes_the_place_of_the_first(ours: Compartments) -> None:
    before, path = ours.entries("restricted"), ours.folder / "restricted.sqlite"
    locks = []
    for passphrase in (None, "herons at noon, silent"):
        if passphrase is not None:
            ours.lock("restricted", Given({"restricted": passphrase}))
        with closing(sqlite3.connect(path)) as file:
            (lock,) = file.execute("SELECT value FROM meta WHERE name = 'lock'").fetchone()
        locks.append(json.loads(lock)[-1].encode())
    assert locks[0] not in path.read_bytes()
    assert locks[1] in path.read_bytes()
    with pytest.raises(WrongPassphrase):
        Compartments(ours.folder, passphrases=HERONS).entries("restricted")
    given = Given({"restricted": "herons at noon, silent"})
    again = Compartments(ours.folder, passphrases=given)
    assert again.entries("restricted") == before
    ledger = again.ledger("restricted")
    assert ledger is not None
    assert ledger.integrity_check() == ()


def test_a_passphrase_needs_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="nothing sealed is recorded"):
        Compartments(tmp_path).lock("sealed", HERONS)


def test_the_guards_stand_in_an_encrypted_ledger_too(ours: Compartments, tamper: Tamper) -> None:
    for statement in ("UPDATE entries SET body = x'00'", "DELETE FROM entries", "DELETE FROM meta"):
        with pytest.raises(sqlite3.IntegrityError):
            tamper(ours.folder / "sealed.sqlite", statement, guarded=True)


def test_an_older_program_says_that_it_is_too_old(ours: Compartments) -> None:
    """It reads format 1 and takes a higher one for a newer program's."""
    with closing(sqlite3.connect(ours.folder / "sealed.sqlite")) as file:
        says = dict(file.execute("SELECT name, value FROM meta"))
    assert says["format"] == "2"
    assert set(says) == {"format", "handling", "genesis", "key", "lock"}


def test_argon2id_takes_the_second_recommended_option() -> None:
    """RFC 9106, section 4: t=3, p=4, m=2^16 KiB."""
    import importlib

    usual = importlib.reload(importlib.import_module("corridor.keys")).COSTS
    assert (usual.passes, usual.memory_kib, usual.lanes) == (3, 65536, 4)


def test_a_known_answer_of_the_key_derivation() -> None:
    """RFC 5869, appendix A.3: no salt, no info; its first 32 octets."""
    given = bytes.fromhex("0b" * 22)
    wanted = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert keys.derived(given, b"").hex() == wanted


def test_a_ledger_opened_by_itself_is_locked(ours: Compartments) -> None:
    ledger = Ledger.open(ours.folder / "sealed.sqlite", "sealed")
    assert ledger.is_encrypted
    assert ledger.is_locked
    ledger.unlock(HERONS)
    assert not ledger.is_locked
    assert ledger.head() == ours.heads()["sealed"]
