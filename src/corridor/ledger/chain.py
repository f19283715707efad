"""The hash chain of a ledger: each entry's digest covers the entry and the digest before it."""

from __future__ import annotations

import hashlib

from corridor.report import Handling

FORMAT = 1


def genesis(handling: Handling) -> str:
    """Return the digest that the chain of a ledger of this handling starts from.

    It depends on the handling and the format alone: all empty ledgers of one handling are the same.
    """
    return hashlib.sha256(f"corridor ledger {FORMAT} {handling}".encode()).hexdigest()


def link(
    previous_digest: str, seq: int, recorded_at: str, recorded_by: str, body_digest: str
) -> str:
    """Return an entry's digest: SHA-256 over everything the entry holds and the digest before it.

    Each part is preceded by its length, so that no two entries give the same text. The report's id
    is covered through its body.

    Parameters
    ----------
    previous_digest
        Digest of the entry before, or the genesis for the first.
    seq
        Number of the entry, from 1.
    recorded_at
        The time as stored, RFC 3339 in UTC.
    recorded_by
        Who recorded it, as stored.
    body_digest
        SHA-256 of the report's canonical bytes, hexadecimal.
    """
    number = str(seq)
    text = (
        f"{len(previous_digest)}:{previous_digest}{len(number)}:{number}"
        f"{len(recorded_at)}:{recorded_at}{len(recorded_by)}:{recorded_by}"
        f"{len(body_digest)}:{body_digest}"
    )
    return hashlib.sha256(text.encode()).hexdigest()
