"""Waiting for something to become true, with an account of what was seen when it does not."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NeverHappenedError(AssertionError):
    """What a test waited for did not happen; the message tells what did."""


class Watch:
    """A bell that rings on every change; whoever waits looks again each time."""

    def __init__(self, account: Callable[[], str]) -> None:
        self._account = account
        self._bell = asyncio.Event()

    def ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()

    async def until(self, look: Callable[[], T | None], what: str, within: float) -> T:
        """Return the first thing `look` finds; raise NeverHappenedError after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while (found := look()) is None:
                    await self._bell.wait()
                return found
        except TimeoutError:
            raise NeverHappenedError(f"{what}: not within {within} s. {self._account()}") from None
