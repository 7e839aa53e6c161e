"""When does the bot visit its sources? At an interval with some chance in it, counted from the last visit of all."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot.errors import READABLE_ERRORS
from corpus.errors import CorpusError, SyncingError
from corpus.source_state import SourceState
from corpus.source_states import SourceStates
from corpus.sync import Sync

log = logging.getLogger(__name__)
# Within which a visit that is due begins: a bot that is restarted often rushes nobody.
_AT_ONCE = timedelta(seconds=20)
_AGAIN = timedelta(minutes=15)  # after a failure, where the interval is longer
_LEFT_TO_CHANCE = 0.1  # of the interval, so that not every bot asks at the full hour


@asynccontextmanager
async def kept_current(
    sync: Sync,
    states: SourceStates,
    every: timedelta,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
    came: Callable[[], None],
    visited: asyncio.Event,
) -> AsyncGenerator[None, None]:
    """The sources visited for as long as the context lasts; `came` is called when papers came or changed.

    `chance` gives numbers from 0 to 1. `visited` is set when all were asked for the first time, or there are none.
    """
    if not sync.lines:
        visited.set()
    task = asyncio.create_task(_visit_forever(sync, states, every, clock, chance, came, visited))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)  # what it raised is logged
        with suppress(CorpusError):  # a database that cannot be written to is no reason not to end
            await states.expect(sync.lines, at=None)


def next_visit(visited: list[SourceState], every: timedelta, now: datetime, chance: float) -> datetime:
    """When the next visit begins, given what is known of all sources. Pure."""
    ends = [state.ended for state in visited]
    last = min((end for end in ends if end), default=None)
    if last is None or None in ends:
        return now + _AT_ONCE * chance
    if any(state.failure for state in visited):
        every = min(every, _AGAIN)
    due = min(last, now) + every * (1 + _LEFT_TO_CHANCE * chance)  # a clock that was set back delays nothing
    return max(due, now + _AT_ONCE * chance)


async def _visit_forever(
    sync: Sync,
    states: SourceStates,
    every: timedelta,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
    came: Callable[[], None],
    visited: asyncio.Event,
) -> None:
    while sync.lines:
        try:
            known = [await states.get(line) for line in sync.lines]
            at = next_visit(known, every, clock(), chance())
            await states.expect(sync.lines, at=at)
            await asyncio.sleep((at - clock()).total_seconds())
            visits = await sync.run()
            if any(visit.report.new or visit.report.updated for visit in visits.values()):
                came()
            visited.set()
        except SyncingError:  # somebody asked by hand; it ends, and so the next time moves
            await asyncio.sleep(_AT_ONCE.total_seconds())
        except READABLE_ERRORS as error:
            log.error("Fetching new papers failed, and is tried again: %s", error)  # noqa: TRY400 - it is said in words
            await asyncio.sleep(_AT_ONCE.total_seconds())
        except Exception:
            log.exception("Fetching new papers failed, and is tried again")  # it lives, whatever was raised
            await asyncio.sleep(_AT_ONCE.total_seconds())
