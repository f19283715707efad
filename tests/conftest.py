"""Settings of the tests: laws are tried on the same examples in every run."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("corridor", derandomize=True, deadline=None, database=None)
settings.load_profile("corridor")
