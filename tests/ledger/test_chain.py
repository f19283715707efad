"""The chain's digests, which may never change."""

from __future__ import annotations

import hashlib

import pytest

from corridor.ledger.chain import genesis, link
from corridor.report import HANDLINGS


def test_the_genesis_is_the_digest_of_the_handling() -> None:
    assert genesis("public") == hashlib.sha256(b"corridor ledger 1 public").hexdigest()
    assert len({genesis(handling) for handling in HANDLINGS}) == 4


def test_a_link_covers_every_part_with_its_length() -> None:
    covered = b"3:abc1:720:2023-09-26T18:00:00Z5:asker2:ff"
    found = link("abc", 7, "2023-09-26T18:00:00Z", "asker", "ff")
    assert found == hashlib.sha256(covered).hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        ("b", 1, "at", "by", "body"),
        ("a", 2, "at", "by", "body"),
        ("a", 1, "a", "tby", "body"),
        ("a", 1, "at", "bybo", "dy"),
        ("a", 1, "at", "by", "bodz"),
    ],
)
def test_any_other_part_gives_another_link(other: tuple[str, int, str, str, str]) -> None:
    assert link(*other) != link("a", 1, "at", "by", "body")
