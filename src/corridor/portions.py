"""Long work in portions, some of it done beside this process by helpers on the other cores.

A helper is a bare interpreter that is handed portions through a pipe. It knows nothing of the
program that started it, so this works wherever processes can be started, in scripts without a main
guard and beside threads; it ends when that program ends, however it ends. Where no helper can be
had, or one fails, the work is done here, and the results are the same.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, TypeVar

P = TypeVar("P")
R = TypeVar("R")

_MOST_HELPERS = 3
# A portion and what is made of it pass in one piece. Each further piece would wait until the work
# that goes on here lets go of the interpreter; it does so more often, lest a helper stand idle.
_PIPE_BYTES = 1 << 20
_LETTING_GO_S = 0.0005
_START = (
    "import sys; sys.path[:] = sys.argv[1:]; from corridor.portions import serve; sys.exit(serve())"
)


def in_portions(work: Callable[[P], R], portions: Iterable[P], *, alone: int = 3) -> Iterator[R]:
    """Yield what `work` makes of each portion, in their order.

    Parameters
    ----------
    work
        A function of a module, or a `functools.partial` of one, whose result depends on the portion
        alone. What it takes and gives must be fit for pickle.
    portions
        Each worth some hundredths of a second, so that handing it over costs little.
    alone
        So many are all done here; only for more are helpers, which take some tenths of a second to
        start, worth it.

    Raises
    ------
    Exception
        Whatever `work` raises.
    """
    source = iter(portions)
    first = deque(islice(source, alone + 1))
    helpers = min(_cores() - 1, _MOST_HELPERS)
    if len(first) <= alone or helpers < 1:
        yield from map(work, chain(_taken_from(first), source))
        return
    yield from _with_helpers(work, chain(_taken_from(first), source), helpers)


def serve() -> int:
    """Do what comes in by standard input until it ends; this is all that a helper does."""
    # Whoever started it hears the interrupt, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    given, back = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        try:
            work, portion = pickle.load(given)
        except EOFError:
            return 0
        back.write(pickle.dumps(work(portion), pickle.HIGHEST_PROTOCOL))
        back.flush()


@contextmanager
def many_objects() -> Iterator[None]:
    """Hold the search for cycles while very many objects are made that stay and make none.

    It goes through all of them again and again, and takes longer than making them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Helper:
    """A process that does one portion at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_lost = False
        self._is_stopped = False

    def do(self, work: Callable[[P], R], portion: P) -> R:
        """Have a portion done; do it here when that fails, so that its error is raised here too."""
        if not self._is_lost:
            try:
                made: R = self._ask(work, portion)
            except (OSError, EOFError, pickle.UnpicklingError):
                self._is_lost = True
            else:
                return made
        if self._is_stopped:
            raise CancelledError
        return work(portion)

    def stop(self) -> None:
        """Have nobody wait for it any more."""
        self._is_lost = self._is_stopped = True
        if self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """Leave nothing of it behind, once nobody asks it any more."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def _ask(self, work: object, portion: object) -> Any:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=_PIPE_BYTES,
                pipesize=_PIPE_BYTES,
            )
        given, back = self._process.stdin, self._process.stdout
        assert given is not None
        assert back is not None
        # All at once: what is left in a buffer cannot be written to a process that has ended.
        given.write(pickle.dumps((work, portion), pickle.HIGHEST_PROTOCOL))
        given.flush()
        return pickle.load(back)


def _with_helpers(work: Callable[[P], R], portions: Iterator[P], helpers: int) -> Iterator[R]:
    team = [_Helper() for _ in range(helpers)]
    idle: queue.SimpleQueue[_Helper] = queue.SimpleQueue()
    for helper in team:
        idle.put(helper)

    def handed_over(portion: P) -> R:
        helper = idle.get()
        try:
            return helper.do(work, portion)
        finally:
            idle.put(helper)

    given: set[Future[R]] = set()
    waiting: deque[Future[R]] = deque()
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(min(usual_s, _LETTING_GO_S))
    try:
        with ThreadPoolExecutor(max_workers=helpers) as threads:
            try:
                for portion in portions:
                    given = {future for future in given if not future.done()}
                    # One portion lies ready for each helper; what is beyond that is done here.
                    if len(given) < 2 * helpers:
                        future = threads.submit(handed_over, portion)
                        given.add(future)
                    else:
                        future = Future()
                        future.set_result(work(portion))
                    waiting.append(future)
                    while waiting and waiting[0].done():
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()
                for helper in team:
                    helper.stop()
    finally:
        sys.setswitchinterval(usual_s)
        for helper in team:
            helper.end()


def _taken_from(portions: deque[P]) -> Iterator[P]:
    """Yield portions that were looked at ahead, and keep none of them."""
    while portions:
        yield portions.popleft()


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
