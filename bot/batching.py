"""Questions that wait are asked together, and the same question is asked once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from bot.errors import BusyError

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")
_TOGETHER = 16


class Batcher(Generic[Q, A]):
    """Gathers what arrives while a batch is being answered into the next one; nobody waits for company."""

    def __init__(self, answer: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], max_waiting: int) -> None:
        self._answer = answer
        self._max_waiting = max_waiting
        self._waiting: dict[Q, asyncio.Future[A]] = {}
        self._running: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """The answer to one question. Raises BusyError when too many wait already, and what answering raises."""
        if question not in self._waiting:
            if len(self._waiting) >= self._max_waiting:
                raise BusyError
            self._waiting[question] = asyncio.get_running_loop().create_future()
        future = self._waiting[question]
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._work())
        # One asker who leaves does not take the answer from the others.
        return await asyncio.shield(future)

    async def _work(self) -> None:
        while self._waiting:
            batch = {question: self._waiting.pop(question) for question in list(self._waiting)[:_TOGETHER]}
            try:
                answers = await self._answer(list(batch))
            except Exception as error:  # noqa: BLE001 - it belongs to those who asked
                for future in batch.values():
                    _fail(future, error)
            except asyncio.CancelledError:
                for future in [*batch.values(), *self._waiting.values()]:
                    future.cancel()
                raise
            else:
                for future, answer in zip(batch.values(), answers, strict=True):
                    if not future.done():
                        future.set_result(answer)


def _fail(future: asyncio.Future[A], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # retrieved: an asker who left is not a failure nobody saw
