"""Settings of the tests: the same examples in every run, and a passphrase where nobody is asked for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from corridor import keys
from corridor.ledger.passphrases import Nobody
from stories import PASSPHRASE

settings.register_profile("corridor", derandomize=True, deadline=None, database=None)
settings.load_profile("corridor")

# As cheap as Argon2id allows: what it costs to guess is no matter here.
CHEAP = keys.Costs(1, 8, 1)


@pytest.fixture(scope="session", autouse=True)
def _passphrases() -> Iterator[None]:
    """Answer for nobody, so that a test of something else need not speak of passphrases."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "COSTS", CHEAP)
        patch.setattr(Nobody, "ask", lambda *_: PASSPHRASE)
        yield


@pytest.fixture
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody answer, as outside the tests."""

    def ask(*_: Any) -> None:
        return None

    monkeypatch.setattr(Nobody, "ask", ask)
