from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from corridor.errors import LedgerError
from corridor.ledger import Compartments
from corridor.ledger.archive import Archive, number_of
from corridor.report import Entry, digest_of, line_of
from stories import END, Story, at


@pytest.fixture
def held(tmp_path: Path) -> Compartments:
    story = Story().land()
    for number, handling in enumerate(("public", "sealed", "partners")):
        fields = {"place": "town", "quantity": f"{number} people", "handling": handling}
        story.say("headcount", observed=at(3 + number), **fields)
    made = Compartments(tmp_path / "ledger")
    made.record(story.reports, "teller", END)
    return made


def archive(held: Compartments, waiting: tuple[Entry, ...] = ()) -> Archive:
    return Archive(held, held.heads(), [number_of(entry) for entry in waiting])


def test_entries_come_back_by_their_numbers_in_the_order_asked_for(held: Compartments) -> None:
    entries = held.entries("sealed")
    wanted = entries[::-2]
    assert archive(held).entries([number_of(entry) for entry in wanted]) == list(wanted)


def test_an_id_is_looked_up_and_of_several_contents_the_first_learned_is_used(
    held: Compartments,
) -> None:
    first = held.entries("sealed")[-1].report
    later = dataclasses.replace(first, note="again", learned_at=END)
    before = archive(held)
    held.record([later], "teller", END)
    after = archive(held)
    for one in (before, after):
        used = one.used(first.id)
        assert used is not None
        assert used.report == first
    assert [len(one.called([first.id])[first.id]) for one in (before, after)] == [1, 2]
    assert after.used("0" * 32) is None  # type: ignore[arg-type]


def test_lines_of_a_portion_are_those_of_the_digest(held: Compartments) -> None:
    entries = held.entries("sealed")
    portions = {entry.report.id[:3] for entry in entries} | {"fff", "000"}
    lines = archive(held).lines(portions)
    assert sorted(line for found in lines.values() for line in found) == sorted(
        map(line_of, entries)
    )
    assert digest_of(entries)


def test_what_was_not_known_yet_counts_as_not_there(held: Compartments) -> None:
    late = held.entries("sealed")[0]
    without = archive(held, (late,))
    assert without.waiting == [late]
    assert without.used(late.report.id) is None
    assert without.lines([late.report.id[:3]]) == {late.report.id[:3]: []}


def test_an_entry_beyond_the_head_or_of_a_ledger_that_is_gone_is_refused(
    held: Compartments,
) -> None:
    one = archive(held)
    sealed = held.entries("sealed")[-1]
    with pytest.raises(LedgerError, match="did not hold"):
        one.entries([4_000])
    (held.folder / "sealed.sqlite").unlink()
    with pytest.raises(LedgerError, match="replaced"):
        one.entries([number_of(sealed)])
