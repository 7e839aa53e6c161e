"""The feeds' loop goes on after whatever is raised in it, says how it is, and waits for papers after a downtime."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.feeds.loop import FeedLoop, kept_posting
from bot.feeds.planner import Planner
from bot.feeds.poster import Poster
from bot.state.loop_states import FEEDS, LoopState, LoopStates
from corpus.errors import DatabaseError
from tests.bot.conftest import Clock
from tests.conftest import NOW

LONG_AGO = NOW - timedelta(hours=2)


class Planned(Planner):
    """Notes when it was asked to plan, and raises what it is told to."""

    def __init__(self) -> None:
        self.rounds: list[bool] = []
        """Of each, whether it was said that the bot was down."""
        self.mended = 0
        self.raises: list[Exception] = []
        self.failed: list[str] = []

    async def plan_due(self, *, was_down: bool = False) -> int:
        self.rounds.append(was_down)
        if self.raises:
            raise self.raises.pop(0)
        return 0

    async def mend_times(self) -> None:
        self.mended += 1

    def failures(self) -> list[str]:
        failed, self.failed = self.failed, []
        return failed


class Posting(Poster):
    """Posts until it raises what it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.raises: list[Exception] = []
        self.failed: list[str] = []

    async def run(self) -> None:
        self.begun += 1
        if self.raises:
            raise self.raises.pop(0)
        await asyncio.Event().wait()

    def failures(self) -> list[str]:
        failed, self.failed = self.failed, []
        return failed


class BrokenOnce(LoopStates):
    """Cannot be written to the first time."""

    is_broken = True

    async def ticked(self, name: str, **values: Any) -> None:
        if self.is_broken:
            self.is_broken = False
            raise DatabaseError("the database cannot be written: it is locked")
        await super().ticked(name, **values)


class Run:
    """A loop and what it works with."""

    def __init__(self, states: LoopStates, time: Clock) -> None:
        self.states = states
        self.time = time
        self.planner, self.poster = Planned(), Posting()
        self.is_visited = True
        self.is_ready = asyncio.Event()
        self.is_ready.set()

    @asynccontextmanager
    async def going(self) -> AsyncGenerator[None, None]:
        loop = FeedLoop(
            self.planner,
            self.poster,
            self.states,
            self.time,
            visited=lambda: self.is_visited,
            ready=self.ready,
        )
        async with kept_posting(loop):
            yield

    async def ready(self) -> None:
        await self.is_ready.wait()

    async def state(self) -> LoopState:
        state = await self.states.get(FEEDS)
        assert state
        return state

    async def rounds(self, count: int) -> None:
        """So many more."""
        wanted = len(self.planner.rounds) + count
        await until(lambda: len(self.planner.rounds) >= wanted)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - the loop rings for nobody
            await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_ROUND_SECONDS", "_REST_SECONDS"):
        monkeypatch.setattr(f"bot.feeds.loop.{name}", 0.005)


@pytest.fixture
def run(engine: AsyncEngine, time: Clock) -> Run:
    return Run(LoopStates(engine), time)


async def test_whatever_is_raised_in_a_round_is_counted_and_the_loop_goes_on_fault_24(run: Run):
    run.planner.raises = [RuntimeError("one"), DatabaseError("two"), KeyError(), ValueError("")]
    async with run.going():
        await run.rounds(6)
    state = await run.state()
    assert (state.errors, state.last_error) == (4, "something unexpected")


async def test_the_last_error_is_kept_and_errors_add_up_over_restarts(run: Run):
    for words in ("first", "second"):
        run.planner.raises = [RuntimeError(words)]
        async with run.going():
            await run.rounds(3)
    state = await run.state()
    assert (state.errors, state.last_error) == (2, "second")


async def test_what_failed_of_single_feeds_and_messages_is_counted(run: Run):
    async with run.going():
        run.planner.failed = ["feed 1: nothing can be quoted"]
        run.poster.failed = ["feed 2: the database is locked", "feed 3: no"]
        await run.rounds(4)
    assert (await run.state()).errors == 3


