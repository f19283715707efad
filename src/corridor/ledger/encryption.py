"""An encrypted ledger: what its rows look like to those without the key, and how the key opens them.

A row keeps its number. Its id and content are HMACs, by which the holder of the key looks them up; all the
rest of the entry, its place in the plain chain included, is one piece of AES-256-GCM, bound to the
handling, the number and both HMACs. A second chain runs over the encrypted rows, so that anybody can
see whether one was changed, moved or taken out.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from corridor import keys
from corridor.errors import LedgerLocked, Problem, WrongPassphrase
from corridor.ledger.passphrases import Need, Passphrases
from corridor.report import PORTION, Handling

# Length of an id, and of the HMAC that stands for one.
_DIGITS = 32
# A row is filled up to a multiple of this, so that its length tells little of what it holds.
_FILL = 256
Row = tuple[Any, ...]


class Encryption:
    """The key of one ledger at work; made by `opened` or `begun`.

    Attributes
    ----------
    mark
        Tells this key from any other and nothing else; stands in the ledger.
    genesis
        Digest that the chain over the encrypted rows starts from.
    """

    def __init__(self, key: bytes, handling: Handling) -> None:
        self.handling = handling
        self.mark = keys.derived(key, b"corridor ledger 2, mark").hex()
        self.genesis = genesis(handling)
        self._key = key
        self._rows = keys.Cipher(keys.derived(key, b"corridor ledger 2, rows"))
        self._files = keys.Cipher(keys.derived(key, b"corridor ledger 2, files"))
        self._names = keys.derived(key, b"corridor ledger 2, names")
        self._beginnings: dict[str, str] = {}

    def beginning(self, portion: str) -> str:
        """Return what stands for the first digits of an id; another portion may have the same."""
        if portion not in self._beginnings:
            self._beginnings[portion] = self._hmac("beginning", portion)[:PORTION]
        return self._beginnings[portion]

    def name(self, report: str) -> str:
        """Return what stands for a report's id; it begins like those of all ids that begin alike."""
        return self.beginning(report[:PORTION]) + self._hmac("id", report)[PORTION:]

    def names(self, report: str, content: str) -> tuple[str, str]:
        """Return what stands for a report's id and for a content under it."""
        return self.name(report), self._hmac("content", f"{report} {content}")

    def row(self, entry: Row, names: tuple[str, str], before: str) -> Row:
        """Return an entry as its ledger stores it, in the order of the table's columns.

        Parameters
        ----------
        entry
            Number, id, digest of the content, when and by whom recorded, bytes, digest.
        names
            What stands for its id and its content.
        before
            Digest over the encrypted rows up to the one before.
        """
        seq, report, content, recorded_at, recorded_by, body, digest = entry
        head = orjson.dumps([report, content, recorded_at, recorded_by, digest])
        # Spaces after JSON are no part of it, so that filling up needs no other sign.
        fill = b" " * (-(len(head) + 1 + len(body)) % _FILL)
        plain = b"".join((head, fill, b"\n", body))
        encrypted = self._rows.encrypt(plain, _place(self.handling, seq, *names))
        return (seq, *names, "", "", encrypted, link(before, seq, *names, encrypted))

    def entry(self, row: Sequence[Any]) -> Row | None:
        """Return the entry that a stored row holds, both in the order of `StoredEntry`.

        None where the row was made with another key, or changed.
        """
        seq, name, _, _, content_name, encrypted, _ = row
        if not _is_encrypted(row):
            return None
        try:
            place = _place(self.handling, seq, name, content_name)
            head, _, body = self._rows.decrypt(encrypted, place).partition(b"\n")
        except keys.Unopened:
            return None
        report, content, recorded_at, recorded_by, digest = orjson.loads(head)
        return (seq, report, recorded_at, recorded_by, content, body, digest)

    def plain(self, rows: Sequence[Sequence[Any]]) -> list[Row]:
        """Return what rows hold that follow each other; nothing if one is not surely as it was recorded."""
        if not rows:
            return []
        seq, before = rows[0][0], rows[0][-1] if rows[0][0] > 1 else self.genesis
        for number, name, _, _, content, encrypted, digest in rows[1:] if seq > 1 else rows:
            if not isinstance(encrypted, bytes) or digest != link(
                before, number, name, content, encrypted
            ):
                return []
            before = digest
        entries = [entry for row in rows if (entry := self.entry(row)) is not None]
        return entries if len(entries) == len(rows) else []

    def hidden(self, what: str, content: bytes) -> bytes:
        """Return the bytes of a file that belongs to this ledger as they go to disk."""
        return self._files.encrypt(content, f"{self.handling} {what}".encode())

    def shown(self, what: str, content: bytes) -> bytes | None:
        """Return what `hidden` was given; None where it was made with another key, or changed."""
        try:
            return self._files.decrypt(content, f"{self.handling} {what}".encode())
        except keys.Unopened:
            return None

    def locked(self, passphrase: str) -> dict[str, str]:
        """Return what the ledger says of itself, so that the passphrase opens it."""
        return {
            "format": "2",
            "key": self.mark,
            "lock": _packed(self._key, passphrase, self.handling),
        }

    def _hmac(self, what: str, text: str) -> str:
        given = f"{what} {text}".encode()
        return hmac.digest(self._names, given, "sha256").hex()[:_DIGITS]


