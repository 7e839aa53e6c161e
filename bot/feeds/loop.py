"""Plans and posts for as long as the bot runs: it goes on after whatever is raised in it, and says how it is."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot.errors import READABLE_ERRORS
from bot.feeds.planner import LATE, Planner
from bot.feeds.poster import Poster
from bot.state.loop_states import FEEDS, LoopStates
from corpus.errors import CorpusError

log = logging.getLogger(__name__)
_ROUND_SECONDS = 2.0  # the clock is looked at so often, since it may be set
_BEAT_SECONDS = 10.0
_MEND_SECONDS = 60.0
_REST_SECONDS = 5.0  # after an error
_WAIT_FOR_SOURCES = timedelta(minutes=5)


class FeedLoop:
    """The planner's rounds."""

    def __init__(
        self,
        planner: Planner,
        poster: Poster,
        states: LoopStates,
        clock: Callable[[], datetime],
        *,
        visited: Callable[[], bool],
        ready: Callable[[], Awaitable[None]],
    ) -> None:
        """Plan at once if `visited`, whether the sources were asked since the start, so that what was missed comes together.

        `ready` waits until Discord has told of its servers.
        """
        self._planner = planner
        self._poster = poster
        self._states = states
        self._clock = clock
        self._visited = visited
        self._ready = ready
        self._errors: list[str] = []
        self._beaten: datetime | None = None
        self._mended: datetime | None = None

    async def run(self) -> None:
        """Plan until cancelled."""
        before, began = await self._last_round(), self._clock()
        was_down = before is not None and began - before > LATE
        while True:
            now = self._clock()
            waits = was_down and not self._visited() and timedelta(0) <= now - began < _WAIT_FOR_SOURCES
            if not waits and await self._attempt(self._round(now, was_down=was_down)):
                was_down = False
            self._errors += self._poster.failures()
            seconds = _REST_SECONDS if self._errors else _ROUND_SECONDS
            await self._attempt(self._beat(now))
            await asyncio.sleep(seconds)

    async def post(self) -> None:
        """Post until cancelled."""
        await self._ready()
        while True:
            await self._attempt(self._poster.run())
            await asyncio.sleep(_REST_SECONDS)

    async def _round(self, now: datetime, *, was_down: bool) -> None:
        if self._mended is None or abs((now - self._mended).total_seconds()) >= _MEND_SECONDS:
            await self._planner.mend_times()
            self._mended = now
        await self._planner.plan_due(was_down=was_down)
        self._errors += self._planner.failures()

    async def _beat(self, now: datetime) -> None:
        if self._beaten and abs((now - self._beaten).total_seconds()) < _BEAT_SECONDS and not self._errors:
            return
        errors, self._errors = self._errors, []
        try:
            await self._states.ticked(
                FEEDS, now=now, errors=len(errors), last_error=errors[-1] if errors else ""
            )
        except CorpusError:
            self._errors = errors[-100:]
            raise
        self._beaten = now

    async def _last_round(self) -> datetime | None:
        with suppress(CorpusError):
            state = await self._states.get(FEEDS)
            return state.ticked if state else None
        return None

    async def _attempt(self, work: Awaitable[None]) -> bool:
        try:
            await work
        except READABLE_ERRORS as error:
            log.error("The feeds' loop failed, and goes on: %s", error)  # noqa: TRY400 - it is said in words
            self._errors.append(str(error))
        except Exception as error:
            log.exception("The feeds' loop failed, and goes on")
            self._errors.append(str(error) or "something unexpected")
        else:
            return True
        return False


@asynccontextmanager
async def kept_posting(loop: FeedLoop) -> AsyncGenerator[None, None]:
    """Planning and posting while the context lasts; at its end what is under way may end, too."""
    tasks = [asyncio.create_task(loop.run()), asyncio.create_task(loop.post())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # what they raised is logged
