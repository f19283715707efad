from __future__ import annotations

import re

import pytest

from briefs.tale import written
from corridor.briefs.text_table import table_lines
from corridor.report import Handling


@pytest.mark.parametrize("edition", ["public", "partners", "restricted"])
def test_no_line_is_wider_than_78_but_a_web_address(edition: Handling) -> None:
    page = written(edition, "text", with_plan=edition == "restricted")
    wide = [line for line in page.splitlines() if len(line) > 78 and "://" not in line]
    assert wide == []
    assert all(line == line.rstrip() for line in page.splitlines())


def test_every_number_in_brackets_has_an_entry() -> None:
    page = written("restricted", "text", with_plan=True)
    entries = set(re.findall(r"^\[(n?\d+)\]", page, re.M))
    used = {
        one
        for group in re.findall(r"\[(n?\d+(?:,\s+\d+)*)\]", page)
        for one in re.split(r",\s+", group)
    }
    assert used <= entries


def test_columns_are_aligned_and_numbers_stand_right() -> None:
    lines = table_lines(
        ("Goods", "Amount"), (False, True), [("Flour", "1,250 t"), ("Oil", "3 t")], 40
    )
    assert len({len(line) for line in lines}) == 1
    assert lines[-1].endswith("  3 t")


def test_a_row_of_one_cell_heads_what_follows() -> None:
    lines = table_lines(("Goods", "Amount"), (False, True), [("North Town",), ("Oil", "3 t")], 40)
    assert "North Town" in lines


def test_a_table_with_no_room_is_written_row_by_row() -> None:
    titles = tuple(f"Title-number-{n}" for n in range(6))
    lines = table_lines(titles, (False,) * 6, [tuple("abcdef")], 40)
    assert lines[0] == "* Title-number-0: a"
    assert all(len(line) <= 40 for line in lines)
