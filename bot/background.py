"""The bot's background work: it goes on after a failure, and ends with the bot."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.errors import READABLE_ERRORS
from retrieval.indexing import Progress
from retrieval.upkeep import IndexReport, Upkeep

log = logging.getLogger(__name__)
_REST_SECONDS = 60.0  # between two looks at whether anything is to be done


@asynccontextmanager
async def kept_up(
    upkeep: Upkeep, progress: Progress, *, patience: float, news: asyncio.Event
) -> AsyncGenerator[None, None]:
    """The indexes in step with the papers; begins when all is ready, or after `patience` seconds with what there is.

    It looks again when `news` is set, and now and then without.

    Raises what the first round raises, if it fails within that time.
    """
    first = asyncio.create_task(upkeep.catch_up(progress))
    running: list[asyncio.Task[Any]] = [first]
    try:
        await asyncio.wait({first}, timeout=patience)
        if first.done():
            first.result()
        running.insert(0, asyncio.create_task(_go_on(upkeep, first, news)))
        yield
    finally:
        for task in running:
            task.cancel()
        # What they raise has been raised or logged already.
        await asyncio.gather(*running, return_exceptions=True)


async def _go_on(upkeep: Upkeep, first: asyncio.Task[IndexReport], news: asyncio.Event) -> None:
    running = first
    while True:
        try:
            await running
        except READABLE_ERRORS as error:
            log.error("Bringing the indexes up to date failed, and is tried again: %s", error)  # noqa: TRY400 - it is said in words
        except Exception:
            log.exception(
                "Bringing the indexes up to date failed, and is tried again"
            )  # it lives, whatever was raised
        with suppress(TimeoutError):
            async with asyncio.timeout(
                _REST_SECONDS
            ):  # wait_for may swallow a cancellation before Python 3.12
                await news.wait()
        news.clear()
        running = asyncio.create_task(upkeep.catch_up(_unseen))


def _unseen(_done: int, _total: int) -> None:
    pass
