"""A command that reaches the bot too late for an answer is dropped and counted; the next is answered."""

import asyncio

import pytest

from .feeding import Feeding, words_of

pytest_plugins = ["tests.wire.feed_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]
_LATE = 3.5  # seconds; of Discord's time, half a second is not known where our clock is wrong


async def test_commands_that_are_two_and_a_half_seconds_old_are_dropped_and_counted_fault_19(stage: Feeding):
    server = stage.server
    await stage.start()
    for hours in (0, 2):  # also where the bot's clock is wrong
        stage.staging.step(hours * 3600)
        server.clock.step(-_LATE)
        late = await server.slash("find", {"query": "attention"})
        server.clock.step(_LATE)
        punctual = await server.slash("find", {"query": "attention"})
        await punctual.answered()
        await asyncio.sleep(0.2)
        assert not server.sent("POST", f"/interactions/{late.id}/*")
    told = await (await server.slash("health")).message()
    assert "Too late to be answered** 2" in words_of(told)
