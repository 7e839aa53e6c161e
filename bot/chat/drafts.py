"""Shows an answer while it is written, not more often than Discord allows edits."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from bot.chat.answered import Answered

log = logging.getLogger(__name__)
EVERY_SECONDS = 1.5
"""Discord allows about five edits in five seconds in a channel, and others are answered there, too."""
# For an edit under way, when the whole answer is there: one that is cancelled may still be done, and after the answer.
_PATIENCE_SECONDS = 1.5


class Drafts:
    """Takes drafts as they come, and shows the newest every so often, for as long as the context lasts."""

    def __init__(self, show: Callable[[Answered], Awaitable[None]], every: float = EVERY_SECONDS) -> None:
        self._show = show
        self._every = every
        self._newest: Answered | None = None
        self._came = asyncio.Event()
        self._is_over = asyncio.Event()

    def offer(self, draft: Answered) -> None:
        """This is how far it is."""
        self._newest = draft
        self._came.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._go_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._came.set()
        await asyncio.wait({self._task}, timeout=_PATIENCE_SECONDS)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _go_on(self) -> None:
        while True:
            await self._came.wait()
            self._came.clear()
            if self._is_over.is_set() or self._newest is None:
                return
            try:
                await self._show(self._newest)
            except Exception as failure:  # noqa: BLE001 - of whatever kind: the whole answer is still to come
                log.info("A draft could not be shown: %s", failure)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._is_over.wait()
