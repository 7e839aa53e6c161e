"""Faults hit what they are aimed at, as often as was said, and nothing else."""

import asyncio
import time

import aiohttp
import pytest

from .faults import Deed, Scope, bans, breaks, delays, drops, hangs, limits, refuses, says
from .loopback import LoopbackDiscord
from .plain_bot import Api
from .refusals import No
from .request import Request
from .world import CHANNEL_ID

pytestmark = pytest.mark.wire
MESSAGES = "/channels/*/messages"


@pytest.mark.parametrize(
    ("deed", "done"),
    [(drops(), False), (drops(done=True), True)],
    ids=["before", "after"],
)
async def test_a_connection_breaks_before_or_after_the_deed(
    server: LoopbackDiscord, api: Api, deed: Deed, done: bool
):
    server.faults.add(deed, "POST", MESSAGES, times=1)
    with pytest.raises(aiohttp.ClientError):
        await api.send(CHANNEL_ID, "lost")
    assert len(server.posted(CHANNEL_ID)) == int(done)
    assert (await api.send(CHANNEL_ID)).status == 200


@pytest.mark.parametrize("done", [False, True])
async def test_no_answer_ever_comes(server: LoopbackDiscord, api: Api, done: bool):
    server.faults.add(hangs(done=done), "POST", MESSAGES)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api.send(CHANNEL_ID), 0.05)
    assert len(server.posted(CHANNEL_ID)) == int(done)


async def test_an_answer_comes_late(server: LoopbackDiscord, api: Api):
    server.faults.add(delays(0.1), "POST", MESSAGES)
    begun = time.monotonic()
    assert (await api.send(CHANNEL_ID)).status == 200
    assert time.monotonic() - begun >= 0.1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_discords_own_servers_break_with_the_deed_done_or_not(
    server: LoopbackDiscord, api: Api, status: int
):
    server.faults.add(breaks(status), "POST", MESSAGES, times=1)
    server.faults.add(breaks(status, done=True), "POST", MESSAGES)
    assert [(await api.send(CHANNEL_ID, str(n))).status for n in range(2)] == [status, status]
    assert [message["content"] for message in server.posted(CHANNEL_ID)] == ["1"]


@pytest.mark.parametrize(("scope", "is_global"), [("user", False), ("global", True), ("shared", False)])
async def test_discord_limits_in_its_own_words(
    server: LoopbackDiscord, api: Api, scope: Scope, is_global: bool
):
    server.faults.add(limits(1.5, scope), "POST", MESSAGES)
    limited = await api.send(CHANNEL_ID)
    assert limited.status == 429
    assert limited.body == {
        "message": "You are being rate limited.",
        "retry_after": 1.5,
        "global": is_global,
    }
    assert "Via" in limited.headers
    assert limited.headers["X-RateLimit-Scope"] == scope
    assert ("X-RateLimit-Global" in limited.headers) is is_global
    assert limited.headers.get("X-RateLimit-Remaining") == (None if is_global else "0")


@pytest.mark.parametrize("html", [False, True])
async def test_cloudflare_bans_without_via(server: LoopbackDiscord, api: Api, html: bool):
    server.faults.add(bans(60, html=html), "POST", MESSAGES)
    banned = await api.send(CHANNEL_ID)
    assert banned.status == 429
    assert "Via" not in banned.headers
    assert banned.headers["Retry-After"] == "60"
    assert isinstance(banned.body, str) is html


async def test_a_fault_is_aimed_by_channel_by_words_and_by_count(server: LoopbackDiscord, api: Api):
    other = server.world.guild.add_text_channel("other")
    fault = server.faults.add(
        refuses(No.INVALID_FORM), "POST", channel=other, when=says("bad paper"), after=1, times=1
    )
    assert (await api.send(CHANNEL_ID, "a bad paper")).status == 200
    assert (await api.send(other.id, "a good paper")).status == 200
    embeds = [{"title": "a bad paper"}]
    assert [(await api.send(other.id, "", embeds=embeds)).status for _ in range(3)] == [200, 400, 200]
    assert [hit.path for hit in fault.hits] == [f"/channels/{other.id}/messages"]


async def test_faults_compose_and_are_lifted(server: LoopbackDiscord, api: Api):
    late = server.faults.add(delays(0.05), "POST", MESSAGES)
    refused = server.faults.add(refuses(No.MISSING_ACCESS), "POST", MESSAGES)
    begun = time.monotonic()
    assert (await api.send(CHANNEL_ID)).code == No.MISSING_ACCESS.code
    assert time.monotonic() - begun >= 0.05
    refused.lift()
    assert (await api.send(CHANNEL_ID)).status == 200
    assert (len(late.hits), len(refused.hits)) == (2, 1)
    server.faults.lift()
    await api.send(CHANNEL_ID)
    assert len(late.hits) == 2


async def test_invalid_requests_are_counted_as_discord_does_in_any_ten_minutes(
    server: LoopbackDiscord, api: Api
):
    for deed, times in (
        (refuses(No.MISSING_PERMISSIONS), 2),
        (limits(1), 1),
        (limits(1, "shared"), 4),
        (refuses(No.UNKNOWN_CHANNEL), 4),
        (drops(), 1),
    ):
        server.faults.lift()
        server.faults.add(deed, "GET")
        for _ in range(times):
            try:
                await api.get(f"/channels/{CHANNEL_ID}")
            except aiohttp.ClientError:
                assert times == 1
    assert server.most_invalid() == 3
    server.faults.lift()
    server.faults.add(refuses(No.MISSING_PERMISSIONS), "GET")
    server.clock.step(601)
    for _ in range(2):
        await api.get(f"/channels/{CHANNEL_ID}")
    assert server.most_invalid() == 3
    assert server.most_invalid(minutes=20) == 5


def test_the_busiest_second_is_found():
    server = LoopbackDiscord()
    for method, path, times in (
        ("POST", "/channels/1/messages", (0.0, 0.5, 1.2, 1.3, 1.4, 2.3)),
        ("GET", "/channels/1", (1.1,)),
    ):
        server.requests.extend(Request(method, path, {}, None, {}, at, ()) for at in times)
    server.requests.sort(key=lambda request: request.at)
    assert server.busiest_second("POST", MESSAGES) == 4
    assert server.busiest_second() == 5
    assert server.busiest_second("POST", "/users/*") == 0
