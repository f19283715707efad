"""Compile the inner loops once, at set-up: `python -m corridor.watch.compile`.

The machine code is kept beside the package, in `watch/__pycache__`, where numba looks for it as
Python looks for its bytecode; a loop that was changed is compiled anew. Where that folder cannot be
written to, numba keeps it in the user's cache folder, or in the one that NUMBA_CACHE_DIR names.
"""

from __future__ import annotations

import numpy as np

from corridor.watch.scan import Limits, Study, scan


def warm() -> None:
    """Scan a few invented cases, so that every compiled loop is there; seconds the first time."""
    place = np.arange(24) % 4
    study = Study(
        latitude_deg=np.arange(4) / 100,
        longitude_deg=np.zeros(4),
        place=place,
        day=np.arange(24),
        last_day=23,
    )
    scan(study, Limits(radius_km=2, window_days=7, replicas=9), seed=1)


if __name__ == "__main__":
    warm()
