"""Channels that are gone or closed: their feeds are paused, their maker is told once, and what can go on goes on by itself."""

import asyncio
from collections.abc import Callable

import pytest

from .faults import drops, refuses
from .feeding import DAILY, Feeding, Stages
from .permissions import Permission
from .refusals import No

pytest_plugins = ["tests.wire.feed_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def requests_to(stage: Feeding, channel_id: str) -> list[str]:
    """Every request that concerned a channel."""
    return [
        str(request)
        for request in stage.server.requests
        if f"{request.path}/".startswith(f"/channels/{channel_id}/")
    ]


async def pass_an_hour_and_a_half(stage: Feeding, step: Callable[[float], None]) -> None:
    """In small steps, each of which the bot sees."""
    for _ in range(3):
        step(30 * _MINUTE)
        await stage.settle()


async def test_a_channel_that_is_deleted_while_a_post_is_due_pauses_its_feed_and_the_maker_is_told_once_fault_5(
    stage: Feeding,
):
    world = stage.server.world
    feed = await stage.feed(world.channel, style="digest", schedule=DAILY)
    other = await stage.feed(world.guild.add_text_channel("other"), style="digest", schedule=DAILY)
    await stage.arrive(1)
    await stage.start()
    world.channel.delete()
    stage.step(_DAY)
    await stage.settle()
    assert (stage.why(feed), stage.why(other)) == ("the channel was deleted", "")
    assert requests_to(stage, world.channel.id) == []
    [notice] = stage.notices(world.owner)
    assert "The feed “papers” is paused: the channel was deleted" in notice
    await stage.stop()
    await stage.start()
    await pass_an_hour_and_a_half(stage, stage.step)
    assert len(stage.notices(world.owner)) == 1
    assert requests_to(stage, world.channel.id) == []


async def test_a_channel_that_went_while_the_bot_was_down_is_tried_once_fault_5(stage: Feeding):
    world = stage.server.world
    forum = world.guild.add_forum("forum")
    feeds = [await stage.feed(world.channel), await stage.feed(forum, style="forum")]
    world.channel.delete()
    forum.delete()
    await stage.arrive(3)
    await stage.start()
    await stage.settle()
    assert [stage.why(feed) for feed in feeds] == ["the channel is not there any more"] * 2
    await stage.arrive(1)
    await pass_an_hour_and_a_half(stage, stage.step)
    for channel in (world.channel, forum):
        assert requests_to(stage, channel.id) == [f"GET /channels/{channel.id} null"]
    assert len(stage.notices(world.owner)) == 2, "one for each feed"


async def test_a_channel_of_which_discord_alone_knows_that_it_is_gone_is_tried_once_fault_5(stage: Feeding):
    world = stage.server.world
    feed = await stage.feed(world.channel)
    fault = stage.server.faults.add(refuses(No.UNKNOWN_CHANNEL), "POST", channel=world.channel)
    world.owner.takes_messages = False
    await stage.arrive(2)
    await stage.start()
    await stage.settle()
    assert stage.why(feed) == "the channel is not there any more"
    await stage.arrive(1)
    await pass_an_hour_and_a_half(stage, stage.step)
    assert len(fault.hits) == 1
    assert stage.notices(world.owner) == []
    told = stage.server.sent("POST", f"/channels/{world.direct(world.owner).id}/messages")
    assert len(told) == 1, "who takes no messages is not asked again"
    assert stage.bot
    assert "Traceback" not in stage.bot.output


async def test_a_maker_is_told_once_even_if_the_answer_to_that_is_lost_fault_5(stage: Feeding):
    world = stage.server.world
    stage.server.nonce_memory = 0
    stage.server.faults.add(drops(done=True), "POST", channel=world.direct(world.owner), times=1)
    await stage.feed(world.channel)
    await stage.start()
    world.channel.delete()
    await stage.until(lambda: stage.notices(world.owner), "a notice")
    stage.step(_MINUTE)
    await stage.settle()
    assert len(stage.notices(world.owner)) == 1


async def test_a_server_that_is_left_pauses_its_feeds_and_their_maker_is_told_once_fault_5(stage: Feeding):
    world = stage.server.world
    feed = await stage.feed(world.channel, style="digest", schedule=DAILY)
    await stage.arrive(1)
    await stage.start()
    world.guild.kick_bot()
    stage.step(_DAY)
    await stage.settle()
    assert stage.why(feed) == "I was removed from the server"
    await pass_an_hour_and_a_half(stage, stage.step)
    assert requests_to(stage, world.channel.id) == []
    assert len(stage.notices(world.owner)) == 1


async def test_a_server_that_was_left_while_the_bot_was_down_is_tried_once_at_most_fault_5(stage: Feeding):
    world = stage.server.world
    feed = await stage.feed(world.channel)
    world.guild.kick_bot()
    await stage.arrive(1)
    await stage.start()
    await stage.settle()
    assert stage.why(feed) == "I was removed from the server"
    await stage.arrive(1)
    await pass_an_hour_and_a_half(stage, stage.step)
    assert len(requests_to(stage, world.channel.id)) <= 1
    assert len(stage.notices(world.owner)) == 1


async def test_a_channel_that_refuses_is_tried_for_an_hour_then_paused_and_goes_on_when_it_can_fault_6(
    stage: Feeding,
):
    world, channel = stage.server.world, stage.server.world.channel
    feed = await stage.feed(channel)
    fault = stage.server.faults.add(refuses(No.MISSING_PERMISSIONS), "POST", channel=channel)
    first = await stage.arrive(2)
    await stage.start()
    await stage.settle()
    for minutes, tries in ((0, 1), (10, 1), (15, 2), (30, 2), (20, 3)):
        stage.step(minutes * _MINUTE)
        await stage.settle()
        assert len(fault.hits) == tries
        assert bool(stage.why(feed)) == (tries == 3)
    assert "I may not post there" in stage.why(feed)
    await stage.until(lambda: stage.notices(world.owner), "the maker told")
    missed = await stage.arrive(3)
    stage.step(70 * _MINUTE)
    await stage.settle()
    assert len(fault.hits) == 4, "once an hour"
    fault.lift()
    stage.step(70 * _MINUTE)
    await stage.settle()
    assert stage.why(feed) == ""
    await stage.settle()
    assert stage.posted(channel) == dict.fromkeys(first + missed, 1)
    *cards, digest = stage.said(channel)
    assert len(cards) == 2
    assert "Catching up after a pause" in digest
    assert all(paper in digest for paper in missed)
    assert len(stage.notices(world.owner)) == 1


async def test_a_channel_that_is_known_to_be_closed_is_not_asked_and_opens_by_an_event_fault_6(
    stage: Feeding,
):
    world = stage.server.world
    by_overwrite, by_role, forum = (
        world.channel,
        world.guild.add_text_channel("by role"),
        world.guild.add_forum("forum"),
    )
    role = world.guild.add_role("poster", Permission.NONE)
    channels = (by_overwrite, by_role, forum)
    feeds = [
        await stage.feed(channel, style="forum" if channel is forum else "cards") for channel in channels
    ]
    by_overwrite.forbid(Permission.SEND_MESSAGES)
    by_role.forbid(Permission.SEND_MESSAGES, world.guild.everyone)
    by_role.permit(Permission.SEND_MESSAGES, role)
    forum.forbid(Permission.VIEW_CHANNEL)
    first = await stage.arrive(1)
    await stage.start()
    await stage.settle()
    assert [stage.why(feed) for feed in feeds] == [""] * 3
    await pass_an_hour_and_a_half(stage, stage.step)
    assert all("I lack " in stage.why(feed) for feed in feeds)
    missed = await stage.arrive(2)
    stage.step(2 * _HOUR)
    await stage.settle()
    assert [requests_to(stage, channel.id) for channel in channels] == [[]] * 3
    assert len(stage.notices(world.owner)) == 3, "one for each feed"
    by_overwrite.permit(Permission.SEND_MESSAGES)
    world.guild.give(world.bot, role)
    forum.permit(Permission.VIEW_CHANNEL)
    for channel in channels:
        await stage.server.wait_posted(channel, 2)
    await stage.settle()
    for feed, channel in zip(feeds, channels, strict=True):
        assert stage.why(feed) == ""
        assert stage.posted(channel) == dict.fromkeys(first + missed, 1)
        assert len(stage.said(channel)) == 2, "a card, and one digest of what was missed"
    assert len(stage.notices(world.owner)) == 3


async def test_a_role_that_may_write_again_opens_a_channel_fault_6(stage: Feeding):
    world = stage.server.world
    everyone = world.guild.everyone
    usual = everyone.permissions
    feed = await stage.feed(world.channel)
    ids = await stage.arrive(1)
    everyone.set_permissions(usual & ~Permission.SEND_MESSAGES)
    await stage.start()
    await stage.settle()
    await pass_an_hour_and_a_half(stage, stage.step)
    assert "I lack Send Messages" in stage.why(feed)
    everyone.set_permissions(usual)
    await stage.server.wait_posted(world.channel)
    assert stage.posted(world.channel) == {ids[0]: 1}
    assert stage.why(feed) == ""


async def test_permissions_that_come_and_go_while_digests_are_due_lose_and_double_nothing_fault_6(
    stage: Feeding,
):
    channel = stage.server.world.channel
    feed = await stage.feed(channel, style="digest", schedule=DAILY)
    await stage.start()
    for is_closed in (True, False, True, True, False):
        (channel.forbid if is_closed else channel.permit)(Permission.SEND_MESSAGES)
        await stage.arrive(2)
        stage.step(_DAY)
        await stage.settle()
    assert stage.posted(channel) == dict.fromkeys(stage.papers, 1)
    assert stage.why(feed) == ""
    assert stage.server.most_invalid() == 0
    assert len(stage.notices(stage.server.world.owner)) <= 2


@pytest.mark.slow  # three rounds of a hundred requests, 21 a second
async def test_a_hundred_closed_channels_stay_far_below_the_limit_of_invalid_requests_fault_6(stages: Stages):
    async def live(name: str, many: int, *, is_known: bool) -> None:
        async with stages(name) as stage:
            world = stage.server.world
            channels = [world.guild.add_text_channel(f"closed-{number}") for number in range(many)]
            feeds = await stage.feeds(channels)
            for channel in channels:
                if is_known:
                    channel.forbid(Permission.SEND_MESSAGES)
                else:
                    stage.server.faults.add(refuses(No.MISSING_PERMISSIONS), "POST", channel=channel)
            await stage.arrive(1)
            await stage.start()
            for minutes in (0, 5, 5, 11, 10, 10, 10, 16):
                stage.step(minutes * _MINUTE)
                await stage.arrive(1)
                await stage.settle(within=60)
            assert all(stage.why(feed) for feed in feeds)
            assert len(stage.notices(world.owner)) == many
            assert not any(stage.posted(channel) for channel in channels)
            asked = [len(requests_to(stage, channel.id)) for channel in channels]
            assert asked == [0 if is_known else 3] * many
            assert stage.server.most_invalid(10) < 200

    await asyncio.gather(live("known", 20, is_known=True), live("refused", 100, is_known=False))
