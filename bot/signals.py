"""Ctrl-C and SIGTERM end what runs, as any other end of it: in order."""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


@asynccontextmanager
async def until_stopped() -> AsyncGenerator[None, None]:
    """Inside, the first SIGINT or SIGTERM cancels this task; the block then counts as finished.

    A second signal has its ordinary effect, in case something hangs.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in a task
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        _restore(loop)
        task.cancel()

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        yield
    except asyncio.CancelledError:
        if not stopped:
            raise
        task.uncancel()
    finally:
        _restore(loop)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _restore(loop: asyncio.AbstractEventLoop) -> None:
    for number in _SIGNALS:
        loop.remove_signal_handler(number)