def begun(handling: Handling, passphrase: str) -> tuple[Encryption, dict[str, str]]:
    """Draw the key of a new ledger; return it with what the ledger says of itself."""
    made = Encryption(keys.new_key(), handling)
    return made, made.locked(passphrase)


def asked_new(handling: Handling, passphrases: Passphrases) -> str:
    """Return the passphrase for a ledger that is to be encrypted.

    Raises
    ------
    LedgerLocked
        Nobody gives one, or it is too short.
    """
    passphrase = passphrases.ask(handling, "new")
    if passphrase is None:
        raise LedgerLocked(
            f"a passphrase is needed for the {handling} ledger, and nobody could be asked for one; "
            "nothing was recorded. Run this at a terminal, or name a file descriptor to read it from "
            "with --passphrase-fd"
        )
    if len(passphrase) < keys.SHORTEST_PASSPHRASE:
        raise LedgerLocked(
            f"the passphrase of the {handling} ledger needs at least {keys.SHORTEST_PASSPHRASE} "
            "characters; nothing was recorded"
        )
    return passphrase


def opened(lock: str, handling: Handling, passphrases: Passphrases, need: Need) -> Encryption:
    """Open the lock of a ledger.

    Raises
    ------
    LedgerLocked
        Nobody gives a passphrase.
    WrongPassphrase
        It is another one.
    """
    passphrase = passphrases.ask(handling, need)
    if passphrase is None:
        raise LedgerLocked(
            f"the {handling} ledger is encrypted and nobody gave its passphrase; run this at a "
            "terminal, name a file descriptor to read it from with --passphrase-fd, or ask for less "
            "with --clearance"
        )
    try:
        key = keys.unlock(_unpacked(lock), passphrase, bound_to=_of(handling))
    except keys.Unopened:
        raise WrongPassphrase(
            f"the passphrase does not open the {handling} ledger; nothing was read or recorded"
        ) from None
    return Encryption(key, handling)


def genesis(handling: Handling) -> str:
    """Return the digest that the chain over encrypted rows starts from."""
    return hashlib.sha256(f"corridor encrypted ledger 2 {handling}".encode()).hexdigest()


def link(before: str, seq: int, name: str, content: str, encrypted: bytes) -> str:
    """Return the digest over the encrypted rows up to this one: SHA-256, each part as long as ever."""
    text = f"{before} {seq} {name} {content} ".encode("utf-8", "surrogatepass")
    return hashlib.sha256(text + encrypted).hexdigest()


def changed(rows: Iterable[Sequence[Any]], handling: Handling) -> Iterator[Problem]:
    """Yield what is wrong with the chain over a ledger's encrypted rows; this needs no key.

    Parameters
    ----------
    rows
        All rows of the ledger as they are stored, in the order of `StoredEntry`.
    """
    before, last = genesis(handling), 0
    for row in rows:
        seq, name, _, _, content, encrypted, digest = row
        where = f"{handling} ledger, entry {seq}"
        if seq != last + 1:
            text = f"entry {last + 1} is needed here; what stood between is missing or was moved"
            yield Problem("", text, where)
        elif not _is_encrypted(row) or digest != link(before, seq, name, content, encrypted):
            yield Problem("", "its encrypted row is not the one that was recorded here", where)
        before, last = digest, seq


def _is_encrypted(row: Sequence[Any]) -> bool:
    """Tell whether a row holds encrypted bytes, and nothing that is not."""
    return isinstance(row[5], bytes) and row[2] == row[3] == ""


def _place(handling: Handling, seq: int, name: str, content: str) -> bytes:
    return f"{handling} {seq} {name} {content}".encode("utf-8", "surrogatepass")


def _of(handling: Handling) -> bytes:
    return f"corridor ledger 2, key of the {handling} ledger".encode()


def _packed(key: bytes, passphrase: str, handling: Handling) -> str:
    lock = keys.lock(key, passphrase, bound_to=_of(handling))
    costs = [lock.passes, lock.memory_kib, lock.lanes]
    pieces = [lock.salt.hex(), lock.key.nonce.hex(), lock.key.bytes.hex()]
    return orjson.dumps([*costs, *pieces]).decode()


def _unpacked(lock: str) -> keys.Lock:
    """Return a stored lock; keys.Unopened for a text that is none."""
    try:
        passes, memory_kib, lanes, *pieces = orjson.loads(lock)
        salt, nonce, key = map(bytes.fromhex, pieces)
        return keys.Lock(salt, int(passes), int(memory_kib), int(lanes), keys.Sealed(nonce, key))
    except (ValueError, TypeError):
        raise keys.Unopened from None
