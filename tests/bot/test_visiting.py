"""The bot visits its sources by itself: when, what becomes of a failure, and that it ends with the bot."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.visiting import kept_current, next_visit
from corpus.database import open_database
from corpus.errors import DatabaseError, SyncingError
from corpus.report import Report, Visit
from corpus.source_state import SourceState
from corpus.source_states import SourceStates
from tests.corpus.polite.misbehaving_server import answers, answers_after
from tests.corpus.syncing import DAILY, NEW, Stage, day, record, staged
from tests.empty_database import lay_database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)
AT_ONCE = timedelta(seconds=20)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone follows
CHANCES = st.floats(0, 1)
INTERVALS = st.timedeltas(timedelta(minutes=1), timedelta(days=7))
SOON = timedelta(milliseconds=20)
NO_REST = timedelta(milliseconds=1)


def visited(*ends: datetime | None) -> list[SourceState]:
    return [SourceState(f"source {number}", ended=end) for number, end in enumerate(ends)]


# When


@given(st.lists(st.none() | TIMES, max_size=4), INTERVALS, TIMES, CHANCES)
def test_a_visit_is_never_in_the_past_and_never_later_than_its_interval_whatever_the_clock_did(
    ends: list[datetime | None], every: timedelta, now: datetime, chance: float
):
    at = next_visit(visited(*ends), every, now, chance)
    assert now <= at <= now + every * 1.1 + AT_ONCE


@given(st.lists(TIMES, min_size=1, max_size=4), INTERVALS, TIMES, CHANCES)
def test_no_source_is_visited_again_before_its_interval_is_over(
    ends: list[datetime], every: timedelta, now: datetime, chance: float
):
    at = next_visit(visited(*ends), every, now, chance)
    assert at >= min(*ends, now) + every or at >= now + AT_ONCE * chance
    if min(ends) <= now:
        assert at >= min(ends) + every
        assert at - max(now, min(ends) + every) <= max(every * 0.1, AT_ONCE)


def test_a_source_that_was_never_visited_is_at_once():
    assert next_visit(visited(None), HOUR, NOW, 0.0) == NOW
    assert next_visit(visited(NOW - A_MINUTE, None), HOUR, NOW, 0.5) == NOW + AT_ONCE / 2


def test_a_visit_that_is_due_is_at_once_and_one_that_is_not_waits():
    assert next_visit(visited(NOW - 5 * HOUR), HOUR, NOW, 1.0) == NOW + AT_ONCE
    assert next_visit(visited(NOW - HOUR / 2), HOUR, NOW, 0.0) == NOW + HOUR / 2
    assert next_visit(visited(NOW - HOUR / 2), HOUR, NOW, 1.0) == NOW + HOUR * 0.6


def test_the_source_that_waits_longest_says_when():
    assert next_visit(visited(NOW, NOW - HOUR / 2, NOW), HOUR, NOW, 0.0) == NOW + HOUR / 2


def test_a_clock_that_was_set_back_by_a_year_delays_nothing():
    assert next_visit(visited(NOW + timedelta(days=365)), HOUR, NOW, 0.0) == NOW + HOUR


# The loop


def _now() -> datetime:
    return datetime.now(UTC)


class Came:
    """Counts how often it is told that papers came."""

    def __init__(self, *raised: Exception) -> None:
        self.times = 0
        self._raised = list(raised)

    def __call__(self) -> None:
        self.times += 1
        if self._raised:
            raise self._raised.pop(0)


class Visits:
    """A sync whose runs go as told: an error is raised, a number of new papers reported; the last goes on for ever."""

    lines: Sequence[str] = (DAILY,)

    def __init__(self, *runs: BaseException | int) -> None:
        self._runs = list(runs)
        self.begun = 0

    async def run(self) -> dict[str, Visit]:
        one = self._runs[min(self.begun, len(self._runs) - 1)]
        self.begun += 1
        if isinstance(one, BaseException):
            raise one
        return {DAILY: Visit(Report(read=one, new=one))}


def keeping(
    sync: Any,
    states: SourceStates,
    came: Callable[[], None],
    *,
    every: timedelta = SOON,
    clock: Callable[[], datetime] = _now,
    chance: float = 0.0,
):
    return kept_current(
        sync, states, every, clock=clock, chance=lambda: chance, came=came, visited=asyncio.Event()
    )


def visiting(stage: Stage, came: Callable[[], None], *, every: timedelta = SOON):
    return keeping(stage.sync, stage.states, came, every=every, clock=stage.clock)


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110 - the loop knows nothing of who waits for it
            await asyncio.sleep(0.002)


@pytest.fixture
async def states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[SourceStates, None]:
    monkeypatch.setattr("bot.visiting._AT_ONCE", NO_REST)
    async with open_database(lay_database(tmp_path / "states.db")) as engine:
        yield SourceStates(engine)


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Stage, None]:
    """A sync that asks a real server."""
    monkeypatch.setattr("bot.visiting._AT_ONCE", NO_REST)
    async with staged(tmp_path) as stage:
        stage.clock.run()
        stage.hugging_face.days = {day(): [record(1)]}
        yield stage


async def test_it_visits_again_and_again_and_tells_of_papers_that_came_or_changed_and_of_nothing_else(
    stage: Stage,
):
    came = Came()

    def visits() -> int:
        return sum(day() in arrival.query for arrival in stage.server.arrivals)

    async with visiting(stage, came):
        await until(lambda: came.times == 1)
        await until(lambda: visits() >= 4)
        assert came.times == 1
        stage.hugging_face.days[day()] = [record(1, upvotes=5)]
        await until(lambda: came.times == 2)
        stage.hugging_face.days[day()].append(record(2))
        await until(lambda: came.times == 3)
        before = visits()
        await until(lambda: visits() >= before + 3)
        assert came.times == 3
    assert await stage.new_events() == ["2611.00001", "2611.00002"]


@pytest.mark.parametrize(
    ("failure", "is_expected"),
    [
        (DatabaseError("the database is locked"), True),
        (ZeroDivisionError("nobody expected it"), False),
        (TimeoutError(), False),
        (OSError("no space left"), False),
        (RecursionError(), False),
    ],
)
async def test_whatever_is_raised_is_logged_once_and_it_goes_on(
    states: SourceStates, caplog: pytest.LogCaptureFixture, failure: Exception, *, is_expected: bool
):
    visits, came = Visits(failure, 3, 0), Came()
    with caplog.at_level(logging.INFO, "bot.visiting"):
        async with keeping(visits, states, came):
            await until(lambda: visits.begun >= 4)
    assert came.times == 1
    [logged] = caplog.records
    assert "failed, and is tried again" in logged.message
    assert (logged.exc_info is None) == is_expected, "a traceback for the unexpected only"


async def test_a_mistake_in_whoever_is_told_of_papers_does_not_end_it(states: SourceStates):
    visits, came = Visits(3), Came(ZeroDivisionError("nobody expected it"))
    async with keeping(visits, states, came):
        await until(lambda: came.times >= 3)


async def test_a_database_that_fails_for_a_while_does_not_end_it(
    stage: Stage, caplog: pytest.LogCaptureFixture
):
    await on_fire(stage)
    came = Came()
    async with visiting(stage, came):
        await until(lambda: "the disk is on fire" in caplog.text)
        assert came.times == 0
        await put_out(stage)
        await until(lambda: came.times == 1)


async def test_a_source_that_fails_is_not_asked_again_at_once(stage: Stage):
    stage.server.script("/api/daily_papers", answers(status=403))
    async with visiting(stage, Came(), every=timedelta(hours=1)):
        await until(lambda: len(stage.server.arrivals) == 1)
        await asyncio.sleep(0.1)
    assert len(stage.server.arrivals) == 1


async def test_while_somebody_fetches_by_hand_it_waits_and_calls_that_no_failure(
    states: SourceStates, caplog: pytest.LogCaptureFixture
):
    visits, came = Visits(SyncingError("they are being fetched already"), SyncingError("still"), 1), Came()
    with caplog.at_level(logging.INFO, "bot.visiting"):
        async with keeping(visits, states, came):
            await until(lambda: came.times >= 1)
    assert caplog.records == []


async def test_two_of_them_never_visit_at_once(stage: Stage, caplog: pytest.LogCaptureFixture):
    asking, most = 0, 0

    async def watched(request: Any) -> Any:
        nonlocal asking, most
        asking += 1
        most = max(most, asking)
        await asyncio.sleep(0.01)
        asking -= 1  # before the answer: who has it may ask on before this goes on
        return await answers("[]")(request)

    stage.hugging_face.wrong = {day(age): watched for age in range(3)}
    with caplog.at_level(logging.INFO, "bot.visiting"):
        async with (
            visiting(stage, Came()),
            visiting(stage, Came()),
        ):
            await until(lambda: len(stage.server.arrivals) > 40)
    assert most == 1
    assert caplog.records == []


async def test_without_sources_nothing_is_done(states: SourceStates):
    visits = Visits(1)
    visits.lines = ()
    async with keeping(visits, states, Came()):
        await asyncio.sleep(0.05)
    assert visits.begun == 0
    assert await states.all() == []


# Its end


async def test_while_it_waits_everybody_can_see_until_when_and_afterwards_nobody_waits(states: SourceStates):
    visits = Visits(0)
    ended = datetime.now(UTC)
    lines = visits.lines = [DAILY, NEW]
    for line in lines:
        await states.end(line, now=ended, counts={}, failure=None)
    async with keeping(visits, states, Came(), every=HOUR, chance=0.5):
        async with asyncio.timeout(30):
            while None in [state.next_visit for state in await states.all()]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert [state.next_visit for state in await states.all()] == [ended + HOUR * 1.05] * 2
    assert [state.next_visit for state in await states.all()] == [None] * 2
    assert visits.begun == 0


@pytest.mark.parametrize("is_visiting", [True, False])
async def test_it_ends_at_once_in_the_middle_of_a_visit_or_of_its_waiting(stage: Stage, *, is_visiting: bool):
    stage.hugging_face.wrong = {day(): answers_after(60.0)} if is_visiting else {}
    async with asyncio.timeout(30):
        async with visiting(stage, Came(), every=HOUR):
            await stage.until_asked(day())
            if not is_visiting:
                await until(lambda: not stage.sync._visiting.locked())
    asked = len(stage.server.arrivals)
    await asyncio.sleep(0.05)
    assert len(stage.server.arrivals) == asked
    assert (await stage.states.get(DAILY)).next_visit is None
    stage.hugging_face.wrong = {}
    assert (await stage.visit()).failure is None, "and leaves the way free"


async def test_leaving_by_an_error_ends_it_and_the_error_is_kept(states: SourceStates):
    visits = Visits(0)

    async def fall() -> None:
        async with keeping(visits, states, Came()):
            await until(lambda: visits.begun >= 1)
            raise RuntimeError("the bot fell")

    with pytest.raises(RuntimeError, match="the bot fell"):
        await fall()
    begun = visits.begun
    await asyncio.sleep(0.05)
    assert visits.begun == begun
    assert (await states.get(DAILY)).next_visit is None


async def test_being_cancelled_ends_it(states: SourceStates):
    visits = Visits(0)

    async def live() -> None:
        async with keeping(visits, states, Came()):
            await asyncio.sleep(60)

    living = asyncio.create_task(live())
    await until(lambda: visits.begun >= 2)
    living.cancel()
    with pytest.raises(asyncio.CancelledError):
        await living
    begun = visits.begun
    await asyncio.sleep(0.05)
    assert visits.begun == begun
    assert (await states.get(DAILY)).next_visit is None


async def test_a_database_that_fails_at_the_end_is_no_reason_not_to_end(stage: Stage):
    async with visiting(stage, Came(), every=HOUR):
        await stage.until_asked(day())
        await on_fire(stage)
    with pytest.raises(RuntimeError, match="the bot fell"):
        async with visiting(stage, Came(), every=HOUR):
            raise RuntimeError("the bot fell")


async def on_fire(stage: Stage) -> None:
    """Nothing about sources can be written from now on."""
    async with stage.engine.begin() as connection:
        for what in ("INSERT", "UPDATE"):
            refuse = f"BEFORE {what} ON source_states BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END"
            await connection.execute(text(f"CREATE TRIGGER fire_{what} {refuse}"))


async def put_out(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        for what in ("INSERT", "UPDATE"):
            await connection.execute(text(f"DROP TRIGGER fire_{what}"))
