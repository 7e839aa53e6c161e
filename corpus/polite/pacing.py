"""When may a service be asked again? Every process that keeps its turns in the same folder waits for all of them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from math import ceil

from corpus.errors import UnreachableError
from corpus.polite.turn_ledger import TurnLedger
from corpus.sources.source import Pace

LONGEST_REST = 86_400.0  # seconds; a host that names a year has made a mistake, and is not to be lost for one
_MARGIN = 0.05  # seconds; clocks are set by a little while they run
_LOOK_AGAIN = 0.25  # seconds; a turn that another process has ends when it likes


def wait_before_next(busy_until: Iterable[float], now: float, pace: Pace) -> float:
    """Seconds until one more may be asked. `busy_until` is when each earlier one was over, or at the latest will be.

    A service sees a request at some time between its turn's begin and end. So no `seconds` hold more than `requests`
    arrivals, however long each was on its way, if what is still out counts, and what is over counts from its end.
    """
    span = pace.seconds + _MARGIN
    recent = sorted(until for until in busy_until if until > now - span)
    out = [until for until in recent if until > now]
    waits = [0.0]
    if len(recent) >= pace.requests:
        waits.append(recent[-pace.requests] + span - now)
    if len(out) >= pace.connections:
        waits.append(out[-pace.connections] - now)
    return max(waits)


class Turns:
    """The turns of one service, first come first served within a process.

    `longest` is how many seconds a turn can take; one that is never ended, as by a killed process, counts as that long.
    `patience` is how many seconds of a rest are waited for.
    """

    def __init__(
        self,
        pace: Pace,
        ledger: TurnLedger,
        *,
        longest: float,
        patience: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._pace = pace
        self._ledger = ledger
        self._longest = longest
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._connections = asyncio.Semaphore(pace.connections)

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None, None]:
        """The service may be asked once in here. Raises UnreachableError, saying until when, while it has to rest."""
        async with self._connections:
            ticket = await self._ticket()
            try:
                yield
            finally:
                self._ledger.end(ticket, self._clock())

    def rest(self, seconds: float) -> None:
        """Nobody asks the service for so long, a day at most. Raises UnreachableError where nobody waits for that."""
        until = self._clock() + min(seconds, LONGEST_REST)
        self._ledger.rest(self._pace.service, until)
        self._check(until)

    async def _ticket(self) -> int:
        while True:
            with self._ledger.alone():
                # Not a moment earlier: by an older clock, a turn taken meanwhile would seem to be of the future.
                now = self._clock()
                resting_until = self._ledger.resting_until(self._pace.service, now, LONGEST_REST)
                self._check(resting_until)
                # The wait is computed and the turn taken in one transaction: no other process comes between.
                earliest, latest = now - self._pace.seconds - _MARGIN, now + self._longest
                busy_until = self._ledger.busy_until(self._pace.service, earliest, latest)
                wait = max(wait_before_next(busy_until, now, self._pace), resting_until - now)
                if wait <= 0:
                    return self._ledger.take(self._pace.service, latest)
            await self._sleep(min(wait, _LOOK_AGAIN))

    def _check(self, resting_until: float) -> None:
        if resting_until - self._clock() > self._patience:
            until = datetime.fromtimestamp(
                ceil(resting_until / 60) * 60, UTC
            )  # the first full minute that is allowed
            raise UnreachableError(
                f"{self._pace.service} asks to be left alone for a while: it is asked again from "
                f"{until:%Y-%m-%d %H:%M} UTC on"
            )
