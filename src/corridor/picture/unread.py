"""Tuples and mappings that are made when somebody looks into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
T_co = TypeVar("T_co", covariant=True)


class Unread(Sequence[T_co]):
    """A tuple that is made when somebody looks into it; it equals that tuple and reads the same.

    Parameters
    ----------
    make
        Makes what is in it.
    size
        How much that is, where it is known before.
    first
        Makes what it begins with, where that takes less.
    """

    __slots__ = ("_first", "_made", "_make", "_size")

    def __init__(
        self,
        make: Callable[[], Iterable[T_co]],
        size: int | None = None,
        first: Callable[[], tuple[T_co, ...]] = tuple,
    ) -> None:
        self._first = first
        self._make: Callable[[], Iterable[T_co]] = make
        self._size = size
        self._made: tuple[T_co, ...] | None = None

    def read(self) -> tuple[T_co, ...]:
        """Return the tuple itself."""
        if self._made is None:
            self._made = tuple(self._make())
        return self._made

    @overload
    def __getitem__(self, place: int) -> T_co: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, place: int | slice) -> T_co | tuple[T_co, ...]:
        if self._made is None and isinstance(place, slice):
            stop = place.stop
            if place.start is None and stop is not None and stop >= 0:
                first = self._first()
                if stop <= len(first):
                    return first[place]
        return self.read()[place]

    def __len__(self) -> int:
        return len(self.read()) if self._size is None else self._size

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.read())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (tuple, Unread)):
            return NotImplemented
        return self is other or (len(self) == len(other) and self.read() == tuple(other))

    def __hash__(self) -> int:
        return hash(self.read())

    def __repr__(self) -> str:
        return repr(self.read())


class UnreadMapping(Mapping[K, V]):
    """A dict of which nothing is made but what somebody looks for; it reads the same.

    Parameters
    ----------
    look
        Returns a value, or None where there is none.
    all_keys
        Returns all keys, in order.
    size
        How many there are.
    """

    __slots__ = ("_all_keys", "_look", "_size")

    def __init__(
        self, look: Callable[[K], V | None], all_keys: Callable[[], Iterable[K]], size: int
    ) -> None:
        self._look = look
        self._all_keys = all_keys
        self._size = size

    def __getitem__(self, key: K) -> V:
        value = self._look(key)
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[K]:
        return iter(self._all_keys())

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return repr(dict(self))


class Over(MutableMapping[K, V]):
    """A dict laid over something larger: what it does not hold is looked for there, once.

    Parameters
    ----------
    look
        Returns what lies below for a key, or None where there is nothing.
    keys_below
        Returns the keys that lie below, where somebody goes through them all.
    """

    __slots__ = ("_here", "_keys_below", "_look")

    def __init__(
        self, look: Callable[[K], V | None], keys_below: Callable[[], Iterable[K]] = tuple
    ) -> None:
        self._look = look
        self._keys_below = keys_below
        # None where there is nothing, or nothing any more.
        self._here: dict[K, V | None] = {}

    def get(self, key: K, default: Any = None) -> Any:
        """Return a value, or the default."""
        if key in self._here:
            value = self._here[key]
        else:
            value = self._here[key] = self._look(key)
        return default if value is None else value

    def __getitem__(self, key: K) -> V:
        value: V | None = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None  # type: ignore[arg-type]  # any key may be asked for

    def __setitem__(self, key: K, value: V) -> None:
        self._here[key] = value

    def __delitem__(self, key: K) -> None:
        if self.get(key) is None:
            raise KeyError(key)
        self._here[key] = None

    def __iter__(self) -> Iterator[K]:
        below = dict.fromkeys(self._keys_below())
        yield from (key for key in below if key in self)
        yield from [k for k, v in self._here.items() if v is not None and k not in below]

    def __len__(self) -> int:
        return sum(1 for _ in self)
