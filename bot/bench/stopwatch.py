"""Takes times in milliseconds, by name, and adds them up."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Stopwatch:
    """Each name has its times in the order in which they were taken."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    def of(self, name: str, function: Callable[[], T]) -> T:
        """What a function returns, and how long it took."""
        started = time.perf_counter()
        result = function()
        self._take(name, started)
        return result

    async def of_waiting(self, name: str, answer: Awaitable[T]) -> T:
        """What is awaited, and how long it took."""
        started = time.perf_counter()
        result = await answer
        self._take(name, started)
        return result

    def sums(self) -> list[float]:
        """For each round what its times add up to; every name has one time a round."""
        return [sum(together) for together in zip(*self.times.values(), strict=True)]

    def _take(self, name: str, started: float) -> None:
        self.times.setdefault(name, []).append((time.perf_counter() - started) * 1000)
