"""Keys: a passphrase opens one key, which opens or derives others.

AES-256-GCM throughout, a nonce drawn for every sealing; Argon2id (RFC 9106, second recommended choice)
from the passphrase; HKDF-SHA256 (RFC 5869) from key to key. Nothing here is made by hand.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16
SHORTEST_PASSPHRASE = 12


class Unopened(Exception):
    """A key does not open what it was given: another key, or bytes that were changed."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What Argon2id takes: passes over the memory, its size in KiB, lanes side by side."""

    passes: int
    memory_kib: int
    lanes: int


# RFC 9106, section 4, the second recommended option.
COSTS = Costs(3, 1 << 16, 4)
# What a file may ask for at most: more would be a changed file, and hold up the machine.
_MOST = Costs(64, 1 << 21, 16)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Bytes under a key, with the nonce they were sealed with."""

    nonce: bytes
    bytes: bytes


@dataclass(frozen=True, slots=True)
class Lock:
    """A key as it is stored: sealed under a passphrase, with what Argon2id needs."""

    salt: bytes
    passes: int
    memory_kib: int
    lanes: int
    key: Sealed


class Cipher:
    """One key at work on many pieces, each under a nonce drawn at random.

    For one key, 2^32 pieces are the most that keep the chance of drawing a nonce twice below 2^-32
    (NIST SP 800-38D, section 8.3).
    """

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def encrypt(self, plain: bytes, bound_to: bytes) -> bytes:
        """Return the nonce and the encrypted bytes; they open only with the same `bound_to`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, bound_to)

    def decrypt(self, encrypted: bytes, bound_to: bytes) -> bytes:
        """Return what was encrypted; Unopened with another key, or when anything was changed."""
        if len(encrypted) < _NONCE_BYTES:
            raise Unopened
        try:
            return self._aead.decrypt(encrypted[:_NONCE_BYTES], encrypted[_NONCE_BYTES:], bound_to)
        except InvalidTag:
            raise Unopened from None


def new_key() -> bytes:
    """Draw a key."""
    return secrets.token_bytes(_KEY_BYTES)


def derived(key: bytes, purpose: bytes) -> bytes:
    """Return the key that a key gives for a purpose; those for two purposes tell nothing of each other."""
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(key)


def seal(key: bytes, plain: bytes, bound_to: bytes) -> Sealed:
    """Seal bytes; they open only with this key and the same `bound_to`."""
    both = Cipher(key).encrypt(plain, bound_to)
    return Sealed(both[:_NONCE_BYTES], both[_NONCE_BYTES:])


def unseal(key: bytes, sealed: Sealed, bound_to: bytes) -> bytes:
    """Open sealed bytes.

    Raises
    ------
    Unopened
        With another key, or when anything was changed.
    """
    return Cipher(key).decrypt(sealed.nonce + sealed.bytes, bound_to)


def lock(key: bytes, passphrase: str, *, bound_to: bytes) -> Lock:
    """Put a key under a passphrase; it opens only with the same `bound_to`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    wrapping = _from_passphrase(passphrase, salt, COSTS)
    return Lock(
        salt, COSTS.passes, COSTS.memory_kib, COSTS.lanes, seal(wrapping, key, bound_to)
    )  # fmt: skip


def unlock(locked: Lock, passphrase: str, *, bound_to: bytes) -> bytes:
    """Return the key; Unopened with another passphrase, or where the lock was changed."""
    costs = Costs(locked.passes, locked.memory_kib, locked.lanes)
    if not (
        1 <= costs.passes <= _MOST.passes
        and 1 <= costs.lanes <= _MOST.lanes
        and 8 * costs.lanes <= costs.memory_kib <= _MOST.memory_kib
    ):
        raise Unopened
    return unseal(_from_passphrase(passphrase, locked.salt, costs), locked.key, bound_to)


def _from_passphrase(passphrase: str, salt: bytes, costs: Costs) -> bytes:
    return hash_secret_raw(
        passphrase.encode("utf-8", "surrogatepass"), salt, time_cost=costs.passes, memory_cost=costs.memory_kib,
        parallelism=costs.lanes, hash_len=_KEY_BYTES, type=Type.ID,
    )  # fmt: skip
