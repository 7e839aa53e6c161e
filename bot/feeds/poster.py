"""Sends what the outbox holds: each message once, each channel in order, no channel waiting for another.

A message is claimed before it is sent, and recorded after. What is found claimed and not recorded is looked for in its
channel before it is sent again: docs/decisions/0011.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aiolimiter import AsyncLimiter

from bot.feeds.aftermath import Aftermath
from bot.feeds.delivery import Delivery
from bot.feeds.sending import (
    CannotLookError,
    LaterError,
    Messenger,
    NotTakenError,
    SendingError,
    UnclearError,
)
from bot.state.outbox import LONGEST_WAIT, Outbox

log = logging.getLogger(__name__)
REQUESTS_A_SECOND = 20
"""Discord allows 50 in all; answers to people are to find room."""
_AT_ONCE = 25  # messages that are claimed together
_MOST_UNDER_WAY = 500
_LOOK_SECONDS = 1.0  # between two looks into the outbox, where nothing rings
_PATIENCE_SECONDS = 4.0  # for what is under way, when the bot is to end
# After the n-th attempt whose outcome is not known; at last always the last.
_LOOK_AGAIN = (1.0, 1.0, 1.0, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0)
_ON_ITS_WAY = timedelta(seconds=5)
"""A request whose answer nobody heard may still be under way so long: not found before, the message may yet appear."""


class Poster:
    """Posts for as long as `run` runs."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: Messenger,
        aftermath: Aftermath,
        bell: asyncio.Event,
        clock: Callable[[], datetime],
    ) -> None:
        """`bell` is set when there is something new to post."""
        self._outbox = outbox
        self._messenger = messenger
        self._aftermath = aftermath
        self._clock = clock
        self._limiter = AsyncLimiter(1, 1 / REQUESTS_A_SECOND)  # one after the other, evenly
        self._under_way: dict[int, asyncio.Task[None]] = {}  # by place
        self._failures: list[str] = []
        self._queuing = 0  # requests that wait for their turn
        self._bell = bell
        self._not_before: datetime | None = None

    async def run(self) -> None:
        """Post until cancelled; what is under way then may end, for some seconds."""
        try:
            while True:
                self._bell.clear()
                await self.look()
                with suppress(TimeoutError):  # wait_for may swallow a cancellation before Python 3.12
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._bell.wait()
        finally:
            await self._let_end()

    def failures(self) -> list[str]:
        """What was raised while single messages were posted since this was asked the last time."""
        failed, self._failures = self._failures, []
        return failed

    async def look(self) -> None:
        """Begin whatever can be begun now."""
        now = self._clock()
        if self._must_wait(now):
            return
        room = min(_AT_ONCE - self._queuing, _MOST_UNDER_WAY - len(self._under_way))
        if (
            room < _AT_ONCE // 2
        ):  # enough are claimed and wait for their turn; the rest is asked for later, together
            return
        # Places that are busy before the outbox is read: what ends meanwhile is read as it was, not as it is.
        busy = set(self._under_way)
        for delivery in await self._outbox.unsettled(now):
            if delivery.place not in busy:
                self._begin(delivery, self._settle(delivery))
                busy.add(delivery.place)
        found = await self._outbox.next_waiting(now, busy=busy, limit=room)
        if found:
            claimed = await self._outbox.claim([delivery.id for delivery in found], now=now)
            found = [delivery for delivery in found if delivery.id in claimed]
        for delivery in found:
            self._begin(delivery, self._send(delivery))

    async def _turn(self) -> None:
        """Wait until another request may go out. Raises LaterError if Discord has asked meanwhile to send nothing at all."""
        self._queuing += 1
        try:
            async with self._limiter:
                pass
        finally:
            self._queuing -= 1
            self._bell.set()
        if seconds := self._must_wait(self._clock()):
            raise LaterError("Discord asks to wait", seconds)

    def _must_wait(self, now: datetime) -> float:
        """For how many seconds nothing may be sent at all."""
        # Where the clock was set back meanwhile, it is not waited for.
        if self._not_before and now < self._not_before <= now + LONGEST_WAIT:
            return (self._not_before - now).total_seconds()
        return 0.0

    def _begin(self, delivery: Delivery, work: Coroutine[Any, Any, None]) -> None:
        async def done() -> None:
            try:
                await work
            except Exception as error:
                log.exception("Posting %s failed, and is looked at again", delivery.id)
                self._failures.append(f"feed {delivery.feed}: {error}")
                await self._doubt(delivery, "something unexpected went wrong")
            finally:
                self._under_way.pop(delivery.place, None)
                self._bell.set()

        self._under_way[delivery.place] = asyncio.create_task(done())

    async def _send(self, delivery: Delivery, *, again: bool = False) -> None:
        """Send it; `again`: it may stand already, whatever becomes of this."""
        try:
            await self._turn()
            standing = await self._messenger.send(delivery)
        except SendingError as error:
            await self._failed(delivery, error, looking=again)
            return
        await self._outbox.stands(
            delivery.id,
            channel=standing.channel,
            message=standing.message,
            now=self._clock(),
            lacks_thread=standing.lacks_thread,
        )
        await self._aftermath.posted(delivery)
        if standing.lacks_thread:
            await self._add_thread(delivery, standing.channel, standing.message)

    async def _add_thread(self, delivery: Delivery, channel: int, message: int) -> None:
        standing = replace(delivery, channel=channel, message=message)
        try:
            await self._turn()
            await self._messenger.add_thread(standing)
        except (UnclearError, LaterError) as error:
            await self._failed(delivery, error, looking=True)
            return
        except SendingError as error:  # the message stands; the thread is what it does without
            log.warning("Message %s has no thread: %s", message, error)
        await self._outbox.stands(
            delivery.id, channel=channel, message=message, now=self._clock(), lacks_thread=False
        )

    async def _settle(self, delivery: Delivery) -> None:
        """Find out whether a message stands that was claimed and not recorded."""
        if delivery.state == "threading" and delivery.channel and delivery.message:
            await self._add_thread(delivery, delivery.channel, delivery.message)
            return
        now = self._clock()
        try:
            await self._turn()
            standing = await self._messenger.find(delivery)
        except (CannotLookError, NotTakenError) as error:
            if self._messenger.remembers(delivery, now=now):
                await self._send(delivery, again=True)
            else:
                await self._aftermath.lost(delivery, str(error))
            return
        except SendingError as error:
            await self._failed(delivery, error, looking=True)
            return
        if standing is None:
            await self._not_found(delivery, now)
            return
        await self._outbox.stands(
            delivery.id,
            channel=standing.channel,
            message=standing.message,
            now=now,
            lacks_thread=standing.lacks_thread,
        )
        await self._aftermath.posted(delivery)

    async def _not_found(self, delivery: Delivery, now: datetime) -> None:
        """It is sent again, as soon as the first attempt can be on its way no more."""
        certain = (delivery.claimed or now) + _ON_ITS_WAY
        if certain - _ON_ITS_WAY <= now < certain:  # a claim in the future is of a clock that was set back
            await self._outbox.doubt(delivery.id, until=certain, reason=delivery.reason)
        else:
            await self._outbox.put_off(delivery.id, until=now, reason=delivery.reason)

    async def _failed(self, delivery: Delivery, error: SendingError, *, looking: bool = False) -> None:
        if isinstance(error, UnclearError):
            await self._doubt(delivery, str(error))
            return
        if looking and isinstance(error, NotTakenError):  # of what may stand no half may be sent
            await self._aftermath.lost(delivery, str(error))
            return
        now = self._clock()
        if isinstance(error, LaterError):
            until = min(now + timedelta(seconds=error.seconds), now + LONGEST_WAIT)
            if error.everywhere:
                self._not_before = until
            if looking:
                await self._outbox.doubt(delivery.id, until=until, reason=str(error))
            else:
                await self._outbox.put_off(delivery.id, until=until, reason=str(error))
            return
        await self._aftermath.failed(delivery, error, looking=looking)

    async def _doubt(self, delivery: Delivery, reason: str) -> None:
        seconds = _LOOK_AGAIN[min(delivery.tries, len(_LOOK_AGAIN) - 1)]
        until = self._clock() + timedelta(seconds=seconds)
        await self._outbox.doubt(delivery.id, until=until, reason=reason)

    async def _let_end(self) -> None:
        running = list(self._under_way.values())
        if running:
            await asyncio.wait(running, timeout=_PATIENCE_SECONDS)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
