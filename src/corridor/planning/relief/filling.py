"""Fill limits evenly: everything grows in proportion to its share until something stands in the way."""

from __future__ import annotations

import numpy as np

from corridor.planning.relief.model import Floats

_FULL = 1e-9
_ENDLESS = 1e15
_NOTHING, _NEVER = 1e-200, 1e100


class Filling:
    """Amounts that grow together under limits, laid out once and filled in many scenarios.

    Progressive filling (Bertsekas & Gallager 1992, section 6.5.2): all grow in proportion to their
    shares; when a limit is reached, those in it stop and the others go on. It ends after as many
    rounds as there are limits at most. X amounts, G limits, B scenarios.

    Parameters
    ----------
    share
        Of each amount, at least 0, (X,).
    rows
        What one unit of each amount takes of each limit, at least 0, (G, X); each amount is in
        some limit.
    """

    __slots__ = ("_blocks", "_rows", "_share", "_takes")

    def __init__(self, share: Floats, rows: Floats) -> None:
        self._share, self._rows = share[:, None], rows
        self._takes = np.ascontiguousarray((rows > 0).T, dtype=np.float64)
        # Blocks stay in the cache, and below the size from which matrix products start threads.
        self._blocks = max(256, 60_000 // rows.size)

    def fill(self, room: Floats) -> Floats:
        """Return the amounts, (X, B), that fill the room that each limit leaves, (G, B).

        Less room than nothing counts as nothing. The array of room is used up.
        """
        amounts = np.empty((self._share.size, room.shape[1]))
        for start in range(0, room.shape[1], self._blocks):
            block = slice(start, start + self._blocks)
            self._fill(np.ascontiguousarray(room[:, block]), amounts[:, block])
        return amounts

    def _fill(self, room: Floats, amounts: Floats) -> None:
        np.clip(room, 0.0, _ENDLESS, out=room)
        full_below = room * _FULL
        full_below += _FULL
        amounts[:] = 0.0
        growing = np.empty_like(amounts)
        full, pull, reach = np.empty((3, *room.shape))
        for _ in range(len(room) + 1):
            np.less_equal(room, full_below, out=full, casting="unsafe")
            np.matmul(self._takes, full, out=growing)
            np.less(growing, 0.5, out=growing, casting="unsafe")
            if not growing.any():
                return
            growing *= self._share
            np.matmul(self._rows, growing, out=pull)
            # A limit that nothing pulls on is reached never, even a full one.
            full += room
            full /= np.maximum(pull, _NOTHING, out=reach)
            step = full.min(axis=0)
            step *= step < _NEVER
            pull *= step
            room -= pull
            growing *= step
            amounts += growing
