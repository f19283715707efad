"""Which operation a folder or a dump is of: its name and its id, as `corridor.toml` keeps them."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor.errors import LedgerError, NotAnOperation, shown
from corridor.ledger.batches import sync_folder
from corridor.ledger.passphrases import ENCRYPTED, Given

MARKER = "corridor.toml"
FORMAT = 1

_ID = re.compile("[0-9a-f]{32}")
_OWN_LINE = re.compile(r"(name|id)\s*=")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which operation something is of.

    Attributes
    ----------
    name
        What people call it; stands on every page.
    id
        32 hexadecimal digits, drawn at random when the operation was made, the same in every copy of
        it and in every dump, whatever its clearance. Empty where it was made before operations had ids.

    Raises
    ------
    ValueError
        The id is neither empty nor 32 hexadecimal digits.
    """

    name: str
    id: str = ""

    def __post_init__(self) -> None:
        if self.id and not _ID.fullmatch(self.id):
            raise ValueError(f"an id is 32 of the digits 0-9 and a-f, not '{shown(self.id)}'")

    def __str__(self) -> str:
        """Say the name and the id."""
        return f"'{shown(self.name) or 'unnamed'}' ({f'id {self.id}' if self.id else 'no id'})"


def read_identity(folder: Path) -> Identity:
    """Return which operation a folder is.

    Raises
    ------
    NotAnOperation
        The folder holds no ``corridor.toml``, or one of a newer format, or one that cannot be read.
    """
    marker, told = folder / MARKER, _told(folder)
    if not isinstance(told.get("format"), int) or told["format"] > FORMAT:
        raise NotAnOperation(
            f"{marker} is of format {told.get('format')}; this program reads {FORMAT}; update Corridor"
        )
    try:
        return Identity(str(told.get("name", folder.name)), str(told.get("id", "")))
    except ValueError as error:
        raise NotAnOperation(f"{marker} cannot be read: {error}") from None


def demo_passphrases(folder: Path) -> Given:
    """Return the passphrase that a demo publishes in its ``corridor.toml``; it protects nothing.

    Raises
    ------
    NotAnOperation
        As for `read_identity`.
    """
    said = _told(folder).get("demo_passphrase")
    return Given(dict.fromkeys(ENCRYPTED, said) if isinstance(said, str) else {})


def write_identity(folder: Path, identity: Identity) -> None:
    """Write which operation a folder is, whole or not at all; what else its file says stays.

    Raises
    ------
    NotAnOperation
        The file that is there says name or id in a form that only a person can change.
    """
    marker = folder / MARKER
    before = marker.read_text(encoding="utf-8") if marker.exists() else f"format = {FORMAT}\n"
    kept = [line for line in before.splitlines(keepends=True) if not _OWN_LINE.match(line)]
    says = {"name": identity.name} | ({"id": identity.id} if identity.id else {})
    own = [f"{key} = {_quoted(value)}" for key, value in says.items()]
    text = "".join([*(f"{line}\n" for line in own), *kept])
    if not _says(text, tomllib.loads(before) | says):
        raise NotAnOperation(f"{marker} could not be changed; write into it: {', '.join(own)}")
    draft = folder / f"{MARKER}.part"
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(marker)
    sync_folder(folder)


def refuse_another(here: Identity, there: Identity) -> None:
    """Raise LedgerError unless both are the same operation, going by their ids.

    What has no id is never taken for the same: nobody could tell, and two operations that were
    mixed cannot be taken apart.
    """
    if here.id and here.id == there.id:
        return
    if here.id and there.id:
        raise LedgerError(
            f"{there} is another operation than {here}, which is here; nothing was taken. A copy to "
            "work in elsewhere is made by copying the folder, or by `corridor init` and then "
            "`corridor load` of a dump. Were both begun for one and the same operation, then write "
            f"the same id into the {MARKER} of both"
        )
    raise LedgerError(
        f"whether {there} is the same operation as {here}, which is here, cannot be told; nothing "
        f"was taken. If it is, write the same id into the {MARKER} of every copy, such as "
        f'id = "{here.id or there.id or "32 hexadecimal digits"}", and dump anew what was dumped'
    )


def _told(folder: Path) -> dict[str, Any]:
    marker = folder / MARKER
    if not marker.is_file():
        raise NotAnOperation(f"{folder} is not an operation; `corridor init {folder}` makes one")
    try:
        return tomllib.loads(marker.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotAnOperation(f"{marker} cannot be read: {error}") from None


def _says(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _quoted(text: str) -> str:
    """Return a text as TOML quotes it: as JSON does, but for one sign more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
