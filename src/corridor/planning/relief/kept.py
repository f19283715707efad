"""What was learnt last, as a file: to be taken up by the next command, or to start from."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import orjson

import corridor.planning
from corridor.planning.multistage import Kept, PolicyGraph, kept_bytes, policy_kept
from corridor.planning.policy import Trained
from corridor.planning.relief.trained import Learnt


class Before(NamedTuple):
    """What was learnt before.

    Attributes
    ----------
    learnt
        What of it holds in the problem asked about.
    how
        How it was learnt, in words.
    digest
        Of the policy.
    """

    learnt: Kept
    how: str
    digest: str


def write_kept(trained: Trained, way: Learnt) -> bytes:
    """Return the file of what a policy learnt. It tells what the problem holds, as a plan does."""
    head = {"program": _program(), "how": trained.how, "digest": way.digest}
    return orjson.dumps(head) + b"\n" + kept_bytes(way.value)


def read_kept(text: bytes, graph: PolicyGraph) -> Before | None:
    """Read such a file for a problem; None where it is of another program, or nothing of it holds."""
    head, _, body = text.partition(b"\n")
    try:
        told = orjson.loads(head)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(told, dict) or told.get("program") != _program():
        return None
    learnt = policy_kept(body, graph)
    return None if learnt is None else Before(learnt, told["how"], told["digest"])


@cache
def _program() -> str:
    """Digest of what learns: another program might learn otherwise."""
    found = hashlib.sha256(version("highspy").encode() + version("numpy").encode())
    folder = Path(corridor.planning.__file__).parent
    for file in sorted(folder.rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()
