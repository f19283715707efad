from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.picture.chunks import changed, in_chunks
from corridor.values import Finding, in_order_of_consequence

FINDINGS = st.lists(
    st.builds(
        Finding, st.sampled_from("ab"), st.sampled_from(["act", "note"]), st.sampled_from("xyz"),
        st.just("said"),
    )
)  # fmt: skip


@settings(max_examples=60)
@given(before=FINDINGS, came=FINDINGS, data=st.data())
def test_chunks_that_changed_hold_what_was_found_in_order_each_told_once(
    before: list[Finding], came: list[Finding], data: st.DataObject
) -> None:
    went = data.draw(st.lists(st.sampled_from(before), max_size=len(before))) if before else []
    went = list((Counter(went) & Counter(before)).elements())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corridor.picture.chunks._SIZE", 2)
        chunks = changed(in_chunks(before), came, went)
        naming = object()
        told = [one for chunk in chunks for one in chunk.named(str, naming)]
    now = Counter(before) + Counter(came) - Counter(went)
    assert Counter(one for chunk in chunks for one in chunk.found) == now
    assert told == list(in_order_of_consequence(now))
    assert [chunk.size for chunk in chunks] == [len(set(chunk.found)) for chunk in chunks]
    assert [chunk.first for chunk in chunks] == sorted(chunk.first for chunk in chunks)
