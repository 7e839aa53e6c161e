"""The gateway closes, hushes, forgets and repeats itself as it is told to."""

import pytest

from .events import Intent
from .gateway import Op
from .loopback import LoopbackDiscord
from .plain_bot import listening

pytestmark = pytest.mark.wire


@pytest.mark.parametrize("code", [4000, 4004, 4014])
async def test_a_connection_is_closed_with_a_code(server: LoopbackDiscord, code: int):
    async with listening(server) as bot:
        for number in range(200):
            server.world.channel.rename(f"papers {number}")
        await server.gateway.close_connections(code)
        assert await bot.closed() == code
        assert bot.names() == ["CHANNEL_UPDATE"] * 200, "what was told before is not lost"


async def test_heartbeats_are_answered_until_they_are_not(server: LoopbackDiscord):
    server.gateway.heartbeat_seconds = 0.5
    async with listening(server) as bot:
        assert (await bot.heard(Op.HELLO))["d"] == {"heartbeat_interval": 500}
        await bot.say(Op.HEARTBEAT, None)
        await bot.heard(Op.HEARTBEAT_ACK)
        server.gateway.answers_heartbeats = False
        await bot.say(Op.HEARTBEAT, None)
        await bot.say(Op.HEARTBEAT, None)
        await server.gateway.beats(3)
        server.gateway.ask_to_reconnect()
        await bot.heard(Op.RECONNECT)
        assert [payload["op"] for payload in bot.other].count(Op.HEARTBEAT_ACK) == 1


async def test_a_session_is_resumed_with_what_was_missed_unless_it_was_forgotten(server: LoopbackDiscord):
    async with listening(server, Intent.GUILDS) as first:
        server.gateway.cut_connections()
        await server.wait_gone()
    server.world.channel.rename("meanwhile")
    async with listening(server, resume=first) as second:
        assert (await second.told("CHANNEL_UPDATE"))["name"] == "meanwhile"
        await second.told("RESUMED")
        server.gateway.invalidate_sessions(resumable=True)
        assert (await second.heard(Op.INVALID_SESSION))["d"] is True
        server.gateway.invalidate_sessions(resumable=False)
    second.session_id = first.session_id
    async with listening(server, resume=second) as third:
        assert (await third.heard(Op.INVALID_SESSION))["d"] is False
    assert server.gateway.identifies == 1


async def test_events_are_told_once_more_also_to_a_bot_that_came_later(server: LoopbackDiscord):
    async with listening(server):
        said = [server.say(words)["id"] for words in ("first", "second")]
    await server.wait_gone()
    async with listening(server) as bot:
        server.gateway.replay("MESSAGE_CREATE", last=2)
        server.gateway.replay("MESSAGE_CREATE")
        await bot.told("MESSAGE_CREATE", 3)
    assert [data["id"] for name, data in bot.events if name == "MESSAGE_CREATE"] == [*said, said[1]]
    with pytest.raises(AssertionError, match="was told 2 times"):
        server.gateway.replay("MESSAGE_CREATE", last=3)
