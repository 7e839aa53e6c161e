"""What Discord tells of channels and permissions: feeds whose channel closes are paused, and go on when it opens."""

from datetime import timedelta

import discord
import pytest
import simcord
from simcord import intents
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.feeds.feed import Feed
from tests.bot.conftest import Stage
from tests.bot.reading import text

from .asking import EVERYTHING, bot_id, bot_of, components, deny, feeds, made
from .conftest import Press

REASON = "I may not post in #papers: I lack Send Messages."


async def the_feed(stage: Stage) -> Feed:
    [feed] = await feeds(stage)
    return feed


async def close(press: Press, feed: Feed) -> None:
    """Its channel counted as closed so often that it is paused."""
    assert feed.channel is not None
    await press.parts.outbox.close(feed.channel, REASON, now=press.time(), again=[timedelta(days=9)])
    await press.parts.feeds.pause(feed.number, REASON)
    press.parts.bell.clear()


async def is_open(press: Press) -> bool:
    feed = await the_feed(press.stage)
    is_so = not feed.is_paused
    assert press.parts.bell.is_set() == is_so
    assert bool(await press.parts.outbox.closed()) != is_so
    return is_so


async def test_the_feeds_of_a_deleted_channel_are_paused_with_the_reason_and_their_maker_is_told_once(
    press: Press,
):
    stage = press.stage
    channel = stage.ada.guild.create_text_channel("short-lived")
    feed = await made(stage, channel=channel)
    other = await made(stage)
    stage.env.backend.delete_channel(channel.id)
    await stage.env.settle()
    paused, untouched = await feeds(stage)
    assert (paused.number, paused.is_paused, paused.why) == (feed.number, True, "the channel was deleted")
    assert untouched == other
    await press.post()
    [notice] = stage.ada.user.dm_channel.history()
    assert "is paused: the channel was deleted" in text(components(notice))


async def test_the_feeds_of_a_deleted_thread_are_paused_known_or_not(press: Press):
    stage = press.stage
    channel = stage.env.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="a thread", type=discord.ChannelType.public_thread)
    await made(stage, channel=stage.channel.threads[0])
    channel.guild._remove_thread(thread)  # as if it was archived
    stage.env.backend.delete_channel(thread.id)
    await stage.env.settle()
    assert (await the_feed(stage)).why == "the thread was deleted"


async def test_the_feeds_of_a_server_that_was_left_are_paused_and_no_others(press: Press):
    stage = press.stage
    other = stage.env.create_guild("Others")
    role = other.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
    channel = other.create_text_channel("theirs")
    eve = other.add_member(stage.env.create_user("eve"), roles=[role])
    await eve.slash(channel, "feed create", channel=channel)
    feed = await made(stage)
    await press.arrive("Fast drafts")
    press.time.go(days=1)
    await press.plan()
    stage.env.backend.remove_guild(other.id)
    await stage.env.settle()
    [theirs] = await bot_of(stage).office.desk.of_guild(other.id)
    assert (theirs.is_paused, theirs.why) == (True, "I was removed from the server")
    assert not (await the_feed(stage)).is_paused
    assert await press.parts.outbox.totals(theirs.number) == {}
    assert await press.parts.outbox.totals(feed.number) == {"waiting": 1}


async def test_an_outage_of_a_server_pauses_nothing(stage: Stage):
    await made(stage)
    stage.env.backend.emit("GUILD_DELETE", {"id": str(stage.ada.guild.id), "unavailable": True})
    await stage.env.settle()
    assert not (await the_feed(stage)).is_paused


async def test_a_channel_that_lets_us_in_again_is_posted_in_at_once(press: Press):
    stage = press.stage
    feed = await made(stage)
    deny(stage, stage.channel, "send_messages")
    await close(press, feed)
    deny(stage, stage.channel, "add_reactions", "send_messages")
    await stage.env.settle()
    assert not await is_open(press)
    deny(stage, stage.channel)
    await stage.env.settle()
    assert await is_open(press)


async def test_a_role_that_we_get_opens_its_channels(press: Press, monkeypatch: pytest.MonkeyPatch):
    stage, backend = press.stage, press.stage.env.backend
    guild, channel = stage.ada.guild, stage.channel.id
    role = guild.create_role("poster")
    feed = await made(stage)
    writing = discord.Permissions(send_messages=True).value
    backend.set_overwrite(channel, Overwrite(guild.default_role.id, OverwriteType.ROLE, deny=writing))
    backend.set_overwrite(channel, Overwrite(role.id, OverwriteType.ROLE, allow=writing))
    await stage.env.settle()
    await close(press, feed)
    assert not await is_open(press)
    # Discord tells a bot of itself without the intent for members; simcord does not.
    monkeypatch.delitem(intents.EVENT_INTENTS, "GUILD_MEMBER_UPDATE")
    backend.add_member_role(guild.id, bot_id(stage), role.id)
    await stage.env.settle()
    assert await is_open(press)


async def test_a_role_that_gets_permissions_opens_channels_and_a_new_name_does_not(press: Press):
    stage = press.stage
    await close(press, await made(stage))
    role = stage.ada.guild.roles["keepers"]
    stage.env.backend.edit_role(stage.ada.guild.id, role.id, {"name": "keepers of keys"})
    stage.env.backend.edit_channel(stage.channel.id, {"topic": "papers"})
    await stage.env.settle()
    assert not await is_open(press), (
        "Discord refused us there for another reason, and nothing of that has changed"
    )
    stage.env.backend.edit_role(stage.ada.guild.id, role.id, {"permissions": EVERYTHING})
    await stage.env.settle()
    assert await is_open(press)


async def test_what_opened_while_the_bot_was_away_is_seen_at_the_start(press: Press):
    await close(press, await made(press.stage))
    await press.stage.restart()
    await press.stage.env.settle()
    assert await is_open(press)


async def test_threads_for_each_paper_need_one_permission_more(press: Press):
    stage = press.stage
    feed = await made(stage, style="forum")
    deny(stage, stage.channel, "create_public_threads")
    await close(press, feed)
    deny(stage, stage.channel, "create_public_threads", "add_reactions")
    await stage.env.settle()
    assert not await is_open(press)


async def test_what_somebody_paused_stays_paused(press: Press):
    stage = press.stage
    feed = await made(stage)
    await press.parts.office.desk.pause(feed)
    await press.parts.outbox.close(stage.channel.id, REASON, now=press.time(), again=[timedelta(days=9)])
    deny(stage, stage.channel)
    await stage.env.settle()
    assert (await the_feed(stage)).is_paused


async def test_a_place_of_another_server_is_left_alone(press: Press):
    stage = press.stage
    feed = await made(stage)
    deny(stage, stage.channel, "send_messages")
    await close(press, feed)
    other = stage.env.create_guild("Others").create_text_channel("theirs")
    deny(stage, other, "add_reactions")
    await stage.env.settle()
    assert not await is_open(press)


async def test_what_fails_is_logged_and_nothing_is_raised(
    press: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    stage = press.stage

    async def fails(*_arguments: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(press.parts.aftermath, "gone", fails)
    monkeypatch.setattr(press.parts.outbox, "closed", fails)
    channel: simcord.ChannelHandle = stage.ada.guild.create_text_channel("short-lived")
    deny(stage, channel, "add_reactions")
    await stage.env.settle()
    stage.env.backend.delete_channel(channel.id)
    await stage.env.settle()
    assert "The feeds could not be told of a deleted channel" in caplog.text
    assert "The feeds could not be told of what may be open again" in caplog.text
