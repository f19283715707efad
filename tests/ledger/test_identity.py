"""Copies of one operation know each other by its id; nothing enters from another operation."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.errors import LedgerDamaged, LedgerError, NotAnOperation
from corridor.intake import Row
from corridor.ledger import Compartments, Merged, StoredEntry
from corridor.ledger.dump import operation_of
from corridor.ledger.identity import Identity, read_identity, write_identity
from corridor.operation import Operation
from corridor.report import Handling
from stories import TWO_VALLEYS

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
ALPHA, BETA = "a" * 32, "b" * 32


def begin(folder: Path, name: str, new_id: str) -> Operation:
    return Operation.init(folder, name, clock=lambda: NOON, new_id=lambda: new_id)


def say(operation: Operation, key: str, handling: Handling = "public") -> None:
    raw = {"kind": "observation", "indicator": "remark", "text": "quiet", "claimant": "operation"}
    row = Row("", raw | {"key": key, "handling": handling, "channel": "radio"})
    operation.record([row], clearance="sealed")


def dumped(operation: Operation, path: Path, clearance: Handling = "sealed") -> Path:
    with path.open("wb") as out:
        operation.dump(out.write, clearance=clearance)
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def without_id(folder: Path) -> Operation:
    """Return an operation as it was made before operations had ids."""
    marker = folder / "corridor.toml"
    lines = marker.read_text("utf-8").splitlines(keepends=True)
    marker.write_text("".join(line for line in lines if not line.startswith("id")), "utf-8")
    return Operation(folder, clock=lambda: NOON)


@pytest.fixture
def alpha(tmp_path: Path) -> Operation:
    made = begin(tmp_path / "alpha", "Alpha", ALPHA)
    say(made, "1")
    say(made, "2", "sealed")
    return made


@pytest.fixture
def beta(tmp_path: Path) -> Operation:
    made = begin(tmp_path / "beta", "Beta", BETA)
    say(made, "3")
    return made


def test_every_new_operation_draws_an_id_of_its_own(tmp_path: Path) -> None:
    one, other = (Operation.init(tmp_path / name, "Same name").identity for name in "ab")
    assert len(one.id) == 32
    assert one.id != other.id
    assert tomllib.loads((tmp_path / "a" / "corridor.toml").read_text())["id"] == one.id


def test_the_examples_have_ids_of_their_own() -> None:
    folders = [marker.parent for marker in TWO_VALLEYS.parent.glob("*/corridor.toml")]
    ids = {read_identity(folder).id for folder in folders}
    assert "" not in ids
    assert len(ids) == len(folders) > 1


def test_another_operation_is_refused_whole_and_both_are_named(
    alpha: Operation, beta: Operation
) -> None:
    before = files(alpha.folder)
    with pytest.raises(LedgerError) as refused:
        alpha.merge(beta)
    assert f"'Beta' (id {BETA}) is another operation than 'Alpha' (id {ALPHA})" in str(
        refused.value
    )
    assert "nothing was taken" in str(refused.value)
    assert "`corridor load` of a dump" in str(refused.value)
    assert files(alpha.folder) == before


def test_a_dump_of_another_operation_is_refused_whole(
    alpha: Operation, beta: Operation, tmp_path: Path
) -> None:
    before = files(alpha.folder)
    with pytest.raises(LedgerError, match=r"'Beta' .* is another operation than 'Alpha'"):
        alpha.load(dumped(beta, tmp_path / "beta.jsonl"))
    assert files(alpha.folder) == before


def test_another_operation_is_refused_even_if_nothing_is_recorded_in_it(
    alpha: Operation, tmp_path: Path
) -> None:
    with pytest.raises(LedgerError, match="is another operation"):
        alpha.merge(begin(tmp_path / "empty", "Empty", BETA))


def test_a_new_operation_becomes_a_copy_of_the_dump_loaded_into_it(
    alpha: Operation, tmp_path: Path
) -> None:
    copy = begin(tmp_path / "copy", "copy", BETA)
    copy.load(dumped(alpha, tmp_path / "alpha.jsonl"))
    assert copy.identity == Operation(copy.folder).identity == Identity("Alpha", ALPHA)
    assert copy.name == "Alpha"
    say(copy, "4")
    assert alpha.merge(copy).accepted == 1
    assert alpha.load(dumped(copy, tmp_path / "copy.jsonl", "public")).accepted == 0


def test_a_new_operation_becomes_a_copy_of_the_folder_merged_into_it(
    alpha: Operation, tmp_path: Path
) -> None:
    copy = begin(tmp_path / "copy", "copy", BETA)
    copy.merge(alpha)
    assert copy.identity == alpha.identity


def test_a_new_operation_becomes_a_copy_of_one_in_which_nothing_is_recorded(
    tmp_path: Path,
) -> None:
    copy, empty = begin(tmp_path / "copy", "copy", BETA), begin(tmp_path / "empty", "Empty", ALPHA)
    assert copy.load(dumped(empty, tmp_path / "empty.jsonl")).accepted == 0
    assert copy.identity == empty.identity


def test_a_copied_folder_is_the_same_operation(alpha: Operation, tmp_path: Path) -> None:
    copy = Operation(shutil.copytree(alpha.folder, tmp_path / "copy"), clock=lambda: NOON)
    say(copy, "4")
    assert alpha.merge(copy).accepted == 1


def test_copies_stay_copies_whatever_each_is_called(alpha: Operation, tmp_path: Path) -> None:
    copy = Operation(shutil.copytree(alpha.folder, tmp_path / "copy"))
    write_identity(copy.folder, Identity("Another name", ALPHA))
    assert alpha.merge(copy).accepted == 0
    assert alpha.name == "Alpha"


def test_a_damaged_dump_changes_no_id(alpha: Operation, tmp_path: Path) -> None:
    copy = begin(tmp_path / "copy", "copy", BETA)
    path = dumped(alpha, tmp_path / "alpha.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"quiet"', b'"noisy"'))
    before = files(copy.folder)
    with pytest.raises(LedgerDamaged):
        copy.load(path)
    assert files(copy.folder) == before


def test_an_example_stays_itself_although_nothing_is_recorded_in_it_yet(
    alpha: Operation, tmp_path: Path
) -> None:
    example = Operation(
        shutil.copytree(TWO_VALLEYS, tmp_path / "two", ignore=shutil.ignore_patterns("ledger"))
    )
    with pytest.raises(LedgerError, match="is another operation"):
        example.load(dumped(alpha, tmp_path / "alpha.jsonl"))


def test_what_is_recorded_while_another_operation_is_read_keeps_that_out(
    alpha: Operation, tmp_path: Path
) -> None:
    copy = begin(tmp_path / "copy", "copy", BETA)

    class Meanwhile(Compartments):
        def stored(self, clearance: Handling = "sealed") -> Iterator[StoredEntry]:
            say(Operation(copy.folder, clock=lambda: NOON), "4")
            yield from super().stored(clearance)

    alpha.ledgers = Meanwhile(alpha.ledgers.folder)
    with pytest.raises(LedgerError, match="is another operation"):
        copy.merge(alpha)
    assert copy.identity == Identity("copy", BETA)
    assert [entry.report.key for entry in copy.entries("sealed")] == ["4"]


def test_a_load_stopped_before_its_entries_are_in_can_be_done_again(
    alpha: Operation, beta: Operation, tmp_path: Path
) -> None:
    copy = begin(tmp_path / "copy", "copy", "c" * 32)

    class Stopped(Compartments):
        def merge(
            self, other: Compartments | Iterator[StoredEntry], ready: Callable[[], object] = str
        ) -> Merged:
            ready()
            raise KeyboardInterrupt

    whole, copy.ledgers = copy.ledgers, Stopped(copy.ledgers.folder)
    with pytest.raises(KeyboardInterrupt):
        copy.merge(alpha)
    copy.ledgers = whole
    assert copy.merge(beta).accepted == 1
    assert copy.identity == beta.identity


@pytest.mark.parametrize("which", ["here", "there", "both"])
def test_an_operation_without_an_id_is_taken_for_no_other(
    alpha: Operation, tmp_path: Path, which: str
) -> None:
    copy = Operation(shutil.copytree(alpha.folder, tmp_path / "copy"), clock=lambda: NOON)
    say(copy, "4")
    if which != "there":
        alpha = without_id(alpha.folder)
    if which != "here":
        copy = without_id(copy.folder)
    before = files(alpha.folder)
    with pytest.raises(LedgerError, match="cannot be told") as refused:
        alpha.merge(copy)
    assert "'Alpha' (no id)" in str(refused.value)
    assert which == "both" or f'id = "{ALPHA}"' in str(refused.value)
    assert files(alpha.folder) == before
    for folder in (alpha.folder, copy.folder):
        write_identity(folder, Identity("Alpha", ALPHA))
    assert alpha.merge(copy).accepted == 1


def test_a_dump_without_an_id_enters_a_new_operation_alone(
    alpha: Operation, tmp_path: Path
) -> None:
    path = dumped(alpha, tmp_path / "old.jsonl")
    header, rest = path.read_bytes().split(b"\n", 1)
    told = json.loads(header)
    del told["operation"]
    path.write_bytes(json.dumps(told).encode() + b"\n" + rest)
    with pytest.raises(LedgerError, match=r"whether 'unnamed' \(no id\) is the same operation"):
        alpha.load(path)
    copy = begin(tmp_path / "copy", "copy", BETA)
    assert copy.load(path).accepted == 2
    assert copy.identity == Identity("copy", BETA)


def test_an_operation_without_an_id_goes_on_and_gets_none_by_itself(alpha: Operation) -> None:
    old = without_id(alpha.folder)
    say(old, "4")
    assert old.identity == Identity("Alpha", "")
    assert len(old.entries("sealed")) == 3


@pytest.mark.parametrize("clearance", ["public", "partners", "restricted", "sealed"])
def test_a_dump_names_its_operation_alike_at_every_clearance(
    alpha: Operation, clearance: Handling
) -> None:
    lines: list[bytes] = []
    alpha.dump(lines.append, clearance=clearance)
    assert operation_of(lines[0]) == Identity("Alpha", ALPHA)


@pytest.mark.parametrize(
    "told", [None, "Alpha", {}, {"name": "A"}, {"name": 1, "id": ALPHA}, {"name": "A", "id": "A"}]
)
def test_a_dump_that_names_its_operation_wrongly_is_refused(told: object) -> None:
    header = {"corridor_dump": 1, "operation": told, "handlings": [], "heads": {}}
    with pytest.raises(LedgerDamaged, match="line 1"):
        operation_of(json.dumps(header).encode())


@pytest.mark.parametrize("value", ['"ABC"', '"0x"', "7", f'"{ALPHA}0"', f'"{ALPHA}\\n"'])
def test_an_id_written_wrongly_by_hand_is_told(tmp_path: Path, value: str) -> None:
    (tmp_path / "corridor.toml").write_text(f'name = "x"\nid = {value}\nformat = 1\n')
    with pytest.raises(NotAnOperation, match="32 of the digits 0-9 and a-f"):
        Operation(tmp_path)


def test_what_else_the_file_of_an_operation_says_stays(alpha: Operation, tmp_path: Path) -> None:
    copy = begin(tmp_path / "copy", "copy", BETA)
    marker = copy.folder / "corridor.toml"
    marker.write_text(marker.read_text() + '# A remark.\nsources = """\nmany\n"""\n')
    copy.merge(alpha)
    assert tomllib.loads(marker.read_text())["sources"] == "many\n"
    assert "# A remark." in marker.read_text()
    assert [path.name for path in copy.folder.iterdir() if path.is_file()] == ["corridor.toml"]


def test_a_file_that_only_a_person_can_change_stays_as_it_is(
    alpha: Operation, tmp_path: Path
) -> None:
    text = 'format = 1\nname = """\nlong\n"""\n'
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "corridor.toml").write_text(text)
    copy = Operation(tmp_path / "copy")
    with pytest.raises(NotAnOperation, match=f'write into it: .*id = "{ALPHA}"'):
        copy.merge(alpha)
    assert (tmp_path / "copy" / "corridor.toml").read_text() == text
    assert copy.entries("sealed") == ()


@given(name=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_is_written_and_read(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    write_identity(folder, Identity(name, ALPHA))
    assert read_identity(folder) == Identity(name, ALPHA)
