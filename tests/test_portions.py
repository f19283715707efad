"""Work in portions gives what work in one piece gives, whoever does it."""

from __future__ import annotations

import gc
import math
import os

import pytest

from corridor import portions
from corridor.portions import in_portions, many_objects
from working import process_after, process_or_end


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "_cores", lambda: 2)


def test_results_come_in_the_order_of_the_portions() -> None:
    assert list(in_portions(math.factorial, range(200))) == [*map(math.factorial, range(200))]


def test_nothing_gives_nothing() -> None:
    assert list(in_portions(math.sqrt, [])) == []


def test_other_processes_do_some_of_it() -> None:
    done_by = set(in_portions(process_after, [0.05] * 40))
    assert os.getpid() in done_by
    assert len(done_by) > 1


def test_what_is_not_worth_a_helper_is_done_here() -> None:
    assert set(in_portions(process_after, [0.05] * 20, alone=20)) == {os.getpid()}


def test_on_one_core_no_other_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "_cores", lambda: 1)
    assert set(in_portions(process_after, [0.0] * 10)) == {os.getpid()}


def test_what_goes_wrong_in_a_portion_is_told_here() -> None:
    with pytest.raises(ValueError, match="math domain error"):
        list(in_portions(math.sqrt, [*range(8), -1, *range(8)]))


def test_a_helper_that_ends_is_done_without() -> None:
    here = os.getpid()
    assert set(in_portions(process_or_end, [here] * 10)) == {here}


def test_where_no_process_can_be_started_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/program")
    assert list(in_portions(math.sqrt, range(10))) == [*map(math.sqrt, range(10))]


def test_the_search_for_cycles_goes_on_afterwards() -> None:
    with many_objects():
        assert not gc.isenabled()
        with many_objects():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
