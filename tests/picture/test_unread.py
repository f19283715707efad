from __future__ import annotations

from types import MappingProxyType

import pytest

from corridor.picture.unread import Over, Unread, UnreadMapping


def test_an_unread_tuple_is_made_once_and_only_when_somebody_looks() -> None:
    made: list[str] = []

    def make() -> list[int]:
        made.append("made")
        return [1, 2, 3]

    unread = Unread(make, 3, lambda: (1,))
    assert (len(unread), unread[:1], made) == (3, (1,), [])
    assert unread[:2] == (1, 2)
    assert (unread[-1], list(unread), made) == (3, [1, 2, 3], ["made"])


def test_an_unread_tuple_equals_the_tuple_and_is_written_the_same() -> None:
    unread = Unread(lambda: (1, 2))
    assert unread == (1, 2)
    assert (1, 2) == unread  # noqa: SIM300  # the tuple is asked first
    assert unread == Unread(lambda: [1, 2], 2)
    assert unread not in ((1,), (2, 1), [1, 2])
    assert repr(unread) == "(1, 2)"
    assert hash(unread) == hash((1, 2))


def test_an_unread_mapping_equals_the_dict_and_is_written_the_same() -> None:
    whole = {"a": 1, "b": 2}
    unread = UnreadMapping(whole.get, lambda: whole, 2)
    assert unread == whole
    assert MappingProxyType(unread) == MappingProxyType(whole)
    assert repr(MappingProxyType(unread)) == repr(MappingProxyType(whole))
    assert ("c" in unread, unread.get("c")) == (False, None)
    with pytest.raises(KeyError):
        unread["c"]


def test_what_is_laid_over_something_hides_it_and_is_asked_for_once() -> None:
    below, asked = {"a": 1, "b": 2}, []

    def look(key: str) -> int | None:
        asked.append(key)
        return below.get(key)

    over: Over[str, int] = Over(look, lambda: below)
    assert [over["a"], over["a"], over.get("c", 0), over.get("c")] == [1, 1, 0, None]
    assert asked == ["a", "c"]
    over["c"] = 3
    del over["a"]
    assert dict(over) == {"b": 2, "c": 3}
    assert len(over) == 2
    assert over.setdefault("a", 4) == 4
    assert over.pop("b") == 2
    assert "b" not in over
    with pytest.raises(KeyError):
        del over["b"]
