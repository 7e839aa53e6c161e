"""Discord answers late, wrongly, or not at all: each paper is posted once all the same, and no channel waits for another."""

import asyncio
import json
import time

import pytest

from .channels import Channel, GuildChannel
from .faults import Deed, Scope, bans, breaks, delays, drops, hangs, limits, refuses, says
from .feeding import DAILY, Feeding, Stages, words_of
from .refusals import No
from .request import Request
from .staged_bot import CRASH_POINTS

pytest_plugins = ["tests.wire.feed_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]
_DAY = 86_400
_FAILED_FEED_RESTS = 61  # seconds
AN_ANSWER = 0.4
"""Seconds in which the bot hears of a limit; what is on its way by then could not know of it."""


def posts_to(stage: Feeding, channel: Channel) -> list[Request]:
    """Every attempt to post in a channel or forum, also those that failed."""
    return [
        request
        for kind in ("messages", "threads")
        for request in stage.server.sent("POST", f"/channels/{channel.id}/{kind}")
    ]


async def many_channels(stage: Feeding) -> list[GuildChannel]:
    """So many with a feed that posting in each takes longer than the answer to the first."""
    channels = [stage.server.world.guild.add_text_channel(f"channel {number}") for number in range(20)]
    await stage.feeds(channels)
    return channels


@pytest.mark.parametrize("memory", [300.0, 0.0], ids=["inside the nonce window", "outside the nonce window"])
async def test_a_post_whose_answer_is_lost_stands_once_and_is_recorded_fault_2(stage: Feeding, memory: float):
    server, world = stage.server, stage.server.world
    server.nonce_memory = memory
    forum, direct = world.guild.add_forum("forum"), world.direct(world.owner)
    for channel in (world.channel, forum):
        await stage.feed(channel, style="forum" if channel is forum else "cards")
    await stage.alert(world.owner)
    for channel in (world.channel, forum, direct):
        server.faults.add(drops(done=True), "POST", channel=channel, times=1)
    ids = await stage.arrive(1)
    await stage.start()
    await stage.finish()
    for channel in (world.channel, forum, direct):
        assert stage.posted(channel) == {ids[0]: 1}
        assert len(posts_to(stage, channel)) == 1, "it was looked for, and found"
    assert await stage.totals() == {"posted": 3}


async def test_a_post_that_was_lost_on_the_way_comes_once_fault_2(stage: Feeding):
    server, world = stage.server, stage.server.world
    forum, direct = world.guild.add_forum("forum"), world.direct(world.owner)
    for channel in (world.channel, forum):
        await stage.feed(channel, style="forum" if channel is forum else "cards")
    await stage.alert(world.owner)
    for channel in (world.channel, forum, direct):
        server.faults.add(drops(), "POST", channel=channel, times=1)
    ids = await stage.arrive(1)
    await stage.start()
    await stage.finish()
    for channel in (world.channel, forum, direct):
        assert stage.posted(channel) == {ids[0]: 1}
    assert await stage.totals() == {"posted": 3}


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_post_that_stands_although_discord_says_it_failed_comes_once_fault_3(
    stage: Feeding, status: int
):
    server, world = stage.server, stage.server.world
    server.nonce_memory = 0.0
    forum = world.guild.add_forum("forum")
    for channel in (world.channel, forum):
        await stage.feed(channel, style="forum" if channel is forum else "cards")
        server.faults.add(breaks(status, done=True), "POST", channel=channel, times=1)
    ids = await stage.arrive(1)
    await stage.start()
    await stage.finish()
    for channel in (world.channel, forum):
        assert stage.posted(channel) == {ids[0]: 1}
        assert len(posts_to(stage, channel)) == 1, "it was looked for, and found"


async def test_a_post_that_arrives_after_the_bot_was_killed_and_came_back_comes_once_fault_1(stage: Feeding):
    server, world = stage.server, stage.server.world
    server.nonce_memory = 0.0
    forum = world.guild.add_forum("forum")
    for channel in (world.channel, forum):
        await stage.feed(channel, style="forum" if channel is forum else "cards")
        server.faults.add(delays(4), "POST", channel=channel, times=1)
    ids = await stage.arrive(1)
    bot = await stage.start()
    await stage.until(lambda: posts_to(stage, forum) and posts_to(stage, world.channel), "both on their way")
    await bot.kill()
    await stage.start()
    await stage.finish()
    await asyncio.sleep(4)  # whatever was on its way has come
    for channel in (world.channel, forum):
        assert stage.posted(channel) == {ids[0]: 1}


async def test_servers_that_fail_five_times_delay_their_own_channels_alone_faults_3_and_4(stage: Feeding):
    world = stage.server.world
    failing = {
        status: world.guild.add_text_channel(f"fails with {status}") for status in (500, 502, 504, 503)
    }
    for status, channel in failing.items():
        await stage.feed(channel)
        stage.server.faults.add(breaks(status), "POST", channel=channel, times=1 if status == 503 else 5)
    await stage.feed(world.channel)
    await stage.start()
    for number in (1, 2):
        await stage.arrive(1)
        began = time.monotonic()
        await stage.server.wait_posted(world.channel, number)
        assert time.monotonic() - began < 5, "a round of the loop, and the post"
    assert not any(stage.posted(failing[status]) for status in (500, 502, 504))
    while not stage.is_done():
        stage.staging.step(5)  # between two attempts it waits for what may be on its way
        await asyncio.sleep(0.2)
    for status, channel in failing.items():
        assert stage.posted(channel) == dict.fromkeys(stage.papers, 1)
        assert len(posts_to(stage, channel)) == (3 if status == 503 else 7)


async def test_a_card_that_is_not_taken_is_set_aside_with_the_reason_and_the_rest_post_fault_7(
    stage: Feeding,
):
    world = stage.server.world
    forum = world.guild.add_forum("forum")
    feeds = [await stage.feed(world.channel), await stage.feed(forum, style="forum")]
    stage.server.faults.add(refuses(No.INVALID_FORM), "POST", when=says("Paper 2"))
    _, bad, _ = ids = await stage.arrive(3)
    await stage.start()
    await stage.finish()
    for feed, channel in zip(feeds, (world.channel, forum), strict=True):
        assert stage.posted(channel) == dict.fromkeys(set(ids) - {bad}, 1)
        assert stage.states(feed) == {"posted": 2, "refused": 1}
        [(reason,)] = stage.rows(
            "SELECT reason FROM deliveries JOIN posted_papers ON delivery = id WHERE state = 'refused' "
            "AND paper_id = ? AND deliveries.feed = ?",
            bad,
            feed.number,
        )
        assert "Invalid Form Body (400, 50035)" in reason
        assert stage.why(feed) == ""
    await stage.arrive(1)
    await stage.settle()
    assert stage.posted(world.channel).total() == 3
    assert len([request for request in posts_to(stage, world.channel) if says("Paper 2")(request)]) == 1


async def test_of_a_digest_only_the_paper_that_is_not_taken_is_set_aside_fault_7(stage: Feeding):
    channel = stage.server.world.channel
    feed = await stage.feed(channel, style="digest", schedule=DAILY)
    stage.server.faults.add(refuses(No.INVALID_FORM), "POST", when=says("Paper 6"))
    ids = await stage.arrive(8)
    stage.staging.step(_DAY)
    await stage.start()
    await stage.finish()
    assert stage.posted(channel) == dict.fromkeys(set(ids) - {ids[5]}, 1)
    assert stage.states(feed) == {"posted": 3, "refused": 1, "split": 3}
    [(reason, paper)] = stage.rows(
        "SELECT reason, paper_id FROM deliveries JOIN posted_papers ON delivery = id WHERE state = 'refused'"
    )
    assert paper == ids[5]
    assert "Invalid Form Body" in reason


async def test_a_limit_of_one_channel_is_waited_for_there_alone_fault_8(stage: Feeding):
    server, guild = stage.server, stage.server.world.guild
    scopes: tuple[Scope, ...] = ("user", "shared")
    limited: dict[Scope, GuildChannel] = {scope: guild.add_text_channel(scope) for scope in scopes}
    for scope, channel in limited.items():
        await stage.feed(channel)
        server.faults.add(limits(2.0, scope), "POST", channel=channel, times=1)
    await stage.feed(server.world.channel)
    ids = await stage.arrive(1)
    await stage.start()
    await stage.finish()
    [free] = posts_to(stage, server.world.channel)
    for channel in limited.values():
        first, second = posts_to(stage, channel)
        assert second.at - first.at >= 2.0
        assert free.at - first.at < 1.5
        assert stage.posted(channel) == {ids[0]: 1}


async def test_a_global_limit_is_waited_for_everywhere_fault_8(stage: Feeding):
    channels = await many_channels(stage)
    fault = stage.server.faults.add(limits(2.0, "global"), "POST", "/channels/*", times=1)
    ids = await stage.arrive(1)
    await stage.start()
    await stage.finish()
    [hit] = fault.hits
    attempts = [request for channel in channels for request in posts_to(stage, channel)]
    assert [one for one in attempts if AN_ANSWER < one.at - hit.at < 2.0] == []
    assert [stage.posted(channel) for channel in channels] == [{ids[0]: 1}] * len(channels)


@pytest.mark.parametrize("html", [True, False], ids=["a page", "JSON"])
async def test_a_ban_of_the_address_is_waited_for_everywhere_fault_8(stage: Feeding, html: bool):
    channels = await many_channels(stage)
    ids = await stage.arrive(1)
    fault = stage.server.faults.add(bans(3, html=html), "POST", "/channels/*")
    await stage.start()
    await stage.until(lambda: fault.hits, "a ban")
    await asyncio.sleep(2.5)
    fault.lift()
    await stage.finish()
    attempts = [request for channel in channels for request in posts_to(stage, channel)]
    assert [one for one in attempts if AN_ANSWER < one.at - fault.hits[0].at < 3.0] == []
    assert [stage.posted(channel) for channel in channels] == [{ids[0]: 1}] * len(channels)


async def test_a_ban_of_hours_is_asked_about_once_an_hour_fault_8(stage: Feeding):
    channels = await many_channels(stage)
    ids = await stage.arrive(1)
    fault = stage.server.faults.add(bans(9_000), "POST", "/channels/*")
    await stage.start()
    await stage.until(lambda: fault.hits, "a ban")
    for asked in (1, 2):
        await asyncio.sleep(2)
        known = [one for one in fault.hits if one.at - fault.hits[0].at < AN_ANSWER]
        assert len(fault.hits) - len(known) < asked * 10
        stage.step(3_601)
    fault.lift()
    stage.step(9_000)
    await stage.finish()
    assert [stage.posted(channel) for channel in channels] == [{ids[0]: 1}] * len(channels)


async def test_what_a_moderator_deletes_is_not_posted_again_fault_9(stage: Feeding):
    server, world = stage.server, stage.server.world
    forum, digest = world.guild.add_forum("forum"), world.guild.add_text_channel("digest")
    await stage.feed(world.channel)
    await stage.feed(forum, style="forum")
    await stage.feed(digest, style="digest", schedule=DAILY)
    first = await stage.arrive(2)
    stage.staging.step(_DAY)
    await stage.start()
    await stage.finish()
    channels = (world.channel, forum, digest)
    assert [stage.posted(channel) for channel in channels] == [dict.fromkeys(first, 1)] * 3
    for channel in channels:
        server.remove(server.posted(channel)[0])
    left = [stage.posted(channel) for channel in channels]
    await stage.settle()
    assert [stage.posted(channel) for channel in channels] == left
    await stage.stop()
    for channel in channels:  # while it is down, too
        for message in server.posted(channel):
            server.remove(message)
    second = await stage.arrive(1)
    await stage.start()
    stage.staging.step(_DAY)
    await stage.settle()
    await stage.finish()
    assert [stage.posted(channel) for channel in channels] == [{second[0]: 1}] * 3


async def test_a_second_process_on_the_same_data_ends_before_it_logs_in_fault_14(
    stage: Feeding, stages: Stages
):
    await stage.start()
    async with stages("other") as other:
        other.folder = stage.folder / "second"
        other.folder.mkdir()
        second = await stage.nursery.start(
            other.server, "run", "--data", str(stage.data), out=other.folder / "output"
        )
        assert await second.exit_code() == 1
        assert other.server.requests == []
        assert other.server.frames == []
    [line] = second.output.splitlines()
    assert line.startswith(f"papercord: the data folder {stage.data} is in use by another Papercord")
    await stage.feed(stage.server.world.channel)
    await stage.arrive(1)
    await stage.server.wait_posted(stage.server.world.channel)


@pytest.mark.parametrize(
    "deed",
    [delays(2), hangs(), hangs(done=True)],
    ids=["answered late", "never heard of", "done and never answered"],
)
async def test_told_to_end_while_it_posts_it_ends_soon_and_each_paper_stands_once_fault_25(
    stage: Feeding, deed: Deed
):
    server, world = stage.server, stage.server.world
    forum = world.guild.add_forum("forum")
    await stage.feed(world.channel)
    await stage.feed(forum, style="forum")
    for channel in (world.channel, forum):
        server.faults.add(deed, "POST", channel=channel, times=1)
    ids = await stage.arrive(2)
    bot = await stage.start()
    await stage.until(lambda: all(posts_to(stage, one) for one in (world.channel, forum)), "both on the way")
    began = time.monotonic()
    assert await bot.terminate() == 0
    assert time.monotonic() - began < 10
    assert "Traceback" not in bot.output
    await stage.start()
    await stage.finish()
    for channel in (world.channel, forum):
        assert stage.posted(channel) == dict.fromkeys(ids, 1)
    assert await stage.totals() == {"posted": 4}


@pytest.mark.parametrize("seconds", [2.0, 3600.0], ids=["answered late", "never answered"])
async def test_told_to_end_while_it_answers_it_ends_soon_with_the_answer_given_if_it_can_be_fault_25(
    stage: Feeding, seconds: float
):
    server = stage.server
    bot = await stage.start()
    fault = server.faults.add(delays(seconds), "PATCH", "/webhooks/*")
    asked = await server.slash("paper", {"paper": "2611.00000"})
    await stage.until(lambda: fault.hits, "the answer on its way")
    began = time.monotonic()
    assert await bot.terminate() == 0
    assert time.monotonic() - began < 10
    if seconds < 3:
        assert "Traceback" not in bot.output
        assert "An old paper" in str(await asked.message())
    server.faults.lift()
    await stage.start()
    again = await server.slash("paper", {"paper": "2611.00000"})
    assert "An old paper" in str(await again.message())


async def test_whatever_is_raised_while_it_plans_and_posts_it_lives_and_counts_the_error_fault_24(
    stages: Stages,
):
    at_once = asyncio.Semaphore(5)  # they rest after an error, most of the time

    async def live(point: str) -> None:
        async with at_once, stages(point) as stage:
            world = stage.server.world
            channels = (world.channel, world.guild.add_text_channel("threads"))
            await stage.feed(channels[0])
            await stage.feed(channels[1], style="forum")
            await stage.start()
            if "reconcile" in point:
                stage.server.faults.add(drops(), "POST", channel=world.channel, times=1)
            stage.staging.fail(point)
            ids = await stage.arrive(2)
            await stage.until(lambda: not stage.staging.is_armed, f"something raised {point}")
            stage.staging.step(_FAILED_FEED_RESTS)
            await stage.finish()
            assert [stage.posted(channel) for channel in channels] == [dict.fromkeys(ids, 1)] * 2, point
            await stage.until(lambda: stage.errors()[0], "the error counted")
            count, last = stage.errors()
            assert count == 1
            assert f"staged {point}" in last
            ids += await stage.arrive(1)
            await stage.settle()
            assert [stage.posted(channel) for channel in channels] == [dict.fromkeys(ids, 1)] * 2, point

    async with asyncio.TaskGroup() as group:
        for point in CRASH_POINTS.keys() - {"after papers came"}:
            group.create_task(live(point))


async def test_feeds_whose_settings_make_no_sense_are_paused_and_leave_the_others_fault_24(stage: Feeding):
    world = stage.server.world
    senseless: dict[str, object] = {
        "a zone that there is not": {"schedule": {"rhythm": "daily", "timezone": "Atlantis/Capital"}},
        "a rhythm that there is not": {"schedule": {"rhythm": "sometimes"}},
        "a number that is none": {"max_items": "many"},
        "a list": [],
    }
    channels = [world.guild.add_text_channel(name) for name in senseless]
    feeds = await stage.feeds(channels, style="digest", schedule=DAILY)
    for feed, settings in zip(feeds, senseless.values(), strict=True):
        stage.write("UPDATE feeds SET settings = ? WHERE number = ?", json.dumps(settings), feed.number)
    await stage.feed(world.channel)
    await stage.start()
    ids = await stage.arrive(1)
    stage.staging.step(_DAY)
    await stage.settle()
    assert stage.posted(world.channel) == {ids[0]: 1}
    assert all(stage.why(feed) for feed in feeds)
    listed = await (await stage.server.slash("feed list")).message()
    health = await (await stage.server.slash("health")).message()
    assert [name for name in senseless if name not in words_of(listed) or name not in words_of(health)] == []


async def test_a_message_that_cannot_be_read_any_more_is_set_aside_and_the_others_are_posted_fault_24(
    stage: Feeding,
):
    world = stage.server.world
    other = world.guild.add_text_channel("other")
    feeds = await stage.feeds([world.channel, other])
    stage.server.faults.add(bans(600), "POST", "/channels/*")
    ids = await stage.arrive(1)
    await stage.start()
    await stage.until(lambda: stage.states(feeds[1]), "both planned")
    await stage.stop()
    stage.server.faults.lift()
    stage.write(
        "UPDATE deliveries SET post = ? WHERE feed = ?", '{"form": "of another version"}', feeds[0].number
    )
    stage.staging.step(3_600)
    await stage.start()
    await stage.finish()
    assert stage.posted(other) == {ids[0]: 1}
    assert stage.states(feeds[0]) == {"refused": 1}
