"""The one door from the event loop to blocking code."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, Self, TypeVar

from bot.errors import BusyError

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """Runs blocking calls on one thread, or on a few.

    At most `max_waiting` calls wait; past that the caller learns at once that it is busy.
    """

    def __init__(self, max_waiting: int, *, threads: int = 1) -> None:
        self._thread = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="worker")
        self._max_waiting = max_waiting
        self._waiting = 0

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function on the worker's thread. Raises BusyError when too many calls wait already."""
        if self._waiting >= self._max_waiting:
            raise BusyError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: _without_panic(function, *args, **kwargs)
            )
        finally:
            self._waiting -= 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Drop what waits, and wait for the call that runs: what it writes is still owned by this process."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._thread.shutdown)


def _without_panic(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return function(*args, **kwargs)
    except Exception:
        raise
    except BaseException as panic:
        # What Rust libraries raise for their own faults is no Exception: it would end the tasks that wait for it.
        raise RuntimeError(f"a library broke down: {panic}") from panic
