"""Keys: a passphrase opens the operation key, which opens the key of each person.

AES-256-GCM throughout, a nonce drawn for every sealing; Argon2id (RFC 9106, second recommended choice)
from the passphrase. Nothing here is made by hand.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16
_OF_OPERATION = b"corridor protected register 1, operation key"


class Unopened(Exception):
    """A key does not open what it was given: another key, or bytes that were changed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Bytes under a key, with the nonce they were sealed with."""

    nonce: bytes
    bytes: bytes


@dataclass(frozen=True, slots=True)
class Lock:
    """The operation key as it is stored: sealed under a passphrase, with what Argon2id needs."""

    salt: bytes
    passes: int
    memory_kib: int
    lanes: int
    key: Sealed


def new_key() -> bytes:
    """Draw a key."""
    return secrets.token_bytes(_KEY_BYTES)


def seal(key: bytes, plain: bytes, bound_to: bytes) -> Sealed:
    """Seal bytes; they open only with this key and the same `bound_to`."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return Sealed(nonce, AESGCM(key).encrypt(nonce, plain, bound_to))


def unseal(key: bytes, sealed: Sealed, bound_to: bytes) -> bytes:
    """Open sealed bytes.

    Raises
    ------
    Unopened
        With another key, or when anything was changed.
    """
    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.bytes, bound_to)
    except InvalidTag:
        raise Unopened from None


def lock(
    operation_key: bytes, passphrase: str, *, passes: int = 3, memory_kib: int = 1 << 16
) -> Lock:
    """Put the operation key under a passphrase."""
    salt, lanes = secrets.token_bytes(_SALT_BYTES), 4
    wrapping = _from_passphrase(passphrase, salt, (passes, memory_kib, lanes))
    return Lock(salt, passes, memory_kib, lanes, seal(wrapping, operation_key, _OF_OPERATION))


def unlock(locked: Lock, passphrase: str) -> bytes:
    """Return the operation key; Unopened with another passphrase."""
    costs = (locked.passes, locked.memory_kib, locked.lanes)
    return unseal(_from_passphrase(passphrase, locked.salt, costs), locked.key, _OF_OPERATION)


def _from_passphrase(passphrase: str, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    passes, memory_kib, lanes = costs
    return hash_secret_raw(
        passphrase.encode(), salt, time_cost=passes, memory_cost=memory_kib, parallelism=lanes,
        hash_len=_KEY_BYTES, type=Type.ID,
    )  # fmt: skip
