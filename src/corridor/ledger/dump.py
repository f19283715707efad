"""Ledgers as JSON Lines: a first line that says what follows, then one entry a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import orjson

from corridor.errors import LedgerDamaged, LedgerError, Problem
from corridor.ledger.compartments import Compartments
from corridor.ledger.identity import Identity
from corridor.ledger.verification import StoredEntry, checked
from corridor.report import HANDLINGS, Handling

VERSION = 1

_ENVELOPE = {
    "handling": str,
    "seq": int,
    "recorded_at": str,
    "recorded_by": str,
    "body_digest": str,
    "digest": str,
}
# The report comes last, as the very bytes that were recorded. Nothing before it can look like this,
# since a quotation mark inside a JSON text has a backslash in front.
_REPORT = b',"report":'


def dump(
    source: Compartments,
    write: Callable[[bytes], object],
    *,
    clearance: Handling,
    operation: Identity | None = None,
) -> int:
    """Write all entries up to a clearance, and return how many there were.

    Parameters
    ----------
    source
        The ledgers of an operation.
    write
        Takes each line with its line end, such as the `write` of a file opened in binary.
    clearance
        The highest handling that goes into the dump; of those above it, it shows nothing.
    operation
        Which operation the ledgers are of; it tells nothing of what they hold.

    Raises
    ------
    LedgerDamaged
        An entry does not fit its chain; what was written so far is no whole dump.
    """
    heads = source.heads(clearance)
    header = {
        "corridor_dump": VERSION,
        **({"operation": {"name": operation.name, "id": operation.id}} if operation else {}),
        "handlings": list(heads),
        "heads": {handling: head.digest for handling, head in heads.items()},
    }
    write(orjson.dumps(header) + b"\n")
    count = 0
    for handling, head in heads.items():
        ledger = source.ledger(handling)
        entries = ledger.stored(up_to=head.seq) if ledger is not None else ()
        for entry, wrong in checked(entries, handling, with_reports=False):
            if wrong:
                raise LedgerDamaged(wrong)
            envelope = {name: getattr(entry, name) for name in _ENVELOPE}
            write(orjson.dumps(envelope)[:-1] + _REPORT + entry.body + b"}\n")
            count += 1
    return count


def load(lines: Iterable[bytes]) -> Iterator[StoredEntry]:
    """Yield the entries of a dump while checking its bytes and its chains.

    Damage is told at the end, all of it at once: use nothing before the last entry was yielded.
    `Compartments.merge` works like that, and checks the reports too.

    Raises
    ------
    LedgerError
        This is no dump, or one that a newer Corridor wrote.
    LedgerDamaged
        It was cut or changed.
    """
    numbered = enumerate(lines, start=1)
    heads, _ = _read_header(next(numbered, (1, b""))[1])
    ends: dict[str, str] = {}
    problems: list[Problem] = []
    for handling, group in groupby(_read_entries(numbered), key=lambda entry: entry.handling):
        for entry, wrong in checked(group, handling, with_reports=False):
            problems.extend(wrong)
            ends[handling] = entry.digest
            yield entry
    for name in sorted(heads.keys() | ends.keys()):
        if heads.get(name) != ends.get(name):
            problems.append(_other_end(name))
    if problems:
        raise LedgerDamaged(problems)


def is_dump(first_line: bytes) -> bool:
    """Tell whether a file that starts with this line is a dump, of whatever version."""
    try:
        header = orjson.loads(first_line)
    except ValueError:
        return False
    return isinstance(header, dict) and "corridor_dump" in header


def operation_of(first_line: bytes) -> Identity:
    """Return which operation the dump that starts with this line is of; no name and no id if it does not say.

    Raises
    ------
    LedgerError
        As for `load`.
    """
    return _read_header(first_line)[1]


def _read_header(line: bytes) -> tuple[dict[str, str], Identity]:
    if not is_dump(line):
        raise LedgerError("this is not a dump of ledgers; its first line must say corridor_dump")
    header: dict[str, Any] = orjson.loads(line)
    version, heads = header["corridor_dump"], header.get("heads")
    if isinstance(version, int) and version > VERSION:
        raise LedgerError(
            f"a newer Corridor wrote this dump (its version is {version}, this program reads "
            f"{VERSION}); update Corridor"
        )
    if version != VERSION or not isinstance(heads, dict) or header.get("handlings") != list(heads):
        raise _not_a_header()
    operation = header.get("operation", {"name": "", "id": ""})
    if not isinstance(operation, dict) or {*map(type, map(operation.get, ("name", "id")))} != {str}:
        raise _not_a_header()
    try:
        return heads, Identity(operation["name"], operation["id"])
    except ValueError:
        raise _not_a_header() from None


def _read_entries(numbered: Iterable[tuple[int, bytes]]) -> Iterator[StoredEntry]:
    for number, line in numbered:
        head, mark, rest = line.rstrip(b"\r\n").partition(_REPORT)
        try:
            envelope = orjson.loads(head + b"}")
            body = rest.removesuffix(b"}")
            name = orjson.loads(body)["id"]
        except (ValueError, KeyError, TypeError):
            raise _not_an_entry(number) from None
        shape = {field: type(value) for field, value in envelope.items()}
        if shape != _ENVELOPE or not mark or envelope["handling"] not in HANDLINGS:
            raise _not_an_entry(number)
        yield StoredEntry(**envelope, id=name, body=body)


def _not_a_header() -> LedgerDamaged:
    text = "this line is not one that a dump starts with"
    return LedgerDamaged([Problem("", text, "line 1")])


def _not_an_entry(number: int) -> LedgerDamaged:
    text = "an entry of a dump is needed here; the file was cut or changed"
    return LedgerDamaged([Problem("", text, f"line {number}")])


def _other_end(name: str) -> Problem:
    text = "the last entry in the dump is not the one that its first line names; the file was cut"
    return Problem("", text, f"{name} ledger")
