"""Questions that wait are asked together, and the same question is asked once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from bot.errors import BusyError

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")
_TOGETHER = 16


class Batcher(Generic[Q, A]):
    """Gathers what arrives while a batch is being answered into the next one; nobody waits for company."""

    def __init__(
        self,
        answer: Callable[[Sequence[Q]], Awaitable[Sequence[A]]],
        max_waiting: int,
        *,
        at_a_time: int = 1,
    ) -> None:
        """`at_a_time` batches are being answered beside one another."""
        self._answer = answer
        self._at_a_time = at_a_time
        self._max_waiting = max_waiting
        self._waiting: dict[Q, asyncio.Future[A]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def ask(self, question: Q) -> A:
        """The answer to one question. Raises BusyError when too many wait already, and what answering raises."""
        if question not in self._waiting:
            if len(self._waiting) >= self._max_waiting:
                raise BusyError
            self._waiting[question] = asyncio.get_running_loop().create_future()
        future = self._waiting[question]
        if len(self._running) < self._at_a_time:
            task = asyncio.create_task(self._work())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        # One asker who leaves does not take the answer from the others.
        return await asyncio.shield(future)

    async def _work(self) -> None:
        while self._waiting:
            batch = {question: self._waiting.pop(question) for question in list(self._waiting)[:_TOGETHER]}
            try:
                await self._settle(batch)
            except asyncio.CancelledError:
                for future in [*batch.values(), *self._waiting.values()]:
                    future.cancel()
                raise

    async def _settle(self, batch: Mapping[Q, asyncio.Future[A]]) -> None:
        """Answer together; where that fails one by one, so that only those fail whose question it is."""
        try:
            answers = await self._answer(list(batch))
        except Exception as error:  # noqa: BLE001 - it belongs to those who asked
            if len(batch) > 1:
                for question, future in batch.items():
                    await self._settle({question: future})
            else:
                for future in batch.values():
                    _fail(future, error)
        else:
            for future, answer in zip(batch.values(), answers, strict=True):
                if not future.done():
                    future.set_result(answer)


def _fail(future: asyncio.Future[A], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # retrieved: an asker who left is not a failure nobody saw
