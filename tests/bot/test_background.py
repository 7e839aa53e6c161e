"""The indexes are kept up in the background: failures pass, patience ends, and the bot's end is theirs."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from bot.background import kept_up
from retrieval.errors import VectorIndexError
from retrieval.upkeep import IndexReport
from tests.conftest import nothing

DONE = IndexReport(papers=52, encoded=0, reused=52, seconds=0.0)


class Rounds:
    """An upkeep whose rounds go as told: an error is raised, an event waited for; the last goes on for ever."""

    def __init__(self, *rounds: Exception | asyncio.Event | None) -> None:
        self._rounds = list(rounds)
        self.begun = 0
        self.cancelled = 0

    async def catch_up(self, _progress: Any) -> IndexReport:
        one = self._rounds[min(self.begun, len(self._rounds) - 1)]
        self.begun += 1
        if isinstance(one, Exception):
            raise one
        if one is not None:
            try:
                await one.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        return DONE


def keeping(rounds: Rounds, *, patience: float = 5.0):
    upkeep: Any = rounds
    return kept_up(upkeep, nothing, patience=patience, news=asyncio.Event())


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110 - the rounds know nothing of who waits for them
            await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.background._REST_SECONDS", 0.001)


async def test_it_begins_when_the_first_round_is_done_and_goes_on_looking():
    rounds = Rounds(None)
    async with keeping(rounds):
        assert rounds.begun == 1
        await until(lambda: rounds.begun >= 3)


async def test_past_its_patience_it_begins_with_what_there_is_while_the_round_goes_on():
    gate = asyncio.Event()
    rounds = Rounds(gate, None)
    async with keeping(rounds, patience=0.01):
        assert rounds.begun == 1
        gate.set()
        await until(lambda: rounds.begun >= 2)


async def test_what_the_first_round_raises_in_time_is_raised():
    with pytest.raises(VectorIndexError, match="no space"):
        async with keeping(Rounds(VectorIndexError("no space"))):
            pytest.fail("it began all the same")


@pytest.mark.parametrize("failure", [VectorIndexError("no space"), ZeroDivisionError("nobody expected it")])
async def test_a_round_that_fails_is_logged_and_tried_again(
    caplog: pytest.LogCaptureFixture, failure: Exception
):
    rounds = Rounds(None, failure, None)
    with caplog.at_level(logging.ERROR):
        async with keeping(rounds):
            await until(lambda: rounds.begun >= 3)
    [record] = caplog.records
    assert "failed, and is tried again" in record.message
    assert (record.exc_info is None) == isinstance(failure, VectorIndexError), (
        "a traceback for the unexpected only"
    )


@pytest.mark.parametrize("patience", [0.01, 5.0])
async def test_leaving_cancels_the_round_that_runs_and_waits_for_it(patience: float):
    never = asyncio.Event()
    rounds = Rounds(never) if patience < 1 else Rounds(None, never)
    async with keeping(rounds, patience=patience):
        await until(lambda: rounds.begun >= (1 if patience < 1 else 2))
    assert rounds.cancelled == 1
    begun = rounds.begun
    await asyncio.sleep(0.02)
    assert rounds.begun == begun


async def test_leaving_by_an_error_ends_it_too_and_the_error_is_kept():
    rounds = Rounds(None)
    with pytest.raises(RuntimeError, match="the bot fell"):
        async with keeping(rounds):
            raise RuntimeError("the bot fell")
    begun = rounds.begun
    await asyncio.sleep(0.02)
    assert rounds.begun == begun


async def test_being_cancelled_while_it_waits_for_the_first_round_leaves_nothing_running():
    rounds = Rounds(asyncio.Event())

    async def start() -> None:
        async with keeping(rounds):
            pytest.fail("it began all the same")

    starting = asyncio.create_task(start())
    await until(lambda: rounds.begun == 1)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await asyncio.sleep(0.02)
    assert rounds.cancelled == 1