async def test_whatever_posting_raises_is_counted_and_it_begins_anew(run: Run):
    run.poster.raises = [RuntimeError("the connection pool broke")]
    async with run.going():
        await until(lambda: run.poster.begun == 2)
        await run.rounds(2)
    state = await run.state()
    assert (state.errors, state.last_error) == (1, "the connection pool broke")


async def test_errors_are_counted_later_if_the_database_cannot_be_written(engine: AsyncEngine, time: Clock):
    run = Run(BrokenOnce(engine), time)
    run.planner.raises = [RuntimeError("one")]
    async with run.going():
        await run.rounds(4)
    state = await run.state()
    assert (state.errors, state.last_error) == (2, "the database cannot be written: it is locked")


async def test_the_first_start_plans_at_once(run: Run):
    run.is_visited = False
    async with run.going():
        await run.rounds(2)
    assert not any(run.planner.rounds)


async def test_a_short_break_is_no_downtime(run: Run):
    await run.states.ticked(FEEDS, now=NOW - timedelta(minutes=59))
    run.is_visited = False
    async with run.going():
        await run.rounds(1)
    assert run.planner.rounds[0] is False


async def test_after_a_downtime_it_waits_for_the_sources_and_then_catches_up_once(run: Run):
    await run.states.ticked(FEEDS, now=LONG_AGO)
    run.is_visited = False
    async with run.going():
        await asyncio.sleep(0.1)
        assert run.planner.rounds == []
        run.is_visited = True
        await run.rounds(3)
    assert run.planner.rounds[:2] == [True, False]


async def test_it_waits_for_the_sources_for_at_most_five_minutes(run: Run):
    await run.states.ticked(FEEDS, now=LONG_AGO)
    run.is_visited = False
    async with run.going():
        await asyncio.sleep(0.1)
        run.time.go(minutes=4, seconds=59)
        await asyncio.sleep(0.1)
        assert run.planner.rounds == []
        run.time.go(seconds=1)
        await run.rounds(1)
    assert run.planner.rounds[0] is True


async def test_it_does_not_wait_longer_if_the_clock_is_set_back_meanwhile(run: Run):
    await run.states.ticked(FEEDS, now=LONG_AGO)
    run.is_visited = False
    async with run.going():
        await asyncio.sleep(0.05)
        run.time.go(hours=-2)
        await run.rounds(1)


async def test_what_was_missed_is_caught_up_with_though_the_first_round_fails(run: Run):
    await run.states.ticked(FEEDS, now=LONG_AGO)
    run.planner.raises = [RuntimeError("not yet")]
    async with run.going():
        await run.rounds(3)
    assert run.planner.rounds[:3] == [True, True, False]


async def test_while_it_waits_it_says_that_it_lives(run: Run):
    await run.states.ticked(FEEDS, now=LONG_AGO)
    run.is_visited = False
    async with run.going():
        await asyncio.sleep(0.1)
    assert (await run.state()).ticked == NOW


async def test_times_are_mended_each_minute_and_when_the_clock_is_set_back(run: Run):
    async with run.going():
        await run.rounds(3)
        assert run.planner.mended == 1
        run.time.go(minutes=1)
        await run.rounds(2)
        assert run.planner.mended == 2
        run.time.go(hours=-2)
        await run.rounds(2)
        assert run.planner.mended == 3


async def test_nothing_is_posted_before_discord_has_told_of_its_servers(run: Run):
    run.is_ready.clear()
    async with run.going():
        await run.rounds(2)
        assert run.poster.begun == 0
        run.is_ready.set()
        await until(lambda: run.poster.begun == 1)


async def test_it_ends_at_once_when_it_is_told_to(run: Run):
    async with asyncio.timeout(30), run.going():
        await run.rounds(1)
    count = len(run.planner.rounds)
    await asyncio.sleep(0.05)
    assert len(run.planner.rounds) == count
